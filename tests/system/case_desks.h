// Two states or more, their nodes as real programs, and a desk of each that stays open: `palermo
// desk run` takes the commands one after another, so that many cases need no new passphrase.
// Founded once.
#ifndef PALERMO_TESTS_SYSTEM_CASE_DESKS_H_
#define PALERMO_TESTS_SYSTEM_CASE_DESKS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/system/desk_folder.h"
#include "tests/system/open_desk.h"
#include "tests/system/programs.h"

namespace palermo::testing {

class CaseDesks {
 public:
  // `approvals`: that each message needs.
  explicit CaseDesks(const std::vector<std::string>& states = {"QM", "QT"}, uint32_t approvals = 0);

  Programs& programs() { return programs_; }
  // By state.
  OpenDesk& desk(const std::string& state) { return *desks_.at(state); }
  const std::string& palermo() const { return folder_.palermo(); }
  std::string PassphraseFile() const { return folder_.PassphraseFile(); }
  std::string Path(const std::string& name) const { return folder_.Path(name); }
  std::string Home(const std::string& state, const std::string& officer) const {
    return folder_.Home(state, officer);
  }
  void Write(const std::string& name, const std::string& bytes) { folder_.Write(name, bytes); }

  // The desk of one more officer: o-0003, a second approver.
  void SetUpDesk(const std::string& state, const std::string& name) {
    folder_.SetUpDesk(state, name);
  }
  // A file with the JSON that `palermo case new` prints for these options; made once.
  std::string NewFile(const std::string& options);
  // One command of its own, at the desk of o-0001, o-0002 (approver) or o-0004 (auditor).
  DeskAnswer Once(const std::string& state, const std::string& officer, const std::string& command);
  // Until the node of every recipient has the message in its ledger.
  void WaitDelivered(const std::string& from_state, const std::string& message_hex);
  // A field of JSON on one line; "" when it is not there. The first of that name counts.
  static std::string Field(const std::string& json, const std::string& name);

 private:
  void Found(const std::string& state);

  Programs programs_;
  DeskFolder folder_;
  size_t states_;
  std::map<std::string, std::unique_ptr<OpenDesk>> desks_;
  std::map<std::string, std::unique_ptr<v1::DeskService::Stub>> stubs_;
  std::map<std::string, std::string> files_;
};

// The one of this program; founded before the first test.
CaseDesks& Desks();

// One case between the two desks. "T REFUSAL": the requested state (QT) does it, with the template
// of `case new`; "Q" is the requesting state (QM). A third word is a file's name in the folder, or
// "-" for an act without a body of its own.
class RunningCase {
 public:
  explicit RunningCase(v1::Family::Code family, std::string assistance = "")
      : family_(family), assistance_(std::move(assistance)) {}

  static std::string StateOfSide(char side) { return side == 'Q' ? "QM" : "QT"; }

  // The answer of the desk; when it is taken, it is waited for at the other node. An act that must
  // wait for a clock is tried again until the clock has run out.
  DeskAnswer Do(const std::string& step);
  void Must(const std::string& step);
  void Play(const std::vector<std::string>& steps);
  // The command of a step, and what its answer says about the case.
  std::string CommandFor(const std::string& step);
  void Took(const std::string& state, const DeskAnswer& answer);

  std::string Show(const std::string& state, const std::string& options);
  DeskAnswer At(const std::string& state, const std::string& command);
  void ExpectBoth(const std::string& end);
  const std::string& id() const { return case_; }
  const std::string& last_message() const { return last_message_; }

 private:
  std::string TemplateFile(const std::string& act);

  const v1::Family::Code family_;
  const std::string assistance_;
  std::string case_, last_message_;
  std::vector<std::pair<std::string, std::string>> sent_;  // by state: the messages
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_CASE_DESKS_H_
