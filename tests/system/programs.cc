#include "tests/system/programs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "crypto/merkle.h"
#include "node/server/transport/tls_credentials.h"
#include "node/trust/receipt.h"

namespace palermo::testing {
namespace {

int FreePort() {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  PALERMO_CHECK(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  PALERMO_CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(fd);
  return ntohs(address.sin_port);
}

void WriteFile(const std::string& path, const std::string& bytes) {
  int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  PALERMO_CHECK(fd >= 0);
  PALERMO_CHECK(write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  close(fd);
}

std::string NodeKeyFile(StateWorld& state, World& world) {
  auto bundle =
      Value(crypto::KeyBundle::Create("node", state.code, FormatInstant(world.clock.Now())));
  DieUnlessOk(bundle.Add("checkpoint", crypto::kEd25519, state.checkpoint.seed().Clone()),
              "key file");
  DieUnlessOk(bundle.Add("cosign", crypto::kEd25519, state.cosign.seed().Clone()), "key file");
  DieUnlessOk(bundle.Add("tls", crypto::kP256, DerOf(state.tls.key_pem)), "key file");
  auto text = Value(crypto::EncodeUnprotectedKeyFile(bundle));
  return std::string(text.Expose(crypto::SecretAccess::Grant()));
}

template <typename Request, typename Response, typename Stub, typename Method>
absl::StatusOr<Response> Call(Stub& stub, Method method, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
  // A call that fails fast leaves nobody to poll, and the channel then looks at its socket every 5
  // s only.
  context.set_wait_for_ready(true);
  Response response;
  grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return transport::FromGrpc(status);
  return response;
}

bool IsAway(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kCancelled;
}

}  // namespace

crypto::SecretBytes DerOf(const crypto::SecretBytes& pem) {
  const std::string text(pem.Expose(crypto::SecretAccess::Grant()));
  const size_t start = text.find('\n') + 1;
  std::string base64;
  for (const char c : text.substr(start, text.find("-----END") - start)) {
    if (c != '\n') base64.push_back(c);
  }
  return crypto::SecretBytes::Copy(Value(Base64Decode(base64)));
}

std::string FreeEndpoint() { return absl::StrFormat("127.0.0.1:%d", FreePort()); }

Daemon::Daemon(std::vector<std::string> arguments, std::string log)
    : arguments_(std::move(arguments)), log_(std::move(log)) {}

Daemon::~Daemon() {
  if (running()) Kill9();
}

void Daemon::Start() {
  PALERMO_CHECK(!running());
  pid_ = fork();
  PALERMO_CHECK(pid_ >= 0);
  if (pid_ > 0) return;
  int log = open(log_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& argument : arguments_)
    argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

int Daemon::Wait() {
  int status = 0;
  PALERMO_CHECK(waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Daemon::SetArgument(const std::string& name, const std::string& value) {
  auto it = std::find(arguments_.begin(), arguments_.end(), name);
  PALERMO_CHECK(it != arguments_.end() && it + 1 != arguments_.end());
  *(it + 1) = value;
}

int Daemon::RunWith(const std::string& argument) {
  arguments_.push_back(argument);
  Start();
  arguments_.pop_back();
  return WaitForEnd();
}

int Daemon::WaitForEnd() {
  siginfo_t ended = {};
  for (int i = 0; i < 300 && ended.si_pid == 0; ++i) {
    PALERMO_CHECK(waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0);
    if (ended.si_pid == 0) absl::SleepFor(absl::Milliseconds(200));
  }
  if (ended.si_pid == 0) kill(pid_, SIGKILL);
  return Wait();
}

void Daemon::Signal(int number) { kill(pid_, number); }

void Daemon::Kill9() {
  kill(pid_, SIGKILL);
  Wait();
}

int Daemon::Stop() {
  kill(pid_, SIGTERM);
  return Wait();
}

Programs::Programs(WorldOptions options) {
  char pattern[] = "/tmp/palermo-system-XXXXXX";
  PALERMO_CHECK(mkdtemp(pattern) != nullptr);
  dir_ = pattern;
  for (const std::string& state : options.states) {
    endpoints_[state] = FreeEndpoint();
  }
  options.endpoints = endpoints_;
  options.real_tls = true;
  options.start = absl::Now() - absl::Minutes(1);
  world_ = std::make_unique<World>(options);
  for (const std::string& state : options.states) WriteFiles(state);
}

Programs::~Programs() {
  daemons_.clear();
  std::filesystem::remove_all(dir_);
}

void Programs::WriteFiles(const std::string& state) {
  std::string dir = Cat({dir_, "/", state});
  std::filesystem::create_directory(dir);
  StateWorld& own = world_->state(state);
  WriteFile(dir + "/node.key", NodeKeyFile(own, *world_));
  WriteFile(dir + "/roster", world_->rosters.front().SerializeAsString());
  WriteFile(dir + "/charter", own.charter.SerializeAsString());
  WriteFile(dir + "/directory", own.directory.SerializeAsString());
  const char* bin = std::getenv("PALERMO_BIN");
  PALERMO_CHECK(bin != nullptr);
  std::vector<std::string> arguments = {Cat({bin, "/palermod"}),
                                        "--state",
                                        state,
                                        "--data-dir",
                                        dir + "/data",
                                        "--node-key",
                                        dir + "/node.key",
                                        "--roster",
                                        dir + "/roster",
                                        "--roster-fingerprint",
                                        HexEncode(AsView(world_->fingerprint)),
                                        "--charter",
                                        dir + "/charter",
                                        "--directory",
                                        dir + "/directory",
                                        "--listen",
                                        endpoints_.at(state),
                                        "--http-listen",
                                        "off",
                                        "--peer-refresh-seconds",
                                        "1"};
  daemons_[state] = std::make_unique<Daemon>(std::move(arguments), dir + "/log");
}

std::string Programs::FolderOf(const std::string& state) const { return Cat({dir_, "/", state}); }

std::string Programs::LogOf(const std::string& state) const {
  std::ifstream in(Cat({dir_, "/", state, "/log"}));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::shared_ptr<grpc::Channel> Programs::Connect(const std::string& officer) {
  std::string state = StateOf(officer);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
  return grpc::CreateCustomChannel(
      endpoints_.at(state),
      transport::MakePinnedClient(world_->officer(officer).tls, {world_->state(state).tls_pin}),
      arguments);
}

std::unique_ptr<v1::DeskService::Stub> Programs::Desk(const std::string& officer) {
  return v1::DeskService::NewStub(Connect(officer));
}
std::unique_ptr<v1::AuditService::Stub> Programs::Audit(const std::string& officer) {
  return v1::AuditService::NewStub(Connect(officer));
}

absl::StatusOr<v1::SubmitResponse> Programs::Submit(v1::DeskService::Stub& desk,
                                                    const v1::Envelope& envelope,
                                                    const std::string& officer,
                                                    absl::Duration limit) {
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = envelope;
  *request.mutable_draft() = world_->Sign(envelope, officer, v1::SignaturePurpose::DRAFT);
  absl::Time end = absl::Now() + limit;
  while (true) {
    auto response = Call<v1::SubmitDraftRequest, v1::SubmitResponse>(
        desk,
        static_cast<grpc::Status (v1::DeskService::Stub::*)(
            grpc::ClientContext*, const v1::SubmitDraftRequest&, v1::SubmitResponse*)>(
            &v1::DeskService::Stub::SubmitDraft),
        request);
    // A peer's directory that has not been fetched yet is worth waiting for, too.
    bool wait = !response.ok() &&
                (IsAway(response.status()) || CodeOf(response.status()) == "UNKNOWN_RECIPIENT" ||
                 CodeOf(response.status()) == "UNKNOWN_OFFICER");
    if (!wait || absl::Now() > end) return response;
    absl::SleepFor(absl::Milliseconds(50));
  }
}

absl::StatusOr<v1::ExplainResponse> Programs::Explain(v1::DeskService::Stub& desk,
                                                      const std::string& id) {
  v1::ExplainRequest request;
  request.set_message_id(id);
  return Call<v1::ExplainRequest, v1::ExplainResponse>(
      desk,
      static_cast<grpc::Status (v1::DeskService::Stub::*)(
          grpc::ClientContext*, const v1::ExplainRequest&, v1::ExplainResponse*)>(
          &v1::DeskService::Stub::Explain),
      request);
}

absl::StatusOr<std::vector<v1::Record>> Programs::VerifiedLedger(const std::string& state) {
  auto audit = Audit(Cat({state, "/central/", kAuditor}));
  std::vector<v1::Record> records;
  crypto::CompactRange tree;
  v1::AuditListRequest request;
  std::string note;
  crypto::Checkpoint checkpoint;
  do {
    PALERMO_ASSIGN_OR_RETURN(
        v1::AuditListResponse page,
        (Call<v1::AuditListRequest, v1::AuditListResponse>(
            *audit,
            static_cast<grpc::Status (v1::AuditService::Stub::*)(
                grpc::ClientContext*, const v1::AuditListRequest&, v1::AuditListResponse*)>(
                &v1::AuditService::Stub::List),
            request)));
    if (note.empty()) {
      note = page.checkpoint();
      PALERMO_ASSIGN_OR_RETURN(checkpoint,
                               trust::VerifyNodeCheckpoint(note, *world_->Directory(state)));
    }
    for (const auto& entry : page.entries()) {
      if (tree.size() == checkpoint.size) break;
      if (AsView(trust::EntryHash(entry.salt(), entry.record())) != entry.entry()) {
        return Damaged("LEDGER_DAMAGED", "an entry is not the hash of its record");
      }
      tree.Append(crypto::LeafHash(entry.entry()));
      PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::ParseRecord(entry.record()));
      records.push_back(std::move(record));
    }
    request.set_first_index(page.next_index());
  } while (request.first_index() != 0 && tree.size() < checkpoint.size);
  if (tree.size() != checkpoint.size || tree.Root() != checkpoint.root) {
    return Damaged("LEDGER_DAMAGED", "the entries do not hash to the checkpoint's root");
  }
  return records;
}

}  // namespace palermo::testing
