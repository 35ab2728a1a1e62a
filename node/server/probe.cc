#include "node/server/probe.h"

#include <utility>

#include "base/status.h"

namespace palermo::server {

absl::Status Readiness::Check() {
  {
    absl::MutexLock lock(&mu_);
    auto idle = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return !running_; };
    mu_.Await(absl::Condition(&idle));
    if (stopped_) return TryLater("SHUTTING_DOWN", "the node is stopping");
    absl::Duration age = clock_.Now() - checked_at_;
    if (known_ && age >= absl::ZeroDuration() && age < kKeep) return last_;
    running_ = true;
  }
  absl::Status status = probe_();
  absl::MutexLock lock(&mu_);
  running_ = false;
  known_ = true;
  checked_at_ = clock_.Now();
  last_ = status;
  return status;
}

void Readiness::Stop() {
  absl::MutexLock lock(&mu_);
  stopped_ = true;
}

bool Readiness::last_ok() const {
  absl::MutexLock lock(&mu_);
  return known_ && !stopped_ && last_.ok();
}

ReadinessWatch::ReadinessWatch(Readiness& readiness, absl::Duration period)
    : readiness_(readiness), thread_([this, period] { Run(period); }) {}

ReadinessWatch::~ReadinessWatch() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  stop_wait_.Notify();
  thread_.join();
}

void ReadinessWatch::Run(absl::Duration period) {
  while (true) {
    readiness_.Check().IgnoreError();  // who wants the answer has it from the probe
    absl::MutexLock lock(&mu_);
    auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_; };
    if (stop_wait_.Await(mu_, period, stopping)) return;
  }
}

}  // namespace palermo::server
