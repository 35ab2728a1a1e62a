// With --json a command of route, casebook or operation writes JSON alone to standard output, and
// an error as JSON to standard error: a program reads both.
#include <gtest/gtest.h>

#include <map>

#include "base/bytes.h"
#include "node/casework/import.h"
#include "node/cli/command.h"
#include "node/cli/run_test_util.h"
#include "tests/support/fake_clock.h"

namespace palermo::cli {
namespace {

class JsonAlone : public InFolder {
 protected:
  Answer Ask(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return RunAtDesk(std::move(arguments), clock_);
  }
  // What a program gets; "" when it can read all of it.
  static std::string Trouble(const Answer& answer) {
    if (!answer.out.empty() && !casework::ParseJson(answer.out).ok()) {
      return Cat({"standard output: ", answer.out});
    }
    if (!answer.err.empty() && !casework::ParseJson(answer.err).ok()) {
      return Cat({"standard error: ", answer.err});
    }
    return answer.out.empty() && answer.err.empty() ? "nothing at all" : "";
  }

  testing::FakeClock clock_;
};

// Whatever is wrong with it: at a desk that is not set up all but those of files are.
TEST_F(JsonAlone, EveryCommandThatFailsSaysSoInJson) {
  int asked = 0;
  for (const Command& command : AllCommands()) {
    if (command.noun != "route" && command.noun != "operation" && command.noun != "casebook") {
      continue;
    }
    ++asked;
    std::vector<std::string> arguments = {command.noun, command.verb};
    for (const Option& option : command.options) {
      if (!option.required) continue;
      if (option.name.rfind("--", 0) == 0) arguments.push_back(option.name);
      arguments.push_back(option.name == "--out" ? Path("out") : "7");
    }
    EXPECT_EQ(Trouble(Ask(arguments)), "") << command.noun << " " << command.verb;
    EXPECT_EQ(Trouble(Ask({command.noun, command.verb, "--no-such-option"})), "") << command.verb;
  }
  EXPECT_GT(asked, 30);
}

TEST_F(JsonAlone, WhatWorksOnFilesSaysItInJson) {
  const auto worked = [&](std::vector<std::string> arguments) {
    const std::string name = Cat({arguments[0], " ", arguments[1]});
    const Answer answer = Ask(std::move(arguments));
    EXPECT_EQ(Trouble(answer), "") << name;
    EXPECT_FALSE(answer.out.empty()) << name << answer.err;
    return answer.out;
  };
  const std::string draft = File("draft.json", worked({"route", "new"}));
  const std::string table = File(
      "t.csv",
      "route_id;kind;originator;scheme;source;info;handling;tlp;release_states;purposes;benefit;"
      "evidence_status;seq;from;to;mode\n"
      "R-1;SOM_10;QN;NATO_6X6;B;2;H2;GREEN;QM;INVESTIGATION;FINANCIAL;INTELLIGENCE_ONLY;1;QTMBA;"
      "QPLAG;SEA\n");
  worked({"route", "check", draft});
  worked({"route", "check", table, draft});
  worked({"route", "match", draft, table});
  worked({"route", "import", table, "--to", "QM/central", "--out", Path("drafts")});
  worked({"route", "places",
          File("p.csv",
               ",\"QP\",\"LAG\",\"L\",\"L\",,\"AI\",\"1\",,,\"1030N "
               "02015W\",\n")});
  for (const char* format : {"geojson", "stix", "csv"}) {
    worked({"route", "export", table, "--format", format, "--as", "QM/central/o-0007", "--purpose",
            "INVESTIGATION", "--reason", "case 7", "--for", "QT"});
  }
  const std::string agreement =
      worked({"operation", "new", "--party", "QM/central", "--party", "QN/central"});
  worked({"operation", "check", File("a.json", agreement)});
  for (const char* kind : {"plan", "situation", "media", "target"}) {
    const std::string form = worked({"operation", "form", kind});
    worked({"operation", "check", File("f.json", form)});
  }
}

// A reason that nobody can read, and one that tells of a person, are refused before anything else.
TEST_F(JsonAlone, AReasonForAWarningSaysSomethingAndTellsOfNobody) {
  const std::map<std::string, std::vector<std::string>> commands = {
      {"report", {"operation", "report", "1f2e", "--text", "x"}},
      {"vote", {"operation", "vote", "1f2e", "9c01", "GO"}},
      {"decide",
       {"operation", "decide", "1f2e", "--question", "x", "--quorum", "2", "--deadline",
        "2099-01-01T00:00:00Z"}},
      {"record",
       {"operation", "record", "1f2e",
        File("r.json", R"({"operation_record": {"situation": {"text": "x"}}})")}},
      {"amend",
       {"operation", "amend", "1f2e",
        File("a.json", R"({"operation_record": {"agreement": {"name": "x"}}})")}}};
  for (const auto& named : commands) {
    const auto& name = named.first;
    const auto& command = named.second;
    const auto said = [&](const std::string& answer) {
      std::vector<std::string> arguments = command;
      arguments.insert(arguments.end(), {"--override", answer});
      return Ask(arguments).err;
    };
    for (const char* bad : {"R-HR-14", "=why", "R-HR-14=", "R-HR-14=...", "R-HR-14= - "}) {
      EXPECT_NE(said(bad).find("--override"), std::string::npos) << name << said(bad);
      EXPECT_NE(said(bad).find("USAGE"), std::string::npos) << name << said(bad);
    }
    EXPECT_NE(said("R-HR-14=the girl Lina Orsay").find("PERSONAL_DATA"), std::string::npos) << name;
    EXPECT_NE(said("R-HR-14=her guardian asks for it").find("NO_HOME"), std::string::npos)
        << name << said("R-HR-14=her guardian asks for it");
  }
}

}  // namespace
}  // namespace palermo::cli
