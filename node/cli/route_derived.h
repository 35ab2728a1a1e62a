// Products: reports that were made from records of others. Their label is at least as strict as
// each of theirs (domain 4.7: derived products inherit the union of the restrictions).
#ifndef PALERMO_NODE_CLI_ROUTE_DERIVED_H_
#define PALERMO_NODE_CLI_ROUTE_DERIVED_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "node/cli/command.h"
#include "node/cli/session.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

// Names of records, like QN:R-2026-001/1, that stand in the texts of a report.
std::set<std::string> CitedRecords(const v1::CaseBody& body);

// Makes the label of our report as strict as those of the records `from`, and of others' records
// that its texts cite, as the casebook has them; tells what changed. UNKNOWN_RECORD for one of
// `from` that is not there; NOT_RELEASED where nothing may be made of them.
absl::Status InheritLabels(const std::vector<std::string>& from, Session& session,
                           v1::CaseBody& body, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_ROUTE_DERIVED_H_
