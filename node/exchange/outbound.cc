#include "node/exchange/outbound.h"

#include <algorithm>

#include "base/limits.h"
#include "node/exchange/follow_up.h"
#include "node/exchange/keys.h"
#include "node/exchange/outbox.h"
#include "node/exchange/peer_checkpoint.h"
#include "node/trust/receipt.h"

namespace palermo::exchange {
namespace {

constexpr size_t kFrameItems = 64;
constexpr size_t kFrameBytes = 512 * 1024;

}  // namespace

// Ends the session's stream when an answer could not be entered: its item is not in flight any more
// and still in the outbox, and the next stream sends it again.
class OutboundSession::Ender {
 public:
  explicit Ender(OutboundSession* session) : session_(session) {}
  void Detach() {
    absl::MutexLock lock(&mu_);
    session_ = nullptr;
  }
  // From the committer's thread.
  void End(const absl::Status& status) {
    absl::MutexLock lock(&mu_);
    if (session_ != nullptr) session_->Fail(status);
  }

 private:
  absl::Mutex mu_;
  OutboundSession* session_ ABSL_GUARDED_BY(mu_);
};

OutboundSession::OutboundSession(NodeParts* parts, std::string peer, FrameSink* sink)
    : parts_(parts),
      peer_(std::move(peer)),
      ender_(std::make_shared<Ender>(this)),
      sink_(sink),
      ledger_(parts->LedgerOf(peer_)) {
  {
    absl::MutexLock lock(&mu_);
    SendHello(parts_->committer->newest_checkpoint(), {});
  }
  {
    absl::MutexLock lock(&parts_->mu);
    parts_->outbound.insert(this);
  }
  if (parts_->started) thread_ = std::thread([this] { Loop(); });
}

OutboundSession::~OutboundSession() {
  ender_->Detach();
  {
    absl::MutexLock lock(&parts_->mu);
    parts_->outbound.erase(this);
  }
  {
    absl::MutexLock lock(&mu_);
    sink_ = nullptr;
  }
  {
    absl::MutexLock lock(&wake_mu_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void OutboundSession::SendHello(const std::string& own, const std::vector<Hash>& consistency) {
  v1::PeerFrame frame;
  v1::PeerHello* hello = frame.mutable_hello();
  hello->set_protocol(1);
  hello->set_state(parts_->options.state);
  hello->set_own_checkpoint(own);
  hello->set_known_checkpoint(ledger_.note());
  for (const Hash& hash : consistency) hello->add_consistency(std::string(AsView(hash)));
  trust::TrustPtr view = parts_->Trust();
  hello->set_roster_version(view->roster().body.version());
  auto directory = view->DirectoryOf(parts_->options.state);
  if (directory.ok()) {
    hello->set_directory_version((*directory)->body().version());
    hello->set_charter_version(view->Find(parts_->options.state)->charter->body.version());
  }
  if (sink_ != nullptr) sink_->Send(std::move(frame));
}

void OutboundSession::Wake() {
  absl::MutexLock lock(&wake_mu_);
  woken_ = true;
}

void OutboundSession::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&wake_mu_);
      auto wake = [this]() ABSL_SHARED_LOCKS_REQUIRED(wake_mu_) { return stopping_ || woken_; };
      wake_mu_.Await(absl::Condition(&wake));
      if (stopping_) return;
      woken_ = false;
    }
    while (PumpOnce()) {
    }
  }
}

bool OutboundSession::HasRoom() const {
  return in_flight_.size() < limits::kStreamWindowItems &&
         in_flight_bytes_ < limits::kStreamWindowBytes;
}

bool OutboundSession::PumpOnce() {
  absl::Status failed;
  bool sent = false;
  {
    absl::MutexLock lock(&mu_);
    if (!greeted_ || sink_ == nullptr) return false;
    v1::PeerFrame frame;
    failed = HasRoom() ? ReadAhead() : absl::OkStatus();
    if (failed.ok()) failed = FillFrame(&frame);
    sent = failed.ok() && frame.items().items_size() > 0;
    if (sent) sink_->Send(std::move(frame));
  }
  if (!failed.ok()) Fail(failed);
  return sent && failed.ok();
}

absl::Status OutboundSession::FillFrame(v1::PeerFrame* frame) {
  size_t bytes = 0;
  while (HasRoom() && !ahead_.empty() && bytes < kFrameBytes &&
         frame->items().items_size() < static_cast<int>(kFrameItems)) {
    auto [key, outbox_item] = std::move(ahead_.front());
    ahead_.pop_front();
    v1::PeerItem* item = frame->mutable_items()->add_items();
    if (absl::Status built = BuildItem(outbox_item, item); !built.ok()) {
      if (built.code() != absl::StatusCode::kDataLoss) return built;
      frame->mutable_items()->mutable_items()->RemoveLast();
      parts_->TellUnsent(peer_, key, built);
      skipped_.insert(std::move(key));
      continue;
    }
    item->set_seq(next_seq_++);
    size_t size = item->ByteSizeLong();
    in_flight_[item->seq()] = {std::move(key), outbox_item.message_id(), outbox_item.kind(), size};
    in_flight_bytes_ += size;
    bytes += size;
  }
  return absl::OkStatus();
}

// What took the place of a damaged parcel when that expired: the notice that fills its number.
absl::Status OutboundSession::ReadSkipped() {
  for (auto it = skipped_.begin(); it != skipped_.end();) {
    PALERMO_ASSIGN_OR_RETURN(auto stored, parts_->options.store->Get(*it));
    v1::OutboxItem item;
    const bool parsed = stored.has_value() && item.ParseFromString(*stored);
    const bool waits = stored.has_value() && (!parsed || item.kind() == v1::OutboxItem::PARCEL);
    if (parsed && !waits) ahead_.emplace_front(*it, std::move(item));
    it = waits ? std::next(it) : skipped_.erase(it);
  }
  return absl::OkStatus();
}

absl::Status OutboundSession::ReadAhead() {
  PALERMO_RETURN_IF_ERROR(ReadSkipped());
  PALERMO_RETURN_IF_ERROR(ReadLane(0, kFrameItems, true));
  if (ahead_.size() >= kFrameItems) return absl::OkStatus();
  return ReadLane(1, kFrameItems - ahead_.size(), false);
}

absl::Status OutboundSession::ReadLane(int lane, size_t most, bool in_front) {
  storage::ScanRange range = storage::ScanRange::Prefix(
      keys::OutboxLane(peer_, lane == 0 ? kEmergencyLane : kNormalLane), most);
  if (!cursor_[lane].empty()) range.start = cursor_[lane] + '\0';
  std::vector<std::pair<std::string, v1::OutboxItem>> found;
  std::string last = cursor_[lane];
  std::vector<std::string> skipped_now;
  PALERMO_RETURN_IF_ERROR(parts_->options.store->Scan(range, [&](std::string_view key,
                                                                 std::string_view value) {
    last = key;
    auto& one = found.emplace_back(std::string(key), v1::OutboxItem());
    if (one.second.ParseFromArray(value.data(), static_cast<int>(value.size()))) return true;
    parts_->TellUnsent(peer_, one.first, Damaged("STORE_DAMAGED", "an outbox item does not parse"));
    skipped_now.push_back(std::move(one.first));
    found.pop_back();
    return true;
  }));
  cursor_[lane] = std::move(last);
  skipped_.insert(skipped_now.begin(), skipped_now.end());
  // Behind the emergency items that wait already.
  std::string urgent = keys::OutboxLane(peer_, kEmergencyLane);
  auto at = in_front
                ? std::find_if(ahead_.begin(), ahead_.end(),
                               [&](const auto& one) { return one.first.rfind(urgent, 0) != 0; })
                : ahead_.end();
  ahead_.insert(at, std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> OutboundSession::SizeOf(const std::string& note) {
  if (own_shown_.note() != note) {
    PALERMO_ASSIGN_OR_RETURN(own_shown_, PeerLedger::FromNote(note));
  }
  return own_shown_.size();
}

absl::Status OutboundSession::BuildItem(const v1::OutboxItem& outbox_item, v1::PeerItem* item) {
  const storage::KvReader& store = parts_->committer->reader();
  const std::string& id = outbox_item.message_id();
  v1::Receipt* receipt = nullptr;
  uint64_t index = outbox_item.index();
  if (outbox_item.kind() == v1::OutboxItem::PARCEL) {
    PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(keys::Message(id)));
    v1::StoredMessage message;
    const bool parsed = bytes.has_value() && message.ParseFromString(*bytes);
    PALERMO_ASSIGN_OR_RETURN(auto stanzas,
                             store.Get(keys::Stanzas(message.index()), storage::Family::kSealed));
    PALERMO_ASSIGN_OR_RETURN(auto body,
                             store.Get(keys::Body(message.index()), storage::Family::kSealed));
    if (!parsed || !stanzas.has_value() || !body.has_value()) {
      return Damaged("STORE_DAMAGED", "the outbox names a message that is not whole in the store");
    }
    v1::Parcel* parcel = item->mutable_parcel();
    parcel->mutable_envelope()->set_header(std::move(*message.mutable_header()));
    parcel->mutable_envelope()->set_stanzas(*std::move(stanzas));
    parcel->mutable_envelope()->set_body(*std::move(body));
    parcel->set_signature_list(std::move(*message.mutable_signature_list()));
    receipt = parcel->mutable_submission();
    index = message.index();
  } else if (outbox_item.kind() == v1::OutboxItem::NOTICE) {
    if (!item->mutable_notice()->ParseFromString(outbox_item.payload())) {
      return Damaged("STORE_DAMAGED", "a notice in the outbox does not parse");
    }
    receipt = item->mutable_notice()->mutable_receipt();
  } else {
    if (!item->mutable_filled()->ParseFromString(outbox_item.payload())) {
      return Damaged("STORE_DAMAGED", "a filled number in the outbox does not parse");
    }
    receipt = item->mutable_filled()->mutable_receipt();
  }
  absl::StatusOr<v1::Receipt> found = parts_->committer->ReceiptOf(index);
  // What is in the outbox was entered.
  if (found.status().code() == absl::StatusCode::kNotFound) {
    return Damaged("STORE_DAMAGED", "the entry of an outbox item is not in the ledger");
  }
  PALERMO_ASSIGN_OR_RETURN(*receipt, std::move(found));
  PALERMO_ASSIGN_OR_RETURN(uint64_t size, SizeOf(receipt->checkpoint()));
  if (size == their_size_) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(
      std::vector<Hash> proof,
      parts_->committer->Consistency(std::min(size, their_size_), std::max(size, their_size_)));
  for (const Hash& hash : proof) item->add_consistency(std::string(AsView(hash)));
  their_size_ = std::max(size, their_size_);
  return absl::OkStatus();
}

void OutboundSession::OnUnreadable() {
  Fail(InputError("BAD_FRAME", "what came is no frame: its protobuf does not parse"));
}

void OutboundSession::OnFrame(v1::PeerFrame frame) {
  absl::Status status = InputError("BAD_FRAME", "a dialling node takes a hello and then answers");
  bool greeted;
  {
    absl::MutexLock lock(&mu_);
    if (sink_ == nullptr) return;
    greeted = greeted_;
  }
  if (frame.has_hello() && !greeted) {
    status = OnHello(frame.hello());
  } else if (frame.has_answers() && greeted) {
    status = OnAnswers(frame.mutable_answers());
  }
  if (!status.ok()) return Fail(status);
  if (!parts_->started) {
    while (PumpOnce()) {
    }
  }
}

void OutboundSession::Fail(const absl::Status& status) {
  std::string code = CodeOf(status);
  v1::PeerFault proof;
  {
    absl::MutexLock lock(&mu_);
    if (code == "FORKED_LEDGER") proof = ForkProof(ledger_.note(), ledger_.conflict());
    if (sink_ != nullptr) sink_->Close(status);
    sink_ = nullptr;
  }
  if (code == "BAD_FRAME" || code == "FORKED_LEDGER" || code == "WRONG_PEER" ||
      code == "BAD_RECEIPT") {
    parts_->RecordPeerFault(peer_, status, std::move(proof));
  }
}

absl::Status OutboundSession::OnHello(const v1::PeerHello& hello) {
  if (hello.protocol() != 1) return InputError("BAD_FRAME", "this node speaks protocol 1 only");
  if (hello.state() != peer_)
    return Refused("WRONG_PEER", "the peer says that it is another state");
  parts_->NoteShown(peer_, hello);
  PALERMO_ASSIGN_OR_RETURN(uint64_t shown_size,
                           parts_->CheckOwnShown(peer_, hello.known_checkpoint()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, parts_->Trust()->DirectoryOf(peer_));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(hello.consistency()));
  absl::MutexLock lock(&mu_);
  if (!hello.own_checkpoint().empty()) {
    PALERMO_RETURN_IF_ERROR(parts_->UnlessNewer(
        peer_, ledger_.Check(*directory, hello.own_checkpoint(), proof).status()));
    parts_->NoteLedger(peer_, ledger_);
  }
  their_size_ = shown_size;
  // One checkpoint for the proof and for the hello: the committer goes on meanwhile.
  const std::string note = parts_->committer->newest_checkpoint();
  PALERMO_ASSIGN_OR_RETURN(PeerLedger own, PeerLedger::FromNote(note));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> own_proof,
                           parts_->committer->Consistency(their_size_, own.size()));
  SendHello(note, own_proof);
  their_size_ = std::max(their_size_, own.size());
  greeted_ = true;
  Wake();
  return absl::OkStatus();
}

absl::Status OutboundSession::OnAnswers(v1::PeerAnswers* answers) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, parts_->Trust()->DirectoryOf(peer_));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(answers->consistency()));
  crypto::Checkpoint checkpoint;
  {
    absl::MutexLock lock(&mu_);
    PALERMO_ASSIGN_OR_RETURN(checkpoint, ledger_.Check(*directory, answers->checkpoint(), proof));
    parts_->NoteLedger(peer_, ledger_);
  }
  int left = answers->answers_size();
  for (v1::PeerAnswer& answer : *answers->mutable_answers()) {
    std::optional<std::string> ledger;
    if (--left == 0) ledger = parts_->LedgerOf(peer_).note();
    PALERMO_RETURN_IF_ERROR(
        TakeAnswer(&answer, answers->checkpoint(), checkpoint, std::move(ledger)));
  }
  absl::MutexLock lock(&mu_);
  if (!in_flight_.empty() && in_flight_.begin()->first <= answers->up_to()) {
    return InputError("BAD_FRAME", "the peer acknowledges an item without answering it");
  }
  Wake();
  return absl::OkStatus();
}

absl::Status OutboundSession::TakeAnswer(v1::PeerAnswer* answer, const std::string& note,
                                         const crypto::Checkpoint& checkpoint,
                                         std::optional<std::string> ledger) {
  InFlight sent;
  {
    absl::MutexLock lock(&mu_);
    auto it = in_flight_.find(answer->seq());
    if (it == in_flight_.end()) {
      return InputError("BAD_FRAME", "the peer answers an item that was not sent");
    }
    sent = std::move(it->second);
    in_flight_bytes_ -= sent.bytes;
    in_flight_.erase(it);
  }
  v1::Receipt receipt;
  receipt.set_record(std::move(*answer->mutable_record()));
  receipt.set_salt(std::move(*answer->mutable_salt()));
  receipt.set_index(answer->index());
  receipt.set_proof(std::move(*answer->mutable_proof()));
  receipt.set_checkpoint(note);
  PALERMO_ASSIGN_OR_RETURN(v1::Record record,
                           trust::VerifyReceiptUnder(receipt, checkpoint, peer_));
  if (record.message_id() != sent.message_id || !FitsItem(sent.kind, record)) {
    return Refused("BAD_RECEIPT", "the peer's receipt is not of the item that was sent");
  }
  Decision decision;
  decision.byte_size = 2048;
  decision.from_peer = true;
  v1::Outcome::Code outcome = record.outcome();
  auto relayed = std::make_shared<bool>(false);
  std::string key = std::move(sent.outbox_key);
  decision.decide = [peer = peer_, key, receipt = std::move(receipt), record = std::move(record),
                     ledger = std::move(ledger), relayed](Tx& tx) mutable -> absl::Status {
    if (ledger.has_value()) {
      PALERMO_RETURN_IF_ERROR(KeepNewest(tx, peer, *std::move(ledger)));
    }
    const uint64_t next = tx.next_index();
    PALERMO_RETURN_IF_ERROR(DecideAnswer(tx, peer, key, std::move(receipt), record));
    // Not a notice, and not what was answered before.
    *relayed = record.kind() == v1::RecordKind::DELIVERY && tx.next_index() > next;
    return absl::OkStatus();
  };
  decision.done = [parts = parts_, ender = ender_, peer = peer_, key = std::move(key),
                   id = std::move(sent.message_id), outcome,
                   relayed](const absl::Status& status, const CommittedPtr&) {
    // It stays in the outbox; the stream is not at fault, and another would end in the same way.
    if (status.code() == absl::StatusCode::kDataLoss) return parts->TellUnsent(peer, key, status);
    if (!status.ok()) return ender->End(status);
    if (*relayed) ++parts->counters.relayed;
    if (parts->options.on_answered) parts->options.on_answered(id, outcome);
  };
  return parts_->committer->Enqueue(std::move(decision));
}

}  // namespace palermo::exchange
