// The recipient's side: a parcel, a notice or a filled number comes from a peer. Verification needs
// no store but a look-up of directories (VerifyParcel, in a pool); decisions run in the committer.
#ifndef PALERMO_NODE_EXCHANGE_DELIVER_H_
#define PALERMO_NODE_EXCHANGE_DELIVER_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/checkpoint.h"
#include "node/exchange/tx.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// A parcel after everything that can be judged without the store. `status` is the judgement; what
// could be parsed is there even when it is not ok, so that the refusal names the message.
struct VerifiedParcel {
  absl::Status status;
  bool receipt_ok = false;  // the submission receipt holds: the sender did send this message
  trust::ParsedEnvelope parsed;
  v1::Record submission;
  v1::Parcel parcel;
  uint64_t number = 0;  // for our state
  bool needs_confirmation = false;
  trust::TrustPtr view;
};

// Finds a directory version of a peer; null when it is not known here.
using DirectoryLookup = std::function<trust::DirectoryPtr(uint64_t version)>;

// `checkpoint` is the parcel's, already verified. A status with code UNKNOWN_DIRECTORY means: ask
// the peer for its documents and let it send again.
VerifiedParcel VerifyParcel(const trust::TrustPtr& view, const std::string& own_state,
                            const std::string& peer, const DirectoryLookup& directories,
                            const crypto::Checkpoint& checkpoint, v1::Parcel parcel);

// Each answers with the index of the entry whose receipt goes back. Refusals are entries too, so
// these fail only when the store does.
absl::StatusOr<uint64_t> DecideDelivery(Tx& tx, const std::string& peer, VerifiedParcel parcel);
// The sender's message expired before we had it; unless it did arrive, its number is filled.
absl::StatusOr<uint64_t> DecideFilled(Tx& tx, const std::string& peer,
                                      const v1::FilledNumber& filled, const absl::Status& verified);
// The recipient's desk opened our message, or could not.
absl::StatusOr<uint64_t> DecideNotice(Tx& tx, const std::string& peer, const v1::PeerNotice& notice,
                                      const absl::Status& verified,
                                      const v1::RetrievalStatement& statement);

// Order in the sender's ledger: the submission lies after the entry of its directory and before
// that of the next one. OLD_DIRECTORY otherwise.
absl::Status CheckDirectoryOrder(const Tx& tx, const std::string& peer,
                                 const v1::Record& submission, uint64_t submission_index);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DELIVER_H_
