#include "node/trust/rewrap.h"

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

TEST_F(RewrapTest, RefusesASealedKeyOfAnotherSize) {
  rewrap_.set_wrapped_key(std::string(47, 'w'));
  body_.set_wrap_sha256(WrapSha256(rewrap_));
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("BAD_REWRAP", "another size"));
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
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", ""));
}

TEST_F(RewrapTest, RefusesAnExpiredMandate) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(0)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "o-0001"));
}

}  // namespace
}  // namespace palermo::trust
