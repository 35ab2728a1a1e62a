#include "node/desk/sealing.h"

#include <set>
#include <string>

#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/chunked.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/padding.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

std::set<std::string> NamedStates(const v1::Header& header) {
  std::set<std::string> states({StateOf(header.sender())});
  for (const auto& recipient : header.recipients()) states.insert(StateOf(recipient));
  return states;
}

absl::StatusOr<const v1::SealingKeyEntry*> KeyOf(const trust::TrustView& view,
                                                 const std::string& reader, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(StateOf(reader)));
  const v1::AuthorityEntry* authority = directory->FindAuthority(reader);
  if (authority == nullptr) {
    return Missing("UNKNOWN_RECIPIENT",
                   Cat({reader, " is not in the directory of ", StateOf(reader)}));
  }
  return trust::ActiveSealingKey(*authority, now);
}

absl::StatusOr<v1::Stanza> SealKeyTo(const std::string& reader, const Hash& header_sha256,
                                     const crypto::SecretBytes& content_key,
                                     const trust::TrustView& view, absl::Time now, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(const v1::SealingKeyEntry* key, KeyOf(view, reader, now));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPublicKey public_key,
                           trust::SealingPublicKeyOf(key->kem(), key->public_key()));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::HpkeCiphertext sealed,
      crypto::HpkeSeal(public_key, trust::StanzaInfo(header_sha256, reader, key->key_id()), "",
                       content_key.Expose(crypto::SecretAccess::Grant()), random));
  v1::Stanza stanza;
  stanza.set_authority(reader);
  stanza.set_key_id(key->key_id());
  stanza.set_encapsulation(std::move(sealed.encapsulation));
  stanza.set_wrapped_key(std::move(sealed.ciphertext));
  return stanza;
}

absl::Status CheckDirectoryReferences(const v1::Header& header, const trust::TrustView& view) {
  for (const auto& reference : header.directories()) {
    PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(reference.state()));
    if (AsView(directory->verified().sha256) != reference.sha256()) {
      return WrongState("UNKNOWN_DIRECTORY",
                        Cat({"the header refers to another directory of ", reference.state(),
                             " than the one known here; draft it again"}));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Envelope> Seal(const v1::Header& header, std::string_view body,
                                  const trust::TrustView& view, absl::Time now, Random& random) {
  PALERMO_RETURN_IF_ERROR(trust::CheckHeader(header));
  PALERMO_RETURN_IF_ERROR(trust::CheckHeaderTime(header, now));
  PALERMO_RETURN_IF_ERROR(CheckDirectoryReferences(header, view));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes padded, crypto::PadSecret(body));
  v1::Envelope envelope;
  envelope.set_header(trust::StrictSerialize(header));
  Hash header_sha256 = crypto::Sha256(envelope.header());
  crypto::SecretBytes key = crypto::SecretBytes::Random(crypto::kChunkedKeyBytes, random);
  std::set<std::string> readers(header.recipients().begin(), header.recipients().end());
  readers.insert(header.sender());
  v1::Stanzas stanzas;
  for (const std::string& reader : readers) {
    PALERMO_ASSIGN_OR_RETURN(*stanzas.add_stanzas(),
                             SealKeyTo(reader, header_sha256, key, view, now, random));
  }
  envelope.set_stanzas(trust::StrictSerialize(stanzas));
  PALERMO_ASSIGN_OR_RETURN(
      *envelope.mutable_body(),
      crypto::ChunkedSeal(key, AsView(header_sha256), padded.Expose(crypto::SecretAccess::Grant()),
                          random));
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  PALERMO_RETURN_IF_ERROR(trust::CheckAddresses(parsed, view, "", now));
  return envelope;
}

absl::Status ReferToDirectories(const trust::TrustView& view, absl::Time now, v1::Header* header) {
  header->clear_directories();
  for (const std::string& state : NamedStates(*header)) {
    PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(state));
    PALERMO_RETURN_IF_ERROR(trust::CheckInTime(directory->body().issued_at_ms(),
                                               directory->body().expires_at_ms(), now,
                                               Cat({"the directory of ", state})));
    *header->add_directories() = directory->Reference();
  }
  return absl::OkStatus();
}

}  // namespace palermo::desk
