// What a batch reads and undoes.
#include "node/exchange/tx.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "node/exchange/keys.h"
#include "node/exchange/test_store.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;
using testing::World;

// Counts what reaches the store.
class CountingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  mutable size_t gets = 0;
  mutable size_t scans = 0;

 protected:
  absl::StatusOr<std::optional<std::string>> DoGet(storage::Family family,
                                                   std::string_view key) const override {
    ++gets;
    return ForwardingStore::DoGet(family, key);
  }
  absl::Status DoScan(const storage::ScanRange& range, storage::ScanVisitor visit) const override {
    ++scans;
    return ForwardingStore::DoScan(range, visit);
  }
};

class TxTest : public ::testing::Test {
 protected:
  Tx Begin() { return Tx(store, 10, "QM", world.clock.Now(), world.View(), world.random); }
  void Put(const std::string& key) {
    storage::WriteBatch batch;
    batch.Put(key, "");
    testing::DieUnlessOk(memory.Apply(batch, storage::Durability::kSync), "applying");
  }

  World world;
  storage::MemoryStore memory;
  CountingStore store{memory};
};

TEST_F(TxTest, WhatIsRareIsReadOnceInABatch) {
  Put("r/3");
  Tx tx = Begin();
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(Value(tx.HasRare("r/", absl::StrFormat("r/%d", i))), i == 3) << i;
  }
  EXPECT_EQ(store.scans, 1U);
  EXPECT_EQ(store.gets, 0U);
}

TEST_F(TxTest, WhatTheBatchItselfChangedIsNotReadFromBefore) {
  Put("r/3");
  Tx tx = Begin();
  EXPECT_FALSE(Value(tx.HasRare("r/", "r/1")));
  tx.Put("r/1", "");
  tx.Delete("r/3");
  EXPECT_TRUE(Value(tx.HasRare("r/", "r/1")));
  EXPECT_FALSE(Value(tx.HasRare("r/", "r/3")));
}

TEST_F(TxTest, WhatIsNotSoRareIsStillFound) {
  for (int i = 0; i < 200; ++i) Put(absl::StrFormat("r/%03d", i));
  Tx tx = Begin();
  EXPECT_TRUE(Value(tx.HasRare("r/", "r/000")));
  EXPECT_TRUE(Value(tx.HasRare("r/", "r/199")));
  EXPECT_FALSE(Value(tx.HasRare("r/", "r/200")));
}

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
