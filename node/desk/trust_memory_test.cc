#include "node/desk/trust_memory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/status.h"
#include "crypto/checkpoint.h"
#include "node/desk/files.h"
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
  EXPECT_EQ(Take(bad), "BAD_DOCUMENT");
  v1::GetTrustResponse foreign = Shown();
  foreign.set_own_state("QT");
  EXPECT_EQ(Take(foreign), "WRONG_PEER");
  EXPECT_EQ(CodeOf(TrustMemory::Create(world_.rosters[0], Hash{}, "QM").status()), "BAD_DOCUMENT");
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

TEST_F(TrustMemoryTest, FailedUpdateChangesNothing) {
  world_.NextRoster(nullptr);
  v1::GetTrustResponse bad = Shown();
  bad.mutable_states(1)->mutable_directory()->clear_signatures();
  EXPECT_EQ(Take(bad), "BAD_DOCUMENT");
  EXPECT_EQ(memory_.View()->roster().body.version(), 1u);
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
