// A node is put back to an older copy of its store and goes on in a new epoch of its ledger.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "crypto/checkpoint.h"
#include "node/exchange/keys.h"
#include "node/exchange/store_check.h"
#include "node/trust/receipt.h"
#include "tests/simulation/epoch_fixture.h"

namespace palermo::testing {
namespace {

TEST_F(EpochTest, TheNodeGoesOnBehindTheEntriesThatAreLeft) {
  FromQm();
  sim.Settle();
  Backup();
  FromQm();
  sim.Settle();
  LoseAndGoOn();
  const auto ledger = sim.Ledger("QM");
  const auto starts = OfKind(ledger, v1::RecordKind::START);
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_EQ(starts[1].method(), "palermo/QM/1");
  EXPECT_EQ(starts[1].document_version(), LedgerIn(last).size());
  EXPECT_EQ(starts[1].evidence_sha256(), AsView(LedgerIn(last).root()));
  EXPECT_EQ(starts[1].related_index(), kept);
  EXPECT_EQ(ledger[kept].kind(), v1::RecordKind::START);
  EXPECT_EQ(LedgerIn(sim.node("QM").NewestCheckpoint()).origin(), "palermo/QM/2");
  // It began once: the next start goes on.
  const uint64_t size = SizeOf("QM");
  ASSERT_TRUE(sim.Reopen("QM", sim.world.state("QM").directory).ok());
  EXPECT_EQ(SizeOf("QM"), size);
  EXPECT_EQ(Value(exchange::CheckStore(sim.store("QM"), [](auto, auto, auto) {})).finding_count,
            0u);
}

TEST_F(EpochTest, APeerTakesTheEpochAndMessagesGoBothWays) {
  FromQm();
  sim.Settle();
  Backup();
  FromQm();
  sim.Settle();
  LoseAndGoOn();
  Meet();
  EXPECT_EQ(VersionAt("QT"), 2u);
  EXPECT_EQ(FaultsAt("QT", "FORKED_LEDGER"), 0u);
  EXPECT_EQ(FaultsAt("QM", "EPOCH_HIDES_ENTRIES"), 0u);
  const auto epochs = OfKind(sim.Ledger("QT"), v1::RecordKind::LEDGER_EPOCH);
  ASSERT_EQ(epochs.size(), 1u);
  EXPECT_EQ(epochs[0].peers(0), "QM");
  EXPECT_EQ(epochs[0].document_version(), LedgerIn(last).size());
  EXPECT_EQ(epochs[0].related_index(), kept);
  const std::string there = FromQm();
  const std::string back = FromQt();
  sim.Settle();
  EXPECT_EQ(StageAt(kQmDrafter, there), "DELIVERED");
  EXPECT_EQ(StageAt(kQtDrafter, back), "DELIVERED");
  // And after both were stopped.
  sim.Crash("QT");
  sim.Crash("QM");
  Meet();
  const std::string later = FromQm();
  sim.Settle();
  EXPECT_EQ(StageAt(kQmDrafter, later), "DELIVERED");
  EXPECT_EQ(FaultsAt("QT", "BAD_RECEIPT"), 0u);
  EXPECT_EQ(FaultsAt("QM", "BAD_FRAME"), 0u);
}

TEST_F(EpochTest, ALedgerThatIsLostWholeBeginsAnewWithItsMark) {
  FromQm();
  sim.Settle();
  last = sim.node("QM").NewestCheckpoint();
  const v1::SignedDocument next = NextEpoch(last, 0);
  EXPECT_EQ(CodeOf(sim.RestoreAndTake("QM", {}, next, "")), "STORE_MISSING");
  ASSERT_TRUE(sim.RestoreAndTake("QM", {}, next, last).ok());
  EXPECT_EQ(sim.Ledger("QM").front().kind(), v1::RecordKind::START);
  Meet();
  EXPECT_EQ(VersionAt("QT"), 2u);
  const std::string there = FromQm();
  const std::string back = FromQt();
  sim.Settle();
  EXPECT_EQ(StageAt(kQmDrafter, there), "DELIVERED");
  EXPECT_EQ(StageAt(kQtDrafter, back), "DELIVERED");
}

TEST_F(EpochTest, AStartThatDoesNotFitBeginsNothing) {
  FromQm();
  sim.Settle();
  Backup();
  FromQm();
  sim.Settle();
  last = sim.node("QM").NewestCheckpoint();
  crypto::SigningKey first = std::move(sim.world.state("QM").checkpoint);
  const v1::SignedDocument before = sim.world.state("QM").directory;
  auto refused = [&](const std::string& end, uint64_t keeps, const std::string& mark,
                     const std::function<void(v1::Directory*)>& change = nullptr) {
    sim.world.state("QM").directory = before;
    return CodeOf(sim.RestoreAndTake("QM", copy, NextEpoch(end, keeps, change), mark));
  };
  EXPECT_EQ(refused(last, kept + 1, last), "WRONG_EPOCH");
  EXPECT_EQ(refused(last, kept - 1, last), "WRONG_EPOCH");
  // The mark is of more, or of another tree, than the directory says.
  auto note = [&](uint64_t size, const Hash& root) {
    return crypto::SignCheckpoint({"palermo/QM/1", size, root}, first);
  };
  EXPECT_EQ(refused(last, kept, note(LedgerIn(last).size() + 1, Hash{})), "LEDGER_BEHIND");
  EXPECT_EQ(refused(last, kept, note(LedgerIn(last).size(), Hash{})), "LEDGER_BEHIND");
  EXPECT_EQ(refused(last, kept, note(2, Hash{})), "WRONG_EPOCH");
  EXPECT_EQ(refused(note(kept, Hash{}), kept, ""), "WRONG_EPOCH");
  // What the trust rule refuses.
  EXPECT_EQ(refused(last, kept, "",
                    [](auto* d) { d->mutable_node()->mutable_former_ledger()->set_size(1); }),
            "BAD_DOCUMENT");
  EXPECT_EQ(refused(last, kept, last,
                    [&](auto* d) {
                      d->mutable_node()->set_cosignature_key(
                          sim.world.state("QM").directory.document().substr(0, 31));
                    }),
            "BAD_DOCUMENT");
  v1::SignedDocument nobody = NextEpoch(last, kept);
  nobody.clear_signatures();
  EXPECT_EQ(CodeOf(sim.RestoreAndTake("QM", copy, nobody, last)), "TOO_FEW_SIGNATURES");
  // Nothing of that was written.
  sim.world.state("QM").checkpoint = std::move(first);
  sim.Restore("QM", copy);
  EXPECT_EQ(SizeOf("QM"), kept);
}

TEST_F(EpochTest, ARunningNodeTakesNoEpoch) {
  const v1::SignedDocument next = NextEpoch(sim.node("QM").NewestCheckpoint(), SizeOf("QM"));
  EXPECT_EQ(CodeOf(sim.Publish("QM", next).status()), "WRONG_KEY");
  EXPECT_EQ(VersionAt("QM"), 1u);
}

TEST_F(EpochTest, APeerThatKnowsMoreRefusesUntilTheDirectoryNamesIt) {
  FromQm();
  sim.Settle();
  Backup();
  const std::string early = sim.node("QM").NewestCheckpoint();
  FromQm();
  sim.Settle();
  last = sim.node("QM").NewestCheckpoint();
  ASSERT_TRUE(sim.RestoreAndTake("QM", copy, NextEpoch(early, kept), early).ok());
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "EPOCH_HIDES_ENTRIES");
  EXPECT_EQ(VersionAt("QT"), 1u);
  sim.Settle();
  EXPECT_EQ(FaultsAt("QT", "EPOCH_HIDES_ENTRIES"), 1u);
  EXPECT_TRUE(OfKind(sim.Ledger("QT"), v1::RecordKind::LEDGER_EPOCH).empty());
  // QT shows what it has, and QM's people see it.
  sim.Connect("QT", "QM").IgnoreError();
  sim.Connect("QM", "QT").IgnoreError();
  sim.Settle();
  EXPECT_EQ(FaultsAt("QM", "EPOCH_HIDES_ENTRIES"), 1u);
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    v1::FormerLedger* former = directory->mutable_node()->mutable_former_ledger();
    former->set_size(LedgerIn(last).size());
    former->set_root(std::string(AsView(LedgerIn(last).root())));
  })));
  Meet();
  EXPECT_EQ(VersionAt("QT"), 3u);
  const std::string there = FromQm();
  sim.Settle();
  EXPECT_EQ(StageAt(kQmDrafter, there), "DELIVERED");
}

TEST_F(EpochTest, APeerRefusesAnotherEndAndAnotherBeginning) {
  FromQm();
  sim.Settle();
  Backup();
  FromQm();
  sim.Settle();
  // What QT knows, with another root.
  last = **sim.store("QT").Get(exchange::keys::PeerCheckpoint("QM"));
  ASSERT_GT(LedgerIn(last).size(), kept);
  const std::string another = crypto::SignCheckpoint(
      {"palermo/QM/1", LedgerIn(last).size(), Hash{}}, sim.world.state("QM").checkpoint);
  ASSERT_TRUE(sim.RestoreAndTake("QM", copy, NextEpoch(another, kept), "").ok());
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  EXPECT_EQ(VersionAt("QT"), 1u);
}

TEST_F(EpochTest, WhatIsSaidToBeKeptMustBeProved) {
  FromQm();
  sim.Settle();
  Backup();
  const std::string end = sim.node("QM").NewestCheckpoint();
  // QT knows another tree of that size.
  storage::WriteBatch changed;
  Hash root{};
  root.fill('x');
  changed.Put(
      exchange::keys::PeerCheckpoint("QM"),
      crypto::SignCheckpoint({"palermo/QM/1", kept - 1, root}, sim.world.state("QM").checkpoint));
  ASSERT_TRUE(sim.store("QT").Apply(changed, storage::Durability::kSync).ok());
  sim.Crash("QT");
  ASSERT_TRUE(sim.RestoreAndTake("QM", copy, NextEpoch(end, kept), end).ok());
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  EXPECT_NE(CodeOf(sim.FetchDocuments("QM", "QT")), "OK");
  EXPECT_EQ(VersionAt("QT"), 1u);
}

}  // namespace
}  // namespace palermo::testing
