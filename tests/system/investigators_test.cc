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
    const int wanted = std::stoi(step.Mark("exit", "0"));
    const absl::Time end = absl::Now() + absl::Seconds(kStepSeconds);
    Typed typed;
    do {
      typed.output.clear();
      for (const std::string& command : CommandsOf(Here(step.script))) {
        const Typed one =
            TypeAtTerminal(command, desks_.folder(), Environment(state, step.Mark("at")),
                           DeskFolder::passphrase(), kStepSeconds);
        typed.exit_code = one.exit_code;
        typed.output += one.output;
        if (one.exit_code != 0) break;
      }
      const bool there = typed.exit_code == wanted &&
                         std::regex_search(typed.output, std::regex(step.Mark("expect")));
      if (!again || there) break;
      absl::SleepFor(absl::Milliseconds(200));
    } while (absl::Now() < end);
    ASSERT_EQ(typed.exit_code, wanted) << Where(step) << " " << state << "\n" << typed.output;
    if (again) {
      ASSERT_TRUE(std::regex_search(typed.output, std::regex(step.Mark("expect"))))
          << Where(step) << " " << state << "\n"
          << typed.output;
    }
    Tell(step, typed.output);
  }

  // What the commands made: an operation, its records, messages; each gets a name of the mark.
  void Tell(const PageStep& step, const std::string& output) {
    const std::string names = step.Mark("tells");
    if (names.empty()) return;
    const bool founds = names == "OPERATION";
    const bool records = !founds && output.find("\nrecord ") != std::string::npos;
    const std::regex what(founds    ? "operation ([0-9a-f]{64})"
                          : records ? "record +([0-9a-f]{64})"
                                    : "message +([0-9a-f]{64})");
    std::sregex_iterator found(output.begin(), output.end(), what), end;
    for (const std::string& name : std::vector<std::string>(absl::StrSplit(names, ' '))) {
      ASSERT_NE(found, end) << Where(step) << " " << name << "\n" << output;
      told_[name] = (*found++)[1];
    }
  }

  // QP reports the same vessel to QM, whose desk takes it in.
  void Received() {
    const auto run = [&](const char* state, const char* at, const std::string& script,
                         const char* tells, const char* expect) {
      PageStep step;
      step.script = script;
      step.marks = {{"at", at}, {"tells", tells}};
      if (*expect != '\0') step.marks["expect"] = expect;
      RunAt(step, state);
    };
    run("QP", "o-0001",
        "sed 's/R-2026-001/R-2026-002/; s/\"originator\": \"QN\"/\"originator\": \"QP\"/' "
        "route.json > "
        "received.json\npalermo route report received.json\n",
        "SECOND", "");
    run("QP", "o-0002", "palermo case approve $SECOND\n", "", "");
    run("QM", "o-0001",
        "palermo casebook update --open\npalermo route list --purpose INVESTIGATION --reason x\n",
        "", "QP:R-2026-002/1");
  }

  OperationDesks desks_{{"QM", "QN", "QP"}, 1};
  std::string bin_, page_;
  std::map<std::string, std::string> told_;
};

TEST_F(Investigators, WhoReadsThePageReportsFindsFoundsDecidesAndCloses) {
  std::vector<std::string> errors;
  const std::vector<PageStep> steps = ReadPage(page_, &errors);
  for (const std::string& error : errors) ADD_FAILURE() << "docs/investigators.md: " << error;
  ASSERT_GT(steps.size(), 35u);
  for (const PageStep& step : steps) {
    if (!step.hook.empty()) {
      ASSERT_EQ(step.hook, "received") << Where(step);
      Received();
      if (HasFatalFailure()) return;
      continue;
    }
    const std::vector<std::string> states = absl::StrSplit(step.Mark("state"), ' ');
    for (const std::string& state : states) {
      RunAt(step, state);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace palermo::testing
