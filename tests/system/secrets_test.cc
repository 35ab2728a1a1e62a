// The desk's program while it holds a passphrase's place: no core dump, nobody traces it, and it
// says when its secrets cannot be kept out of the swap space.
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/key_file.h"
#include "tests/support/fake_random.h"
#include "tests/support/world.h"

namespace palermo::testing {
namespace {

// palermo, waiting for a passphrase from a pipe that says nothing.
class WaitingDesk {
 public:
  explicit WaitingDesk(const std::function<void()>& before_exec) {
    const char* bin = std::getenv("PALERMO_BIN");
    std::string program = Cat({bin == nullptr ? "" : bin, "/palermo"});
    folder_ = ::testing::TempDir() + "secrets-XXXXXX";
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    std::string key = folder_ + "/a.key", page = folder_ + "/page.txt", err = folder_ + "/err";
    FakeRandom random;
    auto bundle =
        Value(crypto::KeyBundle::Create("administrator", "QM/admin-1", "2026-03-02T09:00:00Z"));
    EXPECT_TRUE(bundle.Add("sign", "ed25519", crypto::SecretBytes::Random(32, random)).ok());
    std::ofstream(key) << Value(crypto::EncodeKeyFile(bundle, crypto::SecretBytes::Copy("x"),
                                                      crypto::Argon2Params::Moderate(), random));
    EXPECT_EQ(chmod(key.c_str(), 0600), 0);
    EXPECT_EQ(pipe(pipe_), 0);
    pid_ = fork();
    if (pid_ > 0) return;
    before_exec();
    if (std::freopen(err.c_str(), "w", stderr) == nullptr) _exit(126);
    std::string fd = std::to_string(pipe_[0]);
    execl(program.c_str(), "palermo", "key", "backup", key.c_str(), "--out", page.c_str(),
          "--passphrase-fd", fd.c_str(), nullptr);
    _exit(127);
  }
  ~WaitingDesk() {
    if (pid_ > 0) End(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string ReadProc(const std::string& name) const {
    std::ifstream in(Cat({"/proc/", std::to_string(pid_), "/", name}));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Waits until it reads from the pipe: its own setting up is over then.
  void AwaitReading() const {
    for (int i = 0; i < 200; ++i) {
      std::string call = ReadProc("syscall");
      std::istringstream words(call);
      std::string number, fd;
      words >> number >> fd;
      if (number == std::to_string(SYS_read) && std::strtol(fd.c_str(), nullptr, 16) == pipe_[0]) {
        return;
      }
      absl::SleepFor(absl::Milliseconds(50));
    }
    ADD_FAILURE() << "it does not wait for its passphrase: " << ReadProc("syscall");
  }
  std::string Errors() const {
    std::ifstream in(folder_ + "/err");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  int End(int signal) {
    kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    close(pipe_[0]);
    close(pipe_[1]);
    return status;
  }
  pid_t pid() const { return pid_; }

 private:
  std::string folder_;
  int pipe_[2] = {-1, -1};
  pid_t pid_ = -1;
};

// What a process without root's special rights is told when it wants to trace another one.
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

// Without what palermo does to itself the same tracer would get in.
int TraceErrnoOfAnyProgram() {
  pid_t pid = fork();
  if (pid == 0) {
    DropRights();
    execlp("sleep", "sleep", "60", nullptr);
    _exit(127);
  }
  absl::SleepFor(absl::Milliseconds(300));
  int code = TraceErrno(pid);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  return code;
}

TEST(DeskSecrets, LeaveNoCoreDumpAndNobodyTracesTheProgram) {
  WaitingDesk desk([] {
    rlimit wide{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &wide);
    DropRights();
  });
  desk.AwaitReading();
  std::string limits = desk.ReadProc("limits"), core = "Max core file size";
  ASSERT_NE(limits.find(core), std::string::npos);
  std::istringstream line(limits.substr(limits.find(core) + core.size()));
  std::string soft, hard;
  line >> soft >> hard;
  EXPECT_EQ(soft, "0");
  EXPECT_EQ(hard, "0");
  std::ifstream yama("/proc/sys/kernel/yama/ptrace_scope");
  int scope = 0;
  if (!(yama >> scope) || scope == 0) {
    EXPECT_EQ(TraceErrnoOfAnyProgram(), 0);
  }
  EXPECT_EQ(TraceErrno(desk.pid()), EPERM);
  int status = desk.End(SIGABRT);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(WCOREDUMP(status));
}

TEST(DeskSecrets, TheOfficerIsToldWhenTheyCouldBeSwapped) {
  WaitingDesk desk([] {
    rlimit none{0, 0};
    setrlimit(RLIMIT_MEMLOCK, &none);
    prctl(PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);  // or root's program locks what it likes
  });
  desk.AwaitReading();
  EXPECT_NE(desk.Errors().find("cannot be kept out of the swap space"), std::string::npos)
      << desk.Errors();
}

}  // namespace
}  // namespace palermo::testing
