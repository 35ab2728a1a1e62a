// The commands of an auditor that read entries of the ledger: audit list, audit compare.
#ifndef PALERMO_NODE_CLI_AUDIT_LIST_H_
#define PALERMO_NODE_CLI_AUDIT_LIST_H_

#include <vector>

#include "node/cli/command.h"

namespace palermo::cli {

void AddAuditListCommands(std::vector<Command>& commands);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_AUDIT_LIST_H_
