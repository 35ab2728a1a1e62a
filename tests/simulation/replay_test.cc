// What a node lost comes back from its peer after it began a new epoch of its ledger.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "node/desk/verification.h"
#include "node/exchange/replay.h"
#include "node/exchange/tx.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"
#include "tests/simulation/epoch_fixture.h"
#include "tests/support/fake_random.h"

namespace palermo::testing {
namespace {

constexpr char kQmReader[] = "QM/central/o-0002";

class ReplayTest : public EpochTest {
 public:
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

// What both desks have of before and after is whole: each receipt by the directory of its time.
TEST_F(ReplayTest, BothDesksVerifyMessagesOfBeforeAndAfter) {
  const std::string kept_one = FromQm();
  const std::string from_qt = FromQt();
  sim.Settle();
  Backup();
  const std::string lost_of_qm = FromQm();
  const std::string lost_of_qt = FromQt();
  sim.Settle();
  LoseAndGoOn();
  Meet();
  const std::string later = FromQm();
  sim.Settle();
  auto expect_whole = [&](const std::string& reader, const std::string& state,
                          const std::string& id) {
    const v1::FetchMessageResponse got = Value(sim.Fetch(reader, id));
    const desk::VerifiedMessage verified =
        desk::VerifyMessage(got, *sim.node(state).Trust(), state);
    EXPECT_TRUE(desk::AllOk(verified.checks)) << desk::ReportText(verified.checks);
  };
  for (const std::string& id : {kept_one, from_qt, lost_of_qm, lost_of_qt, later}) {
    expect_whole("QT/central/o-0002", "QT", id);
  }
  for (const std::string& id : {kept_one, from_qt, lost_of_qt, later}) {
    expect_whole(kQmReader, "QM", id);
  }
  // What QM itself sent in the lost entries is not here any more.
  EXPECT_EQ(CodeOf(sim.Fetch(kQmReader, lost_of_qm).status()), "UNKNOWN_MESSAGE");
}

// One run of the random simulation: messages both ways, a backup somewhere, a loss later, power
// that fails.
class EpochRun : public ReplayTest {
 public:
  void TestBody() override {}
  void Go(uint64_t seed) {
    FakeRandom choice(seed);
    auto below = [&](size_t most) { return ReadBigEndian64(choice.Bytes(8)) % most; };
    auto some_steps = [&] {
      for (size_t i = below(12); i > 0; --i) sim.Step();
    };
    std::set<std::string> sent;
    auto act = [&] {
      switch (below(4)) {
        case 0:
          FromQm();
          break;
        case 1:
        case 2:
          sent.insert(FromQt());
          break;
        default:
          sim.Crash("QT");
          sim.ConnectAll();
      }
      some_steps();
    };
    for (int i = 0; i < 4; ++i) act();
    Backup();
    for (int i = 0; i < 6; ++i) act();
    LoseAndGoOn();
    sent.insert(FromQt());
    ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
    if (below(2) == 0) sim.Crash("QT");
    sim.node("QT").Tick();
    sim.Settle();
    sim.ConnectAll();
    some_steps();
    if (below(2) == 0) sim.Crash("QM");
    Meet();
    sim.ConnectAll();
    sim.Settle();
    for (const std::string& id : sent) {
      EXPECT_EQ(DeliveriesOf(id), 1u);
      EXPECT_EQ(StageAt(kQtDrafter, id), "DELIVERED");
    }
    EXPECT_EQ(sim.node("QT").Stats().outbox_items, 0u);
    EXPECT_EQ(sim.node("QM").Stats().outbox_items, 0u);
    EXPECT_EQ(AllFaults("QT"), 0u);
    EXPECT_EQ(AllFaults("QM"), 0u);
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

TEST_F(ReplayTest, RetrievalsAreToldAgain) {
  const std::string id = FromQm();
  sim.Settle();
  Backup();
  Value(sim.Report("QT/central/o-0002", id, v1::RetrievalResult::OPENED));
  sim.Settle();
  ASSERT_EQ(StageAt(kQmDrafter, id), "OPENED");
  LoseAndGoOn();
  EXPECT_EQ(StageAt(kQmDrafter, id), "DELIVERED");
  Meet();
  EXPECT_EQ(StageAt(kQmDrafter, id), "OPENED");
  EXPECT_EQ(AllFaults("QM"), 0u);
}

// QM knows nothing of such a message, so a notice of it would look like a fault of QT.
TEST_F(ReplayTest, ARetrievalOfAMessageThatItsSenderLostIsNotTold) {
  Backup();
  const std::string one = FromQm();
  const std::string other = FromQm();
  sim.Settle();
  sim.Disconnect("QT", "QM");
  Value(sim.Report("QT/central/o-0002", one, v1::RetrievalResult::OPENED));  // waits
  LoseAndGoOn();
  Meet();
  Value(sim.Report("QT/central/o-0002", other, v1::RetrievalResult::OPENED));
  sim.Settle();
  EXPECT_EQ(sim.node("QT").Stats().outbox_items, 0u);
  EXPECT_EQ(AllFaults("QM"), 0u);
  EXPECT_EQ(AllFaults("QT"), 0u);
}

// What this node had refused stays refused, although it would take it now.
TEST_F(ReplayTest, ARefusalIsRepeated) {
  Backup();
  sim.Disconnect("QT", "QM");
  const std::string id = FromQtIn("", absl::Hours(1));
  sim.world.clock.Advance(absl::Hours(2));
  ASSERT_TRUE(sim.Connect("QT", "QM").ok());
  sim.Settle();
  const std::string stage = StageAt(kQtDrafter, id);
  ASSERT_NE(stage, "DELIVERED");
  sim.world.clock.Advance(-absl::Hours(2));
  LoseAndGoOn();
  Meet();
  EXPECT_EQ(StageAt(kQtDrafter, id), stage);
  EXPECT_EQ(DeliveriesOf(id), 0u);
  // Its number is used all the same.
  EXPECT_EQ(AllFaults("QM"), 0u);
  EXPECT_EQ(AllFaults("QT"), 0u);
}

// Whatever happens when: each message of the peer is taken once, and nobody is blamed.
TEST(ReplaySeeds, EveryMessageArrivesOnce) {
  for (uint64_t seed = 1; seed <= 25; ++seed) {
    SCOPED_TRACE(seed);
    EpochRun run;
    run.Go(seed);
  }
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
