// A log that is damaged inside is refused and left as it is; one that a crash tore is not.
#include "storage/wal_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/bytes.h"
#include "base/status.h"
#include "rocksdb/env.h"
#include "storage/rocks_store.h"
#include "storage/test_dir.h"

namespace palermo::storage {
namespace {

using ::testing::HasSubstr;
namespace files = std::filesystem;

class WalCheckTest : public testing::Test {
 protected:
  // Batches of this many bytes, all in the log.
  void Fill(int batches, size_t bytes) {
    auto store = RocksStore::Open({.dir = dir_.Sub("store")});
    ASSERT_TRUE(store.ok()) << store.status();
    for (int i = 0; i < batches; ++i) {
      WriteBatch batch;
      batch.Put(Cat({"n/", BigEndian64(i)}), std::string(bytes, static_cast<char>('a' + i % 26)));
      ASSERT_TRUE((*store)->Apply(batch, Durability::kSync).ok());
    }
  }
  // One batch for each value, in one log.
  void Put(const std::vector<std::string>& values) {
    auto store = RocksStore::Open({.dir = dir_.Sub("store")});
    ASSERT_TRUE(store.ok()) << store.status();
    for (size_t i = 0; i < values.size(); ++i) {
      WriteBatch batch;
      batch.Put(Cat({"n/", BigEndian64(100 + i)}), values[i]);
      ASSERT_TRUE((*store)->Apply(batch, Durability::kSync).ok());
    }
  }
  // A whole piece of RocksDB's log with these bytes, its checksum computed bit by bit.
  static std::string WholePiece(const std::string& bytes) {
    const std::string covered = '\x01' + bytes;
    uint32_t crc = 0xffffffffU;
    for (char byte : covered) {
      crc ^= static_cast<uint8_t>(byte);
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78U : crc >> 1;
    }
    crc ^= 0xffffffffU;
    crc = ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
    std::string piece;
    for (int i = 0; i < 4; ++i) piece += static_cast<char>(crc >> (8 * i));
    piece += static_cast<char>(bytes.size());
    piece += '\0';
    return piece + covered;
  }
  std::string Log() {
    std::vector<std::string> found;
    for (const auto& entry : files::directory_iterator(dir_.Sub("store") + "/db")) {
      if (entry.path().extension() == ".log") found.push_back(entry.path().string());
    }
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? "" : found.front();
  }
  static std::string Content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  static void Replace(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  absl::Status Check() {
    rocksdb::Env& env = *rocksdb::Env::Default();
    const std::string tag = ReadLogTag(env, dir_.Sub("store") + "/log-tag");
    EXPECT_EQ(tag.size(), kLogTagBytes);
    return CheckLogs(env, dir_.Sub("store") + "/db", tag).status();
  }
  int Kept() {
    auto store = RocksStore::Open({.dir = dir_.Sub("store")});
    EXPECT_TRUE(store.ok()) << store.status();
    int kept = 0;
    if (!store.ok()) return -1;
    EXPECT_TRUE((*store)->ScanPrefix("n/", [&](auto, auto) { return ++kept > 0; }).ok());
    return kept;
  }

  TestDir dir_;
};

TEST_F(WalCheckTest, IntactLogsPass) {
  for (size_t bytes : {10U, 1000U, 100'000U}) {
    Fill(40, bytes);
    EXPECT_EQ(CodeOf(Check()), "OK") << bytes;
  }
  EXPECT_EQ(Kept(), 40);
}

// A beginning of a record in the last bytes of a block has less than its header, or nothing.
TEST_F(WalCheckTest, RecordsThatBeginAtTheVeryEndOfABlockPass) {
  for (size_t bytes = 32 * 1024 - 140; bytes < 32 * 1024 - 60; ++bytes) {
    files::remove_all(dir_.Sub("store"));
    Fill(3, bytes);
    ASSERT_EQ(CodeOf(Check()), "OK") << bytes;
  }
}

TEST_F(WalCheckTest, OneWrongBitBeforeTheLastRecordIsRefusedAndNothingIsTouched) {
  for (size_t bytes : {300U, 50'000U}) {
    files::remove_all(dir_.Sub("store"));
    Fill(30, bytes);
    const std::string log = Log();
    const std::string intact = Content(log);
    for (double part : {0.02, 0.3, 0.5, 0.77, 0.9}) {
      std::string damaged = intact;
      const auto at = static_cast<size_t>(static_cast<double>(intact.size()) * part);
      damaged[at] = static_cast<char>(damaged[at] ^ 4);
      Replace(log, damaged);
      absl::Status opened = RocksStore::Open({.dir = dir_.Sub("store")}).status();
      EXPECT_EQ(CodeOf(opened), "STORE_DAMAGED") << part;
      EXPECT_THAT(TextOf(opened), HasSubstr("restore all of it"));
      EXPECT_EQ(Content(log), damaged) << "what is behind the damage may still be wanted";
    }
    Replace(log, intact);
    EXPECT_EQ(Kept(), 30);
  }
}

TEST_F(WalCheckTest, ALengthThatIsWrongDoesNotHideWhatFollows) {
  Fill(30, 300);
  const std::string log = Log();
  std::string damaged = Content(log);
  const size_t second = damaged.find(std::string(300, 'b'));
  ASSERT_NE(second, std::string::npos);
  // Header of the record: 7 bytes; sequence and count 12; the tag 18; kind, two lengths and the key
  // 1 + 1 + 10 + 2.
  const size_t header = second - 14 - 18 - 12 - 7;
  damaged[header + 5] = '\x7f';
  Replace(log, damaged);
  EXPECT_EQ(CodeOf(Check()), "STORE_DAMAGED");
}

TEST_F(WalCheckTest, ZeroedBytesInsideAreRefused) {
  Fill(30, 5000);
  const std::string log = Log();
  std::string damaged = Content(log);
  std::fill_n(damaged.begin() + 40'000, 20'000, '\0');
  Replace(log, damaged);
  EXPECT_EQ(CodeOf(Check()), "STORE_DAMAGED");
}

TEST_F(WalCheckTest, ACrashMayTearTheLastRecordAnywhere) {
  Fill(4, 20'000);
  const std::string log = Log();
  const std::string intact = Content(log);
  const size_t last = intact.find(std::string(100, 'd')) - 200;
  for (size_t kept = last; kept < intact.size(); kept += 97) {
    Replace(log, intact.substr(0, kept));
    EXPECT_EQ(CodeOf(Check()), "OK") << kept;
  }
  Replace(log, intact.substr(0, intact.size() - 5));
  EXPECT_EQ(Kept(), 3);
}

// Of a batch in flight any page may reach the disk before another.
TEST_F(WalCheckTest, ACrashMayLeaveLaterPagesOfTheLastRecordOnly) {
  Fill(3, 100'000);
  const std::string log = Log();
  const std::string intact = Content(log);
  const size_t last = intact.find(std::string(100, 'c'));
  for (size_t hole = last; hole + 4096 < intact.size(); hole += 4096) {
    std::string torn = intact;
    std::fill_n(torn.begin() + static_cast<ptrdiff_t>(hole), 4096, '\0');
    Replace(log, torn);
    EXPECT_EQ(CodeOf(Check()), "OK") << hole;
  }
  EXPECT_EQ(Kept(), 2);
}

TEST_F(WalCheckTest, ATornLogAndTheOneThatWentOnAfterTheCrashPass) {
  Fill(4, 20'000);
  const std::string torn_log = Log();
  const std::string intact = Content(torn_log);
  const std::string torn = intact.substr(0, intact.size() - 5);
  Replace(torn_log, torn);
  EXPECT_EQ(Kept(), 3);
  Replace(torn_log, torn);  // a crash in the recovery, before it was deleted
  EXPECT_EQ(CodeOf(Check()), "OK");
  EXPECT_EQ(Kept(), 3);
}

// A whole record of no bytes is seven bytes that never change, and a message may hold them.
TEST_F(WalCheckTest, WhatAnotherStateWritesIsNeverTakenForARecord) {
  for (bool longer : {false, true}) {
    std::string value(60'000, 'x');
    const std::string bytes = longer ? WholePiece(std::string(64, 'y')) : WholePiece("");
    for (size_t at = 0; at + bytes.size() < value.size(); at += 1000)
      value.replace(at, bytes.size(), bytes);
    files::remove_all(dir_.Sub("store"));
    Put({std::string(500, 'a'), std::string(500, 'b'), value});
    const std::string log = Log();
    const std::string intact = Content(log);
    for (size_t less : {5U, 1000U, 20'000U, 50'000U}) {
      Replace(log, intact.substr(0, intact.size() - less));
      EXPECT_EQ(CodeOf(Check()), "OK") << less;
    }
    Replace(log, intact);
    EXPECT_EQ(CodeOf(Check()), "OK");
    // And damage before it is still seen.
    std::string damaged = intact;
    damaged[300] = static_cast<char>(damaged[300] ^ 1);
    Replace(log, damaged);
    EXPECT_EQ(CodeOf(Check()), "STORE_DAMAGED");
  }
}

TEST_F(WalCheckTest, WithoutItsTagAllThatLooksLikeARecordIsOne) {
  Put({std::string(500, 'a'), std::string(5000, 'x') + WholePiece("") + std::string(5000, 'x')});
  const std::string tag = dir_.Sub("store") + "/log-tag", log = Log();
  Replace(log, Content(log).substr(0, Content(log).size() - 5));
  EXPECT_EQ(CodeOf(Check()), "OK");
  for (const char* wrong : {"", "00"}) {
    Replace(tag, wrong);
    EXPECT_EQ(CodeOf(RocksStore::Open({.dir = dir_.Sub("store")}).status()), "STORE_DAMAGED");
  }
}

// One in a later log is not what an earlier one was torn from.
TEST_F(WalCheckTest, AHoleInALaterLogIsSeenBehindATornOne) {
  Fill(4, 20'000);
  const std::string first = Log();
  const std::string torn = Content(first).substr(0, Content(first).size() - 5);
  Replace(first, torn);
  Put({"goes on"});
  const std::string second = Log();
  Replace(first, torn);  // a crash before it was deleted
  EXPECT_EQ(CodeOf(Check()), "OK");
  std::string damaged = Content(second);
  damaged[10] = static_cast<char>(damaged[10] ^ 1);
  Replace(second, damaged);
  EXPECT_EQ(CodeOf(Check()), "STORE_DAMAGED");
}

TEST_F(WalCheckTest, AFileThatCannotBeLockedIsNoNodeThatRuns) {
  Fill(1, 10);
  const std::string lock = dir_.Sub("store") + "/db/LOCK";
  files::remove(lock);
  files::create_directory(lock);
  for (bool read_only : {false, true}) {
    RocksStore::Options options{
        .dir = dir_.Sub("store"), .create_if_missing = false, .read_only = read_only};
    EXPECT_EQ(CodeOf(RocksStore::Open(options).status()), "STORE_UNREACHABLE");
  }
}

TEST_F(WalCheckTest, ALogThatWasCutBelowAnIntactLaterOneIsRefused) {
  Fill(4, 20'000);
  const std::string first = Log();
  const std::string intact = Content(first);
  Replace(files::path(first).parent_path().string() + "/999999.log", intact);
  Replace(first, intact.substr(0, intact.size() / 2));
  EXPECT_EQ(CodeOf(Check()), "STORE_DAMAGED");
}

class SmallDisk final : public rocksdb::EnvWrapper {
 public:
  explicit SmallDisk(uint64_t free) : EnvWrapper(rocksdb::Env::Default()), free_(free) {}
  const char* Name() const override { return "SmallDisk"; }
  rocksdb::Status GetFreeSpace(const std::string&, uint64_t* free) override {
    *free = free_;
    return rocksdb::Status::OK();
  }

 private:
  const uint64_t free_;
};

// RocksDB ends the process by an assertion when a file of its recovery cannot be written.
TEST_F(WalCheckTest, AFullDiskIsSaidBeforeRocksDbOpensAnything) {
  Fill(4, 1'000'000);
  const std::string log = Log();
  SmallDisk disk(9'000'000);
  RocksStore::Options options{.dir = dir_.Sub("store"), .env = &disk};
  EXPECT_EQ(CodeOf(RocksStore::Open(options).status()), "DISK_FULL");
  EXPECT_TRUE(files::exists(log));
  SmallDisk enough(100'000'000);
  options.env = &enough;
  EXPECT_EQ(CodeOf(RocksStore::Open(options).status()), "OK");
}

TEST_F(WalCheckTest, ReadOnlyReadsTheLogsAndChangesNoFile) {
  Fill(10, 1000);
  auto listed = [&] {
    std::map<std::string, std::string> all;
    for (const auto& entry : files::recursive_directory_iterator(dir_.Sub("store"))) {
      if (entry.is_regular_file()) all[entry.path().string()] = Content(entry.path().string());
    }
    return all;
  };
  const auto before = listed();
  {
    auto store =
        RocksStore::Open({.dir = dir_.Sub("store"), .create_if_missing = false, .read_only = true});
    ASSERT_TRUE(store.ok()) << store.status();
    int kept = 0;
    EXPECT_TRUE((*store)->ScanPrefix("n/", [&](auto, auto) { return ++kept > 0; }).ok());
    EXPECT_EQ(kept, 10);
  }
  EXPECT_EQ(listed(), before);
  EXPECT_EQ(CodeOf(RocksStore::Open(
                       {.dir = dir_.Sub("none"), .create_if_missing = false, .read_only = true})
                       .status()),
            "STORE_MISSING");
}

}  // namespace
}  // namespace palermo::storage
