#include "crypto/key_protection.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/signing.h"

namespace palermo::crypto::internal {
namespace {

constexpr char kCreated[] = "2026-03-02T09:00:00Z";

TEST(KeyIdentity, HasASubjectOfItsLettersAndALength) {
  auto code = [](std::string_view subject) {
    return CodeOf(CheckIdentity("node", subject, kCreated));
  };
  for (const std::string& good :
       {std::string("PA/central/o-0007"), std::string("a_b.C9"), std::string(160, 'z')}) {
    EXPECT_EQ(code(good), "OK") << good;
  }
  for (const std::string& bad :
       {std::string(), std::string(161, 'z'), std::string("a b"), std::string("a{"),
        std::string("a[b"), std::string("a:"), std::string("\xC3\xA8")}) {
    EXPECT_EQ(code(bad), "BAD_KEY_FILE") << bad;
  }
}

TEST(KeyNames, AreSmallLettersDigitsAndDashes) {
  for (const std::string& good : {std::string("seal-2026"), std::string(64, 'a')}) {
    EXPECT_TRUE(IsKeyName(good)) << good;
  }
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("A"),
                                 std::string("a{"), std::string("a_")}) {
    EXPECT_FALSE(IsKeyName(bad)) << bad;
  }
}

TEST(TokenUris, ArePrintableAndNotTooLong) {
  std::string longest = "pkcs11:" + std::string(505, 'x');
  EXPECT_TRUE(IsTokenUri("pkcs11:token=PA;object=x"));
  EXPECT_TRUE(IsTokenUri(longest));
  for (const std::string& bad : {longest + "x", std::string("pkcs11"), std::string("pkcs11:a b"),
                                 std::string("pkcs11:\x7F"), std::string("pkcs11:\xC3\xA8")}) {
    EXPECT_FALSE(IsTokenUri(bad)) << bad;
  }
}

std::string Packed(std::string_view bytes) {
  return Cat({LittleEndian64(bytes.size()).substr(0, 4), bytes});
}

class UnpackTest : public testing::Test {
 protected:
  UnpackTest() {
    part_.kind = "node";
    part_.subject = "PA";
    part_.created = kCreated;
    KeyBundle bundle = *KeyBundle::Create("node", "PA", kCreated);
    EXPECT_TRUE(bundle.Add("sign", kEd25519, SecretBytes::Copy(seed_)).ok());
    part_.keys["sign"] = {kEd25519, bundle.entries().at("sign").public_bytes, ""};
  }
  std::string Why(std::string_view payload) {
    absl::Status status = UnpackKeys(part_, SecretBytes::Copy(payload)).status();
    EXPECT_EQ(CodeOf(status), "BAD_KEY_FILE");
    return TextOf(status);
  }

  std::string seed_ = std::string(32, 's');
  KeyFilePublic part_;
};

TEST_F(UnpackTest, TakesWhatWasPacked) {
  EXPECT_TRUE(UnpackKeys(part_, SecretBytes::Copy(Packed(seed_))).ok());
}

TEST_F(UnpackTest, RefusesEveryOtherLength) {
  std::string good = Packed(seed_);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(Why(good.substr(0, size)).find("too short"), std::string::npos) << size;
  }
  EXPECT_NE(Why(good + "x").find("too long"), std::string::npos);
  EXPECT_NE(Why(Packed(seed_ + "x")).find("32 bytes"), std::string::npos);
}

TEST_F(UnpackTest, RefusesAPrivateKeyOfAnotherPublicKey) {
  part_.keys["sign"].public_bytes[0] ^= 1;
  EXPECT_NE(Why(Packed(seed_)).find("do not match"), std::string::npos);
}

TEST_F(UnpackTest, AKeyOnATokenHasNoPrivatePart) {
  part_.keys["sign"].token = "pkcs11:object=x";
  EXPECT_NE(Why(Packed(seed_)).find("on a token and here too"), std::string::npos);
  EXPECT_TRUE(UnpackKeys(part_, SecretBytes::Copy(Packed(""))).ok());
  part_.keys["sign"].public_bytes.pop_back();
  EXPECT_NE(Why(Packed("")).find("32 bytes"), std::string::npos);
}

TEST_F(UnpackTest, RefusesAHolderThatCannotBe) {
  part_.kind = "robot";
  EXPECT_NE(Why(Packed(seed_)).find("no kind"), std::string::npos);
}

TEST(OpenKeys, RefusesWhatHasNoRoomForNonceAndTag) {
  SecretBytes passphrase = SecretBytes::Copy("correct horse");
  EXPECT_EQ(CodeOf(OpenKeys(std::string(40, 'x'), passphrase, Argon2Params::WeakForTests(),
                            std::string(kSaltBytes, 's'), "header")
                       .status()),
            "BAD_KEY_FILE");
}

TEST(SecretBase64, HasOneTextForEachValue) {
  std::string text(Base64EncodeSecret("a secret").Expose(SecretAccess::Grant()));
  EXPECT_EQ(text, Base64Encode("a secret"));
  EXPECT_EQ(Base64DecodeSecret(text)->Expose(SecretAccess::Grant()), "a secret");
  EXPECT_TRUE(Base64DecodeSecret("")->empty());
  for (const char* bad : {"YQ", "YQ=", "YR==", "Y Q==", "YQ==\n", "????", "YQ==YQ=="}) {
    EXPECT_FALSE(Base64DecodeSecret(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace palermo::crypto::internal
