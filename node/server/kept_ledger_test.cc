// The program refuses to begin a second ledger, and a start that it refuses has written nothing.
#include "crypto/checkpoint.h"
#include "node/server/ledger_mark.h"
#include "node/server/test_palermod.h"
#include "node/trust/documents.h"

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

// Entries are lost, or all of them: the state's directory begins a new epoch, under new keys.
class NewEpoch : public KeptLedger {
 protected:
  void WriteNextEpoch(const crypto::Checkpoint& end, uint64_t kept) {
    v1::Directory body;
    const v1::SignedDocument first = state_.Directory();
    std::ifstream in(dir_ + "/directory.bin", std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    v1::SignedDocument in_force;
    ASSERT_TRUE(in_force.ParseFromString(bytes) && body.ParseFromString(first.document()));
    state_.checkpoint = crypto::SigningKey::Generate(random_);
    state_.cosign = crypto::SigningKey::Generate(random_);
    body.set_version(2);
    body.set_previous_sha256(std::string(AsView(crypto::Sha256(in_force.document()))));
    v1::NodeEntry* node = body.mutable_node();
    node->set_checkpoint_key(std::string(crypto::AsView(state_.checkpoint.public_key())));
    node->set_cosignature_key(std::string(crypto::AsView(state_.cosign.public_key())));
    node->set_ledger_origin("palermo/XA/2");
    node->mutable_former_ledger()->set_origin(end.origin);
    node->mutable_former_ledger()->set_size(end.size);
    node->mutable_former_ledger()->set_root(std::string(AsView(end.root)));
    node->mutable_former_ledger()->set_kept(kept);
    v1::SignedDocument next;
    next.set_document(body.SerializeAsString());
    trust::SignDocument(crypto::Purpose::kDirectory, state_.administrator, &next);
    Write("directory.bin", next.SerializeAsString());
    Write("node.key", KeyFile());
  }
  crypto::Checkpoint Mark() { return **ReadLedgerMark(dir_ + "/data"); }
};

TEST_F(NewEpoch, BeginsBehindTheEntriesThatAreLeft) {
  RunOnce();
  const crypto::Checkpoint end = Mark();
  WriteNextEpoch({end.origin, end.size + 5, Hash{}}, end.size);
  EXPECT_EQ(Check(), kExitOk) << Said();
  EXPECT_EQ(Mark(), end);
  RunOnce();
  EXPECT_THAT(Said(), HasSubstr("origin=palermo/XA/2"));
  EXPECT_EQ(Mark().origin, "palermo/XA/2");
  EXPECT_GT(Mark().size, end.size);
  const crypto::Checkpoint now = Mark();
  RunOnce();
  EXPECT_EQ(Mark(), now);
  EXPECT_EQ(CheckStore(), kExitOk) << Said();
}

TEST_F(NewEpoch, BeginsWithoutAStoreWhenItsMarkIsThere) {
  RunOnce();
  const crypto::Checkpoint end = Mark();
  std::filesystem::remove_all(StoreDir());
  WriteNextEpoch(end, 1);
  ExpectRefused("WRONG_EPOCH");
  std::filesystem::remove_all(StoreDir());
  WriteNextEpoch(end, 0);
  EXPECT_EQ(Check(), kExitOk) << Said();
  RunOnce();
  EXPECT_EQ(Mark().origin, "palermo/XA/2");
  // Once: the directory stays in the configuration, and the disk is not mounted some day.
  std::filesystem::remove_all(StoreDir());
  ExpectRefused("STORE_MISSING");
  std::filesystem::remove_all(dir_ + "/data");
  ExpectRefused("STORE_MISSING");
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
