// A node of bad will answers for ever: the desk stops at its caps and says so.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/status.h"
#include "node/cli/casebook_support.h"
#include "node/cli/session.h"
#include "node/desk/grants.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

using testing::Value;

// Each page has one message and says that another one follows; each answer about trust has one
// document, rightly signed, and says that another one follows.
class EndlessNode final : public v1::DeskService::Service {
 public:
  grpc::Status ListMessages(grpc::ServerContext*, const v1::ListMessagesRequest*,
                            v1::ListMessagesResponse* response) override {
    uint64_t page = ++pages;
    v1::MessageSummary* message = response->add_messages();
    message->set_message_id(std::string(32, 'm'));
    message->set_incoming(true);
    response->set_next(BigEndian64(page));
    return grpc::Status::OK;
  }
  grpc::Status ListPending(grpc::ServerContext*, const v1::ListPendingRequest*,
                           v1::ListPendingResponse* response) override {
    response->set_next(BigEndian64(++pages));
    return grpc::Status::OK;
  }
  grpc::Status GetTrust(grpc::ServerContext*, const v1::GetTrustRequest*,
                        v1::GetTrustResponse* response) override {
    ++pages;
    one_more(response);
    return grpc::Status::OK;
  }
  grpc::Status GetGrants(grpc::ServerContext*, const v1::GetGrantsRequest*,
                         v1::GetGrantsResponse* response) override {
    *response->add_grants() = grant;
    return grpc::Status::OK;
  }
  v1::Grant grant;
  std::function<void(v1::GetTrustResponse*)> one_more;
  std::atomic<uint64_t> pages{0};
};

// The same of the directory service, which anybody may ask.
class EndlessDirectory final : public v1::DirectoryService::Service {
 public:
  grpc::Status GetDocuments(grpc::ServerContext*, const v1::GetDocumentsRequest*,
                            v1::GetDocumentsResponse* response) override {
    ++pages;
    one_more(response);
    return grpc::Status::OK;
  }
  std::function<void(v1::GetDocumentsResponse*)> one_more;
  std::atomic<uint64_t> pages{0};
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    transport::RequireTls13();
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0",
                             transport::MakeServerCredentials(world_.state("QM").tls), &port);
    builder.RegisterService(&node_);
    builder.RegisterService(&directory_);
    server_ = builder.BuildAndStart();
    EXPECT_NE(server_, nullptr);
    endpoint_ = Cat({"127.0.0.1:", std::to_string(port)});
    node_.one_more = [this](v1::GetTrustResponse* response) { Known(response); };
  }
  // What the desk knows before the first endless answer.
  void Known(v1::GetTrustResponse* response) {
    response->set_own_state("QM");
    response->set_roster_version(world_.rosters.size());
    v1::StateTrust* state = response->add_states();
    state->set_state("QM");
    *state->mutable_charter() = world_.state("QM").charter;
    *state->mutable_directory() = world_.state("QM").directory;
    *state->mutable_directory_charter() = world_.state("QM").charter;
  }
  desk::TrustMemory Memory(bool met) {
    auto memory = Value(desk::TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QM"));
    v1::GetTrustResponse known;
    Known(&known);
    if (met) Value(memory.Update(known));
    return memory;
  }
  desk::OfficerKeys Keys() {
    testing::OfficerWorld& officer = world_.officer("QM/central/o-0001");
    auto sign = crypto::SigningKey::FromSeed(officer.sign.seed().Clone());
    return {officer.id,
            std::make_shared<crypto::SigningKey>(Value(std::move(sign))),
            Value(crypto::SealingPrivateKey::FromBytes(crypto::Kem::kXWing,
                                                       officer.seal.bytes().Clone())),
            {officer.tls.certificate_pem, officer.tls.key_pem.Clone()}};
  }
  // Connecting takes what is new; and it is given up at the cap, with what was verified so far.
  void ExpectGivenUp(desk::TrustMemory* memory, const std::atomic<uint64_t>& pages) {
    SystemClock clock;
    SystemRandom random;
    Context context{&clock, &random, "", false, words::Language::kEnglish, "", {}, {}, nullptr};
    context.progress = [](const std::string&) {};
    absl::Status status = Connect({"", endpoint_, "QM"}, Keys(), memory, context).status();
    EXPECT_EQ(CodeOf(status), "TOO_MANY") << status;
    EXPECT_NE(TextOf(status).find(endpoint_), std::string::npos) << TextOf(status);
    // The first answer may come before those that are counted.
    EXPECT_GE(pages, static_cast<uint64_t>(limits::kMaxAnswersPerFetch));
    EXPECT_LE(pages, static_cast<uint64_t>(limits::kMaxAnswersPerFetch) + 1);
  }

  testing::World world_{testing::WorldOptions{.start = absl::Now(), .real_tls = true}};
  EndlessNode node_;
  EndlessDirectory directory_;
  std::unique_ptr<grpc::Server> server_;
  std::string endpoint_;
};

TEST_F(SessionTest, AListThatNeverEndsIsGivenUpAtTheCapWithAClearError) {
  Session session{
      {"", endpoint_, "QM"},
      Keys(),
      Memory(false),
      desk::NodeClient(desk::ClientOptions{endpoint_}, world_.officer("QM/central/o-0001").tls,
                       {world_.state("QM").tls_pin}),
      ""};
  absl::Status status = session.ListAll("", false, false).status();
  EXPECT_EQ(CodeOf(status), "TOO_MANY");
  EXPECT_NE(TextOf(status).find(endpoint_), std::string::npos) << TextOf(status);
  EXPECT_NE(TextOf(status).find("administrator"), std::string::npos) << TextOf(status);
  EXPECT_EQ(node_.pages, 1000u);

  node_.pages = 0;
  EXPECT_EQ(CodeOf(session.ListDrafts().status()), "TOO_MANY");
  EXPECT_EQ(node_.pages, 1000u);
}

TEST_F(SessionTest, ACasebookIsNotFilledForEver) {
  char folder[] = "/tmp/endless-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  Session session{
      {"", endpoint_, "QM"},
      Keys(),
      Memory(true),
      desk::NodeClient(desk::ClientOptions{endpoint_}, world_.officer("QM/central/o-0001").tls,
                       {world_.state("QM").tls_pin}),
      folder};
  SystemClock clock;
  SystemRandom random;
  node_.grant = Value(desk::MakeGrant("QM/central", world_.state("QM").sealing, "QM/central/o-0001",
                                      *world_.Directory("QM"), Keys(), clock.Now(), random));
  Context context{&clock, &random, folder, false, words::Language::kEnglish, "", {}, {}, nullptr};
  context.progress = [](const std::string&) {};
  OpenBook open = Value(OpenCasebook(session, context));
  EXPECT_EQ(CodeOf(UpdateCasebook(session, *open.book, false, context).status()), "TOO_MANY");
  EXPECT_EQ(node_.pages, static_cast<uint64_t>(limits::kMaxListPages));
  std::filesystem::remove_all(folder);
}

TEST_F(SessionTest, RostersThatNeverEndAreGivenUpAtTheCap) {
  desk::TrustMemory memory = Memory(true);
  node_.one_more = [this](v1::GetTrustResponse* response) {
    response->set_own_state("QM");
    *response->add_rosters() = world_.NextRoster(nullptr);
    response->set_more_rosters(true);
  };
  ExpectGivenUp(&memory, node_.pages);
  EXPECT_GT(memory.View()->roster().body.version(), 100u);
}

TEST_F(SessionTest, DirectoriesThatNeverEndAreGivenUpAtTheCap) {
  desk::TrustMemory memory = Memory(true);
  node_.one_more = [this](v1::GetTrustResponse* response) {
    response->set_own_state("QM");
    response->set_roster_version(world_.rosters.size());
    v1::StateTrust* state = response->add_states();
    state->set_state("QM");
    state->set_charter_version(1000000);
    state->set_directory_version(1000000);
    *state->add_steps()->mutable_directory() = world_.NextDirectory("QM", nullptr);
    state->set_more(true);
  };
  ExpectGivenUp(&memory, node_.pages);
  EXPECT_GT(Value(memory.View()->DirectoryOf("QM"))->body().version(), 100u);
}

TEST_F(SessionTest, ChartersThatNeverEndAreGivenUpAtTheCap) {
  desk::TrustMemory memory = Memory(true);
  node_.one_more = [this](v1::GetTrustResponse* response) {
    response->set_own_state("QM");
    response->set_roster_version(world_.rosters.size());
    v1::StateTrust* state = response->add_states();
    state->set_state("QM");
    state->set_charter_version(1000000);
    state->set_directory_version(1000000);
    *state->add_steps()->mutable_charter() = world_.NextCharter("QM", nullptr);
    state->set_more(true);
  };
  ExpectGivenUp(&memory, node_.pages);
  EXPECT_GT(memory.View()->Find("QM")->charter->body.version(), 100u);
}

TEST_F(SessionTest, ADirectoryServiceThatNeverEndsIsGivenUpAtTheCap) {
  desk::TrustMemory memory = Memory(false);
  directory_.one_more = [this](v1::GetDocumentsResponse* response) {
    *response->mutable_charter() = world_.state("QM").charter;
    if (directory_.pages > 1) world_.NextDirectory("QM", nullptr);
    *response->mutable_directory() = world_.state("QM").directory;
    response->set_more(true);
  };
  ExpectGivenUp(&memory, directory_.pages);
}

}  // namespace
}  // namespace palermo::cli
