#include "node/casework/clocks.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using v1::Urgency;

absl::Time At(const char* text) { return *ParseInstant(text); }

std::string StateAt(const std::vector<TimedAct>& acts, const char* now, const char* id,
                    Family::Code family = Family::MLA, Urgency::Code urgency = Urgency::ROUTINE,
                    const PairPolicy& policy = {}) {
  std::string state = "NONE";
  for (const RunningClock& clock : ClocksOf(acts, family, urgency, policy, At(now))) {
    if (clock.id == id) state = ClockStateName(clock.state);
  }
  return state;
}

TEST(Clocks, AcknowledgementCountsWorkingDays) {
  // 2026-03-05 is a Thursday: the fifth working day after it is the next Thursday.
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05T12:00:00Z")}};
  EXPECT_EQ(StateAt(acts, "2026-03-10T12:00:00Z", "R-CLK-ACK"), "RUNNING");
  EXPECT_EQ(StateAt(acts, "2026-03-12T11:59:59Z", "R-CLK-ACK"), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-03-12T12:00:00Z", "R-CLK-ACK"), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-04T12:00:00Z", "R-CLK-ACK"), "NONE");
}

// The same clock under the calendar of the state that must act.
TEST(Clocks, WorkingDaysAreThoseOfTheStateThatMustAct) {
  PairPolicy policy;
  Calendar calendar;
  calendar.holidays = {absl::CivilDay(2026, 3, 9), absl::CivilDay(2026, 3, 10)};
  policy.SetCalendar(RQ, calendar);  // its own holidays do not help the other side
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05T12:00:00Z")}};
  const auto state = [&](const char* now) {
    return StateAt(acts, now, "R-CLK-ACK", Family::MLA, Urgency::ROUTINE, policy);
  };
  EXPECT_EQ(state("2026-03-12T12:00:00Z"), "OVERDUE");
  policy.SetCalendar(RD, calendar);
  EXPECT_EQ(state("2026-03-13T12:00:00Z"), "RUNNING");
  EXPECT_EQ(state("2026-03-16T12:00:00Z"), "OVERDUE");
  // Thursday and Friday are free there, and at noon in UTC the next day has begun.
  calendar.holidays.clear();
  calendar.rest_days = {absl::Weekday::thursday, absl::Weekday::friday};
  policy.SetCalendar(RD, calendar);
  EXPECT_EQ(state("2026-03-11T11:59:59Z"), "DUE_SOON");
  EXPECT_EQ(state("2026-03-11T12:00:00Z"), "OVERDUE");
  calendar.zone = absl::FixedTimeZone(13 * 3600);
  policy.SetCalendar(RD, calendar);
  EXPECT_EQ(state("2026-03-10T12:00:00Z"), "OVERDUE");
}

TEST(Clocks, ACalendarOfRestOnlyEndsToo) {
  PairPolicy policy;
  Calendar calendar;
  for (int day = 0; day < 7; ++day) calendar.rest_days.insert(static_cast<absl::Weekday>(day));
  policy.SetCalendar(RD, calendar);
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05")}};
  EXPECT_EQ(StateAt(acts, "2040-01-01", "R-CLK-ACK", Family::MLA, Urgency::ROUTINE, policy),
            "OVERDUE");
}

TEST(Clocks, AWrittenConfirmationOfAnOralRequestWaitsForNoAcknowledgement) {
  const std::vector<TimedAct> acts = {
      {.act = Act::ORAL_REQUEST_NOTE,
       .side = RQ,
       .at = At("2026-03-01"),
       .after = CaseState::kOralUnconfirmed},
      {.act = Act::REQUEST, .side = RQ, .at = At("2026-03-02"), .after = CaseState::kReceived}};
  EXPECT_EQ(StateAt(acts, "2026-06-01", "R-CLK-ACK"), "NONE");
  EXPECT_EQ(StateAt(acts, "2026-06-01", "R-CLK-ORAL"), "STOPPED");
  EXPECT_EQ(StateAt(acts, "2026-06-01", "R-CLK-FWD"), "OVERDUE");
}

TEST(Clocks, AReturnedRequestLapsesAfterNinetyDays) {
  std::vector<TimedAct> acts = {
      {.act = Act::RETURN, .side = RD, .at = At("2026-03-01"), .after = CaseState::kReturned}};
  EXPECT_EQ(StateAt(acts, "2026-05-29", "T9"), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-05-30", "T9"), "OVERDUE");
  acts.push_back({.act = Act::CORRECTED_REQUEST,
                  .side = RQ,
                  .at = At("2026-04-01"),
                  .after = CaseState::kSent});
  EXPECT_EQ(StateAt(acts, "2026-05-30", "T9"), "STOPPED");
  EXPECT_EQ(StateAt(acts, "2026-05-30", "R-CLK-ACK"), "OVERDUE");
}

TEST(Clocks, AConsultationPausesAndAnEndStopsAll) {
  std::vector<TimedAct> acts = {{.act = Act::ACKNOWLEDGEMENT,
                                 .side = RD,
                                 .at = At("2026-03-01"),
                                 .after = CaseState::kReceived},
                                {.act = Act::CONSULTATION_OPEN,
                                 .side = RQ,
                                 .at = At("2026-03-03"),
                                 .after = CaseState::kConsulting}};
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-FWD"), "PAUSED");
  acts.push_back({.act = Act::CONSULTATION_CLOSE,
                  .side = RD,
                  .at = At("2026-03-23"),
                  .after = CaseState::kReceived});
  EXPECT_EQ(StateAt(acts, "2026-03-30", "R-CLK-FWD"), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-03-31", "R-CLK-FWD"), "OVERDUE");
  acts.push_back(
      {.act = Act::WITHDRAWAL, .side = RQ, .at = At("2026-04-01"), .after = CaseState::kWithdrawn});
  EXPECT_EQ(StateAt(acts, "2026-05-01", "R-CLK-FWD"), "STOPPED");
}

TEST(Clocks, ADeadlineThatTheRequestNamesKeepsItsDate) {
  std::vector<TimedAct> acts = {{.act = Act::REQUEST,
                                 .side = RQ,
                                 .at = At("2026-03-01"),
                                 .after = CaseState::kSent,
                                 .dates = {{"R-CLK-DEADLINE", At("2026-05-01")}}}};
  EXPECT_EQ(StateAt(acts, "2026-04-01", "R-CLK-DEADLINE"), "RUNNING");
  EXPECT_EQ(StateAt(acts, "2026-05-01", "R-CLK-DEADLINE"), "OVERDUE");
  acts.push_back({.act = Act::INFO_REQUEST,
                  .side = RD,
                  .at = At("2026-03-10"),
                  .after = CaseState::kInfoPending});
  EXPECT_EQ(StateAt(acts, "2026-05-01", "R-CLK-DEADLINE"), "PAUSED");
  acts.push_back({.act = Act::INFO_SUPPLEMENT,
                  .side = RQ,
                  .at = At("2026-04-10"),
                  .after = CaseState::kExecuting});
  EXPECT_EQ(StateAt(acts, "2026-05-01", "R-CLK-DEADLINE"), "OVERDUE");
  acts[0].dates.clear();
  EXPECT_EQ(StateAt(acts, "2026-05-01", "R-CLK-DEADLINE"), "NONE");
}

TEST(Clocks, ABoardingIsReportedWithinADayOfTheBoarding) {
  std::vector<TimedAct> acts = {{.act = Act::BOARDING_REPORT,
                                 .side = RQ,
                                 .at = At("2026-03-02"),
                                 .happened = At("2026-03-01T06:00:00Z")}};
  EXPECT_EQ(StateAt(acts, "2026-03-02T05:59:00Z", "R-SEA-03", Family::SEA), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-03-02T06:00:00Z", "R-SEA-03", Family::SEA), "OVERDUE");
}

TEST(Clocks, TheDaysOfProvisionalArrestAreOfOneConvention) {
  const std::vector<TimedAct> arrest = {{Act::PROVISIONAL_ARREST_NOTE, RD, At("2026-03-01")}};
  const auto runs = [&](const std::vector<std::string>& instruments) {
    return ClocksOf(arrest, Family::EXTRADITION, Urgency::ROUTINE, {}, At("2026-03-02"),
                    instruments)
        .size();
  };
  EXPECT_EQ(runs({"UNTOC 16"}), 0u);
  EXPECT_EQ(runs({"UNTOC 16", "ECE 16"}), 2u);
}

TEST(Clocks, UrgencyShortensTheAcknowledgement) {
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-07T12:00:00Z")}};
  EXPECT_EQ(StateAt(acts, "2026-03-08T12:00:00Z", "R-CLK-ACK", Family::MLA, Urgency::URGENT),
            "OVERDUE");
  EXPECT_EQ(
      StateAt(acts, "2026-03-07T13:00:00Z", "R-CLK-ACK", Family::MLA, Urgency::EMERGENCY_LIFE),
      "OVERDUE");
}

TEST(Clocks, AnAnswerStopsTheClockEvenALateOne) {
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05")},
                                      {Act::ACKNOWLEDGEMENT, RD, At("2026-06-05")}};
  EXPECT_EQ(StateAt(acts, "2026-05-05", "R-CLK-ACK"), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-06-05", "R-CLK-ACK"), "STOPPED");
}

TEST(Clocks, PendingInformationPausesAndMovesTheDueDate) {
  std::vector<TimedAct> acts = {{Act::ACKNOWLEDGEMENT, RD, At("2026-03-01")},
                                {Act::INFO_REQUEST, RD, At("2026-03-03")}};
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-FWD"), "PAUSED");
  acts.push_back({Act::INFO_SUPPLEMENT, RQ, At("2026-03-23")});
  EXPECT_EQ(StateAt(acts, "2026-03-30T23:59:59Z", "R-CLK-FWD"), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-03-31", "R-CLK-FWD"), "OVERDUE");
}

// T16: only what the consultation is about waits.
TEST(Clocks, AConsultationAboutSomeItemsPausesNoDateOfTheOthers) {
  std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-01"), At("2026-04-10")},
                                {Act::ACKNOWLEDGEMENT, RD, At("2026-03-02")},
                                {Act::CONSULTATION_OPEN, RD, At("2026-03-03")}};
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-DEADLINE"), "PAUSED");
  acts[2].some_items = true;
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-DEADLINE"), "OVERDUE");
  // Nothing is admitted while the case is being consulted about.
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-FWD"), "PAUSED");
  // The next interruption is a new one.
  acts.push_back({Act::CONSULTATION_CLOSE, RD, At("2026-03-05")});
  acts.push_back({Act::INFO_REQUEST, RD, At("2026-03-06")});
  EXPECT_EQ(StateAt(acts, "2026-04-20", "R-CLK-DEADLINE"), "PAUSED");
}

TEST(Clocks, TheActsOwnDateBindsWithinTheLimit) {
  std::vector<TimedAct> acts = {{Act::POSTPONEMENT_NOTICE, RD, At("2026-03-01"), At("2026-04-01")}};
  EXPECT_EQ(StateAt(acts, "2026-04-01", "R-CLK-PST"), "OVERDUE");
  acts[0].until = At("2030-01-01");  // beyond 180 days
  EXPECT_EQ(StateAt(acts, "2026-08-28", "R-CLK-PST"), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-08-01", "R-CLK-PST"), "RUNNING");
}

// T25: no end is known, but nobody forgets it.
TEST(Clocks, ASuspensionIsLookedAtAgain) {
  std::vector<TimedAct> acts = {
      {.act = Act::SUSPENSION, .side = RD, .at = At("2026-03-01"), .after = CaseState::kSuspended}};
  EXPECT_EQ(StateAt(acts, "2026-08-01", "R-CLK-PST"), "RUNNING");
  EXPECT_EQ(StateAt(acts, "2026-08-28", "R-CLK-PST"), "OVERDUE");
  const auto late = OverdueFindings(ClocksOf(acts, Family::MLA, {}, {}, At("2026-08-28")));
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].key, "R-PST-02.suspended");
  acts[0].until = At("2026-04-01");
  EXPECT_EQ(StateAt(acts, "2026-04-01", "R-CLK-PST"), "OVERDUE") << "the day that it names";
  // A report says how it stands; 180 days later the next is due.
  acts.push_back({.act = Act::STATUS_REPORT,
                  .side = RD,
                  .at = At("2026-04-02"),
                  .after = CaseState::kSuspended});
  EXPECT_EQ(StateAt(acts, "2026-08-28", "R-CLK-PST"), "RUNNING");
  EXPECT_EQ(StateAt(acts, "2026-09-29", "R-CLK-PST"), "OVERDUE");
  acts.push_back(
      {.act = Act::RESUMPTION, .side = RD, .at = At("2026-09-30"), .after = CaseState::kExecuting});
  EXPECT_EQ(StateAt(acts, "2027-09-29", "R-CLK-PST"), "STOPPED");
}

TEST(Clocks, AConsultationDoesNotForgetASuspension) {
  std::vector<TimedAct> acts = {
      {.act = Act::SUSPENSION, .side = RD, .at = At("2026-03-01"), .after = CaseState::kSuspended},
      {.act = Act::CONSULTATION_OPEN,
       .side = RD,
       .at = At("2026-03-11"),
       .after = CaseState::kConsulting}};
  EXPECT_EQ(StateAt(acts, "2026-09-01", "R-CLK-PST"), "PAUSED");
  acts.push_back({.act = Act::CONSULTATION_CLOSE,
                  .side = RD,
                  .at = At("2026-03-21"),
                  .after = CaseState::kSuspended});
  EXPECT_EQ(StateAt(acts, "2026-09-06", "R-CLK-PST"), "DUE_SOON");
  EXPECT_EQ(StateAt(acts, "2026-09-07", "R-CLK-PST"), "OVERDUE");
}

// Elsewhere a report starts no clock.
TEST(Clocks, AReportOfACaseThatRunsStartsNoClock) {
  for (CaseState after : {CaseState::kExecuting, CaseState::kPostponed, CaseState::kNone}) {
    const std::vector<TimedAct> acts = {
        {.act = Act::STATUS_REPORT, .side = RD, .at = At("2026-03-01"), .after = after}};
    EXPECT_EQ(StateAt(acts, "2027-03-01", "R-CLK-PST"), "NONE");
  }
}

TEST(Clocks, BelongToTheirFamily) {
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05")}};
  EXPECT_EQ(StateAt(acts, "2026-03-05T04:00:00Z", "R-CLK-FLAG", Family::SEA), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-05T04:00:00Z", "R-CLK-FLAG", Family::MLA), "NONE");
  const std::vector<TimedAct> arrest = {{Act::PROVISIONAL_ARREST_NOTE, RD, At("2026-03-01")}};
  EXPECT_EQ(StateAt(arrest, "2026-03-19", "R-CLK-PA18", Family::EXTRADITION), "OVERDUE");
  EXPECT_EQ(StateAt(arrest, "2026-04-09", "R-CLK-PA40", Family::EXTRADITION), "DUE_SOON");
  EXPECT_EQ(StateAt(arrest, "2026-04-10", "R-CLK-PA40", Family::EXTRADITION), "OVERDUE");
}

// SOM 8(4) and DRUG88 17(7) say "expeditiously"; only COE-SEA 7 and SUA 8bis(5)(d) have hours.
TEST(Clocks, TheHoursOfTheFlagStateAreLawUnderTheirTreatiesAlone) {
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-05")}};
  PairPolicy pair;
  ASSERT_TRUE(pair.Set("R-CLK-FLAG", absl::Hours(2)).ok());
  const auto clock = [&](const std::vector<std::string>& instruments) {
    std::vector<RunningClock> found =
        ClocksOf(acts, Family::SEA, Urgency::ROUTINE, pair, At("2026-03-05"), instruments);
    std::erase_if(found, [](const RunningClock& one) { return one.id != "R-CLK-FLAG"; });
    EXPECT_EQ(found.size(), 1u);
    return found.at(0);
  };
  for (const char* treaty : {"COE-SEA 7", "SUA 8bis"}) {
    EXPECT_EQ(clock({"UNTOC 18", treaty}).rule->kind, ClockKind::kLaw) << treaty;
    EXPECT_EQ(clock({treaty}).limit, absl::Hours(4)) << treaty;
  }
  for (const std::vector<std::string>& basis :
       {std::vector<std::string>{"SOM 8"}, {"DRUG88 17"}, {}}) {
    EXPECT_EQ(clock(basis).rule->kind, ClockKind::kPolicy);
    EXPECT_EQ(clock(basis).limit, absl::Hours(2)) << "the pair's number";
  }
}

// COE-SEA 14(2) is no law under SOM: nobody waives a claim by it there.
TEST(Clocks, TheClaimOfTheFlagStateIsWaivedUnderItsTreatyAlone) {
  const std::vector<TimedAct> acts = {{Act::BOARDING_RESULT, RQ, At("2026-03-05")}};
  const auto runs = [&](const char* instrument) {
    const auto clocks =
        ClocksOf(acts, Family::SEA, Urgency::ROUTINE, {}, At("2026-03-06"), {instrument});
    return std::any_of(clocks.begin(), clocks.end(),
                       [](const RunningClock& clock) { return clock.id == "R-CLK-PREF"; });
  };
  EXPECT_TRUE(runs("COE-SEA"));
  EXPECT_FALSE(runs("SOM"));
  EXPECT_FALSE(runs("DRUG88"));
}

TEST(Clocks, TheFlagStatesHoursRunFromTheOralRequest) {
  const std::vector<TimedAct> acts = {{.act = Act::REQUEST,
                                       .side = RQ,
                                       .at = At("2026-03-05T12:00:00Z"),
                                       .happened = At("2026-03-05T09:00:00Z")}};
  EXPECT_EQ(StateAt(acts, "2026-03-05T13:00:00Z", "R-CLK-FLAG", Family::SEA), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-05T12:59:59Z", "R-CLK-FLAG", Family::SEA), "DUE_SOON");
  // The written request starts the clock of its acknowledgement.
  EXPECT_EQ(StateAt(acts, "2026-03-12T11:59:59Z", "R-CLK-ACK"), "DUE_SOON");
}

TEST(Clocks, WhoHasBoardedWaitsForNoAnswer) {
  std::vector<TimedAct> acts = {{.act = Act::REQUEST,
                                 .side = RQ,
                                 .at = At("2026-03-01"),
                                 .dates = {{"R-SEA-02", At("2026-03-02")}}}};
  EXPECT_EQ(StateAt(acts, "2026-03-05", "R-CLK-FLAG", Family::SEA), "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-05", "R-SEA-02", Family::SEA), "OVERDUE");
  acts.push_back({.act = Act::BOARDING_REPORT, .side = RQ, .at = At("2026-03-03")});
  EXPECT_EQ(StateAt(acts, "2026-03-05", "R-CLK-FLAG", Family::SEA), "STOPPED");
  EXPECT_EQ(StateAt(acts, "2026-03-05", "R-SEA-02", Family::SEA), "STOPPED");
}

TEST(Clocks, APreservationWarnsBeforeItEnds) {
  const auto at = [](Family::Code family, Act::Code act, const char* now) {
    std::set<std::string> found;
    const std::vector<TimedAct> acts = {{act, RD, At("2026-03-01")}};
    for (const Finding& f :
         OverdueFindings(ClocksOf(acts, family, Urgency::ROUTINE, {}, At(now)))) {
      found.insert(f.key);
    }
    return found;
  };
  const auto kept = Act::PRESERVATION_CONFIRMED;
  using Keys = std::set<std::string>;
  EXPECT_EQ(at(Family::PRESERVATION_24_7, kept, "2026-04-15"), Keys{});
  EXPECT_EQ(at(Family::PRESERVATION_24_7, kept, "2026-04-16"), Keys{"R-CLK-PRES.soon"});
  EXPECT_EQ(at(Family::PRESERVATION_24_7, kept, "2026-04-30"), Keys{"R-CLK-PRES.ended"});
  // The others are told when they have run out.
  EXPECT_EQ(at(Family::MLA, Act::ACKNOWLEDGEMENT, "2026-03-10"), Keys{});
}

TEST(Clocks, OverdueOnesAreFindings) {
  const std::vector<TimedAct> acts = {
      {Act::ORAL_REQUEST_NOTE, RQ, At("2026-03-01")},
      {Act::REQUEST, RQ, At("2026-03-03")},
      {Act::ACKNOWLEDGEMENT, RD, At("2026-03-30")},
      {Act::STATUS_QUERY, RQ, At("2026-03-30")},
      {Act::CONSULTATION_OPEN, RD, At("2026-03-30")},
      {Act::POSTPONEMENT_NOTICE, RD, At("2026-04-01"), At("2026-05-01")},
  };
  std::set<std::string> found;
  const auto add = [&](Family::Code family, const std::vector<TimedAct>& history) {
    for (const Finding& f :
         OverdueFindings(ClocksOf(history, family, Urgency::ROUTINE, {}, At("2027-01-01")))) {
      found.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.rule}));
    }
  };
  add(Family::MLA, acts);
  add(Family::MLA, {{Act::ORAL_REQUEST_NOTE, RQ, At("2026-03-01")}});
  add(Family::MLA, {{Act::REQUEST, RQ, At("2026-03-01")},
                    {Act::ACKNOWLEDGEMENT, RD, At("2026-03-02")},
                    {Act::CONSULTATION_OPEN, RD, At("2026-03-30")}});
  add(Family::MLA, {{Act::REQUEST, RQ, At("2026-03-01")}});
  add(Family::MLA,
      {{Act::REQUEST, RQ, At("2026-03-01")}, {Act::ACKNOWLEDGEMENT, RD, At("2026-03-02")}});
  add(Family::SEA, {{.act = Act::REQUEST,
                     .side = RQ,
                     .at = At("2026-03-01"),
                     .dates = {{"R-SEA-02", At("2026-03-02")}}}});
  add(Family::SEA, {{Act::REQUEST, RQ, At("2026-03-01")},
                    {.act = Act::BOARDING_REPORT, .side = RQ, .at = At("2026-03-03")}});
  add(Family::SEA,
      {{Act::REQUEST, RQ, At("2026-03-01")}, {Act::BOARDING_RESULT, RQ, At("2026-03-01")}});
  add(Family::EXTRADITION, {{Act::PROVISIONAL_ARREST_NOTE, RD, At("2026-03-01")}});
  add(Family::PRESERVATION_24_7, {{Act::PRESERVATION_CONFIRMED, RD, At("2026-03-01")}});
  EXPECT_EQ(found, (std::set<std::string>{
                       "E R-CLK-ORAL", "E R-CLK-PA40", "N R-CLK-CONSULT", "N R-CLK-PREF",
                       "W R-CLK-ACK", "W R-CLK-FLAG", "W R-CLK-FWD", "W R-CLK-PA18", "W R-CLK-PRES",
                       "W R-CLK-STATUS", "W R-PST-02", "W R-SEA-02", "W R-SEA-03"}));
}

TEST(PairPolicy, ChangesPolicyAndNeverTheLaw) {
  PairPolicy policy;
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-PRES", absl::Hours(24))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-SAFE", absl::Hours(24))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-NONE", absl::Hours(24))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-DEADLINE", absl::Hours(24))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-ORAL", absl::Hours(73))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-PST", absl::Hours(24 * 181))), "BAD_CLOCK");
  EXPECT_EQ(CodeOf(policy.Set("R-CLK-STATUS", absl::ZeroDuration())), "BAD_CLOCK");
  ASSERT_TRUE(policy.Set("R-CLK-STATUS", absl::Hours(24 * 3)).ok());
  const std::vector<TimedAct> acts = {{Act::STATUS_QUERY, RQ, At("2026-03-01")}};
  EXPECT_EQ(StateAt(acts, "2026-03-04", "R-CLK-STATUS", Family::MLA, Urgency::ROUTINE, policy),
            "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-04", "R-CLK-STATUS"), "RUNNING");
}

// The law's numbers are fixed; each number of policy is a pair's to set, with the default of the
// table.
TEST(Clocks, AreOfTheLawOrOfThePair) {
  const std::map<std::string, absl::Duration> policy = {
      {"R-CLK-ACK", absl::Hours(120)},
      {"R-CLK-ACK.URGENT", absl::Hours(24)},
      {"R-CLK-ACK.EMERGENCY_LIFE", absl::Hours(1)},
      {"R-CLK-ORAL", absl::Hours(24)},
      {"R-CLK-FWD", absl::Hours(240)},
      {"R-CLK-STATUS", absl::Hours(240)},
      {"R-CLK-STATUS.AGAIN", absl::Hours(720)},
      {"R-CLK-CONSULT", absl::Hours(720)},
      {"R-CLK-PST", absl::Hours(4320)},
      {"R-CLK-FLAG", absl::Hours(4)},
      {"R-SEA-03", absl::Hours(24)},
      {"T9", absl::Hours(2160)},
      {"T28", absl::Hours(1440)}};
  for (const auto& [id, limit] : policy) {
    EXPECT_EQ(PolicyLimit(id, nullptr), limit) << id;
    PairPolicy pair;
    ASSERT_TRUE(pair.Set(id, absl::Hours(30)).ok()) << id;
    EXPECT_EQ(PolicyLimit(id, &pair), absl::Hours(30)) << id;
  }
  const std::map<std::string, absl::Duration> law = {
      {"R-CLK-FLAG", absl::Hours(4)},       {"R-CLK-PREF", absl::Hours(24 * 14)},
      {"R-CLK-PRES", absl::Hours(24 * 60)}, {"R-CLK-PRESDOM", absl::Hours(24 * 90)},
      {"R-CLK-PA18", absl::Hours(24 * 18)}, {"R-CLK-PA40", absl::Hours(24 * 40)},
      {"R-CLK-SAFE", absl::Hours(24 * 15)}, {"R-CLK-SPEC45", absl::Hours(24 * 45)},
      {"R-CLK-VICT", absl::Hours(24 * 30)}};
  for (const ClockRule& rule : ClockRules()) {
    const std::string id(rule.id);
    if (rule.kind == ClockKind::kPolicy) {
      EXPECT_EQ(policy.count(id), 1u) << id;
    }
    if (rule.kind == ClockKind::kLaw) {
      ASSERT_EQ(law.count(id), 1u) << id;
      EXPECT_EQ(rule.limit, law.at(id)) << id;
      PairPolicy pair;
      // What is policy under other instruments can be set, and the law's number stays.
      const bool elsewhere = policy.count(id) == 1;
      EXPECT_EQ(pair.Set(id, absl::Hours(1)).ok(), elsewhere) << id;
      EXPECT_EQ(pair.LimitOf(rule, Urgency::ROUTINE), law.at(id)) << id;
      EXPECT_FALSE(pair.Has(rule, Urgency::ROUTINE)) << id;
    }
  }
}

TEST(Clocks, AnUrgentAcknowledgementIsThePairsToShorten) {
  PairPolicy pair;
  ASSERT_TRUE(pair.Set("R-CLK-ACK.URGENT", absl::Hours(6)).ok());
  const std::vector<TimedAct> acts = {{Act::REQUEST, RQ, At("2026-03-07T12:00:00Z")}};
  EXPECT_EQ(StateAt(acts, "2026-03-07T18:00:00Z", "R-CLK-ACK", Family::MLA, Urgency::URGENT, pair),
            "OVERDUE");
  EXPECT_EQ(StateAt(acts, "2026-03-07T18:00:00Z", "R-CLK-ACK", Family::MLA, Urgency::URGENT),
            "DUE_SOON");
}

TEST(DueAfter, CountsTheNumbersOfTheLaw) {
  EXPECT_EQ(*DueAfter("R-CLK-SAFE", At("2026-03-01")), At("2026-03-16"));
  EXPECT_EQ(*DueAfter("R-CLK-PERMIT", At("2025-08-31")), At("2026-02-28"));
  EXPECT_EQ(*DueAfter("R-CLK-FAP", At("2026-02-28")), At("2036-02-28"));
  EXPECT_EQ(*DueAfter("R-CLK-VICT", At("2026-03-01")), At("2026-03-31"));
  EXPECT_EQ(CodeOf(DueAfter("R-CLK-NONE", At("2026-03-01")).status()), "BAD_CLOCK");
}

TEST(SafeConduct, EndsByStayingOrByReturning) {
  SafeConduct conduct;
  EXPECT_EQ(EndOf(conduct), absl::InfiniteFuture());
  conduct.released_notice = At("2026-03-01");
  EXPECT_EQ(EndOf(conduct), At("2026-03-16"));
  conduct.could_leave = false;
  EXPECT_EQ(EndOf(conduct), absl::InfiniteFuture());
  conduct.returned_after_leaving = At("2026-03-20");
  EXPECT_EQ(EndOf(conduct), At("2026-03-20"));
}

}  // namespace
}  // namespace palermo::casework
