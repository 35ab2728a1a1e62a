#include "crypto/hpke.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hpke_internal.h"
#include "crypto/hpke_open.h"
#include "crypto/test_random.h"

namespace palermo::crypto {
namespace {

std::string_view ViewOfHpke(const SecretBytes& secret) {
  return secret.Expose(SecretAccess::Grant());
}

class HpkeTest : public testing::TestWithParam<Kem> {
 protected:
  SealingPrivateKey NewKey() { return *SealingPrivateKey::Generate(GetParam(), random_); }
  size_t EncapsulationBytes() const { return GetParam() == Kem::kXWing ? 1120 : 32; }
  std::string Open(const HpkeCiphertext& sealed, std::string_view info, std::string_view aad) {
    absl::StatusOr<SecretBytes> opened =
        HpkeOpen(key_, sealed.encapsulation, info, aad, sealed.ciphertext);
    return opened.ok() ? std::string(ViewOfHpke(*opened)) : CodeOf(opened.status());
  }

  TestRandom random_{1};
  SealingPrivateKey key_ = NewKey();
};

TEST_P(HpkeTest, OpensWhatWasSealed) {
  for (const std::string& text :
       {std::string(), std::string("content key"), std::string(5000, 'x')}) {
    absl::StatusOr<HpkeCiphertext> sealed =
        HpkeSeal(key_.PublicKey(), "info", "aad", text, random_);
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(sealed->encapsulation.size(), EncapsulationBytes());
    EXPECT_EQ(sealed->ciphertext.size(), text.size() + 16);
    EXPECT_EQ(Open(*sealed, "info", "aad"), text);
  }
}

TEST_P(HpkeTest, RefusesOtherInfoOtherAadAndOtherKey) {
  HpkeCiphertext sealed = *HpkeSeal(key_.PublicKey(), "info", "aad", "text", random_);
  EXPECT_EQ(Open(sealed, "inf", "aad"), "CANNOT_OPEN");
  EXPECT_EQ(Open(sealed, "info", "aa"), "CANNOT_OPEN");
  EXPECT_EQ(Open(sealed, "infoa", "ad"), "CANNOT_OPEN");
  key_ = NewKey();
  EXPECT_EQ(Open(sealed, "info", "aad"), "CANNOT_OPEN");
}

TEST_P(HpkeTest, RefusesEveryChangedByte) {
  HpkeCiphertext good = *HpkeSeal(key_.PublicKey(), "info", "aad", "a content key", random_);
  for (size_t i = 0; i < good.ciphertext.size(); ++i) {
    HpkeCiphertext bad = good;
    bad.ciphertext[i] ^= 1;
    EXPECT_EQ(Open(bad, "info", "aad"), "CANNOT_OPEN") << "ciphertext byte " << i;
  }
  for (size_t i = 0; i < good.encapsulation.size(); ++i) {
    HpkeCiphertext bad = good;
    // The highest bit is ignored by X25519 (RFC 7748), yet bound by the key derivation.
    bad.encapsulation[i] ^= static_cast<char>(0x80);
    EXPECT_EQ(Open(bad, "info", "aad"), "CANNOT_OPEN") << "encapsulation byte " << i;
  }
}

TEST_P(HpkeTest, RefusesCutAndLongerInput) {
  HpkeCiphertext good = *HpkeSeal(key_.PublicKey(), "", "", "text", random_);
  for (size_t size = 0; size < good.ciphertext.size(); ++size) {
    EXPECT_EQ(Open({good.encapsulation, good.ciphertext.substr(0, size)}, "", ""), "CANNOT_OPEN");
  }
  EXPECT_EQ(Open({good.encapsulation, good.ciphertext + "x"}, "", ""), "CANNOT_OPEN");
  EXPECT_EQ(Open({good.encapsulation + "x", good.ciphertext}, "", ""), "CANNOT_OPEN");
  EXPECT_EQ(Open({"", good.ciphertext}, "", ""), "CANNOT_OPEN");
}

TEST(HpkeX25519, RefusesPublicKeysOfSmallOrderAndWrongSize) {
  TestRandom random(1);
  SealingPublicKey zero{Kem::kX25519, std::string(32, '\0')};
  EXPECT_EQ(CodeOf(HpkeSeal(zero, "", "", "text", random).status()), "BAD_PUBLIC_KEY");
  SealingPublicKey one{Kem::kX25519, "\x01" + std::string(31, '\0')};
  EXPECT_EQ(CodeOf(HpkeSeal(one, "", "", "text", random).status()), "BAD_PUBLIC_KEY");
  SealingPublicKey cut{Kem::kX25519, std::string(31, 'k')};
  EXPECT_EQ(CodeOf(HpkeSeal(cut, "", "", "text", random).status()), "BAD_PUBLIC_KEY");
  SealingPrivateKey key = *SealingPrivateKey::Generate(Kem::kX25519, random);
  EXPECT_EQ(CodeOf(HpkeOpen(key, zero.bytes, "", "", std::string(20, 'c')).status()),
            "CANNOT_OPEN");
}

TEST_P(HpkeTest, EverySealingHasItsOwnEncapsulation) {
  HpkeCiphertext one = *HpkeSeal(key_.PublicKey(), "", "", "text", random_);
  HpkeCiphertext two = *HpkeSeal(key_.PublicKey(), "", "", "text", random_);
  EXPECT_NE(one.encapsulation, two.encapsulation);
  EXPECT_NE(one.ciphertext, two.ciphertext);
}

TEST_P(HpkeTest, AKeyOfOneKemDoesNotOpenTheOthers) {
  Kem other = GetParam() == Kem::kXWing ? Kem::kX25519 : Kem::kXWing;
  SealingPrivateKey key = *SealingPrivateKey::FromBytes(other, key_.bytes().Clone());
  HpkeCiphertext sealed = *HpkeSeal(key.PublicKey(), "", "", "text", random_);
  EXPECT_EQ(Open(sealed, "", ""), "CANNOT_OPEN");
}

TEST_P(HpkeTest, ChecksPublicKeysBySize) {
  SealingPublicKey key = key_.PublicKey();
  EXPECT_TRUE(CheckSealingPublicKey(key).ok());
  key.bytes.pop_back();
  EXPECT_EQ(CodeOf(CheckSealingPublicKey(key)), "BAD_PUBLIC_KEY");
  EXPECT_EQ(CodeOf(HpkeSeal(key, "", "", "text", random_).status()), "BAD_PUBLIC_KEY");
}

INSTANTIATE_TEST_SUITE_P(Kems, HpkeTest, testing::Values(Kem::kXWing, Kem::kX25519),
                         [](const auto& info) -> std::string {
                           return info.param == Kem::kXWing ? "XWing" : "X25519";
                         });

TEST(HpkeKems, OthersAreRefused) {
  TestRandom random(1);
  Kem p256 = static_cast<Kem>(0x0010);
  EXPECT_EQ(CodeOf(SealingPrivateKey::Generate(p256, random).status()), "KEM_UNSUPPORTED");
  SealingPublicKey key{p256, std::string(65, 'k')};
  EXPECT_EQ(CodeOf(HpkeSeal(key, "", "", "text", random).status()), "KEM_UNSUPPORTED");
  EXPECT_EQ(CodeOf(CheckSealingPublicKey(key)), "KEM_UNSUPPORTED");
}

// One private key must not have one id under both KEMs.
TEST(HpkeKems, KeyIdsNameTheKem) {
  std::string bytes(32, 'k');
  EXPECT_NE(SealingKeyId({Kem::kXWing, bytes}), SealingKeyId({Kem::kX25519, bytes}));
}

TEST_P(HpkeTest, KeysComeBackFromTheirBytes) {
  absl::StatusOr<SealingPrivateKey> again =
      SealingPrivateKey::FromBytes(GetParam(), key_.bytes().Clone());
  EXPECT_EQ(again->PublicKey(), key_.PublicKey());
  EXPECT_EQ(CodeOf(SealingPrivateKey::FromBytes(GetParam(), SecretBytes::Zero(33)).status()),
            "BAD_PRIVATE_KEY");
}

// RFC 9180 appendix A.2.1 (base mode, ChaCha20-Poly1305), first encryption and first export.
TEST(HpkeX25519, GivesTheStandardsExample) {
  auto hex = [](const char* text) { return *HexDecode(text); };
  std::string info = hex("4f6465206f6e2061204772656369616e2055726e");
  std::string recipient = hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
  absl::StatusOr<internal::Encapsulated> encapsulated = internal::EncapX25519(
      recipient,
      SecretBytes::Copy(hex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")));
  ASSERT_TRUE(encapsulated.ok());
  EXPECT_EQ(HexEncode(encapsulated->encapsulation),
            "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
  EXPECT_EQ(HexEncode(ViewOfHpke(encapsulated->shared_secret)),
            "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7");
  internal::HpkeContext context =
      internal::KeySchedule(Kem::kX25519, encapsulated->shared_secret, info);
  EXPECT_EQ(HexEncode(ViewOfHpke(context.key)),
            "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91");
  EXPECT_EQ(HexEncode(ViewOfHpke(context.base_nonce)), "5c4d98150661b848853b547f");
}

TEST(HpkeX25519, ExportRefusesMoreThanHkdfGives) {
  internal::HpkeContext context =
      internal::KeySchedule(Kem::kX25519, SecretBytes::Zero(32), "info");
  EXPECT_EQ(internal::Export(context, "", 64)->size(), 64u);
  EXPECT_EQ(CodeOf(internal::Export(context, "", 255 * 32 + 1).status()), "BAD_LENGTH");
}

}  // namespace
}  // namespace palermo::crypto
