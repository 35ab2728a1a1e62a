#include "node/exchange/parts.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/keys.h"
#include "node/exchange/outbound.h"
#include "node/trust/reason.h"
#include "storage/tree_reader.h"

namespace palermo::exchange {

std::string OriginOf(const NodeOptions& options) { return Cat({"palermo/", options.state, "/1"}); }

absl::Status CheckOwnDirectory(const NodeOptions& options, const trust::TrustView& view) {
  const trust::StateView* own = view.Find(options.state);
  if (own == nullptr || own->directory == nullptr) return absl::OkStatus();
  const v1::NodeEntry& entry = own->directory->body().node();
  if (entry.checkpoint_key() != crypto::AsView(options.checkpoint_key->public_key())) {
    return WrongState("WRONG_KEY", "the directory names another checkpoint key than this node's");
  }
  if (entry.ledger_origin() != OriginOf(options)) {
    return WrongState("WRONG_KEY",
                      Cat({"the directory names another ledger than ", OriginOf(options)}));
  }
  return absl::OkStatus();
}

void NodeParts::WakeOutbound() {
  absl::MutexLock lock(&mu);
  for (OutboundSession* session : outbound) session->Wake();
}

absl::Status NodeParts::CheckDisk() {
  if (options.disk_reserve_bytes == 0) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(uint64_t free, options.store->FreeBytes());
  if (free >= options.disk_reserve_bytes) return absl::OkStatus();
  return OverLimit("DISK_RESERVE",
                   "the node's disk has only its reserve left; its administrator must make room");
}

absl::Status NodeParts::CheckOwnShown(const std::string& note) {
  if (note.empty()) return absl::OkStatus();
  std::string origin = OriginOf(options);
  auto shown = crypto::VerifyCheckpoint(note, origin, options.checkpoint_key->public_key());
  if (!shown.ok()) {
    return Refused("BAD_FRAME",
                   "the peer shows a checkpoint of ours that this node's key did not sign");
  }
  if (shown->size == 0) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(storage::TreeReader reader,
                           storage::TreeReader::Open(*options.store, std::string(keys::kTree)));
  if (shown->size > reader.size()) {
    committer->Halt(
        "a peer holds a larger checkpoint of this ledger than this store has: an old backup was "
        "restored. The node signs nothing more; restore the newest data, see docs/operations.md");
    return committer->halted();
  }
  PALERMO_ASSIGN_OR_RETURN(Hash root, reader.RootAt(shown->size));
  if (root != shown->root) {
    committer->Halt(
        "a peer holds a checkpoint of this ledger that does not fit this store: the ledger was "
        "written twice. The node signs nothing more, see docs/operations.md");
    return committer->halted();
  }
  return absl::OkStatus();
}

void NodeParts::RecordPeerFault(const std::string& state, const absl::Status& status,
                                const std::string& proof) {
  ++counters.peer_faults;
  {
    // A peer that repeats its fault gets an entry now and then, not one for each time.
    int64_t now_ms = ToMillis(options.clock->Now());
    absl::MutexLock lock(&mu);
    auto [last, fresh] = last_fault_ms.try_emplace(Cat({state, CodeOf(status)}), now_ms);
    if (!fresh && now_ms - last->second < limits::kPeerFaultEntryMillis) return;
    last->second = now_ms;
  }
  Decision decision;
  decision.decide = [state, status, proof](Tx& tx) {
    v1::Record record;
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_actor("node");
    record.add_peers(state);
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(status));
    if (!proof.empty()) record.set_evidence_sha256(std::string(AsView(crypto::Sha256(proof))));
    uint64_t index = tx.Append(record);
    if (!proof.empty()) tx.Put(keys::PeerFault(state, index), proof);
    return absl::OkStatus();
  };
  // When the node is stopping there is nobody left to write it.
  committer->Enqueue(std::move(decision)).IgnoreError();
}

}  // namespace palermo::exchange
