// A value that is damaged on the disk holds up what it is of, is told, and nothing else waits for
// it.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/exchange/keys.h"
#include "palermo/v1/store.pb.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

constexpr char kRequester[] = "QM/central/o-0001";

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() { sim.ExchangeDocuments(); }

  void Damage(const std::string& state, std::string_view key,
              storage::Family family = storage::Family::kMain) {
    storage::WriteBatch batch;
    batch.Put(key, "\xff", family);
    ASSERT_TRUE(sim.store(state).Apply(batch, storage::Durability::kSync).ok());
    sim.Crash(state);
  }
  uint64_t IndexOf(const std::string& id) {
    v1::StoredMessage stored;
    EXPECT_TRUE(stored.ParseFromString(
        Value(sim.store("QM").Get(exchange::keys::Message(id))).value_or("\xff")));
    return stored.index();
  }
  void RemoveSealed(const std::string& id) {
    storage::WriteBatch batch;
    batch.Delete(exchange::keys::Body(IndexOf(id)), storage::Family::kSealed);
    ASSERT_TRUE(sim.store("QM").Apply(batch, storage::Durability::kSync).ok());
    sim.Crash("QM");
  }
  v1::RecipientStatus StatusOf(const std::string& id) {
    v1::ExplainResponse answer = Value(sim.Explain(kRequester, id));
    return answer.recipients_size() == 0 ? v1::RecipientStatus() : answer.recipients(0);
  }
  v1::Envelope InCase(const v1::Envelope& request) {
    trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(request));
    EnvelopeSpec spec;
    spec.act = v1::Act::STATUS_QUERY;
    spec.case_id = parsed.header.case_id();
    spec.parents = {parsed.message_id};
    return sim.world.MakeEnvelope(spec);
  }
  // What was told; it was one thing, once.
  std::string Told() {
    EXPECT_EQ(sim.damages.size(), 1U);
    if (sim.damages.empty()) return "";
    EXPECT_EQ(CodeOf(sim.damages[0]), "STORE_DAMAGED");
    return TextOf(sim.damages[0]);
  }

  Simulation sim;
};

// `true`: the place of a waiting message's number; else the message.
class HeldDamageTest : public DamageTest, public ::testing::WithParamInterface<bool> {};

TEST_F(DamageTest, AParcelThatIsNotWholeHoldsUpNoOtherCase) {
  std::string damaged = sim.Send(sim.world.MakeEnvelope({}));
  std::string whole = sim.Send(sim.world.MakeEnvelope({}));
  RemoveSealed(damaged);
  for (int streams = 0; streams < 2; ++streams) {
    sim.ConnectAll();
    sim.Settle();
    EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok()) << "the stream stands";
    sim.Disconnect("QM", "QT");
  }
  EXPECT_EQ(StatusOf(whole).stage(), "DELIVERED");
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::PENDING) << "it is not lost in silence";
  EXPECT_NE(Told().find("a message for QT"), std::string::npos);
}

TEST_F(DamageTest, WhatIsNotWholeExpiresOnItsStreamAndItsCaseGoesOn) {
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  std::string damaged = sim.Send(sim.world.MakeEnvelope(spec));
  std::string whole = sim.Send(sim.world.MakeEnvelope({}));
  RemoveSealed(damaged);
  sim.ConnectAll();
  sim.Settle();
  sim.world.clock.Advance(absl::Hours(2));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::EXPIRED)
      << "the notice that fills its number took its place in the outbox, and was answered";
  EXPECT_EQ(StatusOf(whole).stage(), "DELIVERED");
}

TEST_F(DamageTest, AnOutboxItemThatDoesNotParseHoldsUpNothingBehindIt) {
  std::string damaged = sim.Send(sim.world.MakeEnvelope({}));
  std::string whole = sim.Send(sim.world.MakeEnvelope({}));
  Damage("QM", exchange::keys::Outbox("QT", 'b', IndexOf(damaged)));
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(StatusOf(whole).stage(), "DELIVERED");
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::PENDING);
  EXPECT_NE(Told().find("a message for QT"), std::string::npos);
  // When its time runs out, the notice goes on this very stream.
  sim.world.clock.Advance(absl::Hours(24 * 21));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::EXPIRED);
}

// The entry of a submission is lost: its parcel has no receipt any more.
TEST_F(DamageTest, AnEntryThatIsNotThereHoldsUpItsOwnMessageOnly) {
  std::string damaged = sim.Send(sim.world.MakeEnvelope({}));
  std::string whole = sim.Send(sim.world.MakeEnvelope({}));
  storage::WriteBatch batch;
  // The entries of one batch stand under the index of the first.
  uint64_t first = IndexOf(damaged);
  while (!Value(sim.store("QM").Get(exchange::keys::Entries(first))).has_value()) --first;
  batch.Delete(exchange::keys::Entries(first));
  ASSERT_TRUE(sim.store("QM").Apply(batch, storage::Durability::kSync).ok());
  sim.Crash("QM");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
  EXPECT_EQ(StatusOf(whole).stage(), "DELIVERED");
  EXPECT_NE(Told().find("is not in the ledger"), std::string::npos);
}

TEST_F(DamageTest, OneThatRunsOutKeepsNoOtherFromExpiring) {
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  std::string damaged = sim.Send(sim.world.MakeEnvelope(spec));
  std::string whole = sim.Send(sim.world.MakeEnvelope(spec));
  const std::string as_it_was =
      Value(sim.store("QM").Get(exchange::keys::Message(damaged))).value();
  Damage("QM", exchange::keys::Message(damaged));
  sim.world.clock.Advance(absl::Hours(2));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusOf(whole).outcome(), v1::Outcome::EXPIRED_UNCONFIRMED);
  EXPECT_NE(Told().find("time has run out"), std::string::npos);
  // Once it is mended it expires as well.
  storage::WriteBatch mended;
  mended.Put(exchange::keys::Message(damaged), as_it_was);
  ASSERT_TRUE(sim.store("QM").Apply(mended, storage::Durability::kSync).ok());
  sim.Crash("QM");
  sim.world.clock.Advance(absl::Hours(23));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::PENDING);
  sim.world.clock.Advance(absl::Hours(2));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusOf(damaged).outcome(), v1::Outcome::EXPIRED_UNCONFIRMED);
}

// An act of a case whose earlier act is damaged at the receiver cannot be judged there. It gets no
// answer, and what comes behind it on the same stream gets one.
TEST_F(DamageTest, WhatBuildsOnADamagedActWaitsAlone) {
  v1::Envelope request = sim.world.MakeEnvelope({});
  std::string first = sim.Send(request);
  sim.ConnectAll();
  sim.Settle();
  ASSERT_EQ(StatusOf(first).stage(), "DELIVERED");
  Damage("QT", exchange::keys::Message(first));
  std::string follows = sim.Send(InCase(request));
  std::string other = sim.Send(sim.world.MakeEnvelope({}));
  for (int streams = 0; streams < 2; ++streams) {
    sim.ConnectAll();
    sim.Settle();
    EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
    sim.Disconnect("QM", "QT");
  }
  EXPECT_EQ(StatusOf(other).stage(), "DELIVERED");
  EXPECT_EQ(StatusOf(follows).outcome(), v1::Outcome::PENDING);
  EXPECT_NE(Told().find("cannot be taken"), std::string::npos);
}

TEST_F(DamageTest, AnAnswerThatCannotBeEnteredEndsNoStream) {
  std::string damaged = sim.Send(sim.world.MakeEnvelope({}));
  std::string whole = sim.Send(sim.world.MakeEnvelope({}));
  sim.ConnectAll();
  // The parcels are on their way when the sender's own message is damaged.
  while (sim.node("QT").Stats().delivered == 0 && sim.Step()) {
  }
  storage::WriteBatch batch;
  batch.Put(exchange::keys::Delivery(damaged, "QT"), "\xff");
  ASSERT_TRUE(sim.store("QM").Apply(batch, storage::Durability::kSync).ok());
  sim.Settle();
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
  EXPECT_EQ(StatusOf(whole).stage(), "DELIVERED");
}

// It is not at fault, and its stream stands.
TEST_P(HeldDamageTest, WhoFillsTheGapIsAnswered) {
  v1::Envelope request = sim.world.MakeEnvelope({});
  std::string first = sim.Send(request);
  std::string second = sim.Send(InCase(request));
  // Only the second comes at first, since the first is not whole at QM; at QT the second is then
  // damaged while it waits.
  const std::string key = exchange::keys::Body(IndexOf(first));
  const std::string body = Value(sim.store("QM").Get(key, storage::Family::kSealed)).value();
  RemoveSealed(first);
  sim.ConnectAll();
  sim.Settle();
  ASSERT_EQ(StatusOf(second).stage(), "DELIVERED");
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(request));
  Damage("QT", GetParam() ? exchange::keys::NumberUse(parsed.header.case_id(), "QM/central", 2)
                          : exchange::keys::Message(second));
  sim.damages.clear();
  std::string other = sim.Send(sim.world.MakeEnvelope({}));
  // QM's administrator mends its store.
  storage::WriteBatch mended;
  mended.Put(key, body, storage::Family::kSealed);
  ASSERT_TRUE(sim.store("QM").Apply(mended, storage::Durability::kSync).ok());
  sim.Crash("QM");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(StatusOf(first).stage(), "DELIVERED");
  EXPECT_EQ(StatusOf(other).stage(), "DELIVERED");
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_NE(Told().find("stay held"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(MessageAndItsNumber, HeldDamageTest, ::testing::Bool());

// In an emergency one approver does, and a second one confirms within a day, or that is entered.
TEST_F(DamageTest, AMissingConfirmationIsEnteredBesideADamagedOne) {
  const auto allow = [](v1::Directory* directory) {
    v1::PolicyEntry* entry = directory->add_policy();
    entry->set_act(v1::Act::REQUEST);
    entry->set_urgency(v1::Urgency::EMERGENCY_LIFE);
    entry->set_approvals(1);
  };
  ASSERT_TRUE(sim.Publish("QM", sim.world.NextDirectory("QM", allow)).ok());
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  std::vector<std::string> sent;
  for (int i = 0; i < 2; ++i) {
    const v1::Envelope envelope = sim.world.MakeEnvelope(spec);
    ASSERT_TRUE(sim.Submit(envelope, kRequester).ok());
    sent.push_back(Value(sim.Approve(envelope, "QM/central/o-0002")).message_id());
  }
  Damage("QM", exchange::keys::Confirmation(sent[0]));
  sim.world.clock.Advance(absl::Hours(25));
  sim.node("QM").Tick();
  sim.Settle();
  const auto ledger = sim.Ledger("QM");
  EXPECT_EQ(std::count_if(ledger.begin(), ledger.end(),
                          [&](const v1::Record& record) {
                            return record.kind() == v1::RecordKind::CONFIRMATION_MISSING &&
                                   record.message_id() == sent[1];
                          }),
            1);
  EXPECT_NE(Told().find("missing confirmation"), std::string::npos);
}

}  // namespace
}  // namespace palermo::testing
