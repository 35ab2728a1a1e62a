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

}  // namespace
}  // namespace palermo::trust
