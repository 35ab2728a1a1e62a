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

enum class Sort : uint8_t { kBreak, kNothing, kApostrophe, kLetter, kDigit, kSingle, kAbjad };

struct Fold {
  Sort sort = Sort::kBreak;
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

bool IsApostrophe(char32_t c) {
  return c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x02BC ||
         c == 0x02B9 || c == 0xFF07;
}

Sort SortOf(char32_t c) {
  if (IsApostrophe(c)) return Sort::kApostrophe;
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
                  "Lower")) {}

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
    auto* made = new Fold{SortOf(c), ""};
    if (made->sort == Sort::kDigit) {
      made->letters = static_cast<char>('0' + u_charDigitValue(static_cast<UChar32>(c)));
    } else if (made->sort >= Sort::kLetter) {
      made->letters = Letters(c);
    }
    folds_[c].store(made, std::memory_order_release);
    return *made;
  }

  std::string Letters(char32_t c) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (c == 0x415 || c == 0x435) return "e";  // BGN writes "ye" where a word begins
    icu::UnicodeString text(static_cast<UChar32>(c));
    const bool russian = c >= 0x400 && c <= 0x4FF;
    (russian ? cyrillic_ : any_)->transliterate(text);
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
  std::array<std::atomic<const Fold*>, kCodePoints> folds_ = {};
};

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

// Cuts a text into words as it reads.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : text_(text) { out_.letters.reserve(text.size()); }

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
    if ((c == '\'' || c == '`') && !IsPossessive(rest)) return;
    if (c == '\n') ++lines_;
    EndWord();
  }

  void Take(const Fold& fold, uint32_t at, uint32_t end, std::string_view rest) {
    if (fold.sort == Sort::kNothing) return;
    if (fold.sort == Sort::kApostrophe && !IsPossessive(rest)) return;
    if (fold.sort <= Sort::kApostrophe) return EndWord();
    Letter(fold.sort, fold.letters, at, end);
  }

  // "Lina's": the name ends before the apostrophe.
  static bool IsPossessive(std::string_view rest) {
    if (rest.empty() || (rest[0] != 's' && rest[0] != 'S')) return false;
    if (rest.size() == 1) return true;
    const char next = rest[1];
    return (next & 0x80) == 0 && !((next | 32) >= 'a' && (next | 32) <= 'z');
  }

  void Letter(Sort sort, std::string_view letters, uint32_t at, uint32_t end) {
    if (open_ && (sort != word_sort_ || sort == Sort::kSingle)) EndWord();
    if (!open_) {
      open_ = true;
      word_sort_ = sort;
      word_ = FoldedWord();
      word_.text_begin = at;
      word_.glued = !out_.words.empty() && at == last_end_;
      word_.far = !out_.words.empty() && (at - last_end_ > kFarBytes || lines_ > 1);
      word_.abjad = sort == Sort::kAbjad;
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
    word_.begin = static_cast<uint32_t>(out_.letters.size());
    if (word_.digits) {
      out_.letters += buffer_;
    } else {
      AppendSpelled(buffer_, out_.letters);
    }
    buffer_.clear();
    word_.end = static_cast<uint32_t>(out_.letters.size());
    if (word_.end > word_.begin) out_.words.push_back(word_);
  }

  const std::string_view text_;
  FoldedText out_;
  FoldedWord word_;
  Sort word_sort_ = Sort::kBreak;
  std::string buffer_;
  bool open_ = false;
  int lines_ = 0;  // line ends since the last word
  uint32_t last_end_ = 0;
};

}  // namespace

FoldedText FoldForScan(std::string_view text) { return Cutter(text).Cut(); }

std::string Skeleton(std::string_view folded) {
  std::string out;
  for (char c : folded) {
    const bool dropped = std::string_view("aeiouvh").find(c) != std::string_view::npos;
    if (!dropped) out += c == 'p' ? 'b' : c;
  }
  return out;
}

}  // namespace palermo::casework
