// The opening side of X-Wing (crypto/xwing.h). Target palermo_crypto_open.
#ifndef PALERMO_CRYPTO_XWING_OPEN_H_
#define PALERMO_CRYPTO_XWING_OPEN_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

// Fails with CANNOT_OPEN for another size and an ephemeral X25519 key of small order. Any other
// ciphertext gives a secret; one that was not made for this seed gives one that nobody else has.
absl::StatusOr<SecretBytes> XWingDecap(const SecretBytes& seed, std::string_view encapsulation);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_XWING_OPEN_H_
