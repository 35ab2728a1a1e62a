// Small secrets share pages (crypto/secret.h): what must hold in spite of that.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "crypto/secret.h"

namespace palermo::crypto {
namespace {

std::string_view Shown(const SecretBytes& secret) { return secret.Expose(SecretAccess::Grant()); }

TEST(SecretCells, ANewSecretNeverShowsAnOldOne) {
  for (size_t size : {1, 16, 32, 64, 111, 112, 113, 4096}) {
    for (int i = 0; i < 600; ++i) {
      SecretBytes old = SecretBytes::Copy(std::string(size, 's'));
    }
    for (int i = 0; i < 600; ++i) {
      SecretBytes fresh = SecretBytes::Zero(size);
      ASSERT_EQ(Shown(fresh), std::string(size, '\0')) << size;
    }
  }
}

TEST(SecretCells, LivingSecretsNeverOverlap) {
  std::vector<SecretBytes> secrets;
  std::set<const char*> places;
  for (int i = 0; i < 2000; ++i) {
    secrets.push_back(SecretBytes::Copy(std::string(112, static_cast<char>('a' + i % 26))));
    EXPECT_TRUE(places.insert(Shown(secrets.back()).data()).second);
  }
  for (int i = 0; i < 2000; ++i) {
    EXPECT_EQ(Shown(secrets[i]), std::string(112, static_cast<char>('a' + i % 26)));
  }
}

TEST(SecretCells, MovingLeavesNothingBehind) {
  SecretBytes one = SecretBytes::Copy("one");
  SecretBytes two = SecretBytes::Copy(std::string(500, 't'));
  one = std::move(two);
  EXPECT_EQ(one.size(), 500u);
  SecretBytes three = std::move(one);
  EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(three.size(), 500u);
}

TEST(SecretCells, ManyThreadsMayMakeThem) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      std::string text(40, static_cast<char>('0' + t));
      for (int i = 0; i < 5000; ++i) {
        SecretBytes secret = SecretBytes::Copy(text);
        ASSERT_EQ(Shown(secret), text);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(SecretCellsDeathTest, AWritePastTheEndStopsTheProcess) {
  EXPECT_DEATH(
      {
        SecretBytes secret = SecretBytes::Zero(32);
        volatile uint8_t* bytes = secret.MutableData(SecretAccess::Grant());
        bytes[32] = 1;
      },
      "sodium_is_zero");
}

}  // namespace
}  // namespace palermo::crypto
