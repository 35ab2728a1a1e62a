#include "node/exchange/outbox.h"

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "node/exchange/keys.h"

namespace palermo::exchange {

absl::Status CheckOutboxRoom(const Tx& tx, const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(uint64_t count, tx.GetCounter(keys::OutboxCount(state)));
  if (count < limits::kMaxOutboxItemsPerPeer) return absl::OkStatus();
  return OverLimit("OUTBOX_FULL",
                   absl::StrFormat("%d messages wait for %s already, which is the limit; see "
                                   "whether its node can be reached",
                                   count, state));
}

absl::StatusOr<std::string> AddToOutbox(Tx& tx, const std::string& state, bool emergency,
                                        uint64_t index, const v1::OutboxItem& item) {
  PALERMO_ASSIGN_OR_RETURN(uint64_t count, tx.GetCounter(keys::OutboxCount(state)));
  std::string key = keys::Outbox(state, emergency ? kEmergencyLane : kNormalLane, index);
  tx.Save(key, item, true);  // read soon: when it is answered
  tx.PutCounter(keys::OutboxCount(state), count + 1);
  return key;
}

absl::StatusOr<std::optional<std::string>> FindInOutbox(const Tx& tx, const std::string& state,
                                                        uint64_t index) {
  for (char lane : {kEmergencyLane, kNormalLane}) {
    std::string key = keys::Outbox(state, lane, index);
    PALERMO_ASSIGN_OR_RETURN(auto item, tx.Get(key));
    if (item.has_value()) return std::optional<std::string>(std::move(key));
  }
  return std::optional<std::string>();
}

absl::Status RemoveFromOutbox(Tx& tx, const std::string& state, const std::string& key) {
  PALERMO_ASSIGN_OR_RETURN(auto item, tx.Get(key));
  if (!item.has_value()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(uint64_t count, tx.GetCounter(keys::OutboxCount(state)));
  tx.Delete(key);
  tx.PutCounter(keys::OutboxCount(state), count > 0 ? count - 1 : 0);
  return absl::OkStatus();
}

}  // namespace palermo::exchange
