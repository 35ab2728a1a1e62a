// The mails of joint operations that this officer may open: fetched from the node once, kept sealed
// in a folder of the desk, opened again each time, and verified unless just these bytes were
// before. Nothing readable is kept.
#ifndef PALERMO_NODE_DESK_OPERATION_MAILBOX_H_
#define PALERMO_NODE_DESK_OPERATION_MAILBOX_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/desk/client.h"
#include "node/desk/opening.h"
#include "node/desk/operation_mail.h"
#include "node/trust/trust_view.h"

namespace palermo::desk {

// Where mails come from: the own node.
class MailSource {
 public:
  virtual ~MailSource() = default;
  virtual absl::StatusOr<v1::ListMessagesResponse> ListMessages(
      const v1::ListMessagesRequest& request) = 0;
  virtual absl::StatusOr<v1::ListPendingResponse> ListPending(
      const v1::ListPendingRequest& request) = 0;
  virtual absl::StatusOr<v1::FetchMessageResponse> FetchMessage(const std::string& message_id) = 0;
};
std::unique_ptr<MailSource> MailsOf(NodeClient& node);

// Which mails were verified before, by a hash over their bytes: verifying takes most of the time.
struct VerifiedMails {
  std::function<bool(const Hash&)> known;  // null: none
  std::vector<Hash> fresh;                 // verified now
};

struct MailboxReader {
  std::unique_ptr<MailSource> node;
  trust::TrustPtr view;
  std::string own_state;
  std::span<const AuthorityKey> keys;
  std::string folder;                 // of the desk; made when it is not there
  bool leave_unopened = false;        // what nobody of the authority has opened stays so
  VerifiedMails* verified = nullptr;  // null: everything is verified each time
  absl::Time now;                     // for drafts
};

struct OperationMailbox {
  std::vector<OperationCarrier> carriers;  // of all operations
  // Incoming mails that opened, and that nobody of this authority has reported yet: message ids as
  // bytes. What did not open is for `case open` to report: it may be something else.
  std::vector<std::string> unreported;
  // What could not be verified or opened, for people: shown, not hidden.
  std::vector<std::string> problems;
  // Those of them that are our own state's mails or drafts: what it wrote is not all here.
  std::vector<std::string> own_problems;
};

// Before our state writes or sends a record: all that it wrote is here, else a number could be
// given twice. INCOMPLETE.
absl::Status CheckComplete(const OperationMailbox& box);
// The same before this mail is sent: what holds nothing but aborts takes no number, and goes.
absl::Status CheckComplete(const OperationMailbox& box, const v1::OperationMail& mail);

// All records of joint operations that this officer may open: who sent them, when, as what was
// signed. Drafts of the own authority that wait for approvals are in it, marked.
absl::StatusOr<OperationMailbox> ReadOperationMailbox(const MailboxReader& reader);

// The mail that an opened body carries, and the mails that it passes on; what of them does not
// verify is told in `problems`. None of a message of another kind. REQUIRES: the header was
// verified, the body opened from its message.
std::vector<OperationCarrier> CarriersOf(const trust::TrustView& view, const std::string& own_state,
                                         const v1::Header& header, const std::string& message_id,
                                         const v1::CaseBody& body, VerifiedMails* verified,
                                         std::vector<std::string>& problems);

// A mail as it was received, with its key, for a member who was to have it and did not get it. It
// is verified and opened before: the key of nothing else is given away. BAD_BODY, BAD_RECEIPT.
absl::StatusOr<v1::RelayedMail> RelayOperationMail(const MailboxReader& reader,
                                                   const std::string& message_hex);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPERATION_MAILBOX_H_
