#include "tests/system/page.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <regex>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/check.h"

namespace palermo::testing {
namespace {

const std::set<std::string>& KnownMarks() {
  static const auto* marks = new std::set<std::string>{"at",      "state", "each", "expect",
                                                       "refused", "tells", "exit", "starts"};
  return *marks;
}

// at=o-0006 each="o-0006 o-0007" starts
std::map<std::string, std::string> ReadMarks(const std::string& text) {
  std::map<std::string, std::string> marks;
  static const std::regex pattern("([a-z]+)(=(\"[^\"]*\"|[^ \"]+))?");
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    std::string value = (*it)[3].str();
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    marks[(*it)[1].str()] = value;
  }
  return marks;
}

class PageReader {
 public:
  explicit PageReader(std::vector<std::string>* errors) : errors_(errors) {}

  void Line(const std::string& line) {
    ++number_;
    if (in_block_ && line == "```") {
      in_block_ = false;
      if (keep_) steps_.push_back(step_);
      step_ = PageStep();
    } else if (in_block_) {
      step_.script += line + "\n";
    } else if (absl::StartsWith(line, "```")) {
      Begin(line);
    } else {
      Comment(line);
    }
  }
  std::vector<PageStep> Steps() && { return std::move(steps_); }

 private:
  void Error(const std::string& text) {
    errors_->push_back(Cat({"line ", std::to_string(number_), ": ", text}));
  }
  void Begin(const std::string& line) {
    in_block_ = true;
    keep_ = line == "```sh";
    if (keep_ && !marked_) Error("a block of commands without a mark, so nobody runs it");
    if (!keep_ && marked_) Error("a mark before something that is no block of commands");
    marked_ = false;
    step_.line = number_;
  }
  void Comment(const std::string& line) {
    static const std::regex comment("<!-- (run|hook)( .*)? -->");
    std::smatch found;
    if (marked_) Error("a mark must stand right before its block");
    marked_ = false;
    if (!std::regex_match(line, found, comment)) return;
    step_ = PageStep();
    step_.line = number_;
    std::string marks = found[2].str();
    if (found[1] == "hook") {
      size_t end = marks.find(' ', 1);
      step_.hook = marks.substr(1, end == std::string::npos ? end : end - 1);
      step_.marks = ReadMarks(end == std::string::npos ? "" : marks.substr(end));
      steps_.push_back(step_);
      return;
    }
    step_.marks = ReadMarks(marks);
    for (const auto& [name, value] : step_.marks) {
      if (KnownMarks().count(name) == 0) Error(Cat({"nobody knows the mark ", name}));
    }
    marked_ = true;
  }

  std::vector<std::string>* errors_;
  int number_ = 0;
  bool in_block_ = false, keep_ = false, marked_ = false;
  PageStep step_;
  std::vector<PageStep> steps_;
};

// The child's side: a shell in the folder, with this environment and no other.
[[noreturn]] void RunShell(const std::string& script, const std::string& folder,
                           const std::map<std::string, std::string>& environment) {
  if (chdir(folder.c_str()) != 0) _exit(126);
  UseEnvironment(environment);
  execl("/bin/bash", "bash", "-e", "-u", "-o", "pipefail", "-c", script.c_str(), nullptr);
  _exit(127);
}

}  // namespace

void UseEnvironment(std::map<std::string, std::string> environment) {
  for (const char* harness : {"LD_PRELOAD", "PALERMO_ARGON2_MEMO"}) {
    const char* value = std::getenv(harness);
    if (value != nullptr) environment.emplace(harness, value);
  }
  clearenv();
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
}

std::vector<PageStep> ReadPage(const std::string& text, std::vector<std::string>* errors) {
  PageReader reader(errors);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) reader.Line(line);
  return std::move(reader).Steps();
}

std::vector<std::string> CommandsOf(const std::string& script) {
  std::vector<std::string> commands;
  std::istringstream lines(script);
  bool goes_on = false;
  for (std::string line; std::getline(lines, line);) {
    if (goes_on) {
      commands.back() += "\n" + line;
    } else {
      commands.push_back(line);
    }
    goes_on = !line.empty() && line.back() == '\\';
  }
  return commands;
}

Typed TypeAtTerminal(const std::string& script, const std::string& folder,
                     const std::map<std::string, std::string>& environment,
                     const std::string& answer, int seconds) {
  int terminal = -1;
  pid_t pid = forkpty(&terminal, nullptr, nullptr, nullptr);
  PALERMO_CHECK(pid >= 0);
  if (pid == 0) RunShell(script, folder, environment);
  Typed typed;
  size_t answered = 0;
  absl::Time end = absl::Now() + absl::Seconds(seconds);
  while (true) {
    pollfd waiting = {terminal, POLLIN, 0};
    poll(&waiting, 1, 200);
    char buffer[4096];
    ssize_t got = (waiting.revents != 0) ? read(terminal, buffer, sizeof(buffer)) : 0;
    if (got < 0) break;  // the last process has closed the terminal
    typed.output.append(buffer, static_cast<size_t>(got));
    std::string_view fresh = std::string_view(typed.output).substr(answered);
    bool asked = fresh.size() >= 2 && fresh.substr(fresh.size() - 2) == ": " &&
                 (fresh.find("assphrase for ") != std::string_view::npos ||
                  fresh.find("The same again") != std::string_view::npos);
    if (asked) {
      std::string line = answer + "\n";
      PALERMO_CHECK(write(terminal, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
      answered = typed.output.size();
    }
    if (absl::Now() > end) {
      typed.output += "\n(it did not end)\n";
      kill(-pid, SIGKILL);
      break;
    }
  }
  int status = 0;
  PALERMO_CHECK(waitpid(pid, &status, 0) == pid);
  close(terminal);  // not before: who still ends would be hung up
  typed.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::string plain;
  for (char c : typed.output) {
    if (c != '\r') plain.push_back(c);
  }
  typed.output = plain;
  return typed;
}

}  // namespace palermo::testing
