// The numbers that a sender gives to the messages of a case, one after the other: which are used,
// and what waits for those before it. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_NUMBERS_H_
#define PALERMO_NODE_EXCHANGE_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/envelope.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// The number is used; what follows without a gap is no longer held.
absl::Status UseNumber(Tx& tx, const v1::Header& header, uint64_t number, std::string_view id,
                       uint64_t index);

// A mark is the case and the sender of what was too much for one decision. This is the next behind
// `last`, and after the last one the first again; nullopt when there is none.
absl::StatusOr<std::optional<std::string>> NextRelease(const storage::KvReader& store,
                                                       const std::string& last);
// Goes on with what is marked, as far as one decision goes.
absl::Status DecideRelease(Tx& tx, const std::string& mark);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_NUMBERS_H_
