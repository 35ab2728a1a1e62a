// What people write for the kinds and units by which seizures are counted.
#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "node/casework/operation/statistics.h"

namespace palermo::casework {
namespace {

struct SynonymRow {
  std::string_view said, meant;  // small letters, words apart by one blank
};
constexpr SynonymRow kKindRows[] = {
    {"drug", "DRUG"},
    {"drugs", "DRUG"},
    {"narcotic", "DRUG"},
    {"narcotics", "DRUG"},
    {"precursor", "DRUG"},
    {"cocaine", "DRUG"},
    {"heroin", "DRUG"},
    {"cannabis", "DRUG"},
    {"hashish", "DRUG"},
    {"firearm", "FIREARM"},
    {"firearms", "FIREARM"},
    {"gun", "FIREARM"},
    {"guns", "FIREARM"},
    {"pistol", "FIREARM"},
    {"pistols", "FIREARM"},
    {"rifle", "FIREARM"},
    {"rifles", "FIREARM"},
    {"cash", "CASH"},
    {"cash money", "CASH"},
    {"money", "CASH"},
    {"banknotes", "CASH"},
    {"currency", "CASH"},
    {"crypto", "CRYPTO"},
    {"crypto asset", "CRYPTO"},
    {"crypto assets", "CRYPTO"},
    {"cryptocurrency", "CRYPTO"},
    {"bitcoin", "CRYPTO"},
    {"virtual asset", "CRYPTO"},
    {"virtual assets", "CRYPTO"},
    {"account", "ACCOUNT"},
    {"accounts", "ACCOUNT"},
    {"bank account", "ACCOUNT"},
    {"bank accounts", "ACCOUNT"},
    {"document", "DOCUMENT"},
    {"documents", "DOCUMENT"},
    {"passport", "DOCUMENT"},
    {"passports", "DOCUMENT"},
    {"identity card", "DOCUMENT"},
    {"identity cards", "DOCUMENT"},
    {"other", "OTHER"},
    {"others", "OTHER"},
    {"goods", "OTHER"},
    {"vehicle", "OTHER"},
    {"vehicles", "OTHER"},
    {"car", "OTHER"},
    {"vessel", "OTHER"},
    {"boat", "OTHER"},
    {"telephone", "OTHER"},
    {"telephones", "OTHER"},
};
constexpr SynonymRow kUnitNames[] = {
    {"milligram", "mg"},
    {"milligrams", "mg"},
    {"gram", "g"},
    {"grams", "g"},
    {"gramme", "g"},
    {"grammes", "g"},
    {"gr", "g"},
    {"kilo", "kg"},
    {"kilos", "kg"},
    {"kilogram", "kg"},
    {"kilograms", "kg"},
    {"kilogramme", "kg"},
    {"kilogrammes", "kg"},
    {"kgs", "kg"},
    {"ton", "t"},
    {"tons", "t"},
    {"tonne", "t"},
    {"tonnes", "t"},
    {"millilitre", "ml"},
    {"millilitres", "ml"},
    {"centilitre", "cl"},
    {"centilitres", "cl"},
    {"litre", "l"},
    {"litres", "l"},
    {"liter", "l"},
    {"liters", "l"},
    {"ltr", "l"},
    {"pc", "pieces"},
    {"pcs", "pieces"},
    {"tablet", "pieces"},
    {"tablets", "pieces"},
    {"pill", "pieces"},
    {"pills", "pieces"},
    {"plant", "pieces"},
    {"plants", "pieces"},
    {"unit", "pieces"},
    {"units", "pieces"},
    {"mg", "mg"},
    {"g", "g"},
    {"kg", "kg"},
    {"t", "t"},
    {"ml", "ml"},
    {"cl", "cl"},
    {"l", "l"},
    {"piece", "piece"},
    {"pieces", "pieces"},
};

// "Cash_Money" and "cash money" are one.
std::string Plain(std::string_view word) {
  std::string out;
  for (const char c : word) {
    const bool apart = c == ' ' || c == '_' || c == '-';
    if (!apart) out += absl::ascii_tolower(static_cast<unsigned char>(c));
    if (apart && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  return out;
}

template <size_t kRows>
std::string_view MeantIn(const SynonymRow (&rows)[kRows], std::string_view word) {
  const std::string plain = Plain(word);
  const auto* row = std::find_if(std::begin(rows), std::end(rows),
                                 [&](const SynonymRow& one) { return one.said == plain; });
  return row == std::end(rows) ? std::string_view() : row->meant;
}

}  // namespace

std::string_view SeizedKindMeant(std::string_view word) { return MeantIn(kKindRows, word); }
std::string_view UnitMeant(std::string_view word) { return MeantIn(kUnitNames, word); }

}  // namespace palermo::casework
