#include "tests/system/case_desks.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/casework/acts.h"

namespace palermo::testing {
namespace {

WorldOptions Options(const std::vector<std::string>& states, uint32_t approvals) {
  WorldOptions options;
  options.states = states;
  options.request_approvals = approvals;
  options.other_approvals = approvals;
  options.families.clear();
  for (int n = 1; n <= v1::Family::Code_MAX; ++n) {
    options.families.push_back(static_cast<v1::Family::Code>(n));
  }
  return options;
}

}  // namespace

CaseDesks::CaseDesks(const std::vector<std::string>& states, uint32_t approvals)
    : programs_(Options(states, approvals)), folder_(programs_, states), states_(states.size()) {
  for (const std::string& state : states) Found(state);
}

// Desks of the drafter, an approver, who grants, and the auditor.
void CaseDesks::Found(const std::string& state) {
  for (const char* name : {"o-0001", "o-0002", "o-0004"}) SetUpDesk(state, name);
  folder_.Grant(state);
  // What waits for a clock shall not wait for hours here.
  Write("clocks.json", R"({"pairs": [{"states": ["QM", "QT"], "decision": "note 1 of 2026-02-01",
      "limits": {"R-CLK-ORAL": "1s", "T9": "1s", "T28": "1s"}}]})");
  folder_.WaitForDirectories(state, states_);
  folder_.MustShell(
      Cat({palermo(), " clocks import ", Path("clocks.json"), " --home ", Home(state, "o-0001")}));
  desks_[state] = std::make_unique<OpenDesk>(palermo(), Home(state, "o-0001"), PassphraseFile());
  stubs_[state] = programs_.Desk(Cat({state, "/central/o-0001"}));
}

std::string CaseDesks::NewFile(const std::string& options) {
  auto [it, fresh] = files_.try_emplace(options);
  if (!fresh) return it->second;
  const std::string name = Cat({"new-", std::to_string(files_.size()), ".json"});
  std::string out = folder_.MustShell(Cat({palermo(), " case new ", options}));
  // The form's own persons and places go out here: the desk asks why.
  const std::string body = "\"body\": {";
  const size_t at = out.find(body);
  if (at != std::string::npos) {
    out.insert(at + body.size(), R"("overridden": [{"rule": "R-GEN-04", "reason": "exercise"}],)");
  }
  Write(name, out);
  return it->second = Path(name);
}

void CaseDesks::WaitDelivered(const std::string& from_state, const std::string& message_hex) {
  const std::string id = Value(HexDecode(message_hex));
  const absl::Time end = absl::Now() + absl::Seconds(DeskFolder::kPatienceSeconds);
  while (absl::Now() < end) {
    const auto told = programs_.Explain(*stubs_.at(from_state), id);
    const auto arrived = [](const v1::RecipientStatus& status) {
      return status.stage() == "DELIVERED" || status.stage() == "OPENED";
    };
    if (told.ok() && told->recipients_size() > 0 &&
        std::all_of(told->recipients().begin(), told->recipients().end(), arrived)) {
      return;
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  std::fprintf(stderr, "%s was not delivered\n", message_hex.c_str());
}

std::string CaseDesks::Field(const std::string& json, const std::string& name) {
  return FirstField(json, name);
}

DeskAnswer CaseDesks::Once(const std::string& state, const std::string& officer,
                           const std::string& command) {
  DeskAnswer answer;
  answer.exit = folder_.Shell(Cat({palermo(), " ", command, " --home ", Home(state, officer),
                                   " --passphrase-file ", PassphraseFile()}),
                              &answer.out);
  answer.line = answer.out;
  return answer;
}

std::string RunningCase::TemplateFile(const std::string& act) {
  const std::string kind = assistance_.empty() ? "" : Cat({" --assistance ", assistance_});
  return Desks().NewFile(Cat({"--family ", casework::FamilyName(family_), kind, " --act ", act}));
}

std::string RunningCase::CommandFor(const std::string& step) {
  const std::vector<std::string> words = absl::StrSplit(step, ' ');
  const bool ready = words.size() > 2 && words[2] == "-";
  std::string body = words.size() > 2 ? Desks().Path(words[2]) : TemplateFile(words.at(1));
  if (case_.empty()) return Cat({"case draft ", body});
  return Cat(
      {"case act ", case_, " --act ", words.at(1), ready ? "" : " --body ", ready ? "" : body});
}

void RunningCase::Took(const std::string& state, const DeskAnswer& answer) {
  if (answer.exit != 0) return;
  if (case_.empty()) case_ = CaseDesks::Field(answer.out, "case");
  last_message_ = CaseDesks::Field(answer.out, "message");
  sent_.emplace_back(state, last_message_);
  Desks().WaitDelivered(state, last_message_);
}

DeskAnswer RunningCase::Do(const std::string& step) {
  const std::string state = StateOfSide(step[0]), command = CommandFor(step);
  DeskAnswer answer = Desks().desk(state).Run(command);
  for (int i = 0; i < DeskFolder::kPatienceSeconds * 20 && answer.error == "CLOCK_RUNS"; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    answer = Desks().desk(state).Run(command);
  }
  Took(state, answer);
  return answer;
}

void RunningCase::Must(const std::string& step) {
  const DeskAnswer answer = Do(step);
  ASSERT_EQ(answer.exit, 0) << step << ": " << answer.line;
}

void RunningCase::Play(const std::vector<std::string>& steps) {
  for (const std::string& step : steps) {
    Must(step);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

DeskAnswer RunningCase::At(const std::string& state, const std::string& command) {
  return Desks().desk(state).Run(command);
}

std::string RunningCase::Show(const std::string& state, const std::string& options) {
  return At(state, Cat({"case show ", case_, " ", options})).out;
}

void RunningCase::ExpectBoth(const std::string& end) {
  for (const char* state : {"QM", "QT"}) {
    EXPECT_EQ(CaseDesks::Field(Show(state, ""), "state"), end) << state;
  }
  // What one desk lets go, the other finds no fault with.
  for (const auto& [state, message] : sent_) {
    const DeskAnswer opened = At(state == "QM" ? "QT" : "QM", Cat({"case open ", message}));
    EXPECT_EQ(opened.exit, 0) << opened.line;
    EXPECT_EQ(opened.out.find(R"("severity":"ERROR")"), std::string::npos) << opened.out;
  }
  const std::string history = Show("QM", "--history");
  EXPECT_EQ(history, Show("QT", "--history"));
  EXPECT_NE(history.find(Cat({"\"case\": \"", case_})), std::string::npos) << history;
}

}  // namespace palermo::testing
