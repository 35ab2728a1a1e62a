#include "tests/system/open_desk.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/bytes.h"
#include "base/check.h"
#include "node/casework/import.h"

namespace palermo::testing {

std::string FirstField(const std::string& json, const std::string& name) {
  const std::string key = Cat({"\"", name, "\":"});
  size_t at = json.find(key);
  if (at == std::string::npos) return "";
  at = json.find_first_not_of(" \"", at + key.size());
  if (at == std::string::npos) return "";
  return json.substr(at, json.find_first_of("\",}\n", at) - at);
}

bool IsJsonAlone(const DeskAnswer& answer) {
  const auto whole = casework::ParseJson(answer.line);
  if (!whole.ok() || !whole->has_struct_value()) return false;
  const auto& fields = whole->struct_value().fields();
  const auto out = fields.find("out");
  return out == fields.end() || out->second.has_struct_value() || out->second.has_list_value();
}

OpenDesk::OpenDesk(const std::string& palermo, const std::string& home,
                   const std::string& passphrase)
    : errors_(Cat({home, "-stderr"})) {
  int to[2], from[2];
  PALERMO_CHECK(pipe(to) == 0 && pipe(from) == 0);
  pid_ = fork();
  PALERMO_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    const int errors = open(errors_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    dup2(errors, STDERR_FILENO);
    for (int fd : {to[0], to[1], from[0], from[1]}) close(fd);
    execl(palermo.c_str(), palermo.c_str(), "desk", "run", "-", "--keep-going", "--json", "--home",
          home.c_str(), "--passphrase-file", passphrase.c_str(), nullptr);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  fcntl(to[1], F_SETFD, FD_CLOEXEC);
  fcntl(from[0], F_SETFD, FD_CLOEXEC);
  in_ = fdopen(to[1], "w");
  out_ = fdopen(from[0], "r");
}

OpenDesk::~OpenDesk() {
  fclose(in_);  // the end of its input ends it
  fclose(out_);
  waitpid(pid_, nullptr, 0);
  std::ifstream errors(errors_);
  const std::string said{std::istreambuf_iterator<char>(errors), {}};
  std::fputs(said.c_str(), stderr);
}

DeskAnswer OpenDesk::Run(const std::string& command) {
  std::fprintf(in_, "%s\n", command.c_str());
  std::fflush(in_);
  DeskAnswer answer;
  char* line = nullptr;
  size_t size = 0;
  ssize_t read = getline(&line, &size, out_);
  if (read > 0) answer.line.assign(line, static_cast<size_t>(read));
  std::free(line);
  const std::string exit = FirstField(answer.line, "exit");
  answer.exit = exit.empty() ? -1 : std::atoi(exit.c_str());
  const size_t error = answer.line.rfind("\"error\": {");
  const size_t out = answer.line.find("\"out\": ");
  if (out != std::string::npos) answer.out = answer.line.substr(out + 7);
  if (error != std::string::npos) {
    answer.error = FirstField(answer.line.substr(error), "code");
    answer.from_node = answer.line.find("\"from_node\": true", error) != std::string::npos;
  }
  if (watcher_) watcher_(command, answer);
  return answer;
}

}  // namespace palermo::testing
