// HPKE (RFC 9180), base mode, one message for each encapsulation: DHKEM(X25519, HKDF-SHA256) or
// X-Wing, HKDF-SHA256, ChaCha20-Poly1305, sequence number 0.
//
// Gives: only the holder of the private key can read; a change of ciphertext, info or aad is
// noticed. Does not give: who sealed it (base mode has no sender: signatures say that), key
// commitment, forward secrecy once the private key is lost, or hiding of the length.
//
// This header seals; opening is crypto/hpke_open.h, in a target that only the desk links.
#ifndef PALERMO_CRYPTO_HPKE_H_
#define PALERMO_CRYPTO_HPKE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// The numbers of the IANA HPKE KEM registry.
enum class Kem : uint16_t {
  kX25519 = 0x0020,
  kXWing = 0x647A,  // Not built yet: every function answers KEM_UNSUPPORTED.
};

struct SealingPublicKey {
  Kem kem = Kem::kX25519;
  std::string bytes;  // 32 bytes for X25519, 1216 for X-Wing

  bool operator==(const SealingPublicKey&) const = default;
};

// Move-only. The bytes are 32 for both KEMs (a scalar, or X-Wing's seed).
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
  std::string encapsulation;  // 32 bytes for X25519, 1120 for X-Wing
  std::string ciphertext;     // plaintext and 16 bytes of tag
};

// Seals to one recipient under a fresh ephemeral key. Fails with KEM_UNSUPPORTED, or BAD_PUBLIC_KEY
// when the key has the wrong size or leads to an all-zero shared secret.
absl::StatusOr<HpkeCiphertext> HpkeSeal(const SealingPublicKey& recipient, std::string_view info,
                                        std::string_view aad, std::string_view plaintext,
                                        Random& random);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_HPKE_H_
