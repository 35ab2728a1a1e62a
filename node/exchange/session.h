// One stream between two nodes as a state machine: frames in, frames out. The server moves the
// frames over gRPC, a simulation over a queue.
#ifndef PALERMO_NODE_EXCHANGE_SESSION_H_
#define PALERMO_NODE_EXCHANGE_SESSION_H_

#include "absl/status/status.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// Where a session's frames go. Send never blocks: a session's window bounds what is under way. Both
// methods may be called from any thread, until the session is destroyed.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void Send(v1::PeerFrame frame) = 0;
  // The stream must end; `status` says why. No Send follows.
  virtual void Close(const absl::Status& status) = 0;
};

class Session {
 public:
  // After this no call reaches the sink. Must not be called from within a call to the sink.
  virtual ~Session() = default;
  // One frame from the peer, in order. Calls for one session must not overlap.
  virtual void OnFrame(v1::PeerFrame frame) = 0;
  // In the place of a frame came bytes that are none.
  virtual void OnUnreadable() = 0;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_SESSION_H_
