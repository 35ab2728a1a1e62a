#include "node/casework/persons.h"

#include <algorithm>
#include <string>
#include <vector>

#include "node/casework/rules.h"
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

}  // namespace

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
      ++names;
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
