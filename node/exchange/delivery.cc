#include "node/exchange/delivery.h"

#include "base/status.h"
#include "node/exchange/keys.h"

namespace palermo::exchange {

std::optional<v1::DeliveryStatus> PendingDelivery(const v1::StoredMessage& message,
                                                  const std::string& state) {
  if (message.incoming()) return std::nullopt;
  for (const auto& number : message.numbers()) {
    if (number.state() != state) continue;
    v1::DeliveryStatus status;
    status.set_state(state);
    status.set_number(number.number());
    status.set_outcome(v1::Outcome::PENDING);
    status.set_since_ms(message.recorded_at_ms());
    return status;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<v1::DeliveryStatus>> LoadDelivery(const Tx& tx, const std::string& id,
                                                               const v1::StoredMessage& message,
                                                               const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(auto status, tx.Load<v1::DeliveryStatus>(keys::Delivery(id, state)));
  if (status.has_value()) return status;
  return PendingDelivery(message, state);
}

absl::StatusOr<std::vector<v1::DeliveryStatus>> DeliveriesOf(const storage::KvReader& store,
                                                             const std::string& id,
                                                             const v1::StoredMessage& message) {
  std::vector<v1::DeliveryStatus> deliveries;
  if (message.incoming()) return deliveries;
  for (const auto& number : message.numbers()) {
    PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(keys::Delivery(id, number.state())));
    std::optional<v1::DeliveryStatus> status = PendingDelivery(message, number.state());
    if (bytes.has_value() && !status->ParseFromString(*bytes)) {
      return Damaged("STORE_DAMAGED", "a stored delivery does not parse");
    }
    deliveries.push_back(*std::move(status));
  }
  return deliveries;
}

void AddPeerReceipts(v1::DeliveryStatus delivery, std::vector<v1::StoredReceipt>* receipts) {
  if (delivery.has_answer()) {
    v1::StoredReceipt& answer = receipts->emplace_back();
    answer.set_state(delivery.state());
    *answer.mutable_receipt() = std::move(*delivery.mutable_answer());
  }
  if (delivery.has_retrieval_receipt()) {
    v1::StoredReceipt& retrieval = receipts->emplace_back();
    retrieval.set_state(delivery.state());
    *retrieval.mutable_receipt() = std::move(*delivery.mutable_retrieval_receipt());
    *retrieval.mutable_retrieval() = std::move(*delivery.mutable_retrieval_statement());
  }
}

}  // namespace palermo::exchange
