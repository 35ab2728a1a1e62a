#include "base/random.h"

#include <sys/random.h>
#include <cerrno>

#include "base/bytes.h"
#include "base/check.h"

namespace palermo {

std::string Random::Bytes(size_t size) {
  std::string bytes(size, '\0');
  Fill(Data(bytes), size);
  return bytes;
}

uint64_t Random::Uint64() { return ReadBigEndian64(Bytes(8)); }

void SystemRandom::Fill(uint8_t* out, size_t size) {
  while (size > 0) {
    ssize_t n = getrandom(out, size, 0);
    if (n < 0 && errno == EINTR) continue;
    PALERMO_CHECK(n > 0);
    out += n;
    size -= static_cast<size_t>(n);
  }
}

}  // namespace palermo
