// Roster, charter and directory: verified before use, never changed afterwards. The signed bytes
// are kept as they came. docs/formats/trust.md is the specification.
#ifndef PALERMO_NODE_TRUST_DOCUMENTS_H_
#define PALERMO_NODE_TRUST_DOCUMENTS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "crypto/hpke.h"
#include "crypto/signing.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::trust {

// A document that passed every check of its kind. `signed_document` is what was received.
template <typename Body>
struct Verified {
  Body body;
  Hash sha256{};  // of signed_document.document()
  v1::SignedDocument signed_document;
};
using Roster = Verified<v1::Roster>;
using Charter = Verified<v1::Charter>;
using Directory = Verified<v1::Directory>;

// The sealing key of a directory's entry. X-Wing only, of the right size and form: what is sealed
// to another KEM can be recorded today and opened by a quantum computer. KEM_UNSUPPORTED,
// BAD_PUBLIC_KEY.
absl::StatusOr<crypto::SealingPublicKey> SealingPublicKeyOf(uint32_t kem,
                                                            const std::string& public_key);

// Adds a signature of `key` over `document` to it. One signature a key.
// With any signer: fails as crypto::Signer::TrySign does.
absl::Status SignDocument(crypto::Purpose purpose, const crypto::Signer& signer,
                          v1::SignedDocument* document);
void SignDocument(crypto::Purpose purpose, const crypto::SigningKey& key,
                  v1::SignedDocument* document);
using KeySets = std::vector<const v1::KeySet*>;  // borrowed

const v1::VerificationKey* FindKey(const v1::KeySet& keys, const std::string& key_id);
// Ok when at least `keys.threshold` different keys of `keys` signed. BAD_SIGNATURE when a signature
// of a listed key does not verify. When too few signed, UNKNOWN_SIGNER if a key signed that is in
// none of `keys` and `also`, which others may sign with too; else TOO_FEW_SIGNATURES.
absl::Status CheckThreshold(crypto::Purpose purpose, const v1::KeySet& keys,
                            const v1::SignedDocument& document, std::string_view what,
                            const KeySets& also = {});
// The roster keys, and the roots of its states, which sign a change of their own.
KeySets SignersOf(const v1::Roster& roster);
// 1 <= threshold <= n, unique key ids that match their keys.
absl::Status CheckKeySet(const v1::KeySet& keys, std::string_view what);
v1::VerificationKey MakeVerificationKey(const crypto::PublicKey& key, std::string_view holder);

// The SHA-256 of a first roster's bytes is its fingerprint; people compare it out of band.
absl::StatusOr<Roster> VerifyFirstRoster(const v1::SignedDocument& document,
                                         const Hash& fingerprint);
// Version is exactly previous + 1; thresholds of the old and the new roster keys. Says nothing of
// changed root keys: node/trust/rosters.h does.
absl::StatusOr<Roster> VerifyRosterLink(const v1::SignedDocument& document, const Roster& previous);
// The same, and a roster that changes a known state's root keys needs those old roots' signatures
// too; ROOT_CHANGE_UNCONFIRMED otherwise.
absl::StatusOr<Roster> VerifyNextRoster(const v1::SignedDocument& document, const Roster& previous);
// BAD_DOCUMENT unless it carries its bytes, and signatures of at most the limit's number, and
// nothing else: each is a key id and 64 bytes. What nobody signs is free to be made up, and would
// be stored.
absl::Status CheckSignatureForms(const v1::SignedDocument& document, std::string_view what);
// OLD_VERSION, VERSION_FORK (same version, other bytes) or ok: for every kind of document.
absl::Status CheckSuccession(uint64_t known_version, const Hash& known_sha256, uint64_t version,
                             const Hash& sha256, std::string_view what);

const v1::RosterState* FindState(const v1::Roster& roster, std::string_view state);

// Signed by the state's roots of `roster`. `previous` may be null: then any version is accepted.
absl::StatusOr<Charter> VerifyCharter(const v1::SignedDocument& document, const Roster& roster,
                                      const Charter* previous);
// Signed by the charter's directory keys, and issued before the charter expired (CHARTER_EXPIRED).
// `previous` may be null. Does not look at the clock.
absl::StatusOr<Directory> VerifyDirectory(const v1::SignedDocument& document,
                                          const Charter& charter, const Directory* previous);

// What no signature can mend: everything that Verify* asks of the document itself and, with
// `previous` (or null), of its link to the version before. For those who make or sign one.
absl::Status CheckUnsignedRoster(const v1::SignedDocument& document,
                                 const v1::SignedDocument* previous);
absl::Status CheckUnsignedCharter(const v1::SignedDocument& document,
                                  const v1::SignedDocument* previous);
absl::Status CheckUnsignedDirectory(const v1::SignedDocument& document,
                                    const v1::SignedDocument* previous);

// Whether a document was refused for what it says or lacks, or for who signed it: BAD_DOCUMENT, or
// one of the codes that say it more closely.
bool IsVoidDocument(const absl::Status& status);

// DIRECTORY_NOT_YET_VALID or DIRECTORY_EXPIRED when `now` is outside the document's time.
absl::Status CheckInTime(int64_t issued_at_ms, int64_t expires_at_ms, absl::Time now,
                         std::string_view what);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_DOCUMENTS_H_
