#include "node/desk/grounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/contents.h"
#include "node/casework/json.h"

namespace palermo::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

CaseAct Came(v1::Act::Code code, bool opened = true) {
  CaseAct act;
  act.id = Hash{0x0f, 0x3c};
  act.header.set_act(code);
  act.incoming = true;
  if (opened) act.retrieval = v1::RetrievalResult::OPENED;
  return act;
}

v1::CaseBody Body(const std::string& json) {
  auto body = casework::BodyFromJson(json);
  EXPECT_TRUE(body.ok()) << body.status();
  return *body;
}

TEST(Grounds, APostponementIsShownInWordsWithItsCodeAndDates) {
  const auto body = Body(R"({"statement": {"ground": "INTERFERES_PROSECUTION", "text": "T.",
      "until": "2026-06-15", "expected_until": "2026-09-30", "items": [1, 3]}})");
  EXPECT_THAT(
      GroundLines(Came(v1::Act::POSTPONEMENT_NOTICE), &body),
      ElementsAre("ground: it would interfere with an ongoing prosecution (INTERFERES_PROSECUTION)",
                  "looked at again by 2026-06-15", "the cause is expected to end 2026-09-30",
                  "items: 1, 3"));
  const std::string json = GroundJson(Came(v1::Act::POSTPONEMENT_NOTICE), &body).OneLine();
  EXPECT_THAT(json, HasSubstr(R"("code": "INTERFERES_PROSECUTION")"));
  EXPECT_THAT(json, HasSubstr(R"("review_at": "2026-06-15")"));
  EXPECT_THAT(json, HasSubstr(R"("expected_until": "2026-09-30")"));
}

TEST(Grounds, ASuspensionAndAReviewAreShownToo) {
  const auto suspended = Body(R"({"statement": {"ground": "DOMESTIC_REMEDY_PENDING",
      "text": "T."}})");
  EXPECT_THAT(GroundLines(Came(v1::Act::SUSPENSION), &suspended),
              ElementsAre("ground: a legal remedy at home is pending (suspension) "
                          "(DOMESTIC_REMEDY_PENDING)"));
  const auto review = Body(R"({"statement": {"text": "Still running.", "until": "2026-12-01"}})");
  EXPECT_THAT(
      GroundLines(Came(v1::Act::POSTPONEMENT_REVIEW), &review),
      ElementsAre("ground: none is named beside the text", "looked at again by 2026-12-01"));
}

TEST(Grounds, AnOlderProgramsGroundIsReadFromItsText) {
  const auto body = Body(
      R"({"statement": {"text": "INTERFERES_INVESTIGATION: an own one.", "until": "2026-06-15"}})");
  EXPECT_THAT(GroundLines(Came(v1::Act::POSTPONEMENT_NOTICE), &body)[0],
              HasSubstr("by the first word of the text: it would interfere with an ongoing "
                        "investigation (INTERFERES_INVESTIGATION)"));
}

TEST(Grounds, ARefusalNamesItsGroundItemsAndLaw) {
  const auto all = Body(R"({"refusal": {"ground": "SECURITY", "reasons": "R."}})");
  EXPECT_THAT(GroundLines(Came(v1::Act::REFUSAL), &all),
              ElementsAre("ground: security (SECURITY)"));
  const auto part = Body(R"({"refusal": {"ground": "DOMESTIC_LAW", "law_ref": "Act 7,\n  art. 3",
      "reasons": "R.", "items": [2]}})");
  EXPECT_THAT(
      GroundLines(Came(v1::Act::REFUSAL_IN_PART), &part),
      ElementsAre("ground: domestic law (DOMESTIC_LAW)", "law: Act 7,   art. 3", "items: 2"));
  const auto asked =
      Body(R"({"consultation_open": {"topic": "REFUSAL", "intended_ground": "SECURITY"}})");
  EXPECT_THAT(GroundLines(Came(v1::Act::CONSULTATION_OPEN), &asked),
              ElementsAre("topic: refusal (REFUSAL)", "intended ground: security (SECURITY)"));
}

TEST(Grounds, WhatNobodyOpenedIsSaidPlainly) {
  const auto lines = GroundLines(Came(v1::Act::REFUSAL, false), nullptr);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("nobody of this office has opened the message: palermo case "
                                  "open 0f3c"));
  EXPECT_THAT(GroundLines(Came(v1::Act::REFUSAL), nullptr)[0],
              HasSubstr("your keys do not open this message"));
  const std::string json = GroundJson(Came(v1::Act::REFUSAL, false), nullptr).OneLine();
  EXPECT_THAT(json, HasSubstr(R"("opened": false)"));
  EXPECT_THAT(json, ::testing::Not(HasSubstr("ground\":")));
}

TEST(Grounds, EveryActWithAGroundInItsFormShowsOne) {
  for (const v1::Act::Code act : casework::AllActs()) {
    const v1::CaseBody body = casework::TemplateFor(act);
    const bool states = body.statement().ground() != 0 || body.has_refusal();
    EXPECT_EQ(StatesGround(act), states || body.has_consultation_open()) << casework::ActName(act);
    if (!states) continue;
    EXPECT_THAT(GroundLines(Came(act), &body)[0], HasSubstr("ground: ")) << casework::ActName(act);
  }
}

}  // namespace
}  // namespace palermo::desk
