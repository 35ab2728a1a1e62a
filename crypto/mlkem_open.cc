#include "crypto/mlkem_open.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"

extern "C" {
#include "ml-kem-768/clean/kem.h"
}

namespace palermo::crypto::internal {

absl::StatusOr<SecretBytes> MlKemDecap(const SecretBytes& private_key,
                                       std::string_view ciphertext) {
  PALERMO_CHECK(private_key.size() == kMlKemPrivateKeyBytes);
  if (ciphertext.size() != kMlKemCiphertextBytes) {
    return InputError("CANNOT_OPEN", "the encapsulation is not an ML-KEM-768 ciphertext");
  }
  SecretBytes shared_secret = SecretBytes::Zero(kMlKemSharedSecretBytes);
  SecretAccess access = SecretAccess::Grant();
  PALERMO_CHECK(PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(shared_secret.MutableData(access),
                                                      Data(ciphertext),
                                                      Data(private_key.Expose(access))) == 0);
  WipeMlKemStack();
  return shared_secret;
}

}  // namespace palermo::crypto::internal
