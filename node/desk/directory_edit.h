// Changes of a state's directory without anybody writing JSON: officers come, change and go,
// sealing keys are renewed. Each makes the next version, which nobody has signed yet. Pure.
#ifndef PALERMO_NODE_DESK_DIRECTORY_EDIT_H_
#define PALERMO_NODE_DESK_DIRECTORY_EDIT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/hpke.h"
#include "palermo/v1/officers.pb.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::desk {

// The version after `current`, issued now, with the same life. A document without signatures is a
// proposal: it is changed as it is, so that several changes make one version. BAD_DOCUMENT.
absl::StatusOr<v1::Directory> StartDirectory(const v1::SignedDocument& current, absl::Time now);
// Unsigned.
v1::SignedDocument FinishDirectory(v1::Directory directory);

struct Mandate {
  std::string person;
  std::vector<v1::Role::Code> roles;
  absl::Time from;
  absl::Time to;
};
// OFFICER_EXISTS, BAD_STATEMENT (another state's, or an authority that is not listed),
// USAGE (no role, or a mandate that ends before it begins).
absl::Status AdmitOfficer(const v1::OfficerRequest& request, const Mandate& mandate,
                          v1::Directory* directory);
// Empty roles and times of 0 stay as they were. UNKNOWN_OFFICER, USAGE.
absl::Status ChangeOfficer(const std::string& id, const std::vector<v1::Role::Code>& roles,
                           int64_t valid_from_ms, int64_t valid_to_ms, v1::Directory* directory);
absl::Status RemoveOfficer(const std::string& id, v1::Directory* directory);
// The keys of `request` in place of the lost ones. UNKNOWN_OFFICER; SAME_KEY when one is an old
// one.
absl::Status ReplaceOfficerKeys(const v1::OfficerRequest& request, v1::Directory* directory);

// A new version of the authority's key from `from` on; older ones that are still open close at
// `old_to`. UNKNOWN_RECIPIENT, SAME_KEY.
absl::Status AddSealingKey(const std::string& authority, const crypto::SealingPublicKey& key,
                           absl::Time from, absl::Time to, absl::Time old_to,
                           v1::Directory* directory);

// What changed, one plain line for each thing: "+ officer QM/central/o-0009 (DRAFTER) ...".
std::vector<std::string> DirectoryChanges(const v1::Directory& before, const v1::Directory& after);

// What people must know before they sign: that nobody is AUDITOR or ADMINISTRATOR any more, that an
// authority loses its last approver, or one of its last two custodians.
std::vector<std::string> RoleWarnings(const v1::Directory& before, const v1::Directory& after);

// Roles from words: USAGE.
absl::StatusOr<std::vector<v1::Role::Code>> ParseRoles(const std::vector<std::string>& words);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DIRECTORY_EDIT_H_
