// What the node's methods and its sessions share. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_PARTS_H_
#define PALERMO_NODE_EXCHANGE_PARTS_H_

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "node/exchange/committer.h"
#include "node/exchange/node.h"
#include "node/exchange/peer_ledger.h"
#include "node/exchange/worker_pool.h"
#include "palermo/v1/common.pb.h"

namespace palermo::exchange {

class OutboundSession;

// Origin of the ledger: palermo/<state>/<epoch>. A store is one epoch; this is the first.
std::string OriginOf(const NodeOptions& options);
// The own directory in force must be about this very node: WRONG_KEY otherwise.
absl::Status CheckOwnDirectory(const NodeOptions& options, const trust::TrustView& view);

struct Counters {
  std::atomic<uint64_t> submitted{0}, delivered{0}, relayed{0}, retrieved{0}, refused{0},
      expired{0}, peer_faults{0};
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
  std::set<OutboundSession*> outbound ABSL_GUARDED_BY(mu);
  int64_t last_unknown_entry_ms ABSL_GUARDED_BY(mu) = 0;
  // By officer: when a refused call of one without a mandate was entered last.
  std::map<std::string, int64_t> last_former_entry_ms ABSL_GUARDED_BY(mu);
  // By peer and code: when a fault was entered last.
  std::map<std::string, int64_t> last_fault_ms ABSL_GUARDED_BY(mu);
  bool stopping ABSL_GUARDED_BY(mu) = false;
  std::thread timer;

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
  void NoteLedger(const std::string& state, const PeerLedger& ledger) ABSL_LOCKS_EXCLUDED(mu) {
    absl::MutexLock lock(&mu);
    if (ledger.size() > ledgers[state].size()) ledgers[state] = ledger;
  }
  // Wakes the sessions that send: something was committed.
  void WakeOutbound() ABSL_LOCKS_EXCLUDED(mu);

  // DISK_RESERVE when the store's disk has only its reserve left.
  absl::Status CheckDisk();
  // A peer showed a checkpoint of ours: it must be ours, and not larger than what we have.
  absl::Status CheckOwnShown(const std::string& note);
  // A fault of a peer as an entry, with what proves it.
  void RecordPeerFault(const std::string& state, const absl::Status& status,
                       const std::string& proof);
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_PARTS_H_
