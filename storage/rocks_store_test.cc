#include "storage/rocks_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/bytes.h"
#include "base/status.h"
#include "rocksdb/db.h"
#include "storage/test_dir.h"

namespace palermo::storage {
namespace {

namespace fs = std::filesystem;

class RocksStoreTest : public testing::Test {
 protected:
  RocksStore::Options Options() { return {.dir = dir_.Sub("store")}; }

  std::unique_ptr<RocksStore> MustOpen(const std::string& dir) {
    auto opened = RocksStore::Open({.dir = dir});
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  std::string OpenCode() { return CodeOf(RocksStore::Open(Options()).status()); }

  static void Put(KvStore& store, std::string_view key, std::string_view value) {
    WriteBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(store.Apply(batch, Durability::kSync).ok());
  }

  std::vector<fs::path> Files(const std::string& sub, const std::string& extension) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(dir_.Sub("store") + "/" + sub)) {
      if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    return files;
  }

  TestDir dir_;
};

TEST_F(RocksStoreTest, DoesNotCreateUnlessAllowed) {
  RocksStore::Options options = Options();
  options.create_if_missing = false;
  EXPECT_EQ(CodeOf(RocksStore::Open(options).status()), "STORE_MISSING");
  EXPECT_FALSE(fs::exists(options.dir));
  MustOpen(options.dir);
  EXPECT_TRUE(RocksStore::Open(options).ok());
}

TEST_F(RocksStoreTest, OneProcessAtATime) {
  auto store = MustOpen(Options().dir);
  EXPECT_EQ(OpenCode(), "STORE_IN_USE");
  store.reset();
  EXPECT_EQ(OpenCode(), "OK");
}

TEST_F(RocksStoreTest, RefusesAStoreOfALaterVersion) {
  auto store = MustOpen(Options().dir);
  Put(*store, kFormatVersionKey, BigEndian64(RocksStore::kFormatVersion + 1));
  store.reset();
  EXPECT_EQ(OpenCode(), "STORE_TOO_NEW");
}

TEST_F(RocksStoreTest, RefusesAStoreOfAnEarlierVersion) {
  auto store = MustOpen(Options().dir);
  Put(*store, kFormatVersionKey, BigEndian64(RocksStore::kFormatVersion - 1));
  store.reset();
  EXPECT_EQ(OpenCode(), "STORE_TOO_OLD");
}

// A database with one family, and with a version unless that is 0.
void NewDatabase(const std::string& dir, uint64_t version) {
  fs::create_directories(dir);
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, dir, &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  if (version == 0) return;
  ASSERT_TRUE(db->Put({}, std::string(kFormatVersionKey), BigEndian64(version)).ok());
}

// Else the program that wrote it could not open it any more.
TEST_F(RocksStoreTest, LeavesAStoreOfBeforeTheSealedFamilyAsItWas) {
  const std::string db_dir = Options().dir + "/db";
  NewDatabase(db_dir, RocksStore::kFormatVersion - 1);
  EXPECT_EQ(OpenCode(), "STORE_TOO_OLD");
  std::vector<std::string> families;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, db_dir, &families).ok());
  EXPECT_THAT(families, ::testing::ElementsAre("default"));
}

TEST_F(RocksStoreTest, AStoreOfThisVersionWithoutTheSealedFamilyIsDamaged) {
  NewDatabase(Options().dir + "/db", RocksStore::kFormatVersion);
  EXPECT_EQ(OpenCode(), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, OpensAStoreWhoseCreationWasInterrupted) {
  NewDatabase(Options().dir + "/db", 0);
  EXPECT_EQ(OpenCode(), "OK");
}

TEST_F(RocksStoreTest, SealedPartsAreWrittenToAFileOnce) {
  RocksStore::Options options = Options();
  options.write_buffer_bytes = 128 * 1024;
  auto store = *RocksStore::Open(options);
  std::set<fs::path> seen;
  for (uint64_t i = 0; i < 400; ++i) {
    WriteBatch batch;
    batch.PutOwned(BigEndian64(i), std::string(8 * 1024, 'x'), false, Family::kSealed);
    ASSERT_TRUE(store->Apply(batch, Durability::kNoSync).ok());
    for (const fs::path& file : Files("db", ".sst")) seen.insert(file);
  }
  EXPECT_GT(seen.size(), 20U);
  for (const fs::path& file : seen) EXPECT_TRUE(fs::exists(file)) << file;
  EXPECT_EQ(**store->Get(BigEndian64(7), Family::kSealed), std::string(8 * 1024, 'x'));
}

TEST_F(RocksStoreTest, RefusesDataWithoutAVersion) {
  auto store = MustOpen(Options().dir);
  WriteBatch batch;
  batch.Delete(kFormatVersionKey);
  batch.Put("a", "1");
  ASSERT_TRUE(store->Apply(batch, Durability::kSync).ok());
  store.reset();
  EXPECT_EQ(OpenCode(), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, RefusesAStoreWithAMissingFile) {
  auto store = MustOpen(Options().dir);
  ASSERT_TRUE(store->Ingest({{"s1", "x"}}).ok());
  store.reset();
  auto files = Files("db", ".sst");
  ASSERT_FALSE(files.empty());
  for (const fs::path& file : files) fs::remove(file);
  EXPECT_EQ(OpenCode(), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, RefusesAStoreWithADamagedManifest) {
  MustOpen(Options().dir);
  int damaged = 0;
  for (const auto& entry : fs::directory_iterator(dir_.Sub("store") + "/db")) {
    if (entry.path().filename().string().rfind("MANIFEST", 0) != 0) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);
    file.put('\x5a').put('\xa5');
    ++damaged;
  }
  ASSERT_GT(damaged, 0);
  EXPECT_EQ(OpenCode(), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, DoesNotCreateOverTheRestOfAStore) {
  auto store = MustOpen(Options().dir);
  Put(*store, "a", "1");
  store.reset();
  fs::remove(dir_.Sub("store") + "/db/CURRENT");
  EXPECT_EQ(OpenCode(), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, UnreachableDirectoryIsSaid) {
  std::ofstream(dir_.Sub("file")) << "not a directory";
  EXPECT_EQ(CodeOf(RocksStore::Open({.dir = dir_.Sub("file") + "/store"}).status()),
            "STORE_UNREACHABLE");
}

TEST_F(RocksStoreTest, ScrubAndReadsFindDamagedBytes) {
  auto store = MustOpen(Options().dir);
  ASSERT_TRUE(store->Ingest({{"s1", std::string(100000, 'x')}}).ok());
  ASSERT_TRUE(store->Scrub().ok());
  auto files = Files("db", ".sst");
  ASSERT_EQ(files.size(), 1u);
  std::fstream(files[0], std::ios::in | std::ios::out | std::ios::binary).seekp(50000).put('y');
  EXPECT_EQ(CodeOf(store->Scrub()), "STORE_DAMAGED");
  EXPECT_EQ(CodeOf(store->Get("s1", Family::kSegments).status()), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, TheNewestFilesAreScrubbedFirstAndNoMoreThanAsked) {
  {
    auto store = MustOpen(Options().dir);
    ASSERT_TRUE(store->Ingest({{"s1", std::string(100000, 'x')}}).ok());
    ASSERT_TRUE(store->Ingest({{"t1", std::string(50000, 'x')}}).ok());
  }
  auto files = Files("db", ".sst");
  std::sort(files.begin(), files.end());
  ASSERT_GE(files.size(), 2u);
  std::fstream(files[0], std::ios::in | std::ios::out | std::ios::binary).seekp(40000).put('y');
  auto store = MustOpen(Options().dir);
  EXPECT_TRUE(store->ScrubNewest(0).ok());
  EXPECT_TRUE(store->ScrubNewest(70000).ok()) << "the newest is whole";
  EXPECT_EQ(CodeOf(store->ScrubNewest(1000000)), "STORE_DAMAGED");
}

TEST_F(RocksStoreTest, BackupIsAStoreOfTheMomentItWasMade) {
  auto store = MustOpen(Options().dir);
  Put(*store, "a", "1");
  ASSERT_TRUE(store->Ingest({{"s1", "x"}}).ok());
  ASSERT_TRUE(store->Backup(dir_.Sub("backup")).ok());
  Put(*store, "a", "2");
  EXPECT_EQ(CodeOf(store->Backup(dir_.Sub("backup"))), "BACKUP_EXISTS");

  auto backup = MustOpen(dir_.Sub("backup"));
  EXPECT_EQ(**backup->Get("a"), "1");
  EXPECT_EQ(**backup->Get("s1", Family::kSegments), "x");
  EXPECT_EQ(**store->Get("a"), "2");
}

// Else bytes of another state could pass for a record in its log.
TEST_F(RocksStoreTest, ABackupHasTheTagOfTheRecordsInItsLog) {
  auto store = MustOpen(Options().dir);
  Put(*store, "a", std::string(10000, 'x'));
  EXPECT_GT(store->UnflushedBytes(), 10000u);
  ASSERT_TRUE(store->Backup(dir_.Sub("backup")).ok());
  auto text = [](const std::string& path) {
    std::ifstream in(path);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_FALSE(text(dir_.Sub("store") + "/log-tag").empty());
  EXPECT_EQ(text(dir_.Sub("backup") + "/log-tag"), text(dir_.Sub("store") + "/log-tag"));
}

TEST_F(RocksStoreTest, UnfinishedRunsAreRemovedAtOpen) {
  MustOpen(Options().dir);
  std::ofstream(dir_.Sub("store") + "/runs/00000007.sst") << "half a run";
  auto store = MustOpen(Options().dir);
  EXPECT_TRUE(Files("runs", ".sst").empty());
}

TEST_F(RocksStoreTest, RunsAndTheirSpaceComeAndGoAsWholeFiles) {
  auto store = MustOpen(Options().dir);
  for (const char* upload : {"u1/", "u2/"}) {
    std::vector<std::pair<std::string, std::string>> run;
    for (char i = '0'; i < '9'; ++i) {
      run.emplace_back(std::string(upload) + i, std::string(100000, i));
    }
    ASSERT_TRUE(store->Ingest(run).ok());
  }
  EXPECT_TRUE(Files("runs", ".sst").empty());
  ASSERT_EQ(Files("db", ".sst").size(), 2u);
  ASSERT_TRUE(store->DropSegments("u1/", PrefixEnd("u1/")).ok());
  EXPECT_EQ(Files("db", ".sst").size(), 1u);
  EXPECT_TRUE((*store->Get("u2/5", Family::kSegments)).has_value());
}

}  // namespace
}  // namespace palermo::storage
