#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/test_random.h"

namespace palermo::crypto {
namespace {

std::string Hex(const SecretBytes& secret) {
  return HexEncode(secret.Expose(SecretAccess::Grant()));
}

// FIPS 180-4's example.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, GivesTheStandardsExampleWholeInPartsAndStreamed) {
  EXPECT_EQ(HexEncode(AsView(Sha256("abc"))), kAbc);
  EXPECT_EQ(HexEncode(AsView(Sha256({"a", "", "bc"}))), kAbc);
  Sha256Stream stream;
  stream.Update("ab");
  stream.Update("c");
  EXPECT_EQ(HexEncode(AsView(stream.Finish())), kAbc);
  stream.Update("abc");
  EXPECT_EQ(HexEncode(AsView(stream.Finish())), kAbc) << "a finished stream is as new";
}

TEST(Sha256, GivesTheSameInManyThreads) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      for (int i = 0; i < 1000; ++i) wrong[t] += HexEncode(AsView(Sha256("abc"))) != kAbc;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

// RFC 4231, case 2.
TEST(Hmac, GivesTheStandardsExample) {
  EXPECT_EQ(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexEncode(HmacSha512("Jefe", "what do ya want for nothing?")),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(Hmac, TakesAnEmptyKeyAndEmptyData) {
  EXPECT_EQ(HexEncode(HmacSha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 5869, test case 1.
TEST(Hkdf, GivesTheStandardsExample) {
  SecretBytes prk = HkdfExtractSha256(*HexDecode("000102030405060708090a0b0c"),
                                      {std::string(11, '\x0b'), std::string(11, '\x0b')});
  EXPECT_EQ(Hex(prk), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  EXPECT_EQ(Hex(*HkdfExpandSha256(prk, *HexDecode("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, RefusesMoreThan255Blocks) {
  SecretBytes prk = SecretBytes::Zero(32);
  EXPECT_EQ(HkdfExpandSha256(prk, "", 255 * 32)->size(), 255u * 32);
  EXPECT_EQ(CodeOf(HkdfExpandSha256(prk, "", 255 * 32 + 1).status()), "BAD_LENGTH");
  EXPECT_EQ(CodeOf(HkdfExpandSha512(prk, "", 255 * 64 + 1).status()), "BAD_LENGTH");
}

TEST(SecretBytes, MovesAndLeavesNothingBehind) {
  SecretBytes a = SecretBytes::Copy("secret");
  SecretBytes b = std::move(a);
  EXPECT_EQ(b.Expose(SecretAccess::Grant()), "secret");
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is the point
  SecretBytes c = b.Clone();
  b = SecretBytes();
  EXPECT_EQ(c.Expose(SecretAccess::Grant()), "secret");
}

TEST(SecretBytes, ComparesAndWipes) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
  std::string text = "passphrase";
  WipeString(text);
  EXPECT_TRUE(text.empty());
}

TEST(SecretBytes, TakesItsBytesFromTheGivenRandom) {
  TestRandom one(7);
  TestRandom two(7);
  SecretBytes secret = SecretBytes::Random(40, one);
  EXPECT_EQ(secret.Expose(SecretAccess::Grant()), two.Bytes(40));
  EXPECT_TRUE(SecretBytes::Random(0, one).empty());
}

}  // namespace
}  // namespace palermo::crypto
