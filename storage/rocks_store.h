// RocksStore: the embedded engine, RocksDB in a directory of its own.
//
// Why its settings are as they are stands in rocks_options.cc. After a crash it recovers all but
// what was being written; a log that is damaged before its end is refused (wal_check.h). Since the
// newest log that is missing, or damaged at its very end, would shorten the ledger unseen, its user
// must check that the newest checkpoint it ever gave away is still there. A background error
// (flush, compaction, log) is as fatal as a failed write.
#ifndef PALERMO_STORAGE_ROCKS_STORE_H_
#define PALERMO_STORAGE_ROCKS_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "storage/kv_store.h"

namespace rocksdb {
class Env;
}

namespace palermo::storage {

struct ScrubbedFile {
  uint64_t number = 0;
  uint64_t bytes = 0;
  uint64_t newest = 0;  // the highest number of a file in use
  absl::Status status;  // STORE_DAMAGED, STORE_READ_FAILED: with the file's path
};

class RocksStore final : public KvStore {
 public:
  // The layout this code reads and writes; a store says in kFormatVersionKey which one it has.
  static constexpr uint64_t kFormatVersion = 4;

  struct Options {
    std::string dir;
    bool create_if_missing = true;
    // Changes no file, and takes no write. REQUIRES: create_if_missing is off.
    bool read_only = false;
    FatalHook fatal = ExitOnStorageFailure;
    size_t write_buffer_bytes = 64 * 1024 * 1024;
    size_t block_cache_bytes = 64 * 1024 * 1024;
    // The file system; nullptr is the operating system's. Borrowed, must outlive the store.
    rocksdb::Env* env = nullptr;
  };

  // Opens the store in options.dir, or creates one.
  // STORE_MISSING: there is none and create_if_missing is off. STORE_IN_USE: another process has
  // it. STORE_DAMAGED: files are missing or fail their checks, or a log is damaged before its end;
  // nothing was changed then. DISK_FULL: no room for what opening writes. STORE_TOO_NEW,
  // STORE_TOO_OLD: a later or an earlier version of this program wrote it. STORE_UNREACHABLE: the
  // directory cannot be made, read or written.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const Options& options);
  ~RocksStore() override;

  absl::Status Apply(const WriteBatch& batch, Durability durability,
                     const Conditions& conditions = {}) override;
  std::unique_ptr<KvReader> Snapshot() const override;
  absl::StatusOr<std::unique_ptr<RunWriter>> NewRun() override;
  absl::Status DropSegments(std::string_view start, std::string_view end) override;
  absl::Status Flush() override;
  absl::Status Backup(const std::string& dir) override;
  absl::Status Scrub() const override;
  // The same of the newest files, as many as fit into `most_bytes`.
  absl::Status ScrubNewest(uint64_t most_bytes) const;
  // The same of one file: of those in use the one with the smallest number above `after`. nullopt:
  // there is none. May be called while others read and write.
  std::optional<ScrubbedFile> ScrubFileAfter(uint64_t after) const;
  absl::StatusOr<uint64_t> FreeBytes() const override;
  // Bytes that are in memory and in the logs alone: what Backup writes before it links.
  uint64_t UnflushedBytes() const;
  uint64_t SyncCount() const override;

 private:
  class Impl;
  class View;
  class Run;
  explicit RocksStore(std::unique_ptr<Impl> impl);

  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override;
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override;

  std::unique_ptr<Impl> impl_;
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_ROCKS_STORE_H_
