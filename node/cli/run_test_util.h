// A command run in this process, with the clock and the randomness of tests.
#ifndef PALERMO_NODE_CLI_RUN_TEST_UTIL_H_
#define PALERMO_NODE_CLI_RUN_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "node/cli/command.h"
#include "node/desk/files.h"
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

// Commands one after the other, with a folder for their files that goes with the test.
class InFolder : public ::testing::Test {
 protected:
  InFolder() {
    folder_ = ::testing::TempDir() + "/palermo-XXXXXX";
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  ~InFolder() override { std::filesystem::remove_all(folder_); }

  Answer Run(const std::vector<std::string>& arguments, Clock& clock) {
    Answer answer;
    answer.code = cli::Run(arguments, clock, random_, &answer.out, &answer.err);
    return answer;
  }
  // At the desk of this folder.
  Answer RunAtDesk(std::vector<std::string> arguments, Clock& clock) {
    arguments.insert(arguments.end(), {"--home", Path("home")});
    return Run(arguments, clock);
  }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string File(const std::string& name, const std::string& text) const {
    EXPECT_TRUE(desk::WriteFileAtomic(Path(name), text, 0600).ok());
    return Path(name);
  }

  testing::FakeRandom random_;

 private:
  std::string folder_;
};

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_RUN_TEST_UTIL_H_
