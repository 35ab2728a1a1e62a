// What the node's methods and its sessions share. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_PARTS_H_
#define PALERMO_NODE_EXCHANGE_PARTS_H_

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/steady.h"
#include "node/exchange/committer.h"
#include "node/exchange/node.h"
#include "node/exchange/peer_ledger.h"
#include "node/exchange/readers.h"
#include "node/exchange/worker_pool.h"
#include "palermo/v1/common.pb.h"

namespace palermo::exchange {

class OutboundSession;

// Origin of the ledger: palermo/<state>/<epoch>. A store is one epoch; this is the first.
std::string OriginOf(const NodeOptions& options);
// Both notes of a forked ledger.
v1::PeerFault ForkProof(const std::string& known, const std::string& conflict);
// The own directory in force must be about this very node: WRONG_KEY otherwise.
absl::Status CheckOwnDirectory(const NodeOptions& options, const trust::TrustView& view);

struct Counters {
  std::atomic<uint64_t> submitted{0}, delivered{0}, relayed{0}, retrieved{0}, refused{0},
      expired{0}, confirmations_missing{0}, peer_faults{0}, refusals_not_entered{0};
};

struct NodeParts {
  explicit NodeParts(NodeOptions node_options)
      : options(std::move(node_options)),
        pool(options.verify_threads > 1 ? options.verify_threads - 1 : 0) {}

  NodeOptions options;
  WorkerPool pool;
  Counters counters;
  std::atomic<bool> started{false};

  absl::Mutex mu;
  trust::TrustPtr trust ABSL_GUARDED_BY(mu);
  std::map<std::string, PeerLedger> ledgers ABSL_GUARDED_BY(mu);
  std::map<std::string, std::string> links ABSL_GUARDED_BY(mu);
  std::map<std::string, uint64_t> wanted_directories ABSL_GUARDED_BY(mu);
  // The version that a peer's entries name and its node has not given yet, and since when.
  struct MissingDirectory {
    uint64_t version = 0;
    int64_t since_ms = 0;
  };
  std::map<std::string, MissingDirectory> missing_directories ABSL_GUARDED_BY(mu);
  // Of each peer: its ledger as we told it when we last asked for documents.
  std::map<std::string, PeerLedger> asked ABSL_GUARDED_BY(mu);
  // Peers that are asked from their directory's receipt on: they offer another checkpoint key, and
  // what the former one signed does not fit.
  std::set<std::string> from_directory ABSL_GUARDED_BY(mu);
  struct Fetched {
    int64_t asked_at_ms = 0;
    int64_t pinned_at_ms = 0;
    bool pinned = false;  // the newest answer came from a server with the peer's TLS key
  };
  std::map<std::string, Fetched> fetched ABSL_GUARDED_BY(mu);
  // What a peer's node said of itself on a stream, where its TLS key is proved.
  struct Shown {
    uint64_t roster_version = 0;
    uint64_t charter_version = 0;
    uint64_t directory_version = 0;
  };
  std::map<std::string, Shown> shown ABSL_GUARDED_BY(mu);
  std::set<OutboundSession*> outbound ABSL_GUARDED_BY(mu);
  int64_t last_unknown_entry_ms ABSL_GUARDED_BY(mu) = 0;
  // By officer: when a refused call of one without a mandate was entered last.
  std::map<std::string, int64_t> last_former_entry_ms ABSL_GUARDED_BY(mu);
  // By peer: when another key at its address was entered last.
  std::map<std::string, int64_t> last_wrong_key_entry_ms ABSL_GUARDED_BY(mu);
  // By peer, then by code and proof: when a fault was entered last. What is older than
  // kPeerFaultEntryMillis goes.
  std::map<std::string, std::map<std::string, int64_t>> last_fault_ms ABSL_GUARDED_BY(mu);
  // Faults that could not be entered, oldest first: the next tick tries again.
  struct WaitingFault {
    absl::Status status;
    v1::PeerFault fault;
    std::string key;  // in last_fault_ms
  };
  std::deque<std::shared_ptr<const WaitingFault>> waiting_faults ABSL_GUARDED_BY(mu);
  size_t waiting_fault_bytes ABSL_GUARDED_BY(mu) = 0;
  // The one chain of decisions that sets free what waits, however often the timer comes.
  struct Releasing {
    bool under_way = false;
    std::string last;              // the mark that was last; it goes on behind it
    std::set<std::string> failed;  // marks whose damage was told
  };
  Releasing releasing ABSL_GUARDED_BY(mu);
  std::set<std::string> damages_told ABSL_GUARDED_BY(mu);
  bool stopping ABSL_GUARDED_BY(mu) = false;
  SteadyWait stop_wait;
  std::thread timer;
  // Its reads use all of the above, and the committer.
  Readers readers;

  // Last, so that it ends first: its callbacks use all of the above.
  std::unique_ptr<Committer> committer;

  trust::TrustPtr Trust() ABSL_LOCKS_EXCLUDED(mu) {
    absl::MutexLock lock(&mu);
    return trust;
  }
  PeerLedger LedgerOf(const std::string& state) ABSL_LOCKS_EXCLUDED(mu) {
    absl::MutexLock lock(&mu);
    return ledgers[state];
  }
  // Keeps the larger of both, in memory; the next decision about this peer writes it.
  // Two checkpoints of one size that differ, from two streams, are a fault at once.
  void NoteLedger(const std::string& state, const PeerLedger& ledger) ABSL_LOCKS_EXCLUDED(mu);
  // A hello says which documents the speaker has: what is newer than here is fetched.
  void NoteShown(const std::string& state, const v1::PeerHello& hello) ABSL_LOCKS_EXCLUDED(mu);
  // What is wrong with a hello: not a fault when the speaker has newer documents, which may name
  // another checkpoint key; they are fetched first.
  absl::Status UnlessNewer(const std::string& state, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mu);
  bool ShownNewer(const std::string& state) ABSL_LOCKS_EXCLUDED(mu);
  // Wakes the sessions that send: something was committed.
  void WakeOutbound() ABSL_LOCKS_EXCLUDED(mu);

  // DISK_RESERVE when the store's disk has only its reserve left.
  absl::Status CheckDisk();
  void TellDamage(const absl::Status& damage) const {
    if (options.on_damage) options.on_damage(damage);
  }
  // Told once for each `what` while the process lives.
  void TellOnce(const std::string& what, const absl::Status& damage) ABSL_LOCKS_EXCLUDED(mu);
  // An item of the peer's outbox cannot be sent.
  void TellUnsent(const std::string& peer, const std::string& outbox_key,
                  const absl::Status& damage) ABSL_LOCKS_EXCLUDED(mu);
  // A peer showed a checkpoint of ours: it must be ours, and not larger than what we have. Answers
  // the size that the peer knows; 0 too for what somebody else signed with a former key of ours.
  absl::StatusOr<uint64_t> CheckOwnShown(const std::string& peer, const std::string& note);
  absl::StatusOr<uint64_t> CheckFormerShown(const std::string& peer, const std::string& note);
  // An entry of this peer names a directory that is not known here: it is asked for. Its node has a
  // fault when it goes on so without giving it.
  void WantDirectory(const std::string& state, uint64_t version) ABSL_LOCKS_EXCLUDED(mu);
  // A fault of a peer as an entry, with what proves it. The same fault once in a while; one with
  // another proof each time, so that none is lost.
  void RecordPeerFault(const std::string& state, const absl::Status& status,
                       v1::PeerFault proof = {}) ABSL_LOCKS_EXCLUDED(mu);
  // Queues the fault's entry; keeps the fault, within bounds, while there is none.
  void EnterFault(std::shared_ptr<const WaitingFault> fault) ABSL_LOCKS_EXCLUDED(mu);
  void KeepWaiting(std::shared_ptr<const WaitingFault> fault, const absl::Status& why)
      ABSL_LOCKS_EXCLUDED(mu);
  void EnterWaitingFaults() ABSL_LOCKS_EXCLUDED(mu);
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_PARTS_H_
