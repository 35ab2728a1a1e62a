// The clocks of a case: which run, when they are due, what is overdue. Numbers of the law are
// fixed; numbers of policy can be set for each pair of states. Time comes in as an argument. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CLOCKS_H_
#define PALERMO_NODE_CASEWORK_CLOCKS_H_

#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/acts.h"
#include "node/casework/finding.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {

enum class ClockKind : uint8_t { kLaw, kQualitative, kPolicy };

struct ClockRule {
  std::string_view id;  // "R-CLK-ACK"; "T9" for a clock that only the table of acts knows
  ClockKind kind;
  v1::Family::Code family;  // UNSPECIFIED: all
  Side starts_side;         // of the act that starts it
  v1::Act::Code starts;     // UNSPECIFIED: a fact outside the acts starts it
  std::vector<v1::Act::Code> stops;
  absl::Duration limit;
  bool working_days;         // the limit counts the working days of the state that must act
  bool pauses;               // while information is pending or the states consult
  absl::Duration remind;     // before it is due
  std::string_view text;     // key of texts.h, when it has run out
  std::string_view source;   // "18(14)"; of UNTOC where no other instrument is named
  std::string_view meaning;  // what it counts, in plain words
  std::string_view expiry;   // what follows when it has run out
  // The states in which it runs. An act that leads to none of them, and interrupts none, stops it;
  // it starts only if its act leads to one. Empty: the acts alone decide.
  std::vector<CaseState> runs_in = {};
  bool needs_date = false;           // runs only to a date that the act names
  std::string_view instrument = {};  // runs only under this one: "ECE"; several: "COE-SEA|SUA"
  // Of a clock that has a number of the law under its instruments and one of policy elsewhere: two
  // rows of one id and one `instrument`. Where none is known the number is policy.
  bool elsewhere = false;  // runs where none of the instruments is named
  bool twin = false;       // runs only where one of them is named
};
std::span<const ClockRule> ClockRules();

// A number of policy besides the clocks' own limits: of urgent cases; how long after one query the
// next is reasonable; how long a state may speak before a measure against property is lifted.
struct FurtherLimit {
  std::string_view id;  // "R-CLK-ACK.URGENT"
  absl::Duration limit;
  std::string_view source;
};
std::span<const FurtherLimit> FurtherLimits();

// A state's own calendar: where its days begin, and which are no working days.
struct Calendar {
  absl::TimeZone zone = absl::UTCTimeZone();
  std::set<absl::Weekday> rest_days = {absl::Weekday::saturday, absl::Weekday::sunday};
  std::set<absl::CivilDay> holidays;

  bool IsWorkingDay(absl::CivilDay day) const;
};

// Policy numbers that a pair of states has agreed, only of clocks that are no law; and the two
// states' calendars. A clock that is law under one instrument alone has a number of policy under
// the others, and only there the pair's number holds.
class PairPolicy {
 public:
  // `id`: of a clock or a FurtherLimit.
  // Failure: BAD_CLOCK for an unknown id, a number of the law, or a limit that is not positive or
  // beyond the maximum (72 hours for R-CLK-ORAL, 180 days for R-CLK-PST, else a year), or under a
  // day where the other side is to be heard (R-CLK-CONSULT, R-AR-08).
  absl::Status Set(const std::string& id, absl::Duration limit);
  absl::Duration LimitOf(const ClockRule& rule, v1::Urgency::Code urgency) const;
  // Of the number with this id, the pair's or the table's. REQUIRES: it is one of policy.
  absl::Duration Limit(std::string_view id) const;
  // Under which id a clock's number for this urgency is set: "R-CLK-ACK.URGENT".
  static std::string_view IdOf(const ClockRule& rule, v1::Urgency::Code urgency);
  // Whether this pair has a number of its own for it.
  bool Has(std::string_view id) const { return limits_.find(id) != limits_.end(); }
  bool Has(const ClockRule& rule, v1::Urgency::Code urgency) const {
    return rule.kind == ClockKind::kPolicy && Has(IdOf(rule, urgency));
  }

  // Where the two states wrote down what they agreed; "" without numbers of their own.
  void SetDecision(std::string decision) { decision_ = std::move(decision); }
  const std::string& Decision() const { return decision_; }

  void SetCalendar(Side side, Calendar calendar);
  const Calendar& CalendarOf(Side side) const;

 private:
  std::map<std::string, absl::Duration, std::less<>> limits_;
  std::string decision_;
  std::array<Calendar, 2> calendars_;
};

struct TimedAct {
  v1::Act::Code act = v1::Act::UNSPECIFIED;
  Side side = Side::kRequesting;
  absl::Time at;
  absl::Time until = absl::InfiniteFuture();  // that the act itself names: review, preservation
  // Of the case after the act; kNone: not told, and then the acts alone decide.
  CaseState after = CaseState::kNone;
  absl::Time happened = absl::InfinitePast();  // what it reports, when it says so: a boarding
  std::map<std::string, absl::Time, std::less<>> dates = {};  // by clock, where it names several
  bool registry_only = false;  // a request at sea that asks of the register, and of no boarding
  bool some_items = false;     // a consultation about some items only: the others' clocks run on
};

// How long a clock of policy lasts between two states: what they agreed, else the table's number.
// REQUIRES: `id` is of such a clock.
absl::Duration PolicyLimit(std::string_view id, const PairPolicy* policy);

enum class ClockState : uint8_t { kRunning, kDueSoon, kPaused, kOverdue, kStopped };
std::string_view ClockStateName(ClockState state);  // "OVERDUE"

struct RunningClock {
  std::string id;
  absl::Time started, due;
  ClockState state = ClockState::kRunning;
  size_t starter = 0;               // index of the act that started it
  const ClockRule* rule = nullptr;  // of ClockRules()
  absl::Duration limit;             // zero: to a date that the act names
  bool named = false;               // the act names the date, within the limit where there is one
  Side owes = Side::kRequested;     // who must act before it runs out
};

// Every clock that any act has started, in the order of the acts. `acts` in the history's order.
// `instruments`: the legal basis as the request names it ("ECE 16"); empty: not known, and a clock
// of one instrument runs. O(acts x clocks).
std::vector<RunningClock> ClocksOf(const std::vector<TimedAct>& acts, v1::Family::Code family,
                                   v1::Urgency::Code urgency, const PairPolicy& policy,
                                   absl::Time now,
                                   const std::vector<std::string>& instruments = {});
// The side whose act stops the clock.
Side OwesOf(const ClockRule& rule);
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
