// Where an outgoing message stands with one recipient state. Until something comes back, nothing is
// stored for it: the message's own numbers say that it waits.
#ifndef PALERMO_NODE_EXCHANGE_DELIVERY_H_
#define PALERMO_NODE_EXCHANGE_DELIVERY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// PENDING since its admission; nullopt when the message does not go to this state.
std::optional<v1::DeliveryStatus> PendingDelivery(const v1::StoredMessage& message,
                                                  const std::string& state);
// What is stored, or PendingDelivery.
absl::StatusOr<std::optional<v1::DeliveryStatus>> LoadDelivery(const Tx& tx, const std::string& id,
                                                               const v1::StoredMessage& message,
                                                               const std::string& state);

// Of an outgoing message, with each recipient state, in the order of the states.
absl::StatusOr<std::vector<v1::DeliveryStatus>> DeliveriesOf(const storage::KvReader& store,
                                                             const std::string& id,
                                                             const v1::StoredMessage& message);
// The peer's receipts that came back, added to `receipts`.
void AddPeerReceipts(v1::DeliveryStatus delivery, std::vector<v1::StoredReceipt>* receipts);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DELIVERY_H_
