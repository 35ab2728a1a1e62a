// Lines and decimal numbers of the text formats; a number has one spelling: digits, no leading
// zero.
#ifndef PALERMO_CRYPTO_TEXT_LINES_H_
#define PALERMO_CRYPTO_TEXT_LINES_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace palermo::crypto::internal {

// Nothing for any other text and above 2^64 - 1.
inline std::optional<uint64_t> ParseDecimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    uint64_t digit = static_cast<uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

// The text up to the next line feed, which is taken too; nothing when there is none.
inline std::optional<std::string_view> TakeLine(std::string_view* text) {
  size_t end = text->find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_TEXT_LINES_H_
