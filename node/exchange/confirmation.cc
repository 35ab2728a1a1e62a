#include "node/exchange/confirmation.h"

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/deliver.h"
#include "node/exchange/delivery.h"
#include "node/exchange/faults.h"
#include "node/exchange/keys.h"
#include "node/exchange/outbox.h"
#include "node/exchange/tx.h"
#include "node/trust/approvals.h"
#include "node/trust/reason.h"
#include "node/trust/strict.h"

namespace palermo::exchange {
namespace {

// The directory that was in force at the submission: verified when it was taken.
absl::StatusOr<trust::DirectoryPtr> DirectoryAt(const Tx& tx,
                                                const v1::DocumentReference& reference) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr newest, tx.trust()->DirectoryOf(reference.state()));
  if (newest->body().version() == reference.version()) return newest;
  PALERMO_ASSIGN_OR_RETURN(auto document, tx.Load<v1::SignedDocument>(keys::Directory(
                                              reference.state(), reference.version())));
  trust::Directory directory;
  if (!document.has_value() || !directory.body.ParseFromString(document->document())) {
    return Damaged("STORE_DAMAGED", "the directory at a submission is not there");
  }
  directory.sha256 = crypto::Sha256(document->document());
  directory.signed_document = *std::move(document);
  return std::make_shared<trust::DirectoryIndex>(std::move(directory));
}

bool IsInTime(const v1::StoredConfirmation& stored) {
  return stored.confirmed_at_ms() != 0 && stored.confirmed_at_ms() <= stored.due_at_ms();
}

std::string EvidenceOf(const v1::OfficerSignature& confirmation) {
  return std::string(AsView(crypto::Sha256(trust::StrictSerialize(confirmation))));
}

v1::Record RecordFor(v1::RecordKind::Code kind, const v1::Header& header, const std::string& id) {
  v1::Record record;
  record.set_kind(kind);
  record.set_actor("node");
  record.set_case_id(header.case_id());
  record.set_message_id(id);
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  record.set_outcome(v1::Outcome::ACCEPTED);
  return record;
}

v1::OutboxItem NoticeItem(const Tx& tx, const std::string& id,
                          const v1::OfficerSignature& confirmation, uint64_t index) {
  v1::PeerNotice notice;
  notice.set_message_id(id);
  *notice.mutable_confirmation() = confirmation;
  v1::OutboxItem item;
  item.set_kind(v1::OutboxItem::NOTICE);
  item.set_message_id(id);
  item.set_payload(notice.SerializeAsString());
  item.set_since_ms(ToMillis(tx.now()));
  item.set_index(index);
  return item;
}

// Behind the message where it still waits, so that it cannot come before it.
absl::Status SendNotice(Tx& tx, const std::string& id, const v1::StoredMessage& message,
                        const v1::OfficerSignature& confirmation, uint64_t index) {
  v1::OutboxItem item = NoticeItem(tx, id, confirmation, index);
  for (const auto& number : message.numbers()) {
    const std::string& state = number.state();
    PALERMO_ASSIGN_OR_RETURN(auto delivery, LoadDelivery(tx, id, message, state));
    if (!delivery.has_value()) continue;
    bool waits = delivery->outcome() == v1::Outcome::PENDING;
    if (!waits && delivery->outcome() != v1::Outcome::ACCEPTED) continue;  // it has not got it
    bool emergency = true;
    if (waits) {
      PALERMO_ASSIGN_OR_RETURN(auto parcel, FindInOutbox(tx, state, message.index()));
      std::string lane = keys::OutboxLane(state, kEmergencyLane);
      emergency = parcel.has_value() && parcel->compare(0, lane.size(), lane) == 0;
    }
    PALERMO_RETURN_IF_ERROR(AddToOutbox(tx, state, emergency, index, item).status());
  }
  return absl::OkStatus();
}

absl::Status EnterMissing(Tx& tx, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredConfirmation>(keys::Confirmation(id)));
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!stored.has_value() || !message.has_value()) return absl::OkStatus();
  if (IsInTime(*stored)) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  v1::Record record = RecordFor(v1::RecordKind::CONFIRMATION_MISSING, header, id);
  if (message->incoming()) {
    record.add_peers(StateOf(header.sender()));
  } else {
    for (const auto& number : message->numbers()) record.add_peers(number.state());
  }
  record.set_outcome(v1::Outcome::EXPIRED);
  record.set_reason(v1::Reason::CONFIRMATION_MISSING);
  uint64_t index = tx.Append(std::move(record));
  AddNotice(tx, index);
  stored->set_missing_index(index);
  tx.Save(keys::Confirmation(id), *stored);
  return absl::OkStatus();
}

// REQUIRES: `verified` is ok. Whether the confirmation is one of this message.
absl::Status JudgeNotice(const Tx& tx, const std::string& peer, const v1::PeerNotice& notice,
                         const std::optional<v1::StoredMessage>& message,
                         const std::optional<v1::StoredConfirmation>& stored,
                         const v1::Record& entry, const trust::DirectoryPtr& directory) {
  if (!message.has_value() || !message->incoming()) {
    return Missing("UNKNOWN_MESSAGE", "no message that came from this peer has this id");
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Record submission,
                           trust::ParseRecord(message->submission().record()));
  if (submission.state() != peer) {
    return Refused("WRONG_SENDER", "the message came from another state");
  }
  if (!stored.has_value()) {
    return WrongState("NO_CONFIRMATION_DUE", "the message needs no second confirmation");
  }
  if (notice.receipt().index() <= message->submission().index()) {
    return Refused("BAD_RECEIPT", "the confirmation's entry lies before that of the message");
  }
  PALERMO_RETURN_IF_ERROR(CheckDirectoryOrder(tx, peer, entry, notice.receipt().index()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr at_submission, DirectoryAt(tx, stored->directory()));
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  PALERMO_ASSIGN_OR_RETURN(auto signatures, trust::ParseFrozen(message->signature_list()));
  return trust::CheckConfirmation(header, notice.message_id(), signatures, *at_submission,
                                  notice.confirmation(), *directory, FromMillis(entry.at_ms()));
}

}  // namespace

void ExpectConfirmation(Tx& tx, const v1::Header& header, const std::string& id,
                        int64_t submitted_at_ms, const v1::DocumentReference& directory) {
  v1::StoredConfirmation stored;
  bool own = StateOf(header.sender()) == tx.state();
  // A peer whose clock is ahead gets no more time by it.
  int64_t from_ms = std::clamp<int64_t>(submitted_at_ms, 0, ToMillis(tx.now()));
  stored.set_due_at_ms(from_ms + limits::kConfirmationMillis);
  int64_t under_way_ms = own ? 0 : limits::kConfirmationNoticeMillis;
  stored.set_missing_at_ms(std::max(stored.due_at_ms(), ToMillis(tx.now())) + under_way_ms);
  *stored.mutable_directory() = directory;
  tx.Save(keys::Confirmation(id), stored);
  tx.Put(keys::ConfirmationDue(stored.missing_at_ms(), id), "");
  if (own) tx.Put(keys::OpenConfirmation(header.sender(), id), "");
}

absl::StatusOr<uint64_t> DecideConfirm(Tx& tx, const std::string& id,
                                       const v1::OfficerSignature& confirmation) {
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!message.has_value() || message->incoming()) {
    return Missing("UNKNOWN_MESSAGE", "no message that was sent from here has this id");
  }
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredConfirmation>(keys::Confirmation(id)));
  if (!stored.has_value()) {
    return WrongState("NO_CONFIRMATION_DUE",
                      "the message went with all its approvals; it needs no second confirmation");
  }
  if (stored->confirmed_at_ms() != 0) {
    return WrongState("ALREADY_SIGNED", Cat({stored->confirmation().officer(),
                                             " has confirmed this message already"}));
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
  PALERMO_ASSIGN_OR_RETURN(auto signatures, trust::ParseFrozen(message->signature_list()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr at_submission, DirectoryAt(tx, stored->directory()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr now, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_RETURN_IF_ERROR(trust::CheckConfirmation(header, id, signatures, *at_submission,
                                                   confirmation, *now, tx.now()));
  v1::Record record = RecordFor(v1::RecordKind::CONFIRMATION, header, id);
  record.set_actor(confirmation.officer());
  for (const auto& number : message->numbers()) record.add_peers(number.state());
  *record.mutable_directory() = now->Reference();
  record.set_evidence_sha256(EvidenceOf(confirmation));
  bool late = ToMillis(tx.now()) > stored->due_at_ms();
  if (late) record.set_reason(v1::Reason::CONFIRMATION_LATE);
  uint64_t index = tx.Append(std::move(record));
  PALERMO_RETURN_IF_ERROR(SendNotice(tx, id, *message, confirmation, index));
  *stored->mutable_confirmation() = confirmation;
  stored->set_confirmed_at_ms(ToMillis(tx.now()));
  stored->set_index(index);
  tx.Save(keys::Confirmation(id), *stored);
  tx.Delete(keys::OpenConfirmation(header.sender(), id));
  if (!late) tx.Delete(keys::ConfirmationDue(stored->missing_at_ms(), id));
  return index;
}

absl::Status SendLateNotice(Tx& tx, const std::string& peer, const std::string& id,
                            uint64_t index) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredConfirmation>(keys::Confirmation(id)));
  if (!stored.has_value() || stored->index() == 0) return absl::OkStatus();
  v1::OutboxItem item = NoticeItem(tx, id, stored->confirmation(), stored->index());
  return AddToOutbox(tx, peer, true, index, item).status();
}

absl::StatusOr<uint64_t> DecideConfirmationNotice(Tx& tx, const std::string& peer,
                                                  const v1::PeerNotice& notice,
                                                  const absl::Status& verified,
                                                  const trust::DirectoryPtr& directory) {
  const std::string& id = notice.message_id();
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredConfirmation>(keys::Confirmation(id)));
  absl::Status judged = verified;
  v1::Record entry;
  if (judged.ok()) {
    PALERMO_ASSIGN_OR_RETURN(entry, trust::ParseRecord(notice.receipt().record()));
    judged = JudgeNotice(tx, peer, notice, message, stored, entry, directory);
  }
  if (!judged.ok() && CodeOf(judged) == "STORE_DAMAGED") return judged;
  v1::Record record;
  record.set_message_id(id);
  record.set_actor("node");
  record.add_peers(peer);
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(notice.receipt().record()))));
  if (!judged.ok()) {
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(judged));
    uint64_t index = tx.Append(record);
    PALERMO_RETURN_IF_ERROR(KeepNoticeFault(tx, peer, index, judged, notice));
    return index;
  }
  if (stored->index() != 0) return stored->index();  // told before
  record.set_kind(v1::RecordKind::CONFIRMATION_NOTED);
  record.set_case_id(entry.case_id());
  record.set_authority(entry.authority());
  record.set_outcome(v1::Outcome::ACCEPTED);
  bool late = entry.at_ms() > stored->due_at_ms();
  if (late) record.set_reason(v1::Reason::CONFIRMATION_LATE);
  uint64_t index = tx.Append(std::move(record));
  *stored->mutable_confirmation() = notice.confirmation();
  stored->set_confirmed_at_ms(entry.at_ms());
  stored->set_index(index);
  *stored->mutable_receipt() = notice.receipt();
  tx.Save(keys::Confirmation(id), *stored);
  if (!late) tx.Delete(keys::ConfirmationDue(stored->missing_at_ms(), id));
  return index;
}

absl::StatusOr<size_t> DecideMissingConfirmations(Tx& tx, size_t most, absl::Status* damage) {
  std::vector<std::pair<std::string, std::string>> due;  // key, message id
  std::string now = BigEndian64(static_cast<uint64_t>(ToMillis(tx.now())));
  size_t prefix = keys::kConfirmationsDue.size();
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(std::string(keys::kConfirmationsDue), most,
                                        [&](const std::string& key, const std::string&) {
                                          if (key.substr(prefix, 8) >= now) return false;
                                          due.emplace_back(key, key.substr(prefix + 8));
                                          return true;
                                        }));
  size_t count = 0;
  for (const auto& [key, id] : due) {
    const absl::Status entered = EnterMissing(tx, id);
    // What is damaged comes again; it keeps no other from its entry.
    if (entered.code() == absl::StatusCode::kDataLoss) {
      damage->Update(entered);
      continue;
    }
    PALERMO_RETURN_IF_ERROR(entered);
    tx.Delete(key);
    ++count;
  }
  return count;
}

v1::ConfirmationStatus StatusOfConfirmation(const v1::StoredConfirmation& stored) {
  using Standing = v1::ConfirmationStanding;
  v1::ConfirmationStatus status;
  status.set_due_at_ms(stored.due_at_ms());
  if (stored.confirmed_at_ms() == 0) {
    status.set_standing(stored.missing_index() == 0 ? Standing::DUE : Standing::MISSING);
    return status;
  }
  status.set_standing(IsInTime(stored) ? Standing::CONFIRMED : Standing::LATE);
  status.set_officer(stored.confirmation().officer());
  status.set_at_ms(stored.confirmed_at_ms());
  return status;
}

absl::StatusOr<std::optional<v1::StoredConfirmation>> LoadConfirmation(
    const storage::KvReader& store, const std::string& id) {
  return LoadOne<v1::StoredConfirmation>(store, keys::Confirmation(id));
}

}  // namespace palermo::exchange
