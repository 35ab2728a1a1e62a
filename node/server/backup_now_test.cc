// --backup-now, asked of the real program, and what comes of it.
#include "node/server/test_palermod.h"

namespace palermo::server {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;

class BackupNow : public CheckConfig {
 protected:
  void SetUp() override {
    CheckConfig::SetUp();
    if (IsSkipped()) return;
    backups_ = dir_ + "/backups";
    ASSERT_EQ(mkdir(backups_.c_str(), 0700), 0);
  }
  void TearDown() override {
    if (node_ > 0) {
      kill(node_, SIGKILL);
      waitpid(node_, nullptr, 0);
    }
    CheckConfig::TearDown();
  }
  // The node; what it says goes elsewhere than what the commands say.
  void StartNode(const std::vector<std::string>& more = {"--backup-every-hours=0"}) {
    SayTo(dir_ + "/node.log");
    more_ = {"--backup-dir=" + backups_};
    more_.insert(more_.end(), more.begin(), more.end());
    Start();
    node_ = child_;
    child_ = 0;
    node_http_ = http_port_;
    ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  }
  int StopNode(int signal = SIGTERM) {
    kill(node_, signal);
    child_ = node_;
    node_ = 0;
    return WaitForExit();
  }
  int Command(const std::string& argument) {
    SayTo(dir_ + "/log");
    log_ = dir_ + "/log";
    more_ = {"--backup-dir=" + backups_, argument};
    Start();
    return WaitForExit();
  }
  void SayTo(const std::string& path) {
    before_exec_ = [path] {
      int log = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
      dup2(log, STDERR_FILENO);
      dup2(log, STDOUT_FILENO);
    };
  }
  std::vector<std::string> Backups() {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(backups_)) all.push_back(entry.path());
    return all;
  }
  std::string Page() {
    http_port_ = node_http_;
    return WaitFor("/metrics");
  }
  // All of data-dir is gone, and the backup is there instead.
  void Restore(const std::string& backup) {
    fs::remove_all(dir_ + "/data");
    fs::copy(backup, dir_ + "/data", fs::copy_options::recursive);
    ASSERT_EQ(chmod((dir_ + "/data").c_str(), 0700), 0);
  }

  std::string backups_;
  pid_t node_ = 0;
  int node_http_ = 0;
};

TEST_F(BackupNow, IsMadeByTheRunningNodeAndANodeStartsFromIt) {
  StartNode();
  EXPECT_THAT(Page(), HasSubstr("palermo_last_backup_timestamp_seconds 0"));
  EXPECT_EQ(Command("--backup-now"), kExitOk) << Said();
  ASSERT_EQ(Backups().size(), 1u);
  const std::string backup = Backups()[0];
  EXPECT_THAT(Said(), HasSubstr("event=backup folder=" + backup));
  EXPECT_THAT(Page(), HasSubstr("palermo_backups_total 1"));
  EXPECT_THAT(Page(), Not(HasSubstr("palermo_last_backup_timestamp_seconds 0")));
  for (const auto& entry : fs::recursive_directory_iterator(backup)) {
    const fs::perms others = fs::perms::group_all | fs::perms::others_all;
    EXPECT_EQ(entry.status().permissions() & others, fs::perms::none) << entry.path();
  }
  EXPECT_EQ(StopNode(), kExitOk);
  Restore(backup);
  EXPECT_TRUE(fs::exists(dir_ + "/data/ledger-mark"));
  EXPECT_TRUE(fs::exists(dir_ + "/data/store/log-tag"));
  EXPECT_EQ(Command("--check-store"), kExitOk) << Said();
  EXPECT_THAT(Said(), HasSubstr("event=store-ok"));
  StartNode({"--require-ledger"});
  EXPECT_EQ(StopNode(), kExitOk);
}

TEST_F(BackupNow, SaysThatNobodyRunsWhoCouldMakeIt) {
  EXPECT_EQ(Command("--backup-now"), kExitNobodyToAsk);
  EXPECT_THAT(Said(), HasSubstr("NOBODY_TO_ASK"));
  StartNode();
  StopNode(SIGKILL);
  EXPECT_EQ(Command("--backup-now"), kExitNobodyToAsk) << "its socket is there, nobody listens";
  StartNode();
  EXPECT_EQ(Command("--backup-now"), kExitOk) << Said();
  EXPECT_EQ(StopNode(), kExitOk);
  EXPECT_FALSE(fs::exists(dir_ + "/data/backup-now"));
}

TEST_F(BackupNow, SaysWhyItFailedAndTheNodeGoesOn) {
  StartNode();
  ASSERT_TRUE(fs::remove(backups_));
  EXPECT_EQ(Command("--backup-now"), kExitBackupFailed);
  EXPECT_THAT(Said(), HasSubstr("BACKUP_DIR_MISSING"));
  EXPECT_THAT(Page(), HasSubstr("palermo_backup_failures_total 1"));
  EXPECT_FALSE(fs::exists(backups_));
  EXPECT_FALSE(fs::exists(dir_ + "/data/backup.new"));
  http_port_ = node_http_;
  EXPECT_EQ(WaitFor("/readyz"), "ready\n");
  EXPECT_EQ(StopNode(), kExitOk);
  ASSERT_EQ(mkdir(backups_.c_str(), 0700), 0);
  StartNode({"--backup-every-hours=0", "--disk-reserve-mib=16777216"});
  EXPECT_EQ(Command("--backup-now"), kExitBackupFailed);
  EXPECT_THAT(Said(), HasSubstr("BACKUP_NO_ROOM"));
  EXPECT_TRUE(Backups().empty());
}

TEST_F(BackupNow, TheFirstOneComesByItselfAndOldOnesGo) {
  StartNode({"--backup-keep=2"});
  for (int i = 0; i < 100 && Backups().empty(); ++i) absl::SleepFor(absl::Milliseconds(100));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Command("--backup-now"), kExitOk) << Said();
  EXPECT_EQ(Backups().size(), 2u);
  EXPECT_EQ(StopNode(), kExitOk);
}

TEST_F(BackupNow, ACheckOfTheConfigurationTellsOfAFolderThatCannotBeUsed) {
  ASSERT_EQ(chmod(backups_.c_str(), 0777), 0);
  EXPECT_EQ(Command("--check-config"), kExitOk) << Said();
  EXPECT_THAT(Said(), HasSubstr("BACKUP_DIR_UNPROTECTED"));
}

}  // namespace
}  // namespace palermo::server
