#include "crypto/key_file.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/init.h"
#include "crypto/signing.h"
#include "crypto/text_lines.h"
#include "crypto/tls_identity.h"

// The format is described in docs/formats/key-file.md.
namespace palermo::crypto {
namespace {

constexpr std::string_view kFirstLine = "palermo-key-file/v1";
constexpr std::string_view kChecksumPrefix("palermo/v1/key-file\0", 20);
constexpr size_t kSaltBytes = crypto_pwhash_argon2id_SALTBYTES;
constexpr size_t kLengthBytes = 4;
constexpr uint32_t kMinArgon2Kibibytes = 8;
constexpr std::array<std::string_view, 6> kKinds = {"officer",    "node",   "administrator",
                                                    "state-root", "roster", "recovery"};
constexpr std::array<std::string_view, 4> kAlgorithms = {kEd25519, kX25519, kXWing, kP256};

absl::Status BadKeyFile(std::string_view why) {
  return InputError("BAD_KEY_FILE", absl::StrFormat("the key file is malformed: %s", why));
}

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return IsLowerOrDigit(c) || c == '-';
  });
}

bool IsSubject(std::string_view subject) {
  return !subject.empty() && subject.size() <= 160 &&
         std::all_of(subject.begin(), subject.end(), [](char c) {
           return IsLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '.' || c == '_' ||
                  c == '-';
         });
}

bool IsInstant(std::string_view text) {
  absl::StatusOr<absl::Time> time = ParseInstant(std::string(text));
  return time.ok() && FormatInstant(*time) == text;
}

absl::Status CheckIdentity(std::string_view kind, std::string_view subject,
                           std::string_view created) {
  if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end()) {
    return BadKeyFile(absl::StrFormat("there is no kind \"%s\"", kind.substr(0, 40)));
  }
  if (!IsSubject(subject)) return BadKeyFile("the subject is not [A-Za-z0-9/._-]{1,160}");
  if (!IsInstant(created)) return BadKeyFile("the time is not like 2026-03-02T09:00:00Z");
  return absl::OkStatus();
}

absl::StatusOr<std::string> PublicBytesOf(std::string_view algorithm, const SecretBytes& secret) {
  if (algorithm == kEd25519) {
    PALERMO_ASSIGN_OR_RETURN(SigningKey key, SigningKey::FromSeed(secret.Clone()));
    return std::string(AsView(key.public_key()));
  }
  if (algorithm == kX25519 || algorithm == kXWing) {
    Kem kem = algorithm == kX25519 ? Kem::kX25519 : Kem::kXWing;
    PALERMO_ASSIGN_OR_RETURN(SealingPrivateKey key,
                             SealingPrivateKey::FromBytes(kem, secret.Clone()));
    return key.PublicKey().bytes;
  }
  if (algorithm == kP256) return P256PublicKey(secret);
  return BadKeyFile(absl::StrFormat("there is no algorithm \"%s\"", algorithm.substr(0, 40)));
}

// How the secret line is protected.
struct Protection {
  std::optional<Argon2Params> argon2;  // nothing: a checksum only
  std::string salt;
};

struct ParsedFile {
  KeyFilePublic public_part;
  Protection protection;
  std::string_view header;  // everything before the secret line: what is authenticated
  std::string_view secret;  // base64
};

// --- Writing

std::string PublicLines(const KeyBundle& bundle) {
  std::string text = absl::StrFormat("%s\nkind %s\nsubject %s\ncreated %s\n", kFirstLine,
                                     bundle.kind(), bundle.subject(), bundle.created());
  for (const auto& [name, entry] : bundle.entries()) {
    text +=
        absl::StrFormat("key %s %s %s\n", name, entry.algorithm, Base64Encode(entry.public_bytes));
  }
  return text;
}

std::string ProtectionLine(const Protection& protection) {
  if (!protection.argon2) return "protection none\n";
  return absl::StrFormat("protection argon2id %d %d %s\n", protection.argon2->passes,
                         protection.argon2->kibibytes, Base64Encode(protection.salt));
}

// For each key, in the order of the lines: its size and its private bytes.
SecretBytes Payload(const KeyBundle& bundle) {
  size_t size = 0;
  for (const auto& [name, entry] : bundle.entries()) {
    size += kLengthBytes + entry.private_bytes.size();
  }
  SecretBytes payload = SecretBytes::Zero(size);
  uint8_t* at = payload.MutableData(SecretAccess::Grant());
  for (const auto& [name, entry] : bundle.entries()) {
    std::string_view bytes = entry.private_bytes.Expose(SecretAccess::Grant());
    std::string length = LittleEndian64(bytes.size()).substr(0, kLengthBytes);
    at = std::copy(length.begin(), length.end(), at);
    at = std::copy(bytes.begin(), bytes.end(), at);
  }
  return payload;
}

Hash Checksum(std::string_view header, std::string_view payload) {
  return Sha256({kChecksumPrefix, header, payload});
}

absl::StatusOr<SecretBytes> DeriveKey(const SecretBytes& passphrase, const Protection& protection) {
  Init();
  SecretBytes key = SecretBytes::Zero(internal::kAeadKeyBytes);
  std::string_view text = passphrase.Expose(SecretAccess::Grant());
  int result = crypto_pwhash_argon2id(
      key.MutableData(SecretAccess::Grant()), key.size(), text.data(), text.size(),
      Data(protection.salt), protection.argon2->passes, size_t{protection.argon2->kibibytes} * 1024,
      crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (result != 0) {
    return TryLater("NO_MEMORY", absl::StrFormat("the key file needs %d MiB of free memory",
                                                 protection.argon2->kibibytes / 1024));
  }
  return key;
}

bool ParamsInRange(uint64_t passes, uint64_t kibibytes) {
  return passes >= 1 && passes <= kMaxArgon2Passes && kibibytes >= kMinArgon2Kibibytes &&
         kibibytes <= kMaxArgon2Kibibytes;
}

std::string EncodeUnprotected(const KeyBundle& bundle) {
  std::string header = PublicLines(bundle) + ProtectionLine({});
  SecretBytes payload = Payload(bundle);
  std::string_view bytes = payload.Expose(SecretAccess::Grant());
  std::string secret = Cat({bytes, AsView(Checksum(header, bytes))});
  std::string line = Base64Encode(secret);
  std::string text = Cat({header, "secret ", line, "\n"});
  WipeString(secret);
  WipeString(line);
  return text;
}

// --- Reading

// The rest of the next line, which must begin with `word` and a space.
absl::StatusOr<std::string_view> TakeField(std::string_view* text, std::string_view word) {
  std::string_view rest = *text;
  std::optional<std::string_view> line = internal::TakeLine(&rest);
  if (!line || line->size() <= word.size() || line->substr(0, word.size()) != word ||
      (*line)[word.size()] != ' ') {
    return BadKeyFile(absl::StrFormat("the line \"%s ...\" is not in its place", word));
  }
  *text = rest;
  return line->substr(word.size() + 1);
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t space; (space = line.find(' ')) != std::string_view::npos;) {
    words.push_back(line.substr(0, space));
    line.remove_prefix(space + 1);
  }
  words.push_back(line);
  return words;
}

absl::Status AddKeyLine(std::string_view line, KeyFilePublic* file) {
  std::vector<std::string_view> words = Words(line);
  if (words.size() != 3 || !IsKeyName(words[0])) {
    return BadKeyFile("a key line is not \"key name algorithm public-key\"");
  }
  if (std::find(kAlgorithms.begin(), kAlgorithms.end(), words[1]) == kAlgorithms.end()) {
    return BadKeyFile(absl::StrFormat("there is no algorithm \"%s\"", words[1].substr(0, 40)));
  }
  absl::StatusOr<std::string> bytes = Base64Decode(words[2]);
  if (!bytes.ok() || bytes->empty()) return BadKeyFile("a public key is not canonical base64");
  std::string name(words[0]);
  if (!file->keys.empty() && name <= file->keys.rbegin()->first) {
    return BadKeyFile("the keys are not in the order of their names, each once");
  }
  if (file->keys.size() == kMaxKeyFileEntries) return BadKeyFile("too many keys");
  file->keys[name] = PublicEntry{std::string(words[1]), *std::move(bytes)};
  return absl::OkStatus();
}

absl::StatusOr<Protection> ParseProtection(std::string_view line) {
  if (line == "none") return Protection{};
  std::vector<std::string_view> words = Words(line);
  if (words.size() != 4 || words[0] != "argon2id") {
    return BadKeyFile("the protection is neither \"none\" nor \"argon2id passes KiB salt\"");
  }
  std::optional<uint64_t> passes = internal::ParseDecimal(words[1]);
  std::optional<uint64_t> kibibytes = internal::ParseDecimal(words[2]);
  if (!passes || !kibibytes || !ParamsInRange(*passes, *kibibytes)) {
    return BadKeyFile("its Argon2id parameters are outside 1 to 16 passes and 8 KiB to 1 GiB");
  }
  absl::StatusOr<std::string> salt = Base64Decode(words[3]);
  if (!salt.ok() || salt->size() != kSaltBytes) return BadKeyFile("the salt is not 16 bytes");
  Argon2Params params{static_cast<uint32_t>(*passes), static_cast<uint32_t>(*kibibytes)};
  return Protection{params, *std::move(salt)};
}

absl::StatusOr<ParsedFile> Parse(std::string_view text) {
  if (text.size() > kMaxKeyFileBytes) return BadKeyFile("it is larger than 64 KiB");
  std::string_view whole = text;
  if (internal::TakeLine(&text) != kFirstLine) return BadKeyFile("it is not a palermo key file");
  ParsedFile file;
  KeyFilePublic& part = file.public_part;
  PALERMO_ASSIGN_OR_RETURN(std::string_view kind, TakeField(&text, "kind"));
  PALERMO_ASSIGN_OR_RETURN(std::string_view subject, TakeField(&text, "subject"));
  PALERMO_ASSIGN_OR_RETURN(std::string_view created, TakeField(&text, "created"));
  PALERMO_RETURN_IF_ERROR(CheckIdentity(kind, subject, created));
  part.kind = std::string(kind);
  part.subject = std::string(subject);
  part.created = std::string(created);
  while (text.substr(0, 4) == "key ") {
    PALERMO_ASSIGN_OR_RETURN(std::string_view line, TakeField(&text, "key"));
    PALERMO_RETURN_IF_ERROR(AddKeyLine(line, &part));
  }
  if (part.keys.empty()) return BadKeyFile("it has no keys");
  PALERMO_ASSIGN_OR_RETURN(std::string_view protection, TakeField(&text, "protection"));
  PALERMO_ASSIGN_OR_RETURN(file.protection, ParseProtection(protection));
  part.passphrase_needed = file.protection.argon2.has_value();
  if (!part.passphrase_needed && part.kind != "node") {
    return BadKeyFile("only a node's key file may be without a passphrase");
  }
  file.header = whole.substr(0, whole.size() - text.size());
  PALERMO_ASSIGN_OR_RETURN(file.secret, TakeField(&text, "secret"));
  if (!text.empty()) return BadKeyFile("something follows the last line");
  return file;
}

absl::StatusOr<SecretBytes> OpenProtected(const ParsedFile& file, const SecretBytes& passphrase) {
  absl::StatusOr<std::string> secret = Base64Decode(file.secret);
  if (!secret.ok() || secret->size() <= internal::kXChaChaNonceBytes + internal::kAeadTagBytes) {
    return BadKeyFile("the secret line is cut or not canonical base64");
  }
  PALERMO_ASSIGN_OR_RETURN(SecretBytes key, DeriveKey(passphrase, file.protection));
  std::string_view bytes = *secret;
  absl::StatusOr<SecretBytes> payload =
      internal::XChaChaOpen(key, bytes.substr(0, internal::kXChaChaNonceBytes), file.header,
                            bytes.substr(internal::kXChaChaNonceBytes));
  if (payload.ok()) return payload;
  return InputError("WRONG_PASSPHRASE",
                    absl::StrFormat("the passphrase does not open the key file of %s, or the file "
                                    "was changed; try again or take another copy",
                                    file.public_part.subject));
}

absl::StatusOr<SecretBytes> OpenUnprotected(const ParsedFile& file) {
  absl::StatusOr<std::string> secret = Base64Decode(file.secret);
  if (!secret.ok() || secret->size() < sizeof(Hash)) {
    return BadKeyFile("the secret line is cut or not canonical base64");
  }
  std::string_view bytes = *secret;
  SecretBytes payload = SecretBytes::Copy(bytes.substr(0, bytes.size() - sizeof(Hash)));
  Hash checksum = Checksum(file.header, payload.Expose(SecretAccess::Grant()));
  bool fits = ConstantTimeEqual(bytes.substr(payload.size()), AsView(checksum));
  WipeString(*secret);
  if (!fits) return BadKeyFile("its checksum is wrong: it was changed or damaged");
  return payload;
}

absl::StatusOr<KeyBundle> Unpack(const KeyFilePublic& part, const SecretBytes& payload) {
  PALERMO_ASSIGN_OR_RETURN(KeyBundle bundle,
                           KeyBundle::Create(part.kind, part.subject, part.created));
  std::string_view rest = payload.Expose(SecretAccess::Grant());
  for (const auto& [name, entry] : part.keys) {
    if (rest.size() < kLengthBytes) return BadKeyFile("its secret part is too short");
    uint64_t size =
        ReadLittleEndian64(Cat({rest.substr(0, kLengthBytes), std::string_view("\0\0\0\0", 4)}));
    rest.remove_prefix(kLengthBytes);
    if (size > rest.size()) return BadKeyFile("its secret part is too short");
    PALERMO_RETURN_IF_ERROR(
        bundle.Add(name, entry.algorithm, SecretBytes::Copy(rest.substr(0, size))));
    rest.remove_prefix(size);
    if (bundle.entries().at(name).public_bytes != entry.public_bytes) {
      return BadKeyFile(absl::StrFormat("public and private key of \"%s\" do not match", name));
    }
  }
  if (!rest.empty()) return BadKeyFile("its secret part is too long");
  return bundle;
}

}  // namespace

absl::StatusOr<KeyBundle> KeyBundle::Create(std::string_view kind, std::string_view subject,
                                            std::string_view created) {
  PALERMO_RETURN_IF_ERROR(CheckIdentity(kind, subject, created));
  KeyBundle bundle;
  bundle.kind_ = std::string(kind);
  bundle.subject_ = std::string(subject);
  bundle.created_ = std::string(created);
  return bundle;
}

absl::Status KeyBundle::Add(std::string_view name, std::string_view algorithm,
                            SecretBytes private_bytes) {
  std::string key(name);
  if (!IsKeyName(name)) return BadKeyFile("a key's name is not [a-z0-9-]{1,64}");
  if (entries_.contains(key)) return BadKeyFile(absl::StrFormat("two keys named \"%s\"", key));
  if (entries_.size() == kMaxKeyFileEntries) return BadKeyFile("too many keys");
  absl::StatusOr<std::string> public_bytes = PublicBytesOf(algorithm, private_bytes);
  if (CodeOf(public_bytes.status()) == "BAD_PRIVATE_KEY") {
    return BadKeyFile(absl::StrFormat("key \"%s\": %s", key, TextOf(public_bytes.status())));
  }
  PALERMO_RETURN_IF_ERROR(public_bytes.status());
  entries_[key] = Entry{std::string(algorithm), *std::move(public_bytes), std::move(private_bytes)};
  return absl::OkStatus();
}

absl::StatusOr<const KeyBundle::Entry*> KeyBundle::Find(std::string_view name,
                                                        std::string_view algorithm) const {
  auto found = entries_.find(std::string(name));
  if (found != entries_.end() && found->second.algorithm == algorithm) return &found->second;
  std::string names;
  for (const auto& [key, entry] : entries_) {
    names += absl::StrFormat("%s%s (%s)", names.empty() ? "" : ", ", key, entry.algorithm);
  }
  return Missing("KEY_NOT_IN_FILE",
                 absl::StrFormat("the key file of %s has no %s key \"%s\", only: %s", subject_,
                                 algorithm, name, names));
}

absl::StatusOr<std::string> EncodeKeyFile(const KeyBundle& bundle, const SecretBytes* passphrase,
                                          const Argon2Params& params, Random& random) {
  if (bundle.entries().empty()) return BadKeyFile("it has no keys");
  if (passphrase == nullptr && bundle.kind() == "node") return EncodeUnprotected(bundle);
  if (passphrase == nullptr || passphrase->empty()) {
    return InputError("PASSPHRASE_NEEDED",
                      absl::StrFormat("the key file of %s needs a passphrase", bundle.subject()));
  }
  if (!ParamsInRange(params.passes, params.kibibytes)) {
    return BadKeyFile("its Argon2id parameters are outside 1 to 16 passes and 8 KiB to 1 GiB");
  }
  Protection protection{params, random.Bytes(kSaltBytes)};
  std::string header = PublicLines(bundle) + ProtectionLine(protection);
  PALERMO_ASSIGN_OR_RETURN(SecretBytes key, DeriveKey(*passphrase, protection));
  std::string nonce = random.Bytes(internal::kXChaChaNonceBytes);
  std::string sealed =
      internal::XChaChaSeal(key, nonce, header, Payload(bundle).Expose(SecretAccess::Grant()));
  return Cat({header, "secret ", Base64Encode(Cat({nonce, sealed})), "\n"});
}

absl::StatusOr<KeyBundle> DecodeKeyFile(std::string_view text, const SecretBytes* passphrase) {
  PALERMO_ASSIGN_OR_RETURN(ParsedFile file, Parse(text));
  bool needed = file.public_part.passphrase_needed;
  if (needed && (passphrase == nullptr || passphrase->empty())) {
    return InputError("PASSPHRASE_NEEDED", absl::StrFormat("the key file of %s needs a passphrase",
                                                           file.public_part.subject));
  }
  PALERMO_ASSIGN_OR_RETURN(SecretBytes payload,
                           needed ? OpenProtected(file, *passphrase) : OpenUnprotected(file));
  return Unpack(file.public_part, payload);
}

absl::StatusOr<KeyFilePublic> ReadKeyFilePublic(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(ParsedFile file, Parse(text));
  return std::move(file.public_part);
}

}  // namespace palermo::crypto
