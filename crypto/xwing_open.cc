#include "crypto/xwing_open.h"

#include "base/status.h"
#include "crypto/mlkem_open.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"

namespace palermo::crypto::internal {

absl::StatusOr<SecretBytes> XWingDecap(const SecretBytes& seed, std::string_view encapsulation) {
  if (encapsulation.size() != kXWingCiphertextBytes) {
    return InputError("CANNOT_OPEN", "the encapsulation is not an X-Wing ciphertext");
  }
  XWingKeys keys = ExpandXWing(seed);
  std::string_view x25519_ephemeral = encapsulation.substr(kMlKemCiphertextBytes);
  absl::StatusOr<SecretBytes> x25519_secret = X25519(keys.x25519, x25519_ephemeral);
  if (!x25519_secret.ok()) {
    return InputError("CANNOT_OPEN", "the encapsulation's X25519 key has small order");
  }
  PALERMO_ASSIGN_OR_RETURN(SecretBytes mlkem_secret,
                           MlKemDecap(keys.mlkem, encapsulation.substr(0, kMlKemCiphertextBytes)));
  return XWingCombine(mlkem_secret, *x25519_secret, x25519_ephemeral,
                      std::string_view(keys.public_key).substr(kMlKemPublicKeyBytes));
}

}  // namespace palermo::crypto::internal
