#include "storage/rocks_impl.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "storage/conditions.h"
#include "storage/rocks_options.h"
#include "storage/wal_check.h"

namespace palermo::storage {
namespace {

// RocksDB names its families; these names are part of the format.
constexpr std::string_view kSegmentsName = "segments";
constexpr std::string_view kSealedName = "sealed";

// What RocksDB writes at an open besides the content of the logs: manifest, a new log, options.
// With less it may stop the process by an assertion of its own.
constexpr uint64_t kOpenBytes = 8 * 1024 * 1024;

// Somebody holds the lock: this process, or another one by the system's word. All else that keeps
// the file from being opened is a matter of the disk.
bool IsHeld(const rocksdb::Status& status) {
  if (!status.IsIOError()) return false;
  const std::string text = status.ToString();
  return text.find("lock hold by current process") != std::string::npos ||
         (text.find("LOCK") != std::string::npos &&
          text.find("Resource temporarily unavailable") != std::string::npos);
}

absl::Status TooOld(const std::string& dir, uint64_t version) {
  return WrongState("STORE_TOO_OLD",
                    absl::StrFormat("%s has format %d, this program needs %d; open it with the "
                                    "program that wrote it, or start with a new folder",
                                    dir, version, RocksStore::kFormatVersion));
}

absl::Status InUse(const std::string& dir) {
  return WrongState("STORE_IN_USE", Cat({"another process has ", dir,
                                         " open: this node runs already; stop it first"}));
}

bool EndsWith(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, std::string_view code,
                       std::string_view what) {
  PALERMO_CHECK(!status.ok());
  const std::string text = absl::StrFormat("%s: %s", what, status.ToString());
  if (status.IsCorruption()) return Damaged("STORE_DAMAGED", Cat({text, kRestoreStore}));
  return Error(absl::StatusCode::kInternal, code, text);
}

absl::Status StopSwitch::Stop(const rocksdb::Status& cause, std::string_view what) {
  absl::Status failure = Error(absl::StatusCode::kInternal, "STORE_WRITE_FAILED",
                               absl::StrFormat("%s: %s", what, cause.ToString()));
  if (!stopped_.exchange(true)) fatal_(failure);
  return failure;
}

absl::Status StopSwitch::CheckRunning() const {
  if (!stopped_.load()) return absl::OkStatus();
  return WrongState("STORE_STOPPED", "an earlier write failed; restart the process");
}

void ErrorListener::OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/,
                                      rocksdb::Status* error) {
  // The failed job is over, whatever the switch answers.
  stop_->Stop(*error, "background write").IgnoreError();
}

void ErrorListener::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                         rocksdb::Status /*error*/, bool* auto_recovery) {
  *auto_recovery = false;
}

RocksStore::Impl::Impl(const Options& options)
    : options_(options),
      env_(options.env != nullptr ? options.env : rocksdb::Env::Default()),
      stop_(std::make_shared<StopSwitch>(options.fatal)) {}

RocksStore::Impl::~Impl() {
  if (db_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
}

absl::Status RocksStore::Impl::PrepareDirectories() {
  const bool exists = env_->FileExists(DatabaseDir() + "/CURRENT").ok();
  std::vector<std::string> names;
  if (!exists && env_->GetChildren(DatabaseDir(), &names).ok()) {
    // To create a store over the rest of one would hide the loss.
    for (const std::string& name : names) {
      if (EndsWith(name, ".sst") || EndsWith(name, ".log")) {
        return Damaged("STORE_DAMAGED",
                       Cat({DatabaseDir(), " has ", name, " but no CURRENT", kRestoreStore}));
      }
    }
  }
  if (!exists && !options_.create_if_missing) {
    return Missing("STORE_MISSING", Cat({"there is no store in ", options_.dir}));
  }
  if (options_.read_only) return absl::OkStatus();
  for (const std::string& dir : {options_.dir, DatabaseDir(), RunsDir()}) {
    rocksdb::Status status = env_->CreateDirIfMissing(dir);
    if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"make ", dir}));
  }
  if (exists) return absl::OkStatus();
  PALERMO_RETURN_IF_ERROR(SyncDirectory(options_.dir));
  const size_t slash = options_.dir.find_last_of('/');
  if (slash == 0) return SyncDirectory("/");
  return SyncDirectory(slash == std::string::npos ? "." : options_.dir.substr(0, slash));
}

// Before RocksDB opens anything, since it deletes what it cannot use.
absl::Status RocksStore::Impl::CheckFiles() {
  uint64_t needed = kOpenBytes;
  if (env_->FileExists(DatabaseDir() + "/CURRENT").ok()) {
    PALERMO_RETURN_IF_ERROR(CheckNotInUse());
    PALERMO_ASSIGN_OR_RETURN(const uint64_t logs,
                             CheckLogs(*env_, DatabaseDir(), ReadLogTag(*env_, LogTagPath())));
    needed += logs;  // they become sorted files
  }
  uint64_t free = 0;
  if (!env_->GetFreeSpace(options_.dir, &free).ok() || free >= needed) return absl::OkStatus();
  return WrongState(
      "DISK_FULL", absl::StrFormat("the disk of %s has %d bytes free, opening the store needs %d; "
                                   "free some, or move data-dir to a larger disk, then start again",
                                   options_.dir, free, needed));
}

absl::Status RocksStore::Impl::CheckNotInUse() const {
  const std::string path = DatabaseDir() + "/LOCK";
  if (!env_->FileExists(path).ok()) return absl::OkStatus();  // a restored backup has none
  rocksdb::FileLock* lock = nullptr;
  rocksdb::Status status = env_->LockFile(path, &lock);
  if (status.ok()) status = env_->UnlockFile(lock);
  if (status.ok()) return absl::OkStatus();
  if (IsHeld(status)) return InUse(options_.dir);
  // On a disk that nobody can write to, nobody has it open for writing.
  if (options_.read_only && status.ToString().find("Read-only file system") != std::string::npos) {
    return absl::OkStatus();
  }
  return FromRocks(status, "STORE_UNREACHABLE", Cat({"open ", path}));
}

// A store of before a family came is refused as it is: to open it would give it that family, and
// the program that wrote it would not know it any more. One without a version was never used.
absl::Status RocksStore::Impl::CheckFamilies() {
  const rocksdb::Options options(DatabaseOptions(options_), rocksdb::ColumnFamilyOptions());
  if (!env_->FileExists(DatabaseDir() + "/CURRENT").ok()) return absl::OkStatus();
  std::vector<std::string> names;
  rocksdb::Status status = rocksdb::DB::ListColumnFamilies(options, DatabaseDir(), &names);
  const bool whole = std::count(names.begin(), names.end(), kSealedName) > 0;
  if (!status.ok() || whole) return absl::OkStatus();  // OpenDatabase tells what is wrong
  rocksdb::DB* opened = nullptr;
  status = rocksdb::DB::OpenForReadOnly(options, DatabaseDir(), &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  std::string version;
  if (status.ok()) status = db->Get({}, ToSlice(kFormatVersionKey), &version);
  if (status.IsNotFound() && options_.read_only) {
    // Killed while it was made: the next start makes the rest.
    return Missing("STORE_MISSING", Cat({"the store in ", options_.dir, " was never used"}));
  }
  if (!status.ok() || version.size() != sizeof(uint64_t)) return absl::OkStatus();
  const uint64_t stored = ReadBigEndian64(version);
  if (stored < RocksStore::kFormatVersion) return TooOld(options_.dir, stored);
  if (stored > RocksStore::kFormatVersion) return absl::OkStatus();  // CheckFormat tells it
  return Damaged("STORE_DAMAGED",
                 Cat({options_.dir, ": the family of sealed parts is not there", kRestoreStore}));
}

absl::Status RocksStore::Impl::OpenDatabase() {
  rocksdb::DBOptions options = DatabaseOptions(options_);
  options.listeners.push_back(std::make_shared<ErrorListener>(stop_));
  std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options_.block_cache_bytes);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, FamilyOptions(Family::kMain, options_, cache)},
      {std::string(kSegmentsName), FamilyOptions(Family::kSegments, options_, cache)},
      {std::string(kSealedName), FamilyOptions(Family::kSealed, options_, cache)},
  };
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  rocksdb::Status status =
      options_.read_only
          ? rocksdb::DB::OpenForReadOnly(options, DatabaseDir(), families, &handles, &db)
          : rocksdb::DB::Open(options, DatabaseDir(), families, &handles, &db);
  if (IsHeld(status)) return InUse(options_.dir);
  // A file that the store's manifest names and the disk has not is damage too.
  if (status.IsPathNotFound() || status.IsInvalidArgument()) {
    return Damaged("STORE_DAMAGED",
                   Cat({"open ", options_.dir, ": ", status.ToString(), kRestoreStore}));
  }
  if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"open ", options_.dir}));
  db_.reset(db);
  PALERMO_CHECK(handles.size() == kFamilies);
  std::copy(handles.begin(), handles.end(), handles_.begin());
  return absl::OkStatus();
}

// After the open, when the logs of before are in sorted files, and before the first write.
absl::Status RocksStore::Impl::TagLogs() {
  if (options_.read_only) return absl::OkStatus();
  log_tag_ = ReadLogTag(*env_, LogTagPath());
  if (!log_tag_.empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(log_tag_, WriteLogTag(*env_, LogTagPath()));
  return SyncDirectory(options_.dir);
}

absl::Status RocksStore::Impl::CheckFormat() {
  PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> stored,
                           Get({}, Family::kMain, kFormatVersionKey));
  if (stored.has_value()) {
    if (stored->size() != sizeof(uint64_t)) {
      return Damaged("STORE_DAMAGED", Cat({"the format version is not 8 bytes", kRestoreStore}));
    }
    const uint64_t version = ReadBigEndian64(*stored);
    if (version > kFormatVersion) {
      return WrongState("STORE_TOO_NEW",
                        absl::StrFormat("%s has format %d, this program knows up to %d; install "
                                        "the newer program",
                                        options_.dir, version, kFormatVersion));
    }
    if (version == 0) {
      return Damaged("STORE_DAMAGED", Cat({"the format version is 0", kRestoreStore}));
    }
    if (version < kFormatVersion) return TooOld(options_.dir, version);
    return absl::OkStatus();
  }
  bool empty = true;
  PALERMO_RETURN_IF_ERROR(Scan({}, ScanRange{}, [&](std::string_view, std::string_view) {
    empty = false;
    return false;
  }));
  if (!empty) {
    return Damaged("STORE_DAMAGED",
                   Cat({"the store has data but no format version", kRestoreStore}));
  }
  if (options_.read_only) return absl::OkStatus();
  WriteBatch batch;
  batch.PutUint64(kFormatVersionKey, kFormatVersion);
  return Write(batch, Durability::kSync);
}

absl::Status RocksStore::Impl::RemoveUnfinishedRuns() {
  if (options_.read_only) return absl::OkStatus();
  std::vector<std::string> names;
  rocksdb::Status status = env_->GetChildren(RunsDir(), &names);
  if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"list ", RunsDir()}));
  for (const std::string& name : names) {
    if (!EndsWith(name, ".sst")) continue;
    status = env_->DeleteFile(Cat({RunsDir(), "/", name}));
    if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"delete ", name}));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> RocksStore::Impl::Get(const rocksdb::ReadOptions& read,
                                                                 Family family,
                                                                 std::string_view key) const {
  std::string value;
  rocksdb::Status status = db_->Get(read, Handle(family), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return FromRocks(status, "STORE_READ_FAILED", "get");
  return value;
}

absl::Status RocksStore::Impl::Scan(rocksdb::ReadOptions read, const ScanRange& range,
                                    ScanVisitor visit) const {
  if (range.limit == 0 || (!range.end.empty() && range.start >= range.end)) {
    return absl::OkStatus();
  }
  const rocksdb::Slice lower = ToSlice(range.start);
  const rocksdb::Slice upper = ToSlice(range.end);
  read.iterate_lower_bound = &lower;
  if (!range.end.empty()) read.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(read, Handle(range.family)));
  if (range.reverse) {
    at->SeekToLast();
  } else {
    at->Seek(lower);
  }
  for (size_t count = 0; at->Valid() && count < range.limit; ++count) {
    if (!visit(ToView(at->key()), ToView(at->value()))) break;
    if (count + 1 == range.limit) break;
    if (range.reverse) {
      at->Prev();
    } else {
      at->Next();
    }
  }
  if (!at->status().ok()) return FromRocks(at->status(), "STORE_READ_FAILED", "scan");
  return absl::OkStatus();
}

absl::Status RocksStore::Impl::CheckConditions(const Conditions& conditions) const {
  if (conditions.writer_epoch.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(auto value, Get({}, Family::kMain, kWriterEpochKey));
    PALERMO_RETURN_IF_ERROR(CheckCondition(kWriterEpochKey, conditions.writer_epoch, value));
  }
  if (!conditions.tree_size.has_value()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto value, Get({}, Family::kMain, kTreeSizeKey));
  return CheckCondition(kTreeSizeKey, conditions.tree_size, value);
}

absl::Status RocksStore::Impl::Write(const WriteBatch& batch, Durability durability) {
  rocksdb::WriteBatch out(batch.byte_size() + 32 * batch.changes().size());
  rocksdb::Status status = out.PutLogData(log_tag_);  // in the log alone, first of all
  PALERMO_CHECK(status.ok());
  for (const WriteBatch::Change& change : batch.changes()) {
    rocksdb::ColumnFamilyHandle* handle = Handle(change.family);
    switch (change.kind) {
      case WriteBatch::Kind::kPut:
        status = out.Put(handle, change.key, change.value);
        break;
      case WriteBatch::Kind::kDelete:
        status = out.Delete(handle, change.key);
        break;
      case WriteBatch::Kind::kDeleteRange:
        if (change.key < change.value) status = out.DeleteRange(handle, change.key, change.value);
        break;
    }
    PALERMO_CHECK(status.ok());
  }
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::kSync;
  status = db_->Write(options, &out);
  if (!status.ok()) return stop_->Stop(status, "write");
  if (options.sync) ++sync_count_;
  return absl::OkStatus();
}

absl::Status RocksStore::Impl::SyncDirectory(const std::string& dir) const {
  std::unique_ptr<rocksdb::Directory> directory;
  rocksdb::Status status = env_->NewDirectory(dir, &directory);
  if (status.ok()) status = directory->Fsync();
  if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"sync ", dir}));
  return absl::OkStatus();
}

}  // namespace palermo::storage
