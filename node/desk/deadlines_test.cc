#include "node/desk/deadlines.h"

#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using casework::ClockState;
using ::palermo::testing::Value;
using ::palermo::testing::World;

class DeadlinesTest : public ::testing::Test {
 protected:
  Hash Add(const testing::EnvelopeSpec& spec, absl::Duration reply_in = absl::ZeroDuration()) {
    v1::Header header = world_.MakeHeader(spec);
    if (reply_in > absl::ZeroDuration()) {
      header.set_reply_by_ms(ToMillis(world_.clock.Now() + reply_in));
    }
    v1::Envelope envelope = world_.SealEnvelope(header, spec.plaintext);
    Hash id = Value(trust::ParseEnvelope(envelope)).message_id;
    v1::MessageSummary summary;
    summary.set_message_id(std::string(AsView(id)));
    summary.set_header(envelope.header());
    summary.set_incoming(spec.from.substr(0, 2) != "QM");
    if (summary.incoming()) summary.set_retrieval(v1::RetrievalResult::OPENED);
    summary.set_recorded_at_ms(ToMillis(world_.clock.Now()));
    messages_.push_back(summary);
    world_.clock.Advance(absl::Seconds(1));
    return id;
  }
  Morning Now() {
    auto cases = BuildCases(messages_, "QM", world_.clock.Now());
    EXPECT_EQ(cases.size(), 1u);
    return MorningOf(cases[0], world_.clock.Now());
  }

  World world_;
  std::string case_ = std::string(16, 'c');
  std::vector<v1::MessageSummary> messages_;
};

TEST_F(DeadlinesTest, ARequestRunsTheClockOfItsAcknowledgementUntilItComes) {
  Hash request = Add({.case_id = case_});
  Morning morning = Now();
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-ACK");
  EXPECT_EQ(morning.next->act, request);
  EXPECT_FALSE(morning.next->source.empty());
  EXPECT_FALSE(morning.next->ours);
  EXPECT_EQ(morning.mark, "-");
  world_.clock.Advance(absl::Hours(24 * 9));
  EXPECT_EQ(Now().mark, "LATE");
  EXPECT_EQ(Now().late, 1u);
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {request}});
  morning = Now();
  EXPECT_EQ(morning.late, 0u);
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-FWD");
  EXPECT_EQ(morning.deadlines.back().state, ClockState::kStopped);
}

TEST_F(DeadlinesTest, TheDateByWhichAnAnswerIsWantedStopsWithTheAnswer) {
  Hash request = Add({.case_id = case_}, absl::Hours(24));
  Morning morning = Now();
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_EQ(morning.next->rule, "R-CLK-DEADLINE");
  EXPECT_EQ(morning.next->state, ClockState::kRunning);
  world_.clock.Advance(absl::Hours(25));
  EXPECT_EQ(Now().next->state, ClockState::kOverdue);
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {request}});
  for (const Deadline& deadline : Now().deadlines) {
    if (deadline.rule != "R-CLK-DEADLINE") continue;
    EXPECT_EQ(deadline.state, ClockState::kStopped);
  }
}

TEST_F(DeadlinesTest, WhatCameAndIsUnopenedIsNew) {
  Add({.from = "QT/central", .to = {"QM/central"}, .case_id = case_});
  messages_.back().set_retrieval(v1::RetrievalResult::UNSPECIFIED);
  Morning morning = Now();
  EXPECT_EQ(morning.unopened, 1u);
  EXPECT_EQ(morning.mark, "NEW");
  EXPECT_TRUE(morning.waits_for_us);
  ASSERT_TRUE(morning.next.has_value());
  EXPECT_TRUE(morning.next->ours) << "we are asked, so we acknowledge";
}

}  // namespace
}  // namespace palermo::desk
