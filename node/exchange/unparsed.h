// An envelope that does not parse, and was submitted all the same: the peer's own entry says in
// which case, by whom and under which number. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_UNPARSED_H_
#define PALERMO_NODE_EXCHANGE_UNPARSED_H_

#include <string>

#include "node/exchange/deliver.h"

namespace palermo::exchange {

// The id is known even when nothing can be parsed, so that a refusal names the message.
void HashUnparsed(const v1::Envelope& envelope, trust::ParsedEnvelope* parsed);

// Where the receipt proves the submission of these very bytes, case, sender and number come from
// its entry: the refusal is final and uses up the number, so that it holds nothing back that comes
// after it. `verified->status` stays. Does nothing for an envelope that parsed.
void TakeSubmissionAlone(VerifiedParcel* verified, const std::string& own_state,
                         const std::string& peer, const crypto::Checkpoint& checkpoint);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_UNPARSED_H_
