#include "tests/system/operation_desks.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/key_file.h"

namespace palermo::testing {
namespace {

WorldOptions Options(const std::vector<std::string>& states, uint32_t approvals) {
  WorldOptions options;
  options.states = states;
  options.request_approvals = approvals;
  options.other_approvals = approvals;
  options.families.push_back(v1::Family::JOINT_INVESTIGATION);
  options.families.push_back(v1::Family::LAW_ENFORCEMENT_INFO);
  return options;
}

}  // namespace

OperationDesks::OperationDesks(std::vector<std::string> states, uint32_t approvals)
    : states_(std::move(states)),
      programs_(Options(states_, approvals)),
      folder_(programs_, states_) {
  for (const std::string& state : states_) {
    for (const char* officer : {"o-0001", "o-0002"}) folder_.SetUpDesk(state, officer);
    folder_.Grant(state);
  }
  for (const std::string& state : states_) folder_.WaitForDirectories(state, states_.size());
}

void OperationDesks::OpenAll() {
  for (const std::string& state : states_) {
    desks_[state] = std::make_unique<OpenDesk>(folder_.palermo(), Home(state, "o-0001"),
                                               folder_.PassphraseFile());
  }
}

DeskAnswer OperationDesks::Run(const std::string& state, const std::string& command) {
  const DeskAnswer answer = desks_.at(state)->Run(command);
  EXPECT_TRUE(IsJsonAlone(answer)) << command << ": " << answer.line;
  return answer;
}

std::string OperationDesks::Must(const std::string& state, const std::string& command) {
  const DeskAnswer answer = Run(state, command);
  EXPECT_EQ(answer.exit, 0) << state << ": " << command << ": " << answer.line;
  return OutOf(answer);
}

std::string OperationDesks::Told(const std::string& state) const {
  std::ifstream file(Cat({Home(state, "o-0001"), "-stderr"}));
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string OperationDesks::As(const std::string& state, const std::string& officer,
                               const std::string& command) {
  std::string out;
  folder_.Shell(Cat({folder_.palermo(), " ", command, " --home ", Home(state, officer),
                     " --passphrase-file ", folder_.PassphraseFile()}),
                &out);
  return out;
}

std::string OperationDesks::Until(const std::string& state, const std::string& operation,
                                  const char* what,
                                  const std::function<bool(desk::JsonReader&)>& wanted) {
  const absl::Time end = absl::Now() + absl::Seconds(DeskFolder::kPatienceSeconds);
  std::string shown;
  while (absl::Now() < end) {
    const DeskAnswer answer = Run(state, Cat({"operation show ", operation}));
    shown = answer.line;
    if (answer.exit == 0) {
      const std::string out = OutOf(answer);
      desk::JsonReader json = Parsed(out);
      if (wanted(json)) return out;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  ADD_FAILURE() << state << " does not see: " << what << ": " << shown
                << programs_.LogOf(state).substr(0, 4000);
  return "{}";
}

std::string OutOf(const DeskAnswer& answer) {
  auto json = desk::JsonReader::Parse(answer.line, "answer");
  return json.ok() ? json->Raw("out") : "";
}

desk::JsonReader Parsed(const std::string& json) {
  return Value(desk::JsonReader::Parse(json.empty() ? "{}" : json, "shown"));
}

std::string FieldOf(const std::string& json, const std::string& name) {
  desk::JsonReader reader = Parsed(json);
  return reader.TextOr(name, "");
}

std::set<std::string> NamesOf(desk::JsonReader& json, const std::string& name) {
  const auto list = json.Texts(name);
  return {list.begin(), list.end()};
}

void GiveTheNewcomer(OperationDesks& desks, const std::string& operation, const std::string& author,
                     const std::string& other, const std::string& newcomer) {
  struct Arrest {
    std::string id;
    bool whole = false;
  };
  const auto arrest_at = [&](const std::string& state) {
    desk::JsonReader json = Parsed(desks.Must(state, Cat({"operation show ", operation})));
    for (desk::JsonReader& one : json.Objects("records")) {
      if (one.Text("state") != author || one.Text("kind") != "arrest") continue;
      return Arrest{one.Text("id"), one.Text("verdict") != "WITHHELD"};
    }
    return Arrest();
  };
  const Arrest written = arrest_at(author);
  ASSERT_TRUE(written.whole);
  EXPECT_FALSE(arrest_at(newcomer).whole);
  const std::string give = Cat({"operation release ", operation, " --record ", written.id,
                                " --reason \"it looks for the others\" --to "});
  EXPECT_EQ(desks.Run(other, Cat({give, newcomer})).error, "NOT_ORIGINATOR");
  EXPECT_EQ(desks.Run(author, Cat({give, "QX"})).error, "NOT_MEMBER");
  desks.Must(author, Cat({give, newcomer}));
  desks.Until(newcomer, operation, "what was released",
              [&](desk::JsonReader&) { return arrest_at(newcomer).whole; });
  EXPECT_EQ(desks.Run(author, Cat({give, newcomer})).error, "HAS_IT");
}

}  // namespace palermo::testing
