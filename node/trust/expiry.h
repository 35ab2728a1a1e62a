// What runs out, and when to warn: the node's metrics and log, `palermo peer list` and `palermo
// desk show` use the same list. Pure.
#ifndef PALERMO_NODE_TRUST_EXPIRY_H_
#define PALERMO_NODE_TRUST_EXPIRY_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/trust/trust_view.h"

namespace palermo::trust {

enum class ExpiryKind { kRoster, kCharter, kDirectory, kMandate, kSealingKey, kAttestation };
// "ROSTER", "CHARTER" ...: as they are printed.
std::string ExpiryKindName(ExpiryKind kind);

struct Expiry {
  ExpiryKind kind = ExpiryKind::kRoster;
  std::string state;    // empty for the roster
  std::string subject;  // the officer, the authority; else empty
  int64_t at_ms = 0;
};

// Everything of the view that ends, soonest first. Of an authority's sealing keys the one that ends
// last counts: what comes after it is missing.
std::vector<Expiry> ListExpiries(const TrustView& view);
// How long before its end a thing is warned of.
int64_t WarnBeforeMillis(ExpiryKind kind);
// Those of ListExpiries to warn of at `now`.
std::vector<Expiry> DueWarnings(const TrustView& view, absl::Time now);
// "the directory of QT expires at ...", "the mandate of QT/central/o-0001 ended at ...".
std::string ExpiryText(const Expiry& expiry, absl::Time now);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_EXPIRY_H_
