// Two states, their nodes as real programs, and a desk of each that stays open: `palermo desk run`
// takes the commands one after another, so that many cases need no new passphrase. Founded once.
#ifndef PALERMO_TESTS_SYSTEM_CASE_DESKS_H_
#define PALERMO_TESTS_SYSTEM_CASE_DESKS_H_

#include <sys/types.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "tests/system/programs.h"

namespace palermo::testing {

struct DeskAnswer {
  int exit = -1;
  std::string line;   // the whole answer, JSON on one line
  std::string out;    // of the command, as JSON, or its text
  std::string error;  // code
  bool from_node = false;
};

// `palermo desk run -` at one desk.
class OpenDesk {
 public:
  OpenDesk(const std::string& palermo, const std::string& home, const std::string& passphrase);
  ~OpenDesk();

  DeskAnswer Run(const std::string& command);

 private:
  pid_t pid_ = -1;
  FILE* in_ = nullptr;
  FILE* out_ = nullptr;
};

class CaseDesks {
 public:
  // The answer of a command is waited for this long.
  static constexpr int kPatienceSeconds = 60;

  CaseDesks();
  ~CaseDesks();

  Programs& programs() { return programs_; }
  // By state.
  OpenDesk& desk(const std::string& state) { return *desks_.at(state); }
  const std::string& palermo() const { return palermo_; }
  const std::string& passphrase_file() const { return passphrase_; }
  std::string Path(const std::string& name) const { return Cat({folder_, "/", name}); }
  std::string Home(const std::string& state, const std::string& officer) const {
    return Path(Cat({"home-", state, "-", officer}));
  }
  void Write(const std::string& name, const std::string& bytes);

  // A file with the JSON that `palermo case new` prints for these options; made once.
  std::string NewFile(const std::string& options);
  // One command of its own, at the desk of o-0001, o-0002 (approver) or o-0004 (auditor).
  DeskAnswer Once(const std::string& state, const std::string& officer, const std::string& command);
  // Until the recipient's node has the message in its ledger.
  void WaitDelivered(const std::string& from_state, const std::string& message_hex);
  // A field of JSON on one line; "" when it is not there. The first of that name counts.
  static std::string Field(const std::string& json, const std::string& name);

 private:
  void Found(const std::string& state);
  int Shell(const std::string& command, std::string* out);

  Programs programs_;
  std::string palermo_, folder_, passphrase_;
  std::map<std::string, std::unique_ptr<OpenDesk>> desks_;
  std::map<std::string, std::unique_ptr<v1::DeskService::Stub>> stubs_;
  std::map<std::string, std::string> files_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_CASE_DESKS_H_
