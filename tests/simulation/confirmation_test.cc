// In an emergency to life one approver may do; a second one confirms within 24 hours. Both nodes
// keep the duty, both judge who confirms, and both enter what is missing.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/desk/verification.h"
#include "node/trust/strict.h"
#include "tests/simulation/hostile.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;
using Standing = v1::ConfirmationStanding;
constexpr auto kConfirm = v1::SignaturePurpose::CONFIRM;

// Requests need two approvals, and one in an emergency to life.
void AllowOneInAnEmergency(v1::Directory* directory) {
  v1::PolicyEntry* entry = directory->add_policy();
  entry->set_act(v1::Act::REQUEST);
  entry->set_urgency(v1::Urgency::EMERGENCY_LIFE);
  entry->set_approvals(1);
}

size_t CountOf(const std::vector<v1::Record>& ledger, Kind::Code kind,
               v1::Reason::Code reason = v1::Reason::NONE) {
  return static_cast<size_t>(
      std::count_if(ledger.begin(), ledger.end(), [&](const v1::Record& record) {
        return record.kind() == kind && record.reason() == reason;
      }));
}

class ConfirmationTest : public ::testing::Test {
 protected:
  ConfirmationTest() {
    Change(AllowOneInAnEmergency);
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  void Change(const std::function<void(v1::Directory*)>& mutator) {
    EXPECT_TRUE(sim.Publish("QM", sim.world.NextDirectory("QM", mutator)).ok());
  }
  v1::Envelope Emergency() {
    EnvelopeSpec spec;
    spec.urgency = v1::Urgency::EMERGENCY_LIFE;
    return sim.world.MakeEnvelope(spec);
  }
  // Drafted by o-0001, approved by o-0002: on its way.
  std::string Send(const v1::Envelope& envelope) {
    auto drafted = Value(sim.Submit(envelope, "QM/central/o-0001"));
    EXPECT_EQ(drafted.outcome(), v1::Outcome::PENDING);
    auto approved = Value(sim.Approve(envelope, "QM/central/o-0002"));
    EXPECT_EQ(approved.outcome(), v1::Outcome::ACCEPTED);
    return approved.message_id();
  }
  absl::StatusOr<v1::ConfirmResponse> Confirm(const std::string& caller, const std::string& id,
                                              const v1::OfficerSignature& confirmation) {
    v1::ConfirmRequest request;
    request.set_message_id(id);
    *request.mutable_confirmation() = confirmation;
    std::optional<absl::StatusOr<v1::ConfirmResponse>> result;
    sim.node("QM").Confirm(
        sim.CallerOf(caller), request,
        [&](absl::StatusOr<v1::ConfirmResponse> answer) { result = std::move(answer); });
    while (!result.has_value() && sim.node("QM").RunOnce() > 0) {
    }
    if (!result.has_value()) return absl::InternalError("no answer");
    return *std::move(result);
  }
  std::string CodeFor(const std::string& officer, const v1::Envelope& envelope,
                      const std::string& id) {
    return CodeOf(Confirm(officer, id, sim.world.Sign(envelope, officer, kConfirm)).status());
  }
  absl::Status ConfirmBySecond(const v1::Envelope& envelope, const std::string& id) {
    return Confirm("QM/central/o-0003", id, sim.world.Sign(envelope, "QM/central/o-0003", kConfirm))
        .status();
  }
  v1::ConfirmationStatus At(const std::string& officer, const std::string& id) {
    return Value(sim.Explain(officer, id)).confirmation();
  }
  void Tick(absl::Duration later) {
    sim.world.clock.Advance(later);
    for (const char* state : {"QM", "QT"}) {
      sim.node(state).Tick();
      while (sim.node(state).RunOnce() > 0) {
      }
    }
  }
  desk::VerifiedMessage ReadAtPeer(const v1::FetchMessageResponse& message) {
    return desk::VerifyMessage(message, *sim.world.View(), "QT");
  }

  Simulation sim;
};

TEST_F(ConfirmationTest, ItGoesWithOneApprovalAndTheSecondsConfirmationIsProvedOnBothSides) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  sim.Settle();
  // The emergency waits for nobody: it is delivered, and both sides know that it is not confirmed.
  EXPECT_EQ(Value(sim.Explain("QM/central/o-0001", id)).recipients(0).stage(), "DELIVERED");
  EXPECT_EQ(At("QM/central/o-0001", id).standing(), Standing::DUE);
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::DUE);
  EXPECT_EQ(At("QT/central/o-0001", id).due_at_ms(), At("QM/central/o-0001", id).due_at_ms());

  sim.world.clock.Advance(absl::Hours(23));
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Settle();
  for (const char* officer : {"QM/central/o-0001", "QT/central/o-0001"}) {
    EXPECT_EQ(At(officer, id).standing(), Standing::CONFIRMED);
    EXPECT_EQ(At(officer, id).officer(), "QM/central/o-0003");
  }
  EXPECT_EQ(CountOf(sim.Ledger("QM"), Kind::CONFIRMATION), 1u);
  EXPECT_EQ(CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_NOTED), 1u);
  desk::VerifiedMessage read = ReadAtPeer(Value(sim.Fetch("QT/central/o-0001", id)));
  EXPECT_TRUE(desk::AllOk(read.checks)) << desk::ReportText(read.checks);
  EXPECT_EQ(read.confirmation.standing(), Standing::CONFIRMED);
  EXPECT_EQ(read.confirmation.officer(), "QM/central/o-0003");
  // Nothing is missing when the time is over.
  Tick(absl::Hours(2));
  EXPECT_EQ(CountOf(sim.Ledger("QM"), Kind::CONFIRMATION_MISSING, v1::Reason::CONFIRMATION_MISSING),
            0u);
  EXPECT_EQ(CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_MISSING, v1::Reason::CONFIRMATION_MISSING),
            0u);
}

TEST_F(ConfirmationTest, WhoDraftedOrApprovedDoesNotConfirm) {
  // The drafter is an approver, too; o-0003 is the same person as o-0002 in another office.
  Change([](v1::Directory* d) { d->mutable_officers(0)->add_roles(v1::Role::APPROVER); });
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  EXPECT_EQ(CodeFor("QM/central/o-0001", envelope, id), "SAME_OFFICER");
  EXPECT_EQ(CodeFor("QM/central/o-0002", envelope, id), "SAME_OFFICER");
  EXPECT_EQ(CodeFor("QM/central/o-0004", envelope, id), "WRONG_ROLE");  // the auditor
  std::string person = sim.world.Directory("QM")->FindOfficer("QM/central/o-0002")->person();
  Change([&](v1::Directory* d) {
    for (auto& officer : *d->mutable_officers()) {
      if (officer.id() == "QM/central/o-0003") officer.set_person(person);
    }
  });
  EXPECT_EQ(CodeFor("QM/central/o-0003", envelope, id), "SAME_PERSON");
  // Of another state: not even a caller here.
  EXPECT_EQ(CodeFor("QT/central/o-0002", envelope, id), "UNKNOWN_OFFICER");
  EXPECT_EQ(At("QM/central/o-0001", id).standing(), Standing::DUE);
  EXPECT_EQ(CountOf(sim.Ledger("QM"), Kind::CONFIRMATION), 0u);
}

TEST_F(ConfirmationTest, AnOfficerWhoLeftDoesNotConfirm) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  Change([](v1::Directory* d) {
    auto* officers = d->mutable_officers();
    for (int i = 0; i < officers->size(); ++i) {
      if (officers->Get(i).id() == "QM/central/o-0003") officers->DeleteSubrange(i--, 1);
    }
  });
  EXPECT_EQ(CodeFor("QM/central/o-0003", envelope, id), "UNKNOWN_OFFICER");
}

TEST_F(ConfirmationTest, AnotherSignatureThanAConfirmationIsRefused) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  const std::string second = "QM/central/o-0003";
  auto code = [&](v1::OfficerSignature signature) {
    return CodeOf(Confirm(second, id, signature).status());
  };
  EXPECT_EQ(code(sim.world.Sign(envelope, second, v1::SignaturePurpose::APPROVE)), "BAD_SIGNATURE");
  v1::OfficerSignature renamed = sim.world.Sign(envelope, second, v1::SignaturePurpose::APPROVE);
  renamed.set_purpose(kConfirm);
  EXPECT_EQ(code(renamed), "BAD_SIGNATURE");
  EXPECT_EQ(code(sim.world.Sign(Emergency(), second, kConfirm)), "BAD_SIGNATURE");
  EXPECT_EQ(code(sim.world.Sign(envelope, "QM/central/o-0002", kConfirm)), "WRONG_SENDER");
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  EXPECT_EQ(CodeFor(second, envelope, id), "ALREADY_SIGNED");
}

TEST_F(ConfirmationTest, WithoutAnEmergencyOrWithAllApprovalsNothingIsDue) {
  v1::Envelope routine = sim.world.MakeEnvelope({});
  std::string id = sim.Send(routine);
  EXPECT_EQ(CodeFor("QM/central/o-0003", routine, id), "NO_CONFIRMATION_DUE");
  EXPECT_FALSE(Value(sim.Explain("QM/central/o-0001", id)).has_confirmation());
  EXPECT_EQ(CodeFor("QM/central/o-0003", routine, std::string(32, 'x')), "UNKNOWN_MESSAGE");
}

TEST_F(ConfirmationTest, WhatIsMissingIsEnteredAtBothNodesAndALateOneStaysLate) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  sim.Settle();
  Tick(absl::Hours(24) - absl::Seconds(1));
  EXPECT_EQ(At("QM/central/o-0001", id).standing(), Standing::DUE);
  Tick(absl::Seconds(2));
  // A confirmation in time may still be on its way to the peer.
  EXPECT_EQ(At("QM/central/o-0001", id).standing(), Standing::MISSING);
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::DUE);
  Tick(absl::Milliseconds(limits::kConfirmationNoticeMillis));
  for (const char* state : {"QM", "QT"}) {
    EXPECT_EQ(
        CountOf(sim.Ledger(state), Kind::CONFIRMATION_MISSING, v1::Reason::CONFIRMATION_MISSING),
        1u)
        << state;
    EXPECT_EQ(sim.node(state).Stats().confirmations_missing, 1u);
    EXPECT_EQ(At(Cat({state, "/central/o-0001"}), id).standing(), Standing::MISSING);
  }
  // Only once, and the auditors are told.
  Tick(absl::Hours(1));
  EXPECT_EQ(CountOf(sim.Ledger("QM"), Kind::CONFIRMATION_MISSING, v1::Reason::CONFIRMATION_MISSING),
            1u);
  // The message still stands, and the second may still confirm; everybody sees that it was late.
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Settle();
  EXPECT_EQ(At("QM/central/o-0001", id).standing(), Standing::LATE);
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::LATE);
  EXPECT_EQ(CountOf(sim.Ledger("QM"), Kind::CONFIRMATION, v1::Reason::CONFIRMATION_LATE), 1u);
  EXPECT_EQ(CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_NOTED, v1::Reason::CONFIRMATION_LATE), 1u);
  EXPECT_TRUE(desk::AllOk(ReadAtPeer(Value(sim.Fetch("QT/central/o-0001", id))).checks));
}

TEST_F(ConfirmationTest, ItComesAfterItsMessageWhenThePeerWasAwayAndSurvivesACrash) {
  sim.Disconnect("QM", "QT");
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Crash("QM");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::CONFIRMED);
  EXPECT_EQ(CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_NOTED), 1u);
  sim.Crash("QT");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::CONFIRMED);
}

TEST_F(ConfirmationTest, TheConfirmingOfficerMayLeaveAfterwards) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Settle();
  Change([](v1::Directory* d) {
    auto* officers = d->mutable_officers();
    for (int i = 0; i < officers->size(); ++i) {
      if (officers->Get(i).id() == "QM/central/o-0003") officers->DeleteSubrange(i--, 1);
    }
  });
  sim.ExchangeDocuments();
  desk::VerifiedMessage read = ReadAtPeer(Value(sim.Fetch("QT/central/o-0001", id)));
  EXPECT_TRUE(desk::AllOk(read.checks)) << desk::ReportText(read.checks);
}

TEST_F(ConfirmationTest, ADeskDoesNotBelieveItsNodeThatSomebodyConfirmed) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  sim.Settle();
  v1::FetchMessageResponse message = Value(sim.Fetch("QT/central/o-0001", id));
  ASSERT_TRUE(desk::AllOk(ReadAtPeer(message).checks));
  v1::FetchMessageResponse lie = message;
  lie.mutable_confirmation()->set_standing(Standing::CONFIRMED);
  EXPECT_EQ(CodeOf(desk::FirstFailure(ReadAtPeer(lie).checks)), "BAD_RECEIPT");
  // Nor a signature of somebody else in place of the one that was entered.
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Settle();
  lie = Value(sim.Fetch("QT/central/o-0001", id));
  for (auto& stored : *lie.mutable_receipts()) {
    if (!stored.has_confirmation()) continue;
    *stored.mutable_confirmation() = sim.world.Sign(envelope, "QM/central/o-0002", kConfirm);
  }
  EXPECT_EQ(CodeOf(desk::FirstFailure(ReadAtPeer(lie).checks)), "BAD_RECEIPT");
}

TEST_F(ConfirmationTest, ADeskTellsWhoConfirmedAndWhenByTheProofAlone) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  sim.Settle();
  Tick(absl::Hours(26));
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.Settle();
  v1::FetchMessageResponse lie = Value(sim.Fetch("QT/central/o-0001", id));
  lie.mutable_confirmation()->set_standing(Standing::CONFIRMED);
  lie.mutable_confirmation()->set_officer("QM/central/o-0001");
  lie.mutable_confirmation()->set_due_at_ms(ToMillis(absl::InfiniteFuture()));
  v1::ConfirmationStatus told = ReadAtPeer(lie).confirmation;
  EXPECT_EQ(told.standing(), Standing::LATE);
  EXPECT_EQ(told.officer(), "QM/central/o-0003");
  // A node that says nothing of it does not make it vanish.
  lie.clear_confirmation();
  for (int i = lie.receipts_size() - 1; i >= 0; --i) {
    if (lie.receipts(i).has_confirmation()) lie.mutable_receipts()->DeleteSubrange(i, 1);
  }
  desk::VerifiedMessage read = ReadAtPeer(lie);
  EXPECT_TRUE(desk::AllOk(read.checks)) << desk::ReportText(read.checks);
  EXPECT_EQ(read.confirmation.standing(), Standing::MISSING);
}

TEST_F(ConfirmationTest, WhatCountedAsExpiredAndWasDeliveredGetsItsConfirmation) {
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  spec.life = absl::Hours(1);
  v1::Envelope envelope = sim.world.MakeEnvelope(spec);
  std::string id = Send(envelope);
  while (CountOf(sim.Ledger("QT"), Kind::DELIVERY) == 0 && sim.Step()) {
  }
  sim.Disconnect("QM", "QT");  // before the answer is back
  Tick(absl::Hours(2));
  ASSERT_EQ(Value(sim.Explain("QM/central/o-0001", id)).recipients(0).outcome(),
            v1::Outcome::EXPIRED_UNCONFIRMED);
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(Value(sim.Explain("QM/central/o-0001", id)).recipients(0).outcome(),
            v1::Outcome::ACCEPTED);
  Tick(absl::Seconds(1));
  sim.Settle();
  EXPECT_EQ(At("QT/central/o-0001", id).standing(), Standing::CONFIRMED);
}

TEST_F(ConfirmationTest, EachAuthorityListsItsOwnUntilTheyAreConfirmed) {
  v1::Envelope envelope = Emergency();
  std::string id = Send(envelope);
  sim.Settle();
  auto listed = [&](const std::string& officer) {
    std::optional<absl::StatusOr<v1::ListPendingResponse>> result;
    sim.node(officer.substr(0, 2)).ListPending(sim.CallerOf(officer), {}, [&](auto answer) {
      result = std::move(answer);
    });
    return Value(*std::move(result)).confirmations();
  };
  ASSERT_EQ(listed("QM/central/o-0003").size(), 1);
  EXPECT_EQ(listed("QM/central/o-0003")[0].message_id(), id);
  EXPECT_EQ(listed("QM/central/o-0003")[0].header(), envelope.header());
  EXPECT_EQ(listed("QT/central/o-0003").size(), 0);
  Tick(absl::Hours(25));  // what is missing may still be confirmed
  EXPECT_EQ(listed("QM/central/o-0003")[0].status().standing(), Standing::MISSING);
  ASSERT_TRUE(ConfirmBySecond(envelope, id).ok());
  EXPECT_EQ(listed("QM/central/o-0003").size(), 0);
}

// ---- QM's node lies

class ForgedConfirmationTest : public ::testing::Test {
 protected:
  ForgedConfirmationTest() {
    peer.Meet();
    peer.Publish(AllowOneInAnEmergency);
    EnvelopeSpec spec;
    spec.urgency = v1::Urgency::EMERGENCY_LIFE;
    envelope = sim.world.MakeEnvelope(spec);
    std::optional<v1::Record> answer = peer.Send(peer.Submit(envelope, Signatures()));
    EXPECT_TRUE(answer.has_value() && answer->outcome() == v1::Outcome::ACCEPTED);
    id = answer.has_value() ? answer->message_id() : "";
  }
  std::vector<v1::OfficerSignature> Signatures() {
    return {sim.world.Sign(envelope, "QM/central/o-0001", v1::SignaturePurpose::DRAFT),
            sim.world.Sign(envelope, "QM/central/o-0002", v1::SignaturePurpose::APPROVE)};
  }
  v1::PeerItem Notice(const v1::OfficerSignature& confirmation,
                      const std::function<void(v1::Record*)>& mutator = nullptr) {
    v1::Record record;
    record.set_format(1);
    record.set_kind(Kind::CONFIRMATION);
    record.set_at_ms(ToMillis(sim.world.clock.Now()));
    record.set_state("QM");
    record.set_message_id(id);
    record.set_actor(confirmation.officer());
    record.set_outcome(v1::Outcome::ACCEPTED);
    *record.mutable_directory() = sim.world.Directory("QM")->Reference();
    record.set_evidence_sha256(
        std::string(AsView(crypto::Sha256(trust::StrictSerialize(confirmation)))));
    if (mutator) mutator(&record);
    v1::PeerItem item;
    item.mutable_notice()->set_message_id(id);
    *item.mutable_notice()->mutable_confirmation() = confirmation;
    *item.mutable_notice()->mutable_receipt() = peer.ReceiptOf(peer.Enter(record));
    return item;
  }
  // Entered as a fault of QM with this code; the duty stays.
  void ExpectFault(const v1::PeerItem& item, const std::string& code) {
    std::optional<v1::Record> answer = peer.Send(item);
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->kind(), Kind::PEER_FAULT);
    EXPECT_EQ(v1::Reason::Code_Name(answer->reason()), code);
    EXPECT_EQ(Standing(), v1::ConfirmationStanding::DUE);
  }
  v1::ConfirmationStanding::Code Standing() {
    return Value(sim.Explain("QT/central/o-0001", id)).confirmation().standing();
  }
  v1::OfficerSignature Sign(const std::string& name) {
    return sim.world.Sign(envelope, "QM/central/" + name, kConfirm);
  }

  Simulation sim;
  HostilePeer peer{sim, "QM", "QT"};
  v1::Envelope envelope;
  std::string id;
};

TEST_F(ForgedConfirmationTest, ThePeerTakesNoConfirmationThatItsOwnCheckDoesNotPass) {
  EXPECT_EQ(Standing(), v1::ConfirmationStanding::DUE);
  ExpectFault(Notice(Sign("o-0001")), "WRONG_ROLE");
  ExpectFault(Notice(Sign("o-0002")), "SAME_OFFICER");
  ExpectFault(Notice(Sign("o-0004")), "WRONG_ROLE");
  v1::OfficerSignature forged = Sign("o-0003");
  forged.set_signature(std::string(64, '\1'));
  ExpectFault(Notice(forged), "BAD_SIGNATURE");
  v1::OfficerSignature nobody = Sign("o-0003");
  nobody.set_officer("QM/central/o-0099");
  ExpectFault(Notice(nobody), "UNKNOWN_OFFICER");
  v1::OfficerSignature approval =
      sim.world.Sign(envelope, "QM/central/o-0003", v1::SignaturePurpose::APPROVE);
  ExpectFault(Notice(approval), "BAD_SIGNATURE");
}

TEST_F(ForgedConfirmationTest, ThePeerTakesNoEntryThatIsOfSomethingElse) {
  ExpectFault(
      Notice(Sign("o-0003"), [](v1::Record* r) { r->set_evidence_sha256(std::string(32, 'x')); }),
      "BAD_RECEIPT");
  ExpectFault(Notice(Sign("o-0003"), [](v1::Record* r) { r->set_actor("QM/central/o-0002"); }),
              "BAD_RECEIPT");
  ExpectFault(Notice(Sign("o-0003"), [](v1::Record* r) { r->set_kind(Kind::APPROVE); }),
              "BAD_RECEIPT");
  ExpectFault(Notice(Sign("o-0003"), [](v1::Record* r) { r->clear_directory(); }), "BAD_RECEIPT");
  ExpectFault(Notice(Sign("o-0003"), [](v1::Record* r) { r->set_outcome(v1::Outcome::REJECTED); }),
              "BAD_RECEIPT");
  // The honest one is taken, and only once.
  std::optional<v1::Record> answer = peer.Send(Notice(Sign("o-0003")));
  ASSERT_TRUE(answer.has_value()) << peer.closed();
  EXPECT_EQ(answer->kind(), Kind::CONFIRMATION_NOTED);
  EXPECT_EQ(Standing(), v1::ConfirmationStanding::CONFIRMED);
  peer.Send(Notice(Sign("o-0003")));
  EXPECT_EQ(CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_NOTED), 1u);
}

TEST_F(ForgedConfirmationTest, AnEntryBeforeTheMessageConfirmsNothing) {
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  envelope = sim.world.MakeEnvelope(spec);
  id = std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id));
  v1::PeerItem early = Notice(Sign("o-0003"));
  peer.Send(peer.Submit(envelope, Signatures()));
  ASSERT_EQ(Standing(), v1::ConfirmationStanding::DUE);
  early.mutable_notice()->mutable_receipt()->CopyFrom(
      peer.ReceiptOf(early.notice().receipt().index()));
  ExpectFault(early, "BAD_RECEIPT");
  // Nor does a desk take it from a node that let it in.
  sim.world.clock.Advance(absl::Minutes(1));
  peer.Send(Notice(Sign("o-0003")));
  v1::FetchMessageResponse message = Value(sim.Fetch("QT/central/o-0001", id));
  EXPECT_TRUE(desk::AllOk(desk::VerifyMessage(message, *sim.world.View(), "QT").checks));
  for (auto& stored : *message.mutable_receipts()) {
    if (stored.has_confirmation()) *stored.mutable_receipt() = early.notice().receipt();
  }
  EXPECT_EQ(
      CodeOf(desk::FirstFailure(desk::VerifyMessage(message, *sim.world.View(), "QT").checks)),
      "BAD_RECEIPT");
}

TEST_F(ForgedConfirmationTest, WhatComesLateWithItsMessageIsNotCalledMissing) {
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  envelope = sim.world.MakeEnvelope(spec);
  sim.world.clock.Advance(absl::Hours(30));
  int64_t then_ms = ToMillis(sim.world.clock.Now() - absl::Hours(30));
  std::optional<v1::Record> answer =
      peer.Send(peer.Submit(envelope, Signatures(), [&](v1::Record* r) { r->set_at_ms(then_ms); }));
  ASSERT_TRUE(answer.has_value() && answer->outcome() == v1::Outcome::ACCEPTED);
  id = answer->message_id();
  auto tick = [&](absl::Duration later) {
    sim.world.clock.Advance(later);
    sim.node("QT").Tick();
    while (sim.node("QT").RunOnce() > 0) {
    }
    return CountOf(sim.Ledger("QT"), Kind::CONFIRMATION_MISSING, v1::Reason::CONFIRMATION_MISSING);
  };
  // Two emergencies of QM are open here: the first one, 30 hours old, and this one.
  EXPECT_EQ(tick(absl::Seconds(1)), 1u);
  peer.Send(Notice(Sign("o-0003"), [&](v1::Record* r) { r->set_at_ms(then_ms + 3600 * 1000); }));
  EXPECT_EQ(Standing(), v1::ConfirmationStanding::CONFIRMED);
  EXPECT_EQ(tick(absl::Hours(2)), 1u);
}

TEST_F(ForgedConfirmationTest, ASubmissionDatedAheadGetsNoMoreTime) {
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  envelope = sim.world.MakeEnvelope(spec);
  int64_t now_ms = ToMillis(sim.world.clock.Now());
  std::optional<v1::Record> answer = peer.Send(peer.Submit(
      envelope, Signatures(), [&](v1::Record* r) { r->set_at_ms(now_ms + 3 * 24 * 3600 * 1000); }));
  ASSERT_TRUE(answer.has_value() && answer->outcome() == v1::Outcome::ACCEPTED);
  EXPECT_LE(
      Value(sim.Explain("QT/central/o-0001", answer->message_id())).confirmation().due_at_ms(),
      ToMillis(sim.world.clock.Now()) + limits::kConfirmationMillis);
}

}  // namespace
}  // namespace palermo::testing
