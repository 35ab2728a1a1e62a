#include "node/exchange/worker_pool.h"

#include <atomic>
#include <memory>

#include "absl/synchronization/blocking_counter.h"

namespace palermo::exchange {

WorkerPool::WorkerPool(size_t threads) {
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Run(size_t count, absl::FunctionRef<void(size_t)> work) {
  if (count == 0) return;
  size_t helpers = std::min(threads_.size(), count - 1);
  std::atomic<size_t> next{0};
  auto drain = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  absl::BlockingCounter finished(static_cast<int>(helpers));
  {
    absl::MutexLock lock(&mu_);
    for (size_t i = 0; i < helpers; ++i) {
      tasks_.emplace_back([&] {
        drain();
        finished.DecrementCount();
      });
    }
  }
  drain();
  finished.Wait();
}

void WorkerPool::Loop() {
  while (true) {
    std::function<void()> task;
    {
      absl::MutexLock lock(&mu_);
      auto wake = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_ || !tasks_.empty(); };
      mu_.Await(absl::Condition(&wake));
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace palermo::exchange
