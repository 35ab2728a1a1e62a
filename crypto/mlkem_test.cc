#include "crypto/mlkem.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/mlkem_open.h"
#include "crypto/test_random.h"

namespace palermo::crypto::internal {
namespace {

std::string_view ViewOfKem(const SecretBytes& secret) {
  return secret.Expose(SecretAccess::Grant());
}

SecretBytes CountingSeed() {
  std::string seed;
  for (int i = 0; i < 64; ++i) seed += static_cast<char>(i);
  return SecretBytes::Copy(seed);
}

// The key with 12-bit coefficient `index` (0 to 767) set to `value`.
std::string WithCoefficient(std::string key, size_t index, int value) {
  size_t at = index / 2 * 3;
  auto byte = [&key](size_t i) { return static_cast<uint8_t>(key[i]); };
  if (index % 2 == 0) {
    key[at] = static_cast<char>(value);
    key[at + 1] = static_cast<char>((byte(at + 1) & 0xF0) | value >> 8);
  } else {
    key[at + 1] = static_cast<char>((byte(at + 1) & 0x0F) | (value & 0x0F) << 4);
    key[at + 2] = static_cast<char>(value >> 4);
  }
  return key;
}

class MlKemTest : public testing::Test {
 protected:
  TestRandom random_{1};
  MlKemKeyPair pair_ = MlKemKeyPairFromSeed(SecretBytes::Random(kMlKemSeedBytes, random_));
  MlKemEncapsulated Encapsulate() {
    return *MlKemEncap(pair_.public_key, SecretBytes::Random(32, random_));
  }
};

// The seed 0, 1, ... 63 and the key that FIPS 203's KeyGen makes of it.
TEST_F(MlKemTest, MakesTheStandardsKeyOfAKnownSeed) {
  MlKemKeyPair pair = MlKemKeyPairFromSeed(CountingSeed());
  EXPECT_EQ(HexEncode(pair.public_key.substr(0, 8)), "298aa10d423c8dda");
  EXPECT_EQ(pair.public_key.size(), kMlKemPublicKeyBytes);
  // FIPS 203 puts the public key into the private one, and z at its end.
  EXPECT_NE(ViewOfKem(pair.private_key).find(pair.public_key), std::string_view::npos);
  EXPECT_EQ(ViewOfKem(pair.private_key).substr(kMlKemPrivateKeyBytes - 32),
            ViewOfKem(CountingSeed()).substr(32));
}

TEST_F(MlKemTest, BothSidesGetTheSameSecret) {
  for (int i = 0; i < 20; ++i) {
    MlKemEncapsulated sealed = Encapsulate();
    absl::StatusOr<SecretBytes> secret = MlKemDecap(pair_.private_key, sealed.ciphertext);
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(ViewOfKem(*secret), ViewOfKem(sealed.shared_secret));
  }
}

// Implicit rejection: another secret, the same at each try, and for each change another one.
TEST_F(MlKemTest, AChangedCiphertextGivesAnotherSecret) {
  MlKemEncapsulated sealed = Encapsulate();
  std::string before;
  for (size_t i = 0; i < sealed.ciphertext.size(); i += 31) {
    std::string changed = sealed.ciphertext;
    changed[i] ^= 1;
    SecretBytes one = *MlKemDecap(pair_.private_key, changed);
    SecretBytes two = *MlKemDecap(pair_.private_key, changed);
    EXPECT_NE(ViewOfKem(one), ViewOfKem(sealed.shared_secret)) << i;
    EXPECT_EQ(ViewOfKem(one), ViewOfKem(two)) << i;
    EXPECT_NE(ViewOfKem(one), before) << i;
    before = std::string(ViewOfKem(one));
  }
}

TEST_F(MlKemTest, AnotherKeyGivesAnotherSecret) {
  MlKemEncapsulated sealed = Encapsulate();
  MlKemKeyPair other = MlKemKeyPairFromSeed(SecretBytes::Random(kMlKemSeedBytes, random_));
  EXPECT_NE(ViewOfKem(*MlKemDecap(other.private_key, sealed.ciphertext)),
            ViewOfKem(sealed.shared_secret));
}

TEST_F(MlKemTest, TakesEveryReducedCoefficient) {
  for (size_t index : {0, 1, 2, 255, 256, 511, 512, 766, 767}) {
    for (int value : {0, 1, 255, 256, 3327, 3328}) {
      EXPECT_TRUE(CheckMlKemPublicKey(WithCoefficient(pair_.public_key, index, value)).ok())
          << index << " " << value;
    }
  }
}

TEST_F(MlKemTest, RefusesACoefficientOfTheModulusOrMoreWhereverItStands) {
  for (size_t index = 0; index < 768; ++index) {
    for (int value : {3329, 3330, 4095}) {
      std::string key = WithCoefficient(pair_.public_key, index, value);
      EXPECT_EQ(CodeOf(CheckMlKemPublicKey(key)), "BAD_PUBLIC_KEY") << index << " " << value;
    }
  }
  EXPECT_EQ(
      CodeOf(
          MlKemEncap(WithCoefficient(pair_.public_key, 0, 3329), SecretBytes::Zero(32)).status()),
      "BAD_PUBLIC_KEY");
}

// The last 32 bytes are a seed: any value will do.
TEST_F(MlKemTest, SaysNothingOfTheSeedInAPublicKey) {
  std::string key = pair_.public_key;
  for (size_t i = 1152; i < key.size(); ++i) key[i] = static_cast<char>(0xFF);
  EXPECT_TRUE(CheckMlKemPublicKey(key).ok());
}

TEST_F(MlKemTest, RefusesOtherSizes) {
  std::string key = pair_.public_key;
  for (const std::string& bad : {std::string(), key.substr(1), key + "x"}) {
    EXPECT_EQ(CodeOf(CheckMlKemPublicKey(bad)), "BAD_PUBLIC_KEY");
  }
  std::string ciphertext = Encapsulate().ciphertext;
  for (const std::string& bad : {std::string(), ciphertext.substr(1), ciphertext + "x"}) {
    EXPECT_EQ(CodeOf(MlKemDecap(pair_.private_key, bad).status()), "CANNOT_OPEN");
  }
}

}  // namespace
}  // namespace palermo::crypto::internal
