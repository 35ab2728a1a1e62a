// A folder with everything that a third person needs to verify one message, with no node running:
// the sealed envelope, the signature list, receipts, rosters, charters and directories. It shows
// who sent what when; it does not open the body.
#ifndef PALERMO_NODE_DESK_EVIDENCE_H_
#define PALERMO_NODE_DESK_EVIDENCE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/desk/trust_memory.h"
#include "node/desk/verification.h"

namespace palermo::desk {

// Makes `folder`, which must not be there. FILE_EXISTS, CANNOT_WRITE.
absl::Status SaveEvidence(const std::string& folder, const v1::FetchMessageResponse& message,
                          const TrustMemory& trust);

// Reads and verifies a folder from the roster whose SHA-256 is `fingerprint`, whichever of them it
// is. BAD_DOCUMENT when none has it. NO_FILE, BAD_FILE when the folder is not whole.
// `confirmed_roots`: fingerprints of root keys that a roster of the folder changed without the old
// ones, compared out of band.
absl::StatusOr<VerifiedMessage> VerifyEvidence(const std::string& folder, const Hash& fingerprint,
                                               const std::vector<Hash>& confirmed_roots = {});

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_EVIDENCE_H_
