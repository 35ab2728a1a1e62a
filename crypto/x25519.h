// X25519 (RFC 7748, libsodium) for the KEMs. Not for others: a bare shared secret is no key.
#ifndef PALERMO_CRYPTO_X25519_H_
#define PALERMO_CRYPTO_X25519_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto::internal {

inline constexpr size_t kX25519Bytes = 32;  // scalars, points and shared secrets

// Fails with BAD_PUBLIC_KEY on an all-zero result or a point of another size.
absl::StatusOr<SecretBytes> X25519(const SecretBytes& scalar, std::string_view point);
std::string X25519Public(const SecretBytes& scalar);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_X25519_H_
