#include "node/exchange/submit.h"

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/case_rules.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/delivery.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/outbox.h"
#include "node/trust/rosters.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

// Directories that have run out stop new messages, on both ends; a roster that has run out stops
// new cases at once, and the rest after its grace. An emergency to life is a reason to go on.
absl::Status CheckDirectoriesInTime(const trust::TrustView& view, const std::string& own_state,
                                    const v1::Header& header, absl::Time now) {
  bool founds = header.parents().empty() && header.urgency() != v1::Urgency::EMERGENCY_LIFE;
  PALERMO_RETURN_IF_ERROR(trust::CheckRosterInTime(
      view.roster().body, founds ? trust::RosterUse::kNew : trust::RosterUse::kExisting, now));
  std::vector<std::string> states = trust::RecipientStates(header);
  states.push_back(own_state);
  for (const std::string& state : states) {
    PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(state));
    PALERMO_RETURN_IF_ERROR(trust::CheckInTime(directory->body().issued_at_ms(),
                                               directory->body().expires_at_ms(), now,
                                               Cat({"the directory of ", state})));
  }
  return absl::OkStatus();
}

v1::Record RecordOf(const trust::ParsedEnvelope& parsed, v1::RecordKind::Code kind,
                    v1::Outcome::Code outcome, const std::string& actor,
                    const trust::DirectoryIndex& directory) {
  v1::Record record;
  record.set_kind(kind);
  record.set_case_id(parsed.header.case_id());
  record.set_message_id(std::string(AsView(parsed.message_id)));
  record.set_actor(actor);
  record.set_authority(parsed.header.sender());
  for (const std::string& state : trust::RecipientStates(parsed.header)) record.add_peers(state);
  record.set_family(parsed.header.family());
  record.set_act(parsed.header.act());
  record.set_outcome(outcome);
  *record.mutable_directory() = directory.Reference();
  return record;
}

// The last number that an authority gave in this case for one recipient state.
v1::GivenNumber& GivenBy(v1::CaseEntry& entry, const std::string& authority,
                         const std::string& state) {
  for (v1::GivenNumber& given : *entry.mutable_given()) {
    if (given.authority() == authority && given.state() == state) return given;
  }
  v1::GivenNumber& given = *entry.add_given();
  given.set_authority(authority);
  given.set_state(state);
  return given;
}

// The next number for each recipient state, and room in its outbox.
absl::Status TakeNumbers(const Tx& tx, const v1::Header& header, v1::CaseEntry* entry,
                         v1::Record* record) {
  for (const std::string& state : trust::RecipientStates(header)) {
    PALERMO_RETURN_IF_ERROR(CheckOutboxRoom(tx, state));
    v1::GivenNumber& given = GivenBy(*entry, header.sender(), state);
    given.set_number(given.number() + 1);
    v1::RecipientNumber* number = record->add_numbers();
    number->set_state(state);
    number->set_number(given.number());
  }
  return absl::OkStatus();
}

// Whether a parent of the message still waits for this state among the normal ones. What waits in
// the emergency lane stands before it there.
absl::StatusOr<bool> FollowsWaiting(const Tx& tx, const v1::Header& header,
                                    const std::string& state) {
  for (const auto& parent : header.parents()) {
    PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(parent)));
    if (!message.has_value()) continue;
    PALERMO_ASSIGN_OR_RETURN(auto before,
                             tx.Get(keys::Outbox(state, kNormalLane, message->index())));
    if (before.has_value()) return true;
  }
  return false;
}

absl::Status Enqueue(Tx& tx, const v1::Header& header, const std::string& id,
                     const v1::StoredMessage& message) {
  bool emergency = header.urgency() == v1::Urgency::EMERGENCY_LIFE;
  for (const auto& number : message.numbers()) {
    v1::OutboxItem item;
    item.set_kind(v1::OutboxItem::PARCEL);
    item.set_message_id(id);
    item.set_since_ms(ToMillis(tx.now()));
    // It must not overtake an act that it follows: the peer could not judge it.
    bool waits = false;
    if (emergency) {
      PALERMO_ASSIGN_OR_RETURN(waits, FollowsWaiting(tx, header, number.state()));
    }
    PALERMO_RETURN_IF_ERROR(
        AddToOutbox(tx, number.state(), emergency && !waits, message.index(), item).status());
  }
  AddToExpiries(tx, header.expires_at_ms(), id);
  return absl::OkStatus();
}

// Numbers, message, outbox, ledger entry: all in the caller's batch.
absl::StatusOr<SubmitOutcome> Admit(Tx& tx, CheckedMessage message,
                                    const trust::DirectoryIndex& directory,
                                    const std::string& officer) {
  const v1::Header& header = message.parsed.header;
  std::string id(AsView(message.parsed.message_id));
  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, header.case_id()));
  PALERMO_ASSIGN_OR_RETURN(casework::Standing standing, JudgeAct(tx, entry, header));
  v1::Record record = RecordOf(message.parsed, v1::RecordKind::SUBMISSION, v1::Outcome::ACCEPTED,
                               officer, directory);
  PALERMO_RETURN_IF_ERROR(TakeNumbers(tx, header, &entry, &record));
  bool confirm = trust::NeedsConfirmation(header, message.signatures, directory);
  std::string frozen = trust::FreezeSignatures(std::move(message.signatures));
  record.set_signature_list_sha256(std::string(AsView(crypto::Sha256(frozen))));

  v1::StoredMessage stored;
  stored.set_header(std::move(*message.envelope.mutable_header()));
  stored.set_signature_list(std::move(frozen));
  stored.set_stanzas_sha256(std::string(AsView(message.parsed.stanzas_sha256)));
  stored.set_body_sha256(std::string(AsView(message.parsed.body_sha256)));
  *stored.mutable_numbers() = record.numbers();
  stored.set_recorded_at_ms(ToMillis(tx.now()));
  stored.set_state_after(casework::StateNumber(standing));
  stored.set_resume_state(casework::ResumeNumber(standing));
  uint64_t index = tx.Append(std::move(record));
  stored.set_index(index);
  constexpr bool kReadSoon = true;  // when it is relayed, and when the answer comes
  tx.PutSealed(index, std::move(*message.envelope.mutable_stanzas()),
               std::move(*message.envelope.mutable_body()), kReadSoon);
  PALERMO_RETURN_IF_ERROR(Enqueue(tx, header, id, stored));
  tx.Save(keys::Message(id), stored, kReadSoon);
  AddToListing(tx, index, id);
  if (confirm) ExpectConfirmation(tx, header, id, ToMillis(tx.now()), directory.Reference());
  AddAct(tx, header, id, std::move(entry));
  return SubmitOutcome{v1::Outcome::ACCEPTED, 0, index};
}

// Where the policy asks fewer approvals than the drafter's desk, the desk counts.
void AskAtLeast(uint32_t least, CheckedMessage* message) {
  message->least_approvals = std::min(least, static_cast<uint32_t>(limits::kMaxApprovals));
  message->standing.needed = std::max(message->standing.needed, message->least_approvals);
}

// Everything that the view decides, again when the view is another one by now.
absl::StatusOr<CheckedMessage> Recheck(const Tx& tx, CheckedMessage message) {
  if (message.view != tx.trust()) {
    const uint32_t least = message.least_approvals;
    PALERMO_ASSIGN_OR_RETURN(message,
                             CheckMessage(tx.trust(), tx.state(), std::move(message.envelope),
                                          std::move(message.signatures), tx.now()));
    AskAtLeast(least, &message);
  }
  PALERMO_RETURN_IF_ERROR(trust::CheckHeaderTime(message.parsed.header, tx.now()));
  PALERMO_RETURN_IF_ERROR(
      CheckDirectoriesInTime(*tx.trust(), tx.state(), message.parsed.header, tx.now()));
  PALERMO_RETURN_IF_ERROR(CheckNotDestroyed(tx, message.parsed.stanzas));
  return message;
}

absl::Status ChangeDraftCount(Tx& tx, const std::string& authority, int change) {
  std::string key = keys::DraftCount(authority);
  PALERMO_ASSIGN_OR_RETURN(uint64_t count, tx.GetCounter(key));
  if (change > 0 && count >= limits::kMaxPendingDraftsPerAuthority) {
    return OverLimit("TOO_MANY", "too many drafts wait for approval; approve or drop some first");
  }
  tx.PutCounter(key, count + change);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<SubmitOutcome>> KnownAlready(const Tx& tx, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (stored.has_value()) {
    return std::optional<SubmitOutcome>({v1::Outcome::ACCEPTED, 0, stored->index()});
  }
  PALERMO_ASSIGN_OR_RETURN(auto pending, tx.Load<v1::PendingMessage>(keys::Draft(id)));
  if (pending.has_value()) {
    return std::optional<SubmitOutcome>(
        {v1::Outcome::PENDING, pending->approvals_missing(), pending->index()});
  }
  return std::optional<SubmitOutcome>();
}

}  // namespace

absl::StatusOr<const v1::OfficerEntry*> OfficerByPin(const trust::DirectoryIndex& directory,
                                                     const std::string& tls_pin, absl::Time now) {
  const v1::OfficerEntry* officer = directory.FindOfficerByPin(tls_pin);
  if (officer == nullptr) {
    return Refused(
        "UNKNOWN_OFFICER",
        "the TLS key of the caller is not in the directory in force; ask your administrator");
  }
  PALERMO_RETURN_IF_ERROR(trust::CheckMandate(*officer, now));
  return officer;
}

absl::StatusOr<CheckedMessage> CheckMessage(const trust::TrustPtr& view,
                                            const std::string& own_state, v1::Envelope envelope,
                                            std::vector<v1::OfficerSignature> signatures,
                                            absl::Time now, std::string* id) {
  CheckedMessage message;
  message.view = view;
  message.envelope = std::move(envelope);
  message.signatures = std::move(signatures);
  PALERMO_ASSIGN_OR_RETURN(message.parsed, trust::ParseEnvelope(message.envelope));
  if (id != nullptr) *id = AsView(message.parsed.message_id);
  const v1::Header& header = message.parsed.header;
  PALERMO_RETURN_IF_ERROR(trust::CheckHeaderTime(header, now));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view->DirectoryOf(own_state));
  PALERMO_RETURN_IF_ERROR(trust::CheckAddresses(message.parsed, *view, "", now));
  PALERMO_ASSIGN_OR_RETURN(
      message.standing,
      trust::CheckSignatures(message.parsed, message.signatures, *directory, now));
  return message;
}

absl::Status DropLapsedApprovals(const trust::TrustView& view, const std::string& own_state,
                                 absl::Time now, v1::PendingMessage* pending) {
  trust::ParsedEnvelope envelope;
  PALERMO_ASSIGN_OR_RETURN(envelope.header, StoredHeader(pending->envelope().header()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(own_state));
  std::vector<v1::OfficerSignature> counted;
  for (const auto& signature : pending->signatures()) {
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) counted.push_back(signature);
  }
  PALERMO_ASSIGN_OR_RETURN(trust::ApprovalStanding standing,
                           trust::CheckSigners(envelope, counted, *directory, now));
  for (const auto& signature : pending->signatures()) {
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) continue;
    counted.push_back(signature);
    auto with = trust::CheckSigners(envelope, counted, *directory, now);
    if (with.ok()) {
      standing = *with;
    } else {
      counted.pop_back();
    }
  }
  standing.needed = std::max(standing.needed, pending->least_approvals());
  pending->mutable_signatures()->Assign(counted.begin(), counted.end());
  pending->set_approvals_missing(standing.missing());
  return absl::OkStatus();
}

absl::StatusOr<SubmitOutcome> DecideDraft(Tx& tx, CheckedMessage message,
                                          const std::string& officer) {
  std::string id(AsView(message.parsed.message_id));
  PALERMO_ASSIGN_OR_RETURN(auto known, KnownAlready(tx, id));
  if (known.has_value()) return *known;
  PALERMO_ASSIGN_OR_RETURN(message, Recheck(tx, std::move(message)));
  AskAtLeast(message.least_approvals, &message);
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  if (message.standing.complete()) return Admit(tx, std::move(message), *directory, officer);

  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, message.parsed.header.case_id()));
  PALERMO_RETURN_IF_ERROR(JudgeAct(tx, entry, message.parsed.header).status());
  PALERMO_RETURN_IF_ERROR(ChangeDraftCount(tx, message.parsed.header.sender(), 1));
  v1::PendingMessage pending;
  *pending.mutable_envelope() = message.envelope;
  for (const auto& signature : message.signatures) *pending.add_signatures() = signature;
  pending.set_since_ms(ToMillis(tx.now()));
  pending.set_approvals_missing(message.standing.missing());
  pending.set_least_approvals(message.least_approvals);
  uint64_t index = tx.Append(
      RecordOf(message.parsed, v1::RecordKind::DRAFT, v1::Outcome::PENDING, officer, *directory));
  pending.set_index(index);
  tx.Save(keys::Draft(id), pending);
  return SubmitOutcome{v1::Outcome::PENDING, message.standing.missing(), index};
}

absl::StatusOr<SubmitOutcome> DecideApprove(Tx& tx, const std::string& message_id,
                                            const v1::OfficerSignature& approval,
                                            const std::string& officer) {
  PALERMO_ASSIGN_OR_RETURN(auto pending, tx.Load<v1::PendingMessage>(keys::Draft(message_id)));
  if (!pending.has_value()) {
    return WrongState("NOT_PENDING",
                      "no draft with this id waits for approval; it was admitted or dropped");
  }
  const absl::Status drafter = DropLapsedApprovals(*tx.trust(), tx.state(), tx.now(), &*pending);
  std::vector<v1::OfficerSignature> signatures(pending->signatures().begin(),
                                               pending->signatures().end());
  for (const auto& signature : signatures) {
    if (signature.officer() == officer && signature.purpose() == v1::SignaturePurpose::APPROVE) {
      return WrongState("ALREADY_SIGNED", Cat({officer, " has approved this draft already"}));
    }
  }
  signatures.push_back(approval);
  auto checked =
      CheckMessage(tx.trust(), tx.state(), pending->envelope(), std::move(signatures), tx.now());
  if (!drafter.ok() && CodeOf(checked.status()) == CodeOf(drafter)) {
    return Refused(CodeOf(drafter), Cat({TextOf(drafter),
                                         "; the draft cannot be sent any more: drop it "
                                         "(palermo case drop), and draft it again"}));
  }
  PALERMO_ASSIGN_OR_RETURN(CheckedMessage message, std::move(checked));
  AskAtLeast(pending->least_approvals(), &message);
  PALERMO_RETURN_IF_ERROR(
      CheckDirectoriesInTime(*tx.trust(), tx.state(), message.parsed.header, tx.now()));
  PALERMO_RETURN_IF_ERROR(CheckNotDestroyed(tx, message.parsed.stanzas));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  uint64_t index = tx.Append(RecordOf(message.parsed, v1::RecordKind::APPROVE,
                                      v1::Outcome::ACCEPTED, officer, *directory));
  if (!message.standing.complete()) {
    *pending->add_signatures() = approval;
    pending->set_approvals_missing(message.standing.missing());
    tx.Save(keys::Draft(message_id), *pending);
    return SubmitOutcome{v1::Outcome::PENDING, message.standing.missing(), index};
  }
  const std::string sender = message.parsed.header.sender();
  // First, while the draft is here: the entry of a refusal finds its case by it.
  PALERMO_ASSIGN_OR_RETURN(SubmitOutcome admitted,
                           Admit(tx, std::move(message), *directory, officer));
  tx.Delete(keys::Draft(message_id));
  PALERMO_RETURN_IF_ERROR(ChangeDraftCount(tx, sender, -1));
  return admitted;
}

absl::StatusOr<uint64_t> DecideDrop(Tx& tx, const std::string& message_id,
                                    const std::string& officer) {
  PALERMO_ASSIGN_OR_RETURN(auto pending, tx.Load<v1::PendingMessage>(keys::Draft(message_id)));
  if (!pending.has_value()) {
    return WrongState("NOT_PENDING", "no draft with this id waits for approval");
  }
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(pending->envelope()));
  if (parsed.header.sender() != AuthorityOf(officer)) {
    return Refused("WRONG_SENDER", "the draft is of another authority");
  }
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  tx.Delete(keys::Draft(message_id));
  PALERMO_RETURN_IF_ERROR(ChangeDraftCount(tx, parsed.header.sender(), -1));
  return tx.Append(
      RecordOf(parsed, v1::RecordKind::DRAFT_DROPPED, v1::Outcome::ACCEPTED, officer, *directory));
}

}  // namespace palermo::exchange
