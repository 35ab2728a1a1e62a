#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/hpke_open.h"
#include "node/desk/opening.h"
#include "node/trust/rewrap.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

// A message sealed to version 1; then version 2 comes, and o-0001 rewraps.
class RewrapTest : public ::testing::Test {
 protected:
  RewrapTest()
      : envelope_(world_.MakeEnvelope({})),
        other_(world_.MakeEnvelope({})),
        second_(Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, world_.random))) {
    world_.NextDirectory("QM", [&](v1::Directory* d) {
      auto* authority = d->mutable_authorities(0);
      v1::SealingKeyEntry next = authority->sealing_keys(0);
      next.set_version(2);
      next.set_public_key(second_.PublicKey().bytes);
      next.set_key_id(crypto::SealingKeyId(second_.PublicKey()));
      *authority->add_sealing_keys() = next;
    });
  }
  OfficerKeys Officer() {
    testing::OfficerWorld& officer = world_.officer("QM/central/o-0001");
    return {officer.id,
            std::make_shared<crypto::SigningKey>(
                Value(crypto::SigningKey::FromSeed(officer.sign.seed().Clone()))),
            Value(crypto::SealingPrivateKey::FromBytes(officer.seal.kem(),
                                                       officer.seal.bytes().Clone())),
            {}};
  }
  std::vector<AuthorityKey> Key(uint32_t version) {
    const crypto::SealingPrivateKey& key = version == 1 ? world_.state("QM").sealing : second_;
    std::vector<AuthorityKey> keys;
    keys.push_back({"QM/central", version, crypto::SealingKeyId(key.PublicKey()),
                    Value(crypto::SealingPrivateKey::FromBytes(key.kem(), key.bytes().Clone()))});
    return keys;
  }
  absl::StatusOr<v1::Rewrap> Make(uint32_t with, const Rewraps& rewraps = {}) {
    return MakeRewrap(envelope_, rewraps, Key(with), *world_.Directory("QM"), Officer(),
                      world_.clock.Now(), world_.random);
  }
  Rewraps Of(const v1::Rewrap& rewrap) {
    Rewraps rewraps;
    *rewraps.Add() = rewrap;
    return rewraps;
  }

  World world_;
  v1::Envelope envelope_;
  v1::Envelope other_;  // sealed to version 1 too
  crypto::SealingPrivateKey second_;
};

TEST_F(RewrapTest, TheNewKeyOpensWhatWasRewrapped) {
  EXPECT_EQ(Open(envelope_, Key(2)).result, v1::RetrievalResult::UNOPENABLE);
  v1::Rewrap rewrap = Value(Make(1));
  EXPECT_TRUE(trust::VerifyRewrap(rewrap, *world_.Directory("QM"), world_.clock.Now()).ok());
  EXPECT_EQ(Open(envelope_, Key(2), Of(rewrap)).result, v1::RetrievalResult::OPENED);
}

TEST_F(RewrapTest, WithoutTheNewKeyTheRewrapGivesNothing) {
  std::vector<AuthorityKey> none;
  EXPECT_EQ(Open(envelope_, none, Of(Value(Make(1)))).result, v1::RetrievalResult::UNOPENABLE);
}

TEST_F(RewrapTest, WhoCannotOpenCannotRewrap) {
  EXPECT_EQ(CodeOf(Make(2).status()), "UNKNOWN_KEY");
}

// Signed and well formed, but with the content key of another message.
TEST_F(RewrapTest, AWrongContentKeyIsNoticedAtOpening) {
  v1::Rewrap of_other = Value(MakeRewrap(other_, {}, Key(1), *world_.Directory("QM"), Officer(),
                                         world_.clock.Now(), world_.random));
  v1::Rewrap wrong = Value(Make(1));
  v1::RewrapStatement body = Value(trust::ParseRewrap(wrong));
  auto key =
      Value(crypto::HpkeOpen(second_, of_other.encapsulation(),
                             trust::RewrapInfo(Value(trust::ParseRewrap(of_other)).message_id(),
                                               "QM/central", body.key_id()),
                             "", of_other.wrapped_key()));
  auto sealed = Value(crypto::HpkeSeal(
      second_.PublicKey(), trust::RewrapInfo(body.message_id(), "QM/central", body.key_id()), "",
      key.Expose(crypto::SecretAccess::Grant()), world_.random));
  wrong.set_encapsulation(sealed.encapsulation);
  wrong.set_wrapped_key(sealed.ciphertext);
  body.set_wrap_sha256(trust::WrapSha256(wrong));
  wrong.set_statement(body.SerializeAsString());
  Opened opened = Open(envelope_, Key(2), Of(wrong));
  EXPECT_EQ(opened.result, v1::RetrievalResult::UNOPENABLE);
  EXPECT_EQ(CodeOf(opened.why), "BAD_REWRAP");
  // A right one beside it helps.
  Rewraps both = Of(wrong);
  *both.Add() = Value(Make(1));
  EXPECT_EQ(Open(envelope_, Key(2), both).result, v1::RetrievalResult::OPENED);
}

TEST_F(RewrapTest, ARewrapOfAnotherMessageIsNotUsed) {
  v1::Rewrap rewrap = Value(MakeRewrap(other_, {}, Key(1), *world_.Directory("QM"), Officer(),
                                       world_.clock.Now(), world_.random));
  Opened opened = Open(envelope_, Key(2), Of(rewrap));
  EXPECT_EQ(CodeOf(opened.why), "UNKNOWN_KEY");
}

TEST_F(RewrapTest, WhatWasRewrappedIsRewrappedOnwards) {
  Rewraps first = Of(Value(Make(1)));
  EXPECT_TRUE(Make(2, first).ok());
}

}  // namespace
}  // namespace palermo::desk
