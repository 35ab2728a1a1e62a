#include "node/server/backoff.h"

#include <gtest/gtest.h>

#include <cstring>

namespace palermo::server {
namespace {

// Each Uint64 is `value`.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(unsigned char byte) : byte_(byte) {}
  void Fill(uint8_t* out, size_t size) override { std::memset(out, byte_, size); }

 private:
  unsigned char byte_;
};

TEST(Backoff, NeverWaitsLessThanTheMinimum) {
  FixedRandom random(0);
  Backoff backoff(random);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(backoff.NextMillis(), limits::kRetryMinMillis);
}

TEST(Backoff, NeverWaitsMoreThanADoublingCeiling) {
  SystemRandom random;
  Backoff backoff(random);
  int64_t ceiling = limits::kRetryMinMillis;
  for (int i = 0; i < 30; ++i) {
    ceiling = std::min(2 * ceiling, limits::kRetryMaxMillis);
    int64_t wait = backoff.NextMillis();
    EXPECT_GE(wait, limits::kRetryMinMillis);
    EXPECT_LE(wait, ceiling);
  }
}

TEST(Backoff, UsesTheWholeRange) {
  SystemRandom random;
  Backoff backoff(random);
  for (int i = 0; i < 30; ++i) backoff.NextMillis();
  int64_t low = limits::kRetryMaxMillis;
  int64_t high = 0;
  for (int i = 0; i < 2000; ++i) {
    int64_t wait = backoff.NextMillis();
    low = std::min(low, wait);
    high = std::max(high, wait);
  }
  EXPECT_LT(low, limits::kRetryMaxMillis / 20);
  EXPECT_GT(high, limits::kRetryMaxMillis * 19 / 20);
}

TEST(Backoff, ResetBeginsAnew) {
  SystemRandom random;
  Backoff backoff(random);
  for (int i = 0; i < 30; ++i) backoff.NextMillis();
  backoff.Reset();
  EXPECT_LE(backoff.NextMillis(), 2 * limits::kRetryMinMillis);
}

}  // namespace
}  // namespace palermo::server
