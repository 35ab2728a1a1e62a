// Timetables of arrests, and texts for the media.
#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/operation/action_rules.h"
#include "node/casework/operation/fold.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool StartsAfter(const std::string& end, const std::string& start) {
  const auto at = ParseInstant(start);
  return at.ok() && IsAfterEnd(end, *at);
}

}  // namespace

// A timetable orders nothing: each state's tasks do. It says what starts together, and after which
// decision; a wrong one would send units out at different times.
void OperationFold::TakeTimetable(const SignedRecord& r, JudgedRecord& judged) {
  const v1::ArrestTimetable& table = r.record.timetable();
  judged.findings = CheckTimetable(table, false, "timetable");
  if (Blocks(judged.findings)) {
    NoEffect(judged, "a rule of joint operations stands against it");
    return;
  }
  bool unknown = withheld_.count(table.decision()) != 0 || HasUnseenVotes(table.decision());
  for (int i = 0; i < table.targets_size(); ++i) {
    const v1::TimedTarget& timed = table.targets(i);
    const std::string at = At("timetable.targets", i);
    if (facts_.departed.count(timed.state()) != 0) {
      Tell("R-JIT-08.departed", Cat({at, ".state"}), judged.findings);
    } else if (!IsMember(timed.state())) {
      NoEffect(judged, "a state in it is no member");
      return;
    }
    if (StartsAfter(facts_.agreement.period().to(), timed.start_utc())) {
      Tell("R-JIT-05.period", Cat({at, ".start_utc"}), judged.findings);
    }
    // The units of a state move by the task that this state gave.
    const auto task = places_.find(timed.task());
    const bool led = task != places_.end() && task->second.signer == timed.state();
    if (withheld_.count(timed.task()) != 0) {
      unknown = true;
    } else if (!timed.task().empty() && !led) {
      Tell("R-JIT-03.leader", Cat({at, ".task"}), judged.findings);
    }
  }
  if (Blocks(judged.findings)) {
    NoEffect(judged, "a rule of joint operations stands against it");
  } else if (unknown) {
    // Who joined later cannot know what the others judge.
    NoEffect(
        judged,
        "its decision, a vote on it or a task of it was not released to this state, so that it "
        "cannot be judged here: ask a member whether it counts");
    judged.verdict = RecordVerdict::kWithheld;
  } else if (const char* why = WhyNotTimed(table.decision())) {
    NoEffect(judged, why);
  } else {
    state_.timetables.push_back({r.id, table.decision()});
  }
}

void OperationFold::NoteWithheld(const v1::OperationRecord& record, const std::string& id) {
  withheld_.insert(id);
  if (KindOf(record) == v1::OperationRecord::kVote) unseen_votes_.insert(id);
}

bool OperationFold::HasUnseenVotes(const std::string& decision) const {
  if (unseen_votes_.empty() || graph_.Find(decision) == nullptr) return false;
  const std::vector<bool> above = graph_.Above({graph_.NumberOf(decision)});
  return std::any_of(unseen_votes_.begin(), unseen_votes_.end(),
                     [&](const std::string& id) { return above[graph_.NumberOf(id)]; });
}

// Whoever votes GO must have been able to see what starts then. Null: it may hang on the decision.
const char* OperationFold::WhyNotTimed(const std::string& id) {
  const DecisionState* decision = FindDecision(id);
  if (decision == nullptr) return "no such decision: arrests start together only after GO";
  if (decision->kind != "ACTION_DAY") return "its decision is of no action day";
  if (decision->outcome != DecisionOutcome::kOpen || went_.count(id) != 0) {
    return "its decision has a vote GO already, or was aborted: what came later was not voted on; "
           "put another decision";
  }
  if (IsLate(proposals_.at(id).deadline(), at_)) {
    return "the deadline of its decision is over: put another decision";
  }
  return nullptr;
}

// --- The media

// Who joins later did not see the text, and is not asked.
void OperationFold::TakeMedia(const SignedRecord& r, JudgedRecord& judged) {
  const v1::MediaLine& media = r.record.media();
  judged.findings = CheckMedia(media, "media");
  if (IsBlank(media.scanned_by())) Tell("R-SEAL-02.unscanned", "media", judged.findings);
  if (Blocks(judged.findings)) {
    NoEffect(judged, "a rule stands against telling this");
    return;
  }
  const std::set<std::string> asked = ElectorsOf(r.id);
  state_.media.push_back({r.id, asked, {r.signer}, false});
  Propose(r, {Kind::kMedia, "", {}, {}, {}, "", asked});
}

std::set<std::string> OperationFold::StillAsked(const Pending& pending) const {
  if (pending.kind != Kind::kMedia) return state_.members;
  std::set<std::string> asked;
  std::set_intersection(pending.asked.begin(), pending.asked.end(), state_.members.begin(),
                        state_.members.end(), std::inserter(asked, asked.end()));
  return asked;
}

// All of them, or as many as the agreement says.
bool OperationFold::IsAgreed(const Pending& pending) const {
  const std::set<std::string> asked = StillAsked(pending);
  const auto given =
      static_cast<size_t>(std::count_if(asked.begin(), asked.end(), [&](const std::string& state) {
        return pending.consents.count(state) != 0;
      }));
  const size_t least = facts_.agreement.media_consents();
  return given > 0 && given >= (least == 0 ? asked.size() : std::min(least, asked.size()));
}

MediaState* OperationFold::FindMedia(const std::string& id) {
  const auto found = std::find_if(state_.media.begin(), state_.media.end(),
                                  [&](const MediaState& one) { return one.id == id; });
  return found == state_.media.end() ? nullptr : &*found;
}

}  // namespace palermo::casework
