#include "node/server/backup_door.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/server/fd.h"

namespace palermo::server {
namespace {

constexpr std::string_view kAsk = "backup\n";
constexpr std::string_view kMade = "made ";
constexpr std::string_view kFailed = "failed ";
constexpr char kSocketName[] = "backup-now";

// The name of a socket has 107 bytes at most, a folder's may have more: so by the open folder.
sockaddr_un AddressIn(int folder) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  absl::SNPrintF(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", folder,
                 kSocketName);
  return address;
}

const sockaddr* Plain(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void SetTimeouts(int fd, bool reading) {
  timeval limit = {limits::kBackupAskSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  if (reading) setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// One line with its end; what is shorter was cut off.
std::string ReceiveLine(int fd, size_t most) {
  std::string line;
  char byte = 0;
  while (line.size() < most && recv(fd, &byte, 1, 0) == 1) {
    line.push_back(byte);
    if (byte == '\n') break;
  }
  return line;
}

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  text.resize(std::min(text.size(), limits::kMaxBackupAnswerBytes - 1));
  text.push_back('\n');
  return text;
}

bool MayAsk(int fd) {
  ucred who = {};
  socklen_t size = sizeof(who);
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
         (who.uid == geteuid() || who.uid == 0);
}

absl::Status Shut(const std::string& path) {
  return TryLater(
      "BACKUP_DOOR_SHUT",
      absl::StrFormat("%s: %s; the node goes on, only --backup-now cannot reach it: mend "
                      "the folder and start again",
                      path, std::strerror(errno)));
}

int Say(Log& log, int exit_code, const std::string& code, const std::string& text) {
  log.Error("backup-failed", {{"code", code}, {"text", text}});
  return exit_code;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BackupDoor>> BackupDoor::Open(
    const std::string& data_dir, std::function<absl::StatusOr<BackupMade>()> make) {
  std::string path = Cat({data_dir, "/", kSocketName});
  // What a node that was killed left; this one has the store.
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Shut(path);
  const Fd folder(open(data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return Shut(path);
  Fd listening(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = AddressIn(folder.get());
  if (listening.get() < 0 || bind(listening.get(), Plain(address), sizeof(address)) != 0 ||
      chmod(path.c_str(), 0600) != 0 || listen(listening.get(), SOMAXCONN) != 0) {
    return Shut(path);
  }
  Fd wake(eventfd(0, EFD_CLOEXEC));
  if (wake.get() < 0) return Shut(path);
  return std::unique_ptr<BackupDoor>(
      new BackupDoor(std::move(path), listening.Release(), wake.Release(), std::move(make)));
}

BackupDoor::BackupDoor(std::string path, int listening, int wake,
                       std::function<absl::StatusOr<BackupMade>()> make)
    : path_(std::move(path)),
      listening_(listening),
      wake_(wake),
      make_(std::move(make)),
      thread_([this] { Run(); }) {}

BackupDoor::~BackupDoor() {
  const uint64_t one = 1;
  // An eventfd that counts to one takes it.
  if (write(wake_, &one, sizeof(one)) != sizeof(one)) shutdown(listening_, SHUT_RDWR);
  thread_.join();
  unlink(path_.c_str());
  close(listening_);
  close(wake_);
}

void BackupDoor::Run() {
  while (true) {
    pollfd either[] = {{wake_, POLLIN, 0}, {listening_, POLLIN, 0}};
    if (poll(either, 2, -1) < 0 && errno != EINTR) return;
    if (either[0].revents != 0) return;
    if ((either[1].revents & POLLIN) == 0) {
      if (either[1].revents != 0) return;
      continue;
    }
    const Fd connection(accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.get() >= 0) {
      Answer(connection.get());
      continue;
    }
    // No descriptor is free, say: whoever asks waits on.
    constexpr int kAgainMs = 1000;
    if (poll(either, 1, kAgainMs) > 0) return;
  }
}

void BackupDoor::Answer(int connection) {
  SetTimeouts(connection, /*reading=*/true);
  if (!MayAsk(connection) || ReceiveLine(connection, kAsk.size()) != kAsk) return;
  absl::StatusOr<BackupMade> made = make_();
  // Who asked may have gone; the log has it.
  SendAll(connection,
          OneLine(made.ok() ? Cat({kMade, made->folder})
                            : Cat({kFailed, CodeOf(made.status()), " ", TextOf(made.status())})));
}

int AskForBackup(const Config& config, Log& log) {
  const std::string none = absl::StrFormat(
      "no node answers on %s/%s: none runs on this data-dir, it was started without backup-dir, or "
      "this user is neither root nor the node's",
      config.data_dir, kSocketName);
  const Fd folder(open(config.data_dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Fd door(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (folder.get() < 0 || door.get() < 0) {
    return Say(log, kExitNobodyToAsk, "NOBODY_TO_ASK",
               absl::StrFormat("%s (%s)", none, std::strerror(errno)));
  }
  SetTimeouts(door.get(), /*reading=*/false);
  const sockaddr_un address = AddressIn(folder.get());
  if (connect(door.get(), Plain(address), sizeof(address)) != 0 || !SendAll(door.get(), kAsk)) {
    return Say(log, kExitNobodyToAsk, "NOBODY_TO_ASK",
               absl::StrFormat("%s (%s)", none, std::strerror(errno)));
  }
  log.Info("waiting-for-backup", {{"text", "the node makes it; the time is that of copying"}});
  std::string answer = ReceiveLine(door.get(), limits::kMaxBackupAnswerBytes);
  if (answer.empty() || answer.back() != '\n') {
    return Say(log, kExitBackupFailed, "NO_ANSWER",
               "the node ended, or refused this user, before the backup was made: see its log, and "
               "ask again");
  }
  answer.pop_back();
  const std::string_view view(answer);
  if (view.substr(0, kMade.size()) == kMade) {
    log.Info("backup", {{"folder", answer.substr(kMade.size())}});
    return kExitOk;
  }
  const size_t text = view.find(' ', kFailed.size());
  if (view.substr(0, kFailed.size()) != kFailed || text == std::string_view::npos) {
    return Say(log, kExitBackupFailed, "NO_ANSWER",
               "the node gave no answer that this program reads");
  }
  return Say(log, kExitBackupFailed, answer.substr(kFailed.size(), text - kFailed.size()),
             answer.substr(text + 1));
}

}  // namespace palermo::server
