// The wall clock of this program is what a test says: clock_gettime is its own for all libraries
// that it uses. A wait by the wall clock that begins while this clock is two hours ahead of the
// kernel's lasts two hours, as it does when an administrator sets the clock back in its middle.
#include "base/steady.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"

namespace {
std::atomic<int64_t> wall_ahead_seconds{0};
}  // namespace

extern "C" int clock_gettime(clockid_t id, struct timespec* at) noexcept {
  const auto result = static_cast<int>(syscall(SYS_clock_gettime, id, at));
  if (result == 0 && id == CLOCK_REALTIME) at->tv_sec += wall_ahead_seconds;
  return result;
}

namespace palermo {
namespace {

class Steady : public testing::Test {
 protected:
  ~Steady() override { wall_ahead_seconds = 0; }
  bool WaitFor(absl::Duration limit) {
    absl::MutexLock lock(&mu_);
    return wait_.Await(mu_, limit, [this] { return done_; });
  }

  absl::Mutex mu_;
  SteadyWait wait_;
  bool done_ = false;
};

TEST_F(Steady, TheClockOfThisProgramIsSetByTheTest) {
  absl::Time before = absl::Now();
  wall_ahead_seconds = 7200;
  EXPECT_GT(absl::Now() - before, absl::Seconds(7190));
}

TEST_F(Steady, AWaitIsAsLongWhereverTheWallClockIsSet) {
  for (int64_t ahead : {7200, -7200, 0}) {
    wall_ahead_seconds = ahead;
    absl::Duration began = SteadyNow();
    EXPECT_FALSE(WaitFor(absl::Milliseconds(50)));
    absl::Duration took = SteadyNow() - began;
    EXPECT_GE(took, absl::Milliseconds(50));
    EXPECT_LT(took, absl::Seconds(10));
  }
}

TEST_F(Steady, TheClockIsSetInTheMiddleOfAWait) {
  std::thread setter([] {
    absl::SleepFor(absl::Milliseconds(20));
    wall_ahead_seconds = -7200;
  });
  absl::Duration began = SteadyNow();
  EXPECT_FALSE(WaitFor(absl::Milliseconds(100)));
  EXPECT_LT(SteadyNow() - began, absl::Seconds(10));
  setter.join();
}

TEST_F(Steady, AWaitEndsWithWhatItWaitsFor) {
  wall_ahead_seconds = 7200;
  std::thread other([this] {
    absl::SleepFor(absl::Milliseconds(20));
    {
      absl::MutexLock lock(&mu_);
      done_ = true;
    }
    wait_.Notify();
  });
  absl::Duration began = SteadyNow();
  EXPECT_TRUE(WaitFor(absl::InfiniteDuration()));
  EXPECT_LT(SteadyNow() - began, absl::Seconds(10));
  other.join();
}

TEST_F(Steady, NoTimeLeftAsksOnceAndDoesNotWait) {
  EXPECT_FALSE(WaitFor(-absl::InfiniteDuration()));
  done_ = true;
  EXPECT_TRUE(WaitFor(absl::ZeroDuration()));
}

}  // namespace
}  // namespace palermo
