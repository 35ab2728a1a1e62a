// Statements that two officers sign together: break-glass (access for a time) and the destruction
// of a sealing key. docs/formats/officers.md is the specification.
//
// Gives: two different persons, with a mandate and a role that allows it, signed these bytes. Does
// not give: that the reason which they state is true; the ledger and the auditors are for that.
#ifndef PALERMO_NODE_TRUST_STATEMENT_H_
#define PALERMO_NODE_TRUST_STATEMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::trust {

// Who keeps the sealing keys of his authority: its custodians; where the directory lists none, its
// approvers and administrators. Only they grant and destroy.
bool KeepsKeys(const DirectoryIndex& directory, const v1::OfficerEntry& officer);

// Adds the officer's signature, or replaces his earlier one; the list stays sorted by officer.
// Fails as crypto::Signer::TrySign does.
absl::Status SignStatement(crypto::Purpose purpose, const std::string& officer,
                           const crypto::Signer& signer, v1::SignedStatement* statement);

// Codes BAD_STATEMENT (form, times), WRONG_SENDER (authority), UNKNOWN_OFFICER,
// OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, BAD_SIGNATURE, WRONG_ROLE, SAME_OFFICER, SAME_KEY,
// SAME_PERSON, TOO_FEW_APPROVALS (not two signatures).
absl::StatusOr<v1::BreakGlassStatement> VerifyBreakGlass(const v1::SignedStatement& statement,
                                                         const DirectoryIndex& directory,
                                                         absl::Time at);
// UNKNOWN_KEY also when the authority never had this version in `directory`.
absl::StatusOr<v1::KeyDestructionStatement> VerifyKeyDestruction(
    const v1::SignedStatement& statement, const DirectoryIndex& directory, absl::Time at);

// What it says, unverified: BAD_STATEMENT unless the bytes are in their one encoding.
absl::StatusOr<v1::BreakGlassStatement> ParseBreakGlass(const v1::SignedStatement& statement);
absl::StatusOr<v1::KeyDestructionStatement> ParseKeyDestruction(
    const v1::SignedStatement& statement);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_STATEMENT_H_
