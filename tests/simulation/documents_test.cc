// Rosters, charters and directories between nodes: what waits, what is caught up, what is proved.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "node/exchange/keys.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

using crypto::SigningKey;

constexpr char kQmAdmin[] = "QM/central/o-0005";
constexpr char kQmAuditor[] = "QM/central/o-0004";

WorldOptions Three() {
  WorldOptions options;
  options.states = {"QM", "QT", "QV"};
  return options;
}

size_t DocumentCount(const std::vector<v1::Record>& ledger, v1::RecordKind::Code kind) {
  size_t count = 0;
  for (const auto& record : ledger) count += record.kind() == kind;
  return count;
}

class DocumentsTest : public ::testing::Test {
 protected:
  void Meet() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  // A roster with other roots of QT, which QT's old roots did not sign.
  v1::SignedDocument NewRoots() {
    return sim.world.NextRoster([&](v1::Roster* roster) {
      *roster->mutable_states(1)->mutable_roots()->mutable_keys(0) =
          trust::MakeVerificationKey(new_root.public_key(), "new root");
    });
  }
  std::string Fingerprint() {
    v1::KeySet roots;
    roots.set_threshold(1);
    *roots.add_keys() = trust::MakeVerificationKey(new_root.public_key(), "");
    return std::string(AsView(trust::RootsFingerprint("QT", roots)));
  }
  uint64_t RosterAt(const std::string& state) {
    return sim.node(state).Trust()->roster().body.version();
  }
  uint64_t DirectoryAt(const std::string& node, const std::string& of) {
    return Value(sim.node(node).Trust()->DirectoryOf(of))->body().version();
  }
  uint64_t CharterAt(const std::string& node, const std::string& of) {
    return sim.node(node).Trust()->Find(of)->charter->body.version();
  }
  std::string SendToQt() { return sim.Send(sim.world.MakeEnvelope({})); }
  std::string StageAtQt(const std::string& id) {
    return Value(sim.Explain("QM/central/o-0001", id)).recipients(0).stage();
  }

  Simulation sim{Three()};
  SigningKey new_root = SigningKey::Generate(sim.world.random);
};

TEST_F(DocumentsTest, ARootChangeWaitsAndNothingElseIsBlocked) {
  Meet();
  v1::Receipt receipt = Value(sim.PublishRoster("QM", NewRoots()));
  v1::Record entry = Value(trust::VerifyReceipt(receipt, *sim.world.Directory("QM")));
  EXPECT_EQ(entry.kind(), v1::RecordKind::ROSTER_WAITING);
  EXPECT_EQ(RosterAt("QM"), 1u);
  v1::ListPeersResponse peers = Value(sim.ListPeers(kQmAdmin));
  ASSERT_EQ(peers.waiting_size(), 1);
  ASSERT_EQ(peers.waiting(0).changes_size(), 1);
  EXPECT_EQ(peers.waiting(0).changes(0).state(), "QT");
  EXPECT_EQ(peers.waiting(0).changes(0).new_fingerprint(), Fingerprint());
  // The old roster stays in force: messages and directories go on.
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  EXPECT_EQ(DirectoryAt("QM", "QT"), 2u);
  std::string id = SendToQt();
  sim.Settle();
  EXPECT_EQ(StageAtQt(id), "DELIVERED");
}

TEST_F(DocumentsTest, OnlyAnAdministratorWithTheRightFingerprintFreesTheRoster) {
  Meet();
  Value(sim.PublishRoster("QM", NewRoots()));
  EXPECT_EQ(CodeOf(sim.ConfirmRoots("QM/central/o-0001", "QT", Fingerprint()).status()),
            "WRONG_ROLE");
  EXPECT_EQ(CodeOf(sim.ConfirmRoots(kQmAdmin, "QT", std::string(32, 'x')).status()),
            "ROOT_CHANGE_UNCONFIRMED");
  EXPECT_EQ(CodeOf(sim.ConfirmRoots(kQmAdmin, "QV", Fingerprint()).status()),
            "ROOT_CHANGE_UNCONFIRMED");
  EXPECT_EQ(RosterAt("QM"), 1u);
  EXPECT_EQ(Value(sim.ConfirmRoots(kQmAdmin, "QT", Fingerprint())).roster_version(), 2u);
  EXPECT_EQ(RosterAt("QM"), 2u);
  EXPECT_TRUE(Value(sim.ListPeers(kQmAdmin)).waiting().empty());
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::ROSTER_WAITING), 1u);
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::ROOT_CONFIRMED), 1u);
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::ROSTER), 2u);
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::REFUSED_CALL), 3u);
}

TEST_F(DocumentsTest, WaitingAndConfirmedRostersSurvivePowerLoss) {
  Meet();
  Value(sim.PublishRoster("QM", NewRoots()));
  sim.Crash("QM");
  EXPECT_EQ(RosterAt("QM"), 1u);
  ASSERT_EQ(sim.node("QM").Trust()->waiting().size(), 1u);
  Value(sim.ConfirmRoots(kQmAdmin, "QT", Fingerprint()));
  sim.Crash("QM");
  EXPECT_EQ(RosterAt("QM"), 2u);
  EXPECT_TRUE(sim.node("QM").Trust()->waiting().empty());
}

TEST_F(DocumentsTest, AWaitingRosterReachesThePeersAndEachConfirmsForItself) {
  Meet();
  Value(sim.PublishRoster("QM", NewRoots()));
  Value(sim.ConfirmRoots(kQmAdmin, "QT", Fingerprint()));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QV").ok());
  EXPECT_EQ(RosterAt("QV"), 1u);
  EXPECT_EQ(sim.node("QV").Trust()->waiting().size(), 1u);
  // Even while it only waits, it is passed on.
  ASSERT_TRUE(sim.FetchDocuments("QV", "QT").ok());
  EXPECT_EQ(sim.node("QT").Trust()->waiting().size(), 1u);
}

TEST_F(DocumentsTest, ALaterRosterSupersedesAWaitingOne) {
  Meet();
  v1::KeySet old = sim.node("QM").Trust()->roster().body.states(1).roots();
  Value(sim.PublishRoster("QM", NewRoots()));
  Value(sim.PublishRoster("QM", sim.world.NextRoster([&](v1::Roster* roster) {
    *roster->mutable_states(1)->mutable_roots() = old;
  })));
  EXPECT_EQ(RosterAt("QM"), 3u);
  EXPECT_TRUE(sim.node("QM").Trust()->waiting().empty());
  sim.Crash("QM");
  EXPECT_EQ(RosterAt("QM"), 3u);
  EXPECT_FALSE(sim.node("QM").Trust()->WasInForce(2));
}

TEST_F(DocumentsTest, ANodeThatMissedVersionsCatchesUpStepByStep) {
  Meet();
  // Directories under charter 1, charters 2 and 3 at once, a directory under 3, then charter 4.
  for (int i = 0; i < 3; ++i) Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", nullptr)));
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", nullptr)));
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  EXPECT_EQ(DirectoryAt("QM", "QT"), 5u);
  EXPECT_EQ(CharterAt("QM", "QT"), 4u);
  // Every version is an entry: QM's own and QV's pair, and QT's.
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::DIRECTORY), 3u + 4u);
  EXPECT_EQ(DocumentCount(ledger, v1::RecordKind::CHARTER), 3u + 3u);
}

TEST_F(DocumentsTest, ANodeThatWasAwayWhileCharterAndRootsChangedCatchesUp) {
  Meet();
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", nullptr)));
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  StateWorld& state = sim.world.state("QT");
  crypto::SigningKey old_root = std::move(state.roots[0]);
  state.roots[0] = crypto::SigningKey::Generate(sim.world.random);
  v1::SignedDocument roster = sim.world.NextRoster([&](v1::Roster* next) {
    for (auto& entry : *next->mutable_states()) {
      if (entry.state() != "QT") continue;
      *entry.mutable_roots()->mutable_keys(0) =
          trust::MakeVerificationKey(state.roots[0].public_key(), "new root of QT");
    }
  });
  trust::SignDocument(crypto::Purpose::kRoster, old_root, &roster);
  Value(sim.PublishRoster("QT", roster));
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  EXPECT_EQ(sim.node("QM").Trust()->roster().body.version(), 2u);
  EXPECT_EQ(CharterAt("QM", "QT"), 3u);
  EXPECT_EQ(DirectoryAt("QM", "QT"), 2u);
}

TEST_F(DocumentsTest, MoreVersionsThanOneAnswerHoldsAreFetchedInSeveral) {
  Meet();
  for (int i = 0; i < 40; ++i) Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  v1::GetDocumentsResponse one =
      Value(sim.node("QT").GetDocuments(sim.node("QM").FetchRequest("QT")));
  EXPECT_EQ(one.steps_size(), 32);
  EXPECT_TRUE(one.more());
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  EXPECT_EQ(DirectoryAt("QM", "QT"), 41u);
}

TEST_F(DocumentsTest, ANewcomerTakesTheDirectoryUnderTheCharterThatSignedIt) {
  // QT has a newer charter, and no directory under it yet.
  Value(sim.PublishCharter("QT", sim.world.NextCharter("QT", [&](v1::Charter* charter) {
    charter->mutable_directory_keys()->clear_keys();
    *charter->mutable_directory_keys()->add_keys() =
        trust::MakeVerificationKey(new_root.public_key(), "new administrator");
    charter->mutable_directory_keys()->set_threshold(1);
  })));
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  EXPECT_EQ(DirectoryAt("QM", "QT"), 1u);
  EXPECT_EQ(CharterAt("QM", "QT"), 2u);
  EXPECT_EQ(sim.node("QM").Trust()->Find("QT")->directory_charter->body.version(), 1u);
  sim.Crash("QM");
  EXPECT_EQ(sim.node("QM").Trust()->Find("QT")->directory_charter->body.version(), 1u);
  // A directory that the former administrators sign now is refused.
  v1::GetDocumentsResponse late =
      Value(sim.node("QT").GetDocuments(sim.node("QM").FetchRequest("QT")));
  *late.add_steps()->mutable_directory() = sim.world.NextDirectory("QT", nullptr);
  EXPECT_EQ(CodeOf(sim.Offer("QT", "QM", late).status()), "REVOKED_SIGNER");
}

TEST_F(DocumentsTest, AMessageFromBeforeANewCharterComesWithTheCharterOfItsTime) {
  Meet();
  std::string id = SendToQt();
  sim.Settle();
  Value(sim.PublishCharter("QM", sim.world.NextCharter("QM", nullptr)));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  v1::FetchMessageResponse got = Value(sim.Fetch("QT/central/o-0001", id));
  v1::Charter charter;
  ASSERT_TRUE(charter.ParseFromString(got.sender_charter().document()));
  EXPECT_EQ(charter.version(), 1u);
}

TEST_F(DocumentsTest, AnOlderDirectoryThatASubmissionNamesIsFetchedBackwards) {
  // QT first meets QM when it is at directory 4; a message was submitted under 2.
  ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  std::string id = SendToQt();
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.LinkStatus("QM", "QT")), "UNKNOWN_DIRECTORY");
  EXPECT_TRUE(sim.node("QT").WantsDocuments("QM"));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_FALSE(sim.node("QT").WantsDocuments("QM"));
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(StageAtQt(id), "DELIVERED");
}

TEST_F(DocumentsTest, TwoDirectoriesOfOneVersionAreKeptAsProof) {
  Meet();
  v1::Directory other = Value(sim.node("QM").Trust()->DirectoryOf("QT"))->body();
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  v1::SignedDocument forged = sim.world.SignDirectory("QT", other);
  v1::GetDocumentsResponse offered =
      Value(sim.node("QT").GetDocuments(sim.node("QM").FetchRequest("QT")));
  *offered.add_steps()->mutable_directory() = forged;
  EXPECT_EQ(CodeOf(sim.Offer("QT", "QM", offered).status()), "VERSION_FORK");
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.ListFaults("QM/central/o-0001").status()), "WRONG_ROLE");
  v1::ListPeerFaultsResponse faults = Value(sim.ListFaults(kQmAdmin));
  ASSERT_EQ(faults.faults_size(), 1);
  EXPECT_EQ(faults.faults(0).code(), "VERSION_FORK");
  EXPECT_EQ(faults.faults(0).document_kind(), "directory");
  ASSERT_EQ(faults.faults(0).documents_size(), 2);
  EXPECT_EQ(faults.faults(0).documents(0).document(), sim.world.state("QT").directory.document());
  EXPECT_EQ(faults.faults(0).documents(1).document(), forged.document());
  EXPECT_EQ(DocumentCount(sim.Ledger("QM"), v1::RecordKind::PEER_FAULT), 1u);
  EXPECT_EQ(Value(sim.ListFaults(kQmAuditor)).faults_size(), 1);
}

// Who answers in the peer's name may put a charter beside them that nobody signed.
TEST_F(DocumentsTest, WhatTheStateDidNotSignIsNoPartOfTheProof) {
  Meet();
  v1::Directory other = Value(sim.node("QM").Trust()->DirectoryOf("QT"))->body();
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  const v1::SignedDocument forged = sim.world.SignDirectory("QT", other);
  v1::GetDocumentsResponse offered =
      Value(sim.node("QT").GetDocuments(sim.node("QM").FetchRequest("QT")));
  *offered.add_steps()->mutable_directory() = forged;
  v1::Charter made_up;
  ASSERT_TRUE(made_up.ParseFromString(sim.world.state("QT").charter.document()));
  made_up.set_expires_at_ms(made_up.expires_at_ms() - 1);
  offered.mutable_charter()->set_document(trust::StrictSerialize(made_up));
  offered.mutable_charter()->clear_signatures();
  *offered.mutable_directory_charter() = offered.charter();
  // And signatures of somebody else's over a third directory.
  v1::Directory third = other;
  third.set_expires_at_ms(third.expires_at_ms() - 1);
  *offered.mutable_directory() = sim.world.SignDirectory("QM", third);
  EXPECT_EQ(CodeOf(sim.Offer("QT", "QM", offered).status()), "VERSION_FORK");
  sim.Settle();
  v1::ListPeerFaultsResponse faults = Value(sim.ListFaults(kQmAdmin));
  ASSERT_EQ(faults.faults_size(), 1);
  EXPECT_EQ(faults.faults(0).document_kind(), "directory");
  ASSERT_EQ(faults.faults(0).documents_size(), 2);
  EXPECT_EQ(faults.faults(0).documents(1).document(), forged.document());
}

TEST_F(DocumentsTest, TwoRostersOfOneVersionAreKeptAsProof) {
  Meet();
  Value(sim.PublishRoster("QM", sim.world.NextRoster(nullptr)));
  v1::Roster other = sim.node("QM").Trust()->roster().body;
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  v1::SignedDocument forged;
  forged.set_document(trust::StrictSerialize(other));
  for (int i = 0; i < 2; ++i) {
    trust::SignDocument(crypto::Purpose::kRoster, sim.world.roster_keys[i], &forged);
  }
  EXPECT_EQ(CodeOf(sim.PublishRoster("QM", forged).status()), "VERSION_FORK");
  sim.Settle();
  v1::ListPeerFaultsResponse faults = Value(sim.ListFaults(kQmAdmin));
  ASSERT_EQ(faults.faults_size(), 1);
  EXPECT_EQ(faults.faults(0).document_kind(), "roster");
  EXPECT_EQ(faults.faults(0).documents_size(), 2);
}

TEST_F(DocumentsTest, ADirectorysReceiptFromAnotherLedgerShowsTheForkAtOnce) {
  Meet();
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)));
  v1::GetDocumentsResponse offered =
      Value(sim.node("QT").GetDocuments(sim.node("QM").FetchRequest("QT")));
  ASSERT_EQ(offered.steps_size(), 1);
  // QT's real key, another tree: the entry stands alone in a ledger of size 1.
  v1::Record entry =
      Value(trust::ParseRecord(offered.steps(0).receipt().record()), "the entry's record");
  *offered.mutable_steps(0)->mutable_receipt() = sim.world.MakeReceipt("QT", entry);
  offered.mutable_steps(0)->clear_consistency();
  EXPECT_EQ(CodeOf(sim.Offer("QT", "QM", offered).status()), "FORKED_LEDGER");
  EXPECT_EQ(DirectoryAt("QM", "QT"), 1u);
  sim.Settle();
  v1::ListPeerFaultsResponse faults = Value(sim.ListFaults(kQmAdmin));
  ASSERT_EQ(faults.faults_size(), 1);
  EXPECT_EQ(faults.faults(0).checkpoints_size(), 2);
}

TEST_F(DocumentsTest, AForeignTlsKeyInADirectoryChangesNothing) {
  // QV lists QM's TLS key as its own next one.
  Value(sim.Publish("QV", sim.world.NextDirectory("QV", [&](v1::Directory* directory) {
    directory->mutable_node()->add_tls_pins(sim.world.state("QM").tls_pin);
  })));
  Meet();
  std::string id = SendToQt();
  sim.Settle();
  EXPECT_EQ(StageAtQt(id), "DELIVERED");
  // QM's key cannot be made to speak for QV by QV's will alone, and what QM says is QM's.
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QV").tls_pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QM");
  session->OnFrame(hello);
  EXPECT_EQ(CodeOf(sink.closed), "WRONG_PEER");
}

TEST_F(DocumentsTest, ANodesTlsKeyIsRotatedWithoutAnInterruption) {
  Meet();
  std::string old_pin = sim.world.state("QM").tls_pin;
  std::string next_pin(32, 'n');
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    directory->mutable_node()->add_tls_pins(next_pin);
  })));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  std::string under_old = SendToQt();
  sim.Settle();
  EXPECT_EQ(StageAtQt(under_old), "DELIVERED");
  // The node starts again with the next key; its peers take it at once.
  sim.world.state("QM").tls_pin = next_pin;
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  std::string under_next = SendToQt();
  sim.Settle();
  EXPECT_EQ(StageAtQt(under_next), "DELIVERED");
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    directory->mutable_node()->clear_tls_pins();
    directory->mutable_node()->add_tls_pins(next_pin);
  })));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  std::string after = SendToQt();
  sim.Settle();
  EXPECT_EQ(StageAtQt(after), "DELIVERED");
  FrameQueue sink;
  EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound({old_pin}, &sink).status()), "WRONG_PEER");
}

TEST_F(DocumentsTest, AHelloThatTellsOfNewerDocumentsLetsThemBeFetched) {
  Meet();
  EXPECT_FALSE(sim.node("QT").WantsDocuments("QM"));
  Value(sim.PublishCharter("QM", sim.world.NextCharter("QM", nullptr)));
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_TRUE(sim.node("QT").WantsDocuments("QM"));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  EXPECT_FALSE(sim.node("QT").WantsDocuments("QM"));
}

// Charters and directories are renewed, the roster is not.
class RosterLapseTest : public DocumentsTest {
 protected:
  void AdvanceTo(int64_t at_ms) {
    sim.world.clock.Advance(FromMillis(at_ms) - sim.world.clock.Now());
    for (const char* state : {"QM", "QT"}) {
      Value(sim.PublishCharter(state, sim.world.NextCharter(state, nullptr)));
      Value(sim.Publish(state, sim.world.NextDirectory(state, [&](v1::Directory* directory) {
        int64_t end = directory->expires_at_ms();
        for (auto& officer : *directory->mutable_officers()) officer.set_valid_to_ms(end);
        directory->mutable_authorities(0)->mutable_sealing_keys(0)->set_valid_to_ms(end);
      })));
    }
    ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
    ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
  }
  absl::Status Submit(const EnvelopeSpec& spec) {
    return sim.Submit(sim.world.MakeEnvelope(spec), "QM/central/o-0001").status();
  }
};

TEST_F(RosterLapseTest, NewCasesStopAtOnceCasesUnderWayAfterNinetyDays) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.Send(request);
  sim.Settle();
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(request));
  EnvelopeSpec follow;
  follow.act = v1::Act::STATUS_QUERY;
  follow.case_id = parsed.header.case_id();
  follow.parents = {parsed.message_id};
  EnvelopeSpec emergency;
  emergency.urgency = v1::Urgency::EMERGENCY_LIFE;
  int64_t end = sim.node("QM").Trust()->roster().body.expires_at_ms();
  AdvanceTo(end + 1);
  EXPECT_EQ(CodeOf(Submit({})), "ROSTER_EXPIRED");
  EXPECT_TRUE(Submit(emergency).ok());
  EXPECT_TRUE(Submit(follow).ok());
  EXPECT_TRUE(sim.Connect("QM", "QT").ok());
  AdvanceTo(end + int64_t{90} * 24 * 3600 * 1000);
  follow.life = absl::Hours(1);
  EXPECT_EQ(CodeOf(Submit(follow)), "ROSTER_EXPIRED");
  EXPECT_EQ(CodeOf(sim.Connect("QM", "QT")), "ROSTER_EXPIRED");
  // A new roster heals it, late as it is.
  v1::SignedDocument renewed = sim.world.NextRoster(nullptr);
  Value(sim.PublishRoster("QM", renewed));
  Value(sim.PublishRoster("QT", renewed));
  EXPECT_TRUE(sim.Connect("QM", "QT").ok());
}

TEST_F(DocumentsTest, WarningsNameWhatRunsOutAndWhen) {
  Meet();
  EXPECT_TRUE(Value(sim.ListPeers(kQmAdmin)).warnings().empty());
  sim.world.clock.Advance(absl::Hours(24 * 21));
  v1::ListPeersResponse peers = Value(sim.ListPeers(kQmAdmin));
  ASSERT_EQ(peers.warnings_size(), 3);  // the directories of all three states
  EXPECT_EQ(peers.warnings(0).kind(), "DIRECTORY");
  EXPECT_FALSE(peers.warnings(0).expired());
  EXPECT_EQ(peers.peers_size(), 3);
  EXPECT_GT(peers.peers(1).ledger_size(), 0u);
  EXPECT_EQ((sim.node("QM").Stats().expires_at_ms.at({"QT", "DIRECTORY"})),
            peers.peers(1).directory_expires_at_ms());
}

}  // namespace
}  // namespace palermo::testing
