#include "node/desk/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"

namespace palermo::desk {
namespace {

using ::testing::HasSubstr;

absl::Time At(const char* text) { return *ParseInstant(text); }

std::vector<casework::FactClock> Of(const v1::CaseBody& body, v1::Act::Code act) {
  return FactsOfBodies({{act, casework::Side::kRequesting, At("2026-01-02"), &body}});
}

TEST(Facts, ASafeConductEndsFifteenDaysAfterTheRelease) {
  v1::CaseBody body;
  auto* conduct = body.mutable_request()->add_items()->mutable_safe_conduct_record();
  EXPECT_TRUE(Of(body, v1::Act::REQUEST).empty());
  conduct->set_released_notice_at("2026-03-01T10:00:00Z");
  const auto facts = Of(body, v1::Act::REQUEST);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].id, "R-CLK-SAFE");
  EXPECT_THAT(FactsText(facts, At("2026-03-02")), HasSubstr("2026-03-16T10:00:00Z"));
  EXPECT_FALSE(AnyLate(facts, At("2026-04-02")));  // that it has ended is a note
  EXPECT_THAT(FactsText(facts, At("2026-04-02")), HasSubstr("the safe conduct has ended"));
}

TEST(Facts, AnExportPermitIsGoodForSixMonths) {
  v1::CaseBody body;
  auto* permit = body.mutable_request()->add_items()->mutable_permit();
  permit->set_kind("EXPORT");
  permit->set_granted("2026-01-15");
  EXPECT_FALSE(AnyLate(Of(body, v1::Act::REQUEST), At("2026-07-01")));
  EXPECT_TRUE(AnyLate(Of(body, v1::Act::REQUEST), At("2026-07-16")));
  permit->set_kind("IMPORT");
  EXPECT_TRUE(Of(body, v1::Act::REQUEST).empty());
}

TEST(Facts, AVictimsReturnInsideThirtyDaysIsTold) {
  v1::CaseBody body;
  auto* referral = body.mutable_request()->mutable_referral();
  referral->set_identified_at("2026-03-01");
  EXPECT_FALSE(AnyLate(Of(body, v1::Act::REQUEST), At("2026-03-05")));
  referral->mutable_return_plan()->set_date("2026-03-20");
  EXPECT_TRUE(AnyLate(Of(body, v1::Act::REQUEST), At("2026-03-05")));
  referral->mutable_return_plan()->set_date("2026-04-20");
  EXPECT_FALSE(AnyLate(Of(body, v1::Act::REQUEST), At("2026-03-05")));
}

TEST(Facts, ADomesticOrderIsRenewedWithinNinetyDays) {
  v1::CaseBody body;
  body.mutable_preservation()->set_from("2026-01-01T00:00:00Z");
  EXPECT_FALSE(AnyLate(Of(body, v1::Act::PRESERVATION_CONFIRMED), At("2026-03-01")));
  EXPECT_TRUE(AnyLate(Of(body, v1::Act::PRESERVATION_CONFIRMED), At("2026-03-25")));
  // What was released needs no order any more.
  v1::CaseBody released;
  released.mutable_preservation()->set_status("RELEASED");
  const auto facts = FactsOfBodies(
      {{v1::Act::PRESERVATION_CONFIRMED, casework::Side::kRequested, At("2026-01-01"), &body},
       {v1::Act::PRESERVATION_RELEASED, casework::Side::kRequested, At("2026-03-20"), &released}});
  EXPECT_TRUE(facts.empty());
}

TEST(Facts, SpecialityEndsFortyFiveDaysAfterTheFinalDischarge) {
  v1::CaseBody body;
  auto* done = body.mutable_obligation_report();
  done->set_kind("SPECIALITY");
  EXPECT_TRUE(Of(body, v1::Act::OBLIGATION_REPORT).empty());
  done->set_final_discharge_at("2026-03-01");
  const auto facts = Of(body, v1::Act::OBLIGATION_REPORT);
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts[0].id, "R-CLK-SPEC45");
  EXPECT_THAT(FactsText(facts, At("2026-03-02")), HasSubstr("2026-04-15T00:00:00Z"));
  EXPECT_THAT(FactsText(facts, At("2026-04-16")), HasSubstr("speciality has ended"));
  // Who left in time has it still.
  done->set_left_at("2026-03-20");
  EXPECT_THAT(FactsText(Of(body, v1::Act::OBLIGATION_REPORT), At("2026-05-01")),
              ::testing::Not(HasSubstr("has ended")));
}

TEST(Facts, ABodyThatWasNotOpenedTellsNothing) {
  EXPECT_TRUE(
      FactsOfBodies({{v1::Act::REQUEST, casework::Side::kRequesting, At("2026-01-01"), nullptr}})
          .empty());
}

}  // namespace
}  // namespace palermo::desk
