// What RocksStore holds behind its header. Internal to storage/.
#ifndef PALERMO_STORAGE_ROCKS_IMPL_H_
#define PALERMO_STORAGE_ROCKS_IMPL_H_

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/listener.h"
#include "storage/kv_store.h"
#include "storage/mutex.h"
#include "storage/rocks_store.h"

namespace palermo::storage {

inline rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ToView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// What to do about a damaged store: the end of its text.
inline constexpr std::string_view kRestoreStore =
    "; nothing was repaired or thrown away: copy data-dir away as it is, then restore all of it "
    "from "
    "the newest backup or snapshot (docs/operations.md, Backup)";

// A failed read or file operation: STORE_DAMAGED if bytes fail their checks, else `code`.
absl::Status FromRocks(const rocksdb::Status& status, std::string_view code, std::string_view what);

// The end of a store's writing, told to the fatal hook once. Thread-safe.
class StopSwitch {
 public:
  explicit StopSwitch(FatalHook fatal) : fatal_(std::move(fatal)) {}
  // Returns STORE_WRITE_FAILED, after the hook, should that return.
  absl::Status Stop(const rocksdb::Status& cause, std::string_view what);
  // STORE_STOPPED if Stop was called.
  absl::Status CheckRunning() const;

 private:
  const FatalHook fatal_;
  std::atomic<bool> stopped_{false};
};

// Hears of errors in RocksDB's own threads.
class ErrorListener final : public rocksdb::EventListener {
 public:
  explicit ErrorListener(std::shared_ptr<StopSwitch> stop) : stop_(std::move(stop)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  const std::shared_ptr<StopSwitch> stop_;  // shared with the store: RocksDB may outlive neither
};

class RocksStore::Impl {
 public:
  explicit Impl(const Options& options);
  ~Impl();

  // The steps of RocksStore::Open, in this order.
  absl::Status PrepareDirectories();
  absl::Status CheckFiles();
  absl::Status CheckFamilies();
  absl::Status OpenDatabase();
  absl::Status TagLogs();
  absl::Status CheckFormat();
  absl::Status RemoveUnfinishedRuns();

  rocksdb::ColumnFamilyHandle* Handle(Family family) const {
    return handles_[static_cast<size_t>(family)];
  }
  std::string DatabaseDir() const { return options_.dir + "/db"; }
  std::string RunsDir() const { return options_.dir + "/runs"; }
  std::string LogTagPath() const { return options_.dir + "/log-tag"; }

  absl::StatusOr<std::optional<std::string>> Get(const rocksdb::ReadOptions& read, Family family,
                                                 std::string_view key) const;
  absl::Status Scan(rocksdb::ReadOptions read, const ScanRange& range, ScanVisitor visit) const;
  absl::Status CheckConditions(const Conditions& conditions) const;
  absl::Status Write(const WriteBatch& batch, Durability durability);
  // Makes the names in a directory durable.
  absl::Status SyncDirectory(const std::string& dir) const;

  // STORE_IN_USE when another process has the store. Holds nothing when it returns.
  absl::Status CheckNotInUse() const;

  const Options options_;
  rocksdb::Env* const env_;
  const std::shared_ptr<StopSwitch> stop_;
  // Held shared by a batch without conditions, exclusively by one with conditions: nothing comes
  // between its comparing and its writing, and all others may still share a sync.
  SharedMutex apply_mu_;
  std::string log_tag_;  // before each batch in the logs: wal_check.h
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> handles_{};  // owned by db_
  std::atomic<uint64_t> sync_count_{0};
  std::atomic<uint64_t> next_run_{0};
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_ROCKS_IMPL_H_
