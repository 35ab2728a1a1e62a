// MemoryStore: the std::map that says how every other engine must behave, and the store of
// simulations. It can fail and crash on demand: a test arms the fault, then calls Crash() to see
// what a reader would find after power came back.
#ifndef PALERMO_STORAGE_MEMORY_STORE_H_
#define PALERMO_STORAGE_MEMORY_STORE_H_

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "storage/kv_store.h"
#include "storage/mutex.h"

namespace palermo::storage {

class MemoryStore final : public KvStore {
 public:
  struct Options {
    FatalHook fatal = ExitOnStorageFailure;
    uint64_t free_bytes = uint64_t{1} << 40;
  };

  MemoryStore() : MemoryStore(Options{}) {}
  explicit MemoryStore(Options options);
  ~MemoryStore() override;

  absl::Status Apply(const WriteBatch& batch, Durability durability,
                     const Conditions& conditions = {}) override;
  std::unique_ptr<KvReader> Snapshot() const override;
  absl::StatusOr<std::unique_ptr<RunWriter>> NewRun() override;
  absl::Status DropSegments(std::string_view start, std::string_view end) override;
  absl::Status Flush() override;
  absl::Status Backup(const std::string& dir) override;
  absl::Status Scrub() const override;
  absl::StatusOr<uint64_t> FreeBytes() const override;
  uint64_t SyncCount() const override;

  // --- Faults, for tests and simulations.
  // The n-th Apply from now on (1 is the next) fails as a disk would: STORE_WRITE_FAILED, fatal
  // hook, store stopped. Its batch is kept or lost by the coming Crash(), as `lost` says.
  void FailApply(uint64_t n, bool lost = true);
  // Power fails and comes back: what was not durable is gone, a stopped store works again.
  // REQUIRES: no call is running.
  void Crash();
  // Called before each Get of the main family, in the thread that reads, without a lock; so that a
  // test can let something happen between two reads. REQUIRES: no call is running.
  void BeforeGet(std::function<void(std::string_view key)> call) { before_get_ = std::move(call); }
  // What FreeBytes answers from now on.
  void SetFreeBytes(uint64_t bytes);

 private:
  class View;
  class Run;
  using Table = std::map<std::string, std::string, std::less<>>;
  using Tables = std::array<Table, kFamilies>;
  // One change that is not durable yet: what the key held before.
  struct Undo {
    Family family;
    std::string key;
    std::optional<std::string> before;
  };

  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override;
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override;

  // The tables to write to: a copy of their own if a view still looks at them.
  Tables& Writable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Set(Family family, const std::string& key, std::optional<std::string> value)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void ApplyChange(const WriteBatch::Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CheckConditions(const Conditions& conditions) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CheckRunning() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void MakeDurable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status AddRun(const std::vector<std::pair<std::string, std::string>>& run);

  const FatalHook fatal_;
  std::function<void(std::string_view key)> before_get_;
  mutable Mutex mu_;
  std::shared_ptr<Tables> tables_ ABSL_GUARDED_BY(mu_);  // shared with the views that are open
  std::vector<Undo> undo_ ABSL_GUARDED_BY(mu_);
  uint64_t free_bytes_ ABSL_GUARDED_BY(mu_);
  uint64_t sync_count_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t fail_in_ ABSL_GUARDED_BY(mu_) = 0;  // 0: no fault is armed
  bool fail_loses_ ABSL_GUARDED_BY(mu_) = true;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_MEMORY_STORE_H_
