#include "base/clock.h"

#include <optional>
#include <string_view>

#include "absl/time/civil_time.h"
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

namespace {

// The number that two digits write; -1 for anything else.
int TwoDigits(const char* at) {
  const auto tens = static_cast<unsigned>(at[0] - '0'), ones = static_cast<unsigned>(at[1] - '0');
  return tens > 9 || ones > 9 ? -1 : static_cast<int>(tens * 10 + ones);
}

// The two forms that nearly every text has: 2026-03-02 and 2026-03-02T09:00:00Z. The general parser
// takes what this does not.
std::optional<absl::Time> ParseCommon(std::string_view text) {
  constexpr size_t kDay = 10, kSecond = 20;
  if (text.size() != kDay && text.size() != kSecond) return std::nullopt;
  const char* at = text.data();
  const int century = TwoDigits(at), year = TwoDigits(at + 2);
  const int month = TwoDigits(at + 5), day = TwoDigits(at + 8);
  if (century < 0 || year < 0 || month < 1 || day < 1 || at[4] != '-' || at[7] != '-') {
    return std::nullopt;
  }
  const absl::CivilDay date(century * 100 + year, month, day);
  // The calendar carries an impossible date over: that is none.
  if (date.month() != month || date.day() != day) return std::nullopt;
  int64_t seconds = (date - absl::CivilDay(1970, 1, 1)) * 86400;
  if (text.size() == kSecond) {
    const int hour = TwoDigits(at + 11), minute = TwoDigits(at + 14), second = TwoDigits(at + 17);
    const bool good = at[10] == 'T' && at[13] == ':' && at[16] == ':' && at[19] == 'Z' &&
                      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                      second < 60;
    if (!good) return std::nullopt;
    seconds += hour * 3600 + minute * 60 + second;
  }
  return absl::FromUnixSeconds(seconds);
}

// Blanks around a time and the words "infinite-future" and "infinite-past" are Abseil's, no times
// of ISO 8601; a year beyond the calendar becomes infinite too.
std::optional<absl::Time> ParseGeneral(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const char last = text.back();
  if (!is_digit(text.front()) || !(is_digit(last) || last == 'Z' || last == 'z')) {
    return std::nullopt;
  }
  absl::Time time;
  std::string error;
  for (const char* form : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M%Ez", "%Y-%m-%d"}) {
    if (!absl::ParseTime(form, text, &time, &error)) continue;
    if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
    return time;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<absl::Time> ParseInstant(const std::string& text) {
  if (const auto common = ParseCommon(text)) return *common;
  if (text.empty()) {
    return InputError("BAD_TIME", "no time is given; write 2026-03-02T09:00:00Z or 2026-03-02");
  }
  constexpr size_t kLongestBytes = 64;
  if (text.size() > kLongestBytes) {
    return InputError("BAD_TIME", Cat({"a text of ", std::to_string(text.size()),
                                       " bytes is not a time; write 2026-03-02T09:00:00Z"}));
  }
  if (const auto time = ParseGeneral(text)) return *time;
  return InputError("BAD_TIME",
                    Cat({"'", text, "' is not a time; write 2026-03-02T09:00:00Z or 2026-03-02"}));
}

namespace {

bool IsDateOnly(const std::string& text) {
  return text.size() == std::string_view("2026-03-02").size();
}

}  // namespace

absl::StatusOr<absl::Time> ParseOver(const std::string& text) {
  PALERMO_ASSIGN_OR_RETURN(absl::Time time, ParseInstant(text));
  return IsDateOnly(text) ? time + absl::Hours(24) : time;
}

absl::StatusOr<absl::Time> ParseEnd(const std::string& text) {
  PALERMO_ASSIGN_OR_RETURN(absl::Time over, ParseOver(text));
  return IsDateOnly(text) ? over - absl::Seconds(1) : over;
}

bool IsAfterEnd(const std::string& end, absl::Time at) {
  const auto over = ParseOver(end);
  return over.ok() && at >= *over;
}

bool IsReversed(const std::string& from, const std::string& to) {
  const auto begin = ParseInstant(from), over = ParseOver(to);
  if (!begin.ok() || !over.ok()) return false;
  return IsDateOnly(to) ? *begin >= *over : *begin > *over;
}

}  // namespace palermo
