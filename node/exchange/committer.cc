#include "node/exchange/committer.h"

#include <algorithm>
#include <cstdlib>

#include "base/check.h"
#include "base/limits.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"
#include "storage/tree_reader.h"

namespace palermo::exchange {
namespace {

constexpr absl::Duration kTellLimit = absl::Seconds(10);

v1::Receipt MakeReceipt(const NewEntry& entry, uint64_t index, const std::vector<Hash>& proof,
                        const std::string& checkpoint) {
  v1::Receipt receipt;
  receipt.set_record(entry.record);
  receipt.set_salt(entry.salt);
  receipt.set_index(index);
  receipt.set_proof(trust::JoinHashes(proof));
  receipt.set_checkpoint(checkpoint);
  return receipt;
}

// The newest checkpoint that was given away must be the tree that is here: otherwise the store was
// damaged or exchanged, and signing on would fork the ledger.
absl::Status CheckNewest(const std::string& note, const Committer::Options& options,
                         const storage::LedgerTree& tree) {
  auto checkpoint = crypto::VerifyCheckpoint(
      note, options.origin, options.former_key.value_or(options.checkpoint_key->public_key()));
  if (!checkpoint.ok()) {
    return WrongState("WRONG_KEY",
                      Cat({"the store's newest checkpoint is not signed by this node's key for ",
                           options.origin, "; is this another node's key file or data folder?"}));
  }
  if (checkpoint->size != tree.size() || checkpoint->root != tree.root()) {
    return Damaged(
        "TREE_DAMAGED",
        "the ledger is not the one that the newest checkpoint was signed for; restore all "
        "of data-dir from the newest backup or snapshot");
  }
  return absl::OkStatus();
}

// The store's own newest checkpoint is lost together with the newest entries; the mark is not.
absl::Status CheckMark(const Committer::Options& options, const storage::LedgerTree& tree) {
  if (!options.mark.has_value()) return absl::OkStatus();
  const crypto::Checkpoint& mark = *options.mark;
  constexpr std::string_view kWhatToDo =
      "; to sign on would fork the ledger. Restore the newest data-dir that there is (disk, "
      "snapshot, "
      "backup); when there is none, see docs/operations.md, Backup, and ask the peers what they "
      "hold";
  if (mark.origin != options.origin) {
    return WrongState("WRONG_STORE", Cat({"the mark in the data folder is of the ledger ",
                                          mark.origin, ", not of ", options.origin,
                                          "; is this another node's data folder or key file?"}));
  }
  if (mark.size > tree.size()) {
    return WrongState("LEDGER_BEHIND", Cat({"the ledger has ", std::to_string(tree.size()),
                                            " entries, this node gave away a checkpoint of ",
                                            std::to_string(mark.size), kWhatToDo}));
  }
  PALERMO_ASSIGN_OR_RETURN(Hash root, tree.Reader(*options.store).RootAt(mark.size));
  if (root == mark.root) return absl::OkStatus();
  return WrongState("LEDGER_BEHIND", Cat({"the first ", std::to_string(mark.size),
                                          " entries of the ledger are not those that this node "
                                          "gave a checkpoint of",
                                          kWhatToDo}));
}

// Whether the batch is durable is not known, so nothing may be answered and nothing written after
// it.
[[noreturn]] void StoreFailed(const absl::Status& status) {
  storage::ExitOnStorageFailure(status);
  PALERMO_CHECK(false);
  std::abort();  // which the macro does, unseen by the compiler
}

// A token was pulled out, say. The caller may try again; the next batch signs anew.
absl::Status CannotSign(const absl::Status& why) {
  return TryLater("CANNOT_SIGN", Cat({"the node cannot sign its checkpoint now, so nothing was "
                                      "written; try again later (",
                                      CodeOf(why), ")"}));
}

}  // namespace

v1::Receipt Committed::ReceiptOf(uint64_t index) const {
  PALERMO_CHECK(Has(index));
  return MakeReceipt(entries_[index - first_], index, proofs_[index - first_], checkpoint_);
}

Committer::Committer(Options options, storage::LedgerTree tree)
    : options_(std::move(options)),
      recent_writes_(*options_.store, limits::kMaxRecentWriteBytes),
      tree_(std::move(tree)) {}

absl::StatusOr<std::unique_ptr<Committer>> Committer::Create(Options options) {
  PALERMO_ASSIGN_OR_RETURN(storage::LedgerTree tree,
                           storage::LedgerTree::Load(*options.store, std::string(keys::kTree)));
  PALERMO_ASSIGN_OR_RETURN(auto note, options.store->Get(keys::kCheckpoint));
  if (note.has_value()) {
    PALERMO_RETURN_IF_ERROR(CheckNewest(*note, options, tree));
  } else if (tree.size() > 0) {
    return Damaged(
        "TREE_DAMAGED",
        "the ledger has entries and no checkpoint; restore all of data-dir from the newest "
        "backup or snapshot");
  }
  PALERMO_RETURN_IF_ERROR(CheckMark(options, tree));
  if (options.require_ledger && tree.size() == 0) {
    return WrongState(
        "STORE_MISSING",
        "the store has no ledger, but the option require-ledger is set. Is its disk "
        "mounted, and data-dir the right folder? Mount it, or restore all of data-dir "
        "from the newest backup; a second ledger would be a fork of the first");
  }
  auto committer = std::unique_ptr<Committer>(new Committer(std::move(options), std::move(tree)));
  absl::MutexLock lock(&committer->mu_);
  committer->checkpoint_ = note.value_or("");
  committer->tree_size_ = committer->tree_.size();
  return committer;
}

Committer::~Committer() { Drain(); }

absl::Status Committer::Enqueue(Decision decision) {
  absl::MutexLock lock(&mu_);
  if (draining_) return TryLater("DRAINING", "the node is stopping; try again later");
  if (!halted_.ok()) return halted_;
  size_t most = decision.from_peer ? limits::kMaxQueuedPeerDecisions : limits::kMaxQueuedDecisions;
  size_t most_bytes = decision.from_peer ? limits::kMaxQueuedPeerBytes : limits::kMaxQueuedBytes;
  if (queue_.size() >= most ||
      (!queue_.empty() && queued_bytes_ + decision.byte_size > most_bytes)) {
    return OverLimit("TOO_MANY", "the node has too much to do; try again later");
  }
  queued_bytes_ += decision.byte_size;
  queue_.push_back(std::move(decision));
  return absl::OkStatus();
}

void Committer::Start() {
  {
    absl::MutexLock lock(&mu_);
    PALERMO_CHECK(!started_);
    started_ = true;
  }
  thread_ = std::thread([this] { Loop(); });
}

void Committer::Drain() {
  {
    absl::MutexLock lock(&mu_);
    draining_ = true;
  }
  if (thread_.joinable()) thread_.join();
  while (RunOnce() > 0) {
  }
}

void Committer::Loop() {
  while (true) {
    {
      absl::MutexLock lock(&mu_);
      auto wake = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return draining_ || !queue_.empty(); };
      mu_.Await(absl::Condition(&wake));
      if (queue_.empty()) return;
    }
    RunOnce();
  }
}

std::vector<Decision> Committer::Take() {
  std::vector<Decision> taken;
  size_t most = options_.sync_each ? 1 : limits::kMaxBatchDecisions;
  size_t bytes = 0;
  while (!queue_.empty() && taken.size() < most) {
    bytes += queue_.front().byte_size;
    if (!taken.empty() && bytes > limits::kMaxBatchBytes) break;
    queued_bytes_ -= queue_.front().byte_size;
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

void Committer::PutBack(size_t first, std::vector<Decision>* decisions) {
  absl::MutexLock lock(&mu_);
  while (decisions->size() > first) {
    queued_bytes_ += decisions->back().byte_size;
    queue_.push_front(std::move(decisions->back()));
    decisions->pop_back();
  }
}

size_t Committer::RunOnce() {
  std::vector<Decision> decisions;
  absl::Status halted;
  {
    absl::MutexLock lock(&mu_);
    decisions = Take();
    halted = halted_;
  }
  if (decisions.empty()) return 0;
  trust::TrustPtr before = options_.trust();
  Tx tx(recent_writes_, tree_.size(), options_.state, options_.clock->Now(), before,
        *options_.random);
  std::vector<absl::Status> results;
  results.reserve(decisions.size());
  for (Decision& decision : decisions) {
    tx.Mark();
    absl::Status status = halted.ok() ? decision.decide(tx) : halted;
    if (!status.ok()) tx.Rollback();
    results.push_back(std::move(status));
    if (tx.whole_cases() >= limits::kMaxBatchWholeCases) break;
  }
  PutBack(results.size(), &decisions);
  absl::StatusOr<CommittedPtr> written = Write(&tx);
  if (!written.ok()) results.assign(decisions.size(), CannotSign(written.status()));
  if (written.ok() && tx.trust() != before) options_.set_trust(tx.trust());
  CommittedPtr committed = written.ok() ? *written : NothingWritten();
  for (size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i].done) decisions[i].done(results[i], committed);
  }
  for (auto& call : committed->after_) call();
  return decisions.size();
}

// A batch without entries: what the answers see when nothing was written.
CommittedPtr Committer::NothingWritten() const {
  auto committed = std::make_shared<Committed>();
  committed->first_ = tree_.size();
  committed->tree_size_ = tree_.size();
  committed->checkpoint_ = newest_checkpoint();
  return committed;
}

absl::StatusOr<CommittedPtr> Committer::Write(Tx* tx) {
  auto committed = std::make_shared<Committed>();
  committed->first_ = tree_.size();
  committed->tree_size_ = tree_.size();
  if (tx->empty()) {
    committed->checkpoint_ = newest_checkpoint();
    return committed;
  }
  storage::WriteBatch batch;
  tx->MoveInto(&batch, &committed->entries_);
  std::vector<Hash> entries;
  entries.reserve(committed->entries_.size());
  for (const NewEntry& entry : committed->entries_) {
    entries.push_back(trust::EntryHash(entry.salt, entry.record));
  }
  storage::StagedAppend staged = tree_.Stage(entries, &batch);
  std::string note = newest_checkpoint();
  if (!entries.empty()) {
    PALERMO_ASSIGN_OR_RETURN(note,
                             crypto::SignCheckpoint({options_.origin, staged.size, staged.root},
                                                    *options_.checkpoint_key));
    batch.Put(keys::kCheckpoint, note);
  }
  uint64_t old_size = tree_.size();
  recent_writes_.Forget(batch);
  absl::Status applied =
      options_.store->Apply(batch, storage::Durability::kSync, {options_.writer_epoch, old_size});
  // The engine ends the process on a failed write. What is left is a condition that could not be
  // read, or a second writer on the same store.
  if (!applied.ok()) StoreFailed(applied);
  recent_writes_.Remember(std::move(batch));
  tree_.Commit(std::move(staged));
  committed->tree_size_ = tree_.size();
  committed->checkpoint_ = note;
  if (!entries.empty()) {
    auto proofs = tree_.ProofsForRange(*options_.store, old_size, entries.size());
    if (!proofs.ok()) StoreFailed(proofs.status());
    committed->proofs_ = std::move(*proofs);
  }
  absl::MutexLock lock(&mu_);
  checkpoint_ = note;
  tree_size_ = tree_.size();
  ++commits_;
  Remember(committed);
  grown_.Notify();
  return committed;
}

void Committer::Remember(const CommittedPtr& committed) {
  if (committed->count() == 0) return;
  recent_.push_back(committed);
  recent_entries_ += committed->count();
  while (recent_entries_ > limits::kMaxCachedReceipts && recent_.size() > 1) {
    recent_entries_ -= recent_.front()->count();
    recent_.pop_front();
  }
}

std::string Committer::newest_checkpoint() const {
  absl::MutexLock lock(&mu_);
  return checkpoint_;
}
uint64_t Committer::tree_size() const {
  absl::MutexLock lock(&mu_);
  return tree_size_;
}
uint64_t Committer::commits() const {
  absl::MutexLock lock(&mu_);
  return commits_;
}
size_t Committer::queued() const {
  absl::MutexLock lock(&mu_);
  return queue_.size();
}

absl::StatusOr<v1::Receipt> Committer::ReceiptOf(uint64_t index) {
  std::string checkpoint;
  {
    absl::MutexLock lock(&mu_);
    // Readers of the store may see a batch a moment before its checkpoint is told here.
    auto told = [this, index]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return index < tree_size_; };
    if (!grown_.Await(mu_, kTellLimit, told)) {
      return Missing("UNKNOWN_MESSAGE", "the ledger has no entry at this index");
    }
    auto it =
        std::partition_point(recent_.begin(), recent_.end(), [index](const CommittedPtr& batch) {
          return batch->first_index() + batch->count() <= index;
        });
    if (it != recent_.end() && (*it)->Has(index)) return (*it)->ReceiptOf(index);
    checkpoint = checkpoint_;
  }
  return ReceiptUnder(index, checkpoint);
}

absl::StatusOr<v1::Receipt> Committer::ReceiptUnder(uint64_t index,
                                                    const std::string& checkpoint) const {
  PALERMO_ASSIGN_OR_RETURN(auto stored, LoadEntry(*options_.store, index));
  if (!stored.has_value()) {
    return Missing("UNKNOWN_MESSAGE", "the ledger has no record at this index");
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::Note note, crypto::ParseNote(checkpoint));
  PALERMO_ASSIGN_OR_RETURN(crypto::Checkpoint newest, crypto::ParseCheckpointText(note.text));
  PALERMO_ASSIGN_OR_RETURN(storage::TreeReader reader,
                           storage::TreeReader::Open(*options_.store, std::string(keys::kTree)));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, reader.InclusionProof(index, newest.size));
  return MakeReceipt({stored->record(), stored->salt()}, index, proof, checkpoint);
}

absl::StatusOr<std::vector<Hash>> Committer::Consistency(uint64_t old_size,
                                                         uint64_t new_size) const {
  PALERMO_ASSIGN_OR_RETURN(storage::TreeReader reader,
                           storage::TreeReader::Open(*options_.store, std::string(keys::kTree)));
  return reader.ConsistencyProof(old_size, new_size);
}

void Committer::Halt(const std::string& why, const std::string& shown) {
  absl::MutexLock lock(&mu_);
  if (!halted_.ok()) return;
  halted_ = WrongState("LEDGER_BEHIND", why);
  shown_ = shown;
}

std::string Committer::mark() const {
  absl::MutexLock lock(&mu_);
  return halted_.ok() ? checkpoint_ : shown_;
}

absl::Status Committer::halted() const {
  absl::MutexLock lock(&mu_);
  return halted_;
}

}  // namespace palermo::exchange
