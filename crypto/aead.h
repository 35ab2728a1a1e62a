// The three AEAD ciphers of the formats, in the form that the formats need. Internal to this room
// (and for the conformance program): others take hpke.h, chunked.h and key_file.h.
//
// Gives: secrecy and integrity, as long as no nonce repeats under one key. Does not give:
// commitment to the key, or hiding of the length. Opening ChaCha20-Poly1305 and AES-256-GCM is in
// crypto/aead_open.h.
#ifndef PALERMO_CRYPTO_AEAD_H_
#define PALERMO_CRYPTO_AEAD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

struct evp_cipher_st;
struct evp_cipher_ctx_st;

namespace palermo::crypto::internal {

inline constexpr size_t kAeadKeyBytes = 32;
inline constexpr size_t kAeadTagBytes = 16;
inline constexpr size_t kAeadNonceBytes = 12;
inline constexpr size_t kXChaChaNonceBytes = 24;

// RFC 8439, over libsodium: ciphertext || tag. REQUIRES: sizes of key and nonce as above.
std::string ChaChaSeal(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                       std::string_view plaintext);

// draft-irtf-cfrg-xchacha, over libsodium. Opening fails with CANNOT_OPEN.
std::string XChaChaSeal(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                        std::string_view plaintext);
absl::StatusOr<SecretBytes> XChaChaOpen(const SecretBytes& key, std::string_view nonce,
                                        std::string_view aad, std::string_view sealed);

struct FreeCipher {
  void operator()(evp_cipher_ctx_st* context) const;
};
using CipherContext = std::unique_ptr<evp_cipher_ctx_st, FreeCipher>;
CipherContext NewCipherContext();
// AES-256-GCM, fetched once.
const evp_cipher_st* FetchedAes256Gcm();

// AES-256-GCM (SP 800-38D, 96-bit nonce, 128-bit tag) over OpenSSL; the key is expanded once.
// REQUIRES: a key of 32 bytes.
class GcmSealer {
 public:
  explicit GcmSealer(const SecretBytes& key);
  // Appends ciphertext || tag to *out. REQUIRES: plaintext below 2^31 bytes.
  void Seal(std::string_view nonce, std::string_view aad, std::string_view plaintext,
            std::string* out);

 private:
  CipherContext context_;
};

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_AEAD_H_
