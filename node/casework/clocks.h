// The clocks of a case: which run, when they are due, what is overdue. Numbers of the law are
// fixed; numbers of policy can be set for each pair of states. Time comes in as an argument. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CLOCKS_H_
#define PALERMO_NODE_CASEWORK_CLOCKS_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/acts.h"
#include "node/casework/finding.h"

namespace palermo::casework {

enum class ClockKind : uint8_t { kLaw, kQualitative, kPolicy };

struct ClockRule {
  std::string_view id;  // "R-CLK-ACK"
  ClockKind kind;
  v1::Family::Code family;  // UNSPECIFIED: all
  Side starts_side;         // of the act that starts it
  v1::Act::Code starts;     // UNSPECIFIED: a fact outside the acts starts it
  std::vector<v1::Act::Code> stops;
  absl::Duration limit;
  bool working_days;      // the limit counts Monday to Friday
  bool pauses;            // while information is pending
  absl::Duration remind;  // before it is due
  std::string_view text;  // key of texts.h, when it has run out
};
std::span<const ClockRule> ClockRules();

// Policy numbers that a pair of states has agreed. Only of clocks that are no law.
class PairPolicy {
 public:
  // Failure: BAD_CLOCK for an unknown id, a number of the law, or a limit that is not positive or
  // beyond the maximum (72 hours for R-CLK-ORAL, 180 days for R-CLK-PST, else a year).
  absl::Status Set(const std::string& id, absl::Duration limit);
  absl::Duration LimitOf(const ClockRule& rule, v1::Urgency::Code urgency) const;

 private:
  std::map<std::string, absl::Duration, std::less<>> limits_;
};

struct TimedAct {
  v1::Act::Code act = v1::Act::UNSPECIFIED;
  Side side = Side::kRequesting;
  absl::Time at;
  absl::Time until = absl::InfiniteFuture();  // that the act itself names: review, preservation
};

enum class ClockState : uint8_t { kRunning, kDueSoon, kPaused, kOverdue, kStopped };
std::string_view ClockStateName(ClockState state);  // "OVERDUE"

struct RunningClock {
  std::string id;
  absl::Time started, due;
  ClockState state = ClockState::kRunning;
};

// Every clock that any act has started, in the order of the acts. `acts` in the history's order.
// O(acts x clocks).
std::vector<RunningClock> ClocksOf(const std::vector<TimedAct>& acts, v1::Family::Code family,
                                   v1::Urgency::Code urgency, const PairPolicy& policy,
                                   absl::Time now);
// The overdue ones as findings.
std::vector<Finding> OverdueFindings(const std::vector<RunningClock>& clocks);

// Clocks that a fact starts: the 15 days of a safe conduct, six months of a permit, ten years of a
// trace. Failure: BAD_CLOCK.
absl::StatusOr<absl::Time> DueAfter(const std::string& id, absl::Time start);

// UNTOC 18(27): when a safe conduct ends. Times that have not come: InfiniteFuture.
struct SafeConduct {
  absl::Time released_notice = absl::InfiniteFuture();
  int period_days = 15;
  bool could_leave = true;  // an opportunity to leave in that period
  absl::Time returned_after_leaving = absl::InfiniteFuture();
};
absl::Time EndOf(const SafeConduct& conduct);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CLOCKS_H_
