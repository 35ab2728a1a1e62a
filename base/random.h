// Randomness comes in through Random, so that a simulation can replay a seed.
#ifndef PALERMO_BASE_RANDOM_H_
#define PALERMO_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace palermo {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `size` bytes. Thread-safe.
  virtual void Fill(uint8_t* out, size_t size) = 0;

  std::string Bytes(size_t size);
  uint64_t Uint64();
};

// The operating system's generator (getrandom); stops the process if it fails.
class SystemRandom final : public Random {
 public:
  void Fill(uint8_t* out, size_t size) override;
};

}  // namespace palermo

#endif  // PALERMO_BASE_RANDOM_H_
