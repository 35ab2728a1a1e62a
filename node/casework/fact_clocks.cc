#include "node/casework/fact_clocks.h"

#include "base/clock.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

constexpr absl::Duration kRenewAhead = absl::Hours(24 * 14);

struct Spoken {
  std::string_view id, key;
  absl::Duration ahead = absl::ZeroDuration();
};
constexpr Spoken kSpoken[] = {{"R-CLK-SAFE", "R-CLK-SAFE.ended"},
                              {"R-CLK-PRESDOM", "R-CLK-PRESDOM.renew", kRenewAhead},
                              {"R-CLK-DESIG", "R-CLK-DESIG.late"},
                              {"R-CLK-SPEC45", "R-CLK-SPEC45.ended"},
                              {"R-CLK-PERMIT", "R-CLK-PERMIT.old"}};

}  // namespace

std::vector<Finding> FactFindings(std::span<const FactClock> clocks, absl::Time now) {
  std::vector<Finding> findings;
  for (const FactClock& clock : clocks) {
    const auto due = DueAfter(clock.id, clock.started);
    if (!due.ok()) continue;
    if (clock.id == "R-CLK-VICT") {
      if (clock.done < *due) Tell("R-CLK-VICT.return", clock.field, findings);
      continue;
    }
    for (const Spoken& spoken : kSpoken) {
      if (spoken.id != clock.id || clock.done <= *due) continue;
      if (now >= *due - spoken.ahead) Tell(spoken.key, clock.field, findings);
    }
  }
  return findings;
}

std::vector<Finding> BasisChanges(const TreatyStatus& treaties, const std::string& instrument,
                                  const std::vector<std::string>& states, absl::Time computed,
                                  absl::Time until) {
  std::vector<Finding> findings;
  for (const absl::Time at : treaties.ChangesAfter(computed)) {
    if (at > until) continue;
    for (const std::string& state : states) {
      const bool before = treaties.InForce(instrument, state, at - absl::Seconds(1));
      if (before != treaties.InForce(instrument, state, at)) {
        Tell("R-CLK-EIF.changed", "request.basis.computed", findings);
      }
    }
  }
  return findings;
}

std::vector<Finding> CheckRestriction(const SafeConduct& conduct, absl::Time granted,
                                      absl::Time restricted) {
  std::vector<Finding> findings;
  if (restricted >= granted && restricted < EndOf(conduct)) {
    Tell("R-SCO-01.restricted", "safe_conduct.restricted_at", findings);
  }
  return findings;
}

bool EndsBeforeTenYears(absl::Time since, const std::string& text) {
  const auto end = ParseInstant(text);
  if (!end.ok()) return false;
  const absl::CivilDay day = absl::ToCivilDay(since, absl::UTCTimeZone());
  const absl::CivilMonth month = absl::CivilMonth(day) + kFirearmYears * 12;
  // The 29th of February ten years later is the last of that February.
  const int last = (absl::CivilDay(month + 1) - 1).day();
  const absl::CivilDay due(month.year(), month.month(), std::min(day.day(), last));
  return absl::ToCivilDay(*end, absl::UTCTimeZone()) < due;
}

}  // namespace palermo::casework
