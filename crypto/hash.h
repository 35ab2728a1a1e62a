// SHA-256, SHA3-256, SHAKE-256, HMAC (RFC 2104) and HKDF (RFC 5869) over OpenSSL's libcrypto.
//
// A bare hash gives collision resistance and nothing else: anybody can compute it, and SHA-256 of a
// secret prefix can be extended. For a keyed hash take HMAC. All functions are thread-safe.
#ifndef PALERMO_CRYPTO_HASH_H_
#define PALERMO_CRYPTO_HASH_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace palermo::crypto {

Hash Sha256(std::string_view bytes);
// Over the concatenation of the parts. Adds no separators: the caller's format must be unambiguous.
Hash Sha256(std::initializer_list<std::string_view> parts);

// SHA-256 of bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;

  void Update(std::string_view bytes);
  // The hash of everything so far; afterwards the stream is as new.
  Hash Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 32 and 64 bytes. Compare with ConstantTimeEqual. Gives authenticity among holders of the key; not
// proof towards a third party.
std::string HmacSha256(std::string_view key, std::string_view data);
std::string HmacSha512(std::string_view key, std::string_view data);

// SHA3-256 over the concatenation of the parts, 32 bytes, and `size` bytes of SHAKE-256 (FIPS 202).
// X-Wing asks for them; parts and result are secret.
SecretBytes Sha3Secret256(std::initializer_list<std::string_view> parts);
SecretBytes Shake256(std::string_view secret, size_t size);

// HKDF-Extract: a pseudorandom key of 32 bytes from `ikm`, whose parts are concatenated.
SecretBytes HkdfExtractSha256(std::string_view salt, std::initializer_list<std::string_view> ikm);
SecretBytes HkdfExtractSha512(std::string_view salt, std::initializer_list<std::string_view> ikm);

// HKDF-Expand: `size` bytes. `prk` must be uniformly random: a passphrase is not. Fails with
// BAD_LENGTH above 255 blocks (8160 and 16320 bytes).
absl::StatusOr<SecretBytes> HkdfExpandSha256(const SecretBytes& prk, std::string_view info,
                                             size_t size);
absl::StatusOr<SecretBytes> HkdfExpandSha512(const SecretBytes& prk, std::string_view info,
                                             size_t size);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_HASH_H_
