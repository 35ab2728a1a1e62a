// Officers who come and go, keys that are renewed and destroyed, access in an emergency: what the
// nodes let through, refuse and enter.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "node/trust/grant.h"
#include "node/trust/strict.h"
#include "tests/simulation/officers_fixture.h"

namespace palermo::testing {
namespace {

TEST_F(OfficersTest, ARemovedOfficerIsRefusedAtOnceAndEnteredUnderHisName) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  Value(sim.Fetch(Id(kDrafter), id));
  Value(sim.Publish("QM", Without(kDrafter)));
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kDrafter), id).status()), "UNKNOWN_OFFICER");
  EXPECT_EQ(CodeOf(Grants(Id(kDrafter)).status()), "UNKNOWN_OFFICER");
  EXPECT_GE(Count(sim.Ledger("QM"), v1::RecordKind::REFUSED_CALL, Id(kDrafter)), 1u);
}

TEST_F(OfficersTest, AFetchThatWasQueuedWhenTheDirectoryCameIsRefusedToo) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  v1::PublishRequest publish;
  *publish.mutable_directory() = Without(kDrafter);
  sim.node("QM").Publish({}, publish, [](auto) {});
  v1::FetchMessageRequest fetch;
  fetch.set_message_id(id);
  absl::Status status;
  sim.node("QM").FetchMessage(sim.CallerOf(Id(kDrafter)), fetch,
                              [&](auto answer) { status = answer.status(); });
  sim.node("QM").RunOnce();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_OFFICER");
}

TEST_F(OfficersTest, AMandateEndsByItself) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(0)->set_valid_to_ms(ToMillis(sim.world.clock.Now()) + 1000);
  })));
  EXPECT_TRUE(sim.Fetch(Id(kDrafter), id).ok());
  sim.world.clock.Advance(absl::Seconds(1));
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kDrafter), id).status()), "OFFICER_NOT_IN_FORCE");
}

TEST_F(OfficersTest, AFetchThatWasQueuedWhenTheMandateEndedIsRefusedToo) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(0)->set_valid_to_ms(ToMillis(sim.world.clock.Now()) + 1000);
  })));
  v1::FetchMessageRequest fetch;
  fetch.set_message_id(id);
  absl::Status status;
  sim.node("QM").FetchMessage(sim.CallerOf(Id(kDrafter)), fetch,
                              [&](auto answer) { status = answer.status(); });
  sim.world.clock.Advance(absl::Seconds(1));
  sim.node("QM").RunOnce();
  EXPECT_EQ(CodeOf(status), "OFFICER_NOT_IN_FORCE");
}

// A name that is none ends no node: an administrator may ask for any authority of his state.
TEST_F(OfficersTest, TheKeysOfWhatIsNoAuthorityAreNotThere) {
  auto asked = [&](const std::string& authority) {
    v1::GetKeyStatusRequest request;
    request.set_authority(authority);
    return CodeOf(Run<v1::GetKeyStatusResponse>([&](auto reply) {
                    sim.node("QM").GetKeyStatus(sim.CallerOf(Id(kAdministrator)), request, reply);
                  }).status());
  };
  for (const char* authority : {"", "x", "QM", "QM/", "QM/Central", "QM/police"}) {
    EXPECT_EQ(asked(authority), "UNKNOWN_RECIPIENT") << authority;
  }
  EXPECT_EQ(asked("QT/central"), "WRONG_ROLE");
  EXPECT_EQ(asked(kCentral), "OK");
}

TEST_F(OfficersTest, GrantsOfWhoLeftAreDeletedAndTheOthersStay) {
  ASSERT_EQ(CodeOf(GrantToAll(sim.world.state("QM").sealing, 1)), "OK");
  EXPECT_EQ(Value(Grants(Id(kApprover2))).grants_size(), 3);
  Value(sim.Publish("QM", Without(kApprover1)));
  EXPECT_EQ(Value(Grants(Id(kApprover2))).grants_size(), 2);  // his own, and recovery's
}

TEST_F(OfficersTest, OnlyWhoKeepsTheKeysGrants) {
  const auto& key = sim.world.state("QM").sealing;
  EXPECT_EQ(CodeOf(Put(Id(kDrafter), {Grant(Id(kDrafter), Id(kDrafter), key, 1)})), "WRONG_ROLE");
  EXPECT_EQ(CodeOf(Put(Id(kAuditor), {Grant(Id(kAuditor), Id(kDrafter), key, 1)})), "WRONG_ROLE");
}

TEST_F(OfficersTest, ADirectoryWithAKeyThatNobodyHoldsIsRefused) {
  crypto::SealingPrivateKey second = NewKey();
  v1::SignedDocument before = sim.world.state("QM").directory;
  v1::SignedDocument next = WithSecondKey(second);
  sim.world.state("QM").directory = before;
  EXPECT_EQ(CodeOf(sim.Publish("QM", next).status()), "TOO_FEW_GRANTS");
  ASSERT_EQ(CodeOf(Put(Id(kApprover1), {Grant(Id(kApprover1), Id(kApprover1), second, 2),
                                        Grant(Id(kApprover1), "recovery", second, 2)})),
            "OK");
  EXPECT_EQ(CodeOf(sim.Publish("QM", next).status()), "TOO_FEW_GRANTS");
  ASSERT_EQ(CodeOf(Put(Id(kApprover1), {Grant(Id(kApprover1), Id(kApprover2), second, 2)})), "OK");
  EXPECT_TRUE(sim.Publish("QM", next).ok());
}

TEST_F(OfficersTest, GrantsWithoutRecoveryAreNotEnough) {
  crypto::SealingPrivateKey second = NewKey();
  ASSERT_EQ(CodeOf(Put(Id(kApprover1), {Grant(Id(kApprover1), Id(kApprover1), second, 2),
                                        Grant(Id(kApprover1), Id(kApprover2), second, 2)})),
            "OK");
  EXPECT_EQ(CodeOf(sim.Publish("QM", WithSecondKey(second)).status()), "TOO_FEW_GRANTS");
}

TEST_F(OfficersTest, BreakGlassLetsOneOfficerFetchForItsTimeAndEachUseIsEntered) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kAdministrator), id).status()), "WRONG_ROLE");
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), BreakGlass(Id(kAdministrator)))), "OK");
  EXPECT_TRUE(sim.Fetch(Id(kAdministrator), id).ok());
  EXPECT_TRUE(sim.Fetch(Id(kAdministrator), id).ok());
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::BREAK_GLASS), 1u);
  EXPECT_EQ(Count(ledger, v1::RecordKind::BREAK_GLASS_USED, Id(kAdministrator)), 2u);
  // It gives nobody else anything, and nothing but reading.
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kAuditor), id).status()), "WRONG_ROLE");
  v1::Envelope draft = sim.world.MakeEnvelope({});
  EXPECT_EQ(CodeOf(sim.Submit(draft, Id(kAdministrator)).status()), "WRONG_ROLE");
  sim.world.clock.Advance(absl::Hours(24));
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kAdministrator), id).status()), "WRONG_ROLE");
}

TEST_F(OfficersTest, BreakGlassIsBroughtByASignerAndOnce) {
  v1::SignedStatement statement = BreakGlass(Id(kAdministrator));
  EXPECT_EQ(CodeOf(Enter(Id(kAdministrator), statement)), "WRONG_SENDER");
  EXPECT_EQ(CodeOf(Enter(Id(kApprover1), statement)), "OK");
  EXPECT_EQ(CodeOf(Enter(Id(kApprover2), statement)), "ALREADY_SIGNED");
}

TEST_F(OfficersTest, TheAuditorIsToldOfBreakGlassUntilHeAcknowledges) {
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), BreakGlass(Id(kAdministrator)))), "OK");
  v1::ListNoticesResponse notices = Notices();
  ASSERT_EQ(notices.notices_size(), 1);
  EXPECT_EQ(Notices().notices_size(), 1);
  v1::AcknowledgeNoticeRequest request;
  request.set_index(notices.notices(0).index());
  auto acknowledge = [&](const char* who) {
    return CodeOf(Run<v1::AcknowledgeNoticeResponse>([&](auto reply) {
                    sim.node("QM").AcknowledgeNotice(sim.CallerOf(Id(who)), request, reply);
                  }).status());
  };
  EXPECT_EQ(acknowledge(kApprover1), "WRONG_ROLE");
  EXPECT_EQ(acknowledge(kAuditor), "OK");
  EXPECT_EQ(acknowledge(kAuditor), "UNKNOWN_NOTICE");
  EXPECT_EQ(Notices().notices_size(), 0);
  EXPECT_EQ(Count(sim.Ledger("QM"), v1::RecordKind::NOTICE_ACKNOWLEDGED), 1u);
}

TEST_F(OfficersTest, WhoHasAccessByBreakGlassOrSignedItDoesNotAcknowledgeIt) {
  // Everybody here is an auditor, too; the administrator is the drafter's other office.
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    for (auto& officer : *d->mutable_officers()) officer.add_roles(v1::Role::AUDITOR);
    auto* auditor = d->mutable_officers(3);
    auditor->clear_roles();
    auditor->add_roles(v1::Role::AUDITOR);
    d->mutable_officers(4)->set_person(d->officers(0).person());
  })));
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), BreakGlass(Id(kAdministrator)))), "OK");
  v1::AcknowledgeNoticeRequest request;
  request.set_index(Notices().notices(0).index());
  auto acknowledge = [&](const char* who) {
    return CodeOf(Run<v1::AcknowledgeNoticeResponse>([&](auto reply) {
                    sim.node("QM").AcknowledgeNotice(sim.CallerOf(Id(who)), request, reply);
                  }).status());
  };
  EXPECT_EQ(acknowledge(kAdministrator), "SAME_OFFICER");
  EXPECT_EQ(acknowledge(kApprover1), "SAME_OFFICER");
  EXPECT_EQ(acknowledge(kApprover2), "SAME_OFFICER");
  EXPECT_EQ(acknowledge(kDrafter), "SAME_PERSON");
  EXPECT_EQ(acknowledge(kAuditor), "OK");
}

TEST_F(OfficersTest, BreakGlassEndsEarlyByASignerOrTheAuditor) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  v1::SignedStatement statement = BreakGlass(Id(kAdministrator));
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), statement)), "OK");
  v1::EndBreakGlassRequest request;
  request.set_sha256(std::string(AsView(crypto::Sha256(statement.statement()))));
  auto end = [&](const char* who) {
    return CodeOf(Run<v1::EndBreakGlassResponse>([&](auto reply) {
                    sim.node("QM").EndBreakGlass(sim.CallerOf(Id(who)), request, reply);
                  }).status());
  };
  EXPECT_EQ(end(kDrafter), "WRONG_ROLE");
  EXPECT_EQ(end(kAuditor), "OK");
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kAdministrator), id).status()), "WRONG_ROLE");
  EXPECT_EQ(end(kAuditor), "NO_BREAK_GLASS");
}

TEST_F(OfficersTest, AGrantByBreakGlassIsServedWhileItIsInForceOnly) {
  v1::SignedStatement statement = BreakGlass(Id(kAuditor));
  std::string sha256(AsView(crypto::Sha256(statement.statement())));
  v1::Grant grant = Grant(Id(kApprover1), Id(kAuditor), sim.world.state("QM").sealing, 1, sha256);
  EXPECT_EQ(CodeOf(Put(Id(kApprover1), {grant})), "NO_BREAK_GLASS");
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), statement)), "OK");
  ASSERT_EQ(CodeOf(Put(Id(kApprover1), {grant})), "OK");
  EXPECT_EQ(Value(Grants(Id(kAuditor))).grants_size(), 1);
  sim.world.clock.Advance(absl::Hours(24));
  EXPECT_EQ(Value(Grants(Id(kAuditor))).grants_size(), 0);
}

TEST_F(OfficersTest, AKeyIsDestroyedOnlyWhenNothingHangsOnItAndItTakesNoMore) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  crypto::SealingPrivateKey second = NewKey();
  ASSERT_EQ(CodeOf(GrantToAll(sim.world.state("QM").sealing, 1)), "OK");
  ASSERT_EQ(CodeOf(GrantToAll(second, 2)), "OK");
  Value(sim.Publish("QM", WithSecondKey(second)));
  EXPECT_EQ(CodeOf(Destroy(false)), "NOT_REWRAPPED");
  ASSERT_EQ(CodeOf(Rewrap(id, second)), "OK");
  EXPECT_EQ(CodeOf(Destroy(false)), "KEY_IN_USE");
  sim.world.clock.Advance(absl::Hours(24 * 30) + absl::Seconds(1));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  EXPECT_EQ(Value(sim.Fetch(Id(kDrafter), id)).rewraps_size(), 1);
  ASSERT_EQ(CodeOf(Destroy(false)), "OK");
  EXPECT_EQ(Value(Grants(Id(kApprover1))).grants_size(), 3);  // of version 2
  EXPECT_EQ(CodeOf(GrantToAll(sim.world.state("QM").sealing, 1)), "KEY_DESTROYED");
  EXPECT_EQ(CodeOf(Destroy(false)), "KEY_DESTROYED");
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::REWRAP, Id(kDrafter)), 1u);
  EXPECT_EQ(Count(ledger, v1::RecordKind::KEY_DESTROYED), 1u);
  EXPECT_EQ(Notices().notices_size(), 0);
}

TEST_F(OfficersTest, AForcedDestructionIsToldToTheAuditor) {
  Meet();
  sim.Send(sim.world.MakeEnvelope({}));
  // Not the version that everybody seals to.
  EXPECT_EQ(CodeOf(Destroy(true)), "KEY_IN_USE");
  crypto::SealingPrivateKey second = NewKey();
  ASSERT_EQ(CodeOf(GrantToAll(second, 2)), "OK");
  Value(sim.Publish("QM", WithSecondKey(second)));
  EXPECT_EQ(CodeOf(Destroy(true)), "OK");
  EXPECT_EQ(Notices().notices_size(), 1);
}

TEST_F(OfficersTest, WhatIsSealedToAKeyThatIsOutOfItsWindowForThirtyDaysIsStale) {
  Meet();
  crypto::SealingPrivateKey second = NewKey();
  ASSERT_EQ(CodeOf(GrantToAll(second, 2)), "OK");
  v1::SignedDocument next = WithSecondKey(second);
  Value(sim.Publish("QM", next));
  // A desk that goes on with version 1; the node sees the key id only.
  auto with_old_key = [&] {
    v1::Envelope envelope = sim.world.MakeEnvelope({});
    v1::Stanzas stanzas;
    EXPECT_TRUE(stanzas.ParseFromString(envelope.stanzas()));
    for (auto& stanza : *stanzas.mutable_stanzas()) {
      if (stanza.authority() != kCentral) continue;
      stanza.set_key_id(crypto::SealingKeyId(sim.world.state("QM").sealing.PublicKey()));
    }
    envelope.set_stanzas(trust::StrictSerialize(stanzas));
    return envelope;
  };
  EXPECT_TRUE(sim.Submit(with_old_key(), Id(kDrafter)).ok());
  sim.world.clock.Advance(absl::Hours(24 * 30) + absl::Seconds(1));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  DieUnlessOk(sim.Publish("QT", sim.world.NextDirectory("QT", nullptr)).status(), "QT");
  sim.ExchangeDocuments();
  EXPECT_EQ(CodeOf(sim.Submit(with_old_key(), Id(kDrafter)).status()), "STALE_KEY");
}

TEST_F(OfficersTest, ARetrievalByAnOfficerWhoLeftBeforeItArrivedStands) {
  Meet();
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  sim.Disconnect("QT", "QM");
  Value(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED));
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", [](v1::Directory* d) {
    d->mutable_officers()->DeleteSubrange(0, 1);
  })));
  sim.ExchangeDocuments();
  sim.ConnectAll();
  sim.Settle();
  v1::ExplainResponse told = Value(sim.Explain(Id(kDrafter), id));
  EXPECT_EQ(told.recipients(0).stage(), "OPENED");
  EXPECT_EQ(Count(sim.Ledger("QM"), v1::RecordKind::PEER_FAULT), 0u);
  v1::FetchMessageResponse message = Value(sim.Fetch(Id(kDrafter), id));
  EXPECT_EQ(message.retrieval_directories_size(), 1);
}

}  // namespace
}  // namespace palermo::testing
