#include "node/exchange/peer_checkpoint.h"

#include <gtest/gtest.h>

#include "crypto/checkpoint.h"
#include "node/exchange/keys.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;

class PeerCheckpointTest : public ::testing::Test {
 protected:
  std::string Note(uint64_t size) {
    Hash root{};
    root[0] = static_cast<uint8_t>(size);
    return crypto::SignCheckpoint({"palermo/QT/1", size, root}, world_.state("QT").checkpoint);
  }
  std::string Stored() { return Value(tx_.Get(keys::PeerCheckpoint("QT"))).value_or(""); }

  testing::World world_;
  storage::MemoryStore store_;
  Tx tx_{store_, 0, "QM", world_.clock.Now(), nullptr, world_.random};
};

TEST_F(PeerCheckpointTest, ALargerOneIsKeptAndASmallerOneNot) {
  EXPECT_TRUE(KeepNewest(tx_, "QT", Note(5)).ok());
  EXPECT_EQ(Stored(), Note(5));
  EXPECT_TRUE(KeepNewest(tx_, "QT", Note(9)).ok());
  EXPECT_EQ(Stored(), Note(9));
  EXPECT_TRUE(KeepNewest(tx_, "QT", Note(7)).ok());
  EXPECT_EQ(Stored(), Note(9));
  EXPECT_TRUE(KeepNewest(tx_, "QT", "").ok());
  EXPECT_EQ(Stored(), Note(9));
}

TEST_F(PeerCheckpointTest, AStoredOneThatDoesNotParseIsNotWrittenOver) {
  tx_.Put(keys::PeerCheckpoint("QT"), "no note");
  EXPECT_FALSE(KeepNewest(tx_, "QT", Note(5)).ok());
  EXPECT_EQ(Stored(), "no note");
}

}  // namespace
}  // namespace palermo::exchange
