// The opening side of HPKE (crypto/hpke.h). Target palermo_crypto_open: only the desk links it, so
// that the program that carries messages cannot contain the code that opens them.
#ifndef PALERMO_CRYPTO_HPKE_OPEN_H_
#define PALERMO_CRYPTO_HPKE_OPEN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/hpke.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// Opens what HpkeSeal sealed to `key` with the same info and aad. Fails with CANNOT_OPEN.
absl::StatusOr<SecretBytes> HpkeOpen(const SealingPrivateKey& key, std::string_view encapsulation,
                                     std::string_view info, std::string_view aad,
                                     std::string_view ciphertext);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_HPKE_OPEN_H_
