// What a batch reads and undoes.
#include "node/exchange/tx.h"

#include <gtest/gtest.h>

#include "node/exchange/keys.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;
using testing::World;

class TxTest : public ::testing::Test {
 protected:
  Tx Begin() { return Tx(memory, 10, "QM", world.clock.Now(), world.View(), world.random); }
  World world;
  storage::MemoryStore memory;
};

TEST_F(TxTest, SealedPartsLieUnderTheirEntrysIndex) {
  Tx tx = Begin();
  tx.Mark();
  uint64_t index = tx.Append(v1::Record());
  tx.PutSealed(index, "stanzas", "body");
  EXPECT_EQ(Value(tx.GetStanzas(index)), "stanzas");
  storage::WriteBatch batch;
  std::vector<NewEntry> entries;
  tx.MoveInto(&batch, &entries);
  testing::DieUnlessOk(memory.Apply(batch, storage::Durability::kSync), "applying");
  EXPECT_EQ(Value(memory.Get(keys::Stanzas(index), storage::Family::kSealed)), "stanzas");
  EXPECT_EQ(Value(memory.Get(keys::Body(index), storage::Family::kSealed)), "body");
  EXPECT_EQ(Value(Begin().GetStanzas(index)), "stanzas");
}

TEST_F(TxTest, ADecisionThatFailsLeavesNoSealedParts) {
  Tx tx = Begin();
  tx.Mark();
  uint64_t index = tx.Append(v1::Record());
  tx.PutSealed(index, "stanzas", "body");
  tx.Rollback();
  EXPECT_EQ(Value(tx.GetStanzas(index)), std::nullopt);
  tx.Mark();
  EXPECT_EQ(tx.Append(v1::Record()), index);
  storage::WriteBatch batch;
  std::vector<NewEntry> entries;
  tx.MoveInto(&batch, &entries);
  for (const auto& change : batch.changes()) EXPECT_EQ(change.family, storage::Family::kMain);
}

}  // namespace
}  // namespace palermo::exchange
