#include "node/server/startup.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/process.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "node/server/http.h"
#include "node/token/token_signer.h"
#include "node/trust/documents.h"

namespace palermo::server {
namespace {

constexpr mode_t kPrivateUmask = 0077;
constexpr mode_t kPermissionBits = 07777;
constexpr int kFirstCredibleYear = 2025;
// The certificate's dates satisfy libraries only: nobody checks them, the pin counts.
constexpr absl::Duration kCertificateBack = absl::Hours(24);
constexpr absl::Duration kCertificateLife = absl::Hours(24 * 365 * 10);

class File {
 public:
  // A pipe without a writer would let an open without O_NONBLOCK wait for ever.
  explicit File(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

absl::Status Unreadable(std::string_view code, const std::string& path) {
  return Missing(code, absl::StrFormat("%s: %s", path, std::strerror(errno)));
}

absl::Status DataDirUnusable(const std::string& path, const std::string& why) {
  return Missing("DATA_DIR_UNUSABLE",
                 absl::StrFormat("%s %s; name a folder of this user's in data-dir, or make it: "
                                 "install -d -m 0700 -o USER %s",
                                 path, why, path));
}

absl::Status CheckPrivate(int fd, const std::string& path) {
  struct stat info;
  if (fstat(fd, &info) != 0) return Unreadable("KEY_FILE_MISSING", path);
  if (!S_ISREG(info.st_mode)) {
    return Refused("KEY_FILE_UNPROTECTED", absl::StrFormat("%s is not a regular file", path));
  }
  mode_t mode = info.st_mode & kPermissionBits;
  if (mode != 0600 && mode != 0400) {
    return Refused("KEY_FILE_UNPROTECTED",
                   absl::StrFormat("%s has mode %04o; run: chmod 0600 %s", path, mode, path));
  }
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Refused("KEY_FILE_UNPROTECTED",
                   absl::StrFormat("%s belongs to user %d, not to this user (%d) or root", path,
                                   info.st_uid, geteuid()));
  }
  return absl::OkStatus();
}

// Wipes what it read of a file that is too long.
absl::StatusOr<std::string> ReadAll(int fd, const std::string& path, size_t max_bytes) {
  std::string bytes(max_bytes + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    ssize_t got = read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreadable("FILE_UNREADABLE", path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > max_bytes) {
    crypto::WipeString(bytes);
    return OverLimit("FILE_TOO_LONG",
                     absl::StrFormat("%s has more than %d bytes", path, max_bytes));
  }
  bytes.resize(size);
  return bytes;
}

absl::StatusOr<crypto::SecretBytes> ReadPrivate(const std::string& path, size_t max_bytes) {
  // Checked on the open file, so that it cannot be exchanged in between.
  File file(path);
  if (file.fd() < 0) return Unreadable("KEY_FILE_MISSING", path);
  PALERMO_RETURN_IF_ERROR(CheckPrivate(file.fd(), path));
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, ReadAll(file.fd(), path, max_bytes));
  auto secret = crypto::SecretBytes::Copy(bytes);
  crypto::WipeString(bytes);
  return secret;
}

// One line, a passphrase or a PIN; its end belongs to the file, not to the secret.
absl::StatusOr<crypto::SecretBytes> ReadPassphrase(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file,
                           ReadPrivate(path, limits::kMaxPassphraseBytes));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.empty()) {
    return InputError(
        "PASSPHRASE_NEEDED",
        absl::StrFormat("%s is empty; write the passphrase or PIN into it, one line", path));
  }
  return crypto::SecretBytes::Copy(text);
}

absl::Status CheckHolder(const Config& config, const std::string& kind,
                         const std::string& subject) {
  if (kind == "node" && subject == config.state) return absl::OkStatus();
  return Refused("WRONG_STATE_KEY", absl::StrFormat("%s holds keys of %s %s, not of node %s",
                                                    config.node_key, kind, subject, config.state));
}

absl::StatusOr<crypto::KeyBundle> LoadBundle(const Config& config) {
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes text,
                           ReadPrivate(config.node_key, crypto::kMaxKeyFileBytes));
  // First of all, so that nobody looks for the passphrase of a file that does not belong here.
  auto shown = crypto::ReadKeyFilePublic(text.Expose(crypto::SecretAccess::Grant()));
  if (shown.ok()) PALERMO_RETURN_IF_ERROR(CheckHolder(config, shown->kind, shown->subject));
  std::optional<crypto::SecretBytes> passphrase;
  if (!config.passphrase_file.empty()) {
    PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes read, ReadPassphrase(config.passphrase_file));
    passphrase = std::move(read);
  }
  auto bundle = crypto::DecodeKeyFile(text.Expose(crypto::SecretAccess::Grant()),
                                      passphrase ? &*passphrase : nullptr);
  if (CodeOf(bundle.status()) == "PASSPHRASE_NEEDED") {
    return InputError(
        "PASSPHRASE_NEEDED",
        absl::StrFormat("%s has a passphrase; write it into a file of this user's with "
                        "mode 0600 and name that in the option passphrase-file",
                        config.node_key));
  }
  if (!bundle.ok()) return Annotate(bundle.status(), config.node_key);
  PALERMO_RETURN_IF_ERROR(CheckHolder(config, bundle->kind(), bundle->subject()));
  return bundle;
}

absl::StatusOr<crypto::SecretBytes> ReadPin(const Config& config) {
  if (config.signing_pin_file.empty()) {
    return InputError("PIN_NEEDED",
                      absl::StrFormat("%s has a key on a token; name the file with its PIN in the "
                                      "option signing-pin-file",
                                      config.node_key));
  }
  return ReadPassphrase(config.signing_pin_file);
}

absl::StatusOr<std::optional<v1::SignedDocument>> ReadOptional(const std::string& path) {
  if (path.empty()) return std::optional<v1::SignedDocument>();
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, ReadDocument(path));
  return std::optional<v1::SignedDocument>(std::move(document));
}

// In memory, or on the token that the key file names.
absl::StatusOr<std::unique_ptr<crypto::Signer>> CheckpointSigner(const Config& config,
                                                                 const crypto::KeyBundle& bundle) {
  PALERMO_ASSIGN_OR_RETURN(const auto* key, bundle.Find("checkpoint", crypto::kEd25519));
  token::Tokens tokens([&config](const std::string&) { return ReadPin(config); });
  auto use = [&](const crypto::KeyBundle::Entry& entry) {
    auto signer = token::SignerOf(entry, tokens, config.signing_module, config.signing_token);
    return signer.ok() ? std::move(signer)
                       : absl::StatusOr<std::unique_ptr<crypto::Signer>>(
                             Annotate(signer.status(), config.node_key));
  };
  // The cosignature key too, although nothing uses it yet: that it is not on its token shows now.
  auto cosign = bundle.Find("cosign", crypto::kEd25519);
  if (cosign.ok()) PALERMO_RETURN_IF_ERROR(use(**cosign).status());
  return use(*key);
}

}  // namespace

absl::Status HardenProcess() {
  umask(kPrivateUmask);
  PALERMO_RETURN_IF_ERROR(ForbidCoreDumps());
  return crypto::CheckSecretMemory(limits::kNodeSecretBytes);
}

absl::Status CheckPrivateFile(const std::string& path) {
  File file(path);
  if (file.fd() < 0) return Unreadable("KEY_FILE_MISSING", path);
  return CheckPrivate(file.fd(), path);
}

absl::StatusOr<NodeKeys> LoadNodeKeys(const Config& config, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, LoadBundle(config));
  PALERMO_ASSIGN_OR_RETURN(const auto* tls, bundle.Find("tls", crypto::kP256));
  PALERMO_ASSIGN_OR_RETURN(std::unique_ptr<crypto::Signer> checkpoint_key,
                           CheckpointSigner(config, bundle));
  PALERMO_ASSIGN_OR_RETURN(crypto::TlsIdentity identity,
                           crypto::MakeTlsIdentity(tls->private_bytes, config.state,
                                                   absl::ToUnixSeconds(now - kCertificateBack),
                                                   absl::ToUnixSeconds(now + kCertificateLife)));
  PALERMO_ASSIGN_OR_RETURN(std::string pin,
                           crypto::TlsPinFromCertificatePem(identity.certificate_pem));
  return NodeKeys{std::move(checkpoint_key), std::move(identity), std::move(pin)};
}

absl::StatusOr<v1::SignedDocument> ReadDocument(const std::string& path) {
  File file(path);
  if (file.fd() < 0) return Unreadable("FILE_UNREADABLE", path);
  struct stat info;
  if (fstat(file.fd(), &info) != 0) return Unreadable("FILE_UNREADABLE", path);
  if (!S_ISREG(info.st_mode)) {
    return Missing("FILE_UNREADABLE", absl::StrFormat("%s is not a regular file", path));
  }
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           ReadAll(file.fd(), path, limits::kMaxDocumentFileBytes));
  v1::SignedDocument document;
  if (!document.ParseFromString(bytes) || document.document().empty()) {
    return InputError("BAD_DOCUMENT", absl::StrFormat("%s is not a signed document", path));
  }
  return document;
}

absl::Status CheckClock(absl::Time now) {
  if (absl::ToCivilYear(now, absl::UTCTimeZone()).year() >= kFirstCredibleYear) {
    return absl::OkStatus();
  }
  return Refused("CLOCK_WRONG", absl::StrFormat("the clock says %s; set it, then start again",
                                                FormatInstant(now)));
}

absl::Status CheckIssued(int64_t issued_at_ms, absl::Time now) {
  absl::Time issued = FromMillis(issued_at_ms);
  if (issued <= now + absl::Milliseconds(limits::kMaxClockAheadMillis)) return absl::OkStatus();
  return Refused("CLOCK_WRONG", absl::StrFormat("the clock says %s but the own directory was "
                                                "issued at %s; set the clock, then start again",
                                                FormatInstant(now), FormatInstant(issued)));
}

absl::Status CheckClockAgainst(const trust::TrustView& trust, const std::string& state,
                               absl::Time now) {
  const trust::StateView* own = trust.Find(state);
  if (own == nullptr || own->directory == nullptr) return absl::OkStatus();
  return CheckIssued(own->directory->body().issued_at_ms(), now);
}

absl::StatusOr<Inputs> LoadInputs(const Config& config, absl::Time now) {
  PALERMO_RETURN_IF_ERROR(CheckClock(now));
  PALERMO_ASSIGN_OR_RETURN(NodeKeys keys, LoadNodeKeys(config, now));
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument roster, ReadDocument(config.roster));
  PALERMO_ASSIGN_OR_RETURN(trust::Roster verified,
                           trust::VerifyFirstRoster(roster, config.roster_fingerprint));
  if (trust::FindState(verified.body, config.state) == nullptr) {
    return Refused("NOT_IN_ROSTER",
                   absl::StrFormat("state %s is not in the roster %s (a state that joined later "
                                   "begins with the roster that names it)",
                                   config.state, config.roster));
  }
  PALERMO_ASSIGN_OR_RETURN(std::optional<v1::SignedDocument> charter, ReadOptional(config.charter));
  PALERMO_ASSIGN_OR_RETURN(std::optional<v1::SignedDocument> directory,
                           ReadOptional(config.directory));
  // Before anything is written: an entry that a wrong clock made stays.
  v1::Directory body;
  if (directory.has_value() && body.ParseFromString(directory->document())) {
    PALERMO_RETURN_IF_ERROR(CheckIssued(body.issued_at_ms(), now));
  }
  return Inputs{std::move(keys), std::move(roster), std::move(charter), std::move(directory)};
}

absl::Status PrepareDataDir(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return DataDirUnusable(path, absl::StrFormat("cannot be made: %s", std::strerror(errno)));
  }
  return CheckDataDir(path);
}

absl::Status CheckDataDir(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) {
    if (errno != ENOENT) return DataDirUnusable(path, std::strerror(errno));
    std::string above = std::filesystem::path(path).parent_path().string();
    if (above.empty()) above = ".";
    if (access(above.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
    return DataDirUnusable(path, absl::StrFormat("is not there and cannot be made: %s: %s", above,
                                                 std::strerror(errno)));
  }
  if (!S_ISDIR(info.st_mode)) {
    return DataDirUnusable(path, "is not a directory");
  }
  if (info.st_uid != geteuid() || (info.st_mode & 022) != 0) {
    return Refused("DATA_DIR_UNPROTECTED",
                   absl::StrFormat("%s must belong to this user and be writable by no other; "
                                   "run: chmod 0700 %s",
                                   path, path));
  }
  return absl::OkStatus();
}

absl::Status CheckCanListen(const std::string& what, const std::string& address) {
  PALERMO_ASSIGN_OR_RETURN(HostPort where, SplitAddress(address));
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  std::string why = "no such host";
  int error = getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found);
  bool free = false;
  for (addrinfo* one = found; error == 0 && one != nullptr && !free; one = one->ai_next) {
    int fd = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    free = fd >= 0 && bind(fd, one->ai_addr, one->ai_addrlen) == 0 && listen(fd, 1) == 0;
    if (!free) why = std::strerror(errno);
    if (fd >= 0) close(fd);
  }
  if (found != nullptr) freeaddrinfo(found);
  if (free) return absl::OkStatus();
  return TryLater("CANNOT_LISTEN",
                  absl::StrFormat("%s: cannot listen on %s: %s", what, address, why));
}

absl::Status CheckDirectoryTime(int64_t expires_at_ms, absl::Time now) {
  if (expires_at_ms == 0) return WrongState("NO_DIRECTORY", "the own directory is not published");
  if (now < FromMillis(expires_at_ms)) return absl::OkStatus();
  return WrongState(
      "DIRECTORY_EXPIRED",
      absl::StrFormat("the own directory expired at %s; let the administrators sign a new "
                      "one, name its file in the option 'directory' and start again",
                      FormatInstant(FromMillis(expires_at_ms))));
}

absl::Status CheckOwnPin(const trust::TrustView& trust, const std::string& state,
                         const std::string& tls_pin) {
  const trust::StateView* own = trust.Find(state);
  if (own == nullptr || own->directory == nullptr || own->directory->IsNodePin(tls_pin)) {
    return absl::OkStatus();
  }
  return WrongState("OWN_KEY_NOT_IN_DIRECTORY",
                    absl::StrFormat("the TLS key of this node, pin %s, is not in the own "
                                    "directory, so peers and desks refuse it: start with the key "
                                    "file that the directory names, or publish a directory that "
                                    "names this one (palermo directory new --tls-key)",
                                    HexEncode(tls_pin)));
}

}  // namespace palermo::server
