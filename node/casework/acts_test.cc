#include "node/casework/acts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using v1::Act;

TEST(Words, EveryActGoesBothWays) {
  EXPECT_EQ(AllActs().size(), 66u);
  for (Act::Code act : AllActs()) EXPECT_EQ(*ParseAct(ActName(act)), act);
}

TEST(Words, TheOtherEnumsGoBothWays) {
  for (int n = 1; n <= v1::Family::Code_MAX; ++n) {
    const auto family = static_cast<v1::Family::Code>(n);
    EXPECT_EQ(*ParseFamily(FamilyName(family)), family);
  }
  for (int n = 1; n <= v1::Urgency::Code_MAX; ++n) {
    const auto urgency = static_cast<v1::Urgency::Code>(n);
    EXPECT_EQ(*ParseUrgency(UrgencyName(urgency)), urgency);
  }
  for (int n = 1; n <= v1::Handling::Code_MAX; ++n) {
    const auto handling = static_cast<v1::Handling::Code>(n);
    EXPECT_EQ(*ParseHandling(HandlingName(handling)), handling);
  }
}

TEST(Words, MayBeTypedInSmallLettersWithHyphens) {
  EXPECT_EQ(*ParseAct("status-query"), Act::STATUS_QUERY);
  EXPECT_EQ(*ParseFamily("preservation-24-7"), v1::Family::PRESERVATION_24_7);
  EXPECT_EQ(*ParseUrgency("Emergency_Life"), v1::Urgency::EMERGENCY_LIFE);
  EXPECT_EQ(*ParseHandling("h2"), v1::Handling::H2);
}

TEST(Words, AnUnknownWordIsToldTheAllowedOnes) {
  const auto status = ParseHandling("H9").status();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_WORD");
  EXPECT_EQ(TextOf(status), "\"H9\" is no handling code; allowed are: H0, H1, H2, H3");
  for (const char* text : {"", " ", "REQUEST ", "UNSPECIFIED", "request\n"}) {
    EXPECT_EQ(CodeOf(ParseAct(text).status()), "UNKNOWN_WORD") << text;
  }
}

TEST(Words, AnUnknownWordIsShownShortAndWithoutControlCharacters) {
  const std::string text = TextOf(ParseAct("\x1b[31m" + std::string(1000, 'x')).status());
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("\\x1b"));
  EXPECT_LT(text.size(), 1400u);
}

TEST(Words, ANumberThatIsNoCodeHasANameToo) {
  EXPECT_EQ(ActName(static_cast<Act::Code>(99)), "UNKNOWN(99)");
  EXPECT_EQ(FamilyName(static_cast<v1::Family::Code>(-1)), "UNKNOWN(-1)");
}

TEST(Sides, EveryActHasASide) {
  for (Act::Code act : AllActs()) {
    const bool rq = MaySend(Side::kRequesting, act), rd = MaySend(Side::kRequested, act);
    EXPECT_EQ(rq && rd, act == Act::CONSULTATION_OPEN || act == Act::CONSULTATION_STATEMENT ||
                            act == Act::DELIVERY_LIVE || act == Act::DELIVERY_ABORT ||
                            act == Act::OBLIGATION_REPORT || act == Act::ASSET_REPORT ||
                            act == Act::EXCULPATORY_NOTICE || act == Act::USE_CONSENT_REQUEST ||
                            act == Act::USE_CONSENT_DECISION || act == Act::CONSENT_WITHDRAWN)
        << ActName(act);
    EXPECT_TRUE(rq || rd) << ActName(act);
  }
  EXPECT_THAT(ActsOf(Side::kRequested), Contains(Act::REFUSAL));
  EXPECT_THAT(ActsOf(Side::kRequesting), Not(Contains(Act::REFUSAL)));
  EXPECT_EQ(OtherSide(Side::kRequesting), Side::kRequested);
  EXPECT_EQ(OtherSide(Side::kRequested), Side::kRequesting);
  EXPECT_EQ(SideName(Side::kRequested), "REQUESTED");
}

TEST(Sides, OnlyARequestOpensACaseOrTheNoteOfAnOralOneOrAnOffer) {
  for (Act::Code act : AllActs()) {
    EXPECT_EQ(OpensCase(act), act == Act::REQUEST || act == Act::ORAL_REQUEST_NOTE ||
                                  act == Act::CONDITIONAL_OFFER);
  }
}

}  // namespace
}  // namespace palermo::casework
