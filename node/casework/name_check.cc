#include "node/casework/name_check.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <string>

#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

std::u32string DecodedName(std::string_view text) {
  std::u32string signs;
  while (!text.empty()) signs += TakeCodePoint(text);
  return signs;
}

bool IsDirectionMark(char32_t c) { return c == 0x200E || c == 0x200F || c == 0x061C; }
bool IsBidiControl(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || IsDirectionMark(c);
}
// Zero-width characters, invisible operators, fillers of Hangul, line separators, tags.
bool IsHidden(char32_t c) {
  return c == 0x200B || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF || c == 0xAD || c == 0x2028 ||
         c == 0x2029 || c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x180E ||
         (c >= 0xE0000 && c <= 0xE007F);
}
bool IsJoiner(char32_t c) { return c == 0x200C || c == 0x200D; }
bool IsUnseen(char32_t c) { return IsBidiControl(c) || IsHidden(c) || IsJoiner(c); }

// Latin letters in another dress: full-width, of mathematics, circled or squared, Roman numerals as
// one sign, the signs of Kelvin and others that look like letters.
bool IsFullWidth(char32_t c) {
  return (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A) ||
         (c >= 0x1D400 && c <= 0x1D7CB) || (c >= 0x24B6 && c <= 0x24E9) ||
         (c >= 0x1F110 && c <= 0x1F189) || (c >= 0x2160 && c <= 0x2188) ||
         (c >= 0x2100 && c <= 0x214F && c != 0x2126 && c != 0x212B &&
          u_isalpha(static_cast<UChar32>(c)));
}

enum Script { kNoScript = 0, kLatin = 1, kGreek = 2, kCyrillic = 4, kArmenian = 8, kCherokee = 16 };
Script ScriptOf(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
      (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c <= 0x1EFF) ||
      IsFullWidth(c)) {
    return kLatin;
  }
  if (c >= 0x370 && c <= 0x3FF) return kGreek;
  if (c >= 0x400 && c <= 0x52F) return kCyrillic;
  if (c >= 0x530 && c <= 0x58F) return kArmenian;
  return c >= 0x13A0 && c <= 0x13FF ? kCherokee : kNoScript;
}

UScriptCode WritingOf(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &error);
}
// Khmer, Thai and their like write no blanks between words; some keyboards set U+200B there.
bool WritesWithoutBlanks(char32_t c) {
  switch (WritingOf(c)) {
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_BALINESE:
    case USCRIPT_JAVANESE:
    case USCRIPT_NEW_TAI_LUE:
    case USCRIPT_TAI_LE:
    case USCRIPT_LANNA:
      return true;
    default:
      return false;
  }
}
bool IsMongolian(char32_t c) { return c != 0x180E && WritingOf(c) == USCRIPT_MONGOLIAN; }

// A letter: the marks of direction have one too.
bool IsRightToLeft(char32_t c) {
  if (!u_isalpha(static_cast<UChar32>(c))) return false;
  const auto direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

bool IsMark(char32_t c) {
  return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_M_MASK | U_GC_LM_MASK | U_GC_SK_MASK)) !=
         0;
}
bool IsApostrophe(char32_t c) {
  return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0x201B || c == 0x2032;
}

// What is neither seen nor a letter, mark, apostrophe or digit of a word ends it. So does a letter
// of a script without capitals, which looks like none of those that are compared.
bool EndsWord(char32_t c) {
  if (ScriptOf(c) != kNoScript || IsUnseen(c) || IsMark(c) || IsApostrophe(c)) return false;
  const auto point = static_cast<UChar32>(c);
  return !u_isdigit(point) && !u_hasBinaryProperty(point, UCHAR_CASED);
}

// `before` and `after` are 0 at the ends of the name.
bool IsNeeded(char32_t c, char32_t before, char32_t after, bool office, bool right_to_left) {
  const bool repeats = c == 0x200B && office;
  if (!repeats && (IsUnseen(before) || IsUnseen(after))) return false;
  if (c == 0x180E) return IsMongolian(before) && IsMongolian(after);
  if (c == 0x200B) {
    const bool beside = WritesWithoutBlanks(before) || WritesWithoutBlanks(after);
    return beside && (office || (ScriptOf(before) == kNoScript && ScriptOf(after) == kNoScript));
  }
  const auto in_word = [](char32_t at) {
    return at != 0 && (u_isalnum(static_cast<UChar32>(at)) || IsMark(at));
  };
  return IsDirectionMark(c) && office && right_to_left && !(in_word(before) && in_word(after));
}

bool IsEastern(char32_t c) {
  return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x2E80 && c <= 0x9FFF && c != 0x3000) ||
         (c >= 0xA960 && c <= 0xA97F) || (c >= 0xAC00 && c <= 0xD7FB) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF66 && c <= 0xFFDC) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

}  // namespace

bool IsOfficeField(std::string_view path) {
  std::string_view member = path.substr(path.rfind('.') + 1);
  member = member.substr(0, member.find('['));
  return path.ends_with("conducting_authority.name") || path.ends_with("contact.name") ||
         OneOf(member, {"requesting_authority", "exporter", "importer", "final_recipient",
                        "guardian", "custodian", "provider"});
}

bool HidesInName(std::string_view name, bool office) {
  const std::u32string signs = DecodedName(name);
  const bool right_to_left = std::any_of(signs.begin(), signs.end(), IsRightToLeft);
  bool joiner = false, letter = false;  // of the word; Persian and Indic words do need joiners
  for (size_t i = 0; i < signs.size(); ++i) {
    const char32_t c = signs[i];
    if (IsBidiControl(c) || IsHidden(c)) {
      const char32_t before = i == 0 ? 0 : signs[i - 1];
      const char32_t after = i + 1 == signs.size() ? 0 : signs[i + 1];
      if (!IsNeeded(c, before, after, office, right_to_left)) return true;
    }
    const bool other = ScriptOf(c) == kNoScript && u_isalpha(static_cast<UChar32>(c));
    if (EndsWord(c) && !other) joiner = letter = false;
    joiner |= IsJoiner(c);
    letter |= ScriptOf(c) != kNoScript;
    if (joiner && letter) return true;
  }
  return false;
}

bool MixesScripts(std::string_view name) {
  int scripts = 0;
  while (!name.empty()) {
    const char32_t c = TakeCodePoint(name);
    if (EndsWord(c)) scripts = 0;
    scripts |= ScriptOf(c);
    if ((scripts & (scripts - 1)) != 0) return true;
  }
  return false;
}

Wide WidenedLetters(std::string_view name) {
  bool wide = false, mixed = false, word_wide = false, word_narrow = false;
  while (!name.empty()) {
    const char32_t c = TakeCodePoint(name);
    if (IsEastern(c)) return Wide::kNone;
    if (EndsWord(c)) word_wide = word_narrow = false;
    word_wide |= IsFullWidth(c);
    word_narrow |= ScriptOf(c) == kLatin && !IsFullWidth(c);
    wide |= word_wide;
    mixed |= word_wide && word_narrow;
  }
  if (mixed) return Wide::kMixed;
  return wide ? Wide::kWhole : Wide::kNone;
}

}  // namespace palermo::casework
