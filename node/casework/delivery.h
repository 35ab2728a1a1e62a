// What counts as the delivery of a message (docs/formats/ledger.md): one answer for the sender's
// node, the desks and the casebook. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_DELIVERY_H_
#define PALERMO_NODE_CASEWORK_DELIVERY_H_

#include <cstdint>

#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/ledger.pb.h"

namespace palermo::casework {

// An entry of a recipient's ledger, of this message: its node took it before the message's end. One
// that says that it took it later is no delivery: for its sender the message has expired.
inline bool IsDelivery(uint32_t kind, uint32_t outcome, int64_t at_ms, const v1::Header& header) {
  return kind == uint32_t{v1::RecordKind::DELIVERY} && outcome == uint32_t{v1::Outcome::ACCEPTED} &&
         at_ms < header.expires_at_ms();
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_DELIVERY_H_
