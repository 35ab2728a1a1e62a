// The program refuses to begin a second ledger, and a start that it refuses has written nothing.
#include "node/server/test_palermod.h"

namespace palermo::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class KeptLedger : public CheckConfig {
 protected:
  int StartToEnd(std::vector<std::string> more = {}) {
    Check();  // for the log
    more_ = std::move(more);
    Start();
    return WaitForExit();
  }
  // A start that was refused, and the reason that it gave.
  void ExpectRefused(const std::string& code, const std::vector<std::string>& more = {}) {
    EXPECT_EQ(StartToEnd(more), kExitRefused);
    EXPECT_THAT(Said(), HasSubstr(code));
  }
  int CheckStore() {
    Check();  // for the log
    more_ = {"--check-store"};
    Start();
    return WaitForExit();
  }
  // The exit code of a program that a signal ends while it waits for its configuration.
  int StopWhileItReads(const std::vector<std::string>& more) {
    std::string pipe = dir_ + "/pipe";
    mkfifo(pipe.c_str(), 0600);
    more_ = more;
    more_.push_back("--config=" + pipe);
    Start();
    // Until it has come so far that a signal does not simply kill it.
    auto waits = [this] {
      std::ifstream in("/proc/" + std::to_string(child_) + "/status");
      std::string text(std::istreambuf_iterator<char>(in), {});
      size_t at = text.find("SigBlk:");
      if (at == std::string::npos) return false;
      return (std::stoull(text.substr(at + 7), nullptr, 16) >> (SIGTERM - 1) & 1) != 0;
    };
    for (int i = 0; i < 100 && !waits(); ++i) absl::SleepFor(absl::Milliseconds(100));
    EXPECT_TRUE(waits());
    kill(child_, SIGTERM);
    return WaitForExit();
  }
  void RemoveLogs() {
    for (const auto& entry : std::filesystem::directory_iterator(StoreDir() + "/db")) {
      if (entry.path().extension() == ".log") std::filesystem::remove(entry.path());
    }
  }
  std::string StoreDir() { return dir_ + "/data/store"; }
  // The number behind a metric's name.
  std::string Metric(const std::string& name) {
    std::string page = WaitFor("/metrics");
    size_t at = page.find("\n" + name + " ");
    if (at == std::string::npos) return "none";
    at += name.size() + 2;
    return page.substr(at, page.find('\n', at) - at);
  }
};

TEST_F(KeptLedger, AStartAfterAKillIsNeverRefused) {
  for (int i = 0; i < 6; ++i) {
    Start();
    EXPECT_EQ(WaitFor("/readyz"), "ready\n") << i;
    absl::SleepFor(absl::Milliseconds(i * 300));
    kill(child_, SIGKILL);
    WaitForExit();
  }
}

TEST_F(KeptLedger, LogsThatAreGoneAreFoundByTheMark) {
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  kill(child_, SIGKILL);
  WaitForExit();
  RemoveLogs();
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("LEDGER_BEHIND"));
  EXPECT_EQ(StartToEnd(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("LEDGER_BEHIND"));
  EXPECT_THAT(Said(), Not(HasSubstr("document-published")));
}

TEST_F(KeptLedger, OneWrongBitInTheLogIsRefused) {
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  kill(child_, SIGKILL);
  WaitForExit();
  for (const auto& entry : std::filesystem::directory_iterator(StoreDir() + "/db")) {
    if (entry.path().extension() != ".log") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    auto middle = static_cast<std::streamoff>(std::filesystem::file_size(entry.path()) / 2);
    char byte = static_cast<char>(file.seekg(middle).get() ^ 1);
    file.seekp(middle).put(byte);
  }
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_DAMAGED"));
  EXPECT_EQ(StartToEnd(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_DAMAGED"));
}

TEST_F(KeptLedger, AMarkWithoutAStoreIsRefusedAndNothingIsMade) {
  RunOnce();
  std::filesystem::remove_all(StoreDir());
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_MISSING"));
  EXPECT_EQ(StartToEnd(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_MISSING"));
  EXPECT_FALSE(std::filesystem::exists(StoreDir()));
}

TEST_F(KeptLedger, AnEmptyFolderIsAFirstStartOnlyUnlessALedgerIsRequired) {
  EXPECT_EQ(StartToEnd({"--require-ledger"}), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_MISSING"));
  RunOnce();
  EXPECT_THAT(Said(), HasSubstr("first-start"));
  more_ = {"--require-ledger"};
  Start();
  EXPECT_EQ(WaitFor("/readyz"), "ready\n");
  EXPECT_THAT(Said(), Not(HasSubstr("first-start")));
}

// The disk of the data folder was exchanged for one that has the folders only.
TEST_F(KeptLedger, AStoreWithoutALedgerIsNoneWhenOneIsRequired) {
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  kill(child_, SIGKILL);
  WaitForExit();
  RemoveLogs();
  std::filesystem::remove(dir_ + "/data/ledger-mark");
  ExpectRefused("STORE_MISSING", {"--require-ledger"});
  more_ = {};
  Start();
  EXPECT_EQ(WaitFor("/readyz"), "ready\n");
  EXPECT_THAT(Said(), HasSubstr("first-start"));
}

TEST_F(KeptLedger, ACheckOfTheStoreReadsAllAndChangesNothing) {
  EXPECT_EQ(CheckStore(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_MISSING"));
  RunOnce();
  const auto before = Files();
  EXPECT_EQ(CheckStore(), kExitOk) << Said();
  EXPECT_THAT(Said(), HasSubstr("event=store-ok"));
  EXPECT_EQ(Files(), before);
  more_ = {};
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  const pid_t node = child_;
  EXPECT_EQ(CheckStore(), kExitRefused) << "the node runs";
  EXPECT_THAT(Said(), HasSubstr("STORE_IN_USE"));
  child_ = node;
}

TEST_F(KeptLedger, ACheckOfTheStoreFindsOneWrongBitInASortedFile) {
  RunOnce();
  RunOnce();  // and the log of the first run is a sorted file
  int changed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(StoreDir() + "/db")) {
    if (entry.path().extension() != ".sst") continue;
    ++changed;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    char byte = static_cast<char>(file.seekg(100).get() ^ 1);
    file.seekp(100).put(byte);
  }
  ASSERT_GT(changed, 0);
  EXPECT_EQ(CheckStore(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_DAMAGED"));
  EXPECT_THAT(Said(), Not(HasSubstr("event=store-ok")));
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_DAMAGED"));
  ExpectRefused("STORE_DAMAGED");
}

TEST_F(KeptLedger, AWrongClockIsFoundBeforeAnythingIsWritten) {
  Write("directory.bin", state_.Directory(absl::Now() + absl::Hours(2)).SerializeAsString());
  EXPECT_EQ(StartToEnd(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("CLOCK_WRONG"));
  EXPECT_FALSE(std::filesystem::exists(StoreDir()));
}

TEST_F(KeptLedger, DocumentsThatAreInForceAreNoRefusalAtARestart) {
  std::string entries;
  for (int i = 0; i < 3; ++i) {
    Start();
    ASSERT_EQ(WaitFor("/readyz"), "ready\n");
    EXPECT_EQ(Metric("palermo_refusals_total"), "0");
    if (i == 0) entries = Metric("palermo_ledger_entries");
    EXPECT_EQ(Metric("palermo_ledger_entries"), entries);
    kill(child_, SIGTERM);
    ASSERT_EQ(WaitForExit(), kExitOk);
  }
}

TEST_F(KeptLedger, ASignalEndsAStartThatWaits) { EXPECT_EQ(StopWhileItReads({}), kExitOk); }

TEST_F(KeptLedger, ACheckThatIsStoppedHasFoundNothingGood) {
  EXPECT_EQ(StopWhileItReads({"--check-config"}), kExitSecondSignal);
  EXPECT_EQ(StopWhileItReads({"--check-store"}), kExitSecondSignal);
}

}  // namespace
}  // namespace palermo::server
