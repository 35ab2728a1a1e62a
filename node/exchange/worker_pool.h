// A few threads for verification. Run splits a loop over them and the calling thread, and returns
// when all is done; with no threads it is a plain loop, so that a simulation stays in one thread.
#ifndef PALERMO_NODE_EXCHANGE_WORKER_POOL_H_
#define PALERMO_NODE_EXCHANGE_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"

namespace palermo::exchange {

class WorkerPool {
 public:
  explicit WorkerPool(size_t threads);
  ~WorkerPool();

  void Run(size_t count, absl::FunctionRef<void(size_t)> work) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void Loop() ABSL_LOCKS_EXCLUDED(mu_);

  absl::Mutex mu_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_WORKER_POOL_H_
