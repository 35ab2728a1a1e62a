#include "storage/rocks_store.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "rocksdb/convenience.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/sst_file_writer.h"
#include "rocksdb/utilities/checkpoint.h"
#include "storage/rocks_impl.h"
#include "storage/rocks_options.h"

namespace palermo::storage {

class RocksStore::View final : public KvReader {
 public:
  explicit View(const Impl& impl) : impl_(impl) { read_.snapshot = impl_.db_->GetSnapshot(); }
  ~View() override { impl_.db_->ReleaseSnapshot(read_.snapshot); }

 private:
  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override {
    return impl_.Get(read_, family, key);
  }
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override {
    return impl_.Scan(read_, range, visit);
  }

  const Impl& impl_;
  rocksdb::ReadOptions read_;
};

// One file under runs/, which Finish moves into the database. The file is opened by the first Add:
// RocksDB takes no empty one.
class RocksStore::Run final : public RunWriter {
 public:
  Run(Impl& impl, std::string path)
      : impl_(impl),
        path_(std::move(path)),
        writer_(rocksdb::EnvOptions(), impl.db_->GetOptions(impl.Handle(Family::kSegments)),
                impl.Handle(Family::kSegments)) {}

  ~Run() override {
    // What stays behind if this fails is removed at the next open.
    if (open_) impl_.env_->DeleteFile(path_).PermitUncheckedError();
  }

  absl::Status Add(std::string_view key, std::string_view value) override {
    PALERMO_CHECK(!finished_);
    if (open_ && key <= last_key_) {
      return InputError("RUN_NOT_SORTED", "the key is not greater than the one before");
    }
    PALERMO_RETURN_IF_ERROR(impl_.stop_->CheckRunning());
    rocksdb::Status status = open_ ? rocksdb::Status::OK() : writer_.Open(path_);
    if (status.ok()) {
      open_ = true;
      status = writer_.Put(ToSlice(key), ToSlice(value));
    }
    if (!status.ok()) return impl_.stop_->Stop(status, "write a run");
    last_key_.assign(key);
    byte_size_ += key.size() + value.size();
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    PALERMO_CHECK(!finished_);
    finished_ = true;
    PALERMO_RETURN_IF_ERROR(impl_.stop_->CheckRunning());
    if (!open_) return absl::OkStatus();
    rocksdb::Status status = writer_.Finish();
    if (!status.ok()) return impl_.stop_->Stop(status, "sync a run");
    status =
        impl_.db_->IngestExternalFile(impl_.Handle(Family::kSegments), {path_}, IngestOptions());
    if (!status.ok()) return impl_.stop_->Stop(status, "ingest a run");
    ++impl_.sync_count_;
    return absl::OkStatus();
  }

  uint64_t byte_size() const override { return byte_size_; }

 private:
  Impl& impl_;
  const std::string path_;
  rocksdb::SstFileWriter writer_;
  std::string last_key_;
  uint64_t byte_size_ = 0;
  bool open_ = false;
  bool finished_ = false;
};

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const Options& options) {
  PALERMO_CHECK(!options.dir.empty());
  PALERMO_CHECK(options.fatal != nullptr);
  PALERMO_CHECK(!options.read_only || !options.create_if_missing);
  auto impl = std::make_unique<Impl>(options);
  PALERMO_RETURN_IF_ERROR(impl->PrepareDirectories());
  PALERMO_RETURN_IF_ERROR(impl->CheckFiles());
  PALERMO_RETURN_IF_ERROR(impl->CheckFamilies());
  PALERMO_RETURN_IF_ERROR(impl->OpenDatabase());
  PALERMO_RETURN_IF_ERROR(impl->TagLogs());
  PALERMO_RETURN_IF_ERROR(impl->CheckFormat());
  PALERMO_RETURN_IF_ERROR(impl->RemoveUnfinishedRuns());
  return std::unique_ptr<RocksStore>(new RocksStore(std::move(impl)));
}

RocksStore::RocksStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RocksStore::~RocksStore() = default;

absl::Status RocksStore::Apply(const WriteBatch& batch, Durability durability,
                               const Conditions& conditions) {
  if (!conditions.writer_epoch.has_value() && !conditions.tree_size.has_value()) {
    SharedLock lock(&impl_->apply_mu_);
    PALERMO_RETURN_IF_ERROR(impl_->stop_->CheckRunning());
    return impl_->Write(batch, durability);
  }
  ExclusiveLock lock(&impl_->apply_mu_);
  PALERMO_RETURN_IF_ERROR(impl_->stop_->CheckRunning());
  PALERMO_RETURN_IF_ERROR(impl_->CheckConditions(conditions));
  return impl_->Write(batch, durability);
}

std::unique_ptr<KvReader> RocksStore::Snapshot() const { return std::make_unique<View>(*impl_); }

absl::StatusOr<std::unique_ptr<RunWriter>> RocksStore::NewRun() {
  PALERMO_RETURN_IF_ERROR(impl_->stop_->CheckRunning());
  std::string path = absl::StrFormat("%s/%08d.sst", impl_->RunsDir(), impl_->next_run_++);
  return std::make_unique<Run>(*impl_, std::move(path));
}

absl::Status RocksStore::DropSegments(std::string_view start, std::string_view end) {
  PALERMO_CHECK(!end.empty());
  if (start >= end) return absl::OkStatus();
  // First the tombstone: should the machine stop in between, no file's worth of keys comes back.
  WriteBatch batch;
  batch.DeleteRange(start, end, Family::kSegments);
  PALERMO_RETURN_IF_ERROR(Apply(batch, Durability::kSync));
  const rocksdb::Slice first = ToSlice(start);
  const rocksdb::Slice last = ToSlice(end);
  rocksdb::Status status = rocksdb::DeleteFilesInRange(
      impl_->db_.get(), impl_->Handle(Family::kSegments), &first, &last, /*include_end=*/false);
  if (!status.ok()) return impl_->stop_->Stop(status, "delete segment files");
  return absl::OkStatus();
}

absl::Status RocksStore::Flush() {
  PALERMO_RETURN_IF_ERROR(impl_->stop_->CheckRunning());
  rocksdb::Status status = impl_->db_->FlushWAL(/*sync=*/true);
  if (!status.ok()) return impl_->stop_->Stop(status, "sync the log");
  ++impl_->sync_count_;
  return absl::OkStatus();
}

absl::Status RocksStore::Backup(const std::string& dir) {
  PALERMO_RETURN_IF_ERROR(impl_->stop_->CheckRunning());
  if (impl_->env_->FileExists(dir).ok()) {
    return WrongState("BACKUP_EXISTS", Cat({dir, " exists; name a new directory"}));
  }
  std::string target;
  rocksdb::Status status = impl_->env_->CreateDir(dir);
  if (status.ok()) status = impl_->env_->GetAbsolutePath(dir, &target);
  rocksdb::Checkpoint* made = nullptr;
  if (status.ok()) status = rocksdb::Checkpoint::Create(impl_->db_.get(), &made);
  std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  // 0: always flush first, so that the copy does not hang on a log that is being written.
  if (status.ok()) status = checkpoint->CreateCheckpoint(target + "/db", 0);
  // The copy has a log, too, whose records have this store's tag.
  std::string tag;
  if (status.ok()) status = rocksdb::ReadFileToString(impl_->env_, impl_->LogTagPath(), &tag);
  if (status.ok()) {
    status =
        rocksdb::WriteStringToFile(impl_->env_, tag, target + "/log-tag", /*should_sync=*/true);
  }
  if (!status.ok()) return FromRocks(status, "BACKUP_FAILED", Cat({"back up to ", dir}));
  return impl_->SyncDirectory(target);
}

namespace {

std::vector<rocksdb::LiveFileMetaData> FilesByNumber(rocksdb::DB& db) {
  std::vector<rocksdb::LiveFileMetaData> files;
  db.GetLiveFilesMetaData(&files);
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.file_number < b.file_number; });
  return files;
}

absl::Status ScrubOne(rocksdb::DB& db, const rocksdb::LiveFileMetaData& file) {
  const std::string path = Cat({file.db_path, file.name});
  rocksdb::SstFileReader reader(
      rocksdb::Options(db.GetDBOptions(), rocksdb::ColumnFamilyOptions()));
  rocksdb::Status status = reader.Open(path);
  if (status.ok()) status = reader.VerifyChecksum();
  if (!status.ok()) return FromRocks(status, "STORE_READ_FAILED", Cat({"scrub ", path}));
  return absl::OkStatus();
}

// What a compaction replaces meanwhile stays until the end. A store that is open for reading
// deletes nothing, and does not know these calls.
class KeepFiles {
 public:
  explicit KeepFiles(rocksdb::DB& db) : db_(db) {
    db_.DisableFileDeletions().PermitUncheckedError();
  }
  ~KeepFiles() { db_.EnableFileDeletions(/*force=*/false).PermitUncheckedError(); }

 private:
  rocksdb::DB& db_;
};

}  // namespace

absl::Status RocksStore::Scrub() const {
  rocksdb::Status status = impl_->db_->VerifyChecksum(rocksdb::ReadOptions());
  if (!status.ok()) return FromRocks(status, "STORE_READ_FAILED", "scrub");
  return absl::OkStatus();
}

absl::Status RocksStore::ScrubNewest(uint64_t most_bytes) const {
  KeepFiles kept(*impl_->db_);
  std::vector<rocksdb::LiveFileMetaData> files = FilesByNumber(*impl_->db_);
  for (auto file = files.rbegin(); file != files.rend() && file->size <= most_bytes; ++file) {
    most_bytes -= file->size;
    PALERMO_RETURN_IF_ERROR(ScrubOne(*impl_->db_, *file));
  }
  return absl::OkStatus();
}

std::optional<ScrubbedFile> RocksStore::ScrubFileAfter(uint64_t after) const {
  KeepFiles kept(*impl_->db_);
  const std::vector<rocksdb::LiveFileMetaData> files = FilesByNumber(*impl_->db_);
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.file_number <= after) continue;
    return ScrubbedFile{file.file_number, file.size, files.back().file_number,
                        ScrubOne(*impl_->db_, file)};
  }
  return std::nullopt;
}

absl::StatusOr<uint64_t> RocksStore::FreeBytes() const {
  uint64_t bytes = 0;
  rocksdb::Status status = impl_->env_->GetFreeSpace(impl_->options_.dir, &bytes);
  if (!status.ok()) return FromRocks(status, "STORE_READ_FAILED", "free space");
  return bytes;
}

uint64_t RocksStore::UnflushedBytes() const {
  uint64_t bytes = 0;
  impl_->db_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &bytes);
  return bytes;
}

uint64_t RocksStore::SyncCount() const { return impl_->sync_count_.load(); }

absl::StatusOr<std::optional<std::string>> RocksStore::DoGet(Family family,
                                                             std::string_view key) const {
  return impl_->Get({}, family, key);
}

absl::Status RocksStore::DoScan(const ScanRange& range, ScanVisitor visit) const {
  return impl_->Scan({}, range, visit);
}

}  // namespace palermo::storage
