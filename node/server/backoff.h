// How long to wait before the next try: exponential with full jitter, so that many nodes that lost
// the same peer do not come back in step. Pure; one thread.
#ifndef PALERMO_NODE_SERVER_BACKOFF_H_
#define PALERMO_NODE_SERVER_BACKOFF_H_

#include <algorithm>
#include <cstdint>

#include "base/limits.h"
#include "base/random.h"

namespace palermo::server {

class Backoff {
 public:
  // `random` is borrowed.
  explicit Backoff(Random& random) : random_(random) {}

  // Between kRetryMinMillis and a ceiling that doubles with each call up to kRetryMaxMillis.
  int64_t NextMillis() {
    ceiling_ms_ = std::min(ceiling_ms_ * 2, limits::kRetryMaxMillis);
    auto span = static_cast<uint64_t>(ceiling_ms_ - limits::kRetryMinMillis);
    return limits::kRetryMinMillis + static_cast<int64_t>(random_.Uint64() % (span + 1));
  }
  // After a success.
  void Reset() { ceiling_ms_ = limits::kRetryMinMillis; }

 private:
  Random& random_;
  int64_t ceiling_ms_ = limits::kRetryMinMillis;
};

static_assert(limits::kRetryMinMillis > 0 && limits::kRetryMinMillis < limits::kRetryMaxMillis);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_BACKOFF_H_
