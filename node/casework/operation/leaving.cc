// A state leaves a joint operation: its notice, and what it leaves behind (domain 5.4).
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/operation/fold.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

// Clocks differ, and a record is dated after it was begun.
constexpr absl::Duration kAtOnce = absl::Minutes(5);

bool IsLastOf(const v1::EvidenceEntry& item) {
  return !item.events().empty() &&
         OneOf(item.events(item.events_size() - 1).k(), {"RETURNED", "DESTROYED"});
}

TextArgs Counted(int64_t count) { return {{"count", absl::StrFormat("%d", count)}}; }

}  // namespace

bool GivesNotice(const v1::OperationRecord& record) {
  if (!record.has_departure() || record.departure().state() != record.state()) return false;
  const auto from = ParseInstant(record.departure().effective());
  const auto written = ParseInstant(record.at());
  return from.ok() && written.ok() && *from > *written + kAtOnce;
}

void OperationFold::TakeDeparture(const SignedRecord& r, JudgedRecord& judged) {
  const std::string& state = r.record.departure().state();
  if (state == r.signer && GivesNotice(r.record)) {
    state_.notices[state] = r.record.departure().effective();
    notices_.emplace(state, at_);
  } else if (state == r.signer) {
    TellWhatItLeaves(r, judged);
    Leave(state);
    SettleAll();
  } else if (IsMember(state)) {
    Propose(r, {Kind::kExpulsion, state, {}, {}, {}, ""});
  } else {
    NoEffect(judged, "the state that shall leave is no member");
  }
}

void OperationFold::NoteHeld(const SignedRecord& evidence) {
  const v1::EvidenceEntry& item = evidence.record.evidence();
  if (IsLastOf(item)) {
    held_[evidence.signer].erase(item.id());
  } else {
    held_[evidence.signer].insert(item.id());
  }
}

// It may leave all the same: nobody is held. All see what is still to be done.
void OperationFold::TellWhatItLeaves(const SignedRecord& departure, JudgedRecord& judged) const {
  const v1::Departure& said = departure.record.departure();
  const auto tell = [&](std::string_view key, TextArgs args) {
    Tell(key, "departure", judged.findings, std::move(args));
  };
  const auto now = ParseInstant(at_);
  const uint32_t days = facts_.agreement.change().departure_notice_days();
  const auto given = notices_.find(said.state());
  const auto since = ParseInstant(given == notices_.end() ? at_ : given->second);
  const bool waited = now.ok() && since.ok() && *now - *since >= absl::Hours(24) * days;
  if (days > 0 && !waited) tell("R-JIT-08.notice", {{"days", absl::StrFormat("%u", days)}});
  const auto held = held_.find(said.state());
  if (!said.custody_inventory_signed() && held != held_.end() && !held->second.empty()) {
    tell("R-JIT-08.inventory", Counted(static_cast<int64_t>(held->second.size())));
  }
  const auto ordered = std::count_if(tasks_.begin(), tasks_.end(), [&](const auto& task) {
    const auto place = places_.find(task.first);
    return place != places_.end() && place->second.signer == said.state() &&
           !(now.ok() && IsAfterEnd(task.second, *now));
  });
  if (ordered > 0) tell("R-JIT-08.tasks", Counted(ordered));
  const auto under_way =
      std::count_if(state_.decisions.begin(), state_.decisions.end(), [](const DecisionState& d) {
        return d.kind == "CONTROLLED_DELIVERY" && d.outcome == DecisionOutcome::kGo;
      });
  if (under_way > 0) tell("R-JIT-08.under_way", Counted(under_way));
}

}  // namespace palermo::casework
