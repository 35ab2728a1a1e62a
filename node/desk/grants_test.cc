#include "node/desk/grants.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/hpke.h"
#include "node/trust/grant.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class GrantsTest : public ::testing::Test {
 protected:
  OfficerKeys KeysOf(const std::string& id) {
    testing::OfficerWorld& officer = world_.officer(id);
    return {id,
            std::make_shared<crypto::SigningKey>(
                Value(crypto::SigningKey::FromSeed(officer.sign.seed().Clone()))),
            Value(crypto::SealingPrivateKey::FromBytes(crypto::Kem::kXWing,
                                                       officer.seal.bytes().Clone())),
            {}};
  }
  absl::StatusOr<v1::Grant> Grant(const std::string& to) {
    return MakeGrant("QM/central", world_.state("QM").sealing, to, *world_.Directory("QM"),
                     KeysOf("QM/central/o-0002"), world_.clock.Now(), world_.random);
  }

  World world_;
};

TEST_F(GrantsTest, TheOfficerAndNobodyElseOpensIt) {
  v1::Grant grant = Value(Grant("QM/central/o-0001"));
  google::protobuf::RepeatedPtrField<v1::Grant> grants;
  *grants.Add() = grant;
  auto keys = OpenGrants(grants, KeysOf("QM/central/o-0001"), *world_.Directory("QM"));
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].key.PublicKey(), world_.state("QM").sealing.PublicKey());
  EXPECT_TRUE(OpenGrants(grants, KeysOf("QM/central/o-0003"), *world_.Directory("QM")).empty());
  EXPECT_EQ(
      CodeOf(OpenGrant(grant, world_.officer("QM/central/o-0003").seal, *world_.Directory("QM"))
                 .status()),
      "CANNOT_OPEN");
}

TEST_F(GrantsTest, RecoveryKeyOpensIts) {
  v1::Grant grant = Value(Grant("recovery"));
  EXPECT_TRUE(OpenGrant(grant, world_.state("QM").recovery, *world_.Directory("QM")).ok());
}

TEST_F(GrantsTest, AKeyThatTheDirectoryDoesNotNameIsRefused) {
  auto stranger = Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, world_.random));
  v1::Grant next = Value(MakeGrant("QM/central", stranger, "recovery", *world_.Directory("QM"),
                                   KeysOf("QM/central/o-0002"), world_.clock.Now(), world_.random));
  EXPECT_EQ(CodeOf(OpenGrant(next, world_.state("QM").recovery, *world_.Directory("QM")).status()),
            "UNKNOWN_KEY");
  EXPECT_EQ(CodeOf(Grant("QT/central/o-0001").status()), "UNKNOWN_OFFICER");
}

TEST_F(GrantsTest, AnotherKeyUnderTheNameOfTheDirectorysIsRefused) {
  auto stranger =
      Value(crypto::SealingPrivateKey::Generate(world_.state("QM").sealing.kem(), world_.random));
  v1::Grant grant = Value(Grant("QM/central/o-0001"));
  const auto& receiver = world_.officer("QM/central/o-0001").seal;
  auto sealed = Value(crypto::HpkeSeal(receiver.PublicKey(), trust::GrantInfo(grant.statement()),
                                       "", stranger.bytes().Expose(crypto::SecretAccess::Grant()),
                                       world_.random));
  grant.set_encapsulation(sealed.encapsulation);
  grant.set_wrapped_key(sealed.ciphertext);
  EXPECT_EQ(CodeOf(OpenGrant(grant, receiver, *world_.Directory("QM")).status()), "UNKNOWN_KEY");
}

TEST_F(GrantsTest, AGrantStaysGoodWhenItsGranterLeaves) {
  v1::Grant grant = Value(Grant("QM/central/o-0001"));
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->DeleteSubrange(1, 1); });
  EXPECT_TRUE(
      OpenGrant(grant, world_.officer("QM/central/o-0001").seal, *world_.Directory("QM")).ok());
}

TEST_F(GrantsTest, AnOfficerWhoLeftOrLostHisKeyOpensNothing) {
  v1::Grant grant = Value(Grant("QM/central/o-0001"));
  world_.NextDirectory("QM", [](v1::Directory* d) { d->mutable_officers()->DeleteSubrange(0, 1); });
  EXPECT_EQ(
      CodeOf(OpenGrant(grant, world_.officer("QM/central/o-0001").seal, *world_.Directory("QM"))
                 .status()),
      "UNKNOWN_OFFICER");
}

TEST_F(GrantsTest, ChangedGrantIsRefused) {
  v1::Grant grant = Value(Grant("QM/central/o-0001"));
  v1::Grant wrapped = grant, signature = grant;
  wrapped.mutable_wrapped_key()->back() ^= 1;
  signature.mutable_signature()->back() ^= 1;
  const auto& holder = world_.officer("QM/central/o-0001").seal;
  for (const v1::Grant& bad : {wrapped, signature}) {
    EXPECT_FALSE(OpenGrant(bad, holder, *world_.Directory("QM")).ok());
  }
}

}  // namespace
}  // namespace palermo::desk
