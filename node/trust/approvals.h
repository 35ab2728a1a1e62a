// Four eyes, end to end: the same check at the sender's node, at the peer's and at the receiving
// desk. Gives: exactly one draft, enough approvals by officers of the sender's authority, all
// different by officer, key and person, each signature over the message id. The caller chooses the
// directory that counts.
#ifndef PALERMO_NODE_TRUST_APPROVALS_H_
#define PALERMO_NODE_TRUST_APPROVALS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/envelope.h"
#include "node/trust/trust_view.h"

namespace palermo::trust {

struct ApprovalStanding {
  uint32_t approvals = 0;
  uint32_t needed = 0;  // besides the draft
  bool complete() const { return approvals >= needed; }
  uint32_t missing() const { return complete() ? 0 : needed - approvals; }
};

// Every signature must hold; how many are still missing is the answer. `at` is the time the
// mandates are judged at: the record's. Codes: MISSING_DRAFT, UNKNOWN_OFFICER, UNKNOWN_KEY,
// OFFICER_NOT_IN_FORCE, WRONG_ROLE, WRONG_SENDER, SAME_OFFICER, SAME_KEY, SAME_PERSON,
// BAD_SIGNATURE, TOO_MANY.
absl::StatusOr<ApprovalStanding> CheckSignatures(
    const ParsedEnvelope& envelope, const std::vector<v1::OfficerSignature>& signatures,
    const DirectoryIndex& sender_directory, absl::Time at);

// Checks all but the signature values themselves; for a list whose signatures were verified one by
// one when each came in.
absl::StatusOr<ApprovalStanding> CheckSigners(const ParsedEnvelope& envelope,
                                              const std::vector<v1::OfficerSignature>& signatures,
                                              const DirectoryIndex& sender_directory,
                                              absl::Time at);

// ---- An emergency to life: fewer may approve, and a second approver confirms within 24 hours.

// Whether a message went in an emergency with fewer approvals than the policy asks of the same
// family and act without urgency. `directory`: of the sender, in force at the submission.
bool NeedsConfirmation(const v1::Header& header,
                       const std::vector<v1::OfficerSignature>& signatures,
                       const DirectoryIndex& directory);
// The confirmation is an approver's of the sender's authority, in force at `at` in the directory
// in force then, who is neither drafter nor approver of the frozen list: another officer, key and
// person. Codes UNKNOWN_OFFICER, UNKNOWN_KEY, OFFICER_NOT_IN_FORCE, WRONG_ROLE, WRONG_SENDER,
// SAME_OFFICER, SAME_KEY, SAME_PERSON, BAD_SIGNATURE.
absl::Status CheckConfirmation(const v1::Header& header, std::string_view message_id,
                               const std::vector<v1::OfficerSignature>& signatures,
                               const DirectoryIndex& at_submission,
                               const v1::OfficerSignature& confirmation,
                               const DirectoryIndex& at_confirmation, absl::Time at);

// The frozen list: sorted by officer id, in its one encoding.
std::string FreezeSignatures(std::vector<v1::OfficerSignature> signatures);
// SIGNATURE_LIST_CHANGED unless the bytes are a frozen list.
absl::StatusOr<std::vector<v1::OfficerSignature>> ParseFrozen(std::string_view bytes);

v1::OfficerSignature SignMessage(const std::string& officer, v1::SignaturePurpose::Code purpose,
                                 const crypto::SigningKey& key, const Hash& message_id);
// With any signer: fails as crypto::Signer::TrySign does.
absl::StatusOr<v1::OfficerSignature> SignMessage(const std::string& officer,
                                                 v1::SignaturePurpose::Code purpose,
                                                 const crypto::Signer& signer,
                                                 const Hash& message_id);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_APPROVALS_H_
