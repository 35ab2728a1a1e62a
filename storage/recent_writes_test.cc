#include "storage/recent_writes.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "storage/memory_store.h"

namespace palermo::storage {
namespace {

// A store whose reads are counted, so that it shows where an answer came from.
class Counted final : public KvReader {
 public:
  explicit Counted(const KvReader& base) : base_(base) {}
  mutable size_t gets = 0;

 private:
  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override {
    ++gets;
    return base_.Get(key, family);
  }
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override {
    return base_.Scan(range, visit);
  }
  const KvReader& base_;
};

class RecentWritesTest : public ::testing::Test {
 protected:
  void Apply(WriteBatch batch) {
    recent_.Forget(batch);
    ASSERT_TRUE(store_.Apply(batch, Durability::kSync).ok());
    recent_.Remember(std::move(batch));
  }
  static WriteBatch Put(const std::string& key, const std::string& value, bool read_soon = true) {
    WriteBatch batch;
    batch.PutOwned(key, value, read_soon);
    return batch;
  }
  std::string Get(const std::string& key) { return recent_.Get(key)->value_or("absent"); }

  MemoryStore store_;
  Counted counted_{store_};
  RecentWrites recent_{counted_, 4096};
};

TEST_F(RecentWritesTest, WhatIsMarkedIsReadFromMemoryAndTheRestFromTheStore) {
  Apply(Put("a", "1"));
  Apply(Put("b", "2", false));
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(counted_.gets, 0U);
  EXPECT_EQ(Get("b"), "2");
  EXPECT_EQ(Get("c"), "absent");
  EXPECT_EQ(counted_.gets, 2U);
}

TEST_F(RecentWritesTest, ALaterBatchWinsHoweverItWasWritten) {
  Apply(Put("a", "1"));
  Apply(Put("a", "2", false));
  EXPECT_EQ(Get("a"), "2");
  Apply(Put("a", "3"));
  EXPECT_EQ(Get("a"), "3");
  WriteBatch gone;
  gone.Delete("a");
  Apply(std::move(gone));
  EXPECT_EQ(Get("a"), "absent");
  Apply(Put("a", "4"));
  WriteBatch range;
  range.DeleteRange("a", "b");
  Apply(std::move(range));
  EXPECT_EQ(Get("a"), "absent");
}

TEST_F(RecentWritesTest, TheLastChangeOfABatchWins) {
  WriteBatch batch = Put("a", "1");
  batch.PutOwned("a", "2", true);
  Apply(std::move(batch));
  EXPECT_EQ(Get("a"), "2");
}

TEST_F(RecentWritesTest, AKeyOfEachFamilyIsAKeyOfItsOwn) {
  WriteBatch batch = Put("a", "main");
  batch.PutOwned("a", "sealed", true, Family::kSealed);
  Apply(std::move(batch));
  EXPECT_EQ(**recent_.Get("a", Family::kSealed), "sealed");
  EXPECT_EQ(Get("a"), "main");
  EXPECT_EQ(counted_.gets, 0U);
  WriteBatch gone;
  gone.Delete("a", Family::kSealed);
  Apply(std::move(gone));
  EXPECT_FALSE(recent_.Get("a", Family::kSealed)->has_value());
  EXPECT_EQ(Get("a"), "main");
}

TEST_F(RecentWritesTest, WhileABatchIsAppliedNothingOfItIsSeen) {
  Apply(Put("a", "1"));
  WriteBatch batch = Put("a", "2");
  recent_.Forget(batch);
  EXPECT_EQ(Get("a"), "1");
  ASSERT_TRUE(store_.Apply(batch, Durability::kSync).ok());
  EXPECT_EQ(Get("a"), "2");
}

TEST_F(RecentWritesTest, MemoryIsBoundedAndWhatFellOutIsReadFromTheStore) {
  for (int i = 0; i < 100; ++i) Apply(Put(std::to_string(i), std::string(1000, 'v')));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Get(std::to_string(i)).size(), 1000U) << i;
  EXPECT_GE(counted_.gets, 96U);
  EXPECT_LT(counted_.gets, 100U);
  Apply(Put("large", std::string(5000, 'v')));
  EXPECT_EQ(Get("large").size(), 5000U);
}

}  // namespace
}  // namespace palermo::storage
