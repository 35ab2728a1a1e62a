#include "node/desk/grants.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hpke.h"
#include "crypto/hpke_open.h"
#include "node/trust/grant.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;

const v1::SealingKeyEntry* FindByPublicKey(const v1::AuthorityEntry& authority,
                                           const crypto::SealingPublicKey& key) {
  for (const auto& entry : authority.sealing_keys()) {
    if (entry.public_key() == key.bytes && entry.kem() == static_cast<uint32_t>(key.kem)) {
      return &entry;
    }
  }
  return nullptr;
}

struct Receiver {
  crypto::SealingPublicKey key;
  std::string key_id;
};
absl::StatusOr<Receiver> FindReceiver(const std::string& receiver,
                                      const v1::AuthorityEntry& authority,
                                      const trust::DirectoryIndex& directory, bool any_authority) {
  if (receiver == trust::kRecoveryOfficer) {
    if (!authority.has_recovery_key()) {
      return Missing("UNKNOWN_KEY", Cat({authority.id(), " has no recovery key in the directory"}));
    }
    const v1::SealingKeyEntry& key = authority.recovery_key();
    PALERMO_ASSIGN_OR_RETURN(crypto::SealingPublicKey to,
                             trust::SealingPublicKeyOf(key.kem(), key.public_key()));
    return Receiver{std::move(to), key.key_id()};
  }
  const v1::OfficerEntry* officer = directory.FindOfficer(receiver);
  if (officer == nullptr || (!any_authority && AuthorityOf(officer->id()) != authority.id())) {
    return Missing("UNKNOWN_OFFICER",
                   Cat({receiver, " is not an officer of ", authority.id(), " in the directory"}));
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SealingPublicKey to,
      trust::SealingPublicKeyOf(officer->sealing_kem(), officer->sealing_key()));
  return Receiver{std::move(to), officer->sealing_key_id()};
}

}  // namespace

uint32_t VersionOf(const v1::AuthorityEntry& authority, const crypto::SealingPublicKey& key) {
  const v1::SealingKeyEntry* entry = FindByPublicKey(authority, key);
  if (entry != nullptr) return entry->version();
  uint32_t newest = 0;
  for (const auto& one : authority.sealing_keys()) newest = std::max(newest, one.version());
  return newest + 1;
}

absl::StatusOr<v1::Grant> MakeGrant(const std::string& authority,
                                    const crypto::SealingPrivateKey& key,
                                    const std::string& receiver,
                                    const trust::DirectoryIndex& directory,
                                    const OfficerKeys& granter, absl::Time now, Random& random,
                                    const std::string& break_glass_sha256) {
  const v1::AuthorityEntry* owner = directory.FindAuthority(authority);
  if (owner == nullptr) {
    return Missing("UNKNOWN_KEY", Cat({authority, " is not in the directory"}));
  }
  PALERMO_ASSIGN_OR_RETURN(Receiver to,
                           FindReceiver(receiver, *owner, directory, !break_glass_sha256.empty()));
  v1::GrantStatement statement;
  statement.set_authority(authority);
  statement.set_key_version(VersionOf(*owner, key.PublicKey()));
  statement.set_key_id(crypto::SealingKeyId(key.PublicKey()));
  statement.set_officer(receiver);
  statement.set_officer_key_id(to.key_id);
  statement.set_granted_by(granter.officer);
  statement.set_at_ms(ToMillis(now));
  statement.set_break_glass_sha256(break_glass_sha256);
  v1::Grant grant;
  grant.set_statement(trust::StrictSerialize(statement));
  PALERMO_ASSIGN_OR_RETURN(crypto::HpkeCiphertext sealed,
                           crypto::HpkeSeal(to.key, trust::GrantInfo(grant.statement()), "",
                                            key.bytes().Expose(SecretAccess::Grant()), random));
  grant.set_encapsulation(std::move(sealed.encapsulation));
  grant.set_wrapped_key(std::move(sealed.ciphertext));
  grant.set_signer_key_id(
      crypto::KeyId(crypto::kEd25519, crypto::AsView(granter.sign->public_key())));
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature signature,
                           granter.sign->TrySign(crypto::Purpose::kGrant, grant.statement()));
  grant.set_signature(std::string(crypto::AsView(signature)));
  return grant;
}

absl::StatusOr<AuthorityKey> OpenGrant(const v1::Grant& grant,
                                       const crypto::SealingPrivateKey& holder,
                                       const trust::DirectoryIndex& directory) {
  PALERMO_ASSIGN_OR_RETURN(v1::GrantStatement statement, trust::CheckGrant(grant, directory));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes bytes,
      crypto::HpkeOpen(holder, grant.encapsulation(), trust::GrantInfo(grant.statement()), "",
                       grant.wrapped_key()));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey key,
                           crypto::SealingPrivateKey::FromBytes(holder.kem(), std::move(bytes)));
  const v1::SealingKeyEntry* entry =
      FindByPublicKey(*directory.FindAuthority(statement.authority()), key.PublicKey());
  if (entry == nullptr || entry->key_id() != statement.key_id()) {
    return Refused("UNKNOWN_KEY", "the granted key is not the one that the directory names");
  }
  return AuthorityKey{statement.authority(), entry->version(), entry->key_id(), std::move(key)};
}

std::vector<AuthorityKey> OpenGrants(const google::protobuf::RepeatedPtrField<v1::Grant>& grants,
                                     const OfficerKeys& officer,
                                     const trust::DirectoryIndex& directory) {
  std::vector<AuthorityKey> keys;
  for (const v1::Grant& grant : grants) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    if (statement.officer() != officer.officer) continue;
    auto key = OpenGrant(grant, officer.seal, directory);
    if (key.ok()) keys.push_back(std::move(key).value());
  }
  return keys;
}

std::vector<AuthorityKey> OpenRecoveryGrants(
    const google::protobuf::RepeatedPtrField<v1::Grant>& grants,
    const crypto::SealingPrivateKey& recovery, const trust::DirectoryIndex& directory) {
  std::vector<AuthorityKey> keys;
  for (const v1::Grant& grant : grants) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    if (statement.officer() != trust::kRecoveryOfficer) continue;
    bool known = std::any_of(keys.begin(), keys.end(), [&](const AuthorityKey& key) {
      return key.key_id == statement.key_id();
    });
    if (known) continue;
    auto key = OpenGrant(grant, recovery, directory);
    if (key.ok()) keys.push_back(std::move(key).value());
  }
  return keys;
}

}  // namespace palermo::desk
