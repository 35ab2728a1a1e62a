// The folder with a node's backups: their names, which of them go, and how a finished one comes
// there. Internal to this room.
#ifndef PALERMO_NODE_SERVER_BACKUP_FOLDER_H_
#define PALERMO_NODE_SERVER_BACKUP_FOLDER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace palermo::server {

// A backup is a folder "palermo-QM-20261128T024200.123Z-12345": state, when it was made (UTC), and
// the size of the ledger's tree in it. What has another name is none and is left alone.
struct BackupFolder {
  std::string name;
  absl::Time at;
  uint64_t entries = 0;
};
std::string BackupName(const std::string& state, absl::Time at, uint64_t entries);
std::optional<BackupFolder> ParseBackupName(const std::string& state, const std::string& name);
// Of this state, the newest first. BACKUP_DIR_MISSING.
absl::StatusOr<std::vector<BackupFolder>> ListBackups(const std::string& dir,
                                                      const std::string& state);
// The names of those that go once `newest` is complete, so that `keep` are left. Never itself, nor
// the one with the largest tree: a ledger that lost its end must not push out what has it.
std::vector<std::string> BackupsToRemove(const std::vector<BackupFolder>& all, size_t keep,
                                         const std::string& newest);

// BACKUP_DIR_MISSING: it is not there; nothing is made, since it may be a disk that is not mounted.
// BACKUP_DIR_UNPROTECTED: it is not this user's, or others may write to it.
absl::Status CheckBackupDir(const std::string& dir);

// BACKUP_DIR_MISSING, BACKUP_DIR_UNPROTECTED; BACKUP_SAME_DISK: it is on the disk of `data_dir`.
absl::Status CheckOtherDisk(const std::string& dir, const std::string& data_dir);

// What an unfinished backup is called; one that a crash left is removed before the next one begins.
std::string UnfinishedBackup(const std::string& dir, const std::string& state);

// BACKUP_NO_ROOM unless `needed` bytes can be written to this disk and `reserve` are free then.
absl::Status CheckBackupRoom(const std::string& dir, uint64_t needed, uint64_t reserve);

struct CopyLimits {
  uint64_t reserve_bytes = 0;     // stays free on the disk that is written to
  uint64_t bytes_per_second = 0;  // at most
  // Waits that long, or not at all; gives whether to stop.
  std::function<bool(absl::Duration)> wait;
};
// The bytes of all files in `dir`.
uint64_t BytesIn(const std::string& dir);
// Where a backup begins, as links to the store's files. They keep what the store gives up.
std::string FreshBackup(const std::string& data_dir);
// Removes what an end of the process left of one: in data-dir, and in `dir` unless that is empty.
void RemoveUnfinished(const std::string& data_dir, const std::string& dir,
                      const std::string& state);
// Brings the folder `from` to `to`, durably but for the name of `to`: renames it, or copies it when
// that is another disk, and then removes `from`. BACKUP_NO_ROOM, BACKUP_STOPPED, BACKUP_FAILED:
// some of it may be in `to`.
absl::Status BringFolder(const std::string& from, const std::string& to, const CopyLimits& limits);
// Makes the names in a folder durable. BACKUP_FAILED.
absl::Status SyncNames(const std::string& dir);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_BACKUP_FOLDER_H_
