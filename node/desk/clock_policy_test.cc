#include "node/desk/clock_policy.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/bytes.h"
#include "base/status.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using casework::Side;
using ::palermo::testing::Value;
using ::palermo::testing::World;

const casework::ClockRule& Rule(std::string_view id) {
  for (const casework::ClockRule& rule : casework::ClockRules()) {
    if (rule.id == id) return rule;
  }
  ADD_FAILURE() << id;
  return casework::ClockRules().front();
}

absl::Duration Limit(const casework::PairPolicy& policy, std::string_view id) {
  return policy.LimitOf(Rule(id), v1::Urgency::ROUTINE);
}

TEST(ClockPolicy, AgreedLimitsHoldForThatPairInBothDirections) {
  const ClockPolicy policy = Value(ClockPolicy::Parse(
      R"({"pairs": [{"states": ["QT", "QM"], "decision": "note 1 of 2026-02-01", "limits": {"R-CLK-ACK": "3d", "T9": "12h"}}]})",
      "p"));
  for (const auto& pair : {policy.For("QM/central", "QT/central", nullptr),
                           policy.For("QT/central", "QM/central", nullptr)}) {
    EXPECT_EQ(Limit(pair, "R-CLK-ACK"), absl::Hours(72));
    EXPECT_EQ(Limit(pair, "T9"), absl::Hours(12));
    EXPECT_TRUE(pair.Has("R-CLK-ACK"));
  }
  EXPECT_EQ(Limit(policy.For("QM/central", "QN/central", nullptr), "R-CLK-ACK"), absl::Hours(120));
}

TEST(ClockPolicy, TheTemplateIsAPolicyAndSaysTheDefaults) {
  const auto pair =
      Value(ClockPolicy::Parse(ClockPolicy::Template(), "t")).For("QM/central", "QT/x", nullptr);
  for (const casework::ClockRule& rule : casework::ClockRules()) {
    if (!pair.Has(rule.id)) continue;
    EXPECT_EQ(Limit(pair, rule.id), rule.limit) << rule.id;
  }
  EXPECT_FALSE(pair.CalendarOf(Side::kRequested).IsWorkingDay(absl::CivilDay(2026, 12, 25)));
  EXPECT_TRUE(pair.CalendarOf(Side::kRequesting).IsWorkingDay(absl::CivilDay(2026, 12, 25)));
}

TEST(ClockPolicy, TheTemplateNamesEachNumberOfPolicyOnce) {
  const auto pair =
      Value(ClockPolicy::Parse(ClockPolicy::Template(), "t")).For("QM/central", "QT/x", nullptr);
  for (const casework::ClockRule& rule : casework::ClockRules()) {
    const bool policy = rule.kind == casework::ClockKind::kPolicy;
    EXPECT_EQ(pair.Has(rule, v1::Urgency::ROUTINE), policy) << rule.id;
    // One that is policy under some instruments alone is named all the same.
    if (!rule.twin) {
      EXPECT_EQ(pair.Has(rule.id), policy) << rule.id;
    }
  }
  for (const casework::FurtherLimit& further : casework::FurtherLimits()) {
    EXPECT_TRUE(pair.Has(further.id)) << further.id;
    EXPECT_EQ(pair.Limit(further.id), further.limit) << further.id;
  }
}

TEST(ClockPolicy, NamesTheDecisionAndLeavesTheOtherSideADayToSpeak) {
  const auto parsed = [](const char* id, const char* limit, const char* decision) {
    return ClockPolicy::Parse(Cat({R"({"pairs": [{"states": ["QM", "QT"], "limits": {")", id,
                                   R"(": ")", limit, "\"}", decision, "}]}"}),
                              "p");
  };
  constexpr char kDecision[] = R"(, "decision": "note 1")";
  EXPECT_EQ(CodeOf(parsed("R-CLK-ACK", "3d", "").status()), "BAD_JSON");
  EXPECT_EQ(CodeOf(parsed("R-CLK-ACK", "3d", R"(, "decision": " ")").status()), "BAD_JSON");
  EXPECT_EQ(CodeOf(parsed("R-CLK-CONSULT", "1s", kDecision).status()), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(parsed("R-AR-08", "23h", kDecision).status()), "BAD_CLOCK");
  const ClockPolicy policy = Value(parsed("R-CLK-CONSULT", "1d", kDecision));
  EXPECT_EQ(policy.For("QT/central", "QM/central", nullptr).Decision(), "note 1");
}

TEST(ClockPolicy, SaysWhatIsWrongAndWhere) {
  const auto code = [](const char* json) { return CodeOf(ClockPolicy::Parse(json, "p").status()); };
  EXPECT_EQ(
      code(
          R"({"pairs": [{"states": ["QM", "QT"], "decision": "note 1 of 2026-02-01", "limits": {"R-CLK-PRES": "1d"}}]})"),
      "BAD_CLOCK");
  EXPECT_EQ(
      code(
          R"({"pairs": [{"states": ["QM", "QT"], "decision": "note 1 of 2026-02-01", "limits": {"R-CLK-ACK": "soon"}}]})"),
      "BAD_CLOCK");
  EXPECT_EQ(
      code(
          R"({"pairs": [{"states": ["QM", "QT"], "decision": "note 1 of 2026-02-01", "limits": {"R-CLK-ACK": "-1d"}}]})"),
      "BAD_CLOCK");
  EXPECT_EQ(code(R"({"pairs": [{"states": ["QM"], "limits": {}}]})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"calendars": [{"state": "QT", "time_zone": "Moon/Base"}]})"), "BAD_JSON");
  for (const char* path : {"/etc/localtime", "file:UTC", "../zoneinfo/UTC", "UTC\\u0000x"}) {
    const std::string json =
        Cat({R"({"calendars": [{"state": "QT", "time_zone": ")", path, "\"}]}"});
    EXPECT_EQ(code(json.c_str()), "BAD_JSON") << path;
  }
  EXPECT_EQ(code(R"({"calendars": [{"state": "QT", "rest_days": ["SOMEDAY"]}]})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"calendars": [{"state": "QT", "holidays": ["2026-13-01"]}]})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"calender": []})"), "BAD_JSON");
}

TEST(ClockPolicy, TheDirectorysCalendarCountsUnlessTheFileHasOne) {
  World world;
  world.NextDirectory("QT", [](v1::Directory* directory) {
    v1::Cooperation* c = directory->mutable_authorities(0)->mutable_cooperation();
    c->set_time_zone("UTC");
    c->add_holidays("2026-03-05");
    v1::WorkingHours* hours = c->add_working_hours();
    hours->set_first_weekday(1);
    hours->set_last_weekday(4);
    hours->set_from_minute(480);
    hours->set_to_minute(960);
  });
  const auto view = world.View();
  const auto works = [&](const ClockPolicy& policy, int day) {
    return policy.For("QM/central", "QT/central", view.get())
        .CalendarOf(Side::kRequested)
        .IsWorkingDay(absl::CivilDay(2026, 3, day));
  };
  const ClockPolicy none;
  EXPECT_TRUE(works(none, 4));
  EXPECT_FALSE(works(none, 5)) << "a holiday";
  EXPECT_FALSE(works(none, 6)) << "a Friday, without working hours";
  const ClockPolicy file = Value(ClockPolicy::Parse(R"({"calendars": [{"state": "QT"}]})", "p"));
  EXPECT_TRUE(works(file, 5));
}

TEST(ClockPolicy, IsKeptInTheHomeOnlyWhenItIsGood) {
  std::string home = ::testing::TempDir() + "clock-policy-XXXXXX";
  ASSERT_NE(mkdtemp(home.data()), nullptr);
  EXPECT_FALSE(Value(ClockPolicy::Load(home)).For("QM/a", "QT/a", nullptr).Has("R-CLK-ACK"));
  EXPECT_EQ(CodeOf(ClockPolicy::Save(home, "{\"pairs\": 7}", "p")), "BAD_JSON");
  ASSERT_TRUE(ClockPolicy::Save(home, ClockPolicy::Template(), "p").ok());
  EXPECT_TRUE(Value(ClockPolicy::Load(home)).For("QM/a", "QT/a", nullptr).Has("R-CLK-ACK"));
  std::filesystem::remove_all(home);
}

TEST(LimitText, IsReadBackByPeople) {
  for (const char* text : {"1s", "90m", "24h", "10d"}) EXPECT_TRUE(ParseLimit(text).ok()) << text;
  for (const char* text : {"", "d", "0d", "1w", "1", "1e9d"}) {
    EXPECT_FALSE(ParseLimit(text).ok()) << text;
  }
  EXPECT_EQ(LimitText(absl::Hours(24)), "1 d");
  EXPECT_EQ(LimitText(absl::Minutes(90)), "90 min");
}

}  // namespace
}  // namespace palermo::desk
