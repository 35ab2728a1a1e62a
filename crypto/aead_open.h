// The opening side of crypto/aead.h, in target palermo_crypto_open.
#ifndef PALERMO_CRYPTO_AEAD_OPEN_H_
#define PALERMO_CRYPTO_AEAD_OPEN_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/aead.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

// Fails with CANNOT_OPEN. REQUIRES: sizes of key and nonce as ChaChaSeal.
absl::StatusOr<SecretBytes> ChaChaOpen(const SecretBytes& key, std::string_view nonce,
                                       std::string_view aad, std::string_view sealed);

class GcmOpener {
 public:
  explicit GcmOpener(const SecretBytes& key);
  // Writes sealed.size() - 16 bytes to `out`; when it returns false they are worthless and wiped.
  bool Open(std::string_view nonce, std::string_view aad, std::string_view sealed, uint8_t* out);

 private:
  CipherContext context_;
};

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_AEAD_OPEN_H_
