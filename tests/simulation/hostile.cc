#include "tests/simulation/hostile.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "crypto/checkpoint.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/trust/approvals.h"
#include "node/trust/receipt.h"
#include "node/trust/strict.h"

namespace palermo::testing {
namespace {

// RFC 6962, 2.1, as it is written there; the nodes' own code is another.
Hash TreeHash(const std::vector<Hash>& leaves, size_t from, size_t to) {
  if (to - from == 1) return leaves[from];
  size_t k = 1;
  while (2 * k < to - from) k *= 2;
  return crypto::NodeHash(TreeHash(leaves, from, from + k), TreeHash(leaves, from + k, to));
}

void Path(const std::vector<Hash>& leaves, size_t m, size_t from, size_t to,
          std::vector<Hash>* path) {
  if (to - from == 1) return;
  size_t k = 1;
  while (2 * k < to - from) k *= 2;
  if (m < k) {
    Path(leaves, m, from, from + k, path);
    path->push_back(TreeHash(leaves, from + k, to));
  } else {
    Path(leaves, m - k, from + k, to, path);
    path->push_back(TreeHash(leaves, from, from + k));
  }
}

void SubProof(const std::vector<Hash>& leaves, size_t m, size_t from, size_t to, bool whole,
              std::vector<Hash>* proof) {
  if (m == to - from) {
    if (!whole) proof->push_back(TreeHash(leaves, from, to));
    return;
  }
  size_t k = 1;
  while (2 * k < to - from) k *= 2;
  if (m <= k) {
    SubProof(leaves, m, from, from + k, whole, proof);
    proof->push_back(TreeHash(leaves, from + k, to));
  } else {
    SubProof(leaves, m - k, from + k, to, false, proof);
    proof->push_back(TreeHash(leaves, from, from + k));
  }
}

}  // namespace

HostilePeer::HostilePeer(Simulation& sim, std::string state, std::string victim)
    : sim_(sim),
      state_(std::move(state)),
      victim_(std::move(victim)),
      checkpoint_key_(&sim.world.state(state_).checkpoint) {}

std::vector<Hash> HostilePeer::Consistency(uint64_t size1, uint64_t size2) const {
  std::vector<Hash> proof;
  if (size1 > 0 && size1 < size2) SubProof(leaves_, size1, 0, size2, true, &proof);
  return proof;
}

uint64_t HostilePeer::Enter(const v1::Record& record) {
  v1::Receipt entry;
  entry.set_record(trust::StrictSerialize(record));
  entry.set_salt(sim_.world.random.Bytes(trust::kSaltBytes));
  leaves_.push_back(crypto::LeafHash(AsView(trust::EntryHash(entry.salt(), entry.record()))));
  entries_.push_back(std::move(entry));
  return leaves_.size() - 1;
}

v1::Receipt HostilePeer::ReceiptOf(uint64_t index) const {
  v1::Receipt receipt = entries_.at(index);
  receipt.set_index(index);
  std::vector<Hash> path;
  Path(leaves_, index, 0, leaves_.size(), &path);
  receipt.set_proof(trust::JoinHashes(path));
  receipt.set_checkpoint(
      crypto::SignCheckpoint({sim_.world.state(state_).ledger_origin, leaves_.size(),
                              TreeHash(leaves_, 0, leaves_.size())},
                             *checkpoint_key_));
  return receipt;
}

v1::GetDocumentsResponse HostilePeer::Documents() {
  v1::Directory body;
  PALERMO_CHECK(body.ParseFromString(own().directory.document()));
  if (body.version() != entered_version_) {
    v1::Record record;
    record.set_format(1);
    record.set_kind(v1::RecordKind::DIRECTORY);
    record.set_at_ms(ToMillis(sim_.world.clock.Now()));
    record.set_state(state_);
    record.set_actor("node");
    record.add_peers(state_);
    record.set_outcome(v1::Outcome::ACCEPTED);
    record.set_document_version(body.version());
    record.set_evidence_sha256(std::string(AsView(crypto::Sha256(own().directory.document()))));
    directory_index_ = Enter(record);
    entered_version_ = body.version();
  }
  v1::GetDocumentsResponse response;
  *response.mutable_charter() = own().charter;
  *response.mutable_directory_charter() = own().charter;
  *response.mutable_directory() = own().directory;
  *response.mutable_directory_receipt() = ReceiptOf(directory_index_);
  for (const Hash& hash : Consistency(shown_size_, leaves_.size())) {
    response.add_consistency(std::string(AsView(hash)));
  }
  return response;
}

v1::GetDocumentsResponse HostilePeer::Step() {
  v1::GetDocumentsResponse whole = Documents();
  v1::GetDocumentsResponse response;
  v1::DocumentStep* step = response.add_steps();
  *step->mutable_directory() = whole.directory();
  *step->mutable_receipt() = whole.directory_receipt();
  *step->mutable_consistency() = whole.consistency();
  return response;
}

absl::StatusOr<bool> HostilePeer::Offer(const v1::GetDocumentsResponse& documents) {
  sim_.node(victim_).FetchRequest(state_);
  sim_.node(victim_).NoteFetched(state_, true);
  absl::StatusOr<bool> changed = sim_.Offer(state_, victim_, documents);
  if (changed.ok()) shown_size_ = std::max<uint64_t>(shown_size_, leaves_.size());
  sim_.Settle();
  return changed;
}

void HostilePeer::Meet() { PALERMO_CHECK(Value(Offer(Documents()), "meeting")); }

void HostilePeer::Publish(const std::function<void(v1::Directory*)>& mutator) {
  sim_.world.NextDirectory(state_, mutator);
  PALERMO_CHECK(Value(Offer(Step()), "publishing"));
}

v1::Parcel HostilePeer::Submit(const v1::Envelope& envelope,
                               const std::vector<v1::OfficerSignature>& signatures) {
  return Submit(envelope, signatures, nullptr);
}

v1::Parcel HostilePeer::Submit(const v1::Envelope& envelope,
                               const std::vector<v1::OfficerSignature>& signatures,
                               const std::function<void(v1::Record*)>& mutator) {
  v1::Parcel parcel;
  *parcel.mutable_envelope() = envelope;
  parcel.set_signature_list(trust::FreezeSignatures(signatures));
  v1::Record record = sim_.world.SubmissionRecord(envelope, parcel.signature_list());
  record.set_state(state_);
  if (mutator) mutator(&record);
  *parcel.mutable_submission() = ReceiptOf(Enter(record));
  return parcel;
}

void HostilePeer::Dial() {
  session_.reset();
  sink_.frames.clear();
  sink_.closed = absl::OkStatus();
  seq_ = 0;
  session_ = Value(sim_.node(victim_).OpenInbound({own().tls_pin}, &sink_), "dialling");
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state(state_);
  session_->OnFrame(hello);
}

void HostilePeer::SendFrame(const v1::PeerFrame& frame) {
  if (session_ == nullptr || !sink_.closed.ok()) Dial();
  sink_.frames.clear();
  session_->OnFrame(frame);
  sim_.Settle();
}

std::optional<v1::Record> HostilePeer::Send(v1::PeerItem item) {
  if (session_ == nullptr || !sink_.closed.ok()) Dial();
  item.set_seq(++seq_);
  const v1::Receipt& receipt = item.has_parcel()   ? item.parcel().submission()
                               : item.has_notice() ? item.notice().receipt()
                                                   : item.filled().receipt();
  auto note = crypto::ParseNote(receipt.checkpoint());
  auto checkpoint = crypto::ParseCheckpointText(note.ok() ? note->text : "");
  uint64_t size = checkpoint.ok() ? checkpoint->size : 0;
  for (const Hash& hash : Consistency(std::min(size, shown_size_), std::max(size, shown_size_))) {
    item.add_consistency(std::string(AsView(hash)));
  }
  v1::PeerFrame frame;
  *frame.mutable_items()->add_items() = std::move(item);
  SendFrame(frame);
  if (!sink_.closed.ok()) return std::nullopt;
  shown_size_ = std::max(size, shown_size_);
  for (const v1::PeerFrame& answer : sink_.frames) {
    if (answer.answers().answers_size() == 1) {
      return Value(trust::ParseRecord(answer.answers().answers(0).record()), "an answer");
    }
  }
  return std::nullopt;
}

std::optional<v1::Record> HostilePeer::Send(const v1::Parcel& parcel) {
  v1::PeerItem item;
  *item.mutable_parcel() = parcel;
  return Send(std::move(item));
}

std::unique_ptr<exchange::Session> HostilePeer::Listen(FrameQueue* sink) {
  auto session = Value(sim_.node(victim_).OpenOutbound(state_, sink), "answering");
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state(state_);
  session->OnFrame(hello);
  sim_.Settle();
  return session;
}

v1::Record HostilePeer::Delivery(const std::string& message_id) const {
  v1::Record record;
  record.set_format(1);
  record.set_kind(v1::RecordKind::DELIVERY);
  record.set_at_ms(ToMillis(sim_.world.clock.Now()));
  record.set_state(state_);
  record.set_actor("node");
  record.add_peers(victim_);
  record.set_message_id(message_id);
  record.set_outcome(v1::Outcome::ACCEPTED);
  return record;
}

v1::PeerAnswers HostilePeer::Answer(uint64_t seq, const v1::Record& record) {
  v1::Receipt receipt = ReceiptOf(Enter(record));
  v1::PeerAnswers answers;
  answers.set_checkpoint(receipt.checkpoint());
  for (const Hash& hash : Consistency(shown_size_, leaves_.size())) {
    answers.add_consistency(std::string(AsView(hash)));
  }
  v1::PeerAnswer* answer = answers.add_answers();
  answer->set_seq(seq);
  answer->set_record(receipt.record());
  answer->set_salt(receipt.salt());
  answer->set_index(receipt.index());
  answer->set_proof(receipt.proof());
  shown_size_ = leaves_.size();  // what the victim takes of it, also where it refuses the answer
  answers.set_up_to(seq);
  return answers;
}

}  // namespace palermo::testing
