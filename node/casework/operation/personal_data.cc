#include "node/casework/operation/personal_data.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "node/casework/leak_fold.h"
#include "node/casework/phone.h"

namespace palermo::casework {
namespace {

constexpr size_t kNearWords = 6;       // words between a word and the number that it is about
constexpr size_t kFewestPhone = 7;     // digits
constexpr size_t kMostPhone = 15;      // E.164
constexpr size_t kFewestDocument = 5;  // digits, beside letters
constexpr size_t kFewestPlain = 7;     // digits alone
constexpr size_t kMostDocument = 14;
constexpr size_t kLongestPhone = 32;  // bytes, with what stands between the digits

using WordSet = std::set<std::string, std::less<>>;

WordSet FoldedSet(std::initializer_list<const char*> words) {
  WordSet out;
  for (const char* word : words) out.insert(FoldForScan(word).letters);
  return out;
}

const WordSet& BirthWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"born",     "birth",      "birthdate",  "birthday", "dob",          "nee",     "naissance",
       "nacido",   "nacida",     "nacimiento", "geboren",  "geburtsdatum", "geb",     "nascido",
       "nascida",  "nascimento", "nato",       "nata",     "nascita",      "родился", "родилась",
       "рождения", "рожд",       "ولد",        "ولدت",     "مواليد",       "الميلاد", "ميلاد"}));
  return words;
}
const WordSet& DocumentWords() {
  static const auto& words = *new WordSet(
      FoldedSet({"passport", "passports", "passeport", "pasaporte", "passaporte", "passaporto",
                 "reisepass", "паспорт", "паспорта", "جواز", "personalausweis", "ausweis"}));
  return words;
}
// Of two words: "identity card", "residence permit".
const WordSet& DocumentKinds() {
  static const auto& words =
      *new WordSet(FoldedSet({"identity", "id", "ident", "identite", "identidad", "residence",
                              "travel", "birth", "driving", "national", "удостоверение"}));
  return words;
}
const WordSet& DocumentNames() {
  static const auto& words =
      *new WordSet(FoldedSet({"card", "document", "permit", "certificate", "licence", "license",
                              "carte", "carta", "личности", "id", "no", "number"}));
  return words;
}
const WordSet& PhoneWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"tel", "telephone", "phone", "mobile", "cell", "cellphone", "whatsapp", "handy", "telefon",
       "telefono", "telefone", "celular", "movil", "телефон", "тел", "هاتف", "جوال"}));
  return words;
}
const WordSet& Fillers() {
  static const auto& words = *new WordSet(
      FoldedSet({"no",  "nr", "number", "num",   "numero", "nummer", "n",     "of",   "the",
                 "de",  "du", "del",    "della", "von",    "is",     "was",   "card", "her",
                 "his", "le", "la",     "el",    "by",     "issued", "номер", "رقم"}));
  return words;
}
// Whose telephone is no person's.
const WordSet& OfficeWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"mrcc",      "jrcc",    "rcc",        "mrsc",     "duty",    "hotline",      "centre",
       "center",    "desk",    "liaison",    "office",   "officer", "unit",         "coastguard",
       "guard",     "embassy", "consulate",  "command",  "control", "headquarters", "point",
       "room",      "police",  "prosecutor", "hospital", "master",  "vessel",       "ship",
       "satellite", "iridium", "inmarsat",   "bridge",   "leader",  "switchboard"}));
  return words;
}
const WordSet& PersonWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"mother", "father", "brother", "sister", "parents", "uncle", "aunt", "family", "husband",
       "wife", "girl", "boy", "child", "victim", "her", "his", "migrant", "witness", "survivor"}));
  return words;
}

class PersonalText {
 public:
  explicit PersonalText(std::string_view text) : text_(text), folded_(FoldForScan(text)) {}

  bool Holds() const {
    for (size_t i = 0; i < size(); ++i) {
      if (IsBirth(i) || IsDocument(i) || IsNamedPhone(i)) return true;
    }
    return HoldsPhone();
  }

 private:
  size_t size() const { return folded_.words.size(); }
  const FoldedWord& At(size_t i) const { return folded_.words[i]; }
  std::string_view Letters(size_t i) const { return folded_.Letters(At(i)); }
  bool IsIn(size_t i, const WordSet& words) const {
    return i < size() && !At(i).digits && words.find(Letters(i)) != words.end();
  }
  // What stands between a word and the one before.
  std::string_view Before(size_t i) const {
    if (i == 0) return "";
    return text_.substr(At(i - 1).text_end, At(i).text_begin - At(i - 1).text_end);
  }
  bool EndsSentence(size_t i) const {
    const std::string_view gap = Before(i);
    return At(i).far || gap.find_first_of(";\n!?") != std::string_view::npos ||
           gap.find(". ") != std::string_view::npos;
  }

  // A year and a day near each other: "2009-04-17", "17 April 2009", "17.4.09", "20090417".
  bool HasDate(size_t first, size_t last) const {
    bool year = false;
    size_t days = 0;
    for (size_t i = first; i < std::min(last, size()); ++i) {
      if (i > first && EndsSentence(i)) break;
      if (!At(i).digits) continue;
      const std::string_view digits = Letters(i);
      const bool century = digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20";
      if (digits.size() == 8 && century) return true;
      year = year || (digits.size() == 4 && century);
      days += digits.size() <= 2 ? 1 : 0;
    }
    return (year && days > 0) || days >= 3;
  }
  bool IsBirth(size_t i) const {
    return IsIn(i, BirthWords()) && HasDate(i + 1, i + 1 + kNearWords);
  }

  // "P1234567", "123 456 789": how many digits from word `i` on, and whether letters are glued to
  // them. Nothing that is a date.
  bool IsNumber(size_t i, size_t least, size_t most, bool letters) const {
    size_t digits = 0, groups = 0;
    bool mixed = false;
    std::string gaps;
    for (size_t at = i; at < size(); ++at) {
      const bool glued = at > i && At(at).glued;
      if (!At(at).digits) {
        const bool head = at + 1 < size() && At(at + 1).glued && At(at + 1).digits;
        if (!letters || !(glued || (at == i && head)) || Letters(at).size() > 3) break;
        mixed = true;
        continue;
      }
      if (at > i && !glued) {
        const std::string_view gap = Before(at);
        if (gap.size() > 2 || gap.find_first_not_of(" -./()") != std::string_view::npos) break;
        gaps += std::string(gap);
      }
      digits += Letters(at).size();
      ++groups;
    }
    const bool date = groups == 3 && digits <= 8 && (gaps == "--" || gaps == ".." || gaps == "//");
    return !date && digits >= (mixed ? std::min(least, kFewestDocument) : least) && digits <= most;
  }
  // The word after those that say nothing: "no. of the state QT".
  size_t AfterFillers(size_t i) const {
    const size_t end = std::min(size(), i + kNearWords);
    while (i < end && !At(i).far && (IsIn(i, Fillers()) || IsCode(i))) ++i;
    return i;
  }
  // "QT", "MAR": a state, with nothing glued to it.
  bool IsCode(size_t i) const {
    const std::string_view word = text_.substr(At(i).text_begin, At(i).text_end - At(i).text_begin);
    const bool capitals = std::all_of(word.begin(), word.end(), [](char c) {
      return absl::ascii_isupper(static_cast<unsigned char>(c));
    });
    return capitals && (word.size() == 2 || word.size() == 3) &&
           !(i + 1 < size() && At(i + 1).glued);
  }
  bool IsDocument(size_t i) const {
    const bool two = IsIn(i, DocumentKinds()) && IsIn(i + 1, DocumentNames());
    if (!two && !IsIn(i, DocumentWords())) return false;
    const size_t at = AfterFillers(i + (two ? 2 : 1));
    return at < size() && !At(at).far && IsNumber(at, kFewestPlain, kMostDocument, true);
  }

  // Words before that say whose number it is.
  bool IsOfAnOffice(size_t i) const {
    bool office = false;
    for (size_t back = 0; back < kNearWords * 2 && back < i; ++back) {
      const size_t at = i - 1 - back;
      if (IsIn(at, PersonWords())) return false;
      office = office || IsIn(at, OfficeWords());
      if (EndsSentence(at)) break;
    }
    return office;
  }
  bool IsNamedPhone(size_t i) const {
    if (!IsIn(i, PhoneWords())) return false;
    const size_t at = AfterFillers(i + 1);
    return at < size() && At(at).digits && !At(at).far &&
           IsNumber(at, kFewestPhone, kMostPhone, false) && !IsOfAnOffice(at);
  }
  // "+999 123 456 789" wherever it stands.
  bool HoldsPhone() const {
    for (size_t i = 0; i < size(); ++i) {
      const size_t begin = At(i).text_begin;
      if (!At(i).digits || begin == 0 || text_[begin - 1] != '+') continue;
      std::string number(text_.substr(begin - 1, kLongestPhone));
      number.resize(std::min(number.size(), number.find_first_not_of("+0123456789 -./()")));
      // What follows may be another number.
      while (!number.empty()) {
        number.resize(number.find_last_of("0123456789") + 1);
        const auto digits = static_cast<size_t>(std::count_if(
            number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }));
        if (digits < kFewestPhone) break;
        if (digits <= kMostPhone && IsPhone(number) && !IsOfAnOffice(i)) return true;
        const size_t space = number.find_last_of(' ');
        number.resize(space == std::string::npos ? 0 : space);
      }
    }
    return false;
  }

  const std::string_view text_;
  const FoldedText folded_;
};

}  // namespace

bool HoldsPersonalData(std::string_view text) { return PersonalText(text).Holds(); }

}  // namespace palermo::casework
