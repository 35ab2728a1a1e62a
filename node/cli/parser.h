// From a command line to a command and its arguments. The only user of the option library.
#ifndef PALERMO_NODE_CLI_PARSER_H_
#define PALERMO_NODE_CLI_PARSER_H_

#include <optional>
#include <string>
#include <vector>

#include "node/cli/command.h"

namespace palermo::cli {

// Either a command to run, or a text and an exit code (help, or what is wrong).
struct ParsedLine {
  const Command* command = nullptr;
  Args args;
  std::string text;
  int exit_code = kExitOk;
};
ParsedLine ParseLine(const std::vector<std::string>& arguments);

// Help of everything, of a noun, of a command.
std::string HelpForAll();
std::string HelpForNoun(const std::string& noun);
std::string HelpFor(const Command& command);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_PARSER_H_
