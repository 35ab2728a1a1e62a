// What waits for a number before it goes on in bounded steps, however much of it there is.
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

class HeldTest : public HostileTest {
 protected:
  v1::Parcel Numbered(const v1::Envelope& envelope, uint64_t number) {
    return peer.Submit(envelope, Signed(envelope),
                       [&](v1::Record* record) { record->mutable_numbers(0)->set_number(number); });
  }
  size_t Held() {
    v1::ListMessagesRequest request;
    std::optional<v1::ListMessagesResponse> listed;
    sim.node("QT").ListMessages(sim.CallerOf("QT/central/o-0001"), request,
                                [&](auto response) { listed = Value(std::move(response)); });
    size_t held = 0;
    for (const auto& message : listed->messages()) held += message.held() ? 1 : 0;
    return held;
  }
};

TEST_F(HeldTest, WhatOneNumberSetsFreeIsJudgedInSeveralDecisions) {
  constexpr uint64_t kWaiting = 40;
  v1::Envelope request = To({"QT/central"});
  EnvelopeSpec next;
  next.act = v1::Act::STATUS_QUERY;
  next.case_id = Value(trust::ParseEnvelope(request)).header.case_id();
  next.parents = {IdOf(request)};
  std::string last;
  for (uint64_t number = 2; number < 2 + kWaiting; ++number) {
    v1::Envelope act = sim.world.MakeEnvelope(next);
    last = std::string(AsView(IdOf(act)));
    ExpectTaken(Numbered(act, number));
  }
  EXPECT_EQ(Held(), kWaiting);
  ExpectTaken(Numbered(request, 1));
  size_t left = Held();
  EXPECT_LT(left, kWaiting);
  EXPECT_GE(left, kWaiting / 2) << "one decision does no more than its part";
  // Nothing comes from the peer any more, and the rest goes on all the same.
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(Held(), 0U);
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
  // The numbers were used in their order: the next one waits for nothing.
  v1::Envelope more = sim.world.MakeEnvelope(next);
  ExpectTaken(Numbered(more, 2 + kWaiting));
  EXPECT_EQ(Held(), 0U);
  v1::ExplainResponse told = Value(sim.Explain("QT/central/o-0001", last));
  EXPECT_FALSE(told.recipients(0).held());
}

TEST_F(HeldTest, ARestartForgetsNothingOfIt) {
  {
    HostilePeer other(sim, "QV", "QT");
    other.Meet();
    v1::Envelope request = To({"QT/central"}, "QV");
    EnvelopeSpec next;
    next.from = "QV/central";
    next.act = v1::Act::STATUS_QUERY;
    next.case_id = Value(trust::ParseEnvelope(request)).header.case_id();
    next.parents = {IdOf(request)};
    for (uint64_t number = 42; number > 0; --number) {
      v1::Envelope envelope = number == 1 ? request : sim.world.MakeEnvelope(next);
      std::optional<v1::Record> answer =
          other.Send(other.Submit(envelope, Signed(envelope), [&](v1::Record* record) {
            record->mutable_numbers(0)->set_number(number);
          }));
      ASSERT_TRUE(answer.has_value()) << other.closed();
      EXPECT_EQ(answer->outcome(), v1::Outcome::ACCEPTED);
    }
    ASSERT_GT(Held(), 0U);
  }
  sim.Crash("QT");
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(Held(), 0U);
}

}  // namespace
}  // namespace palermo::testing
