// The program itself, from outside: starts, says that it is ready, speaks TLS 1.3 only, drains.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/bytes.h"
#include "base/sanitizers.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "node/server/config.h"
#include "node/server/test_states.h"

namespace palermo::server {
namespace {

using testing::HasSubstr;

// Listens on an address, so that nobody else can.
class PortHolder {
 public:
  explicit PortHolder(const std::string& endpoint)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int port = std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str());
    address.sin_port = htons(static_cast<uint16_t>(port));
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
  }
  ~PortHolder() { close(fd_); }
  PortHolder(const PortHolder&) = delete;
  PortHolder& operator=(const PortHolder&) = delete;

 private:
  int fd_;
};

class PalermodTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* bin = std::getenv("PALERMO_BIN");
    if (bin == nullptr) GTEST_SKIP() << "PALERMO_BIN is not set";
    program_ = std::string(bin) + "/palermod";
    std::string pattern = testing::TempDir() + "palermod-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
    v1::SignedDocument roster = RosterOf({&state_}, random_);
    fingerprint_ = HexEncode(AsView(crypto::Sha256(roster.document())));
    Write("roster.bin", roster.SerializeAsString());
    Write("charter.bin", state_.Charter().SerializeAsString());
    Write("directory.bin", state_.Directory().SerializeAsString());
    Write("node.key", KeyFile());
  }
  void TearDown() override {
    if (child_ > 0) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }

  std::string KeyFile() {
    auto bundle = crypto::KeyBundle::Create("node", state_.name, "2026-03-02T09:00:00Z");
    EXPECT_TRUE(bundle->Add("checkpoint", "ed25519", state_.checkpoint.seed().Clone()).ok());
    EXPECT_TRUE(bundle->Add("cosign", "ed25519", state_.cosign.seed().Clone()).ok());
    EXPECT_TRUE(bundle->Add("tls", "p-256", state_.tls_key.Clone()).ok());
    auto text = crypto::EncodeUnprotectedKeyFile(*bundle);
    EXPECT_TRUE(text.ok()) << text.status();
    return std::string(text->Expose(crypto::SecretAccess::Grant()));
  }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(dir_ + "/" + name) << bytes;
    EXPECT_EQ(chmod((dir_ + "/" + name).c_str(), 0600), 0);
  }

  void Start() {
    http_port_ = FreePort();
    std::vector<std::string> arguments = {program_,
                                          "--state=" + state_.name,
                                          "--data-dir=" + dir_ + "/data",
                                          "--node-key=" + dir_ + "/node.key",
                                          "--roster=" + dir_ + "/roster.bin",
                                          "--roster-fingerprint=" + fingerprint_,
                                          "--charter=" + dir_ + "/charter.bin",
                                          "--directory=" + dir_ + "/directory.bin",
                                          "--listen=" + state_.endpoint,
                                          "--http-listen=127.0.0.1:" + std::to_string(http_port_)};
    for (const std::string& argument : more_) arguments.push_back(argument);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    child_ = fork();
    if (child_ != 0) return;
    if (before_exec_) before_exec_();
    execv(program_.c_str(), argv.data());
    _exit(127);
  }
  // The body of a page, once it answers 200.
  std::string WaitFor(const std::string& page) {
    for (int i = 0; i < 300; ++i) {
      auto answer = httplib::Client("127.0.0.1", http_port_).Get(page);
      if (answer && answer->status == 200) return answer->body;
      absl::SleepFor(absl::Milliseconds(100));
    }
    return "no answer";
  }
  int WaitForExit() {
    int status = 0;
    waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  bool Handshake(const std::string& version) {
    std::string command = "openssl s_client -connect " + state_.endpoint + " -alpn h2 " + version +
                          " </dev/null >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;
  }

  SystemRandom random_;
  State state_{"XA", random_};
  std::string program_;
  std::string dir_;
  std::string fingerprint_;
  std::vector<std::string> more_;      // arguments
  std::function<void()> before_exec_;  // in the child
  int http_port_ = 0;
  pid_t child_ = 0;
};

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

class CheckConfig : public PalermodTest {
 protected:
  int Check() {
    more_ = {"--check-config"};
    log_ = dir_ + "/log";
    before_exec_ = [this] {
      int log = open(log_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
      dup2(log, STDERR_FILENO);
      dup2(log, STDOUT_FILENO);
    };
    Start();
    return WaitForExit();
  }
  std::string Said() {
    std::ifstream in(log_);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  void RunOnce() {
    more_ = {};
    Start();
    ASSERT_EQ(WaitFor("/readyz"), "ready\n");
    kill(child_, SIGTERM);
    ASSERT_EQ(WaitForExit(), kExitOk);
  }
  std::string log_;
};

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
