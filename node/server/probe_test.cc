#include "node/server/probe.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/status.h"
#include "node/server/await.h"

namespace palermo::server {
namespace {

class StepClock final : public Clock {
 public:
  absl::Time Now() override { return FromMillis(millis.load()); }
  std::atomic<int64_t> millis{1'772'442'000'000};
};

TEST(Readiness, AnswerIsKeptForASecond) {
  StepClock clock;
  int probes = 0;
  Readiness readiness([&] { return ++probes, absl::OkStatus(); }, clock);
  EXPECT_FALSE(readiness.last_ok());
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(readiness.Check().ok());
  EXPECT_EQ(probes, 1);
  EXPECT_TRUE(readiness.last_ok());
  clock.millis += 1000;
  EXPECT_TRUE(readiness.Check().ok());
  EXPECT_EQ(probes, 2);
}

TEST(Readiness, FailureIsKeptAsLong) {
  StepClock clock;
  int probes = 0;
  Readiness readiness([&] { return ++probes, TryLater("STORE_STOPPED", "x"); }, clock);
  EXPECT_EQ(CodeOf(readiness.Check()), "STORE_STOPPED");
  EXPECT_EQ(CodeOf(readiness.Check()), "STORE_STOPPED");
  EXPECT_EQ(probes, 1);
}

TEST(Readiness, ClockThatWentBackProbesAgain) {
  StepClock clock;
  int probes = 0;
  Readiness readiness([&] { return ++probes, absl::OkStatus(); }, clock);
  EXPECT_TRUE(readiness.Check().ok());
  clock.millis -= 5000;
  EXPECT_TRUE(readiness.Check().ok());
  EXPECT_EQ(probes, 2);
}

TEST(Readiness, CallersShareOneProbe) {
  StepClock clock;
  std::atomic<int> probes{0};
  Readiness readiness(
      [&] {
        ++probes;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return absl::OkStatus();
      },
      clock);
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) callers.emplace_back([&] { EXPECT_TRUE(readiness.Check().ok()); });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(probes.load(), 1);
}

TEST(Readiness, StoppedIsNotReady) {
  StepClock clock;
  Readiness readiness([] { return absl::OkStatus(); }, clock);
  EXPECT_TRUE(readiness.Check().ok());
  readiness.Stop();
  EXPECT_EQ(CodeOf(readiness.Check()), "SHUTTING_DOWN");
  EXPECT_FALSE(readiness.last_ok());
}

TEST(ReadinessWatch, AsksAtOnceAndAgainThoughNobodyElseAsks) {
  StepClock clock;
  std::atomic<int> probes{0};
  Readiness readiness(
      [&] {
        clock.millis += 1000;  // older than what is kept
        return ++probes < 3 ? absl::OkStatus() : TryLater("CANNOT_SIGN", "x");
      },
      clock);
  {
    ReadinessWatch watch(readiness, absl::Milliseconds(1));
    while (probes < 1) std::this_thread::yield();
    while (probes < 4) {
      clock.millis += 1000;
      std::this_thread::yield();
    }
  }
  EXPECT_FALSE(readiness.last_ok());
  int asked = probes;
  clock.millis += 5000;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(probes, asked) << "it ended";
}

TEST(Await, GivesTheAnswerFromAnotherThread) {
  std::thread answering;
  absl::Status status = AwaitStatus(
      [&](StatusReply reply) {
        answering = std::thread([reply] { reply(TryLater("BUSY", "x")); });
      },
      absl::Seconds(10));
  answering.join();
  EXPECT_EQ(CodeOf(status), "BUSY");
}

TEST(Await, LateAnswerIsDropped) {
  StatusReply late;
  absl::Status status =
      AwaitStatus([&](StatusReply reply) { late = std::move(reply); }, absl::Milliseconds(1));
  EXPECT_EQ(CodeOf(status), "TIMED_OUT");
  late(absl::OkStatus());
}

}  // namespace
}  // namespace palermo::server
