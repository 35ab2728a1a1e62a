// Reads that answer calls, in a thread of their own: a long one holds up neither the committer nor
// what comes in from peers. Before Start, what is posted runs at once, so that a simulation stays
// in one thread.
#ifndef PALERMO_NODE_EXCHANGE_READERS_H_
#define PALERMO_NODE_EXCHANGE_READERS_H_

#include <deque>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace palermo::exchange {

class Readers {
 public:
  ~Readers() { Drain(); }

  void Start() ABSL_LOCKS_EXCLUDED(mu_);
  // TOO_MANY when as many wait as decisions may; `read` is not called then.
  absl::Status Post(std::function<void()> read) ABSL_LOCKS_EXCLUDED(mu_);
  // What waits is run to its end. REQUIRES: nothing is posted any more.
  void Drain() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Loop() ABSL_LOCKS_EXCLUDED(mu_);

  absl::Mutex mu_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mu_);
  bool started_ ABSL_GUARDED_BY(mu_) = false;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  std::thread thread_;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_READERS_H_
