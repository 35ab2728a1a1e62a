// HPKE (RFC 9180), base mode, one message for each encapsulation: X-Wing, HKDF-SHA256,
// ChaCha20-Poly1305, sequence number 0. DHKEM(X25519, HKDF-SHA256) is here for the published
// vectors and for tests; every key of the product is X-Wing's, and trust refuses others.
//
// Gives: only the holder of the private key can read; a change of ciphertext, info or aad is
// noticed. Does not give: who sealed it (base mode has no sender: signatures say that), key
// commitment, forward secrecy once the private key is lost, or hiding of the length.
//
// This header seals; opening is crypto/hpke_open.h, in a target that only the desk links.
#ifndef PALERMO_CRYPTO_HPKE_H_
#define PALERMO_CRYPTO_HPKE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// The numbers of the IANA HPKE KEM registry.
enum class Kem : uint16_t {
  kX25519 = 0x0020,  // tests and published vectors only
  kXWing = 0x647A,
};

inline constexpr size_t kSealingPrivateKeyBytes = 32;

struct SealingPublicKey {
  Kem kem = Kem::kXWing;
  std::string bytes;  // 1216 bytes for X-Wing, 32 for X25519

  bool operator==(const SealingPublicKey&) const = default;
};
// Size and form, so that a key that nobody can seal to is found where it is published. Fails with
// KEM_UNSUPPORTED or BAD_PUBLIC_KEY.
absl::Status CheckSealingPublicKey(const SealingPublicKey& key);
// KeyId (signing.h) with the name of the key's KEM.
std::string SealingKeyId(const SealingPublicKey& key);

// Move-only. The bytes are 32 for both KEMs (X-Wing's seed, or a scalar).
class SealingPrivateKey {
 public:
  // Fail with KEM_UNSUPPORTED; FromBytes also with BAD_PRIVATE_KEY unless there are 32 bytes.
  static absl::StatusOr<SealingPrivateKey> Generate(Kem kem, Random& random);
  static absl::StatusOr<SealingPrivateKey> FromBytes(Kem kem, SecretBytes bytes);

  SealingPrivateKey(SealingPrivateKey&&) noexcept = default;
  SealingPrivateKey& operator=(SealingPrivateKey&&) noexcept = default;

  Kem kem() const { return public_key_.kem; }
  const SecretBytes& bytes() const { return bytes_; }
  const SealingPublicKey& PublicKey() const { return public_key_; }

 private:
  SealingPrivateKey() = default;

  SecretBytes bytes_;
  SealingPublicKey public_key_;
};

struct HpkeCiphertext {
  std::string encapsulation;  // 1120 bytes for X-Wing, 32 for X25519
  std::string ciphertext;     // plaintext and 16 bytes of tag
};

// Seals to one recipient under a fresh ephemeral key. Fails with KEM_UNSUPPORTED, or BAD_PUBLIC_KEY
// when the key has the wrong size or leads to an all-zero shared secret.
absl::StatusOr<HpkeCiphertext> HpkeSeal(const SealingPublicKey& recipient, std::string_view info,
                                        std::string_view aad, std::string_view plaintext,
                                        Random& random);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_HPKE_H_
