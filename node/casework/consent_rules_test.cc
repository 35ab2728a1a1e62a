// A consent that was taken back: told by its form, in force for what comes after.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/contents.h"
#include "node/casework/json.h"
#include "node/casework/obligations.h"
#include "node/casework/progress.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using v1::Act;

constexpr char kReferral[] = R"({"request": {
    "items": [{"n": 1, "type": "VICTIM_REFERRAL"}, {"n": 2, "type": "TAKE_EVIDENCE"},
              {"n": 3, "type": "VIDEO_HEARING", "person_ref": "P-1"},
              {"n": 4, "type": "VIDEO_HEARING", "person_ref": "W-1"},
              {"n": 5, "type": "VOLUNTARY_APPEARANCE", "person_ref": "W-1"},
              {"n": 6, "type": "VERIFY_NATIONALITY", "person": "W-1"},
              {"n": 7, "type": "VERIFY_NATIONALITY", "person": "W-1",
               "necessity": "without papers no doctor may treat her"}],
    "persons": [{"ref": "W-1", "roles": ["WITNESS"]}, {"ref": "P-1", "roles": ["ACCUSED"]}],
    "referral": {"pseudonym": "V-1", "consent": {"to_referral": true, "to_share": ["QT"],
                 "informed_of_rights_at": "2030-01-10T10:00:00Z"}}}})";

v1::CaseBody Body(const std::string& json) {
  auto body = BodyFromJson(json);
  EXPECT_TRUE(body.ok()) << body.status();
  return *std::move(body);
}

class ConsentTest : public ::testing::Test {
 protected:
  void Add(Act::Code act, Side side, const std::string& json) {
    bodies_.push_back(std::make_unique<v1::CaseBody>(Body(json)));
    acts_.push_back({act, side, at_ += absl::Hours(24), bodies_.back().get()});
  }
  void Withdraw(const std::string& more = R"("items": [1])", Side side = Side::kRequesting) {
    Add(Act::CONSENT_WITHDRAWN, side,
        R"({"consent_withdrawal": {"ref": "V-1", "withdrawn_at": "2030-02-01T09:00:00Z",
            "of": ["REFERRAL"], )" +
            more + "}}");
  }
  // Severity and key of what is found in a body of that act now.
  std::vector<std::string> Found(Act::Code act, Side side, const std::string& json) {
    const Progress progress = ProgressOf(acts_, v1::Family::VICTIM);
    CheckContext context;
    context.family = v1::Family::VICTIM;
    context.act = act;
    context.side = side;
    context.now_iso8601_date = "2030-02-20T09:00:00Z";
    Fill(progress, *ParseInstant(context.now_iso8601_date), context);
    std::vector<std::string> all;
    for (const Finding& finding : CheckBody(context, Body(json))) {
      all.push_back(std::string(1, SeverityName(finding.severity)[0]) + " " + finding.key);
    }
    return all;
  }
  std::vector<std::string> Told(const std::string& members) {
    return Found(Act::CONSENT_WITHDRAWN, Side::kRequesting,
                 R"({"version": 1, "consent_withdrawal": {)" + members + "}}");
  }
  std::vector<std::string> Result(const std::string& item) {
    return Found(Act::PARTIAL_RESULT, Side::kRequested,
                 R"({"result": {"items": [{)" + item + "}]}}");
  }

  absl::Time at_ = *ParseInstant("2030-01-11T00:00:00Z");
  std::vector<std::unique_ptr<v1::CaseBody>> bodies_;
  std::vector<OpenedAct> acts_;
};

TEST_F(ConsentTest, SaysWhoseWhenAndToWhat) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  const std::string whole =
      R"("ref": "V-1", "withdrawn_at": "2030-02-01T09:00:00Z", "of": ["REFERRAL", "RETURN"])";
  EXPECT_THAT(Told(whole), IsEmpty());
  EXPECT_THAT(Told(whole + R"(, "items": [1], "delete_data": true)"), IsEmpty());
  EXPECT_THAT(Told(R"("withdrawn_at": "2030-02-01T09:00:00Z", "of": ["HEARING"])"),
              Contains("E R-GEN-01.consent_ref"));
  EXPECT_THAT(Told(R"("ref": "V-1", "of": ["HEARING"])"), Contains("E R-GEN-01.consent_when"));
  EXPECT_THAT(Told(R"("ref": "V-1", "withdrawn_at": "in May", "of": ["HEARING"])"),
              Contains("E R-GEN-01.date"));
  EXPECT_THAT(Told(R"("ref": "V-1", "withdrawn_at": "2031-02-01T09:00:00Z", "of": ["HEARING"])"),
              Contains("W R-GEN-03.event"));
  EXPECT_THAT(Told(R"("ref": "V-1", "withdrawn_at": "2030-02-01T09:00:00Z")"),
              Contains("E R-GEN-01.consent_of"));
  EXPECT_THAT(Told(R"("ref": "V-1", "withdrawn_at": "2030-02-01T09:00:00Z", "of": ["LUNCH"])"),
              Contains("E R-GEN-01.word"));
}

TEST_F(ConsentTest, IsOfSomebodyAndOfItemsThatTheRequestNames) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  const std::string when = R"("withdrawn_at": "2030-02-01T09:00:00Z", "of": ["HEARING"])";
  EXPECT_THAT(Told(R"("ref": "W-1", )" + when), IsEmpty());
  EXPECT_THAT(Told(R"("ref": "V-7", )" + when), Contains("N R-HR-12.unknown"));
  EXPECT_THAT(Told(R"("ref": "W-1", "items": [9], )" + when), Contains("E R-GEN-01.no_item"));
}

TEST_F(ConsentTest, AfterItNothingIsDoneForItsItems) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  EXPECT_THAT(Result(R"("n": 1, "outcome": "EXECUTED_FULL")"), Not(Contains("W R-EXE-01.consent")));
  for (Side side : {Side::kRequesting, Side::kRequested}) {
    acts_.resize(1);
    Withdraw(R"("items": [1])", side);
    EXPECT_THAT(Result(R"("n": 1, "outcome": "EXECUTED_FULL")"), Contains("W R-EXE-01.consent"));
    EXPECT_THAT(Result(R"("n": 1, "outcome": "EXECUTED_PARTIAL")"), Contains("W R-EXE-01.consent"));
    EXPECT_THAT(Result(R"("n": 2, "outcome": "EXECUTED_FULL")"),
                Not(Contains("W R-EXE-01.consent")));
    // It ends the item as a withdrawal in part does.
    EXPECT_THAT(Result(R"("n": 1, "outcome": "CANCELLED_NO_LONGER_REQUIRED")"),
                Not(Contains("E R-GEN-02.cancelled")));
    EXPECT_THAT(Result(R"("n": 2, "outcome": "CANCELLED_NO_LONGER_REQUIRED")"),
                Contains("E R-GEN-02.cancelled"));
  }
}

// A consent is no way around a refusal, nor around a withdrawal.
TEST_F(ConsentTest, WhatDoesNotStandOnItGoesOn) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  const auto told = [&](const char* ref, const char* item) {
    return Told(Cat({R"("ref": ")", ref, R"(", "withdrawn_at": "2030-02-01T09:00:00Z",
        "of": ["HEARING"], "items": [)",
                     item, "]"}));
  };
  EXPECT_THAT(told("V-1", "1"), IsEmpty());
  EXPECT_THAT(told("V-1", "2"), Contains("E R-GEN-02.no_consent"));
  EXPECT_THAT(told("P-1", "3"), IsEmpty());
  EXPECT_THAT(told("W-1", "3"), Contains("E R-GEN-02.no_consent"));
  EXPECT_THAT(told("W-1", "4"), Contains("E R-GEN-02.no_consent"));
  EXPECT_THAT(told("W-1", "5"), IsEmpty());
  EXPECT_THAT(told("P-1", "5"), Contains("E R-GEN-02.no_consent"));
  EXPECT_THAT(told("W-1", "6"), IsEmpty());
  EXPECT_THAT(told("V-1", "6"), Contains("E R-GEN-02.no_consent"));
  EXPECT_THAT(told("W-1", "7"), Contains("E R-GEN-02.no_consent")) << "asked out of necessity";
  // Of nobody whom the case knows.
  for (const char* item : {"1", "5", "6"}) {
    EXPECT_THAT(told("X-9", item), Contains("E R-GEN-02.no_consent")) << item;
  }
  // One that was sent all the same ends nothing.
  Withdraw(R"("items": [2, 4])", Side::kRequested);
  const Progress progress = ProgressOf(acts_, v1::Family::VICTIM);
  for (const auto& [n, item] : progress.items) EXPECT_TRUE(item.IsOpen()) << n;
  EXPECT_TRUE(progress.items_without_consent.empty());
}

TEST_F(ConsentTest, DataAreNotSentAgainWithoutANewConsent) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  Withdraw();
  auto again = [&](const std::string& consent, const std::string& more = "") {
    return Found(Act::CORRECTED_REQUEST, Side::kRequesting,
                 R"({"request": {"referral": {"pseudonym": "V-1")" + more +
                     R"(, "consent": {"to_referral": true, "to_share": ["QT"])" + consent + "}}}}");
  };
  EXPECT_THAT(again(""), Contains("E R-HR-12.again"));
  EXPECT_THAT(again(R"(, "informed_of_rights_at": "2030-01-10T10:00:00Z")"),
              Contains("E R-HR-12.again"));
  EXPECT_THAT(again(R"(, "informed_of_rights_at": "2030-02-02T10:00:00Z")"),
              Not(Contains("E R-HR-12.again")));
  EXPECT_THAT(again("", R"(, "life_in_danger": true)"), Not(Contains("E R-HR-12.again")));
}

TEST_F(ConsentTest, ToAHearingIsNoneToTheSharingOfData) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  Add(Act::CONSENT_WITHDRAWN, Side::kRequested,
      R"({"consent_withdrawal": {"ref": "V-1", "of": ["HEARING", "RETURN"],
          "withdrawn_at": "2030-01-11T09:00:00Z"}})");
  EXPECT_THAT(Found(Act::CORRECTED_REQUEST, Side::kRequesting, kReferral),
              Not(Contains("E R-HR-12.again")));
  Withdraw();
  EXPECT_THAT(Found(Act::CORRECTED_REQUEST, Side::kRequesting, kReferral),
              Contains("E R-HR-12.again"));
}

// The other state's date is its word.
TEST_F(ConsentTest, EndsNoLaterThanItWasToldAndNotBeforeALaterOne) {
  Add(Act::REQUEST, Side::kRequesting, kReferral);
  const auto withdraw = [&](const std::string& at) {
    Add(Act::CONSENT_WITHDRAWN, Side::kRequested,
        R"({"consent_withdrawal": {"ref": "V-1", "of": ["REFERRAL"], "withdrawn_at": ")" + at +
            R"("}})");
    return ProgressOf(acts_, v1::Family::VICTIM).withdrawn_consents.at("V-1");
  };
  EXPECT_EQ(withdraw("2099-01-01T00:00:00Z"), at_);
  const absl::Time first = at_;
  EXPECT_EQ(withdraw("2030-01-01T00:00:00Z"), first);
  EXPECT_EQ(withdraw("soon"), at_);
}

TEST_F(ConsentTest, TheOtherStateOwesToStopAndToTell) {
  for (Side side : {Side::kRequesting, Side::kRequested}) {
    acts_.clear();
    Add(Act::REQUEST, Side::kRequesting, kReferral);
    Withdraw(R"("items": [1])", side);
    auto stops = [&] {
      std::vector<Obligation> found;
      for (Obligation& one : ObligationsOf(acts_, v1::Family::VICTIM)) {
        if (one.kind == "STOP_AFTER_WITHDRAWAL") found.push_back(std::move(one));
      }
      return found;
    };
    ASSERT_EQ(stops().size(), 1U);
    EXPECT_EQ(stops()[0].owed_by, OtherSide(side));
    EXPECT_EQ(stops()[0].text, "V-1");
    EXPECT_FALSE(stops()[0].fulfilled);
    Add(Act::OBLIGATION_REPORT, OtherSide(side),
        R"({"obligation_report": {"kind": "STOP_AFTER_WITHDRAWAL", "text": "deleted"}})");
    EXPECT_TRUE(stops()[0].fulfilled);
  }
}

// It outlives the case, and never changes a state.
TEST_F(ConsentTest, MayBeTakenBackAtAnyTimeByWhicheverStateHearsIt) {
  for (int n = 1; n < kCaseStates; ++n) {
    const auto state = static_cast<CaseState>(n);
    for (Side side : {Side::kRequesting, Side::kRequested}) {
      Standing at;
      at.state = state;
      const auto after = Apply(at, side, Act::CONSENT_WITHDRAWN, v1::Family::VICTIM);
      ASSERT_TRUE(after.ok()) << n;
      EXPECT_EQ(after->state, state);
    }
  }
}

}  // namespace
}  // namespace palermo::casework
