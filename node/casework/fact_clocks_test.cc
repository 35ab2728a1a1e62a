// Clocks that a fact starts: on the last moment and the first one after it.
#include "node/casework/fact_clocks.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/casework/cases/judge.h"

namespace palermo::casework {
namespace {

absl::Time AtTime(const char* text) { return *ParseInstant(text); }

struct Row {
  const char* id;
  const char* started;
  const char* done;  // "": not yet
  const char* now;
  const char* found;
};
constexpr Row kRows[] = {
    {"R-CLK-SAFE", "2027-06-01", "", "2027-06-15T23:59:59Z", ""},
    {"R-CLK-SAFE", "2027-06-01", "", "2027-06-16", "I R-CLK-SAFE"},
    {"R-CLK-PRESDOM", "2027-01-01", "", "2027-03-17", ""},
    {"R-CLK-PRESDOM", "2027-01-01", "", "2027-03-18", "W R-CLK-PRESDOM"},
    {"R-CLK-PRESDOM", "2027-01-01", "2027-03-20", "2027-05-01", ""},
    {"R-CLK-PRESDOM", "2027-01-01", "2027-04-20", "2027-05-01", "W R-CLK-PRESDOM"},
    {"R-CLK-DESIG", "2027-01-31", "", "2027-02-27", ""},
    {"R-CLK-DESIG", "2027-01-31", "", "2027-02-28", "W R-CLK-DESIG"},
    {"R-CLK-DESIG", "2027-01-31", "2027-02-10", "2027-05-01", ""},
    {"R-CLK-SPEC45", "2027-01-01", "", "2027-02-14", ""},
    {"R-CLK-SPEC45", "2027-01-01", "", "2027-02-15", "I R-CLK-SPEC45"},
    {"R-CLK-SPEC45", "2027-01-01", "2027-01-20", "2027-05-01", ""},
    {"R-CLK-PERMIT", "2027-01-15", "", "2027-07-14", ""},
    {"R-CLK-PERMIT", "2027-01-15", "", "2027-07-15", "E R-CLK-PERMIT"},
    {"R-CLK-VICT", "2027-04-20", "2027-05-19", "2027-05-01", "E R-CLK-VICT"},
    {"R-CLK-VICT", "2027-04-20", "2027-05-20", "2027-05-01", ""},
    {"R-CLK-VICT", "2027-04-20", "", "2027-05-01", ""},
};

TEST(FactClocks, RunOutOnTheirDay) {
  for (const Row& row : kRows) {
    FactClock clock{row.id, AtTime(row.started)};
    if (row.done[0] != '\0') clock.done = AtTime(row.done);
    EXPECT_EQ(Found(FactFindings({&clock, 1}, AtTime(row.now))), row.found)
        << row.id << " at " << row.now << " done " << row.done;
  }
}

TEST(FactClocks, AnUnknownClockSaysNothing) {
  const FactClock clock{"R-CLK-NONE", AtTime("2020-01-01")};
  EXPECT_TRUE(FactFindings({&clock, 1}, AtTime("2030-01-01")).empty());
}

TEST(FactClocks, TellWhenATreatyBeginsOrEndsForAState) {
  const auto treaties = TreatyStatus::FromCsv(
      "INSTRUMENT,UNTOC,30D,12M\nPARTY,UNTOC,XA,RATIFIED,2004-01-01\n"
      "PARTY,UNTOC,XB,RATIFIED,2027-03-01\n");
  ASSERT_TRUE(treaties.ok()) << treaties.status();
  const auto changes = [&](const char* computed, const char* until) {
    return Found(BasisChanges(*treaties, "UNTOC", {"XA", "XB"}, AtTime(computed), AtTime(until)));
  };
  EXPECT_EQ(changes("2027-03-02", "2027-05-01"), "I R-CLK-EIF");
  EXPECT_EQ(changes("2027-03-02", "2027-03-30"), "");
  EXPECT_EQ(changes("2027-04-02", "2028-05-01"), "");
}

TEST(FactClocks, SafeConductCoversEarlierActsUntilItsEnd) {
  SafeConduct conduct;
  conduct.released_notice = AtTime("2027-06-01");
  const auto at = [&](const char* restricted) {
    return Found(CheckRestriction(conduct, AtTime("2027-05-20"), AtTime(restricted)));
  };
  EXPECT_EQ(at("2027-05-19"), "");
  EXPECT_EQ(at("2027-05-20"), "W R-SCO-01");
  EXPECT_EQ(at("2027-06-15"), "W R-SCO-01");
  EXPECT_EQ(at("2027-06-16"), "");
  conduct.could_leave = false;
  EXPECT_EQ(at("2027-09-01"), "W R-SCO-01");
}

TEST(FactClocks, TenYearsAreWhole) {
  EXPECT_TRUE(EndsBeforeTenYears(AtTime("2027-05-10"), "2037-05-09"));
  EXPECT_FALSE(EndsBeforeTenYears(AtTime("2027-05-10"), "2037-05-10"));
  EXPECT_FALSE(EndsBeforeTenYears(AtTime("2028-02-29"), "2038-02-28"));
  EXPECT_FALSE(EndsBeforeTenYears(AtTime("2027-05-10"), "later"));
}

}  // namespace
}  // namespace palermo::casework
