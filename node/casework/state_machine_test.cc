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
using ::testing::Not;
using v1::Act;
using enum CaseState;

// The procedure once more, written by hand from the law and not from the table under test:
// "states side act new-state"; "=" stays, "<" goes back to what was interrupted.
constexpr std::string_view kProcedure[] = {
    "NONE RQ REQUEST SENT",
    "NONE RQ ORAL_REQUEST_NOTE ORAL_UNCONFIRMED",
    "ORAL_UNCONFIRMED|RETURNED RD LAPSE_NOTICE LAPSED",
    "PROVISIONALLY_ARRESTED|SURRENDER_ORDERED RD CONSULTATION_OPEN CONSULTING",
    "PROVISIONALLY_ARRESTED|SURRENDER_ORDERED RQ CONSULTATION_OPEN CONSULTING",
    "LIVE RD PARTIAL_RESULT PARTLY_EXECUTED",
    "LIVE RD FINAL_RESULT EXECUTED",
    "ORAL_UNCONFIRMED RQ REQUEST RECEIVED",
    "SENT RD ACKNOWLEDGEMENT RECEIVED",
    "SENT RD RETURN RETURNED",
    "RETURNED RQ CORRECTED_REQUEST SENT",
    "RECEIVED|ADMITTED|EXECUTING|PROVISIONALLY_ARRESTED RD INFO_REQUEST INFO_PENDING",
    "PROVISIONALLY_ARRESTED RQ INFO_SUPPLEMENT =",
    "PROVISIONALLY_ARRESTED RD RESUMPTION ADMITTED",
    "CONSENTED|LIVE RD CONSULTATION_OPEN CONSULTING",
    "CONSENTED|LIVE RQ CONSULTATION_OPEN CONSULTING",
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
    "EXECUTED|REFUSED|FLAG_ACTS|DECLINED|RESULT_REPORTED|JURISDICTION_DECIDED RQ CLOSE CLOSED",
    "RELEASED|DISCLOSED|SURRENDERED|REFUSED_NATIONALITY|ABORTED RQ CLOSE CLOSED",
    "USED|NOT_USED|CONVERTED_TO_REQUEST RQ CLOSE CLOSED",
    "RECEIVED|ADMITTED|EXECUTING|REGISTRY_UNKNOWN RD REGISTRY_CONFIRMED REGISTRY_CONFIRMED",
    "RECEIVED|ADMITTED|EXECUTING|REGISTRY_UNKNOWN RD REGISTRY_DENIED REGISTRY_DENIED",
    "RECEIVED|ADMITTED|EXECUTING RD REGISTRY_UNKNOWN REGISTRY_UNKNOWN",
    "REGISTRY_CONFIRMED|REGISTRY_UNKNOWN RD BOARDING_AUTHORISED AUTHORISED",
    "REGISTRY_CONFIRMED|REGISTRY_UNKNOWN RD FLAG_STATE_ACTS FLAG_ACTS",
    "REGISTRY_CONFIRMED|REGISTRY_UNKNOWN RD JOINT_BOARDING JOINT",
    "RECEIVED|ADMITTED|EXECUTING|REGISTRY_CONFIRMED|REGISTRY_DENIED|REGISTRY_UNKNOWN RD "
    "BOARDING_DECLINED DECLINED",
    "AUTHORISED|JOINT|REGISTRY_DENIED RQ BOARDING_REPORT BOARDED",
    "RECEIVED|ADMITTED|EXECUTING|REGISTRY_CONFIRMED|REGISTRY_UNKNOWN RQ BOARDING_REPORT BOARDED",
    "REGISTRY_CONFIRMED|REGISTRY_DENIED|REGISTRY_UNKNOWN RQ CLOSE CLOSED",
    "BOARDED RQ BOARDING_RESULT RESULT_REPORTED",
    "RESULT_REPORTED RD JURISDICTION_DECISION JURISDICTION_DECIDED",
    "RECEIVED|ADMITTED|EXECUTING RD PRESERVATION_CONFIRMED PRESERVED",
    "PRESERVED|FOLLOWUP_RECEIVED RD PRESERVATION_EXTENDED =",
    "PRESERVED RD FOLLOWUP_RECEIVED FOLLOWUP_RECEIVED",
    "PRESERVED|FOLLOWUP_RECEIVED RD PRESERVATION_RELEASED RELEASED",
    "PRESERVED|FOLLOWUP_RECEIVED RD DATA_DISCLOSED DISCLOSED",
    "RECEIVED|ADMITTED|EXECUTING RD PROVISIONAL_ARREST_NOTE PROVISIONALLY_ARRESTED",
    "EXECUTING|PROVISIONALLY_ARRESTED RD SURRENDER_ORDER SURRENDER_ORDERED",
    "SURRENDER_ORDERED RD SURRENDER_REPORT SURRENDERED",
    "CONSULTING RD REFUSAL_NATIONALITY REFUSED_NATIONALITY",
    "RECEIVED|ADMITTED|EXECUTING RD DELIVERY_CONSENT CONSENTED",
    "CONSENTED RD DELIVERY_LIVE LIVE",
    "CONSENTED RQ DELIVERY_LIVE LIVE",
    "RECEIVED|ADMITTED|EXECUTING|CONSENTED|LIVE|PARTLY_EXECUTED RD DELIVERY_ABORT ABORTED",
    "CONSULTING|CONDITIONS_OFFERED|INFO_PENDING|POSTPONED|SUSPENDED RD DELIVERY_ABORT ABORTED",
    "RECEIVED|ADMITTED|EXECUTING|CONSENTED|LIVE|PARTLY_EXECUTED RQ DELIVERY_ABORT ABORTED",
    "CONSULTING|CONDITIONS_OFFERED|INFO_PENDING|POSTPONED|SUSPENDED RQ DELIVERY_ABORT ABORTED",
    "RECEIVED|ADMITTED|EXECUTING RD INFORMATION_USED USED",
    "RECEIVED|ADMITTED|EXECUTING RD INFORMATION_NOT_USED NOT_USED",
    "RECEIVED|ADMITTED|EXECUTING RD CONVERTED_TO_REQUEST CONVERTED_TO_REQUEST",
    "EXECUTED RQ COMPLETION_REQUEST EXECUTING",
    "OFFER_DECLINED RQ CLOSE CLOSED",
    "EXECUTED|REFUSED|FLAG_ACTS|DECLINED|RESULT_REPORTED|JURISDICTION_DECIDED RD CLOSE_NOTICE "
    "CLOSED",
    "RELEASED|DISCLOSED|SURRENDERED|REFUSED_NATIONALITY|ABORTED RD CLOSE_NOTICE CLOSED",
    "USED|NOT_USED|CONVERTED_TO_REQUEST|OFFER_DECLINED RD CLOSE_NOTICE CLOSED",
    "CONSULTING|CONDITIONS_OFFERED RQ CONSULTATION_STATEMENT =",
    "CONSULTING|CONDITIONS_OFFERED RD CONSULTATION_STATEMENT =",
    "NONE RQ CONDITIONAL_OFFER OFFERED",
    "OFFERED RD OFFER_ACCEPTED OFFER_ACCEPTED",
    "OFFERED RD OFFER_DECLINED OFFER_DECLINED",
    "OFFER_ACCEPTED RQ REQUEST SENT",
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
    for (const Side side : {Side::kRequesting, Side::kRequested}) {
      for (const Act::Code act :
           {Act::EXCULPATORY_NOTICE, Act::USE_CONSENT_REQUEST,  // N2: SPONTANEOUS
            Act::USE_CONSENT_DECISION, Act::OBLIGATION_REPORT, Act::ASSET_REPORT,
            Act::CONSENT_WITHDRAWN}) {
        expected[{state, side, act}] = "=";
      }
    }
  }
  // What is neither over nor decided on the substance; a result does not end the need to say so.
  for (const char* state : {"SENT",
                            "ORAL_UNCONFIRMED",
                            "RETURNED",
                            "RECEIVED",
                            "INFO_PENDING",
                            "ADMITTED",
                            "EXECUTING",
                            "CONSULTING",
                            "CONDITIONS_OFFERED",
                            "POSTPONED",
                            "SUSPENDED",
                            "PARTLY_EXECUTED",
                            "EXECUTED",
                            "PROVISIONALLY_ARRESTED",
                            "SURRENDER_ORDERED",
                            "PRESERVED",
                            "FOLLOWUP_RECEIVED",
                            "REGISTRY_CONFIRMED",
                            "REGISTRY_DENIED",
                            "REGISTRY_UNKNOWN",
                            "AUTHORISED",
                            "JOINT",
                            "BOARDED",
                            "CONSENTED",
                            "LIVE",
                            "OFFERED",
                            "OFFER_ACCEPTED"}) {
    expected[{state, Side::kRequested, Act::CONFIDENTIALITY_UNABLE}] = "=";
    expected[{state, Side::kRequesting, Act::WITHDRAWAL}] = "WITHDRAWN";
    expected[{state, Side::kRequesting, Act::WITHDRAWAL_IN_PART}] = "=";
  }
  return expected;
}

// Every standing that acts can lead to, found by doing all of them.
std::set<Standing> Reachable() {
  std::set<Standing> seen;
  std::vector<Standing> todo = {Standing{}};
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
    // And what survives the case: exculpatory disclosure is never blocked.
    EXPECT_EQ(LegalActs({state}, Side::kRequesting, v1::Family::MLA),
              (std::vector<Act::Code>{Act::STATUS_QUERY, Act::EXCULPATORY_NOTICE,
                                      Act::USE_CONSENT_REQUEST, Act::OBLIGATION_REPORT,
                                      Act::ASSET_REPORT, Act::CONSENT_WITHDRAWN}));
    EXPECT_EQ(LegalActs({state}, Side::kRequested, v1::Family::MLA),
              (std::vector<Act::Code>{Act::STATUS_REPORT, Act::EXCULPATORY_NOTICE,
                                      Act::USE_CONSENT_DECISION, Act::OBLIGATION_REPORT,
                                      Act::ASSET_REPORT, Act::CONSENT_WITHDRAWN}));
  }
  EXPECT_FALSE(IsTerminal(kRefused));
}

TEST(StateMachine, AFamilysOwnActsExistInThatFamilyOnly) {
  using v1::Family;
  const Standing received{kReceived};
  EXPECT_TRUE(IsLegal(received, Side::kRequested, Act::REGISTRY_CONFIRMED, Family::SEA));
  EXPECT_FALSE(IsLegal(received, Side::kRequested, Act::REGISTRY_CONFIRMED, Family::MLA));
  EXPECT_EQ(
      CodeOf(Apply(received, Side::kRequested, Act::PRESERVATION_CONFIRMED, Family::SEA).status()),
      "ILLEGAL_ACT");
  EXPECT_TRUE(IsLegal(received, Side::kRequested, Act::ADMISSION, Family::SEA));
  EXPECT_TRUE(FitsFamily(Family::EXTRADITION, Act::SURRENDER_ORDER));
  EXPECT_FALSE(FitsFamily(Family::MLA, Act::SURRENDER_ORDER));
  for (Act::Code act : {Act::REQUEST, Act::REFUSAL, Act::EXCULPATORY_NOTICE}) {
    for (int n = 1; n <= Family::Code_MAX; ++n) {
      EXPECT_TRUE(FitsFamily(static_cast<Family::Code>(n), act));
    }
  }
}

// UNTOC 18(5): who receives information that came unasked tells its provider of a disclosure, and
// asks for consent to another use; the provider decides. In other families the requesting state
// asks and the requested one decides.
TEST(StateMachine, TheReceiverOfInformationAsksItsProviderAboutItsUse) {
  using v1::Family;
  for (const Standing& at : Reachable()) {
    if (at.state == kNone) continue;
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      const auto after = Apply(at, side, Act::EXCULPATORY_NOTICE, Family::SPONTANEOUS);
      ASSERT_TRUE(after.ok()) << Describe(at);
      EXPECT_EQ(*after, at);
    }
    for (Family::Code family : {Family::SPONTANEOUS, Family::MLA, Family::LAW_ENFORCEMENT_INFO}) {
      const bool unasked = family == Family::SPONTANEOUS;
      EXPECT_EQ(IsLegal(at, Side::kRequested, Act::USE_CONSENT_REQUEST, family), unasked);
      EXPECT_EQ(IsLegal(at, Side::kRequesting, Act::USE_CONSENT_DECISION, family), unasked);
      EXPECT_TRUE(IsLegal(at, Side::kRequesting, Act::USE_CONSENT_REQUEST, family));
    }
  }
  EXPECT_TRUE(MaySend(Side::kRequested, Act::USE_CONSENT_REQUEST, Family::SPONTANEOUS));
  EXPECT_FALSE(MaySend(Side::kRequested, Act::USE_CONSENT_REQUEST, Family::MLA));
}

// Also where accepted conditions or a refusal in part lead round the usual way.
TEST(StateMachine, NoBoardingIsAllowedBeforeTheRegisterAnswers) {
  Standing at{kSent};
  at = Do(at, Side::kRequested, Act::ACKNOWLEDGEMENT);
  at = Do(at, Side::kRequested, Act::ADMISSION);
  at = Do(at, Side::kRequested, Act::EXECUTION_STARTED);
  for (Act::Code act : {Act::BOARDING_AUTHORISED, Act::FLAG_STATE_ACTS, Act::JOINT_BOARDING}) {
    EXPECT_FALSE(IsLegal(at, Side::kRequested, act, v1::Family::SEA)) << ActName(act);
    const Standing told = Do(at, Side::kRequested, Act::REGISTRY_CONFIRMED);
    EXPECT_TRUE(IsLegal(told, Side::kRequested, act, v1::Family::SEA)) << ActName(act);
  }
}

TEST(StateMachine, ARefusalWithoutAConsultationIsToldTheWay) {
  const auto text = [](CaseState state, Act::Code act) {
    return TextOf(Apply({state}, Side::kRequested, act, v1::Family::MLA).status());
  };
  for (Act::Code act : {Act::REFUSAL, Act::REFUSAL_IN_PART}) {
    EXPECT_THAT(text(kAdmitted, act), HasSubstr("UNTOC 18(26)"));
    EXPECT_THAT(text(kAdmitted, act), HasSubstr("CONSULTATION_OPEN with \"topic\": \"REFUSAL\""));
  }
  EXPECT_THAT(text(kAdmitted, Act::POSTPONEMENT_NOTICE), HasSubstr("\"POSTPONEMENT\""));
  EXPECT_THAT(text(kAdmitted, Act::RESUMPTION), Not(HasSubstr("18(26)")));
  EXPECT_THAT(text(kClosed, Act::REFUSAL), Not(HasSubstr("18(26)"))) << "there it is no way";
}

TEST(StateMachine, AnIllegalActIsToldWhatIsPossible) {
  const auto status = Apply({kSent}, Side::kRequested, Act::REFUSAL).status();
  EXPECT_EQ(CodeOf(status), "ILLEGAL_ACT");
  EXPECT_THAT(TextOf(status), HasSubstr("REFUSAL by the REQUESTED state"));
  EXPECT_THAT(TextOf(status), HasSubstr("case is SENT"));
  EXPECT_THAT(TextOf(status), HasSubstr("ACKNOWLEDGEMENT, RETURN, STATUS_REPORT, "));
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
  for (uint32_t state = 0; state < kCaseStates; ++state) {
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
