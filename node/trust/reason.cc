#include "node/trust/reason.h"

#include "base/status.h"

namespace palermo::trust {

v1::Reason::Code ReasonOf(const absl::Status& status) {
  if (status.ok()) return v1::Reason::NONE;
  v1::Reason::Code reason;
  if (v1::Reason::Code_Parse(CodeOf(status), &reason)) return reason;
  if (CodeOf(status) == "DIRECTORY_NOT_YET_VALID") return v1::Reason::DIRECTORY_EXPIRED;
  return v1::Reason::UNREADABLE;
}

// house: long function because the compiler then finds a code without a text.
std::string ReasonText(v1::Reason::Code reason) {
  switch (reason) {
    case v1::Reason::NONE:
      return "no reason, it was accepted";
    case v1::Reason::UNKNOWN_RECIPIENT:
      return "the recipient is in no directory";
    case v1::Reason::NOT_FOR_US:
      return "the message is for another state";
    case v1::Reason::WRONG_ROLE:
      return "the officer's role does not allow this";
    case v1::Reason::WRONG_SENDER:
      return "the sender does not match the officer or the peer";
    case v1::Reason::UNKNOWN_OFFICER:
      return "the officer is not in the directory in force";
    case v1::Reason::OFFICER_NOT_IN_FORCE:
      return "the officer's mandate is not valid at this time";
    case v1::Reason::BAD_SIGNATURE:
      return "a signature does not verify";
    case v1::Reason::MISSING_DRAFT:
      return "there is not exactly one draft signature";
    case v1::Reason::TOO_FEW_APPROVALS:
      return "fewer approvals than the policy asks for";
    case v1::Reason::SAME_OFFICER:
      return "one officer signed twice";
    case v1::Reason::SAME_PERSON:
      return "one person signed in two offices";
    case v1::Reason::SAME_KEY:
      return "one key signed twice";
    case v1::Reason::SIGNATURE_LIST_CHANGED:
      return "the signature list is not the one that was frozen";
    case v1::Reason::BAD_ENVELOPE:
      return "the envelope is not well formed";
    case v1::Reason::BAD_HEADER:
      return "the header is not well formed";
    case v1::Reason::BAD_STANZAS:
      return "the stanzas do not match the header";
    case v1::Reason::BODY_TOO_LARGE:
      return "the body is over the limit; shorten it, or send it in several acts";
    case v1::Reason::DUPLICATE:
      return "this message is known already";
    case v1::Reason::REPLAY:
      return "this message was recorded before under another number";
    case v1::Reason::WRONG_NUMBER:
      return "the number was used before for another message";
    case v1::Reason::ILLEGAL_ACT:
      return "the procedure does not allow this act now";
    case v1::Reason::UNKNOWN_PARENT:
      return "the act refers to an act that is not known here";
    case v1::Reason::EXPIRED:
      return "the message's time has run out";
    case v1::Reason::TOO_LONG_LIFE:
      return "a message lives at most 30 days";
    case v1::Reason::CREATED_IN_FUTURE:
      return "the message says it was made in the future";
    case v1::Reason::OLD_DIRECTORY:
      return "it was not submitted under the directory in force";
    case v1::Reason::DIRECTORY_EXPIRED:
      return "the directory is not valid at this time";
    case v1::Reason::UNKNOWN_DIRECTORY:
      return "the directory version is not known here";
    case v1::Reason::STALE_KEY:
      return "the sealing key is out of its window";
    case v1::Reason::UNKNOWN_KEY:
      return "the key is not in the directory";
    case v1::Reason::TOO_FEW_GRANTS:
      return "a sealing key needs grants to two officers and to recovery";
    case v1::Reason::NOT_REWRAPPED:
      return "messages that are kept still hang on the key";
    case v1::Reason::KEY_DESTROYED:
      return "the sealing key was destroyed";
    case v1::Reason::CONFIRMATION_MISSING:
      return "no second approver confirmed the emergency within 24 hours";
    case v1::Reason::CONFIRMATION_LATE:
      return "the second approver confirmed the emergency after its 24 hours";
    case v1::Reason::NO_CONFIRMATION_DUE:
      return "the message needs no second confirmation";
    case v1::Reason::KEY_IN_USE:
      return "the key may still take deliveries";
    case v1::Reason::NO_BREAK_GLASS:
      return "no break-glass statement is in force for this";
    case v1::Reason::BAD_STATEMENT:
      return "the statement is not well formed, or its time is not allowed";
    case v1::Reason::BAD_REWRAP:
      return "the rewrapped key does not open the message";
    case v1::Reason::BAD_RECEIPT:
      return "the receipt does not verify";
    case v1::Reason::OUTBOX_FULL:
      return "the outbox for this peer is full";
    case v1::Reason::DISK_RESERVE:
      return "the disk has only its reserve left";
    case v1::Reason::NOT_PENDING:
      return "the draft does not wait for approval";
    case v1::Reason::ALREADY_SIGNED:
      return "this officer has signed already";
    case v1::Reason::UNKNOWN_MESSAGE:
      return "the message is not known here";
    case v1::Reason::UNKNOWN_CASE:
      return "the case is not known here";
    case v1::Reason::BAD_DOCUMENT:
      return "the signed document does not verify";
    case v1::Reason::OLD_VERSION:
      return "the document is older than the one in force";
    case v1::Reason::VERSION_FORK:
      return "two different documents have the same version";
    case v1::Reason::TOO_MANY:
      return "a limit was reached";
    case v1::Reason::WITHDRAWN:
      return "the draft was dropped";
    case v1::Reason::UNREADABLE:
      return "it could not be read";
    case v1::Reason::WRONG_PEER:
      return "the peer is not who it must be";
    case v1::Reason::BAD_FRAME:
      return "the peer's message breaks the protocol";
    case v1::Reason::FORKED_LEDGER:
      return "two checkpoints of one ledger do not fit together";
    case v1::Reason::EMERGENCY_UNCONFIRMED:
      return "the second approval of an emergency is missing";
    case v1::Reason::ROOT_CHANGE_UNCONFIRMED:
      return "changed root keys wait for an administrator's confirmation";
    case v1::Reason::ROSTER_EXPIRED:
      return "the roster has expired";
    case v1::Reason::CHARTER_EXPIRED:
      return "the charter had expired before the directory was issued";
    case v1::Reason::UNKNOWN_SIGNER:
      return "a signature is of nobody who may sign this document";
    case v1::Reason::TOO_FEW_SIGNATURES:
      return "the document has too few signatures";
    case v1::Reason::DOCUMENT_TOO_LARGE:
      return "the document is over its limit";
    case v1::Reason::VERSION_JUMP:
      return "the document's version is not the next one";
    case v1::Reason::FOREIGN_SIGNER:
      return "a signer is of another state";
    case v1::Reason::DUPLICATE_KEY:
      return "a key stands in the document twice";
    case v1::Reason::REVOKED_SIGNER:
      return "a signer was revoked";
    case v1::Reason::NOT_IN_TIME:
      return "the time that it names is not now";
    case v1::Reason::BAD_PAGE:
      return "the position in a list is none";
    case v1::Reason::BAD_COMPARTMENT:
      return "the sealed part is not one of this message";
    case v1::Reason::UNKNOWN_STATE:
      return "the state is not in the roster";
    case v1::Reason::WRONG_NODE_KEY:
      return "another key than the directory names answered at the peer's address";
    default:
      return "a reason this version does not know";
  }
}

}  // namespace palermo::trust
