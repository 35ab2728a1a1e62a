#include "node/exchange/readers.h"

#include <utility>

#include "base/limits.h"
#include "base/status.h"

namespace palermo::exchange {

void Readers::Start() {
  {
    absl::MutexLock lock(&mu_);
    started_ = true;
  }
  thread_ = std::thread([this] { Loop(); });
}

absl::Status Readers::Post(std::function<void()> read) {
  {
    absl::MutexLock lock(&mu_);
    if (started_) {
      if (waiting_.size() >= limits::kMaxQueuedDecisions) {
        return OverLimit("TOO_MANY", "the node has too much to do; try again later");
      }
      waiting_.push_back(std::move(read));
      return absl::OkStatus();
    }
  }
  read();
  return absl::OkStatus();
}

void Readers::Drain() {
  {
    absl::MutexLock lock(&mu_);
    draining_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Readers::Loop() {
  while (true) {
    std::function<void()> read;
    {
      absl::MutexLock lock(&mu_);
      auto wake = [this]()
                      ABSL_SHARED_LOCKS_REQUIRED(mu_) { return draining_ || !waiting_.empty(); };
      mu_.Await(absl::Condition(&wake));
      if (waiting_.empty()) return;
      read = std::move(waiting_.front());
      waiting_.pop_front();
    }
    read();
  }
}

}  // namespace palermo::exchange
