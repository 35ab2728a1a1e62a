// RecentWrites: what was written a moment ago and will be read again soon, in memory in front of a
// store. The one writer of the store tells it of each batch, before and after it is applied; then
// a reader sees what the store itself would show, never less and never more.
#ifndef PALERMO_STORAGE_RECENT_WRITES_H_
#define PALERMO_STORAGE_RECENT_WRITES_H_

#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "storage/kv_store.h"
#include "storage/mutex.h"

namespace palermo::storage {

// Thread-safe for readers; Forget and Remember are for the writer's thread.
class RecentWrites final : public KvReader {
 public:
  // Keeps at most about `max_bytes`. `base` is borrowed.
  RecentWrites(const KvReader& base, size_t max_bytes) : base_(base), max_bytes_(max_bytes) {}

  // Before the batch is applied: what it changes is read from the store from now on.
  void Forget(const WriteBatch& batch) ABSL_LOCKS_EXCLUDED(mu_);
  // After it was applied: keeps its puts that are marked to be read soon.
  void Remember(WriteBatch batch) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  using Key = std::pair<Family, absl::string_view>;
  struct Kept {
    std::vector<WriteBatch::Change> changes;
    size_t bytes = 0;
  };

  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override;
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override;
  void DropOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const KvReader& base_;
  const size_t max_bytes_;

  mutable Mutex mu_;
  std::deque<Kept> kept_ ABSL_GUARDED_BY(mu_);  // oldest first
  size_t bytes_ ABSL_GUARDED_BY(mu_) = 0;
  // Views the keys in `kept_`.
  absl::flat_hash_map<Key, const WriteBatch::Change*> index_ ABSL_GUARDED_BY(mu_);
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_RECENT_WRITES_H_
