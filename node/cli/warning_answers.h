// What an officer answers for in spite of a warning: --override RULE=REASON, the same on every
// command that takes it.
#ifndef PALERMO_NODE_CLI_WARNING_ANSWERS_H_
#define PALERMO_NODE_CLI_WARNING_ANSWERS_H_

#include "absl/status/status.h"
#include "node/cli/command.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

Option OverrideOption();
// Adds what --override says to the body. USAGE; PERSONAL_DATA for a reason that tells of a person:
// whoever reads the record reads it.
absl::Status AnswerWarnings(const Args& args, v1::CaseBody* body);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_WARNING_ANSWERS_H_
