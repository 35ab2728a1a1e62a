// Places by UN/LOCODE: an importer for UN/CEFACT's release and for a short form. palermo contains
// no list. docs/formats/intelligence.md. Pure; thread-safe when constant.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_PLACES_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_PLACES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

class Places {
 public:
  // Either form, by its first line, in UTF-8 or Windows-1252. Lines of countries and of places
  // without a code are skipped; an entry that is marked for removal is left out. Failure: BAD_CSV,
  // CSV_TOO_LARGE.
  static absl::StatusOr<Places> FromCsv(std::string_view text);

  // With name, country and coordinates as far as the list has them.
  const v1::Place* Find(std::string_view unlocode) const;
  size_t size() const { return places_.size(); }
  // Entries whose coordinates cannot be read, kept without; the line of the first.
  size_t unreadable() const { return unreadable_; }
  size_t first_unreadable() const { return first_unreadable_; }

 private:
  absl::Status Add(std::string_view code, std::string_view name, std::string_view admin,
                   std::optional<v1::GeoPoint> geo);
  void TellUnreadable(size_t line);

  std::map<std::string, v1::Place, std::less<>> places_;
  size_t unreadable_ = 0, first_unreadable_ = 0;
};

// "4234N 00135E" in degrees and minutes.
std::optional<v1::GeoPoint> ReadCoordinates(std::string_view text);
// What the report says, completed from the list; its own coordinates stay.
v1::Place Completed(const v1::Place& place, const Places* places);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_PLACES_H_
