// Fsck: is the stored ledger the one its head says it is? Computes the whole tree again from the
// entries and compares it with every stored tile, the head, and what the caller knows. Reads only;
// memory does not grow with the tree.
#ifndef PALERMO_STORAGE_FSCK_H_
#define PALERMO_STORAGE_FSCK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/kv_store.h"
#include "storage/tree_layout.h"

namespace palermo::storage {

// The list of findings stops here; the count goes on.
inline constexpr size_t kMaxListedFindings = 100;
// With so many the walk ends: a head that names 2^60 entries would keep it for years.
inline constexpr uint64_t kMaxFindings = 100'000;

struct FsckFinding {
  std::string where;  // "tile level 0 index 3", "bundle 12", "head"
  std::string what;   // "hash 17 is not that of the entry"
};

struct FsckReport {
  TreeHead computed;  // from the entries, as far as they could be read
  uint64_t tiles_checked = 0;
  uint64_t bundles_checked = 0;
  uint64_t finding_count = 0;
  std::vector<FsckFinding> findings;

  // OK, or LEDGER_DAMAGED with the number of findings and the first of them.
  absl::Status ToStatus() const;
};

// `expected`: the size and root of the newest checkpoint that the caller has of this tree; the
// stored tree must be that or an extension of it. `progress` is called now and then with the
// entries done and the entries in all. Damage is a finding, not a failure: it fails only if the
// store cannot be scanned at all.
absl::StatusOr<FsckReport> Fsck(const KvReader& reader, const std::string& prefix,
                                const std::optional<TreeHead>& expected,
                                absl::FunctionRef<void(uint64_t done, uint64_t all)> progress);

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_FSCK_H_
