// What a node refuses to start on, and that trying a start writes nothing.
#include <gtest/gtest.h>

#include <map>

#include "base/status.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;
using testing::World;

class StartTest : public ::testing::Test {
 protected:
  NodeOptions Options(const std::string& state = "QM") {
    NodeOptions options;
    options.state = state;
    options.store = &store_;
    options.clock = &world_.clock;
    options.random = &world_.random;
    options.checkpoint_key = key_;
    options.first_roster = world_.rosters.front();
    options.roster_fingerprint = world_.fingerprint;
    options.next_directory = world_.state("QM").directory;
    options.verify_threads = 1;
    return options;
  }
  std::string Opened(const std::string& state = "QM") {
    return CodeOf(Node::Open(Options(state)).status());
  }
  std::string Tried() { return CodeOf(Node::TryStart(Options(), charter_).status()); }
  // A node that has run and has its documents.
  void RunOnce() {
    auto node = Value(Node::Open(Options()), "opening");
    v1::PublishRequest charter, directory;
    *charter.mutable_charter() = world_.state("QM").charter;
    *directory.mutable_directory() = world_.state("QM").directory;
    for (const auto& request : {charter, directory}) {
      absl::Status answer = absl::UnknownError("");
      node->Publish({}, request, [&](absl::StatusOr<v1::PublishResponse> response) {
        answer = response.status();
      });
      while (node->RunOnce() > 0) {
      }
      testing::DieUnlessOk(answer, "publishing");
    }
  }
  void Change(const std::string& key, std::optional<std::string> value) {
    storage::WriteBatch batch;
    value.has_value() ? batch.Put(key, *value) : batch.Delete(key);
    testing::DieUnlessOk(store_.Apply(batch, storage::Durability::kSync), "changing");
  }
  std::map<std::string, std::string> Content() {
    std::map<std::string, std::string> all;
    testing::DieUnlessOk(store_.Scan(storage::ScanRange::Prefix(""),
                                     [&](std::string_view key, std::string_view value) {
                                       all[std::string(key)] = std::string(value);
                                       return true;
                                     }),
                         "scanning");
    return all;
  }

  World world_;
  storage::MemoryStore store_;
  crypto::SigningKey other_ = crypto::SigningKey::Generate(world_.random);
  const crypto::SigningKey* key_ = &world_.state("QM").checkpoint;
  std::optional<v1::SignedDocument> charter_ = world_.state("QM").charter;
};

TEST_F(StartTest, ItGoesOnWithItsOwnStoreAndKey) {
  RunOnce();
  EXPECT_EQ(Tried(), "OK");
  EXPECT_EQ(Opened(), "OK");
}

TEST_F(StartTest, TryingWritesNothing) {
  EXPECT_EQ(Tried(), "OK");
  EXPECT_TRUE(Content().empty());
  RunOnce();
  auto before = Content();
  EXPECT_EQ(Tried(), "OK");
  key_ = &other_;
  EXPECT_EQ(Tried(), "WRONG_KEY");
  EXPECT_EQ(Content(), before);
}

TEST_F(StartTest, AnotherStatesStoreIsRefused) {
  RunOnce();
  EXPECT_EQ(Opened("QT"), "WRONG_STORE");
}

TEST_F(StartTest, AStateThatIsNotInTheRosterIsRefused) { EXPECT_EQ(Opened("QZ"), "UNKNOWN_STATE"); }

TEST_F(StartTest, AnotherKeyIsRefusedWithAndWithoutADirectory) {
  RunOnce();
  key_ = &other_;
  EXPECT_EQ(Opened(), "WRONG_KEY");
  // A ledger that has no directory yet knows its key by its checkpoint alone.
  storage::MemoryStore fresh;
  NodeOptions options = Options();
  options.store = &fresh;
  ASSERT_TRUE(Node::Open(options).ok());
  options.checkpoint_key = &world_.state("QM").checkpoint;
  EXPECT_EQ(CodeOf(Node::Open(options).status()), "WRONG_KEY");
}

TEST_F(StartTest, ALedgerThatIsNotThatOfItsNewestCheckpointIsRefused) {
  ASSERT_EQ(Opened(), "OK");
  std::string first = *Value(store_.Get(keys::kCheckpoint));
  RunOnce();
  std::string newest = *Value(store_.Get(keys::kCheckpoint));
  Change(std::string(keys::kCheckpoint), first);
  EXPECT_EQ(Opened(), "TREE_DAMAGED");
  Change(std::string(keys::kCheckpoint), std::nullopt);
  EXPECT_EQ(Opened(), "TREE_DAMAGED");
  Change(std::string(keys::kCheckpoint), newest);
  EXPECT_EQ(Opened(), "OK");
}

TEST_F(StartTest, ALedgerThatIsSmallerOrAnotherThanItsMarkIsRefused) {
  RunOnce();
  std::string note = *Value(store_.Get(keys::kCheckpoint));
  crypto::Checkpoint newest = Value(
      crypto::ParseCheckpointText(Value(crypto::ParseNote(note), "a note").text), "a checkpoint");
  auto opened = [&](const crypto::Checkpoint& mark) {
    NodeOptions options = Options();
    options.ledger_mark = mark;
    return CodeOf(Node::Open(options).status());
  };
  EXPECT_EQ(opened(newest), "OK");
  EXPECT_EQ(Value(Node::Open(Options()), "opening")->NewestCheckpoint(), note);
  crypto::Checkpoint other = newest;
  other.size += 1;
  EXPECT_EQ(opened(other), "LEDGER_BEHIND");
  other = newest;
  other.root[5] ^= 1;
  EXPECT_EQ(opened(other), "LEDGER_BEHIND");
  other.size = 1;
  EXPECT_EQ(opened(other), "LEDGER_BEHIND");
  other = newest;
  other.origin = "palermo/QT/1";
  EXPECT_EQ(opened(other), "WRONG_STORE");
  // And one without an entry, that would begin anew.
  storage::MemoryStore fresh;
  NodeOptions options = Options();
  options.store = &fresh;
  options.ledger_mark = newest;
  EXPECT_EQ(CodeOf(Node::Open(options).status()), "LEDGER_BEHIND");
  EXPECT_FALSE(Value(fresh.Get(keys::kCheckpoint)).has_value());
}

TEST_F(StartTest, WhatIsInForceIsNoRefusalAndNoEntry) {
  RunOnce();
  const std::string before = *Value(store_.Get(keys::kCheckpoint));
  auto node = Value(Node::Open(Options()), "opening");
  v1::PublishRequest request;
  *request.mutable_directory() = world_.state("QM").directory;
  std::string code;
  node->Publish({}, request, [&](absl::StatusOr<v1::PublishResponse> response) {
    code = CodeOf(response.status());
  });
  while (node->RunOnce() > 0) {
  }
  EXPECT_EQ(code, "OLD_VERSION");
  EXPECT_EQ(node->Stats().refused, 0U);
  EXPECT_EQ(*Value(store_.Get(keys::kCheckpoint)), before);
}

// As a store of a version that kept faults and did not count them.
TEST_F(StartTest, FaultsOfAnOldStoreAreCountedOnce) {
  RunOnce();
  Change(keys::FaultsCounted("QT"), std::nullopt);
  for (uint64_t index : {7, 8}) {
    v1::PeerFault fault;
    fault.set_state("QT");
    fault.set_index(index);
    fault.set_at_ms(1000 + static_cast<int64_t>(index));
    if (index == 8) fault.add_checkpoints("a proof");
    Change(keys::PeerFault("QT", index), fault.SerializeAsString());
  }
  ASSERT_EQ(Opened(), "OK");
  auto counter = [&](const std::string& key) {
    return ReadBigEndian64(Value(store_.Get(key)).value_or(BigEndian64(0)));
  };
  EXPECT_EQ(counter(keys::KeptFaultCount("QT")), 2U);
  EXPECT_EQ(counter(keys::LastFaultAt("QT")), 1008U);
  EXPECT_GT(counter(keys::ProofBytes("QT")), 0U);
  Change(keys::PeerFault("QT", 9), v1::PeerFault().SerializeAsString());
  ASSERT_EQ(Opened(), "OK");
  EXPECT_EQ(counter(keys::KeptFaultCount("QT")), 2U) << "the counter is its own from now on";
}

// As a store that kept faults, got the counters, and had one new fault since then.
TEST_F(StartTest, OldFaultsAreCountedAlsoWhenOneWasCountedSince) {
  RunOnce();
  v1::PeerFault fault;
  fault.set_state("QT");
  fault.set_at_ms(1000);
  Change(keys::PeerFault("QT", 7), fault.SerializeAsString());  // of a message: no plain one
  fault.set_evidence_sha256(std::string(32, 'e'));
  Change(keys::PeerFault("QT", 8), fault.SerializeAsString());
  Change(keys::PeerFault("QT", 9), fault.SerializeAsString());
  fault.add_checkpoints("a proof");
  Change(keys::PeerFault("QT", 10), fault.SerializeAsString());
  Change(keys::PeerFault("QT", 11), "\xff");
  for (const std::string& counter : {keys::KeptFaultCount("QT"), keys::PlainFaultCount("QT")}) {
    Change(counter, BigEndian64(1));
  }
  Change(keys::FaultsCounted("QT"), std::nullopt);
  std::vector<std::string> damages;
  NodeOptions options = Options();
  options.on_damage = [&](const absl::Status& damage) { damages.push_back(TextOf(damage)); };
  ASSERT_EQ(CodeOf(Node::Open(options).status()), "OK") << "one that does not parse stops nothing";
  auto counter = [&](const std::string& key) {
    return ReadBigEndian64(Value(store_.Get(key)).value_or(BigEndian64(0)));
  };
  EXPECT_EQ(counter(keys::KeptFaultCount("QT")), 4U);
  EXPECT_EQ(counter(keys::PlainFaultCount("QT")), 2U);
  EXPECT_EQ(counter(keys::LastFaultAt("QT")), 1000U);
  EXPECT_GT(counter(keys::ProofBytes("QT")), 0U);
  ASSERT_EQ(damages.size(), 1U);
  EXPECT_NE(damages[0].find("1 stored faults of QT"), std::string::npos) << damages[0];
  ASSERT_EQ(CodeOf(Node::Open(options).status()), "OK");
  EXPECT_EQ(damages.size(), 1U) << "counted once";
}

TEST_F(StartTest, WhatAStartWouldNotPublishIsTriedToo) {
  charter_->clear_signatures();
  EXPECT_EQ(Tried(), "TOO_FEW_SIGNATURES");
  charter_.reset();
  EXPECT_EQ(Tried(), "BAD_DOCUMENT") << "a directory without its charter";
}

}  // namespace
}  // namespace palermo::exchange
