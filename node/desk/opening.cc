#include "node/desk/opening.h"

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/chunked_open.h"
#include "crypto/hpke_open.h"
#include "crypto/padding.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;

const AuthorityKey* KeyFor(const v1::Stanza& stanza, std::span<const AuthorityKey> keys) {
  for (const AuthorityKey& key : keys) {
    if (key.authority == stanza.authority() && key.key_id == stanza.key_id()) return &key;
  }
  return nullptr;
}

absl::StatusOr<v1::CaseBody> OpenWith(const v1::Envelope& envelope,
                                      const trust::ParsedEnvelope& parsed, const v1::Stanza& stanza,
                                      const AuthorityKey& key) {
  std::string info = trust::StanzaInfo(parsed.header_sha256, stanza.authority(), stanza.key_id());
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes content_key,
      crypto::HpkeOpen(key.key, stanza.encapsulation(), info, "", stanza.wrapped_key()));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes padded,
      crypto::ChunkedOpen(content_key, AsView(parsed.header_sha256), envelope.body()));
  PALERMO_ASSIGN_OR_RETURN(std::string_view bytes,
                           crypto::Unpad(padded.Expose(SecretAccess::Grant())));
  v1::CaseBody body;
  PALERMO_RETURN_IF_ERROR(trust::StrictParse(bytes, &body, "BAD_BODY", "body"));
  if (body.version() != 1) return InputError("BAD_BODY", "the body's version is not 1");
  return body;
}

Opened NotOpened(v1::RetrievalResult::Code result, absl::Status why) {
  return {result, {}, std::move(why)};
}

}  // namespace

Opened Open(const v1::Envelope& envelope, std::span<const AuthorityKey> keys) {
  auto parsed = trust::ParseEnvelope(envelope);
  if (!parsed.ok()) return NotOpened(v1::RetrievalResult::INVALID, parsed.status());
  for (const v1::Stanza& stanza : parsed->stanzas.stanzas()) {
    const AuthorityKey* key = KeyFor(stanza, keys);
    if (key == nullptr) continue;
    auto body = OpenWith(envelope, *parsed, stanza, *key);
    if (!body.ok()) return NotOpened(v1::RetrievalResult::INVALID, body.status());
    return {v1::RetrievalResult::OPENED, std::move(body).value(), absl::OkStatus()};
  }
  return NotOpened(v1::RetrievalResult::UNOPENABLE,
                   Missing("UNKNOWN_KEY",
                           "no key that you were granted opens this message; ask an officer of "
                           "your authority for a grant: palermo sealing-key grant"));
}

}  // namespace palermo::desk
