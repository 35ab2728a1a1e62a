#include "node/server/frame_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/limits.h"

namespace palermo::server {
namespace {

v1::PeerFrame Frame(const std::string& state) {
  v1::PeerFrame frame;
  frame.mutable_hello()->set_state(state);
  return frame;
}
std::string NameOf(const v1::PeerFrame* frame) {
  return frame == nullptr ? "" : frame->hello().state();
}

TEST(FrameQueue, HoldsFramesUntilOpened) {
  FrameQueue queue;
  EXPECT_EQ(queue.Push(Frame("A")).write, nullptr);
  EXPECT_EQ(queue.Push(Frame("B")).write, nullptr);
  EXPECT_EQ(NameOf(queue.Open().write), "A");
}

TEST(FrameQueue, WritesOneFrameAtATimeInOrder) {
  FrameQueue queue;
  queue.Open();
  EXPECT_EQ(NameOf(queue.Push(Frame("A")).write), "A");
  EXPECT_EQ(queue.Push(Frame("B")).write, nullptr);
  FrameQueue::Next after = queue.Written(true);
  EXPECT_EQ(NameOf(after.write), "B");
  EXPECT_EQ(queue.Written(true).write, nullptr);
}

TEST(FrameQueue, EndsAtOnceWhenNothingIsWritten) {
  FrameQueue queue;
  EXPECT_TRUE(queue.Close().end);
  EXPECT_FALSE(queue.Close().end);
  EXPECT_FALSE(queue.Open().end);
}

TEST(FrameQueue, EndsAfterTheWriteUnderWayAndDropsTheRest) {
  FrameQueue queue;
  queue.Open();
  queue.Push(Frame("A"));
  queue.Push(Frame("B"));
  EXPECT_FALSE(queue.Close().end);
  EXPECT_EQ(queue.Push(Frame("C")).write, nullptr);
  FrameQueue::Next after = queue.Written(true);
  EXPECT_TRUE(after.end);
  EXPECT_EQ(after.write, nullptr);
  EXPECT_FALSE(queue.Close().end);
}

TEST(FrameQueue, FailedWriteClosesIt) {
  FrameQueue queue;
  queue.Open();
  queue.Push(Frame("A"));
  queue.Push(Frame("B"));
  EXPECT_TRUE(queue.Written(false).end);
  EXPECT_TRUE(queue.closed());
}

TEST(FrameQueue, OverflowWhileAWriteHangsCancelsTheStream) {
  FrameQueue queue;
  queue.Open();
  const std::string large(limits::kMaxFrameBytes, 'x');
  EXPECT_NE(queue.Push(Frame(large)).write, nullptr);
  FrameQueue::Next next;
  size_t waiting = 0;
  while (!next.cancel && waiting <= limits::kMaxWaitingFrameBytes) {
    next = queue.Push(Frame(large));
    waiting += large.size();
  }
  EXPECT_TRUE(next.cancel);
  EXPECT_FALSE(next.end);
  EXPECT_TRUE(queue.closed());
  EXPECT_FALSE(queue.Push(Frame(large)).cancel) << "once";
  EXPECT_TRUE(queue.Written(false).end);
}

TEST(FrameQueue, HangingUpWaitsForNoWrite) {
  FrameQueue idle;
  idle.Open();
  const FrameQueue::Next ended = idle.Close(true);
  EXPECT_TRUE(ended.end);
  EXPECT_FALSE(ended.cancel) << "the other side hears why";
  FrameQueue hanging;
  hanging.Open();
  hanging.Push(Frame("A"));
  hanging.Push(Frame("B"));
  EXPECT_GT(hanging.waiting_bytes(), 0u);
  EXPECT_FALSE(hanging.Close().cancel);
  EXPECT_EQ(hanging.waiting_bytes(), 0u);
  EXPECT_TRUE(hanging.Close(true).cancel);
  const FrameQueue::Next last = hanging.Written(true);
  EXPECT_EQ(last.write, nullptr) << "what waited is dropped at once";
  EXPECT_TRUE(last.end);
}

// Pushers, one writer and a closer on different threads: writes never overlap, and the end comes
// once and after the last of them.
TEST(FrameQueue, EndComesOnceAndLastUnderContention) {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    FrameQueue queue;
    std::atomic<int> ends{0};
    std::atomic<bool> writing{false};
    std::function<void(FrameQueue::Next)> act = [&](FrameQueue::Next next) {
      while (next.write != nullptr) {
        EXPECT_FALSE(writing.exchange(true));
        EXPECT_EQ(ends.load(), 0);
        writing.store(false);
        next = queue.Written(true);
      }
      if (next.end) ++ends;
    };
    act(queue.Open());
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 20; ++n) act(queue.Push(Frame("X")));
      });
    }
    threads.emplace_back([&] { act(queue.Close()); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ends.load(), 1);
  }
}

}  // namespace
}  // namespace palermo::server
