// What a node lost comes back from its peer after it began a new epoch of its ledger.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "node/exchange/replay.h"
#include "node/exchange/tx.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"
#include "tests/simulation/epoch_fixture.h"

namespace palermo::testing {
namespace {

constexpr char kQmReader[] = "QM/central/o-0002";

class ReplayTest : public EpochTest {
 protected:
  v1::DeliveryStatus StatusAtQt(const std::string& id) {
    v1::DeliveryStatus status;
    auto bytes = Value(sim.store("QT").Get(exchange::keys::Delivery(id, "QM")));
    EXPECT_TRUE(bytes.has_value() && status.ParseFromString(*bytes));
    return status;
  }
  size_t DeliveriesOf(const std::string& id) {
    size_t count = 0;
    for (const auto& record : sim.Ledger("QM")) {
      count += record.kind() == v1::RecordKind::DELIVERY && record.message_id() == id &&
               record.outcome() == v1::Outcome::ACCEPTED;
    }
    return count;
  }
  std::string FromQtIn(const std::string& case_id, absl::Duration life) {
    EnvelopeSpec spec;
    spec.from = "QT/central";
    spec.to = {"QM/central"};
    spec.case_id = case_id;
    v1::Header header = sim.world.MakeHeader(spec);
    header.set_expires_at_ms(ToMillis(sim.world.clock.Now() + life));
    return sim.Send(sim.world.SealEnvelope(header, "a request"));
  }
  size_t AllFaults(const std::string& state) {
    return static_cast<size_t>(Value(sim.ListFaults(state + "/central/o-0004")).faults_size());
  }
};

TEST_F(ReplayTest, MessagesThatWereDeliveredIntoTheLostPartArriveOnceMore) {
  const std::string before = FromQt();
  sim.Settle();
  Backup();
  std::set<std::string> lost;
  for (int i = 0; i < 5; ++i) lost.insert(FromQt());
  sim.Settle();
  const v1::Receipt first = StatusAtQt(*lost.begin()).answer();
  const trust::DirectoryPtr then = sim.world.Directory("QM");
  LoseAndGoOn();
  // One is under way while QM is away.
  const std::string waiting = FromQt();
  Meet();
  for (const std::string& id : lost) {
    EXPECT_EQ(DeliveriesOf(id), 1u);
    EXPECT_TRUE(sim.Fetch(kQmReader, id).ok());
    EXPECT_EQ(StageAt(kQtDrafter, id), "DELIVERED");
    const v1::DeliveryStatus status = StatusAtQt(id);
    // Both receipts verify, each by the directory of its time.
    EXPECT_TRUE(trust::VerifyReceipt(status.answer(), *then).ok());
    EXPECT_TRUE(trust::VerifyReceipt(status.later_answer(), *sim.world.Directory("QM")).ok());
    EXPECT_GE(status.later_answer().index(), kept);
  }
  EXPECT_EQ(StatusAtQt(*lost.begin()).answer().SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(DeliveriesOf(before), 1u);
  EXPECT_EQ(DeliveriesOf(waiting), 1u);
  EXPECT_EQ(StageAt(kQtDrafter, waiting), "DELIVERED");
  EXPECT_EQ(AllFaults("QT"), 0u);
  EXPECT_EQ(AllFaults("QM"), 0u);
}

TEST_F(ReplayTest, PowerLossOnTheWayLosesNothing) {
  Backup();
  const std::string id = FromQt();
  sim.Settle();
  LoseAndGoOn();
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  sim.Crash("QT");
  sim.Crash("QM");
  sim.node("QT").Tick();
  sim.Settle();
  sim.ConnectAll();
  for (int i = 0; i < 3; ++i) sim.Step();
  sim.Crash("QM");
  sim.Crash("QT");
  Meet();
  EXPECT_EQ(DeliveriesOf(id), 1u);
  EXPECT_EQ(StageAt(kQtDrafter, id), "DELIVERED");
  EXPECT_EQ(AllFaults("QM"), 0u);
}

TEST_F(ReplayTest, WhatWasTakenInTimeIsTakenAfterTheMessagesEnd) {
  Backup();
  const std::string id = FromQtIn("", absl::Hours(1));
  sim.Settle();
  ASSERT_EQ(StageAt(kQtDrafter, id), "DELIVERED");
  LoseAndGoOn();
  sim.world.clock.Advance(absl::Hours(2));
  Meet();
  EXPECT_EQ(DeliveriesOf(id), 1u);
  EXPECT_TRUE(sim.Fetch(kQmReader, id).ok());
  EXPECT_EQ(StageAt(kQtDrafter, id), "DELIVERED");
  EXPECT_EQ(AllFaults("QT"), 0u);
}

TEST_F(ReplayTest, NumbersGoOnBehindThoseThatThePeerHas) {
  const std::string case_id = sim.world.random.Bytes(16);
  EnvelopeSpec spec;
  spec.case_id = case_id;
  Backup();
  const std::string lost = sim.Send(sim.world.MakeEnvelope(spec));
  sim.Settle();
  ASSERT_EQ(StageAt(kQmDrafter, lost), "DELIVERED");
  LoseAndGoOn();
  Meet();
  v1::CaseEntry entry;
  auto bytes = Value(sim.store("QM").Get(exchange::keys::Case(case_id)));
  ASSERT_TRUE(bytes.has_value() && entry.ParseFromString(*bytes));
  ASSERT_EQ(entry.given_size(), 1);
  EXPECT_EQ(entry.given(0).number(), 1u);
  // The request once more, as another message of the same case.
  const std::string again = sim.Send(sim.world.MakeEnvelope(spec));
  sim.Settle();
  bytes = Value(sim.store("QM").Get(exchange::keys::Case(case_id)));
  ASSERT_TRUE(entry.ParseFromString(*bytes));
  EXPECT_EQ(entry.given(0).number(), 2u);
  v1::StoredMessage stored;
  bytes = Value(sim.store("QM").Get(exchange::keys::Message(again)));
  ASSERT_TRUE(bytes.has_value() && stored.ParseFromString(*bytes));
  EXPECT_EQ(stored.numbers(0).number(), 2u);
  EXPECT_EQ(AllFaults("QM"), 0u);
}

class UsedNumberTest : public ReplayTest {
 protected:
  UsedNumberTest() {
    used.set_case_id(sim.world.random.Bytes(16));
    used.set_sender("QM/central");
    used.set_number(5);
  }
  // What QM decides about it; the kinds of the entries that this writes.
  std::vector<v1::RecordKind::Code> Decide() {
    exchange::Tx tx(sim.store("QM"), SizeOf("QM"), "QM", sim.world.clock.Now(),
                    sim.node("QM").Trust(), sim.world.random);
    Value(exchange::DecideUsed(tx, "QT", used, absl::OkStatus()));
    std::vector<v1::RecordKind::Code> kinds;
    for (const auto& entry : tx.entries()) {
      kinds.push_back(Value(trust::ParseRecord(entry.record)).kind());
    }
    v1::CaseEntry entry;
    auto bytes = Value(tx.Get(exchange::keys::Case(used.case_id())));
    given = bytes.has_value() && entry.ParseFromString(*bytes) ? entry.given(0).number() : 0;
    waiting = Value(tx.GetCounter(exchange::keys::OutboxCount("QT")));
    return kinds;
  }

  v1::UsedNumber used;
  uint64_t given = 0;
  uint64_t waiting = 0;
};

TEST_F(UsedNumberTest, ANumberFarBeyondWhatWasGivenChangesNothing) {
  using Kinds = std::vector<v1::RecordKind::Code>;
  // Nobody asked, as long as nothing was lost.
  EXPECT_EQ(Decide(), Kinds{v1::RecordKind::PEER_FAULT});
  EXPECT_EQ(given, 0u);
  Backup();
  LoseAndGoOn();
  for (uint64_t number : {uint64_t{1} << 60, UINT64_MAX, uint64_t{1001}}) {
    used.set_number(number);
    EXPECT_EQ(Decide(), Kinds{v1::RecordKind::PEER_FAULT});
    EXPECT_EQ(given, 0u);
    EXPECT_EQ(waiting, 0u);
  }
  used.set_number(1000);
  EXPECT_EQ(Decide(), Kinds{v1::RecordKind::NUMBER_NOTED});
  EXPECT_EQ(given, 1000u);
}

TEST_F(UsedNumberTest, WhatNobodyHasOfTheNumbersBeforeIsFilled) {
  using Kinds = std::vector<v1::RecordKind::Code>;
  Backup();
  LoseAndGoOn();
  used.add_missing(2);
  used.add_missing(4);
  EXPECT_EQ(Decide(),
            (Kinds{v1::RecordKind::EXPIRY, v1::RecordKind::EXPIRY, v1::RecordKind::NUMBER_NOTED}));
  EXPECT_EQ(given, 5u);
  EXPECT_EQ(waiting, 2u);
}

TEST_F(UsedNumberTest, OnlyThePeersOwnEntryTellsOfIt) {
  v1::Record record;
  record.set_format(1);
  record.set_kind(v1::RecordKind::NUMBER_NOTED);
  record.set_at_ms(ToMillis(sim.world.clock.Now()));
  record.set_state("QT");
  record.set_case_id(used.case_id());
  record.set_authority("QM/central");
  v1::RecipientNumber* number = record.add_numbers();
  number->set_state("QT");
  number->set_number(5);
  auto verify = [&](const v1::Record& entry) {
    *used.mutable_receipt() = sim.world.MakeReceipt("QT", entry);
    const crypto::Checkpoint under =
        Value(trust::VerifyNodeCheckpoint(used.receipt().checkpoint(), *sim.world.Directory("QT")));
    return CodeOf(exchange::VerifyUsed(used, "QM", "QT", under));
  };
  EXPECT_EQ(verify(record), "OK");
  used.set_number(6);
  EXPECT_EQ(verify(record), "BAD_RECEIPT");
  used.set_number(5);
  v1::Record other = record;
  other.set_authority("QM/police");
  EXPECT_EQ(verify(other), "BAD_RECEIPT");
  other = record;
  other.set_kind(v1::RecordKind::EXPIRY);
  EXPECT_EQ(verify(other), "BAD_RECEIPT");
  used.add_missing(3);
  used.add_missing(3);
  EXPECT_EQ(verify(record), "BAD_FRAME");
  used.clear_missing();
  used.add_missing(5);
  EXPECT_EQ(verify(record), "BAD_FRAME");
  used.clear_missing();
  used.set_sender("QT/central");
  EXPECT_EQ(verify(record), "WRONG_SENDER");
}

}  // namespace
}  // namespace palermo::testing
