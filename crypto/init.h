// Start of the cryptographic libraries.
#ifndef PALERMO_CRYPTO_INIT_H_
#define PALERMO_CRYPTO_INIT_H_

namespace palermo::crypto {

// Starts libsodium (which picks the code for this processor); stops the process if that fails.
// Idempotent and thread-safe. Every factory of this room calls it, so programs need not.
void Init();

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_INIT_H_
