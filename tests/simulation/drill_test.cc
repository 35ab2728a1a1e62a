// The compromise drill of docs/administration.md between nodes: one version of a document replaces
// a leaked key, the peer refuses the leaked one from then on, and what came before still verifies.
#include <gtest/gtest.h>

#include "node/trust/approvals.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

class DrillTest : public ::testing::Test {
 protected:
  DrillTest() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    before = sim.Send(sim.world.MakeEnvelope({}));
    sim.Settle();
    Value(sim.Report("QT/central/o-0001", before, v1::RetrievalResult::OPENED));
    sim.Settle();
  }
  void ExpectThePastStands() {
    v1::ExplainResponse told = Value(sim.Explain("QM/central/o-0002", before));
    EXPECT_EQ(told.recipients(0).stage(), "OPENED");
    ASSERT_EQ(told.receipts_size(), 3);
    for (const auto& stored : told.receipts()) {
      EXPECT_TRUE(
          trust::VerifyReceipt(stored.receipt(), *sim.world.Directory(stored.state())).ok());
    }
    // A desk that fetches it now gets charter and directory of its time.
    v1::FetchMessageResponse got = Value(sim.Fetch("QT/central/o-0002", before));
    auto charter =
        Value(trust::VerifyCharterOfAnyTime(got.sender_charter(), *sim.node("QT").Trust()));
    trust::DirectoryIndex then(
        Value(trust::VerifyDirectory(got.sender_directory(), charter, nullptr)));
    EXPECT_EQ(then.body().version(), 1u);
    auto signatures = Value(trust::ParseFrozen(got.signature_list()));
    EXPECT_TRUE(Value(trust::CheckSignatures(Value(trust::ParseEnvelope(got.envelope())),
                                             signatures, then, sim.world.clock.Now()))
                    .complete());
  }
  void ExpectMessagesGoOn() {
    std::string id = sim.Send(sim.world.MakeEnvelope({}));
    sim.Settle();
    EXPECT_EQ(Value(sim.Explain("QM/central/o-0002", id)).recipients(0).stage(), "DELIVERED");
  }
  std::string OfferAtPeer(const v1::DocumentStep& step) {
    v1::GetDocumentsResponse offered;
    *offered.add_steps() = step;
    return CodeOf(sim.Offer("QM", "QT", offered).status());
  }

  Simulation sim;
  std::string before;
};

TEST_F(DrillTest, AnOfficersLeakedKeyEndsWithOneDirectory) {
  v1::Envelope late = sim.world.MakeEnvelope({});
  v1::OfficerSignature leaked =
      sim.world.Sign(late, "QM/central/o-0001", v1::SignaturePurpose::DRAFT);
  OfficerWorld& officer = sim.world.officer("QM/central/o-0001");
  officer.sign = crypto::SigningKey::Generate(sim.world.random);
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    v1::OfficerEntry* entry = directory->mutable_officers(0);
    entry->set_signing_key(std::string(crypto::AsView(officer.sign.public_key())));
    entry->set_signing_key_id(crypto::KeyId(crypto::kEd25519, entry->signing_key()));
  })));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = late;
  *request.mutable_draft() = leaked;
  absl::Status status;
  sim.node("QM").SubmitDraft(sim.CallerOf("QM/central/o-0001"), request,
                             [&](auto response) { status = response.status(); });
  sim.Settle();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_KEY");
  ExpectThePastStands();
  ExpectMessagesGoOn();
}

TEST_F(DrillTest, AnAdministratorsLeakedKeyEndsWithOneCharter) {
  // What the leaked key and a second one could have signed.
  v1::Directory body = sim.world.Directory("QM")->body();
  StateWorld& state = sim.world.state("QM");
  crypto::SigningKey leaked = std::move(state.admins[0]);
  state.admins[0] = crypto::SigningKey::Generate(sim.world.random);
  Value(sim.PublishCharter("QM", sim.world.NextCharter("QM", [&](v1::Charter* charter) {
    *charter->mutable_directory_keys()->mutable_keys(0) =
        trust::MakeVerificationKey(state.admins[0].public_key(), "administrator 1");
  })));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  v1::SignedDocument next = sim.world.NextDirectory("QM", nullptr);
  v1::SignedDocument by_leaked;
  by_leaked.set_document(next.document());
  trust::SignDocument(crypto::Purpose::kDirectory, leaked, &by_leaked);
  trust::SignDocument(crypto::Purpose::kDirectory, state.admins[1], &by_leaked);
  EXPECT_EQ(CodeOf(sim.Publish("QM", by_leaked).status()), "BAD_DOCUMENT");
  v1::DocumentStep step;
  *step.mutable_directory() = by_leaked;
  EXPECT_EQ(OfferAtPeer(step), "BAD_DOCUMENT");
  Value(sim.Publish("QM", next));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ExpectThePastStands();
  ExpectMessagesGoOn();
}

TEST_F(DrillTest, ALeakedRootEndsWithOneRoster) {
  StateWorld& state = sim.world.state("QM");
  crypto::SigningKey leaked = std::move(state.roots[0]);
  state.roots[0] = crypto::SigningKey::Generate(sim.world.random);
  v1::SignedDocument roster = sim.world.NextRoster([&](v1::Roster* next) {
    *next->mutable_states(0)->mutable_roots()->mutable_keys(0) =
        trust::MakeVerificationKey(state.roots[0].public_key(), "new root of QM");
  });
  trust::SignDocument(crypto::Purpose::kRoster, leaked, &roster);  // the old root agrees
  Value(sim.PublishRoster("QM", roster));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_EQ(sim.node("QT").Trust()->roster().body.version(), 2u);
  v1::SignedDocument next = sim.world.NextCharter("QM", nullptr);
  v1::DocumentStep step;
  step.mutable_charter()->set_document(next.document());
  trust::SignDocument(crypto::Purpose::kCharter, leaked, step.mutable_charter());
  EXPECT_EQ(CodeOf(sim.PublishCharter("QM", step.charter()).status()), "BAD_DOCUMENT");
  EXPECT_EQ(OfferAtPeer(step), "BAD_DOCUMENT");
  Value(sim.PublishCharter("QM", next));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ExpectMessagesGoOn();
}

}  // namespace
}  // namespace palermo::testing
