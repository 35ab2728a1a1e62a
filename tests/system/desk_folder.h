// A folder with the desks of officers of a running world: their key files, made by `palermo desk
// setup` at real nodes. It goes with the object.
#ifndef PALERMO_TESTS_SYSTEM_DESK_FOLDER_H_
#define PALERMO_TESTS_SYSTEM_DESK_FOLDER_H_

#include <string>

#include "tests/system/programs.h"

namespace palermo::testing {

class DeskFolder {
 public:
  // Until a node answers, or a command does.
  static constexpr int kPatienceSeconds = 60;

  // Starts the node of each state.
  DeskFolder(Programs& programs, const std::vector<std::string>& states);
  ~DeskFolder();
  DeskFolder(const DeskFolder&) = delete;
  DeskFolder& operator=(const DeskFolder&) = delete;

  const std::string& palermo() const { return palermo_; }
  const std::string& folder() const { return folder_; }
  static const char* passphrase();
  std::string PassphraseFile() const { return Path("pass"); }
  std::string Path(const std::string& name) const { return Cat({folder_, "/", name}); }
  std::string Home(const std::string& state, const std::string& officer) const {
    return Path(Cat({"home-", state, "-", officer}));
  }
  void Write(const std::string& name, const std::string& bytes) const;
  // Its exit code; what it wrote, errors too.
  int Shell(const std::string& command, std::string* out) const;
  // The same; it must do.
  std::string MustShell(const std::string& command) const;

  // The desk of an officer: o-0001.
  void SetUpDesk(const std::string& state, const std::string& officer);
  // o-0002, whose desk there is, gives its authority's officers the sealing key.
  void Grant(const std::string& state);
  // Until the desk of o-0001 knows the directories of so many states: nodes exchange them by
  // themselves.
  void WaitForDirectories(const std::string& state, size_t states) const;

 private:
  Programs& programs_;
  std::string palermo_, folder_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_DESK_FOLDER_H_
