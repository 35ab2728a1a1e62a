// The sender's side: drafts, approvals, admission. Checks that need no store run in the caller's
// thread (CheckDraft, CheckApproval); decisions run in the committer, on what the store says then.
#ifndef PALERMO_NODE_EXCHANGE_SUBMIT_H_
#define PALERMO_NODE_EXCHANGE_SUBMIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "node/trust/approvals.h"
#include "node/trust/envelope.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// A message whose form and signatures hold under `view`.
struct CheckedMessage {
  trust::ParsedEnvelope parsed;
  v1::Envelope envelope;
  std::vector<v1::OfficerSignature> signatures;
  trust::ApprovalStanding standing;
  uint32_t least_approvals = 0;  // that the drafter's desk asked for: the body is not for a node
  trust::TrustPtr view;
};

// The officer whose TLS pin this is, in force. UNKNOWN_OFFICER, OFFICER_NOT_IN_FORCE.
absl::StatusOr<const v1::OfficerEntry*> OfficerByPin(const trust::DirectoryIndex& directory,
                                                     const std::string& tls_pin, absl::Time now);

// `id`: gets the message's as soon as it is known, also when it is refused.
absl::StatusOr<CheckedMessage> CheckMessage(const trust::TrustPtr& view,
                                            const std::string& own_state, v1::Envelope envelope,
                                            std::vector<v1::OfficerSignature> signatures,
                                            absl::Time now, std::string* id = nullptr);

// What a decision answers; `index` is of the entry whose receipt goes back.
struct SubmitOutcome {
  v1::Outcome::Code outcome = v1::Outcome::UNSPECIFIED;
  uint32_t approvals_missing = 0;
  uint64_t index = 0;
};

// Keeps the draft as pending, or admits it when its signatures are enough. The same draft again
// gets the same answer. `officer` is the caller.
absl::StatusOr<SubmitOutcome> DecideDraft(Tx& tx, CheckedMessage message,
                                          const std::string& officer);
// Leaves out the approvals that do not count any more, because an officer has left, or has another
// key or role, and counts anew what is missing. A draft whose drafter does not count is left as it
// is: the codes of trust::CheckSigners, and no approval helps it.
absl::Status DropLapsedApprovals(const trust::TrustView& view, const std::string& own_state,
                                 absl::Time now, v1::PendingMessage* pending);
// Adds one approval and admits with the last. The signature is verified here, where the draft is.
absl::StatusOr<SubmitOutcome> DecideApprove(Tx& tx, const std::string& message_id,
                                            const v1::OfficerSignature& approval,
                                            const std::string& officer);
absl::StatusOr<uint64_t> DecideDrop(Tx& tx, const std::string& message_id,
                                    const std::string& officer);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_SUBMIT_H_
