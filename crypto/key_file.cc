#include "crypto/key_file.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/key_protection.h"
#include "crypto/signing.h"
#include "crypto/text_lines.h"
#include "crypto/tls_identity.h"

// The format is described in docs/formats/key-file.md.
namespace palermo::crypto {
namespace {

using internal::BadKeyFile;
using internal::IsKeyName;

constexpr std::string_view kFirstLine1 = "palermo-key-file/v1";
constexpr std::string_view kFirstLine2 = "palermo-key-file/v2";
constexpr std::string_view kAnyFirstLine = "palermo-key-file/";
constexpr std::string_view kSecretPrefix("palermo/v1/key-file\0", 20);
constexpr std::string_view kFilePrefix("palermo/v2/key-file\0", 20);
constexpr std::string_view kChecksumWord = "checksum ";
constexpr size_t kChecksumBytes = 16;

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
  std::string text = absl::StrFormat("%s\nkind %s\nsubject %s\ncreated %s\n", kFirstLine2,
                                     bundle.kind(), bundle.subject(), bundle.created());
  for (const auto& [name, entry] : bundle.entries()) {
    text +=
        absl::StrFormat("key %s %s %s\n", name, entry.algorithm, Base64Encode(entry.public_bytes));
  }
  for (const auto& [name, entry] : bundle.entries()) {
    if (!entry.token.empty()) text += absl::StrFormat("token %s %s\n", name, entry.token);
  }
  return text;
}

std::string ProtectionLine(const Protection& protection) {
  if (!protection.argon2) return "protection none\n";
  return absl::StrFormat("protection argon2id %d %d %s\n", protection.argon2->passes,
                         protection.argon2->kibibytes, Base64Encode(protection.salt));
}

Hash SecretChecksum(std::string_view header, std::string_view payload) {
  return Sha256({kSecretPrefix, header, payload});
}

SecretBytes Joined(std::initializer_list<std::string_view> parts) {
  size_t size = 0;
  for (std::string_view part : parts) size += part.size();
  SecretBytes joined = SecretBytes::Zero(size);
  uint8_t* at = joined.MutableData(SecretAccess::Grant());
  for (std::string_view part : parts) at = std::copy(part.begin(), part.end(), at);
  return joined;
}

// The last line: over everything before it, so that damage is not taken for a wrong passphrase.
std::string ChecksumLine(std::string_view before) {
  Hash hash = Sha256({kFilePrefix, before});
  return Cat({kChecksumWord, Base64Encode(AsView(hash).substr(0, kChecksumBytes)), "\n"});
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
  if (!internal::IsKeyAlgorithm(words[1])) {
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

absl::Status AddTokenLine(std::string_view line, std::string* last, KeyFilePublic* file) {
  std::vector<std::string_view> words = Words(line);
  if (words.size() != 2 || !internal::IsTokenUri(words[1])) {
    return BadKeyFile("a token line is not \"token name pkcs11:...\"");
  }
  std::string name(words[0]);
  auto key = file->keys.find(name);
  if (key == file->keys.end() || key->second.algorithm != kEd25519) {
    return BadKeyFile("a token line names no Ed25519 key of the file");
  }
  if (name <= *last) return BadKeyFile("the token lines are not in the order of their names");
  key->second.token = std::string(words[1]);
  *last = name;
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
  if (!passes || !kibibytes || !internal::ParamsInRange(*passes, *kibibytes)) {
    return BadKeyFile("its Argon2id parameters are outside 1 to 16 passes and 8 KiB to 1 GiB");
  }
  absl::StatusOr<std::string> salt = Base64Decode(words[3]);
  if (!salt.ok() || salt->size() != internal::kSaltBytes)
    return BadKeyFile("the salt is not 16 bytes");
  Argon2Params params{static_cast<uint32_t>(*passes), static_cast<uint32_t>(*kibibytes)};
  return Protection{params, *std::move(salt)};
}

// Whole, as it was written: takes the line "checksum" off. Nobody who changes a file on purpose is
// stopped by it. REQUIRES: a first line.
absl::StatusOr<std::string_view> CheckWhole(std::string_view text) {
  size_t at = text.rfind('\n', text.size() - 2);
  std::string_view before = text.substr(0, at == text.npos ? 0 : at + 1);
  if (text.back() == '\n' && ChecksumLine(before) == text.substr(before.size())) return before;
  return Damaged("KEY_FILE_DAMAGED",
                 "the key file was changed or cut since it was written: its checksum is wrong. "
                 "Take another copy, or restore it from its paper backup");
}

absl::StatusOr<ParsedFile> ParseLines(std::string_view text, int version) {
  std::string_view whole = text;
  internal::TakeLine(&text);
  ParsedFile file;
  KeyFilePublic& part = file.public_part;
  PALERMO_ASSIGN_OR_RETURN(std::string_view kind, TakeField(&text, "kind"));
  PALERMO_ASSIGN_OR_RETURN(std::string_view subject, TakeField(&text, "subject"));
  PALERMO_ASSIGN_OR_RETURN(std::string_view created, TakeField(&text, "created"));
  PALERMO_RETURN_IF_ERROR(internal::CheckIdentity(kind, subject, created));
  part.kind = std::string(kind);
  part.subject = std::string(subject);
  part.created = std::string(created);
  while (text.substr(0, 4) == "key ") {
    PALERMO_ASSIGN_OR_RETURN(std::string_view line, TakeField(&text, "key"));
    PALERMO_RETURN_IF_ERROR(AddKeyLine(line, &part));
  }
  if (part.keys.empty()) return BadKeyFile("it has no keys");
  std::string last;
  while (version > 1 && text.substr(0, 6) == "token ") {
    PALERMO_ASSIGN_OR_RETURN(std::string_view line, TakeField(&text, "token"));
    PALERMO_RETURN_IF_ERROR(AddTokenLine(line, &last, &part));
  }
  PALERMO_ASSIGN_OR_RETURN(std::string_view protection, TakeField(&text, "protection"));
  PALERMO_ASSIGN_OR_RETURN(file.protection, ParseProtection(protection));
  part.passphrase_needed = file.protection.argon2.has_value();
  if (!part.passphrase_needed && part.kind != "node") {
    return BadKeyFile("only a node's file may be without a passphrase");
  }
  file.header = whole.substr(0, whole.size() - text.size());
  PALERMO_ASSIGN_OR_RETURN(file.secret, TakeField(&text, "secret"));
  if (!text.empty()) return BadKeyFile("something follows the last line");
  return file;
}

absl::StatusOr<ParsedFile> Parse(std::string_view text) {
  if (text.size() > kMaxKeyFileBytes) return BadKeyFile("it is larger than 64 KiB");
  std::string_view rest = text;
  std::string_view first = internal::TakeLine(&rest).value_or("");
  if (first == kFirstLine1) return ParseLines(text, 1);
  if (first == kFirstLine2) {
    PALERMO_ASSIGN_OR_RETURN(std::string_view lines, CheckWhole(text));
    return ParseLines(lines, 2);
  }
  if (first.substr(0, kAnyFirstLine.size()) == kAnyFirstLine) {
    return BadKeyFile("it is of a version that this palermo does not read; take a newer palermo");
  }
  return BadKeyFile("it is not a palermo key file; is it the right file?");
}

absl::StatusOr<SecretBytes> OpenProtected(const ParsedFile& file, const SecretBytes& passphrase,
                                          bool whole) {
  absl::StatusOr<std::string> sealed = Base64Decode(file.secret);
  if (!sealed.ok()) return BadKeyFile("the secret line is not canonical base64");
  PALERMO_ASSIGN_OR_RETURN(std::optional<SecretBytes> payload,
                           internal::OpenKeys(*sealed, passphrase, *file.protection.argon2,
                                              file.protection.salt, file.header));
  if (payload) return *std::move(payload);
  return InputError(
      "WRONG_PASSPHRASE",
      absl::StrFormat("the passphrase does not open the key file of %s; %s",
                      file.public_part.subject,
                      whole ? "the file is whole, so try the passphrase again"
                            : "or the file was changed: try again or take another copy"));
}

absl::StatusOr<SecretBytes> OpenUnprotected(const ParsedFile& file) {
  std::optional<SecretBytes> secret = internal::Base64DecodeSecret(file.secret);
  if (!secret || secret->size() < sizeof(Hash)) {
    return BadKeyFile("the secret line is cut or not canonical base64");
  }
  std::string_view bytes = secret->Expose(SecretAccess::Grant());
  SecretBytes payload = SecretBytes::Copy(bytes.substr(0, bytes.size() - sizeof(Hash)));
  Hash checksum = SecretChecksum(file.header, payload.Expose(SecretAccess::Grant()));
  bool fits = ConstantTimeEqual(bytes.substr(payload.size()), AsView(checksum));
  if (!fits) return BadKeyFile("its checksum is wrong: it was changed or damaged");
  return payload;
}

}  // namespace

absl::StatusOr<KeyBundle> KeyBundle::Create(std::string_view kind, std::string_view subject,
                                            std::string_view created) {
  PALERMO_RETURN_IF_ERROR(internal::CheckIdentity(kind, subject, created));
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

absl::Status KeyBundle::AddOnToken(std::string_view name, std::string_view public_bytes,
                                   std::string_view token) {
  std::string key(name);
  if (!IsKeyName(name)) return BadKeyFile("a key's name is not [a-z0-9-]{1,64}");
  if (entries_.contains(key)) return BadKeyFile(absl::StrFormat("two keys named \"%s\"", key));
  if (entries_.size() == kMaxKeyFileEntries) return BadKeyFile("too many keys");
  if (!PublicKeyFrom(public_bytes).ok()) return BadKeyFile("an Ed25519 key has 32 bytes");
  if (!internal::IsTokenUri(token)) {
    return BadKeyFile("where the key is on its token is not \"pkcs11:...\" of at most 512 bytes");
  }
  entries_[key] = Entry{kEd25519, std::string(public_bytes), SecretBytes(), std::string(token)};
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

absl::StatusOr<std::string> EncodeKeyFile(const KeyBundle& bundle, const SecretBytes& passphrase,
                                          const Argon2Params& params, Random& random) {
  if (bundle.entries().empty()) return BadKeyFile("it has no keys");
  if (passphrase.empty()) {
    return InputError("PASSPHRASE_NEEDED",
                      absl::StrFormat("the key file of %s needs a passphrase", bundle.subject()));
  }
  if (!internal::ParamsInRange(params.passes, params.kibibytes)) {
    return BadKeyFile("its Argon2id parameters are outside 1 to 16 passes and 8 KiB to 1 GiB");
  }
  Protection protection{params, random.Bytes(internal::kSaltBytes)};
  std::string header = PublicLines(bundle) + ProtectionLine(protection);
  PALERMO_ASSIGN_OR_RETURN(std::string sealed, internal::SealKeys(bundle, passphrase, params,
                                                                  protection.salt, header, random));
  std::string text = Cat({header, "secret ", Base64Encode(sealed), "\n"});
  return Cat({text, ChecksumLine(text)});
}

absl::StatusOr<SecretBytes> EncodeUnprotectedKeyFile(const KeyBundle& bundle) {
  if (bundle.entries().empty()) return BadKeyFile("it has no keys");
  if (bundle.kind() != "node") {
    return InputError("PASSPHRASE_NEEDED",
                      absl::StrFormat("the key file of %s needs a passphrase", bundle.subject()));
  }
  std::string header = PublicLines(bundle) + ProtectionLine({});
  SecretBytes payload = internal::PackKeys(bundle);
  std::string_view bytes = payload.Expose(SecretAccess::Grant());
  SecretBytes secret = Joined({bytes, AsView(SecretChecksum(header, bytes))});
  SecretBytes line = internal::Base64EncodeSecret(secret.Expose(SecretAccess::Grant()));
  SecretBytes text = Joined({header, "secret ", line.Expose(SecretAccess::Grant()), "\n"});
  std::string_view before = text.Expose(SecretAccess::Grant());
  return Joined({before, ChecksumLine(before)});
}

absl::StatusOr<KeyBundle> DecodeKeyFile(std::string_view text, const SecretBytes* passphrase,
                                        const Argon2Params& weakest) {
  PALERMO_ASSIGN_OR_RETURN(ParsedFile file, Parse(text));
  if (!file.public_part.passphrase_needed) {
    PALERMO_ASSIGN_OR_RETURN(SecretBytes payload, OpenUnprotected(file));
    return internal::UnpackKeys(file.public_part, payload);
  }
  PALERMO_RETURN_IF_ERROR(internal::CheckStrength(*file.protection.argon2, weakest));
  if (passphrase == nullptr || passphrase->empty()) {
    return InputError("PASSPHRASE_NEEDED", absl::StrFormat("the key file of %s needs a passphrase",
                                                           file.public_part.subject));
  }
  bool whole = text.substr(0, kFirstLine2.size()) == kFirstLine2;
  PALERMO_ASSIGN_OR_RETURN(SecretBytes payload, OpenProtected(file, *passphrase, whole));
  return internal::UnpackKeys(file.public_part, payload);
}

absl::StatusOr<KeyFilePublic> ReadKeyFilePublic(std::string_view text) {
  PALERMO_ASSIGN_OR_RETURN(ParsedFile file, Parse(text));
  return std::move(file.public_part);
}

}  // namespace palermo::crypto
