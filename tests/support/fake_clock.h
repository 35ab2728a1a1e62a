// A clock that stands still until a test moves it. Thread-safe.
#ifndef PALERMO_TESTS_SUPPORT_FAKE_CLOCK_H_
#define PALERMO_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <atomic>

#include "base/clock.h"

namespace palermo::testing {

class FakeClock final : public Clock {
 public:
  // 2026-03-02T09:00:00Z, a Monday.
  FakeClock() : FakeClock(FromMillis(1772442000000)) {}
  explicit FakeClock(absl::Time start) : now_ms_(ToMillis(start)) {}

  absl::Time Now() override { return FromMillis(now_ms_.load()); }
  void Set(absl::Time now) { now_ms_.store(ToMillis(now)); }
  void Advance(absl::Duration by) { now_ms_.fetch_add(absl::ToInt64Milliseconds(by)); }

 private:
  std::atomic<int64_t> now_ms_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SUPPORT_FAKE_CLOCK_H_
