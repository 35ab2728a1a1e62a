#include "crypto/hpke_open.h"

#include "base/status.h"
#include "crypto/aead_open.h"
#include "crypto/hpke_internal.h"
#include "crypto/xwing_open.h"

namespace palermo::crypto {
namespace internal {

absl::StatusOr<SecretBytes> DecapX25519(const SealingPrivateKey& key,
                                        std::string_view encapsulation) {
  absl::StatusOr<SecretBytes> dh = X25519(key.bytes(), encapsulation);
  if (!dh.ok()) return InputError("CANNOT_OPEN", "the encapsulation is not an X25519 key");
  return DhkemSharedSecret(*dh, encapsulation, key.PublicKey().bytes);
}

absl::StatusOr<SecretBytes> OpenAt(const HpkeContext& context, uint64_t sequence,
                                   std::string_view aad, std::string_view ciphertext) {
  return ChaChaOpen(context.key, NonceFor(context, sequence), aad, ciphertext);
}

}  // namespace internal

// A SealingPrivateKey exists only for a supported KEM, so that there is nothing to check here.
absl::StatusOr<SecretBytes> HpkeOpen(const SealingPrivateKey& key, std::string_view encapsulation,
                                     std::string_view info, std::string_view aad,
                                     std::string_view ciphertext) {
  PALERMO_ASSIGN_OR_RETURN(SecretBytes shared_secret,
                           key.kem() == Kem::kXWing
                               ? internal::XWingDecap(key.bytes(), encapsulation)
                               : internal::DecapX25519(key, encapsulation));
  internal::HpkeContext context = internal::KeySchedule(key.kem(), shared_secret, info);
  return internal::OpenAt(context, 0, aad, ciphertext);
}

}  // namespace palermo::crypto
