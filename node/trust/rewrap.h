// Rewraps: a message's content key, sealed to a newer version of the authority's key, so that the
// old private key can be destroyed. The envelope's bytes never change; a rewrap stands beside them.
// docs/formats/officers.md is the specification.
//
// Gives: which officer made it, and that a node cannot put another one under his name. Does not
// give: that it opens the message. Only a desk with the newer key finds that out, by opening: the
// body commits to its key, so a wrong one is noticed.
#ifndef PALERMO_NODE_TRUST_REWRAP_H_
#define PALERMO_NODE_TRUST_REWRAP_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::trust {

// HPKE info: "palermo/v1/rewrap" || 0x00 || message id || SHA-256(authority || 0x00 || key id).
std::string RewrapInfo(std::string_view message_id, std::string_view authority,
                       std::string_view key_id);
// SHA-256(encapsulation || wrapped key), as in the statement.
std::string WrapSha256(const v1::Rewrap& rewrap);

// Form, and that the sealed bytes are the statement's. BAD_REWRAP.
absl::StatusOr<v1::RewrapStatement> ParseRewrap(const v1::Rewrap& rewrap);
// Signed by an officer of the authority, for the newest version whose window is open. Codes
// BAD_REWRAP, WRONG_SENDER, UNKNOWN_OFFICER, OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, STALE_KEY,
// BAD_SIGNATURE.
absl::StatusOr<v1::RewrapStatement> VerifyRewrap(const v1::Rewrap& rewrap,
                                                 const DirectoryIndex& directory, absl::Time at);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_REWRAP_H_
