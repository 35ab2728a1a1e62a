#include "node/trust/trust_view.h"

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::trust {

DirectoryIndex::DirectoryIndex(Directory directory) : directory_(std::move(directory)) {
  for (const auto& officer : directory_.body.officers()) {
    officers_[officer.id()] = &officer;
    for (const auto& pin : officer.tls_pins()) officers_by_pin_[pin] = &officer;
  }
  for (const auto& authority : directory_.body.authorities()) {
    authorities_[authority.id()] = &authority;
  }
}

v1::DocumentReference DirectoryIndex::Reference() const {
  v1::DocumentReference reference;
  reference.set_state(body().state());
  reference.set_version(body().version());
  reference.set_sha256(std::string(AsView(directory_.sha256)));
  return reference;
}

const v1::OfficerEntry* DirectoryIndex::FindOfficer(const std::string& id) const {
  auto it = officers_.find(id);
  return it == officers_.end() ? nullptr : it->second;
}

const v1::OfficerEntry* DirectoryIndex::FindOfficerByPin(const std::string& tls_pin) const {
  auto it = officers_by_pin_.find(tls_pin);
  return it == officers_by_pin_.end() ? nullptr : it->second;
}

const v1::AuthorityEntry* DirectoryIndex::FindAuthority(const std::string& id) const {
  auto it = authorities_.find(id);
  return it == authorities_.end() ? nullptr : it->second;
}

bool DirectoryIndex::IsNodePin(const std::string& tls_pin) const {
  const auto& pins = body().node().tls_pins();
  return std::find(pins.begin(), pins.end(), tls_pin) != pins.end();
}

uint32_t DirectoryIndex::ApprovalsNeeded(v1::Family::Code family, v1::Act::Code act,
                                         v1::Urgency::Code urgency) const {
  uint32_t needed = 1;
  int best = -1;
  for (const auto& entry : body().policy()) {
    if (entry.family() != v1::Family::UNSPECIFIED && entry.family() != family) continue;
    if (entry.act() != v1::Act::UNSPECIFIED && entry.act() != act) continue;
    if (entry.urgency() != v1::Urgency::UNSPECIFIED && entry.urgency() != urgency) continue;
    // An act weighs more than an urgency, an urgency more than a family.
    int weight = (entry.act() != v1::Act::UNSPECIFIED ? 4 : 0) +
                 (entry.urgency() != v1::Urgency::UNSPECIFIED ? 2 : 0) +
                 (entry.family() != v1::Family::UNSPECIFIED ? 1 : 0);
    if (weight > best) {
      best = weight;
      needed = entry.approvals();
    }
  }
  return needed;
}

crypto::PublicKey DirectoryIndex::CheckpointKey() const {
  auto key = crypto::PublicKeyFrom(body().node().checkpoint_key());
  PALERMO_CHECK(key.ok());
  return *key;
}

bool HasRole(const v1::OfficerEntry& officer, v1::Role::Code role) {
  return std::find(officer.roles().begin(), officer.roles().end(), role) != officer.roles().end();
}

absl::Status CheckMandate(const v1::OfficerEntry& officer, absl::Time at) {
  int64_t at_ms = ToMillis(at);
  if (at_ms < officer.valid_from_ms() || at_ms >= officer.valid_to_ms()) {
    return Refused("OFFICER_NOT_IN_FORCE",
                   Cat({"the mandate of ", officer.id(), " runs from ",
                        FormatInstant(FromMillis(officer.valid_from_ms())), " to ",
                        FormatInstant(FromMillis(officer.valid_to_ms()))}));
  }
  return absl::OkStatus();
}

absl::StatusOr<const v1::SealingKeyEntry*> ActiveSealingKey(const v1::AuthorityEntry& authority,
                                                            absl::Time now) {
  const v1::SealingKeyEntry* best = nullptr;
  int64_t now_ms = ToMillis(now);
  for (const auto& key : authority.sealing_keys()) {
    if (now_ms < key.valid_from_ms() || now_ms >= key.valid_to_ms()) continue;
    if (best == nullptr || key.version() > best->version()) best = &key;
  }
  if (best == nullptr) {
    return WrongState(
        "STALE_KEY",
        Cat({authority.id(),
             " has no sealing key that is valid now; that authority must rotate its key "
             "and publish its directory, then: palermo desk refresh"}));
  }
  return best;
}

absl::Status CheckDeliverable(const v1::AuthorityEntry& authority, const std::string& key_id,
                              absl::Time now) {
  for (const auto& key : authority.sealing_keys()) {
    if (key.key_id() != key_id) continue;
    if (ToMillis(now) - limits::kMaxMessageLifeMillis < key.valid_to_ms()) return absl::OkStatus();
    return WrongState("STALE_KEY",
                      Cat({"the sealing key of ", authority.id(),
                           " is out of its window; fetch the newest directory and seal again"}));
  }
  return WrongState("UNKNOWN_KEY",
                    Cat({"the message is sealed to a key that is not of ", authority.id(),
                         "; fetch the newest directory and seal again"}));
}

TrustView::TrustView(Roster roster) { Enter(std::make_shared<const Roster>(std::move(roster))); }

void TrustView::Enter(std::shared_ptr<const Roster> roster) {
  roster_ = std::move(roster);
  in_force_.insert(roster_->body.version());
  for (const auto& state : roster_->body.states()) known_roots_[state.state()] = state.roots();
}

const StateView* TrustView::Find(const std::string& state) const {
  auto it = states_.find(state);
  return it == states_.end() ? nullptr : &it->second;
}

absl::StatusOr<DirectoryPtr> TrustView::DirectoryOf(const std::string& state) const {
  if (FindState(roster_->body, state) == nullptr) {
    return Missing("UNKNOWN_RECIPIENT", Cat({"the state ", state, " is not in the roster"}));
  }
  const StateView* view = Find(state);
  if (view == nullptr || view->directory == nullptr) {
    return Missing("UNKNOWN_RECIPIENT", Cat({"the directory of ", state,
                                             " is not known here yet; try again when its node "
                                             "can be reached"}));
  }
  return view->directory;
}

std::optional<Hash> TrustView::SeenDirectory(const std::string& state, uint64_t version) const {
  const StateView* known = Find(state);
  if (known == nullptr || known->seen_directories == nullptr) return std::nullopt;
  auto it = known->seen_directories->find(version);
  if (it == known->seen_directories->end()) return std::nullopt;
  return it->second;
}

TrustPtr TrustView::WithRoster(Roster roster) const {
  auto view = std::make_shared<TrustView>(*this);
  view->past_.push_back(roster_);
  view->Enter(std::make_shared<const Roster>(std::move(roster)));
  return view;
}

TrustPtr TrustView::WithState(const std::string& state, StateView state_view) const {
  auto view = std::make_shared<TrustView>(*this);
  StateView& entry = view->states_[state];
  std::shared_ptr<const VersionHashes> seen = entry.seen_directories;
  entry = std::move(state_view);
  if (entry.directory_charter == nullptr) entry.directory_charter = entry.charter;
  entry.seen_directories = seen;
  if (entry.directory == nullptr) return view;
  uint64_t version = entry.directory->body().version();
  if (seen != nullptr && seen->count(version) > 0) return view;
  auto more =
      seen == nullptr ? std::make_shared<VersionHashes>() : std::make_shared<VersionHashes>(*seen);
  (*more)[version] = entry.directory->verified().sha256;
  entry.seen_directories = std::move(more);
  return view;
}

TrustPtr TrustView::WithSeenDirectories(const std::string& state,
                                        const VersionHashes& hashes) const {
  auto view = std::make_shared<TrustView>(*this);
  StateView& entry = view->states_[state];
  auto more = std::make_shared<VersionHashes>(hashes);
  if (entry.seen_directories != nullptr) {
    for (const auto& [version, hash] : *entry.seen_directories) (*more)[version] = hash;
  }
  entry.seen_directories = std::move(more);
  return view;
}

TrustPtr TrustView::WithWaiting(std::shared_ptr<const Roster> roster) const {
  auto view = std::make_shared<TrustView>(*this);
  view->waiting_.push_back(std::move(roster));
  return view;
}

TrustPtr TrustView::WithWaitingSigned(std::shared_ptr<const Roster> roster) const {
  auto view = std::make_shared<TrustView>(*this);
  for (auto& waiting : view->waiting_) {
    if (waiting->sha256 == roster->sha256) waiting = roster;
  }
  return view;
}

TrustPtr TrustView::WithConfirmedRoots(const Hash& fingerprint) const {
  auto view = std::make_shared<TrustView>(*this);
  view->confirmed_roots_.insert(fingerprint);
  return view;
}

TrustPtr TrustView::WithRosters(size_t count, RootsByState followed) const {
  PALERMO_CHECK(count > 0 && count <= waiting_.size());
  auto view = std::make_shared<TrustView>(*this);
  view->past_.push_back(roster_);
  view->past_.insert(view->past_.end(), waiting_.begin(), waiting_.begin() + count - 1);
  view->waiting_.erase(view->waiting_.begin(), view->waiting_.begin() + count);
  view->known_roots_ = std::move(followed);
  view->Enter(waiting_[count - 1]);
  return view;
}

}  // namespace palermo::trust
