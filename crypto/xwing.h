// X-Wing (draft-connolly-cfrg-xwing-kem, HPKE KEM 0x647A): ML-KEM-768 and X25519, joined by
// SHA3-256. Secret as long as one of the two holds.
//
//   private key  32 bytes of seed; SHAKE-256 of it gives d, z and the X25519 scalar
//   public key   1216 bytes: ML-KEM-768's 1184, then X25519's 32
//   ciphertext   1120 bytes: ML-KEM-768's 1088, then an ephemeral X25519 key
//
// Decapsulation is crypto/xwing_open.h, in a target that only the desk links.
#ifndef PALERMO_CRYPTO_XWING_H_
#define PALERMO_CRYPTO_XWING_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

inline constexpr size_t kXWingSeedBytes = 32;
inline constexpr size_t kXWingPublicKeyBytes = 1216;
inline constexpr size_t kXWingCiphertextBytes = 1120;
inline constexpr size_t kXWingRandomnessBytes = 64;

// The size, and FIPS 203's check of the ML-KEM part. Says nothing of the X25519 part: a point of
// small order is found by XWingEncap. BAD_PUBLIC_KEY.
absl::Status CheckXWingPublicKey(std::string_view public_key);

struct XWingKeys {
  SecretBytes mlkem;   // expanded private key
  SecretBytes x25519;  // scalar
  std::string public_key;
};
// What the 32 bytes of seed stand for.
XWingKeys ExpandXWing(const SecretBytes& seed);

struct Encapsulated {
  SecretBytes shared_secret;
  std::string encapsulation;
};
// With 64 bytes of randomness, never used before. BAD_PUBLIC_KEY, also for an X25519 part of small
// order: the draft would take that, and its half of the secret would be known to all.
absl::StatusOr<Encapsulated> XWingEncap(std::string_view public_key, const SecretBytes& randomness);

// SHA3-256 of both secrets, the ephemeral and the recipient's X25519 key, and the draft's label.
SecretBytes XWingCombine(const SecretBytes& mlkem_secret, const SecretBytes& x25519_secret,
                         std::string_view x25519_ephemeral, std::string_view x25519_public);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_XWING_H_
