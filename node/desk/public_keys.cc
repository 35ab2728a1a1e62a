// The public parts of key files, on their way into documents.
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/signing.h"
#include "crypto/traces.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"
#include "node/desk/officer_keys.h"

namespace palermo::desk {
namespace {

absl::StatusOr<crypto::KeyFilePublic> FromJson(JsonReader reader) {
  crypto::KeyFilePublic keys;
  keys.kind = reader.Text("kind");
  keys.subject = reader.Text("subject");
  keys.created = reader.TextOr("created", "");
  keys.passphrase_needed = reader.BoolOr("passphrase_needed", true);
  JsonReader entries = reader.Object("keys");
  for (const std::string& name : entries.Names()) {
    JsonReader entry = entries.Object(name);
    crypto::PublicEntry parsed{entry.Text("algorithm"), ""};
    auto bytes = Base64Decode(entry.Text("public_key"));
    if (!bytes.ok()) entry.Fail("public_key", "is not base64");
    if (bytes.ok()) parsed.public_bytes = *bytes;
    std::string id = HexEncode(crypto::KeyId(parsed.algorithm, parsed.public_bytes));
    if (entry.TextOr("key_id", id) != id) entry.Fail("key_id", "does not fit the public key");
    entry.TextOr("tls_pin", "");
    parsed.token = entry.TextOr("token", "");
    keys.keys[name] = parsed;
  }
  return keys;
}

// A node's key file may be without a passphrase.
absl::StatusOr<crypto::KeyFilePublic> FromFile(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file,
                           ReadSecretFile(path, limits::kMaxPublicKeyFileBytes));
  std::string_view bytes = file.Expose(crypto::SecretAccess::Grant());
  if (!bytes.empty() && bytes[0] == '{') {
    PALERMO_ASSIGN_OR_RETURN(JsonReader reader, JsonReader::Parse(std::string(bytes), path));
    auto keys = FromJson(reader);
    PALERMO_RETURN_IF_ERROR(reader.Finish());
    return keys;
  }
  auto keys = crypto::ReadKeyFilePublic(bytes);
  if (!keys.ok()) return Annotate(keys.status(), path);
  return keys;
}

}  // namespace

std::string PublicKeysJson(const crypto::KeyFilePublic& keys) {
  Json entries = Json::Object();
  for (const auto& [name, entry] : keys.keys) {
    Json one = Json::Object();
    one.Add("algorithm", entry.algorithm);
    one.Add("public_key", Base64Encode(entry.public_bytes));
    one.Add("key_id", HexEncode(crypto::KeyId(entry.algorithm, entry.public_bytes)));
    if (entry.algorithm == crypto::kP256) one.Add("tls_pin", HexEncode(PinOf(entry.public_bytes)));
    if (!entry.token.empty()) one.Add("token", entry.token);
    entries.Add(name, std::move(one));
  }
  Json json = Json::Object();
  json.Add("kind", keys.kind).Add("subject", keys.subject).Add("created", keys.created);
  json.Add("passphrase_needed", keys.passphrase_needed).Add("keys", std::move(entries));
  return json.Pretty();
}

absl::StatusOr<crypto::KeyFilePublic> LoadPublicKeys(JsonReader::Item item,
                                                     const std::string& folder) {
  if (item.object.has_value()) return FromJson(*item.object);
  auto keys = FromFile(PathIn(folder, item.text));
  crypto::WipeTraces();
  return keys;
}

}  // namespace palermo::desk
