// ML-KEM-768 (FIPS 203) over PQClean's C code, the one place that knows it: another library can
// take over behind this header and mlkem_open.h.
//
// Gives: a shared secret that stays secret from who holds a quantum computer, as far as is known.
// Does not give: authenticity of either side. Here X-Wing (xwing.h) is its only user, which adds
// X25519, so that a break of one of them is not a break.
//
// This header makes keys and encapsulates; mlkem_open.h decapsulates, in a target that only the
// desk links.
#ifndef PALERMO_CRYPTO_MLKEM_H_
#define PALERMO_CRYPTO_MLKEM_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

inline constexpr size_t kMlKemSeedBytes = 64;  // d || z of FIPS 203
inline constexpr size_t kMlKemPublicKeyBytes = 1184;
inline constexpr size_t kMlKemPrivateKeyBytes = 2400;
inline constexpr size_t kMlKemCiphertextBytes = 1088;
inline constexpr size_t kMlKemSharedSecretBytes = 32;

// The checks of FIPS 203 section 7.2: the size, and that every coefficient is below the modulus
// 3329. BAD_PUBLIC_KEY.
absl::Status CheckMlKemPublicKey(std::string_view public_key);

struct MlKemKeyPair {
  SecretBytes private_key;  // the expanded form, 2400 bytes
  std::string public_key;
};
// ML-KEM.KeyGen_internal: the same pair for the same 64 bytes.
MlKemKeyPair MlKemKeyPairFromSeed(const SecretBytes& seed);

struct MlKemEncapsulated {
  SecretBytes shared_secret;
  std::string ciphertext;
};
// ML-KEM.Encaps_internal with 32 bytes of randomness, never used before. BAD_PUBLIC_KEY.
absl::StatusOr<MlKemEncapsulated> MlKemEncap(std::string_view public_key,
                                             const SecretBytes& randomness);

// Overwrites what a call into the C code left on the stack.
void WipeMlKemStack();

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_MLKEM_H_
