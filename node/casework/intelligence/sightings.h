// When something was seen, as exactly as anybody knows, and whether a danger to life is recent:
// R-SOM-08. docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_SIGHTINGS_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_SIGHTINGS_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

// From the first moment that a date may mean to the last second.
struct TimeSpan {
  absl::Time begin, end;
};
// An instant with its zone, a day, or a date of ISO 8601-2 level 1 as far as years, months and
// days: "2025", "2025-10", "2025-10-XX", "2025-10-03?". Nothing for what no calendar has.
std::optional<TimeSpan> ReadSighting(const std::string& text);

enum class Danger : uint8_t {
  kNone,     // no danger to life, or a rescue alert was given
  kPast,     // the newest sighting is 24 hours old or older
  kUndated,  // no sighting has a time that can be read
  kRecent
};
// By the newest sighting of the report and of its legs; what is not exact counts to its end.
Danger DangerOf(const v1::RouteReport& report, const std::string& now);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_SIGHTINGS_H_
