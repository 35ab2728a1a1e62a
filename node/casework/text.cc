#include "node/casework/text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"

namespace palermo::casework {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}
// Zero-width, direction marks, soft hyphen, byte order mark, controls that are no white space.
bool IsInvisible(char32_t c) {
  return (c < 0x20 && !IsSpace(c)) || (c >= 0x7F && c < 0xA0 && c != 0x85) || c == 0xAD ||
         c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

// Two digits from 01 to `most`; each may be an X.
bool IsCount(std::string_view two, std::string_view most) {
  if (two[0] == 'X') return true;
  if (two[1] == 'X') return two[0] <= most[0];
  return two != "00" && two <= most;
}

bool IsPartOfDate(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = (text[i] >= '0' && text[i] <= '9') || text[i] == 'X';
    if (kForm[i] == '-' ? text[i] != '-' : !digit) return false;
  }
  if (text.size() >= 7 && !IsCount(text.substr(5, 2), "12")) return false;
  if (text.size() < 10) return true;
  return text.find('X') != std::string_view::npos && IsCount(text.substr(8, 2), "31");
}

bool IsOneDate(const std::string& text) {
  return text.empty() || ParseInstant(text).ok() || IsPartOfDate(text);
}

// The small letters U+00E0..U+00FF without their accents; '*' stays as it is.
constexpr std::string_view kLatin1Base = "aaaaaa*ceeeeiiii*nooooo**uuuuy*y";

char32_t FoldOne(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) c += 32;
  if (c >= 0xE0 && c <= 0xFF && kLatin1Base[c - 0xE0] != '*') return kLatin1Base[c - 0xE0];
  if (c >= 0x410 && c <= 0x42F) c += 32;
  if (c >= 0x400 && c <= 0x40F) c += 80;
  if (c == 0x439) return 0x438;  // й, so that it equals и with a combining breve
  return c == 0x451 ? char32_t{0x435} : c;
}

// Combining accents, so that letter + accent folds like the single letter.
bool IsCombining(char32_t c) { return c >= 0x300 && c <= 0x36F; }

size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};

bool IsScalar(char32_t c, size_t length) {
  return c >= kSmallest[length] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

}  // namespace

char32_t TakeCodePoint(std::string_view& rest) {
  PALERMO_CHECK(!rest.empty());
  const auto lead = static_cast<uint8_t>(rest[0]);
  const size_t length = SequenceLength(lead);
  char32_t c = length <= 1 ? lead : lead & (0x7F >> length);
  bool good = length > 0 && length <= rest.size();
  for (size_t i = 1; good && i < length; ++i) {
    const auto next = static_cast<uint8_t>(rest[i]);
    good = (next & 0xC0) == 0x80;
    c = (c << 6) | (next & 0x3F);
  }
  good = good && IsScalar(c, length);
  rest.remove_prefix(good ? length : 1);
  return good ? c : kReplacement;
}

void AppendUtf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

bool HasDigit(std::string_view text) { return std::any_of(text.begin(), text.end(), IsDigit); }

bool IsBlank(std::string_view text) {
  // What begins with a visible letter of ASCII needs no closer look.
  if (!text.empty() && text[0] > ' ' && text[0] < 0x7F) return false;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    if (!IsInvisible(c) && !IsSpace(c)) return false;
  }
  return true;
}

size_t VisibleLength(std::string_view text) {
  size_t length = 0;
  bool gap = false;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    if (IsInvisible(c)) continue;
    if (IsSpace(c)) {
      gap = length > 0;
      continue;
    }
    length += gap ? 2 : 1;
    gap = false;
  }
  return length;
}

std::string Folded(std::string_view text) {
  std::string out;
  bool gap = false;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    if (IsInvisible(c) || IsCombining(c)) continue;
    if (IsSpace(c)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    AppendUtf8(FoldOne(c), out);
  }
  return out;
}

std::string RefKey(std::string_view ref) { return Folded(ref); }

bool SameRef(std::string_view a, std::string_view b) {
  if (a == b) return true;
  // Each item is compared with each person: nothing is made for those that are plain.
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  if (std::all_of(a.begin(), a.end(), plain) && std::all_of(b.begin(), b.end(), plain)) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      return absl::ascii_tolower(static_cast<unsigned char>(x)) ==
             absl::ascii_tolower(static_cast<unsigned char>(y));
    });
  }
  return RefKey(a) == RefKey(b);
}

bool HasRef(const std::set<std::string>& refs, std::string_view ref) {
  return std::any_of(refs.begin(), refs.end(),
                     [&](const std::string& one) { return SameRef(one, ref); });
}

std::string_view CodeAtHead(std::string_view text) {
  return text.substr(0, text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"));
}

std::string OneLine(std::string_view text) {
  std::string line;
  bool ended = false;
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    const bool ends = (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
    if (ends && !ended) line += ' ';
    ended = ends;
    if (!ends) AppendUtf8(c, line);
  }
  return line;
}

std::string JsonQuote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const char32_t c = TakeCodePoint(text);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c < 0x20 || c == 0x7F || c == 0x2028 || c == 0x2029) {
      out += absl::StrFormat("\\u%04x", static_cast<uint32_t>(c));
    } else {
      AppendUtf8(c, out);
    }
  }
  return out + "\"";
}

bool IsDateText(const std::string& text) {
  constexpr size_t kLongestBytes = 64;
  if (text.size() > kLongestBytes) return false;
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return IsOneDate(text);
  // A second slash is in no date: what follows the first is judged as one.
  return IsOneDate(text.substr(0, slash)) && IsOneDate(text.substr(slash + 1));
}

bool IsAhead(const std::string& text, absl::Time now) {
  constexpr absl::Duration kEarliestDay = absl::Hours(14);  // UTC+14
  constexpr size_t kDayBytes = 10, kYearBytes = 4;          // "1990-01-31"
  if (text.empty()) return false;
  const auto at = ParseInstant(text);
  if (at.ok()) {
    const bool day = text.size() == kDayBytes;
    return *at > now + (day ? kEarliestDay : absl::Milliseconds(limits::kMaxClockAheadMillis));
  }
  if (text.size() < kYearBytes || !AllDigits(text.substr(0, kYearBytes))) return false;
  if (text.size() > kYearBytes && text[kYearBytes] != '-') return false;
  const auto this_year = absl::ToCivilYear(now + kEarliestDay, absl::UTCTimeZone()).year();
  return std::stoi(text.substr(0, kYearBytes)) > this_year;
}

}  // namespace palermo::casework
