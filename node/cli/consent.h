// What cannot be undone: shown first, then signed only by whoever says so.
#ifndef PALERMO_NODE_CLI_CONSENT_H_
#define PALERMO_NODE_CLI_CONSENT_H_

#include <string>

#include "absl/status/status.h"
#include "node/cli/command.h"

namespace palermo::cli {

// --yes, of the commands that ask.
Option YesOption(const std::string& word);
// Ok with --yes, or when `word` is typed at the terminal. NOT_CONFIRMED when something else is
// typed, NO_TERMINAL when there is nobody to ask: then nothing is done.
absl::Status AskFor(const std::string& word, const Args& args);
// The same with the answer of a terminal, for tests.
absl::Status JudgeAnswer(const std::string& word, const std::string& answer);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CONSENT_H_
