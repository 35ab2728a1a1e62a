#include "node/casework/finding.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Finding Make(std::string rule, Severity severity) {
  return {std::move(rule),          severity,          "request.purpose",
          "the purpose is missing", "UNTOC 18(15)(f)", "say it"};
}

TEST(Findings, OnlyAnErrorBlocks) {
  EXPECT_FALSE(Blocks({}));
  EXPECT_FALSE(Blocks({Make("A", Severity::kWarning), Make("B", Severity::kNote)}));
  EXPECT_TRUE(Blocks({Make("A", Severity::kWarning), Make("B", Severity::kError)}));
}

TEST(Findings, AWarningStaysOpenUntilItsRuleIsAnswered) {
  const auto a = Make("A", Severity::kWarning), b = Make("B", Severity::kWarning);
  const auto e = Make("E", Severity::kError), n = Make("N", Severity::kNote);
  EXPECT_THAT(OpenWarnings({e, a, b, n}, {"A", "E"}), ElementsAre(b));
  EXPECT_THAT(OpenWarnings({e, a, b, n}, {"A", "B"}), IsEmpty());
}

// As long as a hostile message can make both: looked through for each other they took hours.
TEST(Findings, ManyWarningsAndManyAnswersAreMatchedAtOnce) {
  std::vector<Finding> findings(30000, Make("A", Severity::kWarning));
  for (size_t i = 0; i < findings.size(); ++i) findings[i].field = std::to_string(i);
  std::vector<std::string> entries(30000, "A at nowhere");
  EXPECT_EQ(OpenWarnings(findings, entries).size(), findings.size());
  entries.push_back("A at 7");
  EXPECT_EQ(OpenWarnings(findings, entries).size(), findings.size() - 1);
  entries.push_back("A");
  EXPECT_THAT(OpenWarnings(findings, entries), IsEmpty());
}

TEST(Findings, ARuleAloneAnswersForOneMeaningOfIt) {
  Finding diverted = Make("A", Severity::kWarning), denied = diverted, note = diverted;
  diverted.key = "A.diverted";
  diverted.field = "result.items[0].shipment.status";
  denied.key = "A.denied";
  denied.field = "result.items[1].licence.status";
  note.key = "A.told";
  note.severity = Severity::kNote;
  EXPECT_THAT(OpenWarnings({diverted, note}, {"A"}), IsEmpty());
  EXPECT_THAT(OpenWarnings({diverted, denied}, {"A"}), ElementsAre(diverted, denied));
  EXPECT_THAT(OpenWarnings({diverted, denied}, {"A at result.items[1].licence.status"}),
              ElementsAre(diverted));
  EXPECT_THAT(OpenWarnings({diverted, denied}, {"A at result.items[1].licence.status",
                                                "A at result.items[0].shipment.status"}),
              IsEmpty());
  EXPECT_THAT(OpenWarnings({diverted}, {"B at result.items[0].shipment.status", "A at result"}),
              ElementsAre(diverted));
  // The same meaning in two places is one.
  Finding again = diverted;
  again.field = "result.items[2].shipment.status";
  EXPECT_THAT(OpenWarnings({diverted, again}, {"A"}), IsEmpty());
}

TEST(Findings, TextSaysWhatWhereWhyAndWhatToDo) {
  EXPECT_EQ(FindingsText({}), "");
  EXPECT_EQ(FindingsText({Make("R-MLA-15F", Severity::kError)}),
            "ERROR R-MLA-15F (UNTOC 18(15)(f)) at request.purpose: the purpose is missing.\n"
            "  To do: say it.\n");
}

TEST(Findings, ATextTakesItsValuesByNameInAnyOrder) {
  const TextArgs args = {{"item", "2"}, {"family", "MLA"}};
  EXPECT_EQ(FillText("{family} has item {item}", args, false), "MLA has item 2");
  EXPECT_EQ(FillText("item {item} of {family}, {item}", args, false), "item 2 of MLA, 2");
  EXPECT_EQ(FillText("{item}{other} {", args, false), "2{other} {");
  EXPECT_EQ(FillText("", args, true), "");
}

// A value is one code: brackets in it are no placeholders, and it keeps its order in Arabic.
TEST(Findings, AValueIsTakenAsItIsAndMayBeIsolated) {
  EXPECT_EQ(FillText("<{a}>", {{"a", "{b}"}, {"b", "x"}}, false), "<{b}>");
  EXPECT_EQ(FillText("<{a}>", {{"a", "R-1"}}, true), "<\u2068R-1\u2069>");
}

TEST(Findings, JsonIsValidWhateverTheTextHolds) {
  Finding finding = Make("R", Severity::kWarning);
  finding.what = "quote \" backslash \\ line \n bad \xff zero " + std::string(1, '\0');
  const std::string json = FindingsJson({finding, Make("S", Severity::kNote)});
  google::protobuf::ListValue list;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &list).ok()) << json;
  ASSERT_EQ(list.values_size(), 2);
  const auto& fields = list.values(0).struct_value().fields();
  EXPECT_EQ(fields.size(), 6u);
  EXPECT_EQ(fields.at("severity").string_value(), "WARNING");
  EXPECT_EQ(fields.at("what").string_value(),
            "quote \" backslash \\ line \n bad \ufffd zero " + std::string(1, '\0'));
  EXPECT_EQ(FindingsJson({}), "[]");
}

}  // namespace
}  // namespace palermo::casework
