#include "node/casework/operation/personal_data.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "node/casework/leak_fold.h"
#include "node/casework/phone.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kNearWords = 6;       // words between a word and the number that it is about
constexpr size_t kFewestPhone = 7;     // digits
constexpr size_t kMostPhone = 15;      // E.164
constexpr size_t kFewestDocument = 5;  // digits, beside letters
constexpr size_t kFewestPlain = 7;     // digits alone
constexpr size_t kMostDocument = 14;
constexpr size_t kLongestPhone = 32;  // bytes, with what stands between the digits
constexpr size_t kFewestNames = 2;    // capitalised words that are a name without "named"
constexpr size_t kMostNames = 6;

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
      FoldedSet({"passport", "passeport", "pasaporte", "passaporte", "passaporto", "reisepass",
                 "паспорт", "паспорта", "جواز", "personalausweis", "ausweis"}));
  return words;
}
// Of several: a number beside them is how many, or what they cost, unless it is said to be theirs.
const WordSet& DocumentsWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"passports", "passeports", "pasaportes", "passaportes", "passaporti", "паспортов"}));
  return words;
}
// What has an id or a passport that is no person's: "record id", "blank passports".
const WordSet& ThingWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"blank",  "blanks",  "task",      "record",   "case",  "file",    "evidence", "exhibit",
       "item",   "seal",    "container", "vehicle",  "car",   "lorry",   "vessel",   "ship",
       "boat",   "engine",  "batch",     "lot",      "order", "parcel",  "invoice",  "device",
       "camera", "message", "operation", "aircraft", "plan",  "decision"}));
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
  static const auto& words = *new WordSet(FoldedSet(
      {"no",  "numbers", "nos", "nr",  "number", "num",    "numero", "nummer", "n",    "of",
       "the", "de",      "du",  "del", "della",  "von",    "is",     "was",    "card", "her",
       "his", "le",      "la",  "el",  "by",     "issued", "номер",  "رقم"}));
  return words;
}
// Whose telephone is no person's.
const WordSet& OfficeWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"mrcc",      "jrcc",    "rcc",         "mrsc",     "duty",    "hotline",      "centre",
       "center",    "desk",    "liaison",     "office",   "officer", "unit",         "coastguard",
       "guard",     "embassy", "consulate",   "command",  "control", "headquarters", "point",
       "room",      "police",  "prosecutor",  "hospital", "master",  "vessel",       "ship",
       "satellite", "iridium", "inmarsat",    "bridge",   "leader",  "switchboard",  "mv",
       "mt",        "fv",      "boat",        "craft",    "navy",    "customs",      "port",
       "harbour",   "harbor",  "authority",   "agency",   "service", "ministry",     "lifeboat",
       "inspector", "captain", "investigator"}));
  return words;
}
// What began one day without being a person.
const WordSet& BegunWords() {
  static const auto& words = *new WordSet(
      FoldedSet({"idea", "plan", "operation", "project", "team", "unit", "network", "task"}));
  return words;
}
const WordSet& PersonWords() {
  static const auto& words = *new WordSet(FoldedSet(
      {"mother", "father", "brother", "sister", "parents", "uncle", "aunt", "family", "husband",
       "wife", "girl", "boy", "child", "victim", "her", "his", "migrant", "witness", "survivor"}));
  return words;
}

// Whose name stands beside the word. No "man": "man overboard".
const WordSet& NamedPersons() {
  static const auto& words = *new WordSet(
      FoldedSet({"victim",    "victims", "migrant", "migrants", "witness",  "witnesses", "survivor",
                 "survivors", "girl",    "girls",   "boy",      "boys",     "child",     "minor",
                 "woman",     "refugee", "seeker",  "daughter", "son",      "mother",    "father",
                 "sister",    "brother", "wife",    "husband",  "orphan",   "infant",    "baby",
                 "niece",     "nephew",  "aunt",    "uncle",    "informant"}));
  return words;
}
const WordSet& NamingWords() {
  static const auto& words = *new WordSet(FoldedSet({"named", "called", "alias"}));
  return words;
}
const WordSet& SurnameWords() {
  static const auto& words = *new WordSet(FoldedSet({"surname", "surnames"}));
  return words;
}
const WordSet& NameWords() {
  static const auto& words = *new WordSet(FoldedSet({"name", "names"}));
  return words;
}
const WordSet& IsWords() {
  static const auto& words = *new WordSet(FoldedSet({"is", "was", "are", "were"}));
  return words;
}
const WordSet& NameKinds() {
  static const auto& words =
      *new WordSet(FoldedSet({"first", "given", "family", "last", "maiden", "full", "her", "his"}));
  return words;
}
const WordSet& NameParticles() {
  static const auto& words =
      *new WordSet(FoldedSet({"de", "da", "do", "dos", "del", "della", "di", "van", "von", "der",
                              "al", "el", "bin", "bint", "ibn", "ben", "abu"}));
  return words;
}
// Capitalised beside a word for a person, and of an office, a text, a ship, a place or a day.
const WordSet& NoNames() {
  static const auto& words = *new WordSet(
      FoldedSet({"rights",      "convention",   "protection", "service",      "services",
                 "support",     "liaison",      "officer",    "unit",         "centre",
                 "center",      "programme",    "program",    "house",        "home",
                 "shelter",     "hospital",     "office",     "day",          "act",
                 "law",         "plan",         "team",       "group",        "aid",
                 "fund",        "committee",    "ministry",   "police",       "court",
                 "embassy",     "authority",    "agency",     "operation",    "task",
                 "port",        "harbour",      "harbor",     "annex",        "article",
                 "protocol",    "form",         "record",     "statement",    "care",
                 "safety",      "red",          "cross",      "crescent",     "save",
                 "children",    "organization", "national",   "union",        "referral",
                 "coordinator", "mv",           "mt",         "fv",           "vessel",
                 "ship",        "boat",         "guard",      "coast",        "street",
                 "road",        "square",       "island",     "isle",         "airport",
                 "station",     "bay",          "beach",      "school",       "church",
                 "camp",        "river",        "january",    "february",     "march",
                 "april",       "may",          "june",       "july",         "august",
                 "september",   "october",      "november",   "december",     "monday",
                 "tuesday",     "wednesday",    "thursday",   "friday",       "saturday",
                 "sunday",      "utc",          "charter",    "organisation", "international",
                 "assistance",  "interview",    "list",       "report",       "compartment"}));
  return words;
}

class PersonalText {
 public:
  explicit PersonalText(std::string_view text) : text_(text), folded_(FoldForScan(text)) {}

  bool Holds() const {
    for (size_t i = 0; i < size(); ++i) {
      if (IsBirth(i) || IsDocument(i) || IsNamedPhone(i) || IsName(i)) return true;
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

  // "2009-04": the numbers from `i` on that single signs join, and one behind the last.
  size_t EndOfRun(size_t i, size_t last) const {
    size_t end = i + 1;
    while (end < last && At(end).digits &&
           (Before(end) == "-" || Before(end) == "." || Before(end) == "/")) {
      ++end;
    }
    return end;
  }
  // A year and a day near each other: "2009-04-17", "17 April 2009", "17.4.09", "20090417". A month
  // of a year is no day: "two born 2025-10 and 2026-02".
  bool HasDate(size_t first, size_t last) const {
    last = std::min(last, size());
    bool year = false;
    size_t days = 0;
    for (size_t i = first; i < last;) {
      if (i > first && EndsSentence(i)) break;
      if (!At(i).digits) {
        ++i;
        continue;
      }
      const size_t end = EndOfRun(i, last);
      bool years = false;
      size_t short_numbers = 0;
      for (size_t at = i; at < end; ++at) {
        const std::string_view digits = Letters(at);
        const bool century = digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20";
        if (digits.size() == 8 && century) return true;
        years = years || (digits.size() == 4 && century);
        short_numbers += digits.size() <= 2 ? 1 : 0;
      }
      const bool month = years && end - i == 2;
      year = year || years;
      days += month ? 0 : short_numbers;
      i = end;
    }
    return (year && days > 0) || days >= 3;
  }
  std::string_view Word(size_t i) const {
    return text_.substr(At(i).text_begin, At(i).text_end - At(i).text_begin);
  }
  // One of these words stands before in the same sentence.
  bool IsAfter(size_t i, const WordSet& words) const {
    for (size_t back = 0; back < kNearWords && back < i && !EndsSentence(i - back); ++back) {
      if (IsIn(i - back - 1, words)) return true;
    }
    return false;
  }
  bool IsBirth(size_t i) const {
    // The alliance of states is written in capitals.
    return IsIn(i, BirthWords()) && Word(i) != "NATO" && HasDate(i + 1, i + 1 + kNearWords) &&
           !IsAfter(i, BegunWords());
  }

  // --- Names: only beside a word that says that it is one, or a person's
  bool IsCapitalised(size_t i) const {
    std::string_view word = Word(i);
    return !At(i).digits && !word.empty() && u_isupper(static_cast<UChar32>(TakeCodePoint(word)));
  }
  // "V-1", "W2": a number hangs on it, as on a pseudonym.
  bool IsReferenceAt(size_t i) const {
    if (i + 1 >= size() || !At(i + 1).digits || At(i + 1).far) return false;
    return Before(i + 1).empty() || Before(i + 1) == "-";
  }
  // How many words from `i` on are written as a name is; 0 when one of them is of an office, a
  // place or a day, or a reference.
  size_t NamesFrom(size_t i) const {
    size_t names = 0;
    for (size_t at = i; at < size() && names < kMostNames; ++at) {
      if (at > i && (EndsSentence(at) || !IsBefore(at, " -,'"))) break;
      if (IsIn(at, NameParticles()) && at + 1 < size() && IsCapitalised(at + 1)) continue;
      if (!IsCapitalised(at)) break;
      if (IsIn(at, NoNames()) || IsReferenceAt(at)) return 0;
      ++names;
    }
    return names;
  }
  // Nothing but these signs stands before the word.
  bool IsBefore(size_t i, std::string_view allowed) const {
    return i < size() && !At(i).far && Before(i).find_first_not_of(allowed) == std::string::npos;
  }
  // "the girl Lina Orsay"; "the witness, named Orsay"; "surname: Orsay"; "her name is Lina".
  bool IsName(size_t i) const {
    if (IsIn(i, NamedPersons()) && IsBefore(i + 1, " :(\"") && NamesFrom(i + 1) >= kFewestNames) {
      return true;
    }
    if (IsIn(i, NamingWords()) && IsAfter(i, NamedPersons())) {
      return IsBefore(i + 1, " :\"") && NamesFrom(i + 1) > 0;
    }
    if (!IsIn(i, SurnameWords()) && !(IsIn(i, NameWords()) && IsOfAPerson(i))) return false;
    return IsBefore(i + 1, " :\"") && NamesFrom(i + (IsIn(i + 1, IsWords()) ? 2 : 1)) > 0;
  }
  // "her name", "first name", "the victim's name".
  bool IsOfAPerson(size_t i) const {
    if (i == 0) return false;
    const size_t owner = i > 1 && Word(i - 1) == "s" ? i - 2 : i - 1;
    return IsIn(owner, NameKinds()) || IsIn(owner, NamedPersons());
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
    const std::string first = gaps.substr(0, 2);
    const bool dated = first == "--" || first == ".." || first == "//";
    const bool date = dated && ((groups == 3 && digits <= 8 && gaps.size() == 2) ||
                                (groups > 3 && gaps[2] == ' '));
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
    const bool many = IsIn(i, DocumentsWords());
    if (!two && !many && !IsIn(i, DocumentWords())) return false;
    if (i > 0 && IsIn(i - 1, ThingWords())) return false;
    const size_t first = i + (two ? 2 : 1), at = AfterFillers(first);
    if (many && at == first && at < size() && At(at).digits) return false;
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
    return office || IsCalledAnOffice(i);
  }
  // "+999 123 456 789 (duty desk)": what follows the number of word `i` says whose it is.
  bool IsCalledAnOffice(size_t i) const {
    size_t after = i + 1;
    while (after < size() && At(after).digits) ++after;
    for (size_t at = after; at < std::min(size(), after + kNearWords) && !EndsSentence(at); ++at) {
      if (IsIn(at, PersonWords())) return false;
      if (IsIn(at, OfficeWords())) return true;
    }
    return false;
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

// "ORSAY<<LINA", as in the zone of a document that machines read (ICAO 9303), or a line of it.
bool HoldsMachineReadableName(std::string_view text) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
  constexpr std::string_view kLetters = kSigns.substr(0, 26);
  constexpr size_t kFewestOfALine = 28;
  for (size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at)) {
    const size_t before = text.find_last_not_of(kSigns, at);
    const size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const size_t end = std::min(text.find_first_not_of(kSigns, at), text.size());
    const size_t name = std::min(text.find_first_not_of('<', at), end);
    const auto letter = [&](size_t i) {
      return i >= begin && i < end && kLetters.find(text[i]) != std::string_view::npos;
    };
    const bool surname = at > begin + 1 && letter(at - 1) && letter(at - 2);
    if (end - begin >= kFewestOfALine || (surname && letter(name) && letter(name + 1))) return true;
    at = end;
  }
  return false;
}

}  // namespace

bool HoldsPersonalData(std::string_view text) {
  return HoldsMachineReadableName(text) || PersonalText(text).Holds();
}

bool SaysSomething(std::string_view text) {
  while (!text.empty()) {
    if (u_isalnum(static_cast<UChar32>(TakeCodePoint(text)))) return true;
  }
  return false;
}

bool IsReason(std::string_view text) {
  if (SaysNothing(text)) return false;
  int signs = 0;
  while (!text.empty()) {
    const auto c = static_cast<UChar32>(TakeCodePoint(text));
    if (!u_isalnum(c)) continue;
    UErrorCode error = U_ZERO_ERROR;
    const bool word =
        u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) || uscript_getScript(c, &error) == USCRIPT_HANGUL;
    if (word || ++signs > 1) return true;
  }
  return false;
}

}  // namespace palermo::casework
