#include "crypto/secret.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "base/sanitizers.h"
#include "base/status.h"
#include "crypto/test_random.h"

namespace palermo::crypto {
namespace {

// In a process of its own, which may not lock more than `limit` bytes, also when it is root's.
template <typename Check>
int InChildWithLockLimit(rlim_t limit, Check check) {
  pid_t child = fork();
  if (child == 0) {
    rlimit lock{limit, limit};
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    if (setrlimit(RLIMIT_MEMLOCK, &lock) != 0 || syscall(SYS_capset, &header, data) != 0) _exit(99);
    _exit(check());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

long LockedKibibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmLck:", 0) == 0) return std::stol(line.substr(6));
  }
  return -1;
}

TEST(Secret, IsLockedInMemory) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer replaces mlock";
  ASSERT_TRUE(CheckSecretMemory(64 * 1024).ok()) << "raise ulimit -l for this test";
  long before = LockedKibibytes();
  SecretBytes secret = SecretBytes::Zero(40 * 1024);
  EXPECT_GE(LockedKibibytes(), before + 40);
  secret = SecretBytes();
  EXPECT_LT(LockedKibibytes(), before + 40);
}

TEST(Secret, SaysWhenMemoryCannotBeLocked) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer replaces mlock";
  int code = InChildWithLockLimit(0, [] {
    absl::Status status = CheckSecretMemory(64 * 1024);
    bool told = CodeOf(status) == "MEMORY_NOT_LOCKED" &&
                TextOf(status).find("LimitMEMLOCK") != std::string::npos;
    return told ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(InChildWithLockLimit(1 << 20, [] { return CheckSecretMemory(64 * 1024).ok() ? 0 : 1; }),
            0);
}

TEST(Secret, ComparesAndCopiesWhatItHolds) {
  TestRandom random(1);
  SecretBytes secret = SecretBytes::Random(32, random);
  SecretBytes copy = secret.Clone();
  auto access = SecretAccess::Grant();
  EXPECT_TRUE(ConstantTimeEqual(secret.Expose(access), copy.Expose(access)));
  copy.MutableData(access)[31] ^= 1;
  EXPECT_FALSE(ConstantTimeEqual(secret.Expose(access), copy.Expose(access)));
  EXPECT_FALSE(ConstantTimeEqual(secret.Expose(access), secret.Expose(access).substr(1)));
  EXPECT_TRUE(SecretBytes::Copy("").empty());
  std::string text = "passphrase";
  WipeString(text);
  EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace palermo::crypto
