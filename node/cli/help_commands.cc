// completion bash, help exit-codes, version show.
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/version.h"

namespace palermo::cli {
namespace {

struct ExitLine {
  int code;
  const char* meaning;
};
constexpr ExitLine kExitLines[] = {
    {kExitOk, "done, and all is well"},
    {kExitFindings, "findings, or a verification failed: the answer is no"},
    {kExitUsage, "wrong usage: an option or a value of one"},
    {kExitRefused, "the node refused; its code and text are printed"},
    {kExitUnreachable, "the node cannot be reached"},
    {kExitBadInput, "a file, an id or a passphrase is wrong or missing"},
    {kExitTrust, "a trust problem: not signed by whom it takes, or older than what is known"},
    {kExitInternal, "a fault of palermo itself"},
};

absl::StatusOr<int> ExitCodes(const Args&, Context& context) {
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  for (const ExitLine& line : kExitLines) {
    rows.push_back({std::to_string(line.code), line.meaning});
    list.Push(
        std::move(desk::Json::Object().AddNumber("code", line.code).Add("meaning", line.meaning)));
  }
  context.out += context.json ? list.Pretty() : Table({"CODE", "MEANING"}, rows);
  return kExitOk;
}

std::string OptionWords(const Command& command) {
  std::string words;
  auto add = [&words](const Option& option) {
    if (option.name[0] == '-') words += option.name + " ";
  };
  for (const Option& option : command.options) add(option);
  for (const Option& option : GlobalOptions()) add(option);
  return words + "--help";
}

std::string BashCompletion() {
  std::string nouns, verbs, options;
  for (const std::string& noun : Nouns()) {
    nouns += noun + " ";
    std::string words;
    for (const Command& command : AllCommands()) {
      if (command.noun != noun) continue;
      words += command.verb + " ";
      options +=
          Cat({"    \"", noun, " ", command.verb, "\") words=\"", OptionWords(command), "\" ;;\n"});
    }
    verbs += Cat({"      ", noun, ") words=\"", words, "\" ;;\n"});
  }
  return Cat(
      {"# bash completion for palermo\n_palermo() {\n"
       "  local current=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
       "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"",
       nouns,
       "--help --version\"\n  elif [ \"$COMP_CWORD\" -eq 2 ]; then\n"
       "    case \"${COMP_WORDS[1]}\" in\n",
       verbs,
       "    esac\n  else\n"
       "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
       options,
       "    esac\n  fi\n"
       "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n"
       "complete -o default -F _palermo palermo\n"});
}

absl::StatusOr<int> Bash(const Args&, Context& context) {
  context.out += BashCompletion();
  return kExitOk;
}

absl::StatusOr<int> Version(const Args&, Context& context) {
  context.out += context.json ? desk::Json::Object().Add("version", kVersion).Pretty()
                              : Cat({"palermo ", kVersion, "\n"});
  return kExitOk;
}

}  // namespace

void AddHelpCommands(std::vector<Command>& commands) {
  commands.push_back({"completion",
                      "bash",
                      "Print the completion script for bash",
                      {},
                      "palermo completion bash > /etc/bash_completion.d/palermo",
                      Bash});
  commands.push_back(
      {"help", "exit-codes", "List the exit codes", {}, "palermo help exit-codes", ExitCodes});
  commands.push_back({"version", "show", "Print the version", {}, "palermo version show", Version});
}

}  // namespace palermo::cli
