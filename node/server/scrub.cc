#include "node/server/scrub.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace palermo::server {

const ScrubPlan::Pace ScrubPlan::kUsual = {limits::kScrubBytesPerSecond,
                                           absl::Seconds(limits::kScrubRoundSeconds)};

absl::Duration ScrubPlan::Took(const std::optional<storage::ScrubbedFile>& file) {
  absl::Duration wait;
  if (file.has_value()) {
    // What is written after a round began is read in the next.
    if (after_ == 0) last_ = file->newest;
    after_ = file->number >= last_ ? kNoFileAfter : file->number;
    stats_.bytes += file->bytes;
    if (!file->status.ok()) ++damaged_;
    wait = absl::Seconds(static_cast<double>(file->bytes) /
                         static_cast<double>(pace_.bytes_per_second));
    waited_ += wait;
    return wait;
  }
  ++stats_.rounds;
  wait = std::max(pace_.round - waited_, absl::ZeroDuration());
  after_ = 0;
  waited_ = absl::ZeroDuration();
  damaged_before_ = std::exchange(damaged_, 0);
  return wait;
}

ScrubStats ScrubPlan::stats() const {
  ScrubStats stats = stats_;
  stats.damaged_files = std::max(damaged_, damaged_before_);
  return stats;
}

Scrub::Scrub(Next next, Found found, ScrubPlan plan)
    : next_(std::move(next)), found_(std::move(found)), plan_(plan), thread_([this] { Run(); }) {}

Scrub::~Scrub() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  stop_wait_.Notify();
  thread_.join();
}

ScrubStats Scrub::stats() const {
  absl::MutexLock lock(&mu_);
  return plan_.stats();
}

void Scrub::Run() {
  uint64_t after = 0;
  while (true) {
    std::optional<storage::ScrubbedFile> file = next_(after);
    if (file.has_value() && !file->status.ok()) found_(file->status);
    absl::MutexLock lock(&mu_);
    absl::Duration wait = plan_.Took(file);
    after = plan_.after();
    auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_; };
    if (stop_wait_.Await(mu_, wait, stopping)) return;
  }
}

}  // namespace palermo::server
