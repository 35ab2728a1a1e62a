// Two real nodes, and the clock of one of them is set while they work.
#include "node/server/test_links.h"

namespace palermo::server {
namespace {

// The clock of a node is set back and forward by two hours while it works. What goes wrong at it is
// heard, entered and mended as at any other time; nothing waits for hours.
class SetClockTest : public LinksTest {
 protected:
  // One after the other, as at a node that somebody tries: each is refused with its code, and what
  // has to be entered is entered although the last such entry may lie in the future now.
  void FiveThingsGoWrong(Running& a, Running& b) {
    uint64_t entries = a.stats().ledger_size, faults = a.stats().peer_faults;
    EXPECT_EQ(StrangersStream(), "WRONG_PEER");
    EXPECT_TRUE(Grows(a, entries)) << "the stranger is entered";
    EXPECT_EQ(CallWithoutCertificate(), "NO_CERTIFICATE");
    b.Vanish();
    EXPECT_TRUE(a.LinkIs(false)) << "a peer that vanished is missed";
    entries = a.stats().ledger_size;
    EXPECT_EQ(BytesThatAreNoFrame(), "BAD_FRAME");
    EXPECT_EQ(a.stats().peer_faults, faults + 1);
    EXPECT_TRUE(Grows(a, entries)) << "the peer's fault is entered";
    crypto::TlsIdentity honest = std::move(b_.tls);
    b_.tls = NewIdentity("XB");
    b.Return();
    EXPECT_TRUE(a.LinkIs(false)) << "another key at a peer's address gets no stream";
    b.Vanish();
    b_.tls = std::move(honest);
    b.Return();
    EXPECT_TRUE(a.LinkIs(true)) << "the peer is dialled again";
    EXPECT_TRUE(a.Probe());
  }
  std::string StrangersStream() {
    auto stub = v1::PeerService::NewStub(
        Channel(a_, transport::MakePinnedClient(NewIdentity("stranger"), {Pin(a_.tls)})));
    grpc::ClientContext context;
    auto stream = stub->Exchange(&context);
    v1::PeerFrame frame;
    EXPECT_FALSE(stream->Read(&frame));
    return CodeOf(transport::FromGrpc(stream->Finish()));
  }
  std::string CallWithoutCertificate() {
    grpc::ClientContext context;
    v1::GetTrustResponse trust;
    return CodeOf(
        transport::FromGrpc(v1::DeskService::NewStub(Channel(a_, transport::MakeUnpinnedClient()))
                                ->GetTrust(&context, v1::GetTrustRequest(), &trust)));
  }
  std::string BytesThatAreNoFrame() {
    grpc::GenericStub stub(Channel(a_, transport::MakePinnedClient(b_.tls, {Pin(a_.tls)})));
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    auto stream = stub.PrepareCall(&context, "/palermo.v1.PeerService/Exchange", &queue);
    void* tag;
    bool ok;
    stream->StartCall(nullptr);
    EXPECT_TRUE(queue.Next(&tag, &ok));
    grpc::Slice bytes(kNoMessage);
    stream->Write(grpc::ByteBuffer(&bytes, 1), nullptr);
    EXPECT_TRUE(queue.Next(&tag, &ok));
    grpc::Status status;
    stream->Finish(&status, nullptr);
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return CodeOf(transport::FromGrpc(status));
  }
  static bool Grows(Running& a, uint64_t entries) {
    absl::Time limit = absl::Now() + kPatience;
    while (a.stats().ledger_size <= entries && absl::Now() < limit) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return a.stats().ledger_size > entries;
  }
};

TEST_F(SetClockTest, FiveThingsThatGoWrongAreHeardAndEnteredWhereverTheClockIsSet) {
  auto a = Start(a_);
  auto b = Start(b_);
  ASSERT_TRUE(a->LinkIs(true));
  for (int hours : {2, -2, 0}) {
    SCOPED_TRACE(hours);
    a->SetWallClock(absl::Hours(hours));
    FiveThingsGoWrong(*a, *b);
  }
}

}  // namespace
}  // namespace palermo::server
