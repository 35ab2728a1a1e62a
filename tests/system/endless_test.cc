// A node of bad will answers for ever: the desk stops at its caps and says so.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>

#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/session.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

using testing::Value;

// Each page has one message and says that another one follows.
class EndlessNode final : public v1::DeskService::Service {
 public:
  grpc::Status ListMessages(grpc::ServerContext*, const v1::ListMessagesRequest*,
                            v1::ListMessagesResponse* response) override {
    uint64_t page = ++pages;
    response->add_messages()->set_message_id(std::string(32, 'm'));
    response->set_next(BigEndian64(page));
    return grpc::Status::OK;
  }
  grpc::Status ListPending(grpc::ServerContext*, const v1::ListPendingRequest*,
                           v1::ListPendingResponse* response) override {
    response->set_next(BigEndian64(++pages));
    return grpc::Status::OK;
  }
  std::atomic<uint64_t> pages{0};
};

TEST(SessionTest, AListThatNeverEndsIsGivenUpAtTheCapWithAClearError) {
  transport::RequireTls13();
  testing::World world({.start = absl::Now(), .real_tls = true});
  EndlessNode node;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", transport::MakeServerCredentials(world.state("QM").tls),
                           &port);
  builder.RegisterService(&node);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);

  testing::OfficerWorld& officer = world.officer("QM/central/o-0001");
  std::string endpoint = Cat({"127.0.0.1:", std::to_string(port)});
  auto sign = crypto::SigningKey::FromSeed(officer.sign.seed().Clone());
  Session session{
      {"", endpoint, "QM"},
      {officer.id,
       std::make_shared<crypto::SigningKey>(Value(std::move(sign))),
       Value(
           crypto::SealingPrivateKey::FromBytes(crypto::Kem::kXWing, officer.seal.bytes().Clone())),
       {officer.tls.certificate_pem, officer.tls.key_pem.Clone()}},
      Value(desk::TrustMemory::Create(world.rosters[0], world.fingerprint, "QM")),
      desk::NodeClient(desk::ClientOptions{endpoint}, officer.tls, {world.state("QM").tls_pin}),
      ""};
  absl::Status status = session.ListAll("", false, false).status();
  EXPECT_EQ(CodeOf(status), "TOO_MANY");
  EXPECT_NE(TextOf(status).find(endpoint), std::string::npos) << TextOf(status);
  EXPECT_NE(TextOf(status).find("administrator"), std::string::npos) << TextOf(status);
  EXPECT_EQ(node.pages, 1000u);

  node.pages = 0;
  EXPECT_EQ(CodeOf(session.ListDrafts().status()), "TOO_MANY");
  EXPECT_EQ(node.pages, 1000u);
}

}  // namespace
}  // namespace palermo::cli
