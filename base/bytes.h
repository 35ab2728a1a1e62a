// Bytes, hashes and their text forms. Owned bytes are std::string, views std::string_view; a Hash
// is always 32 bytes. Every decoder here accepts exactly one text for a value.
#ifndef PALERMO_BASE_BYTES_H_
#define PALERMO_BASE_BYTES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace palermo {

using Hash = std::array<uint8_t, 32>;

inline std::string_view AsView(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
inline const uint8_t* Data(std::string_view bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}
inline uint8_t* Data(std::string& bytes) { return reinterpret_cast<uint8_t*>(bytes.data()); }

// Fails unless `bytes` has 32 bytes; `what` names the value in the error text.
absl::StatusOr<Hash> HashFrom(std::string_view bytes, std::string_view what);

// Lower-case hex. Decoding refuses upper case, odd length and anything else.
std::string HexEncode(std::string_view bytes);
absl::StatusOr<std::string> HexDecode(std::string_view text);

// RFC 4648 section 4 with padding. Decoding refuses white space, missing padding and non-zero
// unused bits.
std::string Base64Encode(std::string_view bytes);
absl::StatusOr<std::string> Base64Decode(std::string_view text);

// Big-endian, so that keys sort by value.
std::string BigEndian64(uint64_t value);
// REQUIRES: bytes.size() == 8.
uint64_t ReadBigEndian64(std::string_view bytes);
std::string LittleEndian64(uint64_t value);
// REQUIRES: bytes.size() >= 8.
uint64_t ReadLittleEndian64(std::string_view bytes);

// Joins views without a temporary for each: Cat({"a", b, c}).
std::string Cat(std::initializer_list<std::string_view> parts);

}  // namespace palermo

#endif  // PALERMO_BASE_BYTES_H_
