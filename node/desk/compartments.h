// Sealed compartments at the desk: made when a draft is sealed, opened after the opening was
// entered. docs/formats/compartment.md is the specification.
#ifndef PALERMO_NODE_DESK_COMPARTMENTS_H_
#define PALERMO_NODE_DESK_COMPARTMENTS_H_

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "crypto/secret.h"
#include "node/casework/leak_scan.h"
#include "node/desk/opening.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/compartment.pb.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {

// The member "compartments" of a draft's file, as JSON. BAD_JSON, BAD_COMPARTMENT (no reader, no
// purpose, no person, a person without a pseudonym, too many).
absl::StatusOr<v1::CompartmentDrafts> ParseCompartments(const std::string& json,
                                                        const std::string& what);

// One to start from; every text is an example to be replaced.
std::string CompartmentTemplate(const std::string& to);

// Fields that say what the template says: "compartments[0].persons[0].name". Empty where only what
// may be true does: the date of birth, the pseudonym, the purpose.
std::vector<std::string> FieldsOfTemplate(const v1::CompartmentDrafts& drafts);

// What the leak scan looks for.
std::vector<casework::IdentityToken> IdentityTokens(const v1::CompartmentDrafts& drafts);
// Identities of one compartment that stand in another one: the finding's field for each. A person
// who is in both, by its pseudonym, may be.
std::vector<std::string> LeaksBetween(const v1::CompartmentDrafts& drafts);

// Seals each for its readers into `body`. The header is the message's, whole. Codes
// UNKNOWN_RECIPIENT, STALE_KEY, BODY_TOO_LARGE, and those of trust::CheckCompartments.
absl::Status SealCompartments(const v1::CompartmentDrafts& drafts, const v1::Header& header,
                              const trust::TrustView& view, absl::Time now, Random& random,
                              v1::CaseBody* body);

// The keys of the compartments that one of `keys` opens, or that a rewrap carried. A compartment
// that its sender sealed wrongly is passed over. BAD_COMPARTMENT. Shows nothing of what is inside.
absl::StatusOr<std::vector<CompartmentKey>> CompartmentKeysFor(
    const std::string& authority, const v1::CaseBody& body, const v1::Header& header,
    const Hash& header_sha256, std::span<const AuthorityKey> keys,
    std::vector<CompartmentKey> rewrapped);

// What this office may read of the compartments of a case, for the leak scan of its later acts.
// Nobody is shown it: a finding tells where a text holds such a word, and not whose it is.
struct HeldIdentities {
  std::vector<casework::IdentityToken> tokens;
  std::set<std::string> refs;  // pseudonyms of the persons inside
  size_t closed = 0;           // compartments, or messages, that this office cannot read
};
void AddHeld(const std::string& authority, const Opened& opened, const v1::Header& header,
             const Hash& header_sha256, std::span<const AuthorityKey> keys, HeldIdentities* held);

// For screens: compartments keep number, purpose and readers; the sealed bytes are left out.
v1::CaseBody ForPeople(const v1::CaseBody& body);
// The same for an officer who reads a mail of a joint operation as a message: records that are in a
// compartment are withheld. Whether it is open to him says the operation: palermo operation show.
// A report of intelligence under TLP:RED keeps its name and label when `officer` is none of its
// recipients (casework/intelligence/policy.h); "": who drafts or approves it sees it.
v1::CaseBody ForOfficer(const v1::CaseBody& body, const std::string& officer);

// Break-glass shows a message as ForOfficer does, unless two officers signed that this one sees
// what is in compartments, too: a statement of `accesses` that is in force and verifies.
bool OpensCompartments(const v1::ListBreakGlassResponse& accesses, const std::string& officer,
                       const std::string& authority, const trust::DirectoryIndex& directory,
                       absl::Time now);

// Before an opening is signed or entered: UNKNOWN_COMPARTMENT when the body has none of this
// number, UNKNOWN_KEY when it is not for `authority`.
absl::Status CheckCompartment(const v1::CaseBody& body, uint32_t id, const std::string& authority);

// Who is inside. UNKNOWN_COMPARTMENT when the body has none of this number, UNKNOWN_KEY when it is
// not for `authority` or no key opens it; BAD_COMPARTMENT, CANNOT_OPEN, BAD_PADDING, BAD_BODY.
// REQUIRES: the opening was entered.
absl::StatusOr<v1::SealedIdentities> OpenCompartment(uint32_t id, const std::string& authority,
                                                     const Opened& opened, const v1::Header& header,
                                                     const Hash& header_sha256,
                                                     std::span<const AuthorityKey> keys);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_COMPARTMENTS_H_
