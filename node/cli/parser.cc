#include "node/cli/parser.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"

namespace palermo::cli {
namespace {

std::string OptionLine(const Option& option) {
  std::string name = option.value.empty() ? option.name : Cat({option.name, " ", option.value});
  if (option.name[0] != '-') name = option.value;
  std::string help = option.help;
  if (option.required && option.name[0] == '-') help += " (required)";
  if (option.repeatable) help += " (may be repeated)";
  return absl::StrFormat("  %-26s %s\n", name, help);
}

std::string UsageLine(const Command& command) {
  std::string line = Cat({"palermo ", command.noun, " ", command.verb});
  for (const Option& option : command.options) {
    if (option.name[0] != '-') {
      line += option.required ? Cat({" ", option.value}) : Cat({" [", option.value, "]"});
    } else if (option.required) {
      line += Cat({" ", option.name, option.value.empty() ? "" : " ", option.value});
    }
  }
  return line + " [options]";
}

ParsedLine Text(std::string text, int exit_code) {
  ParsedLine line;
  line.text = std::move(text);
  line.exit_code = exit_code;
  return line;
}

bool WantsHelp(const std::string& argument) { return argument == "--help" || argument == "-h"; }

// The option library's view of one command; its results by option name.
class CommandApp {
 public:
  explicit CommandApp(const Command& command) : app_(command.summary) {
    app_.set_help_flag();
    app_.allow_extras(false);
    for (const Option& option : command.options) Add(option);
    for (const Option& option : GlobalOptions()) Add(option);
  }

  // Empty when all is well, else what is wrong.
  std::string Parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return "";
  }

  Args Take() const {
    Args args;
    for (const auto& [name, option] : options_) {
      if (option->count() > 0) args.Set(name, option->results());
    }
    return args;
  }

 private:
  void Add(const Option& option) {
    CLI::Option* added = option.value.empty() && option.name[0] == '-'
                             ? app_.add_flag(option.name)
                             : app_.add_option(option.name);
    added->required(option.required);
    if (option.repeatable) added->expected(1, 64);
    // An option takes one value each time; an argument without a name takes all that come.
    if (option.repeatable) added->allow_extra_args(option.name[0] != '-');
    options_.emplace_back(option.name, added);
  }

  CLI::App app_;
  std::vector<std::pair<std::string, CLI::Option*>> options_;
};

}  // namespace

std::string HelpForAll() {
  std::string text =
      "palermo: the officer's desk of a palermo node.\n\n"
      "Usage: palermo NOUN VERB [options]\n\n";
  for (const std::string& noun : Nouns()) {
    text += absl::StrFormat("  %-12s %s\n", noun, NounSummary(noun));
  }
  return text +
         "\npalermo NOUN --help lists its verbs; palermo NOUN VERB --help explains one.\n"
         "palermo help exit-codes lists the exit codes.\n";
}

std::string HelpForNoun(const std::string& noun) {
  std::string text = Cat({"palermo ", noun, ": ", NounSummary(noun), "\n\n"});
  for (const Command& command : AllCommands()) {
    if (command.noun == noun) {
      text += absl::StrFormat("  %-14s %s\n", command.verb, command.summary);
    }
  }
  return text + Cat({"\npalermo ", noun, " VERB --help explains one, with an example.\n"});
}

std::string HelpFor(const Command& command) {
  std::string text = Cat({command.summary, "\n\nUsage: ", UsageLine(command), "\n\n"});
  for (const Option& option : command.options) text += OptionLine(option);
  for (const Option& option : GlobalOptions()) text += OptionLine(option);
  text += OptionLine({"--help", "", "this text"});
  return text + Cat({"\nExample:\n  ", command.example, "\n"});
}

ParsedLine ParseLine(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return Text(HelpForAll(), kExitUsage);
  if (WantsHelp(arguments[0])) return Text(HelpForAll(), kExitOk);
  if (arguments[0] == "--version") return ParseLine({"version", "show"});
  std::string noun = arguments[0];
  std::vector<std::string> nouns = Nouns();
  if (std::find(nouns.begin(), nouns.end(), noun) == nouns.end()) {
    return Text(Cat({"palermo: there is no '", noun, "'; palermo --help lists what there is\n"}),
                kExitUsage);
  }
  if (arguments.size() == 1) return Text(HelpForNoun(noun), kExitUsage);
  if (WantsHelp(arguments[1])) return Text(HelpForNoun(noun), kExitOk);
  if (noun == "help" && std::count(nouns.begin(), nouns.end(), arguments[1]) > 0) {
    return Text(HelpForNoun(arguments[1]), kExitOk);
  }
  if (arguments[1].rfind('-', 0) == 0) {
    return Text(Cat({"palermo: after '", noun, "' comes a verb, then the options; palermo ", noun,
                     " --help lists the verbs\n"}),
                kExitUsage);
  }
  const Command* command = FindCommand(noun, arguments[1]);
  if (command == nullptr) {
    return Text(Cat({"palermo: there is no 'palermo ", noun, " ", arguments[1], "'; palermo ", noun,
                     " --help lists what there is\n"}),
                kExitUsage);
  }
  std::vector<std::string> rest(arguments.begin() + 2, arguments.end());
  if (std::any_of(rest.begin(), rest.end(), WantsHelp)) return Text(HelpFor(*command), kExitOk);
  CommandApp app(*command);
  std::string wrong = app.Parse(rest);
  if (!wrong.empty()) {
    return Text(Cat({"palermo: ", wrong, "\nUsage: ", UsageLine(*command), "\nSee: palermo ", noun,
                     " ", command->verb, " --help\n"}),
                kExitUsage);
  }
  ParsedLine line;
  line.command = command;
  line.args = app.Take();
  return line;
}

}  // namespace palermo::cli
