// A record in VICTIMS or UNDERCOVER: two officers open it, and the ledger shows who.
#ifndef PALERMO_NODE_CLI_OPERATION_OPENING_H_
#define PALERMO_NODE_CLI_OPERATION_OPENING_H_

#include "absl/status/statusor.h"
#include "node/cli/operation_support.h"

namespace palermo::cli {

// --reason and --out: asks for it. --opening: enters it in the ledger, then shows the record.
// REQUIRES: the officer may read it. TWO_OFFICERS without either; WRONG_RECORD for a statement that
// is about something else; codes of VerifyOpening.
absl::StatusOr<int> ShowWithTwo(const Args& args, Session& session, const desk::OperationBook& book,
                                const casework::SignedRecord& record, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_OPENING_H_
