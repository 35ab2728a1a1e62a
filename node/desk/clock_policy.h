// What pairs of states have agreed about the clocks of policy, and the calendars of states: a file
// in the desk's home. docs/formats/clock-policy.md is its specification. A number of the law cannot
// be in it. Pure, except Load and Save.
#ifndef PALERMO_NODE_DESK_CLOCK_POLICY_H_
#define PALERMO_NODE_DESK_CLOCK_POLICY_H_

#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/casework/clocks.h"
#include "node/trust/trust_view.h"

namespace palermo::desk {

class ClockPolicy {
 public:
  // `what` names the file in error texts. BAD_JSON, BAD_CLOCK.
  static absl::StatusOr<ClockPolicy> Parse(const std::string& json, const std::string& what);
  // Of a desk's home; without a file the defaults hold.
  static absl::StatusOr<ClockPolicy> Load(const std::string& home);
  // Checks it and puts it into the home. Codes as Parse.
  static absl::Status Save(const std::string& home, const std::string& json,
                           const std::string& what);
  static std::string Template();

  // Between these authorities. A calendar in the file goes before the one that the authority's
  // entry in its state's directory gives; without both, days begin in UTC and Saturday and Sunday
  // are free. `view` may be null.
  casework::PairPolicy For(const std::string& requesting, const std::string& requested,
                           const trust::TrustView* view) const;

 private:
  casework::Calendar CalendarOf(const std::string& authority, const trust::TrustView* view) const;

  std::map<std::pair<std::string, std::string>, casework::PairPolicy> pairs_;  // states, sorted
  std::map<std::string, casework::Calendar> calendars_;                        // by state
};

// How long an oral request between the two may wait for its confirmation: R-CLK-ORAL, as the pair
// has agreed in the desk's home. Codes as Load.
absl::StatusOr<absl::Duration> OralLimit(const std::string& home, const std::string& requesting,
                                         const std::string& requested);

// "30s", "90m", "24h", "10d". BAD_CLOCK.
absl::StatusOr<absl::Duration> ParseLimit(const std::string& text);
std::string LimitText(absl::Duration limit);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CLOCK_POLICY_H_
