#include "node/desk/officer_keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/token/token_signer.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;
using crypto::SecretBytes;

constexpr size_t kMinPassphraseCharacters = 12;
constexpr size_t kTokenKeyIdBytes = 8;
constexpr int64_t kCertificateLifeSeconds = 400LL * 86400;

struct EntrySpec {
  const char* name;
  const char* algorithm;
};
struct KindSpec {
  const char* kind;
  std::vector<EntrySpec> entries;
  bool (*subject_ok)(std::string_view);
  const char* subject_form;
};

bool IsAnySubject(std::string_view text) { return !text.empty(); }
bool IsAuthorityOrState(std::string_view text) { return IsAuthorityId(text) || IsStateCode(text); }

const std::vector<KindSpec>& Kinds() {
  static const auto* kinds = new std::vector<KindSpec>{
      {"officer",
       {{"sign", crypto::kEd25519}, {"seal", crypto::kXWing}, {"tls", crypto::kP256}},
       IsOfficerId,
       "an officer, like PA/central/o-0007"},
      {"node",
       {{"checkpoint", crypto::kEd25519}, {"cosign", crypto::kEd25519}, {"tls", crypto::kP256}},
       IsStateCode,
       "a state, like PA"},
      {"administrator", {{"sign", crypto::kEd25519}}, IsAnySubject, "a name, like PA/admin-1"},
      {"state-root", {{"sign", crypto::kEd25519}}, IsStateCode, "a state, like PA"},
      {"roster", {{"sign", crypto::kEd25519}}, IsAnySubject, "a name, like depositary-1"},
      {"recovery", {{"seal", crypto::kXWing}}, IsAuthorityOrState, "an authority, like PA/central"},
      {"sealing", {{"seal", crypto::kXWing}}, IsAuthorityId, "an authority, like PA/central"},
  };
  return *kinds;
}

absl::StatusOr<const KindSpec*> SpecOf(const std::string& kind, const std::string& subject) {
  for (const KindSpec& spec : Kinds()) {
    if (kind != spec.kind) continue;
    if (spec.subject_ok(subject)) return &spec;
    return InputError("BAD_SUBJECT", Cat({"a key file of kind ", kind, " belongs to ",
                                          spec.subject_form, "; '", subject, "' is not one"}));
  }
  return InputError(
      "BAD_KIND",
      Cat({"there is no kind '", kind,
           "'; it is officer, node, administrator, state-root, roster, recovery or sealing"}));
}

SecretBytes NewPrivateKey(const std::string& algorithm, Random& random) {
  return algorithm == crypto::kP256 ? crypto::GenerateP256Key() : SecretBytes::Random(32, random);
}

// Puts the terminal back as it was, whatever happens.
class NoEcho {
 public:
  explicit NoEcho(int fd) : fd_(fd), ok_(::tcgetattr(fd, &before_) == 0) {
    if (!ok_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ok_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~NoEcho() {
    if (ok_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  bool ok() const { return ok_; }

 private:
  int fd_;
  termios before_{};
  bool ok_;
};

absl::StatusOr<SecretBytes> ReadFirstLine(int fd, std::string_view where) {
  SecretBytes buffer = SecretBytes::Zero(limits::kMaxPassphraseBytes);
  uint8_t* data = buffer.MutableData(SecretAccess::Grant());
  size_t size = 0;
  while (size < limits::kMaxPassphraseBytes) {
    ssize_t got = ::read(fd, data + size, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || data[size] == '\n') break;
    ++size;
  }
  if (size > 0 && data[size - 1] == '\r') --size;
  if (size == 0) return InputError("PASSPHRASE_NEEDED", Cat({where, ": no passphrase was given"}));
  return SecretBytes::Copy(buffer.Expose(SecretAccess::Grant()).substr(0, size));
}

}  // namespace

absl::StatusOr<crypto::KeyBundle> MakeKeys(const std::string& kind, const std::string& subject,
                                           absl::Time now, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(const KindSpec* spec, SpecOf(kind, subject));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle,
                           crypto::KeyBundle::Create(kind, subject, FormatInstant(now)));
  for (const EntrySpec& entry : spec->entries) {
    PALERMO_RETURN_IF_ERROR(
        bundle.Add(entry.name, entry.algorithm, NewPrivateKey(entry.algorithm, random)));
  }
  return bundle;
}

absl::StatusOr<crypto::KeyBundle> RenewTlsKey(const crypto::KeyBundle& bundle, absl::Time now) {
  if (bundle.kind() != "node") {
    return InputError("BAD_KIND", Cat({"the file is of kind ", bundle.kind(),
                                       "; only a node's TLS key is renewed alone. An officer makes "
                                       "all keys new: palermo officer enrol"}));
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::KeyBundle next,
      crypto::KeyBundle::Create(bundle.kind(), bundle.subject(), FormatInstant(now)));
  for (const auto& [name, entry] : bundle.entries()) {
    if (entry.algorithm == crypto::kP256) {
      PALERMO_RETURN_IF_ERROR(next.Add(name, entry.algorithm, crypto::GenerateP256Key()));
    } else if (!entry.token.empty()) {
      PALERMO_RETURN_IF_ERROR(next.AddOnToken(name, entry.public_bytes, entry.token));
    } else {
      PALERMO_RETURN_IF_ERROR(next.Add(name, entry.algorithm, entry.private_bytes.Clone()));
    }
  }
  return next;
}

absl::StatusOr<crypto::KeyBundle> MakeKeysOnToken(const std::string& kind,
                                                  const std::string& subject, absl::Time now,
                                                  Random& random, const OnToken& place,
                                                  const token::PinSource& ask) {
  PALERMO_ASSIGN_OR_RETURN(const KindSpec* spec, SpecOf(kind, subject));
  auto signs = [](const EntrySpec& entry) {
    return std::string_view(entry.algorithm) == crypto::kEd25519;
  };
  long several = std::count_if(spec->entries.begin(), spec->entries.end(), signs);
  if (several == 0) {
    return InputError("BAD_KIND", Cat({"keys of kind ", kind,
                                       " open and do not sign; a token is for keys that sign"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle,
                           crypto::KeyBundle::Create(kind, subject, FormatInstant(now)));
  token::Tokens tokens(ask);
  PALERMO_ASSIGN_OR_RETURN(std::shared_ptr<token::Token> token,
                           tokens.Open(place.module, place.token));
  for (const EntrySpec& entry : spec->entries) {
    if (!signs(entry)) {
      PALERMO_RETURN_IF_ERROR(
          bundle.Add(entry.name, entry.algorithm, NewPrivateKey(entry.algorithm, random)));
      continue;
    }
    std::string label = place.label.empty() ? subject : place.label;
    if (several > 1 || place.label.empty()) label += Cat({"-", entry.name});
    token::KeyPlace where{place.module, place.token, label, ""};
    if (!place.existing) where.id = random.Bytes(kTokenKeyIdBytes);
    PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, place.existing
                                                        ? token->FindPublicKey(label, "")
                                                        : token->Generate(label, where.id));
    PALERMO_RETURN_IF_ERROR(token::UseKey(token, where, key).status());
    PALERMO_RETURN_IF_ERROR(bundle.AddOnToken(entry.name, AsView(key), token::FormatKeyUri(where)));
  }
  return bundle;
}

absl::StatusOr<OfficerKeys> UseOfficerKeys(const crypto::KeyBundle& bundle, absl::Time now,
                                           const token::PinSource& ask) {
  if (bundle.kind() != "officer") {
    return InputError("BAD_KEY_FILE", Cat({"the key file is of kind ", bundle.kind(),
                                           "; an officer's is needed here"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto* sign, bundle.Find("sign", crypto::kEd25519));
  PALERMO_ASSIGN_OR_RETURN(const auto* tls, bundle.Find("tls", crypto::kP256));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey sealing, UseSealingKey(bundle, "officer"));
  token::Tokens tokens(ask);
  PALERMO_ASSIGN_OR_RETURN(std::unique_ptr<crypto::Signer> signing, token::SignerOf(*sign, tokens));
  int64_t seconds = absl::ToUnixSeconds(now);
  PALERMO_ASSIGN_OR_RETURN(
      crypto::TlsIdentity identity,
      crypto::MakeTlsIdentity(tls->private_bytes, "palermo-desk", seconds - 86400,
                              seconds + kCertificateLifeSeconds));
  return OfficerKeys{bundle.subject(), std::move(signing), std::move(sealing), std::move(identity)};
}

absl::StatusOr<std::unique_ptr<crypto::Signer>> UseSigningKey(const crypto::KeyBundle& bundle,
                                                              const std::string& kind,
                                                              const token::PinSource& ask) {
  if (bundle.kind() != kind) {
    return InputError("BAD_KEY_FILE", Cat({"the key file is of kind ", bundle.kind(), "; kind ",
                                           kind, " is needed here"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto* sign, bundle.Find("sign", crypto::kEd25519));
  token::Tokens tokens(ask);
  return token::SignerOf(*sign, tokens);
}

absl::StatusOr<crypto::SealingPrivateKey> UseSealingKey(const crypto::KeyBundle& bundle,
                                                        const std::string& kind) {
  if (bundle.kind() != kind) {
    return InputError("BAD_KEY_FILE", Cat({"the key file is of kind ", bundle.kind(), "; kind ",
                                           kind, " is needed here"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto* seal, bundle.Find("seal", crypto::kXWing));
  return crypto::SealingPrivateKey::FromBytes(crypto::Kem::kXWing, seal->private_bytes.Clone());
}

std::string PinOf(const std::string& public_key_der) {
  return std::string(AsView(crypto::Sha256(public_key_der)));
}

absl::StatusOr<SecretBytes> AskPassphrase(const std::string& prompt) {
  int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) {
    return WrongState(
        "NO_TERMINAL",
        "there is no terminal to ask at; give the passphrase or PIN in a file, with the "
        "option that the command's --help names (--passphrase-file, --pin-file ...)");
  }
  absl::StatusOr<SecretBytes> line = WrongState("NO_TERMINAL", "the terminal cannot hide typing");
  {
    NoEcho silent(terminal);
    if (silent.ok() && ::write(terminal, prompt.data(), prompt.size()) >= 0) {
      line = ReadFirstLine(terminal, "terminal");
      [[maybe_unused]] ssize_t ignored = ::write(terminal, "\n", 1);
    }
  }
  ::close(terminal);
  return line;
}

absl::StatusOr<SecretBytes> PassphraseFromFile(const std::string& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return Missing("NO_FILE", Cat({path, ": ", std::strerror(errno), "; check --passphrase-file"}));
  }
  struct stat info;
  // A pipe of the shell is nobody else's; a file may be.
  bool open_to_others =
      ::fstat(file, &info) != 0 || (S_ISREG(info.st_mode) && (info.st_mode & 077) != 0);
  absl::StatusOr<SecretBytes> line =
      open_to_others ? InputError("PASSPHRASE_FILE_UNPROTECTED",
                                  Cat({path,
                                       ": others on this machine may read or change it; run: chmod "
                                       "0600 ",
                                       path, ", and change what it holds if they could read it"}))
                     : ReadFirstLine(file, path);
  ::close(file);
  return line;
}

absl::Status CheckNewPassphrase(const SecretBytes& passphrase) {
  std::string_view text = passphrase.Expose(crypto::SecretAccess::Grant());
  // Characters, not bytes: those that continue one in UTF-8 do not count.
  auto characters = std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  bool one_letter = std::count(text.begin(), text.end(), text.empty() ? 'x' : text.front()) ==
                    static_cast<std::ptrdiff_t>(text.size());
  if (characters >= static_cast<std::ptrdiff_t>(kMinPassphraseCharacters) && !one_letter) {
    return absl::OkStatus();
  }
  return InputError("WEAK_PASSPHRASE",
                    absl::StrFormat("a passphrase has at least %d characters, and not one letter "
                                    "again and again; take four or more words that do not belong "
                                    "together",
                                    kMinPassphraseCharacters));
}

absl::StatusOr<SecretBytes> PassphraseFromDescriptor(int descriptor) {
  return ReadFirstLine(descriptor, Cat({"descriptor ", std::to_string(descriptor)}));
}

}  // namespace palermo::desk
