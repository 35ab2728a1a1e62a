#include "crypto/xwing.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/mlkem.h"
#include "crypto/test_random.h"
#include "crypto/xwing_open.h"

namespace palermo::crypto::internal {
namespace {

std::string_view ViewOfXWing(const SecretBytes& secret) {
  return secret.Expose(SecretAccess::Grant());
}
SecretBytes SecretOf(const char* hex) { return SecretBytes::Copy(*HexDecode(hex)); }

// draft-connolly-cfrg-xwing-kem, appendix C: of the long values their beginning and end. The secret
// depends on every byte of them.
struct Example {
  const char* seed;
  const char* randomness;
  const char* public_key_begins;
  const char* public_key_ends;
  const char* ciphertext_begins;
  const char* ciphertext_ends;
  const char* shared_secret;
};
constexpr Example kExamples[] = {
    {"7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
     "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
     "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
     "e2236b35a8c24b39b10aa1323a96a919", "44570216223593d4ba32d9abac8cd049040ef6534",
     "b83aa828d4d62b9a83ceffe1d3d3bb1e", "145cfb97e63e0e41d354274a079d3e6fb2e15",
     "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"},
    {"badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
     "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdef"
     "aee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
     "0333285fa253661508c9fb444852caa4", "576549f85b528c953926d96ea8a160b8843f1c89c62",
     "c93beb22326705699bbc3d1d0aa6339b", "e6f91c98bea4127ae66312f4ae3ea155b67",
     "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150"},
};

bool Begins(std::string_view bytes, std::string_view hex) {
  return HexEncode(bytes).substr(0, hex.size()) == hex;
}
bool Ends(std::string_view bytes, std::string_view hex) {
  std::string all = HexEncode(bytes);
  return all.substr(all.size() - hex.size()) == hex;
}

TEST(XWing, GivesTheDraftsExamples) {
  for (const Example& example : kExamples) {
    SecretBytes seed = SecretOf(example.seed);
    std::string public_key = ExpandXWing(seed).public_key;
    EXPECT_TRUE(Begins(public_key, example.public_key_begins)) << HexEncode(public_key);
    EXPECT_TRUE(Ends(public_key, example.public_key_ends)) << HexEncode(public_key);
    absl::StatusOr<Encapsulated> sealed = XWingEncap(public_key, SecretOf(example.randomness));
    ASSERT_TRUE(sealed.ok());
    EXPECT_TRUE(Begins(sealed->encapsulation, example.ciphertext_begins));
    EXPECT_TRUE(Ends(sealed->encapsulation, example.ciphertext_ends));
    EXPECT_EQ(HexEncode(ViewOfXWing(sealed->shared_secret)), example.shared_secret);
    absl::StatusOr<SecretBytes> opened = XWingDecap(seed, sealed->encapsulation);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(HexEncode(ViewOfXWing(*opened)), example.shared_secret);
  }
}

class XWingTest : public testing::Test {
 protected:
  TestRandom random_{1};
  SecretBytes seed_ = SecretBytes::Random(kXWingSeedBytes, random_);
  std::string public_key_ = ExpandXWing(seed_).public_key;
  absl::StatusOr<Encapsulated> Encap(std::string_view key) {
    return XWingEncap(key, SecretBytes::Random(kXWingRandomnessBytes, random_));
  }
};

TEST_F(XWingTest, EveryChangedByteGivesAnotherSecretOrNone) {
  Encapsulated sealed = *Encap(public_key_);
  for (size_t i = 0; i < sealed.encapsulation.size(); i += (i < kMlKemCiphertextBytes ? 17 : 1)) {
    std::string changed = sealed.encapsulation;
    changed[i] ^= static_cast<char>(0x80);  // of X25519's last byte the bit that it ignores
    absl::StatusOr<SecretBytes> opened = XWingDecap(seed_, changed);
    if (opened.ok()) {
      EXPECT_NE(ViewOfXWing(*opened), ViewOfXWing(sealed.shared_secret)) << "byte " << i;
    }
  }
}

TEST_F(XWingTest, RefusesPublicKeysThatAreNone) {
  EXPECT_EQ(CodeOf(CheckXWingPublicKey(public_key_.substr(1))), "BAD_PUBLIC_KEY");
  EXPECT_EQ(CodeOf(CheckXWingPublicKey(public_key_ + "x")), "BAD_PUBLIC_KEY");
  EXPECT_EQ(CodeOf(Encap(std::string(32, 'k')).status()), "BAD_PUBLIC_KEY");
  std::string not_reduced = public_key_;
  not_reduced[0] = not_reduced[1] = static_cast<char>(0xFF);
  EXPECT_EQ(CodeOf(CheckXWingPublicKey(not_reduced)), "BAD_PUBLIC_KEY");
  EXPECT_EQ(CodeOf(Encap(not_reduced).status()), "BAD_PUBLIC_KEY");
}

TEST_F(XWingTest, RefusesX25519PartsOfSmallOrder) {
  std::string zero(32, '\0');
  EXPECT_EQ(CodeOf(Encap(public_key_.substr(0, kMlKemPublicKeyBytes) + zero).status()),
            "BAD_PUBLIC_KEY");
  Encapsulated sealed = *Encap(public_key_);
  std::string bad = sealed.encapsulation.substr(0, kMlKemCiphertextBytes) + zero;
  EXPECT_EQ(CodeOf(XWingDecap(seed_, bad).status()), "CANNOT_OPEN");
}

TEST_F(XWingTest, RefusesEncapsulationsOfOtherSizes) {
  std::string good = Encap(public_key_)->encapsulation;
  EXPECT_EQ(CodeOf(XWingDecap(seed_, "").status()), "CANNOT_OPEN");
  EXPECT_EQ(CodeOf(XWingDecap(seed_, good.substr(1)).status()), "CANNOT_OPEN");
  EXPECT_EQ(CodeOf(XWingDecap(seed_, good + "x").status()), "CANNOT_OPEN");
}

// Both halves and both X25519 keys go into the secret.
TEST_F(XWingTest, EveryInputOfTheCombinerCounts) {
  SecretBytes a = SecretBytes::Copy(std::string(32, 'a'));
  SecretBytes b = SecretBytes::Copy(std::string(32, 'b'));
  std::string c(32, 'c'), d(32, 'd'), e(32, 'e');
  SecretBytes base = XWingCombine(a, b, c, d);
  EXPECT_NE(ViewOfXWing(XWingCombine(b, b, c, d)), ViewOfXWing(base));
  EXPECT_NE(ViewOfXWing(XWingCombine(a, a, c, d)), ViewOfXWing(base));
  EXPECT_NE(ViewOfXWing(XWingCombine(a, b, e, d)), ViewOfXWing(base));
  EXPECT_NE(ViewOfXWing(XWingCombine(a, b, c, e)), ViewOfXWing(base));
}

}  // namespace
}  // namespace palermo::crypto::internal
