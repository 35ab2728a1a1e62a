// Randomness that a seed repeats: never for a real key. Thread-safe; the order of the calls decides
// what each gets.
#ifndef PALERMO_TESTS_SUPPORT_FAKE_RANDOM_H_
#define PALERMO_TESTS_SUPPORT_FAKE_RANDOM_H_

#include <mutex>
#include <random>

#include "base/random.h"

namespace palermo::testing {

class FakeRandom final : public Random {
 public:
  explicit FakeRandom(uint64_t seed = 1) : engine_(seed) {}

  void Fill(uint8_t* out, size_t size) override {
    std::lock_guard<std::mutex> lock(mu_);
    for (size_t i = 0; i < size; ++i) {
      if (left_ == 0) {
        word_ = engine_();
        left_ = 8;
      }
      out[i] = static_cast<uint8_t>(word_);
      word_ >>= 8;
      --left_;
    }
  }

 private:
  std::mutex mu_;
  std::mt19937_64 engine_;
  uint64_t word_ = 0;
  int left_ = 0;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SUPPORT_FAKE_RANDOM_H_
