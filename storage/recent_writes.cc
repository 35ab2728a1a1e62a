#include "storage/recent_writes.h"

#include <utility>

namespace palermo::storage {
namespace {

std::pair<Family, absl::string_view> KeyOf(Family family, std::string_view key) {
  return {family, {key.data(), key.size()}};
}

}  // namespace

void RecentWrites::Forget(const WriteBatch& batch) {
  MutexLock lock(&mu_);
  for (const WriteBatch::Change& change : batch.changes()) {
    if (change.kind == WriteBatch::Kind::kDeleteRange) {
      index_.clear();  // rare, and not worth a search
    } else {
      index_.erase(KeyOf(change.family, change.key));
    }
  }
}

void RecentWrites::Remember(WriteBatch batch) {
  Kept kept;
  for (WriteBatch::Change& change : std::move(batch).TakeChanges()) {
    if (!change.read_soon || change.kind != WriteBatch::Kind::kPut) continue;
    kept.bytes += change.key.size() + change.value.size() + sizeof(change);
    kept.changes.push_back(std::move(change));
  }
  if (kept.changes.empty()) return;
  MutexLock lock(&mu_);
  bytes_ += kept.bytes;
  kept_.push_back(std::move(kept));
  // A later change of a key in the batch wins.
  for (const WriteBatch::Change& change : kept_.back().changes) {
    index_.erase(KeyOf(change.family, change.key));
    index_.emplace(KeyOf(change.family, change.key), &change);
  }
  while (bytes_ > max_bytes_) DropOldest();
}

void RecentWrites::DropOldest() {
  Kept& oldest = kept_.front();
  for (const WriteBatch::Change& change : oldest.changes) {
    auto it = index_.find(KeyOf(change.family, change.key));
    if (it != index_.end() && it->second == &change) index_.erase(it);
  }
  bytes_ -= oldest.bytes;
  kept_.pop_front();
}

absl::StatusOr<std::optional<std::string>> RecentWrites::DoGet(Family family,
                                                               std::string_view key) const {
  {
    MutexLock lock(&mu_);
    auto it = index_.find(KeyOf(family, key));
    if (it != index_.end()) return it->second->value;
  }
  return base_.Get(key, family);
}

absl::Status RecentWrites::DoScan(const ScanRange& range, ScanVisitor visit) const {
  return base_.Scan(range, visit);
}

}  // namespace palermo::storage
