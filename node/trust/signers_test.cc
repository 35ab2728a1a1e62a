// Whose key signed what is refused: the code, and the holder's name for people.
#include "node/trust/signers.h"

#include "base/limits.h"
#include "node/trust/rosters.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using crypto::Purpose;
using crypto::SigningKey;
using testing::Value;
using testing::World;

class SignersTest : public ::testing::Test {
 protected:
  const v1::KeySet& Roots(const std::string& state) const {
    return FindState(view_->roster().body, state)->roots();
  }
  // A charter of QM, signed with this key alone.
  v1::SignedDocument CharterBy(const SigningKey& key) {
    v1::SignedDocument document = world_.NextCharter("QM", nullptr);
    document.clear_signatures();
    SignDocument(Purpose::kCharter, key, &document);
    return document;
  }
  absl::Status Judge(const v1::SignedDocument& charter) const {
    return NameSigner(VerifyCharter(charter, view_->roster(), nullptr).status(), Purpose::kCharter,
                      Roots("QM"), charter, OtherSignersIn(*view_, "QM", Purpose::kCharter));
  }
  // Other roots of QM, signed by the old ones too when `agreed`.
  void ChangeRoots(bool agreed) {
    v1::SignedDocument roster = world_.NextRoster([&](v1::Roster* next) {
      *next->mutable_states(0)->mutable_roots()->mutable_keys(0) =
          MakeVerificationKey(new_root_.public_key(), "the new safe");
    });
    if (agreed) SignDocument(Purpose::kRoster, world_.state("QM").roots[0], &roster);
    view_ = Value(OfferRoster(view_, roster)).view;
  }

  World world_;
  TrustPtr view_ = world_.View();
  SigningKey new_root_ = SigningKey::Generate(world_.random);
};

TEST_F(SignersTest, AReplacedRootIsNamed) {
  ChangeRoots(true);
  EXPECT_THAT(Judge(CharterBy(world_.state("QM").roots[0])),
              IsRefused("REVOKED_SIGNER", "which was replaced"));
  EXPECT_THAT(Judge(CharterBy(new_root_)), IsAccepted());
  // A state that was not there then had no roots.
  EXPECT_TRUE(OtherSignersIn(*view_, "QZ", Purpose::kCharter).former.empty());
}

TEST_F(SignersTest, ARootOfARosterThatWaitsIsNamedAndIsNoFault) {
  ChangeRoots(false);
  absl::Status status = Judge(CharterBy(new_root_));
  EXPECT_THAT(status, IsRefused("ROOT_CHANGE_UNCONFIRMED", "of the new safe signed it"));
  EXPECT_FALSE(IsVoidDocument(status));
}

TEST_F(SignersTest, AnotherStatesRootsAndAdministratorsAreNamed) {
  EXPECT_THAT(Judge(CharterBy(world_.state("QT").roots[0])),
              IsRefused("FOREIGN_SIGNER", "another state's"));
  EXPECT_THAT(Judge(CharterBy(world_.state("QT").admins[0])),
              IsRefused("FOREIGN_SIGNER", "another state's"));
}

TEST_F(SignersTest, AStateOfWhichNothingIsKnownYetHasItsRootsOnly) {
  view_ =
      std::make_shared<TrustView>(Value(VerifyFirstRoster(world_.rosters[0], world_.fingerprint)));
  EXPECT_THAT(Judge(CharterBy(world_.state("QT").roots[0])), IsRefused("FOREIGN_SIGNER", ""));
  EXPECT_THAT(Judge(CharterBy(world_.state("QT").admins[0])), IsRefused("UNKNOWN_SIGNER", ""));
  view_ = view_->WithState("QT", StateView());
  EXPECT_THAT(Judge(CharterBy(world_.state("QT").admins[0])), IsRefused("UNKNOWN_SIGNER", ""));
}

TEST_F(SignersTest, AStrangerStaysOne) {
  EXPECT_THAT(Judge(CharterBy(SigningKey::Generate(world_.random))),
              IsRefused("UNKNOWN_SIGNER", "0 of the 1 signatures"));
}

TEST_F(SignersTest, WhoOnlyNamesAKeyHasNotSignedWithIt) {
  v1::SignedDocument charter = CharterBy(SigningKey::Generate(world_.random));
  charter.mutable_signatures(0)->set_key_id(Roots("QT").keys(0).key_id());
  EXPECT_THAT(Judge(charter), IsRefused("UNKNOWN_SIGNER", ""));
}

TEST_F(SignersTest, AKeyOfAnotherSizeSignsNothing) {
  v1::SignedDocument charter = CharterBy(world_.state("QT").roots[0]);
  v1::KeySet damaged = Roots("QT");
  damaged.mutable_keys(0)->mutable_public_key()->pop_back();
  OtherSigners others;
  others.foreign.push_back(&damaged);
  EXPECT_THAT(NameSigner(InputError("UNKNOWN_SIGNER", "text"), Purpose::kCharter, Roots("QM"),
                         charter, others),
              IsRefused("UNKNOWN_SIGNER", "text"));
}

// Its signature is not what is missing.
TEST_F(SignersTest, AKeyThatMaySignAndOnceMightToo) {
  ChangeRoots(true);
  v1::SignedDocument charter = CharterBy(new_root_);
  SignDocument(Purpose::kCharter, SigningKey::Generate(world_.random), &charter);
  v1::KeySet two = Roots("QM");
  OtherSigners others;
  others.former.push_back(&two);
  EXPECT_THAT(
      NameSigner(InputError("UNKNOWN_SIGNER", "text"), Purpose::kCharter, two, charter, others),
      IsRefused("UNKNOWN_SIGNER", "text"));
}

TEST_F(SignersTest, AReplacedDepositaryIsNamed) {
  SigningKey next = SigningKey::Generate(world_.random);
  SigningKey former = Value(SigningKey::FromSeed(world_.roster_keys[0].seed().Clone()));
  v1::SignedDocument roster = world_.NextRoster([&](v1::Roster* body) {
    *body->mutable_roster_keys()->mutable_keys(0) =
        MakeVerificationKey(next.public_key(), "the new depositary");
  });
  roster.clear_signatures();
  SignDocument(Purpose::kRoster, former, &roster);
  SignDocument(Purpose::kRoster, next, &roster);
  SignDocument(Purpose::kRoster, world_.roster_keys[1], &roster);
  view_ = Value(OfferRoster(view_, roster)).view;
  world_.roster_keys[0] = std::move(next);
  v1::SignedDocument third = world_.NextRoster(nullptr);
  third.clear_signatures();
  SignDocument(Purpose::kRoster, former, &third);
  SignDocument(Purpose::kRoster, world_.roster_keys[1], &third);
  absl::Status refused = OfferRoster(view_, third).status();
  EXPECT_THAT(refused, IsRefused("UNKNOWN_SIGNER", "1 of the 2"));
  EXPECT_THAT(NameSigner(refused, Purpose::kRoster, view_->roster().body.roster_keys(), third,
                         OtherSignersIn(*view_, "", Purpose::kRoster)),
              IsRefused("REVOKED_SIGNER", "which was replaced"));
}

// Also when a later roster named the same roots again: that replaced nobody.
TEST_F(SignersTest, ItsOwnRootSignsNoDirectoryAndIsNeitherForeignNorReplaced) {
  const auto by_root = [&]() {
    v1::SignedDocument directory = world_.NextDirectory("QM", nullptr);
    directory.clear_signatures();
    SignDocument(Purpose::kDirectory, world_.state("QM").roots[0], &directory);
    const Charter& charter = *view_->Find("QM")->charter;
    return NameSigner(VerifyDirectory(directory, charter, nullptr).status(), Purpose::kDirectory,
                      charter.body.directory_keys(), directory,
                      OtherSignersIn(*view_, "QM", Purpose::kDirectory));
  };
  EXPECT_THAT(by_root(), IsRefused("UNKNOWN_SIGNER", "0 of the 2 signatures"));
  view_ = Value(OfferRoster(view_, world_.NextRoster(nullptr))).view;
  EXPECT_THAT(by_root(), IsRefused("UNKNOWN_SIGNER", "0 of the 2 signatures"));
}

// A root that no roster in force ever named was not replaced.
TEST_F(SignersTest, ARootThatNeverCountedIsNoReplacedOne) {
  v1::KeySet old = Roots("QM");
  ChangeRoots(false);
  view_ = Value(OfferRoster(view_, world_.NextRoster([&](v1::Roster* roster) {
            *roster->mutable_states(0)->mutable_roots() = old;
          }))).view;
  ASSERT_FALSE(view_->WasInForce(2));
  EXPECT_THAT(Judge(CharterBy(new_root_)), IsRefused("UNKNOWN_SIGNER", ""));
}

// Whoever puts many names under a large document makes nobody verify them all.
TEST_F(SignersTest, OneSignatureIsVerifiedAndNoMore) {
  v1::SignedDocument charter = CharterBy(SigningKey::Generate(world_.random));
  charter.mutable_signatures(0)->set_key_id(Roots("QT").keys(0).key_id());
  SignDocument(Purpose::kCharter, world_.state("QT").admins[0], &charter);
  EXPECT_THAT(Judge(charter), IsRefused("UNKNOWN_SIGNER", ""));
}

TEST_F(SignersTest, TooManySignaturesAreNotLookedAtAndNoKeysAcceptNothing) {
  v1::SignedDocument charter = CharterBy(world_.state("QM").roots[0]);
  EXPECT_THAT(CheckThreshold(Purpose::kCharter, Roots("QM"), charter, "charter"), IsAccepted());
  EXPECT_THAT(CheckThreshold(Purpose::kCharter, v1::KeySet(), charter, "charter"),
              IsRefused("BAD_DOCUMENT", "nobody may sign it"));
  while (charter.signatures_size() <= static_cast<int>(limits::kMaxDocumentSignatures)) {
    *charter.add_signatures() = charter.signatures(0);
  }
  EXPECT_THAT(CheckThreshold(Purpose::kCharter, Roots("QM"), charter, "charter"),
              IsRefused("BAD_DOCUMENT", "too many signatures"));
}

TEST_F(SignersTest, AnotherRefusalStaysAsItIs) {
  EXPECT_THAT(NameSigner(Refused("OLD_VERSION", "text"), Purpose::kCharter, Roots("QM"),
                         CharterBy(world_.state("QT").roots[0]),
                         OtherSignersIn(*view_, "QM", Purpose::kCharter)),
              IsRefused("OLD_VERSION", "text"));
}

}  // namespace
}  // namespace palermo::trust
