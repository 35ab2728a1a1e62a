#include "node/casework/import.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/limits.h"
#include "base/status.h"
#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/judge.h"

namespace palermo::casework {
namespace {

TEST(Import, TakesShortFormsAndNull) {
  const auto json = ParseJson(R"({"consents": ["QM", {"state": "QT"}], "consignments": "one",
                                  "description": null, "period_days": 60})");
  v1::Item item;
  std::vector<Finding> findings;
  ImportJson(json->struct_value(), "item", item, findings);
  EXPECT_TRUE(findings.empty()) << FindingsText(findings);
  ASSERT_EQ(item.consents_size(), 2);
  EXPECT_EQ(item.consents(0).state(), "QM");
  EXPECT_EQ(item.consignments(0), "one");
  EXPECT_EQ(item.period_days(), 60u);
}

TEST(Import, NamesWhatItDoesNotKnowByItsPath) {
  const auto json = ParseJson(R"({"type": "SERVE_TEA", "colour": 1, "period_days": -1,
      "qty_seen": "many", "vessel": {"imo": true}, "selectors": [{"port": 1e300}]})");
  v1::Item item;
  std::vector<Finding> findings;
  ImportJson(json->struct_value(), "item", item, findings);
  std::set<std::string> fields;
  for (const Finding& f : findings) fields.insert(f.key + " " + f.field);
  EXPECT_EQ(fields, (std::set<std::string>{
                        "R-GEN-01.enum item.type", "R-GEN-01.field item.colour",
                        "R-GEN-01.type item.period_days", "R-GEN-01.type item.qty_seen",
                        "R-GEN-01.type item.selectors[0].port", "R-GEN-01.type item.vessel.imo"}));
}

TEST(Import, RefusesWhatIsNoJson) {
  for (const std::string& text : {std::string(), std::string("{"), std::string("\xff\xfe"),
                                  std::string(R"({"a": "\ud800"})"), std::string(5000, '[')}) {
    EXPECT_EQ(CodeOf(ParseJson(text).status()), "BAD_JSON") << text.substr(0, 10);
  }
  EXPECT_EQ(CodeOf(ParseJson(std::string(limits::kMaxCaseFileBytes + 1, ' ')).status()),
            "BODY_TOO_LARGE");
}

// Ten megabytes of text in one field are a finding, no crash.
TEST(Import, TenMegabytesOfTextAreAFinding) {
  auto json = ParseJson(kMlaJson);
  const auto directory = ReadDirectory(ParseJson(kDirectoryJson)->struct_value());
  auto& request =
      *(*json->mutable_struct_value()->mutable_fields())["request"].mutable_struct_value();
  (*request.mutable_fields())["facts_summary"].set_string_value(std::string(10 << 20, 'x'));
  EXPECT_EQ(Found(JudgeCase(json->struct_value(), *directory)), "E R-GEN-01");
}

// Damaged cases are judged or refused, never a crash.
TEST(Import, SurvivesDamagedCases) {
  const auto directory = ReadDirectory(ParseJson(kDirectoryJson)->struct_value());
  std::mt19937 random(20260302);
  int parsed = 0;
  for (const char* base : {kMlaJson, kAssetJson, kExtraditionJson, kSeaJson, kCyberJson,
                           kThingsJson, kOperationJson}) {
    for (int i = 0; i < 300; ++i) {
      std::string text = base;
      for (int k = 0; k < 3; ++k) {
        const char letters[] = "{}[]\",:09aQ-\\";
        text[random() % text.size()] = letters[random() % (sizeof(letters) - 1)];
      }
      const auto json = ParseJson(text);
      if (!json.ok() || !json->has_struct_value()) continue;
      ++parsed;
      JudgeCase(json->struct_value(), *directory);
      JudgeEvent(json->struct_value(), json->struct_value(), "CONSULTING", *directory);
    }
  }
  EXPECT_GT(parsed, 200);
}

}  // namespace
}  // namespace palermo::casework
