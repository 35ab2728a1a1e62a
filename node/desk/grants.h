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

// Seals `key` for `receiver` (an officer of the authority, or "recovery") and signs. A key that the
// directory does not name yet becomes the version after the newest. With `break_glass_sha256` the
// receiver may be an officer of another authority. Codes UNKNOWN_KEY, UNKNOWN_OFFICER.
absl::StatusOr<v1::Grant> MakeGrant(const std::string& authority,
                                    const crypto::SealingPrivateKey& key,
                                    const std::string& receiver,
                                    const trust::DirectoryIndex& directory,
                                    const OfficerKeys& granter, absl::Time now, Random& random,
                                    const std::string& break_glass_sha256 = "");

// The key inside a grant for this holder, if the grant is right and its key is the directory's.
// Codes of CheckGrant, CANNOT_OPEN, UNKNOWN_KEY.
absl::StatusOr<AuthorityKey> OpenGrant(const v1::Grant& grant,
                                       const crypto::SealingPrivateKey& holder,
                                       const trust::DirectoryIndex& directory);
// The version that a key has, or will have when the directory names it.
uint32_t VersionOf(const v1::AuthorityEntry& authority, const crypto::SealingPublicKey& key);

// All keys that were granted to this officer; grants to others are passed over, wrong ones too (a
// node cannot keep good ones from working by adding bad ones).
std::vector<AuthorityKey> OpenGrants(const google::protobuf::RepeatedPtrField<v1::Grant>& grants,
                                     const OfficerKeys& officer,
                                     const trust::DirectoryIndex& directory);
// All keys that were granted to the authority's recovery key, each version once.
std::vector<AuthorityKey> OpenRecoveryGrants(
    const google::protobuf::RepeatedPtrField<v1::Grant>& grants,
    const crypto::SealingPrivateKey& recovery, const trust::DirectoryIndex& directory);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_GRANTS_H_
