// What a holder of a roster, root or directory key reads before he signs, and the signature.
#ifndef PALERMO_NODE_CLI_DOCUMENT_SIGNING_H_
#define PALERMO_NODE_CLI_DOCUMENT_SIGNING_H_

#include "node/cli/command.h"
#include "node/desk/documents.h"

namespace palermo::cli {

// `palermo roster sign` and the like. Shows the document and what changes, and refuses what nobody
// would take (codes of desk::CheckUnsigned), WRONG_PREVIOUS and NOT_COMPARED without --accept.
absl::StatusOr<int> Sign(desk::DocumentKind kind, const Args& args, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_DOCUMENT_SIGNING_H_
