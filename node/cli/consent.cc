#include "node/cli/consent.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::cli {
namespace {

// A line as it is typed, without its end. What comes after the end is not taken.
std::string ReadLine(int terminal) {
  std::string line;
  char byte = 0;
  while (line.size() < limits::kMaxConsoleAnswerBytes) {
    const ssize_t got = ::read(terminal, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1 || byte == '\n') break;
    line += byte;
  }
  return line;
}

}  // namespace

Option YesOption(const std::string& word) {
  return {"--yes", "", Cat({"do it without asking for the word ", word, "; for a script"})};
}

absl::Status JudgeAnswer(const std::string& word, const std::string& answer) {
  const size_t from = answer.find_first_not_of(" \t\r");
  const size_t to = answer.find_last_not_of(" \t\r");
  if (from != std::string::npos && answer.substr(from, to - from + 1) == word) {
    return absl::OkStatus();
  }
  return WrongState("NOT_CONFIRMED", Cat({"you did not type ", word,
                                          "; nothing was signed, and nothing is changed"}));
}

absl::Status AskFor(const std::string& word, const Args& args) {
  if (args.Has("--yes")) return absl::OkStatus();
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) {
    return WrongState("NO_TERMINAL", Cat({"this cannot be undone, and there is no terminal at "
                                          "which somebody types ",
                                          word, "; a script adds --yes. Nothing was signed"}));
  }
  const std::string prompt =
      Cat({"This cannot be undone. Type ", word, " to sign it, anything else to stop: "});
  std::string answer;
  if (::write(terminal, prompt.data(), prompt.size()) >= 0) answer = ReadLine(terminal);
  ::close(terminal);
  return JudgeAnswer(word, answer);
}

}  // namespace palermo::cli
