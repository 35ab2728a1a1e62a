// A desk that stays open: `palermo desk run` takes the commands one after another, so that many of
// them need no new passphrase.
#ifndef PALERMO_TESTS_SYSTEM_OPEN_DESK_H_
#define PALERMO_TESTS_SYSTEM_OPEN_DESK_H_

#include <sys/types.h>

#include <cstdio>
#include <functional>
#include <string>

namespace palermo::testing {

// A field of JSON on one line; "" when it is not there. The first of that name counts.
std::string FirstField(const std::string& json, const std::string& name);

struct DeskAnswer {
  int exit = -1;
  std::string line;   // the whole answer, JSON on one line
  std::string out;    // of the command, as JSON, or its text
  std::string error;  // code
  bool from_node = false;
};
// Whether the whole answer is JSON, and what the command printed, too, with nothing beside it.
bool IsJsonAlone(const DeskAnswer& answer);

// `palermo desk run -` at one desk. What it says on standard error goes to a file beside its
// folder, and to ours when it ends.
class OpenDesk {
 public:
  OpenDesk(const std::string& palermo, const std::string& home, const std::string& passphrase);
  ~OpenDesk();

  DeskAnswer Run(const std::string& command);
  // Sees every answer from now on, whoever asked. Null: nobody does.
  using Watcher = std::function<void(const std::string& command, const DeskAnswer& answer)>;
  void Watch(Watcher watcher) { watcher_ = std::move(watcher); }
  const std::string& errors_file() const { return errors_; }

 private:
  const std::string errors_;
  Watcher watcher_;
  pid_t pid_ = -1;
  FILE* in_ = nullptr;
  FILE* out_ = nullptr;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_OPEN_DESK_H_
