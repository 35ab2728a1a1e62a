#include "node/desk/verification.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/evidence.h"
#include "node/desk/files.h"
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
  EXPECT_EQ(CodeOf(VerifyEvidence(folder, Hash{}).status()), "BAD_DOCUMENT");
  std::filesystem::remove_all(base);
}

}  // namespace
}  // namespace palermo::desk
