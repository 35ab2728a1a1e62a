// exchange_bench: two nodes in two processes on loopback over TLS 1.3, each with its RocksDB.
// Requests of 4 KiB bodies, a case each, signed by one officer; sealed and signed before the clock
// starts. A message counts when the recipient's receipt is durable at the sender. Prints the rate,
// the latencies, the syncs, and this machine's limits in the same run.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/exchange/node.h"
#include "node/server/dialer.h"
#include "node/server/edge.h"
#include "node/server/grpc_server.h"
#include "node/server/http.h"
#include "node/server/metrics.h"
#include "node/server/peer_link.h"
#include "node/server/transport/tls13.h"
#include "storage/rocks_store.h"
#include "tests/bench/echo.h"
#include "tests/bench/limits.h"
#include "tests/support/world.h"

namespace palermo::bench {
namespace {

using testing::Value;
using testing::World;

struct Options {
  size_t messages = 30000;
  size_t outstanding = 4096;
  bool json = false;
  bool exchange_only = false;
};

struct Figures {
  double rate = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double syncs_per_thousand = 0;
  double cpu_us_per_message = 0;
};

// Processor time of this process, all threads, user and system.
double CpuSeconds() {
  rusage usage{};
  PALERMO_CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// What the recipient's process used while it served.
struct PeerUse {
  uint64_t syncs;
  double cpu_seconds;
};

// A whole node of this process.
class BenchNode {
 public:
  BenchNode(World& world, const std::string& state, const std::string& dir, bool sync_each,
            std::function<void(const std::string&, v1::Outcome::Code)> on_answered)
      : log_(server::LogLevel::kWarning, clock_),
        store_(Value(storage::RocksStore::Open({.dir = dir}), "opening the store")) {
    testing::StateWorld& own = world.state(state);
    exchange::NodeOptions options;
    options.state = state;
    options.store = store_.get();
    options.clock = &world.clock;
    options.random = &random_;
    options.checkpoint_key = &own.checkpoint;
    options.first_roster = world.rosters.front();
    options.roster_fingerprint = world.fingerprint;
    options.sync_each = sync_each;
    options.on_answered = std::move(on_answered);
    node_ = Value(exchange::Node::Open(std::move(options)), "opening the node");
    node_->Start();
    v1::PublishRequest charter, directory;
    *charter.mutable_charter() = own.charter;
    *directory.mutable_directory() = own.directory;
    Publish(charter);
    Publish(directory);
    edge_ = std::make_unique<server::Edge>(server::Edge{*node_, log_, metrics_});
    server_ =
        Value(server::GrpcServer::Start(Endpoint(world, state), own.tls, *edge_), "listening");
    server_->SetServing(true);
    dialer_ = std::make_unique<server::Dialer>(
        server::LinkContext{*node_, own.tls, log_, random_, absl::Seconds(5)});
  }
  ~BenchNode() {
    dialer_->Stop();
    server_->Drain(absl::Seconds(1));
    node_->Drain();
  }

  exchange::Node& node() { return *node_; }
  bool Connected() const {
    auto links = dialer_->Links();
    return !links.empty() && links.front().second;
  }

 private:
  static std::string Endpoint(World& world, const std::string& state) {
    return world.Directory(state)->body().node().endpoint();
  }
  void Publish(const v1::PublishRequest& request) {
    absl::Mutex mu;
    bool done = false;
    node_->Publish({}, request, [&](absl::StatusOr<v1::PublishResponse> response) {
      testing::DieUnlessOk(response.status(), "publishing");
      absl::MutexLock lock(&mu);
      done = true;
    });
    absl::MutexLock lock(&mu);
    mu.Await(absl::Condition(&done));
  }

  SystemClock clock_;
  SystemRandom random_;
  server::Log log_;
  server::Metrics metrics_;
  std::unique_ptr<storage::RocksStore> store_;
  std::unique_ptr<exchange::Node> node_;
  std::unique_ptr<server::Edge> edge_;
  std::unique_ptr<server::GrpcServer> server_;
  std::unique_ptr<server::Dialer> dialer_;
};

// The recipient's process: serves until its pipe closes, then tells what it used since the byte
// that says that the exchange begins. What it did before, while it looked for its peer, is not
// counted.
[[noreturn]] void ServePeer(World& world, const std::string& dir, bool sync_each, int in, int out) {
  {
    BenchNode node(world, "QT", dir, sync_each, nullptr);
    char byte;
    PALERMO_CHECK(read(in, &byte, 1) == 1);
    uint64_t syncs = node.node().Stats().syncs;
    double cpu = CpuSeconds();
    PALERMO_CHECK(read(in, &byte, 1) == 0);
    PeerUse use{node.node().Stats().syncs - syncs, CpuSeconds() - cpu};
    PALERMO_CHECK(write(out, &use, sizeof(use)) == sizeof(use));
  }
  _exit(0);
}

struct Signed {
  v1::SubmitDraftRequest request;
  std::string id;
};

std::vector<Signed> Prepare(World& world, size_t count) {
  std::vector<Signed> messages(count);
  for (Signed& message : messages) {
    *message.request.mutable_envelope() = world.MakeEnvelope({});
    *message.request.mutable_draft() =
        world.Sign(message.request.envelope(), "QM/central/o-0001", v1::SignaturePurpose::DRAFT);
    message.id =
        std::string(AsView(Value(trust::ParseEnvelope(message.request.envelope())).message_id));
  }
  return messages;
}

// Submits from as many threads as there are cores and waits for the last receipt. Its own work is
// in the figures too, so it is kept small: a thread takes its turn for some messages at once, and
// what is looked up was made before the clock started.
class Load {
 public:
  Load(std::vector<Signed> messages, size_t outstanding)
      : messages_(std::move(messages)),
        outstanding_(outstanding),
        turn_(std::clamp<size_t>(outstanding / 4, 1, 64)),
        started_(messages_.size()) {
    numbers_.reserve(messages_.size());
    for (size_t i = 0; i < messages_.size(); ++i) numbers_.emplace(messages_[i].id, i);
    latencies_ms_.reserve(messages_.size());
  }

  void Answered(const std::string& id, v1::Outcome::Code outcome) {
    PALERMO_CHECK(outcome == v1::Outcome::ACCEPTED);
    absl::Time now = absl::Now();
    auto number = numbers_.find(id);
    PALERMO_CHECK(number != numbers_.end());
    absl::MutexLock lock(&mu_);
    latencies_ms_.push_back(absl::ToDoubleMilliseconds(now - started_[number->second]));
    --under_way_;
  }

  Figures Run(exchange::Node& node, const exchange::Caller& caller) {
    uint64_t syncs = node.Stats().syncs;
    double cpu = CpuSeconds();
    absl::Time start = absl::Now();
    std::vector<std::thread> threads;
    std::atomic<size_t> next{0};
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
      threads.emplace_back([&] {
        for (size_t j = next.fetch_add(turn_); j < messages_.size(); j = next.fetch_add(turn_))
          SubmitSome(node, caller, j, std::min(j + turn_, messages_.size()));
      });
    }
    for (auto& thread : threads) thread.join();
    {
      absl::MutexLock lock(&mu_);
      auto all = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return under_way_ == 0; };
      mu_.Await(absl::Condition(&all));
    }
    double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    absl::MutexLock lock(&mu_);  // nobody else is left
    Figures figures;
    figures.rate = static_cast<double>(messages_.size()) / seconds;
    std::sort(latencies_ms_.begin(), latencies_ms_.end());
    figures.p50_ms = latencies_ms_[latencies_ms_.size() / 2];
    figures.p99_ms = latencies_ms_[latencies_ms_.size() * 99 / 100];
    figures.syncs_per_thousand = static_cast<double>(node.Stats().syncs - syncs);
    figures.cpu_us_per_message = CpuSeconds() - cpu;
    return figures;
  }

 private:
  void SubmitSome(exchange::Node& node, const exchange::Caller& caller, size_t first, size_t end) {
    {
      absl::MutexLock lock(&mu_);
      auto room = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) {
        return under_way_ + turn_ <= outstanding_;
      };
      mu_.Await(absl::Condition(&room));
      under_way_ += end - first;
    }
    for (size_t i = first; i < end; ++i) {
      started_[i] = absl::Now();  // read only when its answer came
      node.SubmitDraft(caller, std::move(messages_[i].request),
                       [](absl::StatusOr<v1::SubmitResponse> response) {
                         testing::DieUnlessOk(response.status(), "submitting");
                       });
    }
  }

  std::vector<Signed> messages_;
  const size_t outstanding_;
  const size_t turn_;
  absl::flat_hash_map<std::string, size_t> numbers_;  // by id
  std::vector<absl::Time> started_;
  absl::Mutex mu_;
  size_t under_way_ ABSL_GUARDED_BY(mu_) = 0;
  std::vector<double> latencies_ms_ ABSL_GUARDED_BY(mu_);
};

int FreePort() {
  auto http = server::HttpServer::Start("127.0.0.1:0", {});
  PALERMO_CHECK(http.ok());
  return (*http)->port();
}

Figures RunExchange(const Options& options, const std::string& dir, size_t messages, bool sync_each,
                    const std::map<std::string, std::string>& endpoints) {
  std::filesystem::create_directories(dir);
  testing::WorldOptions world_options;
  world_options.real_tls = true;
  world_options.request_approvals = 0;
  world_options.endpoints = endpoints;
  World world(world_options);
  int to_peer[2], from_peer[2];
  PALERMO_CHECK(pipe(to_peer) == 0 && pipe(from_peer) == 0);
  pid_t peer = fork();
  PALERMO_CHECK(peer >= 0);
  if (peer == 0) {
    close(to_peer[1]);
    ServePeer(world, dir + "/QT", sync_each, to_peer[0], from_peer[1]);
  }
  close(to_peer[0]);
  close(from_peer[1]);
  std::fprintf(stderr, "sealing and signing %zu messages ...\n", messages);
  Load load(Prepare(world, messages), options.outstanding);
  Figures figures;
  {
    BenchNode node(
        world, "QM", dir + "/QM", sync_each,
        [&](const std::string& id, v1::Outcome::Code outcome) { load.Answered(id, outcome); });
    absl::Time limit = absl::Now() + absl::Seconds(60);
    while (!node.Connected() && absl::Now() < limit) absl::SleepFor(absl::Milliseconds(50));
    PALERMO_CHECK(node.Connected());
    std::fprintf(stderr, "exchanging %zu messages ...\n", messages);
    PALERMO_CHECK(write(to_peer[1], "!", 1) == 1);
    figures = load.Run(node.node(), {world.officer("QM/central/o-0001").tls_pin});
  }
  close(to_peer[1]);
  PeerUse peer_use{};
  PALERMO_CHECK(read(from_peer[0], &peer_use, sizeof(peer_use)) == sizeof(peer_use));
  close(from_peer[0]);
  waitpid(peer, nullptr, 0);
  // Both nodes together, for each message.
  double count = static_cast<double>(messages);
  figures.syncs_per_thousand =
      (figures.syncs_per_thousand + static_cast<double>(peer_use.syncs)) * 1000 / count;
  figures.cpu_us_per_message = (figures.cpu_us_per_message + peer_use.cpu_seconds) * 1e6 / count;
  return figures;
}

}  // namespace

// Each measurement forks first and threads later, so each is a process of its own.
template <typename Work>
auto InChild(Work work) -> decltype(work()) {
  using Result = decltype(work());
  int fds[2];
  PALERMO_CHECK(pipe(fds) == 0);
  pid_t child = fork();
  PALERMO_CHECK(child >= 0);
  if (child == 0) {
    close(fds[0]);
    Result result = work();
    PALERMO_CHECK(write(fds[1], &result, sizeof(result)) == sizeof(result));
    _exit(0);
  }
  close(fds[1]);
  Result result;
  PALERMO_CHECK(read(fds[0], &result, sizeof(result)) == sizeof(result));
  close(fds[0]);
  waitpid(child, nullptr, 0);
  return result;
}

// False when only the help was asked for.
bool ParseOptions(int argc, char** argv, Options* options) {
  for (int i = 1; i < argc; ++i) {
    std::string arg = argv[i];
    if (arg == "--json") options->json = true;
    if (arg == "--exchange-only") options->exchange_only = true;
    if (arg == "--messages" && i + 1 < argc)
      options->messages = std::strtoull(argv[++i], nullptr, 10);
    if (arg == "--outstanding" && i + 1 < argc)
      options->outstanding = std::strtoull(argv[++i], nullptr, 10);
    if (arg == "--help") {
      std::printf(
          "exchange_bench [--messages N] [--outstanding N] [--json] [--exchange-only]\n"
          "  --exchange-only: neither the machine's limits nor one sync for each message; to "
          "compare\n"
          "                   processor time\n"
          "example: exchange_bench --messages 30000 --json\n");
      return false;
    }
  }
  return true;
}

int Main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, &options)) return 0;
  char pattern[] = "/var/tmp/palermo-bench-XXXXXX";
  PALERMO_CHECK(mkdtemp(pattern) != nullptr);
  std::string dir = pattern;
  auto endpoints = [] {
    struct Ports {
      int a, b;
    };
    Ports ports = InChild([] { return Ports{FreePort(), FreePort()}; });
    return std::map<std::string, std::string>{{"QM", absl::StrFormat("127.0.0.1:%d", ports.a)},
                                              {"QT", absl::StrFormat("127.0.0.1:%d", ports.b)}};
  };
  constexpr size_t kParcelBytes =
      6 * 1024;  // a 4 KiB body with header, stanzas, signature and receipt
  auto first = endpoints();
  Figures batched =
      InChild([&] { return RunExchange(options, dir, options.messages, false, first); });
  if (options.exchange_only) {
    std::filesystem::remove_all(dir);
    std::printf("processor time for each message %.1f us; %.0f messages/s\n",
                batched.cpu_us_per_message, batched.rate);
    return 0;
  }
  double verify = InChild([] { return VerificationsPerSecond(); });
  double writes =
      InChild([&] { return GroupCommitWritesPerSecond(dir + "/raw", kParcelBytes, 256); });
  double echo = InChild([] { return EchoPerSecond(kParcelBytes, 20000, 32); });
  auto second = endpoints();
  Figures each = InChild([&] {
    return RunExchange(options, dir + "/each", std::max<size_t>(200, options.messages / 20), true,
                       second);
  });
  std::filesystem::remove_all(dir);

  double verify_limit = verify / 2;  // one verification at each node
  double limit = std::min({verify_limit, writes, echo});
  if (options.json) {
    std::printf(
        "{\"messages\": %zu, \"messages_per_s\": %.0f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, "
        "\"fsyncs_per_1000\": %.1f, \"cpu_us_per_message\": %.0f, \"ed25519_verifications_per_s\": "
        "%.0f, "
        "\"group_commit_writes_per_s\": %.0f, \"grpc_echo_per_s\": %.0f, "
        "\"ratio_to_limit\": %.3f, \"ratio_to_verification_limit\": %.3f, "
        "\"sync_each_messages_per_s\": %.0f, \"ratio_to_sync_each\": %.1f}\n",
        options.messages, batched.rate, batched.p50_ms, batched.p99_ms, batched.syncs_per_thousand,
        batched.cpu_us_per_message, verify, writes, echo, batched.rate / limit,
        batched.rate / verify_limit, each.rate, batched.rate / each.rate);
    return 0;
  }
  std::printf("exchange, durable and receipted on both sides: %8.0f messages/s\n", batched.rate);
  std::printf(
      "  latency p50 %.1f ms, p99 %.1f ms; %.1f fsyncs for each 1000 messages (both nodes)\n"
      "  processor time for each message %.0f us (both nodes and the load)\n",
      batched.p50_ms, batched.p99_ms, batched.syncs_per_thousand, batched.cpu_us_per_message);
  std::printf("limits of this machine in this run\n");
  std::printf(
      "  Ed25519 verifications on all cores:          %8.0f /s, for two a message %8.0f /s\n",
      verify, verify_limit);
  std::printf("  raw group-commit writes of 6 KiB:            %8.0f /s\n", writes);
  std::printf("  gRPC echo of 6 KiB over TLS:                 %8.0f /s\n", echo);
  std::printf("ratio to the lowest limit:      %.2f\n", batched.rate / limit);
  std::printf("ratio to two verifications:     %.2f\n", batched.rate / verify_limit);
  std::printf("with one sync for each message: %8.0f messages/s, batched is %.1f times that\n",
              each.rate, batched.rate / each.rate);
  return 0;
}

}  // namespace palermo::bench

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  palermo::transport::RequireTls13();
  return palermo::bench::Main(argc, argv);
}
