#include "node/exchange/deliver.h"

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/calls.h"
#include "node/exchange/case_rules.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/delivery.h"
#include "node/exchange/faults.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/numbers.h"
#include "node/exchange/outbox.h"
#include "node/exchange/unparsed.h"
#include "node/trust/approvals.h"
#include "node/trust/reason.h"

namespace palermo::exchange {
namespace {

absl::Status VerifyForm(VerifiedParcel* verified, const std::string& own_state,
                        const std::string& peer) {
  const v1::Envelope& envelope = verified->parcel.envelope();
  auto parsed = trust::ParseEnvelope(envelope);
  if (!parsed.ok()) {
    // The id is known even when nothing can be parsed, so that the refusal names the message.
    HashUnparsed(envelope, &verified->parsed);
    return parsed.status();
  }
  verified->parsed = *std::move(parsed);
  const v1::Header& header = verified->parsed.header;
  if (StateOf(header.sender()) != peer) {
    return Refused("WRONG_SENDER", Cat({"the message is not of ", peer, ", which sent it"}));
  }
  if (trust::RecipientsIn(header, own_state).empty()) {
    return Refused("NOT_FOR_US", Cat({"no recipient is of ", own_state}));
  }
  return absl::OkStatus();
}

absl::Status VerifySubmission(VerifiedParcel* verified, const std::string& own_state,
                              const std::string& peer, const crypto::Checkpoint& checkpoint) {
  PALERMO_ASSIGN_OR_RETURN(
      verified->submission,
      trust::VerifyReceiptUnder(verified->parcel.submission(), checkpoint, peer));
  PALERMO_RETURN_IF_ERROR(trust::CheckSubmissionRecord(verified->submission, verified->parsed,
                                                       verified->parcel.signature_list()));
  verified->number = trust::NumberFor(verified->submission, own_state);
  verified->receipt_ok = true;
  return absl::OkStatus();
}

absl::Status VerifySigners(VerifiedParcel* verified, const std::string& own_state,
                           const DirectoryLookup& directories) {
  const v1::DocumentReference& reference = verified->submission.directory();
  trust::DirectoryPtr directory = directories(reference.version());
  if (directory == nullptr) {
    return Missing("UNKNOWN_DIRECTORY", "the sender's directory version is not known here yet");
  }
  if (directory->Reference().sha256() != reference.sha256()) {
    return Refused("VERSION_FORK",
                   "the sender submitted under another directory of the same version");
  }
  absl::Time submitted = FromMillis(verified->submission.at_ms());
  PALERMO_RETURN_IF_ERROR(trust::CheckInTime(directory->body().issued_at_ms(),
                                             directory->body().expires_at_ms(), submitted,
                                             "the sender's directory, at the submission,"));
  PALERMO_ASSIGN_OR_RETURN(auto signatures, trust::ParseFrozen(verified->parcel.signature_list()));
  PALERMO_ASSIGN_OR_RETURN(
      trust::ApprovalStanding standing,
      trust::CheckSignatures(verified->parsed, signatures, *directory, submitted));
  verified->needs_confirmation =
      trust::NeedsConfirmation(verified->parsed.header, signatures, *directory);
  if (!standing.complete()) {
    return Refused("TOO_FEW_APPROVALS",
                   "the message has fewer approvals than its state's policy asks");
  }
  return trust::CheckAddresses(verified->parsed, *verified->view, own_state, submitted);
}

v1::Record DeliveryRecord(const VerifiedParcel& parcel, const std::string& peer) {
  v1::Record record;
  record.set_kind(v1::RecordKind::DELIVERY);
  record.set_actor("node");
  record.add_peers(peer);
  const v1::Header& header = parcel.parsed.header;
  record.set_case_id(header.case_id());
  record.set_message_id(std::string(AsView(parcel.parsed.message_id)));
  record.set_authority(header.sender());
  record.set_family(header.family());
  record.set_act(header.act());
  if (parcel.receipt_ok) {
    *record.mutable_numbers() = parcel.submission.numbers();
    record.set_signature_list_sha256(parcel.submission.signature_list_sha256());
    *record.mutable_directory() = parcel.submission.directory();
    record.set_evidence_sha256(
        std::string(AsView(crypto::Sha256(parcel.parcel.submission().record()))));
  }
  return record;
}

// A refusal whose submission is proved is final and uses up its number; any other only is entered,
// since its claims are nobody's.
uint64_t Refuse(Tx& tx, const std::string& peer, const VerifiedParcel& parcel,
                const absl::Status& status) {
  ++tx.tally().refused;
  v1::Record record = DeliveryRecord(parcel, peer);
  bool expired = CodeOf(status) == "EXPIRED";
  record.set_outcome(expired ? v1::Outcome::EXPIRED : v1::Outcome::REJECTED);
  record.set_reason(trust::ReasonOf(status));
  uint64_t index = tx.Append(record);
  if (parcel.receipt_ok) {
    tx.PutCounter(keys::Refusal(AsView(parcel.parsed.message_id), peer), index);
  }
  return index;
}

// What is asked for here is a message that has no entry yet, so every use is another message's.
absl::Status CheckNumber(const Tx& tx, const VerifiedParcel& parcel, const v1::UsedNumbers& used) {
  const v1::Header& header = parcel.parsed.header;
  constexpr std::string_view kUsed = "the number was used before for another message of this case";
  if (parcel.number <= used.whole()) return Refused("WRONG_NUMBER", kUsed);
  if (used.beyond() == 0) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto use, tx.Load<v1::NumberUse>(keys::NumberUse(
                                         header.case_id(), header.sender(), parcel.number)));
  if (use.has_value() && use->message_id() != AsView(parcel.parsed.message_id)) {
    return Refused("WRONG_NUMBER", kUsed);
  }
  return absl::OkStatus();
}

// Refuses what is proved to have been submitted, so that its number is used.
absl::StatusOr<uint64_t> RefuseAndUse(Tx& tx, const std::string& peer, const VerifiedParcel& parcel,
                                      const absl::Status& status) {
  uint64_t index = Refuse(tx, peer, parcel, status);
  if (IsFaultOfPeer(status)) {
    PALERMO_RETURN_IF_ERROR(KeepParcelFault(tx, peer, index, status, parcel));
  }
  PALERMO_RETURN_IF_ERROR(
      UseNumber(tx, parcel.parsed.header, parcel.number, AsView(parcel.parsed.message_id), index));
  return index;
}

// Takes from the parcel what is stored beside the header; the sealed parts stay in it.
v1::StoredMessage ToStored(const Tx& tx, VerifiedParcel& parcel) {
  v1::StoredMessage stored;
  stored.set_header(std::move(*parcel.parcel.mutable_envelope()->mutable_header()));
  stored.set_signature_list(std::move(*parcel.parcel.mutable_signature_list()));
  stored.set_stanzas_sha256(std::string(AsView(parcel.parsed.stanzas_sha256)));
  stored.set_body_sha256(std::string(AsView(parcel.parsed.body_sha256)));
  stored.set_incoming(true);
  *stored.mutable_submission() = std::move(*parcel.parcel.mutable_submission());
  *stored.mutable_numbers() = parcel.submission.numbers();
  stored.set_number(parcel.number);
  stored.set_recorded_at_ms(ToMillis(tx.now()));
  return stored;
}

// `standing`: after this act, whose number is the next one; nullopt when it is held.
absl::StatusOr<uint64_t> Accept(Tx& tx, const std::string& peer, VerifiedParcel parcel,
                                v1::CaseEntry entry, std::optional<casework::Standing> standing) {
  std::string id(AsView(parcel.parsed.message_id));
  v1::Record record = DeliveryRecord(parcel, peer);
  record.set_outcome(v1::Outcome::ACCEPTED);
  uint64_t index = tx.Append(std::move(record));
  v1::StoredMessage stored = ToStored(tx, parcel);
  stored.set_index(index);
  stored.set_held(!standing.has_value());
  if (standing.has_value()) {
    stored.set_state_after(casework::StateNumber(*standing));
    stored.set_resume_state(casework::ResumeNumber(*standing));
  }
  tx.Save(keys::Message(id), stored);
  tx.PutSealed(index, std::move(*parcel.parcel.mutable_envelope()->mutable_stanzas()),
               std::move(*parcel.parcel.mutable_envelope()->mutable_body()));
  AddToListing(tx, index, id);
  if (parcel.needs_confirmation) {
    ExpectConfirmation(tx, parcel.parsed.header, id, parcel.submission.at_ms(),
                       parcel.submission.directory());
  }
  const v1::Header& header = parcel.parsed.header;
  if (standing.has_value()) {
    v1::UsedNumbers& used = UsedBy(entry, header.sender());
    bool nobody_waits = used.beyond() == 0;
    if (nobody_waits) used.set_whole(parcel.number);
    AddAct(tx, header, id, std::move(entry));
    if (nobody_waits) return index;
  }
  PALERMO_RETURN_IF_ERROR(UseNumber(tx, header, parcel.number, id, index));
  return index;
}

// The entry that answered this message of this peer before; another state's message has none.
absl::StatusOr<std::optional<uint64_t>> KnownAnswer(const Tx& tx, std::string_view id,
                                                    const std::string& peer) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (stored.has_value() && stored->incoming()) {
    PALERMO_ASSIGN_OR_RETURN(v1::Record sent, trust::ParseRecord(stored->submission().record()));
    if (sent.state() == peer) return std::optional<uint64_t>(stored->index());
  }
  PALERMO_ASSIGN_OR_RETURN(auto refused, tx.Get(keys::Refusal(id, peer)));
  if (refused.has_value()) return std::optional<uint64_t>(ReadBigEndian64(*refused));
  return std::optional<uint64_t>();
}

// A message whose sender's own node entered it as good and that is new to our clock alone is not
// refused, which would be for good: one of the two clocks is wrong, and it may be ours. Beyond a
// day it would hold up what comes behind it for too long.
absl::Status CheckTime(const VerifiedParcel& parcel, absl::Time now) {
  const v1::Header& header = parcel.parsed.header;
  absl::Status by_us = trust::CheckHeaderTime(header, now);
  if (CodeOf(by_us) != "CREATED_IN_FUTURE") return by_us;
  int64_t ahead_ms = header.created_at_ms() - ToMillis(now);
  bool by_sender_too =
      header.created_at_ms() > parcel.submission.at_ms() + limits::kMaxClockAheadMillis;
  if (by_sender_too || ahead_ms > limits::kDayMillis) return by_us;
  return TryLater(
      "CLOCK_BEHIND",
      Cat({"the message was made at ", FormatInstant(FromMillis(header.created_at_ms())),
           ", which is still to come by the receiver's clock, and good by the sender's; "
           "set the receiver's clock if it is late; else it is taken when that time has come"}));
}

absl::Status JudgeDelivery(const Tx& tx, const std::string& peer, const VerifiedParcel& parcel,
                           const v1::UsedNumbers& used) {
  PALERMO_RETURN_IF_ERROR(parcel.status);
  PALERMO_RETURN_IF_ERROR(CheckNumber(tx, parcel, used));
  PALERMO_RETURN_IF_ERROR(CheckTime(parcel, tx.now()));
  PALERMO_RETURN_IF_ERROR(CheckNotDestroyed(tx, parcel.parsed.stanzas));
  if (parcel.view != tx.trust()) {
    PALERMO_RETURN_IF_ERROR(trust::CheckAddresses(parcel.parsed, *tx.trust(), tx.state(),
                                                  FromMillis(parcel.submission.at_ms())));
  }
  return CheckDirectoryOrder(tx, peer, parcel.submission, parcel.parcel.submission().index());
}

}  // namespace

VerifiedParcel VerifyParcel(const trust::TrustPtr& view, const std::string& own_state,
                            const std::string& peer, const DirectoryLookup& directories,
                            const crypto::Checkpoint& checkpoint, v1::Parcel parcel) {
  VerifiedParcel verified;
  verified.view = view;
  verified.parcel = std::move(parcel);
  verified.status = VerifyForm(&verified, own_state, peer);
  if (!verified.status.ok()) TakeSubmissionAlone(&verified, own_state, peer, checkpoint);
  if (!verified.status.ok()) return verified;
  verified.status = VerifySubmission(&verified, own_state, peer, checkpoint);
  if (!verified.status.ok()) return verified;
  verified.status = VerifySigners(&verified, own_state, directories);
  return verified;
}

absl::Status CheckDirectoryOrder(const Tx& tx, const std::string& peer,
                                 const v1::Record& submission, uint64_t submission_index) {
  uint64_t version = submission.directory().version();
  PALERMO_ASSIGN_OR_RETURN(auto own, tx.Load<v1::Receipt>(keys::DirectoryReceipt(peer, version)));
  if (own.has_value() && submission_index <= own->index()) {
    return Refused("OLD_DIRECTORY", "the entry lies before that of the directory that it names");
  }
  PALERMO_ASSIGN_OR_RETURN(auto next,
                           tx.Load<v1::Receipt>(keys::DirectoryReceipt(peer, version + 1)));
  if (next.has_value()) {
    if (submission_index < next->index()) return absl::OkStatus();
    return Refused("OLD_DIRECTORY", "the entry lies after that of a newer directory");
  }
  const trust::StateView* state = tx.trust()->Find(peer);
  if (state != nullptr && state->directory != nullptr &&
      state->directory->body().version() > version) {
    return Refused("OLD_DIRECTORY",
                   "a newer directory is known here, and nothing proves that this came before it");
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> DecideDelivery(Tx& tx, const std::string& peer, VerifiedParcel parcel) {
  const trust::ParsedEnvelope& parsed = parcel.parsed;
  std::string id(AsView(parsed.message_id));
  if (parcel.receipt_ok) {
    PALERMO_ASSIGN_OR_RETURN(auto known, KnownAnswer(tx, id, peer));
    if (known.has_value()) return *known;
  }
  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, parsed.header.case_id()));
  v1::UsedNumbers& used = UsedBy(entry, parsed.header.sender());
  uint64_t whole = used.whole();
  absl::Status judged = JudgeDelivery(tx, peer, parcel, used);
  if (!judged.ok() && !IsRefusal(judged)) return judged;  // the store's fault, not the sender's
  if (!judged.ok()) {
    uint64_t index = Refuse(tx, peer, parcel, judged);
    if (IsFaultOfPeer(judged)) {
      PALERMO_RETURN_IF_ERROR(KeepParcelFault(tx, peer, index, judged, parcel));
    }
    if (parcel.receipt_ok && CodeOf(judged) != "WRONG_NUMBER") {
      PALERMO_RETURN_IF_ERROR(UseNumber(tx, parsed.header, parcel.number, id, index));
    }
    return index;
  }
  if (parcel.number > whole + limits::kMaxHeldNumbers) {
    // No fault: what is urgent overtakes what waits.
    return RefuseAndUse(tx, peer, parcel,
                        OverLimit("TOO_MANY", "too many numbers before it are missing"));
  }
  if (parcel.number != whole + 1) {
    return Accept(tx, peer, std::move(parcel), v1::CaseEntry(), std::nullopt);
  }
  absl::StatusOr<casework::Standing> standing = JudgeAct(tx, entry, parsed.header);
  if (!standing.ok() && !IsRefusal(standing.status())) return standing.status();
  if (!standing.ok()) {
    return RefuseAndUse(tx, peer, parcel, standing.status());
  }
  return Accept(tx, peer, std::move(parcel), std::move(entry), *standing);
}

absl::StatusOr<uint64_t> DecideFilled(Tx& tx, const std::string& peer,
                                      const v1::FilledNumber& filled,
                                      const absl::Status& verified) {
  v1::Record record;
  record.set_actor("node");
  record.add_peers(peer);
  record.set_case_id(filled.case_id());
  record.set_message_id(filled.message_id());
  if (!verified.ok()) {
    ++tx.tally().refused;
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(verified));
    uint64_t index = tx.Append(record);
    PALERMO_RETURN_IF_ERROR(KeepFault(tx, peer, index, verified, v1::PeerFault()));
    return index;
  }
  PALERMO_ASSIGN_OR_RETURN(auto known, KnownAnswer(tx, filled.message_id(), peer));
  if (known.has_value()) return *known;
  record.set_kind(v1::RecordKind::EXPIRY_NOTED);
  record.set_authority(filled.sender());
  record.set_outcome(v1::Outcome::EXPIRED);
  record.set_reason(v1::Reason::EXPIRED);
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(filled.receipt().record()))));
  uint64_t index = tx.Append(record);
  tx.PutCounter(keys::Refusal(filled.message_id(), peer), index);
  v1::Header header;
  header.set_case_id(filled.case_id());
  header.set_sender(filled.sender());
  PALERMO_RETURN_IF_ERROR(UseNumber(tx, header, filled.number(), filled.message_id(), index));
  return index;
}

absl::StatusOr<uint64_t> DecideNotice(Tx& tx, const std::string& peer, const v1::PeerNotice& notice,
                                      const absl::Status& verified,
                                      const v1::RetrievalStatement& statement) {
  v1::Record record;
  record.set_kind(v1::RecordKind::RETRIEVAL_NOTED);
  record.set_actor("node");
  record.add_peers(peer);
  record.set_message_id(notice.message_id());
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(notice.receipt().record()))));
  PALERMO_ASSIGN_OR_RETURN(auto message,
                           tx.Load<v1::StoredMessage>(keys::Message(notice.message_id())));
  std::optional<v1::DeliveryStatus> status;
  if (message.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(status, LoadDelivery(tx, notice.message_id(), *message, peer));
  }
  v1::Header header;
  absl::Status judged = verified;
  if (judged.ok() && (!status.has_value() || !header.ParseFromString(message->header()))) {
    judged = Missing("UNKNOWN_MESSAGE", "the message was not sent to this peer");
  }
  v1::Record entry;
  if (judged.ok() && entry.ParseFromString(notice.receipt().record()) && entry.has_directory()) {
    judged = CheckDirectoryOrder(tx, peer, entry, notice.receipt().index());
  }
  if (judged.ok()) {
    std::vector<std::string> readers = trust::RecipientsIn(header, peer);
    if (std::find(readers.begin(), readers.end(), AuthorityOf(statement.officer())) ==
        readers.end()) {
      judged = Refused("WRONG_ROLE", "only an officer of a recipient reports a retrieval");
    }
  }
  if (!judged.ok()) {
    ++tx.tally().refused;
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(judged));
    uint64_t index = tx.Append(record);
    PALERMO_RETURN_IF_ERROR(KeepNoticeFault(tx, peer, index, judged, notice));
    return index;
  }
  // An entry answers once, and what was opened stays opened, whatever an older entry says.
  bool told = status->retrieval_noted_index() != 0;
  if (told && (status->retrieval() == v1::RetrievalResult::OPENED ||
               notice.receipt().index() <= status->retrieval_receipt().index())) {
    return status->retrieval_noted_index();
  }
  *status->mutable_retrieval_receipt() = notice.receipt();
  *status->mutable_retrieval_statement() = notice.retrieval();
  status->set_retrieval(statement.result());
  status->set_since_ms(ToMillis(tx.now()));
  record.set_case_id(header.case_id());
  record.set_authority(header.sender());
  record.set_outcome(statement.result() == v1::RetrievalResult::OPENED ? v1::Outcome::ACCEPTED
                                                                       : v1::Outcome::REJECTED);
  uint64_t index = tx.Append(std::move(record));
  status->set_retrieval_noted_index(index);
  tx.Save(keys::Delivery(notice.message_id(), peer), *status);
  return index;
}

}  // namespace palermo::exchange
