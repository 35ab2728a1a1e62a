// What an officer gets to see of messages that are stored. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_READING_H_
#define PALERMO_NODE_EXCHANGE_READING_H_

#include <string>
#include <vector>

#include "node/exchange/calls.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// Own and peers' receipts of a message, the submission's first.
absl::StatusOr<std::vector<v1::StoredReceipt>> ReceiptsOf(NodeParts& parts, const std::string& id,
                                                          const v1::StoredMessage& message);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_READING_H_
