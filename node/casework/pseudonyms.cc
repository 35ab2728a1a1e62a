// What stands for a protected person in clear text: a pseudonym, as courts and police write them,
// and a place where somebody is, as people say it. A name and a house are told from both.
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_split.h"
#include "node/casework/persons.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Folded. What a pseudonym says of the part that its bearer has in the case.
constexpr std::string_view kParts[] = {
    "victim",      "victime",   "victima",    "opfer",       "vitima",        "witness",
    "temoin",      "testigo",   "zeuge",      "zeugin",      "testemunha",    "source",
    "fuente",      "quelle",    "fonte",      "informant",   "informateur",   "informante",
    "child",       "enfant",    "kind",       "crianca",     "minor",         "mineur",
    "mineure",     "menor",     "person",     "personne",    "persona",       "pessoa",
    "migrant",     "migrante",  "cooperator", "complainant", "plaignant",     "plaignante",
    "protected",   "protege",   "protegee",   "protegido",   "protegida",     "geschutzte",
    "geschutzter", "anonymous", "anonyme",    "anonimo",     "anonima",       "presumed",
    "no",          "nr",        "n",          "свидетель",   "свидетельница", "потерпевший",
    "потерпевшая", "жертва",    "источник",   "ребенок",     "лицо",          "мигрант",
    "شاهد",        "الشاهد",    "شاهدة",      "الشاهدة",     "ضحية",          "الضحية",
    "مصدر",        "المصدر",    "طفل",        "الطفل",       "طفلة",          "الطفلة",
    "شخص",         "الشخص",     "رقم"};
constexpr std::string_view kHanParts[] = {"受害人", "被害人", "受害者", "证人",
                                          "證人",   "线人",   "儿童",   "未成年人"};
// What tells one from another. No words that are given names, too: no Charlie, no Victor.
constexpr std::string_view kLabels[] = {
    "alpha",   "alfa",   "beta",    "gamma", "epsilon",  "zeta",    "eta",     "theta",   "iota",
    "kappa",   "lambda", "omicron", "sigma", "tau",      "upsilon", "omega",   "bravo",   "echo",
    "foxtrot", "golf",   "hotel",   "kilo",  "november", "quebec",  "uniform", "whiskey", "yankee",
    "one",     "two",    "three",   "four",  "five",     "six",     "seven",   "eight",   "nine",
    "ten",     "first",  "second",  "third", "un",       "une",     "deux",    "trois",   "quatre",
    "cinq",    "sept",   "huit",    "neuf",  "dix",      "uno",     "cuatro",  "cinco",   "seis",
    "siete",   "ocho",   "nueve",   "diez",  "eins",     "zwei",    "drei",    "vier",    "funf",
    "sechs",   "sieben", "acht",    "neun",  "zehn",     "red",     "blue",    "rouge",   "bleu",
    "rojo",    "azul",   "rot",     "blau",  "один",     "два",     "три",     "четыре",  "пять",
    "шесть"};
// Names that are given to those who have none here.
constexpr std::string_view kNobody[] = {"jane doe", "john doe",  "jane roe", "john roe", "mme x",
                                        "m x",      "mr x",      "mrs x",    "ms x",     "frau x",
                                        "herr x",   "n n",       "nn",       "fulano",   "fulana",
                                        "unnamed",  "anonymous", "anonyme",  "anonimo",  "anonima"};

template <typename List>
bool IsOf(std::string_view word, const List& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Digits of any usual script.
bool IsNumberSign(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 0x660 && c <= 0x669) || (c >= 0x6F0 && c <= 0x6F9) ||
         (c >= 0x966 && c <= 0x96F);
}

// "7", "A", "12b", "甲", "Alpha".
bool IsLabel(std::string_view word) {
  if (IsOf(word, kLabels)) return true;
  // A longer number is a date or a document's; a single character of Chinese is a family name.
  constexpr size_t kMostNumbers = 4;
  constexpr std::u32string_view kHanLabels = U"甲乙丙丁戊己庚辛壬癸一二三四五六七八九十";
  size_t signs = 0, numbers = 0;
  bool family = false;
  for (std::string_view rest = word; !rest.empty(); ++signs) {
    const char32_t c = TakeCodePoint(rest);
    numbers += IsNumberSign(c) ? 1 : 0;
    family |= c >= 0x2E80 && c < 0xFF00 && kHanLabels.find(c) == kHanLabels.npos;
  }
  if (family || numbers > kMostNumbers) return false;
  return signs == 1 || (numbers > 0 && signs - numbers <= 2);
}

std::vector<std::string> PlainParts(std::string_view text) {
  return absl::StrSplit(Folded(text), absl::ByAnyChar(" .-_/#:()"), absl::SkipEmpty());
}

bool IsHanPseudonym(std::string_view ref) {
  for (std::string_view part : kHanParts) {
    if (!ref.starts_with(part)) continue;
    const std::string rest = Folded(ref.substr(part.size()));
    if (rest.empty() || IsLabel(rest)) return true;
  }
  return false;
}

// One word: letters in small, and no digit.
bool IsNameLike(std::string_view ref) {
  constexpr size_t kFewLetters = 3;
  size_t letters = 0;
  bool digit = false;
  while (!ref.empty()) {
    const char32_t c = TakeCodePoint(ref);
    if (c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000) return true;
    digit |= IsNumberSign(c);
    letters += (c >= 'a' && c <= 'z') || c > 0x7F ? 1 : 0;
  }
  return !digit && letters >= kFewLetters;
}

// --- Places

constexpr std::string_view kAreaWords[] = {
    "district",     "distrito",   "sector",     "secteur",  "zone",        "zona",
    "ward",         "region",     "precinct",   "quarter",  "quartier",    "arrondissement",
    "province",     "county",     "raion",      "bezirk",   "departement", "department",
    "departamento", "territory",  "territoire", "camp",     "campo",       "lager",
    "commune",      "comuna",     "canton",     "postal",   "postcode",    "code",
    "cp",           "plz",        "zip",        "km",       "kilometre",   "kilometres",
    "kilometer",    "kilometers", "mile",       "miles",    "inhabitants", "habitants",
    "habitantes",   "einwohner",  "exit",       "motorway", "route",       "highway",
    "autobahn",     "since",      "until",      "depuis",   "desde",       "seit",
    "район",        "районе",     "округ",      "округе",   "сектор",      "область",
    "км",           "индекс",     "жителей",    "منطقة",    "المنطقة",     "مخيم",
    "حي",           "كم"};
constexpr std::string_view kDistances[] = {
    "km",   "kilometre", "kilometres", "kilometer", "mile", "miles", "kilometers",
    "exit", "route",     "since",      "until",     "км",   "كم"};
constexpr std::string_view kOrdinals[] = {"e",  "er", "eme", "ere", "st", "nd",
                                          "rd", "th", "и",   "го",  "м",  "е"};

size_t DigitsBefore(std::string_view word) {
  size_t at = 0;
  while (at < word.size() && IsDigit(word[at])) ++at;
  return at;
}

bool IsLatin(char c) { return c >= 'a' && c <= 'z'; }

// "SW1A", "M1", "1AA" of a postcode; but "No12", "apt4" and "12-14" are houses.
bool IsPostcodePart(std::string_view word) {
  size_t head = 0, digits = 0, tail = 0;
  while (head < word.size() && IsLatin(word[head])) ++head;
  while (head + digits < word.size() && IsDigit(word[head + digits])) ++digits;
  while (head + digits + tail < word.size() && IsLatin(word[head + digits + tail])) ++tail;
  if (head + digits + tail != word.size() || digits == 0 || digits > 2) return false;
  if (head == 0) return digits == 1 && tail == 2;
  return head <= 2 && tail <= 1 && !OneOf(word.substr(0, head), {"n", "no", "nr"});
}

// "11e", "3rd", "75011", "2026", "SW1A"; but "4", "12", "1420" and "4b" may be a house.
bool IsNoHouse(std::string_view word) {
  constexpr size_t kLongestHouse = 4;
  const size_t digits = DigitsBefore(word);
  if (digits > kLongestHouse || IsPostcodePart(word)) return true;
  if (digits == 0) return false;
  const bool year =
      digits == 4 && word.size() == 4 && (word.starts_with("19") || word.starts_with("20"));
  std::string_view rest = word.substr(digits);
  if (rest.starts_with('-')) rest.remove_prefix(1);
  return year || IsOf(rest, kOrdinals);
}

// A number before the word for a house, a floor or a room: "88号".
bool HasHanHouse(std::string_view folded) {
  for (std::string_view house : {"号", "號", "栋", "棟", "室", "弄", "楼", "樓"}) {
    for (size_t at = folded.find(house); at != folded.npos; at = folded.find(house, at + 1)) {
      if (at > 0 && IsDigit(folded[at - 1])) return true;
    }
  }
  return false;
}

// Whether a number stands there that neither belongs to one of `beside` nor, without a word for a
// street, is of another kind than a house has.
template <typename Beside>
bool HasNumber(const std::vector<std::string>& words, const Beside& beside, bool street) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (!HasDigit(words[i]) || (!street && IsNoHouse(words[i]))) continue;
    size_t first = i, last = i;  // "12 000 inhabitants", "code 112 51"
    while (first > 0 && AllDigits(words[first - 1])) --first;
    while (last + 1 < words.size() && AllDigits(words[last + 1])) ++last;
    const bool named = (first > 0 && IsOf(words[first - 1], beside)) ||
                       (last + 1 < words.size() && IsOf(words[last + 1], beside));
    if (!named) return true;
  }
  return false;
}

// "Lille (59)": the number of a department stands behind its town.
std::string_view WithoutDepartment(std::string_view part) {
  const size_t open = part.rfind('(');
  if (open == part.npos || !part.ends_with(')')) return part;
  const std::string_view inner = part.substr(open + 1, part.size() - open - 2);
  return AllDigits(inner) ? part.substr(0, open) : part;
}

}  // namespace

bool LooksLikeAName(std::string_view ref) {
  if (!IsNameLike(ref)) return false;
  const std::vector<std::string> words = PlainParts(ref);
  std::string plain;
  for (const std::string& word : words) plain += (plain.empty() ? "" : " ") + word;
  if (IsOf(plain, kNobody) || IsHanPseudonym(ref)) return false;
  const auto part = [](const std::string& word) { return IsOf(word, kParts); };
  if (std::none_of(words.begin(), words.end(), part)) return true;
  return !std::all_of(words.begin(), words.end(),
                      [&](const std::string& word) { return part(word) || IsLabel(word); });
}

bool NamesAHouse(std::string_view location) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(location), ',');
  for (std::string_view part : parts) {
    const std::string folded = Folded(WithoutDepartment(part));
    if (!HasDigit(folded)) continue;
    const std::vector<std::string> words =
        absl::StrSplit(folded, absl::ByAnyChar(" ./"), absl::SkipEmpty());
    const bool street = NamesAStreet(folded);
    const bool area = folded.find("\u533A") != folded.npos || folded.find("\u5340") != folded.npos;
    if (HasHanHouse(folded)) return true;
    if (street ? HasNumber(words, kDistances, true)
               : !area && HasNumber(words, kAreaWords, false)) {
      return true;
    }
  }
  return false;
}

}  // namespace palermo::casework
