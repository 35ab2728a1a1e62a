#include "node/server/backup_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/status.h"
#include "storage/test_dir.h"

namespace palermo::server {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const absl::Time kAt = absl::FromUnixMillis(1772442000123);  // 2026-03-02T09:00:00.123Z

void WriteText(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
std::string ReadText(const fs::path& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}
CopyLimits Freely(uint64_t reserve = 0) {
  return {reserve, uint64_t{1} << 40, [](absl::Duration) { return false; }};
}
std::vector<BackupFolder> Folders(const std::vector<uint64_t>& entries_newest_first) {
  std::vector<BackupFolder> all;
  absl::Time at = kAt;
  for (uint64_t entries : entries_newest_first) {
    at -= absl::Hours(24);
    all.push_back({std::to_string(all.size()), at, entries});
  }
  return all;
}

TEST(BackupName, SaysStateTimeAndSizeAndIsReadBack) {
  const std::string name = BackupName("QM", kAt, 12345);
  EXPECT_EQ(name, "palermo-QM-20260302T090000.123Z-12345");
  auto folder = ParseBackupName("QM", name);
  ASSERT_TRUE(folder.has_value());
  EXPECT_EQ(folder->at, kAt);
  EXPECT_EQ(folder->entries, 12345u);
  EXPECT_FALSE(ParseBackupName("QT", name).has_value()) << "another state's";
}

TEST(BackupName, NothingElseIsABackup) {
  for (const char* name :
       {"", "palermo-QM.new", "palermo-QM-20260302T090000.123Z-", "palermo-QM-20260302T090000.123Z",
        "palermo-QM-20260302T090000.123Z-012", "palermo-QM-20260302T090000.123Z-12x",
        "palermo-QM-20260302T090000.123Z--1", "palermo-QM-20261302T090000.123Z-1",
        "palermo-QM-20260302T090000Z-1", "palermo-QM-20260302T090000.123Z-1.new",
        "palermo-QM-20260302T090000.123Z-99999999999999999999"}) {
    EXPECT_FALSE(ParseBackupName("QM", name).has_value()) << name;
  }
}

TEST(BackupsToRemove, TheOldestGoAndTheNewestStays) {
  EXPECT_THAT(BackupsToRemove(Folders({9, 8, 7, 6}), 2, "0"), ElementsAre("2", "3"));
  EXPECT_THAT(BackupsToRemove(Folders({9, 8, 7, 6}), 4, "0"), IsEmpty());
  EXPECT_THAT(BackupsToRemove(Folders({9, 8}), 1, "0"), ElementsAre("1"));
}

TEST(BackupsToRemove, ALedgerThatLostItsEndPushesOutNoLargerOne) {
  EXPECT_THAT(BackupsToRemove(Folders({5, 5, 9, 8}), 2, "0"), ElementsAre("1", "3"));
  EXPECT_THAT(BackupsToRemove(Folders({5, 9}), 1, "0"), IsEmpty());
}

TEST(BackupsToRemove, TheOneJustMadeStaysWhateverTheClockSaid) {
  EXPECT_THAT(BackupsToRemove(Folders({3, 4, 5}), 1, "2"), ElementsAre("0", "1"));
}

class BackupFolderTest : public ::testing::Test {
 protected:
  // A folder on another disk than the temporary one; "" when the machine has none.
  std::string OtherDisk() {
    struct stat here, there;
    other_ = "/dev/shm/backup-XXXXXX";
    if (stat(dir_.path().c_str(), &here) != 0 || stat("/dev/shm", &there) != 0 ||
        here.st_dev == there.st_dev || mkdtemp(other_.data()) == nullptr) {
      other_ = "";
    }
    return other_;
  }
  void TearDown() override {
    std::error_code ignored;
    if (!other_.empty()) fs::remove_all(other_, ignored);
  }
  std::string Source() {
    const std::string from = dir_.Sub("from");
    fs::create_directories(from + "/store/db");
    WriteText(from + "/store/db/000004.sst", std::string(20'000'000, 'x'));
    WriteText(from + "/ledger-mark", "mark\n");
    return from;
  }
  storage::TestDir dir_;
  std::string other_;
};

TEST_F(BackupFolderTest, OnlyThisUsersFolderThatExistsIsTaken) {
  EXPECT_EQ(CodeOf(CheckBackupDir(dir_.Sub("none"))), "BACKUP_DIR_MISSING");
  WriteText(dir_.Sub("file"), "");
  EXPECT_EQ(CodeOf(CheckBackupDir(dir_.Sub("file"))), "BACKUP_DIR_MISSING");
  ASSERT_EQ(mkdir(dir_.Sub("open").c_str(), 0700), 0);
  EXPECT_EQ(CodeOf(CheckBackupDir(dir_.Sub("open"))), "OK");
  ASSERT_EQ(chmod(dir_.Sub("open").c_str(), 0770), 0);
  EXPECT_EQ(CodeOf(CheckBackupDir(dir_.Sub("open"))), "BACKUP_DIR_UNPROTECTED");
  if (geteuid() == 0) return;
  EXPECT_EQ(CodeOf(CheckBackupDir("/")), "BACKUP_DIR_UNPROTECTED") << "it is root's";
}

TEST_F(BackupFolderTest, ListsItsOwnTheNewestFirst) {
  for (const std::string& name :
       {BackupName("QM", kAt, 3), BackupName("QM", kAt + absl::Hours(1), 2),
        BackupName("QT", kAt, 9), std::string("palermo-QM.new"), std::string("lost+found")}) {
    fs::create_directories(dir_.Sub(name));
  }
  WriteText(dir_.Sub(BackupName("QM", kAt, 7)), "a file is no backup");
  auto all = ListBackups(dir_.path(), "QM");
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].entries, 2u);
  EXPECT_EQ((*all)[1].entries, 3u);
  EXPECT_EQ(CodeOf(ListBackups(dir_.Sub("none"), "QM").status()), "BACKUP_DIR_MISSING");
}

TEST_F(BackupFolderTest, OnTheSameDiskItIsRenamed) {
  const std::string from = Source();
  ASSERT_TRUE(BringFolder(from, dir_.Sub("to"), Freely(~uint64_t{0})).ok()) << "takes no room";
  EXPECT_FALSE(fs::exists(from));
  EXPECT_EQ(ReadText(dir_.Sub("to/ledger-mark")), "mark\n");
  ASSERT_TRUE(CheckBackupDir(dir_.path()).ok());
  EXPECT_EQ(CodeOf(CheckOtherDisk(dir_.path(), dir_.path())), "BACKUP_SAME_DISK");
}

TEST_F(BackupFolderTest, ToAnotherDiskItIsCopiedWholeAndForThisUserAlone) {
  if (OtherDisk().empty()) GTEST_SKIP() << "/dev/shm is no other disk here";
  EXPECT_EQ(CodeOf(CheckOtherDisk(other_, dir_.path())), "OK");
  const std::string from = Source();
  absl::Duration waited;
  CopyLimits slowly{0, 1'000'000, [&](absl::Duration time) {
                      waited += time;
                      return false;
                    }};
  absl::Status status = BringFolder(from, other_ + "/to", slowly);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_FALSE(fs::exists(from));
  EXPECT_EQ(ReadText(other_ + "/to/store/db/000004.sst"), std::string(20'000'000, 'x'));
  EXPECT_EQ(ReadText(other_ + "/to/ledger-mark"), "mark\n");
  EXPECT_EQ(BytesIn(other_ + "/to"), 20'000'005u);
  EXPECT_EQ(fs::status(other_ + "/to/store/db").permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(other_ + "/to/ledger-mark").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_GE(waited, absl::Seconds(20)) << "as slowly as it was told";
}

TEST_F(BackupFolderTest, NothingIsCopiedToADiskWithoutRoomForAll) {
  if (OtherDisk().empty()) GTEST_SKIP() << "/dev/shm is no other disk here";
  const std::string from = Source();
  absl::Status status = BringFolder(from, other_ + "/to", Freely(uint64_t{1} << 60));
  EXPECT_EQ(CodeOf(status), "BACKUP_NO_ROOM");
  EXPECT_THAT(TextOf(status), HasSubstr("disk-reserve-mib"));
  EXPECT_FALSE(fs::exists(other_ + "/to"));
}

TEST_F(BackupFolderTest, ACopyEndsWhenTheNodeStops) {
  if (OtherDisk().empty()) GTEST_SKIP() << "/dev/shm is no other disk here";
  int chunks = 0;
  CopyLimits stopping{0, 1, [&](absl::Duration) { return ++chunks == 2; }};
  EXPECT_EQ(CodeOf(BringFolder(Source(), other_ + "/to", stopping)), "BACKUP_STOPPED");
  EXPECT_EQ(chunks, 2);
}

}  // namespace
}  // namespace palermo::server
