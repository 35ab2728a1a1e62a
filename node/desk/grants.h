// Grants: an authority's sealing key is made on a desk and given, sealed and signed, to each
// officer who shall read, and to the authority's offline recovery key.
#ifndef PALERMO_NODE_DESK_GRANTS_H_
#define PALERMO_NODE_DESK_GRANTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "node/desk/officer_keys.h"
#include "node/desk/opening.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::desk {

// Seals `key` for `receiver` (an officer of the authority, or "recovery") and signs. Codes
// UNKNOWN_KEY when `key` is no sealing key of the authority in the directory, UNKNOWN_OFFICER.
absl::StatusOr<v1::Grant> MakeGrant(const std::string& authority,
                                    const crypto::SealingPrivateKey& key,
                                    const std::string& receiver,
                                    const trust::DirectoryIndex& directory,
                                    const OfficerKeys& granter, absl::Time now, Random& random);

// The key inside a grant for this holder, if the grant is right and its key is the directory's.
// Codes of VerifyGrant, CANNOT_OPEN, UNKNOWN_KEY.
absl::StatusOr<AuthorityKey> OpenGrant(const v1::Grant& grant,
                                       const crypto::SealingPrivateKey& holder,
                                       const trust::DirectoryIndex& directory, absl::Time now);

// All keys that were granted to this officer; grants to others are passed over, wrong ones too (a
// node cannot keep good ones from working by adding bad ones).
std::vector<AuthorityKey> OpenGrants(const google::protobuf::RepeatedPtrField<v1::Grant>& grants,
                                     const OfficerKeys& officer,
                                     const trust::DirectoryIndex& directory, absl::Time now);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_GRANTS_H_
