#include "node/casework/ip_address.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kV4Parts = 4, kV6Parts = 8, kV4At = 12;

std::vector<std::string_view> SplitAt(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  for (size_t end = text.find(sign); end != std::string_view::npos; end = text.find(sign)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

// At most `digits` of them.
std::optional<uint32_t> Number(std::string_view text, size_t digits) {
  if (!AllDigits(text) || text.size() > digits) return std::nullopt;
  uint32_t number = 0;
  for (char c : text) number = number * 10 + static_cast<uint32_t>(c - '0');
  return number;
}

bool ReadV4(std::string_view text, uint8_t* out) {
  const auto parts = SplitAt(text, '.');
  if (parts.size() != kV4Parts) return false;
  for (size_t i = 0; i < kV4Parts; ++i) {
    const auto number = Number(parts[i], 3);
    if (!number.has_value() || *number > 255) return false;
    out[i] = static_cast<uint8_t>(*number);
  }
  return true;
}

// "2001:db8:0:7", without the double colon; an IPv4 address may end it.
bool ReadGroups(std::string_view text, std::vector<uint8_t>& out) {
  if (text.empty()) return true;
  const auto parts = SplitAt(text, ':');
  for (size_t i = 0; i < parts.size(); ++i) {
    uint8_t v4[kV4Parts];
    if (i + 1 == parts.size() && ReadV4(parts[i], v4)) {
      out.insert(out.end(), v4, v4 + kV4Parts);
      continue;
    }
    const auto hex = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); };
    if (parts[i].empty() || parts[i].size() > 4 ||
        !std::all_of(parts[i].begin(), parts[i].end(), hex)) {
      return false;
    }
    uint32_t group = 0;
    for (char c : parts[i]) {
      const char low = absl::ascii_tolower(static_cast<unsigned char>(c));
      group = group * 16 + static_cast<uint32_t>(IsDigit(low) ? low - '0' : low - 'a' + 10);
    }
    out.push_back(static_cast<uint8_t>(group >> 8));
    out.push_back(static_cast<uint8_t>(group & 0xFF));
  }
  return true;
}

bool ReadV6(std::string_view text, std::array<uint8_t, 16>& out) {
  const size_t gap = text.find("::");
  std::vector<uint8_t> head, tail;
  if (!ReadGroups(text.substr(0, gap), head)) return false;
  if (gap == std::string_view::npos) {
    // A hardware address of eight bytes is written with as many colons.
    const auto parts = SplitAt(text, ':');
    const bool hardware = std::all_of(parts.begin(), parts.end(),
                                      [](std::string_view part) { return part.size() == 2; });
    if (head.size() != out.size() || hardware) return false;
  } else if (!ReadGroups(text.substr(gap + 2), tail) || head.size() + tail.size() >= out.size()) {
    return false;
  }
  out.fill(0);
  std::copy(head.begin(), head.end(), out.begin());
  std::copy(tail.rbegin(), tail.rend(), out.rbegin());
  return true;
}

}  // namespace

bool IpAddress::IsV4() const {
  return bytes[10] == 0xFF && bytes[11] == 0xFF &&
         std::all_of(bytes.begin(), bytes.begin() + 10, [](uint8_t b) { return b == 0; });
}

bool IpAddress::IsPrivate() const {
  const uint8_t* b = bytes.data();
  if (!IsV4()) {
    const bool low =
        std::all_of(bytes.begin(), bytes.begin() + 15, [](uint8_t x) { return x == 0; });
    return (low && b[15] <= 1) || (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80);
  }
  b += kV4At;
  return b[0] == 10 || b[0] == 127 || b[0] == 0 || b[0] >= 224 ||
         (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168) ||
         (b[0] == 169 && b[1] == 254) || (b[0] == 100 && b[1] >= 64 && b[1] < 128);
}

std::optional<IpAddress> ParseIp(std::string_view text) {
  constexpr size_t kLongest = 64, kPortDigits = 6;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  std::string_view host = text, port;
  const size_t close = text.find(']');
  if (text[0] == '[' && close != std::string_view::npos) {
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(text.find(':'));
  }
  IpAddress found = {};
  if (!port.empty()) {
    found.port = port[0] == ':' ? Number(port.substr(1), kPortDigits) : std::nullopt;
    if (!found.port.has_value()) return std::nullopt;
  }
  if (host.find(':') != std::string_view::npos) {
    return ReadV6(host, found.bytes) ? std::optional(found) : std::nullopt;
  }
  found.bytes[10] = found.bytes[11] = 0xFF;
  return ReadV4(host, found.bytes.data() + kV4At) ? std::optional(found) : std::nullopt;
}

}  // namespace palermo::casework
