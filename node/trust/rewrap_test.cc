#include "node/trust/rewrap.h"

#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::Value;
using testing::World;

// Computed apart from this code.
TEST(RewrapInfoTest, BindsMessageAuthorityAndKey) {
  EXPECT_EQ(
      HexEncode(RewrapInfo(std::string(32, 'm'), "QM/central", std::string(16, 'k'))),
      Cat({HexEncode(std::string_view("palermo/v1/rewrap\0", 18)), HexEncode(std::string(32, 'm')),
           HexEncode(AsView(crypto::Sha256(
               Cat({"QM/central", std::string_view("\0", 1), std::string(16, 'k')}))))}));
}

// o-0001 rewraps to version 1 of QM/central, the newest there is.
class RewrapTest : public ::testing::Test {
 protected:
  RewrapTest() {
    directory_ = world_.Directory("QM");
    const auto& key = directory_->body().authorities(0).sealing_keys(0);
    body_.set_format(1);
    body_.set_message_id(std::string(32, 'm'));
    body_.set_authority("QM/central");
    body_.set_key_version(key.version());
    body_.set_key_id(key.key_id());
    body_.set_officer("QM/central/o-0001");
    body_.set_at_ms(ToMillis(world_.clock.Now()));
    rewrap_.set_encapsulation(std::string(32, 'e'));
    rewrap_.set_wrapped_key(std::string(48, 'w'));
    body_.set_wrap_sha256(WrapSha256(rewrap_));
    Sign("QM/central/o-0001");
  }
  void Sign(const std::string& officer) {
    const crypto::SigningKey& key = world_.officer(officer).sign;
    rewrap_.set_statement(StrictSerialize(body_));
    rewrap_.set_signer_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(key.public_key())));
    rewrap_.set_signature(
        std::string(crypto::AsView(key.Sign(crypto::Purpose::kRewrap, rewrap_.statement()))));
  }
  absl::StatusOr<v1::RewrapStatement> Verify() {
    return VerifyRewrap(rewrap_, *world_.Directory("QM"), world_.clock.Now());
  }

  World world_;
  DirectoryPtr directory_;
  v1::RewrapStatement body_;
  v1::Rewrap rewrap_;
};

TEST_F(RewrapTest, GivesTheStatement) { EXPECT_THAT(Verify(), IsAccepted()); }

TEST_F(RewrapTest, RefusesASealedKeyThatWasNotSigned) {
  rewrap_.mutable_wrapped_key()->back() ^= 1;
  EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", "not the one that was signed"));
}

TEST_F(RewrapTest, CarriesTheKeysOfAllCompartments) {
  rewrap_.set_wrapped_key(
      std::string(48 + limits::kMaxCompartments * limits::kCompartmentKeyBytes, 'w'));
  body_.set_wrap_sha256(WrapSha256(rewrap_));
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(RewrapTest, RefusesASealedKeyOfAnotherSize) {
  const Change<v1::Rewrap> kChanges[] = {
      {"short", [](auto* r) { r->set_wrapped_key(std::string(47, 'w')); }, ""},
      {"long", [](auto* r) { r->set_wrapped_key(std::string(49, 'w')); }, ""},
      {"too many compartments",
       [](auto* r) {
         r->set_wrapped_key(
             std::string(48 + (limits::kMaxCompartments + 1) * limits::kCompartmentKeyBytes, 'w'));
       },
       ""},
      {"no encapsulation", [](auto* r) { r->clear_encapsulation(); }, ""},
      {"giant",
       [](auto* r) { r->set_encapsulation(std::string(limits::kMaxEncapsulationBytes + 1, 'e')); },
       ""},
  };
  for (const auto& change : kChanges) {
    v1::Rewrap before = rewrap_;
    change.change(&rewrap_);
    body_.set_wrap_sha256(WrapSha256(rewrap_));
    Sign("QM/central/o-0001");
    EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", "another size")) << change.name;
    rewrap_ = before;
  }
}

TEST_F(RewrapTest, RefusesAStatementThatIsNotWhole) {
  const Change<v1::RewrapStatement> kChanges[] = {
      {"format", [](auto* b) { b->set_format(2); }, "its format is not 1"},
      {"message", [](auto* b) { b->set_message_id(std::string(31, 'm')); }, "no message id"},
      {"key", [](auto* b) { b->set_key_id(std::string(17, 'k')); }, "no message id or no key id"},
  };
  for (const auto& change : kChanges) {
    v1::RewrapStatement before = body_;
    change.change(&body_);
    Sign("QM/central/o-0001");
    EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", change.text)) << change.name;
    body_ = before;
  }
}

TEST_F(RewrapTest, RefusesAnotherEncoding) {
  rewrap_.mutable_statement()->append("\x48\x01");  // field 9
  EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", "rewrap statement has unknown fields"));
  rewrap_.set_statement("\xFF");
  EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", "rewrap statement is not a valid message"));
}

TEST_F(RewrapTest, RefusesAnUnknownAuthority) {
  body_.set_authority("QM/police");
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("WRONG_SENDER", "QM/police is not in the directory"));
}

TEST_F(RewrapTest, RefusesAKeyWhoseWindowHasNotBegun) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_authorities(0)->mutable_sealing_keys(0)->set_valid_from_ms(
        ToMillis(world_.clock.Now()) + 1);
  });
  EXPECT_THAT(Verify(), IsRefused("STALE_KEY", "QM/central has no sealing key"));
}

TEST_F(RewrapTest, RefusesAnotherKeyOfTheNewestVersion) {
  body_.mutable_key_id()->back() ^= 1;
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the newest sealing key of QM/central"));
}

TEST_F(RewrapTest, RefusesAnOfficerOfAnotherAuthority) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->add_authorities()->set_id("QM/police");
    d->mutable_officers(4)->set_id("QM/police/o-0005");
  });
  body_.set_officer("QM/police/o-0005");
  Sign("QM/central/o-0005");
  EXPECT_THAT(Verify(),
              IsRefused("UNKNOWN_OFFICER", "QM/police/o-0005 is not an officer of QM/central"));
}

TEST_F(RewrapTest, AKeyOfAnotherSizeVerifiesNothing) {
  trust::Directory directory = directory_->verified();
  directory.body.mutable_officers(0)->mutable_signing_key()->pop_back();
  EXPECT_THAT(VerifyRewrap(rewrap_, DirectoryIndex(std::move(directory)), world_.clock.Now()),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(RewrapTest, RefusesAnotherKeyThanTheNewest) {
  body_.set_key_version(2);
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the newest sealing key"));
}

TEST_F(RewrapTest, RefusesAnOfficerOfAnotherState) {
  body_.set_officer("QT/central/o-0001");
  Sign("QT/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "not an officer of QM/central"));
}

TEST_F(RewrapTest, RefusesAForgedSigner) {
  Sign("QM/central/o-0002");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "not the directory's"));
  rewrap_.set_signer_key_id(directory_->FindOfficer("QM/central/o-0001")->signing_key_id());
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "rewrap signature"));
}

TEST_F(RewrapTest, RefusesAnExpiredMandate) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(0)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "o-0001"));
}

}  // namespace
}  // namespace palermo::trust
