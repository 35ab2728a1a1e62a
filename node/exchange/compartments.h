// Openings of sealed compartments at the node: it cannot see them, it enters who opens one and why.
// Internal to this room. docs/formats/compartment.md is the specification.
#ifndef PALERMO_NODE_EXCHANGE_COMPARTMENTS_H_
#define PALERMO_NODE_EXCHANGE_COMPARTMENTS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::exchange {

// An entry for each call; with one signature (life in danger) a notice to the auditors too. Codes
// of trust::VerifyOpening, WRONG_SENDER when the caller is not the opener, UNKNOWN_MESSAGE when no
// message with this id was sent or received by the authority.
absl::StatusOr<uint64_t> DecideOpening(Tx& tx, const v1::SignedStatement& statement,
                                       const std::string& caller);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_COMPARTMENTS_H_
