// Lines of a file, and what the templates of the commands print.
#include "node/cli/script.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/run_test_util.h"
#include "palermo/v1/common.pb.h"
#include "tests/support/fake_clock.h"

namespace palermo::cli {
namespace {

class ScriptTest : public InFolder {
 protected:
  Answer Palermo(const std::vector<std::string>& arguments) { return Run(arguments, clock_); }

  testing::FakeClock clock_;
};

// How often the rule stands in the findings, as a note.
size_t NotesOf(const std::string& findings, const std::string& rule) {
  const std::string wanted = "{\"rule\":\"" + rule + "\",\"severity\":\"NOTE\"";
  size_t count = 0;
  for (size_t at = findings.find(wanted); at != std::string::npos;
       at = findings.find(wanted, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(ScriptTest, EveryFamilysExamplesPassTheirCheck) {
  for (int n = 1; n <= v1::Family::Code_MAX; ++n) {
    const std::string family = v1::Family::Code_Name(static_cast<v1::Family::Code>(n));
    Answer made = Palermo({"case", "new", "--family", family});
    ASSERT_EQ(made.code, kExitOk) << family << made.err;
    // The reason why its fictional persons may go.
    const std::string body = "\"body\": {";
    std::string form = made.out;
    form.insert(form.find(body) + body.size(),
                R"("overridden": [{"rule": "R-GEN-04", "reason": "exercise"}],)");
    Answer check = Palermo({"case", "check", File(family, form), "--home", Path("none"), "--json"});
    EXPECT_EQ(check.code, kExitOk) << family << check.out;
    // Who a victim is has to be sealed by the drafter himself; that the form was printed, that
    // there is no desk: the example says so and no more.
    EXPECT_EQ(NotesOf(check.out, "R-SEAL-01"), family == "VICTIM" ? 1u : 0u) << check.out;
    EXPECT_EQ(NotesOf(check.out, "R-DIR-01"), 1u) << check.out;
    EXPECT_LE(NotesOf(check.out, "R-GEN-04"), 1u) << check.out;
    size_t all = 0;
    for (size_t at = check.out.find("{\"rule\""); at != std::string::npos;
         at = check.out.find("{\"rule\"", at + 1)) {
      ++all;
    }
    EXPECT_EQ(all, NotesOf(check.out, "R-SEAL-01") + 1 + NotesOf(check.out, "R-GEN-04"))
        << family << check.out;
  }
  Answer register_only =
      Palermo({"case", "new", "--family", "SEA", "--assistance", "FLAG_CONFIRMATION"});
  EXPECT_NE(register_only.out.find("FLAG_CONFIRMATION"), std::string::npos) << register_only.err;
  Answer other = Palermo({"case", "new", "--family", "SEA", "--assistance", "TRACE_FIREARM"});
  EXPECT_EQ(other.code, kExitBadInput);
  EXPECT_NE(other.err.find("NO_EXAMPLE"), std::string::npos);
  EXPECT_NE(other.err.find("BOARDING_AUTHORIZATION"), std::string::npos);
}

TEST_F(ScriptTest, ALineOfAFileIsSplitLikeThis) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(*SplitWords(""), Words());
  EXPECT_EQ(*SplitWords("  # a comment"), Words());
  EXPECT_EQ(*SplitWords("case list\t--json # now"), (Words{"case", "list", "--json"}));
  EXPECT_EQ(*SplitWords("a 'b c' \"d 'e'\" f#g"), (Words{"a", "b c", "d 'e'", "f#g"}));
  EXPECT_EQ(*SplitWords("x='1 2' ''"), (Words{"x=1 2", ""}));
  EXPECT_EQ(CodeOf(SplitWords("case 'show").status()), "USAGE");
}

TEST_F(ScriptTest, TheClocksTemplateIsImportedOnlyIntoADesk) {
  std::string file = File("clocks.json", Palermo({"clocks", "template"}).out);
  EXPECT_EQ(Palermo({"clocks", "import", file, "--home", Path("none")}).code, kExitBadInput);
}

}  // namespace
}  // namespace palermo::cli
