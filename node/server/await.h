// From a call that answers by a callback to one that waits, with a limit.
#ifndef PALERMO_NODE_SERVER_AWAIT_H_
#define PALERMO_NODE_SERVER_AWAIT_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "base/steady.h"

namespace palermo::server {

using StatusReply = std::function<void(absl::Status)>;

// Calls `start` with a reply and waits for it. TIMED_OUT when none came in time; a reply that comes
// later is dropped, which is why the state is shared between the two sides.
inline absl::Status AwaitStatus(const std::function<void(StatusReply)>& start,
                                absl::Duration limit) {
  struct State {
    absl::Mutex mu;
    SteadyWait answered;
    bool done ABSL_GUARDED_BY(mu) = false;
    absl::Status status ABSL_GUARDED_BY(mu);
  };
  auto state = std::make_shared<State>();
  start([state](absl::Status status) {
    absl::MutexLock lock(&state->mu);
    state->status = std::move(status);
    state->done = true;
    state->answered.Notify();
  });
  absl::MutexLock lock(&state->mu);
  auto done = [&state]() ABSL_SHARED_LOCKS_REQUIRED(state->mu) { return state->done; };
  if (state->answered.Await(state->mu, limit, done)) return state->status;
  return Error(absl::StatusCode::kDeadlineExceeded, "TIMED_OUT", "no answer in time");
}

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_AWAIT_H_
