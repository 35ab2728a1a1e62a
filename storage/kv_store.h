// KvStore: the node's one store of bytes under bytes. It knows no message; who uses it owns the
// meaning of keys. Two engines implement it, MemoryStore (the model of every store) and RocksStore;
// storage/contract_test.cc runs over all of them and is the last word on what is said here.
//
// - A batch is applied whole or not at all, and readers never see half of one.
// - With Durability::kSync it is on stable storage when Apply returns, and so is every batch that
//   was applied before it. With kNoSync it may be lost with the machine, never reordered: what
//   survives is a prefix of what was applied.
// - A write or sync that fails is never tried again: nobody knows then what the disk holds. The
//   engine calls the fatal hook of its options, which by default ends the process. Should the hook
//   return, the call fails and the store takes no further write (STORE_STOPPED).
// - Keys order as unsigned bytes. Every method may be called by many threads at once.
#ifndef PALERMO_STORAGE_KV_STORE_H_
#define PALERMO_STORAGE_KV_STORE_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace palermo::storage {

// Three key spaces. kSegments holds the sealed bytes of attachments: it is filled by runs
// (KvStore::NewRun), which write each byte once and pass no log. kSealed is for large values under
// keys that only grow: they are sorted when they come, so no engine has to write them again.
enum class Family : uint8_t { kMain = 0, kSegments = 1, kSealed = 2 };
inline constexpr size_t kFamilies = 3;

// The two keys (family kMain) that Conditions compare; the value is 8 bytes big-endian, an absent
// key counts as 0. Put them with WriteBatch::PutUint64.
inline constexpr std::string_view kWriterEpochKey = "meta/writer-epoch";
inline constexpr std::string_view kTreeSizeKey = "meta/tree-size";
// Written by the engine when it creates a store: the layout's version. Not to be touched.
inline constexpr std::string_view kFormatVersionKey = "meta/format-version";

// The smallest key greater than every key that begins with `prefix`; empty if there is none.
std::string PrefixEnd(std::string_view prefix);

// Which keys a scan visits: from `start`, inclusive, to `end`, exclusive; an empty `end` means to
// the last key. In ascending order, or from the end downwards if `reverse`.
struct ScanRange {
  std::string start = {};
  std::string end = {};
  size_t limit = std::numeric_limits<size_t>::max();
  bool reverse = false;
  Family family = Family::kMain;

  static ScanRange Prefix(std::string_view prefix,
                          size_t limit = std::numeric_limits<size_t>::max(),
                          Family family = Family::kMain);
};

// Called for each key and value; the views die with the call. Returns whether to go on.
using ScanVisitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

// What can be read: a store (each call sees the newest state), or a snapshot (every call sees the
// same state).
class KvReader {
 public:
  virtual ~KvReader() = default;

  // The value, or nullopt if there is no such key. STORE_DAMAGED if the stored bytes fail their
  // checksum.
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key,
                                                 Family family = Family::kMain) const {
    return DoGet(family, key);
  }

  // Visits the range as it was when the call began; the visitor may read and write the store. Ends
  // at the limit, or when the visitor returns false: that is success too. STORE_DAMAGED as in Get.
  absl::Status Scan(const ScanRange& range, ScanVisitor visit) const {
    return DoScan(range, visit);
  }

  // Visits every key that begins with `prefix`.
  absl::Status ScanPrefix(std::string_view prefix, ScanVisitor visit,
                          Family family = Family::kMain) const;

 protected:
  virtual absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                           std::string_view key) const = 0;
  virtual absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const = 0;
};

// Changes, in order; a later one wins over an earlier one. A plain value: owns its bytes, holds no
// reference to a store. Not thread-safe.
class WriteBatch {
 public:
  enum class Kind : uint8_t { kPut, kDelete, kDeleteRange };
  struct Change {
    Kind kind;
    Family family;
    std::string key;    // of a range: its start, inclusive
    std::string value;  // of a range: its end, exclusive
    bool read_soon = false;
  };

  void Put(std::string_view key, std::string_view value, Family family = Family::kMain);
  // The same without a copy, for large values. `read_soon`: whoever keeps what was written in
  // memory (RecentWrites) should keep this.
  void PutOwned(std::string key, std::string value, bool read_soon = false,
                Family family = Family::kMain);
  // 8 bytes big-endian.
  void PutUint64(std::string_view key, uint64_t value);
  // Deleting what is not there is no error.
  void Delete(std::string_view key, Family family = Family::kMain);
  // From `start`, inclusive, to `end`, exclusive; nothing if they do not ascend. REQUIRES: `end` is
  // not empty.
  void DeleteRange(std::string_view start, std::string_view end, Family family = Family::kMain);
  // Adds the changes of `other` after these.
  void Append(const WriteBatch& other);
  void Clear();
  void Reserve(size_t changes) { changes_.reserve(changes); }

  bool empty() const { return changes_.empty(); }
  // Keys and values together.
  size_t byte_size() const { return byte_size_; }
  const std::vector<Change>& changes() const { return changes_; }
  // The end of the batch.
  std::vector<Change> TakeChanges() && { return std::move(changes_); }

 private:
  void Add(Kind kind, Family family, std::string_view key, std::string_view value);

  std::vector<Change> changes_;
  size_t byte_size_ = 0;
};

enum class Durability : uint8_t { kSync, kNoSync };

// What must hold for a batch to be applied; a field that is absent is not compared.
struct Conditions {
  std::optional<uint64_t> writer_epoch = std::nullopt;
  std::optional<uint64_t> tree_size = std::nullopt;
};

// A sorted run under construction: a file beside the store until Finish. Memory does not grow with
// it. Destroyed without Finish, it leaves nothing behind. One thread; must not outlive its store.
class RunWriter {
 public:
  virtual ~RunWriter() = default;
  // RUN_NOT_SORTED unless `key` is greater than the one before; the run is then as it was.
  virtual absl::Status Add(std::string_view key, std::string_view value) = 0;
  // Makes all of the run visible at once and durable. An empty run is no error. A key that exists
  // gets the new value. REQUIRES: not called before.
  virtual absl::Status Finish() = 0;
  // Keys and values added so far.
  virtual uint64_t byte_size() const = 0;
};

class KvStore : public KvReader {
 public:
  // Applies the batch if the conditions hold; comparing and writing are one step, between which no
  // other Apply comes. CONDITION_FAILED: a condition does not hold, nothing was changed.
  // STORE_WRITE_FAILED: see the head of this file; the outcome is unknown.
  // STORE_STOPPED: an earlier write failed; nothing was changed.
  virtual absl::Status Apply(const WriteBatch& batch, Durability durability,
                             const Conditions& conditions = {}) = 0;

  // A view of the state of now. Must not outlive the store.
  virtual std::unique_ptr<KvReader> Snapshot() const = 0;

  // A new run for Family::kSegments.
  virtual absl::StatusOr<std::unique_ptr<RunWriter>> NewRun() = 0;
  // The same in one call, for a run that is in memory. REQUIRES: keys ascend (else RUN_NOT_SORTED,
  // nothing was changed).
  absl::Status Ingest(const std::vector<std::pair<std::string, std::string>>& sorted);

  // Deletes the range from Family::kSegments, whole files first, so that the disk gets its space
  // back without rewriting. Durable. REQUIRES: `end` is not empty. Snapshots that are open may lose
  // sight of the range.
  virtual absl::Status DropSegments(std::string_view start, std::string_view end) = 0;

  // Makes everything that was applied before durable.
  virtual absl::Status Flush() = 0;

  // Writes a complete copy, which can be opened as a store, into `dir`, which must not exist
  // (BACKUP_EXISTS): all that was applied when the call began, and perhaps some of what came
  // meanwhile, a prefix as after a crash. Others may read and write. What is only in memory and in
  // the log becomes a file first; files that are done are linked where the file system can. All of
  // it is durable but for the name of `dir`. BACKUP_UNSUPPORTED if the engine has no files. A
  // failed backup leaves the store itself unharmed, and what was made of `dir`.
  virtual absl::Status Backup(const std::string& dir) = 0;

  // Reads every stored file again and checks its checksums. STORE_DAMAGED names the first fault.
  virtual absl::Status Scrub() const = 0;

  // Bytes that may still be written to the store's disk.
  virtual absl::StatusOr<uint64_t> FreeBytes() const = 0;

  // How many times a caller waited for stable storage and got it.
  virtual uint64_t SyncCount() const = 0;
};

// What an engine calls when a write or sync failed.
using FatalHook = std::function<void(const absl::Status&)>;
// One line to standard error, then _exit(70): no destructor may touch the files again.
void ExitOnStorageFailure(const absl::Status& status);

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_KV_STORE_H_
