// How much a peer's documents may add to the store in a day: every version is kept for ever.
// Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_DOCUMENT_SPACE_H_
#define PALERMO_NODE_EXCHANGE_DOCUMENT_SPACE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "node/exchange/tx.h"

namespace palermo::exchange {

// Counts a new version of this state's documents, of so many bytes. TOO_MANY when the day's share
// is used up; then the rest is taken on the next day. Our own documents come from our own
// administrators and are not counted.
absl::Status TakeDocumentSpace(Tx& tx, const std::string& state, uint64_t bytes);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DOCUMENT_SPACE_H_
