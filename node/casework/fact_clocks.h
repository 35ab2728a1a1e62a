// Clocks that a fact starts, not an act: a release, a discharge, a designation, a permit, a victim
// who was identified, a treaty that enters into force. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FACT_CLOCKS_H_
#define PALERMO_NODE_CASEWORK_FACT_CLOCKS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/clocks.h"
#include "node/casework/finding.h"
#include "node/casework/treaty.h"

namespace palermo::casework {

inline constexpr int kFirearmYears = 10;  // FAP 7: at least

struct FactClock {
  std::string id;  // "R-CLK-PRESDOM"; DueAfter (clocks.h) knows its limit
  absl::Time started;
  absl::Time done = absl::InfiniteFuture();  // renewed, notified, left
  std::string field = {};                    // for the finding
};
// A finding for each that has run out and was not done in time: R-CLK-SAFE (ended, I),
// R-CLK-PRESDOM (W, from 14 days before), R-CLK-DESIG (W), R-CLK-SPEC45 (ended, I), R-CLK-PERMIT
// (E). R-CLK-VICT is the other way round: E when `done`, the return, is before its end.
std::vector<Finding> FactFindings(std::span<const FactClock> clocks, absl::Time now);

// R-CLK-EIF: the statuses under `instrument` of the two states that have changed since the basis
// was computed, or change by `until`.
std::vector<Finding> BasisChanges(const TreatyStatus& treaties, const std::string& instrument,
                                  const std::vector<std::string>& states, absl::Time computed,
                                  absl::Time until);

// R-SCO-01: a restriction of liberty for earlier acts while the safe conduct lasts.
std::vector<Finding> CheckRestriction(const SafeConduct& conduct, absl::Time granted,
                                      absl::Time restricted);

// Whether `text` names a day or instant before ten years after `since`; false for no date.
bool EndsBeforeTenYears(absl::Time since, const std::string& text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FACT_CLOCKS_H_
