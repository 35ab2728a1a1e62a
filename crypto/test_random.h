// A Random for tests: the same bytes for the same seed. Worthless for keys that matter.
#ifndef PALERMO_CRYPTO_TEST_RANDOM_H_
#define PALERMO_CRYPTO_TEST_RANDOM_H_

#include <random>

#include "base/random.h"

namespace palermo::crypto {

class TestRandom final : public Random {
 public:
  explicit TestRandom(uint64_t seed) : engine_(seed) {}
  void Fill(uint8_t* out, size_t size) override {
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_TEST_RANDOM_H_
