// Test support: a file system for RocksStore that can fail a sync, and lose power. It writes to
// real files and remembers how much of each has been synced, and which names their directory has
// been synced with; LoseUnsynced then takes the rest away.
#ifndef PALERMO_STORAGE_FAULTY_FS_H_
#define PALERMO_STORAGE_FAULTY_FS_H_

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "rocksdb/file_system.h"
#include "storage/mutex.h"

namespace palermo::storage {

class FaultyFs final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  static const char* kClassName() { return "FaultyFs"; }
  const char* Name() const override { return kClassName(); }

  // The n-th file sync from now on (1 is the next) fails; later ones work again, as on Linux, where
  // the second fsync after a failed one says all is well.
  void FailSync(uint64_t n);
  // Whether the armed fault has struck.
  bool Failed() const;
  // From now on nothing can be written.
  void PowerOff();
  // After PowerOff, with the store closed: cuts every file somewhere between what was synced and
  // what was written, and undoes names that were not synced. Power is on again.
  void LoseUnsynced(std::mt19937_64* random);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;

 private:
  class File;
  class Directory;
  struct State {
    uint64_t written = 0;
    uint64_t synced = 0;
  };

  rocksdb::IOStatus CheckPower() const;
  void Appended(const std::string& name, uint64_t bytes);
  // Before a sync: fails if armed, else says how much the sync will cover.
  rocksdb::IOStatus BeginSync(const std::string& name, uint64_t* covered);
  void Synced(const std::string& name, uint64_t covered);
  void DirectorySynced(const std::string& directory);

  mutable Mutex mu_;
  std::map<std::string, State> files_ ABSL_GUARDED_BY(mu_);
  // Names their directory has not been synced with; the value is the content that the name had
  // before, if it had one.
  std::map<std::string, std::optional<std::string>> new_names_ ABSL_GUARDED_BY(mu_);
  uint64_t fail_in_ ABSL_GUARDED_BY(mu_) = 0;
  bool failed_ ABSL_GUARDED_BY(mu_) = false;
  bool power_ ABSL_GUARDED_BY(mu_) = true;
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_FAULTY_FS_H_
