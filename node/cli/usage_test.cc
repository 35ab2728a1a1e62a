// A wrong word ends with 2 and says which words there are; for programs in JSON. Templates of
// documents.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "node/cli/command.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"

namespace palermo::cli {
namespace {

struct Answer {
  int code = 0;
  std::string out, err;
};
Answer Palermo(const std::vector<std::string>& arguments) {
  testing::FakeClock clock;
  testing::FakeRandom random;
  Answer answer;
  answer.code = Run(arguments, clock, random, &answer.out, &answer.err);
  return answer;
}

TEST(Usage, AWrongWordEndsWithTwoAndNamesTheWordsThatThereAre) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"key", "new", "--kind", "foo", "--subject", "QM/x/o-1", "--out", "/nowhere/x"}, "roster"},
      {{"key", "new", "--kind", "sealing", "--subject", "QM/x", "--out", "/nowhere/x"},
       "sealing-key new"},
      {{"operation", "new", "--name", "X", "--party", "QM/central", "--party", "QN/central",
        "--member", "QM/central/o-0001=VICTIM_OFICER:VICTIMS"},
       "VICTIM_OFFICER"},
      {{"operation", "new", "--name", "X", "--party", "QM/central", "--party", "QN/central",
        "--member", "QM/central/o-0001=MEMBER:FOO"},
       "UNDERCOVER"},
      {{"clocks", "show", "--with", "QTT", "--home", "/nowhere"}, "a state"},
      {{"case", "new", "--list", "--language", "xx"}, ""},
      {{"casebook", "search", "--purpose", "INVESTIGATION", "--identifier", "FOO:1", "--home",
        "/nowhere"},
       "no scheme"},
      {{"casebook", "search", "--purpose", "INVESTIGATION", "--identifier", "plate:AB1", "--home",
        "/nowhere"},
       "PLATE:QM:AB1"},
  };
  for (const auto& [arguments, words] : wrong) {
    const Answer answer = Palermo(arguments);
    EXPECT_EQ(answer.code, kExitUsage) << arguments[0] << " " << arguments[1] << answer.err;
    EXPECT_NE(answer.err.find(words), std::string::npos) << answer.err;
  }
}

TEST(Usage, AProgramIsToldInJson) {
  for (const auto& arguments : {std::vector<std::string>{"nonsense", "--json"},
                                {"case", "nonsense", "--json"},
                                {"case", "new", "--bogus", "--json"}}) {
    const Answer answer = Palermo(arguments);
    EXPECT_EQ(answer.code, kExitUsage);
    EXPECT_EQ(answer.err.rfind("{\"error\": {", 0), 0u) << answer.err;
    EXPECT_EQ(answer.out, "");
  }
}

// What a page tells people to type: "palermo route list" in a block or between backticks.
std::set<std::string> CommandsIn(const std::string& page) {
  static const std::regex form("(^|`|\\n *)palermo ([a-z]+(-[a-z]+)*) ([a-z]+(-[a-z]+)*)");
  std::set<std::string> found;
  for (std::sregex_iterator it(page.begin(), page.end(), form), end; it != end; ++it) {
    found.insert((*it)[2].str() + " " + (*it)[4].str());
  }
  return found;
}

TEST(Pages, NameCommandsThatExist) {
  const char* root = std::getenv("PALERMO_SOURCE");
  ASSERT_NE(root, nullptr) << "run it with ctest, which sets PALERMO_SOURCE";
  for (const char* name : {"investigators.md", "commands.md"}) {
    std::ifstream file(std::string(root) + "/docs/" + name);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    const std::set<std::string> commands = CommandsIn(page);
    EXPECT_GT(commands.size(), 20u) << name;
    for (const std::string& command : commands) {
      const size_t blank = command.find(' ');
      EXPECT_NE(FindCommand(command.substr(0, blank), command.substr(blank + 1)), nullptr)
          << name << ": palermo " << command;
    }
  }
}

TEST(Templates, TakeTheirStatesAndTheEndpointsOfTheirNodes) {
  std::string roster = Palermo({"roster", "template", "--endpoint", "QT=node.qt.example:1"}).out;
  EXPECT_NE(roster.find("node.qt.example:1"), std::string::npos);
  EXPECT_NE(roster.find("localhost:7443"), std::string::npos);  // of QM
  EXPECT_EQ(roster.find("localhost:8443"), std::string::npos);
  std::string more = Palermo({"roster", "template", "--endpoint", "QX=a:1"}).out;
  for (const char* part : {"QM-root.key", "QT-root.key", "QX-root.key", "\"a:1\""}) {
    EXPECT_NE(more.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(Palermo({"roster", "template", "--state", "QM", "--endpoint", "QX=a:1"}).code,
            kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--endpoint", "qx=a:1"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--endpoint", "a:1"}).code, kExitUsage);
  std::string three = Palermo({"roster", "template", "--state", "QM", "--state", "QN", "--state",
                               "QP", "--endpoint", "QP=node.qp.example:1"})
                          .out;
  for (const char* part : {"QN-root.key", "localhost:8443", "node.qp.example:1"}) {
    EXPECT_NE(three.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(three.find("QT"), std::string::npos);
  EXPECT_EQ(Palermo({"roster", "template", "--state", "Q1"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--state", "QM", "--state", "QM"}).code, kExitUsage);
  Answer directory = Palermo({"directory", "template", "--endpoint", "node.qm.example:2"});
  EXPECT_NE(directory.out.find("\"endpoint\": \"node.qm.example:2\""), std::string::npos);
  EXPECT_NE(directory.out.find("central@justice.example"), std::string::npos);
  EXPECT_EQ(Palermo({"directory", "template", "--endpoint", "a\"b"}).code, kExitUsage);
}

}  // namespace
}  // namespace palermo::cli
