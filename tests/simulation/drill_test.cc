// The compromise drill of docs/administration.md between nodes: one version of a document replaces
// a leaked key, the peer refuses the leaked one from then on, and what came before still verifies.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "node/desk/evidence.h"
#include "node/desk/trust_memory.h"
#include "node/desk/verification.h"
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
  EXPECT_EQ(CodeOf(sim.Publish("QM", by_leaked).status()), "REVOKED_SIGNER");
  v1::DocumentStep step;
  *step.mutable_directory() = by_leaked;
  EXPECT_EQ(OfferAtPeer(step), "REVOKED_SIGNER");
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
  EXPECT_EQ(CodeOf(sim.PublishCharter("QM", step.charter()).status()), "REVOKED_SIGNER");
  EXPECT_EQ(OfferAtPeer(step), "REVOKED_SIGNER");
  Value(sim.PublishCharter("QM", next));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ExpectMessagesGoOn();
}

// ---------------------------------------------------------------- the node's checkpoint key

class NodeKeyDrill : public DrillTest {
 protected:
  // The node stops, and starts with another key (and TLS key) and the directory that names them.
  void Replace(const std::string& code, bool also_tls = true) {
    StateWorld& state = sim.world.state(code);
    leaked = std::move(state.checkpoint);
    leaked_pin = state.tls_pin;
    state.checkpoint = crypto::SigningKey::Generate(sim.world.random);
    if (also_tls) state.tls_pin = sim.world.random.Bytes(32);
    next = sim.world.NextDirectory(code, [&](v1::Directory* directory) {
      directory->mutable_node()->set_checkpoint_key(
          std::string(crypto::AsView(state.checkpoint.public_key())));
      directory->mutable_node()->set_tls_pins(0, state.tls_pin);
    });
    ASSERT_TRUE(sim.Reopen(code, next).ok());
  }
  // What QM answers to a peer that shows this as the newest of QM's ledger that it knows.
  std::string AnswerToShown(const std::string& note) {
    FrameQueue sink;
    auto session = Value(sim.node("QM").OpenInbound({sim.world.state("QT").tls_pin}, &sink));
    v1::PeerFrame hello;
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_state("QT");
    hello.mutable_hello()->set_known_checkpoint(note);
    session->OnFrame(hello);
    sim.Settle();
    return CodeOf(sink.closed);
  }
  // A stream to QT in QM's name, whose newest checkpoint is this.
  std::string Greet(const std::string& note, const std::string& pin, uint64_t version = 0) {
    FrameQueue sink;
    auto session = sim.node("QT").OpenInbound({pin}, &sink);
    if (!session.ok()) return CodeOf(session.status());
    v1::PeerFrame hello;
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_state("QM");
    hello.mutable_hello()->set_directory_version(version);
    (*session)->OnFrame(hello);
    hello.mutable_hello()->set_own_checkpoint(note);
    (*session)->OnFrame(hello);
    sim.Settle();
    return CodeOf(sink.closed);
  }
  // With the leaked keys and a copy of the store somebody goes on with QM's ledger, and QT takes
  // it.
  void Forge() {
    storage::WriteBatch honest = sim.CopyOf("QM");
    sim.Send(sim.world.MakeEnvelope({}));
    sim.Settle();
    sim.Restore("QM", honest);
  }
  size_t FaultsAt(const std::string& state, const std::string& code) {
    size_t count = 0;
    v1::ListPeerFaultsResponse listed = Value(sim.ListFaults(Cat({state, "/central/o-0005"})));
    for (const auto& fault : listed.faults()) {
      if (fault.code() == code) ++count;
    }
    return count;
  }
  std::string NoteOf(uint64_t size, const crypto::SigningKey& key) {
    return crypto::SignCheckpoint({"palermo/QM/1", size, Hash{}}, key);
  }

  crypto::SigningKey leaked = crypto::SigningKey::Generate(sim.world.random);
  std::string leaked_pin;
  v1::SignedDocument next;
};

TEST_F(NodeKeyDrill, OneDirectoryReplacesTheKeyWhileMessagesWait) {
  sim.Disconnect("QM", "QT");
  std::string waiting = sim.Send(sim.world.MakeEnvelope({}));
  Replace("QM");
  // The entry is under a checkpoint of the new key.
  v1::GetDocumentsResponse own = Value(sim.node("QM").GetDocuments({}));
  EXPECT_TRUE(trust::VerifyReceipt(own.directory_receipt(), *sim.world.Directory("QM")).ok());
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_EQ(Value(sim.node("QT").Trust()->DirectoryOf("QM"))->body().version(), 2u);
  sim.ConnectAll();
  sim.Settle();
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
  EXPECT_EQ(Value(sim.Explain("QM/central/o-0002", waiting)).recipients(0).stage(), "DELIVERED");
  ExpectMessagesGoOn();
  EXPECT_EQ(FaultsAt("QT", "BAD_RECEIPT") + FaultsAt("QT", "FORKED_LEDGER"), 0u);
}

TEST_F(NodeKeyDrill, APeerThatHasNotTheNewDirectoryYetFetchesItAndEntersNoFault) {
  sim.world.NextDirectory("QM", nullptr);
  ASSERT_TRUE(sim.Publish("QM", sim.world.state("QM").directory).ok());
  StateWorld& state = sim.world.state("QM");
  std::string pin = state.tls_pin;
  Replace("QM");
  // Of the former TLS key: only the checkpoint key is looked at here.
  std::string note = Value(sim.node("QM").GetDocuments({})).checkpoint();
  EXPECT_EQ(Greet(note, pin, 0), "BAD_RECEIPT");
  sim.world.clock.Advance(absl::Hours(1));
  EXPECT_EQ(Greet(note, pin, 3), "UNKNOWN_DIRECTORY");
  EXPECT_EQ(FaultsAt("QT", "BAD_RECEIPT"), 1u);
  EXPECT_TRUE(sim.node("QT").WantsDocuments("QM"));
  // Two versions behind: the one of the former key comes with a receipt of its time.
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_EQ(Value(sim.node("QT").Trust()->DirectoryOf("QM"))->body().version(), 3u);
}

TEST_F(NodeKeyDrill, TheThiefGetsNoStreamAndNothingOfHisIsTaken) {
  Replace("QM");
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_EQ(Greet(NoteOf(1000, leaked), leaked_pin), "WRONG_PEER");
  // Also when he has the new TLS key.
  EXPECT_EQ(Greet(NoteOf(1000, leaked), sim.world.state("QM").tls_pin), "BAD_RECEIPT");
  EXPECT_EQ(FaultsAt("QT", "BAD_RECEIPT"), 1u);
}

TEST_F(NodeKeyDrill, AStreamThatTheThiefHasOpenEndsWithTheNextCheckpoint) {
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QM");
  session->OnFrame(hello);
  ASSERT_FALSE(sink.frames.empty());
  hello.mutable_hello()->set_own_checkpoint(sink.frames.back().hello().known_checkpoint());
  session->OnFrame(hello);
  ASSERT_TRUE(sink.closed.ok());
  Replace("QM", false);
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  // Also with the very checkpoint that was taken before: it counts as known, not as shown now.
  session->OnFrame(hello);
  EXPECT_EQ(CodeOf(sink.closed), "BAD_RECEIPT");
}

TEST_F(NodeKeyDrill, ReceiptsFromBeforeStillVerify) {
  std::vector<v1::Receipt> kept;
  trust::DirectoryPtr then = sim.world.Directory("QM");
  v1::ExplainResponse told = Value(sim.Explain("QM/central/o-0002", before));
  for (const auto& stored : told.receipts()) {
    if (stored.state() == "QM") kept.push_back(stored.receipt());
  }
  Replace("QM");
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ASSERT_FALSE(kept.empty());
  for (const auto& receipt : kept) EXPECT_TRUE(trust::VerifyReceipt(receipt, *then).ok());
  ExpectThePastStands();
  // Restarts need the directory no more.
  ASSERT_TRUE(sim.Reopen("QM", {}).ok());
  sim.ConnectAll();
  sim.Settle();
  ExpectMessagesGoOn();
}

TEST_F(NodeKeyDrill, TheFormerKeyOrAKeyThatNoDirectoryNamesDoesNotStart) {
  StateWorld& state = sim.world.state("QM");
  Replace("QM");
  crypto::SigningKey good = std::move(state.checkpoint);
  state.checkpoint = std::move(leaked);
  EXPECT_EQ(CodeOf(sim.Reopen("QM", {})), "WRONG_KEY");
  state.checkpoint = crypto::SigningKey::Generate(sim.world.random);
  EXPECT_EQ(CodeOf(sim.Reopen("QM", next)), "WRONG_KEY");
  // One that the administrators did not sign.
  v1::SignedDocument unsigned_next = sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    directory->mutable_node()->set_checkpoint_key(
        std::string(crypto::AsView(state.checkpoint.public_key())));
  });
  unsigned_next.clear_signatures();
  EXPECT_EQ(CodeOf(sim.Reopen("QM", unsigned_next)), "TOO_FEW_SIGNATURES");
  state.checkpoint = std::move(good);
  ASSERT_TRUE(sim.Reopen("QM", {}).ok());
}

TEST_F(NodeKeyDrill, WhatTheThiefSignedDoesNotStopTheNodeAndIsKept) {
  Replace("QM");
  EXPECT_EQ(AnswerToShown(NoteOf(1000, leaked)), "OK");
  EXPECT_EQ(FaultsAt("QM", "FORKED_LEDGER"), 1u);
  sim.world.clock.Advance(absl::Hours(1));
  EXPECT_EQ(AnswerToShown(NoteOf(3, leaked)), "OK");  // smaller, and another tree
  EXPECT_EQ(FaultsAt("QM", "FORKED_LEDGER"), 2u);
  EXPECT_EQ(AnswerToShown(NoteOf(3, crypto::SigningKey::Generate(sim.world.random))), "BAD_FRAME");
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  sim.ConnectAll();
  sim.Settle();
  ExpectMessagesGoOn();
}

// The tree is this ledger's own, but larger than it was when the key was closed: that key signed it
// when it counted no more.
TEST_F(NodeKeyDrill, AFormerKeyIsNotTakenForWhatCameAfterIt) {
  Replace("QM");
  const std::string newest = Value(sim.node("QM").GetDocuments({})).checkpoint();
  crypto::Checkpoint now = Value(crypto::VerifyCheckpoint(
      newest, "palermo/QM/1", sim.world.state("QM").checkpoint.public_key()));
  EXPECT_EQ(AnswerToShown(crypto::SignCheckpoint(now, leaked)), "OK");
  EXPECT_EQ(FaultsAt("QM", "FORKED_LEDGER"), 1u);
}

TEST_F(NodeKeyDrill, ARestoredBackupIsStillNoticed) {
  Replace("QM");
  EXPECT_EQ(AnswerToShown(NoteOf(1000, sim.world.state("QM").checkpoint)), "LEDGER_BEHIND");
}

TEST_F(NodeKeyDrill, APeerThatTheThiefShowedAForkGoesOnUnderTheNewKey) {
  // He extends what QT knows, with the leaked keys, before anybody notices.
  Forge();
  Replace("QM");
  // The first answer does not fit and is kept as proof; the next one is asked from the directory
  // on.
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  EXPECT_EQ(Value(sim.node("QT").Trust()->DirectoryOf("QM"))->body().version(), 1u);
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_EQ(Value(sim.node("QT").Trust()->DirectoryOf("QM"))->body().version(), 2u);
  EXPECT_EQ(FaultsAt("QT", "FORKED_LEDGER"), 1u);
  sim.ConnectAll();
  sim.Settle();
  ExpectMessagesGoOn();
  sim.Crash("QT");
  sim.ConnectAll();
  sim.Settle();
  ExpectMessagesGoOn();
}

TEST_F(NodeKeyDrill, AForkWithoutANewKeyIsNotTaken) {
  Forge();
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  // Somebody adds another key to the answer, so that the next one is asked from the directory on.
  v1::GetDocumentsResponse answer =
      Value(sim.node("QM").GetDocuments(sim.node("QT").FetchRequest("QM")));
  v1::Directory other = sim.world.Directory("QM")->body();
  other.mutable_node()->set_checkpoint_key(std::string(32, 'k'));
  answer.add_steps()->mutable_directory()->set_document(trust::StrictSerialize(other));
  EXPECT_EQ(CodeOf(sim.Offer("QM", "QT", answer).status()), "FORKED_LEDGER");
  EXPECT_EQ(CodeOf(sim.FetchDocuments("QM", "QT")), "FORKED_LEDGER");
  EXPECT_EQ(Value(sim.node("QT").Trust()->DirectoryOf("QM"))->body().version(), 1u);
}

TEST_F(NodeKeyDrill, APeersReceiptsFromBeforeItsRotationComeWithTheDirectoryOfTheirTime) {
  std::string delivered = sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  Replace("QT");
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  v1::FetchMessageResponse got = Value(sim.Fetch("QM/central/o-0002", delivered));
  EXPECT_EQ(got.retrieval_directories_size(), 1);
  desk::VerifiedMessage verified = desk::VerifyMessage(got, *sim.node("QM").Trust(), "QM");
  EXPECT_TRUE(desk::AllOk(verified.checks)) << desk::ReportText(verified.checks);
  // So does a folder that is saved after the rotation.
  desk::TrustMemory trust =
      Value(desk::TrustMemory::Create(sim.world.rosters[0], sim.world.fingerprint, "QM"));
  Value(trust.Update(Value(sim.GetTrust("QM/central/o-0002", {}))));
  std::string base = ::testing::TempDir() + "/rotated-XXXXXX";
  ASSERT_NE(::mkdtemp(base.data()), nullptr);
  ASSERT_TRUE(desk::SaveEvidence(base + "/e", got, trust).ok());
  auto saved = desk::VerifyEvidence(base + "/e", sim.world.fingerprint);
  EXPECT_TRUE(saved.ok() && desk::AllOk(saved->checks)) << saved.status();
  std::filesystem::remove_all(base);
  // Not under another directory of that version, whoever signed it: this node has seen the first.
  v1::Directory other;
  ASSERT_TRUE(other.ParseFromString(got.retrieval_directories(0).document()));
  other.set_expires_at_ms(other.expires_at_ms() - 1000);
  v1::FetchMessageResponse forked = got;
  *forked.mutable_retrieval_directories(0) = sim.world.SignDirectory("QT", other);
  EXPECT_FALSE(desk::AllOk(desk::VerifyMessage(forked, *sim.node("QM").Trust(), "QM").checks));
  got.clear_retrieval_directories();
  EXPECT_FALSE(desk::AllOk(desk::VerifyMessage(got, *sim.node("QM").Trust(), "QM").checks));
}

TEST_F(NodeKeyDrill, APeersOldReceiptVerifiesAfterTwoMoreCharters) {
  std::string delivered = sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  Replace("QT");
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  for (int i = 0; i < 2; ++i) {
    // Other administrators each time: no later charter vouches for what the first ones signed.
    StateWorld& state = sim.world.state("QT");
    for (auto& admin : state.admins) admin = crypto::SigningKey::Generate(sim.world.random);
    const auto replace = [&](v1::Charter* charter) {
      for (size_t k = 0; k < state.admins.size(); ++k) {
        *charter->mutable_directory_keys()->mutable_keys(static_cast<int>(k)) =
            trust::MakeVerificationKey(state.admins[k].public_key(), "administrator");
      }
    };
    ASSERT_TRUE(sim.PublishCharter("QT", sim.world.NextCharter("QT", replace)).ok());
    ASSERT_TRUE(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)).ok());
    ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  }
  v1::FetchMessageResponse got = Value(sim.Fetch("QM/central/o-0002", delivered));
  desk::VerifiedMessage verified = desk::VerifyMessage(got, *sim.node("QM").Trust(), "QM");
  EXPECT_TRUE(desk::AllOk(verified.checks)) << desk::ReportText(verified.checks);
  desk::TrustMemory trust =
      Value(desk::TrustMemory::Create(sim.world.rosters[0], sim.world.fingerprint, "QM"));
  Value(trust.Update(Value(sim.GetTrust("QM/central/o-0002", {}))));
  std::string base = ::testing::TempDir() + "/chartered-XXXXXX";
  ASSERT_NE(::mkdtemp(base.data()), nullptr);
  ASSERT_TRUE(desk::SaveEvidence(base + "/e", got, trust).ok());
  auto saved = desk::VerifyEvidence(base + "/e", sim.world.fingerprint);
  EXPECT_TRUE(saved.ok() && desk::AllOk(saved->checks)) << saved.status();
  std::filesystem::remove_all(base);
  ASSERT_FALSE(got.retrieval_charters().empty());
  // A charter that no root signed vouches for nothing.
  for (auto& charter : *got.mutable_retrieval_charters()) {
    charter.mutable_signatures(0)->set_signature(std::string(64, '\1'));
  }
  EXPECT_FALSE(desk::AllOk(desk::VerifyMessage(got, *sim.node("QM").Trust(), "QM").checks));
}

}  // namespace
}  // namespace palermo::testing
