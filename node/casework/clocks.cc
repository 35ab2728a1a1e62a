#include "node/casework/clocks.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using v1::Urgency;

constexpr absl::Duration Days(int n) { return absl::Hours(24 * n); }

// Moves over Saturdays and Sundays; holidays are each state's own matter.
absl::Time AddWorkingDays(absl::Time from, absl::Duration limit) {
  int left = static_cast<int>(limit / Days(1));
  absl::Time at = from;
  while (left > 0) {
    at += Days(1);
    const auto day = absl::GetWeekday(absl::ToCivilDay(at, absl::UTCTimeZone()));
    if (day != absl::Weekday::saturday && day != absl::Weekday::sunday) --left;
  }
  return at + (limit - Days(static_cast<int>(limit / Days(1))));
}

const std::vector<Act::Code>& Decisions() {
  static const auto& acts = *new std::vector<Act::Code>{
      Act::BOARDING_AUTHORISED, Act::FLAG_STATE_ACTS, Act::JOINT_BOARDING, Act::BOARDING_DECLINED};
  return acts;
}

// house: long function because it is one table
std::vector<ClockRule> BuildRules() {
  using enum ClockKind;
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto any = Family::UNSPECIFIED;
  const auto none = absl::ZeroDuration();
  return {
      {"R-CLK-ACK",
       kPolicy,
       any,
       rq,
       Act::REQUEST,
       {Act::ACKNOWLEDGEMENT, Act::RETURN, Act::WITHDRAWAL},
       Days(5),
       true,
       false,
       Days(1),
       "R-CLK-ACK.overdue"},
      {"R-CLK-ORAL",
       kPolicy,
       any,
       rq,
       Act::ORAL_REQUEST_NOTE,
       {Act::REQUEST, Act::LAPSE_NOTICE, Act::WITHDRAWAL},
       absl::Hours(24),
       false,
       false,
       absl::Hours(4),
       "R-CLK-ORAL.overdue"},
      {"R-CLK-FWD",
       kPolicy,
       any,
       rd,
       Act::ACKNOWLEDGEMENT,
       {Act::ADMISSION, Act::REFUSAL, Act::WITHDRAWAL, Act::POSTPONEMENT_NOTICE},
       Days(10),
       false,
       true,
       Days(2),
       "R-CLK-FWD.overdue"},
      {"R-CLK-STATUS",
       kPolicy,
       any,
       rq,
       Act::STATUS_QUERY,
       {Act::STATUS_REPORT},
       Days(10),
       false,
       false,
       Days(2),
       "R-CLK-STATUS.overdue"},
      {"R-CLK-CONSULT",
       kPolicy,
       any,
       rd,
       Act::CONSULTATION_OPEN,
       {Act::CONSULTATION_CLOSE, Act::CONDITIONS_PROPOSAL, Act::REFUSAL, Act::REFUSAL_IN_PART,
        Act::POSTPONEMENT_NOTICE, Act::WITHDRAWAL},
       Days(30),
       false,
       false,
       Days(5),
       "R-CLK-CONSULT.ended"},
      {"R-CLK-PST",
       kPolicy,
       any,
       rd,
       Act::POSTPONEMENT_NOTICE,
       {Act::POSTPONEMENT_REVIEW, Act::RESUMPTION, Act::WITHDRAWAL},
       Days(180),
       false,
       false,
       Days(14),
       "R-PST-02.missed"},
      {"R-CLK-PST",
       kPolicy,
       any,
       rd,
       Act::POSTPONEMENT_REVIEW,
       {Act::POSTPONEMENT_REVIEW, Act::RESUMPTION, Act::WITHDRAWAL},
       Days(180),
       false,
       false,
       Days(14),
       "R-PST-02.missed"},
      {"R-CLK-PRES",
       kLaw,
       Family::PRESERVATION_24_7,
       rd,
       Act::PRESERVATION_CONFIRMED,
       {Act::FOLLOWUP_RECEIVED, Act::PRESERVATION_EXTENDED, Act::PRESERVATION_RELEASED,
        Act::DATA_DISCLOSED},
       Days(60),
       false,
       false,
       Days(14),
       "R-CLK-PRES.ended"},
      {"R-CLK-FLAG", kLaw, Family::SEA, rq, Act::REQUEST, Decisions(), absl::Hours(4), false, false,
       absl::Hours(1), "R-CLK-FLAG.overdue"},
      {"R-CLK-PREF",
       kLaw,
       Family::SEA,
       rq,
       Act::BOARDING_RESULT,
       {Act::JURISDICTION_DECISION},
       Days(14),
       false,
       false,
       Days(3),
       "R-CLK-PREF.waived"},
      {"R-CLK-PA18",
       kLaw,
       Family::EXTRADITION,
       rd,
       Act::PROVISIONAL_ARREST_NOTE,
       {Act::ADMISSION, Act::SURRENDER_ORDER, Act::WITHDRAWAL},
       Days(18),
       false,
       false,
       Days(4),
       "R-CLK-PA18.overdue"},
      {"R-CLK-PA40",
       kLaw,
       Family::EXTRADITION,
       rd,
       Act::PROVISIONAL_ARREST_NOTE,
       {Act::ADMISSION, Act::SURRENDER_ORDER, Act::WITHDRAWAL},
       Days(40),
       false,
       false,
       Days(7),
       "R-CLK-PA40.overdue"},
      {"R-CLK-SAFE", kLaw, any, rq, Act::UNSPECIFIED, {}, Days(15), false, false, none, ""},
      {"R-CLK-PRESDOM", kLaw, any, rd, Act::UNSPECIFIED, {}, Days(90), false, false, none, ""},
      {"R-CLK-SPEC45", kLaw, any, rq, Act::UNSPECIFIED, {}, Days(45), false, false, none, ""},
      {"R-CLK-VICT", kLaw, any, rd, Act::UNSPECIFIED, {}, Days(30), false, false, none, ""},
  };
}

bool Stops(const ClockRule& rule, Act::Code act) {
  return std::find(rule.stops.begin(), rule.stops.end(), act) != rule.stops.end();
}

// How long information was pending between `from` and `to`; whether it still is.
struct Pause {
  absl::Duration length;
  bool open = false;
};
Pause PausesIn(const std::vector<TimedAct>& acts, size_t from, absl::Time to) {
  Pause pause;
  absl::Time since = absl::InfinitePast();
  for (size_t i = from; i < acts.size() && acts[i].at <= to; ++i) {
    if (acts[i].act == Act::INFO_REQUEST) since = acts[i].at;
    if (acts[i].act == Act::INFO_SUPPLEMENT && since != absl::InfinitePast()) {
      pause.length += acts[i].at - since;
      since = absl::InfinitePast();
    }
  }
  pause.open = since != absl::InfinitePast();
  if (pause.open) pause.length += to - since;
  return pause;
}

absl::Time DueOf(const ClockRule& rule, const TimedAct& start, absl::Duration limit, bool urgent) {
  // The act's own date binds within the limit: a review, a preservation.
  if (start.until != absl::InfiniteFuture()) {
    return rule.kind == ClockKind::kLaw ? start.until : std::min(start.until, start.at + limit);
  }
  return rule.working_days && !urgent ? AddWorkingDays(start.at, limit) : start.at + limit;
}

RunningClock Run(const ClockRule& rule, const std::vector<TimedAct>& acts, size_t i,
                 absl::Duration limit, bool urgent, absl::Time now) {
  RunningClock clock{std::string(rule.id), acts[i].at, DueOf(rule, acts[i], limit, urgent)};
  const auto stop = std::find_if(acts.begin() + static_cast<long>(i) + 1, acts.end(),
                                 [&](const TimedAct& act) { return Stops(rule, act.act); });
  const absl::Time end = stop == acts.end() ? now : std::min(stop->at, now);
  const Pause pause = rule.pauses ? PausesIn(acts, i, end) : Pause{};
  clock.due += pause.length;
  if (stop != acts.end() && stop->at <= now) {
    clock.state = ClockState::kStopped;
  } else if (pause.open) {
    clock.state = ClockState::kPaused;
  } else if (now >= clock.due) {
    clock.state = ClockState::kOverdue;
  } else if (now >= clock.due - rule.remind) {
    clock.state = ClockState::kDueSoon;
  }
  return clock;
}

}  // namespace

std::span<const ClockRule> ClockRules() {
  static const auto& rules = *new std::vector<ClockRule>(BuildRules());
  return rules;
}

absl::Status PairPolicy::Set(const std::string& id, absl::Duration limit) {
  const auto rules = ClockRules();
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const ClockRule& r) { return r.id == id; });
  if (rule == rules.end()) return InputError("BAD_CLOCK", "no clock has this id");
  if (rule->kind == ClockKind::kLaw) {
    return InputError("BAD_CLOCK",
                      absl::StrFormat("%s is a number of the law and cannot be changed", id));
  }
  const absl::Duration most = id == "R-CLK-ORAL"  ? absl::Hours(72)
                              : id == "R-CLK-PST" ? Days(180)
                                                  : Days(365);
  if (limit <= absl::ZeroDuration() || limit > most) {
    return InputError("BAD_CLOCK", absl::StrFormat("%s takes more than nothing and at most %s", id,
                                                   absl::FormatDuration(most)));
  }
  limits_[id] = limit;
  return absl::OkStatus();
}

absl::Duration PairPolicy::LimitOf(const ClockRule& rule, Urgency::Code urgency) const {
  if (rule.id == "R-CLK-ACK" && urgency == Urgency::EMERGENCY_LIFE) return absl::Hours(1);
  if (rule.id == "R-CLK-ACK" && urgency == Urgency::URGENT) return absl::Hours(24);
  const auto found = limits_.find(rule.id);
  return found == limits_.end() ? rule.limit : found->second;
}

std::string_view ClockStateName(ClockState state) {
  constexpr std::string_view kNames[] = {"RUNNING", "DUE_SOON", "PAUSED", "OVERDUE", "STOPPED"};
  return kNames[static_cast<size_t>(state)];
}

std::vector<RunningClock> ClocksOf(const std::vector<TimedAct>& acts, Family::Code family,
                                   Urgency::Code urgency, const PairPolicy& policy,
                                   absl::Time now) {
  std::vector<RunningClock> clocks;
  for (size_t i = 0; i < acts.size(); ++i) {
    if (acts[i].at > now) continue;
    for (const ClockRule& rule : ClockRules()) {
      const bool ours = rule.family == Family::UNSPECIFIED || rule.family == family;
      if (!ours || rule.starts == Act::UNSPECIFIED || rule.starts != acts[i].act ||
          rule.starts_side != acts[i].side) {
        continue;
      }
      clocks.push_back(
          Run(rule, acts, i, policy.LimitOf(rule, urgency), urgency >= Urgency::URGENT, now));
    }
  }
  return clocks;
}

std::vector<Finding> OverdueFindings(const std::vector<RunningClock>& clocks) {
  std::vector<Finding> findings;
  for (const RunningClock& clock : clocks) {
    if (clock.state != ClockState::kOverdue) continue;
    const auto rules = ClockRules();
    const auto rule = std::find_if(rules.begin(), rules.end(),
                                   [&](const ClockRule& r) { return r.id == clock.id; });
    Tell(rule->text, "", findings);
  }
  return findings;
}

absl::StatusOr<absl::Time> DueAfter(const std::string& id, absl::Time start) {
  const absl::CivilDay day = absl::ToCivilDay(start, absl::UTCTimeZone());
  const auto months = [&](int n) {
    const absl::CivilMonth month = absl::CivilMonth(day) + n;
    const int last = (absl::CivilDay(month + 1) - 1).day();
    const absl::CivilDay end(month.year(), month.month(), std::min(day.day(), last));
    return absl::FromCivil(end, absl::UTCTimeZone()) +
           (start - absl::FromCivil(day, absl::UTCTimeZone()));
  };
  if (id == "R-CLK-PERMIT") return months(6);
  if (id == "R-CLK-FAP") return months(120);
  if (id == "R-CLK-DESIG") return months(1);
  for (const ClockRule& rule : ClockRules()) {
    if (rule.id == id) return start + rule.limit;
  }
  return InputError("BAD_CLOCK", "no clock has this id");
}

absl::Time EndOf(const SafeConduct& conduct) {
  const bool stayed = conduct.could_leave && conduct.released_notice != absl::InfiniteFuture();
  const absl::Time by_stay =
      stayed ? conduct.released_notice + Days(conduct.period_days) : absl::InfiniteFuture();
  return std::min(by_stay, conduct.returned_after_leaving);
}

}  // namespace palermo::casework
