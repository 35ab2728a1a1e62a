#include "node/trust/grant.h"

#include <algorithm>

#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr std::string_view kGrantDomain("palermo/v1/grant\0", 17);

const v1::SealingKeyEntry* FindKey(const v1::AuthorityEntry& authority,
                                   const v1::GrantStatement& statement) {
  for (const auto& key : authority.sealing_keys()) {
    if (key.key_id() == statement.key_id() && key.version() == statement.key_version()) return &key;
  }
  return nullptr;
}

// A version that is granted before the directory names it.
bool IsNextVersion(const v1::AuthorityEntry& authority, const v1::GrantStatement& statement) {
  if (statement.key_id().size() != limits::kKeyIdBytes) return false;
  return std::all_of(authority.sealing_keys().begin(), authority.sealing_keys().end(),
                     [&](const v1::SealingKeyEntry& key) {
                       return key.version() < statement.key_version() &&
                              key.key_id() != statement.key_id();
                     });
}

absl::Status UnknownKey(const v1::AuthorityEntry& authority) {
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
  bool of_authority = officer != nullptr && AuthorityOf(officer->id()) == authority.id();
  if (officer == nullptr || (!of_authority && statement.break_glass_sha256().empty())) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({statement.officer(), " is not an officer of ", authority.id()}));
  }
  bool only_audits = std::all_of(officer->roles().begin(), officer->roles().end(),
                                 [](int role) { return role == v1::Role::AUDITOR; });
  if (only_audits && statement.break_glass_sha256().empty()) {
    return Refused(
        "WRONG_ROLE",
        Cat({officer->id(), " reads no messages; an auditor gets a key by ", "break-glass only"}));
  }
  if (officer->sealing_key_id() != statement.officer_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  return absl::OkStatus();
}

absl::Status CheckAccess(const v1::GrantStatement& statement, const BreakGlassAccess* access) {
  if (statement.break_glass_sha256().empty()) return absl::OkStatus();
  if (access != nullptr && access->sha256 == statement.break_glass_sha256() &&
      access->authority == statement.authority() && access->officer == statement.officer()) {
    return absl::OkStatus();
  }
  return Refused("NO_BREAK_GLASS",
                 Cat({"no break-glass statement in force gives ", statement.officer(),
                      " access to ", statement.authority()}));
}

// The granter keeps the authority's keys, or signed the break-glass statement that the grant names.
absl::StatusOr<const v1::OfficerEntry*> FindGranter(const v1::GrantStatement& statement,
                                                    const v1::AuthorityEntry& authority,
                                                    const DirectoryIndex& directory,
                                                    const BreakGlassAccess* access) {
  const v1::OfficerEntry* granter = directory.FindOfficer(statement.granted_by());
  if (granter != nullptr && access != nullptr &&
      std::count(access->signers.begin(), access->signers.end(), granter->id()) > 0) {
    return granter;
  }
  if (granter == nullptr || AuthorityOf(granter->id()) != authority.id()) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({statement.granted_by(), " is not an officer of ", authority.id()}));
  }
  if (!KeepsKeys(directory, *granter)) {
    return Refused("WRONG_ROLE", Cat({granter->id(), " does not keep the keys of ", authority.id(),
                                      "; its custodians do"}));
  }
  return granter;
}

absl::Status CheckSignature(const v1::Grant& grant, const v1::OfficerEntry& granter) {
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(granter.signing_key()));
  return crypto::Verify(crypto::Purpose::kGrant, key, grant.statement(), grant.signature());
}

}  // namespace

std::string GrantInfo(std::string_view statement) {
  return Cat({kGrantDomain, AsView(crypto::Sha256(statement))});
}

absl::StatusOr<v1::GrantStatement> VerifyGrant(const v1::Grant& grant,
                                               const DirectoryIndex& directory, absl::Time at,
                                               const BreakGlassAccess* access) {
  v1::GrantStatement statement;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(grant.statement(), &statement, "UNREADABLE", "grant statement"));
  const v1::AuthorityEntry* authority = directory.FindAuthority(statement.authority());
  if (authority == nullptr) {
    return Refused("WRONG_SENDER", Cat({statement.authority(), " is not in the directory"}));
  }
  if (FindKey(*authority, statement) == nullptr && !IsNextVersion(*authority, statement)) {
    return UnknownKey(*authority);
  }
  if (authority->has_recovery_key() && statement.key_id() == authority->recovery_key().key_id()) {
    return Refused("SAME_KEY", Cat({"this is the recovery key of ", authority->id(),
                                    "; it is granted to nobody"}));
  }
  if (statement.break_glass_sha256().empty()) access = nullptr;  // what it does not name
  PALERMO_RETURN_IF_ERROR(CheckAccess(statement, access));
  PALERMO_RETURN_IF_ERROR(CheckReceiver(statement, *authority, directory));
  PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* granter,
                           FindGranter(statement, *authority, directory, access));
  PALERMO_RETURN_IF_ERROR(CheckMandate(*granter, at));
  if (grant.signer_key_id() != granter->signing_key_id()) {
    return Refused("UNKNOWN_KEY", "the granter's key is not the directory's");
  }
  PALERMO_RETURN_IF_ERROR(CheckSignature(grant, *granter));
  return statement;
}

absl::StatusOr<v1::GrantStatement> CheckGrant(const v1::Grant& grant,
                                              const DirectoryIndex& directory) {
  v1::GrantStatement statement;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(grant.statement(), &statement, "UNREADABLE", "grant statement"));
  const v1::AuthorityEntry* authority = directory.FindAuthority(statement.authority());
  if (authority == nullptr) {
    return Refused("WRONG_SENDER", Cat({statement.authority(), " is not in the directory"}));
  }
  if (FindKey(*authority, statement) == nullptr) return UnknownKey(*authority);
  PALERMO_RETURN_IF_ERROR(CheckReceiver(statement, *authority, directory));
  const v1::OfficerEntry* granter = directory.FindOfficer(statement.granted_by());
  if (granter != nullptr && granter->signing_key_id() == grant.signer_key_id()) {
    PALERMO_RETURN_IF_ERROR(CheckSignature(grant, *granter));
  }
  return statement;
}

bool GrantStanding::active() const {
  return recovery && persons.size() >= limits::kGrantsToOfficersNeeded;
}

GrantStanding CountGrants(const std::vector<v1::GrantStatement>& grants, const std::string& key_id,
                          const v1::AuthorityEntry& authority, const DirectoryIndex& directory) {
  GrantStanding standing;
  for (const v1::GrantStatement& grant : grants) {
    if (grant.authority() != authority.id() || grant.key_id() != key_id) continue;
    if (!grant.break_glass_sha256().empty()) continue;
    if (!CheckReceiver(grant, authority, directory).ok()) continue;
    if (grant.officer() == kRecoveryOfficer) {
      standing.recovery = true;
      continue;
    }
    standing.officers.insert(grant.officer());
    standing.persons.insert(directory.FindOfficer(grant.officer())->person());
  }
  return standing;
}

}  // namespace palermo::trust
