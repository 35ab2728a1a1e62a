// What one party knows and has verified at one moment: the roster and each state's charter and
// newest directory. Immutable; a change makes a new view. Readers on many threads hold it by
// shared_ptr, because a view must outlive its replacement until the last of them is done.
#ifndef PALERMO_NODE_TRUST_TRUST_VIEW_H_
#define PALERMO_NODE_TRUST_TRUST_VIEW_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/trust/documents.h"

namespace palermo::trust {

// A directory with its look-ups. Views share it: a directory is checked once and judged from many
// times.
class DirectoryIndex {
 public:
  explicit DirectoryIndex(Directory directory);

  DirectoryIndex(const DirectoryIndex&) = delete;
  DirectoryIndex& operator=(const DirectoryIndex&) = delete;

  const v1::Directory& body() const { return directory_.body; }
  const Directory& verified() const { return directory_; }
  v1::DocumentReference Reference() const;

  const v1::OfficerEntry* FindOfficer(const std::string& id) const;
  const v1::OfficerEntry* FindOfficerByPin(const std::string& tls_pin) const;
  const v1::AuthorityEntry* FindAuthority(const std::string& id) const;
  bool IsNodePin(const std::string& tls_pin) const;
  // Approvals that an act needs besides its draft: the most specific policy entry; 1 when none
  // matches.
  uint32_t ApprovalsNeeded(v1::Family::Code family, v1::Act::Code act,
                           v1::Urgency::Code urgency) const;
  // The key that the directory's node signs checkpoints with.
  crypto::PublicKey CheckpointKey() const;

 private:
  Directory directory_;
  absl::flat_hash_map<std::string, const v1::OfficerEntry*> officers_;
  absl::flat_hash_map<std::string, const v1::OfficerEntry*> officers_by_pin_;
  absl::flat_hash_map<std::string, const v1::AuthorityEntry*> authorities_;
};
using DirectoryPtr = std::shared_ptr<const DirectoryIndex>;

bool HasRole(const v1::OfficerEntry& officer, v1::Role::Code role);
// OFFICER_NOT_IN_FORCE outside the mandate's time.
absl::Status CheckMandate(const v1::OfficerEntry& officer, absl::Time at);

// The sealing key to use now: the newest version whose window is open. STALE_KEY when there is
// none.
absl::StatusOr<const v1::SealingKeyEntry*> ActiveSealingKey(const v1::AuthorityEntry& authority,
                                                            absl::Time now);
// Whether a message sealed to `key_id` may still be taken: until the window ends plus 30 days.
absl::Status CheckDeliverable(const v1::AuthorityEntry& authority, const std::string& key_id,
                              absl::Time now);

using VersionHashes = std::map<uint64_t, Hash>;

struct StateView {
  std::shared_ptr<const Charter> charter;  // the newest; shared by successive views
  DirectoryPtr directory;                  // the newest
  // What the directory was signed under: the charter, or one before it.
  std::shared_ptr<const Charter> directory_charter = {};
  // Every version that this view and those before it had, by its SHA-256. May be null.
  std::shared_ptr<const VersionHashes> seen_directories = {};
};

// A state's roots, by state.
using RootsByState = std::map<std::string, v1::KeySet>;

class TrustView {
 public:
  explicit TrustView(Roster roster);

  // In force.
  const Roster& roster() const { return *roster_; }
  // Before it, from the oldest known on; some never were in force themselves.
  const std::vector<std::shared_ptr<const Roster>>& past_rosters() const { return past_; }
  bool WasInForce(uint64_t roster_version) const { return in_force_.count(roster_version) > 0; }
  // After it, in order: verified, but for changed roots that nobody has confirmed.
  const std::vector<std::shared_ptr<const Roster>>& waiting() const { return waiting_; }
  // The last roots in force here of every state ever known, also of those that left.
  const RootsByState& known_roots() const { return known_roots_; }
  // Fingerprints that a person compared.
  const std::set<Hash>& confirmed_roots() const { return confirmed_roots_; }
  // Null when nothing is known of the state.
  const StateView* Find(const std::string& state) const;
  // UNKNOWN_RECIPIENT when the state is not in the roster or has no directory here.
  absl::StatusOr<DirectoryPtr> DirectoryOf(const std::string& state) const;
  // The SHA-256 of a version of a state's directory, when it was seen.
  std::optional<Hash> SeenDirectory(const std::string& state, uint64_t version) const;

  // New views with one thing changed. REQUIRES: the new document was verified against this view.
  std::shared_ptr<const TrustView> WithRoster(Roster roster) const;
  std::shared_ptr<const TrustView> WithState(const std::string& state, StateView view) const;
  std::shared_ptr<const TrustView> WithSeenDirectories(const std::string& state,
                                                       const VersionHashes& hashes) const;
  std::shared_ptr<const TrustView> WithWaiting(std::shared_ptr<const Roster> roster) const;
  // The waiting roster of this version, with other signatures.
  std::shared_ptr<const TrustView> WithWaitingSigned(std::shared_ptr<const Roster> roster) const;
  std::shared_ptr<const TrustView> WithConfirmedRoots(const Hash& fingerprint) const;
  // The first `count` of the waiting rosters are taken; the last of them is in force. `followed`:
  // the roots that count then, of the states known before.
  std::shared_ptr<const TrustView> WithRosters(size_t count, RootsByState followed) const;

 private:
  void Enter(std::shared_ptr<const Roster> roster);

  std::shared_ptr<const Roster> roster_;
  std::vector<std::shared_ptr<const Roster>> past_;
  std::set<uint64_t> in_force_;
  std::vector<std::shared_ptr<const Roster>> waiting_;
  RootsByState known_roots_;
  std::set<Hash> confirmed_roots_;
  std::map<std::string, StateView> states_;
};
using TrustPtr = std::shared_ptr<const TrustView>;

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_TRUST_VIEW_H_
