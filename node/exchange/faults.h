// What a peer's node did against the rules, kept beside its entry for administrators and auditors,
// with what proves it. A fault is a peer's doing and no disagreement: an act that crossed another
// or a message that came too late is none.
#ifndef PALERMO_NODE_EXCHANGE_FAULTS_H_
#define PALERMO_NODE_EXCHANGE_FAULTS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "node/exchange/deliver.h"
#include "node/exchange/tx.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// The peer's node sent what an honest one would not have let through.
bool IsFaultOfPeer(const absl::Status& refusal);
// Keeps it under the entry `index`. Of each peer as many are kept as one page lists, and no more
// bytes of proofs than the limit; then the entries alone remain, so that nobody can fill the store.
absl::Status KeepFault(Tx& tx, const std::string& peer, uint64_t index, const absl::Status& status,
                       v1::PeerFault proof);
// Keeps a fault of a stream or of documents, whole but for its bounds: proofs up to their bytes,
// and what has no proof up to its number.
absl::Status KeepStreamFault(Tx& tx, const v1::PeerFault& fault);
// For a refused parcel. When its submission receipt holds, that is the proof: the peer's node
// entered this message with these signatures, whatever it says later.
absl::Status KeepParcelFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const VerifiedParcel& parcel);
// For an answer that breaks a rule: the peer's own receipt is the proof.
absl::Status KeepAnswerFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const v1::Receipt& answer);
// For a refused retrieval notice: its receipt and the officer's statement.
absl::Status KeepNoticeFault(Tx& tx, const std::string& peer, uint64_t index,
                             const absl::Status& status, const v1::PeerNotice& notice);

// A store of before the counters has faults and no counts of them: they are counted once, so that
// the bounds hold and an administrator sees how many there are. What does not parse is told and
// left out.
absl::Status CountOldFaults(Tx& tx, const std::string& peer,
                            absl::FunctionRef<void(const absl::Status&)> tell_damage);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_FAULTS_H_
