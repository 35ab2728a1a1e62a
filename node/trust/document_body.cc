#include "node/trust/document_body.h"

#include <set>
#include <tuple>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/signing.h"
#include "node/trust/authority.h"
#include "node/trust/documents.h"

namespace palermo::trust {
namespace {

// One line that a screen shows as it is. That it is UTF-8, Protobuf has checked.
absl::Status CheckText(std::string_view text, size_t max_bytes, std::string_view what,
                       std::string_view name) {
  if (text.size() > max_bytes) {
    return OverLimit("BAD_DOCUMENT",
                     absl::StrFormat("%s: the %s is longer than %d bytes", what, name, max_bytes));
  }
  if (!HasControls(text, "")) return absl::OkStatus();
  return Bad(what, Cat({"the ", name, " has a control character"}));
}

absl::Status Twice(std::string_view what, std::string_view text) {
  return InputError("DUPLICATE_KEY", Cat({what, ": ", text}));
}

absl::Status CheckSize(std::string_view bytes, std::string_view what, std::string_view name) {
  if (bytes.size() == 32) return absl::OkStatus();
  return Bad(what, Cat({"the ", name, " has not 32 bytes"}));
}

// Every key of a directory stands in it once, whatever it is for.
absl::Status TakeKeyId(const std::string& key_id, std::string_view what,
                       std::set<std::string>* key_ids) {
  if (key_ids->insert(key_id).second) return absl::OkStatus();
  return Twice(what, "a key id stands twice");
}

absl::Status CheckSealingPublicKey(uint32_t kem, const std::string& public_key,
                                   const std::string& key_id, std::string_view what) {
  auto key = SealingPublicKeyOf(kem, public_key);
  if (!key.ok()) return Bad(what, Cat({"the sealing key: ", TextOf(key.status())}));
  if (key_id != crypto::SealingKeyId(*key)) {
    return Bad(what, "the sealing key does not match its key id");
  }
  return absl::OkStatus();
}

absl::Status CheckSealingKey(const v1::SealingKeyEntry& key, std::string_view what,
                             std::set<std::string>* key_ids) {
  PALERMO_RETURN_IF_ERROR(CheckSealingPublicKey(key.kem(), key.public_key(), key.key_id(), what));
  if (key.valid_to_ms() <= key.valid_from_ms()) return Bad(what, "the sealing key has no window");
  return TakeKeyId(key.key_id(), what, key_ids);
}

absl::Status CheckNode(const v1::Directory& directory, std::set<std::string>* key_ids) {
  const v1::NodeEntry& node = directory.node();
  for (const auto& key : {node.checkpoint_key(), node.cosignature_key()}) {
    PALERMO_RETURN_IF_ERROR(CheckSize(key, "node", "checkpoint or cosignature key"));
    PALERMO_RETURN_IF_ERROR(TakeKeyId(crypto::KeyId(crypto::kEd25519, key), "node", key_ids));
  }
  if (node.tls_pins_size() < 1 || node.tls_pins_size() > 2) {
    return Bad("node", "it needs one or two TLS pins");
  }
  for (const auto& pin : node.tls_pins()) {
    PALERMO_RETURN_IF_ERROR(CheckSize(pin, "node", "TLS pin"));
  }
  if (node.tls_pins_size() == 2 && node.tls_pins(0) == node.tls_pins(1)) {
    return Twice("node", "a TLS pin stands twice");
  }
  std::string prefix = Cat({"palermo/", directory.state(), "/"});
  if (node.ledger_origin().rfind(prefix, 0) != 0 || node.ledger_origin().size() == prefix.size()) {
    return Bad("node", Cat({"the ledger's origin does not begin with ", prefix}));
  }
  if (node.endpoint().empty()) return Bad("node", "it has no endpoint");
  PALERMO_RETURN_IF_ERROR(
      CheckText(node.endpoint(), limits::kMaxEndpointBytes, "node", "endpoint"));
  return CheckText(node.ledger_origin(), limits::kMaxNameBytes, "node", "ledger's origin");
}

absl::Status CheckSealingKeys(const v1::AuthorityEntry& authority, std::set<std::string>* key_ids) {
  std::set<uint32_t> versions;
  for (const auto& key : authority.sealing_keys()) {
    PALERMO_RETURN_IF_ERROR(CheckSealingKey(key, authority.id(), key_ids));
    if (!versions.insert(key.version()).second) {
      return Bad(authority.id(), "two sealing keys have the same version");
    }
  }
  if (!authority.has_recovery_key()) return absl::OkStatus();
  return CheckSealingKey(authority.recovery_key(), authority.id(), key_ids);
}

absl::Status CheckAuthorities(const v1::Directory& directory, std::set<std::string>* key_ids) {
  if (directory.authorities_size() > static_cast<int>(limits::kMaxAuthoritiesPerState)) {
    return OverLimit("BAD_DOCUMENT", "directory: too many authorities");
  }
  std::string last;
  for (const auto& authority : directory.authorities()) {
    if (!IsAuthorityId(authority.id()) || StateOf(authority.id()) != directory.state()) {
      return Bad("directory", Cat({"'", authority.id(), "' is not an authority of this state"}));
    }
    if (authority.id() <= last) return Bad("directory", "authorities are not sorted or not unique");
    last = authority.id();
    PALERMO_RETURN_IF_ERROR(CheckAuthorityEntry(authority));
    PALERMO_RETURN_IF_ERROR(CheckSealingKeys(authority, key_ids));
  }
  return absl::OkStatus();
}

absl::Status CheckOfficer(const v1::OfficerEntry& officer, std::set<std::string>* key_ids,
                          std::set<std::string>* pins) {
  PALERMO_RETURN_IF_ERROR(CheckSize(officer.signing_key(), officer.id(), "signing key"));
  if (officer.signing_key_id() != crypto::KeyId(crypto::kEd25519, officer.signing_key())) {
    return Bad(officer.id(), "the signing key does not match its key id");
  }
  PALERMO_RETURN_IF_ERROR(TakeKeyId(officer.signing_key_id(), officer.id(), key_ids));
  PALERMO_RETURN_IF_ERROR(CheckSealingPublicKey(officer.sealing_kem(), officer.sealing_key(),
                                                officer.sealing_key_id(), officer.id()));
  PALERMO_RETURN_IF_ERROR(TakeKeyId(officer.sealing_key_id(), officer.id(), key_ids));
  if (officer.person().empty()) return Bad(officer.id(), "it names no person");
  PALERMO_RETURN_IF_ERROR(
      CheckText(officer.person(), limits::kMaxNameBytes, officer.id(), "person"));
  if (officer.tls_pins_size() > 2) return Bad(officer.id(), "more than two TLS pins");
  for (const auto& pin : officer.tls_pins()) {
    PALERMO_RETURN_IF_ERROR(CheckSize(pin, officer.id(), "TLS pin"));
    if (!pins->insert(pin).second) return Twice(officer.id(), "a TLS pin stands twice");
  }
  return absl::OkStatus();
}

absl::Status CheckOfficers(const v1::Directory& directory, std::set<std::string>* key_ids) {
  if (directory.officers_size() > static_cast<int>(limits::kMaxOfficersPerState)) {
    return OverLimit("BAD_DOCUMENT", "directory: too many officers");
  }
  std::string last;
  std::set<std::string> pins(directory.node().tls_pins().begin(),
                             directory.node().tls_pins().end());
  std::set<std::string> authorities;
  for (const auto& authority : directory.authorities()) authorities.insert(authority.id());
  for (const auto& officer : directory.officers()) {
    if (!IsOfficerId(officer.id()) || authorities.count(AuthorityOf(officer.id())) == 0) {
      return Bad("directory",
                 Cat({"'", officer.id(), "' is not an officer of a listed authority"}));
    }
    if (officer.id() <= last) return Bad("directory", "officers are not sorted or not unique");
    last = officer.id();
    PALERMO_RETURN_IF_ERROR(CheckOfficer(officer, key_ids, &pins));
  }
  return absl::OkStatus();
}

absl::Status CheckPolicy(const v1::Directory& directory) {
  if (directory.policy_size() > static_cast<int>(limits::kMaxPoliciesPerState)) {
    return OverLimit("BAD_DOCUMENT", "directory: too many policy entries");
  }
  std::set<std::tuple<int, int, int>> seen;
  for (const auto& entry : directory.policy()) {
    if (!seen.insert({entry.family(), entry.act(), entry.urgency()}).second) {
      return Bad("directory", "two policy entries for the same act");
    }
    if (entry.approvals() >= limits::kMaxApprovals)
      return Bad("directory", "too many approvals asked");
  }
  return absl::OkStatus();
}

// What was locked away to recover is never given out as a version, nor the other way. Within one
// directory every key stands once anyway.
absl::Status CheckRecoveryApart(const v1::Directory& before, const v1::Directory& after) {
  std::set<std::string> recovery, sealing;
  for (const auto& authority : before.authorities()) {
    recovery.insert(authority.recovery_key().key_id());
    for (const auto& key : authority.sealing_keys()) sealing.insert(key.key_id());
  }
  for (const auto& authority : after.authorities()) {
    if (authority.has_recovery_key() && sealing.count(authority.recovery_key().key_id()) > 0) {
      return Bad(authority.id(), "its recovery key was a sealing key before");
    }
    for (const auto& key : authority.sealing_keys()) {
      if (recovery.count(key.key_id()) == 0) continue;
      return Bad(authority.id(), "a sealing key was a recovery key before");
    }
  }
  return absl::OkStatus();
}

// What stands in the list is the desks' matter; a node keeps and serves it.
absl::Status CheckTreatyList(const v1::Directory& directory) {
  if (directory.treaty_list().size() <= limits::kMaxTreatyListBytes) return absl::OkStatus();
  return OverLimit("BAD_DOCUMENT", absl::StrFormat("directory: the treaty status list is longer "
                                                   "than %d bytes",
                                                   limits::kMaxTreatyListBytes));
}

}  // namespace

absl::Status Bad(std::string_view what, std::string_view text) {
  return InputError("BAD_DOCUMENT", Cat({what, ": ", text}));
}

absl::StatusOr<crypto::SealingPublicKey> SealingPublicKeyOf(uint32_t kem,
                                                            const std::string& public_key) {
  crypto::SealingPublicKey key{static_cast<crypto::Kem>(kem), public_key};
  if (kem != static_cast<uint32_t>(crypto::Kem::kXWing)) {
    return InputError("KEM_UNSUPPORTED",
                      absl::StrFormat("KEM 0x%04x is not taken, only X-Wing (0x647a); make a new "
                                      "key: palermo key new, palermo sealing-key new",
                                      kem));
  }
  PALERMO_RETURN_IF_ERROR(crypto::CheckSealingPublicKey(key));
  return key;
}

absl::Status CheckKeySet(const v1::KeySet& keys, std::string_view what) {
  if (keys.keys_size() > static_cast<int>(limits::kMaxKeysPerRole))
    return Bad(what, "too many keys");
  if (keys.threshold() < 1 || keys.threshold() > static_cast<uint32_t>(keys.keys_size())) {
    return Bad(what, "the threshold is not between 1 and the number of keys");
  }
  std::set<std::string> ids;
  for (const auto& key : keys.keys()) {
    if (key.public_key().size() != 32 ||
        key.key_id() != crypto::KeyId(crypto::kEd25519, key.public_key())) {
      return Bad(what, "a key does not match its key id");
    }
    if (!ids.insert(key.key_id()).second) return Twice(what, "a key id stands twice");
    PALERMO_RETURN_IF_ERROR(
        CheckText(key.holder(), limits::kMaxNameBytes, what, "name of a key's holder"));
  }
  return absl::OkStatus();
}

absl::Status CheckRosterBody(const v1::Roster& roster) {
  PALERMO_RETURN_IF_ERROR(CheckKeySet(roster.roster_keys(), "roster keys"));
  if (roster.roster_keys().threshold() < 2 && !roster.exercise()) {
    return Bad("roster", "it needs at least 2 of its own signatures");
  }
  if (roster.states_size() > static_cast<int>(limits::kMaxStates)) {
    return OverLimit("BAD_DOCUMENT", "roster: too many states");
  }
  if (roster.expires_at_ms() - roster.issued_at_ms() > limits::kMaxRosterLifeMillis) {
    return Bad("roster", "it is valid for more than five years");
  }
  std::string last;
  for (const auto& state : roster.states()) {
    if (!IsStateCode(state.state())) return Bad("roster", "a state code is not ISO 3166-1 alpha-2");
    if (state.state() <= last) return Bad("roster", "states are not sorted or not unique");
    last = state.state();
    PALERMO_RETURN_IF_ERROR(CheckKeySet(state.roots(), Cat({"roots of ", state.state()})));
    PALERMO_RETURN_IF_ERROR(CheckText(state.name(), limits::kMaxNameBytes, state.state(), "name"));
    PALERMO_RETURN_IF_ERROR(
        CheckText(state.endpoint(), limits::kMaxEndpointBytes, state.state(), "endpoint"));
    if (IsExerciseStateCode(state.state()) && !roster.exercise()) {
      return Bad("roster", Cat({state.state(), " is a code for exercises only"}));
    }
    if (state.roots().threshold() < 2 && !roster.exercise()) {
      return Bad("roster", Cat({state.state(), " needs at least 2 root signatures"}));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDirectoryBody(const v1::Directory& directory, const v1::Directory* before) {
  if (before != nullptr) PALERMO_RETURN_IF_ERROR(CheckRecoveryApart(*before, directory));
  std::set<std::string> key_ids;
  PALERMO_RETURN_IF_ERROR(CheckNode(directory, &key_ids));
  PALERMO_RETURN_IF_ERROR(CheckAuthorities(directory, &key_ids));
  PALERMO_RETURN_IF_ERROR(CheckOfficers(directory, &key_ids));
  PALERMO_RETURN_IF_ERROR(CheckPolicy(directory));
  return CheckTreatyList(directory);
}

}  // namespace palermo::trust
