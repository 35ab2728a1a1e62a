// Decisions of a joint operation: who may put which, which votes count, and what stops them.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "node/casework/operation/fold.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using Content = v1::OperationRecord::ContentCase;

constexpr size_t kShortId = 12;

// Empty: it may be put. GO counts when all vote GO, or as many as the agreement says; never without
// votes, unless the agreement says so.
std::string WhyNotPut(const v1::DecisionProposal& proposal, const std::string& at,
                      const v1::DecisionClause& agreed, size_t electors) {
  if (proposal.quorum() == 0 || proposal.quorum() > electors ||
      !ParseInstant(proposal.deadline()).ok()) {
    return "its quorum cannot be reached, or its deadline is no date";
  }
  const size_t least = agreed.least_go() == 0 ? electors : agreed.least_go();
  if (proposal.quorum() < std::min(least, electors)) {
    return absl::StrFormat(
        "the agreement asks for more votes GO: at least %d of %d; where it says no number, all "
        "members must vote GO",
        std::min(least, electors), electors);
  }
  if (proposal.otherwise() == "GO" && agreed.otherwise() != "GO") {
    return "the agreement does not let GO count where too few voted";
  }
  // Else what counts without votes would count at once.
  if (IsLate(proposal.deadline(), at)) return "its deadline is over before anybody could vote";
  return "";
}

}  // namespace

bool OperationFold::TakeDecision(const SignedRecord& r, bool backdated, JudgedRecord& judged) {
  const auto kind = r.record.content_case();
  if (kind != Content::kDecision && kind != Content::kVote && kind != Content::kAbort) return false;
  if (!IsMember(r.signer)) {
    NotMember(judged);
  } else if (kind == Content::kDecision) {
    const v1::DecisionProposal& proposal = r.record.decision();
    if (backdated) {
      NoEffect(judged, "a backdated proposal decides nothing");
      judged.verdict = RecordVerdict::kBackdated;
      return true;
    }
    std::set<std::string> electors = ElectorsOf(r.id);
    std::string why =
        WhyNotPut(proposal, r.record.at(), facts_.agreement.decisions(), electors.size());
    if (!why.empty()) {
      NoEffect(judged, std::move(why));
      return true;
    }
    proposals_.emplace(r.id, proposal);
    state_.decisions.push_back({r.id,
                                proposal.kind(),
                                proposal.quorum(),
                                {},
                                DecisionOutcome::kOpen,
                                false,
                                std::move(electors)});
  } else if (kind == Content::kVote) {
    TakeVote(r, backdated, judged);
  } else {
    judged.effective = false;
    TakeAbort(r, judged);
    if (!judged.effective) NoEffect(judged, "no such decision");
  }
  return true;
}

// Members at its place that its author knows to be members: those of the founding, and whom the
// records that it builds on took in. The place alone is not enough: what it does not build on comes
// before it or after it by an id, which its author can choose.
std::set<std::string> OperationFold::ElectorsOf(const std::string& id) const {
  std::set<std::string> electors;
  for (const std::string& state : state_.members) {
    const auto taken_in = knows_.find(state);
    if (taken_in == knows_.end() || taken_in->second[graph_.NumberOf(id)]) electors.insert(state);
  }
  return electors;
}

// The record at which it was complete, each member's consent, and the departure of who was not
// waited for any more.
std::set<std::string> OperationFold::CompletedBy(const Pending& pending) const {
  std::set<std::string> by = {record_};
  for (const std::string& member : state_.members) by.insert(pending.consents.at(member));
  for (const std::string& state : state_.departed) {
    if (pending.consents.count(state) == 0) by.insert(left_by_.at(state));
  }
  return by;
}

// Also the accession, what put the version in force that it accepts, and the departure of who had
// consented but has no legal basis with the newcomer.
void OperationFold::NoteTakenIn(const Pending& admission) {
  std::set<std::string> by = CompletedBy(admission);
  by.insert(admission.accession);
  by.insert(in_force_by_.begin(), in_force_by_.end());
  for (const std::string& state : state_.departed) {
    if (state == admission.state || by.count(left_by_.at(state)) != 0) continue;
    std::set<std::string> with = state_.members;
    with.insert(state);
    const auto findings = CheckPairs(admission.admission, with, "admission");
    if (Blocks(findings)) by.insert(left_by_.at(state));
  }
  knows_[admission.state] = graph_.AboveAll(by);
}

void OperationFold::TakeAbort(const SignedRecord& r, JudgedRecord& judged) {
  judged.membership = state_.memberships.size() - 1;
  DecisionState* decision = FindDecision(r.record.abort().decision());
  if (decision == nullptr || !IsMember(r.signer) || closed_) return;
  decision->outcome = DecisionOutcome::kAborted;
  judged.effective = true;
}

// A NO_GO can become a GO until the deadline. No vote takes a GO back, so that the order of votes
// does not matter: units that may have set out are stopped by an abort alone.
void OperationFold::TakeVote(const SignedRecord& r, bool backdated, JudgedRecord& judged) {
  const v1::Vote& vote = r.record.vote();
  DecisionState* decision = FindDecision(vote.decision());
  if (decision == nullptr || !OneOf(vote.vote(), {"GO", "NO_GO"})) {
    NoEffect(judged, "no such decision, or no such vote");
  } else if (decision->electors.count(r.signer) == 0) {
    // Else whoever is outvoted could be made up for by a state that is let in meanwhile.
    NoEffect(judged, "who put the decision knew of no membership of its state");
  } else if (backdated) {
    NoEffect(judged, "a backdated vote does not count");
    judged.verdict = RecordVerdict::kBackdated;
  } else if (IsLate(proposals_[decision->id].deadline(), r.record.at())) {
    NoEffect(judged, "the vote came after the deadline");
  } else if (decision->outcome == DecisionOutcome::kAborted) {
    NoEffect(judged, "it was aborted before");
  } else if (decision->outcome == DecisionOutcome::kGo) {
    NoEffect(judged, "it was decided before: GO; any member can abort it");
  } else {
    std::string& counts = decision->votes[r.signer];
    if (counts == "GO") {
      NoEffect(judged, "its state voted GO; to stop is an abort");
      return;
    }
    counts = vote.vote();
    if (counts == "GO") went_.insert(decision->id);
    Decide(*decision);
  }
}

// A refusal ends when every state has taken its NO_GO back, not because more states join or vote:
// else silence would be GO where one said no.
void OperationFold::Decide(DecisionState& decision) const {
  size_t go = 0;
  for (const auto& [state, vote] : decision.votes) go += vote == "GO" ? 1 : 0;
  if (go >= decision.quorum) decision.outcome = DecisionOutcome::kGo;
  const bool denied = go < decision.votes.size();
  decision.refused = IsOutOfReach(decision) || (decision.refused && denied);
}

// What votes have put out of reach stays so, whoever leaves or joins: only a vote changes it. What
// was over before is as it was, also where nobody can say when it was.
void OperationFold::TakeVotesOf(const std::string& leaver) {
  const auto at = ParseInstant(at_);
  for (DecisionState& decision : state_.decisions) {
    const auto deadline = ParseInstant(proposals_[decision.id].deadline());
    const bool over = !at.ok() || (deadline.ok() && *at > *deadline);
    if (decision.outcome != DecisionOutcome::kOpen || over) continue;
    const auto vote = decision.votes.find(leaver);
    const bool stands = decision.refused && vote != decision.votes.end() && vote->second != "GO";
    if (!stands) decision.votes.erase(leaver);
    decision.refused = decision.refused || IsOutOfReach(decision);
  }
}

bool OperationFold::IsOutOfReach(const DecisionState& decision) const {
  size_t no_go = 0;
  for (const auto& [state, vote] : decision.votes) no_go += vote == "GO" ? 0 : 1;
  const std::set<std::string>& all = decision.electors;
  const auto there = static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [&](const auto& state) { return IsMember(state); }));
  return there - std::min(no_go, there) < decision.quorum;
}

DecisionState* OperationFold::FindDecision(const std::string& id) {
  const auto found = std::find_if(state_.decisions.begin(), state_.decisions.end(),
                                  [&](const DecisionState& d) { return d.id == id; });
  return found == state_.decisions.end() ? nullptr : &*found;
}

void OperationFold::CloseVotes(absl::Time now) {
  for (DecisionState& decision : state_.decisions) {
    if (decision.outcome != DecisionOutcome::kOpen) continue;
    const v1::DecisionProposal& proposal = proposals_[decision.id];
    if (decision.refused) {
      decision.outcome = DecisionOutcome::kNoGo;
    } else if (now > *ParseInstant(proposal.deadline())) {
      decision.outcome =
          proposal.otherwise() == "GO" ? DecisionOutcome::kGo : DecisionOutcome::kNoGo;
    }
  }
}

// Whoever consents to a closing is told what it leaves open: decisions that wait for votes, tasks
// whose time is not over.
void OperationFold::TellStillOpen(const SignedRecord& closing, JudgedRecord& judged) const {
  const auto at = ParseInstant(closing.record.at());
  if (!at.ok()) return;
  std::vector<std::string> open;
  for (const DecisionState& decision : state_.decisions) {
    const auto deadline = ParseInstant(proposals_.at(decision.id).deadline());
    const bool waits = decision.outcome == DecisionOutcome::kOpen && !decision.refused;
    if (waits && *at <= *deadline) open.push_back(decision.id.substr(0, kShortId));
  }
  for (const auto& [id, end] : tasks_) {
    if (!IsAfterEnd(end, *at)) open.push_back(id.substr(0, kShortId));
  }
  if (!open.empty()) {
    Tell("R-AUD-01.still_open", "closing", judged.findings,
         {{"records", absl::StrJoin(open, ", ")}});
  }
}

}  // namespace palermo::casework
