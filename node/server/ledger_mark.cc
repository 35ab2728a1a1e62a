#include "node/server/ledger_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::server {
namespace {

constexpr size_t kMaxMarkBytes = 1024;

// A checkpoint's text, then a line with its SHA-256, so that a mark that rotted is not taken for a
// ledger that was lost.
std::string MarkText(const std::string& checkpoint) {
  return Cat({checkpoint, HexEncode(AsView(crypto::Sha256(checkpoint))), "\n"});
}

absl::Status MarkDamaged(const std::string& path) {
  return Damaged(
      "MARK_DAMAGED",
      absl::StrFormat("%s is not as it was written, so whether the ledger is whole cannot "
                      "be told: restore all of data-dir from the newest backup; only when "
                      "the store is known to be the newest, remove this file",
                      path));
}

// Writes and syncs; the name is durable when the directory is synced too.
bool WriteSynced(const std::string& path, const std::string& text) {
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return false;
  const ssize_t written = write(fd, text.data(), text.size());
  bool done = written == static_cast<ssize_t>(text.size());
  if (!done && written >= 0) errno = ENOSPC;
  done = done && fdatasync(fd) == 0;
  int error = errno;
  close(fd);
  errno = error;
  return done;
}

bool SyncFolder(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  bool done = fsync(fd) == 0;
  int error = errno;
  close(fd);
  errno = error;
  return done;
}

}  // namespace

std::string LedgerMarkPath(const std::string& data_dir) { return data_dir + "/ledger-mark"; }

absl::StatusOr<std::optional<crypto::Checkpoint>> ReadLedgerMark(const std::string& data_dir) {
  const std::string path = LedgerMarkPath(data_dir);
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (fd < 0) {
    return Missing("FILE_UNREADABLE", absl::StrFormat("%s: %s", path, std::strerror(errno)));
  }
  std::string text(kMaxMarkBytes, '\0');
  const ssize_t got = read(fd, text.data(), text.size());
  close(fd);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  const size_t line = text.size() < 2 ? std::string::npos : text.rfind('\n', text.size() - 2);
  if (line == std::string::npos) return MarkDamaged(path);
  const std::string checkpoint = text.substr(0, line + 1);
  auto parsed = crypto::ParseCheckpointText(checkpoint);
  if (!parsed.ok() || text != MarkText(checkpoint)) return MarkDamaged(path);
  return std::optional<crypto::Checkpoint>(*std::move(parsed));
}

absl::Status LedgerMark::Write(const std::string& note) {
  if (note.empty() || note == written_) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(crypto::Note parsed, crypto::ParseNote(note));
  const std::string path = LedgerMarkPath(data_dir_);
  const std::string fresh = path + ".new";
  if (!WriteSynced(fresh, MarkText(parsed.text)) || std::rename(fresh.c_str(), path.c_str()) != 0 ||
      !SyncFolder(data_dir_)) {
    return TryLater("MARK_NOT_WRITTEN",
                    absl::StrFormat("%s: %s; the next start compares the ledger with it, so "
                                    "make room or mend the disk of data-dir",
                                    path, std::strerror(errno)));
  }
  written_ = note;
  return absl::OkStatus();
}

absl::Status LedgerMark::WriteNowAndThen(const std::string& note, absl::Duration now) {
  if (now < next_) return absl::OkStatus();
  next_ = now + kMarkEvery;
  return Write(note);
}

}  // namespace palermo::server
