// What a hostile state may not say of its documents before it is known, and of their entries.
#include <gtest/gtest.h>

#include <functional>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/exchange/document_space.h"
#include "node/exchange/keys.h"
#include "node/trust/documents.h"
#include "node/trust/rosters.h"
#include "tests/simulation/hostile.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

WorldOptions ThreeStates() {
  WorldOptions options;
  options.states = {"QM", "QT", "QV"};
  return options;
}

// QT has met nobody yet.
class HostileDocumentsTest : public ::testing::Test {
 protected:
  bool Knows(const std::string& state) {
    const trust::StateView* known = sim.node("QT").Trust()->Find(state);
    return known != nullptr && known->directory != nullptr;
  }
  std::string Offered(const v1::GetDocumentsResponse& documents) {
    return CodeOf(peer.Offer(documents).status());
  }

  Simulation sim{ThreeStates()};
  HostilePeer peer{sim, "QM", "QT"};
};

TEST_F(HostileDocumentsTest, AnotherStatesCharterIsNotTakenAsItsOwn) {
  v1::GetDocumentsResponse documents = peer.Documents();
  *documents.mutable_charter() = sim.world.state("QV").charter;
  *documents.mutable_directory_charter() = sim.world.state("QV").charter;
  EXPECT_EQ(Offered(documents), "WRONG_SENDER");
  EXPECT_FALSE(Knows("QM"));
  EXPECT_FALSE(Knows("QV"));
}

TEST_F(HostileDocumentsTest, ADirectoryWithoutACharterIsNotTaken) {
  v1::GetDocumentsResponse documents = peer.Step();
  EXPECT_EQ(Offered(documents), "BAD_DOCUMENT");
  EXPECT_FALSE(Knows("QM"));
}

TEST_F(HostileDocumentsTest, UnderARosterThatHasRunOutNoStateIsNew) {
  sim.world.clock.Advance(FromMillis(sim.node("QT").Trust()->roster().body.expires_at_ms()) -
                          sim.world.clock.Now());
  EXPECT_EQ(Offered(peer.Documents()), "ROSTER_EXPIRED");
  EXPECT_FALSE(Knows("QM"));
}

TEST_F(HostileDocumentsTest, AReceiptOfAnotherEntryThanTheDirectorysIsRefused) {
  v1::GetDocumentsResponse good = peer.Documents();
  v1::Record entry;
  ASSERT_TRUE(entry.ParseFromString(good.directory_receipt().record()));
  auto with = [&](const std::function<void(v1::Record*)>& change) {
    v1::Record record = entry;
    change(&record);
    v1::GetDocumentsResponse documents = good;
    *documents.mutable_directory_receipt() = peer.ReceiptOf(peer.Enter(record));
    return Offered(documents);
  };
  EXPECT_EQ(with([](v1::Record* record) { record->set_kind(Kind::CHARTER); }), "BAD_RECEIPT");
  EXPECT_EQ(with([](v1::Record* record) { record->set_document_version(2); }), "BAD_RECEIPT");
  EXPECT_EQ(with([](v1::Record* record) { record->set_evidence_sha256(std::string(32, 'x')); }),
            "BAD_RECEIPT");
  EXPECT_FALSE(Knows("QM"));
  EXPECT_EQ(with([](v1::Record*) {}), "OK");
  EXPECT_TRUE(Knows("QM"));
}

// QT met QM at version 2 and asks for version 1, under which a message was submitted.
TEST_F(HostileDocumentsTest, AnOlderDirectoryIsTheOneThatTheNextNamesWithItsOwnEntry) {
  v1::GetDocumentsResponse first = peer.Documents();
  v1::Directory body;
  ASSERT_TRUE(body.ParseFromString(first.directory().document()));
  sim.world.NextDirectory("QM", nullptr);
  peer.Meet();
  first.clear_consistency();
  *first.mutable_directory_receipt() = peer.ReceiptOf(0);
  // Another one, which the administrators signed too.
  v1::GetDocumentsResponse other = first;
  body.mutable_officers()->DeleteSubrange(0, 1);
  *other.mutable_directory() = sim.world.SignDirectory("QM", body);
  EXPECT_EQ(Offered(other), "BAD_DOCUMENT");
  // With the entry of version 2.
  v1::GetDocumentsResponse wrong_entry = first;
  *wrong_entry.mutable_directory_receipt() = peer.ReceiptOf(1);
  EXPECT_EQ(Offered(wrong_entry), "BAD_RECEIPT");
  EXPECT_EQ(Offered(first), "OK");
}

// Anybody can make up a second document of a version; it is a fork when the state's keys signed it.
TEST_F(HostileDocumentsTest, AnUnsignedSecondDocumentOfAVersionIsNoFork) {
  v1::Directory other;
  ASSERT_TRUE(other.ParseFromString(sim.world.state("QT").directory.document()));
  other.mutable_node()->set_endpoint("elsewhere.example:1");
  v1::SignedDocument made_up;
  made_up.set_document(other.SerializeAsString());
  EXPECT_EQ(CodeOf(sim.Publish("QT", made_up).status()), "TOO_FEW_SIGNATURES");
  v1::SignedDocument rubbish;
  rubbish.set_document(made_up.document() + '\xff');
  EXPECT_EQ(CodeOf(sim.Publish("QT", rubbish).status()), "BAD_DOCUMENT");
  for (size_t i = 0; i < 2; ++i) {
    trust::SignDocument(crypto::Purpose::kDirectory, sim.world.state("QT").admins[i], &made_up);
  }
  EXPECT_EQ(CodeOf(sim.Publish("QT", made_up).status()), "VERSION_FORK");
}

// Who serves a document may add what nobody signed; nothing of it is taken, let alone stored.
TEST_F(HostileDocumentsTest, ASignatureThatIsMegabytesOfNothingIsNotTaken) {
  auto with_junk = [](v1::SignedDocument* document) {
    v1::DocumentSignature* junk = document->add_signatures();
    junk->set_key_id(std::string(16, 'j'));
    junk->set_signature(std::string(1 << 20, 'j'));
  };
  v1::GetDocumentsResponse charter = peer.Documents();
  with_junk(charter.mutable_charter());
  with_junk(charter.mutable_directory_charter());
  EXPECT_EQ(Offered(charter), "BAD_DOCUMENT");
  v1::GetDocumentsResponse directory = peer.Documents();
  with_junk(directory.mutable_directory());
  EXPECT_EQ(Offered(directory), "BAD_DOCUMENT");
  v1::GetDocumentsResponse roster = peer.Documents();
  *roster.add_rosters() = sim.world.NextRoster(nullptr);
  with_junk(roster.mutable_rosters(roster.rosters_size() - 1));
  EXPECT_EQ(Offered(roster), "BAD_DOCUMENT");
  EXPECT_FALSE(Knows("QM"));
  EXPECT_EQ(Offered(peer.Documents()), "OK");
}

TEST_F(HostileDocumentsTest, WhatReceiptsBringBesideTheirFieldsIsNotStored) {
  v1::GetDocumentsResponse documents = peer.Documents();
  v1::Receipt* receipt = documents.mutable_directory_receipt();
  receipt->GetReflection()->MutableUnknownFields(receipt)->AddLengthDelimited(
      99, std::string(1 << 20, 'j'));
  EXPECT_EQ(Offered(documents), "OK");
  auto stored = Value(sim.store("QT").Get(exchange::keys::DirectoryReceipt("QM", 1)));
  ASSERT_TRUE(stored.has_value());
  EXPECT_LT(stored->size(), 4096u);
}

TEST_F(HostileDocumentsTest, WithADiskThatIsFullNoDocumentIsTaken) {
  sim.store("QT").SetFreeBytes(0);
  EXPECT_EQ(Offered(peer.Documents()), "DISK_RESERVE");
  EXPECT_FALSE(Knows("QM"));
  sim.store("QT").SetFreeBytes(uint64_t{1} << 30);
  EXPECT_EQ(Offered(peer.Documents()), "OK");
}

TEST_F(HostileDocumentsTest, AfterAStartEveryVersionIsKnownAndTheNewestCounts) {
  peer.Meet();
  std::vector<Hash> hashes = {sim.world.Directory("QM")->verified().sha256};
  for (int i = 0; i < 2; ++i) {
    peer.Publish(nullptr);
    hashes.push_back(sim.world.Directory("QM")->verified().sha256);
  }
  sim.Crash("QT");
  trust::TrustPtr view = sim.node("QT").Trust();
  EXPECT_EQ(Value(view->DirectoryOf("QM"))->body().version(), 3u);
  for (size_t i = 0; i < hashes.size(); ++i) {
    auto seen = view->SeenDirectory("QM", i + 1);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(*seen, hashes[i]);
  }
}

// Every version is kept for ever, so a state that publishes without end has a share of each day.
TEST_F(HostileDocumentsTest, VersionsWithoutEndFillNoMoreThanTheDaysShare) {
  peer.Meet();
  const std::string key = exchange::keys::DocumentBytes("QM");
  std::string counted = Value(sim.store("QT").Get(key)).value_or("");
  ASSERT_EQ(counted.size(), 16U) << "the documents that QT has of QM";
  EXPECT_GT(ReadBigEndian64(std::string_view(counted).substr(8)), 0U);
  storage::WriteBatch batch;
  batch.Put(key, Cat({std::string_view(counted).substr(0, 8),
                      BigEndian64(limits::kMaxDocumentBytesPerDay)}));
  DieUnlessOk(sim.store("QT").Apply(batch, storage::Durability::kSync), "as if it were much");
  sim.world.NextDirectory("QM", nullptr);
  EXPECT_EQ(CodeOf(peer.Offer(peer.Step()).status()), "TOO_MANY");
  EXPECT_EQ(Value(sim.ListFaults("QT/central/o-0005")).faults(0).code(), "TOO_MANY");
  sim.world.clock.Advance(absl::Hours(24));
  EXPECT_TRUE(Value(peer.Offer(peer.Step())));
}

}  // namespace
}  // namespace palermo::testing
