#include "crypto/key_protection.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/init.h"
#include "crypto/signing.h"

namespace palermo::crypto::internal {
namespace {

constexpr size_t kLengthBytes = 4;
constexpr size_t kMaxTokenUriBytes = 512;
constexpr std::array<std::string_view, 7> kKinds = {
    "officer", "node", "administrator", "state-root", "roster", "recovery", "sealing"};
constexpr std::array<std::string_view, 4> kAlgorithms = {kEd25519, kX25519, kXWing, kP256};

static_assert(kSaltBytes == crypto_pwhash_argon2id_SALTBYTES);

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

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

}  // namespace

absl::Status BadKeyFile(std::string_view why) {
  return InputError("BAD_KEY_FILE", absl::StrFormat("the key file is malformed: %s", why));
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

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return IsLowerOrDigit(c) || c == '-';
  });
}

bool IsKeyAlgorithm(std::string_view algorithm) {
  return std::find(kAlgorithms.begin(), kAlgorithms.end(), algorithm) != kAlgorithms.end();
}

bool IsTokenUri(std::string_view uri) {
  return uri.size() <= kMaxTokenUriBytes && uri.substr(0, 7) == "pkcs11:" &&
         std::all_of(uri.begin(), uri.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool ParamsInRange(uint64_t passes, uint64_t kibibytes) {
  return passes >= 1 && passes <= kMaxArgon2Passes && kibibytes >= kMinArgon2Kibibytes &&
         kibibytes <= kMaxArgon2Kibibytes;
}

absl::Status CheckStrength(const Argon2Params& params, const Argon2Params& weakest) {
  if (params.passes >= weakest.passes && params.kibibytes >= weakest.kibibytes) {
    return absl::OkStatus();
  }
  return InputError(
      "WEAK_KEY_FILE",
      absl::StrFormat("it asks for %d passes of %d KiB of Argon2id; palermo never writes less than "
                      "%d passes of %d KiB, so somebody else made it. Its passphrase is easy to "
                      "guess: take another copy and choose new keys",
                      params.passes, params.kibibytes, weakest.passes, weakest.kibibytes));
}

SecretBytes PackKeys(const KeyBundle& bundle) {
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

absl::StatusOr<KeyBundle> UnpackKeys(const KeyFilePublic& part, const SecretBytes& payload) {
  PALERMO_ASSIGN_OR_RETURN(KeyBundle bundle,
                           KeyBundle::Create(part.kind, part.subject, part.created));
  std::string_view rest = payload.Expose(SecretAccess::Grant());
  for (const auto& [name, entry] : part.keys) {
    if (rest.size() < kLengthBytes) return BadKeyFile("its secret part is too short");
    uint64_t size =
        ReadLittleEndian64(Cat({rest.substr(0, kLengthBytes), std::string_view("\0\0\0\0", 4)}));
    rest.remove_prefix(kLengthBytes);
    if (size > rest.size()) return BadKeyFile("its secret part is too short");
    if (!entry.token.empty()) {
      if (size != 0) return BadKeyFile(absl::StrFormat("\"%s\" is on a token and here too", name));
      PALERMO_RETURN_IF_ERROR(bundle.AddOnToken(name, entry.public_bytes, entry.token));
      continue;
    }
    PALERMO_RETURN_IF_ERROR(
        bundle.Add(name, entry.algorithm, SecretBytes::Copy(rest.substr(0, size))));
    rest.remove_prefix(size);
    if (!entry.public_bytes.empty() &&
        bundle.entries().at(name).public_bytes != entry.public_bytes) {
      return BadKeyFile(absl::StrFormat("public and private key of \"%s\" do not match", name));
    }
  }
  if (!rest.empty()) return BadKeyFile("its secret part is too long");
  return bundle;
}

absl::StatusOr<SecretBytes> StretchPassphrase(const SecretBytes& passphrase,
                                              const Argon2Params& params, std::string_view salt) {
  Init();
  PALERMO_CHECK(salt.size() == kSaltBytes && ParamsInRange(params.passes, params.kibibytes));
  SecretBytes key = SecretBytes::Zero(kAeadKeyBytes);
  std::string_view text = passphrase.Expose(SecretAccess::Grant());
  int result = crypto_pwhash_argon2id(
      key.MutableData(SecretAccess::Grant()), key.size(), text.data(), text.size(), Data(salt),
      params.passes, size_t{params.kibibytes} * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (result != 0) {
    return TryLater("NO_MEMORY", absl::StrFormat("the key file needs %d MiB of free memory",
                                                 params.kibibytes / 1024));
  }
  return key;
}

absl::StatusOr<std::string> SealKeys(const KeyBundle& bundle, const SecretBytes& passphrase,
                                     const Argon2Params& params, std::string_view salt,
                                     std::string_view header, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(SecretBytes key, StretchPassphrase(passphrase, params, salt));
  std::string nonce = random.Bytes(kXChaChaNonceBytes);
  SecretBytes payload = PackKeys(bundle);
  return Cat({nonce, XChaChaSeal(key, nonce, header, payload.Expose(SecretAccess::Grant()))});
}

absl::StatusOr<std::optional<SecretBytes>> OpenKeys(std::string_view sealed,
                                                    const SecretBytes& passphrase,
                                                    const Argon2Params& params,
                                                    std::string_view salt,
                                                    std::string_view header) {
  if (sealed.size() <= kXChaChaNonceBytes + kAeadTagBytes) {
    return BadKeyFile("its secret part is too short");
  }
  PALERMO_ASSIGN_OR_RETURN(SecretBytes key, StretchPassphrase(passphrase, params, salt));
  absl::StatusOr<SecretBytes> payload = XChaChaOpen(key, sealed.substr(0, kXChaChaNonceBytes),
                                                    header, sealed.substr(kXChaChaNonceBytes));
  if (!payload.ok()) return std::optional<SecretBytes>();
  return std::optional<SecretBytes>(*std::move(payload));
}

SecretBytes Base64EncodeSecret(std::string_view bytes) {
  Init();
  size_t size = sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  SecretBytes text = SecretBytes::Zero(size);
  sodium_bin2base64(reinterpret_cast<char*>(text.MutableData(SecretAccess::Grant())), size,
                    Data(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  // Without the zero that ends it.
  return SecretBytes::Copy(text.Expose(SecretAccess::Grant()).substr(0, size - 1));
}

std::optional<SecretBytes> Base64DecodeSecret(std::string_view text) {
  Init();
  SecretBytes bytes = SecretBytes::Zero(text.size() / 4 * 3 + 3);
  size_t size = 0;
  if (sodium_base642bin(bytes.MutableData(SecretAccess::Grant()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  return SecretBytes::Copy(bytes.Expose(SecretAccess::Grant()).substr(0, size));
}

}  // namespace palermo::crypto::internal
