#include "node/casework/intelligence/correlation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "absl/strings/str_format.h"
#include "base/limits.h"

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool All(std::string_view) { return true; }
using Marks = std::vector<std::string>;

TEST(NormalForm, IsTheSameHoweverItIsWritten) {
  EXPECT_EQ(NormalForm("IMO", "IMO 9074729", ""), "IMO:9074729");
  EXPECT_EQ(NormalForm("IMO", "9074729", "QR"), "IMO:9074729");
  EXPECT_EQ(NormalForm("PHONE", "00999 123-456", ""), "PHONE:+999123456");
  EXPECT_EQ(NormalForm("PHONE", "+999 (123) 456", ""), "PHONE:+999123456");
  EXPECT_EQ(NormalForm("PHONE", "tel:+999 (0)123 456", ""), "PHONE:+999123456");
  EXPECT_EQ(NormalForm("PLATE", "ab-12 3", "qm"), "PLATE:QM:AB123");
  EXPECT_EQ(NormalForm("Plate", "\u0410123\u0412\u0421", "QM"),
            NormalForm("PLATE", "\u0430123\u0432\u0441", "QM"));
  EXPECT_EQ(NormalForm("PLATE", "\u00C4B 1", "QM"), NormalForm("PLATE", "\u00E4b-1", "QM"));
  EXPECT_EQ(NormalForm("EMAIL", " A@Example.ORG", ""), "EMAIL:a@example.org");
  EXPECT_EQ(NormalForm("IBAN", "qv47 VSTB 0001 2345 6789 01", ""), "IBAN:QV47VSTB00012345678901");
  EXPECT_EQ(NormalForm("BTC", "BC1QW508D6", ""), "BTC:bc1qw508d6");
  EXPECT_NE(NormalForm("BTC", "1BvB", ""), NormalForm("BTC", "1bvb", ""));
  EXPECT_NE(NormalForm("DOCUMENT", "X1", "QM"), NormalForm("DOCUMENT", "X1", "QN"));
  EXPECT_EQ(NormalForm("PHONE", "call me", ""), "");
  for (const char* same : {"+999 12 345 678 ext 12", "+999 12 345 678 x12",
                           "+999-12-345-678;ext=12", "+999 12 345 678 Ext. 12",
                           "+\u0669\u0669\u0669 \u0661\u0662 \u0663\u0664\u0665 \u0666\u0667\u0668",
                           "+\u06F9\u06F9\u06F9\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8"}) {
    EXPECT_EQ(NormalForm("PHONE", same, ""), "PHONE:+99912345678") << same;
  }
  EXPECT_EQ(NormalForm("PHONE", "+999 12 345 678 ext", ""), "");
  EXPECT_EQ(NormalForm("PHONE", "ext 12345", ""), "");
  EXPECT_EQ(NormalForm("PLATE", " - ", "QM"), "");
  EXPECT_EQ(NormalForm("URL", std::string(limits::kMaxIdentifierBytes + 1, 'x'), ""), "");
  EXPECT_EQ(PlaceTimeForm("QPLAG", "2026-02-27T03:00:00Z"), "PLACE_TIME:QPLAG:2026-02-27");
  EXPECT_EQ(PlaceTimeForm("QPLAG", "2026-02"), "");
  EXPECT_EQ(PlaceTimeForm("", "2026-02-27"), "");
}

TEST(NormalForm, OfAnAddressIsItsShortSpelling) {
  for (const char* same : {"2001:db8::1", "2001:0DB8:0000:0000:0000:0000:0000:0001",
                           "2001:db8:0:0::1", "[2001:DB8::0:1]", " 2001:db8::1 "}) {
    EXPECT_EQ(NormalForm("IP", same, ""), "IP:2001:db8::1") << same;
  }
  EXPECT_EQ(NormalForm("IP", "192.0.2.7", ""), "IP:192.0.2.7");
  EXPECT_EQ(NormalForm("IP", "::ffff:192.0.2.7", ""), "IP:192.0.2.7");
  EXPECT_EQ(NormalForm("IP", "2001:DB8::XYZ", ""), "IP:2001:db8::xyz") << "as it is said";
  EXPECT_NE(NormalForm("IP", "2001:db8::1", ""), NormalForm("IP", "2001:db8::2", ""));
}

// Whether two records of which each names one thing meet, whichever of them is asked.
bool Meet(const std::string& a, const std::string& b) {
  CorrelationIndex index;
  index.Add("a", Marks{a});
  index.Add("b", Marks{b});
  const bool there = !index.Matches("a", Marks{a}, All).empty();
  const bool back = !index.Matches("b", Marks{b}, All).empty();
  EXPECT_EQ(there, back) << a << " " << b;
  return there;
}

TEST(CorrelationIndex, ThingsMeetThatAreSaidInTwoWays) {
  const std::string iban = NormalForm("IBAN", "QV47 VSTB 0001 2345 6789 01", "");
  EXPECT_TRUE(Meet("PLATE:QM:AB123", "PLATE::AB123"));
  EXPECT_TRUE(Meet("PLATE::AB123", "PLATE::AB123"));
  EXPECT_FALSE(Meet("PLATE:QM:AB123", "PLATE:QN:AB123")) << "two vehicles";
  EXPECT_FALSE(Meet("PLATE:QM:AB123", "PLATE::AB124"));
  EXPECT_FALSE(Meet("DOCUMENT:QM:AB123", "DOCUMENT::AB123")) << "a document needs its issuer";
  EXPECT_TRUE(Meet(iban, "ACCOUNT:VSTB00012345678901"));
  EXPECT_TRUE(Meet(iban, "ACCOUNT:00012345678901"));
  EXPECT_TRUE(Meet(iban, "ACCOUNT:12345678901"));
  EXPECT_FALSE(Meet(iban, "ACCOUNT:678901")) << "the end of too many accounts";
  EXPECT_FALSE(Meet(iban, "ACCOUNT:12345678902"));
  EXPECT_FALSE(Meet(iban, NormalForm("IBAN", "QV48 XSTB 0001 2345 6789 01", "")))
      << "another bank's";
  EXPECT_FALSE(Meet("ACCOUNT:12345678901", "ACCOUNT:00012345678901"));
}

TEST(NormalForm, TakesEveryMarkOfAReportOnce) {
  v1::RouteReport r;
  for (int i = 0; i < 2; ++i) {
    auto& leg = *r.add_legs();
    leg.mutable_to()->set_unlocode("QNHAV");
    auto& id = *leg.mutable_conveyance()->add_identifiers();
    id.set_scheme("IMO");
    id.set_value(i == 0 ? "9074729" : "IMO 9074729");
  }
  r.mutable_period()->set_last_seen("2026-02-27");
  EXPECT_THAT(MarksOf(r), ElementsAre("IMO:9074729", "PLACE_TIME:QNHAV:2026-02-27"));
}

TEST(CorrelationIndex, FindsTheOtherRecordsThatNameTheSame) {
  CorrelationIndex index;
  EXPECT_TRUE(index.Add("r1", Marks{"IMO:1", "PHONE:+9"}));
  EXPECT_TRUE(index.Add("r2", Marks{"IMO:1", "IMO:1"}));
  EXPECT_TRUE(index.Add("r3", Marks{"IMO:2"}));
  EXPECT_FALSE(index.Add("r3", Marks{"IMO:1"}));
  EXPECT_THAT(index.Find("IMO:1", All).records, ElementsAre("r1", "r2"));
  EXPECT_THAT(index.Find("IMO:9", All).records, IsEmpty());
  const auto matches = index.Matches("r1", Marks{"IMO:1", "PHONE:+9"}, All);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].mark, "IMO:1");
  EXPECT_THAT(matches[0].records, ElementsAre("r2"));
}

TEST(CorrelationIndex, TellsNothingOfWhatMayNotBeSeen) {
  CorrelationIndex index;
  for (uint32_t i = 0; i < limits::kMaxPostingsPerIdentifier + 5; ++i) {
    index.Add(absl::StrFormat("r%d", i), Marks{"PHONE:+1"});
  }
  const auto none = index.Find("PHONE:+1", [](std::string_view) { return false; });
  EXPECT_THAT(none.records, IsEmpty());
  EXPECT_FALSE(none.everywhere);
  const auto one = index.Find("PHONE:+1", [](std::string_view r) { return r == "r7"; });
  EXPECT_THAT(one.records, ElementsAre("r7"));
}

TEST(CorrelationIndex, CapsWhatStandsEverywhere) {
  CorrelationIndex index;
  const uint32_t cap = limits::kMaxPostingsPerIdentifier;
  for (uint32_t i = 0; i < cap; ++i) index.Add(absl::StrFormat("r%d", i), Marks{"PHONE:+1"});
  EXPECT_EQ(index.Find("PHONE:+1", All).records.size(), cap);
  EXPECT_FALSE(index.Find("PHONE:+1", All).everywhere);
  for (uint32_t i = cap; i < 3 * cap; ++i) index.Add(absl::StrFormat("r%d", i), Marks{"PHONE:+1"});
  EXPECT_EQ(index.Find("PHONE:+1", All).records.size(), cap);
  EXPECT_TRUE(index.Find("PHONE:+1", All).everywhere);
}

TEST(CorrelationIndexProperty, AgreesWithAPlainMap) {
  std::mt19937 engine(11);
  CorrelationIndex index;
  std::map<std::string, std::vector<std::string>> plain;
  for (int i = 0; i < 3000; ++i) {
    const std::string record = absl::StrFormat("record-%d", i);
    Marks marks;
    for (unsigned k = engine() % 5; k > 0; --k) {
      marks.push_back(absl::StrFormat("PHONE:+%d", engine() % 2000));
    }
    ASSERT_TRUE(index.Add(record, marks));
    for (const std::string& mark : std::set<std::string>(marks.begin(), marks.end())) {
      plain[mark].push_back(record);
    }
  }
  EXPECT_EQ(index.marks(), plain.size());
  for (const auto& [mark, records] : plain) EXPECT_EQ(index.Find(mark, All).records, records);
}

}  // namespace
}  // namespace palermo::casework
