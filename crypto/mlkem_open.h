// The opening side of ML-KEM-768 (crypto/mlkem.h). Target palermo_crypto_open.
#ifndef PALERMO_CRYPTO_MLKEM_OPEN_H_
#define PALERMO_CRYPTO_MLKEM_OPEN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/mlkem.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

// ML-KEM.Decaps with a private key of MlKemKeyPairFromSeed. A ciphertext of the right size that was
// not made for this key gives another secret, always the same for the same ciphertext (implicit
// rejection): what is derived from it then does not fit. CANNOT_OPEN for another size.
absl::StatusOr<SecretBytes> MlKemDecap(const SecretBytes& private_key, std::string_view ciphertext);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_MLKEM_OPEN_H_
