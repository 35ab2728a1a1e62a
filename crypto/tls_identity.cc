#include "crypto/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace {

constexpr size_t kSerialBytes = 16;
constexpr size_t kMaxCommonNameBytes = 64;  // X.520's upper bound
// A P-256 key has one encoding (RFC 5208, RFC 5915: named curve, with its public key): these bytes,
// the private key, these bytes, the coordinates of the public key.
constexpr std::string_view kPkcs8Begin(
    "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce"
    "\x3d"
    "\x03\x01\x07\x04\x6d\x30\x6b\x02\x01\x01\x04\x20",
    36);
constexpr std::string_view kPkcs8Middle("\xa1\x44\x03\x42\x00\x04", 6);
constexpr size_t kPkcs8Bytes = 36 + 32 + 6 + 64;
constexpr size_t kMaxCertificateBytes = 64 * 1024;  // far above any of ours

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Memory = std::unique_ptr<BIO, Free>;

// Bad input must not leave errors in OpenSSL's queue for this thread: gRPC would take them for its
// own.
class KeepErrorQueue {
 public:
  KeepErrorQueue() { ERR_set_mark(); }
  ~KeepErrorQueue() { ERR_pop_to_mark(); }
  KeepErrorQueue(const KeepErrorQueue&) = delete;
  KeepErrorQueue& operator=(const KeepErrorQueue&) = delete;
};

absl::Status BadCertificate(std::string_view why) {
  return InputError("BAD_CERTIFICATE", absl::StrFormat("the TLS certificate: %s", why));
}
absl::Status BadPrivateKey() {
  return InputError("BAD_PRIVATE_KEY", "not a P-256 private key in PKCS#8 DER");
}

// Frees an encoding that OpenSSL allocated, wiping it first.
SecretBytes TakeSecret(unsigned char* bytes, int size) {
  PALERMO_CHECK(size > 0);
  SecretBytes secret = SecretBytes::Copy({reinterpret_cast<char*>(bytes), size_t(size)});
  OPENSSL_clear_free(bytes, static_cast<size_t>(size));
  return secret;
}

SecretBytes EncodeKey(EVP_PKEY* key) {
  std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free> info(EVP_PKEY2PKCS8(key));
  PALERMO_CHECK(info != nullptr);
  unsigned char* der = nullptr;
  int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
  return TakeSecret(der, size);
}

// Decoding does not compare the public key that stands beside the private one.
bool IsPair(EVP_PKEY* key) {
  std::unique_ptr<EVP_PKEY_CTX, Free> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  PALERMO_CHECK(context != nullptr);
  return EVP_PKEY_check(context.get()) == 1;
}

absl::StatusOr<Key> DecodeKey(const SecretBytes& der) {
  KeepErrorQueue keep;
  std::string_view bytes = der.Expose(SecretAccess::Grant());
  if (bytes.size() != kPkcs8Bytes || bytes.substr(0, kPkcs8Begin.size()) != kPkcs8Begin ||
      bytes.substr(kPkcs8Begin.size() + 32, kPkcs8Middle.size()) != kPkcs8Middle) {
    return BadPrivateKey();
  }
  const unsigned char* at = Data(bytes);
  Key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(bytes.size())));
  if (key == nullptr || !IsPair(key.get())) return BadPrivateKey();
  return key;
}

std::string PublicDer(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  int size = i2d_PUBKEY(key, &der);
  PALERMO_CHECK(size > 0);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

Memory NewMemory() {
  Memory memory(BIO_new(BIO_s_secmem()));
  PALERMO_CHECK(memory != nullptr);
  return memory;
}
std::string_view ViewOf(BIO* memory) {
  char* data = nullptr;
  long size = BIO_get_mem_data(memory, &data);
  PALERMO_CHECK(size > 0);
  return {data, static_cast<size_t>(size)};
}

void AddExtension(X509* certificate, int nid, const std::string& value) {
  std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  PALERMO_CHECK(extension != nullptr);
  PALERMO_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool LooksLikeDnsName(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
}

// 128 random bits, positive: two certificates of one name never share issuer and serial.
void SetSerial(X509* certificate) {
  unsigned char bytes[kSerialBytes];
  PALERMO_CHECK(RAND_bytes(bytes, sizeof(bytes)) == 1);
  BIGNUM* number = BN_bin2bn(bytes, sizeof(bytes), nullptr);
  PALERMO_CHECK(number != nullptr);
  PALERMO_CHECK(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr);
  BN_free(number);
}

absl::StatusOr<Certificate> SelfSign(EVP_PKEY* key, std::string_view common_name,
                                     int64_t not_before, int64_t not_after) {
  KeepErrorQueue keep;
  if (common_name.empty() || common_name.size() > kMaxCommonNameBytes ||
      std::any_of(common_name.begin(), common_name.end(), IsControl)) {
    return BadCertificate("the common name must have 1 to 64 bytes and no control characters");
  }
  if (not_before >= not_after) return BadCertificate("it would end before it begins");
  Certificate certificate(X509_new());
  PALERMO_CHECK(certificate != nullptr);
  X509* x = certificate.get();
  PALERMO_CHECK(X509_set_version(x, X509_VERSION_3) == 1);
  SetSerial(x);
  X509_NAME* name = X509_get_subject_name(x);
  if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, Data(common_name),
                                 static_cast<int>(common_name.size()), -1, 0) != 1) {
    return BadCertificate("the common name is not UTF-8");
  }
  PALERMO_CHECK(X509_set_issuer_name(x, name) == 1);
  if (ASN1_TIME_set(X509_getm_notBefore(x), not_before) == nullptr ||
      ASN1_TIME_set(X509_getm_notAfter(x), not_after) == nullptr) {
    return BadCertificate("its dates are out of range");
  }
  PALERMO_CHECK(X509_set_pubkey(x, key) == 1);
  AddExtension(x, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(x, NID_key_usage, "critical,digitalSignature");
  AddExtension(x, NID_ext_key_usage, "serverAuth,clientAuth");
  if (LooksLikeDnsName(common_name)) {
    AddExtension(x, NID_subject_alt_name, Cat({"DNS:", common_name}));
  }
  PALERMO_CHECK(X509_sign(x, key, EVP_sha256()) > 0);
  return certificate;
}

absl::StatusOr<TlsIdentity> Identity(EVP_PKEY* key, std::string_view common_name,
                                     int64_t not_before, int64_t not_after) {
  PALERMO_ASSIGN_OR_RETURN(Certificate certificate,
                           SelfSign(key, common_name, not_before, not_after));
  Memory memory = NewMemory();
  PALERMO_CHECK(PEM_write_bio_X509(memory.get(), certificate.get()) == 1);
  TlsIdentity identity;
  identity.certificate_pem = std::string(ViewOf(memory.get()));
  Memory key_memory = NewMemory();
  PALERMO_CHECK(PEM_write_bio_PKCS8PrivateKey(key_memory.get(), key, nullptr, nullptr, 0, nullptr,
                                              nullptr) == 1);
  identity.key_pem = SecretBytes::Copy(ViewOf(key_memory.get()));
  return identity;
}

Key GenerateKey() {
  Key key(EVP_EC_gen("P-256"));
  PALERMO_CHECK(key != nullptr);
  return key;
}

absl::StatusOr<std::string> PinOf(X509* certificate) {
  unsigned char* der = nullptr;
  int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return BadCertificate("it has no public key");
  Hash pin = Sha256({reinterpret_cast<char*>(der), static_cast<size_t>(size)});
  OPENSSL_free(der);
  return std::string(AsView(pin));
}

}  // namespace

SecretBytes GenerateP256Key() { return EncodeKey(GenerateKey().get()); }

absl::StatusOr<std::string> P256PublicKey(const SecretBytes& pkcs8_der) {
  PALERMO_ASSIGN_OR_RETURN(Key key, DecodeKey(pkcs8_der));
  return PublicDer(key.get());
}

absl::StatusOr<TlsIdentity> MakeTlsIdentity(std::string_view common_name, int64_t not_before,
                                            int64_t not_after) {
  return Identity(GenerateKey().get(), common_name, not_before, not_after);
}

absl::StatusOr<TlsIdentity> MakeTlsIdentity(const SecretBytes& pkcs8_der,
                                            std::string_view common_name, int64_t not_before,
                                            int64_t not_after) {
  PALERMO_ASSIGN_OR_RETURN(Key key, DecodeKey(pkcs8_der));
  return Identity(key.get(), common_name, not_before, not_after);
}

absl::StatusOr<std::string> TlsPinFromCertificatePem(std::string_view pem) {
  KeepErrorQueue keep;
  if (pem.empty() || pem.size() > kMaxCertificateBytes)
    return BadCertificate("it is empty or too long");
  Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  PALERMO_CHECK(memory != nullptr);
  Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return BadCertificate("it is not X.509 in PEM");
  return PinOf(certificate.get());
}

absl::StatusOr<std::string> TlsPinFromCertificateDer(std::string_view der) {
  KeepErrorQueue keep;
  if (der.empty() || der.size() > kMaxCertificateBytes)
    return BadCertificate("it is empty or too long");
  const unsigned char* at = Data(der);
  Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr || at != Data(der) + der.size()) {
    return BadCertificate("it is not X.509 in DER");
  }
  return PinOf(certificate.get());
}

}  // namespace palermo::crypto
