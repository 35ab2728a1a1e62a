// The kinds of duties of domain.md 1.8.5: what makes each, until when, what fulfils it, and when it
// is breached.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

#include "base/clock.h"
#include "node/casework/clocks.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/json.h"
#include "node/casework/obligations.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;

class DutiesTest : public ::testing::Test {
 protected:
  // A day after the act before it.
  void Add(Act::Code act, Side side, const std::string& json) {
    at_ += absl::Hours(24);
    auto body = BodyFromJson(json);
    ASSERT_TRUE(body.ok()) << body.status();
    bodies_.push_back(*body);
    acts_.push_back({act, side, at_, &bodies_.back()});
  }
  void Ask(const std::string& item) {
    Add(Act::REQUEST, RQ, "{\"request\": {\"items\": [{\"n\": 1, " + item + "}]}}");
  }
  void Result(const std::string& members) {
    Add(Act::FINAL_RESULT, RD,
        "{\"result\": {\"items\": [{\"n\": 1, \"outcome\": \"EXECUTED_FULL\"" + members + "}]}}");
  }
  void Report(Side side, const std::string& members) {
    Add(Act::OBLIGATION_REPORT, side,
        "{\"obligation_report\": {\"text\": \"done\", " + members + "}}");
  }
  void Property(Side side, const std::string& members) {
    Add(Act::ASSET_REPORT, side, "{\"asset_report\": {\"item\": 1, " + members + "}}");
  }
  // The only duty of this kind.
  Obligation Duty(std::string_view kind) {
    const auto all = ObligationsOf(acts_, family_, policy_);
    Obligation found;
    int count = 0;
    for (const Obligation& o : all) {
      if (o.kind != kind) continue;
      found = o;
      ++count;
    }
    EXPECT_EQ(count, 1) << kind;
    return found;
  }
  size_t Count(std::string_view kind) {
    size_t count = 0;
    for (const Obligation& o : ObligationsOf(acts_, family_, policy_)) count += o.kind == kind;
    return count;
  }
  static absl::Time At(const char* text) { return *ParseInstant(text); }

  v1::Family::Code family_ = v1::Family::MLA;
  const PairPolicy* policy_ = nullptr;
  absl::Time at_ = *ParseInstant("2026-03-01T12:00:00Z");
  std::deque<v1::CaseBody> bodies_;
  std::vector<OpenedAct> acts_;
};

TEST_F(DutiesTest, ADayWithoutATimeLastsToItsEnd) {
  Ask(R"("type": "TAKE_EVIDENCE")");
  Result(R"(, "return_due_at": "2026-09-01", "keep_until": "2027-01-01")");
  EXPECT_FALSE(IsBreached(Duty("RETURN_ITEMS"), At("2026-09-01T18:00:00Z")));
  EXPECT_TRUE(IsBreached(Duty("RETURN_ITEMS"), At("2026-09-02T00:00:00Z")));
  EXPECT_GT(Duty("KEEP_UNTIL").ends, At("2027-01-01T18:00:00Z"));
}

TEST_F(DutiesTest, WhatWasDoneTooLateStaysBreached) {
  Ask(R"("type": "TAKE_EVIDENCE")");
  Result(R"(, "return_due_at": "2026-03-04T06:00:00Z", "delete_by": "2026-03-04")");
  Report(RQ, R"("kind": "DELETE_BY", "item": 1)");     // on 4 March
  Report(RQ, R"("kind": "RETURN_ITEMS", "item": 1)");  // on 5 March
  const Obligation returned = Duty("RETURN_ITEMS"), deleted = Duty("DELETE_BY");
  EXPECT_TRUE(returned.fulfilled);
  EXPECT_TRUE(IsBreached(returned, at_));
  EXPECT_FALSE(IsOpen(returned, at_)) << "nothing is left to do";
  EXPECT_FALSE(IsBreached(deleted, at_ + absl::Hours(10000)));
}

// A result may be told again; what was sent back stays sent back.
TEST_F(DutiesTest, AResultToldAgainMakesNoSecondDuty) {
  Ask(R"("type": "TRANSFER_DETAINED_WITNESS", "return_due_at": "2026-09-01")");
  Result(R"(, "to_be_returned": true)");
  Report(RQ, R"("kind": "RETURN_ITEMS", "item": 1)");
  Result(R"(, "to_be_returned": true)");
  EXPECT_TRUE(Duty("RETURN_ITEMS").fulfilled);
  for (const char* kind : {"KEEP_CUSTODY", "RETURN_PERSON", "TIME_CREDIT", "SAFE_CONDUCT"}) {
    EXPECT_EQ(Count(kind), 1u) << kind;
  }
  // What comes after a completion request is new.
  Add(Act::COMPLETION_REQUEST, RQ, R"({"statement": {"text": "the annex", "items": [1]}})");
  Result(R"(, "to_be_returned": true)");
  EXPECT_EQ(Count("RETURN_ITEMS"), 2u);
}

// UNTOC 18(11), (12), (27).
TEST_F(DutiesTest, SafeConductEndsWithTheReturnOrFifteenDaysAfterTheNotice) {
  Ask(R"("type": "TRANSFER_DETAINED_WITNESS", "return_due_at": "2026-09-01")");
  Result("");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, absl::InfiniteFuture());
  Report(RQ, R"("kind": "RETURN_PERSON", "item": 1)");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, at_);
  EXPECT_TRUE(Duty("KEEP_CUSTODY").fulfilled);
  EXPECT_FALSE(Duty("TIME_CREDIT").fulfilled) << "the other state credits it";

  acts_.clear();
  Ask(R"("type": "VOLUNTARY_APPEARANCE")");
  Result("");
  at_ = At("2026-06-05T12:00:00Z");
  Report(RQ, R"("kind": "SAFE_CONDUCT", "item": 1, "at": "2026-06-01T10:00:00Z")");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, At("2026-06-16T10:00:00Z"));
  EXPECT_FALSE(Duty("SAFE_CONDUCT").fulfilled);
  // Nobody is told before he is there: a notice of an earlier day takes nothing from the 15 days.
  Report(RQ, R"("kind": "SAFE_CONDUCT", "item": 1, "at": "2020-01-01T10:00:00Z")");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, Duty("SAFE_CONDUCT").since + absl::Hours(24 * 15));
  // Who has left does not lose it by the time.
  Report(RQ, R"("kind": "SAFE_CONDUCT", "item": 1, "at": "2026-06-01T10:00:00Z",
                "left_at": "2026-06-03")");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, absl::InfiniteFuture());
  // Only the state that owes it can say so.
  Report(RD, R"("kind": "SAFE_CONDUCT", "item": 1, "at": "2026-06-01T10:00:00Z")");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, absl::InfiniteFuture());
}

TEST_F(DutiesTest, ANoticeThatAPersonIsNotNeededAnyMoreHasItsDate) {
  Draft draft(Act::OBLIGATION_REPORT);
  v1::ObligationReport& report = *draft.body.mutable_obligation_report();
  report.Clear();
  report.set_kind("SAFE_CONDUCT");
  report.set_text("The witness was told that he is not needed any more.");
  EXPECT_EQ(Summary(draft.Check()), std::set<std::string>{"E R-GEN-01"});
  report.set_at("2026-03-01");
  EXPECT_EQ(Summary(draft.Check()), std::set<std::string>{});
}

// SOM 8(3): promptly; R-SEA-03 says within what time, and the pair may agree on another one.
TEST_F(DutiesTest, TheFlagStateIsToldInTheTimeOfThePair) {
  family_ = v1::Family::SEA;
  Add(Act::BOARDING_REPORT, RQ, R"({"boarding_result": {"boarded_at": "2026-03-02T03:00:00Z"}})");
  EXPECT_EQ(Duty("REPORT_RESULT_TO_FLAG").due, At("2026-03-03T03:00:00Z"));
  PairPolicy agreed;
  ASSERT_TRUE(agreed.Set("R-SEA-03", absl::Hours(48)).ok());
  policy_ = &agreed;
  EXPECT_EQ(Duty("REPORT_RESULT_TO_FLAG").due, At("2026-03-04T03:00:00Z"));
  EXPECT_TRUE(IsBreached(Duty("REPORT_RESULT_TO_FLAG"), At("2026-03-04T03:00:01Z")));
  Add(Act::BOARDING_RESULT, RQ, R"({"boarding_result": {"unfounded": true}})");  // on 3 March
  EXPECT_TRUE(Duty("REPORT_RESULT_TO_FLAG").fulfilled);
  EXPECT_FALSE(IsBreached(Duty("REPORT_RESULT_TO_FLAG"), at_ + absl::Hours(1000)));
  EXPECT_EQ(Duty("COMPENSATE_IF_UNFOUNDED").owed_by, RQ);
}

TEST_F(DutiesTest, WhatTheFlagStateAsksForWithItsLeaveBinds) {
  family_ = v1::Family::SEA;
  Add(Act::BOARDING_AUTHORISED, RD,
      R"({"boarding_answer": {"conditions": ["medical care first", "no towing"]}})");
  EXPECT_EQ(Count("CONDITION"), 2u);
  const auto all = ObligationsOf(acts_, family_);
  EXPECT_EQ(all[0].text, "medical care first");
  EXPECT_EQ(all[0].article, "SOM 8(5)");
  EXPECT_EQ(all[0].owed_by, RQ);
}

// UNTOC 16(10), whatever the act is called.
TEST_F(DutiesTest, ANationalWhoIsNotExtraditedIsProsecuted) {
  family_ = v1::Family::EXTRADITION;
  Add(Act::REFUSAL, RD, R"({"refusal": {"ground": "NATIONALITY_OF_PERSON"}})");
  EXPECT_EQ(Duty("PROSECUTE_IF_NOT_EXTRADITED").owed_by, RD);
  EXPECT_FALSE(Duty("PROSECUTE_IF_NOT_EXTRADITED").fulfilled);
  Report(RD, R"("kind": "PROSECUTE_IF_NOT_EXTRADITED")");
  EXPECT_TRUE(Duty("PROSECUTE_IF_NOT_EXTRADITED").fulfilled);
  acts_.clear();
  Add(Act::REFUSAL_IN_PART, RD,
      R"({"refusal": {"ground": "NATIONALITY_OF_PERSON", "items": [2]}})");
  EXPECT_EQ(Duty("PROSECUTE_IF_NOT_EXTRADITED").item, 2u);
  acts_.clear();
  Add(Act::REFUSAL, RD, R"({"refusal": {"ground": "LAPSE_OF_TIME"}})");
  EXPECT_EQ(Count("PROSECUTE_IF_NOT_EXTRADITED"), 0u);
}

// Announced with the refusal, and the duty says how.
TEST_F(DutiesTest, TheDutyToProsecuteTellsWhatWasOffered) {
  family_ = v1::Family::EXTRADITION;
  Add(Act::REFUSAL_NATIONALITY, RD,
      R"({"refusal": {"ground": "NATIONALITY_OF_PERSON",
          "prosecution_offer": "submitted to the Prosecutor General"}})");
  EXPECT_EQ(Duty("PROSECUTE_IF_NOT_EXTRADITED").text, "submitted to the Prosecutor General");
}

// UNTOC 16(11): surrendered for a time, or to come back and serve the sentence.
TEST_F(DutiesTest, WhoWasSurrenderedOnConditionToComeBackIsReturned) {
  family_ = v1::Family::EXTRADITION;
  Ask(R"("type": "EXTRADITE")");
  Add(Act::SURRENDER_ORDER, RD,
      R"({"statement": {"surrender": {"temporary": true, "return_due_at": "2026-09-01"}}})");
  EXPECT_EQ(Count("RETURN_PERSON"), 0u) << "nobody was handed over yet";
  const size_t ordered = acts_.size();
  Add(Act::SURRENDER_REPORT, RD, R"({"statement": {"surrender": {"decision": "SURRENDERED"}}})");
  EXPECT_EQ(Duty("RETURN_PERSON").owed_by, RQ);
  EXPECT_EQ(Duty("RETURN_PERSON").article, "16(11)");
  EXPECT_TRUE(IsBreached(Duty("RETURN_PERSON"), At("2026-09-02T00:00:00Z")));
  EXPECT_EQ(Count("KEEP_CUSTODY"), 0u) << "18(11) is of witnesses";
  Report(RQ, R"("kind": "RETURN_PERSON")");
  EXPECT_TRUE(Duty("RETURN_PERSON").fulfilled);
  // The day of the handing over is the newer one.
  acts_.resize(ordered);
  Add(Act::SURRENDER_REPORT, RD,
      R"({"statement": {"surrender": {"return_due_at": "2026-10-01"}}})");
  EXPECT_FALSE(IsBreached(Duty("RETURN_PERSON"), At("2026-09-02T00:00:00Z")));
  // A result can tell the same; a surrender for good brings none.
  acts_.resize(1);
  Result(R"(, "surrender": {"decision": "SURRENDERED", "return_due_at": "2026-09-01"})");
  EXPECT_EQ(Duty("RETURN_PERSON").item, 1u);
  // The report and the result tell of one person, and a report of the item is of him.
  for (const bool result_first : {true, false}) {
    acts_.resize(1);
    const auto report = [&] {
      Add(Act::SURRENDER_REPORT, RD,
          R"({"statement": {"surrender": {"decision": "SURRENDERED",
                                          "return_due_at": "2026-09-01"}}})");
    };
    if (!result_first) report();
    Result(R"(, "surrender": {"decision": "SURRENDERED", "return_due_at": "2026-09-01"})");
    if (result_first) report();
    EXPECT_EQ(Count("RETURN_PERSON"), 1u) << result_first;
    Report(RQ, R"("kind": "RETURN_PERSON", "item": 1)");
    EXPECT_TRUE(Duty("RETURN_PERSON").fulfilled) << result_first;
  }
  acts_.resize(1);
  Result(R"(, "surrender": {"decision": "SURRENDERED"})");
  EXPECT_EQ(Count("RETURN_PERSON"), 0u);
}

TEST_F(DutiesTest, WhatIsToBeDoneOneDayIsNotDone) {
  Ask(R"("type": "VOLUNTARY_APPEARANCE")");
  Result(R"(, "return_due_at": "2026-09-01")");
  Report(RQ, R"("kind": "RETURN_ITEMS", "item": 1, "at": "2026-08-01")");
  EXPECT_FALSE(Duty("RETURN_ITEMS").fulfilled);
  EXPECT_TRUE(IsBreached(Duty("RETURN_ITEMS"), At("2026-09-02T00:00:00Z")));
  Report(RQ, R"("kind": "SAFE_CONDUCT", "item": 1, "at": "2026-08-01")");
  EXPECT_EQ(Duty("SAFE_CONDUCT").ends, absl::InfiniteFuture()) << "nobody was told yet";
  Report(RQ, R"("kind": "RETURN_ITEMS", "item": 1, "at": "2026-03-06")");  // reported that day
  EXPECT_TRUE(Duty("RETURN_ITEMS").fulfilled);
}

// UNCAC 55(8).
TEST_F(DutiesTest, AFreezeThatIsReportedBringsTheHearingAndALiftingWithoutOneBreachesIt) {
  Ask(R"("type": "FREEZE")");
  Property(RD, R"("to": "FROZEN", "order_ref": "QT-G-1")");
  Property(RD, R"("to": "FROZEN", "order_ref": "QT-G-2")");  // extended
  EXPECT_EQ(Duty("HEAR_BEFORE_LIFTING").owed_by, RD);
  const size_t frozen = acts_.size();
  Property(RD, R"("to": "LIFTED")");
  EXPECT_TRUE(IsBreached(Duty("HEAR_BEFORE_LIFTING"), at_));
  EXPECT_EQ(Duty("HEAR_BEFORE_LIFTING").ends, at_) << "nothing is frozen any more";

  acts_.resize(frozen);
  Property(RD, R"("to": "LIFT_PROPOSED", "reason": "acquitted")");
  Property(RD, R"("to": "LIFTED")");
  EXPECT_FALSE(IsBreached(Duty("HEAR_BEFORE_LIFTING"), at_));

  acts_.resize(frozen);
  Property(RD, R"("to": "LIFTED", "hearing_impossible": true, "reason": "in open session")");
  EXPECT_FALSE(IsBreached(Duty("HEAR_BEFORE_LIFTING"), at_));
  Property(RD, R"("to": "FROZEN", "order_ref": "QT-G-3")");
  EXPECT_EQ(Count("HEAR_BEFORE_LIFTING"), 2u) << "a new freeze has its own";
}

// UNTOC 18(5), (19): the next disclosure is told of as well.
TEST_F(DutiesTest, OneExculpatoryNoticeIsNotTheLast) {
  Ask(R"("type": "TAKE_EVIDENCE")");
  Result("");
  Add(Act::EXCULPATORY_NOTICE, RQ, R"({"use": {"kind": "PRIOR", "purpose": "defence"}})");
  EXPECT_FALSE(Duty("EXCULPATORY_NOTICE").fulfilled);
  // Who provided information unasked owes nothing of the kind.
  acts_.clear();
  family_ = v1::Family::SPONTANEOUS;
  Add(Act::EXCULPATORY_NOTICE, RQ, R"({"use": {"kind": "PRIOR", "purpose": "defence"}})");
  EXPECT_EQ(Count("EXCULPATORY_NOTICE"), 0u);
  // Who received it does.
  Add(Act::EXCULPATORY_NOTICE, RD, R"({"use": {"kind": "PRIOR", "purpose": "defence"}})");
  EXPECT_EQ(Duty("EXCULPATORY_NOTICE").owed_by, RD);
}

// UNTOC 18(24).
TEST_F(DutiesTest, AClosedCaseNeedsNoWordThatItIsNotNeeded) {
  for (const Act::Code end : {Act::CLOSE, Act::CLOSE_NOTICE, Act::FLAG_STATE_ACTS}) {
    acts_.clear();
    Ask(R"("type": "FLAG_CONFIRMATION")");
    EXPECT_EQ(Duty("INFORM_NO_LONGER_REQUIRED").ends, absl::InfiniteFuture());
    Add(end, end == Act::CLOSE ? RQ : RD, "{}");
    EXPECT_EQ(Duty("INFORM_NO_LONGER_REQUIRED").ends, at_) << ActName(end);
  }
}

}  // namespace
}  // namespace palermo::casework
