#include "base/steady.h"

#include <algorithm>
#include <chrono>

namespace palermo {
namespace {

// Longer than anybody waits, and far from the end of the clock.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

// absl::Mutex under the names that the standard library calls. The caller of Await holds it.
class Lockable {
 public:
  explicit Lockable(absl::Mutex& mu) : mu_(mu) {}
  void lock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu_.Lock(); }
  void unlock() ABSL_NO_THREAD_SAFETY_ANALYSIS { mu_.Unlock(); }

 private:
  absl::Mutex& mu_;
};

}  // namespace

absl::Duration SteadyNow() {
  return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
}

bool SteadyWait::Await(absl::Mutex& mu, absl::Duration limit, absl::FunctionRef<bool()> met) {
  limit = std::clamp(limit, absl::ZeroDuration(), kLongest);
  const auto end = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(limit);
  Lockable held(mu);
  while (!met()) {
    if (changed_.wait_until(held, end) == std::cv_status::timeout) return met();
  }
  return true;
}

}  // namespace palermo
