// IP addresses as people write them, with or without a port. Inside the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_IP_ADDRESS_H_
#define PALERMO_NODE_CASEWORK_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace palermo::casework {

struct IpAddress {
  std::array<uint8_t, 16> bytes;  // of IPv4 as ::ffff:a.b.c.d
  std::optional<uint32_t> port;   // as written, at most 999999
  bool IsV4() const;
  // Of a local network, a group or nobody: it singles out no user.
  bool IsPrivate() const;
};

// "203.0.113.77", "203.0.113.77:51234", "2001:db8::7", "[2001:db8::7]:443". Nothing for what has
// the look alone: a version as 10.0.19045.3412, an object identifier as 1.2.840.113549, the
// hardware address of a device.
std::optional<IpAddress> ParseIp(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_IP_ADDRESS_H_
