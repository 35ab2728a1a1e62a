// A hostile state's node as the one that listens: what it may not answer to what it was sent. And
// what a stream does not outlive.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/receipt.h"
#include "tests/simulation/hostile.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

class HostileAnswersTest : public ::testing::Test {
 protected:
  HostileAnswersTest() { peer.Meet(); }

  // QT's request to QM, which waits for QM to take it.
  std::string SendToPeer() {
    EnvelopeSpec spec;
    spec.from = "QT/central";
    spec.to = {"QM/central"};
    return sim.Send(sim.world.MakeEnvelope(spec));
  }
  static v1::PeerFrame Hello() {
    v1::PeerFrame frame;
    frame.mutable_hello()->set_protocol(1);
    frame.mutable_hello()->set_state("QM");
    return frame;
  }
  // QT dials, and QM greets it.
  void Greet(const v1::PeerFrame& hello) {
    session_.reset();
    sink_.frames.clear();
    sink_.closed = absl::OkStatus();
    session_ = Value(sim.node("QT").OpenOutbound("QM", &sink_), "dialling");
    session_->OnFrame(hello);
    sim.Settle();
  }
  // The sequence number of the item that QT sent.
  uint64_t Sent() {
    uint64_t seq = 0;
    for (const v1::PeerFrame& frame : sink_.frames) {
      for (const auto& item : frame.items().items()) seq = item.seq();
    }
    EXPECT_GT(seq, 0u) << "QT sent nothing: " << sink_.closed;
    return seq;
  }
  void Answer(const v1::PeerAnswers& answers) {
    v1::PeerFrame frame;
    *frame.mutable_answers() = answers;
    session_->OnFrame(frame);
    sim.Settle();
  }
  std::string Closed() { return CodeOf(sink_.closed); }
  std::string Stage(const std::string& id) {
    return Value(sim.Explain("QT/central/o-0001", id)).recipients(0).stage();
  }

  Simulation sim;
  HostilePeer peer{sim, "QM", "QT"};
  FrameQueue sink_;
  std::unique_ptr<exchange::Session> session_;
};

TEST_F(HostileAnswersTest, AnHonestAnswerDelivers) {
  std::string id = SendToPeer();
  Greet(Hello());
  Answer(peer.Answer(Sent(), peer.Delivery(id)));
  EXPECT_EQ(Closed(), "OK") << sink_.closed;
  EXPECT_EQ(Stage(id), "DELIVERED");
}

// The receiver's own ledger says when it took the message: after its end that is no delivery, and
// the receipt convicts the receiver.
TEST_F(HostileAnswersTest, AnAnswerThatTookTheMessageAfterItsEndDeliversNothing) {
  std::string id = SendToPeer();
  v1::Header header;
  ASSERT_TRUE(
      header.ParseFromString(Value(sim.Fetch("QT/central/o-0001", id)).envelope().header()));
  Greet(Hello());
  v1::Record late = peer.Delivery(id);
  late.set_at_ms(header.expires_at_ms());
  Answer(peer.Answer(Sent(), late));
  EXPECT_EQ(Closed(), "OK") << sink_.closed;
  EXPECT_EQ(Stage(id), "EXPIRED");
  v1::ListPeerFaultsResponse faults = Value(sim.ListFaults("QT/central/o-0005"));
  ASSERT_EQ(faults.faults_size(), 1);
  EXPECT_EQ(faults.faults(0).code(), "EXPIRED");
  EXPECT_EQ(faults.faults(0).document_kind(), "receipt");
  v1::Receipt kept;
  ASSERT_TRUE(kept.ParseFromString(faults.faults(0).documents(0).document()));
  EXPECT_EQ(Value(trust::VerifyReceipt(kept, *sim.world.Directory("QM"))).at_ms(), late.at_ms());
}

TEST_F(HostileAnswersTest, AnAnswerInTimeThatComesLateStillDelivers) {
  std::string id = SendToPeer();
  v1::Record in_time = peer.Delivery(id);
  Greet(Hello());
  uint64_t seq = Sent();
  sim.world.clock.Advance(absl::Hours(24 * 21));
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(Stage(id), "EXPIRED_UNCONFIRMED");
  Answer(peer.Answer(seq, in_time));
  EXPECT_EQ(Stage(id), "DELIVERED");
}

TEST_F(HostileAnswersTest, WhoGreetsAsAnotherStateOrInAnotherProtocolIsLeft) {
  v1::PeerFrame hello = Hello();
  hello.mutable_hello()->set_protocol(2);
  Greet(hello);
  EXPECT_EQ(Closed(), "BAD_FRAME");
  hello = Hello();
  hello.mutable_hello()->set_state("QT");
  Greet(hello);
  EXPECT_EQ(Closed(), "WRONG_PEER");
}

TEST_F(HostileAnswersTest, ACheckpointOfAnotherKeyInTheGreetingEndsTheStream) {
  v1::Record entry = peer.Delivery(std::string(32, 'm'));
  peer.SignWith(sim.world.state("QT").checkpoint);
  v1::PeerFrame hello = Hello();
  hello.mutable_hello()->set_own_checkpoint(peer.ReceiptOf(peer.Enter(entry)).checkpoint());
  Greet(hello);
  EXPECT_EQ(Closed(), "BAD_RECEIPT");
}

TEST_F(HostileAnswersTest, AnAnswerToWhatWasNotSentEndsTheStream) {
  std::string id = SendToPeer();
  Greet(Hello());
  Answer(peer.Answer(Sent() + 7, peer.Delivery(id)));
  EXPECT_EQ(Closed(), "BAD_FRAME");
  EXPECT_NE(Stage(id), "DELIVERED");
}

TEST_F(HostileAnswersTest, AnAnswerThatIsOfAnotherMessageOrNoAnswerEndsTheStream) {
  std::string id = SendToPeer();
  auto bend = [&](const std::function<void(v1::Record*)>& change) {
    Greet(Hello());
    v1::Record record = peer.Delivery(id);
    change(&record);
    Answer(peer.Answer(Sent(), record));
    EXPECT_EQ(Closed(), "BAD_RECEIPT");
    EXPECT_NE(Stage(id), "DELIVERED");
  };
  bend([](v1::Record* record) { record->set_message_id(std::string(32, 'x')); });
  bend([](v1::Record* record) { record->set_kind(Kind::READ); });
}

TEST_F(HostileAnswersTest, WhoAcknowledgesWithoutAnAnswerIsLeft) {
  std::string id = SendToPeer();
  Greet(Hello());
  v1::PeerAnswers answers = peer.Answer(Sent(), peer.Delivery(id));
  answers.clear_answers();
  Answer(answers);
  EXPECT_EQ(Closed(), "BAD_FRAME");
  EXPECT_NE(Stage(id), "DELIVERED");
}

// ---- the other direction: QM dials

class HostileStreamTest : public HostileAnswersTest {
 protected:
  v1::Parcel Parcel() {
    v1::Envelope envelope = sim.world.MakeEnvelope({});
    return peer.Submit(envelope, sim.world.SignAll(envelope));
  }
};

TEST_F(HostileStreamTest, ADialerOfAnotherProtocolIsLeft) {
  peer.Dial();
  v1::PeerFrame hello = Hello();
  hello.mutable_hello()->set_protocol(2);
  peer.SendFrame(hello);
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_FRAME");
}

TEST_F(HostileStreamTest, ItemsThatAreEmptyOrOutOfSequenceEndTheStream) {
  v1::PeerFrame frame;
  frame.mutable_items()->add_items()->set_seq(1);
  peer.SendFrame(frame);
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_FRAME");
  EXPECT_NE(TextOf(peer.closed()).find("empty"), std::string::npos) << peer.closed();
  frame.mutable_items()->mutable_items(0)->set_seq(3);
  *frame.mutable_items()->mutable_items(0)->mutable_parcel() = Parcel();
  peer.SendFrame(frame);
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_FRAME");
  EXPECT_NE(TextOf(peer.closed()).find("sequence"), std::string::npos) << peer.closed();
}

// The stream stood before; nothing comes in over it any more.
TEST_F(HostileStreamTest, AnOpenStreamDoesNotOutliveThePeersDirectory) {
  ASSERT_TRUE(peer.Send(Parcel()).has_value()) << peer.closed();
  sim.world.clock.Advance(FromMillis(sim.world.Directory("QM")->body().expires_at_ms()) -
                          sim.world.clock.Now());
  EXPECT_FALSE(peer.Send(Parcel()).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "DIRECTORY_EXPIRED");
}

}  // namespace
}  // namespace palermo::testing
