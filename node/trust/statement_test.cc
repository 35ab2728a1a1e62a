#include "node/trust/statement.h"

#include <cstdint>

#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;

// o-0002 and o-0003, approvers, give o-0004, an auditor, access to QM/central.
class BreakGlassTest : public ::testing::Test {
 protected:
  BreakGlassTest() {
    body_.set_format(1);
    body_.set_authority("QM/central");
    body_.set_officer("QM/central/o-0004");
    body_.set_reason(v1::BreakGlassReason::NOBODY_REACHABLE);
    body_.set_from_ms(ToMillis(world_.clock.Now()));
    body_.set_to_ms(body_.from_ms() + 24 * 3600 * 1000);
    body_.set_nonce(std::string(16, 'n'));
    Sign({"o-0002", "o-0003"});
  }
  void Sign(const std::vector<std::string>& officers,
            crypto::Purpose purpose = crypto::Purpose::kBreakGlass) {
    statement_.Clear();
    statement_.set_statement(StrictSerialize(body_));
    for (const auto& one : officers) {
      std::string id = Cat({"QM/central/", one});
      EXPECT_TRUE(SignStatement(purpose, id, world_.officer(id).sign, &statement_).ok());
    }
  }
  absl::StatusOr<v1::BreakGlassStatement> Verify() {
    return VerifyBreakGlass(statement_, *world_.Directory("QM"), world_.clock.Now());
  }

  World world_;
  v1::BreakGlassStatement body_;
  v1::SignedStatement statement_;
};

TEST_F(BreakGlassTest, TwoApproversGiveIt) { EXPECT_THAT(Verify(), IsAccepted()); }

TEST_F(BreakGlassTest, OneIsNotEnough) {
  Sign({"o-0002"});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "two officers"));
}

TEST_F(BreakGlassTest, OneOfficerDoesNotSignTwice) {
  *statement_.mutable_signatures(1) = statement_.signatures(0);
  EXPECT_THAT(Verify(), IsRefused("SAME_OFFICER", "o-0002"));
}

TEST_F(BreakGlassTest, OnePersonInTwoOfficesDoesNotSignTwice) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(2)->set_person(d->officers(1).person()); });
  EXPECT_THAT(Verify(), IsRefused("SAME_PERSON", "signed already"));
}

TEST_F(BreakGlassTest, NobodyGivesItToHimself) {
  body_.set_officer("QM/central/o-0003");
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("SAME_PERSON", "to himself"));
}

TEST_F(BreakGlassTest, ADrafterDoesNotSign) {
  Sign({"o-0001", "o-0002"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_ROLE", "o-0001"));
}

TEST_F(BreakGlassTest, AnAuditorDoesNotSign) {
  body_.set_officer("QM/central/o-0001");
  Sign({"o-0002", "o-0004"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_ROLE", "o-0004"));
}

TEST_F(BreakGlassTest, AnExpiredMandateDoesNotSign) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(1)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "o-0002"));
}

TEST_F(BreakGlassTest, AReceiverWithoutAMandateGetsNothing) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(3)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "o-0004"));
}

TEST_F(BreakGlassTest, ASignatureForAnotherPurposeIsNone) {
  Sign({"o-0002", "o-0003"}, crypto::Purpose::kApprove);
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", ""));
}

TEST_F(BreakGlassTest, EndsWithin72Hours) {
  body_.set_to_ms(body_.from_ms() + limits::kMaxBreakGlassMillis + 1);
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", "72 hours"));
}

TEST_F(BreakGlassTest, BeginsNow) {
  body_.set_from_ms(body_.from_ms() + limits::kMaxClockAheadMillis + 1);
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", "in the future"));
}

TEST_F(BreakGlassTest, IsOfNoUseWhenItsTimeIsOver) {
  world_.clock.Advance(absl::Hours(24));
  EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", "over already"));
}

TEST_F(BreakGlassTest, NeedsAReason) {
  body_.clear_reason();
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", "no reason"));
}

TEST_F(BreakGlassTest, IsForAnAuthorityAndAnOfficerOfTheDirectory) {
  body_.set_authority("QM/police");
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_SENDER", "QM/police"));
  body_.set_authority("QM/central");
  body_.set_officer("QT/central/o-0001");
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QT/central/o-0001"));
}

// Each form is signed as it is; the text tells what is wrong.
TEST_F(BreakGlassTest, RefusesWhatIsNotWhole) {
  const Change<v1::BreakGlassStatement> kChanges[] = {
      {"format", [](auto* b) { b->set_format(2); }, "its format is not 1"},
      {"short nonce", [](auto* b) { b->mutable_nonce()->pop_back(); }, "its nonce has not 16"},
      {"long nonce", [](auto* b) { b->mutable_nonce()->push_back('n'); }, "its nonce has not 16"},
      {"reason", [](auto* b) { b->set_reason(static_cast<v1::BreakGlassReason::Code>(99)); },
       "it gives no reason that is known"},
      {"no begin", [](auto* b) { b->clear_from_ms(); }, "it must begin before it ends"},
      // Its length is more than a number holds.
      {"ever", [](auto* b) { b->set_from_ms(INT64_MIN); }, "it must begin before it ends"},
      {"backwards", [](auto* b) { b->set_to_ms(b->from_ms()); }, "it must begin before it ends"},
  };
  for (const auto& change : kChanges) {
    v1::BreakGlassStatement before = body_;
    change.change(&body_);
    Sign({"o-0002", "o-0003"});
    EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", change.text)) << change.name;
    body_ = before;
  }
}

TEST_F(BreakGlassTest, RefusesAnotherEncoding) {
  v1::SignedStatement other;
  other.set_statement(statement_.statement() + "\x48\x01");  // field 9
  for (const char* id : {"QM/central/o-0002", "QM/central/o-0003"}) {
    EXPECT_THAT(SignStatement(crypto::Purpose::kBreakGlass, id, world_.officer(id).sign, &other),
                IsAccepted());
  }
  EXPECT_THAT(VerifyBreakGlass(other, *world_.Directory("QM"), world_.clock.Now()),
              IsRefused("BAD_STATEMENT", "break-glass statement has unknown fields"));
}

TEST_F(BreakGlassTest, ASignerIsAnOfficerOfTheDirectoryWithItsKey) {
  v1::SignedStatement good = statement_;
  statement_.mutable_signatures(0)->set_officer("QM/central/o-0099");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QM/central/o-0099"));
  statement_ = good;
  statement_.mutable_signatures(1)->set_key_id(good.signatures(0).key_id());
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the key of QM/central/o-0003"));
}

// A directory refuses a key that stands twice or has another size; who judges by one that got past
// that refuses too.
TEST_F(BreakGlassTest, OneKeyDoesNotSignForTwoNorOneOfAnotherSize) {
  auto verify = [&](const std::function<void(v1::OfficerEntry*)>& change) {
    trust::Directory directory = world_.Directory("QM")->verified();
    change(directory.body.mutable_officers(2));
    return VerifyBreakGlass(statement_, DirectoryIndex(std::move(directory)), world_.clock.Now());
  };
  EXPECT_THAT(verify([](auto* officer) { officer->mutable_signing_key()->pop_back(); }),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
  v1::StatementSignature first = statement_.signatures(0);
  first.set_officer("QM/central/o-0003");
  *statement_.mutable_signatures(1) = first;
  v1::OfficerEntry o2 = *world_.Directory("QM")->FindOfficer("QM/central/o-0002");
  EXPECT_THAT(verify([&](auto* officer) {
                officer->set_signing_key(o2.signing_key());
                officer->set_signing_key_id(o2.signing_key_id());
              }),
              IsRefused("SAME_KEY", "one key signed twice"));
}

TEST_F(BreakGlassTest, RefusesEveryChangeOfTheStatement) {
  DirectoryPtr directory = world_.Directory("QM");
  for (char& byte : *statement_.mutable_statement()) {
    byte ^= 1;
    EXPECT_FALSE(VerifyBreakGlass(statement_, *directory, world_.clock.Now()).ok());
    byte ^= 1;
  }
}

// ---- signing
TEST_F(BreakGlassTest, WhoSignsAgainReplacesHisSignature) {
  *statement_.mutable_signatures(1)->mutable_signature() = "spoilt";
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "break-glass"));
  const std::string id = "QM/central/o-0003";
  EXPECT_THAT(SignStatement(crypto::Purpose::kBreakGlass, id, world_.officer(id).sign, &statement_),
              IsAccepted());
  EXPECT_EQ(statement_.signatures_size(), 2);
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(BreakGlassTest, ATokenThatIsGoneSignsNothing) {
  EXPECT_THAT(
      SignStatement(crypto::Purpose::kBreakGlass, "QM/central/o-0003", TokenGone(), &statement_),
      IsRefused("TOKEN_GONE", "no token"));
}

class KeyDestructionTest : public ::testing::Test {
 protected:
  KeyDestructionTest() {
    DirectoryPtr directory = world_.Directory("QM");
    const auto& key = directory->body().authorities(0).sealing_keys(0);
    body_.set_format(1);
    body_.set_authority("QM/central");
    body_.set_key_version(key.version());
    body_.set_key_id(key.key_id());
    body_.set_reason(v1::DestructionReason::ROTATION);
    body_.set_at_ms(ToMillis(world_.clock.Now()));
  }
  absl::StatusOr<v1::KeyDestructionStatement> SignedBy(const std::vector<std::string>& officers) {
    v1::SignedStatement statement;
    statement.set_statement(StrictSerialize(body_));
    for (const auto& id : officers) {
      EXPECT_TRUE(
          SignStatement(crypto::Purpose::kKeyDestruction, id, world_.officer(id).sign, &statement)
              .ok());
    }
    return VerifyKeyDestruction(statement, *world_.Directory("QM"), world_.clock.Now());
  }
  void MakeCustodian(int officer) {
    world_.NextDirectory("QM", [officer](v1::Directory* d) {
      d->mutable_officers(officer)->add_roles(v1::Role::CUSTODIAN);
    });
  }

  World world_;
  v1::KeyDestructionStatement body_;
};

TEST_F(KeyDestructionTest, TwoWhoKeepTheKeysSign) {
  EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}), IsAccepted());
  EXPECT_THAT(SignedBy({"QM/central/o-0002"}), IsRefused("TOO_FEW_APPROVALS", ""));
}

TEST_F(KeyDestructionTest, WhereThereIsACustodianHeSigns) {
  MakeCustodian(0);
  EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}),
              IsRefused("WRONG_ROLE", "no custodian"));
  EXPECT_THAT(SignedBy({"QM/central/o-0001", "QM/central/o-0003"}), IsAccepted());
}

TEST_F(KeyDestructionTest, OfficersOfAnotherAuthorityDoNot) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->add_authorities()->set_id("QM/police");
    d->mutable_officers(4)->set_id("QM/police/o-0005");
  });
  v1::SignedStatement statement;
  statement.set_statement(StrictSerialize(body_));
  EXPECT_TRUE(SignStatement(crypto::Purpose::kKeyDestruction, "QM/central/o-0002",
                            world_.officer("QM/central/o-0002").sign, &statement)
                  .ok());
  EXPECT_TRUE(SignStatement(crypto::Purpose::kKeyDestruction, "QM/police/o-0005",
                            world_.officer("QM/central/o-0005").sign, &statement)
                  .ok());
  EXPECT_THAT(VerifyKeyDestruction(statement, *world_.Directory("QM"), world_.clock.Now()),
              IsRefused("WRONG_SENDER", "QM/police/o-0005"));
}

TEST_F(KeyDestructionTest, IsOfAVersionOfTheDirectory) {
  body_.set_key_version(2);
  EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}),
              IsRefused("UNKNOWN_KEY", "no such version"));
}

TEST_F(KeyDestructionTest, IsOfTheKeyOfThatVersion) {
  body_.mutable_key_id()->back() ^= 1;
  EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}),
              IsRefused("UNKNOWN_KEY", "QM/central has no such version"));
}

TEST_F(KeyDestructionTest, IsOfAnAuthorityOfTheDirectory) {
  body_.set_authority("QM/police");
  EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}),
              IsRefused("WRONG_SENDER", "QM/police is not in the directory"));
}

TEST_F(KeyDestructionTest, RefusesWhatIsNotWhole) {
  const Change<v1::KeyDestructionStatement> kChanges[] = {
      {"format", [](auto* b) { b->clear_format(); }, "its format is not 1"},
      {"short key id", [](auto* b) { b->mutable_key_id()->pop_back(); }, "key id has not 16"},
      {"no reason", [](auto* b) { b->clear_reason(); }, "no reason that is known"},
      {"reason", [](auto* b) { b->set_reason(static_cast<v1::DestructionReason::Code>(99)); },
       "no reason that is known"},
  };
  for (const auto& change : kChanges) {
    v1::KeyDestructionStatement before = body_;
    change.change(&body_);
    EXPECT_THAT(SignedBy({"QM/central/o-0002", "QM/central/o-0003"}),
                IsRefused("BAD_STATEMENT", change.text))
        << change.name;
    body_ = before;
  }
}

TEST_F(KeyDestructionTest, RefusesAnotherEncoding) {
  v1::SignedStatement statement;
  statement.set_statement(StrictSerialize(body_) + "\x40\x01");  // field 8
  EXPECT_THAT(VerifyKeyDestruction(statement, *world_.Directory("QM"), world_.clock.Now()),
              IsRefused("BAD_STATEMENT", "key destruction statement has unknown fields"));
}

TEST(KeepsKeys, CustodiansWhereThereAreAnyElseApproversAndAdministrators) {
  World world;
  auto keeps = [&](const char* id) {
    DirectoryPtr directory = world.Directory("QM");
    return KeepsKeys(*directory, *directory->FindOfficer(id));
  };
  EXPECT_TRUE(keeps("QM/central/o-0002"));
  EXPECT_TRUE(keeps("QM/central/o-0005"));
  EXPECT_FALSE(keeps("QM/central/o-0001"));
  EXPECT_FALSE(keeps("QM/central/o-0004"));
  world.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->add_roles(v1::Role::CUSTODIAN); });
  EXPECT_TRUE(keeps("QM/central/o-0001"));
  EXPECT_FALSE(keeps("QM/central/o-0002"));
  EXPECT_FALSE(keeps("QM/central/o-0005"));
  // A custodian of another authority keeps that one's keys only.
  world.NextDirectory("QM", [](v1::Directory* d) {
    d->mutable_officers(0)->clear_roles();
    d->add_authorities()->set_id("QM/police");
    d->mutable_officers(4)->set_id("QM/police/o-0005");
    d->mutable_officers(4)->add_roles(v1::Role::CUSTODIAN);
  });
  EXPECT_TRUE(keeps("QM/central/o-0002"));
  EXPECT_FALSE(keeps("QM/central/o-0001"));
  EXPECT_TRUE(keeps("QM/police/o-0005"));
}

}  // namespace
}  // namespace palermo::trust
