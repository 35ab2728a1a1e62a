// The sender's side: what an officer of the own state may not draft, approve or drop.
#include "node/exchange/submit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "node/exchange/keys.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
constexpr char kDrafter[] = "QM/central/o-0001";
constexpr char kApprover[] = "QM/central/o-0002";

// Its requests need two approvals.
class SubmitTest : public ::testing::Test {
 protected:
  Tx Begin() { return Tx(store, 10, "QM", world.clock.Now(), view, world.random); }
  absl::StatusOr<CheckedMessage> Check(const v1::Envelope& envelope,
                                       const std::string& state = "QM") {
    return CheckMessage(view, state, envelope, {Draft(envelope)}, world.clock.Now());
  }
  v1::OfficerSignature Draft(const v1::Envelope& envelope) {
    return world.Sign(envelope, kDrafter, v1::SignaturePurpose::DRAFT);
  }
  v1::OfficerSignature Approval(const v1::Envelope& envelope, const std::string& officer) {
    return world.Sign(envelope, officer, v1::SignaturePurpose::APPROVE);
  }
  static std::string IdOf(const v1::Envelope& envelope) {
    return std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id));
  }
  // A draft that waits in `tx`.
  v1::Envelope Pending(Tx& tx, const EnvelopeSpec& spec = {}) {
    v1::Envelope envelope = world.MakeEnvelope(spec);
    SubmitOutcome outcome = Value(DecideDraft(tx, Value(Check(envelope)), kDrafter));
    EXPECT_EQ(outcome.outcome, v1::Outcome::PENDING);
    return envelope;
  }

  void Remove(const std::string& officer) {
    world.NextDirectory("QM", [&](v1::Directory* directory) {
      auto* officers = directory->mutable_officers();
      officers->erase(std::remove_if(officers->begin(), officers->end(),
                                     [&](const auto& one) { return one.id() == officer; }),
                      officers->end());
    });
    view = world.View();
  }

  World world;
  trust::TrustPtr view = world.View();
  storage::MemoryStore store;
};

TEST_F(SubmitTest, ANodeSendsForItsOwnStateOnly) {
  EXPECT_EQ(CodeOf(Check(world.MakeEnvelope({}), "QT").status()), "WRONG_SENDER");
}

TEST_F(SubmitTest, AMessageWhoseTimeIsOverIsNotTaken) {
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  v1::Envelope envelope = world.MakeEnvelope(spec);
  CheckedMessage checked = Value(Check(envelope));
  world.clock.Advance(absl::Hours(1));
  EXPECT_EQ(CodeOf(Check(envelope).status()), "EXPIRED");
  // Nor when it was checked before its end, and is decided after it.
  Tx tx = Begin();
  EXPECT_EQ(CodeOf(DecideDraft(tx, std::move(checked), kDrafter).status()), "EXPIRED");
}

TEST_F(SubmitTest, AnOfficerWhoseMandateIsOverIsNotHeard) {
  trust::DirectoryPtr directory = world.Directory("QM");
  const v1::OfficerEntry& officer = directory->body().officers(0);
  const std::string& pin = officer.tls_pins(0);
  absl::Time end = FromMillis(officer.valid_to_ms());
  EXPECT_TRUE(OfficerByPin(*directory, pin, end - absl::Seconds(1)).ok());
  EXPECT_EQ(CodeOf(OfficerByPin(*directory, pin, end).status()), "OFFICER_NOT_IN_FORCE");
}

TEST_F(SubmitTest, AnAuthoritysWaitingDraftsAreBounded) {
  Tx tx = Begin();
  tx.PutCounter(keys::DraftCount("QM/central"), limits::kMaxPendingDraftsPerAuthority - 1);
  Pending(tx);
  v1::Envelope envelope = world.MakeEnvelope({});
  EXPECT_EQ(CodeOf(DecideDraft(tx, Value(Check(envelope)), kDrafter).status()), "TOO_MANY");
}

TEST_F(SubmitTest, WhatDoesNotWaitIsNeitherApprovedNorDropped) {
  Tx tx = Begin();
  v1::Envelope envelope = world.MakeEnvelope({});
  EXPECT_EQ(
      CodeOf(DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).status()),
      "NOT_PENDING");
  EXPECT_EQ(CodeOf(DecideDrop(tx, IdOf(envelope), kDrafter).status()), "NOT_PENDING");
}

TEST_F(SubmitTest, NobodyApprovesTwice) {
  Tx tx = Begin();
  v1::Envelope envelope = Pending(tx);
  EXPECT_TRUE(DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).ok());
  EXPECT_EQ(
      CodeOf(DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).status()),
      "ALREADY_SIGNED");
}

TEST_F(SubmitTest, AnotherAuthoritysOfficerDropsNoDraft) {
  Tx tx = Begin();
  v1::Envelope envelope = Pending(tx);
  EXPECT_EQ(CodeOf(DecideDrop(tx, IdOf(envelope), "QM/police/o-0001").status()), "WRONG_SENDER");
  EXPECT_TRUE(DecideDrop(tx, IdOf(envelope), kDrafter).ok());
}

// Who left does not count any more, and the draft is not stuck.
TEST_F(SubmitTest, AnApprovalOfAnOfficerWhoLeftIsLeftOutAndCountedAnew) {
  Tx tx = Begin();
  v1::Envelope envelope = Pending(tx);
  EXPECT_TRUE(DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).ok());
  auto pending = [&] { return *Value(tx.Load<v1::PendingMessage>(keys::Draft(IdOf(envelope)))); };
  EXPECT_EQ(pending().approvals_missing(), 1u);
  Remove(kApprover);
  tx.SetTrust(view);
  v1::PendingMessage shown = pending();
  EXPECT_TRUE(DropLapsedApprovals(*view, "QM", world.clock.Now(), &shown).ok());
  EXPECT_EQ(shown.approvals_missing(), 2u);
  EXPECT_EQ(shown.signatures_size(), 1);
  SubmitOutcome outcome = Value(DecideApprove(
      tx, IdOf(envelope), Approval(envelope, "QM/central/o-0003"), "QM/central/o-0003"));
  EXPECT_EQ(outcome.outcome, v1::Outcome::PENDING);
  EXPECT_EQ(outcome.approvals_missing, 1u);
  EXPECT_EQ(pending().signatures_size(), 2) << "the draft and the one who is there";
}

TEST_F(SubmitTest, ADraftWhoseDrafterLeftIsToldToBeDropped) {
  Tx tx = Begin();
  v1::Envelope envelope = Pending(tx);
  Remove(kDrafter);
  tx.SetTrust(view);
  absl::Status status =
      DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).status();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_OFFICER");
  EXPECT_NE(TextOf(status).find("palermo case drop"), std::string::npos);
}

TEST_F(SubmitTest, NothingIsApprovedWithADirectoryThatHasRunOut) {
  absl::Time end = FromMillis(world.Directory("QM")->body().expires_at_ms());
  world.clock.Advance(absl::Hours(24));
  EnvelopeSpec spec;
  spec.life = absl::Hours(24 * 30);
  v1::Envelope envelope;
  {
    Tx tx = Begin();
    envelope = Pending(tx, spec);
    storage::WriteBatch batch;
    std::vector<NewEntry> entries;
    tx.MoveInto(&batch, &entries);
    testing::DieUnlessOk(store.Apply(batch, storage::Durability::kSync), "applying");
  }
  world.clock.Advance(end - world.clock.Now());
  Tx tx = Begin();
  EXPECT_EQ(
      CodeOf(DecideApprove(tx, IdOf(envelope), Approval(envelope, kApprover), kApprover).status()),
      "DIRECTORY_EXPIRED");
}

}  // namespace
}  // namespace palermo::exchange
