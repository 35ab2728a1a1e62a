#include "base/bytes.h"

#include <cstring>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr char kBase64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

absl::Status BadBase64() { return InputError("BAD_BASE64", "the text is not canonical base64"); }

}  // namespace

absl::StatusOr<Hash> HashFrom(std::string_view bytes, std::string_view what) {
  Hash hash;
  if (bytes.size() != hash.size()) {
    return InputError("BAD_HASH", absl::StrFormat("%s has %d bytes, it must have 32", what,
                                                  static_cast<int>(bytes.size())));
  }
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

std::string HexEncode(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    text.push_back(kHexDigits[c >> 4]);
    text.push_back(kHexDigits[c & 15]);
  }
  return text;
}

absl::StatusOr<std::string> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) return InputError("BAD_HEX", "the hex text has an odd length");
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    int high = HexValue(text[i]);
    int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) {
      return InputError("BAD_HEX", "the text is not lower-case hex");
    }
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string Base64Encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t n = std::min<size_t>(3, bytes.size() - i);
    uint32_t word = 0;
    for (size_t j = 0; j < 3; ++j) {
      word = word << 8 | (j < n ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (size_t j = 0; j < 4; ++j) {
      text.push_back(j <= n ? kBase64Digits[word >> (18 - 6 * j) & 63] : '=');
    }
  }
  return text;
}

absl::StatusOr<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return BadBase64();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i < text.size(); i += 4) {
    bool last = i + 4 == text.size();
    size_t pad = 0;
    if (last && text[i + 3] == '=') pad = text[i + 2] == '=' ? 2 : 1;
    uint32_t word = 0;
    for (size_t j = 0; j < 4; ++j) {
      int value = j < 4 - pad ? Base64Value(text[i + j]) : 0;
      if (value < 0) return BadBase64();
      word = word << 6 | static_cast<uint32_t>(value);
    }
    if (pad > 0 && (word & ((1U << (8 * pad)) - 1)) != 0) return BadBase64();
    for (size_t j = 0; j < 3 - pad; ++j) bytes.push_back(static_cast<char>(word >> (16 - 8 * j)));
  }
  return bytes;
}

std::string BigEndian64(uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value);
  return bytes;
}

uint64_t ReadBigEndian64(std::string_view bytes) {
  PALERMO_CHECK(bytes.size() == 8);
  uint64_t value = 0;
  for (unsigned char c : bytes) value = value << 8 | c;
  return value;
}

std::string LittleEndian64(uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i, value >>= 8) bytes[i] = static_cast<char>(value);
  return bytes;
}

uint64_t ReadLittleEndian64(std::string_view bytes) {
  PALERMO_CHECK(bytes.size() >= 8);
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string Cat(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  std::string joined;
  joined.reserve(size);
  for (std::string_view part : parts) joined.append(part);
  return joined;
}

}  // namespace palermo
