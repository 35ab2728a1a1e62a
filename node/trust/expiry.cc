#include "node/trust/expiry.h"

#include <algorithm>
#include <iterator>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/trust/authority.h"

namespace palermo::trust {
namespace {

void AddDirectory(const std::string& state, const v1::Directory& directory,
                  std::vector<Expiry>* found) {
  found->push_back({ExpiryKind::kDirectory, state, "", directory.expires_at_ms()});
  for (const auto& officer : directory.officers()) {
    found->push_back({ExpiryKind::kMandate, state, officer.id(), officer.valid_to_ms()});
  }
  for (const auto& authority : directory.authorities()) {
    int64_t last = 0;
    for (const auto& key : authority.sealing_keys()) last = std::max(last, key.valid_to_ms());
    if (last != 0) found->push_back({ExpiryKind::kSealingKey, state, authority.id(), last});
    int64_t attested = AttestationEndsAtMs(authority);
    if (attested != 0)
      found->push_back({ExpiryKind::kAttestation, state, authority.id(), attested});
  }
}

// One row for each kind, in their order.
struct KindRow {
  const char* name;
  const char* what;  // before the authority, the officer or the state
  int64_t warn_before_ms;
};
constexpr KindRow kKinds[] = {
    {"ROSTER", "the roster", limits::kRosterWarningMillis},
    {"CHARTER", "the charter of ", limits::kCharterWarningMillis},
    {"DIRECTORY", "the directory of ", limits::kDirectoryExpiryWarningMillis},
    {"MANDATE", "the mandate of ", limits::kMandateWarningMillis},
    {"SEALING_KEY", "the last sealing key of ", limits::kSealingKeyWarningMillis},
    {"ATTESTATION", "the attestation of the entry of ", limits::kAttestationWarningMillis},
};

const KindRow& Row(ExpiryKind kind) {
  auto index = static_cast<size_t>(kind);
  PALERMO_CHECK(index < std::size(kKinds));
  return kKinds[index];
}

}  // namespace

std::string ExpiryKindName(ExpiryKind kind) { return Row(kind).name; }

std::vector<Expiry> ListExpiries(const TrustView& view) {
  std::vector<Expiry> found;
  found.push_back({ExpiryKind::kRoster, "", "", view.roster().body.expires_at_ms()});
  for (const auto& state : view.roster().body.states()) {
    const StateView* known = view.Find(state.state());
    if (known == nullptr || known->charter == nullptr) continue;
    found.push_back(
        {ExpiryKind::kCharter, state.state(), "", known->charter->body.expires_at_ms()});
    if (known->directory != nullptr) AddDirectory(state.state(), known->directory->body(), &found);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Expiry& a, const Expiry& b) { return a.at_ms < b.at_ms; });
  return found;
}

int64_t WarnBeforeMillis(ExpiryKind kind) { return Row(kind).warn_before_ms; }

std::vector<Expiry> DueWarnings(const TrustView& view, absl::Time now) {
  std::vector<Expiry> due;
  for (Expiry& expiry : ListExpiries(view)) {
    if (ToMillis(now) + WarnBeforeMillis(expiry.kind) >= expiry.at_ms) {
      due.push_back(std::move(expiry));
    }
  }
  return due;
}

std::string ExpiryText(const Expiry& expiry, absl::Time now) {
  const std::string& whose = expiry.subject.empty() ? expiry.state : expiry.subject;
  return Cat({Row(expiry.kind).what, whose,
              ToMillis(now) < expiry.at_ms ? " ends at " : " ended at ",
              FormatInstant(FromMillis(expiry.at_ms))});
}

}  // namespace palermo::trust
