#include "node/casework/clocks.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using v1::Urgency;
using enum CaseState;
using enum ClockKind;

constexpr absl::Duration Days(int n) { return absl::Hours(24 * n); }
constexpr FurtherLimit kFurther[] = {
    {"R-CLK-ACK.URGENT", absl::Hours(24), "practice"},
    {"R-CLK-ACK.EMERGENCY_LIFE", absl::Hours(1), "practice"},
    {"R-CLK-STATUS.AGAIN", Days(30), "18(24)"},
    {"R-AR-08", Days(30), "UNCAC 55(8)"},
};
const FurtherLimit* FindFurther(std::string_view id) {
  const auto* found = std::find_if(std::begin(kFurther), std::end(kFurther),
                                   [&](const FurtherLimit& further) { return further.id == id; });
  return found == std::end(kFurther) ? nullptr : found;
}

constexpr std::string_view kWarnsAhead = "R-CLK-PRES";  // lost data never come back
constexpr int kMostDays = 5 * 366;  // a calendar of holidays only does not hang it

// A limit in working days of that calendar: the day of the start does not count, and the time of
// the day stays.
absl::Time AddWorkingDays(absl::Time from, absl::Duration limit, const Calendar& calendar) {
  int64_t left = limit / Days(1);
  const absl::CivilSecond start = absl::ToCivilSecond(from, calendar.zone);
  absl::CivilDay day(start);
  for (int moved = 0; left > 0 && moved < kMostDays; ++moved) {
    ++day;
    if (calendar.IsWorkingDay(day)) --left;
  }
  const absl::CivilSecond end(day.year(), day.month(), day.day(), start.hour(), start.minute(),
                              start.second());
  return absl::FromCivil(end, calendar.zone) + limit % Days(1);
}

bool Stops(const ClockRule& rule, Act::Code act) {
  return std::find(rule.stops.begin(), rule.stops.end(), act) != rule.stops.end();
}

bool IsOneOfStates(const std::vector<CaseState>& states, CaseState state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

// Information is pending, or the states consult: the other side's turn.
bool Interrupts(CaseState state) {
  return state == kInfoPending || state == kConsulting || state == kConditionsOffered;
}

// Whether the case is interrupted after the act; as before when the act does not tell.
bool InterruptedAfter(const TimedAct& act, bool before) {
  if (act.after != kNone) return Interrupts(act.after);
  if (act.act == Act::INFO_REQUEST || act.act == Act::CONSULTATION_OPEN) return true;
  const bool ends = act.act == Act::INFO_SUPPLEMENT || act.act == Act::CONSULTATION_CLOSE ||
                    act.act == Act::CONDITIONS_ACCEPT || act.act == Act::REFUSAL_IN_PART ||
                    act.act == Act::POSTPONEMENT_NOTICE;
  return before && !ends;
}

// How long a clock was interrupted between act `from` and `to`; whether it still is. A consultation
// about some items stops what waits for the case's state, and no date of the other items.
struct Pause {
  absl::Duration length;
  bool open = false;
};
Pause PausesIn(const std::vector<TimedAct>& acts, size_t from, absl::Time to, bool by_item) {
  Pause pause;
  absl::Time since;
  bool interrupted = false, some = false;
  for (size_t i = from; i < acts.size() && acts[i].at <= to; ++i) {
    interrupted = InterruptedAfter(acts[i], interrupted);
    some = by_item && interrupted && (some || acts[i].some_items);
    const bool now_open = interrupted && !some;
    if (now_open && !pause.open) since = acts[i].at;
    if (!now_open && pause.open) pause.length += acts[i].at - since;
    pause.open = now_open;
  }
  if (pause.open) pause.length += to - since;
  return pause;
}

bool EndsClock(const ClockRule& rule, const TimedAct& act) {
  if (Stops(rule, act.act)) return true;
  if (rule.id == "R-CLK-CONSULT" && act.act == Act::CONSULTATION_STATEMENT) {
    return act.side == Side::kRequesting;  // its view is what the clock waits for
  }
  if (act.after == kNone) return false;
  if (IsTerminal(act.after)) return rule.starts != Act::STATUS_QUERY;
  if (rule.runs_in.empty() || IsOneOfStates(rule.runs_in, act.after)) return false;
  return !(rule.pauses && Interrupts(act.after));
}

// The answer of the register, where nothing else was asked.
bool AnswersRegistry(const TimedAct& request, const TimedAct& act) {
  return request.registry_only &&
         (act.act == Act::REGISTRY_CONFIRMED || act.act == Act::REGISTRY_UNKNOWN);
}

absl::Time DateInAct(const ClockRule& rule, const TimedAct& act) {
  const auto found = act.dates.find(rule.id);
  return found == act.dates.end() ? act.until : found->second;
}

// Whether the legal basis ("SUA 8bis") is of one of the instruments ("COE-SEA|SUA").
bool NamesOneOf(std::string_view instruments, const std::vector<std::string>& basis) {
  for (size_t at = 0; at <= instruments.size();) {
    const size_t bar = std::min(instruments.find('|', at), instruments.size());
    const std::string_view one = instruments.substr(at, bar - at);
    if (std::any_of(basis.begin(), basis.end(),
                    [&](const std::string& text) { return text.starts_with(one); })) {
      return true;
    }
    at = bar + 1;
  }
  return false;
}

// Of policy, where it has no other row.
const ClockRule* FindPolicy(std::string_view id) {
  const auto rules = ClockRules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ClockRule& r) {
    return r.id == id && r.kind == ClockKind::kPolicy;
  });
  return rule == rules.end() ? nullptr : &*rule;
}

// Whether this act starts this clock.
bool BeginsClock(const ClockRule& rule, const TimedAct& act, Family::Code family,
                 const std::vector<std::string>& instruments) {
  if (rule.family != Family::UNSPECIFIED && rule.family != family) return false;
  if (rule.starts == Act::UNSPECIFIED || rule.starts != act.act || rule.starts_side != act.side) {
    return false;
  }
  if (rule.needs_date && DateInAct(rule, act) == absl::InfiniteFuture()) return false;
  if (!rule.runs_in.empty()) {
    // A request starts the clock of its acknowledgement, unless it confirms an oral one.
    const bool told = act.after != kNone;
    if (told && !IsOneOfStates(rule.runs_in, act.after)) return false;
    if (!told && rule.runs_in.front() == kReceived && rule.starts == Act::REQUEST) return false;
    // Most reports are of no suspension.
    if (!told && rule.starts == Act::STATUS_REPORT) return false;
  }
  if (rule.instrument.empty()) return true;
  const bool named = NamesOneOf(rule.instrument, instruments);
  if (rule.elsewhere) return !named;
  return named || (instruments.empty() && !rule.twin);
}

// The clocks of the flag state.
bool AtSea(const ClockRule& rule) { return rule.id == "R-CLK-FLAG" || rule.id == "R-SEA-02"; }

// What the act reports starts its clocks. That a request was made by word of mouth before counts at
// sea only: elsewhere the written one starts them.
absl::Time StartsAt(const ClockRule& rule, const TimedAct& act) {
  const bool written = rule.starts == Act::REQUEST && !AtSea(rule);
  return written || act.happened == absl::InfinitePast() ? act.at : act.happened;
}

absl::Time DueOf(const ClockRule& rule, const TimedAct& act, absl::Duration limit, bool urgent,
                 const Calendar& calendar) {
  const absl::Time start = StartsAt(rule, act);
  const absl::Time date = DateInAct(rule, act);
  // The act's own date binds within the limit: a review, a preservation.
  if (date != absl::InfiniteFuture()) {
    return rule.kind == kPolicy ? std::min(date, act.at + limit) : date;
  }
  return rule.working_days && !urgent ? AddWorkingDays(start, limit, calendar) : start + limit;
}

RunningClock Run(const ClockRule& rule, const std::vector<TimedAct>& acts, size_t i,
                 v1::Urgency::Code urgency, const PairPolicy& policy, absl::Time now) {
  const absl::Duration limit = policy.LimitOf(rule, urgency);
  RunningClock clock;
  clock.id = std::string(rule.id);
  clock.rule = &rule;
  clock.starter = i;
  clock.owes = OwesOf(rule);
  clock.limit = limit;
  clock.started = StartsAt(rule, acts[i]);
  clock.due =
      DueOf(rule, acts[i], limit, urgency >= Urgency::URGENT, policy.CalendarOf(clock.owes));
  clock.named = clock.due == DateInAct(rule, acts[i]);
  const auto stop =
      std::find_if(acts.begin() + static_cast<long>(i) + 1, acts.end(), [&](const TimedAct& act) {
        return EndsClock(rule, act) || (AtSea(rule) && AnswersRegistry(acts[i], act));
      });
  const absl::Time end = stop == acts.end() ? now : std::min(stop->at, now);
  const Pause pause = rule.pauses ? PausesIn(acts, i, end, rule.runs_in.empty()) : Pause{};
  // A date that somebody named stays that date; a limit grows by the time of the pause.
  if (DateInAct(rule, acts[i]) == absl::InfiniteFuture()) clock.due += pause.length;
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

absl::Status PairPolicy::Set(const std::string& id, absl::Duration limit) {
  const auto rules = ClockRules();
  const bool known =
      std::any_of(rules.begin(), rules.end(), [&](const ClockRule& r) { return r.id == id; });
  const bool further = FindFurther(id) != nullptr;
  if (!known && !further) return InputError("BAD_CLOCK", "no clock has this id");
  if (!further && FindPolicy(id) == nullptr) {
    return InputError("BAD_CLOCK",
                      absl::StrFormat("%s is no number of policy: the law or an act sets it", id));
  }
  const absl::Duration most = id == "R-CLK-ORAL"  ? absl::Hours(72)
                              : id == "R-CLK-PST" ? Days(180)
                                                  : Days(365);
  if (limit <= absl::ZeroDuration() || limit > most) {
    return InputError("BAD_CLOCK", absl::StrFormat("%s takes more than nothing and at most %s", id,
                                                   absl::FormatDuration(most)));
  }
  // Nobody can state a view within seconds: 18(26) and UNCAC 55(8) are about being heard.
  const bool hears = id == "R-CLK-CONSULT" || id == "R-AR-08";
  if (hears && limit < Days(1)) {
    return InputError("BAD_CLOCK",
                      absl::StrFormat("%s gives the other state time to speak: a day or more", id));
  }
  limits_[id] = limit;
  return absl::OkStatus();
}

absl::Duration PairPolicy::LimitOf(const ClockRule& rule, Urgency::Code urgency) const {
  const std::string_view id = IdOf(rule, urgency);
  const auto found = limits_.find(id);
  if (found != limits_.end() && rule.kind == ClockKind::kPolicy) return found->second;
  const FurtherLimit* further = FindFurther(id);
  return further == nullptr ? rule.limit : further->limit;
}

std::string_view PairPolicy::IdOf(const ClockRule& rule, Urgency::Code urgency) {
  if (rule.id != "R-CLK-ACK") return rule.id;
  if (urgency == Urgency::EMERGENCY_LIFE) return "R-CLK-ACK.EMERGENCY_LIFE";
  return urgency == Urgency::URGENT ? "R-CLK-ACK.URGENT" : rule.id;
}

absl::Duration PairPolicy::Limit(std::string_view id) const {
  const auto found = limits_.find(id);
  if (found != limits_.end()) return found->second;
  if (const FurtherLimit* further = FindFurther(id)) return further->limit;
  const ClockRule* rule = FindPolicy(id);
  PALERMO_CHECK(rule != nullptr);
  return rule->limit;
}

std::span<const FurtherLimit> FurtherLimits() { return kFurther; }

absl::Duration PolicyLimit(std::string_view id, const PairPolicy* policy) {
  return policy == nullptr ? PairPolicy().Limit(id) : policy->Limit(id);
}

bool Calendar::IsWorkingDay(absl::CivilDay day) const {
  return rest_days.count(absl::GetWeekday(day)) == 0 && holidays.count(day) == 0;
}

void PairPolicy::SetCalendar(Side side, Calendar calendar) {
  calendars_[side == Side::kRequesting ? 0 : 1] = std::move(calendar);
}
const Calendar& PairPolicy::CalendarOf(Side side) const {
  return calendars_[side == Side::kRequesting ? 0 : 1];
}

Side OwesOf(const ClockRule& rule) {
  // A consultation waits for the view of the requesting state, though its own acts end it too.
  if (rule.id == "R-CLK-CONSULT" || rule.stops.empty()) return Side::kRequesting;
  return MaySend(Side::kRequested, rule.stops.front()) ? Side::kRequested : Side::kRequesting;
}

std::string_view ClockStateName(ClockState state) {
  constexpr std::string_view kNames[] = {"RUNNING", "DUE_SOON", "PAUSED", "OVERDUE", "STOPPED"};
  return kNames[static_cast<size_t>(state)];
}

std::vector<RunningClock> ClocksOf(const std::vector<TimedAct>& acts, Family::Code family,
                                   Urgency::Code urgency, const PairPolicy& policy, absl::Time now,
                                   const std::vector<std::string>& instruments) {
  std::vector<RunningClock> clocks;
  for (size_t i = 0; i < acts.size(); ++i) {
    if (acts[i].at > now) continue;
    for (const ClockRule& rule : ClockRules()) {
      if (!BeginsClock(rule, acts[i], family, instruments)) continue;
      clocks.push_back(Run(rule, acts, i, urgency, policy, now));
    }
  }
  return clocks;
}

std::vector<Finding> OverdueFindings(const std::vector<RunningClock>& clocks) {
  std::vector<Finding> findings;
  for (const RunningClock& clock : clocks) {
    if (clock.state == ClockState::kDueSoon && clock.id == kWarnsAhead) {
      Tell("R-CLK-PRES.soon", "", findings);
    }
    if (clock.state != ClockState::kOverdue || clock.rule->text.empty()) continue;
    Tell(clock.rule->text, "", findings);
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
