// ECDSA P-256 keys and self-signed certificates for TLS, and their pins.
//
// The certificate carries a key and no trust: peers compare the pin with the directory. Names and
// dates in it satisfy libraries only.
#ifndef PALERMO_CRYPTO_TLS_IDENTITY_H_
#define PALERMO_CRYPTO_TLS_IDENTITY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::crypto {

struct TlsIdentity {
  std::string certificate_pem;
  SecretBytes key_pem;  // PKCS#8
};

// A new private key as PKCS#8 DER, from OpenSSL's generator.
SecretBytes GenerateP256Key();
// The SubjectPublicKeyInfo DER (91 bytes) of a private key. Fails with BAD_PRIVATE_KEY unless it is
// one P-256 key in PKCS#8 DER.
absl::StatusOr<std::string> P256PublicKey(const SecretBytes& pkcs8_der);

// A self-signed certificate for a new key, or for the given one. The common name has 1 to 64 bytes;
// it is the DNS name too when it looks like one. Times are Unix seconds. Fails with BAD_CERTIFICATE
// or BAD_PRIVATE_KEY.
absl::StatusOr<TlsIdentity> MakeTlsIdentity(std::string_view common_name, int64_t not_before,
                                            int64_t not_after);
absl::StatusOr<TlsIdentity> MakeTlsIdentity(const SecretBytes& pkcs8_der,
                                            std::string_view common_name, int64_t not_before,
                                            int64_t not_after);

// The pin: SHA-256 of the certificate's SubjectPublicKeyInfo DER, 32 bytes. The same for every
// certificate of a key. Fail with BAD_CERTIFICATE. Check no signature and no date.
absl::StatusOr<std::string> TlsPinFromCertificatePem(std::string_view pem);
absl::StatusOr<std::string> TlsPinFromCertificateDer(std::string_view der);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_TLS_IDENTITY_H_
