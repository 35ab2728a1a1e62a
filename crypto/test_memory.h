// For tests: a time in which this process gets no large memory.
#ifndef PALERMO_CRYPTO_TEST_MEMORY_H_
#define PALERMO_CRYPTO_TEST_MEMORY_H_

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace palermo::crypto {

// While it lives the process may take 512 MiB more than it has: half of what the largest Argon2id
// asks for.
class LittleMemory {
 public:
  LittleMemory() {
    rlim_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    EXPECT_EQ(getrlimit(RLIMIT_AS, &before_), 0);
    rlimit little = before_;
    little.rlim_cur = pages * static_cast<rlim_t>(getpagesize()) + (rlim_t{512} << 20);
    EXPECT_EQ(setrlimit(RLIMIT_AS, &little), 0);
  }
  ~LittleMemory() { EXPECT_EQ(setrlimit(RLIMIT_AS, &before_), 0); }
  LittleMemory(const LittleMemory&) = delete;
  LittleMemory& operator=(const LittleMemory&) = delete;

 private:
  rlimit before_{};
};

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_TEST_MEMORY_H_
