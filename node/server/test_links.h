// Two real nodes over loopback TLS, for the tests of this program.
#ifndef PALERMO_NODE_SERVER_TEST_LINKS_H_
#define PALERMO_NODE_SERVER_TEST_LINKS_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/server/await.h"
#include "node/server/dialer.h"
#include "node/server/grpc_server.h"
#include "node/server/test_states.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"
#include "storage/memory_store.h"

namespace palermo::server {

inline constexpr absl::Duration kPatience = absl::Seconds(30);

// The machine's clock, as an administrator sets it in the middle of everything.
class SetClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now() + absl::Milliseconds(ahead_ms_.load()); }
  void Set(absl::Duration ahead) { ahead_ms_ = absl::ToInt64Milliseconds(ahead); }

 private:
  std::atomic<int64_t> ahead_ms_{0};
};

class Running {
 public:
  Running(State& state, const v1::SignedDocument& roster, Random& random, absl::Duration refresh)
      : state_(state), random_(random), refresh_(refresh) {
    exchange::NodeOptions options;
    options.state = state.name;
    options.store = &store_;
    options.clock = &clock_;
    options.random = &random;
    options.checkpoint_key = &state.checkpoint;
    options.first_roster = roster;
    options.roster_fingerprint = crypto::Sha256(roster.document());
    auto node = exchange::Node::Open(std::move(options));
    EXPECT_TRUE(node.ok()) << node.status();
    node_ = std::move(node).value();
    node_->Start();
    v1::PublishRequest request;
    *request.mutable_charter() = state.Charter();
    Publish(request);
    // Also for a clock that is two hours late.
    *request.mutable_directory() = state.Directory(absl::Now() - absl::Hours(3));
    Publish(request);
    edge_ = std::make_unique<Edge>(Edge{*node_, log_, metrics_});
    Return();
  }
  ~Running() {
    if (server_ != nullptr) Vanish();
    node_->Drain();
  }

  // From the network, with its node still there.
  void Vanish() {
    dialer_->Stop();
    server_->Drain(absl::Seconds(5));
    server_.reset();
    dialer_.reset();
  }
  void Return() {
    auto server = GrpcServer::Start(state_.endpoint, state_.tls, *edge_);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = std::move(server).value();
    dialer_ = std::make_unique<Dialer>(LinkContext{*node_, state_.tls, log_, random_, refresh_});
  }

  bool LinkIs(bool connected) {
    absl::Time limit = absl::Now() + kPatience;
    while (absl::Now() < limit) {
      auto links = dialer_->Links();
      if (links.size() == 1 && links[0].second == connected) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
  // Whether a line of the log has all of these, soon.
  bool Logs(const std::vector<std::string>& parts) {
    absl::Time limit = absl::Now() + kPatience;
    while (absl::Now() < limit) {
      if (HasLogged(parts)) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
  bool HasLogged(const std::vector<std::string>& parts) {
    absl::MutexLock lock(&mu_);
    return std::any_of(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return line.find(part) != std::string::npos;
      });
    });
  }
  exchange::NodeStats stats() { return node_->Stats(); }
  GrpcServer& server() { return *server_; }
  void SetWallClock(absl::Duration ahead) { clock_.Set(ahead); }
  bool Probe() {
    return AwaitStatus([&](StatusReply reply) { node_->Probe(std::move(reply)); }, kPatience).ok();
  }
  int64_t inbound() const { return server_->open_peer_streams(); }

 private:
  void Publish(const v1::PublishRequest& request) {
    absl::Status status = AwaitStatus(
        [&](StatusReply reply) {
          node_->Publish({}, request, [reply](absl::StatusOr<v1::PublishResponse> response) {
            reply(response.status());
          });
        },
        kPatience);
    EXPECT_TRUE(status.ok()) << status;
  }

  SetClock clock_;
  absl::Mutex mu_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
  Log log_{LogLevel::kInfo, clock_, [this](const std::string& line) {
             absl::MutexLock lock(&mu_);
             lines_.push_back(line);
           }};
  Metrics metrics_;
  State& state_;
  Random& random_;
  const absl::Duration refresh_;
  storage::MemoryStore store_;
  std::unique_ptr<exchange::Node> node_;
  std::unique_ptr<Edge> edge_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<Dialer> dialer_;
};

// Answers everybody with one directory, whatever is asked.
class DirectoryServer final : public v1::DirectoryService::Service {
 public:
  DirectoryServer(const std::string& endpoint, const crypto::TlsIdentity& tls,
                  const v1::SignedDocument& directory)
      : directory_(directory) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(endpoint, transport::MakeServerCredentials(tls));
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
  }
  ~DirectoryServer() override { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::Status GetDocuments(grpc::ServerContext*, const v1::GetDocumentsRequest*,
                            v1::GetDocumentsResponse* response) override {
    *response->add_steps()->mutable_directory() = directory_;
    ++asked_;
    return grpc::Status::OK;
  }
  int asked() const { return asked_; }
  bool Asked(int times) const {
    absl::Time limit = absl::Now() + kPatience;
    while (asked_ < times && absl::Now() < limit) absl::SleepFor(absl::Milliseconds(20));
    return asked_ >= times;
  }

 private:
  const v1::SignedDocument directory_;
  std::atomic<int> asked_{0};
  std::unique_ptr<grpc::Server> server_;
};

class LinksTest : public testing::Test {
 protected:
  void SetUp() override {
    transport::RequireTls13();
    roster_ = RosterOf({&a_, &b_}, random_);
  }
  std::unique_ptr<Running> Start(State& state, absl::Duration refresh = absl::Seconds(60)) {
    return std::make_unique<Running>(state, roster_, random_, refresh);
  }
  std::shared_ptr<grpc::Channel> Channel(const State& to,
                                         std::shared_ptr<grpc::ChannelCredentials> credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(to.endpoint, credentials, arguments);
  }

  SystemRandom random_;
  State a_{"XA", random_};
  State b_{"XB", random_};
  v1::SignedDocument roster_;
};

// A byte that begins a field and ends there: no message at all.
inline constexpr char kNoMessage[] = "\x0a";

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_TEST_LINKS_H_
