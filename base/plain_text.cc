#include "base/plain_text.h"

namespace palermo {
namespace {

// Of the character at the beginning; 0 when there is none.
size_t CharacterBytes(std::string_view text) {
  auto at = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = at(0);
  if (first < 0x80) return 1;
  size_t bytes = 0;
  if (first >= 0xC2 && first <= 0xDF) bytes = 2;
  if (first >= 0xE0 && first <= 0xEF) bytes = 3;
  if (first >= 0xF0 && first <= 0xF4) bytes = 4;
  if (bytes == 0 || text.size() < bytes) return 0;
  for (size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  // Longer than it needs to be, half of a pair, or beyond the last code point.
  bool wrong = (first == 0xE0 && at(1) < 0xA0) || (first == 0xED && at(1) > 0x9F) ||
               (first == 0xF0 && at(1) < 0x90) || (first == 0xF4 && at(1) > 0x8F);
  return wrong ? 0 : bytes;
}

bool IsControl(std::string_view character) {
  auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

}  // namespace

std::string PlainText(std::string_view text, size_t max_bytes) {
  std::string plain;
  for (size_t i = 0; i < text.size();) {
    size_t bytes = CharacterBytes(text.substr(i));
    std::string_view shown = text.substr(i, bytes);
    if (bytes == 0) {
      shown = "?";
    } else if (IsControl(shown)) {
      shown = " ";
    }
    if (plain.size() + shown.size() > max_bytes) break;
    plain += shown;
    i += bytes == 0 ? 1 : bytes;
  }
  return plain;
}

}  // namespace palermo
