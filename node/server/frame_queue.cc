#include "node/server/frame_queue.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"

namespace palermo::server {

FrameQueue::Next FrameQueue::Push(v1::PeerFrame frame) {
  absl::MutexLock lock(&mu_);
  if (closed_) return {};
  waiting_bytes_ += frame.ByteSizeLong();
  if (waiting_bytes_ > limits::kMaxWaitingFrameBytes) {  // the other side does not read
    Shut();
    Next next = Decide();
    next.cancel = true;
    return next;
  }
  waiting_.push_back(std::move(frame));
  return Decide();
}

FrameQueue::Next FrameQueue::Open() {
  absl::MutexLock lock(&mu_);
  open_ = true;
  return Decide();
}

FrameQueue::Next FrameQueue::Written(bool ok) {
  absl::MutexLock lock(&mu_);
  PALERMO_CHECK(writing_);
  writing_ = false;
  writing_frame_.Clear();
  if (!ok) Shut();
  return Decide();
}

FrameQueue::Next FrameQueue::Close(bool hang_up) {
  absl::MutexLock lock(&mu_);
  Shut();
  Next next = Decide();
  next.cancel = hang_up && writing_;
  return next;
}

bool FrameQueue::closed() const {
  absl::MutexLock lock(&mu_);
  return closed_;
}

size_t FrameQueue::waiting_bytes() const {
  absl::MutexLock lock(&mu_);
  size_t bytes = 0;
  for (const v1::PeerFrame& frame : waiting_) bytes += frame.ByteSizeLong();
  return bytes;
}

void FrameQueue::Shut() {
  closed_ = true;
  waiting_.clear();
  waiting_bytes_ = 0;
}

FrameQueue::Next FrameQueue::Decide() {
  if (writing_) return {};
  if (closed_) return {nullptr, !std::exchange(ended_, true)};
  if (!open_ || waiting_.empty()) return {};
  writing_frame_ = std::move(waiting_.front());
  waiting_bytes_ -= std::min(waiting_bytes_, writing_frame_.ByteSizeLong());
  waiting_.pop_front();
  writing_ = true;
  return {&writing_frame_, false};
}

}  // namespace palermo::server
