// When a node's checkpoint key is replaced: what its former keys signed counts up to the entry of
// the directory that replaces them, in the node's own ledger. Order decides, no clock.
#ifndef PALERMO_NODE_EXCHANGE_KEY_CHANGE_H_
#define PALERMO_NODE_EXCHANGE_KEY_CHANGE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/checkpoint.h"
#include "node/exchange/parts.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// A key that this node had. `note` is the last checkpoint that counts under it.
struct FormerKey {
  crypto::PublicKey key;
  std::string note;
};
// In the order in which they were replaced. STORE_DAMAGED.
absl::StatusOr<std::vector<FormerKey>> FormerKeys(const storage::KvReader& store);

// Whether the node starts with another key than its directory in force names, and with the next
// directory, which names it. Nothing is verified yet.
bool ReplacesKey(const NodeOptions& options, const trust::TrustView& view);
// Takes the next directory and closes the former key, in one batch that the new key signs. Called
// once, before anything else is entered. Codes of DecidePublish, WRONG_KEY.
absl::Status ReplaceKey(NodeParts& parts, const crypto::PublicKey& former);

// The receipt of an own entry under the key that was in force at the entry: for who judges it by
// the directory of that time.
absl::StatusOr<v1::Receipt> ReceiptOfItsTime(NodeParts& parts, uint64_t index);

// Whether a peer's answer has a directory that names another checkpoint key than the known one.
bool OffersAnotherKey(const trust::TrustView& view, const std::string& state,
                      const v1::GetDocumentsResponse& documents);
// The peer's ledger as the receipt of its directory in force shows it: what a new key must extend
// when more than that was signed with the former one and does not fit.
absl::StatusOr<PeerLedger> LedgerAtDirectory(const storage::KvReader& store,
                                             const trust::TrustView& view,
                                             const std::string& state);
// The peer's ledger goes on from what its new key signed. FORKED_LEDGER when no key was replaced.
absl::Status GoOnUnderNewKey(Tx& tx, const trust::TrustView& before, const std::string& state,
                             const OfferedLedger& ledger);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_KEY_CHANGE_H_
