// Grants: an authority's sealing key, given to one officer. Building needs the private key and
// happens on a desk; parsing and checking the signature happens everywhere.
#ifndef PALERMO_NODE_TRUST_GRANT_H_
#define PALERMO_NODE_TRUST_GRANT_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::trust {

inline constexpr char kRecoveryOfficer[] = "recovery";

// HPKE info: "palermo/v1/grant" || 0x00 || SHA-256(statement bytes).
std::string GrantInfo(std::string_view statement);

// A break-glass statement that is in force, as far as a grant needs it.
struct BreakGlassAccess {
  std::string sha256;  // of the statement
  std::string authority;
  std::string officer;
  std::vector<std::string> signers;
};

// What a node takes: signed by an officer who keeps the authority's keys, for a receiver of the
// directory; the key is one of the directory, or a version after them that waits to be named there.
// A grant by break-glass is to the officer of `access` and may be signed by its signers too.
// Codes BAD_SIGNATURE, UNKNOWN_OFFICER, OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, WRONG_SENDER,
// WRONG_ROLE, NO_BREAK_GLASS, UNREADABLE.
absl::StatusOr<v1::GrantStatement> VerifyGrant(const v1::Grant& grant,
                                               const DirectoryIndex& directory, absl::Time at,
                                               const BreakGlassAccess* access = nullptr);

// What a desk opens, at any later time: the key is the directory's, and so is the receiver's. The
// granter may be gone by then; while he is there with the same key, his signature must hold. A
// false grant gives nothing: what it opens to must be the private key of the directory's.
absl::StatusOr<v1::GrantStatement> CheckGrant(const v1::Grant& grant,
                                              const DirectoryIndex& directory);

// Who holds a key, by the grants that were taken: receivers that are in `directory` with the key
// that they were granted to. Grants by break-glass do not count.
struct GrantStanding {
  std::set<std::string> officers;
  std::set<std::string> persons;
  bool recovery = false;
  // Two persons and recovery: the key may be used.
  bool active() const;
};
GrantStanding CountGrants(const std::vector<v1::GrantStatement>& grants, const std::string& key_id,
                          const v1::AuthorityEntry& authority, const DirectoryIndex& directory);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_GRANT_H_
