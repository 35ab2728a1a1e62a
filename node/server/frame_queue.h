// The frames that wait for one stream, and the rule of gRPC's streams: one write at a time, none
// after the end. It decides; the reactor that owns it acts, outside of any lock, because gRPC may
// call back at once from another thread.
//
// Every method returns at most one thing to do, and the queue hands it out once: the frame to write
// next, that the stream may end now because nothing is being written any more, or that it must be
// cancelled because more waits than may, or because Close hangs up.
#ifndef PALERMO_NODE_SERVER_FRAME_QUEUE_H_
#define PALERMO_NODE_SERVER_FRAME_QUEUE_H_

#include <cstddef>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "palermo/v1/services.pb.h"

namespace palermo::server {

// Thread-safe.
class FrameQueue {
 public:
  struct Next {
    const v1::PeerFrame* write = nullptr;  // valid until Written
    bool end = false;
    bool cancel = false;  // the other side does not read: the write under way would never end
  };

  // Frames gather until Open. After Close they are dropped.
  Next Push(v1::PeerFrame frame);
  Next Open();
  // The write that was handed out has ended. A failed one closes the queue.
  Next Written(bool ok);
  // Idempotent: `end` is handed out once, here or by the last Written. With `hang_up` a write that
  // is under way is not waited for: `cancel`.
  Next Close(bool hang_up = false);
  bool closed() const;
  size_t waiting_bytes() const;

 private:
  void Shut() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);  // nothing more is written
  Next Decide() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable absl::Mutex mu_;
  std::deque<v1::PeerFrame> waiting_ ABSL_GUARDED_BY(mu_);
  size_t waiting_bytes_ ABSL_GUARDED_BY(mu_) = 0;
  // Read by gRPC between the hand-out and Written, when nobody changes it; else guarded by mu_.
  v1::PeerFrame writing_frame_;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  bool ended_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_FRAME_QUEUE_H_
