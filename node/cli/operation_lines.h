// Joint operations among the cases: one line for each, whatever number of mails it has.
#ifndef PALERMO_NODE_CLI_OPERATION_LINES_H_
#define PALERMO_NODE_CLI_OPERATION_LINES_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/command.h"
#include "node/cli/session.h"
#include "node/desk/casebook.h"
#include "node/desk/json_value.h"
#include "node/desk/operation_mail.h"

namespace palermo::cli {

// What the state may do now in an operation, as commands for this officer.
std::vector<std::string> OperationWaits(const desk::OperationBook& book,
                                        const std::string& officer);

// What was put to the members: who must vote until when, what counts otherwise, who voted, and who
// stopped it and why. Its words only where the officer may read it. "" when there is nothing.
std::string DecisionsText(const desk::OperationBook& book, const std::string& officer);
desk::Json DecisionJson(const desk::OperationBook& book, const std::string& officer,
                        const casework::DecisionState& decision);

struct OperationLine {
  std::string operation, name, phase;
  size_t records = 0;
  size_t drafts = 0;  // that wait for approval
  std::vector<std::string> waits;
  std::set<std::string> messages;  // that carry it, drafts too: ids in hex
};
struct OperationsSeen {
  std::vector<OperationLine> lines;
  // Which may carry records of operations, and which nobody opened: by sender.
  std::map<std::string, std::set<std::string>> unopened;

  // Whether everything in a case belongs to one of them.
  bool Holds(const desk::CaseView& view) const;
  bool HoldsMessage(const std::string& id_hex) const;
};
// Opens what was opened before, and reports nothing to the node.
absl::StatusOr<OperationsSeen> SeeOperations(Session& session,
                                             const std::vector<desk::CaseView>& cases,
                                             const v1::ListPendingResponse& pending,
                                             Context& context);
desk::Json OperationsJson(const OperationsSeen& seen);
std::string OperationsText(const OperationsSeen& seen);  // "" when there is none

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_LINES_H_
