// What the verified receipts of a message prove for each recipient state, and what they do not.
// Pure.
#ifndef PALERMO_NODE_DESK_RECIPIENT_PROOF_H_
#define PALERMO_NODE_DESK_RECIPIENT_PROOF_H_

#include <optional>
#include <string>
#include <vector>

#include "node/desk/json_value.h"
#include "node/desk/verification.h"

namespace palermo::desk {

struct RecipientProof {
  std::string state;
  // Of the recipient's own ledger; the sender's RELAY entry proves nothing about the recipient.
  std::optional<VerifiedReceipt> answer;     // it took delivery, refused it, or noted its expiry
  std::optional<VerifiedReceipt> retrieval;  // its desk opened it, or says why it could not
  v1::Header header = {};                    // of the message

  bool delivered() const;
};

// One for each recipient state, in the header's order.
std::vector<RecipientProof> ProofsOf(const VerifiedMessage& verified);
// The states without proof that they took delivery.
std::vector<std::string> NotDelivered(const std::vector<RecipientProof>& proofs);
// "  Delivery to QT: 2026-03-02T09:00:00Z, entry 12 of its ledger\n  Opened at QT: ...".
std::string ProofsText(const std::vector<RecipientProof>& proofs);
Json ProofsJson(const std::vector<RecipientProof>& proofs);

// {"state", "kind", "outcome", "reason", "at", "entry", "ledger"}.
Json ReceiptJson(const VerifiedReceipt& receipt);
// The fields of a record, put into `json`.
void AddRecord(const v1::Record& record, Json& json);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_RECIPIENT_PROOF_H_
