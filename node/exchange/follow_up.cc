#include "node/exchange/follow_up.h"

#include <algorithm>

#include "base/clock.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/casework/delivery.h"
#include "node/casework/intelligence/policy.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/delivery.h"
#include "node/exchange/faults.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/outbox.h"
#include "node/exchange/tx.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {
namespace {

bool IsTaken(const v1::DeliveryStatus& status) {
  return status.outcome() == v1::Outcome::ACCEPTED || status.outcome() == v1::Outcome::PENDING ||
         status.outcome() == v1::Outcome::EXPIRED_UNCONFIRMED;
}

// An act that no recipient took, and none can take any more, is no part of its case.
absl::Status VoidIfNobodyTookIt(Tx& tx, const std::string& id, v1::StoredMessage message) {
  for (const auto& number : message.numbers()) {
    PALERMO_ASSIGN_OR_RETURN(auto status, LoadDelivery(tx, id, message, number.state()));
    if (status.has_value() && IsTaken(*status)) return absl::OkStatus();
  }
  message.set_void_act(true);
  tx.Save(keys::Message(id), message);
  return absl::OkStatus();
}

v1::Record RelayRecord(const v1::Header& header, const std::string& id, const std::string& peer,
                       const v1::DeliveryStatus& status) {
  v1::Record record;
  record.set_kind(v1::RecordKind::RELAY);
  record.set_actor("node");
  record.add_peers(peer);
  record.set_case_id(header.case_id());
  record.set_message_id(id);
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  record.set_outcome(status.outcome());
  record.set_reason(status.reason());
  return record;
}

absl::Status ApplyAnswer(Tx& tx, const std::string& peer, const std::string& id,
                         v1::Receipt receipt, const v1::Record& answer) {
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!message.has_value()) {
    return Damaged("STORE_DAMAGED", "the outbox names a message that is not in the store");
  }
  PALERMO_ASSIGN_OR_RETURN(auto status, LoadDelivery(tx, id, *message, peer));
  if (!status.has_value()) {
    return Damaged("STORE_DAMAGED", "the outbox names a message that does not go to its peer");
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  bool was_expired = status->outcome() == v1::Outcome::EXPIRED_UNCONFIRMED;
  // The receiver's own entry says when it took the message: after the end it may not.
  bool too_late = answer.outcome() == v1::Outcome::ACCEPTED &&
                  !casework::IsDelivery(answer.kind(), answer.outcome(), answer.at_ms(), header);
  v1::Outcome::Code outcome = too_late ? v1::Outcome::EXPIRED : answer.outcome();
  status->set_outcome(outcome);
  status->set_reason(too_late ? v1::Reason::EXPIRED : answer.reason());
  status->set_since_ms(ToMillis(tx.now()));
  v1::Record record = RelayRecord(header, id, peer, *status);
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(receipt.record()))));
  uint64_t index = tx.Append(std::move(record));
  if (too_late) {
    PALERMO_RETURN_IF_ERROR(KeepAnswerFault(
        tx, peer, index,
        Refused("EXPIRED",
                answer.kind() == v1::RecordKind::DELIVERY
                    ? Cat({"the peer's receipt says that it took the message at ",
                           FormatInstant(FromMillis(answer.at_ms())),
                           ", after the message's end; for its sender it has expired"})
                    : std::string("the peer's receipt accepts the message by an entry that is no "
                                  "delivery; for its sender it has expired")),
        receipt));
  }
  *status->mutable_answer() = std::move(receipt);
  tx.Save(keys::Delivery(id, peer), *status);
  if (outcome != v1::Outcome::ACCEPTED) {
    return VoidIfNobodyTookIt(tx, id, *std::move(message));
  }
  return was_expired ? SendLateNotice(tx, peer, id, index) : absl::OkStatus();
}

// The beginning of the entry of who may see the message.
absl::StatusOr<v1::Record> JudgeReader(const Tx& tx, const v1::Header& header,
                                       const std::string& officer, v1::RecordKind::Code kind) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  const v1::OfficerEntry* entry = directory->FindOfficer(officer);
  if (entry == nullptr) {
    return Refused("UNKNOWN_OFFICER", Cat({officer, " is not in the directory any more"}));
  }
  PALERMO_RETURN_IF_ERROR(trust::CheckMandate(*entry, tx.now()));
  bool works_on_cases = std::any_of(kCaseRoles.begin(), kCaseRoles.end(),
                                    [&](auto role) { return trust::HasRole(*entry, role); });
  absl::Status party = works_on_cases
                           ? CheckAccess(header, officer)
                           : Refused("WRONG_ROLE", Cat({officer, " does not work on cases"}));
  if (!party.ok()) {
    auto access = FindAccess(tx, officer, OwnAuthorities(header, tx.state()));
    if (!access.ok()) return CodeOf(access.status()) == "NO_BREAK_GLASS" ? party : access.status();
    return UseRecord(*access, officer);
  }
  v1::Record record;
  record.set_kind(kind);
  record.set_actor(officer);
  record.set_outcome(v1::Outcome::ACCEPTED);
  return record;
}

// One message whose time has run out, for each recipient state that has not answered.
absl::Status Expire(Tx& tx, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!message.has_value()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  for (const std::string& state : trust::RecipientStates(header)) {
    PALERMO_ASSIGN_OR_RETURN(auto status, LoadDelivery(tx, id, *message, state));
    if (!status.has_value() || status->outcome() != v1::Outcome::PENDING) continue;
    PALERMO_ASSIGN_OR_RETURN(auto outbox_key, FindInOutbox(tx, state, message->index()));
    if (!outbox_key.has_value()) {
      return Damaged("STORE_DAMAGED", "a message waits that is not in the outbox");
    }
    v1::Record record;
    record.set_kind(v1::RecordKind::EXPIRY);
    record.set_actor("node");
    record.add_peers(state);
    record.set_case_id(header.case_id());
    record.set_message_id(id);
    record.set_authority(header.sender());
    record.set_family(header.family());
    record.set_act(header.act());
    record.set_outcome(v1::Outcome::EXPIRED_UNCONFIRMED);
    record.set_reason(v1::Reason::EXPIRED);
    v1::RecipientNumber* number = record.add_numbers();
    number->set_state(state);
    number->set_number(status->number());
    uint64_t index = tx.Append(record);

    // The parcel that waits becomes the notice that fills its number, in the same place of the
    // queue.
    v1::FilledNumber filled;
    filled.set_message_id(id);
    filled.set_case_id(header.case_id());
    filled.set_sender(header.sender());
    filled.set_number(status->number());
    v1::OutboxItem item;
    item.set_kind(v1::OutboxItem::FILLED);
    item.set_message_id(id);
    item.set_payload(filled.SerializeAsString());
    item.set_since_ms(ToMillis(tx.now()));
    item.set_index(index);
    tx.Save(*outbox_key, item);
    status->set_outcome(v1::Outcome::EXPIRED_UNCONFIRMED);
    status->set_reason(v1::Reason::EXPIRED);
    status->set_since_ms(ToMillis(tx.now()));
    tx.Save(keys::Delivery(id, state), *status);
  }
  return absl::OkStatus();
}

}  // namespace

bool FitsItem(v1::OutboxItem::Kind kind, const v1::Record& record) {
  bool fault = record.kind() == v1::RecordKind::PEER_FAULT;
  if (kind == v1::OutboxItem::NOTICE)
    return fault || record.kind() == v1::RecordKind::RETRIEVAL_NOTED ||
           record.kind() == v1::RecordKind::CONFIRMATION_NOTED;
  if (fault) return kind == v1::OutboxItem::FILLED;
  bool kind_fits =
      record.kind() == v1::RecordKind::DELIVERY || record.kind() == v1::RecordKind::EXPIRY_NOTED;
  return kind_fits &&
         (record.outcome() == v1::Outcome::ACCEPTED || record.outcome() == v1::Outcome::REJECTED ||
          record.outcome() == v1::Outcome::EXPIRED);
}

absl::Status DecideAnswer(Tx& tx, const std::string& peer, const std::string& outbox_key,
                          v1::Receipt receipt, const v1::Record& record) {
  PALERMO_ASSIGN_OR_RETURN(auto item, tx.Load<v1::OutboxItem>(outbox_key));
  if (!item.has_value()) return absl::OkStatus();  // answered twice: the first answer counts
  if (!FitsItem(item->kind(), record)) {
    return Refused("BAD_RECEIPT", "the peer's receipt does not answer this item");
  }
  switch (record.kind()) {
    case v1::RecordKind::DELIVERY:
    case v1::RecordKind::EXPIRY_NOTED:
      PALERMO_RETURN_IF_ERROR(
          ApplyAnswer(tx, peer, item->message_id(), std::move(receipt), record));
      break;
    default:
      // RETRIEVAL_NOTED, CONFIRMATION_NOTED, or PEER_FAULT for a notice that the peer refused:
      // nothing is left to do.
      break;
  }
  return RemoveFromOutbox(tx, peer, outbox_key);
}

bool IsPartyTo(const v1::Header& header, const std::string& authority) {
  const auto& recipients = header.recipients();
  return authority == header.sender() ||
         std::find(recipients.begin(), recipients.end(), authority) != recipients.end();
}

std::vector<std::string> OwnAuthorities(const v1::Header& header, const std::string& state) {
  std::vector<std::string> own = trust::RecipientsIn(header, state);
  if (StateOf(header.sender()) == state) own.push_back(header.sender());
  return own;
}

absl::Status CheckAccess(const v1::Header& header, const std::string& officer) {
  std::string authority = AuthorityOf(officer);
  if (IsPartyTo(header, authority)) return absl::OkStatus();
  return Refused("WRONG_ROLE",
                 Cat({authority, " is neither sender nor recipient of this message"}));
}

absl::StatusOr<uint64_t> DecideRead(Tx& tx, const std::string& message_id,
                                    const std::string& officer, v1::RecordKind::Code kind,
                                    const std::string& purpose) {
  // The ledger takes no free text.
  if (!purpose.empty() && !casework::IsPurpose(purpose)) {
    return InputError("BAD_STATEMENT", "what the message is opened for is no purpose of a label");
  }
  v1::Header header;
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(message_id)));
  if (message.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(header, StoredHeader(message->header()));
  } else {
    PALERMO_ASSIGN_OR_RETURN(auto pending, tx.Load<v1::PendingMessage>(keys::Draft(message_id)));
    if (!pending.has_value() || !header.ParseFromString(pending->envelope().header())) {
      return Missing("UNKNOWN_MESSAGE", "no message or draft with this id is here");
    }
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, JudgeReader(tx, header, officer, kind));
  record.set_case_id(header.case_id());
  record.set_message_id(message_id);
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  if (!purpose.empty()) record.set_method(purpose);
  return tx.Append(record);
}

absl::StatusOr<uint64_t> DecideRetrieval(Tx& tx, const v1::SignedRetrieval& retrieval,
                                         const v1::RetrievalStatement& statement) {
  const std::string& id = statement.message_id();
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!message.has_value() || !message->incoming()) {
    return Missing("UNKNOWN_MESSAGE", "no message that came from a peer has this id");
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  std::vector<std::string> ours = trust::RecipientsIn(header, tx.state());
  if (std::find(ours.begin(), ours.end(), AuthorityOf(statement.officer())) == ours.end()) {
    return Refused("WRONG_ROLE", "only an officer of a recipient reports a retrieval");
  }
  // The first statement stands, unless a later one tells that the message could be opened after
  // all.
  if (message->retrieval_index() != 0 && (message->retrieval() == v1::RetrievalResult::OPENED ||
                                          statement.result() != v1::RetrievalResult::OPENED)) {
    return message->retrieval_index();
  }
  // The sender's side judges the officer by the directory that is entered, whenever it hears of it;
  // one that came since the call may not know him.
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_RETURN_IF_ERROR(trust::VerifyRetrieval(retrieval, *directory, tx.now()).status());
  std::string sender_state = StateOf(header.sender());
  v1::Record record;
  record.set_kind(v1::RecordKind::RETRIEVAL);
  record.set_actor(statement.officer());
  record.add_peers(sender_state);
  record.set_case_id(header.case_id());
  record.set_message_id(id);
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  record.set_outcome(statement.result() == v1::RetrievalResult::OPENED ? v1::Outcome::ACCEPTED
                                                                       : v1::Outcome::REJECTED);
  record.set_reason(statement.result() == v1::RetrievalResult::OPENED ? v1::Reason::NONE
                                                                      : v1::Reason::UNREADABLE);
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(retrieval.statement()))));
  *record.mutable_directory() = directory->Reference();
  uint64_t index = tx.Append(record);
  message->set_retrieval(statement.result());
  message->set_retrieval_index(index);
  tx.Save(keys::Message(id), *message);
  tx.Save(keys::Retrieval(id), retrieval);

  v1::PeerNotice notice;
  notice.set_message_id(id);
  *notice.mutable_retrieval() = retrieval;
  notice.DiscardUnknownFields();  // a peer takes a notice up to its size
  v1::OutboxItem item;
  item.set_kind(v1::OutboxItem::NOTICE);
  item.set_message_id(id);
  item.set_payload(notice.SerializeAsString());
  item.set_since_ms(ToMillis(tx.now()));
  item.set_index(index);
  bool emergency = header.urgency() == v1::Urgency::EMERGENCY_LIFE;
  PALERMO_RETURN_IF_ERROR(AddToOutbox(tx, sender_state, emergency, index, item).status());
  return index;
}

absl::Status DecideExpiries(Tx& tx, size_t most, absl::Status* damage) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<ListItem> due, TakeExpired(tx, most));
  for (const ListItem& item : due) {
    absl::Status expired = Expire(tx, item.id);
    if (expired.code() == absl::StatusCode::kDataLoss) {
      damage->Update(expired);
      // It may be mended until then; and it is told again.
      AddToExpiries(tx, ToMillis(tx.now()) + limits::kDayMillis, item.id);
      continue;
    }
    PALERMO_RETURN_IF_ERROR(expired);
  }
  return absl::OkStatus();
}

}  // namespace palermo::exchange
