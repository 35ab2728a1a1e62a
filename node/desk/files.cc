#include "node/desk/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/traces.h"

namespace palermo::desk {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status CannotWrite(const std::string& path) {
  return Error(
      absl::StatusCode::kUnavailable, "CANNOT_WRITE",
      Cat({path, ": ", std::strerror(errno), "; check the folder, its rights and the space"}));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(fd) == 0;
}

absl::Status SyncFolder(const std::string& path) {
  Descriptor folder(::open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return CannotWrite(path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return Missing("NO_FILE", Cat({path, ": ", std::strerror(errno), "; check the name"}));
  }
  std::string bytes;
  char buffer[65536];
  while (true) {
    ssize_t got = ::read(file.get(), buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return InputError("BAD_FILE", Cat({path, ": ", std::strerror(errno)}));
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > max_bytes) {
      return InputError("BAD_FILE",
                        Cat({path, ": larger than the ", std::to_string(max_bytes),
                             " bytes that such a file may have; is it the right file?"}));
    }
  }
}

namespace {

absl::StatusOr<crypto::SecretBytes> ReadSecret(const std::string& path, size_t max_bytes,
                                               bool only_ours) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return Missing("NO_FILE", Cat({path, ": ", std::strerror(errno), "; check the name"}));
  }
  struct stat info;
  if (::fstat(file.get(), &info) != 0 || (only_ours && !S_ISREG(info.st_mode))) {
    return InputError("BAD_FILE", Cat({path, ": not a file; is it the right name?"}));
  }
  if (only_ours && (info.st_mode & 077) != 0) {
    return InputError("KEY_FILE_UNPROTECTED",
                      Cat({path, ": others on this machine may read or change it; run: chmod 0600 ",
                           path, ", and change its passphrase if they could read it"}));
  }
  crypto::SecretBytes bytes = crypto::SecretBytes::Zero(max_bytes + 1);
  uint8_t* data = bytes.MutableData(crypto::SecretAccess::Grant());
  size_t size = 0;
  while (size <= max_bytes) {
    ssize_t got = ::read(file.get(), data + size, max_bytes + 1 - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return InputError("BAD_FILE", Cat({path, ": ", std::strerror(errno)}));
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  std::string_view whole = bytes.Expose(crypto::SecretAccess::Grant());
  if (size <= max_bytes) {
    crypto::SecretBytes read = crypto::SecretBytes::Copy(whole.substr(0, size));
    crypto::WipeTraces();
    return read;
  }
  return InputError("BAD_FILE", Cat({path, ": larger than the ", std::to_string(max_bytes),
                                     " bytes that such a file may have; is it the right file?"}));
}

}  // namespace

absl::StatusOr<crypto::SecretBytes> ReadSecretFile(const std::string& path, size_t max_bytes) {
  return ReadSecret(path, max_bytes, false);
}

absl::StatusOr<crypto::SecretBytes> ReadPrivateFile(const std::string& path, size_t max_bytes) {
  return ReadSecret(path, max_bytes, true);
}

absl::Status WriteFileAtomic(const std::string& path, std::string_view bytes, unsigned mode) {
  std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  {
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0 || !WriteAll(file.get(), bytes)) return CannotWrite(path);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return CannotWrite(path);
  return SyncFolder(path);
}

absl::Status WriteNewFile(const std::string& path, std::string_view bytes, unsigned mode) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0 && errno == EEXIST) {
    return WrongState("FILE_EXISTS",
                      Cat({path, " is there already and is not overwritten; choose another name"}));
  }
  if (file.get() < 0 || !WriteAll(file.get(), bytes)) return CannotWrite(path);
  return SyncFolder(path);
}

absl::Status DeleteSecretFile(const std::string& path) {
  {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) {
      return Missing("NO_FILE", Cat({path, ": ", std::strerror(errno), "; check the name"}));
    }
    struct stat info;
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return CannotWrite(path);
    const std::string zeros(4096, '\0');
    for (off_t left = info.st_size; left > 0; left -= static_cast<off_t>(zeros.size())) {
      size_t now = std::min(static_cast<size_t>(left), zeros.size());
      if (!WriteAll(file.get(), std::string_view(zeros).substr(0, now))) return CannotWrite(path);
    }
    if (::fsync(file.get()) != 0) return CannotWrite(path);
  }
  if (::unlink(path.c_str()) != 0) return CannotWrite(path);
  return SyncFolder(path);
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  if (std::string parent = FolderOf(path); parent != path && parent != "." && parent != "/") {
    PALERMO_RETURN_IF_ERROR(MakeFolder(parent));
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return CannotWrite(path);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::directory_iterator it(path, error), end;
  std::vector<std::string> names;
  for (; !error && it != end; it.increment(error)) names.push_back(it->path().filename().string());
  if (error) return Missing("NO_FILE", Cat({path, ": ", error.message(), "; check the name"}));
  std::sort(names.begin(), names.end());
  return names;
}

bool FileExists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

std::string FolderOf(const std::string& path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string AbsoluteFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return path;
  std::string text = absolute.lexically_normal().string();
  if (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string PathIn(const std::string& folder, const std::string& name) {
  return !name.empty() && name[0] == '/' ? name : Cat({folder, "/", name});
}

}  // namespace palermo::desk
