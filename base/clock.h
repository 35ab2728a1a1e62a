// Time comes in through a Clock, so that a simulation and a test can drive it.
#ifndef PALERMO_BASE_CLOCK_H_
#define PALERMO_BASE_CLOCK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace palermo {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() override;
};

// Milliseconds since 1970-01-01T00:00:00Z: the unit of every time in a format of ours.
int64_t ToMillis(absl::Time time);
absl::Time FromMillis(int64_t millis);

// ISO 8601 in UTC with zone, to the second: "2026-03-02T09:00:00Z".
std::string FormatInstant(absl::Time time);
// Accepts ISO 8601 with zone, or a date alone (midnight UTC).
absl::StatusOr<absl::Time> ParseInstant(const std::string& text);
// The same for the end of something: a date alone lasts until its last second, UTC.
absl::StatusOr<absl::Time> ParseEnd(const std::string& text);
// When what lasts until `text` is over: then, or for a date alone at the midnight after it, UTC.
absl::StatusOr<absl::Time> ParseOver(const std::string& text);
// Whether what lasts until `end` is over at `at`: a date alone means the whole day. False for no
// time.
bool IsAfterEnd(const std::string& end, absl::Time at);
// Whether `to` ends before `from` begins: a date alone means the whole day. False unless both are
// times.
bool IsReversed(const std::string& from, const std::string& to);

}  // namespace palermo

#endif  // PALERMO_BASE_CLOCK_H_
