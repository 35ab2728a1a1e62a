#include "crypto/aead.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <climits>

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/init.h"

namespace palermo::crypto::internal {

std::string ChaChaSeal(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                       std::string_view plaintext) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes && nonce.size() == kAeadNonceBytes);
  std::string sealed(plaintext.size() + kAeadTagBytes, '\0');
  crypto_aead_chacha20poly1305_ietf_encrypt(Data(sealed), nullptr, Data(plaintext),
                                            plaintext.size(), Data(aad), aad.size(), nullptr,
                                            Data(nonce), Data(key.Expose(SecretAccess::Grant())));
  return sealed;
}

std::string XChaChaSeal(const SecretBytes& key, std::string_view nonce, std::string_view aad,
                        std::string_view plaintext) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes && nonce.size() == kXChaChaNonceBytes);
  std::string sealed(plaintext.size() + kAeadTagBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(Data(sealed), nullptr, Data(plaintext),
                                             plaintext.size(), Data(aad), aad.size(), nullptr,
                                             Data(nonce), Data(key.Expose(SecretAccess::Grant())));
  return sealed;
}

absl::StatusOr<SecretBytes> XChaChaOpen(const SecretBytes& key, std::string_view nonce,
                                        std::string_view aad, std::string_view sealed) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes && nonce.size() == kXChaChaNonceBytes);
  absl::Status refused = InputError("CANNOT_OPEN", "the key does not open this ciphertext");
  if (sealed.size() < kAeadTagBytes) return refused;
  SecretBytes plaintext = SecretBytes::Zero(sealed.size() - kAeadTagBytes);
  int result = crypto_aead_xchacha20poly1305_ietf_decrypt(
      plaintext.MutableData(SecretAccess::Grant()), nullptr, nullptr, Data(sealed), sealed.size(),
      Data(aad), aad.size(), Data(nonce), Data(key.Expose(SecretAccess::Grant())));
  if (result != 0) return refused;
  return plaintext;
}

void FreeCipher::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

CipherContext NewCipherContext() {
  CipherContext context(EVP_CIPHER_CTX_new());
  PALERMO_CHECK(context != nullptr);
  return context;
}

const evp_cipher_st* FetchedAes256Gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  PALERMO_CHECK(cipher != nullptr);
  return cipher;
}

GcmSealer::GcmSealer(const SecretBytes& key) : context_(NewCipherContext()) {
  PALERMO_CHECK(key.size() == kAeadKeyBytes);
  PALERMO_CHECK(EVP_EncryptInit_ex2(context_.get(), FetchedAes256Gcm(),
                                    Data(key.Expose(SecretAccess::Grant())), nullptr,
                                    nullptr) == 1);
}

void GcmSealer::Seal(std::string_view nonce, std::string_view aad, std::string_view plaintext,
                     std::string* out) {
  PALERMO_CHECK(nonce.size() == kAeadNonceBytes);
  PALERMO_CHECK(plaintext.size() <= INT_MAX && aad.size() <= INT_MAX);
  size_t begin = out->size();
  out->resize(begin + plaintext.size() + kAeadTagBytes);
  uint8_t* ciphertext = Data(*out) + begin;
  uint8_t* tag = ciphertext + plaintext.size();
  EVP_CIPHER_CTX* context = context_.get();
  int n = 0;
  PALERMO_CHECK(EVP_EncryptInit_ex2(context, nullptr, nullptr, Data(nonce), nullptr) == 1);
  if (!aad.empty()) {
    PALERMO_CHECK(
        EVP_EncryptUpdate(context, nullptr, &n, Data(aad), static_cast<int>(aad.size())) == 1);
  }
  if (!plaintext.empty()) {
    PALERMO_CHECK(EVP_EncryptUpdate(context, ciphertext, &n, Data(plaintext),
                                    static_cast<int>(plaintext.size())) == 1);
  }
  PALERMO_CHECK(EVP_EncryptFinal_ex(context, tag, &n) == 1);
  PALERMO_CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag) == 1);
}

}  // namespace palermo::crypto::internal
