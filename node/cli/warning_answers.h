// What an officer answers for in spite of a warning: --override RULE=REASON, the same on every
// command that takes it.
#ifndef PALERMO_NODE_CLI_WARNING_ANSWERS_H_
#define PALERMO_NODE_CLI_WARNING_ANSWERS_H_

#include <string>

#include "absl/status/status.h"
#include "node/cli/command.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

Option OverrideOption();
// Adds what --override says to the body. USAGE; PERSONAL_DATA for a reason that tells of a person:
// whoever reads the record reads it.
absl::Status AnswerWarnings(const Args& args, v1::CaseBody* body);

// A record is passed on with the answers that came with it: of those that name no state, says that
// they are the state's that sent it here. `own`: our state, whose answers name none.
void KeepWhoAnswered(const std::string& sender, const std::string& own, v1::CaseBody* body);
// "The author in QN overrode R-INT-04: he is the organiser"; a rule that a later version of another
// state's program has is said to be unknown.
std::string AnswerLine(const v1::OverriddenFinding& entry);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_WARNING_ANSWERS_H_
