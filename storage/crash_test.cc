// Durability, proved by injected failure: what was acknowledged is there after power loss, and a
// failed sync acknowledges nothing and ends all writing.
#include <gtest/gtest.h>

#include <random>

#include "base/bytes.h"
#include "base/status.h"
#include "rocksdb/env.h"
#include "storage/faulty_fs.h"
#include "storage/fsck.h"
#include "storage/ledger_tree.h"
#include "storage/rocks_store.h"
#include "storage/test_dir.h"

namespace palermo::storage {
namespace {

constexpr char kPrefix[] = "ledger/";

Hash EntryOf(uint64_t number) {
  Hash entry{};
  const std::string bytes = BigEndian64(number);
  std::copy(bytes.begin(), bytes.end(), entry.begin());
  return entry;
}

// A little node: appends numbered entries and messages in one batch each, and remembers what was
// acknowledged.
class CrashTest : public testing::Test {
 protected:
  CrashTest() : fs_(std::make_shared<FaultyFs>()), env_(rocksdb::NewCompositeEnv(fs_)) {}

  absl::Status Open() {
    RocksStore::Options options;
    options.dir = dir_.Sub("store");
    options.env = env_.get();
    options.write_buffer_bytes = 64 * 1024;  // so that flushes and compactions take part
    options.fatal = [this](const absl::Status&) { ++fatal_calls_; };
    PALERMO_ASSIGN_OR_RETURN(store_, RocksStore::Open(options));
    PALERMO_ASSIGN_OR_RETURN(LedgerTree tree, LedgerTree::Load(*store_, kPrefix));
    tree_ = std::make_unique<LedgerTree>(std::move(tree));
    return absl::OkStatus();
  }

  absl::Status Append(uint64_t count) {
    WriteBatch batch;
    std::vector<Hash> entries;
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t number = tree_->size() + i;
      entries.push_back(EntryOf(number));
      batch.Put(Cat({"message/", BigEndian64(number)}), std::string(700, 'm'));
      // Flushed at other times than the rest of its batch.
      batch.PutOwned(BigEndian64(number), std::string(2000, 's'), false, Family::kSealed);
    }
    StagedAppend staged = tree_->Stage(entries, &batch);
    PALERMO_RETURN_IF_ERROR(store_->Apply(batch, Durability::kSync, {.tree_size = tree_->size()}));
    tree_->Commit(std::move(staged));
    acknowledged_ = tree_->head();
    return absl::OkStatus();
  }

  void LosePower() {
    fs_->PowerOff();
    tree_.reset();
    store_.reset();
    fs_->LoseUnsynced(&random_);
  }

  // After a reopen: all that was acknowledged is there, and all that is there is whole.
  void CheckNothingLost() {
    auto report = Fsck(*store_, kPrefix, acknowledged_, [](uint64_t, uint64_t) {});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_TRUE(report->ToStatus().ok()) << report->ToStatus();
    EXPECT_GE(tree_->size(), acknowledged_.size);
    uint64_t messages = 0;
    ASSERT_TRUE(store_->ScanPrefix("message/", [&](auto, auto) { return ++messages > 0; }).ok());
    EXPECT_EQ(messages, tree_->size());
    uint64_t sealed = 0;
    ASSERT_TRUE(store_
                    ->Scan({.family = Family::kSealed},
                           [&](std::string_view key, std::string_view part) {
                             EXPECT_EQ(ReadBigEndian64(key), sealed++);
                             EXPECT_EQ(part.size(), 2000u);
                             return true;
                           })
                    .ok());
    EXPECT_EQ(sealed, tree_->size()) << "a message and its sealed part are there, or neither";
    EXPECT_TRUE(store_->Scrub().ok());
  }

  TestDir dir_;
  const std::shared_ptr<FaultyFs> fs_;
  const std::unique_ptr<rocksdb::Env> env_;
  std::mt19937_64 random_{20260302};
  std::unique_ptr<RocksStore> store_;
  std::unique_ptr<LedgerTree> tree_;
  TreeHead acknowledged_;
  std::atomic<int> fatal_calls_{0};
};

TEST_F(CrashTest, AcknowledgedEntriesSurvivePowerLoss) {
  for (int round = 0; round < 12; ++round) {
    absl::Status opened = Open();
    ASSERT_TRUE(opened.ok()) << opened;
    if (round > 0) CheckNothingLost();
    for (uint64_t i = random_() % 20; i > 0; --i) ASSERT_TRUE(Append(1 + random_() % 40).ok());
    LosePower();
  }
  EXPECT_GT(acknowledged_.size, 256u);
}

TEST_F(CrashTest, UnsyncedBatchesAreLostFromTheEndOnly) {
  int lost = 0;
  for (int round = 0; round < 8; ++round) {
    ASSERT_TRUE(Open().ok());
    WriteBatch clear;
    clear.DeleteRange("n/", PrefixEnd("n/"));
    ASSERT_TRUE(store_->Apply(clear, Durability::kSync).ok());
    for (uint64_t i = 0; i < 50; ++i) {
      WriteBatch batch;
      batch.Put(Cat({"n/", BigEndian64(i)}), std::string(100, 'v'));
      ASSERT_TRUE(store_->Apply(batch, i == 20 ? Durability::kSync : Durability::kNoSync).ok());
    }
    LosePower();
    ASSERT_TRUE(Open().ok());
    uint64_t next = 0;
    ASSERT_TRUE(store_
                    ->ScanPrefix("n/",
                                 [&](std::string_view key, auto) {
                                   EXPECT_EQ(ReadBigEndian64(key.substr(2)), next++);
                                   return true;
                                 })
                    .ok());
    EXPECT_GE(next, 21u);
    lost += next < 50;
    LosePower();
  }
  EXPECT_GT(lost, 0) << "the file system never lost anything: the test proves nothing";
}

TEST_F(CrashTest, FailedSyncAcknowledgesNothingAndStopsTheStore) {
  int failures = 0;
  for (uint64_t n = 1; n <= 12; ++n) {
    ASSERT_TRUE(Open().ok());
    if (n > 1) CheckNothingLost();
    ASSERT_TRUE(Append(3).ok());
    fatal_calls_ = 0;
    fs_->FailSync(n);
    for (int i = 0; i < 40 && fatal_calls_ == 0; ++i) {
      const TreeHead before = acknowledged_;
      absl::Status status = Append(5);
      if (status.ok()) continue;
      EXPECT_EQ(acknowledged_, before);
      EXPECT_TRUE(CodeOf(status) == "STORE_WRITE_FAILED" || CodeOf(status) == "STORE_STOPPED");
    }
    ASSERT_TRUE(fs_->Failed());
    EXPECT_EQ(fatal_calls_, 1);
    ++failures;
    EXPECT_EQ(CodeOf(Append(1)), "STORE_STOPPED");
    EXPECT_EQ(CodeOf(store_->Flush()), "STORE_STOPPED");
    EXPECT_EQ(CodeOf(store_->Ingest({{"s", "x"}})), "STORE_STOPPED");
    EXPECT_EQ(fatal_calls_, 1);
    LosePower();
  }
  EXPECT_EQ(failures, 12);
  ASSERT_TRUE(Open().ok());
  CheckNothingLost();
}

TEST_F(CrashTest, FinishedRunsSurvivePowerLoss) {
  uint64_t runs = 0;
  for (int round = 0; round < 6; ++round) {
    ASSERT_TRUE(Open().ok());
    for (uint64_t i = 0; i < runs; ++i) {
      EXPECT_TRUE(store_->Get(Cat({BigEndian64(i), "a"}), Family::kSegments)->has_value()) << i;
      EXPECT_TRUE(store_->Get(Cat({BigEndian64(i), "b"}), Family::kSegments)->has_value()) << i;
    }
    for (int i = 0; i < 3; ++i, ++runs) {
      const std::string stem = BigEndian64(runs);
      ASSERT_TRUE(store_->Ingest({{stem + "a", std::string(5000, 'a')}, {stem + "b", "b"}}).ok());
    }
    auto unfinished = store_->NewRun();
    ASSERT_TRUE((*unfinished)->Add("zz", "z").ok());
    fs_->PowerOff();
    unfinished->reset();
    LosePower();
  }
  ASSERT_TRUE(Open().ok());
  EXPECT_FALSE(store_->Get("zz", Family::kSegments)->has_value());
}

TEST_F(CrashTest, FailedSyncOfARunStopsTheStore) {
  ASSERT_TRUE(Open().ok());
  fs_->FailSync(1);
  EXPECT_EQ(CodeOf(store_->Ingest({{"s", "x"}})), "STORE_WRITE_FAILED");
  EXPECT_EQ(fatal_calls_, 1);
  EXPECT_EQ(CodeOf(Append(1)), "STORE_STOPPED");
}

TEST(ExitOnStorageFailureDeathTest, EndsTheProcessWithOneLine) {
  EXPECT_EXIT(ExitOnStorageFailure(Damaged("STORE_WRITE_FAILED", "the disk is gone")),
              testing::ExitedWithCode(70),
              "storage failed, stopping: STORE_WRITE_FAILED: the disk");
}

}  // namespace
}  // namespace palermo::storage
