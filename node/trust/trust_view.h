// What one party knows and has verified at one moment: the roster and each state's charter and
// newest directory. Immutable; a change makes a new view. Readers on many threads hold it by
// shared_ptr, because a view must outlive its replacement until the last of them is done.
#ifndef PALERMO_NODE_TRUST_TRUST_VIEW_H_
#define PALERMO_NODE_TRUST_TRUST_VIEW_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

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

struct StateView {
  std::shared_ptr<const Charter> charter;  // shared by successive views
  DirectoryPtr directory;
};

class TrustView {
 public:
  explicit TrustView(Roster roster) : roster_(std::move(roster)) {}

  const Roster& roster() const { return roster_; }
  // Null when nothing is known of the state.
  const StateView* Find(const std::string& state) const;
  // UNKNOWN_RECIPIENT when the state is not in the roster or has no directory here.
  absl::StatusOr<DirectoryPtr> DirectoryOf(const std::string& state) const;

  // New views with one thing changed. REQUIRES: the new document was verified against this view.
  std::shared_ptr<const TrustView> WithRoster(Roster roster) const;
  std::shared_ptr<const TrustView> WithState(const std::string& state, StateView view) const;

 private:
  Roster roster_;
  std::map<std::string, StateView> states_;
};
using TrustPtr = std::shared_ptr<const TrustView>;

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_TRUST_VIEW_H_
