// A node whose disk has only its reserve left takes no message, and all else.
#include <gtest/gtest.h>

#include "base/status.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

class FullDiskTest : public ::testing::Test {
 protected:
  void Meet() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  v1::RecipientStatus StatusAt(const std::string& id) {
    return Value(sim.Explain("QM/central/o-0001", id)).recipients(0);
  }
  Simulation sim;
};

// What tells of messages that the peer has needs no room there; new messages wait before it.
TEST_F(FullDiskTest, APeerWhoseDiskIsFullStillLearnsWhatBecameOfItsMessages) {
  Meet();
  const std::string id = sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  sim.store("QM").SetFreeBytes(0);
  sim.Disconnect("QT", "QM");
  EnvelopeSpec back;
  back.from = "QT/central";
  back.to = {"QM/central"};
  const std::string urgent = sim.Send(sim.world.MakeEnvelope(back));
  Value(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED));
  ASSERT_TRUE(sim.Connect("QT", "QM").ok());
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.LinkStatus("QT", "QM")), "DISK_RESERVE");
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
  ASSERT_TRUE(sim.Connect("QT", "QM").ok());
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "OPENED");
  EXPECT_EQ(CodeOf(sim.LinkStatus("QT", "QM")), "DISK_RESERVE") << "then comes the message";
  sim.store("QM").SetFreeBytes(uint64_t{1} << 30);
  ASSERT_TRUE(sim.Connect("QT", "QM").ok());
  sim.Settle();
  EXPECT_EQ(Value(sim.Explain("QT/central/o-0001", urgent)).recipients(0).stage(), "DELIVERED");
  // And all goes on in its order.
  const std::string next = sim.Send(sim.world.MakeEnvelope(back));
  sim.Settle();
  EXPECT_EQ(Value(sim.Explain("QT/central/o-0001", next)).recipients(0).stage(), "DELIVERED");
}

}  // namespace
}  // namespace palermo::testing
