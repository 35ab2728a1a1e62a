#include "base/clock.h"

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/status.h"

namespace palermo {

absl::Time SystemClock::Now() { return absl::Now(); }

int64_t ToMillis(absl::Time time) { return absl::ToUnixMillis(time); }
absl::Time FromMillis(int64_t millis) { return absl::FromUnixMillis(millis); }

std::string FormatInstant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> ParseInstant(const std::string& text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime("%Y-%m-%dT%H:%M:%E*S%Ez", text, &time, &error)) return time;
  if (absl::ParseTime("%Y-%m-%d", text, &time, &error)) return time;
  return InputError("BAD_TIME",
                    Cat({"'", text, "' is not a time; write 2026-03-02T09:00:00Z or 2026-03-02"}));
}

absl::StatusOr<absl::Time> ParseEnd(const std::string& text) {
  constexpr size_t kDateOnly = std::string_view("2026-03-02").size();
  PALERMO_ASSIGN_OR_RETURN(absl::Time time, ParseInstant(text));
  return text.size() == kDateOnly ? time + absl::Hours(24) - absl::Seconds(1) : time;
}

}  // namespace palermo
