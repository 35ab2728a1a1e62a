// docs/casework.md says what the code does: its tables are compared line by line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "node/casework/cases/rules_page.h"
#include "node/casework/catalogue.h"
#include "node/casework/clocks.h"
#include "node/casework/contents.h"
#include "node/casework/field_words.h"
#include "node/casework/history.h"
#include "node/casework/obligations.h"

namespace palermo::casework {
namespace {

std::vector<std::string> LinesLike(const std::string& pattern,
                                   const std::string& page = "/docs/casework.md") {
  const char* root = std::getenv("PALERMO_SOURCE");
  std::ifstream file(std::string(root) + page);
  EXPECT_TRUE(file.good()) << page << " cannot be read";
  std::vector<std::string> lines;
  const std::regex wanted(pattern);
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, wanted)) lines.push_back(line);
  }
  return lines;
}

std::string ToOf(const Transition& t) {
  switch (t.move) {
    case Move::kTo:
      return std::string(StateName(t.to));
    case Move::kStay:
      return "no change";
    case Move::kInterrupt:
      return absl::StrFormat("%s, remembers", StateName(t.to));
    case Move::kChange:
      return absl::StrFormat("%s, still remembers", StateName(t.to));
    case Move::kResume:
      return "what was interrupted";
  }
  return "";
}

class Docs : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("PALERMO_SOURCE") == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  }
};

TEST_F(Docs, ShowEveryTransition) {
  std::vector<std::string> rows;
  for (const Transition& t : Transitions()) {
    std::vector<std::string> from;
    for (CaseState state : t.from) from.emplace_back(StateName(state));
    rows.push_back(absl::StrFormat("| %s | %s | %s | %s | %s | %s |", t.id,
                                   absl::StrJoin(from, ", "), SideName(t.side), ActName(t.act),
                                   ToOf(t), t.article));
  }
  EXPECT_EQ(absl::StrJoin(LinesLike(R"(^\| [DNPSTUX]\d)"), "\n"), absl::StrJoin(rows, "\n"));
}

TEST_F(Docs, ShowThePrecedence) {
  std::vector<std::pair<int, std::string>> pairs;
  for (v1::Act::Code act : AllActs()) {
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      if (!MaySend(side, act)) continue;
      const int n = Precedence(side, act);
      pairs.emplace_back(n,
                         absl::StrFormat("| %d | %s | %s |", n + 1, SideName(side), ActName(act)));
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::string> rows;
  for (const auto& [number, row] : pairs) rows.push_back(row);
  EXPECT_EQ(absl::StrJoin(LinesLike(R"(^\| \d)"), "\n"), absl::StrJoin(rows, "\n"));
}

TEST_F(Docs, ShowEveryRule) {
  std::vector<std::string> rows;
  for (const RuleInfo& rule : Rules()) {
    rows.push_back(absl::StrFormat("| %s | %s | %s | %s |", rule.id, rule.severities, rule.article,
                                   rule.fires_when));
  }
  EXPECT_EQ(absl::StrJoin(LinesLike(R"(^\| R-)"), "\n"), absl::StrJoin(rows, "\n"));
}

std::vector<std::string> WordsLike(const std::string& line, const std::string& pattern) {
  const std::regex wanted(pattern);
  return {std::sregex_token_iterator(line.begin(), line.end(), wanted, 1),
          std::sregex_token_iterator()};
}

// Each safeguard has a rule that exists, and tests that make one of its rules say something.
TEST_F(Docs, ShowWhatActsForEverySafeguard) {
  const auto rows = LinesLike(R"(^\| HR-)", "/docs/rights.md");
  ASSERT_EQ(rows.size(), 24u);
  const auto fired = TestsThatFire(std::getenv("PALERMO_SOURCE"));
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].substr(2, 5), absl::StrFormat("HR-%02d", i + 1));
    const auto rules = WordsLike(rows[i], R"(\b(R-[A-Z]+(-[A-Z0-9]+)?)\b)");
    EXPECT_FALSE(rules.empty()) << rows[i];
    std::set<std::string> tests;
    for (const std::string& rule : rules) {
      EXPECT_NE(FindRule(rule), nullptr) << rule;
      const auto of = fired.find(rule);
      if (of != fired.end()) tests.insert(of->second.begin(), of->second.end());
    }
    const auto named = WordsLike(rows[i], R"((cases/[a-z-]+|[a-z_]+_test)\b)");
    EXPECT_FALSE(named.empty()) << rows[i];
    for (const std::string& test : named) EXPECT_TRUE(tests.contains(test)) << rows[i] << test;
  }
}

TEST_F(Docs, ShowEveryClock) {
  const std::vector<std::string> rows = LinesLike("^\\| `");
  for (const ClockRule& rule : ClockRules()) {
    if (rule.starts == v1::Act::UNSPECIFIED) continue;  // a fact starts it, no act
    // A clock that is law under some instruments alone has a row of each kind.
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const std::string& one) {
      return one.find(absl::StrFormat("`%s`", rule.id)) != std::string::npos &&
             one.find(rule.source) != std::string::npos;
    });
    ASSERT_NE(row, rows.end()) << rule.id << ": " << rule.source;
    const char* kind = rule.kind == ClockKind::kPolicy ? "| policy |" : "| law";
    EXPECT_NE(row->find(kind), std::string::npos) << *row;
  }
}

TEST_F(Docs, ShowEveryDuty) {
  std::vector<std::string> rows;
  for (const ObligationKind& kind : ObligationKinds()) {
    rows.push_back(absl::StrFormat("- `%s` (%s%s): %s", kind.kind, kind.article,
                                   kind.standing ? ", stands" : "", kind.meaning));
  }
  EXPECT_EQ(absl::StrJoin(LinesLike(R"(^- `[A-Z_]+` \()"), "\n"), absl::StrJoin(rows, "\n"));
}

// Who has read that page alone can report a danger.
TEST_F(Docs, TheInvestigatorsPageNamesEveryFieldOfALegAndTheWordsOfDanger) {
  const auto lines = LinesLike(".", "/docs/investigators.md");
  const auto named = [&](const std::string& text) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(text) != line.npos; });
  };
  const auto* leg = v1::RouteLeg::descriptor();
  for (int i = 0; i < leg->field_count(); ++i) {
    EXPECT_TRUE(named("`" + leg->field(i)->name() + "`")) << leg->field(i)->name();
  }
  for (const std::string_view word : FindWords("RouteLeg", "risk_to_life")->words) {
    EXPECT_TRUE(word == "NONE" || named(std::string(word))) << word;
  }
}

}  // namespace
}  // namespace palermo::casework
