// One record after the other, in the order that replay.h fixes: who is a member, what was decided.
// Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_
#define PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/casework/operation/graph.h"
#include "node/casework/operation/replay.h"
#include "node/casework/operation/rules.h"

namespace palermo::casework {

inline void NoEffect(JudgedRecord& judged, std::string why) {
  judged.verdict = RecordVerdict::kNoEffect;
  judged.effective = false;
  judged.why = std::move(why);
}
inline void NotMember(JudgedRecord& judged) {
  judged.verdict = RecordVerdict::kNotMember;
  judged.effective = false;
  judged.why = "its state is no member here";
}
bool IsLate(const std::string& deadline, const std::string& at);  // also where one is no date

class OperationFold {
 public:
  // REQUIRES: `graph` and `state` outlive it.
  OperationFold(std::string operation, const Graph& graph, OperationState& state);

  // Judges a record that is authentic and stands in its chain. `backdated`: its votes and consents
  // do not count.
  // `at`: its time, or a later one that is proved.
  void Take(const SignedRecord& record, bool backdated, const std::string& at,
            JudgedRecord& judged);
  // Its content is not here: what hangs on it cannot be judged here.
  void NoteWithheld(const v1::OperationRecord& record, const std::string& id);
  // An abort counts even from a branch that does not stand.
  void TakeAbort(const SignedRecord& record, JudgedRecord& judged);
  void Finish(absl::Time now);
  // A member; before all have signed, a party.
  bool TakesPart(const std::string& state) const {
    return IsMember(state) || (!active_ && state_.invited.count(state) != 0);
  }

 private:
  enum class Kind : uint8_t { kAmendment, kAdmission, kExpulsion, kClosing, kMedia };
  struct Pending {
    Kind kind;
    std::string state;  // admitted or expelled
    v1::OperationAgreement agreement;
    v1::AdmissionProposal admission;
    std::map<std::string, std::string> consents;  // state -> its first record that says so
    std::string accepted;              // of an admission: the version that the newcomer acceded to
    std::set<std::string> asked = {};  // of a text for the media: who was to consent
    std::string accession = {};        // the record by which it acceded
  };
  using Proposals = std::map<std::string, Pending>;

  bool IsMember(const std::string& state) const { return state_.members.count(state) != 0; }
  bool TakeFounding(const SignedRecord& r, JudgedRecord& judged);
  bool TakeMembership(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeAccession(const SignedRecord& r, JudgedRecord& judged);
  void TakeDeparture(const SignedRecord& r, JudgedRecord& judged);
  void NoteHeld(const SignedRecord& evidence);
  void TellWhatItLeaves(const SignedRecord& departure, JudgedRecord& judged) const;
  void TakeConsent(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  bool TakeDecision(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeVote(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeClosing(const SignedRecord& r, JudgedRecord& judged);
  void TakeDeconfliction(const SignedRecord& r, JudgedRecord& judged);
  void TakePlan(const SignedRecord& r, JudgedRecord& judged);
  void TakePlace(const SignedRecord& r, JudgedRecord& judged);
  void TakeTimetable(const SignedRecord& r, JudgedRecord& judged);
  // A vote that is not here may be one on this decision.
  bool HasUnseenVotes(const std::string& decision) const;
  const char* WhyNotTimed(const std::string& decision);
  void TakeMedia(const SignedRecord& r, JudgedRecord& judged);
  std::set<std::string> StillAsked(const Pending& pending) const;
  bool IsAgreed(const Pending& pending) const;
  std::set<std::string> CompletedBy(const Pending& pending) const;
  void NoteTakenIn(const Pending& admission);
  std::set<std::string> ElectorsOf(const std::string& id) const;
  MediaState* FindMedia(const std::string& id);
  void ShowWaiting();
  void JudgeWork(const SignedRecord& r, JudgedRecord& judged);
  void Propose(const SignedRecord& r, Pending pending);
  bool HasAllConsents(const Pending& pending) const;
  bool IsReady(const Pending& pending) const;
  void SettleOne(const std::string& id);
  void SettleAll();
  void Complete(Proposals::iterator ready);
  void Forget(Kind kind, const std::string& state);
  void ForgetOldAmendments();
  void ShowProposals();
  std::string WaitsFor(const std::string& proposal, const Pending& pending) const;
  void Leave(const std::string& state);
  void ChangeMembers();
  void Decide(DecisionState& decision) const;
  void TakeVotesOf(const std::string& leaver);
  bool IsOutOfReach(const DecisionState& decision) const;
  void CloseVotes(absl::Time now);
  void TellStillOpen(const SignedRecord& closing, JudgedRecord& judged) const;
  bool IsOfMembers(const v1::OperationAgreement& agreement) const;
  DecisionState* FindDecision(const std::string& id);

  const std::string operation_;
  const Graph& graph_;
  OperationState& state_;
  OperationFacts facts_;
  v1::OperationAgreement founding_;
  bool founded_ = false, active_ = false, closed_ = false;
  std::string record_, at_;                        // that is judged; its time
  std::map<std::string, std::string> superseded_;  // proposal -> why nothing comes of it any more
  Proposals pending_;                              // that are open
  std::map<std::string, v1::DecisionProposal> proposals_;
  // By state that was taken in: which records build on all that took it in, by number of the node.
  std::map<std::string, std::vector<bool>> knows_;
  std::set<std::string> in_force_by_;  // what put the version in force; empty: the founding
  std::map<std::string, std::string> left_by_;  // state -> the record by which it was out
  std::set<std::string> went_;                  // decisions with a vote GO
  std::set<std::string> withheld_;
  std::set<std::string> unseen_votes_;                      // of these, votes
  std::set<std::string> cleared_;                           // tasks that were deconflicted
  std::map<std::string, std::set<std::string>> conflicts_;  // task -> states that named one
  std::set<std::string> tokens_;                            // of victims
  struct Place {
    std::string signer, from;  // of the task; when its place may be told
  };
  std::map<std::string, Place> places_;                // by task
  std::map<std::string, std::string> tasks_;           // by record: until when it is ordered
  std::map<std::string, std::set<std::string>> held_;  // evidence of a state that it still keeps
  std::map<std::string, std::string> notices_;         // state -> when it first gave notice
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_
