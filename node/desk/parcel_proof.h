// The proof that a node keeps of a refused message (docs/threat-model.md, "Hostile states"): that
// the sender's node entered it, with these signatures. Verified by anybody, with no node.
#ifndef PALERMO_NODE_DESK_PARCEL_PROOF_H_
#define PALERMO_NODE_DESK_PARCEL_PROOF_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/fault.pb.h"
#include "palermo/v1/ledger.pb.h"

namespace palermo::desk {

struct ParcelProof {
  v1::Header header;
  v1::Record submission;
  std::vector<v1::OfficerSignature> signatures;
  // Its signatures judged under that directory: ok, or why an honest node would not have entered
  // it. UNKNOWN_DIRECTORY when the submission was under another directory than this one.
  absl::Status judged;
};

// BAD_FILE when it is no such proof; BAD_RECEIPT when the receipt is not of this message, or the
// node of this directory did not sign it.
absl::StatusOr<ParcelProof> VerifyParcelProof(const v1::RefusedParcel& proof,
                                              const trust::DirectoryIndex& directory);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_PARCEL_PROOF_H_
