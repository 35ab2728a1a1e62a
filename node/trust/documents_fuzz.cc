// The bytes are a roster, a charter or a directory (the first byte says which) that a depositary, a
// root or an administrator of bad will signed: the checks behind the signature see them too.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"
#include "node/trust/trust_view.h"

namespace palermo::trust {
namespace {

const crypto::SigningKey& Key() {
  static const crypto::SigningKey* key = [] {
    auto made = crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(std::string(32, 's')));
    PALERMO_CHECK(made.ok());
    return new crypto::SigningKey(*std::move(made));
  }();
  return *key;
}

v1::KeySet OneKey() {
  v1::KeySet set;
  set.set_threshold(1);
  *set.add_keys() = MakeVerificationKey(Key().public_key(), "");
  return set;
}

v1::SignedDocument Sign(std::string_view bytes, crypto::Purpose purpose) {
  v1::SignedDocument document;
  document.set_document(std::string(bytes));
  SignDocument(purpose, Key(), &document);
  return document;
}

void FuzzRoster(std::string_view bytes) {
  v1::SignedDocument document = Sign(bytes, crypto::Purpose::kRoster);
  auto roster = VerifyFirstRoster(document, crypto::Sha256(bytes));
  if (!roster.ok()) return;
  PALERMO_CHECK(StrictSerialize(roster->body) == bytes);
  PALERMO_CHECK(!VerifyNextRoster(document, *roster).ok());
  // What verifies was not refused before anybody signed it.
  PALERMO_CHECK(CheckUnsignedRoster(document, nullptr).ok());
  PALERMO_CHECK(!CheckUnsignedRoster(document, &document).ok());
}

// Under a roster whose state is the charter's own.
void FuzzCharter(std::string_view bytes) {
  v1::Charter body;
  if (!body.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  Roster roster;
  v1::RosterState* state = roster.body.add_states();
  state->set_state(body.state());
  *state->mutable_roots() = OneKey();
  v1::SignedDocument document = Sign(bytes, crypto::Purpose::kCharter);
  auto charter = VerifyCharter(document, roster, nullptr);
  bool unsigned_ok = CheckUnsignedCharter(document, nullptr).ok();
  if (!charter.ok()) return;
  PALERMO_CHECK(StrictSerialize(charter->body) == bytes);
  PALERMO_CHECK(unsigned_ok == IsStateCode(body.state()));
}

void FuzzDirectory(std::string_view bytes) {
  v1::Directory body;
  if (!body.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  Charter charter;
  charter.body.set_state(body.state());
  *charter.body.mutable_directory_keys() = OneKey();
  v1::SignedDocument document = Sign(bytes, crypto::Purpose::kDirectory);
  auto verified = VerifyDirectory(document, charter, nullptr);
  bool unsigned_ok = CheckUnsignedDirectory(document, nullptr).ok();
  if (!verified.ok()) return;
  PALERMO_CHECK(unsigned_ok == IsStateCode(body.state()));
  PALERMO_CHECK(StrictSerialize(verified->body) == bytes);
  absl::Time now = absl::FromUnixMillis(verified->body.issued_at_ms());
  DirectoryIndex index(*std::move(verified));
  (void)index.CheckpointKey();
  for (const auto& officer : index.body().officers()) {
    PALERMO_CHECK(index.FindOfficer(officer.id())->id() == officer.id());
    (void)CheckMandate(officer, now);
  }
  for (const auto& authority : index.body().authorities()) {
    PALERMO_CHECK(index.FindAuthority(authority.id())->id() == authority.id());
    (void)ActiveSealingKey(authority, now);
    for (const auto& key : authority.sealing_keys()) {
      (void)CheckDeliverable(authority, key.key_id(), now);
    }
  }
}

int FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return 0;
  switch (bytes[0] & 3) {
    case 0:
      FuzzRoster(bytes.substr(1));
      break;
    case 1:
      FuzzCharter(bytes.substr(1));
      break;
    default:
      FuzzDirectory(bytes.substr(1));
  }
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
