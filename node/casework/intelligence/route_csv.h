// Route reports as a table: one line for each leg. docs/formats/intelligence.md. What leaves goes
// through the policy function first (route_export.h). Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_CSV_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_CSV_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

// Failure: BAD_CSV, CSV_TOO_LARGE; PERSONAL_DATA for a column that names people; UNKNOWN_COLUMN.
absl::StatusOr<std::vector<v1::RouteReport>> RoutesFromCsv(std::string_view text);
// What it writes is read back. Values that no cell can say, such as an identifier without a scheme,
// are left out: `left_out`, unless it is null, gets their paths.
std::string RoutesToCsv(const std::vector<const v1::RouteReport*>& reports,
                        std::vector<std::string>* left_out = nullptr);

// From JSON: one report, a list, or a body or draft that holds one. Failure: BAD_JSON;
// PERSONAL_DATA with the member's path.
absl::StatusOr<std::vector<v1::RouteReport>> RoutesFromJson(const std::string& text);

// A report of a state to start from, in which every text is an example: fictional.
v1::RouteReport RouteTemplate(const std::string& originator = "QN",
                              const std::vector<std::string>& release_states = {"QM"});

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_CSV_H_
