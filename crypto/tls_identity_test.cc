#include "crypto/tls_identity.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace {

TEST(TlsIdentity, ThePinIsThatOfTheKeyWhateverTheCertificate) {
  SecretBytes key = GenerateP256Key();
  std::string spki = *P256PublicKey(key);
  EXPECT_EQ(spki.size(), 91u);
  absl::StatusOr<TlsIdentity> one = MakeTlsIdentity(key, "node.pa.example", 1700000000, 1800000000);
  absl::StatusOr<TlsIdentity> two = MakeTlsIdentity(key, "PA/central", 1700000000, 1900000000);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->certificate_pem, two->certificate_pem);
  EXPECT_EQ(*TlsPinFromCertificatePem(one->certificate_pem), AsView(Sha256(spki)));
  EXPECT_EQ(*TlsPinFromCertificatePem(two->certificate_pem), AsView(Sha256(spki)));
  EXPECT_EQ(one->key_pem.Expose(SecretAccess::Grant()).substr(0, 27),
            "-----BEGIN PRIVATE KEY-----");
}

TEST(TlsIdentity, NewIdentitiesHaveNewKeys) {
  absl::StatusOr<TlsIdentity> one = MakeTlsIdentity("a", 0, 1);
  absl::StatusOr<TlsIdentity> two = MakeTlsIdentity("a", 0, 1);
  EXPECT_NE(*TlsPinFromCertificatePem(one->certificate_pem),
            *TlsPinFromCertificatePem(two->certificate_pem));
}

TEST(TlsIdentity, PemAndDerHaveOnePin) {
  std::string pem = MakeTlsIdentity("a", 0, 1)->certificate_pem;
  std::string base64;
  for (char c : pem.substr(28, pem.find("-----END") - 28)) {
    if (c != '\n') base64.push_back(c);
  }
  absl::StatusOr<std::string> der = Base64Decode(base64);
  ASSERT_TRUE(der.ok());
  EXPECT_EQ(*TlsPinFromCertificateDer(*der), *TlsPinFromCertificatePem(pem));
  EXPECT_EQ(CodeOf(TlsPinFromCertificateDer(*der + "x").status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(TlsPinFromCertificateDer(der->substr(1)).status()), "BAD_CERTIFICATE");
}

TEST(TlsIdentity, RefusesBadInput) {
  EXPECT_EQ(CodeOf(MakeTlsIdentity("", 0, 1).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity(std::string(65, 'a'), 0, 1).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity("a\n", 0, 1).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity("\xFF", 0, 1).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity("a", 1, 1).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity(SecretBytes::Zero(10), "a", 0, 1).status()), "BAD_PRIVATE_KEY");
  EXPECT_EQ(CodeOf(P256PublicKey(SecretBytes()).status()), "BAD_PRIVATE_KEY");
  EXPECT_EQ(CodeOf(TlsPinFromCertificatePem("").status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(TlsPinFromCertificatePem("no certificate").status()), "BAD_CERTIFICATE");
}

// PKCS#8 of any key, as OpenSSL writes it.
std::string Pkcs8(EVP_PKEY* key) {
  PKCS8_PRIV_KEY_INFO* info = EVP_PKEY2PKCS8(key);
  unsigned char* der = nullptr;
  int size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
  EXPECT_GT(size, 0);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  PKCS8_PRIV_KEY_INFO_free(info);
  EVP_PKEY_free(key);
  return bytes;
}

TEST(TlsIdentity, TakesP256KeysInOneEncodingOnly) {
  auto code = [](const std::string& der) {
    return CodeOf(P256PublicKey(SecretBytes::Copy(der)).status());
  };
  EVP_PKEY* key = EVP_EC_gen("P-256");
  EXPECT_EQ(EVP_PKEY_up_ref(key), 1);
  std::string good = Pkcs8(key);
  EXPECT_EQ(code(good), "OK");
  EXPECT_EQ(EVP_PKEY_set_int_param(key, OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0), 1);
  EXPECT_EQ(code(Pkcs8(key)), "BAD_PRIVATE_KEY") << "without its public key";
  EVP_PKEY* long_curve = EVP_EC_gen("P-256");
  EXPECT_EQ(EVP_PKEY_set_utf8_string_param(long_curve, OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), 1);
  EXPECT_EQ(code(Pkcs8(long_curve)), "BAD_PRIVATE_KEY") << "with the curve written out";
  EXPECT_EQ(code(Pkcs8(EVP_EC_gen("P-384"))), "BAD_PRIVATE_KEY");
  EXPECT_EQ(code(Pkcs8(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"))), "BAD_PRIVATE_KEY");
  EXPECT_EQ(code(good + "x"), "BAD_PRIVATE_KEY");
  std::string large(64 * 1024 + 1, '\0');
  EXPECT_EQ(code(large), "BAD_PRIVATE_KEY");
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_EQ(code(bad), "BAD_PRIVATE_KEY") << i;
  }
}

TEST(TlsIdentity, RefusesDatesThatNoCertificateCanSay) {
  constexpr int64_t kFar = int64_t{1} << 60;
  EXPECT_EQ(CodeOf(MakeTlsIdentity("a", 0, kFar).status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(MakeTlsIdentity("a", kFar, kFar + 1).status()), "BAD_CERTIFICATE");
}

// Names that are no DNS names are taken too: an officer's, for one.
TEST(TlsIdentity, NamesNeedNotBeDnsNames) {
  for (const char* name : {"node-1.PA.example", "a/b", "a:b", "a_b", "a{b", "9", "a[b"}) {
    EXPECT_TRUE(MakeTlsIdentity(name, 0, 1).ok()) << name;
  }
  EXPECT_EQ(CodeOf(MakeTlsIdentity("a\x7F", 0, 1).status()), "BAD_CERTIFICATE");
}

TEST(TlsIdentity, RefusesCertificatesThatAreEmptyOrTooLong) {
  std::string large(64 * 1024 + 1, 'x');
  EXPECT_EQ(CodeOf(TlsPinFromCertificateDer("").status()), "BAD_CERTIFICATE");
  EXPECT_EQ(CodeOf(TlsPinFromCertificateDer(large).status()), "BAD_CERTIFICATE");
  std::string pem = MakeTlsIdentity("a", 0, 1)->certificate_pem;
  EXPECT_EQ(CodeOf(TlsPinFromCertificatePem(pem + large).status()), "BAD_CERTIFICATE");
}

}  // namespace
}  // namespace palermo::crypto
