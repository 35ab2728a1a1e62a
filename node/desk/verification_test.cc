#include "node/desk/verification.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/evidence.h"
#include "node/desk/files.h"
#include "node/desk/recipient_proof.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class VerificationTest : public ::testing::Test {
 protected:
  // What QT's node gives for a message of QM.
  v1::FetchMessageResponse Message(const std::vector<v1::OfficerSignature>& signatures) {
    v1::FetchMessageResponse message;
    *message.mutable_envelope() = envelope_;
    message.set_signature_list(trust::FreezeSignatures(signatures));
    *message.mutable_sender_charter() = world_.state("QM").charter;
    *message.mutable_sender_directory() = world_.state("QM").directory;
    Add("QM", world_.SubmissionRecord(envelope_, message.signature_list()), &message);
    Add("QT", world_.DeliveryRecord("QT", envelope_, message.signature_list()), &message);
    return message;
  }
  void Add(const std::string& state, const v1::Record& record, v1::FetchMessageResponse* message) {
    v1::StoredReceipt* stored = message->add_receipts();
    stored->set_state(state);
    *stored->mutable_receipt() = world_.MakeReceipt(state, record);
  }
  // What QT's desk signed, and what QT's node entered of it.
  void AddRetrieval(v1::RetrievalResult::Code result, v1::Outcome::Code outcome,
                    v1::FetchMessageResponse* message) {
    const std::string officer = "QT/central/o-0001";
    v1::Record record = world_.DeliveryRecord("QT", envelope_, message->signature_list());
    v1::RetrievalStatement statement;
    statement.set_message_id(record.message_id());
    statement.set_officer(officer);
    statement.set_result(result);
    statement.set_at_ms(ToMillis(world_.clock.Now()));
    v1::SignedRetrieval signed_one;
    const crypto::SigningKey& key = world_.officer(officer).sign;
    signed_one.set_statement(trust::StrictSerialize(statement));
    signed_one.set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(key.public_key())));
    signed_one.set_signature(
        std::string(crypto::AsView(key.Sign(crypto::Purpose::kRetrieval, signed_one.statement()))));
    record.set_kind(v1::RecordKind::RETRIEVAL);
    record.set_actor(officer);
    record.set_outcome(outcome);
    *record.mutable_directory() = world_.Directory("QT")->Reference();
    record.set_evidence_sha256(std::string(AsView(crypto::Sha256(signed_one.statement()))));
    Add("QT", record, message);
    *message->mutable_receipts()->rbegin()->mutable_retrieval() = signed_one;
  }
  v1::OfficerSignature Approval(const std::string& officer) {
    return world_.Sign(envelope_, officer, v1::SignaturePurpose::APPROVE);
  }
  v1::OfficerSignature Draft() {
    return world_.Sign(envelope_, "QM/central/o-0001", v1::SignaturePurpose::DRAFT);
  }
  std::string CodeFor(const v1::FetchMessageResponse& message) {
    return CodeOf(FirstFailure(VerifyMessage(message, *world_.View(), "QT").checks));
  }

  World world_;
  v1::Envelope envelope_ = world_.MakeEnvelope({});
};

TEST_F(VerificationTest, GoodMessageIsGood) {
  VerifiedMessage verified =
      VerifyMessage(Message(world_.SignAll(envelope_)), *world_.View(), "QT");
  EXPECT_TRUE(AllOk(verified.checks)) << ReportText(verified.checks);
  EXPECT_EQ(verified.receipts.size(), 2u);
  EXPECT_EQ(verified.signatures.size(), 3u);
}

TEST_F(VerificationTest, MissingApprovalIsRefused) {
  EXPECT_EQ(CodeFor(Message({Draft(), Approval("QM/central/o-0002")})), "TOO_FEW_APPROVALS");
}

TEST_F(VerificationTest, DrafterWhoApprovesIsRefused) {
  v1::OfficerSignature own = Draft();
  v1::OfficerSignature again = Approval("QM/central/o-0001");
  v1::FetchMessageResponse message = Message({own, again, Approval("QM/central/o-0002")});
  EXPECT_NE(CodeFor(message), "OK");
  // Under another name it is the same key.
  again.set_officer("QM/central/o-0003");
  EXPECT_NE(CodeFor(Message({own, again, Approval("QM/central/o-0002")})), "OK");
}

TEST_F(VerificationTest, OfficerRemovedBeforeTheSubmissionIsRefused) {
  auto signatures = world_.SignAll(envelope_);
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->DeleteSubrange(2, 1); });
  EXPECT_EQ(CodeFor(Message(signatures)), "UNKNOWN_OFFICER");
}

TEST_F(VerificationTest, OfficerRemovedAfterTheSubmissionStays) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->DeleteSubrange(2, 1); });
  EXPECT_EQ(CodeFor(message), "OK");
  // With the newer directory in its place the record does not fit.
  *message.mutable_sender_directory() = world_.state("QM").directory;
  EXPECT_EQ(CodeFor(message), "UNKNOWN_DIRECTORY");
}

TEST_F(VerificationTest, AMessageFromBeforeANewCharterStillVerifies) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  world_.NextCharter("QM", nullptr);
  world_.NextDirectory("QM", nullptr);
  trust::TrustPtr view = world_.View();
  trust::VersionHashes seen;
  seen[1] = crypto::Sha256(message.sender_directory().document());
  view = view->WithSeenDirectories("QM", seen);
  EXPECT_EQ(CodeOf(FirstFailure(VerifyMessage(message, *view, "QT").checks)), "OK");
}

TEST_F(VerificationTest, AnotherPastUnderAnOldCharterIsRefused) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  trust::VersionHashes seen;
  seen[1] = Hash{};  // this desk saw another document as version 1
  EXPECT_EQ(CodeOf(FirstFailure(VerifyMessage(message, *world_.View(), "QT").checks)), "OK");
  trust::TrustView bare(world_.View()->roster());
  trust::TrustPtr other = bare.WithSeenDirectories("QM", seen);
  EXPECT_EQ(CodeOf(FirstFailure(VerifyMessage(message, *other, "").checks)), "VERSION_FORK");
}

TEST_F(VerificationTest, ADirectoryThatNobodySawUnderAReplacedCharterIsRefused) {
  trust::TrustPtr known = world_.View();
  v1::SignedDocument old_charter = world_.state("QM").charter;
  // The desk has charter 2 and directory 1; then comes a message under "directory 2" of charter 1.
  trust::StateView state = *known->Find("QM");
  world_.NextCharter("QM", nullptr);
  state.charter = std::make_shared<trust::Charter>(Value(
      trust::VerifyCharter(world_.state("QM").charter, known->roster(), nullptr), "charter 2"));
  known = known->WithState("QM", state);
  world_.NextDirectory("QM", nullptr);
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  *message.mutable_sender_charter() = old_charter;
  EXPECT_EQ(CodeOf(FirstFailure(VerifyMessage(message, *known, "").checks)), "OLD_VERSION");
  *message.mutable_sender_charter() = world_.state("QM").charter;
  EXPECT_NE(CodeOf(FirstFailure(VerifyMessage(message, *known, "").checks)), "OLD_VERSION");
}

TEST_F(VerificationTest, ChangedListIsRefused) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  message.set_signature_list(trust::FreezeSignatures({Draft()}));
  EXPECT_EQ(CodeFor(message), "SIGNATURE_LIST_CHANGED");
}

TEST_F(VerificationTest, MissingOrForeignReceiptsAreRefused) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  v1::FetchMessageResponse none = message;
  none.clear_receipts();
  EXPECT_EQ(CodeFor(none), "BAD_RECEIPT");
  v1::FetchMessageResponse undelivered = message;
  undelivered.mutable_receipts()->RemoveLast();
  EXPECT_EQ(CodeFor(undelivered), "BAD_RECEIPT");
  v1::FetchMessageResponse forged = message;
  forged.mutable_receipts(0)->mutable_receipt()->mutable_record()->back() ^= 1;
  EXPECT_NE(CodeFor(forged), "OK");
}

TEST_F(VerificationTest, ChangedEnvelopeIsRefused) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  message.mutable_envelope()->mutable_body()->back() ^= 1;
  EXPECT_EQ(CodeFor(message), "BAD_RECEIPT");
}

TEST_F(VerificationTest, DeliveryIsProvedByTheRecipientsLedgerAlone) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  auto proofs = ProofsOf(VerifyMessage(message, *world_.View(), ""));
  ASSERT_EQ(proofs.size(), 1u);
  EXPECT_TRUE(proofs[0].delivered());
  EXPECT_TRUE(NotDelivered(proofs).empty());
  EXPECT_EQ(ProofsText(proofs).rfind("  Delivery to QT: 2026-", 0), 0u) << ProofsText(proofs);
  EXPECT_NE(ProofsText(proofs).find("Opened at QT: not proved here"), std::string::npos);

  // The message is as valid without it; that it came is proved no more.
  v1::FetchMessageResponse sent = message;
  sent.mutable_receipts()->RemoveLast();
  v1::Record relay = world_.DeliveryRecord("QT", envelope_, sent.signature_list());
  relay.set_kind(v1::RecordKind::RELAY);
  relay.set_state("QM");
  Add("QM", relay, &sent);
  VerifiedMessage verified = VerifyMessage(sent, *world_.View(), "");
  EXPECT_TRUE(AllOk(verified.checks)) << ReportText(verified.checks);
  EXPECT_EQ(verified.receipts.size(), 2u);
  EXPECT_EQ(NotDelivered(ProofsOf(verified)), std::vector<std::string>({"QT"}));
  EXPECT_EQ(ProofsText(ProofsOf(verified)), "  NO PROOF OF DELIVERY to QT is here\n");
}

TEST_F(VerificationTest, ARefusalIsNoDelivery) {
  v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
  message.mutable_receipts()->RemoveLast();
  v1::Record refused = world_.DeliveryRecord("QT", envelope_, message.signature_list());
  refused.set_outcome(v1::Outcome::REJECTED);
  refused.set_reason(v1::Reason::STALE_KEY);
  Add("QT", refused, &message);
  auto proofs = ProofsOf(VerifyMessage(message, *world_.View(), ""));
  EXPECT_EQ(NotDelivered(proofs).size(), 1u);
  EXPECT_EQ(ProofsText(proofs).rfind("  NOT DELIVERED to QT: REJECTED (STALE_KEY: ", 0), 0u)
      << ProofsText(proofs);
}

TEST_F(VerificationTest, ARetrievalCountsAsItsOfficerSignedIt) {
  for (const auto& [result, outcome, code] :
       {std::make_tuple(v1::RetrievalResult::OPENED, v1::Outcome::ACCEPTED, "OK"),
        std::make_tuple(v1::RetrievalResult::UNOPENABLE, v1::Outcome::REJECTED, "OK"),
        std::make_tuple(v1::RetrievalResult::UNOPENABLE, v1::Outcome::ACCEPTED, "BAD_RECEIPT")}) {
    v1::FetchMessageResponse message = Message(world_.SignAll(envelope_));
    AddRetrieval(result, outcome, &message);
    VerifiedMessage verified = VerifyMessage(message, *world_.View(), "QT");
    EXPECT_EQ(CodeOf(FirstFailure(verified.checks)), code) << ReportText(verified.checks);
    const std::string text = ProofsText(ProofsOf(verified));
    const bool opened = text.find("\n  Opened at QT: 2026-") != std::string::npos;
    EXPECT_EQ(opened, result == v1::RetrievalResult::OPENED) << text;
  }
}

TEST_F(VerificationTest, EvidenceFolderVerifiesWithoutAnything) {
  TrustMemory trust = Value(TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QT"));
  v1::GetTrustResponse newest;
  newest.set_own_state("QT");
  *newest.add_rosters() = world_.rosters[0];
  for (auto& [code, state] : world_.states) {
    v1::StateTrust* entry = newest.add_states();
    entry->set_state(code);
    *entry->mutable_charter() = state.charter;
    *entry->mutable_directory() = state.directory;
  }
  ASSERT_TRUE(trust.Update(newest).ok());
  std::string base = ::testing::TempDir() + "/evidence-XXXXXX";
  ASSERT_NE(::mkdtemp(base.data()), nullptr);
  std::string folder = base + "/e";
  ASSERT_TRUE(SaveEvidence(folder, Message(world_.SignAll(envelope_)), trust).ok());
  auto verified = VerifyEvidence(folder, world_.fingerprint);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_TRUE(AllOk(verified->checks)) << ReportText(verified->checks);
  EXPECT_EQ(CodeOf(VerifyEvidence(folder, Hash{}).status()), "WRONG_FINGERPRINT");
  std::filesystem::remove_all(base);
}

// Two desks: one of a state that was there from the first roster on, one of a state that joined
// with the second. One fingerprint verifies what both saved.
class JoinedTest : public VerificationTest {
 protected:
  void SetUp() override {
    base_ = ::testing::TempDir() + "/joined-XXXXXX";
    ASSERT_NE(::mkdtemp(base_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(base_); }

  TrustMemory Desk(size_t anchor) {
    const v1::SignedDocument& first = world_.rosters[anchor];
    TrustMemory trust = Value(TrustMemory::Create(first, crypto::Sha256(first.document()), "QT"));
    v1::GetTrustResponse newest;
    newest.set_own_state("QT");
    for (size_t i = anchor; i < world_.rosters.size(); ++i)
      *newest.add_rosters() = world_.rosters[i];
    for (auto& [code, state] : world_.states) {
      v1::StateTrust* entry = newest.add_states();
      entry->set_state(code);
      *entry->mutable_charter() = state.charter;
      *entry->mutable_directory() = state.directory;
    }
    EXPECT_TRUE(trust.Update(newest).ok());
    return trust;
  }
  std::string Save(const std::string& name, const TrustMemory& trust) {
    std::string folder = base_ + "/" + name;
    EXPECT_TRUE(SaveEvidence(folder, Message(world_.SignAll(envelope_)), trust).ok());
    return folder;
  }
  Hash Fingerprint(size_t roster) { return crypto::Sha256(world_.rosters[roster].document()); }
  std::string Judged(const std::string& folder, const Hash& fingerprint) {
    auto verified = VerifyEvidence(folder, fingerprint);
    return verified.ok() ? CodeOf(FirstFailure(verified->checks)) : CodeOf(verified.status());
  }

  std::string base_;
};

TEST_F(JoinedTest, AnyRosterOfTheFolderIsTheAnchor) {
  world_.NextRoster(nullptr);
  world_.NextRoster(nullptr);
  const std::string old = Save("old", Desk(0)), joined = Save("joined", Desk(1));
  EXPECT_FALSE(FileExists(joined + "/roster-1.roster"));  // named by its version
  EXPECT_TRUE(FileExists(joined + "/roster-2.roster"));
  for (size_t i : {0, 1, 2}) EXPECT_EQ(Judged(old, Fingerprint(i)), "OK") << i;
  for (size_t i : {1, 2}) EXPECT_EQ(Judged(joined, Fingerprint(i)), "OK") << i;
  EXPECT_EQ(Judged(joined, Fingerprint(0)), "WRONG_FINGERPRINT");
}

TEST_F(JoinedTest, APastThatTheAnchorDoesNotNameIsNotTaken) {
  world_.NextRoster(nullptr);
  const std::string folder = Save("e", Desk(0));
  // Another first roster, in the place of the one that the second names.
  World other(testing::WorldOptions{.seed = 2});
  const std::string path = folder + "/roster-1.roster";
  std::filesystem::remove(path);
  ASSERT_TRUE(WriteFileAtomic(path, other.rosters[0].SerializeAsString(), 0644).ok());
  EXPECT_EQ(Judged(folder, Fingerprint(1)), "OK");  // from the anchor on, as if it were not there
  EXPECT_NE(Judged(folder, other.fingerprint), "OK");
}

TEST_F(JoinedTest, AnEarlierRosterWithOtherRootsCountsOnlyWhereItsRootsSigned) {
  // QM's roots change with the second roster, and the old ones did not sign it.
  const crypto::SigningKey fresh = crypto::SigningKey::Generate(world_.random);
  world_.NextRoster([&](v1::Roster* roster) {
    v1::KeySet* roots = roster->mutable_states(0)->mutable_roots();
    *roots->mutable_keys(0) = trust::MakeVerificationKey(fresh.public_key(), "QM");
  });
  TrustMemory trust = Value(TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QT"));
  const std::string folder = Save("e", trust);
  ASSERT_TRUE(
      WriteFileAtomic(folder + "/roster-2.roster", world_.rosters[1].SerializeAsString(), 0644)
          .ok());
  EXPECT_EQ(Judged(folder, Fingerprint(0)), "ROOT_CHANGE_UNCONFIRMED");
  // Anchored on the second, the new roots are what was told, and the charter of the old ones is
  // nobody's.
  const std::string second = Judged(folder, Fingerprint(1));
  EXPECT_NE(second, "OK");
  EXPECT_NE(second, "ROOT_CHANGE_UNCONFIRMED");
}

}  // namespace
}  // namespace palermo::desk
