// How the private keys of a bundle are packed and put under a passphrase; key files and paper
// backups share it. Internal to crypto/.
#ifndef PALERMO_CRYPTO_KEY_PROTECTION_H_
#define PALERMO_CRYPTO_KEY_PROTECTION_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

inline constexpr size_t kSaltBytes = 16;
inline constexpr uint32_t kMinArgon2Kibibytes = 8;  // what Argon2 itself asks for

absl::Status BadKeyFile(std::string_view why);
// Kind, subject and time of a bundle.
absl::Status CheckIdentity(std::string_view kind, std::string_view subject,
                           std::string_view created);
bool IsKeyName(std::string_view name);
bool IsKeyAlgorithm(std::string_view algorithm);
// "pkcs11:" and printable ASCII without spaces, at most 512 bytes.
bool IsTokenUri(std::string_view uri);

// Within the caps, which nothing may exceed.
bool ParamsInRange(uint64_t passes, uint64_t kibibytes);
// WEAK_KEY_FILE below `weakest`.
absl::Status CheckStrength(const Argon2Params& params, const Argon2Params& weakest);

// For each key, in the order of the names: its size and its private bytes (none for a key on a
// token).
SecretBytes PackKeys(const KeyBundle& bundle);
// The reverse. Every private key must belong to the public key that `part` names; where `part` has
// an empty one it is computed. No byte may be left.
absl::StatusOr<KeyBundle> UnpackKeys(const KeyFilePublic& part, const SecretBytes& payload);

// Argon2id; 32 bytes. Fails with NO_MEMORY.
absl::StatusOr<SecretBytes> StretchPassphrase(const SecretBytes& passphrase,
                                              const Argon2Params& params, std::string_view salt);
// nonce || XChaCha20-Poly1305 of the packed keys, with `header` authenticated.
absl::StatusOr<std::string> SealKeys(const KeyBundle& bundle, const SecretBytes& passphrase,
                                     const Argon2Params& params, std::string_view salt,
                                     std::string_view header, Random& random);
// Nothing when the passphrase does not open it.
absl::StatusOr<std::optional<SecretBytes>> OpenKeys(std::string_view sealed,
                                                    const SecretBytes& passphrase,
                                                    const Argon2Params& params,
                                                    std::string_view salt, std::string_view header);

// RFC 4648 section 4 in locked memory. Decoding takes exactly one text for each value.
SecretBytes Base64EncodeSecret(std::string_view bytes);
std::optional<SecretBytes> Base64DecodeSecret(std::string_view text);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_KEY_PROTECTION_H_
