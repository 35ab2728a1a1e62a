// How one roster follows another: what is taken at once, what waits for an out-of-band
// confirmation, what is a fork. The node and the desk decide with the same code. Pure: values in,
// values out. docs/formats/trust.md ("Roster") is the specification.
#ifndef PALERMO_NODE_TRUST_ROSTERS_H_
#define PALERMO_NODE_TRUST_ROSTERS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/documents.h"
#include "node/trust/trust_view.h"

namespace palermo::trust {

// What people compare out of band for a state's root keys: threshold and keys, not the holders'
// names.
Hash RootsFingerprint(std::string_view state, const v1::KeySet& roots);
// Threshold and keys are the same; holders' names do not count.
bool SameRoots(const v1::KeySet& a, const v1::KeySet& b);

// A change of known roots that the old roots did not sign.
struct RootDifference {
  std::string state;
  v1::KeySet before;
  v1::KeySet after;
  bool returns = false;  // the state had left, and comes back with other roots
};

// What keeps the view's waiting rosters from being taken: the differences between the roots that
// count now and the last waiting roster. Empty when nothing waits.
std::vector<RootDifference> WaitingDifferences(const TrustView& view);

// The roster with this version: in force, past or waiting. Null when it is not known.
const Roster* FindRoster(const TrustView& view, uint64_t version);

// What became of an offered roster.
struct RosterOffer {
  enum class Outcome { kKnown, kWaiting, kTaken };
  Outcome outcome = Outcome::kKnown;
  TrustPtr view;              // the next one
  std::vector<Roster> taken;  // in order; more than one when a later roster freed waiting ones
};
// OLD_VERSION for an older version with the bytes that are known, VERSION_FORK for another document
// that the keys of its time signed, BAD_DOCUMENT, TOO_MANY when too many wait.
absl::StatusOr<RosterOffer> OfferRoster(const TrustPtr& view, const v1::SignedDocument& document);

// A person compared the fingerprint of changed roots of `state` out of band. Takes what this frees.
// ROOT_CHANGE_UNCONFIRMED when no waiting roster has such roots of that state.
absl::StatusOr<RosterOffer> ConfirmRoots(const TrustPtr& view, const std::string& state,
                                         const Hash& fingerprint);

// Who asks whether the roster is still in time.
enum class RosterUse {
  kExisting,  // goes on for limits::kRosterGraceMillis after the expiry
  kNew        // new cases but emergencies to life, and states that were not met before
};
// ROSTER_EXPIRED.
absl::Status CheckRosterInTime(const v1::Roster& roster, RosterUse use, absl::Time now);

// A charter signed by the state's roots in the newest roster, or in one that was in force here
// before: for documents of the past. `previous` may be null.
absl::StatusOr<Charter> VerifyCharterOfAnyTime(const v1::SignedDocument& document,
                                               const TrustView& view,
                                               const Charter* previous = nullptr);

// The SHA-256 of charters that roots of before may have signed, because a later charter vouches for
// them: it is signed by the roots that count now, or vouched for itself, and names them as the
// version before. Whoever was away while roots and charter changed catches up by this; a stolen
// former root alone signs nothing that counts. `offered`: in the order of their versions.
using VouchedCharters = std::set<Hash>;
// Only charters of `state` vouch: another state's roots have no say.
VouchedCharters FindVouchedCharters(const std::vector<const v1::SignedDocument*>& offered,
                                    const TrustView& view, std::string_view state);
// By the roots that count now; a vouched one by those of its time too. `previous` may be null.
absl::StatusOr<Charter> VerifyOfferedCharter(const v1::SignedDocument& document,
                                             const TrustView& view, const Charter* previous,
                                             const VouchedCharters& vouched);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_ROSTERS_H_
