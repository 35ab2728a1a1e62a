#include "node/desk/endpoint.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "base/bytes.h"
#include "base/status.h"

namespace palermo::desk {
namespace {

constexpr int kMaxPort = 65535;

absl::Status BadEndpoint(const std::string& endpoint, const char* why) {
  return InputError("BAD_ENDPOINT",
                    Cat({"'", endpoint, "' is no HOST:PORT: ", why,
                         "; write it like node.example.org:7443 or [2001:db8::1]:7443"}));
}

bool PlainCharacters(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/';
  });
}

}  // namespace

absl::Status CheckEndpoint(const std::string& endpoint) {
  const size_t colon = endpoint.rfind(':');
  const bool six = !endpoint.empty() && endpoint.front() == '[';
  const size_t end_of_host = six ? endpoint.find(']') + 1 : endpoint.find(':');
  if (colon == std::string::npos || (six && colon < end_of_host)) {
    return BadEndpoint(endpoint, "it has no port");
  }
  if (colon == 0 || (six && end_of_host <= 2)) return BadEndpoint(endpoint, "it has no host");
  if (colon != end_of_host) return BadEndpoint(endpoint, "an IPv6 address stands in [ and ]");
  if (!PlainCharacters(endpoint))
    return BadEndpoint(endpoint, "it has a character that no address has");
  const std::string digits = endpoint.substr(colon + 1);
  int port = 0;
  const bool number = !digits.empty() && std::all_of(digits.begin(), digits.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  if (!number || !absl::SimpleAtoi(digits, &port) || port < 1 || port > kMaxPort) {
    return BadEndpoint(endpoint, "the port is no number from 1 to 65535");
  }
  return absl::OkStatus();
}

}  // namespace palermo::desk
