// The rule catalogue: every rule of the product by its stable id. A finding may carry no other id.
// Pure tables; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CATALOGUE_H_
#define PALERMO_NODE_CASEWORK_CATALOGUE_H_

#include <span>
#include <string_view>

namespace palermo::casework {

struct CatalogueRow {
  std::string_view id;          // "R-REF-23"
  std::string_view severities;  // "E", "W", "I" or several: "E/W"
  // S sender before sealing, R receiver, T transition, C clock, X export or onward; "" for all.
  std::string_view stages;
  std::string_view condition;  // fires when ...
  std::string_view authority;  // articles of UNTOC where no instrument is named; "policy" is no law
};

std::span<const CatalogueRow> Catalogue();
// Null when no rule has this id.
const CatalogueRow* FindRule(std::string_view id);
// Whether it is written like the id of a rule, which a later version may have.
bool IsRuleId(std::string_view id);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CATALOGUE_H_
