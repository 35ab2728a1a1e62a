// What kv_store.h promises, over every engine, against a std::map.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <thread>

#include "base/bytes.h"
#include "base/status.h"
#include "storage/kv_store.h"
#include "storage/memory_store.h"
#include "storage/rocks_store.h"
#include "storage/test_dir.h"

namespace palermo::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Model = std::map<std::string, std::string>;

// Makes a store, and makes it again from what the first one left.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual KvStore& store() = 0;
  virtual void Reopen() = 0;
};

class MemoryEngine final : public Engine {
 public:
  KvStore& store() override { return store_; }
  void Reopen() override {
    ASSERT_TRUE(store_.Flush().ok());
    store_.Crash();
  }

 private:
  MemoryStore store_;
};

class RocksEngine final : public Engine {
 public:
  RocksEngine() { Reopen(); }
  KvStore& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    auto opened = RocksStore::Open({.dir = dir_.Sub("store"), .write_buffer_bytes = 256 * 1024});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

 private:
  TestDir dir_;
  std::unique_ptr<RocksStore> store_;
};

struct EngineCase {
  const char* name;
  std::unique_ptr<Engine> (*make)();
};

class ContractTest : public testing::TestWithParam<EngineCase> {
 protected:
  ContractTest() : engine_(GetParam().make()) {}
  KvStore& store() { return engine_->store(); }

  void Put(std::string_view key, std::string_view value, Family family = Family::kMain) {
    WriteBatch batch;
    batch.Put(key, value, family);
    ASSERT_TRUE(store().Apply(batch, Durability::kSync).ok());
  }

  static std::optional<std::string> Get(const KvReader& reader, std::string_view key,
                                        Family family = Family::kMain) {
    auto value = reader.Get(key, family);
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *value : std::nullopt;
  }

  static Pairs All(const KvReader& reader, const ScanRange& range) {
    Pairs pairs;
    absl::Status status = reader.Scan(range, [&](std::string_view key, std::string_view value) {
      pairs.emplace_back(key, value);
      return true;
    });
    EXPECT_TRUE(status.ok()) << status;
    return pairs;
  }

  std::unique_ptr<Engine> engine_;
};

TEST_P(ContractTest, GetsWhatWasPut) {
  Put("a", "1");
  EXPECT_EQ(Get(store(), "a"), "1");
  EXPECT_EQ(Get(store(), "b"), std::nullopt);
  EXPECT_EQ(Get(store(), "a", Family::kSegments), std::nullopt);
}

TEST_P(ContractTest, OneBatchWritesToAllFamiliesOrToNone) {
  WriteBatch batch;
  batch.Put("a", "main");
  batch.PutOwned("a", "sealed", false, Family::kSealed);
  batch.PutOwned("b", "sealed too", false, Family::kSealed);
  const Conditions wrong{.tree_size = 7};
  EXPECT_EQ(CodeOf(store().Apply(batch, Durability::kSync, wrong)), "CONDITION_FAILED");
  EXPECT_EQ(Get(store(), "a", Family::kSealed), std::nullopt);
  ASSERT_TRUE(store().Apply(batch, Durability::kSync).ok());
  EXPECT_EQ(Get(store(), "a"), "main");
  EXPECT_EQ(Get(store(), "a", Family::kSealed), "sealed");
  EXPECT_THAT(All(store(), {.family = Family::kSealed}),
              ElementsAre(Pair("a", "sealed"), Pair("b", "sealed too")));
  EXPECT_EQ(Get(store(), "b"), std::nullopt);
}

TEST_P(ContractTest, KeysAndValuesMayHoldAnyByte) {
  const std::string key("\x00\xff\x00", 3);
  Put(key, std::string("\x00", 1));
  Put("empty", "");
  EXPECT_EQ(Get(store(), key), std::string("\x00", 1));
  EXPECT_EQ(Get(store(), "empty"), "");
}

TEST_P(ContractTest, LaterChangeOfABatchWins) {
  Put("x", "old");
  WriteBatch batch;
  batch.Put("a", "1");
  batch.Put("a", "2");
  batch.Put("b", "1");
  batch.Delete("b");
  batch.DeleteRange("x", "y");
  batch.Put("x", "new");
  ASSERT_TRUE(store().Apply(batch, Durability::kSync).ok());
  EXPECT_EQ(Get(store(), "a"), "2");
  EXPECT_EQ(Get(store(), "b"), std::nullopt);
  EXPECT_EQ(Get(store(), "x"), "new");
}

TEST_P(ContractTest, DeleteRangeEndsBeforeItsEnd) {
  for (const char* key : {"k1", "k2", "k3", "k4"}) Put(key, "v");
  WriteBatch batch;
  batch.DeleteRange("k2", "k4");
  batch.DeleteRange("k9", "k1");
  ASSERT_TRUE(store().Apply(batch, Durability::kSync).ok());
  EXPECT_THAT(All(store(), ScanRange::Prefix("k")), ElementsAre(Pair("k1", "v"), Pair("k4", "v")));
}

TEST_P(ContractTest, ScansInByteOrder) {
  for (const char* key : {"k\xff", "k", "ka", "kb", "l"}) Put(key, "v");
  EXPECT_THAT(All(store(), ScanRange::Prefix("k")),
              ElementsAre(Pair("k", "v"), Pair("ka", "v"), Pair("kb", "v"), Pair("k\xff", "v")));
  EXPECT_THAT(All(store(), {.start = "ka", .end = "l", .limit = 2}),
              ElementsAre(Pair("ka", "v"), Pair("kb", "v")));
  EXPECT_THAT(All(store(), {.start = "ka", .end = "l", .limit = 2, .reverse = true}),
              ElementsAre(Pair("k\xff", "v"), Pair("kb", "v")));
  EXPECT_THAT(All(store(), {.start = "kb", .end = "m", .reverse = true}),
              ElementsAre(Pair("l", "v"), Pair("k\xff", "v"), Pair("kb", "v")));
  EXPECT_THAT(All(store(), {.start = "l", .end = "k"}), IsEmpty());
  EXPECT_THAT(All(store(), {.start = "k", .end = "l", .limit = 0}), IsEmpty());
}

TEST_P(ContractTest, ScanStopsWhenToldTo) {
  for (const char* key : {"k1", "k2", "k3"}) Put(key, "v");
  int visited = 0;
  ASSERT_TRUE(store().ScanPrefix("k", [&](auto, auto) { return ++visited < 2; }).ok());
  EXPECT_EQ(visited, 2);
}

TEST_P(ContractTest, ScanDoesNotSeeWhatItsVisitorWrites) {
  for (const char* key : {"k1", "k2"}) Put(key, "v");
  int visited = 0;
  ASSERT_TRUE(store()
                  .ScanPrefix("k",
                              [&](auto, auto) {
                                ++visited;
                                Put("k3" + std::to_string(visited), "v");
                                return true;
                              })
                  .ok());
  EXPECT_EQ(visited, 2);
  EXPECT_EQ(All(store(), ScanRange::Prefix("k")).size(), 4u);
}

TEST_P(ContractTest, SnapshotStaysAsItWas) {
  Put("a", "1");
  std::unique_ptr<KvReader> snapshot = store().Snapshot();
  Put("a", "2");
  Put("b", "2");
  EXPECT_EQ(Get(*snapshot, "a"), "1");
  EXPECT_THAT(All(*snapshot, {.start = "a", .end = "c"}), ElementsAre(Pair("a", "1")));
  EXPECT_EQ(Get(store(), "a"), "2");
}

TEST_P(ContractTest, ConditionsAreComparedAndAbsentMeansZero) {
  WriteBatch first;
  first.PutUint64(kTreeSizeKey, 7);
  first.PutUint64(kWriterEpochKey, 3);
  EXPECT_TRUE(store().Apply(first, Durability::kSync, {.writer_epoch = 0, .tree_size = 0}).ok());

  WriteBatch second;
  second.Put("a", "1");
  for (const Conditions& wrong :
       {Conditions{.writer_epoch = 2, .tree_size = 7},
        Conditions{.writer_epoch = 3, .tree_size = 8}, Conditions{.tree_size = 0}}) {
    absl::Status status = store().Apply(second, Durability::kSync, wrong);
    EXPECT_EQ(CodeOf(status), "CONDITION_FAILED") << status;
    EXPECT_EQ(Get(store(), "a"), std::nullopt);
  }
  EXPECT_TRUE(store().Apply(second, Durability::kSync, {.writer_epoch = 3}).ok());
  EXPECT_EQ(Get(store(), "a"), "1");
}

TEST_P(ContractTest, OfManyWritersWithTheSameConditionOneWins) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (uint64_t round = 0; round < kRounds; ++round) {
        WriteBatch batch;
        batch.PutUint64(kTreeSizeKey, round + 1);
        absl::Status status = store().Apply(batch, Durability::kNoSync, {.tree_size = round});
        if (status.ok()) ++won;
        if (!status.ok() && CodeOf(status) != "CONDITION_FAILED") ADD_FAILURE() << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(won, kRounds);
  EXPECT_EQ(Get(store(), kTreeSizeKey), BigEndian64(static_cast<uint64_t>(won)));
}

TEST_P(ContractTest, ABatchIsSeenWholeOrNotAtAll) {
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint64_t i = 1; i <= 500; ++i) {
      WriteBatch batch;
      batch.PutUint64("pair/a", i);
      batch.PutUint64("pair/b", i);
      if (!store().Apply(batch, Durability::kNoSync).ok()) ADD_FAILURE();
    }
    done = true;
  });
  while (!done) {
    std::unique_ptr<KvReader> snapshot = store().Snapshot();
    EXPECT_EQ(Get(*snapshot, "pair/a"), Get(*snapshot, "pair/b"));
  }
  writer.join();
}

TEST_P(ContractTest, ReopenedStoreHasEverything) {
  Put("a", "1");
  ASSERT_TRUE(store().Ingest({{"s1", "x"}, {"s2", "y"}}).ok());
  WriteBatch batch;
  batch.Put("b", "2");
  ASSERT_TRUE(store().Apply(batch, Durability::kNoSync).ok());
  engine_->Reopen();
  EXPECT_EQ(Get(store(), "a"), "1");
  EXPECT_EQ(Get(store(), "b"), "2");
  EXPECT_EQ(Get(store(), "s2", Family::kSegments), "y");
}

TEST_P(ContractTest, RunAppearsWholeAtItsEnd) {
  auto run = store().NewRun();
  ASSERT_TRUE(run.ok()) << run.status();
  ASSERT_TRUE((*run)->Add("s1", "one").ok());
  ASSERT_TRUE((*run)->Add("s2", "two").ok());
  EXPECT_EQ(CodeOf((*run)->Add("s2", "again")), "RUN_NOT_SORTED");
  EXPECT_EQ(CodeOf((*run)->Add("s0", "before")), "RUN_NOT_SORTED");
  EXPECT_EQ((*run)->byte_size(), 10u);
  EXPECT_EQ(Get(store(), "s1", Family::kSegments), std::nullopt);
  ASSERT_TRUE((*run)->Finish().ok());
  EXPECT_THAT(All(store(), {.family = Family::kSegments}),
              ElementsAre(Pair("s1", "one"), Pair("s2", "two")));
}

TEST_P(ContractTest, EmptyAndAbandonedRunsLeaveNothing) {
  ASSERT_TRUE(store().Ingest({}).ok());
  {
    auto run = store().NewRun();
    ASSERT_TRUE((*run)->Add("s1", "one").ok());
  }
  EXPECT_EQ(CodeOf(store().Ingest({{"b", "1"}, {"a", "2"}})), "RUN_NOT_SORTED");
  EXPECT_THAT(All(store(), {.family = Family::kSegments}), IsEmpty());
}

TEST_P(ContractTest, RunReplacesWhatItsKeysHeld) {
  ASSERT_TRUE(store().Ingest({{"s1", "old"}, {"s3", "old"}}).ok());
  std::unique_ptr<KvReader> snapshot = store().Snapshot();
  ASSERT_TRUE(store().Ingest({{"s1", "new"}, {"s2", "new"}}).ok());
  EXPECT_THAT(All(store(), {.family = Family::kSegments}),
              ElementsAre(Pair("s1", "new"), Pair("s2", "new"), Pair("s3", "old")));
  EXPECT_EQ(Get(*snapshot, "s1", Family::kSegments), "old");
}

TEST_P(ContractTest, DropSegmentsSparesNeighboursAndTheOtherFamily) {
  Put("s2", "main");
  ASSERT_TRUE(store().Ingest({{"s1", "x"}, {"s2", "x"}, {"s3", "x"}}).ok());
  ASSERT_TRUE(store().DropSegments("s2", "s3").ok());
  EXPECT_THAT(All(store(), {.family = Family::kSegments}),
              ElementsAre(Pair("s1", "x"), Pair("s3", "x")));
  EXPECT_EQ(Get(store(), "s2"), "main");
}

TEST_P(ContractTest, CountsWaitsForTheDisk) {
  const uint64_t before = store().SyncCount();
  Put("a", "1");
  WriteBatch batch;
  batch.Put("b", "1");
  ASSERT_TRUE(store().Apply(batch, Durability::kNoSync).ok());
  EXPECT_EQ(store().SyncCount(), before + 1);
  ASSERT_TRUE(store().Flush().ok());
  EXPECT_EQ(store().SyncCount(), before + 2);
}

TEST_P(ContractTest, IntactStorePassesScrubAndHasSpace) {
  Put("a", "1");
  EXPECT_TRUE(store().Scrub().ok());
  auto free_bytes = store().FreeBytes();
  ASSERT_TRUE(free_bytes.ok()) << free_bytes.status();
  EXPECT_GT(*free_bytes, 0u);
}

// Random batches; after each some of it is compared, and now and then all of it after a reopen.
TEST_P(ContractTest, BehavesLikeAMap) {
  const uint64_t seed = testing::UnitTest::GetInstance()->random_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  auto key = [&] { return "m/" + std::to_string(random() % 200); };
  Model model;
  for (int round = 0; round < 400; ++round) {
    WriteBatch batch;
    for (uint64_t i = random() % 8; i > 0; --i) {
      std::string a = key(), b = key();
      switch (random() % 8) {
        case 0:
          batch.Delete(a);
          model.erase(a);
          break;
        case 1:
          if (b < a) std::swap(a, b);
          batch.DeleteRange(a, b);
          model.erase(model.lower_bound(a), model.lower_bound(b));
          break;
        default:
          b.resize(random() % 2000, 'v');
          batch.Put(a, b);
          model[a] = b;
      }
    }
    const Durability durability = random() % 4 == 0 ? Durability::kSync : Durability::kNoSync;
    ASSERT_TRUE(store().Apply(batch, durability).ok());
    if (round % 100 == 99) engine_->Reopen();

    std::string start = key(), end = key();
    if (end < start) std::swap(start, end);
    Pairs expected(model.lower_bound(start), model.lower_bound(end));
    const bool reverse = random() % 2 == 0;
    if (reverse) std::reverse(expected.begin(), expected.end());
    const size_t limit = random() % 50;
    if (expected.size() > limit) expected.resize(limit);
    ASSERT_EQ(All(store(), {.start = start, .end = end, .limit = limit, .reverse = reverse}),
              expected);
  }
  EXPECT_EQ(All(store(), ScanRange::Prefix("m/")), Pairs(model.begin(), model.end()));
}

template <typename T>
std::unique_ptr<Engine> Make() {
  return std::make_unique<T>();
}

INSTANTIATE_TEST_SUITE_P(Engines, ContractTest,
                         testing::Values(EngineCase{"Memory", Make<MemoryEngine>},
                                         EngineCase{"Rocks", Make<RocksEngine>}),
                         [](const auto& info) { return info.param.name; });

TEST(PrefixEndTest, IsTheSmallestGreaterKey) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff"), "");
  EXPECT_EQ(PrefixEnd("\x7f"), "\x80");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(WriteBatchTest, KnowsItsSizeAndCanBeAppended) {
  WriteBatch a, b;
  a.Put("k", "vv");
  b.Delete("long", Family::kSegments);
  a.Append(b);
  a.Append(a);
  EXPECT_EQ(a.changes().size(), 4u);
  EXPECT_EQ(a.byte_size(), 14u);
  EXPECT_EQ(a.changes()[3].family, Family::kSegments);
  a.Clear();
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(a.byte_size(), 0u);
}

}  // namespace
}  // namespace palermo::storage
