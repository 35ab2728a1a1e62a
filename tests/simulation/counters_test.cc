// What is done once counts once, however often it is told.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

TEST(CountersTest, WhatIsSubmittedDeliveredOrReportedAgainCountsOnce) {
  WorldOptions options;
  options.request_approvals = 0;
  Simulation sim(options);
  sim.ExchangeDocuments();
  sim.ConnectAll();
  sim.Settle();
  v1::Envelope envelope = sim.world.MakeEnvelope({});
  std::string id;
  for (int i = 0; i < 3; ++i) {
    v1::SubmitResponse response = Value(sim.Submit(envelope, "QM/central/o-0001"));
    EXPECT_EQ(response.outcome(), v1::Outcome::ACCEPTED);
    id = response.message_id();
  }
  sim.Settle();
  for (int i = 0; i < 3; ++i) {
    Value(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED));
  }
  sim.Settle();
  EXPECT_EQ(sim.node("QM").Stats().submitted, 1U);
  EXPECT_EQ(sim.node("QM").Stats().relayed, 1U);
  EXPECT_EQ(sim.node("QT").Stats().delivered, 1U);
  EXPECT_EQ(sim.node("QT").Stats().retrieved, 1U);
  EXPECT_EQ(sim.node("QT").Stats().relayed, 0U) << "a notice is no message";
}

// A body overrides a warning, and the policy asks nobody: the drafter's desk asks for a second
// officer.
TEST(CountersTest, ADraftWaitsForTheApprovalThatItsOwnDeskAsksFor) {
  WorldOptions options;
  options.request_approvals = 0;
  Simulation sim(options);
  sim.ExchangeDocuments();
  const v1::Envelope envelope = sim.world.MakeEnvelope({});
  const v1::SubmitResponse draft = Value(sim.Submit(envelope, "QM/central/o-0001", 1));
  EXPECT_EQ(draft.outcome(), v1::Outcome::PENDING);
  EXPECT_EQ(draft.approvals_missing(), 1U);
  EXPECT_EQ(sim.node("QM").Stats().submitted, 0U);
  EXPECT_FALSE(sim.Approve(envelope, "QM/central/o-0001").ok()) << "not the drafter himself";
  EXPECT_EQ(Value(sim.Approve(envelope, "QM/central/o-0002")).outcome(), v1::Outcome::ACCEPTED);
  // A desk that asks for more than can ever approve gets the most that a policy may ask.
  const v1::Envelope other = sim.world.MakeEnvelope({.plaintext = "other"});
  EXPECT_EQ(Value(sim.Submit(other, "QM/central/o-0001", 4000)).approvals_missing(),
            limits::kMaxApprovals);
}

TEST(CountersTest, AnApprovalThatCompletesADraftCountsItsSubmission) {
  Simulation sim;
  sim.ExchangeDocuments();
  sim.Send(sim.world.MakeEnvelope({}));
  EXPECT_EQ(sim.node("QM").Stats().submitted, 1U);
}

}  // namespace
}  // namespace palermo::testing
