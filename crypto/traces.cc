#include "crypto/traces.h"

#include <sodium.h>

#include <cstring>

namespace palermo::crypto {

void WipeTraces() {
  constexpr size_t kMostMoved = 1024, kStackToWipe = 16384;
  static constexpr char zeros[kMostMoved] = {};
  char sink[kMostMoved];
  // By a pointer that the compiler cannot see through: each size takes other registers.
  void* (*volatile move)(void*, const void*, size_t) = std::memmove;
  for (size_t size = 32; size <= kMostMoved; size *= 2) move(sink, zeros, size);
  sodium_stackzero(kStackToWipe);
}

}  // namespace palermo::crypto
