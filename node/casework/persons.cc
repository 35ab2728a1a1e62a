#include "node/casework/persons.h"

#include <algorithm>
#include <string>
#include <vector>

#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kFewestWords = 2, kMostWords = 4;

bool IsCapital(char32_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
         (c >= 0x391 && c <= 0x3A9) || (c >= 0x400 && c <= 0x42F);
}

// Letters, apostrophes and hyphens alone.
bool IsNameText(std::string_view word) {
  while (!word.empty()) {
    const char32_t c = TakeCodePoint(word);
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xC0;
    if (!letter && c != '\'' && c != '-' && c != 0x2019) return false;
  }
  return true;
}

bool IsNameWord(std::string_view word) {
  if (word.size() < 2 || !IsNameText(word)) return false;
  return IsCapital(TakeCodePoint(word));
}

// Nouns of a description, which headings and some languages write with a capital. None that is a
// name, too: no Young, no Mann, no Nina.
bool Describes(const std::string& folded) {
  return OneOf(folded,
               {"woman",          "girl",    "female",  "national", "citizen",   "eyes",
                "hair",           "femme",   "homme",   "fille",    "enfant",    "yeux",
                "cheveux",        "mujer",   "hombre",  "ojos",     "cabello",   "madchen",
                "augen",          "haare",   "mulher",  "homem",    "ciudadana", "ressortissant",
                "ressortissante", "женщина", "мужчина", "девушка",  "ciudadano"});
}

bool IsParticle(std::string_view word) {
  return OneOf(word, {"van", "von", "der", "den", "de", "del", "da", "dos", "di", "la", "le", "el",
                      "al", "bin", "ibn", "bint", "y", "e"});
}

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    while (!word.empty() && OneOf(word.substr(0, 1), {"\"", "("})) word.remove_prefix(1);
    while (!word.empty() && OneOf(word.substr(word.size() - 1), {",", ".", ";", ":", "\"", ")"})) {
      word.remove_suffix(1);
    }
    if (!word.empty()) words.push_back(word);
    begin = end + 1;
  }
  return words;
}

// The word after which a name stands.
bool Introduces(const std::string& folded) {
  return OneOf(folded,
               {"named",  "called",   "alias",    "nee",      "aka",       "name",    "nomme",
                "nommee", "appele",   "appelee",  "prenomme", "prenommee", "llamado", "llamada",
                "nombre", "apellido", "по имени", "именем",   "имени",     "зовут",   "фамилия"});
}

// The numbers of a text, up to so many bytes.
struct DateNumber {
  size_t begin = 0, end = 0;
  int value = 0;
};
std::vector<DateNumber> DateNumbersIn(std::string_view text) {
  constexpr size_t kLongest = 4;  // longer ones are no part of a date
  std::vector<DateNumber> numbers;
  for (size_t at = 0; at < text.size();) {
    if (!IsDigit(text[at])) {
      ++at;
      continue;
    }
    DateNumber number{at, at, 0};
    while (number.end < text.size() && IsDigit(text[number.end])) ++number.end;
    const bool part = number.end - number.begin <= kLongest;
    if (part) number.value = std::stoi(std::string(text.substr(at, number.end - at)));
    at = number.end;
    if (part) numbers.push_back(number);
  }
  return numbers;
}

// A day, and not far behind it a year, or a year with month and day right behind it.
bool BeginsWithADay(std::string_view text) {
  constexpr size_t kFarthest = 16;   // "12th of September "
  constexpr size_t kLastBegin = 18;  // "born in Port-Sel on the 12th"
  constexpr int kFirstYear = 1900, kLastYear = 2099, kMostYears = 99;
  const auto numbers = DateNumbersIn(text);
  const auto is_day = [](const DateNumber& n) { return n.value >= 1 && n.value <= 31; };
  const auto is_year = [](const DateNumber& n) {
    return n.end - n.begin == 4 && n.value >= kFirstYear && n.value <= kLastYear;
  };
  const auto next = [&](size_t i) { return numbers[i + 1].begin - numbers[i].end == 1; };
  for (size_t i = 0; i + 1 < numbers.size() && numbers[i].begin <= kLastBegin; ++i) {
    const DateNumber &first = numbers[i], &second = numbers[i + 1];
    const bool third = i + 2 < numbers.size() && next(i) && next(i + 1);
    if (is_day(first) && is_year(second) && second.begin - first.end <= kFarthest) return true;
    if (third && is_day(second) && is_day(numbers[i + 2]) && is_year(first)) return true;
    if (third && is_day(first) && is_day(second) && numbers[i + 2].value <= kMostYears) return true;
    if (third && is_day(first) && is_day(second) && is_year(numbers[i + 2])) return true;
  }
  return false;
}

}  // namespace

bool TellsABirth(std::string_view text) {
  constexpr size_t kNear = 40;
  constexpr std::string_view kWords[] = {
      "born",       "birth",  "dob",        "ne le",   "nee le",  "naissance", "nacid",
      "nacimiento", "nascid", "nascimento", "nato il", "nata il", "geboren",   "geburtsdatum",
      "родил",      "рожден", "出生",       "生于",    "مواليد",  "ولد",       "تاريخ الميلاد"};
  if (!HasDigit(text)) return false;
  const std::string folded = Folded(text);
  for (std::string_view word : kWords) {
    for (size_t at = folded.find(word); at != std::string::npos; at = folded.find(word, at + 1)) {
      const std::string_view behind = std::string_view(folded).substr(at + word.size(), kNear);
      if (BeginsWithADay(behind)) return true;
    }
  }
  return false;
}

bool TellsAPhone(std::string_view text) {
  constexpr size_t kFewest = 8, kMost = 15;
  for (size_t at = text.find('+'); at != std::string_view::npos; at = text.find('+', at + 1)) {
    size_t digits = 0;
    for (char c : text.substr(at + 1)) {
      if (IsDigit(c)) {
        ++digits;
      } else if (std::string_view(" -.()/").find(c) == std::string_view::npos) {
        break;
      }
    }
    if (digits >= kFewest && digits <= kMost) return true;
  }
  return false;
}

bool HasRole(const v1::Person& person, std::initializer_list<std::string_view> roles) {
  return std::any_of(person.roles().begin(), person.roles().end(),
                     [&](const std::string& role) { return OneOf(role, roles); });
}
bool IsVictim(const v1::Person& p) {
  return HasRole(p, {"VICTIM", "PRESUMED_VICTIM", "CHILD_VICTIM"});
}
bool IsSuspect(const v1::Person& p) { return HasRole(p, {"SUSPECT", "ACCUSED", "CONVICTED"}); }
bool IsChild(const v1::Person& p) {
  return HasRole(p, {"CHILD_VICTIM"}) || OneOf(p.age_status(), {"CHILD", "UNKNOWN_PRESUMED_CHILD"});
}
bool StandsOnConsent(const v1::Request& request, uint32_t n, std::string_view ref) {
  using T = v1::AssistanceType;
  const auto item = std::find_if(request.items().begin(), request.items().end(),
                                 [&](const v1::Item& one) { return one.n() == n; });
  if (item == request.items().end()) return false;
  const auto find = [&](std::string_view who) {
    return std::find_if(
        request.persons().begin(), request.persons().end(),
        [&](const v1::Person& one) { return !who.empty() && SameRef(one.ref(), who); });
  };
  const auto person = find(ref);
  const bool referred = !ref.empty() && SameRef(request.referral().pseudonym(), ref);
  if (person == request.persons().end() && !referred) return false;
  // `person` may hold words, too.
  const bool by_word = find(item->person()) != request.persons().end();
  const std::string& who =
      item->person_ref().empty() && by_word ? item->person() : item->person_ref();
  if (!who.empty() && !SameRef(who, ref)) return false;
  switch (item->type()) {
    case T::VIDEO_HEARING:
      // A witness is heard by the law of the state; an accused agrees, 2AP 9.
      return person != request.persons().end() && IsSuspect(*person);
    case T::VERIFY_NATIONALITY:
    case T::ISSUE_TRAVEL_DOCUMENT:
      // Where it was asked out of necessity, no consent carries it.
      return SaysNothing(item->necessity());
    case T::VOLUNTARY_APPEARANCE:
    case T::TRANSFER_DETAINED_WITNESS:
    case T::TRANSFER_SENTENCED_PERSON:
    case T::WITNESS_RELOCATION:
    case T::COOPERATOR_ARRANGEMENT:
    case T::VICTIM_REFERRAL:
    case T::VICTIM_SUPPORT_CONTACT:
    case T::RETURN_PLAN:
    case T::CHILD_RETURN:
      return true;
    default:
      return false;
  }
}

bool IsProtected(const v1::Person& p) {
  return p.sealed() || p.protected_() || IsVictim(p) || !p.sealed_id().empty() ||
         HasRole(p, {"COOPERATOR", "SMUGGLED_MIGRANT", "INFORMANT"});
}

bool IsOnlyAName(std::string_view text) {
  const auto words = WordsOf(text);
  if (words.size() < kFewestWords || words.size() > kMostWords) return false;
  size_t names = 0;
  for (std::string_view word : words) {
    if (IsNameWord(word)) {
      names += Describes(Folded(word)) ? 0 : 1;
    } else if (!IsParticle(word)) {
      return false;
    }
  }
  return names >= kFewestWords;
}

bool TellsAName(std::string_view text) {
  const auto words = WordsOf(text);
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    // Most words have no name behind them: nothing is folded for those.
    if (!IsNameWord(words[i + 2]) || !Introduces(Folded(words[i]))) continue;
    // "whose name is Lina Orsay"
    const size_t first = OneOf(Folded(words[i + 1]), {"is", "was", "est", "es"}) ? i + 2 : i + 1;
    if (first + 1 >= words.size()) continue;
    if (IsNameWord(words[first]) && IsNameWord(words[first + 1])) return true;
  }
  return false;
}

}  // namespace palermo::casework
