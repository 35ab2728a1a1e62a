// Backups of a running node: every some hours, and when asked. Each is a whole data-dir of one
// moment under a name of its own, from which a node starts. It holds no keys.
//
// The store makes files of what it has in memory and links all its files (storage/kv_store.h); the
// ledger's mark is one of before that. On the same disk the folder is then renamed, on another one
// copied slowly. The copy is opened for reading before it gets its name.
#ifndef PALERMO_NODE_SERVER_BACKUP_H_
#define PALERMO_NODE_SERVER_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/steady.h"
#include "node/server/backup_folder.h"
#include "node/server/config.h"
#include "node/server/log.h"
#include "storage/rocks_store.h"

namespace palermo::server {

struct BackupPlan {
  std::string state;
  std::string data_dir;
  std::string dir;       // where backups go
  absl::Duration every;  // zero: only when asked
  size_t keep = 1;
  uint64_t reserve_bytes = 0;
  uint64_t bytes_per_second = limits::kBackupBytesPerSecond;
  absl::Duration retry = absl::Seconds(limits::kBackupRetrySeconds);
};

BackupPlan BackupPlanOf(const Config& config);

// What of the running node a backup needs. All of it thread-safe; the store is borrowed.
struct BackupSource {
  storage::RocksStore* store = nullptr;
  std::function<std::string()> mark;  // the newest checkpoint that was given away
  // Stored files are known to be damaged, or were not all read since the start.
  std::function<bool()> damaged;
};

struct BackupMade {
  std::string folder;
  uint64_t entries = 0;
  uint64_t bytes = 0;
  absl::Duration took;
};

struct BackupStats {
  bool wanted = false;       // a folder is configured
  int64_t newest_at_ms = 0;  // when the newest one there was made; 0: there is none
  uint64_t made = 0;         // since the start
  uint64_t failed = 0;       // since the start
};

// Makes them in a thread of its own until Stop. Thread-safe.
class Backups {
 public:
  // `clock` and `log` are borrowed.
  Backups(BackupPlan plan, BackupSource source, Clock& clock, Log& log);
  ~Backups() { Stop(); }
  Backups(const Backups&) = delete;
  Backups& operator=(const Backups&) = delete;

  // Waits for one that begins after this call. BACKUP_STOPPED; the codes of backup_folder.h and
  // RocksStore::Backup.
  absl::StatusOr<BackupMade> MakeNow();
  // Gives up the one under way, and removes it.
  void Stop();
  BackupStats stats() const;

 private:
  void Run();
  // Until the newest one there is as old as the plan says.
  absl::Duration FirstWait();
  absl::StatusOr<BackupMade> Make();
  absl::StatusOr<BackupMade> MakeIn(const std::string& fresh, const std::string& unfinished,
                                    absl::Time at);
  void Tell(const absl::StatusOr<BackupMade>& made);
  void RemoveOld(const std::string& newest);
  // True when it is to stop.
  bool Wait(absl::Duration time);

  const BackupPlan plan_;
  const BackupSource source_;
  Clock& clock_;
  Log& log_;
  mutable absl::Mutex mu_;
  SteadyWait changed_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t asked_ ABSL_GUARDED_BY(mu_) = 0;
  uint64_t answered_ ABSL_GUARDED_BY(mu_) = 0;
  absl::StatusOr<BackupMade> last_ ABSL_GUARDED_BY(mu_);
  BackupStats stats_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_BACKUP_H_
