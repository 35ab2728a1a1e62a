// docs/investigators.md as investigators type it: every marked block of the page, in order, at
// terminals, with the real programs of three states. Whoever changes a command sees here that the
// page no longer works.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "tests/system/operation_desks.h"
#include "tests/system/page.h"

namespace palermo::testing {
namespace {

constexpr int kStepSeconds = 60;

class Investigators : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* source = std::getenv("PALERMO_SOURCE");
    ASSERT_NE(source, nullptr) << "run it with ctest";
    bin_ = std::getenv("PALERMO_BIN");
    std::ifstream page(Cat({source, "/docs/investigators.md"}));
    page_ = std::string(std::istreambuf_iterator<char>(page), {});
  }

  std::map<std::string, std::string> Environment(const std::string& state, const std::string& at) {
    std::map<std::string, std::string> environment = told_;
    const std::string user = desks_.Path(Cat({"user-", state, "-", at}));
    if (!std::filesystem::exists(user)) {
      std::filesystem::create_directory(user);
      std::filesystem::create_directory_symlink(desks_.Home(state, at), user + "/.palermo");
    }
    environment["HOME"] = user;
    environment["PATH"] = Cat({bin_, ":/usr/bin:/bin"});
    return environment;
  }
  // The page's dates are in the past one day.
  static std::string Here(const std::string& script) {
    const std::string soon = FormatInstant(absl::Now() + absl::Hours(48));
    return absl::StrReplaceAll(script, {{"2030-06-16T12:00:00Z", soon}});
  }
  static std::string Where(const PageStep& step) {
    return Cat({"docs/investigators.md:", std::to_string(step.line)});
  }

  void RunAt(const PageStep& step, const std::string& state) {
    const bool again = step.marks.count("expect") != 0;
    const absl::Time end = absl::Now() + absl::Seconds(kStepSeconds);
    Typed typed;
    do {
      typed.output.clear();
      for (const std::string& command : CommandsOf(Here(step.script))) {
        const Typed one =
            TypeAtTerminal(command, desks_.folder(), Environment(state, step.Mark("at")),
                           OperationDesks::passphrase(), kStepSeconds);
        typed.exit_code = one.exit_code;
        typed.output += one.output;
        if (one.exit_code != 0) break;
      }
      const bool there =
          typed.exit_code == 0 && std::regex_search(typed.output, std::regex(step.Mark("expect")));
      if (!again || there) break;
      absl::SleepFor(absl::Milliseconds(200));
    } while (absl::Now() < end);
    ASSERT_EQ(typed.exit_code, 0) << Where(step) << " " << state << "\n" << typed.output;
    if (again) {
      ASSERT_TRUE(std::regex_search(typed.output, std::regex(step.Mark("expect"))))
          << Where(step) << " " << state << "\n"
          << typed.output;
    }
    Tell(step, typed.output);
  }

  // The first command's operation; of the others the record that they made.
  void Tell(const PageStep& step, const std::string& output) {
    const std::string name = step.Mark("tells");
    if (name.empty()) return;
    const std::regex what(name == "OPERATION" ? "operation ([0-9a-f]{64})"
                                              : "record +([0-9a-f]{64})");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(output, found, what)) << Where(step) << "\n" << output;
    told_[name] = found[1];
  }

  OperationDesks desks_{{"QM", "QN", "QP"}, 1};
  std::string bin_, page_;
  std::map<std::string, std::string> told_;
};

TEST_F(Investigators, WhoReadsThePageFoundsDecidesAndClosesAnOperation) {
  std::vector<std::string> errors;
  const std::vector<PageStep> steps = ReadPage(page_, &errors);
  for (const std::string& error : errors) ADD_FAILURE() << "docs/investigators.md: " << error;
  ASSERT_GT(steps.size(), 20u);
  for (const PageStep& step : steps) {
    const std::vector<std::string> states = absl::StrSplit(step.Mark("state"), ' ');
    for (const std::string& state : states) {
      RunAt(step, state);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace palermo::testing
