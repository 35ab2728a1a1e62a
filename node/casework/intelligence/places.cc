#include "node/casework/intelligence/places.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

constexpr size_t kOfficialColumns = 12, kShortColumns = 9;

// "4234N": degrees of `digits` - 2, minutes of two digits.
std::optional<double> Angle(std::string_view text, size_t digits, char plus, char minus, int most) {
  if (text.size() != digits + 1 || !AllDigits(text.substr(0, digits))) return std::nullopt;
  const char side = text.back();
  if (side != plus && side != minus) return std::nullopt;
  int degrees = 0, minutes = 0;
  for (char c : text.substr(0, digits - 2)) degrees = degrees * 10 + (c - '0');
  for (char c : text.substr(digits - 2, 2)) minutes = minutes * 10 + (c - '0');
  if (minutes > 59 || degrees * 60 + minutes > most * 60) return std::nullopt;
  const double value = degrees + minutes / 60.0;
  return side == plus ? value : -value;
}

std::optional<v1::GeoPoint> Decimal(const std::string& lat, const std::string& lon) {
  v1::GeoPoint geo;
  double a = 0, b = 0;
  if (!absl::SimpleAtod(lat, &a) || !absl::SimpleAtod(lon, &b)) return std::nullopt;
  if (!(a >= -90 && a <= 90 && b >= -180 && b <= 180)) return std::nullopt;
  geo.set_lat(a);
  geo.set_lon(b);
  return geo;
}

bool IsCode(std::string_view code) {
  return code.size() == 5 &&
         std::all_of(code.begin(), code.begin() + 2, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         std::all_of(code.begin() + 2, code.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '9'); });
}

// The release is in Windows-1252, other lists in UTF-8.
std::string Text(std::string_view said) {
  v1::Place place, again;
  place.set_name(std::string(said));
  const bool utf8 = again.ParseFromString(place.SerializeAsString());
  return utf8 ? place.name() : FromWindows1252(said);
}

}  // namespace

std::optional<v1::GeoPoint> ReadCoordinates(std::string_view text) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto lat = Angle(text.substr(0, space), 4, 'N', 'S', 90);
  const auto lon = Angle(text.substr(space + 1), 5, 'E', 'W', 180);
  if (!lat || !lon) return std::nullopt;
  v1::GeoPoint geo;
  geo.set_lat(*lat);
  geo.set_lon(*lon);
  return geo;
}

absl::Status Places::Add(std::string_view code, std::string_view name, std::string_view admin,
                         std::optional<v1::GeoPoint> geo) {
  if (places_.size() == limits::kMaxPlaces) {
    return OverLimit("CSV_TOO_LARGE",
                     absl::StrFormat("the list has more than %u places", limits::kMaxPlaces));
  }
  v1::Place place;
  place.set_unlocode(std::string(code));
  place.set_country(std::string(code.substr(0, 2)));
  place.set_name(Text(name));
  place.set_admin(Text(admin));
  if (geo) *place.mutable_geo() = *geo;
  places_.insert_or_assign(std::string(code), std::move(place));
  return absl::OkStatus();
}

void Places::TellUnreadable(size_t line) {
  if (unreadable_++ == 0) first_unreadable_ = line;
}

absl::StatusOr<Places> Places::FromCsv(std::string_view text) {
  std::vector<size_t> lines;
  auto rows = ParseCsv(text, {limits::kMaxPlacesBytes, limits::kMaxPlaces + 1}, &lines);
  if (!rows.ok()) return rows.status();
  Places places;
  const bool brief = !rows->empty() && rows->front().front() == "locode";
  for (size_t i = brief ? 1 : 0; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.size() != (brief ? kShortColumns : kOfficialColumns)) {
      return InputError("BAD_CSV",
                        absl::StrFormat("line %u has %u cells; the release has %u, the short form "
                                        "%u and a header",
                                        lines[i], row.size(), kOfficialColumns, kShortColumns));
    }
    if (brief) {
      if (!IsCode(row[0])) continue;
      const auto geo = Decimal(row[6], row[7]);
      if (!geo && !(row[6].empty() && row[7].empty())) places.TellUnreadable(lines[i]);
      PALERMO_RETURN_IF_ERROR(places.Add(row[0], row[2], row[3], geo));
      continue;
    }
    const std::string code = Cat({row[1], row[2]});
    // "X": to be removed in the next release. A country's own line has no location.
    if (row[0] == "X" || !IsCode(code)) continue;
    const std::string& name = row[4].empty() ? row[3] : row[4];
    const auto geo = ReadCoordinates(row[10]);
    if (!geo && !row[10].empty()) places.TellUnreadable(lines[i]);
    PALERMO_RETURN_IF_ERROR(places.Add(code, name, row[5], geo));
  }
  if (places.size() == 0) {
    return InputError("BAD_CSV", "no line has a UN/LOCODE; is this the release's CSV form?");
  }
  return places;
}

const v1::Place* Places::Find(std::string_view unlocode) const {
  const auto found = places_.find(unlocode);
  return found == places_.end() ? nullptr : &found->second;
}

v1::Place Completed(const v1::Place& place, const Places* places) {
  const v1::Place* known = places == nullptr ? nullptr : places->Find(place.unlocode());
  if (known == nullptr) return place;
  v1::Place out = *known;
  out.MergeFrom(place);
  return out;
}

}  // namespace palermo::casework
