#include "storage/faulty_fs.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/check.h"

namespace palermo::storage {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// "a//b" and "a/b" are one name.
std::string Normal(const std::string& name) {
  return std::filesystem::path(name).lexically_normal().string();
}

std::string DirectoryOf(const std::string& name) {
  return std::filesystem::path(name).parent_path().string();
}

std::optional<std::string> ContentOf(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

class FaultyFs::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(FaultyFs& fs, std::string name, std::unique_ptr<rocksdb::FSWritableFile> target)
      : FSWritableFileOwnerWrapper(std::move(target)), fs_(fs), name_(std::move(name)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = fs_.CheckPower();
    if (status.ok()) status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (status.ok()) fs_.Appended(name_, data.size());
    return status;
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*info*/, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    uint64_t covered = 0;
    IOStatus status = fs_.BeginSync(name_, &covered);
    if (status.ok()) status = FSWritableFileOwnerWrapper::Sync(options, debug);
    if (status.ok()) fs_.Synced(name_, covered);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  FaultyFs& fs_;
  const std::string name_;
};

class FaultyFs::Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(FaultyFs& fs, std::string name, std::unique_ptr<rocksdb::FSDirectory> target)
      : FSDirectoryWrapper(std::move(target)), fs_(fs), name_(std::move(name)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = fs_.CheckPower();
    if (status.ok()) status = FSDirectoryWrapper::Fsync(options, debug);
    if (status.ok()) fs_.DirectorySynced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& /*reason*/) override {
    return Fsync(options, debug);
  }

 private:
  FaultyFs& fs_;
  const std::string name_;
};

void FaultyFs::FailSync(uint64_t n) {
  MutexLock lock(&mu_);
  fail_in_ = n;
  failed_ = false;
}

bool FaultyFs::Failed() const {
  MutexLock lock(&mu_);
  return failed_;
}

void FaultyFs::PowerOff() {
  MutexLock lock(&mu_);
  power_ = false;
}

void FaultyFs::LoseUnsynced(std::mt19937_64* random) {
  MutexLock lock(&mu_);
  PALERMO_CHECK(!power_);
  for (const auto& [name, state] : files_) {
    if (!std::filesystem::exists(name)) continue;
    const uint64_t kept = state.synced + (*random)() % (state.written - state.synced + 1);
    std::filesystem::resize_file(name, kept);
  }
  for (const auto& [name, before] : new_names_) {
    std::filesystem::remove(name);
    if (before.has_value()) std::ofstream(name, std::ios::binary) << *before;
  }
  files_.clear();
  new_names_.clear();
  fail_in_ = 0;
  power_ = true;
}

IOStatus FaultyFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                   std::unique_ptr<rocksdb::FSWritableFile>* result,
                                   IODebugContext* debug) {
  IOStatus status = CheckPower();
  if (!status.ok()) return status;
  const std::string normal = Normal(name);
  const bool existed = std::filesystem::exists(normal);
  status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
  if (!status.ok()) return status;
  *result = std::make_unique<File>(*this, normal, std::move(*result));
  MutexLock lock(&mu_);
  files_[normal] = {};
  if (!existed) new_names_.emplace(normal, std::nullopt);
  return status;
}

IOStatus FaultyFs::NewDirectory(const std::string& name, const IOOptions& options,
                                std::unique_ptr<rocksdb::FSDirectory>* result,
                                IODebugContext* debug) {
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, result, debug);
  // With a file's name inside, so that "a/b/" and "a/b" give the same directory.
  const std::string normal = DirectoryOf(Normal(name + "/x"));
  if (status.ok()) *result = std::make_unique<Directory>(*this, normal, std::move(*result));
  return status;
}

IOStatus FaultyFs::DeleteFile(const std::string& name, const IOOptions& options,
                              IODebugContext* debug) {
  IOStatus status = CheckPower();
  if (status.ok()) status = FileSystemWrapper::DeleteFile(name, options, debug);
  if (!status.ok()) return status;
  MutexLock lock(&mu_);
  files_.erase(Normal(name));
  new_names_.erase(Normal(name));
  return status;
}

IOStatus FaultyFs::RenameFile(const std::string& from, const std::string& to,
                              const IOOptions& options, IODebugContext* debug) {
  IOStatus status = CheckPower();
  if (!status.ok()) return status;
  std::optional<std::string> before = ContentOf(to);
  status = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  MutexLock lock(&mu_);
  auto moved = files_.extract(Normal(from));
  files_.erase(Normal(to));
  if (!moved.empty()) {
    moved.key() = Normal(to);
    files_.insert(std::move(moved));
  }
  new_names_.erase(Normal(from));
  new_names_.emplace(Normal(to), std::move(before));
  return status;
}

IOStatus FaultyFs::LinkFile(const std::string& from, const std::string& to,
                            const IOOptions& options, IODebugContext* debug) {
  IOStatus status = CheckPower();
  if (status.ok()) status = FileSystemWrapper::LinkFile(from, to, options, debug);
  if (!status.ok()) return status;
  MutexLock lock(&mu_);
  auto found = files_.find(Normal(from));
  if (found != files_.end()) files_[Normal(to)] = found->second;
  new_names_.emplace(Normal(to), std::nullopt);
  return status;
}

IOStatus FaultyFs::CheckPower() const {
  MutexLock lock(&mu_);
  return power_ ? IOStatus::OK() : IOStatus::IOError("power is off");
}

void FaultyFs::Appended(const std::string& name, uint64_t bytes) {
  MutexLock lock(&mu_);
  files_[name].written += bytes;
}

IOStatus FaultyFs::BeginSync(const std::string& name, uint64_t* covered) {
  MutexLock lock(&mu_);
  if (!power_) return IOStatus::IOError("power is off");
  if (fail_in_ > 0 && --fail_in_ == 0) {
    failed_ = true;
    return IOStatus::IOError("injected sync failure");
  }
  *covered = files_[name].written;
  return IOStatus::OK();
}

void FaultyFs::Synced(const std::string& name, uint64_t covered) {
  MutexLock lock(&mu_);
  State& state = files_[name];
  state.synced = std::max(state.synced, covered);
}

void FaultyFs::DirectorySynced(const std::string& directory) {
  MutexLock lock(&mu_);
  std::erase_if(new_names_,
                [&](const auto& entry) { return DirectoryOf(entry.first) == directory; });
}

}  // namespace palermo::storage
