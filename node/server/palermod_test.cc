// The program itself, from outside: starts, says that it is ready, speaks TLS 1.3 only, drains.
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <sstream>

#include "base/sanitizers.h"
#include "node/server/test_palermod.h"

namespace palermo::server {
namespace {

using testing::HasSubstr;

TEST_F(PalermodTest, ServesAndDrains) {
  Start();
  EXPECT_EQ(WaitFor("/readyz"), "ready\n");
  EXPECT_EQ(WaitFor("/healthz"), "ok\n");
  EXPECT_THAT(WaitFor("/metrics"), HasSubstr("palermo_ready 1"));
  EXPECT_TRUE(Handshake("-tls1_3"));
  EXPECT_FALSE(Handshake("-tls1_2"));
  kill(child_, SIGTERM);
  EXPECT_EQ(WaitForExit(), kExitOk);
}

TEST_F(PalermodTest, KnowsThatItIsReadyWithoutBeingAsked) {
  Start();
  EXPECT_EQ(WaitFor("/healthz"), "ok\n");
  std::string page;
  for (int i = 0; i < 100 && page.find("palermo_ready 1") == std::string::npos; ++i) {
    absl::SleepFor(absl::Milliseconds(100));
    page = WaitFor("/metrics");
  }
  EXPECT_THAT(page, HasSubstr("palermo_ready 1"));
}

TEST_F(PalermodTest, StartsAgainOnItsStore) {
  for (int i = 0; i < 2; ++i) {
    Start();
    EXPECT_EQ(WaitFor("/readyz"), "ready\n");
    kill(child_, SIGINT);
    EXPECT_EQ(WaitForExit(), kExitOk);
  }
}

TEST_F(PalermodTest, ReadsItsStoredFilesInTheBackground) {
  std::string page;
  for (int i = 0; i < 2; ++i) {  // at the second start the log's content becomes a sorted file
    Start();
    EXPECT_EQ(WaitFor("/readyz"), "ready\n");
    for (int tries = 0; i == 1 && tries < 100; ++tries) {
      page = WaitFor("/metrics");
      if (page.find("palermo_scrubbed_bytes_total 0") == std::string::npos) break;
      absl::SleepFor(absl::Milliseconds(100));
    }
    kill(child_, SIGTERM);
    EXPECT_EQ(WaitForExit(), kExitOk);
  }
  EXPECT_THAT(page, HasSubstr("palermo_scrubbed_bytes_total "));
  EXPECT_THAT(page, Not(HasSubstr("palermo_scrubbed_bytes_total 0")));
  EXPECT_THAT(page, HasSubstr("palermo_damaged_files 0"));
}

TEST_F(PalermodTest, WrongFingerprintIsRefused) {
  fingerprint_[0] = fingerprint_[0] == '0' ? '1' : '0';
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
}

TEST_F(PalermodTest, AnExpiredOwnDirectoryIsRefused) {
  Write("directory.bin", state_.Directory(absl::Now() - absl::Hours(24 * 3)).SerializeAsString());
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
}

TEST_F(PalermodTest, OpenKeyFileIsRefused) {
  ASSERT_EQ(chmod((dir_ + "/node.key").c_str(), 0644), 0);
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
}

TEST_F(PalermodTest, AddressInUseHasItsOwnExitCode) {
  PortHolder holder(state_.endpoint);
  Start();
  EXPECT_EQ(WaitForExit(), kExitCannotListen);
}

// --- What --check-config finds

TEST_F(PalermodTest, IsNotReadyWithATlsKeyThatTheDirectoryDoesNotName) {
  state_.tls_key = crypto::GenerateP256Key();
  Write("node.key", KeyFile());
  Start();
  std::string answer;
  for (int i = 0; i < 100 && answer.empty(); ++i) {
    auto page = httplib::Client("127.0.0.1", http_port_).Get("/readyz");
    if (page && page->status == 503) answer = page->body;
    if (answer.empty()) absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_THAT(answer, HasSubstr("OWN_KEY_NOT_IN_DIRECTORY"));
}

TEST_F(CheckConfig, AcceptsWhatAStartAcceptsAndLeavesNothingBehind) {
  EXPECT_EQ(Check(), kExitOk) << Said();
  EXPECT_THAT(Said(), HasSubstr("configuration-ok"));
  EXPECT_NE(access((dir_ + "/data").c_str(), F_OK), 0);
  RunOnce();
  EXPECT_EQ(Check(), kExitOk) << Said();
  RunOnce();  // and the store is as it was
}

TEST_F(CheckConfig, RefusesADirectoryThatAStartWouldRefuse) {
  Write("directory.bin", state_.Directory(absl::Now() - absl::Hours(24 * 3)).SerializeAsString());
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("DIRECTORY_EXPIRED"));
  v1::SignedDocument unsigned_one = state_.Directory();
  unsigned_one.clear_signatures();
  Write("directory.bin", unsigned_one.SerializeAsString());
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("TOO_FEW_SIGNATURES"));
}

TEST_F(CheckConfig, RefusesACharterThatTheRootDidNotSign) {
  v1::SignedDocument charter = state_.Charter();
  charter.clear_signatures();
  Write("charter.bin", charter.SerializeAsString());
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("charter"));
}

TEST_F(CheckConfig, RefusesAnotherCheckpointKeyThanTheStoreAndTheDirectoryHave) {
  RunOnce();
  state_.checkpoint = crypto::SigningKey::Generate(random_);
  Write("node.key", KeyFile());
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("WRONG_KEY"));
}

TEST_F(CheckConfig, RefusesADataFolderThatOthersMayWriteOrThatCannotBeMade) {
  ASSERT_EQ(mkdir((dir_ + "/data").c_str(), 0700), 0);
  ASSERT_EQ(chmod((dir_ + "/data").c_str(), 0777), 0);
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("DATA_DIR_UNPROTECTED"));
  ASSERT_EQ(rmdir((dir_ + "/data").c_str()), 0);
  Write("data", "a file");
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("DATA_DIR_UNUSABLE"));
}

TEST_F(CheckConfig, RefusesADamagedStore) {
  RunOnce();
  Write("data/store/db/CURRENT", "nonsense\n");
  EXPECT_EQ(Check(), kExitRefused);
  EXPECT_THAT(Said(), HasSubstr("STORE_DAMAGED"));
}

TEST_F(CheckConfig, SaysThatAnAddressIsInUse) {
  PortHolder holder(state_.endpoint);
  EXPECT_EQ(Check(), kExitCannotListen);
  EXPECT_THAT(Said(), HasSubstr("CANNOT_LISTEN"));
}

TEST_F(CheckConfig, WarnsOfATlsKeyThatNobodyWouldAccept) {
  state_.tls_key = crypto::GenerateP256Key();
  Write("node.key", KeyFile());
  EXPECT_EQ(Check(), kExitOk) << "it starts, and is not ready";
  EXPECT_THAT(Said(), HasSubstr("OWN_KEY_NOT_IN_DIRECTORY"));
}

TEST_F(CheckConfig, SaysWhatItCannotCheckWhileTheNodeRuns) {
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  pid_t node = child_;
  EXPECT_EQ(Check(), kExitOk);
  EXPECT_THAT(Said(), HasSubstr("node-is-running"));
  child_ = node;
}

TEST_F(CheckConfig, ChangesNoFileOfAStoreThatACrashLeft) {
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  kill(child_, SIGKILL);
  WaitForExit();
  auto before = Files();
  EXPECT_EQ(Check(), kExitOk) << Said();
  EXPECT_EQ(Files(), before);
  EXPECT_GT(before.size(), 3U);
}

// --- Secrets

// What this process may do to another one, without root's right to do it anyway.
int TraceErrno(pid_t target) {
  pid_t child = fork();
  if (child == 0) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    if (syscall(SYS_capset, &header, none) != 0) _exit(255);
    if (ptrace(PTRACE_ATTACH, target, nullptr, nullptr) == 0) _exit(0);
    _exit(errno);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// In a child before exec: root's program gets no special right either, or those alone would keep
// others from tracing it.
void DropRights() {
  for (int right = 0; right <= CAP_LAST_CAP; ++right) prctl(PR_CAPBSET_DROP, right, 0, 0, 0);
}

TEST_F(PalermodTest, LeavesNoCoreDumpAndLetsNobodyTraceIt) {
  before_exec_ = [] {
    rlimit wide{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &wide);
    DropRights();
  };
  Start();
  ASSERT_EQ(WaitFor("/readyz"), "ready\n");
  std::ifstream limits("/proc/" + std::to_string(child_) + "/limits");
  std::string text(std::istreambuf_iterator<char>(limits), {}), core = "Max core file size";
  std::istringstream line(text.substr(text.find(core) + core.size()));
  std::string soft, hard;
  line >> soft >> hard;
  EXPECT_EQ(soft, "0");
  EXPECT_EQ(hard, "0");
  EXPECT_EQ(TraceErrno(child_), EPERM);
  kill(child_, SIGABRT);
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = 0;
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST_F(PalermodTest, RefusesToStartWhenItsSecretsCouldBeSwapped) {
  if (kAddressSanitizer) GTEST_SKIP() << "AddressSanitizer replaces mlock";
  before_exec_ = [] {
    rlimit none{0, 0};
    setrlimit(RLIMIT_MEMLOCK, &none);
    prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);  // or root's program locks what it likes
  };
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
}

// A node whose checkpoint and cosignature keys are on a token: SoftHSM, package softhsm2.
class TokenNode : public PalermodTest {
 protected:
  void SetUp() override {
    PalermodTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(mkdir((dir_ + "/tokens").c_str(), 0700), 0);
    Write("softhsm2.conf", "directories.tokendir = " + dir_ + "/tokens\n");
    ASSERT_EQ(setenv("SOFTHSM2_CONF", (dir_ + "/softhsm2.conf").c_str(), 1), 0);
    ASSERT_EQ(std::system("softhsm2-util --init-token --free --label XA --pin 4711-secret "
                          "--so-pin 12345678 > /dev/null"),
              0)
        << "is the package softhsm2 installed?";
    Import("checkpoint", state_.checkpoint, "01");
    Import("cosign", state_.cosign, "02");
    auto bundle = crypto::KeyBundle::Create("node", state_.name, "2026-03-02T09:00:00Z");
    auto on_token = [&](const char* name, const crypto::SigningKey& key, const char* label) {
      EXPECT_TRUE(bundle
                      ->AddOnToken(name, AsView(key.public_key()),
                                   Cat({"pkcs11:token=XA;object=", label,
                                        "?module-path=/usr/lib/softhsm/libsofthsm2.so"}))
                      .ok());
    };
    on_token("checkpoint", state_.checkpoint, "checkpoint");
    on_token("cosign", state_.cosign, "cosign");
    EXPECT_TRUE(bundle->Add("tls", "p-256", state_.tls_key.Clone()).ok());
    auto text = crypto::EncodeUnprotectedKeyFile(*bundle);
    ASSERT_TRUE(text.ok()) << text.status();
    Write("node.key", std::string(text->Expose(crypto::SecretAccess::Grant())));
    Write("pin", "4711-secret\n");
    more_ = {"--signing-pin-file=" + dir_ + "/pin"};
  }
  void Import(const std::string& label, const crypto::SigningKey& key, const std::string& id) {
    std::string der = Cat({*HexDecode("302e020100300506032b657004220420"),
                           key.seed().Expose(crypto::SecretAccess::Grant())});
    Write("import.pem",
          "-----BEGIN PRIVATE KEY-----\n" + Base64Encode(der) + "\n-----END PRIVATE KEY-----\n");
    std::string command = "softhsm2-util --import " + dir_ + "/import.pem --token XA --label " +
                          label + " --id " + id + " --pin 4711-secret > /dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
};

TEST_F(TokenNode, ServesSignsAndStartsAgain) {
  for (int i = 0; i < 2; ++i) {
    Start();
    EXPECT_EQ(WaitFor("/readyz"), "ready\n") << "the probe signs";
    kill(child_, SIGTERM);
    EXPECT_EQ(WaitForExit(), kExitOk);
  }
}

TEST_F(TokenNode, IsRefusedWithoutThePinItsKeysOrTheirModule) {
  more_ = {};
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
  more_ = {"--signing-pin-file=" + dir_ + "/pin", "--signing-module=/nowhere.so"};
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
  more_ = {"--signing-pin-file=" + dir_ + "/pin", "--signing-token=XB"};
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
  Write("pin", "wrong\n");
  more_ = {"--signing-pin-file=" + dir_ + "/pin"};
  Start();
  EXPECT_EQ(WaitForExit(), kExitRefused);
}

}  // namespace
}  // namespace palermo::server
