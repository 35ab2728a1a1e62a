// Reports in files: drafts, bodies and tables, read and written by the commands of `route`.
#ifndef PALERMO_NODE_CLI_ROUTE_FILES_H_
#define PALERMO_NODE_CLI_ROUTE_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

using Reports = std::vector<v1::RouteReport>;

// A draft of the report, as `case draft` and `route report` take it.
std::string DraftOf(const v1::RouteReport& report, const std::vector<std::string>& to);
// The reports on routes in a table or in JSON.
absl::StatusOr<Reports> LoadReports(const std::string& path);
// The same as bodies, and whatever else of intelligence the file holds.
absl::StatusOr<std::vector<v1::CaseBody>> LoadBodies(const std::string& path);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_ROUTE_FILES_H_
