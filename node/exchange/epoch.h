// A new epoch of a ledger after entries of it were lost: how the own node begins one, and how a
// peer's is judged. docs/formats/ledger.md, "A new epoch". Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_EPOCH_H_
#define PALERMO_NODE_EXCHANGE_EPOCH_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/exchange/parts.h"
#include "node/exchange/peer_ledger.h"
#include "node/exchange/tx.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// The ledger that the own directory in force names; palermo/<state>/1 while there is none.
std::string OriginInForce(const std::string& state, const trust::TrustView& view);
// What the own directory in force says of the ledger before; nullopt in the first epoch.
std::optional<v1::FormerLedger> FormerInForce(const std::string& state,
                                              const trust::TrustView& view);
// The body of options.next_directory, when it names a later epoch than the one in force. Nothing is
// verified yet.
std::optional<v1::Directory> NextEpoch(const NodeOptions& options, const trust::TrustView& view);

// Whether the ledger that is here is what `former` says is kept: its size; its root, where the last
// checkpoint is no larger; and the mark, which must not be larger than that checkpoint.
// WRONG_EPOCH, LEDGER_BEHIND; STORE_MISSING when nothing is here and no mark of that ledger either.
absl::Status CheckKept(const v1::FormerLedger& former, const storage::LedgerTree& tree,
                       const storage::KvReader& store,
                       const std::optional<crypto::Checkpoint>& mark);
// The mark of a start after the epoch began may still be of the ledger before.
absl::Status CheckFormerMark(const v1::FormerLedger& former, const storage::LedgerTree& tree,
                             const storage::KvReader& store, const crypto::Checkpoint& mark);

// The first entries of an epoch: START, and the documents that begin it. In one batch.
struct EpochStart {
  v1::Directory directory;  // as it says
  std::optional<crypto::PublicKey> former_key;
  std::string former_note;  // the newest checkpoint of the ledger that is here; may be empty
};
absl::Status DecideEpochStart(Tx& tx, const NodeOptions& options, const EpochStart& start);
absl::Status BeginEpoch(NodeParts& parts, const EpochStart& start);

// A peer's directory that begins an epoch, with the receipt of its entry, which was verified under
// it. `ledger`: what is known of the former ledger; then of the new one. EPOCH_HIDES_ENTRIES,
// FORKED_LEDGER.
absl::Status TakePeerEpoch(Tx& tx, const v1::Directory& directory, const v1::DocumentStep& step,
                           uint64_t document_index, OfferedLedger* ledger);
// The largest end of the former ledger that the directories of this answer name for the epoch of
// `directory`.
v1::FormerLedger LargestEnd(const v1::Directory& directory,
                            const v1::GetDocumentsResponse& documents);

// Whether the peer lost its entry at this index, which a receipt under `checkpoint` proves: its
// directory in force says so.
bool IsLost(const trust::TrustView& view, const std::string& peer, const std::string& checkpoint,
            uint64_t index);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_EPOCH_H_
