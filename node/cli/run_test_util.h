// A command run in this process, with the clock and the randomness of tests.
#ifndef PALERMO_NODE_CLI_RUN_TEST_UTIL_H_
#define PALERMO_NODE_CLI_RUN_TEST_UTIL_H_

#include <string>
#include <vector>

#include "node/cli/command.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"

namespace palermo::cli {

struct Answer {
  int code = 0;
  std::string out, err;
};

inline Answer Palermo(const std::vector<std::string>& arguments) {
  testing::FakeClock clock;
  testing::FakeRandom random;
  Answer answer;
  answer.code = Run(arguments, clock, random, &answer.out, &answer.err);
  return answer;
}

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_RUN_TEST_UTIL_H_
