#include "node/casework/intelligence/sightings.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr absl::Duration kFresh = absl::Hours(24);

struct Range {
  int low = 0, high = 0;
};
// The numbers that these digits may mean: an X is any digit.
std::optional<Range> Numbers(std::string_view digits, int least, int most) {
  Range range;
  for (const char c : digits) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (!digit && c != 'X') return std::nullopt;
    range.low = range.low * 10 + (digit ? c - '0' : 0);
    range.high = range.high * 10 + (digit ? c - '0' : 9);
  }
  range = {std::max(range.low, least), std::min(range.high, most)};
  return range.low > range.high ? std::nullopt : std::make_optional(range);
}

int LastSeenOf(int year, int month) {
  return (absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1).day();
}

std::optional<TimeSpan> ReadPartial(std::string_view text) {
  if (!text.empty() && OneOf(text.substr(text.size() - 1), {"?", "~", "%"})) text.remove_suffix(1);
  const bool month_said = text.size() >= 7, day_said = text.size() == 10;
  if ((text.size() != 4 && text.size() != 7 && !day_said) || (month_said && text[4] != '-') ||
      (day_said && text[7] != '-')) {
    return std::nullopt;
  }
  const auto year = Numbers(text.substr(0, 4), 1, 9999);
  const auto month = month_said ? Numbers(text.substr(5, 2), 1, 12) : Range{1, 12};
  if (!year || !month) return std::nullopt;
  const int last = LastSeenOf(year->high, month->high);
  const auto day = day_said ? Numbers(text.substr(8, 2), 1, last) : Range{1, last};
  if (!day) return std::nullopt;
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilDay first(year->low, month->low, day->low);
  const absl::CivilDay end(year->high, month->high, day->high);
  return TimeSpan{absl::FromCivil(first, utc), absl::FromCivil(end + 1, utc) - absl::Seconds(1)};
}

bool IsRisk(const std::string& word) { return !IsBlank(word) && word != "NONE"; }

template <typename List>
bool HasRisk(const List& words) {
  return std::any_of(words.begin(), words.end(), IsRisk);
}

std::optional<absl::Time> NewestSighting(const v1::RouteReport& report) {
  std::optional<absl::Time> newest;
  const auto take = [&](const std::string& text) {
    const auto seen = ReadSighting(text);
    if (seen && (!newest || seen->end > *newest)) newest = seen->end;
  };
  take(report.period().last_seen());
  for (const v1::RouteLeg& leg : report.legs()) take(leg.seen_at());
  return newest;
}

// Where people were seen in danger last. Nothing for a report without legs.
const v1::RouteLeg* LegInDanger(const v1::RouteReport& report) {
  const std::vector<int> order = InOrder(report);
  const v1::RouteLeg* found = nullptr;
  std::optional<TimeSpan> newest;
  for (const int i : order) {
    const v1::RouteLeg& leg = report.legs(i);
    if (!HasRisk(leg.risk_to_life())) continue;
    const auto seen = ReadSighting(leg.seen_at());
    if (newest && (!seen || seen->end < newest->end)) continue;
    found = &leg;
    newest = seen;
  }
  if (found != nullptr || order.empty()) return found;
  return &report.legs(order.back());
}

bool IsSaid(const v1::Place& place) {
  return place.has_geo() || !place.unlocode().empty() || !IsBlank(place.name());
}

}  // namespace

std::optional<TimeSpan> ReadSighting(const std::string& text) {
  const auto exact = ParseInstant(text);
  if (!exact.ok()) return ReadPartial(text);
  return TimeSpan{*exact, *ParseEnd(text)};  // a day without a time lasts to its end
}

Danger DangerOf(const v1::RouteReport& report, const std::string& now) {
  const auto& actions = report.actions();
  const bool given = std::any_of(actions.begin(), actions.end(), [](const std::string& action) {
    return OneOf(action, {"SAR_ALERT", "HUMANITARIAN_ALERT"});
  });
  const bool risk =
      HasRisk(report.risk_to_life()) ||
      std::any_of(report.legs().begin(), report.legs().end(),
                  [](const v1::RouteLeg& leg) { return HasRisk(leg.risk_to_life()); });
  if (!risk || given) return Danger::kNone;
  const auto moment = ParseInstant(now);
  if (!moment.ok()) return Danger::kPast;  // a reader without a clock can say nothing of it
  const auto newest = NewestSighting(report);
  if (!newest) return Danger::kUndated;
  return *moment - *newest < kFresh ? Danger::kRecent : Danger::kPast;
}

bool NeedsRescueAlert(const v1::RouteReport& report, const std::string& now) {
  const Danger danger = DangerOf(report, now);
  return danger == Danger::kRecent || danger == Danger::kUndated;
}

namespace {

// Where to look for who is on a leg. A port of destination is no position: without one it says so,
// lest the harbour be searched.
v1::Place LastPlaceOf(const v1::RouteLeg& leg) {
  if (!IsSaid(leg.to())) return leg.from();
  v1::Place place = leg.to();
  if (place.has_geo() || !IsSaid(leg.from())) return place;
  const std::string from =
      leg.from().unlocode().empty() ? leg.from().name() : leg.from().unlocode();
  place.set_name(Cat({place.name(), place.name().empty() ? "" : ", ", "on the way there",
                      from.empty() ? "" : " from ", from, ", no position known"}));
  return place;
}

}  // namespace

v1::RescueAlert ProposeRescueAlert(const v1::RouteReport& report) {
  v1::RescueAlert alert;
  alert.set_report_id(report.route_id());
  alert.set_last_seen(report.period().last_seen());
  alert.set_persons_min(report.persons_observed().min());
  alert.set_persons_max(report.persons_observed().max());
  if (report.persons_observed().has_children()) {
    alert.set_children(report.persons_observed().children() > 0);
  }
  std::set<std::string> told;
  const auto tell = [&](const auto& words) {
    for (const std::string& risk : words) {
      if (IsRisk(risk) && told.insert(risk).second) alert.add_risk_to_life(risk);
    }
  };
  tell(report.risk_to_life());
  for (const v1::RouteLeg& leg : report.legs()) tell(leg.risk_to_life());
  const v1::RouteLeg* leg = LegInDanger(report);
  if (leg == nullptr) return alert;
  *alert.mutable_last_place() = LastPlaceOf(*leg);
  if (leg->has_conveyance()) *alert.mutable_conveyance() = leg->conveyance();
  if (ReadSighting(leg->seen_at())) alert.set_last_seen(leg->seen_at());
  return alert;
}

}  // namespace palermo::casework
