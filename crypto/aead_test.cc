#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/aead_open.h"

namespace palermo::crypto::internal {
namespace {

std::string_view View(const SecretBytes& secret) { return secret.Expose(SecretAccess::Grant()); }
SecretBytes Key() { return SecretBytes::Copy(std::string(32, 'k')); }

const char kText[] = "a short text";

TEST(Aead, XChaChaOpensItsOwnAndRefusesEveryChangedByte) {
  std::string nonce(kXChaChaNonceBytes, 'n');
  std::string sealed = XChaChaSeal(Key(), nonce, "aad", kText);
  EXPECT_EQ(View(*XChaChaOpen(Key(), nonce, "aad", sealed)), kText);
  EXPECT_EQ(CodeOf(XChaChaOpen(Key(), nonce, "aae", sealed).status()), "CANNOT_OPEN");
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string bad = sealed;
    bad[i] ^= 1;
    EXPECT_EQ(CodeOf(XChaChaOpen(Key(), nonce, "aad", bad).status()), "CANNOT_OPEN") << i;
  }
}

TEST(Aead, NothingShorterThanATagOpens) {
  for (size_t size = 0; size < kAeadTagBytes; ++size) {
    std::string cut(size, 't');
    EXPECT_EQ(CodeOf(XChaChaOpen(Key(), std::string(24, 'n'), "", cut).status()), "CANNOT_OPEN");
    EXPECT_EQ(CodeOf(ChaChaOpen(Key(), std::string(12, 'n'), "", cut).status()), "CANNOT_OPEN");
    uint8_t none = 0;
    EXPECT_FALSE(GcmOpener(Key()).Open(std::string(12, 'n'), "", cut, &none));
  }
}

TEST(Aead, GcmAuthenticatesItsAdditionalData) {
  std::string nonce(kAeadNonceBytes, 'n'), sealed;
  GcmSealer(Key()).Seal(nonce, "aad", kText, &sealed);
  std::vector<uint8_t> plain(sealed.size() - kAeadTagBytes, 0xAA);
  EXPECT_FALSE(GcmOpener(Key()).Open(nonce, "aae", sealed, plain.data()));
  EXPECT_EQ(plain, std::vector<uint8_t>(plain.size(), 0)) << "what did not hold is wiped";
  EXPECT_FALSE(GcmOpener(Key()).Open(nonce, "", sealed, plain.data()));
  EXPECT_TRUE(GcmOpener(Key()).Open(nonce, "aad", sealed, plain.data()));
  EXPECT_EQ(std::string(plain.begin(), plain.end()), kText);
}

}  // namespace
}  // namespace palermo::crypto::internal
