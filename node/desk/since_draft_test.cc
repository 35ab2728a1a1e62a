#include "node/desk/since_draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"

namespace palermo::desk {
namespace {

using casework::CaseState;
using casework::Severity;
using casework::Side;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using v1::Act;

// A case of QM, which asks. Acts are numbered from 1.
class SinceDraftTest : public ::testing::Test {
 protected:
  SinceDraftTest() {
    view_.family = v1::Family::MLA;
    view_.own_side = Side::kRequesting;
    Add(Act::REQUEST, Side::kRequesting, CaseState::kSent, {});
    Add(Act::ACKNOWLEDGEMENT, Side::kRequested, CaseState::kReceived, {1});
    Add(Act::ADMISSION, Side::kRequested, CaseState::kAdmitted, {2});
  }

  static Hash Id(int number) {
    Hash id{};
    id.fill(static_cast<uint8_t>(number));
    return id;
  }
  static v1::Header HeaderOf(Act::Code act, const std::vector<int>& parents) {
    v1::Header header;
    header.set_act(act);
    for (int parent : parents) header.add_parents(std::string(AsView(Id(parent))));
    return header;
  }
  void Add(Act::Code act, Side side, CaseState after, const std::vector<int>& parents) {
    CaseAct one;
    one.header = HeaderOf(act, parents);
    one.id = Id(static_cast<int>(view_.acts.size()) + 1);
    one.side = side;
    one.after.state = after;
    one.in_history = true;
    view_.acts.push_back(one);
    view_.history.final.state = after;
  }
  std::vector<casework::Finding> Since(Act::Code act, const std::vector<int>& parents) {
    return SentSince(view_, HeaderOf(act, parents));
  }

  CaseView view_;
};

TEST_F(SinceDraftTest, AnActOfOursAfterOurWithdrawalIsStopped) {
  EXPECT_THAT(Since(Act::WITHDRAWAL_IN_PART, {3}), IsEmpty());
  Add(Act::WITHDRAWAL, Side::kRequesting, CaseState::kWithdrawn, {3});
  const auto findings = Since(Act::WITHDRAWAL_IN_PART, {3});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].key, "R-GEN-02.since_ended");
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_THAT(findings[0].what, HasSubstr("sent WITHDRAWAL; the case is WITHDRAWN"));
  EXPECT_THAT(Since(Act::REQUEST, {}), IsEmpty()) << "a new case knows no other";
}

TEST_F(SinceDraftTest, WhatStaysPossibleIsOnlyTold) {
  Add(Act::STATUS_QUERY, Side::kRequesting, CaseState::kAdmitted, {3});
  const auto findings = Since(Act::WITHDRAWAL, {3});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].key, "R-GEN-02.since");
  EXPECT_EQ(findings[0].severity, Severity::kNote);
  EXPECT_THAT(findings[0].what, HasSubstr("STATUS_QUERY"));
  EXPECT_THAT(Since(Act::WITHDRAWAL, {4}), IsEmpty()) << "written after it";
}

TEST_F(SinceDraftTest, WhatTheOtherStateSentCrosses) {
  Add(Act::FINAL_RESULT, Side::kRequested, CaseState::kExecuted, {3});
  EXPECT_THAT(Since(Act::WITHDRAWAL, {3}), IsEmpty());
}

TEST_F(SinceDraftTest, AnActThatDidNotKnowTheOneBeforeItCrossedWithIt) {
  Add(Act::PARTIAL_RESULT, Side::kRequested, CaseState::kAdmitted, {3});
  Add(Act::STATUS_QUERY, Side::kRequesting, CaseState::kAdmitted, {3});
  Add(Act::STATUS_REPORT, Side::kRequested, CaseState::kAdmitted, {4, 5});
  EXPECT_FALSE(Crossed(view_, view_.acts[0]));
  EXPECT_FALSE(Crossed(view_, view_.acts[3]));
  EXPECT_TRUE(Crossed(view_, view_.acts[4]));
  EXPECT_FALSE(Crossed(view_, view_.acts[5]));
}

}  // namespace
}  // namespace palermo::desk
