// Reports that are read as messages after their originator took them back.
#ifndef PALERMO_NODE_CLI_TAKEN_BACK_H_
#define PALERMO_NODE_CLI_TAKEN_BACK_H_

#include "absl/status/statusor.h"
#include "node/casebook/casebook.h"
#include "node/casebook/content.h"
#include "node/cli/reading.h"

namespace palermo::cli {

// Of a report that was recalled or replaced leaves name and label in `read`, and by what that was,
// by a casebook that was brought up to date; whether it was.
absl::StatusOr<bool> HideIfTakenBack(casebook::Casebook& book, const casebook::Content& report,
                                     Read& read);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_TAKEN_BACK_H_
