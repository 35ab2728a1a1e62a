// The persistent outbox: for each peer two lanes of items in order, the emergency lane first.
#ifndef PALERMO_NODE_EXCHANGE_OUTBOX_H_
#define PALERMO_NODE_EXCHANGE_OUTBOX_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

inline constexpr char kEmergencyLane = 'a';
inline constexpr char kNormalLane = 'b';

// OUTBOX_FULL when the peer's outbox has as many items as it may have.
absl::Status CheckOutboxRoom(const Tx& tx, const std::string& state);
// In the order of the entries that put them there: `index` is that entry's. Returns the item's key.
absl::StatusOr<std::string> AddToOutbox(Tx& tx, const std::string& state, bool emergency,
                                        uint64_t index, const v1::OutboxItem& item);
// Key of the item that an entry put there, whichever lane it waits in; nullopt when it is gone.
absl::StatusOr<std::optional<std::string>> FindInOutbox(const Tx& tx, const std::string& state,
                                                        uint64_t index);
// No error when it is gone already.
absl::Status RemoveFromOutbox(Tx& tx, const std::string& state, const std::string& key);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_OUTBOX_H_
