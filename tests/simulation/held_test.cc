// What waits for a number before it goes on in bounded steps, however much of it there is.
#include <algorithm>

#include "node/exchange/keys.h"
#include "palermo/v1/store.pb.h"
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

class HeldTest : public HostileTest {
 protected:
  v1::Parcel Numbered(const v1::Envelope& envelope, uint64_t number) {
    return peer.Submit(envelope, Signed(envelope),
                       [&](v1::Record* record) { record->mutable_numbers(0)->set_number(number); });
  }
  // QM opens a case, and what follows in it is here before: 2 to 1 + waiting, all set free by 1.
  std::string OpenWithWaiting(uint64_t waiting) {
    v1::Envelope request = To({"QT/central"});
    EnvelopeSpec next;
    next.act = v1::Act::STATUS_QUERY;
    next.case_id = Value(trust::ParseEnvelope(request)).header.case_id();
    next.parents = {IdOf(request)};
    for (uint64_t number = 2; number < 2 + waiting; ++number) {
      ExpectTaken(Numbered(sim.world.MakeEnvelope(next), number));
    }
    ExpectTaken(Numbered(request, 1));
    return next.case_id;
  }
  // Two such cases, in the order of their marks.
  std::vector<std::string> OpenTwo(uint64_t waiting) {
    std::vector<std::string> cases = {OpenWithWaiting(waiting), OpenWithWaiting(waiting)};
    std::sort(cases.begin(), cases.end());
    return cases;
  }
  // The first message of the case that waits, damaged on the disk; the node starts again.
  void DamageAWaitingOf(const std::string& case_id) {
    std::optional<v1::NumberUse> use;
    storage::MemoryStore& store = sim.store("QT");
    uint64_t number = 2;
    for (; !use.has_value() && number < 100; ++number) {
      auto stored = Value(store.Get(exchange::keys::NumberUse(case_id, "QM/central", number)));
      if (!stored.has_value()) continue;
      use.emplace();
      ASSERT_TRUE(use->ParseFromString(*stored));
    }
    ASSERT_TRUE(use.has_value());
    storage::WriteBatch batch;
    batch.Put(exchange::keys::Message(use->message_id()), "\xff");
    ASSERT_TRUE(store.Apply(batch, storage::Durability::kSync).ok());
    sim.Crash("QT");
  }
  size_t Waiting(const std::string& case_id) {
    size_t waiting = 0;
    for (uint64_t number = 2; number < 100; ++number) {
      auto key = exchange::keys::NumberUse(case_id, "QM/central", number);
      waiting += Value(sim.store("QT").Get(key)).has_value() ? 1 : 0;
    }
    return waiting;
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

TEST_F(HeldTest, TicksStartNoSecondDecisionWhileOneIsQueued) {
  std::string case_id = OpenWithWaiting(40);
  sim.node("QT").Tick();
  sim.node("QT").Tick();
  EXPECT_EQ(sim.node("QT").Stats().queued_decisions, 1U);
  sim.node("QT").RunOnce();
  sim.node("QT").Tick();
  EXPECT_EQ(sim.node("QT").Stats().queued_decisions, 1U) << "the one that goes on";
  sim.Settle();
  EXPECT_EQ(Waiting(case_id), 0U);
  // The chain ended with the last mark, and the next tick starts another when there is one.
  EXPECT_EQ(sim.node("QT").Stats().queued_decisions, 0U);
  std::string other = OpenWithWaiting(40);
  EXPECT_GT(Waiting(other), 0U);
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(Waiting(other), 0U);
}

TEST_F(HeldTest, ACaseWithMuchToSetFreeKeepsNoOtherWaiting) {
  std::vector<std::string> cases = OpenTwo(60);
  size_t first = Waiting(cases[0]), second = Waiting(cases[1]);
  sim.node("QT").Tick();
  sim.node("QT").RunOnce();
  sim.node("QT").RunOnce();
  EXPECT_LT(Waiting(cases[0]), first);
  EXPECT_GT(Waiting(cases[0]), 0U);
  EXPECT_LT(Waiting(cases[1]), second);
}

TEST_F(HeldTest, ADamagedMessageHoldsUpItsOwnCaseOnly) {
  std::vector<std::string> cases = OpenTwo(40);
  DamageAWaitingOf(cases[0]);
  size_t damaged = Waiting(cases[0]);
  ASSERT_GT(Waiting(cases[1]), 0U);
  for (int i = 0; i < 4; ++i) {
    sim.node("QT").Tick();
    sim.Settle();
  }
  EXPECT_EQ(Waiting(cases[1]), 0U);
  EXPECT_EQ(Waiting(cases[0]), damaged) << "nothing of it is lost";
  ASSERT_EQ(sim.damages.size(), 1U) << "it is told, and once";
  EXPECT_EQ(CodeOf(sim.damages[0]), "STORE_DAMAGED");
  EXPECT_NE(TextOf(sim.damages[0]).find("QM/central"), std::string::npos);
}

}  // namespace
}  // namespace palermo::testing
