#include "node/trust/grant.h"

#include "base/state_code.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::Value;
using testing::World;

// Computed apart from this code.
TEST(GrantInfoTest, BindsTheWholeStatement) {
  EXPECT_EQ(GrantInfo("statement"),
            Cat({std::string_view("palermo/v1/grant\0", 17),
                 *HexDecode("b111c6e1d318f203063e5c16bab43c108326af0aa2f7b65760c95547a43dbe52")}));
}

// o-0005 of QM grants version 1 of QM/central's key to o-0002.
class GrantTest : public ::testing::Test {
 protected:
  GrantTest() {
    statement_.set_authority("QM/central");
    statement_.set_key_version(1);
    statement_.set_key_id(world_.Directory("QM")->body().authorities(0).sealing_keys(0).key_id());
    statement_.set_officer("QM/central/o-0002");
    statement_.set_officer_key_id(Officer("QM/central/o-0002").sealing_key_id());
    statement_.set_granted_by("QM/central/o-0005");
    statement_.set_at_ms(ToMillis(world_.clock.Now()));
    grant_.set_encapsulation(std::string(32, 'e'));
    grant_.set_wrapped_key(std::string(48, 'w'));
    Sign("QM/central/o-0005");
  }
  const v1::OfficerEntry& Officer(const std::string& id) {
    directory_ = world_.Directory(StateOf(id));
    return *directory_->FindOfficer(id);
  }
  void Sign(const std::string& officer, crypto::Purpose purpose = crypto::Purpose::kGrant) {
    const crypto::SigningKey& key = world_.officer(officer).sign;
    grant_.set_statement(StrictSerialize(statement_));
    grant_.set_signer_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(key.public_key())));
    grant_.set_signature(std::string(crypto::AsView(key.Sign(purpose, grant_.statement()))));
  }
  absl::StatusOr<v1::GrantStatement> Verify() { return Verify(*world_.Directory("QM")); }
  absl::StatusOr<v1::GrantStatement> Verify(const DirectoryIndex& directory) {
    return VerifyGrant(grant_, directory, world_.clock.Now());
  }
  void GrantToRecovery(const std::string& key_id) {
    statement_.set_officer(kRecoveryOfficer);
    statement_.set_officer_key_id(key_id);
    Sign("QM/central/o-0005");
  }
  // A second authority with o-0005 as its officer.
  void MoveGranterToPolice() {
    world_.NextDirectory("QM", [](v1::Directory* d) {
      d->add_authorities()->set_id("QM/police");
      d->mutable_officers(4)->set_id("QM/police/o-0005");
    });
    statement_.set_granted_by("QM/police/o-0005");
    Sign("QM/central/o-0005");
  }

  World world_;
  DirectoryPtr directory_;
  v1::GrantStatement statement_;
  v1::Grant grant_;
};

TEST_F(GrantTest, GivesTheStatement) {
  EXPECT_EQ(StrictSerialize(Value(Verify())), grant_.statement());
}

TEST_F(GrantTest, TheRecoveryKeyItselfIsGrantedToNobody) {
  statement_.set_key_version(2);
  statement_.set_key_id(world_.Directory("QM")->body().authorities(0).recovery_key().key_id());
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("SAME_KEY", "the recovery key of QM/central"));
}

TEST_F(GrantTest, AnAuditorGetsNoKey) {
  statement_.set_officer("QM/central/o-0004");
  statement_.set_officer_key_id(Officer("QM/central/o-0004").sealing_key_id());
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("WRONG_ROLE", "o-0004 reads no messages"));
}

TEST_F(GrantTest, ToTheRecoveryKey) {
  GrantToRecovery(world_.Directory("QM")->body().authorities(0).recovery_key().key_id());
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(GrantTest, RefusesAnotherRecoveryKey) {
  GrantToRecovery(std::string(16, 'r'));
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the recovery key is not the directory's"));
}

TEST_F(GrantTest, RefusesARecoveryKeyWhereThereIsNone) {
  world_.NextDirectory("QM", [](auto* d) { d->mutable_authorities(0)->clear_recovery_key(); });
  GrantToRecovery("");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the recovery key is not the directory's"));
}

TEST_F(GrantTest, RefusesAnUnknownAuthority) {
  statement_.set_authority("QM/police");
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("WRONG_SENDER", "QM/police is not in the directory"));
}

TEST_F(GrantTest, RefusesAnotherKey) {
  statement_.set_key_id(std::string(16, 'k'));
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the granted key is not in the directory"));
}

TEST_F(GrantTest, RefusesAnotherVersionOfTheKey) {
  statement_.set_key_version(2);
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the granted key is not in the directory"));
}

// ---- a version that waits to be named in a directory
TEST_F(GrantTest, TakesANewKeyOfALaterVersion) {
  statement_.set_key_version(2);
  statement_.set_key_id(std::string(16, 'k'));
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(GrantTest, RefusesANewKeyThatIsNoneOrNotAfterAllOthers) {
  const std::string known = statement_.key_id();
  const struct {
    const char* name;
    uint32_t version;
    std::string key_id;
  } kCases[] = {
      {"no key id", 2, ""},
      {"a short key id", 2, std::string(15, 'k')},
      {"a version before", 0, std::string(16, 'k')},
      {"the same version", 1, std::string(16, 'k')},
      {"a known key", 2, known},
  };
  for (const auto& one : kCases) {
    statement_.set_key_version(one.version);
    statement_.set_key_id(one.key_id);
    Sign("QM/central/o-0005");
    EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "not in the directory of QM/central"))
        << one.name;
  }
}

TEST_F(GrantTest, RefusesAReceiverThatIsNotThere) {
  statement_.set_officer("QM/central/o-0099");
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "o-0099 is not an officer of QM/central"));
}

TEST_F(GrantTest, RefusesAReceiverOfAnotherAuthority) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->add_authorities()->set_id("QM/police");
    d->mutable_officers(4)->set_id("QM/police/o-0005");
  });
  statement_.set_officer("QM/police/o-0005");
  statement_.set_granted_by("QM/central/o-0001");
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QM/police/o-0005 is not an officer of"));
}

TEST_F(GrantTest, RefusesAKeyThatIsNotTheReceivers) {
  statement_.set_officer_key_id(Officer("QM/central/o-0003").sealing_key_id());
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the key of QM/central/o-0002"));
}

TEST_F(GrantTest, RefusesAGranterThatIsNotThere) {
  statement_.set_granted_by("QM/central/o-0099");
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "o-0099 is not an officer of QM/central"));
}

TEST_F(GrantTest, RefusesAGranterOfAnotherAuthority) {
  MoveGranterToPolice();
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QM/police/o-0005 is not an officer of"));
}

TEST_F(GrantTest, RefusesAGranterOfAnotherState) {
  statement_.set_granted_by("QT/central/o-0005");
  Sign("QT/central/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QT/central/o-0005 is not an officer of"));
}

TEST_F(GrantTest, RefusesAnExpiredMandate) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(4)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "QM/central/o-0005"));
}

TEST_F(GrantTest, RefusesAForgedSigner) {
  Sign("QM/central/o-0004");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the granter's key is not the directory's"));
  grant_.set_signer_key_id(Officer("QM/central/o-0005").signing_key_id());
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "grant signature"));
}

TEST_F(GrantTest, AKeyOfAnotherSizeVerifiesNothing) {
  trust::Directory directory = world_.Directory("QM")->verified();
  directory.body.mutable_officers(4)->mutable_signing_key()->pop_back();
  EXPECT_THAT(Verify(DirectoryIndex(std::move(directory))),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(GrantTest, RefusesASignatureGivenForAnotherPurpose) {
  Sign("QM/central/o-0005", crypto::Purpose::kRetrieval);
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "grant signature"));
}

TEST_F(GrantTest, RefusesEveryChangeOfTheStatement) {
  DirectoryPtr directory = world_.Directory("QM");
  std::string* bytes = grant_.mutable_statement();
  for (char& byte : *bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte ^= static_cast<char>(1 << bit);
      ASSERT_FALSE(Verify(*directory).ok()) << "byte " << (&byte - bytes->data());
      byte ^= static_cast<char>(1 << bit);
    }
  }
}

TEST_F(GrantTest, RefusesAnUnknownField) {
  grant_.mutable_statement()->append("\x78\x01");
  EXPECT_THAT(Verify(), IsRefused("UNREADABLE", "unknown fields"));
}

// ---- grants by break-glass: to o-0004 of QM/police, by who keeps the keys or a signer
class GrantAccessTest : public GrantTest {
 protected:
  GrantAccessTest() {
    world_.NextDirectory("QM", [](v1::Directory* d) {
      d->add_authorities()->set_id("QM/police");
      d->mutable_officers(3)->set_id("QM/police/o-0004");
      d->mutable_officers()->SwapElements(3, 4);
    });
    directory_ = world_.Directory("QM");
    access_ = {std::string(32, 'b'),
               "QM/central",
               "QM/police/o-0004",
               {"QM/central/o-0002", "QM/central/o-0003"}};
    statement_.set_officer(access_.officer);
    statement_.set_officer_key_id(directory_->FindOfficer(access_.officer)->sealing_key_id());
    statement_.set_break_glass_sha256(access_.sha256);
    GrantedBy("o-0005");
  }
  void GrantedBy(const std::string& name) {
    statement_.set_granted_by(Cat({"QM/central/", name}));
    Sign(statement_.granted_by());
  }
  absl::StatusOr<v1::GrantStatement> VerifyWith(const BreakGlassAccess* access) {
    return VerifyGrant(grant_, *world_.Directory("QM"), world_.clock.Now(), access);
  }
  BreakGlassAccess access_;
};

TEST_F(GrantAccessTest, ReachesAnOfficerOfAnotherAuthority) {
  EXPECT_THAT(VerifyWith(&access_), IsAccepted());
}

TEST_F(GrantAccessTest, NeedsTheStatementInForceThatItNames) {
  EXPECT_THAT(VerifyWith(nullptr), IsRefused("NO_BREAK_GLASS", "access to QM/central"));
  const Change<BreakGlassAccess> kChanges[] = {
      {"statement", [](auto* a) { a->sha256.back() ^= 1; }, ""},
      {"authority", [](auto* a) { a->authority = "QM/police"; }, ""},
      {"officer", [](auto* a) { a->officer = "QM/central/o-0001"; }, ""},
  };
  for (const auto& change : kChanges) {
    BreakGlassAccess other = access_;
    change.change(&other);
    EXPECT_THAT(VerifyWith(&other),
                IsRefused("NO_BREAK_GLASS", "gives QM/police/o-0004 access to QM/central"))
        << change.name;
  }
}

TEST_F(GrantAccessTest, DoesNotReachThisOfficerWithoutNamingTheStatement) {
  statement_.clear_break_glass_sha256();
  GrantedBy("o-0005");
  EXPECT_THAT(VerifyWith(&access_),
              IsRefused("UNKNOWN_OFFICER", "QM/police/o-0004 is not an officer of QM/central"));
}

// Where there is a custodian, approvers do not keep the keys: a signer may grant all the same, and
// only by this statement.
TEST_F(GrantAccessTest, ASignerOfTheStatementMayGrant) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->add_roles(v1::Role::CUSTODIAN); });
  GrantedBy("o-0002");
  EXPECT_THAT(VerifyWith(&access_), IsAccepted());
  access_.signers = {"QM/central/o-0003"};
  EXPECT_THAT(VerifyWith(&access_), IsRefused("WRONG_ROLE", "QM/central/o-0002 does not keep"));
  access_.signers.push_back("QM/central/o-0002");
  statement_.clear_break_glass_sha256();
  statement_.set_officer("QM/central/o-0003");
  statement_.set_officer_key_id(Officer("QM/central/o-0003").sealing_key_id());
  GrantedBy("o-0002");
  EXPECT_THAT(VerifyWith(&access_), IsRefused("WRONG_ROLE", "QM/central/o-0002 does not keep"));
}

TEST_F(GrantAccessTest, DoesNotReachWhoIsInNoAuthority) {
  access_.officer = "QM/police/o-0099";
  statement_.set_officer(access_.officer);
  GrantedBy("o-0005");
  EXPECT_THAT(VerifyWith(&access_),
              IsRefused("UNKNOWN_OFFICER", "QM/police/o-0099 is not an officer of QM/central"));
}

TEST_F(GrantAccessTest, ASignerWhoLeftDoesNotGrant) {
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->DeleteSubrange(1, 1); });
  GrantedBy("o-0002");
  EXPECT_THAT(VerifyWith(&access_),
              IsRefused("UNKNOWN_OFFICER", "QM/central/o-0002 is not an officer of QM/central"));
}

TEST_F(GrantAccessTest, ASignersMandateIsInForce) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(1)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  GrantedBy("o-0002");
  EXPECT_THAT(VerifyWith(&access_), IsRefused("OFFICER_NOT_IN_FORCE", "QM/central/o-0002"));
}

// ---- what a desk opens, at any later time
class CheckGrantTest : public GrantTest {
 protected:
  absl::StatusOr<v1::GrantStatement> Check() { return CheckGrant(grant_, *world_.Directory("QM")); }
};

TEST_F(CheckGrantTest, GivesTheStatement) {
  EXPECT_EQ(StrictSerialize(Value(Check())), grant_.statement());
}

TEST_F(CheckGrantTest, AlsoWhenTheGranterHasLeftOrHasAnotherKey) {
  grant_.set_signature("whatever");
  EXPECT_THAT(Check(), IsRefused("BAD_SIGNATURE", "the grant signature"));
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->mutable_officers(4)->set_signing_key(std::string(32, 's'));
    d->mutable_officers(4)->set_signing_key_id(
        crypto::KeyId(crypto::kEd25519, std::string(32, 's')));
  });
  EXPECT_THAT(Check(), IsAccepted());
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->RemoveLast(); });
  EXPECT_THAT(Check(), IsAccepted());
}

TEST_F(CheckGrantTest, RefusesWhatIsNotTheDirectorys) {
  const Change<v1::GrantStatement> kChanges[] = {
      {"WRONG_SENDER", [](auto* s) { s->set_authority("QM/police"); }, "QM/police is not in"},
      {"UNKNOWN_KEY", [](auto* s) { s->mutable_key_id()->back() ^= 1; }, "the granted key"},
      // A version that waits is nothing that a desk opens.
      {"UNKNOWN_KEY",
       [](auto* s) {
         s->set_key_version(2);
         s->set_key_id(std::string(16, 'k'));
       },
       "the granted key is not in the directory of QM/central"},
      {"UNKNOWN_OFFICER", [](auto* s) { s->set_officer("QM/central/o-0099"); }, "o-0099 is not"},
      {"UNKNOWN_KEY", [](auto* s) { s->mutable_officer_key_id()->back() ^= 1; },
       "the key of QM/central/o-0002"},
  };
  for (const auto& change : kChanges) {
    v1::GrantStatement before = statement_;
    change.change(&statement_);
    Sign("QM/central/o-0005");
    EXPECT_THAT(Check(), IsRefused(change.name, change.text));
    statement_ = before;
  }
}

TEST_F(CheckGrantTest, RefusesAnotherEncoding) {
  grant_.mutable_statement()->append("\x78\x01");
  EXPECT_THAT(Check(), IsRefused("UNREADABLE", "grant statement has unknown fields"));
}

// ---- who holds a key
class StandingTest : public GrantTest {
 protected:
  v1::GrantStatement To(const std::string& name) {
    v1::GrantStatement one = statement_;
    one.set_officer(Cat({"QM/central/", name}));
    one.set_officer_key_id(Officer(one.officer()).sealing_key_id());
    return one;
  }
  v1::GrantStatement ToRecovery() {
    v1::GrantStatement one = statement_;
    one.set_officer(kRecoveryOfficer);
    one.set_officer_key_id(world_.Directory("QM")->body().authorities(0).recovery_key().key_id());
    return one;
  }
  GrantStanding Count(const std::vector<v1::GrantStatement>& grants) {
    DirectoryPtr directory = world_.Directory("QM");
    return CountGrants(grants, statement_.key_id(), directory->body().authorities(0), *directory);
  }
};

TEST_F(StandingTest, TwoPersonsAndRecoveryMakeAKeyActive) {
  EXPECT_FALSE(Count({}).active());
  EXPECT_FALSE(Count({To("o-0001"), To("o-0002")}).active());
  EXPECT_FALSE(Count({To("o-0001"), ToRecovery()}).active());
  EXPECT_FALSE(Count({To("o-0001"), To("o-0001"), ToRecovery()}).active());
  GrantStanding standing = Count({ToRecovery(), To("o-0001"), To("o-0002")});
  EXPECT_TRUE(standing.active());
  EXPECT_EQ(standing.officers, (std::set<std::string>{"QM/central/o-0001", "QM/central/o-0002"}));
}

TEST_F(StandingTest, OnePersonInTwoOfficesIsOne) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(1)->set_person(d->officers(0).person()); });
  GrantStanding standing = Count({ToRecovery(), To("o-0001"), To("o-0002")});
  EXPECT_EQ(standing.officers.size(), 2u);
  EXPECT_EQ(standing.persons.size(), 1u);
  EXPECT_FALSE(standing.active());
}

// Each of these would be the second person.
TEST_F(StandingTest, DoesNotCountWhatIsOfAnotherKeyAuthorityOrReceiver) {
  const Change<v1::GrantStatement> kChanges[] = {
      {"authority", [](auto* s) { s->set_authority("QM/police"); }, ""},
      {"key", [](auto* s) { s->mutable_key_id()->back() ^= 1; }, ""},
      {"break-glass", [](auto* s) { s->set_break_glass_sha256(std::string(32, 'b')); }, ""},
      {"a receiver who left", [](auto* s) { s->set_officer("QM/central/o-0099"); }, ""},
      {"a key that he lost", [](auto* s) { s->mutable_officer_key_id()->back() ^= 1; }, ""},
  };
  for (const auto& change : kChanges) {
    v1::GrantStatement other = To("o-0002");
    change.change(&other);
    EXPECT_FALSE(Count({ToRecovery(), To("o-0001"), other}).active()) << change.name;
  }
  v1::GrantStatement recovery = ToRecovery();
  recovery.set_officer_key_id(To("o-0003").officer_key_id());
  EXPECT_FALSE(Count({recovery, To("o-0001"), To("o-0002")}).active());
}

}  // namespace
}  // namespace palermo::trust
