#include "node/exchange/document_space.h"

#include "base/clock.h"
#include "base/limits.h"
#include "node/exchange/keys.h"

namespace palermo::exchange {

absl::Status TakeDocumentSpace(Tx& tx, const std::string& state, uint64_t bytes) {
  if (state == tx.state()) return absl::OkStatus();
  constexpr size_t kValueBytes = 16;  // the day, then the bytes
  const auto day = static_cast<uint64_t>(ToMillis(tx.now()) / limits::kDayMillis);
  std::string key = keys::DocumentBytes(state);
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Get(key));
  uint64_t taken = 0;
  if (stored.has_value()) {
    if (stored->size() != kValueBytes) return Damaged("STORE_DAMAGED", "a stored count is not one");
    const std::string_view value(*stored);
    if (ReadBigEndian64(value.substr(0, 8)) == day) taken = ReadBigEndian64(value.substr(8));
  }
  taken += bytes;
  if (taken > limits::kMaxDocumentBytesPerDay) {
    return OverLimit("TOO_MANY",
                     Cat({state,
                          " has published more today than a node keeps of one state in a "
                          "day; the rest is taken tomorrow. Ask its administrator why"}));
  }
  tx.Put(std::move(key), Cat({BigEndian64(day), BigEndian64(taken)}));
  return absl::OkStatus();
}

}  // namespace palermo::exchange
