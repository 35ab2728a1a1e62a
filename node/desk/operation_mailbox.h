// The mails of joint operations that this officer may open: fetched from the node once, kept sealed
// in a folder of the desk, verified and opened again each time. Nothing readable is kept.
#ifndef PALERMO_NODE_DESK_OPERATION_MAILBOX_H_
#define PALERMO_NODE_DESK_OPERATION_MAILBOX_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/desk/client.h"
#include "node/desk/opening.h"
#include "node/desk/operation_mail.h"
#include "node/trust/trust_view.h"

namespace palermo::desk {

struct MailboxReader {
  NodeClient& node;
  trust::TrustPtr view;
  std::string own_state;
  std::span<const AuthorityKey> keys;
  std::string folder;  // of the desk; made when it is not there
};

struct OperationMailbox {
  std::vector<OperationCarrier> carriers;  // of all operations
  // Incoming mails that opened, and that nobody of this authority has reported yet: message ids as
  // bytes. What did not open is for `case open` to report: it may be something else.
  std::vector<std::string> unreported;
  // What could not be verified or opened, for people: shown, not hidden.
  std::vector<std::string> problems;
};

// All records of joint operations that this officer may open: who sent them, when, as what was
// signed. Drafts of the own authority that wait for approvals are in it, marked.
absl::StatusOr<OperationMailbox> ReadOperationMailbox(const MailboxReader& reader);

// A mail as it was received, with its key, for a member who was to have it and did not get it.
absl::StatusOr<v1::RelayedMail> RelayOperationMail(const MailboxReader& reader,
                                                   const std::string& message_hex);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPERATION_MAILBOX_H_
