#include "node/desk/deadlines.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/catalogue.h"

namespace palermo::desk {
namespace {

using casework::ClockState;

constexpr char kAnswerRule[] = "R-CLK-DEADLINE";

bool Counts(const CaseAct& act) { return act.in_history && !act.conflict; }

bool Stopped(const Deadline& deadline) { return deadline.state == ClockState::kStopped; }

void FillFromCatalogue(Deadline* deadline) {
  const casework::CatalogueRow* row = casework::FindRule(deadline->rule);
  if (row == nullptr) return;
  deadline->source = std::string(row->authority);
  deadline->condition = std::string(row->condition);
}

// The side that stops the clock is the one that must act.
bool IsOurs(const std::string& rule, casework::Side own) {
  for (const casework::ClockRule& clock : casework::ClockRules()) {
    if (clock.id != rule || clock.stops.empty()) continue;
    return casework::MaySend(own, clock.stops.front());
  }
  return false;
}

// The act whose time a clock began with.
Hash StarterOf(const CaseView& view, const casework::RunningClock& clock) {
  for (const CaseAct& act : view.acts) {
    if (!Counts(act) || act.recorded_at != clock.started) continue;
    for (const casework::ClockRule& rule : casework::ClockRules()) {
      if (rule.id == clock.id && rule.starts == act.header.act()) return act.id;
    }
  }
  return {};
}

void AddAnswerDates(const CaseView& view, absl::Time now, std::vector<Deadline>* out) {
  for (size_t i = 0; i < view.acts.size(); ++i) {
    const CaseAct& act = view.acts[i];
    if (!Counts(act) || act.header.reply_by_ms() == 0) continue;
    Deadline deadline;
    deadline.rule = kAnswerRule;
    deadline.act = act.id;
    deadline.started = act.recorded_at;
    deadline.due = FromMillis(act.header.reply_by_ms());
    deadline.ours = act.incoming;
    auto answers = [&](const CaseAct& later) { return Counts(later) && later.side != act.side; };
    bool answered =
        std::any_of(view.acts.begin() + static_cast<long>(i) + 1, view.acts.end(), answers);
    deadline.state = answered              ? ClockState::kStopped
                     : now >= deadline.due ? ClockState::kOverdue
                                           : ClockState::kRunning;
    out->push_back(std::move(deadline));
  }
}

}  // namespace

std::vector<Deadline> DeadlinesOf(const CaseView& view, absl::Time now) {
  std::vector<casework::TimedAct> acts;
  for (const CaseAct& act : view.acts) {
    if (Counts(act)) acts.push_back({act.header.act(), act.side, act.recorded_at});
  }
  v1::Urgency::Code urgency =
      view.acts.empty() ? v1::Urgency::UNSPECIFIED : view.acts.front().header.urgency();
  std::vector<Deadline> deadlines;
  for (const casework::RunningClock& clock :
       casework::ClocksOf(acts, view.family, urgency, casework::PairPolicy(), now)) {
    Deadline deadline;
    deadline.rule = clock.id;
    deadline.act = StarterOf(view, clock);
    deadline.started = clock.started;
    deadline.due = clock.due;
    deadline.state = clock.state;
    deadline.ours = IsOurs(clock.id, view.own_side);
    deadlines.push_back(std::move(deadline));
  }
  AddAnswerDates(view, now, &deadlines);
  for (Deadline& deadline : deadlines) FillFromCatalogue(&deadline);
  std::stable_sort(deadlines.begin(), deadlines.end(), [](const Deadline& a, const Deadline& b) {
    if (Stopped(a) != Stopped(b)) return Stopped(b);
    return a.due < b.due;
  });
  return deadlines;
}

Morning MorningOf(const CaseView& view, absl::Time now) {
  Morning morning;
  morning.deadlines = DeadlinesOf(view, now);
  morning.waits_for_us = !view.waits_for_us.empty();
  for (const CaseAct& act : view.acts) {
    if (act.incoming && act.retrieval == v1::RetrievalResult::UNSPECIFIED) ++morning.unopened;
  }
  for (const Deadline& deadline : morning.deadlines) {
    if (Stopped(deadline)) continue;
    if (!morning.next) morning.next = deadline;
    if (deadline.state == ClockState::kOverdue) ++morning.late;
    if (deadline.state == ClockState::kDueSoon) ++morning.due;
    morning.waits_for_us |= deadline.ours && deadline.state != ClockState::kPaused;
  }
  morning.mark = morning.late > 0       ? "LATE"
                 : morning.due > 0      ? "DUE"
                 : morning.unopened > 0 ? "NEW"
                 : morning.waits_for_us ? "OPEN"
                                        : "-";
  return morning;
}

}  // namespace palermo::desk
