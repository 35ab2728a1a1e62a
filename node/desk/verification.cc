#include "node/desk/verification.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/casework/delivery.h"
#include "node/trust/approvals.h"
#include "node/trust/reason.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

// The one that must verify; what else a node gives as a submission is passed over.
const v1::StoredReceipt* FindSubmission(const v1::FetchMessageResponse& message,
                                        const std::string& state) {
  for (const auto& stored : message.receipts()) {
    auto record = trust::ParseRecord(stored.receipt().record());
    if (record.ok() && record->kind() == v1::RecordKind::SUBMISSION && record->state() == state) {
      return &stored;
    }
  }
  return nullptr;
}

// Runs checks one after another; after a failure the rest that depends on it is left out.
class Verifier {
 public:
  Verifier(const v1::FetchMessageResponse& message, const trust::TrustView& view)
      : message_(message), view_(view) {}

  bool Note(std::string what, absl::Status status) {
    bool ok = status.ok();
    result_.checks.push_back({std::move(what), std::move(status)});
    return ok;
  }

  bool ParseEnvelope() {
    auto parsed = trust::ParseEnvelope(message_.envelope());
    if (!Note("the envelope is well formed", parsed.status())) return false;
    result_.envelope = std::move(parsed).value();
    sender_state_ = StateOf(result_.envelope.header.sender());
    return true;
  }

  bool CheckDirectory() {
    auto charter = trust::VerifyCharterOfAnyTime(message_.sender_charter(), view_);
    if (!Note(Cat({"the charter of ", sender_state_, " is signed by its roots in the roster"}),
              charter.status())) {
      return false;
    }
    auto directory = trust::VerifyDirectory(message_.sender_directory(), *charter, nullptr);
    absl::Status status = directory.status();
    if (status.ok() && directory->body.state() != sender_state_) {
      status = Refused("WRONG_SENDER", "the directory is not of the sender's state");
    }
    if (status.ok()) status = CheckSeen(*charter, *directory);
    if (!Note(Cat({"the directory of ", sender_state_, " is signed by its administrators"}),
              status)) {
      return false;
    }
    result_.sender_directory =
        std::make_shared<trust::DirectoryIndex>(std::move(directory).value());
    return true;
  }

  bool CheckSubmission() {
    const v1::StoredReceipt* stored = FindSubmission(message_, sender_state_);
    if (stored == nullptr) {
      return Note("there is a submission receipt",
                  Missing("BAD_RECEIPT", "the node gave none; ask the sender to send it again"));
    }
    auto record = VerifyReceiptUnderAny(stored->receipt(), DirectoriesOf(sender_state_));
    if (!Note(Cat({"the submission is in the ledger of ", sender_state_}), record.status())) {
      return false;
    }
    Keep(sender_state_, *stored, *record);
    submitted_at_ = FromMillis(record->at_ms());
    return Note("the submission receipt is of this message and this signature list",
                trust::CheckSubmissionRecord(*record, result_.envelope,
                                             message_.signature_list())) &&
           Note("the directory is the one in force at the submission",
                CheckReference(record->directory()));
  }

  bool CheckFourEyes() {
    auto signatures = trust::ParseFrozen(message_.signature_list());
    if (!Note("the signature list is frozen", signatures.status())) return false;
    result_.signatures = std::move(signatures).value();
    return Note("drafted and approved by enough different officers of the sender",
                CheckComplete(*result_.sender_directory, submitted_at_));
  }

  absl::Status CheckComplete(const trust::DirectoryIndex& directory, absl::Time at) {
    PALERMO_ASSIGN_OR_RETURN(
        trust::ApprovalStanding standing,
        trust::CheckSignatures(result_.envelope, result_.signatures, directory, at));
    if (standing.complete()) return absl::OkStatus();
    return Refused("TOO_FEW_APPROVALS", absl::StrFormat("%d approvals of the %d that it needs",
                                                        standing.approvals, standing.needed));
  }

  void CheckOtherReceipts() {
    for (const auto& stored : message_.receipts()) {
      auto claimed = trust::ParseRecord(stored.receipt().record());
      if (claimed.ok() && claimed->kind() == v1::RecordKind::SUBMISSION) continue;
      CheckOther(stored);
    }
    CheckConfirmed();
  }

  // A node that says that a second approver confirmed must prove it; who, and when, is what the
  // proof says.
  void CheckConfirmed() {
    using Standing = v1::ConfirmationStanding;
    Standing::Code said = message_.confirmation().standing();
    const VerifiedReceipt* proof = nullptr;
    for (const VerifiedReceipt& receipt : result_.receipts) {
      if (receipt.record.kind() == v1::RecordKind::CONFIRMATION) proof = &receipt;
    }
    if (said == Standing::CONFIRMED || said == Standing::LATE) {
      Note("the second confirmation is proved",
           proof != nullptr ? absl::OkStatus()
                            : Missing("BAD_RECEIPT", "your node gave no proof of it"));
    }
    if (!NeedsConfirmation()) return;
    v1::ConfirmationStatus& status = result_.confirmation;
    int64_t due_ms = ToMillis(submitted_at_) + limits::kConfirmationMillis;
    int64_t node_ms = message_.confirmation().due_at_ms();
    // The own node may count less, when the peer's clock is ahead; never more.
    status.set_due_at_ms(node_ms > 0 ? std::min(due_ms, node_ms) : due_ms);
    status.set_standing(said == Standing::DUE ? Standing::DUE : Standing::MISSING);
    if (proof == nullptr) return;
    status.set_officer(proof->record.actor());
    status.set_at_ms(proof->record.at_ms());
    status.set_standing(status.at_ms() <= status.due_at_ms() ? Standing::CONFIRMED
                                                             : Standing::LATE);
  }

  void CheckDelivery(const std::string& own_state) {
    auto states = trust::RecipientStates(result_.envelope.header);
    if (std::find(states.begin(), states.end(), own_state) == states.end()) return;
    bool found = std::any_of(result_.receipts.begin(), result_.receipts.end(), [&](const auto& r) {
      return r.state == own_state &&
             casework::IsDelivery(r.record.kind(), r.record.outcome(), r.record.at_ms(),
                                  result_.envelope.header);
    });
    Note(Cat({"your own node of ", own_state, " proves that it took delivery"}),
         found ? absl::OkStatus()
               : Missing("BAD_RECEIPT",
                         "your own node gave no proof that it took it before the message's end"));
  }

  // The directory of the view, for what is not submitted yet.
  bool UseNewestDirectory() {
    auto directory = view_.DirectoryOf(sender_state_);
    if (!Note(Cat({"the directory of ", sender_state_, " is known"}), directory.status())) {
      return false;
    }
    result_.sender_directory = *directory;
    return true;
  }

  void CheckDraftSignatures(absl::Time now) {
    v1::SignatureList list;
    if (!list.ParseFromString(message_.signature_list())) {
      Note("the signatures can be read", InputError("SIGNATURE_LIST_CHANGED", "not a list"));
      return;
    }
    result_.signatures.assign(list.signatures().begin(), list.signatures().end());
    absl::Status right =
        trust::CheckSignatures(result_.envelope, result_.signatures, *result_.sender_directory, now)
            .status();
    if (!right.ok()) {
      right = Refused(CodeOf(right), Cat({TextOf(right),
                                          "; the draft cannot be sent: drop it "
                                          "(palermo case drop), and draft it again"}));
    }
    Note("the signatures so far are right", right);
  }

  VerifiedMessage Take() { return std::move(result_); }

 private:
  std::vector<trust::DirectoryPtr> DirectoriesOf(const std::string& state) const {
    std::vector<trust::DirectoryPtr> directories;
    if (state == sender_state_ && result_.sender_directory != nullptr) {
      directories.push_back(result_.sender_directory);
    }
    const trust::StateView* known = view_.Find(state);
    if (known == nullptr || known->directory == nullptr) return directories;
    // A node's key may have been replaced since: the receipt verifies under the one of its time.
    auto past = past_.find(state);
    if (past == past_.end()) past = past_.emplace(state, PastDirectoriesOf(state, *known)).first;
    directories.insert(directories.end(), past->second.begin(), past->second.end());
    directories.push_back(known->directory);  // last: the newest
    return directories;
  }

  std::vector<trust::DirectoryPtr> PastDirectoriesOf(const std::string& state,
                                                     const trust::StateView& known) const {
    std::vector<trust::DirectoryPtr> directories;
    std::vector<std::shared_ptr<const trust::Charter>> charters = ChartersOf(state, known);
    for (const v1::SignedDocument& document : message_.retrieval_directories()) {
      trust::DirectoryPtr past = PastDirectory(document, charters, known);
      if (past != nullptr && past->body().state() == state) directories.push_back(past);
    }
    return directories;
  }

  // Those that this desk keeps, and those that the node gave and roots of the state once signed.
  std::vector<std::shared_ptr<const trust::Charter>> ChartersOf(
      const std::string& state, const trust::StateView& known) const {
    std::vector<std::shared_ptr<const trust::Charter>> charters;
    for (const auto& charter : {known.charter, known.directory_charter}) {
      if (charter != nullptr) charters.push_back(charter);
    }
    for (const v1::SignedDocument& document : message_.retrieval_charters()) {
      auto charter = trust::VerifyCharterOfAnyTime(document, view_);
      if (!charter.ok() || charter->body.state() != state) continue;
      charters.push_back(std::make_shared<const trust::Charter>(*std::move(charter)));
    }
    return charters;
  }

  // Null unless the state's administrators signed it and this desk has seen no other one of the
  // version.
  trust::DirectoryPtr PastDirectory(
      const v1::SignedDocument& document,
      const std::vector<std::shared_ptr<const trust::Charter>>& charters,
      const trust::StateView& known) const {
    for (const auto& charter : charters) {
      auto directory = trust::VerifyDirectory(document, *charter, nullptr);
      if (!directory.ok() || directory->body.version() > known.directory->body().version()) {
        continue;
      }
      auto seen = view_.SeenDirectory(directory->body.state(), directory->body.version());
      if (seen.has_value() && *seen != directory->sha256) return nullptr;
      return std::make_shared<const trust::DirectoryIndex>(std::move(directory).value());
    }
    return nullptr;
  }

  // Keys of old charters could sign another past. What this desk has seen itself decides; and
  // nothing is new under a charter that was replaced.
  absl::Status CheckSeen(const trust::Charter& charter, const trust::Directory& directory) const {
    uint64_t version = directory.body.version();
    auto seen = view_.SeenDirectory(sender_state_, version);
    if (seen.has_value()) {
      if (*seen == directory.sha256) return absl::OkStatus();
      return Refused("VERSION_FORK", absl::StrFormat("this desk has seen another directory version "
                                                     "%d of %s; keep both, they are a proof",
                                                     version, sender_state_));
    }
    const trust::StateView* known = view_.Find(sender_state_);
    bool newer = known != nullptr && known->directory != nullptr &&
                 version > known->directory->body().version();
    if (newer && charter.body.version() < known->charter->body.version()) {
      return Refused("OLD_VERSION",
                     "a directory that this desk has not seen, under an old charter");
    }
    return absl::OkStatus();
  }

  absl::Status CheckReference(const v1::DocumentReference& reference) const {
    v1::DocumentReference expected = result_.sender_directory->Reference();
    if (reference.state() == expected.state() && reference.version() == expected.version() &&
        reference.sha256() == expected.sha256()) {
      return absl::OkStatus();
    }
    return Refused("UNKNOWN_DIRECTORY",
                   absl::StrFormat("the record names version %d of the directory of %s, what was "
                                   "given is version %d or has another hash",
                                   reference.version(), reference.state(), expected.version()));
  }

  void Keep(const std::string& state, const v1::StoredReceipt& stored, const v1::Record& record) {
    std::string note = stored.receipt().checkpoint();
    std::string origin = note.substr(0, note.find('\n'));
    std::string rest = note.substr(std::min(note.size(), origin.size() + 1));
    result_.receipts.push_back({state, record, stored.receipt().index(),
                                Cat({origin, ", size ", rest.substr(0, rest.find('\n'))})});
  }

  void CheckOther(const v1::StoredReceipt& stored) {
    auto record = VerifyReceiptUnderAny(stored.receipt(), DirectoriesOf(stored.state()));
    absl::Status status = record.status();
    if (status.ok() && record->message_id() != AsView(result_.envelope.message_id)) {
      status = Refused("BAD_RECEIPT", "the receipt is of another message");
    }
    bool retrieval = status.ok() && record->kind() == v1::RecordKind::RETRIEVAL;
    if (status.ok() && (retrieval || stored.has_retrieval()))
      status = CheckRetrieval(stored, *record);
    bool confirmation = status.ok() && record->kind() == v1::RecordKind::CONFIRMATION;
    if (status.ok() && (confirmation || stored.has_confirmation()))
      status = CheckConfirmation(stored, *record);
    std::string kind = record.ok() ? v1::RecordKind::Code_Name(record->kind()) : "a receipt";
    if (Note(Cat({kind, " is in the ledger of ", stored.state()}), status)) {
      Keep(stored.state(), stored, *record);
    }
  }

  // The directory that the entry names, by its hash: the officer may have left since. The entry is
  // of a verified receipt, so the node of that state stands for which one was in force.
  absl::StatusOr<trust::DirectoryPtr> DirectoryAtEntry(const v1::Record& record,
                                                       const trust::DirectoryPtr& newest) const {
    if (!record.has_directory()) return newest;
    for (const trust::DirectoryPtr& one : DirectoriesOf(record.state())) {
      if (one->Reference().sha256() == record.directory().sha256()) return one;
    }
    return Missing("UNKNOWN_DIRECTORY",
                   "the directory that was in force at the entry is not there");
  }

  absl::Status CheckRetrieval(const v1::StoredReceipt& stored, const v1::Record& record) const {
    std::vector<trust::DirectoryPtr> directories = DirectoriesOf(stored.state());
    if (directories.empty()) {
      return Missing("UNKNOWN_DIRECTORY", Cat({"no directory of ", stored.state(), " is known"}));
    }
    PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                             DirectoryAtEntry(record, directories.back()));
    PALERMO_ASSIGN_OR_RETURN(
        v1::RetrievalStatement statement,
        trust::VerifyRetrieval(stored.retrieval(), *directory, FromMillis(record.at_ms())));
    if (statement.message_id() != record.message_id()) {
      return Refused("BAD_RECEIPT", "the retrieval statement is of another message");
    }
    if (record.actor() != statement.officer() ||
        record.evidence_sha256() != AsView(crypto::Sha256(stored.retrieval().statement()))) {
      return Refused("BAD_RECEIPT", "the entry is of another statement than the officer's");
    }
    if ((record.outcome() == v1::Outcome::ACCEPTED) !=
        (statement.result() == v1::RetrievalResult::OPENED)) {
      return Refused("BAD_RECEIPT", "the entry says otherwise than the officer's statement");
    }
    std::vector<std::string> readers = trust::RecipientsIn(result_.envelope.header, stored.state());
    if (std::find(readers.begin(), readers.end(), AuthorityOf(statement.officer())) ==
        readers.end()) {
      return Refused("WRONG_ROLE", "the officer who opened it acts for no recipient");
    }
    return absl::OkStatus();
  }

  // The second approver of an emergency, by the directory that was in force when he confirmed.
  bool NeedsConfirmation() const {
    return trust::NeedsConfirmation(result_.envelope.header, result_.signatures,
                                    *result_.sender_directory);
  }

  absl::Status CheckConfirmation(const v1::StoredReceipt& stored, const v1::Record& record) const {
    if (record.kind() != v1::RecordKind::CONFIRMATION || record.state() != sender_state_ ||
        record.outcome() != v1::Outcome::ACCEPTED ||
        record.actor() != stored.confirmation().officer() || !record.has_directory() ||
        record.evidence_sha256() !=
            AsView(crypto::Sha256(trust::StrictSerialize(stored.confirmation())))) {
      return Refused("BAD_RECEIPT", "the entry is of another confirmation than the officer's");
    }
    // The first one kept is the submission's.
    if (stored.receipt().index() <= result_.receipts.front().index) {
      return Refused("BAD_RECEIPT", "the confirmation's entry lies before that of the message");
    }
    if (!NeedsConfirmation()) {
      return Refused("NO_CONFIRMATION_DUE", "the message needs no second confirmation");
    }
    PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr at,
                             DirectoryAtEntry(record, result_.sender_directory));
    return trust::CheckConfirmation(result_.envelope.header, AsView(result_.envelope.message_id),
                                    result_.signatures, *result_.sender_directory,
                                    stored.confirmation(), *at, FromMillis(record.at_ms()));
  }

  const v1::FetchMessageResponse& message_;
  const trust::TrustView& view_;
  std::string sender_state_;
  absl::Time submitted_at_;
  // By state: directories that the node gave and that the state's administrators signed.
  mutable std::map<std::string, std::vector<trust::DirectoryPtr>> past_;
  VerifiedMessage result_;
};

}  // namespace

std::optional<absl::Time> SubmittedAt(const v1::FetchMessageResponse& message,
                                      const std::string& sender) {
  const v1::StoredReceipt* stored = FindSubmission(message, StateOf(sender));
  if (stored == nullptr) return std::nullopt;
  const auto record = trust::ParseRecord(stored->receipt().record());
  if (!record.ok()) return std::nullopt;
  return FromMillis(record->at_ms());
}

std::string ReportText(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) {
    text += check.status.ok() ? "  ok      " : "  FAILED  ";
    text += check.what;
    if (!check.status.ok()) {
      text += Cat({"\n          ", CodeOf(check.status), ": ", TextOf(check.status)});
    }
    text += "\n";
  }
  return text;
}

bool AllOk(const std::vector<Check>& checks) { return FirstFailure(checks).ok(); }

absl::Status FirstFailure(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    if (!check.status.ok()) return Annotate(check.status, Cat({"not so: ", check.what}));
  }
  return absl::OkStatus();
}

VerifiedMessage VerifyMessage(const v1::FetchMessageResponse& message, const trust::TrustView& view,
                              const std::string& own_state) {
  Verifier verifier(message, view);
  if (verifier.ParseEnvelope() && verifier.CheckDirectory() && verifier.CheckSubmission() &&
      verifier.CheckFourEyes()) {
    verifier.CheckOtherReceipts();
    verifier.CheckDelivery(own_state);
  }
  return verifier.Take();
}

VerifiedMessage VerifyDraft(const v1::FetchMessageResponse& message, const trust::TrustView& view,
                            absl::Time now) {
  Verifier verifier(message, view);
  if (verifier.ParseEnvelope() && verifier.UseNewestDirectory()) {
    verifier.CheckDraftSignatures(now);
  }
  return verifier.Take();
}

absl::StatusOr<v1::Record> VerifyReceiptUnderAny(
    const v1::Receipt& receipt, const std::vector<trust::DirectoryPtr>& directories) {
  absl::Status status = Missing(
      "UNKNOWN_DIRECTORY", "no directory of the receipt's state is known; it cannot be judged");
  for (const trust::DirectoryPtr& directory : directories) {
    auto record = trust::VerifyReceipt(receipt, *directory);
    if (record.ok()) return record;
    status = record.status();
  }
  return status;
}

std::string DescribeRecord(const v1::Record& record) {
  std::string text = Cat({FormatInstant(FromMillis(record.at_ms())), "  ", record.state(), "  ",
                          v1::RecordKind::Code_Name(record.kind())});
  if (record.outcome() != v1::Outcome::UNSPECIFIED) {
    text += Cat({" ", v1::Outcome::Code_Name(record.outcome())});
  }
  if (record.reason() != v1::Reason::NONE) {
    text += Cat({" (", v1::Reason::Code_Name(record.reason()), ": ",
                 trust::ReasonText(record.reason()), ")"});
  }
  if (record.act() != v1::Act::UNSPECIFIED) {
    text +=
        Cat({"  ", v1::Family::Code_Name(record.family()), " ", v1::Act::Code_Name(record.act())});
  }
  if (!record.authority().empty()) text += Cat({" of ", record.authority()});
  return text;
}

}  // namespace palermo::desk
