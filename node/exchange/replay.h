// What a peer lost, sent again after its ledger began a new epoch: messages that it had answered
// with entries that are lost, and how far its own numbers are used here. docs/formats/ledger.md,
// "A new epoch". Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_REPLAY_H_
#define PALERMO_NODE_EXCHANGE_REPLAY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/exchange/deliver.h"
#include "node/exchange/parts.h"
#include "node/exchange/tx.h"
#include "palermo/v1/peer.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// A peer of which something is left to be put into its outbox again; nullopt when there is none.
absl::StatusOr<std::optional<std::string>> NextReplay(const storage::KvReader& store);
// KEY_CHANGED while something is: what is sent goes in the order of its outbox.
absl::Status CheckReplayed(const storage::KvReader& store, const std::string& peer);
// As far as one decision goes; the last one takes the mark away. `store`: what is durable.
absl::Status DecideReplay(Tx& tx, const storage::KvReader& store, const std::string& peer);

// One decision after the other while there is more. After a failure the next tick goes on.
void StartReplaying(NodeParts& parts);

// The recipient's side. What this node answered before it lost the entry, as the parcel proves it;
// nullopt when it has no such proof.
absl::StatusOr<std::optional<v1::Record>> FormerAnswer(const Tx& tx, const std::string& peer,
                                                       const VerifiedParcel& parcel);
// As the peer's entry says it. BAD_RECEIPT, WRONG_SENDER, BAD_FRAME.
absl::Status VerifyUsed(const v1::UsedNumber& used, const std::string& own_state,
                        const std::string& peer, const crypto::Checkpoint& checkpoint);
// The counter goes on behind the peer's number; what nobody has any more of the numbers before is
// filled by notices. Answers the entry's index.
absl::StatusOr<uint64_t> DecideUsed(Tx& tx, const std::string& peer, const v1::UsedNumber& used,
                                    const absl::Status& verified);

// Whether the item fills a number of a message that nobody has.
bool FillsLost(const v1::OutboxItem& item, const std::string& peer);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_REPLAY_H_
