// A wrong word ends with 2 and says which words there are; for programs in JSON.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace palermo::cli
