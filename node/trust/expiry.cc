#include "node/trust/expiry.h"

#include <algorithm>

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

std::string What(const Expiry& expiry) {
  switch (expiry.kind) {
    case ExpiryKind::kRoster:
      return "the roster";
    case ExpiryKind::kCharter:
      return Cat({"the charter of ", expiry.state});
    case ExpiryKind::kDirectory:
      return Cat({"the directory of ", expiry.state});
    case ExpiryKind::kMandate:
      return Cat({"the mandate of ", expiry.subject});
    case ExpiryKind::kSealingKey:
      return Cat({"the last sealing key of ", expiry.subject});
    case ExpiryKind::kAttestation:
      return Cat({"the attestation of the entry of ", expiry.subject});
  }
  PALERMO_CHECK(false);
}

}  // namespace

std::string ExpiryKindName(ExpiryKind kind) {
  switch (kind) {
    case ExpiryKind::kRoster:
      return "ROSTER";
    case ExpiryKind::kCharter:
      return "CHARTER";
    case ExpiryKind::kDirectory:
      return "DIRECTORY";
    case ExpiryKind::kMandate:
      return "MANDATE";
    case ExpiryKind::kSealingKey:
      return "SEALING_KEY";
    case ExpiryKind::kAttestation:
      return "ATTESTATION";
  }
  PALERMO_CHECK(false);
}

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

int64_t WarnBeforeMillis(ExpiryKind kind) {
  switch (kind) {
    case ExpiryKind::kRoster:
      return limits::kRosterWarningMillis;
    case ExpiryKind::kCharter:
      return limits::kCharterWarningMillis;
    case ExpiryKind::kDirectory:
      return limits::kDirectoryExpiryWarningMillis;
    case ExpiryKind::kMandate:
      return limits::kMandateWarningMillis;
    case ExpiryKind::kSealingKey:
      return limits::kSealingKeyWarningMillis;
    case ExpiryKind::kAttestation:
      return limits::kAttestationWarningMillis;
  }
  PALERMO_CHECK(false);
}

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
  return Cat({What(expiry), ToMillis(now) < expiry.at_ms ? " ends at " : " ended at ",
              FormatInstant(FromMillis(expiry.at_ms))});
}

}  // namespace palermo::trust
