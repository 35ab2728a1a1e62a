#include "node/casework/operation/fold.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/operation/action_rules.h"
#include "node/casework/operation/record_rules.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using Content = v1::OperationRecord::ContentCase;

}  // namespace

bool IsLate(const std::string& deadline, const std::string& at) {
  const auto end = ParseInstant(deadline), moment = ParseInstant(at);
  return !end.ok() || !moment.ok() || *moment > *end;
}

OperationFold::OperationFold(std::string operation, const Graph& graph, OperationState& state)
    : operation_(std::move(operation)), graph_(graph), state_(state) {
  state_.memberships.push_back({});
}

void OperationFold::Take(const SignedRecord& r, bool backdated, const std::string& at,
                         JudgedRecord& judged) {
  judged.effective = true;
  record_ = r.id;
  at_ = at;
  const bool own =
      r.record.operation() == operation_ || (r.id == operation_ && r.record.operation().empty());
  if (!own) {
    NoEffect(judged, "it belongs to another operation");
  } else if (closed_) {
    NoEffect(judged, "the operation is closed");
  } else if (!TakeFounding(r, judged) && !TakeMembership(r, backdated, judged) &&
             !TakeDecision(r, backdated, judged)) {
    if (IsMember(r.signer)) {
      JudgeWork(r, judged);
    } else {
      NotMember(judged);
    }
  }
  judged.membership = state_.memberships.size() - 1;
}

// --- Who takes part

bool OperationFold::TakeFounding(const SignedRecord& r, JudgedRecord& judged) {
  if (r.id == operation_) {
    const auto parties = PartiesOf(r.record.agreement());
    const bool party = std::count(parties.begin(), parties.end(), r.signer) != 0;
    if (!r.record.has_agreement() || parties.size() < 2 || !party) {
      NoEffect(judged, "it founds nothing: no agreement of its author with another state");
      return true;
    }
    founding_ = r.record.agreement();
    founded_ = true;
    state_.signed_by = {r.signer};
    state_.invited = {parties.begin(), parties.end()};
    return true;
  }
  if (!r.record.has_signature()) return false;
  const auto parties = PartiesOf(founding_);
  const bool party = std::count(parties.begin(), parties.end(), r.signer) != 0;
  if (!founded_ || active_ || r.record.signature().agreement() != operation_ || !party) {
    NoEffect(judged, "it signs no agreement that waits for this state");
    return true;
  }
  state_.signed_by.insert(r.signer);
  if (state_.signed_by.size() < parties.size()) return true;
  active_ = true;
  facts_.agreement = founding_;
  state_.agreement = operation_;
  state_.members = {parties.begin(), parties.end()};
  state_.invited.clear();
  ChangeMembers();
  return true;
}

bool OperationFold::TakeMembership(const SignedRecord& r, bool backdated, JudgedRecord& judged) {
  const auto kind = r.record.content_case();
  if (kind == Content::kAccession) {
    TakeAccession(r, judged);
    return true;
  }
  const bool membership = kind == Content::kAgreement || kind == Content::kAdmission ||
                          kind == Content::kConsent || kind == Content::kDeparture ||
                          kind == Content::kClosing;
  if (!membership) return false;
  if (!IsMember(r.signer)) {
    NotMember(judged);
  } else if (kind == Content::kAgreement) {
    if (r.record.agreement().amends() != state_.agreement) {
      NoEffect(judged, "it amends another version than the one in force");
      return true;
    }
    if (!IsOfMembers(r.record.agreement())) {
      NoEffect(
          judged,
          "its parties are not the members: who joins or leaves says so in a record of its own");
      return true;
    }
    Propose(r, {Kind::kAmendment, "", r.record.agreement(), {}, {}, ""});
  } else if (kind == Content::kAdmission) {
    const std::string& state = r.record.admission().state();
    if (IsMember(state) || state.empty()) {
      NoEffect(judged, "this state is a member already");
      return true;
    }
    judged.findings = CheckPairs(r.record.admission(), state_.members, "admission");
    if (Blocks(judged.findings)) {
      NoEffect(judged, "a pair with the newcomer has no legal basis");
      return true;
    }
    Propose(r, {Kind::kAdmission, state, {}, r.record.admission(), {}, ""});
  } else if (kind == Content::kDeparture) {
    TakeDeparture(r, judged);
  } else if (kind == Content::kClosing) {
    TakeClosing(r, judged);
  } else {
    TakeConsent(r, backdated, judged);
  }
  return true;
}

void OperationFold::TakeAccession(const SignedRecord& r, JudgedRecord& judged) {
  const auto found = pending_.find(r.record.accession().admission());
  if (found == pending_.end() || found->second.kind != Kind::kAdmission ||
      found->second.state != r.signer) {
    NoEffect(judged, "nobody proposed to admit this state");
  } else if (r.record.accession().agreement() != state_.agreement) {
    NoEffect(judged, "it accepts another version than the one in force");
  } else {
    found->second.accepted = state_.agreement;
    found->second.accession = r.id;
    SettleOne(found->first);
  }
}

void OperationFold::TakeConsent(const SignedRecord& r, bool backdated, JudgedRecord& judged) {
  const auto found = pending_.find(r.record.consent().subject());
  if (backdated) {
    NoEffect(judged, "a backdated consent does not count");
    judged.verdict = RecordVerdict::kBackdated;
  } else if (const auto old = superseded_.find(r.record.consent().subject());
             old != superseded_.end()) {
    NoEffect(judged, old->second);
  } else if (found == pending_.end()) {
    NoEffect(judged, "nothing waits for this consent");
  } else if (found->second.kind == Kind::kMedia && found->second.asked.count(r.signer) == 0) {
    NoEffect(judged, "its state was no member when the text was proposed");
  } else {
    found->second.consents.emplace(r.signer, r.id);
    if (MediaState* media = FindMedia(found->first)) media->consents.insert(r.signer);
    SettleOne(found->first);
  }
}

void OperationFold::TakeClosing(const SignedRecord& r, JudgedRecord& judged) {
  const v1::OperationClosing& closing = r.record.closing();
  judged.findings = CheckClosing(closing.open_obligations(), closing.logs_reconciled(), "closing");
  if (Blocks(judged.findings)) {
    NoEffect(judged, "an operation with open obligations is not closed");
  } else {
    TellStillOpen(r, judged);
    Propose(r, {Kind::kClosing, "", {}, {}, {}, ""});
  }
}

void OperationFold::Propose(const SignedRecord& r, Pending pending) {
  pending.consents.emplace(r.signer, r.id);
  pending_.emplace(r.id, std::move(pending));
  SettleOne(r.id);
}

bool OperationFold::HasAllConsents(const Pending& pending) const {
  return std::all_of(state_.members.begin(), state_.members.end(), [&](const std::string& state) {
    const bool asked = pending.kind != Kind::kExpulsion || state != pending.state;
    return !asked || pending.consents.count(state) != 0;
  });
}

bool OperationFold::IsReady(const Pending& pending) const {
  if (pending.kind == Kind::kMedia) return IsAgreed(pending);
  if (!HasAllConsents(pending)) return false;
  // Members may have changed since it was proposed. Nothing else is asked: who has no votes, as a
  // newcomer and the casebook, must come to the same.
  if (pending.kind == Kind::kAmendment) return IsOfMembers(pending.agreement);
  if (pending.kind != Kind::kAdmission) return true;
  // Nobody is bound by a version that it did not accept, or to a member without a legal basis.
  return !pending.accepted.empty() && pending.accepted == state_.agreement &&
         !Blocks(CheckPairs(pending.admission, state_.members, "admission"));
}

bool OperationFold::IsOfMembers(const v1::OperationAgreement& agreement) const {
  const auto parties = PartiesOf(agreement);
  return std::set<std::string>(parties.begin(), parties.end()) == state_.members;
}

// Nothing but this one has changed.
void OperationFold::SettleOne(const std::string& id) {
  const auto found = pending_.find(id);
  if (closed_ || found == pending_.end() || !IsReady(found->second)) return;
  Complete(found);
  SettleAll();
}

// What one change makes possible may be another change: until nothing moves.
void OperationFold::SettleAll() {
  while (!closed_) {
    const auto ready = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const auto& one) { return IsReady(one.second); });
    if (ready == pending_.end()) return;
    Complete(ready);
  }
}

void OperationFold::Complete(Proposals::iterator ready) {
  const std::string id = ready->first;
  const Pending pending = std::move(ready->second);
  pending_.erase(ready);
  switch (pending.kind) {
    case Kind::kAmendment:
      facts_.agreement = pending.agreement;
      state_.agreement = id;
      in_force_by_ = CompletedBy(pending);
      ForgetOldAmendments();
      break;
    case Kind::kAdmission:
      NoteTakenIn(pending);
      state_.members.insert(pending.state);
      state_.admissions[pending.state] = id;
      state_.departed.erase(pending.state);
      facts_.departed.erase(pending.state);
      Forget(Kind::kAdmission, pending.state);
      ChangeMembers();
      break;
    case Kind::kExpulsion:
      if (IsMember(pending.state)) Leave(pending.state);
      break;
    case Kind::kClosing:
      closed_ = true;
      break;
    case Kind::kMedia:
      if (MediaState* media = FindMedia(id)) media->agreed = true;
      break;
  }
}

void OperationFold::Forget(Kind kind, const std::string& state) {
  std::erase_if(pending_, [&](const auto& one) {
    const bool settled = one.second.kind == kind && one.second.state == state;
    if (settled) superseded_[one.first] = "what it proposed was settled by another record";
    return settled;
  });
}

// No version comes into force twice: what amends another than the one in force never will.
void OperationFold::ForgetOldAmendments() {
  std::erase_if(pending_, [&](const auto& one) {
    const bool old =
        one.second.kind == Kind::kAmendment && one.second.agreement.amends() != state_.agreement;
    if (old) superseded_[one.first] = "it amends a version that is no longer in force";
    return old;
  });
}

void OperationFold::Leave(const std::string& state) {
  state_.members.erase(state);
  state_.departed.insert(state);
  state_.notices.erase(state);
  notices_.erase(state);
  facts_.departed.insert(state);
  left_by_[state] = record_;
  // What was proposed about it is settled: should it come back, or be made to leave again, nobody
  // has consented to that.
  Forget(Kind::kExpulsion, state);
  Forget(Kind::kAdmission, state);
  // Nobody is left who could clear its conflicts.
  for (auto& [task, states] : conflicts_) states.erase(state);
  TakeVotesOf(state);
  ChangeMembers();
}

void OperationFold::ChangeMembers() {
  ++state_.epoch;
  state_.memberships.push_back(state_.members);
}

// --- Work

void OperationFold::JudgeWork(const SignedRecord& r, JudgedRecord& judged) {
  switch (r.record.content_case()) {
    case Content::kDeconfliction:
      TakeDeconfliction(r, judged);
      return;
    case Content::kTasking: {
      v1::Tasking task = r.record.tasking();
      // The record of the deconfliction says it better than the task itself.
      task.set_deconflicted(cleared_.count(task.id()) != 0 && conflicts_[task.id()].empty());
      judged.findings = CheckTasking(task, facts_, "tasking");
      // What happens in a state is ordered by that state alone (2AP 20(3)).
      const bool told = std::any_of(judged.findings.begin(), judged.findings.end(),
                                    [](const Finding& f) { return f.key == "R-JIT-03.leader"; });
      if (task.state() != r.signer && !told) {
        Tell("R-JIT-03.leader", "tasking.state", judged.findings);
      }
      if (!SaysItsTimes(task)) Tell("R-AUTH-03.order", "tasking.authority", judged.findings);
      if (!Blocks(judged.findings)) {
        places_[r.id] = {r.signer, task.place_released_at()};
        tasks_[r.id] = task.authority().valid_to();
      }
      break;
    }
    case Content::kPlace:
      TakePlace(r, judged);
      return;
    case Content::kPlan:
      TakePlan(r, judged);
      return;
    case Content::kArrest:
      judged.findings = CheckArrest(r.record.arrest(), "arrest");
      break;
    case Content::kEvidence:
      judged.findings = CheckCustody(r.record.evidence(), "evidence");
      NoteHeld(r);
      break;
    case Content::kTarget:
      judged.findings = CheckTarget(r.record.target(), r.record.at(), "target");
      break;
    case Content::kTimetable:
      TakeTimetable(r, judged);
      return;
    case Content::kForce:
      judged.findings = CheckForce(r.record.force(), r.record.at(), "force");
      break;
    case Content::kMedia:
      TakeMedia(r, judged);
      return;
    case Content::kOutcome:
      judged.findings = CheckOutcome(r.record.outcome(), "outcome");
      if (Blocks(judged.findings)) NoEffect(judged, "what is wrong with it cannot be counted");
      return;
    case Content::kVictim:
      if (!r.record.victim().token().empty() && !tokens_.insert(r.record.victim().token()).second) {
        judged.findings =
            CheckTokens({r.record.victim().token(), r.record.victim().token()}, "victim");
      }
      break;
    case Content::CONTENT_NOT_SET:
      NoEffect(judged, "it says nothing");
      return;
    default:
      break;
  }
  // What has happened has happened; a task is an order, and a wrong one is none.
  if (r.record.has_tasking() && Blocks(judged.findings)) {
    NoEffect(judged, "a rule of joint operations stands against it");
  }
}

// A conflict stands until the state that named it clears it. That there is none, the deconfliction
// authority says that the agreement names (domain 5.1(16)); where it names none, or one of a state
// that takes no part, any member does.
void OperationFold::TakeDeconfliction(const SignedRecord& r, JudgedRecord& judged) {
  const v1::Deconfliction& answer = r.record.deconfliction();
  std::set<std::string>& conflicts = conflicts_[answer.task_id()];
  if (answer.answer() == "CONFLICT") conflicts.insert(r.signer);
  if (answer.answer() != "CLEAR") return;
  const bool its_own = conflicts.erase(r.signer) != 0;
  const std::string& named = facts_.agreement.deconfliction_authority();
  const std::string state = IsAuthorityId(named) ? StateOf(named) : named;
  if (!IsMember(state) || state == r.signer) {
    cleared_.insert(answer.task_id());
  } else if (!its_own) {
    NoEffect(judged, Cat({"the agreement names ", named, " to say that a task is clear"}));
  }
}

// A state that is no member is asked by a request: nothing is planned in it here.
void OperationFold::TakePlan(const SignedRecord& r, JudgedRecord& judged) {
  const auto& measures = r.record.plan().measures();
  const bool inside = std::all_of(measures.begin(), measures.end(), [&](const auto& measure) {
    return measure.state().empty() || IsMember(measure.state());
  });
  if (inside) return;
  Tell("R-JIT-03.plan", "plan.measures", judged.findings);
  NoEffect(judged, "a rule of joint operations stands against it");
}

void OperationFold::TakePlace(const SignedRecord& r, JudgedRecord& judged) {
  const auto task = places_.find(r.record.place().task());
  if (task == places_.end() || task->second.signer != r.signer) {
    NoEffect(judged, "no task of its state waits for a place");
  } else if (!task->second.from.empty() && IsLate(r.record.at(), task->second.from)) {
    NoEffect(judged, "the place is locked until the time that the task names");
  }
}

// Whose consent is waited for, and who may join.
void OperationFold::ShowWaiting() {
  if (closed_) return;
  for (const auto& [id, pending] : pending_) {
    std::set<std::string> open;
    for (const std::string& state : StillAsked(pending)) {
      const bool asked = pending.kind != Kind::kExpulsion || state != pending.state;
      if (asked && pending.consents.count(state) == 0) open.insert(state);
    }
    if (!open.empty()) state_.waiting[id] = std::move(open);
    const bool consented = pending.kind == Kind::kAdmission && HasAllConsents(pending);
    if (consented && !Blocks(CheckPairs(pending.admission, state_.members, "admission"))) {
      state_.invited.insert(pending.state);
      state_.admissions[pending.state] = id;
    }
  }
}

std::string OperationFold::WaitsFor(const std::string& proposal, const Pending& pending) const {
  const auto open = state_.waiting.find(proposal);
  if (open != state_.waiting.end()) {
    return Cat({"it waits for the consent of ", absl::StrJoin(open->second, ", ")});
  }
  return pending.kind == Kind::kAdmission ? Cat({"it waits for ", pending.state, " to join"})
                                          : "its parties are not the members of today";
}

// What is proposed, and what nothing comes of, is not shown as if it were so. That it was proposed
// stands: `effective` says whether others build on the record.
void OperationFold::ShowProposals() {
  for (JudgedRecord& judged : state_.records) {
    if (judged.verdict != RecordVerdict::kEffective) continue;
    const v1::OperationRecord& record = graph_.Find(judged.id)->r->record;
    const std::string& subject = record.has_consent() ? record.consent().subject() : judged.id;
    const auto old = superseded_.find(subject);
    auto pending = pending_.find(subject);
    // A text for the media says by itself who agreed.
    if (pending != pending_.end() && pending->second.kind == Kind::kMedia) pending = pending_.end();
    if (old != superseded_.end()) {
      judged.verdict = RecordVerdict::kSuperseded;
      judged.why = old->second;
    } else if (pending != pending_.end() && closed_) {
      judged.verdict = RecordVerdict::kSuperseded;
      judged.why = "the operation was closed before all had consented";
    } else if (pending != pending_.end() && subject == judged.id) {
      judged.verdict = RecordVerdict::kProposed;
      judged.why = WaitsFor(subject, pending->second);
    }
  }
}

void OperationFold::Finish(absl::Time now) {
  ShowWaiting();
  ShowProposals();
  CloseVotes(now);
  const bool closing = std::any_of(pending_.begin(), pending_.end(),
                                   [](const auto& p) { return p.second.kind == Kind::kClosing; });
  const bool acting =
      std::any_of(state_.decisions.begin(), state_.decisions.end(), [](const DecisionState& d) {
        return d.kind == "ACTION_DAY" && d.outcome == DecisionOutcome::kGo;
      });
  const bool over = IsAfterEnd(facts_.agreement.period().to(), now);
  state_.phase = closed_    ? Phase::kClosed
                 : !active_ ? Phase::kNegotiating
                 : closing  ? Phase::kWindingDown
                 : over     ? Phase::kExpired
                 : acting   ? Phase::kActionPhase
                            : Phase::kActive;
}

}  // namespace palermo::casework
