// Two real nodes over loopback TLS: who starts first, who vanishes, who is let in.
#include "node/server/test_links.h"

namespace palermo::server {
namespace {

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
  EXPECT_TRUE(
      a->Logs({"level=warning", "event=peer-unreachable", "peer=XB", "code=WRONG_NODE_KEY"}));
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

// What grpc.health.v1 answers: 1 is SERVING, 2 NOT_SERVING.
int Health(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ByteBuffer request, response;
  grpc::Slice nothing;
  request = grpc::ByteBuffer(&nothing, 1);  // every service
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag;
  bool ok;
  if (!queue.Next(&tag, &ok) || !status.ok()) return -1;
  std::vector<grpc::Slice> slices;
  if (!response.Dump(&slices).ok() || slices.size() != 1 || slices[0].size() != 2) return -1;
  return slices[0].begin()[1];
}

TEST_F(LinksTest, HealthIsNotServingUntilTheNodeWasTried) {
  auto a = Start(a_);
  auto channel = Channel(a_, transport::MakeUnpinnedClient());
  EXPECT_EQ(Health(channel), 2);
  a->server().SetServing(true);
  EXPECT_EQ(Health(channel), 1);
  a->server().SetServing(false);
  EXPECT_EQ(Health(channel), 2);
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
