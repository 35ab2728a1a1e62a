#include "node/trust/grant.h"

#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr std::string_view kGrantDomain("palermo/v1/grant\0", 17);

absl::Status CheckKey(const v1::GrantStatement& statement, const v1::AuthorityEntry& authority) {
  for (const auto& key : authority.sealing_keys()) {
    if (key.key_id() == statement.key_id() && key.version() == statement.key_version()) {
      return absl::OkStatus();
    }
  }
  return Refused("UNKNOWN_KEY",
                 Cat({"the granted key is not in the directory of ", authority.id()}));
}

absl::Status CheckReceiver(const v1::GrantStatement& statement, const v1::AuthorityEntry& authority,
                           const DirectoryIndex& directory) {
  if (statement.officer() == kRecoveryOfficer) {
    if (authority.has_recovery_key() &&
        statement.officer_key_id() == authority.recovery_key().key_id()) {
      return absl::OkStatus();
    }
    return Refused("UNKNOWN_KEY", "the recovery key is not the directory's");
  }
  const v1::OfficerEntry* officer = directory.FindOfficer(statement.officer());
  if (officer == nullptr || AuthorityOf(officer->id()) != authority.id()) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({statement.officer(), " is not an officer of ", authority.id()}));
  }
  if (officer->sealing_key_id() != statement.officer_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  return absl::OkStatus();
}

}  // namespace

std::string GrantInfo(std::string_view statement) {
  return Cat({kGrantDomain, AsView(crypto::Sha256(statement))});
}

absl::StatusOr<v1::GrantStatement> VerifyGrant(const v1::Grant& grant,
                                               const DirectoryIndex& directory, absl::Time at) {
  v1::GrantStatement statement;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(grant.statement(), &statement, "UNREADABLE", "grant statement"));
  const v1::AuthorityEntry* authority = directory.FindAuthority(statement.authority());
  if (authority == nullptr) {
    return Refused("WRONG_SENDER", Cat({statement.authority(), " is not in the directory"}));
  }
  PALERMO_RETURN_IF_ERROR(CheckKey(statement, *authority));
  PALERMO_RETURN_IF_ERROR(CheckReceiver(statement, *authority, directory));
  const v1::OfficerEntry* granter = directory.FindOfficer(statement.granted_by());
  if (granter == nullptr || AuthorityOf(granter->id()) != authority->id()) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({statement.granted_by(), " is not an officer of ", authority->id()}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*granter, at));
  if (grant.signer_key_id() != granter->signing_key_id()) {
    return Refused("UNKNOWN_KEY", "the granter's key is not the directory's");
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(granter->signing_key()));
  PALERMO_RETURN_IF_ERROR(
      crypto::Verify(crypto::Purpose::kGrant, key, grant.statement(), grant.signature()));
  return statement;
}

}  // namespace palermo::trust
