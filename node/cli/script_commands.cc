// desk run.
#include <fstream>
#include <iostream>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/parser.h"
#include "node/cli/script.h"
#include "node/cli/session.h"
#include "node/desk/json_value.h"

namespace palermo::cli {

absl::StatusOr<std::vector<std::string>> SplitWords(const std::string& line) {
  std::vector<std::string> words;
  bool open = false;  // a word has begun
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t' || c == '\r') {
      open = false;
      continue;
    }
    if (c == '#' && !open) break;
    if (!open) words.emplace_back();
    open = true;
    if (c != '\'' && c != '"') {
      words.back().push_back(c);
      continue;
    }
    const size_t end = line.find(c, i + 1);
    if (end == std::string::npos) {
      return UsageError(Cat({"the quote ", std::string(1, c), " is not closed"}));
    }
    words.back() += line.substr(i + 1, end - i - 1);
    i = end;
  }
  return words;
}

namespace {

struct Answer {
  std::string out;
  absl::Status status;
  int code = kExitOk;
};

Answer Refuse(const std::string& text) { return {"", UsageError(text), kExitUsage}; }

// One line at this desk, with its open key.
Answer RunLine(const std::vector<std::string>& words, const Context& desk) {
  ParsedLine line = ParseLine(words);
  if (line.command == nullptr) {
    if (line.exit_code == kExitOk) return {line.text, absl::OkStatus(), kExitOk};
    return Refuse(line.text);
  }
  if (line.command->noun == "desk" && line.command->verb == "run") {
    return Refuse("a line cannot be 'desk run' itself");
  }
  if (line.args.Has("--home")) return Refuse("all lines run at one desk: give --home to desk run");
  Context context = desk;
  context.json = desk.json || line.args.Has("--json");
  if (line.args.Has("--language")) {
    auto language = words::ParseLanguage(line.args.Get("--language"));
    if (!language.ok()) return {"", language.status(), kExitUsage};
    context.language = *language;
  }
  absl::StatusOr<int> result = line.command->run(line.args, context);
  if (result.ok()) return {context.out, absl::OkStatus(), *result};
  return {context.out, result.status(), ExitCodeFor(result.status())};
}

// JSON without line breaks: inside its strings there are none.
std::string OnOneLine(const std::string& json) {
  std::string line;
  for (size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '\n') {
      line.push_back(json[i]);
      continue;
    }
    while (i + 1 < json.size() && json[i + 1] == ' ') ++i;
  }
  return line;
}

std::string AnswerText(size_t number, const std::string& line, const Answer& answer, bool json) {
  if (!json) {
    std::string text = Cat({"> ", line, "\n", answer.out});
    return answer.status.ok() ? text : text + ErrorText(answer.status, false);
  }
  desk::Json one = desk::Json::Object();
  one.AddNumber("line", static_cast<int64_t>(number)).AddNumber("exit", answer.code);
  const bool is_json = !answer.out.empty() && (answer.out[0] == '{' || answer.out[0] == '[');
  if (is_json) one.Add("out", desk::Json::Raw(OnOneLine(answer.out)));
  if (!is_json && !answer.out.empty()) one.Add("out", answer.out);
  if (!answer.status.ok()) one.Add("error", ErrorJson(answer.status));
  return one.OneLine() + "\n";
}

absl::StatusOr<int> RunLines(std::istream& in, bool keep_going, Context& context) {
  int worst = kExitOk;
  std::string line;
  for (size_t number = 1; std::getline(in, line); ++number) {
    if (line.size() > limits::kMaxRequestFileBytes) return UsageError("a line is too long");
    auto words = SplitWords(line);
    if (words.ok() && words->empty()) continue;
    Answer answer = words.ok() ? RunLine(*words, context) : Answer{"", words.status(), kExitUsage};
    context.emit(AnswerText(number, line, answer, context.json));
    worst = std::max(worst, answer.code);
    if (answer.code != kExitOk && !keep_going) return answer.code;
  }
  return worst;
}

absl::StatusOr<int> RunScript(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(config.key_file, args));
  context.keys = std::make_shared<const crypto::KeyBundle>(std::move(bundle));
  const std::string path = args.Get("file");
  if (path == "-") return RunLines(std::cin, args.Has("--keep-going"), context);
  std::ifstream file(path);
  if (!file) return Missing("NO_FILE", Cat({path, " cannot be read"}));
  return RunLines(file, args.Has("--keep-going"), context);
}

}  // namespace

void AddScriptCommands(std::vector<Command>& commands) {
  commands.push_back({"desk", "run",
                      "Run the commands of a file, one a line; the passphrase is asked once",
                      WithPassphrase({{"file", "FILE", "the file; - reads standard input", true},
                                      {"--keep-going", "", "go on after a line that failed"}}),
                      "palermo desk run morning.txt", RunScript});
}

}  // namespace palermo::cli
