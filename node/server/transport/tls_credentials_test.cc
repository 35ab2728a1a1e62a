// Real handshakes over loopback: what a client proves, what it accepts, and what OpenSSL refuses.
#include "node/server/transport/tls_credentials.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>

#include "base/status.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::transport {
namespace {

constexpr int64_t kNotBefore = 1'600'000'000;
constexpr int64_t kNotAfter = 4'000'000'000;

crypto::TlsIdentity NewIdentity(const char* name) {
  auto identity = crypto::MakeTlsIdentity(name, kNotBefore, kNotAfter);
  EXPECT_TRUE(identity.ok()) << identity.status();
  return std::move(identity).value();
}
std::string PinOf(const crypto::TlsIdentity& identity) {
  return *crypto::TlsPinFromCertificatePem(identity.certificate_pem);
}

// Answers each call with the caller's pin.
class PinService final : public v1::DirectoryService::Service {
 public:
  grpc::Status GetDocuments(grpc::ServerContext* context, const v1::GetDocumentsRequest* request,
                            v1::GetDocumentsResponse* response) override {
    if (request->state() == "XX") return ToGrpc(InputError("STALE_KEY", "make a new one"));
    response->mutable_roster()->set_document(CallerPin(*context->auth_context()));
    return grpc::Status::OK;
  }
};

class TlsTest : public testing::Test {
 protected:
  void SetUp() override {
    RequireTls13();
    server_identity_ = NewIdentity("PA");
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials(server_identity_), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    ASSERT_NE(port_, 0);
  }

  grpc::Status Call(const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                    std::string* pin_seen, const std::string& state = "") {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel =
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_), credentials, arguments);
    auto stub = v1::DirectoryService::NewStub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    v1::GetDocumentsRequest request;
    request.set_state(state);
    v1::GetDocumentsResponse response;
    grpc::Status status = stub->GetDocuments(&context, request, &response);
    *pin_seen = response.roster().document();
    return status;
  }

  // The version that a plain OpenSSL client gets, which offers `version` only; 0 when refused.
  int HandshakeWith(int version) {
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                              SSL_CTX_free);
    SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2);
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    const unsigned char alpn[] = {2, 'h', '2'};
    SSL_set_alpn_protos(ssl.get(), alpn, sizeof(alpn));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    SSL_set_fd(ssl.get(), fd);
    int got = SSL_connect(ssl.get()) == 1 ? SSL_version(ssl.get()) : 0;
    ssl.reset();
    close(fd);
    return got;
  }

  crypto::TlsIdentity server_identity_;
  PinService service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(TlsTest, PinnedClientIsLetInAndItsPinIsSeen) {
  crypto::TlsIdentity own = NewIdentity("QA");
  std::string seen;
  grpc::Status status = Call(MakePinnedClient(own, {PinOf(server_identity_)}), &seen);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(seen, PinOf(own));
}

TEST_F(TlsTest, ServersNextPinIsAcceptedBesideTheCurrentOne) {
  std::string seen;
  crypto::TlsIdentity own = NewIdentity("QA");
  EXPECT_TRUE(Call(MakePinnedClient(own, {PinOf(own), PinOf(server_identity_)}), &seen).ok());
}

TEST_F(TlsTest, WrongPinIsRefused) {
  crypto::TlsIdentity own = NewIdentity("QA");
  std::string seen;
  grpc::Status status = Call(MakePinnedClient(own, {PinOf(own)}), &seen);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << status.error_message();
  EXPECT_EQ(CodeOf(FromGrpc(status)), "UNREACHABLE");
}

TEST_F(TlsTest, ThatItWasAnotherServerIsSeenAndForgottenWhenTheRightOneAnswers) {
  crypto::TlsIdentity own = NewIdentity("QA");
  std::string seen;
  auto wrong = std::make_shared<WrongServerSeen>(false);
  absl::Status status = FromGrpc(Call(MakePinnedClient(own, {PinOf(own)}, wrong), &seen));
  ASSERT_TRUE(wrong->load());
  status = Explained(status, "node.example:1", absl::Seconds(1), wrong->load());
  EXPECT_EQ(CodeOf(status), "WRONG_NODE_KEY");
  EXPECT_NE(TextOf(status).find("node.example:1"), std::string::npos);
  EXPECT_NE(TextOf(status).find("ask the administrator"), std::string::npos);
  EXPECT_TRUE(Call(MakePinnedClient(own, {PinOf(server_identity_)}, wrong), &seen).ok());
  EXPECT_FALSE(wrong->load());
}

TEST_F(TlsTest, NoPinsRefuseEveryServer) {
  std::string seen;
  EXPECT_FALSE(Call(MakePinnedClient(NewIdentity("QA"), {}), &seen).ok());
}

TEST_F(TlsTest, UnpinnedClientIsLetInAndHasNoPin) {
  std::string seen = "unset";
  grpc::Status status = Call(MakeUnpinnedClient(), &seen);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(seen, "");
}

TEST_F(TlsTest, StableCodeCrossesTheWire) {
  std::string seen;
  absl::Status status = FromGrpc(Call(MakeUnpinnedClient(), &seen, "XX"));
  EXPECT_EQ(CodeOf(status), "STALE_KEY");
  EXPECT_EQ(TextOf(status), "make a new one");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(TlsTest, OnlyTls13IsSpoken) {
  EXPECT_EQ(HandshakeWith(TLS1_3_VERSION), TLS1_3_VERSION);
  EXPECT_EQ(HandshakeWith(TLS1_2_VERSION), 0);
}

TEST(StatusMapping, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

TEST(StatusMapping, WhatIsWrongInsideStaysInTheOwnLog) {
  const char* text = "get: IO error: No such file: /var/lib/palermo/store/db/000012.sst";
  for (const absl::Status& inside : {Error(absl::StatusCode::kInternal, "STORE_READ_FAILED", text),
                                     Damaged("STORE_DAMAGED", text), absl::InternalError(text)}) {
    absl::Status heard = FromGrpc(ToGrpc(inside));
    EXPECT_EQ(CodeOf(heard), CodeOf(inside));
    EXPECT_EQ(heard.code(), inside.code());
    EXPECT_EQ(TextOf(heard).find("/var"), std::string::npos) << heard;
    EXPECT_NE(TextOf(heard).find("operator"), std::string::npos) << heard;
  }
}

TEST(StatusMapping, ForeignDetailsGiveNoCode) {
  for (const char* details : {"", "palermo-code:", "palermo-code:lower", "x-code:STALE_KEY"}) {
    EXPECT_EQ(CodeOf(FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "no", details))), "INTERNAL");
  }
}

TEST(StatusMapping, TransportFailuresHaveCodes) {
  EXPECT_EQ(CodeOf(FromGrpc({grpc::StatusCode::DEADLINE_EXCEEDED, "late"})), "TIMED_OUT");
  EXPECT_EQ(CodeOf(FromGrpc({grpc::StatusCode::CANCELLED, "gone"})), "CANCELLED");
}

TEST(StatusMapping, ANodeThatDoesNotAnswerIsExplained) {
  auto explained = [](grpc::StatusCode code, bool wrong_server) {
    return Explained(FromGrpc({code, "x"}), "node.example:1", absl::Seconds(20), wrong_server);
  };
  absl::Status late = explained(grpc::StatusCode::DEADLINE_EXCEEDED, false);
  EXPECT_EQ(CodeOf(late), "TIMED_OUT");
  EXPECT_NE(TextOf(late).find("node.example:1 did not answer within 20s"), std::string::npos);
  EXPECT_NE(TextOf(late).find("look before you do it again"), std::string::npos);
  absl::Status away = explained(grpc::StatusCode::UNAVAILABLE, false);
  EXPECT_EQ(CodeOf(away), "UNREACHABLE");
  EXPECT_NE(TextOf(away).find("node.example:1"), std::string::npos);
  EXPECT_NE(TextOf(away).find("look before you do it again"), std::string::npos);
  EXPECT_EQ(DetailOf(away), "x");
  absl::Status never = Explained(
      FromGrpc({grpc::StatusCode::UNAVAILABLE, "failed to connect to all addresses; why"}),
      "node.example:1", absl::Seconds(20), false);
  EXPECT_NE(TextOf(never).find("Nothing was sent"), std::string::npos) << never;
  EXPECT_EQ(TextOf(never).find("all addresses"), std::string::npos) << never;
  EXPECT_NE(DetailOf(never).find("all addresses"), std::string::npos);
  // What the node itself answered stays as it is.
  EXPECT_EQ(TextOf(explained(grpc::StatusCode::ABORTED, true)), "x");
}

TEST(StatusMapping, UnknownStatusCodeBecomesUnknown) {
  absl::Status status = FromGrpc({static_cast<grpc::StatusCode>(20), "odd"});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
}

TEST(StatusMapping, LongTextIsShortenedAtACharacter) {
  std::string text(1023, 'a');
  for (int i = 0; i < 1000; ++i) text += "\u00e9";
  std::string sent = ToGrpc(InputError("LONG", text)).error_message();
  EXPECT_EQ(sent, std::string(1023, 'a'));
}

TEST(StatusMapping, ControlCharactersOfTheOtherSideAreBlanked) {
  EXPECT_EQ(TextOf(FromGrpc({grpc::StatusCode::ABORTED, "a\x1b[2Jb\n"})), "a [2Jb ");
  EXPECT_EQ(TextOf(FromGrpc({grpc::StatusCode::ABORTED,
                             "a\xc2\x9b"
                             "2Jb"})),
            "a 2Jb");
}

// It goes on in protobuf strings, which take nothing else; one peer's text must not hide the
// others.
TEST(StatusMapping, WhatIsNoUtf8OfTheOtherSideIsReplaced) {
  EXPECT_EQ(TextOf(FromGrpc({grpc::StatusCode::ABORTED, "a\xff"})), "a?");
}

}  // namespace
}  // namespace palermo::transport
