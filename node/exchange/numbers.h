// The numbers that a sender gives to the messages of a case, one after the other: which are used,
// and what waits for those before it. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_NUMBERS_H_
#define PALERMO_NODE_EXCHANGE_NUMBERS_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/envelope.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// The number is used; what follows without a gap is no longer held.
absl::Status UseNumber(Tx& tx, const v1::Header& header, uint64_t number, std::string_view id,
                       uint64_t index);

// Goes on with what was too much for one decision. True when there is still more.
absl::StatusOr<bool> DecideReleases(Tx& tx);
absl::StatusOr<bool> AnyReleases(const storage::KvReader& store);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_NUMBERS_H_
