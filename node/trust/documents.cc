#include "node/trust/documents.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "node/trust/document_body.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

// Of keys that are in none of these.
bool HasStranger(const v1::SignedDocument& document, const v1::KeySet& keys, const KeySets& also) {
  return std::any_of(document.signatures().begin(), document.signatures().end(),
                     [&](const auto& signature) {
                       return FindKey(keys, signature.key_id()) == nullptr &&
                              std::none_of(also.begin(), also.end(), [&](const v1::KeySet* others) {
                                return FindKey(*others, signature.key_id()) != nullptr;
                              });
                     });
}

template <typename Body>
absl::StatusOr<Verified<Body>> Parse(const v1::SignedDocument& document, size_t max_bytes,
                                     std::string_view what) {
  if (document.document().size() > max_bytes) {
    return OverLimit("DOCUMENT_TOO_LARGE",
                     absl::StrFormat("%s is larger than its limit of %d bytes", what, max_bytes));
  }
  PALERMO_RETURN_IF_ERROR(CheckSignatureForms(document, what));
  Verified<Body> verified;
  PALERMO_RETURN_IF_ERROR(StrictParse(document.document(), &verified.body, "BAD_DOCUMENT", what));
  if (verified.body.format() != 1) return Bad(what, "its format is not 1");
  if (verified.body.version() == 0) return Bad(what, "its version is 0");
  if (verified.body.issued_at_ms() <= 0) return Bad(what, "it does not say when it was issued");
  if (verified.body.expires_at_ms() <= verified.body.issued_at_ms()) {
    return Bad(what, "it expires before it is issued");
  }
  verified.sha256 = crypto::Sha256(document.document());
  verified.signed_document = document;
  return verified;
}

template <typename Body>
absl::Status CheckPrevious(const Verified<Body>& document, const Verified<Body>& previous,
                           std::string_view what) {
  PALERMO_RETURN_IF_ERROR(CheckSuccession(previous.body.version(), previous.sha256,
                                          document.body.version(), document.sha256, what));
  if (document.body.version() > previous.body.version() + 1) {
    return Refused("VERSION_JUMP",
                   absl::StrFormat("%s: its version is %d, the next one is %d; fetch or give those "
                                   "between first",
                                   what, document.body.version(), previous.body.version() + 1));
  }
  if (document.body.version() != previous.body.version() + 1) {
    return Bad(what, absl::StrFormat("its version is %d, the next one is %d",
                                     document.body.version(), previous.body.version() + 1));
  }
  if (document.body.previous_sha256() != AsView(previous.sha256)) {
    return Bad(what, "it does not name the version before it by its SHA-256");
  }
  return absl::OkStatus();
}

// ---- what holds of a document whoever signs it

absl::Status CheckNextRosterBody(const Roster& roster, const Roster& previous) {
  PALERMO_RETURN_IF_ERROR(CheckPrevious(roster, previous, "roster"));
  if (roster.body.exercise() != previous.body.exercise()) {
    return Bad("roster", "an exercise cannot become real, nor the other way");
  }
  return CheckRosterBody(roster.body);
}

absl::Status CheckCharter(const Charter& charter, const Charter* previous) {
  if (previous != nullptr) {
    if (previous->body.state() != charter.body.state())
      return Bad("charter", "it is another state's");
    PALERMO_RETURN_IF_ERROR(CheckPrevious(charter, *previous, "charter"));
  }
  if (charter.body.expires_at_ms() - charter.body.issued_at_ms() > limits::kMaxCharterLifeMillis) {
    return Bad("charter", "it is valid for more than two years");
  }
  return CheckKeySet(charter.body.directory_keys(), "directory keys");
}

absl::Status CheckDirectoryLink(const Directory& directory, const Directory* previous) {
  const v1::Directory& body = directory.body;
  if (body.expires_at_ms() - body.issued_at_ms() > limits::kMaxDirectoryLifeMillis) {
    return Bad("directory", "it is valid for more than 30 days");
  }
  if (previous == nullptr) return absl::OkStatus();
  if (previous->body.state() != body.state()) return Bad("directory", "it is another state's");
  return CheckPrevious(directory, *previous, "directory");
}

template <typename Body>
absl::StatusOr<std::optional<Verified<Body>>> ParseOptional(const v1::SignedDocument* document,
                                                            size_t max_bytes,
                                                            std::string_view what) {
  if (document == nullptr) return std::optional<Verified<Body>>();
  PALERMO_ASSIGN_OR_RETURN(Verified<Body> parsed, Parse<Body>(*document, max_bytes, what));
  return std::optional<Verified<Body>>(std::move(parsed));
}

}  // namespace

absl::Status SignDocument(crypto::Purpose purpose, const crypto::Signer& signer,
                          v1::SignedDocument* document) {
  std::string key_id = crypto::KeyId(crypto::kEd25519, crypto::AsView(signer.public_key()));
  for (const auto& signature : document->signatures()) {
    if (signature.key_id() == key_id) return absl::OkStatus();
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature made, signer.TrySign(purpose, document->document()));
  v1::DocumentSignature* signature = document->add_signatures();
  signature->set_key_id(key_id);
  signature->set_signature(std::string(crypto::AsView(made)));
  return absl::OkStatus();
}

void SignDocument(crypto::Purpose purpose, const crypto::SigningKey& key,
                  v1::SignedDocument* document) {
  const crypto::Signer& signer = key;
  PALERMO_CHECK(SignDocument(purpose, signer, document).ok());
}

const v1::VerificationKey* FindKey(const v1::KeySet& keys, const std::string& key_id) {
  for (const auto& key : keys.keys()) {
    if (key.key_id() == key_id) return &key;
  }
  return nullptr;
}

absl::Status CheckSignatureForms(const v1::SignedDocument& document, std::string_view what) {
  if (document.signatures_size() > static_cast<int>(limits::kMaxDocumentSignatures)) {
    return OverLimit("BAD_DOCUMENT", Cat({what, " has too many signatures"}));
  }
  bool formed =
      std::all_of(document.signatures().begin(), document.signatures().end(), [](const auto& one) {
        return one.key_id().size() == limits::kKeyIdBytes &&
               one.signature().size() == sizeof(crypto::Signature);
      });
  if (!formed || HasUnknownFields(document)) {
    return Bad(what,
               "a signature of it is not a key id of 16 bytes and 64 bytes, or more comes "
               "with it");
  }
  return absl::OkStatus();
}

absl::Status CheckThreshold(crypto::Purpose purpose, const v1::KeySet& keys,
                            const v1::SignedDocument& document, std::string_view what,
                            const KeySets& also) {
  PALERMO_RETURN_IF_ERROR(CheckSignatureForms(document, what));
  // Of a state that the roster does not name: nobody signs is not everybody signs.
  if (keys.threshold() == 0 || keys.keys().empty()) return Bad(what, "nobody may sign it");
  std::set<std::string> good;
  for (const auto& signature : document.signatures()) {
    const v1::VerificationKey* key = FindKey(keys, signature.key_id());
    if (key == nullptr) continue;
    PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey public_key,
                             crypto::PublicKeyFrom(key->public_key()));
    if (!crypto::Verify(purpose, public_key, document.document(), signature.signature()).ok()) {
      return InputError("BAD_SIGNATURE", Cat({what, ": a signature does not verify: of key ",
                                              HexEncode(key->key_id()), " of ", key->holder(),
                                              "; let its holder sign this very file again"}));
    }
    good.insert(signature.key_id());
  }
  if (good.size() >= keys.threshold()) return absl::OkStatus();
  bool stranger = HasStranger(document, keys, also);
  return InputError(
      stranger ? "UNKNOWN_SIGNER" : "TOO_FEW_SIGNATURES",
      absl::StrFormat("%s: %d of the %d signatures that it needs%s", what, good.size(),
                      keys.threshold(), stranger ? "; and of keys that may not sign it" : ""));
}

KeySets SignersOf(const v1::Roster& roster) {
  KeySets signers = {&roster.roster_keys()};
  for (const auto& state : roster.states()) signers.push_back(&state.roots());
  return signers;
}

v1::VerificationKey MakeVerificationKey(const crypto::PublicKey& key, std::string_view holder) {
  v1::VerificationKey entry;
  entry.set_public_key(std::string(crypto::AsView(key)));
  entry.set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(key)));
  entry.set_holder(std::string(holder));
  return entry;
}

absl::StatusOr<Roster> VerifyFirstRoster(const v1::SignedDocument& document,
                                         const Hash& fingerprint) {
  PALERMO_ASSIGN_OR_RETURN(Roster roster,
                           Parse<v1::Roster>(document, limits::kMaxRosterBytes, "roster"));
  if (roster.sha256 != fingerprint) {
    // Not BAD_DOCUMENT: the roster may be a good one, only not the one that was compared.
    return Refused(
        "WRONG_FINGERPRINT",
        Cat({"roster: its fingerprint is ", HexEncode(AsView(roster.sha256)), ", not the expected ",
             HexEncode(AsView(fingerprint)), "; compare both with the depositary"}));
  }
  PALERMO_RETURN_IF_ERROR(CheckRosterBody(roster.body));
  PALERMO_RETURN_IF_ERROR(CheckThreshold(crypto::Purpose::kRoster, roster.body.roster_keys(),
                                         document, "roster", SignersOf(roster.body)));
  return roster;
}

absl::StatusOr<Roster> VerifyRosterLink(const v1::SignedDocument& document,
                                        const Roster& previous) {
  PALERMO_ASSIGN_OR_RETURN(Roster roster,
                           Parse<v1::Roster>(document, limits::kMaxRosterBytes, "roster"));
  PALERMO_RETURN_IF_ERROR(CheckNextRosterBody(roster, previous));
  KeySets signers = SignersOf(roster.body);
  for (const v1::KeySet* before : SignersOf(previous.body)) signers.push_back(before);
  PALERMO_RETURN_IF_ERROR(CheckThreshold(crypto::Purpose::kRoster, previous.body.roster_keys(),
                                         document, "roster, by the keys before", signers));
  PALERMO_RETURN_IF_ERROR(CheckThreshold(crypto::Purpose::kRoster, roster.body.roster_keys(),
                                         document, "roster, by its own keys", signers));
  return roster;
}

absl::StatusOr<Roster> VerifyNextRoster(const v1::SignedDocument& document,
                                        const Roster& previous) {
  PALERMO_ASSIGN_OR_RETURN(Roster roster, VerifyRosterLink(document, previous));
  for (const auto& before : previous.body.states()) {
    const v1::RosterState* after = FindState(roster.body, before.state());
    if (after == nullptr || SameRoots(before.roots(), after->roots())) continue;
    if (!CheckThreshold(crypto::Purpose::kRoster, before.roots(), document, "roots").ok()) {
      return Refused("ROOT_CHANGE_UNCONFIRMED",
                     Cat({"the roster changes the root keys of ", before.state(),
                          " without the old keys' signatures; confirm it out of band"}));
    }
  }
  return roster;
}

absl::Status CheckSuccession(uint64_t known_version, const Hash& known_sha256, uint64_t version,
                             const Hash& sha256, std::string_view what) {
  if (version < known_version) {
    return Refused("OLD_VERSION", absl::StrFormat("%s: version %d is older than %d, which is known",
                                                  what, version, known_version));
  }
  if (version == known_version && sha256 != known_sha256) {
    return Refused("VERSION_FORK",
                   absl::StrFormat("%s: two different documents have version %d", what, version));
  }
  return absl::OkStatus();
}

const v1::RosterState* FindState(const v1::Roster& roster, std::string_view state) {
  for (const auto& entry : roster.states()) {
    if (entry.state() == state) return &entry;
  }
  return nullptr;
}

absl::StatusOr<Charter> VerifyCharter(const v1::SignedDocument& document, const Roster& roster,
                                      const Charter* previous) {
  PALERMO_ASSIGN_OR_RETURN(Charter charter,
                           Parse<v1::Charter>(document, limits::kMaxCharterBytes, "charter"));
  const v1::RosterState* state = FindState(roster.body, charter.body.state());
  if (state == nullptr) {
    return Bad("charter",
               "its state is not in the roster; a state that joined later begins with the roster "
               "that names it");
  }
  PALERMO_RETURN_IF_ERROR(CheckCharter(charter, previous));
  PALERMO_RETURN_IF_ERROR(
      CheckThreshold(crypto::Purpose::kCharter, state->roots(), document, "charter"));
  return charter;
}

absl::StatusOr<Directory> VerifyDirectory(const v1::SignedDocument& document,
                                          const Charter& charter, const Directory* previous) {
  PALERMO_ASSIGN_OR_RETURN(Directory directory,
                           Parse<v1::Directory>(document, limits::kMaxDirectoryBytes, "directory"));
  const v1::Directory& body = directory.body;
  if (body.state() != charter.body.state()) return Bad("directory", "it is another state's");
  PALERMO_RETURN_IF_ERROR(CheckDirectoryLink(directory, previous));
  PALERMO_RETURN_IF_ERROR(CheckThreshold(crypto::Purpose::kDirectory, charter.body.directory_keys(),
                                         document, "directory"));
  // No clock: who dates it back gets a directory that ends as many days earlier.
  if (body.issued_at_ms() >= charter.body.expires_at_ms()) {
    return Refused("CHARTER_EXPIRED",
                   Cat({"directory of ", body.state(), ": its charter expired at ",
                        FormatInstant(FromMillis(charter.body.expires_at_ms())),
                        ", before it was issued; the roots must sign a new charter"}));
  }
  PALERMO_RETURN_IF_ERROR(
      CheckDirectoryBody(body, previous == nullptr ? nullptr : &previous->body));
  return directory;
}

absl::Status CheckUnsignedRoster(const v1::SignedDocument& document,
                                 const v1::SignedDocument* previous) {
  PALERMO_ASSIGN_OR_RETURN(Roster roster,
                           Parse<v1::Roster>(document, limits::kMaxRosterBytes, "roster"));
  PALERMO_ASSIGN_OR_RETURN(
      std::optional<Roster> before,
      ParseOptional<v1::Roster>(previous, limits::kMaxRosterBytes, "the roster before"));
  return before ? CheckNextRosterBody(roster, *before) : CheckRosterBody(roster.body);
}

absl::Status CheckUnsignedCharter(const v1::SignedDocument& document,
                                  const v1::SignedDocument* previous) {
  PALERMO_ASSIGN_OR_RETURN(Charter charter,
                           Parse<v1::Charter>(document, limits::kMaxCharterBytes, "charter"));
  PALERMO_ASSIGN_OR_RETURN(
      std::optional<Charter> before,
      ParseOptional<v1::Charter>(previous, limits::kMaxCharterBytes, "the charter before"));
  if (!IsStateCode(charter.body.state())) {
    return Bad("charter", "its state code is not ISO 3166-1 alpha-2");
  }
  return CheckCharter(charter, before ? &*before : nullptr);
}

absl::Status CheckUnsignedDirectory(const v1::SignedDocument& document,
                                    const v1::SignedDocument* previous) {
  PALERMO_ASSIGN_OR_RETURN(Directory directory,
                           Parse<v1::Directory>(document, limits::kMaxDirectoryBytes, "directory"));
  PALERMO_ASSIGN_OR_RETURN(
      std::optional<Directory> before,
      ParseOptional<v1::Directory>(previous, limits::kMaxDirectoryBytes, "the directory before"));
  if (!IsStateCode(directory.body.state())) {
    return Bad("directory", "its state code is not ISO 3166-1 alpha-2");
  }
  PALERMO_RETURN_IF_ERROR(CheckDirectoryLink(directory, before ? &*before : nullptr));
  return CheckDirectoryBody(directory.body, before ? &before->body : nullptr);
}

bool IsVoidDocument(const absl::Status& status) {
  static constexpr std::string_view kCodes[] = {
      "BAD_DOCUMENT",       "VERSION_JUMP",   "DUPLICATE_KEY",
      "DOCUMENT_TOO_LARGE", "BAD_SIGNATURE",  "TOO_FEW_SIGNATURES",
      "UNKNOWN_SIGNER",     "REVOKED_SIGNER", "FOREIGN_SIGNER",
  };
  std::string code = CodeOf(status);
  return std::find(std::begin(kCodes), std::end(kCodes), code) != std::end(kCodes);
}

absl::Status CheckInTime(int64_t issued_at_ms, int64_t expires_at_ms, absl::Time now,
                         std::string_view what) {
  int64_t now_ms = ToMillis(now);
  if (now_ms + limits::kMaxClockAheadMillis < issued_at_ms) {
    return WrongState("DIRECTORY_NOT_YET_VALID",
                      Cat({what, " is not valid before ", FormatInstant(FromMillis(issued_at_ms)),
                           "; check this machine's clock"}));
  }
  if (now_ms >= expires_at_ms) {
    return WrongState("DIRECTORY_EXPIRED",
                      Cat({what, " expired at ", FormatInstant(FromMillis(expires_at_ms)),
                           "; an administrator must publish a new one"}));
  }
  return absl::OkStatus();
}

}  // namespace palermo::trust
