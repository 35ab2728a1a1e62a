// Checks that an honest state meets rarely: what a node, its own officers or a peer bring that is
// not theirs, not due, or too late. Each test is of one check.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/checkpoint.h"
#include "node/trust/documents.h"
#include "node/trust/strict.h"
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

// QM has met QT, and has real keys; its node is a hostile one.
class RefusalsTest : public HostileTest {
 protected:
  static EnvelopeSpec Emergency() {
    EnvelopeSpec spec;
    spec.urgency = v1::Urgency::EMERGENCY_LIFE;
    return spec;
  }
  // QM asks two approvals, and in an emergency to life one: a second approver confirms.
  void AllowOneInAnEmergency() {
    peer.Publish([](v1::Directory* directory) {
      directory->clear_policy();
      auto* entry = directory->add_policy();
      entry->set_act(v1::Act::REQUEST);
      entry->set_approvals(2);
      entry = directory->add_policy();
      entry->set_act(v1::Act::REQUEST);
      entry->set_urgency(v1::Urgency::EMERGENCY_LIFE);
      entry->set_approvals(1);
    });
  }
  // The id of the message, which QT has taken from QM.
  std::string Taken(const v1::Envelope& envelope, bool one_approval) {
    std::vector<v1::OfficerSignature> signatures = Signed(envelope);
    if (one_approval) signatures.resize(2);
    std::optional<v1::Record> answer = peer.Send(peer.Submit(envelope, signatures));
    if (!answer.has_value() || answer->outcome() != v1::Outcome::ACCEPTED) {
      ADD_FAILURE() << peer.closed() << (answer ? answer->ShortDebugString() : "");
      return "";
    }
    return answer->message_id();
  }
  // The second approver's confirmation with its entry in the ledger of `by`, as it comes to QT.
  v1::PeerItem Confirmation(HostilePeer& by, const std::string& state, const v1::Envelope& envelope,
                            const std::function<void(v1::Record*)>& mutator = nullptr) {
    v1::OfficerSignature signature =
        Sign(envelope, Cat({state, "/central/o-0003"}), Purpose::CONFIRM);
    v1::Record record;
    record.set_format(1);
    record.set_kind(Kind::CONFIRMATION);
    record.set_at_ms(ToMillis(sim.world.clock.Now()));
    record.set_state(state);
    record.set_message_id(std::string(AsView(IdOf(envelope))));
    record.set_actor(signature.officer());
    record.set_outcome(v1::Outcome::ACCEPTED);
    *record.mutable_directory() = sim.world.Directory(state)->Reference();
    record.set_evidence_sha256(
        std::string(AsView(crypto::Sha256(trust::StrictSerialize(signature)))));
    if (mutator) mutator(&record);
    v1::PeerItem item;
    item.mutable_notice()->set_message_id(record.message_id());
    *item.mutable_notice()->mutable_confirmation() = signature;
    *item.mutable_notice()->mutable_receipt() = by.ReceiptOf(by.Enter(record));
    return item;
  }
  void ExpectFault(HostilePeer& by, const v1::PeerItem& item, const std::string& code) {
    std::optional<v1::Record> answer = by.Send(item);
    ASSERT_TRUE(answer.has_value()) << by.closed();
    EXPECT_EQ(answer->kind(), Kind::PEER_FAULT);
    EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults(0).code(), code);
  }
  template <typename Response, typename Call>
  absl::Status Run(const std::string& state, Call call) {
    std::optional<absl::Status> result;
    call([&](absl::StatusOr<Response> answer) { result = answer.status(); });
    while (!result.has_value() && sim.node(state).RunOnce() > 0) {
    }
    return result.value_or(absl::InternalError("no answer"));
  }
};

// ---- confirmations of what is no emergency of the peer's

TEST_F(RefusalsTest, AConfirmationOfAMessageThatIsNotHereIsAFault) {
  AllowOneInAnEmergency();
  v1::Envelope never_sent = sim.world.MakeEnvelope(Emergency());
  ExpectFault(peer, Confirmation(peer, "QM", never_sent), "UNKNOWN_MESSAGE");
}

TEST_F(RefusalsTest, AConfirmationOfAMessageThatWentOutFromHereIsAFault) {
  EnvelopeSpec spec = Emergency();
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  v1::Envelope ours = sim.world.MakeEnvelope(spec);
  sim.Send(ours);
  ExpectFault(peer, Confirmation(peer, "QM", ours), "UNKNOWN_MESSAGE");
}

TEST_F(RefusalsTest, AConfirmationByAnotherStateThanTheSendersIsAFaultOfThatState) {
  AllowOneInAnEmergency();
  v1::Envelope envelope = sim.world.MakeEnvelope(Emergency());
  std::string id = Taken(envelope, true);
  HostilePeer other(sim, "QV", "QT");
  other.Meet();
  ExpectFault(other, Confirmation(other, "QV", envelope), "WRONG_SENDER");
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults(0).state(), "QV");
  EXPECT_EQ(Value(sim.Explain("QT/central/o-0001", id)).confirmation().standing(),
            v1::ConfirmationStanding::DUE);
}

TEST_F(RefusalsTest, AConfirmationThatIsNotDueIsAFault) {
  v1::Envelope routine = To({"QT/central"});
  Taken(routine, false);
  ExpectFault(peer, Confirmation(peer, "QM", routine), "NO_CONFIRMATION_DUE");
}

TEST_F(RefusalsTest, AConfirmationUnderTheOldDirectoryAfterTheNewOneIsAFault) {
  AllowOneInAnEmergency();
  v1::Envelope envelope = sim.world.MakeEnvelope(Emergency());
  std::string id = Taken(envelope, true);
  v1::DocumentReference old = sim.world.Directory("QM")->Reference();
  peer.Publish(
      [&](v1::Directory* directory) { directory->mutable_officers()->DeleteSubrange(2, 1); });
  peer.Dial();
  ExpectFault(peer,
              Confirmation(peer, "QM", envelope,
                           [&](v1::Record* record) { *record->mutable_directory() = old; }),
              "OLD_DIRECTORY");
  EXPECT_EQ(Value(sim.Explain("QT/central/o-0001", id)).confirmation().standing(),
            v1::ConfirmationStanding::DUE);
}

// ---- streams that stand too long

TEST_F(RefusalsTest, AnOpenStreamDoesNotOutliveTheRoster) {
  v1::GetDocumentsResponse shorter;
  *shorter.add_rosters() = sim.world.NextRoster([&](v1::Roster* roster) {
    roster->set_expires_at_ms(ToMillis(sim.world.clock.Now()) + 1000);
  });
  ASSERT_TRUE(Value(peer.Offer(shorter)));
  peer.Dial();
  absl::Time end = FromMillis(sim.node("QT").Trust()->roster().body.expires_at_ms() +
                              limits::kRosterGraceMillis);
  // QM's directories are renewed all the time; the roster is not.
  while (sim.world.clock.Now() < end) {
    sim.world.clock.Advance(
        std::min<absl::Duration>(absl::Hours(24 * 29), end - sim.world.clock.Now()));
    peer.Publish(nullptr);
  }
  v1::Envelope envelope = To({"QT/central"});
  EXPECT_FALSE(peer.Send(peer.Submit(envelope, Signed(envelope))).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "ROSTER_EXPIRED");
  // Nor does a new one open. That is entered, since no peer is at fault who could tell.
  peer.Dial();
  EXPECT_EQ(CodeOf(peer.closed()), "ROSTER_EXPIRED");
  const auto ledger = sim.Ledger("QT");
  EXPECT_TRUE(std::any_of(ledger.begin(), ledger.end(), [](const v1::Record& entry) {
    return entry.kind() == Kind::REFUSED_CALL && entry.method() == "Exchange" &&
           entry.reason() == v1::Reason::ROSTER_EXPIRED;
  }));
}

// Before any of its signatures is verified.
TEST_F(RefusalsTest, AnotherDirectoryOfTheVersionInForceThatIsTooLargeIsRefusedAsSuch) {
  v1::SignedDocument document = sim.world.state("QT").directory;
  v1::Directory padding;
  padding.add_officers()->set_person(std::string(limits::kMaxDirectoryBytes, 'x'));
  document.set_document(Cat({document.document(), padding.SerializeAsString()}));
  EXPECT_EQ(CodeOf(sim.Publish("QT", document).status()), "DOCUMENT_TOO_LARGE");
}

TEST_F(RefusalsTest, WithADiskThatIsFullNothingIsTakenFromAPeer) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope));
  sim.store("QT").SetFreeBytes(0);
  EXPECT_FALSE(peer.Send(parcel).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "DISK_RESERVE");
  sim.store("QT").SetFreeBytes(uint64_t{1} << 30);
  ExpectTaken(parcel);
}

TEST_F(RefusalsTest, ANodeWhoseLedgerIsBehindOpensNoStream) {
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QM");
  hello.mutable_hello()->set_known_checkpoint(
      crypto::SignCheckpoint({"palermo/QT/1", 100000, Hash{}}, sim.world.state("QT").checkpoint));
  session->OnFrame(hello);
  ASSERT_EQ(CodeOf(sink.closed), "LEDGER_BEHIND");
  EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink).status()),
            "LEDGER_BEHIND");
  EXPECT_EQ(CodeOf(sim.node("QT").OpenOutbound("QM", &sink).status()), "LEDGER_BEHIND");
}

TEST_F(RefusalsTest, ARefusalThatCannotBeEnteredIsToldAsThatAndCounted) {
  const exchange::Caller auditor = sim.CallerOf("QT/central/o-0004");
  auto refused = [&] {
    v1::SubmitDraftRequest request;
    *request.mutable_envelope() = To({"QT/central"});
    absl::Status answer;
    sim.node("QT").SubmitDraft(auditor, request, [&](auto result) { answer = result.status(); });
    sim.Settle();
    return answer;
  };
  EXPECT_EQ(CodeOf(refused()), "WRONG_ROLE");
  EXPECT_EQ(sim.node("QT").Stats().refusals_not_entered, 0u);
  sim.signer("QT").away = true;
  absl::Status without = refused();
  EXPECT_EQ(CodeOf(without), "CANNOT_SIGN");
  EXPECT_NE(TextOf(without).find("WRONG_ROLE"), std::string::npos);
  sim.signer("QT").away = false;
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QM");
  hello.mutable_hello()->set_known_checkpoint(
      crypto::SignCheckpoint({"palermo/QT/1", 100000, Hash{}}, sim.world.state("QT").checkpoint));
  session->OnFrame(hello);
  EXPECT_EQ(CodeOf(refused()), "LEDGER_BEHIND");
  EXPECT_EQ(sim.node("QT").Stats().refusals_not_entered, 2u);
}

// A stranger's refusal is entered now and then; one that was not entered does not count.
TEST_F(RefusalsTest, AStrangerThatCouldNotBeEnteredIsEnteredTheNextTime) {
  const auto entries = [&] {
    size_t count = 0;
    for (const v1::Record& entry : sim.Ledger("QT")) {
      count += entry.kind() == v1::RecordKind::REFUSED_CALL ? 1 : 0;
    }
    return count;
  };
  const auto knock = [&] {
    FrameQueue sink;
    EXPECT_FALSE(sim.node("QT").OpenInbound({std::string(32, 's')}, &sink).ok());
    sim.Settle();
  };
  sim.signer("QT").away = true;
  knock();
  sim.signer("QT").away = false;
  const size_t before = entries();
  knock();
  EXPECT_EQ(entries(), before + 1);
  knock();
  EXPECT_EQ(entries(), before + 1) << "not again so soon";
}

TEST_F(RefusalsTest, AFaultThatCannotBeEnteredWaitsAndIsEnteredLater) {
  const exchange::Caller officer = sim.CallerOf(kAdminOfQt);
  auto fault = [&] {
    FrameQueue sink;
    auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
    session->OnUnreadable();
    sim.Settle();
  };
  for (size_t i = 0; i < limits::kMaxQueuedDecisions; ++i) {
    sim.node("QT").RecordRefusedCall(officer, "Approve",
                                     Refused("WRONG_ROLE", "filling the queue"));
  }
  fault();
  EXPECT_EQ(Value(sim.ListPeers(kAdminOfQt)).peers(0).faults(), 0u);
  sim.node("QT").Tick();
  sim.Settle();
  v1::ListPeerFaultsResponse listed = Value(sim.ListFaults(kAdminOfQt));
  ASSERT_EQ(listed.faults_size(), 1);
  EXPECT_EQ(listed.faults(0).code(), "BAD_FRAME");
  sim.world.clock.Advance(absl::Milliseconds(limits::kPeerFaultEntryMillis));
  sim.signer("QT").away = true;
  fault();
  sim.node("QT").Tick();  // the token is still away
  sim.Settle();
  EXPECT_EQ(Value(sim.ListPeers(kAdminOfQt)).peers(0).faults(), 1u);
  sim.signer("QT").away = false;
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(Value(sim.ListPeers(kAdminOfQt)).peers(0).faults(), 2u);
}

// ---- documents

TEST_F(RefusalsTest, ARosterThatFewSignedIsNotTakenAndNothingOfItsAnswer) {
  sim.world.NextDirectory("QM", nullptr);
  v1::GetDocumentsResponse answer = peer.Step();
  v1::SignedDocument* roster = answer.add_rosters();
  *roster = sim.world.NextRoster(nullptr);
  roster->mutable_signatures()->DeleteSubrange(0, 1);
  ExpectNotTaken(answer, "TOO_FEW_SIGNATURES", "roster");
}

TEST_F(RefusalsTest, ADirectoryThatStrangersSignedIsNotTaken) {
  sim.world.NextDirectory("QM", nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  v1::SignedDocument* directory = step.mutable_steps(0)->mutable_directory();
  directory->clear_signatures();
  for (int i = 0; i < 2; ++i) {
    trust::SignDocument(crypto::Purpose::kDirectory, crypto::SigningKey::Generate(sim.world.random),
                        directory);
  }
  ExpectNotTaken(step, "UNKNOWN_SIGNER", "directory: 0 of the 2 signatures");
}

TEST_F(RefusalsTest, ADirectoryWithAChangedSignatureIsNotTaken) {
  sim.world.NextDirectory("QM", nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  auto* signature = step.mutable_steps(0)->mutable_directory()->mutable_signatures(0);
  (*signature->mutable_signature())[0] ^= 1;
  ExpectNotTaken(step, "BAD_SIGNATURE", "does not verify");
}

TEST_F(RefusalsTest, ACharterOfRootsThatWaitIsNotTakenAndIsNoFault) {
  crypto::SigningKey next = crypto::SigningKey::Generate(sim.world.random);
  v1::GetDocumentsResponse roster, charter;
  *roster.add_rosters() = sim.world.NextRoster([&](v1::Roster* body) {
    *body->mutable_states(0)->mutable_roots()->mutable_keys(0) =
        trust::MakeVerificationKey(next.public_key(), "new root");
  });
  ASSERT_TRUE(Value(peer.Offer(roster)));
  ASSERT_EQ(sim.node("QT").Trust()->waiting().size(), 1u);
  sim.world.state("QM").roots[0] = std::move(next);
  *charter.add_steps()->mutable_charter() = sim.world.NextCharter("QM", nullptr);
  EXPECT_EQ(CodeOf(peer.Offer(charter).status()), "ROOT_CHANGE_UNCONFIRMED");
  EXPECT_EQ(sim.node("QT").Trust()->Find("QM")->charter->body.version(), 1u);
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
}

TEST_F(RefusalsTest, ANodesOwnDirectoryNamesItsKeyAndItsLedger) {
  v1::SignedDocument before = sim.world.state("QT").directory;
  auto publish = [&](const std::function<void(v1::NodeEntry*)>& change) {
    sim.world.state("QT").directory = before;
    return CodeOf(sim.Publish("QT", sim.world.NextDirectory("QT",
                                                            [&](v1::Directory* directory) {
                                                              change(directory->mutable_node());
                                                            }))
                      .status());
  };
  EXPECT_EQ(publish([](v1::NodeEntry* node) { node->set_checkpoint_key(std::string(32, 'k')); }),
            "WRONG_KEY");
  EXPECT_EQ(publish([](v1::NodeEntry* node) { node->set_ledger_origin("palermo/QT/2"); }),
            "WRONG_KEY");
  EXPECT_EQ(publish([](v1::NodeEntry*) {}), "OK");
}

// ---- an officer's calls

TEST_F(RefusalsTest, ADraftIsSubmittedByTheOfficerWhoSignedItAsADraft) {
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = sim.world.MakeEnvelope(spec);
  auto submit = [&](const std::string& signer, Purpose::Code purpose, const std::string& caller) {
    *request.mutable_draft() = Sign(request.envelope(), signer, purpose);
    return CodeOf(Run<v1::SubmitResponse>("QT", [&](auto reply) {
      sim.node("QT").SubmitDraft(sim.CallerOf(caller), request, reply);
    }));
  };
  EXPECT_EQ(submit("QT/central/o-0001", Purpose::DRAFT, "QT/central/o-0002"), "WRONG_SENDER");
  EXPECT_EQ(submit("QT/central/o-0001", Purpose::APPROVE, "QT/central/o-0001"), "WRONG_SENDER");
  EXPECT_EQ(submit("QT/central/o-0001", Purpose::DRAFT, "QT/central/o-0001"), "OK");
}

TEST_F(RefusalsTest, AnAuditorIsToldThatAMessageIsNotHere) {
  EXPECT_EQ(CodeOf(sim.Explain("QT/central/o-0004", std::string(32, 'x')).status()),
            "UNKNOWN_MESSAGE");
}

TEST_F(RefusalsTest, ARetrievalIsOfAMessageThatCameIn) {
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  std::string ours = sim.Send(sim.world.MakeEnvelope(spec));
  auto report = [&](const std::string& id) {
    return CodeOf(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED).status());
  };
  EXPECT_EQ(report(ours), "UNKNOWN_MESSAGE");
  EXPECT_EQ(report(std::string(32, 'x')), "UNKNOWN_MESSAGE");
}

TEST_F(RefusalsTest, ARetrievalIsReportedByAnOfficerOfARecipient) {
  std::string id = Taken(To({"QT/central"}), false);
  OfficerWorld& officer = sim.world.AddOfficer("QT/police/o-0006");
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", [&](v1::Directory* directory) {
    auto* authority = directory->add_authorities();
    *authority = directory->authorities(0);
    authority->set_id("QT/police");
    authority->clear_recovery_key();
    authority->clear_sealing_keys();
    *directory->add_officers() = OfficerEntryFor(officer, v1::Role::DRAFTER, sim.world.clock.Now());
  })));
  EXPECT_EQ(CodeOf(sim.Report(officer.id, id, v1::RetrievalResult::OPENED).status()), "WRONG_ROLE");
  EXPECT_EQ(CodeOf(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED).status()),
            "OK");
}

// The second act of an emergency follows the first, which stands before it: it waits for nothing
// else.
TEST(EmergencyLane, AChainOfEmergenciesOvertakesEverythingThatWaits) {
  Simulation sim;
  sim.ExchangeDocuments();
  for (int i = 0; i < 100; ++i) sim.Send(sim.world.MakeEnvelope({}));
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  v1::Envelope first = sim.world.MakeEnvelope(spec);
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(first));
  spec.act = v1::Act::STATUS_QUERY;
  spec.case_id = parsed.header.case_id();
  spec.parents = {parsed.message_id};
  std::vector<std::string> chain = {sim.Send(first), sim.Send(sim.world.MakeEnvelope(spec))};
  sim.ConnectAll();
  sim.Settle();
  std::vector<std::string> order;
  for (const auto& record : sim.Ledger("QT")) {
    if (record.kind() == v1::RecordKind::DELIVERY) order.push_back(record.message_id());
  }
  ASSERT_EQ(order.size(), 102u);
  order.resize(2);
  EXPECT_EQ(order, chain);
}

TEST_F(RefusalsTest, AnotherKeyAtAPeersAddressIsEnteredWithThePeerOnceAnHour) {
  const absl::Status wrong = Refused("WRONG_NODE_KEY", "another key");
  auto entered = [&] { return Count(sim.Ledger("QT"), v1::RecordKind::REFUSED_CALL); };
  const size_t before = entered();
  // A stranger's refused call has no part in it.
  sim.node("QT").RecordRefusedCall({}, "Exchange", Refused("WRONG_PEER", "a stranger"));
  for (int i = 0; i < 3; ++i) sim.node("QT").RecordWrongKey("QM", wrong);
  sim.Settle();
  EXPECT_EQ(entered(), before + 2);
  for (const v1::Record& record : sim.Ledger("QT")) {
    if (record.reason() != v1::Reason::WRONG_NODE_KEY) continue;
    ASSERT_EQ(record.peers_size(), 1);
    EXPECT_EQ(record.peers(0), "QM");
  }
  sim.world.clock.Advance(absl::Hours(1));
  sim.node("QT").RecordWrongKey("QM", wrong);
  sim.Settle();
  EXPECT_EQ(entered(), before + 3);
}

}  // namespace
}  // namespace palermo::testing
