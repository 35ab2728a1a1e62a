// One record after the other, in the order that replay.h fixes: who is a member, what was decided.
// Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_
#define PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/casework/operation/replay.h"
#include "node/casework/operation/rules.h"

namespace palermo::casework {

class OperationFold {
 public:
  OperationFold(std::string operation, OperationState& state);

  // Judges a record that is authentic and stands in its chain. `backdated`: its votes and consents
  // do not count.
  void Take(const SignedRecord& record, bool backdated, JudgedRecord& judged);
  // An abort counts even from a branch that does not stand.
  void TakeAbort(const SignedRecord& record, JudgedRecord& judged);
  void Finish(absl::Time now);

 private:
  enum class Kind : uint8_t { kAmendment, kAdmission, kExpulsion, kClosing };
  struct Pending {
    Kind kind;
    std::string state;  // admitted or expelled
    v1::OperationAgreement agreement;
    std::set<std::string> consents;
    bool acceded = false;
    bool done = false;
  };

  bool IsMember(const std::string& state) const { return state_.members.count(state) != 0; }
  bool TakeFounding(const SignedRecord& r, JudgedRecord& judged);
  bool TakeMembership(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeAccession(const SignedRecord& r, JudgedRecord& judged);
  void TakeDeparture(const SignedRecord& r, JudgedRecord& judged);
  void TakeConsent(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  bool TakeDecision(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeVote(const SignedRecord& r, bool backdated, JudgedRecord& judged);
  void TakeClosing(const SignedRecord& r, JudgedRecord& judged);
  void TakeDeconfliction(const SignedRecord& r);
  void TakePlace(const SignedRecord& r, JudgedRecord& judged);
  void ShowWaiting();
  void JudgeWork(const SignedRecord& r, JudgedRecord& judged);
  void Propose(const SignedRecord& r, Pending pending);
  bool HasAllConsents(const Pending& pending) const;
  void Settle();
  void Complete(const std::string& id, Pending& pending);
  void Leave(const std::string& state);
  void ChangeMembers();
  void Decide(DecisionState& decision) const;
  DecisionState* FindDecision(const std::string& id);

  const std::string operation_;
  OperationState& state_;
  OperationFacts facts_;
  v1::OperationAgreement founding_;
  bool founded_ = false, active_ = false, closed_ = false;
  std::map<std::string, Pending> pending_;
  std::map<std::string, v1::DecisionProposal> proposals_;
  std::set<std::string> cleared_;                           // tasks that were deconflicted
  std::map<std::string, std::set<std::string>> conflicts_;  // task -> states that named one
  std::set<std::string> tokens_;                            // of victims
  std::map<std::string, std::string> places_from_;          // task -> when its place may be told
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_FOLD_H_
