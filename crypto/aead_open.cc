#include "crypto/aead_open.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <climits>

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::crypto::internal {

absl::StatusOr<SecretBytes> ChaChaOpen(const SecretBytes& key, std::string_view nonce,
                                       std::string_view aad, std::string_view sealed) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes && nonce.size() == kAeadNonceBytes);
  absl::Status refused = InputError("CANNOT_OPEN", "the key does not open this ciphertext");
  if (sealed.size() < kAeadTagBytes) return refused;
  SecretBytes plaintext = SecretBytes::Zero(sealed.size() - kAeadTagBytes);
  int result = crypto_aead_chacha20poly1305_ietf_decrypt(
      plaintext.MutableData(SecretAccess::Grant()), nullptr, nullptr, Data(sealed), sealed.size(),
      Data(aad), aad.size(), Data(nonce), Data(key.Expose(SecretAccess::Grant())));
  if (result != 0) return refused;
  return plaintext;
}

GcmOpener::GcmOpener(const SecretBytes& key) : context_(NewCipherContext()) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes);
  PALERMO_CHECK(EVP_DecryptInit_ex2(context_.get(), FetchedAes256Gcm(),
                                    Data(key.Expose(SecretAccess::Grant())), nullptr,
                                    nullptr) == 1);
}

bool GcmOpener::Open(std::string_view nonce, std::string_view aad, std::string_view sealed,
                     uint8_t* out) {
  PALERMO_CHECK(nonce.size() == kAeadNonceBytes);
  PALERMO_CHECK(sealed.size() <= INT_MAX && aad.size() <= INT_MAX);
  if (sealed.size() < kAeadTagBytes) return false;
  size_t size = sealed.size() - kAeadTagBytes;
  std::string tag(sealed.substr(size));
  EVP_CIPHER_CTX* context = context_.get();
  int n = 0;
  PALERMO_CHECK(EVP_DecryptInit_ex2(context, nullptr, nullptr, Data(nonce), nullptr) == 1);
  if (!aad.empty()) {
    PALERMO_CHECK(
        EVP_DecryptUpdate(context, nullptr, &n, Data(aad), static_cast<int>(aad.size())) == 1);
  }
  if (size > 0) {
    PALERMO_CHECK(EVP_DecryptUpdate(context, out, &n, Data(sealed), static_cast<int>(size)) == 1);
  }
  PALERMO_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, Data(tag)) == 1);
  uint8_t unused[kAeadTagBytes];
  if (EVP_DecryptFinal_ex(context, unused, &n) == 1) return true;
  if (size > 0) sodium_memzero(out, size);
  return false;
}

}  // namespace palermo::crypto::internal
