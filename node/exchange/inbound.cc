#include "node/exchange/inbound.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/calls.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/deliver.h"
#include "node/exchange/documents.h"
#include "node/exchange/keys.h"
#include "node/exchange/peer_checkpoint.h"
#include "node/trust/reason.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"

namespace palermo::exchange {

// Collects the receipts of one batch and sends them as few frames: one for each checkpoint.
class InboundSession::Answers : public std::enable_shared_from_this<InboundSession::Answers> {
 public:
  Answers(NodeParts* parts, FrameSink* sink) : parts_(parts), sink_(sink) {}

  void Detach() {
    absl::MutexLock lock(&mu_);
    sink_ = nullptr;
  }
  void Send(v1::PeerFrame frame) {
    absl::MutexLock lock(&mu_);
    if (sink_ != nullptr) sink_->Send(std::move(frame));
  }
  void Close(const absl::Status& status) {
    absl::MutexLock lock(&mu_);
    Flush();  // what was answered before, an emergency maybe
    if (sink_ != nullptr) sink_->Close(status);
    sink_ = nullptr;
  }
  // What the peer knows of our ledger, as our hello told.
  void SetShown(uint64_t size) {
    absl::MutexLock lock(&mu_);
    shown_size_ = size;
  }

  // An item of the peer comes under way. False when it did not wait for the window.
  bool Take(size_t bytes) {
    absl::MutexLock lock(&mu_);
    if (items_under_way_ >= limits::kStreamWindowItems ||
        bytes_under_way_ >= limits::kStreamWindowBytes) {
      return false;
    }
    ++items_under_way_;
    bytes_under_way_ += bytes;
    return true;
  }

  // What the own store lost keeps this item from an answer: it stays under way, here and at the
  // peer, and what comes after it is answered.
  void Leave(uint64_t seq) {
    absl::MutexLock lock(&mu_);
    first_left_ = std::min(first_left_, seq);
  }

  // From the committer's thread. `bytes` as they were taken.
  void Add(uint64_t seq, size_t bytes, std::string message_id, uint64_t index,
           const CommittedPtr& committed) {
    absl::StatusOr<v1::Receipt> receipt =
        committed->Has(index) ? committed->ReceiptOf(index) : parts_->committer->ReceiptOf(index);
    absl::MutexLock lock(&mu_);
    --items_under_way_;
    bytes_under_way_ -= bytes;
    if (sink_ == nullptr) return;
    if (!receipt.ok()) {
      sink_->Close(receipt.status());
      sink_ = nullptr;
      return;
    }
    if (open_.has_value() && open_->checkpoint() != receipt->checkpoint()) Flush();
    if (!open_.has_value()) {
      open_.emplace();
      open_->set_checkpoint(receipt->checkpoint());
      committed->AfterAll([self = shared_from_this()] {
        absl::MutexLock after(&self->mu_);
        self->Flush();
      });
    }
    v1::PeerAnswer* answer = open_->add_answers();
    answer->set_seq(seq);
    answer->set_message_id(std::move(message_id));
    answer->set_record(std::move(*receipt->mutable_record()));
    answer->set_salt(std::move(*receipt->mutable_salt()));
    answer->set_index(receipt->index());
    answer->set_proof(std::move(*receipt->mutable_proof()));
    open_->set_up_to(std::min(seq, first_left_ - 1));
  }

 private:
  void Flush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!open_.has_value() || sink_ == nullptr) {
      open_.reset();
      return;
    }
    auto note = crypto::ParseNote(open_->checkpoint());
    auto checkpoint = crypto::ParseCheckpointText(note.ok() ? note->text : "");
    if (checkpoint.ok()) {
      uint64_t low = std::min(shown_size_, checkpoint->size);
      uint64_t high = std::max(shown_size_, checkpoint->size);
      auto proof = parts_->committer->Consistency(low, high);
      if (proof.ok()) {
        for (const Hash& hash : *proof) open_->add_consistency(std::string(AsView(hash)));
      }
      shown_size_ = high;
    }
    v1::PeerFrame frame;
    *frame.mutable_answers() = std::move(*open_);
    open_.reset();
    sink_->Send(std::move(frame));
  }

  NodeParts* parts_;
  absl::Mutex mu_;
  FrameSink* sink_ ABSL_GUARDED_BY(mu_);
  uint64_t shown_size_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t first_left_ ABSL_GUARDED_BY(mu_) = std::numeric_limits<uint64_t>::max();
  size_t items_under_way_ ABSL_GUARDED_BY(mu_) = 0;
  size_t bytes_under_way_ ABSL_GUARDED_BY(mu_) = 0;
  std::optional<v1::PeerAnswers> open_ ABSL_GUARDED_BY(mu_);
};

namespace {

// The directory that the retrieval's entry names: its officer is judged by that one, although he
// may have left since. Its place in the peer's ledger is checked with the decision.
absl::StatusOr<trust::DirectoryPtr> DirectoryAtRetrieval(const v1::Record& record,
                                                         const trust::DirectoryPtr& newest,
                                                         const DirectoryLookup& lookup) {
  if (!record.has_directory()) return newest;
  trust::DirectoryPtr directory = lookup(record.directory().version());
  if (directory == nullptr) {
    return Missing("UNKNOWN_DIRECTORY", "the directory at this retrieval is not known yet");
  }
  if (record.directory().sha256() != directory->Reference().sha256()) {
    return Refused("BAD_RECEIPT", "the retrieval names another directory of this version");
  }
  return directory;
}

// The entry is of this very signature. Whose it is is judged with the decision, beside the message.
absl::Status CheckConfirmationEntry(const v1::PeerNotice& notice, const v1::Record& record) {
  const v1::OfficerSignature& confirmation = notice.confirmation();
  std::string bytes = trust::StrictSerialize(confirmation);
  if (!record.has_directory() || record.outcome() != v1::Outcome::ACCEPTED ||
      record.actor() != confirmation.officer() ||
      record.evidence_sha256() != AsView(crypto::Sha256(bytes))) {
    return Refused("BAD_RECEIPT", "the receipt is of another confirmation");
  }
  return absl::OkStatus();
}

// A notice's receipt and statement, or a filled number's receipt, against the peer's directory.
absl::Status VerifyNotice(const v1::PeerNotice& notice, const trust::DirectoryPtr& newest,
                          const DirectoryLookup& lookup, const crypto::Checkpoint& checkpoint,
                          v1::RetrievalStatement* statement, trust::DirectoryPtr* directory) {
  PALERMO_ASSIGN_OR_RETURN(
      v1::Record record,
      trust::VerifyReceiptUnder(notice.receipt(), checkpoint, newest->body().state()));
  bool confirmation = notice.has_confirmation();
  if (record.kind() != (confirmation ? v1::RecordKind::CONFIRMATION : v1::RecordKind::RETRIEVAL) ||
      record.message_id() != notice.message_id()) {
    return Refused("BAD_RECEIPT", "the receipt is not of this message's retrieval or confirmation");
  }
  PALERMO_ASSIGN_OR_RETURN(*directory, DirectoryAtRetrieval(record, newest, lookup));
  if (confirmation) return CheckConfirmationEntry(notice, record);
  PALERMO_ASSIGN_OR_RETURN(*statement, trust::VerifyRetrieval(notice.retrieval(), **directory,
                                                              FromMillis(record.at_ms())));
  if (record.actor() != statement->officer() ||
      record.evidence_sha256() != AsView(crypto::Sha256(notice.retrieval().statement()))) {
    return Refused("BAD_RECEIPT", "the receipt is of another statement");
  }
  if (statement->message_id() != notice.message_id()) {
    return Refused("BAD_RECEIPT", "the statement is of another message");
  }
  return absl::OkStatus();
}

absl::Status VerifyFilled(const v1::FilledNumber& filled, const std::string& own_state,
                          const trust::DirectoryIndex& directory,
                          const crypto::Checkpoint& checkpoint) {
  const std::string& peer = directory.body().state();
  if (!IsAuthorityId(filled.sender()) || StateOf(filled.sender()) != peer ||
      filled.case_id().size() != 16 || filled.message_id().size() != 32) {
    return Refused("WRONG_SENDER", "a filled number is of another state than the peer");
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Record record,
                           trust::VerifyReceiptUnder(filled.receipt(), checkpoint, peer));
  if (record.kind() != v1::RecordKind::EXPIRY || record.message_id() != filled.message_id() ||
      record.case_id() != filled.case_id() || record.authority() != filled.sender() ||
      filled.number() == 0 || trust::NumberFor(record, own_state) != filled.number()) {
    return Refused("BAD_RECEIPT", "the receipt is not of this message's expiry");
  }
  return absl::OkStatus();
}

// What is kept of an item is its own: unknown fields are free bytes that nobody judges. A notice is
// short, whatever it says.
absl::Status BoundItem(v1::PeerItem& item) {
  if (item.has_parcel()) {
    v1::Receipt& submission = *item.mutable_parcel()->mutable_submission();
    if (!submission.GetReflection()->GetUnknownFields(submission).empty()) {
      submission.DiscardUnknownFields();
    }
    return absl::OkStatus();
  }
  item.DiscardUnknownFields();
  if (item.ByteSizeLong() <= limits::kMaxNoticeBytes) return absl::OkStatus();
  return InputError("BAD_FRAME", "a notice or a filled number is larger than its limit");
}

const v1::Receipt* ReceiptIn(const v1::PeerItem& item) {
  switch (item.content_case()) {
    case v1::PeerItem::kParcel:
      return &item.parcel().submission();
    case v1::PeerItem::kNotice:
      return &item.notice().receipt();
    case v1::PeerItem::kFilled:
      return &item.filled().receipt();
    default:
      return nullptr;
  }
}

std::string MessageIdIn(const v1::PeerItem& item, const VerifiedParcel& parcel) {
  if (item.has_notice()) return item.notice().message_id();
  if (item.has_filled()) return item.filled().message_id();
  return std::string(AsView(parcel.parsed.message_id));
}

bool HasParcel(const v1::PeerItems& items) {
  return std::any_of(items.items().begin(), items.items().end(),
                     [](const v1::PeerItem& item) { return item.has_parcel(); });
}

// One item with everything that its decision needs.
struct Work {
  v1::PeerItem item;
  size_t bytes = 0;  // as it came
  absl::StatusOr<crypto::Checkpoint> checkpoint = absl::UnknownError("");
  VerifiedParcel parcel;
  absl::Status verified;
  v1::RetrievalStatement statement;
  trust::DirectoryPtr directory;  // that a notice's entry names
  std::string message_id;
  uint64_t index = 0;     // of the entry that answers it
  Tx::Tally tally;        // what its decision refused and kept
  bool repeated = false;  // its entry is of before
};

// All that needs no store: signatures, receipts, forms.
void VerifyItem(Work& one, const std::string& own_state, const std::string& peer,
                const trust::TrustPtr& view, const trust::DirectoryPtr& directory,
                const DirectoryLookup& lookup) {
  if (one.item.has_parcel()) {
    one.parcel = VerifyParcel(view, own_state, peer, lookup, *one.checkpoint,
                              std::move(*one.item.mutable_parcel()));
  } else if (one.item.has_notice()) {
    one.verified = VerifyNotice(one.item.notice(), directory, lookup, *one.checkpoint,
                                &one.statement, &one.directory);
  } else {
    one.verified = VerifyFilled(one.item.filled(), own_state, *directory, *one.checkpoint);
  }
}

void CountItem(NodeParts& parts, const Work& one) {
  parts.counters.refused += one.tally.refused;
  parts.counters.peer_faults += one.tally.faults;
  if (one.item.has_parcel() && one.tally.refused == 0 && !one.repeated) ++parts.counters.delivered;
}

void TellUntaken(NodeParts& parts, const std::string& peer, const std::string& message_id,
                 const absl::Status& damage) {
  parts.TellOnce(message_id,
                 Annotate(damage, Cat({"a message of ", peer,
                                       " cannot be taken, since what it builds on is damaged "
                                       "here; others go on; restore the store from its backup"})));
}

// The index of the entry that answers it.
absl::StatusOr<uint64_t> DecideItem(Tx& tx, const std::string& peer, Work& one) {
  if (one.item.has_filled()) return DecideFilled(tx, peer, one.item.filled(), one.verified);
  if (!one.item.has_notice()) return DecideDelivery(tx, peer, std::move(one.parcel));
  const v1::PeerNotice& notice = one.item.notice();
  return notice.has_confirmation()
             ? DecideConfirmationNotice(tx, peer, notice, one.verified, one.directory)
             : DecideNotice(tx, peer, notice, one.verified, one.statement);
}

}  // namespace

InboundSession::InboundSession(NodeParts* parts, std::vector<std::string> candidates,
                               std::string tls_pin, FrameSink* sink)
    : parts_(parts),
      candidates_(std::move(candidates)),
      tls_pin_(std::move(tls_pin)),
      answers_(std::make_shared<Answers>(parts, sink)) {}

absl::StatusOr<trust::DirectoryPtr> InboundSession::CheckedDirectory() {
  trust::TrustPtr view = parts_->Trust();
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view->DirectoryOf(peer_));
  PALERMO_RETURN_IF_ERROR(trust::CheckRosterInTime(view->roster().body, trust::RosterUse::kExisting,
                                                   parts_->options.clock->Now()));
  const v1::Directory& body = directory->body();
  PALERMO_RETURN_IF_ERROR(trust::CheckInTime(body.issued_at_ms(), body.expires_at_ms(),
                                             parts_->options.clock->Now(),
                                             Cat({"the directory of ", peer_})));
  if (!directory->IsNodePin(tls_pin_)) {
    return TryLater("KEY_CHANGED", "the peer's TLS key was changed; dial again with the new one");
  }
  return directory;
}

InboundSession::~InboundSession() { answers_->Detach(); }

void InboundSession::OnUnreadable() {
  if (!failed_) Fail(InputError("BAD_FRAME", "what came is no frame: its protobuf does not parse"));
}

void InboundSession::OnFrame(v1::PeerFrame frame) {
  if (failed_) return;
  absl::Status status = InputError("BAD_FRAME", "a listening node takes a hello and then items");
  if (frame.has_hello()) {
    status = OnHello(frame.hello());
  } else if (frame.has_items() && greeted_) {
    status = OnItems(frame.mutable_items());
  }
  if (!status.ok()) Fail(status);
}

void InboundSession::Fail(const absl::Status& status) {
  failed_ = true;
  std::string code = CodeOf(status);
  bool fault = code == "BAD_FRAME" || code == "FORKED_LEDGER" || code == "WRONG_PEER" ||
               code == "BAD_RECEIPT";
  std::string who = peer_.empty() && candidates_.size() == 1 ? candidates_.front() : peer_;
  if (fault && !who.empty()) {
    parts_->RecordPeerFault(
        who, status,
        code == "FORKED_LEDGER" ? ForkProof(ledger_.note(), ledger_.conflict()) : v1::PeerFault());
  }
  // No fault, and its stream is refused all the same until it publishes a new one.
  if (code == "DIRECTORY_EXPIRED" || code == "DIRECTORY_NOT_YET_VALID" ||
      code == "ROSTER_EXPIRED") {
    EnterRefusal(*parts_, Caller{tls_pin_}, "Exchange", "", status, [](const absl::Status&) {});
  }
  answers_->Close(status);
}

absl::Status InboundSession::OnHello(const v1::PeerHello& hello) {
  if (hello.protocol() != 1) return InputError("BAD_FRAME", "this node speaks protocol 1 only");
  bool expected = greeted_ ? hello.state() == peer_
                           : std::find(candidates_.begin(), candidates_.end(), hello.state()) !=
                                 candidates_.end();
  if (!expected) {
    return Refused("WRONG_PEER", "the peer says that it is a state whose key it has not shown");
  }
  if (!greeted_) {
    peer_ = hello.state();
    ledger_ = parts_->LedgerOf(peer_);
  }
  parts_->NoteShown(peer_, hello);
  PALERMO_ASSIGN_OR_RETURN(uint64_t shown_size,
                           parts_->CheckOwnShown(peer_, hello.known_checkpoint()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, CheckedDirectory());
  if (greeted_) {
    // The second hello: the peer's newest checkpoint with the proof from what our hello told.
    PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(hello.consistency()));
    if (!hello.own_checkpoint().empty()) {
      PALERMO_RETURN_IF_ERROR(parts_->UnlessNewer(
          peer_, ledger_.Check(*directory, hello.own_checkpoint(), proof).status()));
      parts_->NoteLedger(peer_, ledger_);
    }
    return absl::OkStatus();
  }
  greeted_ = true;
  v1::PeerFrame frame;
  v1::PeerHello* answer = frame.mutable_hello();
  answer->set_protocol(1);
  answer->set_state(parts_->options.state);
  answer->set_own_checkpoint(parts_->committer->newest_checkpoint());
  answer->set_known_checkpoint(ledger_.note());
  PALERMO_ASSIGN_OR_RETURN(PeerLedger own, PeerLedger::FromNote(answer->own_checkpoint()));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof,
                           parts_->committer->Consistency(shown_size, own.size()));
  for (const Hash& hash : proof) answer->add_consistency(std::string(AsView(hash)));
  trust::TrustPtr view = parts_->Trust();
  answer->set_roster_version(view->roster().body.version());
  auto own_directory = view->DirectoryOf(parts_->options.state);
  if (own_directory.ok()) {
    answer->set_directory_version((*own_directory)->body().version());
    answer->set_charter_version(view->Find(parts_->options.state)->charter->body.version());
  }
  answers_->SetShown(own.size());
  answers_->Send(std::move(frame));
  return absl::OkStatus();
}

absl::StatusOr<crypto::Checkpoint> InboundSession::CheckItem(
    const v1::PeerItem& item, const trust::DirectoryIndex& directory) {
  if (item.seq() != last_seq_ + 1) return InputError("BAD_FRAME", "the items are not in sequence");
  last_seq_ = item.seq();
  const v1::Receipt* receipt = ReceiptIn(item);
  if (receipt == nullptr) return InputError("BAD_FRAME", "an item is empty");
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(item.consistency()));
  return ledger_.Check(directory, receipt->checkpoint(), proof);
}

// Takes the items out of the frame.
absl::Status InboundSession::OnItems(v1::PeerItems* items) {
  if (items->items_size() > static_cast<int>(limits::kStreamWindowItems)) {
    return InputError("BAD_FRAME", "more items than the window allows");
  }
  // What tells of messages that are here already is short, and others wait for it.
  if (HasParcel(*items)) PALERMO_RETURN_IF_ERROR(parts_->CheckDisk());
  trust::TrustPtr view = parts_->Trust();
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, CheckedDirectory());
  auto work = std::make_shared<std::vector<Work>>(items->items_size());
  for (int i = 0; i < items->items_size(); ++i) {
    Work& one = (*work)[i];
    one.item = std::move(*items->mutable_items(i));
    PALERMO_RETURN_IF_ERROR(BoundItem(one.item));
    one.bytes = one.item.ByteSizeLong();
    if (!answers_->Take(one.bytes)) {
      return InputError("BAD_FRAME", "more is under way than the window allows");
    }
    one.checkpoint = CheckItem(one.item, *directory);
    PALERMO_RETURN_IF_ERROR(one.checkpoint.status());
  }
  parts_->NoteLedger(peer_, ledger_);
  const storage::KvReader& store = *parts_->options.store;
  auto lookup = [&](uint64_t version) { return FindDirectory(store, *view, peer_, version); };
  parts_->pool.Run(work->size(), [&](size_t i) {
    VerifyItem((*work)[i], parts_->options.state, peer_, view, directory, lookup);
  });
  for (const Work& one : *work) {
    bool notice = one.item.has_notice();
    if (CodeOf(notice ? one.verified : one.parcel.status) != "UNKNOWN_DIRECTORY") continue;
    v1::Record entry = one.parcel.submission;
    if (notice) entry.ParseFromString(one.item.notice().receipt().record());
    parts_->WantDirectory(peer_, entry.directory().version());
    return TryLater("UNKNOWN_DIRECTORY",
                    "the directory of this entry is fetched first; send again");
  }
  std::string note = parts_->LedgerOf(peer_).note();
  for (size_t i = 0; i < work->size(); ++i) {
    Decision decision;
    Work& checked = (*work)[i];
    checked.message_id = MessageIdIn(checked.item, checked.parcel);
    decision.byte_size = checked.bytes + 2048;
    decision.from_peer = true;
    bool last = i + 1 == work->size();
    decision.decide = [work, i, last, note, peer = peer_](Tx& tx) -> absl::Status {
      Work& one = (*work)[i];
      if (last) PALERMO_RETURN_IF_ERROR(KeepNewest(tx, peer, note));
      Tx::Tally before = tx.tally();
      uint64_t next_index = tx.next_index();
      PALERMO_ASSIGN_OR_RETURN(one.index, DecideItem(tx, peer, one));
      one.repeated = one.index < next_index;
      one.tally = {tx.tally().refused - before.refused, tx.tally().faults - before.faults};
      return absl::OkStatus();
    };
    decision.done = [work, i, answers = answers_, parts = parts_, peer = peer_](
                        const absl::Status& status, const CommittedPtr& committed) {
      Work& one = (*work)[i];
      if (status.code() == absl::StatusCode::kDataLoss) {
        TellUntaken(*parts, peer, one.message_id, status);
        return answers->Leave(one.item.seq());
      }
      if (!status.ok()) return answers->Close(status);
      CountItem(*parts, one);
      answers->Add(one.item.seq(), one.bytes, std::move(one.message_id), one.index, committed);
    };
    PALERMO_RETURN_IF_ERROR(parts_->committer->Enqueue(std::move(decision)));
  }
  return absl::OkStatus();
}

}  // namespace palermo::exchange
