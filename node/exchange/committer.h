// The committer: the one owner of the ledger. Decisions queue; it drains them into one batch,
// appends their records, signs one checkpoint, writes once with sync, and only then answers all.
// There is no timer: the next batch gathers while this one syncs.
#ifndef PALERMO_NODE_EXCHANGE_COMMITTER_H_
#define PALERMO_NODE_EXCHANGE_COMMITTER_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/steady.h"
#include "crypto/checkpoint.h"
#include "node/exchange/tx.h"
#include "palermo/v1/ledger.pb.h"
#include "storage/ledger_tree.h"
#include "storage/recent_writes.h"

namespace palermo::exchange {

// A batch that is durable. Shared by the answers that are made from it, which may outlive each
// other.
class Committed {
 public:
  // REQUIRES: the entry is of this batch.
  v1::Receipt ReceiptOf(uint64_t index) const;
  bool Has(uint64_t index) const { return index >= first_ && index < first_ + entries_.size(); }
  uint64_t first_index() const { return first_; }
  size_t count() const { return entries_.size(); }
  // The newest signed checkpoint, also of a batch without entries.
  const std::string& checkpoint() const { return checkpoint_; }
  uint64_t tree_size() const { return tree_size_; }
  // Called once, after every `done` of the batch.
  void AfterAll(std::function<void()> call) const { after_.push_back(std::move(call)); }

 private:
  friend class Committer;
  uint64_t first_ = 0;
  uint64_t tree_size_ = 0;
  std::vector<NewEntry> entries_;
  std::vector<std::vector<Hash>> proofs_;
  std::string checkpoint_;
  mutable std::vector<std::function<void()>> after_;
};
using CommittedPtr = std::shared_ptr<const Committed>;

struct Decision {
  // Runs on the committer's thread. Not ok: everything it wrote is undone but its refusal records.
  std::function<absl::Status(Tx&)> decide;
  // Runs there too, after the batch is durable, with what `decide` returned. Must not block. When
  // the checkpoint cannot be signed, nothing of the batch is written and all get CANNOT_SIGN.
  std::function<void(const absl::Status&, const CommittedPtr&)> done;
  size_t byte_size = 0;
  // It came from a peer: a part of the queue is left for the own desks.
  bool from_peer = false;
};

class Committer {
 public:
  struct Options {
    storage::KvStore* store;
    Clock* clock;
    Random* random;
    const crypto::Signer* checkpoint_key;  // in memory or on a token
    // The newest checkpoint may be signed with this one: the key was replaced just now.
    std::optional<crypto::PublicKey> former_key = {};
    std::string state;
    std::string origin;
    uint64_t writer_epoch;
    // What the tree must hold at least.
    std::optional<crypto::Checkpoint> mark = {};
    bool require_ledger = false;  // the tree must hold something
    bool sync_each = false;
    // The trust view of now, and where a changed one goes once it is durable.
    std::function<trust::TrustPtr()> trust;
    std::function<void(trust::TrustPtr)> set_trust;
  };
  // Loads the tree and checks it against the newest checkpoint given away, as the store has it, and
  // against the mark. TREE_DAMAGED, WRONG_KEY; LEDGER_BEHIND: the mark is of a larger or another
  // tree; STORE_MISSING: it must hold something and is empty.
  static absl::StatusOr<std::unique_ptr<Committer>> Create(Options options);
  ~Committer();

  // Fails with TOO_MANY when the queue is full and with DRAINING after Drain; `done` is not called
  // then.
  absl::Status Enqueue(Decision decision) ABSL_LOCKS_EXCLUDED(mu_);
  void Start();
  void Drain() ABSL_LOCKS_EXCLUDED(mu_);
  // One batch, in the calling thread. Returns how many decisions it had.
  size_t RunOnce() ABSL_LOCKS_EXCLUDED(mu_);

  // The origin in checkpoints; changes when a first directory names it. REQUIRES: the tree is
  // empty.
  void SetOrigin(const std::string& origin) ABSL_LOCKS_EXCLUDED(mu_);

  std::string newest_checkpoint() const ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t tree_size() const ABSL_LOCKS_EXCLUDED(mu_);
  uint64_t commits() const ABSL_LOCKS_EXCLUDED(mu_);
  size_t queued() const ABSL_LOCKS_EXCLUDED(mu_);

  // The store, with what was written a moment ago from memory.
  const storage::KvReader& reader() const { return recent_writes_; }
  // A receipt of any own entry: from memory when it is recent, else its proof is made new.
  absl::StatusOr<v1::Receipt> ReceiptOf(uint64_t index) ABSL_LOCKS_EXCLUDED(mu_);
  // The same under a checkpoint of ours that is not the newest. REQUIRES: it covers the entry.
  absl::StatusOr<v1::Receipt> ReceiptUnder(uint64_t index, const std::string& checkpoint) const;
  // Proof between two own sizes. Empty when one is 0 or both are the same.
  absl::StatusOr<std::vector<Hash>> Consistency(uint64_t old_size, uint64_t new_size) const;

  // Ends signing for good: a peer showed that this ledger is not what it was (a restored backup, a
  // fork). `shown`: the checkpoint of ours that it showed.
  void Halt(const std::string& why, const std::string& shown) ABSL_LOCKS_EXCLUDED(mu_);
  // The checkpoint that a next start must find the ledger under: the newest, or the one that halted
  // it.
  std::string mark() const ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status halted() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  explicit Committer(Options options, storage::LedgerTree tree);
  std::vector<Decision> Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Those from `first` on go back to where they were, before all that came in the meantime.
  void PutBack(size_t first, std::vector<Decision>* decisions) ABSL_LOCKS_EXCLUDED(mu_);
  // Not ok: the checkpoint could not be signed, and nothing was written.
  absl::StatusOr<CommittedPtr> Write(Tx* tx);
  CommittedPtr NothingWritten() const ABSL_LOCKS_EXCLUDED(mu_);
  void Remember(const CommittedPtr& committed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Loop();

  const Options options_;
  storage::RecentWrites recent_writes_;
  storage::LedgerTree tree_;  // the committer's thread only
  std::thread thread_;

  mutable absl::Mutex mu_;
  SteadyWait grown_;  // of tree_size_
  std::deque<Decision> queue_ ABSL_GUARDED_BY(mu_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  bool started_ ABSL_GUARDED_BY(mu_) = false;
  std::string checkpoint_ ABSL_GUARDED_BY(mu_);
  uint64_t tree_size_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t commits_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status halted_ ABSL_GUARDED_BY(mu_);
  std::string shown_ ABSL_GUARDED_BY(mu_);
  std::deque<CommittedPtr> recent_ ABSL_GUARDED_BY(mu_);
  size_t recent_entries_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_COMMITTER_H_
