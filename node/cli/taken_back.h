// Reports that are read as messages after their originator took them back.
#ifndef PALERMO_NODE_CLI_TAKEN_BACK_H_
#define PALERMO_NODE_CLI_TAKEN_BACK_H_

#include "absl/status/statusor.h"
#include "node/casebook/casebook.h"
#include "node/casebook/content.h"
#include "node/cli/command.h"
#include "node/cli/reading.h"

namespace palermo::cli {

// Of a report that was recalled or replaced leaves name and label in `read`, and by what that was.
// The casebook is brought up to date first. Where it cannot be, that is told, and the report is
// shown: a threat to life must be readable.
void HideTakenBack(Session& session, Read& read, Context& context);
// The same by a casebook that was brought up to date; whether it was taken back.
absl::StatusOr<bool> HideIfTakenBack(casebook::Casebook& book, const casebook::Content& report,
                                     Read& read);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_TAKEN_BACK_H_
