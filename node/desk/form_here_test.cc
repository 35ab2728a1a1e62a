#include "node/desk/form_here.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"

namespace palermo::desk {
namespace {

using ::testing::ElementsAre;
using v1::Act;

const absl::Time kNow = *ParseInstant("2026-11-28T10:00:00Z");

TEST(FormHere, TheTwoStatesOfTheCaseMayHaveItAndNoOther) {
  v1::CaseBody body = casework::TemplateForType(v1::AssistanceType::SEARCH_SEIZE);
  ReleaseTo("QX", "QT/central", body);
  EXPECT_THAT(body.request().handling().release_states(), ElementsAre("QX", "QT"));
  ReleaseTo("QT", "QX/central", body);
  EXPECT_THAT(body.request().handling().release_states(), ElementsAre("QT", "QX"));
  v1::CaseBody answer = casework::TemplateFor(Act::ADMISSION);
  ReleaseTo("QX", "QT/central", answer);
  EXPECT_FALSE(answer.has_request()) << "an answer gets no request";
}

TEST(FormHere, DataAreKeptFromTodayAndReviewsLieAhead) {
  v1::CaseBody kept = casework::TemplateFor(Act::PRESERVATION_CONFIRMED);
  DateFromToday(Act::PRESERVATION_CONFIRMED, kNow, kept);
  EXPECT_EQ(kept.preservation().from(), "2026-11-28T10:00:00Z");
  EXPECT_EQ(kept.preservation().until(), "2027-02-26T10:00:00Z");
  v1::CaseBody longer = casework::TemplateFor(Act::PRESERVATION_EXTENDED);
  DateFromToday(Act::PRESERVATION_EXTENDED, kNow, longer);
  EXPECT_EQ(longer.preservation().until(), "2027-05-27T10:00:00Z");
  for (Act::Code act : {Act::POSTPONEMENT_NOTICE, Act::POSTPONEMENT_REVIEW}) {
    v1::CaseBody body = casework::TemplateFor(act);
    DateFromToday(act, kNow, body);
    EXPECT_EQ(body.statement().until(), "2026-12-28");
    EXPECT_EQ(body.statement().expected_until(), "2027-02-26");
  }
  v1::CaseBody asks = casework::TemplateFor(Act::INFO_REQUEST);
  DateFromToday(Act::INFO_REQUEST, kNow, asks);
  EXPECT_EQ(asks.info_request().needed_by(), "2026-12-28");
  v1::CaseBody none = casework::TemplateFor(Act::RESUMPTION);
  DateFromToday(Act::RESUMPTION, kNow, none);
  EXPECT_EQ(none.statement().until(), "") << "no date where the form has none";
}

}  // namespace
}  // namespace palermo::desk
