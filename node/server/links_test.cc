// Two real nodes over loopback TLS: who starts first, who vanishes, who is let in.
#include <arpa/inet.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/server/await.h"
#include "node/server/dialer.h"
#include "node/server/grpc_server.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"
#include "storage/memory_store.h"

namespace palermo::server {
namespace {

using crypto::SigningKey;

constexpr int64_t kDayMillis = 24 * 3600 * 1000;
constexpr absl::Duration kPatience = absl::Seconds(30);

int FreePort() {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  socklen_t size = sizeof(address);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

std::string Pin(const crypto::TlsIdentity& identity) {
  return *crypto::TlsPinFromCertificatePem(identity.certificate_pem);
}
crypto::TlsIdentity NewIdentity(const std::string& name) {
  return *crypto::MakeTlsIdentity(name, 1'600'000'000, 4'000'000'000);
}

template <typename Body>
v1::SignedDocument Sign(crypto::Purpose purpose, const SigningKey& key, Body body) {
  body.set_format(1);
  body.set_version(1);
  int64_t now_ms = ToMillis(absl::Now());
  body.set_issued_at_ms(now_ms - 1000);
  body.set_expires_at_ms(now_ms + kDayMillis);
  v1::SignedDocument document;
  document.set_document(body.SerializeAsString());
  trust::SignDocument(purpose, key, &document);
  return document;
}
void SetKey(const SigningKey& key, v1::KeySet* set) {
  set->set_threshold(1);
  *set->add_keys() = trust::MakeVerificationKey(key.public_key(), "test");
}

// One state: its keys and documents, and its node with everything around it.
struct State {
  State(const std::string& code, Random& random)
      : name(code),
        root(SigningKey::Generate(random)),
        administrator(SigningKey::Generate(random)),
        checkpoint(SigningKey::Generate(random)),
        cosign(SigningKey::Generate(random)),
        tls(NewIdentity(code)),
        endpoint("127.0.0.1:" + std::to_string(FreePort())) {}

  v1::SignedDocument Charter() const {
    v1::Charter charter;
    charter.set_state(name);
    SetKey(administrator, charter.mutable_directory_keys());
    return Sign(crypto::Purpose::kCharter, root, charter);
  }
  v1::SignedDocument Directory() const {
    v1::Directory directory;
    directory.set_state(name);
    v1::NodeEntry* entry = directory.mutable_node();
    entry->set_endpoint(endpoint);
    entry->set_checkpoint_key(std::string(AsView(checkpoint.public_key())));
    entry->set_cosignature_key(std::string(AsView(cosign.public_key())));
    entry->add_tls_pins(Pin(tls));
    entry->set_ledger_origin("palermo/" + name + "/1");
    return Sign(crypto::Purpose::kDirectory, administrator, directory);
  }

  std::string name;
  SigningKey root, administrator, checkpoint, cosign;
  crypto::TlsIdentity tls;
  std::string endpoint;
};

class Running {
 public:
  Running(State& state, const v1::SignedDocument& roster, Random& random)
      : log_(LogLevel::kWarning, clock_), state_(state), random_(random) {
    exchange::NodeOptions options;
    options.state = state.name;
    options.store = &store_;
    options.clock = &clock_;
    options.random = &random;
    options.checkpoint_key = &state.checkpoint;
    options.tls_pin = Pin(state.tls);
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
    dialer_ =
        std::make_unique<Dialer>(LinkContext{*node_, state_.tls, log_, random_, absl::Seconds(60)});
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
  Log log_;
  Metrics metrics_;
  State& state_;
  Random& random_;
  storage::MemoryStore store_;
  std::unique_ptr<exchange::Node> node_;
  std::unique_ptr<Edge> edge_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<Dialer> dialer_;
};

class LinksTest : public testing::Test {
 protected:
  void SetUp() override {
    transport::RequireTls13();
    v1::Roster roster;
    roster.set_exercise(true);
    SigningKey depositary = SigningKey::Generate(random_);
    SetKey(depositary, roster.mutable_roster_keys());
    for (State* state : {&a_, &b_}) {
      v1::RosterState* entry = roster.add_states();
      entry->set_state(state->name);
      entry->set_endpoint(state->endpoint);
      SetKey(state->root, entry->mutable_roots());
    }
    roster_ = Sign(crypto::Purpose::kRoster, depositary, roster);
  }
  std::unique_ptr<Running> Start(State& state) {
    return std::make_unique<Running>(state, roster_, random_);
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
