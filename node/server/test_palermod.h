// The program itself, from outside: PALERMO_BIN says where it is.
#ifndef PALERMO_NODE_SERVER_TEST_PALERMOD_H_
#define PALERMO_NODE_SERVER_TEST_PALERMOD_H_

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "node/server/config.h"
#include "node/server/test_states.h"

namespace palermo::server {

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
    if (dir_.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
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

// Runs --check-config, and keeps what was said.
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
  // All that is in the data folder.
  std::map<std::string, std::string> Files() {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_ + "/data")) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all[entry.path().string()] = std::string(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }
  std::string log_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_TEST_PALERMOD_H_
