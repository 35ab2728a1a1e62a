// Two real nodes over loopback TLS: who starts first, who vanishes, who is let in.
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
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

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
    *request.mutable_directory() = state.Directory();
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

  SystemClock clock_;
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

TEST_F(LinksTest, NodesFindEachOtherWhoeverStartsFirst) {
  auto a = Start(a_);
  absl::SleepFor(absl::Seconds(1));
  EXPECT_TRUE(a->LinkIs(false));
  auto b = Start(b_);
  EXPECT_TRUE(b->LinkIs(true));
  EXPECT_TRUE(a->LinkIs(true));
  EXPECT_EQ(a->inbound(), 1);
  EXPECT_EQ(b->inbound(), 1);
}

TEST_F(LinksTest, PeerThatVanishedIsDialledAgain) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  b->Vanish();
  EXPECT_TRUE(a->LinkIs(false));
  b->Return();
  EXPECT_TRUE(a->LinkIs(true));
  EXPECT_TRUE(b->LinkIs(true));
}

// Who sits at a peer's address without its key is asked, for signatures decide; but it is never
// taken for the peer: what it answers wrongly is no fault of the peer, and the peer's own node
// counts as not reached.
TEST_F(LinksTest, WhoAnswersAtAPeersAddressWithoutItsKeyIsNotTakenForThePeer) {
  auto a = Start(a_, absl::Milliseconds(200));
  auto b = Start(b_, absl::Milliseconds(200));
  ASSERT_TRUE(a->LinkIs(true));
  // The first answer is anybody's; from then on the directory says which key to expect.
  absl::Time limit = absl::Now() + kPatience;
  while (a->stats().documents_pinned_at_ms["XB"] == 0 && absl::Now() < limit) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  ASSERT_GT(a->stats().documents_pinned_at_ms["XB"], 0);
  b->Vanish();
  v1::Directory body;
  ASSERT_TRUE(body.ParseFromString(b_.Directory().document()));
  v1::SignedDocument forged;
  body.set_version(2);
  forged.set_document(body.SerializeAsString());
  trust::SignDocument(crypto::Purpose::kDirectory, crypto::SigningKey::Generate(random_), &forged);
  int64_t last_ms = 0;
  {
    DirectoryServer stranger(b_.endpoint, NewIdentity("stranger"), forged);
    ASSERT_TRUE(stranger.Asked(1));
    last_ms = a->stats().documents_pinned_at_ms["XB"];
    ASSERT_TRUE(stranger.Asked(3));
    EXPECT_EQ(a->stats().documents_pinned_at_ms["XB"], last_ms);
    EXPECT_EQ(a->stats().peer_faults, 0u);
    EXPECT_TRUE(a->LinkIs(false));
  }
  DirectoryServer itself(b_.endpoint, b_.tls, forged);
  ASSERT_TRUE(itself.Asked(2));
  EXPECT_GT(a->stats().documents_pinned_at_ms["XB"], last_ms);
  EXPECT_GE(a->stats().peer_faults, 1u);
}

// Its node was started with another key file, or somebody stands in between.
TEST_F(LinksTest, AnotherKeyAtAPeersAddressGetsNoStreamAndIsToldAsThat) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  b->Vanish();
  ASSERT_TRUE(a->LinkIs(false));
  EXPECT_FALSE(a->HasLogged({"code=WRONG_NODE_KEY"}));
  crypto::TlsIdentity honest = std::move(b_.tls);
  b_.tls = NewIdentity("XB");
  b->Return();
  EXPECT_TRUE(a->Logs({"event=peer-unreachable", "peer=XB", "code=WRONG_NODE_KEY"}));
  EXPECT_TRUE(a->LinkIs(false));
  EXPECT_EQ(a->inbound(), 0);
  b->Vanish();
  b_.tls = std::move(honest);
  b->Return();
  EXPECT_TRUE(a->LinkIs(true));
}

TEST_F(LinksTest, StopEndsOpenStreamsAtOnce) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  ASSERT_TRUE(b->LinkIs(true));
  absl::Time began = absl::Now();
  a.reset();
  b.reset();
  EXPECT_LT(absl::Now() - began, absl::Seconds(4));
}

TEST_F(LinksTest, StrangerGetsNoStream) {
  auto a = Start(a_);
  auto stub = v1::PeerService::NewStub(
      Channel(a_, transport::MakePinnedClient(NewIdentity("stranger"), {Pin(a_.tls)})));
  grpc::ClientContext context;
  auto stream = stub->Exchange(&context);
  v1::PeerFrame frame;
  EXPECT_FALSE(stream->Read(&frame));
  EXPECT_EQ(CodeOf(transport::FromGrpc(stream->Finish())), "WRONG_PEER");
}

TEST_F(LinksTest, ASecondStreamOfOneKeyEndsTheFirst) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  b->Vanish();
  ASSERT_TRUE(a->LinkIs(false));
  auto stub =
      v1::PeerService::NewStub(Channel(a_, transport::MakePinnedClient(b_.tls, {Pin(a_.tls)})));
  grpc::ClientContext first_context, second_context;
  auto first = stub->Exchange(&first_context);
  first->WaitForInitialMetadata();
  auto second = stub->Exchange(&second_context);
  second->WaitForInitialMetadata();
  v1::PeerFrame frame;
  EXPECT_FALSE(first->Read(&frame));
  EXPECT_EQ(CodeOf(transport::FromGrpc(first->Finish())), "REPLACED");
  frame.mutable_hello()->set_protocol(1);
  frame.mutable_hello()->set_state("XB");
  EXPECT_TRUE(second->Write(frame));
  EXPECT_TRUE(second->Read(&frame)) << "the newer one is served";
  EXPECT_TRUE(frame.has_hello());
  second->WritesDone();
  EXPECT_TRUE(second->Finish().ok());
}

// A byte that begins a field and ends there: no message at all.
constexpr char kNoMessage[] = "\x0a";

TEST_F(LinksTest, BytesThatAreNoFrameEndTheStreamWithACodeAndAreEntered) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  b->Vanish();
  ASSERT_TRUE(a->LinkIs(false));
  grpc::GenericStub stub(Channel(a_, transport::MakePinnedClient(b_.tls, {Pin(a_.tls)})));
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto stream = stub.PrepareCall(&context, "/palermo.v1.PeerService/Exchange", &queue);
  auto wait = [&queue] {
    void* tag;
    bool ok;
    EXPECT_TRUE(queue.Next(&tag, &ok));
  };
  stream->StartCall(nullptr);
  wait();
  grpc::Slice bytes(kNoMessage);
  stream->Write(grpc::ByteBuffer(&bytes, 1), nullptr);
  wait();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  wait();
  EXPECT_EQ(CodeOf(transport::FromGrpc(status)), "BAD_FRAME");
  EXPECT_EQ(a->stats().peer_faults, 1U);
}

TEST_F(LinksTest, ARequestThatIsNoProtobufIsRefusedWithACodeAndEntered) {
  auto a = Start(a_);
  grpc::GenericStub stub(Channel(a_, transport::MakePinnedClient(NewIdentity("x"), {Pin(a_.tls)})));
  uint64_t entries = a->stats().ledger_size;
  grpc::Slice bytes(kNoMessage);
  grpc::ByteBuffer request(&bytes, 1);
  grpc::ByteBuffer response;
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto call =
      stub.PrepareUnaryCall(&context, "/palermo.v1.DeskService/SubmitDraft", request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag;
  bool ok;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(CodeOf(transport::FromGrpc(status)), "BAD_FRAME");
  absl::Time limit = absl::Now() + kPatience;
  while (a->stats().ledger_size == entries && absl::Now() < limit) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(a->stats().ledger_size, entries + 1);
}

TEST_F(LinksTest, AFrameOverTheLimitIsNotTaken) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  b->Vanish();
  auto stub =
      v1::PeerService::NewStub(Channel(a_, transport::MakePinnedClient(b_.tls, {Pin(a_.tls)})));
  grpc::ClientContext context;
  auto stream = stub->Exchange(&context);
  v1::PeerFrame frame;
  frame.mutable_hello()->set_own_checkpoint(std::string(limits::kMaxFrameBytes, 'x'));
  stream->Write(frame);
  EXPECT_FALSE(stream->Read(&frame));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(LinksTest, DeskNeedsACertificateAndDirectoryDoesNot) {
  auto a = Start(a_);
  auto channel = Channel(a_, transport::MakeUnpinnedClient());
  grpc::ClientContext trust_context;
  v1::GetTrustResponse trust;
  grpc::Status refused =
      v1::DeskService::NewStub(channel)->GetTrust(&trust_context, v1::GetTrustRequest(), &trust);
  EXPECT_EQ(CodeOf(transport::FromGrpc(refused)), "NO_CERTIFICATE");
  grpc::ClientContext documents_context;
  v1::GetDocumentsResponse documents;
  grpc::Status answered = v1::DirectoryService::NewStub(channel)->GetDocuments(
      &documents_context, v1::GetDocumentsRequest(), &documents);
  EXPECT_TRUE(answered.ok()) << answered.error_message();
  EXPECT_FALSE(documents.directory().document().empty());
  EXPECT_FALSE(documents.roster().document().empty());
}

}  // namespace
}  // namespace palermo::server
