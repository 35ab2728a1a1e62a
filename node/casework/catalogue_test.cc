// The catalogue, the sentences and docs/rules.md agree.
#include "node/casework/catalogue.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "node/casework/cases/rules_page.h"
#include "node/casework/clocks.h"
#include "node/casework/contents.h"
#include "node/casework/texts.h"

namespace palermo::casework {
namespace {

TEST(Catalogue, HasEachRuleOnce) {
  std::set<std::string_view> ids;
  for (const CatalogueRow& row : Catalogue()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.condition.empty()) << row.id;
    EXPECT_FALSE(row.severities.empty()) << row.id;
    EXPECT_EQ(FindRule(row.id), &row);
  }
  EXPECT_EQ(FindRule("R-NONE"), nullptr);
}

// A sentence belongs to a rule, and is no stronger than the rule.
TEST(Catalogue, EverySentenceBelongsToARuleThatHasItsSeverity) {
  std::set<std::string_view> keys;
  for (const Text& text : Texts()) {
    EXPECT_TRUE(keys.insert(text.key).second) << text.key;
    const CatalogueRow* row = FindRule(text.key.substr(0, text.key.find('.')));
    ASSERT_NE(row, nullptr) << text.key;
    const char letter = text.severity == Severity::kNote ? 'I' : SeverityName(text.severity)[0];
    const bool note = letter == 'I';  // any rule may advise
    EXPECT_TRUE(note || row->severities.find(letter) != std::string_view::npos) << text.key;
    EXPECT_FALSE(text.what.empty() || text.todo.empty()) << text.key;
    EXPECT_NE(text.what.back(), '.') << text.key;
    EXPECT_EQ(FindText(text.key), &text);
  }
}

TEST(Catalogue, KnowsEveryRuleThatRuns) {
  for (const RuleInfo& rule : Rules()) {
    const std::string_view id = rule.id.substr(0, rule.id.find(','));
    EXPECT_NE(FindRule(id), nullptr) << rule.id;
  }
  for (const ClockRule& clock : ClockRules()) {
    // "T9": a clock of the table of acts.
    EXPECT_TRUE(clock.id[0] == 'T' || FindRule(clock.id) != nullptr) << clock.id;
    EXPECT_FALSE(clock.source.empty()) << clock.id;
  }
}

class RulesDoc : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = std::getenv("PALERMO_SOURCE");
    if (root_ == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  }
  const char* root_ = nullptr;
};

TEST_F(RulesDoc, IsWhatTheCodeSays) {
  std::ifstream file(std::string(root_) + "/docs/rules.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_TRUE(page == RulesPage(TestsThatFire(root_)))
      << "run: build/release/bin/casework_rules --markdown > docs/rules.md";
}

// Every sentence of a rule can be said only by code; a test must make each rule say something.
TEST_F(RulesDoc, EveryRuleWithASentenceIsFiredByATest) {
  const auto tests = TestsThatFire(root_);
  std::set<std::string> missing;
  for (const Text& text : Texts()) {
    const std::string rule(text.key.substr(0, text.key.find('.')));
    if (tests.count(rule) == 0) missing.insert(rule);
  }
  for (const std::string& rule : missing) ADD_FAILURE() << "no test fires " << rule;
}

}  // namespace
}  // namespace palermo::casework
