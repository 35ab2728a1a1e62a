// Several states with real nodes, and a desk of each that stays open, for joint operations.
#ifndef PALERMO_TESTS_SYSTEM_OPERATION_DESKS_H_
#define PALERMO_TESTS_SYSTEM_OPERATION_DESKS_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "node/desk/json_reader.h"
#include "tests/system/desk_folder.h"
#include "tests/system/open_desk.h"
#include "tests/system/programs.h"

namespace palermo::testing {

// Desks of o-0001, who drafts, and o-0002, who approves.
class OperationDesks {
 public:
  OperationDesks(std::vector<std::string> states, uint32_t approvals);

  Programs& programs() { return programs_; }
  std::string Path(const std::string& name) const { return folder_.Path(name); }
  std::string Home(const std::string& state, const std::string& officer) const {
    return folder_.Home(state, officer);
  }
  const std::string& folder() const { return folder_.folder(); }
  void Write(const std::string& name, const std::string& bytes) const {
    folder_.Write(name, bytes);
  }

  // Opens the desks that take commands one after another. Not for a test that types them itself.
  void OpenAll();
  DeskAnswer Run(const std::string& state, const std::string& command);
  // It must do; its output, as JSON.
  std::string Must(const std::string& state, const std::string& command);
  // All that the open desk of that state said on standard error.
  std::string Told(const std::string& state) const;
  // A command of its own, at the desk of another officer; what it says.
  std::string As(const std::string& state, const std::string& officer, const std::string& command);
  // Until the operation, as that state's desk shows it, is as wanted. Its JSON.
  std::string Until(const std::string& state, const std::string& operation, const char* what,
                    const std::function<bool(desk::JsonReader&)>& wanted);

 private:
  const std::vector<std::string> states_;
  Programs programs_;
  DeskFolder folder_;
  std::map<std::string, std::unique_ptr<OpenDesk>> desks_;
};

// The answer's JSON, whatever stands around it.
std::string OutOf(const DeskAnswer& answer);
desk::JsonReader Parsed(const std::string& json);
std::string FieldOf(const std::string& json, const std::string& name);
std::set<std::string> NamesOf(desk::JsonReader& json, const std::string& name);

// `author` gives an arrest that it wrote before `newcomer` joined; `other` cannot give it.
void GiveTheNewcomer(OperationDesks& desks, const std::string& operation, const std::string& author,
                     const std::string& other, const std::string& newcomer);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_OPERATION_DESKS_H_
