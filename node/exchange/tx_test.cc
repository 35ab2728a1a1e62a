#include "node/exchange/tx.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;

// A store whose reads are counted.
class Counted final : public storage::KvReader {
 public:
  storage::MemoryStore store;
  mutable size_t gets = 0;

 private:
  absl::StatusOr<std::optional<std::string>> DoGet(storage::Family family,
                                                   std::string_view key) const override {
    ++gets;
    return store.Get(key, family);
  }
  absl::Status DoScan(const storage::ScanRange& range, storage::ScanVisitor visit) const override {
    return store.Scan(range, visit);
  }
};

class TxTest : public ::testing::Test {
 protected:
  TxTest() {
    storage::WriteBatch batch;
    batch.Put("a", "1");
    testing::DieUnlessOk(base_.store.Apply(batch, storage::Durability::kSync), "applying");
  }
  std::string Often(const std::string& key) { return Value(tx_.GetOften(key)).value_or("absent"); }

  testing::World world_;
  Counted base_;
  Tx tx_{base_, 0, "QM", world_.clock.Now(), nullptr, world_.random};
};

TEST_F(TxTest, WhatManyDecisionsAskForIsReadOnce) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Often("a"), "1");
    EXPECT_EQ(Often("b"), "absent");
  }
  EXPECT_EQ(base_.gets, 2U);
}

TEST_F(TxTest, WhatTheBatchChangedGoesBeforeWhatWasRead) {
  EXPECT_EQ(Often("a"), "1");
  EXPECT_EQ(Often("b"), "absent");
  tx_.Mark();
  tx_.Delete("a");
  tx_.Put("b", "2");
  EXPECT_EQ(Often("a"), "absent");
  EXPECT_EQ(Often("b"), "2");
  tx_.Rollback();
  EXPECT_EQ(Often("a"), "1");
  EXPECT_EQ(Often("b"), "absent");
}

}  // namespace
}  // namespace palermo::exchange
