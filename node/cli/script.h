// Command lines in a file, one a line: how a line is split into words.
#ifndef PALERMO_NODE_CLI_SCRIPT_H_
#define PALERMO_NODE_CLI_SCRIPT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace palermo::cli {

// Words between blanks. '...' and "..." hold blanks together, and nothing in them is special; there
// are no variables and no wildcards. What follows a '#' at the start of a word is a comment. Empty
// for an empty line. USAGE when a quote is not closed.
absl::StatusOr<std::vector<std::string>> SplitWords(const std::string& line);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_SCRIPT_H_
