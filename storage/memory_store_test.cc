#include "storage/memory_store.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace palermo::storage {
namespace {

class MemoryStoreTest : public testing::Test {
 protected:
  MemoryStoreTest()
      : store_({.fatal = [this](const absl::Status& status) { fatal_.push_back(status); }}) {}

  absl::Status Put(std::string_view key, Durability durability) {
    WriteBatch batch;
    batch.Put(key, "v");
    return store_.Apply(batch, durability);
  }
  bool Has(std::string_view key) { return store_.Get(key)->has_value(); }

  std::vector<absl::Status> fatal_;
  MemoryStore store_;
};

TEST_F(MemoryStoreTest, CrashTakesWhatWasNotSynced) {
  ASSERT_TRUE(Put("a", Durability::kNoSync).ok());
  ASSERT_TRUE(Put("b", Durability::kSync).ok());
  WriteBatch batch;
  batch.Put("a", "changed");
  batch.Delete("b");
  batch.Put("c", "v");
  ASSERT_TRUE(store_.Apply(batch, Durability::kNoSync).ok());
  store_.Crash();
  EXPECT_EQ(**store_.Get("a"), "v");
  EXPECT_TRUE(Has("b"));
  EXPECT_FALSE(Has("c"));
}

TEST_F(MemoryStoreTest, RunSurvivesACrashWithoutMakingBatchesDurable) {
  WriteBatch batch;
  batch.Put("s1", "batch", Family::kSegments);
  batch.Put("a", "v");
  ASSERT_TRUE(store_.Apply(batch, Durability::kNoSync).ok());
  ASSERT_TRUE(store_.Ingest({{"s1", "run"}}).ok());
  store_.Crash();
  EXPECT_EQ(**store_.Get("s1", Family::kSegments), "run");
  EXPECT_FALSE(Has("a"));
}

TEST_F(MemoryStoreTest, FailedApplyStopsTheStoreUntilTheCrash) {
  store_.FailApply(2);
  ASSERT_TRUE(Put("a", Durability::kSync).ok());
  EXPECT_EQ(CodeOf(Put("b", Durability::kSync)), "STORE_WRITE_FAILED");
  ASSERT_EQ(fatal_.size(), 1u);
  EXPECT_EQ(CodeOf(Put("c", Durability::kSync)), "STORE_STOPPED");
  EXPECT_EQ(CodeOf(store_.Flush()), "STORE_STOPPED");
  EXPECT_EQ(fatal_.size(), 1u);
  store_.Crash();
  EXPECT_TRUE(Has("a"));
  EXPECT_FALSE(Has("b"));
  EXPECT_TRUE(Put("c", Durability::kSync).ok());
}

TEST_F(MemoryStoreTest, FailedApplyMayHaveBeenWritten) {
  store_.FailApply(1, /*lost=*/false);
  EXPECT_EQ(CodeOf(Put("a", Durability::kSync)), "STORE_WRITE_FAILED");
  store_.Crash();
  EXPECT_TRUE(Has("a"));
}

TEST_F(MemoryStoreTest, TellsTheSpaceItWasGiven) {
  store_.SetFreeBytes(17);
  EXPECT_EQ(*store_.FreeBytes(), 17u);
  EXPECT_EQ(CodeOf(store_.Backup("anywhere")), "BACKUP_UNSUPPORTED");
}

}  // namespace
}  // namespace palermo::storage
