// Whether the node can do its work, asked often and tried rarely: the node's own probe writes with
// sync, so the answer is kept for a second and probes cannot be used to wear the disk.
#ifndef PALERMO_NODE_SERVER_PROBE_H_
#define PALERMO_NODE_SERVER_PROBE_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/steady.h"

namespace palermo::server {

// Thread-safe: callers that come while a probe runs wait for it and share its answer.
class Readiness {
 public:
  static constexpr absl::Duration kKeep = absl::Seconds(1);

  // `probe` may block. `clock` is borrowed.
  Readiness(std::function<absl::Status()> probe, Clock& clock)
      : probe_(std::move(probe)), clock_(clock) {}

  absl::Status Check();
  // From now on: SHUTTING_DOWN, without a probe.
  void Stop();
  // The answer to the last Check; false before the first.
  bool last_ok() const;

 private:
  const std::function<absl::Status()> probe_;
  Clock& clock_;

  mutable absl::Mutex mu_;
  bool running_ ABSL_GUARDED_BY(mu_) = false;
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  bool known_ ABSL_GUARDED_BY(mu_) = false;
  absl::Time checked_at_ ABSL_GUARDED_BY(mu_);
  absl::Status last_ ABSL_GUARDED_BY(mu_);
};

// Asks whether the node is ready at once and then in every period, in a thread of its own: for
// those who watch without asking, such as the clients of gRPC's health service.
class ReadinessWatch {
 public:
  static constexpr absl::Duration kPeriod = absl::Seconds(5);

  // `readiness` is borrowed.
  explicit ReadinessWatch(Readiness& readiness, absl::Duration period = kPeriod);
  ~ReadinessWatch();

 private:
  void Run(absl::Duration period);

  Readiness& readiness_;
  absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  SteadyWait stop_wait_;
  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_PROBE_H_
