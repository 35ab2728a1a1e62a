// Between a call and its decision: a role ends, an officer leaves, a key is destroyed. The decision
// goes by what is true when it is made.
#include <gtest/gtest.h>

#include "tests/simulation/officers_fixture.h"

namespace palermo::testing {
namespace {

using Role = v1::Role;

constexpr char kAdministrator[] = "o-0005";

class RevokedTest : public OfficersTest {
 protected:
  // The call is made while the officer has his role. The directory that gives him another one is
  // decided before it, in the same batch.
  template <typename Response, typename Call>
  std::string CallWhileRevoked(const char* name, Role::Code other, Call call) {
    v1::PublishRequest request;
    *request.mutable_directory() = sim.world.NextDirectory("QM", [&](v1::Directory* d) {
      for (auto& officer : *d->mutable_officers()) {
        if (officer.id() != Id(name)) continue;
        officer.clear_roles();
        officer.add_roles(other);
      }
    });
    std::optional<absl::Status> published;
    sim.node("QM").Publish({}, request, [&](auto response) { published = response.status(); });
    std::string code = CodeOf(Run<Response>(call).status());
    EXPECT_TRUE(published.has_value() && published->ok());
    // The refusal is entered under the officer's name, in the same batch.
    EXPECT_EQ(Count(LedgerAsCustodian(), v1::RecordKind::REFUSED_CALL, Id(name)), 1u);
    return code;
  }
  // Read by a second auditor, whom no test revokes.
  std::vector<v1::Record> LedgerAsCustodian() {
    std::vector<v1::Record> records;
    v1::AuditListRequest request;
    auto response = Value(Run<v1::AuditListResponse>([&](auto reply) {
      sim.node("QM").AuditList(sim.CallerOf("QM/central/o-0006"), request, reply);
    }));
    for (const auto& entry : response.entries()) {
      records.push_back(Value(trust::ParseRecord(entry.record())));
    }
    return records;
  }
  void SetUp() override {
    OfficerWorld& officer = sim.world.AddOfficer("QM/central/o-0006");
    Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
      *d->add_officers() = OfficerEntryFor(officer, Role::AUDITOR, sim.world.clock.Now());
    })));
    Meet();
  }
};

TEST_F(RevokedTest, AnAuditorsListIsNotGivenToOneWhoIsNoneAnyMore) {
  EXPECT_EQ(
      CallWhileRevoked<v1::AuditListResponse>(
          kAuditor, Role::ADMINISTRATOR,
          [&](auto reply) { sim.node("QM").AuditList(sim.CallerOf(Id(kAuditor)), {}, reply); }),
      "WRONG_ROLE");
  EXPECT_EQ(Count(LedgerAsCustodian(), v1::RecordKind::AUDIT_READ, Id(kAuditor)), 0u);
}

TEST_F(RevokedTest, NoticesAreNotShownToOneWhoIsNoAuditorAnyMore) {
  EXPECT_EQ(
      CallWhileRevoked<v1::ListNoticesResponse>(
          kAuditor, Role::ADMINISTRATOR,
          [&](auto reply) { sim.node("QM").ListNotices(sim.CallerOf(Id(kAuditor)), {}, reply); }),
      "WRONG_ROLE");
}

TEST_F(RevokedTest, ANoticeIsNotAcknowledgedByOneWhoIsNoAuditorAnyMore) {
  ASSERT_EQ(CodeOf(Enter(Id(kApprover1), BreakGlass(Id(kAuditor)))), "OK");
  v1::AcknowledgeNoticeRequest request;
  request.set_index(Notices().notices(0).index());
  EXPECT_EQ(CallWhileRevoked<v1::AcknowledgeNoticeResponse>(
                kAuditor, Role::ADMINISTRATOR,
                [&](auto reply) {
                  sim.node("QM").AcknowledgeNotice(sim.CallerOf(Id(kAuditor)), request, reply);
                }),
            "WRONG_ROLE");
  EXPECT_EQ(Count(LedgerAsCustodian(), v1::RecordKind::NOTICE_ACKNOWLEDGED), 0u);
}

TEST_F(RevokedTest, AMessageIsNotExplainedToOneWhoIsNoAuditorAnyMore) {
  v1::ExplainRequest request;
  request.set_message_id(sim.Send(sim.world.MakeEnvelope({})));
  EXPECT_EQ(
      CallWhileRevoked<v1::ExplainResponse>(
          kAuditor, Role::ADMINISTRATOR,
          [&](auto reply) { sim.node("QM").Explain(sim.CallerOf(Id(kAuditor)), request, reply); }),
      "WRONG_ROLE");
}

// He may still see his own authority's messages, and the entry says that he did so as a drafter.
TEST_F(RevokedTest, AnAuditorWhoIsADrafterNowReadsAsOne) {
  v1::ExplainRequest request;
  request.set_message_id(sim.Send(sim.world.MakeEnvelope({})));
  v1::PublishRequest publish;
  *publish.mutable_directory() = sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    for (auto& officer : *d->mutable_officers()) {
      if (officer.id() == Id(kAuditor)) officer.set_roles(0, Role::DRAFTER);
    }
  });
  sim.node("QM").Publish({}, publish, [](const auto&) {});
  Value(Run<v1::ExplainResponse>(
      [&](auto reply) { sim.node("QM").Explain(sim.CallerOf(Id(kAuditor)), request, reply); }));
  EXPECT_EQ(Count(LedgerAsCustodian(), v1::RecordKind::AUDIT_READ, Id(kAuditor)), 0u);
  EXPECT_EQ(Count(LedgerAsCustodian(), v1::RecordKind::READ, Id(kAuditor)), 1u);
}

TEST_F(RevokedTest, ADraftIsNotDroppedByOneWhoMayNotAnyMore) {
  v1::Envelope envelope = sim.world.MakeEnvelope({});
  v1::DropDraftRequest request;
  request.set_message_id(Value(sim.Submit(envelope, Id(kDrafter))).message_id());
  EXPECT_EQ(CallWhileRevoked<v1::DropDraftResponse>(
                kDrafter, Role::ADMINISTRATOR,
                [&](auto reply) {
                  sim.node("QM").DropDraft(sim.CallerOf(Id(kDrafter)), request, reply);
                }),
            "WRONG_ROLE");
  EXPECT_EQ(sim.node("QM").Stats().pending_drafts, 1u);
}

TEST_F(RevokedTest, RootsAreNotConfirmedByOneWhoIsNoAdministratorAnyMore) {
  v1::ConfirmRootsRequest request;
  request.set_state("QT");
  request.set_fingerprint(std::string(32, 'f'));
  EXPECT_EQ(CallWhileRevoked<v1::ConfirmRootsResponse>(
                kAdministrator, Role::AUDITOR,
                [&](auto reply) {
                  sim.node("QM").ConfirmRoots(sim.CallerOf(Id(kAdministrator)), request, reply);
                }),
            "WRONG_ROLE");
}

TEST_F(RevokedTest, WhoLeftBetweenTheCallAndItsDecisionGetsNothing) {
  v1::PublishRequest publish;
  *publish.mutable_directory() = Without(kAuditor);
  sim.node("QM").Publish({}, publish, [](const auto&) {});
  EXPECT_EQ(CodeOf(Run<v1::AuditListResponse>([&](auto reply) {
                     sim.node("QM").AuditList(sim.CallerOf(Id(kAuditor)), {}, reply);
                   }).status()),
            "UNKNOWN_OFFICER");
}

TEST_F(RevokedTest, AKeyThatIsAnotherOfficersByNowGetsNothingUnderTheFirstOnesName) {
  v1::PublishRequest publish;
  *publish.mutable_directory() = sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    std::vector<v1::OfficerEntry*> auditors;
    for (auto& officer : *d->mutable_officers()) {
      if (officer.id() == Id(kAuditor) || officer.id() == Id("o-0006")) {
        auditors.push_back(&officer);
      }
    }
    ASSERT_EQ(auditors.size(), 2u);
    auditors[0]->mutable_tls_pins()->Swap(auditors[1]->mutable_tls_pins());
  });
  std::optional<absl::Status> published;
  sim.node("QM").Publish({}, publish, [&](auto response) { published = response.status(); });
  EXPECT_EQ(CodeOf(Run<v1::AuditListResponse>([&](auto reply) {
                     sim.node("QM").AuditList(sim.CallerOf(Id(kAuditor)), {}, reply);
                   }).status()),
            "UNKNOWN_OFFICER");
  ASSERT_TRUE(published.has_value() && published->ok());
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::AUDIT_READ, Id(kAuditor)), 0u);
  EXPECT_EQ(Count(ledger, v1::RecordKind::REFUSED_CALL, Id(kAuditor)), 1u);
}

// Versions 1 to 3 of QM/central's key, each window over when the next one begins.
class KeysTest : public OfficersTest {
 protected:
  KeysTest() {
    Meet();
    EXPECT_EQ(CodeOf(GrantToAll(second, 2)), "OK");
  }
  void PublishSecond() { Value(sim.Publish("QM", WithSecondKey(second))); }
  void PublishThird() {
    EXPECT_EQ(CodeOf(GrantToAll(third, 3)), "OK");
    int64_t now_ms = ToMillis(sim.world.clock.Now());
    Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
      auto* authority = d->mutable_authorities(0);
      v1::SealingKeyEntry next = authority->sealing_keys(1);
      next.set_version(3);
      next.set_public_key(third.PublicKey().bytes);
      next.set_key_id(crypto::SealingKeyId(third.PublicKey()));
      next.set_valid_from_ms(now_ms);
      authority->mutable_sealing_keys(1)->set_valid_to_ms(now_ms + 1);
      *authority->add_sealing_keys() = next;
    })));
  }
  v1::SignedStatement DestructionOf(const crypto::SealingPrivateKey& key, uint32_t version,
                                    const std::vector<const char*>& signers = {kApprover1,
                                                                               kApprover2}) {
    v1::KeyDestructionStatement body;
    body.set_format(1);
    body.set_authority(kCentral);
    body.set_key_version(version);
    body.set_key_id(crypto::SealingKeyId(key.PublicKey()));
    body.set_reason(v1::DestructionReason::ROTATION);
    body.set_at_ms(ToMillis(sim.world.clock.Now()));
    v1::SignedStatement statement;
    statement.set_statement(trust::StrictSerialize(body));
    for (const char* name : signers) {
      EXPECT_TRUE(trust::SignStatement(crypto::Purpose::kKeyDestruction, Id(name),
                                       sim.world.officer(Id(name)).sign, &statement)
                      .ok());
    }
    return statement;
  }
  void StartDestroying(const v1::SignedStatement& statement, std::string* code) {
    v1::DestroyKeyRequest request;
    *request.mutable_statement() = statement;
    sim.node("QM").DestroyKey(
        sim.CallerOf(Id(kApprover1)), request,
        [code](absl::StatusOr<v1::DestroyKeyResponse> r) { *code = CodeOf(r.status()); });
  }
  std::string DestroyAs(const char* name, const v1::SignedStatement& statement) {
    v1::DestroyKeyRequest request;
    *request.mutable_statement() = statement;
    return CodeOf(Run<v1::DestroyKeyResponse>([&](auto reply) {
                    sim.node("QM").DestroyKey(sim.CallerOf(Id(name)), request, reply);
                  }).status());
  }
  // As if a desk went on with version 1: a node sees the key id only.
  v1::Envelope ToTheFirstKey(const EnvelopeSpec& spec) {
    v1::Envelope envelope = sim.world.MakeEnvelope(spec);
    v1::Stanzas stanzas;
    EXPECT_TRUE(stanzas.ParseFromString(envelope.stanzas()));
    for (auto& stanza : *stanzas.mutable_stanzas()) {
      if (stanza.authority() != kCentral) continue;
      stanza.set_key_id(crypto::SealingKeyId(first().PublicKey()));
    }
    envelope.set_stanzas(trust::StrictSerialize(stanzas));
    return envelope;
  }
  const crypto::SealingPrivateKey& first() { return sim.world.state("QM").sealing; }

  crypto::SealingPrivateKey second = NewKey(), third = NewKey();
};

// The message opens with version 1 or with version 2: each may go as long as the other stays.
TEST_F(KeysTest, OfTwoVersionsDestroyedAtOnceTheSecondIsCountedAgain) {
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  PublishSecond();
  ASSERT_EQ(CodeOf(Rewrap(id, second)), "OK");
  PublishThird();
  sim.world.clock.Advance(absl::Hours(24 * 30) + absl::Seconds(1));
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  std::string one, two;
  StartDestroying(DestructionOf(first(), 1), &one);
  StartDestroying(DestructionOf(second, 2), &two);
  while (sim.node("QM").RunOnce() > 0) {
  }
  EXPECT_EQ(one, "OK");
  EXPECT_EQ(two, "NOT_REWRAPPED");
  EXPECT_EQ(DestroyAs(kApprover1, DestructionOf(second, 2)), "NOT_REWRAPPED");
  ASSERT_EQ(CodeOf(PutRewraps(Id(kDrafter), {RewrapBy(Id(kDrafter), id, third, 3)})), "OK");
  EXPECT_EQ(DestroyAs(kApprover1, DestructionOf(second, 2)), "OK");
}

// To count reads every message and says how many there are: not for everybody who asks.
TEST_F(KeysTest, WhoSignedADestructionIsJudgedBeforeAnythingIsCounted) {
  sim.Send(sim.world.MakeEnvelope({}));
  PublishSecond();
  ASSERT_EQ(DestroyAs(kApprover1, DestructionOf(first(), 1)), "NOT_REWRAPPED");
  EXPECT_EQ(DestroyAs(kAuditor, DestructionOf(first(), 1)), "WRONG_SENDER");
  EXPECT_NE(DestroyAs(kApprover1, DestructionOf(first(), 1, {kApprover1})), "NOT_REWRAPPED");
  v1::SignedStatement forged = DestructionOf(first(), 1);
  forged.mutable_signatures(1)->mutable_signature()->back() ^= 1;
  EXPECT_EQ(DestroyAs(kApprover1, forged), "BAD_SIGNATURE");
}

TEST_F(KeysTest, WhatIsSealedToADestroyedKeyIsRefusedAndItsSenderHearsWhy) {
  EnvelopeSpec to_us;
  to_us.from = "QT/central";
  to_us.to = {kCentral};
  v1::Envelope late = ToTheFirstKey(to_us);
  v1::Envelope draft = ToTheFirstKey({});
  ASSERT_TRUE(sim.Submit(draft, Id(kDrafter)).ok());
  PublishSecond();
  ASSERT_EQ(CodeOf(Destroy(true)), "OK");
  // QT does not know of it: its directory of QM has version 1 alone.
  std::string id = sim.Send(late);
  sim.Settle();
  v1::ExplainResponse told = Value(sim.Explain("QT/central/o-0001", id));
  EXPECT_EQ(told.recipients(0).outcome(), v1::Outcome::REJECTED);
  EXPECT_EQ(told.recipients(0).reason(), v1::Reason::KEY_DESTROYED);
  EXPECT_EQ(CodeOf(sim.Fetch(Id(kDrafter), id).status()), "UNKNOWN_MESSAGE");
  EXPECT_TRUE(Value(sim.ListFaults(Id(kAdministrator))).faults().empty()) << "QT could not know";
  // Nor is anything of our own sealed to what we cannot open.
  EXPECT_EQ(CodeOf(sim.Submit(ToTheFirstKey({}), Id(kDrafter)).status()), "KEY_DESTROYED");
  EXPECT_EQ(CodeOf(sim.Approve(draft, Id(kApprover1)).status()), "KEY_DESTROYED");
}

}  // namespace
}  // namespace palermo::testing
