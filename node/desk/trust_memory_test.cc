#include "node/desk/trust_memory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/status.h"
#include "crypto/checkpoint.h"
#include "node/desk/files.h"
#include "node/trust/rosters.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class TrustMemoryTest : public ::testing::Test {
 protected:
  v1::GetTrustResponse Shown() {
    v1::GetTrustResponse shown;
    shown.set_own_state("QM");
    for (const auto& roster : world_.rosters) *shown.add_rosters() = roster;
    for (auto& [code, state] : world_.states) {
      v1::StateTrust* entry = shown.add_states();
      entry->set_state(code);
      *entry->mutable_charter() = state.charter;
      *entry->mutable_directory() = state.directory;
    }
    return shown;
  }
  std::string Note(const std::string& state, uint64_t size, uint8_t root) {
    testing::StateWorld& owner = world_.state(state);
    Hash hash{};
    hash[0] = root;
    return crypto::SignCheckpoint({owner.ledger_origin, size, hash}, owner.checkpoint);
  }
  std::string Take(const v1::GetTrustResponse& shown) {
    return CodeOf(memory_.Update(shown).status());
  }

  World world_;
  TrustMemory memory_ = Value(TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QM"));
};

TEST_F(TrustMemoryTest, TakesWhatIsNewerAndTellsIt) {
  EXPECT_EQ(Value(memory_.Update(Shown())).size(), 2u);
  EXPECT_EQ(Value(memory_.Update(Shown())).size(), 0u);
  world_.NextDirectory("QT", nullptr);
  world_.NextRoster(nullptr);
  EXPECT_EQ(Value(memory_.Update(Shown())).size(), 2u);
}

TEST_F(TrustMemoryTest, RefusesOlder) {
  v1::GetTrustResponse old = Shown();
  world_.NextDirectory("QT", nullptr);
  ASSERT_EQ(Take(Shown()), "OK");
  EXPECT_EQ(Take(old), "OLD_VERSION");
  world_.NextRoster(nullptr);
  v1::GetTrustResponse newest = Shown();
  ASSERT_EQ(Take(newest), "OK");
  newest.mutable_rosters()->RemoveLast();
  EXPECT_EQ(Take(newest), "OLD_VERSION");
}

TEST_F(TrustMemoryTest, RefusesAnotherOfTheSameVersion) {
  ASSERT_EQ(Take(Shown()), "OK");
  v1::Directory other = world_.Directory("QT")->body();
  other.set_expires_at_ms(other.expires_at_ms() - 1000);
  v1::GetTrustResponse forked = Shown();
  *forked.mutable_states(1)->mutable_directory() = world_.SignDirectory("QT", other);
  EXPECT_EQ(Take(forked), "VERSION_FORK");
}

TEST_F(TrustMemoryTest, RefusesBadSignaturesAndForeignNodes) {
  v1::GetTrustResponse bad = Shown();
  bad.mutable_states(0)->mutable_directory()->mutable_signatures()->RemoveLast();
  EXPECT_EQ(Take(bad), "TOO_FEW_SIGNATURES");
  v1::GetTrustResponse foreign = Shown();
  foreign.set_own_state("QT");
  EXPECT_EQ(Take(foreign), "WRONG_PEER");
  EXPECT_EQ(CodeOf(TrustMemory::Create(world_.rosters[0], Hash{}, "QM").status()),
            "WRONG_FINGERPRINT");
}

TEST_F(TrustMemoryTest, RefusesSmallerAndForkedLedgers) {
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(0)->set_checkpoint(Note("QM", 7, 1));
  ASSERT_EQ(Take(shown), "OK");
  shown.mutable_states(0)->set_checkpoint(Note("QM", 6, 1));
  EXPECT_EQ(Take(shown), "OLD_CHECKPOINT");
  shown.mutable_states(0)->set_checkpoint(Note("QM", 7, 2));
  EXPECT_EQ(Take(shown), "FORKED_LEDGER");
}

TEST_F(TrustMemoryTest, WhatAPeersFormerKeySignedLastIsNotHeldAgainstItsNewOne) {
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(1)->set_checkpoint(Note("QT", 1000, 1));  // by a thief
  ASSERT_EQ(Take(shown), "OK");
  testing::StateWorld& owner = world_.state("QT");
  owner.checkpoint = crypto::SigningKey::Generate(world_.random);
  world_.NextDirectory("QT", [&](v1::Directory* directory) {
    directory->mutable_node()->set_checkpoint_key(
        std::string(crypto::AsView(owner.checkpoint.public_key())));
  });
  shown = Shown();
  shown.mutable_states(1)->set_checkpoint(Note("QT", 20, 2));
  ASSERT_EQ(Take(shown), "OK");
  EXPECT_EQ(Value(memory_.NewestCheckpoint("QT")).size, 20u);
  // An older one of a peer is no sign of a restored backup here: our node may have started anew.
  shown.mutable_states(1)->set_checkpoint(Note("QT", 19, 2));
  EXPECT_EQ(Take(shown), "OK");
  EXPECT_EQ(Value(memory_.NewestCheckpoint("QT")).size, 20u);
  shown.mutable_states(1)->set_checkpoint(Note("QT", 20, 3));
  EXPECT_EQ(Take(shown), "FORKED_LEDGER");
}

TEST_F(TrustMemoryTest, AnOwnLedgerThatShrinksIsToldAlsoAfterANewKey) {
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(0)->set_checkpoint(Note("QM", 1000, 1));
  ASSERT_EQ(Take(shown), "OK");
  testing::StateWorld& owner = world_.state("QM");
  owner.checkpoint = crypto::SigningKey::Generate(world_.random);
  world_.NextDirectory("QM", [&](v1::Directory* directory) {
    directory->mutable_node()->set_checkpoint_key(
        std::string(crypto::AsView(owner.checkpoint.public_key())));
  });
  shown = Shown();
  shown.mutable_states(0)->set_checkpoint(Note("QM", 20, 2));
  EXPECT_EQ(Take(shown), "OLD_CHECKPOINT");
}

TEST_F(TrustMemoryTest, FailedUpdateChangesNothing) {
  world_.NextRoster(nullptr);
  v1::GetTrustResponse bad = Shown();
  bad.mutable_states(1)->mutable_directory()->clear_signatures();
  EXPECT_EQ(Take(bad), "TOO_FEW_SIGNATURES");
  EXPECT_EQ(memory_.View()->roster().body.version(), 1u);
}

// What a node gives after what this desk knows, for QT.
v1::GetTrustResponse Steps(const World& world, std::vector<v1::DocumentStep> steps,
                           uint64_t charter_version, uint64_t directory_version) {
  v1::GetTrustResponse shown;
  shown.set_own_state("QM");
  shown.set_roster_version(world.rosters.size());
  v1::StateTrust* entry = shown.add_states();
  entry->set_state("QT");
  entry->set_charter_version(charter_version);
  entry->set_directory_version(directory_version);
  for (auto& step : steps) *entry->add_steps() = std::move(step);
  return shown;
}
v1::DocumentStep CharterStep(const v1::SignedDocument& document) {
  v1::DocumentStep step;
  *step.mutable_charter() = document;
  return step;
}
v1::DocumentStep DirectoryStep(const v1::SignedDocument& document) {
  v1::DocumentStep step;
  *step.mutable_directory() = document;
  return step;
}

TEST_F(TrustMemoryTest, CatchesUpVersionByVersionAndRemembersEach) {
  ASSERT_EQ(Take(Shown()), "OK");
  std::vector<v1::DocumentStep> steps;
  steps.push_back(DirectoryStep(world_.NextDirectory("QT", nullptr)));
  steps.push_back(CharterStep(world_.NextCharter("QT", nullptr)));
  steps.push_back(CharterStep(world_.NextCharter("QT", nullptr)));
  steps.push_back(DirectoryStep(world_.NextDirectory("QT", nullptr)));
  ASSERT_EQ(Take(Steps(world_, steps, 3, 3)), "OK");
  const v1::GetTrustRequest request = memory_.Request();
  ASSERT_EQ(request.known_size(), 2);
  EXPECT_EQ(request.known(1).charter_version(), 3u);
  EXPECT_EQ(request.known(1).directory_version(), 3u);
  for (uint64_t version : {1, 2, 3}) {
    EXPECT_TRUE(memory_.View()->SeenDirectory("QT", version).has_value()) << version;
  }
  EXPECT_EQ(Take(Steps(world_, {}, 3, 3)), "OK");
  EXPECT_EQ(Take(Steps(world_, {}, 3, 2)), "OLD_VERSION");
  EXPECT_EQ(Take(Steps(world_, {}, 2, 3)), "OLD_VERSION");
}

TEST_F(TrustMemoryTest, ANewCharterWithoutADirectoryUnderItIsTaken) {
  v1::SignedDocument signer = world_.state("QT").charter;
  world_.NextCharter("QT", [&](v1::Charter* charter) {
    charter->mutable_directory_keys()->mutable_keys()->RemoveLast();
  });
  v1::GetTrustResponse first = Shown();
  *first.mutable_states(1)->mutable_directory_charter() = signer;
  ASSERT_EQ(Take(first), "OK");
  EXPECT_EQ(memory_.View()->Find("QT")->charter->body.version(), 2u);
  EXPECT_EQ(memory_.View()->Find("QT")->directory_charter->body.version(), 1u);
}

TEST_F(TrustMemoryTest, NothingNewCountsUnderAReplacedCharter) {
  ASSERT_EQ(Take(Shown()), "OK");
  v1::SignedDocument first = world_.state("QT").charter;
  v1::SignedDocument second = world_.NextCharter("QT", nullptr);
  v1::SignedDocument under_second = world_.NextDirectory("QT", nullptr);
  ASSERT_EQ(Take(Steps(world_, {CharterStep(second), DirectoryStep(under_second)}, 2, 2)), "OK");
  // The administrators of the first charter sign once more.
  v1::GetTrustResponse whole = Shown();
  *whole.mutable_states(1)->mutable_directory() = world_.NextDirectory("QT", nullptr);
  *whole.mutable_states(1)->mutable_directory_charter() = first;
  EXPECT_EQ(Take(whole), "OLD_VERSION");
  whole.mutable_states(1)->clear_directory_charter();
  EXPECT_EQ(Take(whole), "OK");
}

TEST_F(TrustMemoryTest, WhileTheOwnRootsWaitWhatTheOldOnesSignedIsTaken) {
  crypto::SigningKey root = crypto::SigningKey::Generate(world_.random);
  world_.NextRoster([&](v1::Roster* roster) {
    *roster->mutable_states(0)->mutable_roots()->mutable_keys(0) =
        trust::MakeVerificationKey(root.public_key(), "new");
  });
  // A fresh desk gets its node's TLS pin, and one that knows version 1 goes on to 2.
  ASSERT_EQ(Take(Shown()), "OK");
  EXPECT_EQ(memory_.View()->waiting().size(), 1u);
  EXPECT_EQ(Value(memory_.View()->DirectoryOf("QM"))->body().version(), 1u);
  world_.NextDirectory("QM", nullptr);
  ASSERT_EQ(Take(Shown()), "OK");
  EXPECT_EQ(Value(memory_.View()->DirectoryOf("QM"))->body().version(), 2u);
  // A charter of the new roots waits with the roster, and so does what it signs.
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(0)->mutable_charter()->clear_signatures();
  EXPECT_EQ(Take(shown), "OK");
  // A fork of what is known stays one.
  shown = Shown();
  v1::Directory other = world_.Directory("QM")->body();
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  *shown.mutable_states(0)->mutable_directory() = world_.SignDirectory("QM", other);
  EXPECT_EQ(Take(shown), "VERSION_FORK");
}

TEST_F(TrustMemoryTest, AChangedRootWaitsForThisDesksOwnConfirmation) {
  ASSERT_EQ(Take(Shown()), "OK");
  crypto::SigningKey root = crypto::SigningKey::Generate(world_.random);
  world_.NextRoster([&](v1::Roster* roster) {
    *roster->mutable_states(1)->mutable_roots()->mutable_keys(0) =
        trust::MakeVerificationKey(root.public_key(), "new");
  });
  // The node has confirmed it, and has QT's new charter; QM's new directory is not held up by that.
  world_.NextDirectory("QM", nullptr);
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(1)->mutable_charter()->clear_signatures();
  ASSERT_EQ(Take(shown), "OK");
  EXPECT_EQ(memory_.View()->roster().body.version(), 1u);
  EXPECT_EQ(Value(memory_.View()->DirectoryOf("QM"))->body().version(), 2u);
  v1::KeySet roots;
  roots.set_threshold(1);
  *roots.add_keys() = trust::MakeVerificationKey(root.public_key(), "");
  EXPECT_EQ(CodeOf(memory_.ConfirmRoots("QT", Hash{}).status()), "ROOT_CHANGE_UNCONFIRMED");
  std::string folder = ::testing::TempDir() + "/memory-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  ASSERT_TRUE(memory_.Save(folder + "/m").ok());
  memory_ = Value(TrustMemory::Load(folder + "/m"));
  EXPECT_EQ(memory_.View()->waiting().size(), 1u);
  EXPECT_TRUE(Value(memory_.ConfirmRoots("QT", trust::RootsFingerprint("QT", roots))));
  EXPECT_EQ(memory_.View()->roster().body.version(), 2u);
  ASSERT_TRUE(memory_.Save(folder + "/m").ok());
  memory_ = Value(TrustMemory::Load(folder + "/m"));
  EXPECT_EQ(memory_.View()->roster().body.version(), 2u);
  EXPECT_EQ(memory_.View()->confirmed_roots().size(), 1u);
  std::filesystem::remove_all(folder);
}

TEST_F(TrustMemoryTest, FileKeepsItAndShowsDamage) {
  std::string folder = ::testing::TempDir() + "/memory-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::string path = folder + "/trust-memory";
  v1::GetTrustResponse shown = Shown();
  shown.mutable_states(0)->set_checkpoint(Note("QM", 7, 1));
  ASSERT_EQ(Take(shown), "OK");
  ASSERT_TRUE(memory_.Save(path).ok());
  struct stat info;
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  TrustMemory loaded = Value(TrustMemory::Load(path));
  EXPECT_EQ(Value(loaded.NewestCheckpoint("QM")).size, 7u);
  EXPECT_EQ(loaded.own_state(), "QM");
  std::string bytes = Value(ReadFile(path, 1 << 20));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(WriteFileAtomic(path, bytes, 0600).ok());
  EXPECT_EQ(CodeOf(TrustMemory::Load(path).status()), "BAD_FILE");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace palermo::desk
