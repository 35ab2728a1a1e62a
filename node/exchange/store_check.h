// Everything that a stopped node's store can be asked: is the whole ledger, with each of its
// records and each message, what its checkpoint says? Reads only; memory does not grow with the
// store. What a start reads is a small part of this (start.h).
#ifndef PALERMO_NODE_EXCHANGE_STORE_CHECK_H_
#define PALERMO_NODE_EXCHANGE_STORE_CHECK_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/fsck.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

struct StoreReport {
  uint64_t entries = 0;   // of the ledger
  uint64_t messages = 0;  // with their stanzas and bodies
  uint64_t finding_count = 0;
  std::vector<storage::FsckFinding> findings;  // the first kMaxListedFindings

  // OK, or LEDGER_DAMAGED with the number of findings and the first of them.
  absl::Status ToStatus() const;
};

// What is done, and how much of it of all, in its own unit.
using StoreProgress = absl::FunctionRef<void(const char* what, uint64_t done, uint64_t all)>;

// Computes the tree again from its entries, the entries from the records and salts, and the hashes
// of each message's parts. Damage is a finding, not a failure: it fails only if the store cannot be
// read at all.
absl::StatusOr<StoreReport> CheckStore(const storage::KvReader& store, StoreProgress progress);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_STORE_CHECK_H_
