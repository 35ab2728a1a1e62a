#include "node/casework/state_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "base/status.h"

namespace palermo::casework {
namespace {

using ::testing::HasSubstr;
using v1::Act;
using enum CaseState;

// The procedure once more, written by hand from the law and not from the table under test:
// "states side act new-state"; "=" stays, "<" goes back to what was interrupted.
constexpr std::string_view kProcedure[] = {
    "NONE RQ REQUEST SENT",
    "ORAL_UNCONFIRMED RQ REQUEST RECEIVED",
    "SENT RD ACKNOWLEDGEMENT RECEIVED",
    "SENT RD RETURN RETURNED",
    "RETURNED RQ CORRECTED_REQUEST SENT",
    "RECEIVED|ADMITTED|EXECUTING RD INFO_REQUEST INFO_PENDING",
    "INFO_PENDING RQ INFO_SUPPLEMENT <",
    "RECEIVED RD ADMISSION ADMITTED",
    "ADMITTED RD EXECUTION_STARTED EXECUTING",
    "EXECUTING|PARTLY_EXECUTED RD PARTIAL_RESULT PARTLY_EXECUTED",
    "EXECUTING|PARTLY_EXECUTED RD FINAL_RESULT EXECUTED",
    "RECEIVED|INFO_PENDING|ADMITTED|EXECUTING RD CONSULTATION_OPEN CONSULTING",
    "PARTLY_EXECUTED|POSTPONED|SUSPENDED RD CONSULTATION_OPEN CONSULTING",
    "RECEIVED|INFO_PENDING|ADMITTED|EXECUTING RQ CONSULTATION_OPEN CONSULTING",
    "PARTLY_EXECUTED|POSTPONED|SUSPENDED RQ CONSULTATION_OPEN CONSULTING",
    "CONSULTING RD CONSULTATION_CLOSE <",
    "CONSULTING RD CONDITIONS_PROPOSAL CONDITIONS_OFFERED",
    "CONDITIONS_OFFERED RQ CONDITIONS_ACCEPT EXECUTING",
    "CONDITIONS_OFFERED RQ CONDITIONS_DECLINE CONSULTING",
    "CONSULTING RD POSTPONEMENT_NOTICE POSTPONED",
    "POSTPONED RD POSTPONEMENT_REVIEW =",
    "POSTPONED|SUSPENDED RD RESUMPTION EXECUTING",
    "CONSULTING RD REFUSAL REFUSED",
    "CONSULTING RD REFUSAL_IN_PART EXECUTING",
    "EXECUTING RD SUSPENSION SUSPENDED",
    "SENT|ORAL_UNCONFIRMED|RETURNED|RECEIVED|INFO_PENDING|ADMITTED RQ WITHDRAWAL WITHDRAWN",
    "EXECUTING|CONSULTING|CONDITIONS_OFFERED|POSTPONED RQ WITHDRAWAL WITHDRAWN",
    "SUSPENDED|PARTLY_EXECUTED|EXECUTED RQ WITHDRAWAL WITHDRAWN",
    "SENT|ORAL_UNCONFIRMED|RETURNED|RECEIVED|INFO_PENDING|ADMITTED RQ WITHDRAWAL_IN_PART =",
    "EXECUTING|CONSULTING|CONDITIONS_OFFERED|POSTPONED RQ WITHDRAWAL_IN_PART =",
    "SUSPENDED|PARTLY_EXECUTED|EXECUTED RQ WITHDRAWAL_IN_PART =",
    "EXECUTED|REFUSED RQ CLOSE CLOSED",
    "EXECUTED RQ COMPLETION_REQUEST EXECUTING",
};

using Place = std::tuple<std::string, Side, Act::Code>;

std::map<Place, std::string> Expected() {
  std::map<Place, std::string> expected;
  for (std::string_view line : kProcedure) {
    std::istringstream words{std::string(line)};
    std::string states, side, act, to, state;
    words >> states >> side >> act >> to;
    std::istringstream each(states);
    while (std::getline(each, state, '|')) {
      const Side who = side == "RQ" ? Side::kRequesting : Side::kRequested;
      EXPECT_TRUE(expected.emplace(Place{state, who, *ParseAct(act)}, to).second) << line;
    }
  }
  for (int n = 1; n < kCaseStates; ++n) {
    const std::string state(StateName(static_cast<CaseState>(n)));
    expected[{state, Side::kRequesting, Act::STATUS_QUERY}] = "=";
    expected[{state, Side::kRequested, Act::STATUS_REPORT}] = "=";
  }
  return expected;
}

// Every standing that acts can lead to, found by doing all of them; and the two that only the
// system brings about.
std::set<Standing> Reachable() {
  std::set<Standing> seen;
  std::vector<Standing> todo = {Standing{}, Standing{kOralUnconfirmed}, Standing{kLapsed}};
  while (!todo.empty()) {
    const Standing at = todo.back();
    todo.pop_back();
    if (!seen.insert(at).second) continue;
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      for (Act::Code act : LegalActs(at, side)) todo.push_back(*Apply(at, side, act));
    }
  }
  return seen;
}

Standing Do(const Standing& at, Side side, Act::Code act) {
  auto after = Apply(at, side, act);
  EXPECT_TRUE(after.ok()) << after.status();
  return after.ok() ? *after : at;
}

TEST(StateMachine, EveryStateSideAndActDoesWhatTheProcedureSaysAndNothingElse) {
  const auto expected = Expected();
  size_t legal = 0;
  std::set<Place> used;
  for (const Standing& at : Reachable()) {
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      for (Act::Code act : AllActs()) {
        const Place place{std::string(StateName(at.state)), side, act};
        const auto row = expected.find(place);
        const auto after = Apply(at, side, act);
        ASSERT_EQ(after.ok(), row != expected.end())
            << Describe(at) << " " << SideName(side) << " " << ActName(act);
        EXPECT_EQ(IsLegal(at, side, act), after.ok());
        if (!after.ok()) {
          EXPECT_EQ(CodeOf(after.status()), "ILLEGAL_ACT");
          continue;
        }
        ++legal;
        used.insert(place);
        const std::string to = row->second == "="   ? std::string(StateName(at.state))
                               : row->second == "<" ? std::string(StateName(at.resume[0]))
                                                    : row->second;
        EXPECT_EQ(StateName(after->state), to) << Describe(at) << " " << ActName(act);
        if (row->second == "=") {
          EXPECT_EQ(*after, at);
        }
      }
    }
  }
  EXPECT_EQ(used.size(), expected.size()) << "a line of the procedure is never reached";
  EXPECT_GT(legal, expected.size());  // interrupted states are tried with each thing they interrupt
}

TEST(StateMachine, ReachesEveryState) {
  std::set<CaseState> states;
  for (const Standing& at : Reachable()) states.insert(at.state);
  EXPECT_EQ(states.size(), static_cast<size_t>(kCaseStates));
}

TEST(StateMachine, ConsultationFromPendingInformationComesBackBothSteps) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  Standing at{kAdmitted};
  at = Do(at, rd, Act::INFO_REQUEST);
  at = Do(at, rq, Act::CONSULTATION_OPEN);
  EXPECT_EQ(Describe(at), "CONSULTING (then INFO_PENDING, then ADMITTED)");
  at = Do(at, rd, Act::CONDITIONS_PROPOSAL);
  at = Do(at, rq, Act::CONDITIONS_DECLINE);
  at = Do(at, rd, Act::CONSULTATION_CLOSE);
  EXPECT_EQ(Describe(at), "INFO_PENDING (then ADMITTED)");
  at = Do(at, rq, Act::INFO_SUPPLEMENT);
  EXPECT_EQ(at, Standing{kAdmitted});
}

TEST(StateMachine, AcceptedConditionsForgetWhatWasInterrupted) {
  Standing at{kPostponed};
  at = Do(at, Side::kRequested, Act::CONSULTATION_OPEN);
  at = Do(at, Side::kRequested, Act::CONDITIONS_PROPOSAL);
  at = Do(at, Side::kRequesting, Act::CONDITIONS_ACCEPT);
  EXPECT_EQ(at, Standing{kExecuting});
}

// I8: once admitted, no order of acts makes a request "returned".
TEST(StateMachine, NothingIsReturnedAfterAdmission) {
  std::set<Standing> seen;
  std::vector<Standing> todo = {Standing{kAdmitted}};
  while (!todo.empty()) {
    const Standing at = todo.back();
    todo.pop_back();
    if (!seen.insert(at).second) continue;
    EXPECT_NE(at.state, kReturned);
    EXPECT_NE(at.state, kSent);
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      for (Act::Code act : LegalActs(at, side)) todo.push_back(Do(at, side, act));
    }
  }
}

// I1 as far as acts go: a refusal or postponement comes out of a consultation only.
TEST(StateMachine, RefusalAndPostponementNeedConsultation) {
  for (const Standing& at : Reachable()) {
    for (Act::Code act : {Act::REFUSAL, Act::REFUSAL_IN_PART, Act::POSTPONEMENT_NOTICE}) {
      EXPECT_EQ(IsLegal(at, Side::kRequested, act), at.state == kConsulting) << Describe(at);
      EXPECT_FALSE(IsLegal(at, Side::kRequesting, act));
    }
  }
}

TEST(StateMachine, TerminalStatesTakeStatusActsOnly) {
  for (CaseState state : {kWithdrawn, kLapsed, kClosed}) {
    EXPECT_TRUE(IsTerminal(state));
    EXPECT_EQ(LegalActs({state}, Side::kRequesting), std::vector<Act::Code>{Act::STATUS_QUERY});
    EXPECT_EQ(LegalActs({state}, Side::kRequested), std::vector<Act::Code>{Act::STATUS_REPORT});
  }
  EXPECT_FALSE(IsTerminal(kRefused));
}

TEST(StateMachine, AnIllegalActIsToldWhatIsPossible) {
  const auto status = Apply({kSent}, Side::kRequested, Act::REFUSAL).status();
  EXPECT_EQ(CodeOf(status), "ILLEGAL_ACT");
  EXPECT_THAT(TextOf(status), HasSubstr("REFUSAL by the REQUESTED state"));
  EXPECT_THAT(TextOf(status), HasSubstr("case is SENT"));
  EXPECT_THAT(TextOf(status), HasSubstr("ACKNOWLEDGEMENT, RETURN, STATUS_REPORT"));
  EXPECT_THAT(TextOf(Apply({}, Side::kRequested, Act::REFUSAL).status()),
              HasSubstr("possible now: none"));
  EXPECT_FALSE(Apply({kSent}, Side::kRequested, static_cast<Act::Code>(99)).ok());
  EXPECT_FALSE(Apply({kSent}, Side::kRequested, Act::UNSPECIFIED).ok());
}

TEST(StateMachine, NumbersGoBothWaysForEveryReachableStanding) {
  for (const Standing& at : Reachable()) {
    const auto back = StandingFromNumbers(StateNumber(at), ResumeNumber(at));
    ASSERT_TRUE(back.ok()) << Describe(at);
    EXPECT_EQ(*back, at);
  }
}

TEST(StateMachine, NumbersThatNoActLeadsToAreRefused) {
  const auto reachable = Reachable();
  for (uint32_t state = 0; state < 40; ++state) {
    for (uint32_t resume = 0; resume < 1200; ++resume) {
      const auto standing = StandingFromNumbers(state, resume);
      if (standing.ok()) {
        EXPECT_TRUE(reachable.count(*standing)) << state << " " << resume;
      } else {
        EXPECT_EQ(CodeOf(standing.status()), "BAD_STATE");
      }
    }
  }
  EXPECT_FALSE(StandingFromNumbers(UINT32_MAX, UINT32_MAX).ok());
}

TEST(StateMachine, NamesGoBothWays) {
  for (int n = 0; n < kCaseStates; ++n) {
    const auto state = static_cast<CaseState>(n);
    EXPECT_EQ(*StateFromName(StateName(state)), state);
    EXPECT_EQ(*StateFromNumber(n), state);
  }
  EXPECT_EQ(CodeOf(StateFromName("received").status()), "BAD_STATE");
  EXPECT_THAT(TextOf(StateFromName("X").status()), HasSubstr("RECEIVED"));
  EXPECT_EQ(CodeOf(StateFromNumber(kCaseStates).status()), "BAD_STATE");
  EXPECT_EQ(StateName(static_cast<CaseState>(200)), "UNKNOWN");
}

}  // namespace
}  // namespace palermo::casework
