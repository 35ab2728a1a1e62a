#include "node/desk/clock_policy.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/desk/files.h"
#include "node/desk/json_reader.h"

namespace palermo::desk {
namespace {

constexpr char kFile[] = "/clocks.json";
constexpr char kNoDecision[] = "names the agreement of the two states: its reference and date";
constexpr std::pair<const char*, absl::Weekday> kDays[] = {
    {"MONDAY", absl::Weekday::monday},       {"TUESDAY", absl::Weekday::tuesday},
    {"WEDNESDAY", absl::Weekday::wednesday}, {"THURSDAY", absl::Weekday::thursday},
    {"FRIDAY", absl::Weekday::friday},       {"SATURDAY", absl::Weekday::saturday},
    {"SUNDAY", absl::Weekday::sunday}};

absl::StatusOr<absl::CivilDay> ParseDay(const std::string& text) {
  absl::CivilDay day;
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return day;
  return InputError("BAD_JSON", Cat({"'", text, "' is no date; write it as 2026-12-25"}));
}

// A name of the time zone database, and no path: the library would open any file.
bool IsZoneName(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name[0] != '/' && std::all_of(name.begin(), name.end(), allowed);
}

absl::StatusOr<absl::TimeZone> ParseZone(const std::string& name) {
  absl::TimeZone zone;
  if (IsZoneName(name) && absl::LoadTimeZone(name, &zone)) return zone;
  return InputError("BAD_JSON", Cat({"'", name,
                                     "' is no time zone that this machine knows; "
                                     "write it as Europe/Rome"}));
}

std::pair<std::string, std::string> PairOf(std::string a, std::string b) {
  if (b < a) std::swap(a, b);
  return {a, b};
}

void TakePair(JsonReader& json,
              std::map<std::pair<std::string, std::string>, casework::PairPolicy>* pairs) {
  const std::vector<std::string> states = json.Texts("states");
  if (states.size() != 2 || !IsStateCode(states[0]) || !IsStateCode(states[1])) {
    json.Fail("states", "must be two state codes");
    return;
  }
  casework::PairPolicy& policy = (*pairs)[PairOf(states[0], states[1])];
  for (const auto& [clock, text] : json.TextMap("limits")) {
    const auto limit = ParseLimit(text);
    if (!limit.ok()) json.Fail(Cat({"limits.", clock}), limit.status());
    if (!limit.ok()) continue;
    const absl::Status set = policy.Set(clock, *limit);
    if (!set.ok()) json.Fail(Cat({"limits.", clock}), set);
  }
  // One desk's file is no agreement: it names where the two states wrote theirs down.
  const std::string decision = json.Text("decision");
  if (absl::StripAsciiWhitespace(decision).empty()) json.Fail("decision", kNoDecision);
  policy.SetDecision(decision);
}

void TakeDays(JsonReader& json, casework::Calendar* calendar) {
  if (json.Has("rest_days")) calendar->rest_days.clear();
  for (const std::string& name : json.Texts("rest_days")) {
    const auto found = std::find_if(std::begin(kDays), std::end(kDays),
                                    [&](const auto& day) { return day.first == name; });
    if (found == std::end(kDays)) json.Fail("rest_days", Cat({"'", name, "' is no weekday"}));
    if (found != std::end(kDays)) calendar->rest_days.insert(found->second);
  }
  if (calendar->rest_days.size() == std::size(kDays)) {
    json.Fail("rest_days", "some day must be a working day");
  }
  const std::vector<std::string> holidays = json.Texts("holidays");
  if (holidays.size() > limits::kMaxHolidaysPerAuthority) {
    json.Fail("holidays", "too many; give those of the next two years");
  }
  for (const std::string& text : holidays) {
    const auto day = ParseDay(text);
    if (!day.ok()) json.Fail("holidays", day.status());
    if (day.ok()) calendar->holidays.insert(*day);
  }
}

void TakeCalendar(JsonReader& json, std::map<std::string, casework::Calendar>* calendars) {
  const std::string state = json.Text("state");
  if (!IsStateCode(state)) json.Fail("state", "must be a state code");
  casework::Calendar calendar;
  const std::string zone = json.TextOr("time_zone", "");
  if (!zone.empty()) {
    const auto parsed = ParseZone(zone);
    if (!parsed.ok()) json.Fail("time_zone", parsed.status());
    if (parsed.ok()) calendar.zone = *parsed;
  }
  TakeDays(json, &calendar);
  (*calendars)[state] = std::move(calendar);
}

// As the state itself says it in its signed directory.
casework::Calendar CalendarIn(const v1::Cooperation& cooperation) {
  casework::Calendar calendar;
  const auto zone = ParseZone(cooperation.time_zone());
  if (zone.ok()) calendar.zone = *zone;
  for (const std::string& text : cooperation.holidays()) {
    const auto day = ParseDay(text);
    if (day.ok()) calendar.holidays.insert(*day);
  }
  if (cooperation.working_hours().empty()) return calendar;
  std::set<absl::Weekday> rest;
  for (size_t i = 0; i < std::size(kDays); ++i) {
    const auto works = [&](const v1::WorkingHours& hours) {
      return hours.first_weekday() <= i + 1 && i + 1 <= hours.last_weekday();
    };
    const auto& all = cooperation.working_hours();
    if (std::none_of(all.begin(), all.end(), works)) rest.insert(kDays[i].second);
  }
  if (rest.size() < std::size(kDays)) calendar.rest_days = rest;
  return calendar;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseLimit(const std::string& text) {
  int64_t count = 0;
  if (text.size() >= 2 && absl::SimpleAtoi(text.substr(0, text.size() - 1), &count) && count > 0 &&
      count <= 1000000) {
    switch (text.back()) {
      case 's':
        return absl::Seconds(count);
      case 'm':
        return absl::Minutes(count);
      case 'h':
        return absl::Hours(count);
      case 'd':
        return absl::Hours(24 * count);
      default:
        break;
    }
  }
  return InputError("BAD_CLOCK", Cat({"'", text, "' is no limit; write it as 24h or 10d"}));
}

std::string LimitText(absl::Duration limit) {
  const int64_t seconds = absl::ToInt64Seconds(limit);
  if (seconds % 86400 == 0) return absl::StrFormat("%d d", seconds / 86400);
  if (seconds % 3600 == 0) return absl::StrFormat("%d h", seconds / 3600);
  return seconds % 60 == 0 ? absl::StrFormat("%d min", seconds / 60)
                           : absl::StrFormat("%d s", seconds);
}

absl::StatusOr<ClockPolicy> ClockPolicy::Parse(const std::string& json, const std::string& what) {
  PALERMO_ASSIGN_OR_RETURN(JsonReader reader, JsonReader::Parse(json, what));
  ClockPolicy policy;
  for (JsonReader& pair : reader.Objects("pairs")) TakePair(pair, &policy.pairs_);
  for (JsonReader& state : reader.Objects("calendars")) TakeCalendar(state, &policy.calendars_);
  PALERMO_RETURN_IF_ERROR(reader.Finish());
  return policy;
}

absl::StatusOr<ClockPolicy> ClockPolicy::Load(const std::string& home) {
  const std::string path = Cat({home, kFile});
  if (!FileExists(path)) return ClockPolicy();
  PALERMO_ASSIGN_OR_RETURN(std::string json, ReadFile(path, limits::kMaxRequestFileBytes));
  return Parse(json, path);
}

absl::Status ClockPolicy::Save(const std::string& home, const std::string& json,
                               const std::string& what) {
  PALERMO_RETURN_IF_ERROR(Parse(json, what).status());
  return WriteFileAtomic(Cat({home, kFile}), json, 0600);
}

std::string ClockPolicy::Template() {
  return R"({
  "//pairs": "what two states have agreed: only clocks of policy; s, m, h and d are units",
  "pairs": [
    {"states": ["QM", "QT"], "decision": "reference and date of the agreement of the two states",
     "limits": {"R-CLK-ACK": "5d", "R-CLK-ACK.URGENT": "24h", "R-CLK-ACK.EMERGENCY_LIFE": "1h",
                "R-CLK-ORAL": "24h", "R-CLK-FWD": "10d",
                "R-CLK-STATUS": "10d", "R-CLK-STATUS.AGAIN": "30d", "R-CLK-CONSULT": "30d", "R-CLK-PST": "180d",
                "R-AR-08": "30d", "R-CLK-FLAG": "4h", "R-SEA-03": "24h", "T9": "90d", "T28": "60d"}}
  ],
  "//calendars": "of a state whose directory does not give it, or gives it wrongly",
  "calendars": [
    {"state": "QT", "time_zone": "UTC", "rest_days": ["SATURDAY", "SUNDAY"],
     "holidays": ["2026-12-25", "2027-01-01"]}
  ]
}
)";
}

casework::Calendar ClockPolicy::CalendarOf(const std::string& authority,
                                           const trust::TrustView* view) const {
  const std::string state = StateOf(authority);
  const auto own = calendars_.find(state);
  if (own != calendars_.end()) return own->second;
  if (view == nullptr) return {};
  const auto directory = view->DirectoryOf(state);
  const v1::AuthorityEntry* entry =
      directory.ok() ? (*directory)->FindAuthority(authority) : nullptr;
  return entry == nullptr ? casework::Calendar() : CalendarIn(entry->cooperation());
}

absl::StatusOr<absl::Duration> OralLimit(const std::string& home, const std::string& requesting,
                                         const std::string& requested) {
  PALERMO_ASSIGN_OR_RETURN(ClockPolicy all, ClockPolicy::Load(home));
  const auto rules = casework::ClockRules();
  const auto oral = std::find_if(rules.begin(), rules.end(),
                                 [](const auto& rule) { return rule.id == "R-CLK-ORAL"; });
  PALERMO_CHECK(oral != rules.end());
  return all.For(requesting, requested, nullptr).LimitOf(*oral, v1::Urgency::URGENT);
}

casework::PairPolicy ClockPolicy::For(const std::string& requesting, const std::string& requested,
                                      const trust::TrustView* view) const {
  const auto pair = pairs_.find(PairOf(StateOf(requesting), StateOf(requested)));
  casework::PairPolicy policy = pair == pairs_.end() ? casework::PairPolicy() : pair->second;
  policy.SetCalendar(casework::Side::kRequesting, CalendarOf(requesting, view));
  policy.SetCalendar(casework::Side::kRequested, CalendarOf(requested, view));
  return policy;
}

}  // namespace palermo::desk
