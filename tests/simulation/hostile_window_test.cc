// A peer that sends more than it waits for: the window of a stream, and the desks' part of the
// queue.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

// One stream's worth of items that do not wait for their answers.
class HostileWindowTest : public HostileTest {
 protected:
  HostileWindowTest() {
    filled_.mutable_filled()->set_message_id(std::string(32, 'm'));
    filled_.mutable_filled()->set_case_id(std::string(16, 'c'));
    filled_.mutable_filled()->set_sender("QV/central");
    v1::Record record;
    record.set_format(1);
    record.set_state("QM");
    record.set_kind(Kind::EXPIRY);
    *filled_.mutable_filled()->mutable_receipt() = peer.ReceiptOf(peer.Enter(record));
    peer.Send(filled_);  // so that QT knows the checkpoint
  }
  std::unique_ptr<exchange::Session> Open(FrameQueue* sink) {
    auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, sink));
    v1::PeerFrame hello;
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_state("QM");
    session->OnFrame(hello);
    return session;
  }
  static v1::PeerFrame Frame(const v1::PeerItem& item, size_t count, uint64_t first) {
    v1::PeerFrame frame;
    for (size_t i = 0; i < count; ++i) {
      v1::PeerItem* one = frame.mutable_items()->add_items();
      *one = item;
      one->set_seq(first + i);
    }
    return frame;
  }

  v1::PeerItem filled_;
};

TEST_F(HostileWindowTest, MoreItemsThanTheWindowWithoutAnswersEndTheStream) {
  const size_t most = limits::kStreamWindowItems;
  FrameQueue sink;
  auto session = Open(&sink);
  session->OnFrame(Frame(filled_, most, 1));
  EXPECT_TRUE(sink.closed.ok()) << sink.closed;
  sim.Settle();
  session->OnFrame(Frame(filled_, most, most + 1));
  EXPECT_TRUE(sink.closed.ok()) << "the first were answered: " << sink.closed;
  session->OnFrame(Frame(filled_, 1, 2 * most + 1));
  EXPECT_EQ(CodeOf(sink.closed), "BAD_FRAME");
  sim.Settle();
  v1::PeerFault fault = Value(sim.ListFaults(kAdminOfQt)).faults(0);
  EXPECT_EQ(fault.code(), "BAD_FRAME");
  EXPECT_NE(fault.text().find("window"), std::string::npos);
}

TEST_F(HostileWindowTest, MoreBytesThanTheWindowWithoutAnswersEndTheStream) {
  v1::PeerItem item;
  *item.mutable_parcel()->mutable_submission() = filled_.filled().receipt();
  item.mutable_parcel()->mutable_envelope()->set_body(
      std::string(limits::kStreamWindowBytes / 2, 'b'));
  FrameQueue sink;
  auto session = Open(&sink);
  session->OnFrame(Frame(item, 2, 1));
  EXPECT_TRUE(sink.closed.ok()) << sink.closed;
  sim.Settle();  // what is answered makes room again
  session->OnFrame(Frame(item, 2, 3));
  EXPECT_TRUE(sink.closed.ok()) << sink.closed;
  session->OnFrame(Frame(item, 1, 5));
  EXPECT_EQ(CodeOf(sink.closed), "BAD_FRAME");
}

TEST_F(HostileWindowTest, PeersLeaveAPartOfTheQueueToTheOwnDesks) {
  std::vector<std::unique_ptr<FrameQueue>> sinks;
  std::vector<std::unique_ptr<exchange::Session>> sessions;
  for (size_t taken = 0; taken <= limits::kMaxQueuedPeerDecisions;
       taken += limits::kStreamWindowItems) {
    sinks.push_back(std::make_unique<FrameQueue>());
    sessions.push_back(Open(sinks.back().get()));
    sessions.back()->OnFrame(Frame(filled_, limits::kStreamWindowItems, 1));
  }
  EXPECT_TRUE(sinks.front()->closed.ok());
  EXPECT_EQ(CodeOf(sinks.back()->closed), "TOO_MANY");
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  sim.Send(sim.world.MakeEnvelope(spec));
  sessions.clear();
}

TEST_F(HostileWindowTest, PeersLeaveAPartOfTheQueuesBytesToTheOwnDesks) {
  v1::PeerItem item;
  *item.mutable_parcel()->mutable_submission() = filled_.filled().receipt();
  item.mutable_parcel()->mutable_envelope()->set_body(
      std::string(limits::kStreamWindowBytes / 2, 'b'));
  std::vector<std::unique_ptr<FrameQueue>> sinks;
  std::vector<std::unique_ptr<exchange::Session>> sessions;
  for (size_t taken = 0; taken <= limits::kMaxQueuedPeerBytes;
       taken += limits::kStreamWindowBytes) {
    sinks.push_back(std::make_unique<FrameQueue>());
    sessions.push_back(Open(sinks.back().get()));
    sessions.back()->OnFrame(Frame(item, 2, 1));
  }
  EXPECT_TRUE(sinks.front()->closed.ok());
  EXPECT_EQ(CodeOf(sinks.back()->closed), "TOO_MANY");
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  sim.Send(sim.world.MakeEnvelope(spec));
  sessions.clear();
}

}  // namespace
}  // namespace palermo::testing
