// What is stored of a peer's ledger. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_PEER_CHECKPOINT_H_
#define PALERMO_NODE_EXCHANGE_PEER_CHECKPOINT_H_

#include <string>

#include "node/exchange/tx.h"

namespace palermo::exchange {

// Stores the note as the newest of the peer, unless a larger one is stored: two streams may bring
// theirs in any order.
absl::Status KeepNewest(Tx& tx, const std::string& peer, std::string note);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_PEER_CHECKPOINT_H_
