// How an administrator asks the running node for a backup: a socket in data-dir, which only the
// node's user and root may open. One line goes each way. Both ends are here.
#ifndef PALERMO_NODE_SERVER_BACKUP_DOOR_H_
#define PALERMO_NODE_SERVER_BACKUP_DOOR_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "node/server/backup.h"
#include "node/server/config.h"
#include "node/server/log.h"

namespace palermo::server {

// Answers one after the other, in a thread of its own, until it is destroyed. That waits for the
// answer that is being made: stop the backups before.
class BackupDoor {
 public:
  // BACKUP_DOOR_SHUT: the socket cannot be made.
  static absl::StatusOr<std::unique_ptr<BackupDoor>> Open(
      const std::string& data_dir, std::function<absl::StatusOr<BackupMade>()> make);
  ~BackupDoor();
  BackupDoor(const BackupDoor&) = delete;
  BackupDoor& operator=(const BackupDoor&) = delete;

 private:
  BackupDoor(std::string path, int listening, int wake,
             std::function<absl::StatusOr<BackupMade>()> make);
  void Run();
  void Answer(int connection);

  const std::string path_;
  const int listening_;
  const int wake_;
  const std::function<absl::StatusOr<BackupMade>()> make_;
  std::thread thread_;  // last: starts when everything else is there
};

// --backup-now. Returns an exit code (config.h).
int AskForBackup(const Config& config, Log& log);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_BACKUP_DOOR_H_
