#include "node/casework/leak_fold.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <atomic>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/check.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Above lie code points of no script that names are written in.
constexpr size_t kCodePoints = 0x32000;
constexpr uint32_t kFarBytes = 4;
// The zero of years in Chinese numerals, no letter for Unicode; U+96F6 is the other.
constexpr char32_t kRoundZero = 0x3007;

enum class Sort : uint8_t {
  kBreak,
  kNothing,
  kApostrophe,
  kLetter,
  kDigit,
  kSingle,
  kAbjad,
  kIndic
};

// What a sign of an Indic script does with the consonant before it.
enum class Sign : uint8_t { kLetter, kConsonant, kVowel, kKiller, kNasal, kDot };

struct Fold {
  Sort sort = Sort::kBreak;
  Sign sign = Sign::kLetter;
  std::string letters;
};

bool StandsAlone(UScriptCode script) {
  switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_TIBETAN:
      return true;
    default:
      return false;
  }
}

bool IsApostropheSign(char32_t c) {
  return c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x02BC ||
         c == 0x02B9 || c == 0xFF07;
}

// Scripts whose consonants hold an "a", and that ICU can read.
bool IsIndic(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &error)) {
    case USCRIPT_DEVANAGARI:
    case USCRIPT_BENGALI:
    case USCRIPT_GURMUKHI:
    case USCRIPT_GUJARATI:
    case USCRIPT_ORIYA:
    case USCRIPT_TAMIL:
    case USCRIPT_TELUGU:
    case USCRIPT_KANNADA:
    case USCRIPT_MALAYALAM:
      return u_charDigitValue(static_cast<UChar32>(c)) < 0 &&
             u_charType(static_cast<UChar32>(c)) != U_OTHER_PUNCTUATION;
    default:
      return false;
  }
}

Sign SignOf(char32_t c) {
  switch (u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_INDIC_SYLLABIC_CATEGORY)) {
    case U_INSC_CONSONANT:
      return Sign::kConsonant;
    case U_INSC_VOWEL_DEPENDENT:
      return Sign::kVowel;
    case U_INSC_VIRAMA:
    case U_INSC_PURE_KILLER:
      return Sign::kKiller;
    case U_INSC_BINDU:
      return Sign::kNasal;
    case U_INSC_NUKTA:
      return Sign::kDot;
    default:
      return Sign::kLetter;
  }
}

// What ICU leaves as it is, or reads otherwise than names are spelled.
std::string_view IndicException(char32_t c) {
  switch (c) {
    case 0x0D7A:
    case 0x0D7B:
      return "n";
    case 0x0D7C:
      return "r";
    case 0x0D7D:
    case 0x0D7E:
      return "l";
    case 0x0D7F:
      return "k";
    case 0x0D4A:
    case 0x0D4B:
      return "o";
    case 0x0D4C:
      return "au";
    case 0x0943:
    case 0x09C3:
    case 0x0AC3:
      return "ri";
    default:
      return "";
  }
}

Sort SortOf(char32_t c) {
  if (IsApostropheSign(c)) return Sort::kApostrophe;
  if (IsIndic(c)) return Sort::kIndic;
  if (c == kRoundZero) return Sort::kSingle;
  const auto type = static_cast<UCharCategory>(u_charType(static_cast<UChar32>(c)));
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) {
    return Sort::kNothing;
  }
  if (u_charDigitValue(static_cast<UChar32>(c)) >= 0) return Sort::kDigit;
  if (!u_isalpha(static_cast<UChar32>(c)) && type != U_COMBINING_SPACING_MARK) return Sort::kBreak;
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &error);
  if (StandsAlone(script)) return Sort::kSingle;
  const bool abjad =
      script == USCRIPT_ARABIC || script == USCRIPT_HEBREW || script == USCRIPT_SYRIAC;
  return abjad ? Sort::kAbjad : Sort::kLetter;
}

// Ways to write one sound. Longer ones first; applied from left to right.
struct Spelling {
  std::string_view from;
  char to;
};
constexpr Spelling kSpellings[] = {
    {"sch", 's'}, {"ae", 'a'}, {"oe", 'o'}, {"ue", 'u'}, {"ou", 'u'}, {"oo", 'u'},
    {"ee", 'i'},  {"ph", 'f'}, {"kh", 'h'}, {"gh", 'g'}, {"zh", 'z'}, {"sh", 's'},
    {"ck", 'k'},  {"dj", 'i'}, {"q", 'k'},  {"w", 'v'},  {"y", 'i'},  {"j", 'i'},
};
// The letters that a spelling begins with: most words need no closer look.
constexpr std::array<bool, 256> kBegins = [] {
  std::array<bool, 256> begins = {};
  for (const Spelling& spelling : kSpellings) begins[static_cast<uint8_t>(spelling.from[0])] = true;
  return begins;
}();

// `word` as one spelling, doubled letters single, appended to `out`.
void AppendSpelled(std::string_view word, std::string& out) {
  const size_t start = out.size();
  for (size_t i = 0; i < word.size();) {
    char c = word[i];
    size_t length = 1;
    if (kBegins[static_cast<uint8_t>(c)]) {
      for (const Spelling& spelling : kSpellings) {
        if (word.substr(i, spelling.from.size()) != spelling.from) continue;
        c = spelling.to;
        length = spelling.from.size();
        break;
      }
    }
    i += length;
    const bool doubled = out.size() > start && out.back() == c && (c & 0x80) == 0;
    if (!doubled) out += c;
  }
}

std::string Spelled(std::string_view word) {
  std::string out;
  AppendSpelled(word, out);
  return out;
}

// Doubled letters single, and nothing else.
void AppendSingle(std::string_view word, std::string& out) {
  const size_t start = out.size();
  for (const char c : word) {
    if (out.size() == start || out.back() != c || (c & 0x80) != 0) out += c;
  }
}

// ICU's transliterators and what they gave, one code point at a time.
class FoldTable {
 public:
  static FoldTable& Get() {
    static auto& table = *new FoldTable;
    return table;
  }

  const Fold& Of(char32_t c) {
    if (c >= kCodePoints) return break_;
    const Fold* known = folds_[c].load(std::memory_order_acquire);
    return known != nullptr ? *known : Add(c);
  }

 private:
  FoldTable()
      : cyrillic_(Make("Russian-Latin/BGN; NFKD; [:Mark:] Remove; Any-Latin; Latin-ASCII; "
                       "Lower")),
        any_(Make("NFKD; [:Mark:] Remove; Any-Latin; NFKD; [:Mark:] Remove; Latin-ASCII; "
                  "Lower")),
        indic_(Make("Any-Latin; NFKD; [:Mark:] Remove; Latin-ASCII; Lower")) {}

  static std::unique_ptr<icu::Transliterator> Make(const char* id) {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance(icu::UnicodeString(id), UTRANS_FORWARD, error));
    PALERMO_CHECK(U_SUCCESS(error) && made != nullptr);
    return made;
  }

  const Fold& Add(char32_t c) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (const Fold* known = folds_[c].load(std::memory_order_relaxed)) return *known;
    auto* made = new Fold{SortOf(c), Sign::kLetter, ""};
    if (made->sort == Sort::kIndic) {
      made->sign = SignOf(c);
      made->letters = IndicLetters(c, made->sign);
    } else if (made->sort == Sort::kDigit) {
      made->letters = static_cast<char>('0' + u_charDigitValue(static_cast<UChar32>(c)));
    } else if (made->sort >= Sort::kLetter) {
      made->letters = Letters(c);
    }
    // Without vowels between them, two letters look like one sound of two: each is spelled alone.
    if (made->sort == Sort::kAbjad) made->letters = Spelled(made->letters);
    folds_[c].store(made, std::memory_order_release);
    return *made;
  }

  std::string Letters(char32_t c) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (c == 0x415 || c == 0x435) return "e";  // BGN writes "ye" where a word begins
    // The ending of "Fatima" and that of "Layla"; the first letter of "Ali".
    if (c == 0x629 || c == 0x649 || c == 0x639) return "a";
    if (c == kRoundZero) return "ling";
    icu::UnicodeString text(static_cast<UChar32>(c));
    const bool russian = c >= 0x400 && c <= 0x4FF;
    return Read(russian ? *cyrillic_ : *any_, text);
  }

  std::string IndicLetters(char32_t c, Sign sign) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (sign == Sign::kKiller || sign == Sign::kDot) return "";
    if (sign == Sign::kNasal) return "n";
    if (const std::string_view known = IndicException(c); !known.empty()) return std::string(known);
    icu::UnicodeString text(static_cast<UChar32>(c));
    std::string out = Read(*indic_, text);
    return out == "ca" ? "cha" : out;
  }

  static std::string Read(const icu::Transliterator& by, icu::UnicodeString& text) {
    by.transliterate(text);
    std::string latin, out;
    text.toUTF8String(latin);
    for (std::string_view rest = latin; !rest.empty();) {
      const char32_t one = TakeCodePoint(rest);
      // What ICU does not know stays as it is, so that it equals itself.
      if ((one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || one >= 0x370) {
        AppendUtf8(one, out);
      }
    }
    return out;
  }

  const Fold break_;
  absl::Mutex mutex_;
  const std::unique_ptr<icu::Transliterator> cyrillic_ ABSL_GUARDED_BY(mutex_);
  const std::unique_ptr<icu::Transliterator> any_ ABSL_GUARDED_BY(mutex_);
  const std::unique_ptr<icu::Transliterator> indic_ ABSL_GUARDED_BY(mutex_);
  std::array<std::atomic<const Fold*>, kCodePoints> folds_ = {};
};

// Cuts a text into words as it reads.
class Cutter {
 public:
  explicit Cutter(std::string_view text, bool* elided = nullptr) : text_(text), elided_(elided) {
    out_.letters.reserve(text.size());
  }

  FoldedText Cut() {
    std::string_view rest = text_;
    while (!rest.empty()) {
      const auto at = static_cast<uint32_t>(text_.size() - rest.size());
      const auto lead = static_cast<uint8_t>(rest[0]);
      if (lead < 0x80) {
        rest.remove_prefix(1);
        TakeAscii(static_cast<char>(lead), at, rest);
      } else {
        const char32_t c = TakeCodePoint(rest);
        Take(FoldTable::Get().Of(c), at, static_cast<uint32_t>(text_.size() - rest.size()), rest);
      }
    }
    EndWord();
    return std::move(out_);
  }

 private:
  void TakeAscii(char c, uint32_t at, std::string_view rest) {
    if (c >= 'a' && c <= 'z') return Letter(Sort::kLetter, std::string_view(&c, 1), at, at + 1);
    if (c >= 'A' && c <= 'Z') {
      const char small = static_cast<char>(c + 32);
      return Letter(Sort::kLetter, std::string_view(&small, 1), at, at + 1);
    }
    if (c >= '0' && c <= '9') return Letter(Sort::kDigit, std::string_view(&c, 1), at, at + 1);
    if ((c == '\'' || c == '`') && !IsPossessive(rest)) return Elide();
    if (c == '\n') ++lines_;
    EndWord();
    blank_ = blank_ || c == ' ' || c == '\n' || c == '\t';
  }

  void Take(const Fold& fold, uint32_t at, uint32_t end, std::string_view rest) {
    if (fold.sort == Sort::kNothing) return;
    if (fold.sort == Sort::kApostrophe && !IsPossessive(rest)) return Elide();
    if (fold.sort <= Sort::kApostrophe) {
      blank_ = true;
      return EndWord();
    }
    if (fold.sort == Sort::kIndic) return TakeIndic(fold, at, end);
    Letter(fold.sort, fold.letters, at, end);
  }

  // A consonant holds an "a" until a vowel's sign or a killer comes; where a word ends it is mute.
  void TakeIndic(const Fold& fold, uint32_t at, uint32_t end) {
    const bool goes_on = open_ && word_sort_ == Sort::kIndic;
    const bool drops = fold.sign == Sign::kVowel || fold.sign == Sign::kKiller;
    if (goes_on && inherent_ && drops) buffer_.pop_back();
    if (goes_on && inherent_ && fold.sign == Sign::kDot && buffer_.ends_with("ja")) {
      buffer_[buffer_.size() - 2] = 'z';
    }
    const bool labial = !fold.letters.empty() && (fold.letters[0] == 'p' ||
                                                  fold.letters[0] == 'b' || fold.letters[0] == 'm');
    if (goes_on && nasal_ && labial) buffer_.back() = 'm';
    if (fold.sign == Sign::kDot && !goes_on) return;
    const bool singh = goes_on && nasal_ && fold.letters.starts_with('h');
    Letter(Sort::kIndic, singh ? "g" + fold.letters : fold.letters, at, end);
    if (fold.sign == Sign::kDot) return;
    inherent_ = fold.sign == Sign::kConsonant && buffer_.ends_with('a');
    nasal_ = fold.sign == Sign::kNasal;
  }

  // "Lina's": the name ends before the apostrophe.
  static bool IsPossessive(std::string_view rest) {
    if (rest.empty() || (rest[0] != 's' && rest[0] != 'S')) return false;
    if (rest.size() == 1) return true;
    const char next = rest[1];
    return (next & 0x80) == 0 && !((next | 32) >= 'a' && (next | 32) <= 'z');
  }

  // "l'", "d'", "qu'" of French, Italian and Catalan end before the word that they lean on.
  void Elide() {
    if (elided_ == nullptr || !open_ || word_sort_ != Sort::kLetter) return;
    for (const std::string_view short_word : {"d", "l", "j", "m", "n", "s", "t", "c", "qu", "jusqu",
                                              "lorsqu", "puisqu", "dell", "all", "dall"}) {
      if (buffer_ != short_word) continue;
      *elided_ = true;
      return EndWord();
    }
  }

  void Letter(Sort sort, std::string_view letters, uint32_t at, uint32_t end) {
    if (open_ && (sort != word_sort_ || sort == Sort::kSingle)) EndWord();
    if (!open_) {
      open_ = true;
      word_sort_ = sort;
      word_ = FoldedWord();
      word_.text_begin = at;
      word_.glued = !out_.words.empty() && at == last_end_;
      word_.spaced = blank_;
      blank_ = false;
      word_.far = !out_.words.empty() && (at - last_end_ > kFarBytes || lines_ > 1);
      if (sort == Sort::kAbjad) word_.vowels = Vowels::kLeftOut;
      if (sort == Sort::kIndic) word_.vowels = Vowels::kInherent;
      word_.single = sort == Sort::kSingle;
      word_.digits = sort == Sort::kDigit;
    }
    buffer_ += letters;
    word_.text_end = last_end_ = end;
  }

  void EndWord() {
    if (!open_) return;
    open_ = false;
    lines_ = 0;
    if (inherent_ && buffer_.size() > 2) buffer_.pop_back();
    inherent_ = nasal_ = false;
    word_.begin = static_cast<uint32_t>(out_.letters.size());
    if (word_.digits) {
      out_.letters += buffer_;
    } else if (word_sort_ == Sort::kAbjad) {
      AppendSingle(buffer_, out_.letters);
    } else {
      AppendSpelled(buffer_, out_.letters);
    }
    buffer_.clear();
    word_.end = static_cast<uint32_t>(out_.letters.size());
    if (word_.end > word_.begin) out_.words.push_back(word_);
  }

  const std::string_view text_;
  bool* const elided_;  // nullptr: words are not cut there
  FoldedText out_;
  FoldedWord word_;
  Sort word_sort_ = Sort::kBreak;
  std::string buffer_;
  bool open_ = false;
  bool blank_ = false;     // white space came since the last word
  bool inherent_ = false;  // the buffer ends with a consonant's own "a"
  bool nasal_ = false;     // ... with a nasal that follows the next consonant
  int lines_ = 0;          // line ends since the last word
  uint32_t last_end_ = 0;
};

}  // namespace

FoldedText FoldForScan(std::string_view text) { return Cutter(text).Cut(); }

FoldedText FoldTextForScan(std::string_view text, bool* elided) {
  return Cutter(text, elided).Cut();
}

}  // namespace palermo::casework
