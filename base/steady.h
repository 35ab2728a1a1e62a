// Waiting for a period. The wall clock may be set by hours while somebody waits, and the waits with
// a limit of Abseil go by it: such a wait would last those hours longer. These go by a clock that
// only runs forward.
#ifndef PALERMO_BASE_STEADY_H_
#define PALERMO_BASE_STEADY_H_

#include <condition_variable>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace palermo {

// Since a moment in the past that stays the same while the machine runs. For periods only: what a
// message, a mandate or a document says about time is judged by a Clock.
absl::Duration SteadyNow();

// Stands beside an absl::Mutex, like a condition variable.
class SteadyWait {
 public:
  // Waits, with `mu` free meanwhile, until `met` or until `limit` is over. Gives what `met` is
  // then. REQUIRES: whoever changes what `met` reads calls Notify.
  bool Await(absl::Mutex& mu, absl::Duration limit, absl::FunctionRef<bool()> met)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu);
  void Notify() { changed_.notify_all(); }

 private:
  std::condition_variable_any changed_;
};

}  // namespace palermo

#endif  // PALERMO_BASE_STEADY_H_
