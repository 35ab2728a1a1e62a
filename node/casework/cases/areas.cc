// The area of a case in other words.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {

using google::protobuf::Struct;

namespace {

struct Area {
  std::string_view part;
  const char* area;
};
// The first that is part of the word; between "_". What is smuggled or falsified is looked at
// before.
constexpr Area kParts[] = {{"FIREARM", "FIREARMS"},
                           {"WEAPON", "FIREARMS"},
                           {"_ARMS", "FIREARMS"},
                           {"_GUN", "FIREARMS"},
                           {"MEDIC", "FALSIFIED_MEDICAL_PRODUCTS"},
                           {"DRUG", "DRUGS"},
                           {"NARCO", "DRUGS"},
                           {"PRECURSOR", "DRUGS"},
                           {"MIGRANT", "SMUGGLING_OF_MIGRANTS"},
                           {"_PERSON", "TRAFFICKING_IN_PERSONS"},
                           {"_HUMAN", "TRAFFICKING_IN_PERSONS"},
                           {"_TIP_", "TRAFFICKING_IN_PERSONS"},
                           {"CYBER", "CYBERCRIME"},
                           {"WILDLIFE", "WILDLIFE_FOREST"},
                           {"FOREST", "WILDLIFE_FOREST"},
                           {"TIMBER", "WILDLIFE_FOREST"},
                           {"CORRUPT", "CORRUPTION_LAUNDERING"},
                           {"LAUNDER", "CORRUPTION_LAUNDERING"},
                           {"TERROR", "TERRORISM"},
                           {"MARITIME", "MARITIME"},
                           {"PIRACY", "MARITIME"},
                           {"_SEA_", "MARITIME"},
                           {"SMUGGL", "SMUGGLING_OF_MIGRANTS"}};

}  // namespace

void ShapeArea(Struct& json) {
  const std::string area = TextOf(json, "area");
  if (area.empty() || IsWordOf("Request", "area", area)) return;
  const std::string word =
      "_" + absl::StrReplaceAll(absl::AsciiStrToUpper(area), {{" ", "_"}, {"-", "_"}}) + "_";
  // Persons are smuggled, or trafficked; drugs are falsified, or trafficked.
  if (Contains(word, {"SMUGGL"}) && Contains(word, {"_PERSON", "_HUMAN", "_PEOPLE", "_ALIEN"})) {
    Put(json, "area", TextValue("SMUGGLING_OF_MIGRANTS"));
    return;
  }
  const bool falsified = Contains(word, {"FALSIF", "COUNTERFEIT", "SUBSTANDARD", "_FAKE_"});
  if (falsified &&
      Contains(word, {"MEDIC", "DRUG", "PHARMA", "VACCIN", "_PILL", "TABLET", "PRODUCT"})) {
    Put(json, "area", TextValue("FALSIFIED_MEDICAL_PRODUCTS"));
    return;
  }
  for (const Area& each : kParts) {
    if (!Contains(word, {each.part})) continue;
    Put(json, "area", TextValue(each.area));
    return;
  }
}

}  // namespace palermo::casework
