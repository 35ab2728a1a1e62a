#include "node/trust/rewrap.h"

#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr std::string_view kRewrapDomain("palermo/v1/rewrap\0", 18);
constexpr std::string_view kZero("\0", 1);

absl::Status BadRewrap(std::string_view text) { return InputError("BAD_REWRAP", text); }

// One content key, and for each compartment of the body that the authority reads its key.
bool IsWrappedKeys(size_t bytes) {
  if (bytes < limits::kWrappedKeyBytes) return false;
  const size_t more = bytes - limits::kWrappedKeyBytes;
  return more % limits::kCompartmentKeyBytes == 0 &&
         more / limits::kCompartmentKeyBytes <= limits::kMaxCompartments;
}

}  // namespace

std::string RewrapInfo(std::string_view message_id, std::string_view authority,
                       std::string_view key_id) {
  return Cat({kRewrapDomain, message_id, AsView(crypto::Sha256(Cat({authority, kZero, key_id})))});
}

std::string WrapSha256(const v1::Rewrap& rewrap) {
  return std::string(AsView(crypto::Sha256(Cat({rewrap.encapsulation(), rewrap.wrapped_key()}))));
}

absl::StatusOr<v1::RewrapStatement> ParseRewrap(const v1::Rewrap& rewrap) {
  v1::RewrapStatement body;
  PALERMO_RETURN_IF_ERROR(StrictParse(rewrap.statement(), &body, "BAD_REWRAP", "rewrap statement"));
  if (body.format() != 1) return BadRewrap("its format is not 1");
  if (body.message_id().size() != 32 || body.key_id().size() != 16) {
    return BadRewrap("it has no message id or no key id");
  }
  if (rewrap.encapsulation().empty() ||
      rewrap.encapsulation().size() > limits::kMaxEncapsulationBytes ||
      !IsWrappedKeys(rewrap.wrapped_key().size())) {
    return BadRewrap("the sealed content key has another size than it must");
  }
  if (body.wrap_sha256() != WrapSha256(rewrap)) {
    return BadRewrap("the sealed content key is not the one that was signed");
  }
  return body;
}

absl::StatusOr<v1::RewrapStatement> VerifyRewrap(const v1::Rewrap& rewrap,
                                                 const DirectoryIndex& directory, absl::Time at) {
  PALERMO_ASSIGN_OR_RETURN(v1::RewrapStatement body, ParseRewrap(rewrap));
  const v1::AuthorityEntry* authority = directory.FindAuthority(body.authority());
  if (authority == nullptr) {
    return Refused("WRONG_SENDER", Cat({body.authority(), " is not in the directory"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::SealingKeyEntry* key, ActiveSealingKey(*authority, at));
  if (key->key_id() != body.key_id() || key->version() != body.key_version()) {
    return Refused("UNKNOWN_KEY",
                   Cat({"a rewrap is to the newest sealing key of ", authority->id()}));
  }
  const v1::OfficerEntry* officer = directory.FindOfficer(body.officer());
  if (officer == nullptr || AuthorityOf(officer->id()) != authority->id()) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({body.officer(), " is not an officer of ", authority->id()}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*officer, at));
  if (rewrap.signer_key_id() != officer->signing_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey signer, crypto::PublicKeyFrom(officer->signing_key()));
  PALERMO_RETURN_IF_ERROR(
      crypto::Verify(crypto::Purpose::kRewrap, signer, rewrap.statement(), rewrap.signature()));
  return body;
}

}  // namespace palermo::trust
