#include "node/desk/early_acts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/json.h"
#include "node/desk/deadlines.h"

namespace palermo::desk {
namespace {

using casework::Side;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Act;

constexpr absl::Duration kDay = absl::Hours(24);

// A case of QM's desk, whose acts its node entered when they came, an hour after they were written.
class EarlyActsTest : public ::testing::Test {
 protected:
  EarlyActsTest() {
    view_.family = v1::Family::MLA;
    view_.own_side = Side::kRequesting;
    Add(Act::REQUEST, Side::kRequesting, casework::CaseState::kSent);
    Add(Act::ACKNOWLEDGEMENT, Side::kRequested, casework::CaseState::kReceived);
  }

  void Add(Act::Code act, Side side, casework::CaseState after) {
    CaseAct one;
    one.id.fill(static_cast<uint8_t>(view_.acts.size() + 1));
    one.header.set_act(act);
    one.header.set_created_at_ms(ToMillis(now_ - absl::Hours(1)));
    one.side = side;
    one.incoming = side == Side::kRequested;
    one.recorded_at = now_;
    one.after.state = after;
    one.in_history = true;
    view_.acts.push_back(one);
    now_ += absl::Hours(2);
  }
  std::vector<std::string> Told(Act::Code act, const v1::CaseBody& body) {
    std::vector<std::string> told;
    for (const auto& finding : EarlyAct(view_, act, body, now_, policy_, {})) {
      told.push_back(finding.key);
    }
    return told;
  }
  std::vector<std::string> Told(Act::Code act) { return Told(act, casework::TemplateFor(act)); }

  absl::Time now_ = *ParseInstant("2026-03-02T09:00:00Z");
  CaseView view_;
  casework::PairPolicy policy_;
};

TEST_F(EarlyActsTest, ARefusalBeforeTheOtherStateWasHeardIsAWarning) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  for (Act::Code act :
       {Act::REFUSAL, Act::REFUSAL_IN_PART, Act::REFUSAL_NATIONALITY, Act::POSTPONEMENT_NOTICE}) {
    EXPECT_THAT(Told(act), ElementsAre("R-CLK-CONSULT.early")) << act;
  }
  EXPECT_THAT(Told(Act::CONSULTATION_CLOSE), IsEmpty());
  const auto findings =
      EarlyAct(view_, Act::REFUSAL, casework::TemplateFor(Act::REFUSAL), now_, policy_, {});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].severity, casework::Severity::kWarning) << "the pair may have agreed";
}

TEST_F(EarlyActsTest, NobodyIsHeardOnNonRefoulement) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  v1::CaseBody body = casework::TemplateFor(Act::REFUSAL);
  body.mutable_refusal()->set_ground(v1::RefusalGround::NON_REFOULEMENT);
  EXPECT_THAT(Told(Act::REFUSAL, body), IsEmpty());
}

TEST_F(EarlyActsTest, TheOtherStateIsHeardWhereNobodyWouldBeReturned) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  v1::CaseBody body = casework::TemplateFor(Act::REFUSAL);
  body.mutable_refusal()->set_ground(v1::RefusalGround::NON_REFOULEMENT);
  v1::Request request;
  request.add_items()->set_type(v1::AssistanceType::TRACE_FIREARM);
  const auto told = [&] {
    return EarlyAct(view_, Act::REFUSAL, body, now_, policy_, {}, &request).size();
  };
  EXPECT_EQ(told(), 1u);
  request.mutable_items(0)->set_type(v1::AssistanceType::EXTRADITE);
  EXPECT_EQ(told(), 0u);
}

TEST_F(EarlyActsTest, TheViewOfTheOtherStateOrItsTimeEndsTheWaiting) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  const CaseView asked = view_;
  Add(Act::CONSULTATION_STATEMENT, Side::kRequesting, casework::CaseState::kConsulting);
  EXPECT_THAT(Told(Act::REFUSAL), IsEmpty());
  view_ = asked;
  now_ += 31 * kDay;
  EXPECT_THAT(Told(Act::REFUSAL), IsEmpty());
}

TEST_F(EarlyActsTest, DeclinedConditionsAreAView) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  Add(Act::CONDITIONS_PROPOSAL, Side::kRequested, casework::CaseState::kConditionsOffered);
  Add(Act::CONDITIONS_DECLINE, Side::kRequesting, casework::CaseState::kConsulting);
  EXPECT_THAT(Told(Act::REFUSAL), IsEmpty());
  EXPECT_FALSE(RequestingStateUnheard(view_, DeadlinesOf(view_, now_)));
}

TEST_F(EarlyActsTest, WhereOnlyTheOwnNodesTimeSaysSoItIsANote) {
  const absl::Time opened = now_;
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  now_ = opened + 30 * kDay - absl::Minutes(30);
  EXPECT_THAT(Told(Act::REFUSAL), ElementsAre("R-CLK-CONSULT.early_here"));
  now_ = opened + 30 * kDay;
  EXPECT_THAT(Told(Act::REFUSAL), IsEmpty());
}

TEST_F(EarlyActsTest, ThePairsNumberCounts) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  now_ += 8 * kDay;
  EXPECT_THAT(Told(Act::REFUSAL), ElementsAre("R-CLK-CONSULT.early"));
  ASSERT_TRUE(policy_.Set("R-CLK-CONSULT", 7 * kDay).ok());
  EXPECT_THAT(Told(Act::REFUSAL), IsEmpty());
}

TEST_F(EarlyActsTest, ALapseOrAClosingBeforeItsTimeIsANote) {
  Add(Act::RETURN, Side::kRequested, casework::CaseState::kReturned);
  EXPECT_THAT(Told(Act::LAPSE_NOTICE), ElementsAre("R-GEN-02.early"));
  now_ += 91 * kDay;
  EXPECT_THAT(Told(Act::LAPSE_NOTICE), IsEmpty());
  Add(Act::FINAL_RESULT, Side::kRequested, casework::CaseState::kExecuted);
  EXPECT_THAT(Told(Act::CLOSE_NOTICE), ElementsAre("R-GEN-02.early"));
  now_ += 61 * kDay;
  EXPECT_THAT(Told(Act::CLOSE_NOTICE), IsEmpty());
}

// An account that was frozen, and whose freeze QT proposed to lift.
class EarlyLiftingTest : public EarlyActsTest {
 protected:
  EarlyLiftingTest() {
    Report(R"("item": 1, "to": "FROZEN", "order_ref": "QT-G-1")");
    proposed_ = now_;
    Report(R"("item": 1, "to": "LIFT_PROPOSED", "reason": "the owner was acquitted")");
  }
  void Report(const std::string& members, Side side = Side::kRequested) {
    Add(Act::ASSET_REPORT, side, casework::CaseState::kExecuting);
    said_.push_back(Said(members));
  }
  static v1::CaseBody Said(const std::string& members) {
    return *casework::BodyFromJson("{\"asset_report\": {" + members + "}}");
  }
  std::vector<std::string> Lifted(const std::string& more = "", size_t of_reports = 2) {
    CaseView view = view_;
    view.acts.resize(2 + of_reports);
    std::vector<std::string> told;
    for (const auto& finding : Findings(view, Said(R"("item": 1, "to": "LIFTED")" + more))) {
      told.push_back(finding.key);
    }
    return told;
  }
  std::vector<casework::Finding> Findings(const CaseView& view, const v1::CaseBody& body) {
    CaseBodies bodies(view);
    bodies.Set(0, *casework::BodyFromJson(R"({"request": {"items": [
        {"n": 1, "type": "FREEZE", "property": {"iban": "QV47VSTB00012345678901"}},
        {"n": 2, "type": "FREEZE", "property": {"iban": "QV20VSTB00012345678902"}}]}})"));
    for (size_t i = 2; i < view.acts.size(); ++i) bodies.Set(i, said_[i - 2]);
    return EarlyLifting(bodies, "", body, now_, policy_);
  }

  absl::Time proposed_;
  std::vector<v1::CaseBody> said_;
};

TEST_F(EarlyLiftingTest, IsAWarningForThePairMayHaveAgreedOnLess) {
  EXPECT_THAT(Lifted(), ElementsAre("R-AR-08.early"));
  now_ = proposed_ + 8 * kDay;
  EXPECT_THAT(Lifted(), ElementsAre("R-AR-08.early"));
  ASSERT_TRUE(policy_.Set("R-AR-08", 7 * kDay).ok());
  EXPECT_THAT(Lifted(), IsEmpty());
}

TEST_F(EarlyLiftingTest, CountsFromTheMomentThatTheProposalTells) {
  now_ = proposed_ + 30 * kDay - absl::Minutes(30);
  EXPECT_THAT(Lifted(), IsEmpty());
  now_ = proposed_ + 30 * kDay - absl::Minutes(90);
  EXPECT_THAT(Lifted(), ElementsAre("R-AR-08.early"));
}

// Each thing has its own time: what was proposed later for another one does not count here.
TEST_F(EarlyLiftingTest, NamesTheEndForThePropertyThatIsReported) {
  Report(R"("item": 2, "to": "FROZEN", "order_ref": "QT-G-2")");
  now_ += 10 * kDay;
  const absl::Time other = now_;
  Report(R"("item": 2, "to": "LIFT_PROPOSED", "reason": "the owner was acquitted")");
  const auto until = [&](const char* item) {
    const auto findings = Findings(view_, Said(Cat({"\"item\": ", item, ", \"to\": \"LIFTED\""})));
    if (findings.size() != 1 || findings[0].args.empty()) return std::string("no date");
    return findings[0].args[0].second;
  };
  const absl::Duration travelled = absl::Hours(1);
  EXPECT_EQ(until("1"), FormatInstant(proposed_ - travelled + 30 * kDay));
  EXPECT_EQ(until("2"), FormatInstant(other - travelled + 30 * kDay));
}

TEST_F(EarlyLiftingTest, IsAnErrorWithoutAnyProposalAndNothingAfterAView) {
  EXPECT_THAT(Lifted("", 1), ElementsAre("R-AR-08.heard"));
  EXPECT_THAT(Lifted(R"(, "hearing_impossible": true, "reason": "lifted in open session")", 1),
              IsEmpty());
  Report(R"("item": 1, "view": "Needed for the confiscation.")", Side::kRequesting);
  EXPECT_THAT(Lifted("", 3), IsEmpty());
}

TEST_F(EarlyActsTest, TheCaseBeforeAnActEndsThere) {
  Add(Act::CONSULTATION_OPEN, Side::kRequested, casework::CaseState::kConsulting);
  const auto before = CaseBefore(view_, view_.acts[2].id);
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->acts.size(), 2u);
  EXPECT_FALSE(CaseBefore(view_, Hash{}).has_value());
  view_.acts[2].conflict = true;
  EXPECT_FALSE(CaseBefore(view_, view_.acts[2].id).has_value()) << "it has no effect";
}

}  // namespace
}  // namespace palermo::desk
