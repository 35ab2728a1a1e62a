#include "node/exchange/parts.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/faults.h"
#include "node/exchange/key_change.h"
#include "node/exchange/keys.h"
#include "node/exchange/outbound.h"
#include "node/trust/reason.h"
#include "node/trust/strict.h"
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

absl::StatusOr<uint64_t> NodeParts::CheckOwnShown(const std::string& peer,
                                                  const std::string& note) {
  if (note.empty()) return 0;
  auto shown =
      crypto::VerifyCheckpoint(note, OriginOf(options), options.checkpoint_key->public_key());
  if (!shown.ok()) return CheckFormerShown(peer, note);
  if (shown->size == 0) return 0;
  PALERMO_ASSIGN_OR_RETURN(storage::TreeReader reader,
                           storage::TreeReader::Open(*options.store, std::string(keys::kTree)));
  if (shown->size > reader.size()) {
    committer->Halt(
        "a peer holds a larger checkpoint of this ledger than this store has: an old backup was "
        "restored. The node signs nothing more; restore the newest data, see docs/operations.md",
        note);
    return committer->halted();
  }
  PALERMO_ASSIGN_OR_RETURN(Hash root, reader.RootAt(shown->size));
  if (root != shown->root) {
    committer->Halt(
        "a peer holds a checkpoint of this ledger that does not fit this store: the ledger was "
        "written twice. The node signs nothing more, see docs/operations.md",
        note);
    return committer->halted();
  }
  return shown->size;
}

absl::StatusOr<uint64_t> NodeParts::CheckFormerShown(const std::string& peer,
                                                     const std::string& note) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<FormerKey> former, FormerKeys(*options.store));
  for (const FormerKey& one : former) {
    auto shown = crypto::VerifyCheckpoint(note, OriginOf(options), one.key);
    if (!shown.ok()) continue;
    PALERMO_ASSIGN_OR_RETURN(PeerLedger closed, PeerLedger::FromNote(one.note));
    if (shown->size <= closed.size()) {
      PALERMO_ASSIGN_OR_RETURN(storage::TreeReader reader,
                               storage::TreeReader::Open(*options.store, std::string(keys::kTree)));
      PALERMO_ASSIGN_OR_RETURN(Hash root, reader.RootAt(shown->size));
      if (root == shown->root) return shown->size;
    }
    // Whoever has the key could stop the node with it for good, so this does not halt.
    RecordPeerFault(options.state,
                    Refused("FORKED_LEDGER",
                            Cat({"node ", peer,
                                 " holds a checkpoint that was signed with a former key of this "
                                 "node and is not of this ledger: somebody else used that key"})),
                    ForkProof(one.note, note));
    return 0;
  }
  return Refused("BAD_FRAME",
                 "the peer shows a checkpoint of ours that no key of this node signed");
}

void NodeParts::NoteLedger(const std::string& state, const PeerLedger& ledger) {
  PeerLedger other;
  {
    absl::MutexLock lock(&mu);
    PeerLedger& known = ledgers[state];
    if (ledger.size() > known.size()) known = ledger;
    if (ledger.size() != known.size() || ledger.root() == known.root()) return;
    other = known;
  }
  RecordPeerFault(
      state,
      Refused("FORKED_LEDGER", Cat({"two streams of ", state, " show two trees of one size"})),
      ForkProof(other.note(), ledger.note()));
}

void NodeParts::TellOnce(const std::string& what, const absl::Status& damage) {
  {
    absl::MutexLock lock(&mu);
    if (damages_told.size() >= limits::kMaxDamagesTold || !damages_told.insert(what).second) return;
  }
  TellDamage(damage);
}

void NodeParts::TellUnsent(const std::string& peer, const std::string& outbox_key,
                           const absl::Status& damage) {
  TellOnce(outbox_key,
           Annotate(damage, Cat({"a message for ", peer,
                                 " cannot be sent and stays in the outbox; what is behind it goes "
                                 "on; restore the store from its backup, or send the message "
                                 "again"})));
}

void NodeParts::NoteShown(const std::string& state, const v1::PeerHello& hello) {
  absl::MutexLock lock(&mu);
  Shown& known = shown[state];
  known.roster_version = std::max(known.roster_version, hello.roster_version());
  known.charter_version = std::max(known.charter_version, hello.charter_version());
  known.directory_version = std::max(known.directory_version, hello.directory_version());
}

bool NodeParts::ShownNewer(const std::string& state) {
  trust::TrustPtr view = Trust();
  const trust::StateView* known = view->Find(state);
  Shown told;
  {
    absl::MutexLock lock(&mu);
    auto it = shown.find(state);
    if (it == shown.end()) return false;
    told = it->second;
  }
  uint64_t roster = view->waiting().empty() ? view->roster().body.version()
                                            : view->waiting().back()->body.version();
  if (told.roster_version > roster) return true;
  if (known == nullptr || known->charter == nullptr) return false;
  if (told.charter_version > known->charter->body.version()) return true;
  return known->directory != nullptr && told.directory_version > known->directory->body().version();
}

absl::Status NodeParts::UnlessNewer(const std::string& state, const absl::Status& status) {
  if (CodeOf(status) != "BAD_RECEIPT" || !ShownNewer(state)) return status;
  return TryLater("UNKNOWN_DIRECTORY",
                  "the peer has a newer directory, which may name another checkpoint key; it is "
                  "fetched first; dial again");
}

void NodeParts::WantDirectory(const std::string& state, uint64_t version) {
  int64_t now_ms = ToMillis(options.clock->Now());
  {
    absl::MutexLock lock(&mu);
    wanted_directories[state] = version;
    MissingDirectory& missing = missing_directories[state];
    if (missing.version != version || now_ms < missing.since_ms) missing = {version, now_ms};
    if (now_ms - missing.since_ms < limits::kMissingDirectoryMillis) return;
    missing.since_ms = now_ms;
  }
  RecordPeerFault(state,
                  Missing("UNKNOWN_DIRECTORY",
                          absl::StrFormat("entries of %s name version %d of its directory, and no "
                                          "node gives it; ask its administrator to publish it",
                                          state, version)));
}

v1::PeerFault ForkProof(const std::string& known, const std::string& conflict) {
  v1::PeerFault proof;
  proof.add_checkpoints(known);
  proof.add_checkpoints(conflict);
  return proof;
}

void NodeParts::RecordPeerFault(const std::string& state, const absl::Status& status,
                                v1::PeerFault proof) {
  ++counters.peer_faults;
  int64_t now_ms = ToMillis(options.clock->Now());
  std::string key = Cat({CodeOf(status), " "});
  if (proof.ByteSizeLong() > 0) key += AsView(crypto::Sha256(trust::StrictSerialize(proof)));
  {
    // A peer that repeats its fault gets an entry now and then, not one for each time.
    absl::MutexLock lock(&mu);
    std::map<std::string, int64_t>& entered = last_fault_ms[state];
    for (auto it = entered.begin(); it != entered.end();) {
      bool old = now_ms < it->second || now_ms - it->second >= limits::kPeerFaultEntryMillis;
      it = old ? entered.erase(it) : std::next(it);
    }
    if (entered.size() >= limits::kMaxPeerFaultEntries) return;
    if (!entered.try_emplace(key, now_ms).second) return;
  }
  proof.set_state(state);
  proof.set_at_ms(now_ms);
  proof.set_code(CodeOf(status));
  proof.set_text(TextOf(status));
  proof.set_evidence_sha256(std::string(AsView(crypto::Sha256(trust::StrictSerialize(proof)))));
  EnterFault(
      std::make_shared<const WaitingFault>(WaitingFault{status, std::move(proof), std::move(key)}));
}

void NodeParts::EnterFault(std::shared_ptr<const WaitingFault> fault) {
  Decision decision;
  decision.byte_size = fault->fault.ByteSizeLong() + 1024;
  decision.decide = [fault](Tx& tx) -> absl::Status {
    v1::PeerFault kept = fault->fault;
    v1::Record record;
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_actor("node");
    record.add_peers(kept.state());
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(fault->status));
    record.set_evidence_sha256(kept.evidence_sha256());
    kept.set_index(tx.Append(record));
    return KeepStreamFault(tx, kept);
  };
  decision.done = [this, fault](const absl::Status& status, const CommittedPtr&) {
    if (!status.ok()) KeepWaiting(fault, status);
  };
  absl::Status queued = committer->Enqueue(std::move(decision));
  if (!queued.ok()) KeepWaiting(std::move(fault), queued);
}

void NodeParts::KeepWaiting(std::shared_ptr<const WaitingFault> fault, const absl::Status& why) {
  // When the node is stopping, or halted, there is nobody left to write it.
  if (CodeOf(why) != "TOO_MANY" && CodeOf(why) != "CANNOT_SIGN") return;
  size_t bytes = fault->fault.ByteSizeLong();
  const std::string& state = fault->fault.state();
  absl::MutexLock lock(&mu);
  // One that makes much noise leaves room for another's proof.
  const auto of_state =
      std::count_if(waiting_faults.begin(), waiting_faults.end(),
                    [&](const auto& waiting) { return waiting->fault.state() == state; });
  if (waiting_faults.size() >= limits::kMaxWaitingFaults ||
      static_cast<size_t>(of_state) >= limits::kMaxWaitingFaultsOfAPeer ||
      waiting_fault_bytes + bytes > limits::kMaxKeptProofBytes) {
    last_fault_ms[state].erase(fault->key);  // the next such one is not taken for a repetition
    return;
  }
  waiting_fault_bytes += bytes;
  waiting_faults.push_back(std::move(fault));
}

void NodeParts::EnterWaitingFaults() {
  std::deque<std::shared_ptr<const WaitingFault>> waiting;
  {
    absl::MutexLock lock(&mu);
    waiting.swap(waiting_faults);
    waiting_fault_bytes = 0;
  }
  for (auto& fault : waiting) EnterFault(std::move(fault));
}

}  // namespace palermo::exchange
