#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "node/casework/text.h"
#include "node/letter/render.h"

namespace palermo::letter {
namespace {

// Joiners (U+200C, U+200D) are part of the spelling of Persian and Indic words and stay.
bool Hidden(char32_t c) {
  if (c == U'\n' || c == U'\t') return false;
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
         c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe0fff);
}

}  // namespace

std::string Drawable(std::string_view text, bool* cut) {
  std::string drawable;
  while (!text.empty() && drawable.size() < limits::kMaxLetterTextBytes) {
    char32_t c = casework::TakeCodePoint(text);
    if (Hidden(c)) {
      drawable += absl::StrFormat("[U+%04X]", static_cast<unsigned>(c));
    } else {
      casework::AppendUtf8(c, drawable);
    }
  }
  if (!text.empty()) {
    *cut = true;
    drawable += absl::StrFormat(" [cut here: %d more bytes are in the message]", text.size());
  }
  return drawable;
}

std::string Isolated(std::string_view text) {
  constexpr std::string_view kBegin = "\xE2\x81\xA8", kEnd = "\xE2\x81\xA9";
  std::string isolated;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const size_t says = std::min(line.find(": "), line.find("  "));
    const size_t value = says == std::string_view::npos ? 0 : says + 2;
    if (value < line.size()) {
      isolated += line.substr(0, value);
      isolated += kBegin;
      isolated += line.substr(value);
      isolated += kEnd;
    } else {
      isolated += line;
    }
    if (end < text.size()) isolated += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return isolated;
}

}  // namespace palermo::letter
