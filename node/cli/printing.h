// Before a message goes on paper: what its label or its day of deletion says against that.
#ifndef PALERMO_NODE_CLI_PRINTING_H_
#define PALERMO_NODE_CLI_PRINTING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "node/cli/command.h"
#include "node/cli/reading.h"

namespace palermo::cli {

// Items of a result whose `delete_by` is over: "1".
std::vector<std::string> ItemsToDelete(const v1::CaseBody& body, absl::Time now);
// PAST_DELETE_BY, and of which items.
absl::Status CheckNotToDelete(const v1::CaseBody& body, absl::Time now);
// A record of intelligence asks its label, with --purpose and --reason, as the casebook does; where
// its originator took it back, only that is left in `read`, and nobody is asked. What was to be
// deleted is printed by who sent it alone, or with --hold. An exculpatory notice always is.
// REQUIRES: opened. USAGE, NOT_RELEASED, PAST_DELETE_BY, NOT_IN_CASEBOOK,
// and what the casebook fails with: on paper nothing is called back.
absl::Status PrepareToPrint(const Args& args, Session& session, const std::string& id, Read& read,
                            Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_PRINTING_H_
