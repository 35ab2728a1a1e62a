#include "node/desk/opening.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/chunked.h"
#include "crypto/chunked_open.h"
#include "crypto/hpke_open.h"
#include "crypto/padding.h"
#include "node/desk/compartments.h"
#include "node/trust/documents.h"
#include "node/trust/envelope.h"
#include "node/trust/rewrap.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;

const AuthorityKey* KeyFor(const std::string& authority, const std::string& key_id,
                           std::span<const AuthorityKey> keys) {
  for (const AuthorityKey& key : keys) {
    if (key.authority == authority && key.key_id == key_id) return &key;
  }
  return nullptr;
}

// What opens a body: the content key, and the plaintext that it gave.
struct Content {
  crypto::SecretBytes key;
  crypto::SecretBytes padded;
};

absl::StatusOr<Content> OpenBody(const v1::Envelope& envelope, const trust::ParsedEnvelope& parsed,
                                 absl::StatusOr<crypto::SecretBytes> content_key) {
  PALERMO_RETURN_IF_ERROR(content_key.status());
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes padded,
      crypto::ChunkedOpen(*content_key, AsView(parsed.header_sha256), envelope.body()));
  return Content{std::move(content_key).value(), std::move(padded)};
}

// What a rewrap seals: the content key, then id and key of each compartment.
struct WrappedKeys {
  crypto::SecretBytes content;
  std::vector<CompartmentKey> compartments;
};

absl::StatusOr<WrappedKeys> SplitKeys(const absl::StatusOr<crypto::SecretBytes>& wrapped) {
  PALERMO_RETURN_IF_ERROR(wrapped.status());
  std::string_view bytes = wrapped->Expose(SecretAccess::Grant());
  // trust::ParseRewrap has looked at the size.
  PALERMO_CHECK(bytes.size() >= crypto::kChunkedKeyBytes);
  WrappedKeys keys{crypto::SecretBytes::Copy(bytes.substr(0, crypto::kChunkedKeyBytes)), {}};
  bytes.remove_prefix(crypto::kChunkedKeyBytes);
  for (; bytes.size() >= limits::kCompartmentKeyBytes;
       bytes.remove_prefix(limits::kCompartmentKeyBytes)) {
    uint32_t id = 0;
    for (int i = 3; i >= 0; --i) id = (id << 8) | static_cast<uint8_t>(bytes[i]);
    keys.compartments.push_back(
        {id, crypto::SecretBytes::Copy(bytes.substr(4, crypto::kChunkedKeyBytes))});
  }
  return keys;
}

crypto::SecretBytes JoinKeys(const crypto::SecretBytes& content,
                             const std::vector<CompartmentKey>& compartments) {
  auto joined = crypto::SecretBytes::Zero(content.size() +
                                          compartments.size() * limits::kCompartmentKeyBytes);
  uint8_t* at = joined.MutableData(SecretAccess::Grant());
  const auto append = [&](const crypto::SecretBytes& key) {
    const std::string_view bytes = key.Expose(SecretAccess::Grant());
    at = std::copy(bytes.begin(), bytes.end(), at);
  };
  append(content);
  for (const CompartmentKey& one : compartments) {
    for (int i = 0; i < 4; ++i) *at++ = static_cast<uint8_t>(one.id >> (8 * i));
    append(one.key);
  }
  return joined;
}

struct Found {
  v1::RetrievalResult::Code result = v1::RetrievalResult::UNSPECIFIED;  // when not found
  absl::StatusOr<Content> content = absl::UnknownError("");
  std::vector<CompartmentKey> compartment_keys = {};  // that a rewrap carried
};

Found FindByRewrap(const v1::Envelope& envelope, const trust::ParsedEnvelope& parsed,
                   std::span<const AuthorityKey> keys, const Rewraps& rewraps) {
  absl::Status why = Missing("UNKNOWN_KEY",
                             "no key that you were granted opens this message; ask an officer of "
                             "your authority for a grant: palermo sealing-key grant");
  for (const v1::Rewrap& rewrap : rewraps) {
    auto body = trust::ParseRewrap(rewrap);
    if (!body.ok() || body->message_id() != AsView(parsed.message_id)) continue;
    const AuthorityKey* key = KeyFor(body->authority(), body->key_id(), keys);
    if (key == nullptr) continue;
    auto wrapped = SplitKeys(
        crypto::HpkeOpen(key->key, rewrap.encapsulation(),
                         trust::RewrapInfo(body->message_id(), body->authority(), body->key_id()),
                         "", rewrap.wrapped_key()));
    if (wrapped.ok()) {
      auto content = OpenBody(envelope, parsed, std::move(wrapped->content));
      if (content.ok()) {
        return {v1::RetrievalResult::OPENED, std::move(content), std::move(wrapped->compartments)};
      }
    }
    why = Refused("BAD_REWRAP", Cat({"the key that ", body->officer(),
                                     " rewrapped does not open this message; ask an officer who "
                                     "has the old key to rewrap it again"}));
  }
  return {v1::RetrievalResult::UNOPENABLE, why, {}};
}

Found FindContent(const v1::Envelope& envelope, const trust::ParsedEnvelope& parsed,
                  std::span<const AuthorityKey> keys, const Rewraps& rewraps) {
  for (const v1::Stanza& stanza : parsed.stanzas.stanzas()) {
    const AuthorityKey* key = KeyFor(stanza.authority(), stanza.key_id(), keys);
    if (key == nullptr) continue;
    std::string info = trust::StanzaInfo(parsed.header_sha256, stanza.authority(), stanza.key_id());
    return {v1::RetrievalResult::INVALID,
            OpenBody(
                envelope, parsed,
                crypto::HpkeOpen(key->key, stanza.encapsulation(), info, "", stanza.wrapped_key())),
            {}};
  }
  return FindByRewrap(envelope, parsed, keys, rewraps);
}

absl::StatusOr<v1::CaseBody> ReadBody(const crypto::SecretBytes& padded) {
  PALERMO_ASSIGN_OR_RETURN(std::string_view bytes,
                           crypto::Unpad(padded.Expose(SecretAccess::Grant())));
  v1::CaseBody body;
  PALERMO_RETURN_IF_ERROR(trust::StrictParse(bytes, &body, "BAD_BODY", "body"));
  if (body.version() != 1) return InputError("BAD_BODY", "the body's version is not 1");
  return body;
}

Opened NotOpened(v1::RetrievalResult::Code result, absl::Status why) {
  return {result, {}, {}, std::move(why)};
}

}  // namespace

Opened Open(const v1::Envelope& envelope, std::span<const AuthorityKey> keys,
            const Rewraps& rewraps) {
  auto parsed = trust::ParseEnvelope(envelope);
  if (!parsed.ok()) return NotOpened(v1::RetrievalResult::INVALID, parsed.status());
  Found found = FindContent(envelope, *parsed, keys, rewraps);
  if (!found.content.ok()) return NotOpened(found.result, found.content.status());
  auto body = ReadBody(found.content->padded);
  if (!body.ok()) return NotOpened(v1::RetrievalResult::INVALID, body.status());
  return {v1::RetrievalResult::OPENED, std::move(body).value(), std::move(found.compartment_keys),
          absl::OkStatus()};
}

absl::Status OpensWithout(const std::string& key_id, const v1::Envelope& envelope,
                          std::span<const AuthorityKey> keys, const Rewraps& rewraps) {
  std::vector<AuthorityKey> others;
  for (const AuthorityKey& key : keys) {
    if (key.key_id == key_id) continue;
    PALERMO_ASSIGN_OR_RETURN(
        crypto::SealingPrivateKey copy,
        crypto::SealingPrivateKey::FromBytes(key.key.kem(), key.key.bytes().Clone()));
    others.push_back({key.authority, key.version, key.key_id, std::move(copy)});
  }
  Opened without = Open(envelope, others, rewraps);
  if (without.result == v1::RetrievalResult::OPENED) return absl::OkStatus();
  if (Open(envelope, keys, rewraps).result != v1::RetrievalResult::OPENED) return absl::OkStatus();
  return without.why;
}

absl::StatusOr<crypto::SecretBytes> ContentKeyOf(const v1::Envelope& envelope,
                                                 std::span<const AuthorityKey> keys,
                                                 const Rewraps& rewraps) {
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  Found found = FindContent(envelope, parsed, keys, rewraps);
  PALERMO_RETURN_IF_ERROR(found.content.status());
  return std::move(found.content->key);
}

Opened OpenWithContentKey(const v1::Envelope& envelope, std::string_view content_key) {
  auto parsed = trust::ParseEnvelope(envelope);
  if (!parsed.ok()) return NotOpened(v1::RetrievalResult::INVALID, parsed.status());
  if (content_key.size() != crypto::kChunkedKeyBytes) {
    return NotOpened(v1::RetrievalResult::INVALID,
                     InputError("WRONG_KEY", "the key of a body has 32 bytes"));
  }
  auto content = OpenBody(envelope, *parsed, crypto::SecretBytes::Copy(content_key));
  if (!content.ok()) return NotOpened(v1::RetrievalResult::INVALID, content.status());
  auto body = ReadBody(content->padded);
  if (!body.ok()) return NotOpened(v1::RetrievalResult::INVALID, body.status());
  return {v1::RetrievalResult::OPENED, std::move(body).value(), {}, absl::OkStatus()};
}

absl::StatusOr<v1::Rewrap> MakeRewrap(const v1::Envelope& envelope, const Rewraps& rewraps,
                                      std::span<const AuthorityKey> keys,
                                      const trust::DirectoryIndex& directory,
                                      const OfficerKeys& officer, absl::Time now, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  std::string authority = AuthorityOf(officer.officer);
  const v1::AuthorityEntry* entry = directory.FindAuthority(authority);
  if (entry == nullptr) {
    return Missing("UNKNOWN_RECIPIENT", Cat({authority, " is not in the directory"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::SealingKeyEntry* newest, trust::ActiveSealingKey(*entry, now));
  Found found = FindContent(envelope, parsed, keys, rewraps);
  PALERMO_RETURN_IF_ERROR(found.content.status());
  std::vector<CompartmentKey> compartments;
  if (auto content = ReadBody(found.content->padded); content.ok()) {
    // Compartments that their sender made wrongly open for nobody, before and after.
    auto keys_inside = CompartmentKeysFor(authority, *content, parsed.header, parsed.header_sha256,
                                          keys, std::move(found.compartment_keys));
    if (keys_inside.ok()) compartments = *std::move(keys_inside);
  }
  v1::RewrapStatement body;
  body.set_format(1);
  body.set_message_id(std::string(AsView(parsed.message_id)));
  body.set_authority(authority);
  body.set_key_version(newest->version());
  body.set_key_id(newest->key_id());
  body.set_officer(officer.officer);
  body.set_at_ms(ToMillis(now));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPublicKey to,
                           trust::SealingPublicKeyOf(newest->kem(), newest->public_key()));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::HpkeCiphertext sealed,
      crypto::HpkeSeal(to, trust::RewrapInfo(body.message_id(), authority, newest->key_id()), "",
                       JoinKeys(found.content->key, compartments).Expose(SecretAccess::Grant()),
                       random));
  v1::Rewrap rewrap;
  rewrap.set_encapsulation(std::move(sealed.encapsulation));
  rewrap.set_wrapped_key(std::move(sealed.ciphertext));
  body.set_wrap_sha256(trust::WrapSha256(rewrap));
  rewrap.set_statement(trust::StrictSerialize(body));
  rewrap.set_signer_key_id(
      crypto::KeyId(crypto::kEd25519, crypto::AsView(officer.sign->public_key())));
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature signature,
                           officer.sign->TrySign(crypto::Purpose::kRewrap, rewrap.statement()));
  rewrap.set_signature(std::string(crypto::AsView(signature)));
  return rewrap;
}

}  // namespace palermo::desk
