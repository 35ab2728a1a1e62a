// The epoch of a state's ledger, as its directory names it. docs/formats/trust.md, "A new epoch".
#ifndef PALERMO_NODE_TRUST_LEDGER_EPOCH_H_
#define PALERMO_NODE_TRUST_LEDGER_EPOCH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/checkpoint.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::trust {

// "palermo/QM/1".
std::string LedgerOrigin(std::string_view state, uint64_t epoch);
// BAD_DOCUMENT unless the origin is one of this state: a whole number from 1 on, without zeros
// before it.
absl::StatusOr<uint64_t> EpochOf(std::string_view origin, std::string_view state);

// What a directory says of its ledger. `before`: the version before, or null. BAD_DOCUMENT.
absl::Status CheckLedger(const v1::Directory& directory, const v1::Directory* before);

// Whether what was known of the former ledger lets a reader take the epoch that begins with
// `former`. `known`: the largest checkpoint of that ledger that was verified here; size 0: none.
// EPOCH_HIDES_ENTRIES when it is larger than the one that the directory names; FORKED_LEDGER when
// it has the same size and another root. What is smaller cannot be judged by this.
absl::Status CheckFormerLedger(const v1::FormerLedger& former, const crypto::Checkpoint& known);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_LEDGER_EPOCH_H_
