// The persistent outbox: for each peer two lanes of items in order, the emergency lane first.
#ifndef PALERMO_NODE_EXCHANGE_OUTBOX_H_
#define PALERMO_NODE_EXCHANGE_OUTBOX_H_

#include <string>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

inline constexpr char kEmergencyLane = 'a';
inline constexpr char kNormalLane = 'b';

// OUTBOX_FULL when the peer's outbox has as many items as it may have.
absl::Status CheckOutboxRoom(const Tx& tx, const std::string& state);
// Returns the item's key.
absl::StatusOr<std::string> AddToOutbox(Tx& tx, const std::string& state, bool emergency,
                                        const v1::OutboxItem& item);
// No error when it is gone already.
absl::Status RemoveFromOutbox(Tx& tx, const std::string& state, const std::string& key);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_OUTBOX_H_
