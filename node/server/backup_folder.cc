#include "node/server/backup_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <tuple>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/server/fd.h"

namespace palermo::server {
namespace {

namespace fs = std::filesystem;

constexpr char kTimeFormat[] = "%E4Y%m%dT%H%M%E3SZ";
constexpr size_t kTimeChars = sizeof("20261128T024200.123Z") - 1;

absl::Status Failed(const std::string& what, int error) {
  return TryLater("BACKUP_FAILED",
                  absl::StrFormat("%s: %s; what was made of the backup is removed, the earlier "
                                  "ones are there; mend the disk or the folder",
                                  what, std::strerror(error)));
}

absl::Status DirMissing(const std::string& dir, const std::string& why) {
  return Missing(
      "BACKUP_DIR_MISSING",
      absl::StrFormat("%s: %s; mount its disk, or make the folder that backup-dir names: "
                      "install -d -m 0700 -o USER %s",
                      dir, why, dir));
}

// Copies files one by one, slowly: the node's own work comes first.
class Copy {
 public:
  explicit Copy(const CopyLimits& limits)
      : limits_(limits), buffer_(limits::kBackupChunkBytes, 0) {}

  absl::Status Folder(const fs::path& from, const fs::path& to) {
    if (mkdir(to.c_str(), 0700) != 0) return Failed(to.string(), errno);
    std::error_code error;
    for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
      const fs::path& path = at->path();
      const bool folder = at->is_directory(error);
      if (error) break;
      PALERMO_RETURN_IF_ERROR(folder ? Folder(path, to / path.filename())
                                     : File(path, to / path.filename()));
    }
    if (error) return Failed(from.string(), error.value());
    return SyncNames(to.string());
  }

 private:
  absl::Status File(const fs::path& from, const fs::path& to) {
    const Fd in(open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (in.get() < 0) return Failed(from.string(), errno);
    const Fd out(open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (out.get() < 0) return Failed(to.string(), errno);
    while (true) {
      const ssize_t got = read(in.get(), buffer_.data(), buffer_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failed(from.string(), errno);
      if (got == 0) break;
      PALERMO_RETURN_IF_ERROR(Room(to, buffer_.size()));
      // What the store gave up since then takes room there until the copy ends.
      PALERMO_RETURN_IF_ERROR(Room(from, 0));
      PALERMO_RETURN_IF_ERROR(WriteAll(out.get(), static_cast<size_t>(got), to));
      const double bytes = static_cast<double>(got);
      if (limits_.wait(absl::Seconds(bytes / static_cast<double>(limits_.bytes_per_second)))) {
        return TryLater("BACKUP_STOPPED", "the node stops; the backup is removed");
      }
    }
    // The node's own pages stay in memory, not these.
    posix_fadvise(in.get(), 0, 0, POSIX_FADV_DONTNEED);
    posix_fadvise(out.get(), 0, 0, POSIX_FADV_DONTNEED);
    return absl::OkStatus();
  }

  // Synced with each chunk, so that no sync of the node waits for a long queue of these.
  absl::Status WriteAll(int fd, size_t size, const fs::path& to) {
    for (size_t done = 0; done < size;) {
      const ssize_t written = write(fd, buffer_.data() + done, size - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed(to.string(), errno);
      done += static_cast<size_t>(written);
    }
    if (fdatasync(fd) != 0) return Failed(to.string(), errno);
    return absl::OkStatus();
  }

  absl::Status Room(const fs::path& file, uint64_t needed) const {
    return CheckBackupRoom(file.parent_path().string(), needed, limits_.reserve_bytes);
  }

  const CopyLimits& limits_;
  std::string buffer_;
};

}  // namespace

std::string BackupName(const std::string& state, absl::Time at, uint64_t entries) {
  return absl::StrFormat("palermo-%s-%s-%d", state,
                         absl::FormatTime(kTimeFormat, at, absl::UTCTimeZone()), entries);
}

std::optional<BackupFolder> ParseBackupName(const std::string& state, const std::string& name) {
  const std::string start = Cat({"palermo-", state, "-"});
  const size_t number = start.size() + kTimeChars + 1;
  if (name.size() <= number || name.compare(0, start.size(), start) != 0) return std::nullopt;
  BackupFolder folder{name, {}, 0};
  std::string error;
  if (!absl::ParseTime(kTimeFormat, name.substr(start.size(), kTimeChars), &folder.at, &error)) {
    return std::nullopt;
  }
  std::from_chars(name.data() + number, name.data() + name.size(), folder.entries);
  // Exactly one name says it.
  if (BackupName(state, folder.at, folder.entries) != name) return std::nullopt;
  return folder;
}

absl::StatusOr<std::vector<BackupFolder>> ListBackups(const std::string& dir,
                                                      const std::string& state) {
  std::vector<BackupFolder> all;
  std::error_code error;
  for (fs::directory_iterator at(dir, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    auto folder = ParseBackupName(state, at->path().filename().string());
    if (folder.has_value() && at->is_directory(ignored)) all.push_back(*std::move(folder));
  }
  if (error) return DirMissing(dir, std::strerror(error.value()));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at, a.entries) > std::tie(b.at, b.entries);
  });
  return all;
}

std::vector<std::string> BackupsToRemove(const std::vector<BackupFolder>& all, size_t keep,
                                         const std::string& newest) {
  const auto largest = std::max_element(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.entries < b.entries; });
  size_t kept = 0;  // that need not stay
  size_t must = 0;
  const auto stays = [&](const BackupFolder& folder) {
    return folder.name == newest || folder.name == largest->name;
  };
  for (const BackupFolder& folder : all) must += stays(folder) ? 1 : 0;
  std::vector<std::string> removed;
  for (const BackupFolder& folder : all) {
    if (stays(folder)) continue;
    if (must + kept < keep) {
      ++kept;
    } else {
      removed.push_back(folder.name);
    }
  }
  return removed;
}

absl::Status CheckBackupDir(const std::string& dir) {
  struct stat info;
  if (stat(dir.c_str(), &info) != 0) return DirMissing(dir, std::strerror(errno));
  if (!S_ISDIR(info.st_mode)) return DirMissing(dir, "it is no folder");
  if (info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Refused(
        "BACKUP_DIR_UNPROTECTED",
        absl::StrFormat("%s has mode %04o and belongs to user %d; it must be of this "
                        "user (%d) and nobody else may write to it: chown and chmod 0700",
                        dir, info.st_mode & 07777, info.st_uid, geteuid()));
  }
  return absl::OkStatus();
}

absl::Status CheckOtherDisk(const std::string& dir, const std::string& data_dir) {
  PALERMO_RETURN_IF_ERROR(CheckBackupDir(dir));
  struct stat ours, theirs;
  if (stat(data_dir.c_str(), &ours) != 0 || stat(dir.c_str(), &theirs) != 0 ||
      ours.st_dev != theirs.st_dev) {
    return absl::OkStatus();
  }
  return WrongState(
      "BACKUP_SAME_DISK",
      absl::StrFormat("%s is on the same disk as data-dir, and its backups share files "
                      "with the store: what damages or takes the disk takes both. Name "
                      "a folder on another disk, or copy each backup away",
                      dir));
}

std::string UnfinishedBackup(const std::string& dir, const std::string& state) {
  return Cat({dir, "/palermo-", state, ".new"});
}

absl::Status CheckBackupRoom(const std::string& dir, uint64_t needed, uint64_t reserve) {
  struct statvfs disk;
  if (statvfs(dir.c_str(), &disk) != 0) return Failed(dir, errno);
  const uint64_t free = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (free >= reserve && free - reserve >= needed) return absl::OkStatus();
  return OverLimit(
      "BACKUP_NO_ROOM",
      absl::StrFormat("the disk of %s has %d bytes free; the backup needs %d, and %d stay in "
                      "reserve (disk-reserve-mib): free some, keep fewer backups (backup-keep), or "
                      "name a larger disk in backup-dir",
                      dir, free, needed, reserve));
}

uint64_t BytesIn(const std::string& dir) {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(dir, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone)) bytes += at->file_size(gone);
  }
  return bytes;
}

std::string FreshBackup(const std::string& data_dir) { return data_dir + "/backup.new"; }

void RemoveUnfinished(const std::string& data_dir, const std::string& dir,
                      const std::string& state) {
  std::error_code error;
  fs::remove_all(FreshBackup(data_dir), error);
  if (!dir.empty()) fs::remove_all(UnfinishedBackup(dir, state), error);
}

absl::Status BringFolder(const std::string& from, const std::string& to, const CopyLimits& limits) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  if (errno != EXDEV) return Failed(to, errno);
  PALERMO_RETURN_IF_ERROR(
      CheckBackupRoom(fs::path(to).parent_path().string(), BytesIn(from), limits.reserve_bytes));
  PALERMO_RETURN_IF_ERROR(Copy(limits).Folder(from, to));
  std::error_code error;
  fs::remove_all(from, error);
  if (error) return Failed(from, error.value());
  return absl::OkStatus();
}

absl::Status SyncNames(const std::string& dir) {
  const Fd folder(open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || fsync(folder.get()) != 0) return Failed(dir, errno);
  return absl::OkStatus();
}

}  // namespace palermo::server
