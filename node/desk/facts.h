// Clocks that a fact starts and not an act, as far as a desk knows the fact: from the bodies of a
// case that were opened, and from the directories of its states. Pure.
#ifndef PALERMO_NODE_DESK_FACTS_H_
#define PALERMO_NODE_DESK_FACTS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/obligations.h"
#include "node/casework/request_basis.h"
#include "node/desk/json_value.h"
#include "node/trust/trust_view.h"

namespace palermo::desk {

// R-CLK-SAFE from a release of a safe conduct, R-CLK-PERMIT from an export permit, R-CLK-VICT from
// an identified victim (done: the planned return), R-CLK-PRESDOM from the newest preservation,
// R-CLK-SPEC45 from a report on the final discharge of a surrendered person.
std::vector<casework::FactClock> FactsOfBodies(const std::vector<casework::OpenedAct>& acts);
// R-CLK-DESIG of the designations in the entry of `authority`.
std::vector<casework::FactClock> FactsOfEntry(const trust::TrustView& view,
                                              const std::string& authority);

// One paragraph a clock, and what FactFindings says; "" when there is none.
std::string FactsText(const std::vector<casework::FactClock>& facts, absl::Time now,
                      const casework::Translated& translated = nullptr);
Json FactsJson(const std::vector<casework::FactClock>& facts, absl::Time now);
// Whether one has run out in a way that is an error or a warning.
bool AnyLate(const std::vector<casework::FactClock>& facts, absl::Time now);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_FACTS_H_
