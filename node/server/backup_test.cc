#include "node/server/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/random.h"
#include "base/status.h"
#include "crypto/checkpoint.h"
#include "crypto/signing.h"
#include "node/server/ledger_mark.h"
#include "storage/test_dir.h"
#include "tests/support/fake_clock.h"

namespace palermo::server {
namespace {

namespace fs = std::filesystem;
using storage::RocksStore;
using ::testing::HasSubstr;

class BackupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const std::string& path : {plan_.data_dir, plan_.dir}) {
      ASSERT_EQ(mkdir(path.c_str(), 0700), 0);
    }
    auto opened = RocksStore::Open({.dir = plan_.data_dir + "/store"});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
    Grow(7);
  }
  void Grow(uint64_t entries) {
    storage::WriteBatch batch;
    batch.PutUint64(storage::kTreeSizeKey, entries);
    batch.Put("key", std::to_string(entries));
    ASSERT_TRUE(store_->Apply(batch, storage::Durability::kSync).ok());
  }
  std::unique_ptr<Backups> Begin() {
    return std::make_unique<Backups>(
        plan_,
        BackupSource{store_.get(), [this] { return note_; }, [this] { return damaged_.load(); }},
        clock_, log_);
  }
  // A checkpoint of the ledger with so many entries.
  std::string Note(uint64_t entries) {
    SystemRandom random;
    crypto::Checkpoint checkpoint{"palermo/QM/1", entries, {}};
    return crypto::SignCheckpoint(checkpoint, crypto::SigningKey::Generate(random));
  }
  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(plan_.dir)) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  bool Await(const std::function<bool()>& met) {
    for (int i = 0; i < 3000 && !met(); ++i) absl::SleepFor(absl::Milliseconds(20));
    return met();
  }
  std::string Said() {
    absl::MutexLock lock(&said_mu_);
    return said_;
  }

  storage::TestDir dir_;
  BackupPlan plan_{.state = "QM",
                   .data_dir = dir_.Sub("data"),
                   .dir = dir_.Sub("backups"),
                   .every = absl::ZeroDuration(),
                   .keep = 2};
  palermo::testing::FakeClock clock_;
  absl::Mutex said_mu_;
  std::string said_;
  Log log_{LogLevel::kInfo, clock_, [this](const std::string& line) {
             absl::MutexLock lock(&said_mu_);
             said_ += line;
           }};
  std::string note_;
  std::atomic<bool> damaged_{false};
  std::unique_ptr<RocksStore> store_;
};

TEST_F(BackupTest, IsAWholeDataFolderOfItsMoment) {
  note_ = Note(7);
  auto backups = Begin();
  auto made = backups->MakeNow();
  ASSERT_TRUE(made.ok()) << made.status();
  Grow(9);
  EXPECT_EQ(made->folder, plan_.dir + "/" + BackupName("QM", clock_.Now(), 7));
  EXPECT_EQ(made->entries, 7u);
  EXPECT_EQ(made->bytes, BytesIn(made->folder));
  EXPECT_EQ(fs::status(made->folder).permissions(), fs::perms::owner_all);
  auto mark = ReadLedgerMark(made->folder);
  ASSERT_TRUE(mark.ok() && mark->has_value()) << mark.status();
  EXPECT_EQ((*mark)->size, 7u);
  auto copy = RocksStore::Open({.dir = made->folder + "/store", .create_if_missing = false});
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(**(*copy)->Get("key"), "7");
  EXPECT_THAT(Said(), HasSubstr("event=backup "));
  EXPECT_THAT(Said(), HasSubstr("entries=7"));
  EXPECT_EQ(backups->stats().made, 1u);
  EXPECT_EQ(backups->stats().newest_at_ms, ToMillis(clock_.Now()));
}

TEST_F(BackupTest, AnOlderOneGoesOnlyWhenANewerOneIsComplete) {
  auto backups = Begin();
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Hours(1));
    ASSERT_TRUE(backups->MakeNow().ok());
  }
  EXPECT_EQ(Names().size(), 2u);
  note_ = Note(1000);  // the copy cannot have that
  clock_.Advance(absl::Hours(1));
  auto before = Names();
  EXPECT_EQ(CodeOf(backups->MakeNow().status()), "BACKUP_FAILED");
  EXPECT_EQ(Names(), before) << "and nothing of the failed one is left";
  EXPECT_FALSE(fs::exists(plan_.data_dir + "/backup.new"));
  EXPECT_EQ(backups->stats().failed, 1u);
  EXPECT_THAT(Said(), HasSubstr("level=warning event=backup-failed code=BACKUP_FAILED"));
}

TEST_F(BackupTest, WithDamagedFilesInTheStoreNoOlderOneGoes) {
  damaged_ = true;
  auto backups = Begin();
  for (int i = 0; i < 4; ++i) {
    clock_.Advance(absl::Hours(1));
    ASSERT_TRUE(backups->MakeNow().ok());
  }
  EXPECT_EQ(Names().size(), 4u);
  EXPECT_THAT(Said(), HasSubstr("event=backups-kept"));
}

TEST_F(BackupTest, WhatAnEarlierEndLeftIsRemovedAndStrangersStay) {
  fs::create_directories(plan_.data_dir + "/backup.new/store");
  fs::create_directories(UnfinishedBackup(plan_.dir, "QM") + "/store");
  fs::create_directories(plan_.dir + "/palermo-QT.new");
  auto backups = Begin();
  ASSERT_TRUE(backups->MakeNow().ok());
  EXPECT_FALSE(fs::exists(plan_.data_dir + "/backup.new"));
  EXPECT_FALSE(fs::exists(UnfinishedBackup(plan_.dir, "QM")));
  EXPECT_TRUE(fs::exists(plan_.dir + "/palermo-QT.new"));
}

TEST_F(BackupTest, WhatAnEarlierEndLeftGoesAtTheStartNotOnlyWithTheNextBackup) {
  fs::create_directories(plan_.data_dir + "/backup.new/store");
  auto backups = Begin();
  EXPECT_TRUE(Await([&] { return !fs::exists(plan_.data_dir + "/backup.new"); }));
  EXPECT_TRUE(Names().empty());
}

TEST_F(BackupTest, WithoutItsFolderOrRoomItFailsAndTheNextOneIsMade) {
  auto backups = Begin();
  fs::remove(plan_.dir);
  EXPECT_EQ(CodeOf(backups->MakeNow().status()), "BACKUP_DIR_MISSING");
  EXPECT_FALSE(fs::exists(plan_.dir)) << "a disk that is not mounted";
  fs::create_directories(plan_.dir);
  fs::permissions(plan_.dir, fs::perms::owner_all);
  EXPECT_TRUE(backups->MakeNow().ok());
  backups.reset();
  plan_.reserve_bytes = uint64_t{1} << 60;
  EXPECT_EQ(CodeOf(Begin()->MakeNow().status()), "BACKUP_NO_ROOM");
  EXPECT_EQ(Names().size(), 1u);
}

TEST_F(BackupTest, IsMadeWhenTheNewestIsAsOldAsThePlanSaysAndTriedAgainAfterAFailure) {
  plan_.every = absl::Hours(24);
  plan_.retry = absl::Milliseconds(10);
  fs::create_directories(plan_.dir + "/" + BackupName("QM", clock_.Now() - absl::Hours(23), 3));
  auto backups = Begin();
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(backups->stats().made, 0u) << "there is an hour left";
  EXPECT_EQ(backups->stats().newest_at_ms, ToMillis(clock_.Now() - absl::Hours(23)));
  backups.reset();
  clock_.Advance(absl::Hours(2));
  fs::permissions(plan_.dir, fs::perms::all);
  backups = Begin();
  ASSERT_TRUE(Await([&] { return backups->stats().failed >= 2; }));
  fs::permissions(plan_.dir, fs::perms::owner_all);
  ASSERT_TRUE(Await([&] { return backups->stats().made == 1; }));
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(backups->stats().made, 1u) << "the next one in 24 hours";
}

TEST_F(BackupTest, AStoppedOneAnswersWhoWaits) {
  auto backups = Begin();
  backups->Stop();
  EXPECT_EQ(CodeOf(backups->MakeNow().status()), "BACKUP_STOPPED");
  EXPECT_TRUE(Names().empty());
}

// Each copy is a prefix of what was written: a value is there with all that were written before it.
TEST_F(BackupTest, WhileOthersWriteItHoldsWhatWasWrittenBeforeAndNoHole) {
  std::atomic<uint64_t> written{0};
  std::atomic<bool> over{false};
  std::thread writer([&] {
    for (uint64_t i = 1; !over; ++i) {
      storage::WriteBatch batch;
      batch.Put(BigEndian64(i), std::string(3000, 'x'));
      batch.PutOwned(BigEndian64(i), std::string(3000, 'y'), false, storage::Family::kSealed);
      batch.PutUint64(storage::kTreeSizeKey, i);
      EXPECT_TRUE(store_->Apply(batch, storage::Durability::kNoSync).ok());
      written = i;
      absl::SleepFor(absl::Microseconds(200));
    }
  });
  auto backups = Begin();
  for (int round = 0; round < 4; ++round) {
    clock_.Advance(absl::Seconds(1));
    absl::SleepFor(absl::Milliseconds(50));
    const uint64_t before = written;
    auto made = backups->MakeNow();
    ASSERT_TRUE(made.ok()) << made.status();
    EXPECT_GE(made->entries, before);
    auto copy = RocksStore::Open({.dir = made->folder + "/store", .create_if_missing = false});
    ASSERT_TRUE(copy.ok()) << copy.status();
    ASSERT_TRUE((*copy)->Scrub().ok());
    for (uint64_t i = 1; i <= made->entries; ++i) {
      ASSERT_TRUE((*copy)->Get(BigEndian64(i))->has_value()) << i;
      ASSERT_TRUE((*copy)->Get(BigEndian64(i), storage::Family::kSealed)->has_value()) << i;
    }
  }
  over = true;
  writer.join();
}

}  // namespace
}  // namespace palermo::server
