// The commands of `palermo` as data: parsing, help, completion and tests all read the same table.
// One file for each group of commands adds its own.
#ifndef PALERMO_NODE_CLI_COMMAND_H_
#define PALERMO_NODE_CLI_COMMAND_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "node/desk/json_value.h"
#include "node/words/words.h"

namespace palermo::crypto {
class KeyBundle;
}  // namespace palermo::crypto

namespace palermo::cli {

// Documented in docs/commands.md; scripts depend on them.
enum ExitCode : int {
  kExitOk = 0,
  kExitFindings = 1,  // findings, or a verification failed
  kExitUsage = 2,
  kExitRefused = 3,      // the node refused
  kExitUnreachable = 4,  // the node cannot be reached
  kExitBadInput = 5,     // a file or value
  kExitTrust = 6,        // what was shown cannot be trusted, or is older than what is known
  kExitInternal = 70,
};

struct Option {
  std::string name;   // "--out"; without dashes: a positional
  std::string value;  // "FILE"; empty: a flag
  std::string help;
  bool required = false;
  bool repeatable = false;
};

// What the user typed, by option name.
class Args {
 public:
  void Set(const std::string& name, std::vector<std::string> values) {
    values_[name] = std::move(values);
  }
  bool Has(const std::string& name) const { return values_.count(name) > 0; }
  // "" when missing.
  std::string Get(const std::string& name) const;
  std::vector<std::string> All(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// What a handler works with. `out` is printed at the end, also after an error.
struct Context {
  Clock* clock;
  Random* random;
  std::string home;
  bool json = false;
  words::Language language = words::Language::kEnglish;
  std::string out;
  std::function<void(const std::string&)> progress;  // to standard error, for people
  std::function<void(const std::string&)> emit;      // to standard output at once
  // The officer's key file, opened once for several commands; null: each opens it.
  std::shared_ptr<const crypto::KeyBundle> keys;
};

using Handler = std::function<absl::StatusOr<int>(const Args&, Context&)>;

struct Command {
  std::string noun;
  std::string verb;
  std::string summary;  // one line
  std::vector<Option> options;
  std::string example;
  Handler run;
};

// Every command, in the order of the help.
const std::vector<Command>& AllCommands();
const Command* FindCommand(const std::string& noun, const std::string& verb);
std::string NounSummary(const std::string& noun);
std::vector<std::string> Nouns();
// --home, --json, --language; on every command.
const std::vector<Option>& GlobalOptions();

void AddKeyCommands(std::vector<Command>& commands);
void AddDocumentCommands(std::vector<Command>& commands);
void AddTreatyCommands(std::vector<Command>& commands);
void AddSealingKeyCommands(std::vector<Command>& commands);
void AddKeyCustodyCommands(std::vector<Command>& commands);
void AddOfficerCommands(std::vector<Command>& commands);
void AddBreakGlassCommands(std::vector<Command>& commands);
void AddCompartmentCommands(std::vector<Command>& commands);
void AddDeskCommands(std::vector<Command>& commands);
void AddScriptCommands(std::vector<Command>& commands);
void AddDraftCommands(std::vector<Command>& commands);
void AddConfirmCommands(std::vector<Command>& commands);
void AddCheckCommands(std::vector<Command>& commands);
void AddCaseCommands(std::vector<Command>& commands);
void AddMorningCommands(std::vector<Command>& commands);
void AddAssetCommands(std::vector<Command>& commands);
void AddCaseStatisticsCommands(std::vector<Command>& commands);
void AddClocksCommands(std::vector<Command>& commands);
void AddRouteCommands(std::vector<Command>& commands);
void AddOperationCommands(std::vector<Command>& commands);
void AddOperationForms(std::vector<Command>& commands);
void AddOperationViews(std::vector<Command>& commands);
void AddOperationRelease(std::vector<Command>& commands);
void AddOperationMails(std::vector<Command>& commands);
void AddReportCommands(std::vector<Command>& commands);
void AddSharingCommands(std::vector<Command>& commands);
void AddReviewCommands(std::vector<Command>& commands);
void AddCasebookCommands(std::vector<Command>& commands);
void AddLetterCommands(std::vector<Command>& commands);
void AddMessageCommands(std::vector<Command>& commands);
void AddReceiptCommands(std::vector<Command>& commands);
void AddAuditCommands(std::vector<Command>& commands);
void AddPeerCommands(std::vector<Command>& commands);
void AddRosterWaitingCommands(std::vector<Command>& commands);
void AddHelpCommands(std::vector<Command>& commands);

// Runs one command line, without argv[0]. Writes to the streams; answers the exit code.
int Run(const std::vector<std::string>& arguments, Clock& clock, Random& random, std::string* out,
        std::string* err);

// An error as it is printed, and as --json has it. In another language than English what cannot be
// read of a file is told by the sentences of the rules; JSON is the same in every language.
std::string ErrorText(const absl::Status& status, bool json,
                      words::Language language = words::Language::kEnglish);
// What other states wrote stands in our texts: no byte of it commands a terminal. '?' stands for
// each control character but line ends and tabs, and for what turns the order of all that follows.
std::string ForTerminal(std::string_view text);
desk::Json ErrorJson(const absl::Status& status);
// The exit code that belongs to an error.
int ExitCodeFor(const absl::Status& status);

// An error of usage: wrong option, missing value.
absl::Status UsageError(const std::string& text);
// The value of an option that takes a word of a list: another word is a wrong use of the command.
template <typename Code>
absl::StatusOr<Code> OptionWord(const std::string& option, absl::StatusOr<Code> parsed) {
  if (parsed.ok()) return parsed;
  return UsageError(option + ": " + TextOf(parsed.status()));
}

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_COMMAND_H_
