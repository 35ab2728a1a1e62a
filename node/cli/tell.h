// What a person must read before the command goes on: to standard error, also where that is no
// terminal but a script's log. Context::progress is for what may be missed.
#ifndef PALERMO_NODE_CLI_TELL_H_
#define PALERMO_NODE_CLI_TELL_H_

#include <cstdio>
#include <string>

#include "node/cli/command.h"

namespace palermo::cli {

// What of it a file or a peer wrote does not command the terminal.
inline void Tell(const std::string& text) {
  std::fprintf(stderr, "%s\n", ForTerminal(text).c_str());
}

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_TELL_H_
