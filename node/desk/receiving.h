// What the rules of the receiver's side say about a message that arrived, in the rules' own words:
// who signed it and by what key, when, for whom, in what form. The verification itself is
// verification.h's; this names the rule that a failure breaks, and asks the rules that need no
// secret of the sender. And what they say to an officer who is about to approve. Pure.
#ifndef PALERMO_NODE_DESK_RECEIVING_H_
#define PALERMO_NODE_DESK_RECEIVING_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/finding.h"
#include "node/casework/progress.h"
#include "node/desk/verification.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

// Rules of stage R in docs/rules.md, and where `before` is known those of stage T at the time of
// the act. `body`: null when it was not opened. `predecessor`: the newest of the acts that it
// answers; InfinitePast: not known. `before`: how far the case had got before the message; null:
// not known. Findings that only advise are left out, and warnings that the sender gave a reason
// for.
std::vector<casework::Finding> CheckReceived(const VerifiedMessage& message,
                                             const v1::CaseBody* body, const trust::TrustView& view,
                                             const std::string& own_state, absl::Time now,
                                             absl::Time predecessor = absl::InfinitePast(),
                                             const casework::Progress* before = nullptr);

// What the rules of the sender's side say of a draft when an approver reads it: the desk that
// drafted it asked the same, and the approver need not believe it. `before`: how far the case has
// got; null: not known, and then a later act is not judged. Notes and answered warnings are left
// out.
std::vector<casework::Finding> CheckToApprove(const VerifiedMessage& draft,
                                              const v1::CaseBody& body,
                                              const trust::TrustView& view,
                                              const std::string& own_state, absl::Time now,
                                              const casework::Progress* before);

// R-AUTH-01 and R-AUTH-02 of a draft that `officer` would approve.
std::vector<casework::Finding> CheckApproval(const VerifiedMessage& draft, const v1::CaseBody& body,
                                             const trust::TrustView& view,
                                             const std::string& officer, absl::Time now);

// The rule that a failed verification breaks: a key of casework's texts.
std::string_view RuleOfFailure(const absl::Status& status);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_RECEIVING_H_
