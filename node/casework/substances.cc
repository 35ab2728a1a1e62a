#include "node/casework/substances.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

struct Substance {
  std::string_view name;  // folded
  std::string_view cas;
  std::string_view schedules;  // "1961 I|1961 IV"
};
// Of the conventions of 1961 and 1971 and the tables of 1988, those that are met most; preparations
// of codeine may stand in 1961 III. What a later decision moved is a note, no more.
constexpr Substance kSubstances[] = {
    {"cocaine", "50-36-2", "1961 I"},
    {"heroin", "561-27-3", "1961 I|1961 IV"},
    {"morphine", "57-27-2", "1961 I"},
    {"codeine", "76-57-3", "1961 II|1961 III"},
    {"opium", "8008-60-4", "1961 I"},
    {"cannabis", "8063-14-7", "1961 I"},
    {"fentanyl", "437-38-7", "1961 I"},
    {"carfentanil", "59708-52-0", "1961 I|1961 IV"},
    {"methadone", "76-99-3", "1961 I"},
    {"oxycodone", "76-42-6", "1961 I"},
    {"amphetamine", "300-62-9", "1971 II"},
    {"methamphetamine", "537-46-2", "1971 II"},
    {"mdma", "42542-10-9", "1971 I"},
    {"lsd", "50-37-3", "1971 I"},
    {"psilocybine", "520-52-5", "1971 I"},
    {"phencyclidine", "77-10-1", "1971 II"},
    {"methylphenidate", "113-45-1", "1971 II"},
    {"ghb", "591-81-1", "1971 II"},
    {"buprenorphine", "52485-79-7", "1971 III"},
    {"flunitrazepam", "1622-62-4", "1971 III"},
    {"diazepam", "439-14-5", "1971 IV"},
    {"alprazolam", "28981-97-7", "1971 IV"},
    {"acetic anhydride", "108-24-7", "1988 I"},
    {"ephedrine", "299-42-3", "1988 I"},
    {"pseudoephedrine", "90-82-4", "1988 I"},
    {"norephedrine", "14838-15-4", "1988 I"},
    {"potassium permanganate", "7722-64-7", "1988 I"},
    {"1-phenyl-2-propanone", "103-79-7", "1988 I"},
    {"3,4-mdp-2-p", "4676-39-5", "1988 I"},
    {"safrole", "94-59-7", "1988 I"},
    {"isosafrole", "120-58-1", "1988 I"},
    {"piperonal", "120-57-0", "1988 I"},
    {"phenylacetic acid", "103-82-2", "1988 I"},
    {"anpp", "21409-26-7", "1988 I"},
    {"npp", "39742-60-4", "1988 I"},
    {"apaan", "4468-48-8", "1988 I"},
    {"ergotamine", "113-15-5", "1988 I"},
    {"lysergic acid", "82-58-6", "1988 I"},
    {"acetone", "67-64-1", "1988 II"},
    {"ethyl ether", "60-29-7", "1988 II"},
    {"hydrochloric acid", "7647-01-0", "1988 II"},
    {"sulphuric acid", "7664-93-9", "1988 II"},
    {"toluene", "108-88-3", "1988 II"},
    {"methyl ethyl ketone", "78-93-3", "1988 II"},
    {"anthranilic acid", "118-92-3", "1988 II"},
    {"piperidine", "110-89-4", "1988 II"},
};

template <typename Fits>
const Substance* FindSubstance(const Fits& fits) {
  const auto found = std::find_if(std::begin(kSubstances), std::end(kSubstances), fits);
  return found == std::end(kSubstances) ? nullptr : &*found;
}

bool HasSchedule(const Substance& one, std::string_view schedule) {
  std::string_view rest = one.schedules;
  for (;;) {
    const size_t bar = rest.find('|');
    if (rest.substr(0, bar) == schedule) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

// Masses, volumes, and what is counted.
bool IsUnitOfAmount(std::string_view unit) {
  const std::string folded = Folded(unit);
  std::string word = folded.substr(0, folded.find_last_not_of(" .") + 1);
  if (word.size() > 2 && word.back() == 's') word.pop_back();
  return OneOf(word, {"kg",    "g",      "mg",    "ug",     "\u00b5g",  "\u03bcg", "t",
                      "lb",    "oz",     "l",     "ml",     "cl",       "hl",      "dl",
                      "m3",    "cm3",    "gram",  "litre",  "liter",    "tonne",   "kilogram",
                      "piece", "pcs",    "pc",    "tablet", "pill",     "capsule", "ampoule",
                      "dose",  "plant",  "unit",  "seed",   "blotter",  "vial",    "milligram",
                      "patch", "patche", "stamp", "cake",   "microgram"});
}

}  // namespace

void LookAtSubstance(const v1::SubstanceAmount& substance, const std::string& at,
                     std::vector<Finding>& out) {
  const std::string name = Folded(substance.name());
  const Substance* named = FindSubstance([&](const Substance& one) { return one.name == name; });
  const Substance* numbered =
      FindSubstance([&](const Substance& one) { return one.cas == substance.cas(); });
  if (named != nullptr && numbered != nullptr && named != numbered) {
    Tell("R-GEN-01.substance", at + ".cas", out);
  }
  const Substance* one = numbered != nullptr ? numbered : named;
  if (one != nullptr && !IsBlank(substance.schedule()) &&
      !HasSchedule(*one, substance.schedule())) {
    Tell("R-GEN-01.schedule", at + ".schedule", out);
  }
  if (!IsBlank(substance.unit()) && !IsUnitOfAmount(substance.unit())) {
    Tell("R-GEN-01.unit", at + ".unit", out);
  }
}

}  // namespace palermo::casework
