// Route reports for other systems: GeoJSON, STIX 2.1, CSV. Each report asks the policy function
// before it leaves; what is sealed for investigators (selectors of communication) never does.
// docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_EXPORT_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_EXPORT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/intelligence/places.h"
#include "node/casework/intelligence/policy.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

struct ExportItem {
  const v1::RouteReport* report = nullptr;  // not owned
  RecordFacts facts;
};
struct ExportRequest {
  std::vector<ExportItem> items;
  Asker asker;
  std::string to_state;  // "": for nobody in particular
  absl::Time now;
  const Places* places = nullptr;  // not owned; null: coordinates of the reports only
};
struct Exported {
  std::string text;
  struct Withheld {
    std::string route_id;
    std::string_view clause, todo;
  };
  std::vector<Withheld> withheld;
  // Members of the reports for which the format has no place: "legs.price", "network".
  std::vector<std::string> left_out;
  // GeoJSON: places without which a leg has no line: "QTMBA", "a beach", "R-1 legs[0].from".
  std::vector<std::string> no_coordinates;
  // STIX: ids of reports that another one of the export has, with its version and originator, and
  // that say something else.
  std::vector<std::string> doubles;
};

Exported ExportCsv(const ExportRequest& request);
Exported ExportGeoJson(const ExportRequest& request);
// The UUID of a name: the same name has the same, in every export. RFC 9562, version 5.
using UuidOf = std::function<std::string(std::string_view name)>;
// The same reports give the same objects, whenever they leave: who imports them twice has them
// once.
Exported ExportStix(const ExportRequest& request, const UuidOf& uuid);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_EXPORT_H_
