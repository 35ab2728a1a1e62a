#include "node/casework/leak_names.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/bytes.h"
#include "base/check.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kMinHalf = 4;      // of a part that is written as two words
constexpr size_t kMinAfterTwo = 3;  // ... after "van der", "de la"
constexpr size_t kMinShortHan = 4;  // of a whole name in Han that begins with a family's

// What a part of a name begins with and is also written before: "Abdul Rahman" is "Abdulrahman".
bool IsPrefix(std::string_view word) {
  for (const std::string_view prefix : {"abd", "abdul", "abdel", "abdur", "abu", "mac", "mc", "bin",
                                        "bint", "ibn", "uld", "fitz"}) {
    if (word == prefix) return true;
  }
  return false;
}
// ... that are words in every line of a language, too: "da Silva", but no "da manhã"; "Al
// Faro", but no "al faro".
bool IsArticle(std::string_view word) {
  for (const std::string_view article :
       {"al",  "ben", "da", "das", "de", "del", "dela", "della", "den",
        "der", "des", "di", "dos", "du", "el",  "la",   "las",   "le",
        "les", "los", "o",  "san", "st", "ten", "ter",  "van",   "von"}) {
    if (word == article) return true;
  }
  return false;
}

// --- "Abd al-Rahman" is Abdulrahman, Abdurrahman, Abdelrahman

constexpr std::string_view kAbd = "abd";
constexpr std::string_view kAbdVowels = "aeiu";
constexpr std::string_view kAllah = "alah";  // as folded

bool IsAbdVowel(char c) { return kAbdVowels.find(c) != std::string_view::npos; }

// The article after "abd": its "l" becomes the first letter of what follows, or stays.
bool EndsAsArticle(std::string_view end, std::string_view rest) {
  return end.size() == 2 && IsAbdVowel(end[0]) && (end[1] == 'l' || end[1] == rest[0]);
}

void AddAbd(std::string_view rest, std::set<std::string>& out) {
  if (rest.size() < kMinHalf) return;
  const auto add = [&](const std::string& name) {
    out.insert(name);
    out.insert(FoldForScan(name).letters);
  };
  for (const char vowel : kAbdVowels) {
    const std::string head = Cat({kAbd, std::string_view(&vowel, 1)});
    if (rest == kAllah) add(Cat({head, rest.substr(1)}));
    add(Cat({head, rest}));
    add(Cat({head, "l", rest}));
    add(Cat({head, rest.substr(0, 1), rest}));
  }
}

void AddAbdNames(const FoldedText& folded, std::set<std::string>& out) {
  for (size_t i = 0; i < folded.words.size(); ++i) {
    const std::string_view word = folded.Letters(folded.words[i]);
    if (!word.starts_with(kAbd)) continue;
    const auto next = [&](size_t n) {
      return i + n < folded.words.size() ? folded.Letters(folded.words[i + n]) : std::string_view();
    };
    const std::string_view end = word.substr(kAbd.size());
    if (end.empty() && !next(2).empty() && EndsAsArticle(next(1), next(2))) {
      AddAbd(next(2), out);
    } else if (!next(1).empty() && (end.empty() || EndsAsArticle(end, next(1)))) {
      AddAbd(next(1), out);
    } else if (end.size() > kMinHalf && IsAbdVowel(end[0])) {
      AddAbd(end.substr(1), out);
      if (end[1] == 'l') AddAbd(end.substr(2), out);
    } else if (end.size() == kMinHalf && IsAbdVowel(end[0]) && end.substr(1) == kAllah.substr(1)) {
      AddAbd(kAllah, out);
    }
  }
}

// --- Chinese

// Whether ICU's dictionary has these characters as one word.
bool IsHanWord(std::string_view characters) {
  static auto& mutex = *new absl::Mutex;
  static icu::BreakIterator& words = *[] {
    UErrorCode error = U_ZERO_ERROR;
    auto* made = icu::BreakIterator::createWordInstance(icu::Locale::getChinese(), error);
    PALERMO_CHECK(U_SUCCESS(error) && made != nullptr);
    return made;
  }();
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(characters.data(), static_cast<int32_t>(characters.size())));
  absl::MutexLock lock(&mutex);
  words.setText(text);
  words.first();
  return words.next() == text.length();
}

// Ends a sentence, or stands between two persons: "with Rose. Marie came" is no Rosemarie.
bool Separates(std::string_view gap) {
  constexpr std::u32string_view kInNames =
      U"'\u2019\u00B7\u2027\u30FB";  // apostrophes, middle dots
  while (!gap.empty()) {
    const char32_t c = TakeCodePoint(gap);
    const bool punctuation = u_charType(static_cast<UChar32>(c)) == U_OTHER_PUNCTUATION;
    if (punctuation && kInNames.find(c) == std::u32string_view::npos) return true;
  }
  return false;
}

std::string_view GapBefore(std::string_view source, const FoldedText& text, size_t word) {
  const uint32_t begin = text.words[word - 1].text_end;
  return source.substr(begin, text.words[word].text_begin - begin);
}

}  // namespace

// Parts of names that name nobody. As folded and spelled here.
bool IsParticle(std::string_view part) {
  static const auto& particles = *new std::set<std::string, std::less<>>([] {
    std::set<std::string, std::less<>> out;
    for (const char* word :
         {"van",   "von",   "der", "den",  "dem", "del",    "della", "des",  "dos",   "das",
          "les",   "bin",   "ibn", "bint", "abu", "abd",    "umm",   "the",  "and",   "san",
          "santa", "saint", "mac", "miss", "mrs", "mister", "don",   "dona", "alias", "aka"}) {
      out.insert(FoldForScan(word).letters);
    }
    return out;
  }());
  return particles.count(part) > 0;
}

std::set<std::string> JoinedSpellings(std::string_view name, const FoldedText& folded) {
  std::set<std::string> out;
  const auto connects = [&](size_t i) {
    const std::string_view word = folded.Letters(folded.words[i]);
    return IsPrefix(word) || IsArticle(word);
  };
  for (size_t last = 1; last < folded.words.size(); ++last) {
    const FoldedWord& end = folded.words[last];
    for (size_t first = last; first > 0 && connects(first - 1); --first) {
      const FoldedWord& begin = folded.words[first - 1];
      const size_t least = last - first > 0 ? kMinAfterTwo : kMinHalf;
      if (end.end - end.begin < least) continue;
      out.insert(folded.letters.substr(begin.begin, end.end - begin.begin));
      // Written as one word it is spelled as one: "Vannistelrooy" has one "n".
      std::string said;
      for (size_t i = first - 1; i <= last; ++i) {
        const FoldedWord& word = folded.words[i];
        said += name.substr(word.text_begin, word.text_end - word.text_begin);
      }
      out.insert(FoldForScan(said).letters);
    }
  }
  AddAbdNames(folded, out);
  return out;
}

bool MayBeCut(std::string_view source, const FoldedText& text, size_t first, size_t last) {
  if (text.Letters(text.words[last]).size() < kMinHalf) return false;
  for (size_t i = first + 1; i <= last; ++i) {
    const bool saint = text.Letters(text.words[i - 1]) == "st";
    if (!saint && Separates(GapBefore(source, text, i))) return false;
  }
  std::string_view rest = source.substr(text.words[last].text_begin);
  const bool small = u_islower(static_cast<UChar32>(TakeCodePoint(rest)));
  // "Rose Marie", but no "casa nova".
  const bool halves = last == first + 1 && text.Letters(text.words[first]).size() >= kMinHalf;
  if (halves && !small) return true;
  const bool abd = text.Letters(text.words[first]) == kAbd;
  for (size_t i = first; i < last; ++i) {
    const std::string_view word = text.Letters(text.words[i]);
    const bool article =
        abd && i == first + 1 && EndsAsArticle(word, text.Letters(text.words[i + 1]));
    if (!article && !IsPrefix(word) && (small || !IsArticle(word))) return false;
  }
  return true;
}

bool IsUsualHanWord(std::string_view characters) {
  static const auto& words = *new std::set<std::string_view>{
      "\u65B9\u6848", "\u65B9\u6CD5", "\u65B9\u4FBF", "\u65B9\u5411", "\u65B9\u5F0F",
      "\u65B9\u9762", "\u65B9\u9488", "\u4EFB\u4F55", "\u4EFB\u804C", "\u4EFB\u671F",
      "\u4EFB\u547D", "\u4EFB\u52A1", "\u9AD8\u7EA7", "\u9AD8\u7B49", "\u9AD8\u5174",
      "\u9AD8\u4E2D", "\u9AD8\u901F", "\u9AD8\u6821", "\u91D1\u878D", "\u91D1\u94B1",
      "\u7A0B\u5EA6", "\u7A0B\u5E8F", "\u66FE\u7ECF", "\u8BB8\u591A", "\u8BB8\u53EF",
      "\u5E38\u5E38", "\u5E38\u89C1", "\u5E38\u7528", "\u5E38\u89C4", "\u5468\u56F4",
      "\u5468\u671F", "\u5468\u8FB9", "\u5468\u5E74", "\u4F55\u65F6", "\u4F55\u79CD",
      "\u4F55\u7B49", "\u4F55\u51B5", "\u6587\u4EF6", "\u6587\u7AE0", "\u6587\u672C",
      "\u6587\u732E", "\u77F3\u5934", "\u5EB7\u590D", "\u6BB5\u843D", "\u987E\u95EE",
      "\u9646\u7EED", "\u9A6C\u4E0A", "\u9EC4\u8272", "\u767D\u5929", "\u767D\u8272",
      "\u6B66\u5668", "\u6B66\u88C5", "\u94B1\u8D22", "\u6BDB\u75C5", "\u675C\u7EDD",
      "\u8303\u56F4", "\u90D1\u91CD", "\u4F59\u6B3E", "\u4F59\u989D", "\u9646\u519B",
      "\u4EFB\u52D9", "\u9AD8\u7D1A", "\u9AD8\u8208", "\u91D1\u9322", "\u8A31\u591A",
      "\u8A31\u53EF", "\u5E38\u898B", "\u5E38\u898F", "\u5468\u570D", "\u5468\u908A",
      "\u4F55\u6642", "\u4F55\u7A2E", "\u4F55\u6CC1", "\u6587\u737B", "\u9867\u554F",
      "\u9678\u7E8C", "\u99AC\u4E0A", "\u9EC3\u8272", "\u9322\u8CA1", "\u7BC4\u570D",
      "\u912D\u91CD", "\u9918\u6B3E", "\u9918\u984D", "\u9678\u8ECD", "\u65B9\u91DD",
      "\u4EFB\u8077", "\u6B66\u88DD"};
  return words.count(characters) > 0;
}

bool IsShortHanName(std::string_view source, const FoldedText& text, size_t first, size_t last) {
  constexpr std::u32string_view kFamilies =
      U"\u738B\u674E\u5F20\u5F35\u5218\u5289\u9648\u9673\u6768\u694A\u8D75\u8D99\u9EC4\u9EC3\u5468"
      U"\u5434\u5433\u5F90\u5B59\u5B6B\u80E1\u6731\u9AD8\u6797\u4F55\u90ED\u9A6C\u99AC\u7F57\u7F85"
      U"\u6881\u5B8B\u90D1\u912D\u8C22\u8B1D\u97E9\u97D3\u5510\u51AF\u99AE\u4E8E\u8463\u8427\u856D"
      U"\u7A0B\u66F9\u8881\u9093\u9127\u8BB8\u8A31\u5085\u6C88\u66FE\u5F6D\u5415\u5442\u82CF\u8607"
      U"\u5362\u76E7\u848B\u8521\u8D3E\u8CC8\u4E01\u9B4F\u859B\u53F6\u8449\u960E\u95BB\u4F59\u6F58"
      U"\u675C\u6234\u590F\u949F\u937E\u9418\u6C6A\u7530\u4EFB\u59DC\u8303\u65B9\u77F3\u59DA\u8C2D"
      U"\u8B5A\u5ED6\u90B9\u9112\u718A\u91D1\u9646\u9678\u90DD\u5B54\u767D\u5D14\u5EB7\u6BDB\u90B1"
      U"\u79E6\u6C5F\u53F2\u987E\u9867\u4FAF\u90B5\u5B5F\u9F99\u9F8D\u4E07\u842C\u6BB5\u96F7\u94B1"
      U"\u9322\u6C64\u6E6F\u5C39\u9ECE\u6613\u5E38\u6B66\u4E54\u55AC\u8D3A\u8CC0\u8D56\u8CF4\u9F9A"
      U"\u9F94\u6587";
  constexpr size_t kMostCharacters = 4;
  const size_t count = last - first + 1;
  if (count < 2 || count > kMostCharacters) return false;
  if (text.words[last].end - text.words[first].begin < kMinShortHan) return false;
  for (size_t i = first; i <= last; ++i) {
    if (!text.words[i].single) return false;
  }
  std::string_view rest = source.substr(text.words[first].text_begin);
  if (kFamilies.find(TakeCodePoint(rest)) == std::u32string_view::npos) return false;
  return !IsHanWord(source.substr(text.words[first].text_begin,
                                  text.words[last].text_end - text.words[first].text_begin));
}

}  // namespace palermo::casework
