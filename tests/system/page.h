// The commands of a page of docs/, as a test runs them. A block of shell commands is marked by the
// comment before it:
//
//   <!-- run at=o-0006 -->
//   ```sh
//   palermo case inbox
//   ```
//
// at=WHO         whose machine: his home folder. Default "admin"
// state=QT       of which state he is; state=both: run for QM, then for QT, with QM written as QT
// each="A B"     run for each of these, with A written as B
// expect=REGEX   again and again until the output has it; without: once
// refused=CODE   it must fail, and say CODE
// tells=NAME     the fingerprint or id in the output is $NAME in the blocks that follow
// exit=N         its last command ends with N; default 0
// starts         a program that keeps running; the one that this state had is stopped before
//
// A comment <!-- hook NAME at=WHO --> is a place where the test does something of its own.
#ifndef PALERMO_TESTS_SYSTEM_PAGE_H_
#define PALERMO_TESTS_SYSTEM_PAGE_H_

#include <map>
#include <string>
#include <vector>

namespace palermo::testing {

struct PageStep {
  int line = 0;  // of the page
  std::string hook;
  std::string script;
  std::map<std::string, std::string> marks;

  std::string Mark(const std::string& name, const std::string& otherwise = "") const {
    auto it = marks.find(name);
    return it == marks.end() ? otherwise : it->second;
  }
};

// Every step in order. `errors` gets a line for each block of commands that is not marked, and for
// each mark that nobody knows.
std::vector<PageStep> ReadPage(const std::string& text, std::vector<std::string>* errors);

// A script's commands, one by one; a line that ends with a backslash goes on.
std::vector<std::string> CommandsOf(const std::string& script);

// In a child before it starts a program: this environment and no other, but for what the harness
// puts before every program (argon2_memo.cc).
void UseEnvironment(std::map<std::string, std::string> environment);

// What a script did, typed at a terminal of its own where palermo asks for passphrases.
struct Typed {
  int exit_code = -1;
  std::string output;
};
// `answer` is typed whenever a passphrase is asked. Ends the script after `seconds`.
Typed TypeAtTerminal(const std::string& script, const std::string& folder,
                     const std::map<std::string, std::string>& environment,
                     const std::string& answer, int seconds);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_PAGE_H_
