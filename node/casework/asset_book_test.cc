// What becomes of property in a case, by its acts: frozen, claimed, lifted after a hearing,
// returned.
#include "node/casework/asset_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/json.h"
#include "node/casework/progress.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Act;

constexpr char kRequest[] = R"j({"request": {"items": [
  {"n": 1, "type": "FREEZE", "property": {"iban": "QV47VSTB00012345678901"}},
  {"n": 2, "type": "ENFORCE_CONFISCATION_ORDER", "property": {"iban": "QV47VSTB00012345678901"}},
  {"n": 3, "type": "RECORDS_BANK"},
  {"n": 4, "type": "FREEZE", "property": {"registry_no": "LAND-4711"}}]}})j";

class AssetBook : public ::testing::Test {
 protected:
  void SetUp() override { Add(Act::REQUEST, RQ, kRequest); }

  void Add(Act::Code act, Side side, const std::string& json, int days = 1) {
    now_ += absl::Hours(24 * days);
    bodies_.push_back(std::make_unique<v1::CaseBody>(*BodyFromJson(json)));
    bodies_.back()->set_version(1);
    acts_.push_back({act, side, now_, bodies_.back().get()});
  }
  void Reported(Side side, const std::string& members, int days = 1) {
    Add(Act::ASSET_REPORT, side, "{\"asset_report\": {" + members + "}}", days);
  }
  std::string StateOf(uint32_t item) {
    const auto assets = AssetsOf(acts_);
    const Asset* asset = AssetOfItem(assets, item);
    return asset == nullptr ? "" : std::string(AssetStateName(asset->state));
  }
  // What the desk says about the act, with the case so far.
  std::vector<std::string> Check(Act::Code act, Side side, const std::string& json) {
    const Progress progress = ProgressOf(acts_, v1::Family::CONFISCATION);
    CheckContext context;
    context.family = v1::Family::CONFISCATION;
    context.act = act;
    context.side = side;
    context.now = FormatInstant(now_ + absl::Hours(1));
    context.policy = policy_;
    Fill(progress, now_, context);
    v1::CaseBody body = *BodyFromJson(json);
    body.set_version(1);
    std::vector<std::string> said;
    for (const Finding& f : CheckBody(context, body)) {
      if (f.severity != Severity::kNote) said.push_back(f.key);
    }
    return said;
  }
  std::vector<std::string> CheckReport(Side side, const std::string& members) {
    return Check(Act::ASSET_REPORT, side, "{\"asset_report\": {" + members + "}}");
  }
  void Freeze() {
    Reported(RD, R"("item": 1, "to": "FROZEN", "order_ref": "QT-G-1", "expires_at": "2030-09-01")");
  }

  const PairPolicy* policy_ = nullptr;
  absl::Time now_ = *ParseInstant("2030-03-01T09:00:00Z");
  std::vector<std::unique_ptr<v1::CaseBody>> bodies_;
  std::vector<OpenedAct> acts_;
};

TEST_F(AssetBook, OneThingThatTwoItemsNameIsOneAsset) {
  EXPECT_EQ(AssetsOf(acts_).size(), 2u);
  EXPECT_EQ(StateOf(1), "FREEZE_REQUESTED");
  EXPECT_EQ(StateOf(2), "FREEZE_REQUESTED");
  EXPECT_EQ(StateOf(3), "");
  Freeze();
  EXPECT_EQ(StateOf(2), "FROZEN");
  EXPECT_EQ(StateOf(4), "FREEZE_REQUESTED");
}

TEST_F(AssetBook, AResultOfTheItemMovesItToo) {
  Add(Act::PARTIAL_RESULT, RD, R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL"}]}})");
  EXPECT_EQ(StateOf(1), "FROZEN");
  Add(Act::FINAL_RESULT, RD, R"({"result": {"items": [{"n": 2, "outcome": "EXECUTED_FULL"}]}})");
  EXPECT_EQ(StateOf(1), "CONFISCATED");
  EXPECT_EQ(StateOf(4), "FREEZE_REQUESTED");
}

TEST_F(AssetBook, NothingFoundFreezesNothing) {
  Add(Act::PARTIAL_RESULT, RD,
      R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_NEGATIVE"}]}})");
  EXPECT_EQ(StateOf(1), "FREEZE_REQUESTED");
}

TEST_F(AssetBook, GoTheWholeWay) {
  Freeze();
  const std::string steps[] = {R"("item": 1, "to": "FROZEN", "order_ref": "QT-G-2")",
                               R"("item": 1, "to": "CONFISCATED", "order_ref": "QT-C-9")",
                               R"("item": 2, "to": "DISPOSAL_AGREED")",
                               R"("item": 2, "to": "RETURNED")"};
  for (const std::string& step : steps) {
    EXPECT_THAT(CheckReport(RD, step), IsEmpty()) << step;
    Reported(RD, step);
  }
  EXPECT_EQ(StateOf(1), "RETURNED");
}

// The flat was asked to be frozen, not to be confiscated: the requesting state asks first.
TEST_F(AssetBook, AreNotConfiscatedBeforeThatIsAskedFor) {
  Reported(RD, R"("item": 4, "to": "FROZEN", "order_ref": "QT-G-3")");
  EXPECT_THAT(CheckReport(RD, R"("item": 4, "to": "CONFISCATED")"),
              ElementsAre("R-GEN-02.sequence"));
  const std::string ask = R"("item": 4, "to": "CONFISCATION_REQUESTED", "route": "RD_ORDER")";
  EXPECT_THAT(CheckReport(RD, ask), ElementsAre("R-GEN-02.asset_side"));
  EXPECT_THAT(CheckReport(RQ, ask), IsEmpty());
  Reported(RQ, ask);
  EXPECT_THAT(CheckReport(RD, R"("item": 4, "to": "CONFISCATED")"), IsEmpty());
}

// --- UNCAC 55(8)

TEST_F(AssetBook, AreNotLiftedBeforeTheRequestingStateCouldSpeak) {
  Freeze();
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), ElementsAre("R-AR-08.heard"));
  Reported(RD, R"("item": 1, "to": "LIFT_PROPOSED", "reason": "the owner was acquitted")");
  EXPECT_EQ(StateOf(1), "LIFT_PROPOSED");
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), ElementsAre("R-AR-08.heard"));
  // Only the requesting state says that it was heard, and says its view.
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "RQ_HEARD", "view": "they agree")"),
              ElementsAre("R-GEN-02.asset_side"));
  EXPECT_THAT(CheckReport(RQ, R"("item": 1, "to": "RQ_HEARD")"),
              ElementsAre("R-GEN-01.asset_view"));
  Reported(RQ, R"("item": 1, "view": "The account receives proceeds of another person too.")");
  EXPECT_EQ(StateOf(1), "RQ_HEARD");
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), IsEmpty());
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "FROZEN", "order_ref": "QT-G-1")"), IsEmpty());
}

TEST_F(AssetBook, AreLiftedAfterItsTimeToSpeakHasRunOut) {
  Freeze();
  Reported(RD, R"("item": 1, "to": "LIFT_PROPOSED", "reason": "the owner was acquitted")");
  now_ += absl::Hours(24 * 30) - absl::Hours(2);
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), ElementsAre("R-AR-08.heard"));
  now_ += absl::Hours(2);
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), IsEmpty());
}

TEST_F(AssetBook, ThePairsTimeToSpeakCounts) {
  Freeze();
  Reported(RD, R"("item": 1, "to": "LIFT_PROPOSED", "reason": "the owner was acquitted")");
  PairPolicy agreed;
  ASSERT_TRUE(agreed.Set("R-AR-08", absl::Hours(24 * 7)).ok());
  policy_ = &agreed;
  now_ += absl::Hours(24 * 7) - absl::Hours(2);
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), ElementsAre("R-AR-08.heard"));
  now_ += absl::Hours(2);
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED")"), IsEmpty());
  // Nobody may agree that there is no hearing.
  EXPECT_FALSE(agreed.Set("R-AR-08", absl::ZeroDuration()).ok());
}

TEST_F(AssetBook, MayBeLiftedAtOnceWithTheReasonWhyAHearingWasImpossible) {
  Freeze();
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED", "hearing_impossible": true)"),
              ElementsAre("R-AR-08.heard"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFTED", "hearing_impossible": true,
                                "reason": "the court lifted it in open session")"),
              ElementsAre("R-AR-08.reason"));
}

// --- UNCAC 55(9)

TEST_F(AssetBook, AreNotDisposedOfOverAnOpenClaim) {
  Freeze();
  Reported(RD, R"("item": 1, "claims": [{"ref": "C-1", "by": "Bank X", "status": "OPEN"}])");
  EXPECT_EQ(StateOf(1), "FROZEN");
  // It may be confiscated; a third party's right stands against what is done with it.
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "CONFISCATED")"), IsEmpty());
  Reported(RD, R"("item": 1, "to": "CONFISCATED")");
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "DISPOSAL_AGREED")"),
              ElementsAre("R-AR-05.claim"));
  // The same report may say that the claim is settled.
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "DISPOSAL_AGREED",
                                "claims": [{"ref": "C-1", "status": "SETTLED"}])"),
              IsEmpty());
  Reported(RD, R"("item": 1, "claims": [{"ref": "C-1", "status": "REJECTED"}])");
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "DISPOSAL_AGREED")"), IsEmpty());
  EXPECT_EQ(AssetsOf(acts_)[0].claims[0].by(), "Bank X");
}

TEST_F(AssetBook, AResultReturnsNothingOverAnOpenClaim) {
  acts_.clear();
  Add(Act::REQUEST, RQ, R"j({"request": {"items": [
    {"n": 1, "type": "ASSET_RETURN", "confiscation_ref": "QT-2029-77"}]}})j");
  EXPECT_EQ(StateOf(1), "CONFISCATED");
  Reported(RD, R"("item": 1, "claims": [{"ref": "C-1", "by": "heirs", "status": "OPEN"}])");
  const std::string result =
      R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL", "description": "returned"}]}})";
  EXPECT_THAT(Check(Act::FINAL_RESULT, RD, result), ElementsAre("R-AR-05.claim"));
  Reported(RD, R"("item": 1, "claims": [{"ref": "C-1", "status": "WITHDRAWN"}])");
  EXPECT_THAT(Check(Act::FINAL_RESULT, RD, result), IsEmpty());
}

TEST_F(AssetBook, AResultMaySettleTheClaimItself) {
  acts_.clear();
  Add(Act::REQUEST, RQ, R"j({"request": {"items": [
    {"n": 1, "type": "ASSET_RETURN", "confiscation_ref": "QT-2029-77"}]}})j");
  Reported(RD, R"("item": 1, "claims": [{"ref": "C-1", "by": "heirs", "status": "OPEN"}])");
  const auto returned = [](const std::string& claims) {
    return R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL", "description": "returned",
      "assets": [{"state": "RETURNED", "property": {"iban": "QV47VSTB00012345678901"},
        "claims": [)" +
           claims + "]}]}]}}";
  };
  EXPECT_THAT(Check(Act::FINAL_RESULT, RD, returned("")), ElementsAre("R-AR-05.claim"));
  EXPECT_THAT(Check(Act::FINAL_RESULT, RD, returned(R"({"ref": "C-1", "status": "SETTLED"})")),
              IsEmpty());
  EXPECT_THAT(Check(Act::FINAL_RESULT, RD, returned(R"({"ref": "C-1", "status": "OPEN"})")),
              ElementsAre("R-AR-05.claim"))
      << "told once";
}

TEST_F(AssetBook, AResultSaysWhoGotIt) {
  acts_.clear();
  Add(Act::REQUEST, RQ, R"j({"request": {"items": [
    {"n": 1, "type": "ASSET_RETURN", "confiscation_ref": "QT-2029-77"}]}})j");
  Add(Act::FINAL_RESULT, RD, R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL",
    "assets": [{"state": "VICTIM_COMPENSATED"}]}]}})");
  EXPECT_EQ(StateOf(1), "VICTIM_COMPENSATED");
}

// --- Which thing a result is about

TEST_F(AssetBook, FurtherPropertyOfAnExecutedFreezeIsFrozenToo) {
  Add(Act::PARTIAL_RESULT, RD, R"j({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL",
    "assets": [{"state": "FROZEN", "property": {"iban": "QV47VSTB00012345678901"}},
               {"state": "FROZEN", "property": {"registry_no": "CAR-9"}, "order_ref": "QT-G-9"},
               {"property": {"crypto_address": "bc1q"}},
               {"state": "TRACED", "property": {"registry_no": "CAR-10"}}]}]}})j");
  const auto assets = AssetsOf(acts_);
  ASSERT_EQ(assets.size(), 5u);
  EXPECT_EQ(assets[0].state, AssetState::kFrozen);
  EXPECT_EQ(assets[2].id, "CAR-9");
  EXPECT_EQ(assets[2].state, AssetState::kFrozen);
  EXPECT_EQ(assets[2].order_ref, "QT-G-9");
  EXPECT_EQ(assets[3].state, AssetState::kFrozen);
  EXPECT_EQ(assets[4].state, AssetState::kTraced) << "the answer says that it was only found";
}

TEST_F(AssetBook, AnAnswerAboutAnotherAccountLeavesTheAskedOneAlone) {
  Add(Act::PARTIAL_RESULT, RD, R"j({"result": {"items": [{"n": 1, "outcome": "EXECUTED_PARTIAL",
    "assets": [{"state": "FROZEN", "property": {"iban": "QV20VSTB00012345678902"},
      "order_ref": "QT-G-7", "claims": [{"ref": "C-1", "by": "a bank", "status": "OPEN"}]}]}]}})j");
  const auto assets = AssetsOf(acts_);
  ASSERT_EQ(assets.size(), 3u);
  EXPECT_EQ(assets[0].state, AssetState::kFreezeRequested);
  EXPECT_EQ(assets[0].order_ref, "");
  EXPECT_FALSE(HasOpenClaim(assets[0]));
  EXPECT_EQ(assets[2].id, "QV20VSTB00012345678902");
  EXPECT_EQ(assets[2].state, AssetState::kFrozen);
  EXPECT_TRUE(HasOpenClaim(assets[2]));
  // A report may name it now.
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "asset_id": "qv20 vstb 0001 2345 6789 02",
                                "to": "LIFT_PROPOSED", "reason": "not the suspect's")"),
              IsEmpty());
}

TEST_F(AssetBook, BlanksInANumberMakeNoOtherThing) {
  Add(Act::PARTIAL_RESULT, RD, R"j({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL",
    "assets": [{"state": "FROZEN", "property": {"iban": "QV47 VSTB 0001 2345 6789 01"},
      "order_ref": "QT-G-7"}]}]}})j");
  const auto assets = AssetsOf(acts_);
  ASSERT_EQ(assets.size(), 2u);
  EXPECT_EQ(assets[0].state, AssetState::kFrozen);
  EXPECT_EQ(assets[0].order_ref, "QT-G-7");
  Reported(RD, R"("item": 1, "asset_id": "QV47 VSTB 0001 2345 6789 01", "to": "FROZEN",
                  "order_ref": "QT-G-8")");
  ASSERT_EQ(AssetsOf(acts_).size(), 2u);
  EXPECT_EQ(AssetsOf(acts_)[0].order_ref, "QT-G-8");
}

TEST_F(AssetBook, AStatesOwnNameForThePropertyIsNoOtherThing) {
  Add(Act::PARTIAL_RESULT, RD, R"j({"result": {"items": [{"n": 1, "outcome": "EXECUTED_FULL",
    "assets": [{"state": "FROZEN", "property": {"asset_id": "QT-ASSET-3"}}]}]}})j");
  ASSERT_EQ(AssetsOf(acts_).size(), 2u);
  EXPECT_EQ(AssetsOf(acts_)[0].state, AssetState::kFrozen);
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "asset_id": "QT-ASSET-3", "to": "FROZEN",
                                "order_ref": "QT-G-2")"),
              IsEmpty());
}

TEST_F(AssetBook, WhatATracingFindsHasItsNumber) {
  acts_.clear();
  Add(Act::REQUEST, RQ, R"j({"request": {"items": [
    {"n": 1, "type": "TRACE_PROCEEDS", "person_ref": "P-1"}]}})j");
  const auto found = [&](const std::string& property) {
    Add(Act::PARTIAL_RESULT, RD,
        R"({"result": {"items": [{"n": 1, "outcome": "EXECUTED_PARTIAL", "assets": [
          {"state": "TRACED", "property": {)" +
            property + "}}]}]}}");
  };
  found(R"("iban": "QV47VSTB00012345678901")");
  ASSERT_EQ(AssetsOf(acts_).size(), 1u);
  EXPECT_EQ(AssetsOf(acts_)[0].id, "QV47VSTB00012345678901");
  found(R"("registry_no": "LAND-4711")");
  ASSERT_EQ(AssetsOf(acts_).size(), 2u);
  EXPECT_EQ(AssetsOf(acts_)[1].id, "LAND-4711");
}

// Some thousand things and claims are no work: each is found by its number.
TEST_F(AssetBook, ManyThingsAreNotedInOneWalk) {
  constexpr int kThings = 20000;
  v1::CaseBody body = *BodyFromJson(R"({"result": {"items": [{"n": 1}]}})");
  v1::ItemResult& item = *body.mutable_result()->mutable_items(0);
  item.set_outcome(v1::ItemOutcome::EXECUTED_FULL);
  for (int i = 0; i < kThings; ++i) {
    v1::AssetAnswer& one = *item.add_assets();
    one.mutable_property()->set_registry_no("CAR-" + std::to_string(i));
    v1::ThirdPartyClaim& claim = *item.mutable_assets(0)->add_claims();
    claim.set_ref("C-" + std::to_string(i));
    claim.set_status("OPEN");
  }
  acts_.push_back({Act::PARTIAL_RESULT, RD, now_, &body});
  const auto assets = AssetsOf(acts_);
  ASSERT_EQ(assets.size(), 2u + kThings);
  EXPECT_EQ(assets[2].claims.size(), size_t{kThings});
}

// --- Forms

TEST_F(AssetBook, AReportSaysSomethingThatCanBe) {
  EXPECT_THAT(CheckReport(RD, R"("item": 3, "to": "FROZEN", "order_ref": "x")"),
              ElementsAre("R-GEN-01.asset_item"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1)"), ElementsAre("R-GEN-01.asset_nothing"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "MELTED")"), ElementsAre("R-GEN-01.asset_state"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "FROZEN")"), ElementsAre("R-GEN-01.asset_order"));
  Freeze();
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "LIFT_PROPOSED")"),
              ElementsAre("R-GEN-01.asset_reason"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "claims": [{"ref": "C-1", "status": "MAYBE"}])"),
              ElementsAre("R-GEN-01.asset_claim"));
  EXPECT_THAT(CheckReport(RQ, R"("item": 1, "to": "CONFISCATION_REQUESTED")"),
              ElementsAre("R-GEN-01.asset_route"));
  EXPECT_THAT(CheckReport(RD, R"("item": 1, "to": "FROZEN", "order_ref": "QT-G-2",
                                "expires_at": "next autumn")"),
              ElementsAre("R-GEN-01.date"));
}

TEST_F(AssetBook, EveryStateHasItsWords) {
  for (int n = 1; n <= kAssetStates; ++n) {
    EXPECT_FALSE(AssetStateMeaning(static_cast<AssetState>(n)).empty()) << n;
  }
}

}  // namespace
}  // namespace palermo::casework
