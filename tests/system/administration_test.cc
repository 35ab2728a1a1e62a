// docs/administration.md as an administrator types it: every block of commands of the page, in
// order, at terminals, with the real programs of two states. Whoever changes a command sees here
// that the page no longer works.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/desk/client.h"
#include "node/desk/grants.h"
#include "node/desk/opening.h"
#include "node/desk/trust_memory.h"
#include "tests/system/page.h"
#include "tests/system/programs.h"

namespace palermo::testing {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr int kStepSeconds = 120;
constexpr int kUnreachable = 4;  // exit code, docs/commands.md

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Administration : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* bin = std::getenv("PALERMO_BIN");
    const char* source = std::getenv("PALERMO_SOURCE");
    ASSERT_TRUE(bin != nullptr && source != nullptr) << "run it with ctest";
    bin_ = bin;
    page_ = ReadAll(Cat({source, "/docs/administration.md"}));
    folder_ = ::testing::TempDir() + "administration-XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    std::filesystem::create_directory(folder_ + "/shim");
    // The page's node, but with a test's patience.
    std::string shim = Cat({folder_, "/shim/palermod"});
    std::ofstream(shim) << Cat({"#!/bin/bash\nexec ", bin_,
                                "/palermod \"$@\" --http-listen off --peer-refresh-seconds 1\n"});
    ASSERT_EQ(chmod(shim.c_str(), 0700), 0);
    for (const char* state : {"QM", "QT"}) endpoints_[state] = FreeEndpoint();
  }
  void TearDown() override {
    for (const char* state : {"QM", "QT"}) StopNode(state);
    std::filesystem::remove_all(folder_);
  }

  // What the page says, as this run means it.
  std::string Here(std::string script, const std::string& state, const std::string& marked) {
    if (marked == "both" && state == "QT") {
      script = absl::StrReplaceAll(script, {{"QM", "QT"}, {"node.qm.example", "node.qt.example"}});
    }
    std::string next_year = FormatInstant(absl::Now() + absl::Hours(24 * 300)).substr(0, 10);
    return absl::StrReplaceAll(script, {{"node.qm.example:7443", endpoints_["QM"]},
                                        {"node.qt.example:7443", endpoints_["QT"]},
                                        {"0.0.0.0:7443", endpoints_[state]},
                                        {"2027-03-01", next_year}});
  }
  std::map<std::string, std::string> Environment(const std::string& state, const std::string& at) {
    std::map<std::string, std::string> environment = told_;
    environment["HOME"] = Cat({folder_, "/home-", state, "-", at});
    std::filesystem::create_directories(environment["HOME"]);
    environment["PATH"] = Cat({folder_, "/shim:", bin_, ":/usr/bin:/bin"});
    return environment;
  }
  std::string Where(const PageStep& step) {
    return Cat({"docs/administration.md:", std::to_string(step.line)});
  }

  // The fingerprint or the id that the output tells, for the blocks that follow.
  void Tell(const PageStep& step, const std::string& who, const std::string& output) {
    std::string name = step.Mark("tells");
    if (name.empty()) return;
    static const std::regex value("([0-9a-f]{4}( [0-9a-f]{4}){5})|([0-9a-f]{64})");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(output, found, value)) << Where(step) << "\n" << output;
    told_[name] = found[0];
    if (!who.empty()) told_[Cat({name, "_", who.substr(who.size() - 1)})] = found[0];
  }

  // Command by command. Who cannot reach the node, or waits too long for it, types it again.
  Typed TypeOneByOne(const std::string& script, const std::string& state, const std::string& at,
                     absl::Time end) {
    Typed all;
    all.exit_code = 0;
    for (const std::string& command : CommandsOf(script)) {
      Typed one;
      do {
        one = TypeAtTerminal(command, folder_, Environment(state, at), kPassphrase, kStepSeconds);
        all.output += one.output;
      } while (one.exit_code == kUnreachable && absl::Now() < end);
      all.exit_code = one.exit_code;
      if (one.exit_code != 0) break;
    }
    return all;
  }

  void RunOnce(const PageStep& step, const std::string& script, const std::string& state,
               const std::string& at) {
    Typed typed;
    absl::Time end = absl::Now() + absl::Seconds(kStepSeconds);
    while (true) {
      typed = TypeOneByOne(script, state, at, end);
      if (!step.marks.count("expect")) break;
      if (typed.exit_code == 0 &&
          std::regex_search(typed.output, std::regex(step.Mark("expect")))) {
        break;
      }
      ASSERT_LT(absl::Now(), end) << Where(step) << "\n" << typed.output << Log(state);
      absl::SleepFor(absl::Milliseconds(300));
    }
    if (step.marks.count("refused")) {
      ASSERT_NE(typed.exit_code, 0) << Where(step) << "\n" << typed.output;
      ASSERT_NE(typed.output.find(step.Mark("refused")), std::string::npos) << Where(step) << "\n"
                                                                            << typed.output;
    } else {
      ASSERT_EQ(typed.exit_code, 0) << Where(step) << "\n" << script << typed.output << Log(state);
    }
    output_ = typed.output;
  }
  void RunFor(const PageStep& step, const std::string& state) {
    std::string script = Here(step.script, state, step.Mark("state"));
    std::string at = step.Mark("at", "admin");
    if (step.marks.count("starts")) return StartNode(step, script, state);
    if (!step.marks.count("each")) {
      RunOnce(step, script, state, at);
      if (!HasFatalFailure()) Tell(step, "", output_);
      return;
    }
    std::istringstream list(step.Mark("each"));
    std::string first;
    for (std::string one; list >> one;) {
      if (first.empty()) first = one;
      RunOnce(step, absl::StrReplaceAll(script, {{first, one}}), state, at == first ? one : at);
      if (HasFatalFailure()) return;
      Tell(step, one, output_);
    }
  }

  void StartNode(const PageStep& step, const std::string& script, const std::string& state) {
    StopNode(state);
    std::string log = Cat({folder_, "/log-", state});
    std::string command =
        script.substr(0, script.find_last_not_of('\n') + 1) + Cat({" >> ", log, " 2>&1"});
    auto environment = Environment(state, "node");
    pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      setpgid(0, 0);
      if (chdir(folder_.c_str()) != 0) _exit(126);
      UseEnvironment(environment);
      execl("/bin/bash", "bash", "-c", Cat({"exec ", command}).c_str(), nullptr);
      _exit(127);
    }
    nodes_[state] = pid;
    for (int i = 0; i < 300 && !Answers(endpoints_[state]); ++i) {
      ASSERT_EQ(waitpid(pid, nullptr, WNOHANG), 0) << Where(step) << "\n" << ReadAll(log);
      absl::SleepFor(absl::Milliseconds(100));
    }
    ASSERT_TRUE(Answers(endpoints_[state])) << Where(step) << "\n" << ReadAll(log);
  }
  void StopNode(const std::string& state) {
    auto it = nodes_.find(state);
    if (it == nodes_.end()) return;
    kill(it->second, SIGTERM);
    waitpid(it->second, nullptr, 0);
    nodes_.erase(it);
  }
  std::string Log(const std::string& state) {
    std::string log = ReadAll(Cat({folder_, "/log-", state}));
    return log.size() < 4000 ? log : log.substr(log.size() - 4000);
  }
  static bool Answers(const std::string& endpoint) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port =
        htons(static_cast<uint16_t>(std::stoi(endpoint.substr(endpoint.find(':') + 1))));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    close(fd);
    return ok;
  }

  // ---- what a leaver can do who keeps everything

  desk::OfficerKeys Leaver() {
    std::string file = ReadAll(folder_ + "/QM-o-0008.key");
    crypto::SecretBytes passphrase = crypto::SecretBytes::Copy(kPassphrase);
    crypto::KeyBundle bundle = Value(crypto::DecodeKeyFile(file, &passphrase));
    return Value(desk::UseOfficerKeys(bundle, absl::Now(), nullptr));
  }
  desk::TrustMemory Memory(const std::string& home) {
    return Value(
        desk::TrustMemory::Load(Cat({folder_, "/home-QM-", home, "/.palermo/trust-memory"})));
  }
  trust::DirectoryPtr DirectoryAt(const std::string& home) {
    return Value(Memory(home).View()->DirectoryOf("QM"));
  }
  // While he is there he copies all that the node gives him.
  void CopyGrants() {
    desk::OfficerKeys keys = Leaver();
    trust::DirectoryPtr directory = DirectoryAt("o-0002");
    const auto& pins = directory->body().node().tls_pins();
    desk::NodeClient node(desk::ClientOptions{endpoints_["QM"]}, keys.tls,
                          std::vector<std::string>(pins.begin(), pins.end()));
    held_ = desk::OpenGrants(Value(node.GetGrants("QM/central")).grants(), keys, *directory);
    ASSERT_FALSE(held_.empty());
    // His connection stays open from now on, over his removal.
    open_ = std::make_unique<desk::NodeClient>(std::move(node));
  }
  v1::Envelope Stolen(const std::string& folder) {
    v1::Envelope envelope;
    EXPECT_TRUE(
        envelope.ParseFromString(ReadAll(Cat({folder_, "/", folder, "/message.envelope"}))));
    return envelope;
  }
  // He opens what was sealed before with what he copied; nothing that came after.
  void ExpectLeaverReadsOnlyThePast() {
    desk::OfficerKeys keys = Leaver();
    trust::DirectoryPtr directory = DirectoryAt("o-0002");
    EXPECT_EQ(desk::Open(Stolen("before"), held_).result, v1::RetrievalResult::OPENED);
    desk::Opened after = desk::Open(Stolen("stolen"), held_);
    EXPECT_EQ(after.result, v1::RetrievalResult::UNOPENABLE) << after.why;
    // The node gives him nothing any more, nor the new grants.
    const auto& pins = directory->body().node().tls_pins();
    desk::NodeClient node(desk::ClientOptions{endpoints_["QM"]}, keys.tls,
                          std::vector<std::string>(pins.begin(), pins.end()));
    EXPECT_EQ(CodeOf(node.GetGrants("QM/central").status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(node.ListMessages({}).status()), "UNKNOWN_OFFICER");
    auto id = Value(HexDecode(told_["MESSAGE"]));
    // Nor over the connection that he had opened before: each call is judged by the directory.
    ASSERT_NE(open_, nullptr);
    EXPECT_EQ(CodeOf(open_->GetGrants("QM/central").status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(open_->ListMessages({}).status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(open_->FetchMessage(id).status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(open_->GetTrust({}).status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(node.FetchMessage(id).status()), "UNKNOWN_OFFICER");
    EXPECT_EQ(CodeOf(node.Explain(id).status()), "UNKNOWN_OFFICER");
  }
  void Hook(const PageStep& step) {
    if (step.hook == "copies-grants") return CopyGrants();
    if (step.hook == "opens-nothing") return ExpectLeaverReadsOnlyThePast();
    FAIL() << Where(step) << ": nobody knows the hook " << step.hook;
  }

  std::string bin_, page_, folder_, output_;
  std::map<std::string, std::string> endpoints_, told_;
  std::map<std::string, pid_t> nodes_;
  std::unique_ptr<desk::NodeClient> open_;
  std::vector<desk::AuthorityKey> held_;  // every key that the leaver ever got
};

TEST_F(Administration, WhoHasReadOnlyThePageFoundsEnrolsRotatesSurvivesTheDrillAndShutsALeaverOut) {
  std::vector<std::string> errors;
  std::vector<PageStep> steps = ReadPage(page_, &errors);
  for (const std::string& error : errors) ADD_FAILURE() << error;
  int hooks = 0;
  for (const PageStep& step : steps) {
    if (!step.hook.empty()) {
      ++hooks;
      Hook(step);
    } else if (step.Mark("state") == "both") {
      for (const char* state : {"QM", "QT"}) {
        RunFor(step, state);
        if (HasFatalFailure()) return;
      }
    } else {
      RunFor(step, step.Mark("state", "QM"));
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(hooks, 2);
  EXPECT_GT(steps.size(), 50u);
}

TEST_F(Administration, ABlockThatNobodyRunsIsAnError) {
  std::vector<std::string> errors;
  ReadPage("<!-- run at=a -->\n```sh\ntrue\n```\n", &errors);
  EXPECT_TRUE(errors.empty());
  ReadPage("```sh\ntrue\n```\n", &errors);
  EXPECT_EQ(errors.size(), 1u);
  ReadPage("<!-- run att=a -->\n```sh\ntrue\n```\n", &errors);
  EXPECT_EQ(errors.size(), 2u);
  ReadPage("<!-- run -->\n\n```sh\ntrue\n```\n", &errors);
  EXPECT_EQ(errors.size(), 4u);  // the mark is lost, and the block has none
}

}  // namespace
}  // namespace palermo::testing
