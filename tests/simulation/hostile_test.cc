// Hostile states: QM has real keys and its node lies to QT. Each lie is refused with its own code,
// entered, shown to QT's administrator, and kept as a proof where it is one. docs/threat-model.md,
// "Hostile states", says which case is where; cases that other tests show are only named there.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/trust/approvals.h"
#include "node/trust/reason.h"
#include "node/trust/receipt.h"
#include "node/trust/strict.h"
#include "palermo/v1/fault.pb.h"
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

TEST_F(HostileTest, WhatItSendsHonestlyIsTaken) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectTaken(peer.Submit(envelope, Signed(envelope)));
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
}

// ---- keys that do not count

TEST_F(HostileTest, ARemovedOfficersSignatureIsRefused) {
  peer.Publish(
      [&](v1::Directory* directory) { directory->mutable_officers()->DeleteSubrange(0, 1); });
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope)), "UNKNOWN_OFFICER");
}

TEST_F(HostileTest, AReplacedKeysSignatureIsRefused) {
  crypto::SigningKey next = crypto::SigningKey::Generate(sim.world.random);
  peer.Publish([&](v1::Directory* directory) {
    v1::OfficerEntry* officer = Officer(directory, "QM/central/o-0001");
    officer->set_signing_key(std::string(crypto::AsView(next.public_key())));
    officer->set_signing_key_id(crypto::KeyId(crypto::kEd25519, officer->signing_key()));
  });
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope)), "UNKNOWN_KEY");
}

TEST_F(HostileTest, AnOfficerWhoseMandateHasNotBegunIsRefused) {
  peer.Publish([&](v1::Directory* directory) {
    Officer(directory, "QM/central/o-0002")
        ->set_valid_from_ms(ToMillis(sim.world.clock.Now() + absl::Hours(24)));
  });
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope)), "OFFICER_NOT_IN_FORCE");
}

TEST_F(HostileTest, AnOfficerWhoseMandateIsOverIsRefused) {
  peer.Publish([&](v1::Directory* directory) {
    Officer(directory, "QM/central/o-0001")
        ->set_valid_to_ms(ToMillis(sim.world.clock.Now() + absl::Hours(1)));
  });
  sim.world.clock.Advance(absl::Hours(2));
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope)), "OFFICER_NOT_IN_FORCE");
}

TEST_F(HostileTest, AnotherStatesOfficerIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, {Sign(envelope, "QM/central/o-0001", Purpose::DRAFT),
                                       Sign(envelope, "QV/central/o-0002", Purpose::APPROVE)}),
                "UNKNOWN_OFFICER");
}

TEST_F(HostileTest, AnotherStatesKeyUnderAnOwnOfficersNameIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  v1::OfficerSignature forged = Sign(envelope, "QV/central/o-0002", Purpose::APPROVE);
  forged.set_officer("QM/central/o-0002");
  ExpectRefused(
      peer.Submit(envelope, {Sign(envelope, "QM/central/o-0001", Purpose::DRAFT), forged}),
      "UNKNOWN_KEY");
  v1::Envelope again = To({"QT/central"});
  forged = Sign(again, "QV/central/o-0002", Purpose::APPROVE);
  forged.set_officer("QM/central/o-0002");
  forged.set_key_id(Sign(again, "QM/central/o-0002", Purpose::APPROVE).key_id());
  ExpectRefused(peer.Submit(again, {Sign(again, "QM/central/o-0001", Purpose::DRAFT), forged}),
                "BAD_SIGNATURE");
}

TEST_F(HostileTest, AReceiptSignedWithAnotherStatesNodeKeyEndsTheStream) {
  peer.SignWith(sim.world.state("QV").checkpoint);
  v1::Envelope envelope = To({"QT/central"});
  EXPECT_FALSE(peer.Send(peer.Submit(envelope, Signed(envelope))).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_RECEIPT");
  ShownFault("BAD_RECEIPT");
}

TEST_F(HostileTest, AReceiptSignedWithARevokedNodeKeyEndsTheStream) {
  // What a thief of the old key can still do after the directory that replaces it: nothing here.
  crypto::SigningKey next = crypto::SigningKey::Generate(sim.world.random);
  peer.SignWith(next);
  peer.Publish([&](v1::Directory* directory) {
    directory->mutable_node()->set_checkpoint_key(std::string(crypto::AsView(next.public_key())));
  });
  peer.SignWith(sim.world.state("QM").checkpoint);
  v1::Envelope envelope = To({"QT/central"});
  EXPECT_FALSE(peer.Send(peer.Submit(envelope, Signed(envelope))).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_RECEIPT");
  ShownFault("BAD_RECEIPT");
}

TEST_F(HostileTest, ADirectorySignedByAnotherStatesAdministratorsIsNotTaken) {
  HostilePeer(sim, "QV", "QT").Meet();
  sim.world.NextDirectory("QM", nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  v1::SignedDocument* directory = step.mutable_steps(0)->mutable_directory();
  directory->clear_signatures();
  for (size_t i = 0; i < 2; ++i) {
    trust::SignDocument(crypto::Purpose::kDirectory, sim.world.state("QV").admins[i], directory);
  }
  ExpectNotTaken(step, "FOREIGN_SIGNER", "another state's");
}

TEST_F(HostileTest, ADirectorySignedByReplacedAdministratorsIsNotTaken) {
  std::vector<crypto::SigningKey> next;
  for (int i = 0; i < 3; ++i) next.push_back(crypto::SigningKey::Generate(sim.world.random));
  v1::GetDocumentsResponse charter;
  *charter.add_steps()->mutable_charter() = sim.world.NextCharter("QM", [&](v1::Charter* body) {
    body->mutable_directory_keys()->clear_keys();
    for (const auto& key : next) {
      *body->mutable_directory_keys()->add_keys() =
          trust::MakeVerificationKey(key.public_key(), "new administrator");
    }
  });
  ASSERT_TRUE(peer.Offer(charter).ok());
  sim.world.NextDirectory("QM", nullptr);  // by the old ones
  ExpectNotTaken(peer.Step(), "REVOKED_SIGNER", "administrator");
}

// ---- documents

TEST_F(HostileTest, AnOlderDirectoryIsNotTakenAndShown) {
  v1::SignedDocument old = sim.world.state("QM").directory;
  peer.Publish(nullptr);
  peer.Publish(nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  *step.mutable_steps(0)->mutable_directory() = old;
  ExpectNotTaken(step, "OLD_VERSION");
}

TEST_F(HostileTest, AnOlderCharterIsNotTakenAndShown) {
  v1::SignedDocument old = sim.world.state("QM").charter;
  v1::GetDocumentsResponse next;
  *next.add_steps()->mutable_charter() = sim.world.NextCharter("QM", nullptr);
  ASSERT_TRUE(peer.Offer(next).ok());
  *next.mutable_steps(0)->mutable_charter() = old;
  ExpectNotTaken(next, "OLD_VERSION");
}

TEST_F(HostileTest, AnOlderRosterChangesNothing) {
  v1::GetDocumentsResponse newer;
  *newer.add_rosters() = sim.world.NextRoster(nullptr);
  ASSERT_TRUE(peer.Offer(newer).ok());
  EXPECT_EQ(sim.node("QT").Trust()->roster().body.version(), 2u);
  v1::GetDocumentsResponse older;
  *older.add_rosters() = sim.world.rosters.front();
  EXPECT_FALSE(Value(peer.Offer(older)));
  EXPECT_EQ(sim.node("QT").Trust()->roster().body.version(), 2u);
}

TEST_F(HostileTest, AJumpOfVersionsIsNotTaken) {
  sim.world.NextDirectory("QM", nullptr);
  sim.world.NextDirectory("QM", nullptr);
  ExpectNotTaken(peer.Step(), "VERSION_JUMP");
}

TEST_F(HostileTest, ADirectoryWithOneKeyTwiceIsNotTaken) {
  sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
    v1::OfficerEntry* first = Officer(directory, "QM/central/o-0001");
    v1::OfficerEntry* second = Officer(directory, "QM/central/o-0002");
    second->set_signing_key(first->signing_key());
    second->set_signing_key_id(first->signing_key_id());
  });
  ExpectNotTaken(peer.Step(), "DUPLICATE_KEY");
}

TEST_F(HostileTest, AGiantDirectoryIsNotTaken) {
  sim.world.NextDirectory("QM", nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  step.mutable_steps(0)->mutable_directory()->mutable_document()->append(limits::kMaxDirectoryBytes,
                                                                         'x');
  ExpectNotTaken(step, "DOCUMENT_TOO_LARGE", "larger than its limit");
}

TEST_F(HostileTest, AnAnswerWithMoreStepsThanAskedIsNotTaken) {
  v1::GetDocumentsResponse answer = peer.Step();
  while (answer.steps_size() <= static_cast<int>(limits::kMaxStepsPerAnswer)) {
    *answer.add_steps() = answer.steps(0);
  }
  ExpectNotTaken(answer, "TOO_MANY");
}

TEST_F(HostileTest, AnAnswerThatSaysForEverThatMoreComesIsNotAskedForMore) {
  v1::GetDocumentsResponse answer = peer.Step();
  answer.set_more(true);
  EXPECT_FALSE(Value(peer.Offer(answer))) << "nothing new: who fetches stops here";
}

TEST_F(HostileTest, DocumentsFromAServerWithoutThePeersKeyAreNoFaultOfThePeer) {
  v1::SignedDocument old = sim.world.state("QM").directory;
  peer.Publish(nullptr);
  v1::GetDocumentsResponse step = peer.Step();
  *step.mutable_steps(0)->mutable_directory() = old;
  sim.node("QT").NoteFetched("QM", false);
  EXPECT_EQ(CodeOf(sim.Offer("QM", "QT", step).status()), "OLD_VERSION");
  sim.Settle();
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
}

TEST_F(HostileTest, ASubmissionUnderTheOldDirectoryAfterTheNewOneIsRefused) {
  v1::DocumentReference reference = sim.world.Directory("QM")->Reference();
  peer.Publish(
      [&](v1::Directory* directory) { directory->mutable_officers()->DeleteSubrange(0, 1); });
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope),
                            [&](v1::Record* record) { *record->mutable_directory() = reference; }),
                "OLD_DIRECTORY");
}

TEST_F(HostileTest, ASubmissionUnderAnotherDirectoryOfTheSameVersionIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope),
                            [&](v1::Record* record) {
                              record->mutable_directory()->set_sha256(std::string(32, 'x'));
                            }),
                "VERSION_FORK");
}

// ---- messages

TEST_F(HostileTest, AnotherStatesMessageForwardedIsRefused) {
  v1::Envelope theirs = To({"QM/central", "QT/central"}, "QV");
  ExpectRefused(peer.Submit(theirs, Signed(theirs)), "WRONG_SENDER", false);
}

TEST_F(HostileTest, AMessageResealedToOthersIsRefused) {
  // QM's officers signed a message to QV. Its node seals the same content anew, to QT too.
  v1::Envelope signed_one = To({"QV/central"});
  v1::Header header = Value(trust::ParseEnvelope(signed_one)).header;
  header.add_recipients("QT/central");
  std::sort(header.mutable_recipients()->begin(), header.mutable_recipients()->end());
  *header.add_directories() = sim.world.Directory("QT")->Reference();
  std::sort(header.mutable_directories()->begin(), header.mutable_directories()->end(),
            [](const auto& a, const auto& b) { return a.state() < b.state(); });
  v1::Envelope resealed = sim.world.SealEnvelope(header, "\x08\x01");
  ExpectRefused(peer.Submit(resealed, Signed(signed_one)), "BAD_SIGNATURE");
}

TEST_F(HostileTest, ABodyUnderAnotherHeaderIsRefused) {
  v1::Envelope first = To({"QT/central"});
  v1::Envelope second = To({"QT/central"});
  std::vector<v1::OfficerSignature> signatures = Signed(second);
  second.set_body(first.body());
  ExpectRefused(peer.Submit(second, signatures), "BAD_SIGNATURE");
}

TEST_F(HostileTest, StrippedSignaturesAreRefused) {
  v1::Envelope envelope = To({"QT/central"});
  std::vector<v1::OfficerSignature> draft = {Sign(envelope, "QM/central/o-0001", Purpose::DRAFT)};
  ExpectRefused(peer.Submit(envelope, draft), "TOO_FEW_APPROVALS");
  envelope = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, {Sign(envelope, "QM/central/o-0002", Purpose::APPROVE)}),
                "MISSING_DRAFT");
}

TEST_F(HostileTest, SignaturesReplacedAfterTheSubmissionAreRefused) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope));
  parcel.set_signature_list(
      trust::FreezeSignatures({Sign(envelope, "QM/central/o-0001", Purpose::DRAFT),
                               Sign(envelope, "QM/central/o-0003", Purpose::APPROVE)}));
  ExpectRefused(parcel, "SIGNATURE_LIST_CHANGED", false);
}

TEST_F(HostileTest, ASignatureOfAnotherMessageIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Envelope other = To({"QT/central"});
  ExpectRefused(peer.Submit(envelope, {Sign(envelope, "QM/central/o-0001", Purpose::DRAFT),
                                       Sign(other, "QM/central/o-0002", Purpose::APPROVE)}),
                "BAD_SIGNATURE");
}

TEST_F(HostileTest, AMessageToTwoStatesIsRefusedSoThatNoTwoSeeOtherApprovers) {
  v1::Envelope envelope = To({"QT/central", "QV/central"});
  ExpectRefused(peer.Submit(envelope, Signed(envelope)), "ILLEGAL_ACT");
}

TEST_F(HostileTest, ASecondSubmissionWithOtherApproversChangesNothingAndBothReceiptsConvict) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel first = peer.Submit(envelope, Signed(envelope));
  ExpectTaken(first);
  v1::Parcel second =
      peer.Submit(envelope, {Sign(envelope, "QM/central/o-0001", Purpose::DRAFT),
                             Sign(envelope, "QM/central/o-0003", Purpose::APPROVE)});
  trust::DirectoryPtr directory = sim.world.Directory("QM");
  v1::Record one = Value(trust::VerifyReceipt(first.submission(), *directory));
  v1::Record two = Value(trust::VerifyReceipt(second.submission(), *directory));
  EXPECT_EQ(one.message_id(), two.message_id());
  EXPECT_NE(one.signature_list_sha256(), two.signature_list_sha256());
  std::optional<v1::Record> again = peer.Send(second);
  ASSERT_TRUE(again.has_value()) << peer.closed();
  EXPECT_EQ(again->signature_list_sha256(), one.signature_list_sha256());
}

// ---- replays

TEST_F(HostileTest, EverythingReplayedChangesNothing) {
  v1::GetDocumentsResponse documents = peer.Step();
  std::vector<v1::Parcel> sent;
  for (int i = 0; i < 3; ++i) {
    v1::Envelope envelope = To({"QT/central"});
    sent.push_back(peer.Submit(envelope, Signed(envelope)));
    ExpectTaken(sent.back());
  }
  uint64_t entries = sim.node("QT").Stats().ledger_size;
  peer.Dial();
  for (const v1::Parcel& parcel : sent) {
    std::optional<v1::Record> answer = peer.Send(parcel);
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->outcome(), v1::Outcome::ACCEPTED);
  }
  EXPECT_FALSE(Value(peer.Offer(documents)));
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, entries) << "no entry, no second delivery";
}

TEST_F(HostileTest, AReplayUnderAnotherStatesNameIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectTaken(peer.Submit(envelope, Signed(envelope)));
  HostilePeer other(sim, "QV", "QT");
  other.Meet();
  std::optional<v1::Record> answer = other.Send(other.Submit(envelope, Signed(envelope)));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->reason(), v1::Reason::WRONG_SENDER);
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults(0).state(), "QV");
}

TEST_F(HostileTest, ANumberUsedTwiceIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectTaken(peer.Submit(envelope, Signed(envelope)));
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope));
  EnvelopeSpec spec;
  spec.act = v1::Act::STATUS_QUERY;
  spec.case_id = parsed.header.case_id();
  spec.parents = {parsed.message_id};
  v1::Envelope second = sim.world.MakeEnvelope(spec);
  ExpectRefused(peer.Submit(second, Signed(second)), "WRONG_NUMBER");
}

TEST_F(HostileTest, AFrameWithMoreItemsThanTheWindowEndsTheStream) {
  v1::PeerFrame frame;
  for (size_t i = 0; i <= limits::kStreamWindowItems; ++i) frame.mutable_items()->add_items();
  peer.SendFrame(frame);
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_FRAME");
  EXPECT_NE(ShownFault("BAD_FRAME").text().find("window"), std::string::npos);
}

TEST_F(HostileTest, AFlippedLedgerEndsTheStreamAndBothCheckpointsAreKept) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectTaken(peer.Submit(envelope, Signed(envelope)));
  HostilePeer other_history(sim, "QM", "QT");  // the same keys, another tree
  v1::Envelope second = To({"QT/central"});
  other_history.Documents();
  EXPECT_FALSE(other_history.Send(other_history.Submit(second, Signed(second))).has_value());
  EXPECT_EQ(CodeOf(other_history.closed()), "FORKED_LEDGER");
  sim.Settle();
  v1::PeerFault fault = ShownFault("FORKED_LEDGER");
  ASSERT_EQ(fault.checkpoints_size(), 2);
  trust::DirectoryPtr directory = sim.world.Directory("QM");
  for (const std::string& note : fault.checkpoints()) {
    EXPECT_TRUE(trust::VerifyNodeCheckpoint(note, *directory).ok());
  }
}

TEST_F(HostileTest, NoMoreFaultsAreKeptThanTheLimitButEachIsEntered) {
  uint64_t before = sim.node("QT").Stats().ledger_size;
  const int more = static_cast<int>(limits::kMaxFaultsPerPage) + 2;
  v1::PeerItem item;
  item.mutable_filled()->set_message_id(std::string(32, 'm'));
  item.mutable_filled()->set_case_id(std::string(16, 'c'));
  item.mutable_filled()->set_sender("QV/central");
  v1::Record record;
  record.set_format(1);
  record.set_state("QM");
  record.set_kind(v1::RecordKind::EXPIRY);
  *item.mutable_filled()->mutable_receipt() = peer.ReceiptOf(peer.Enter(record));
  for (int i = 0; i < more; ++i) {
    std::optional<v1::Record> answer = peer.Send(item);
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    ASSERT_EQ(answer->kind(), v1::RecordKind::PEER_FAULT);
  }
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before + more);
  EXPECT_EQ(Value(sim.ListPeers(kAdminOfQt)).peers(0).faults(), limits::kMaxFaultsPerPage);
}

// QM's officers signed bytes that this version cannot read, and QM's node entered and sent them.
class UnparsedTest : public HostileTest {
 protected:
  v1::Parcel Unparsed(const v1::Envelope& envelope, uint64_t number, bool entered = true) {
    v1::Envelope bent = envelope;
    bent.set_header(Cat({envelope.header(), "\xfa\x7f\x01x"}));  // a field of a later version
    Hash id = trust::MessageId(crypto::Sha256(bent.header()), crypto::Sha256(bent.stanzas()),
                               crypto::Sha256(bent.body()));
    v1::Parcel parcel = peer.Submit(envelope, Signed(envelope), [&](v1::Record* record) {
      if (entered) record->set_message_id(std::string(AsView(id)));
      record->mutable_numbers(0)->set_number(number);
    });
    *parcel.mutable_envelope() = bent;
    return parcel;
  }
  v1::Parcel Next(const v1::Envelope& envelope, uint64_t number) {
    return peer.Submit(envelope, Signed(envelope),
                       [&](v1::Record* record) { record->mutable_numbers(0)->set_number(number); });
  }
  bool Held(const v1::Envelope& envelope) {
    return Value(sim.Explain("QT/central/o-0001", std::string(AsView(IdOf(envelope)))))
        .recipients(0)
        .held();
  }
};

TEST_F(UnparsedTest, AnEnvelopeThatDoesNotParseUsesUpItsNumberSoThatTheCaseGoesOn) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(Unparsed(envelope, 1), "BAD_HEADER");
  ExpectTaken(Next(envelope, 2));
  EXPECT_FALSE(Held(envelope));
}

TEST_F(UnparsedTest, SentAgainItHasTheSameAnswer) {
  v1::Parcel parcel = Unparsed(To({"QT/central"}), 1);
  ExpectRefused(parcel, "BAD_HEADER");
  const exchange::NodeStats before = sim.node("QT").Stats();
  std::optional<v1::Record> answer = peer.Send(parcel);
  ASSERT_TRUE(answer.has_value()) << peer.closed();
  EXPECT_EQ(answer->reason(), v1::Reason::BAD_HEADER);
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before.ledger_size);
  EXPECT_EQ(sim.node("QT").Stats().refused, before.refused);
}

TEST_F(UnparsedTest, WhatIsNotProvedToBeSubmittedUsesUpNothing) {
  v1::Envelope envelope = To({"QT/central"});
  ExpectRefused(Unparsed(envelope, 1, false), "BAD_HEADER", false);
  ExpectTaken(Next(envelope, 1));
  EXPECT_FALSE(Held(envelope));
}

}  // namespace
}  // namespace palermo::testing
