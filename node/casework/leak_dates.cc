#include "node/casework/leak_dates.h"

#include <unicode/dtfmtsym.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "base/check.h"

namespace palermo::casework {
namespace {

constexpr int kMonths = 12;
constexpr size_t kMaxLinks = 3;
// Of the United Nations, and others that many write.
constexpr const char* kLanguages[] = {"en", "fr", "es", "ru", "ar", "de", "fa", "hi",
                                      "id", "it", "nl", "pl", "pt", "sw", "tr", "uk"};

// Folded names, wide and short, to the months that they may be: bit 0 is January.
const absl::flat_hash_map<std::string, unsigned>& MonthNames() {
  static const auto& names = *new absl::flat_hash_map<std::string, unsigned>([] {
    absl::flat_hash_map<std::string, unsigned> out;
    for (const char* language : kLanguages) {
      UErrorCode error = U_ZERO_ERROR;
      const icu::DateFormatSymbols symbols(icu::Locale(language), error);
      PALERMO_CHECK(U_SUCCESS(error));
      for (const auto context :
           {icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::STANDALONE}) {
        for (const auto width :
             {icu::DateFormatSymbols::WIDE, icu::DateFormatSymbols::ABBREVIATED}) {
          int32_t count = 0;
          const icu::UnicodeString* months = symbols.getMonths(count, context, width);
          for (int i = 0; i < std::min(count, int32_t{kMonths}); ++i) {
            std::string text;
            months[i].toUTF8String(text);
            const FoldedText folded = FoldForScan(text);
            if (folded.words.size() == 1 && folded.letters.size() >= 2) {
              out[folded.letters] |= 1u << i;
            }
          }
        }
      }
    }
    return out;
  }());
  return names;
}

// What stands between the numbers and the month: "11th day of", "11 de", "1er", "den 11."
bool IsLink(std::string_view word) {
  for (const std::string_view link : {"st", "nd", "rd", "th", "er", "de", "of", "dai", "the", "del",
                                      "do", "e", "o", "a", "den", "g"}) {
    if (word == link) return true;
  }
  return false;
}

// The word after `word` and its links; the text's size when none belongs to the same date.
size_t After(const FoldedText& text, size_t word) {
  size_t next = word + 1;
  for (size_t links = 0; links < kMaxLinks && next < text.words.size(); ++links, ++next) {
    if (text.words[next].digits || !IsLink(text.Letters(text.words[next]))) break;
  }
  for (size_t i = word + 1; i <= next && i < text.words.size(); ++i) {
    if (text.words[i].far) return text.words.size();
  }
  return next;
}

// "12.III.1999", as Russian, Polish and Hungarian papers have it. In capitals alone.
unsigned RomanMonth(std::string_view said) {
  constexpr std::string_view kRoman[] = {"I",   "II",   "III", "IV", "V",  "VI",
                                         "VII", "VIII", "IX",  "X",  "XI", "XII"};
  for (size_t i = 0; i < std::size(kRoman); ++i) {
    if (said == kRoman[i]) return 1u << i;
  }
  return 0;
}

unsigned MonthAt(std::string_view source, const FoldedText& text, size_t word) {
  if (word >= text.words.size() || text.words[word].digits) return 0;
  const FoldedWord& at = text.words[word];
  const auto roman = RomanMonth(source.substr(at.text_begin, at.text_end - at.text_begin));
  if (roman != 0) return roman;
  const std::string_view letters = text.Letters(text.words[word]);
  const auto found = MonthNames().find(absl::string_view(letters.data(), letters.size()));
  return found == MonthNames().end() ? 0 : found->second;
}

// Words of English, French, German, Italian, Polish, Portuguese, Spanish and Turkish, too: "of 12
// may 99 leave", "o artigo 12 tem 61". As a text writes them in small letters.
bool IsWordToo(std::string_view month) {
  for (const std::string_view word :
       {"ago", "ara", "dec", "des", "gen", "haz", "kas", "lip",  "lis", "lug", "mac", "mag",
        "mar", "may", "nis", "ott", "out", "sep", "set", "sept", "sie", "sty", "tem"}) {
    if (month == word) return true;
  }
  return false;
}

// A word in small letters between blanks. "11-may-61" and "11 sept. 61" are dates.
bool MayBeAnotherWord(std::string_view source, const FoldedText& text, size_t month) {
  const FoldedWord& word = text.words[month];
  if (!IsWordToo(source.substr(word.text_begin, word.text_end - word.text_begin))) return false;
  const bool sign_before = month > 0 && !word.spaced;
  const bool sign_after = month + 1 < text.words.size() &&
                          (!text.words[month + 1].spaced || source[word.text_end] == '.');
  return !sign_before && !sign_after;
}

uint32_t NumberOf(std::string_view digits) {
  uint32_t out = 0;
  for (const char c : digits) out = out * 10 + static_cast<uint32_t>(c - '0');
  return out;
}

uint32_t KeyOf(uint32_t year, uint32_t month, uint32_t day) {
  return (year * 100 + month) * 100 + day;
}

}  // namespace

void DateIndex::Add(uint32_t token, int year, int month, int day) {
  const auto y = static_cast<uint32_t>(year), m = static_cast<uint32_t>(month),
             d = static_cast<uint32_t>(day);
  tokens_.try_emplace(KeyOf(y, m, d), token);
  tokens_.try_emplace(KeyOf(y % 100, m, d), token);
}

std::optional<uint32_t> DateIndex::Find(std::string_view source, const FoldedText& text,
                                        unsigned months, const Places& at) const {
  const auto digits = [&](size_t i) -> std::string_view {
    return i < text.words.size() && text.words[i].digits ? text.Letters(text.words[i])
                                                         : std::string_view();
  };
  const std::string_view year = digits(at.year), day = digits(at.day);
  if ((year.size() != 4 && year.size() != 2) || day.empty() || day.size() > 2) return std::nullopt;
  if (year.size() == 2 && MayBeAnotherWord(source, text, at.month)) return std::nullopt;
  for (uint32_t month = 1; month <= kMonths; ++month) {
    if ((months >> (month - 1) & 1) == 0) continue;
    const auto found = tokens_.find(KeyOf(NumberOf(year), month, NumberOf(day)));
    if (found != tokens_.end()) return found->second;
  }
  return std::nullopt;
}

std::optional<DateIndex::Hit> DateIndex::Match(std::string_view source, const FoldedText& text,
                                               size_t word) const {
  if (tokens_.empty() || !text.words[word].digits) return std::nullopt;
  if (text.words[word].end - text.words[word].begin > 4) return std::nullopt;
  const size_t second = After(text, word);
  if (const unsigned month = MonthAt(source, text, second); month != 0) {
    const size_t third = After(text, second);
    for (const auto& [year, day] : {std::pair(third, word), std::pair(word, third)}) {
      if (const auto token = Find(source, text, month, {year, second, day}))
        return Hit{word, third, *token};
    }
  }
  size_t before = word;  // "March 11th, 1961", "March the 11th"
  while (before > 0 && word - before < 2 && !text.words[before].far) {
    --before;
    if (const unsigned month = MonthAt(source, text, before); month != 0) {
      if (const auto token = Find(source, text, month, {second, before, word})) {
        return Hit{before, second, *token};
      }
    }
    if (!IsLink(text.Letters(text.words[before]))) break;
  }
  return std::nullopt;
}

}  // namespace palermo::casework
