// "Back to the roster": the whole check of a message by somebody who trusts nobody's view. The
// receiving desk does it before it opens anything, and `palermo receipt verify` does the same with
// files and no node running. Pure.
#ifndef PALERMO_NODE_DESK_VERIFICATION_H_
#define PALERMO_NODE_DESK_VERIFICATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {

// One line of a report: what was checked, and how it ended.
struct Check {
  std::string what;
  absl::Status status;
};
// "  ok      the submission is in the ledger of QM\n  FAILED  ...: BAD_RECEIPT: ...".
std::string ReportText(const std::vector<Check>& checks);
bool AllOk(const std::vector<Check>& checks);
// The first failure; ok when there is none.
absl::Status FirstFailure(const std::vector<Check>& checks);

struct VerifiedReceipt {
  std::string state;
  v1::Record record;
  uint64_t index = 0;
  std::string checkpoint_line;  // "palermo/QM/1, size 17"
};
struct VerifiedMessage {
  std::vector<Check> checks;
  // Filled as far as the checks went. Use nothing unless AllOk(checks).
  trust::ParsedEnvelope envelope;
  std::vector<v1::OfficerSignature> signatures;
  trust::DirectoryPtr sender_directory;  // in force at the submission
  std::vector<VerifiedReceipt> receipts;
  // Of what went in an emergency to life with fewer approvals, else NONE. CONFIRMED and LATE are
  // computed from the sender's entry and never the node's word; without such an entry it is DUE
  // when the node says so, else MISSING.
  v1::ConfirmationStatus confirmation;
};

// The check of what a node gives for a message that was submitted: sender's charter and directory
// from the roster down, submission receipt, frozen signature list, four eyes, and every other
// receipt. `view` gives the roster and the directories of the receivers' nodes. `own_state`, when
// not empty and a recipient, must have a delivery receipt.
VerifiedMessage VerifyMessage(const v1::FetchMessageResponse& message, const trust::TrustView& view,
                              const std::string& own_state);

// When the sender's ledger had it, by the very receipt that VerifyMessage checks: what a header, or
// the label of a receipt, says is a claim. REQUIRES: the message was verified.
std::optional<absl::Time> SubmittedAt(const v1::FetchMessageResponse& message,
                                      const std::string& sender);

// The check of a draft that still waits: its signatures, under the newest directory of the view.
VerifiedMessage VerifyDraft(const v1::FetchMessageResponse& message, const trust::TrustView& view,
                            absl::Time now);

// A receipt under one of several directories of its state: a proof may be newer than its record.
absl::StatusOr<v1::Record> VerifyReceiptUnderAny(
    const v1::Receipt& receipt, const std::vector<trust::DirectoryPtr>& directories);

// "QM submitted act REQUEST of case ... at 2026-03-02T09:00:00Z" for people.
std::string DescribeRecord(const v1::Record& record);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_VERIFICATION_H_
