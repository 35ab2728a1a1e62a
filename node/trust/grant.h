// Grants: an authority's sealing key, given to one officer. Building needs the private key and
// happens on a desk; parsing and checking the signature happens everywhere.
#ifndef PALERMO_NODE_TRUST_GRANT_H_
#define PALERMO_NODE_TRUST_GRANT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::trust {

inline constexpr char kRecoveryOfficer[] = "recovery";

// HPKE info: "palermo/v1/grant" || 0x00 || SHA-256(statement bytes).
std::string GrantInfo(std::string_view statement);

// Signed by an officer of the same authority, for a key and a receiver of the directory.
// Codes BAD_SIGNATURE, UNKNOWN_OFFICER, OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, WRONG_SENDER,
// UNREADABLE.
absl::StatusOr<v1::GrantStatement> VerifyGrant(const v1::Grant& grant,
                                               const DirectoryIndex& directory, absl::Time at);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_GRANT_H_
