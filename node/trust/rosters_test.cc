#include "node/trust/rosters.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using crypto::Purpose;
using crypto::SigningKey;
using testing::Value;
using testing::World;
using testing::WorldOptions;
using Outcome = RosterOffer::Outcome;

WorldOptions Three() {
  WorldOptions options;
  options.states = {"QM", "QT", "QV"};
  return options;
}

class RostersTest : public ::testing::Test {
 protected:
  // The next roster of the world, with other roots of `state`.
  v1::SignedDocument NewRoots(const std::string& state, const SigningKey& key) {
    return world_.NextRoster([&](v1::Roster* roster) { SetRoots(roster, state, key); });
  }
  static void SetRoots(v1::Roster* roster, const std::string& state, const SigningKey& key) {
    for (auto& entry : *roster->mutable_states()) {
      if (entry.state() != state) continue;
      *entry.mutable_roots()->mutable_keys(0) = MakeVerificationKey(key.public_key(), "new");
    }
  }
  static void Remove(v1::Roster* roster, const std::string& state) {
    for (int i = 0; i < roster->states_size(); ++i) {
      if (roster->states(i).state() == state) return roster->mutable_states()->DeleteSubrange(i, 1);
    }
  }
  RosterOffer Offer(const v1::SignedDocument& document) {
    RosterOffer offer = Value(OfferRoster(view_, document), "offering a roster");
    view_ = offer.view;
    return offer;
  }
  Hash FingerprintOf(const SigningKey& key) {
    v1::KeySet roots;
    roots.set_threshold(1);
    *roots.add_keys() = MakeVerificationKey(key.public_key(), "whoever");
    return RootsFingerprint("QT", roots);
  }
  absl::Status Confirm(const Hash& fingerprint) {
    auto offer = ConfirmRoots(view_, "QT", fingerprint);
    if (offer.ok()) view_ = offer->view;
    return offer.status();
  }
  uint64_t InForce() { return view_->roster().body.version(); }

  World world_{Three()};
  SigningKey new_root_ = SigningKey::Generate(world_.random);
  TrustPtr view_ =
      std::make_shared<TrustView>(Value(VerifyFirstRoster(world_.rosters[0], world_.fingerprint)));
};

TEST_F(RostersTest, ANextOneWithoutRootChangesIsTakenAtOnce) {
  EXPECT_EQ(Offer(world_.NextRoster(nullptr)).outcome, Outcome::kTaken);
  EXPECT_EQ(InForce(), 2u);
  EXPECT_TRUE(view_->waiting().empty());
  EXPECT_EQ(Offer(world_.rosters[0]).outcome, Outcome::kKnown);
}

TEST_F(RostersTest, ARootChangeWaitsAndTheOldRosterStaysInForce) {
  EXPECT_EQ(Offer(NewRoots("QT", new_root_)).outcome, Outcome::kWaiting);
  EXPECT_EQ(InForce(), 1u);
  auto differences = WaitingDifferences(*view_);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].state, "QT");
  EXPECT_EQ(RootsFingerprint("QT", differences[0].after), FingerprintOf(new_root_));
  EXPECT_EQ(Offer(world_.rosters[1]).outcome, Outcome::kKnown);  // again: nothing new
}

TEST_F(RostersTest, TheOldRootsSignatureThatComesLaterFreesIt) {
  v1::SignedDocument roster = NewRoots("QT", new_root_);
  Offer(roster);
  v1::SignedDocument more = roster;
  SignDocument(crypto::Purpose::kRoster, new_root_, &more);  // another root's is not enough
  EXPECT_EQ(Offer(more).outcome, Outcome::kKnown);
  SignDocument(crypto::Purpose::kRoster, world_.state("QT").roots[0], &more);
  v1::SignedDocument fewer = more;
  fewer.mutable_signatures()->DeleteSubrange(0, 1);  // without the depositaries' threshold
  EXPECT_EQ(Offer(fewer).outcome, Outcome::kKnown);
  EXPECT_EQ(InForce(), 1u);
  EXPECT_EQ(Offer(more).outcome, Outcome::kTaken);
  EXPECT_EQ(InForce(), 2u);
  EXPECT_TRUE(view_->waiting().empty());
}

TEST_F(RostersTest, TheSignatureMayComeLaterToTheSecondOfTwoThatWait) {
  Offer(NewRoots("QT", new_root_));
  v1::SignedDocument third = world_.NextRoster(nullptr);
  EXPECT_EQ(Offer(third).outcome, Outcome::kWaiting);
  v1::SignedDocument first_waiting = view_->waiting()[0]->signed_document;
  SignDocument(Purpose::kRoster, world_.state("QT").roots[0], &third);
  EXPECT_EQ(Offer(third).outcome, Outcome::kTaken);
  EXPECT_EQ(InForce(), 3u);
  // The one before it stands in the chain as it came.
  EXPECT_EQ(view_->past_rosters().back()->signed_document.SerializeAsString(),
            first_waiting.SerializeAsString());
}

TEST_F(RostersTest, TheRightFingerprintFreesIt) {
  Offer(NewRoots("QT", new_root_));
  EXPECT_THAT(Confirm(Hash{}), IsRefused("ROOT_CHANGE_UNCONFIRMED", "not the fingerprint"));
  EXPECT_EQ(InForce(), 1u);
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_EQ(InForce(), 2u);
  EXPECT_TRUE(view_->waiting().empty());
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsRefused("ROOT_CHANGE_UNCONFIRMED", "no roster"));
}

TEST_F(RostersTest, TheFingerprintOfAnotherStateDoesNotFreeIt) {
  Offer(NewRoots("QT", new_root_));
  v1::KeySet roots = WaitingDifferences(*view_)[0].after;
  EXPECT_THAT(Confirm(RootsFingerprint("QM", roots)),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "not the fingerprint"));
}

// Its signatures are not looked at.
TEST_F(RostersTest, AnotherRosterOfAKnownVersionThatIsTooLargeIsRefusedAsSuch) {
  v1::SignedDocument roster = world_.rosters.front();
  v1::Roster padding;
  padding.add_states()->set_name(std::string(limits::kMaxRosterBytes, 'x'));
  roster.set_document(Cat({roster.document(), padding.SerializeAsString()}));
  EXPECT_THAT(OfferRoster(view_, roster).status(), IsRefused("DOCUMENT_TOO_LARGE", ""));
}

TEST_F(RostersTest, TwoChangesNeedTwoConfirmations) {
  SigningKey other = SigningKey::Generate(world_.random);
  Offer(world_.NextRoster([&](v1::Roster* roster) {
    SetRoots(roster, "QT", new_root_);
    SetRoots(roster, "QV", other);
  }));
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_EQ(InForce(), 1u);
  ASSERT_EQ(WaitingDifferences(*view_).size(), 1u);
  EXPECT_EQ(WaitingDifferences(*view_)[0].state, "QV");
}

TEST_F(RostersTest, ALaterRosterThatTakesTheChangeBackSupersedesTheWaitingOne) {
  v1::KeySet old = view_->roster().body.states(1).roots();
  Offer(NewRoots("QT", new_root_));
  RosterOffer offer = Offer(world_.NextRoster(
      [&](v1::Roster* roster) { *roster->mutable_states(1)->mutable_roots() = old; }));
  EXPECT_EQ(offer.outcome, Outcome::kTaken);
  EXPECT_EQ(offer.taken.size(), 2u);
  EXPECT_EQ(InForce(), 3u);
  EXPECT_TRUE(view_->WasInForce(1));
  EXPECT_FALSE(view_->WasInForce(2));  // never counted
}

TEST_F(RostersTest, ALaterRosterThatKeepsTheChangeWaitsToo) {
  Offer(NewRoots("QT", new_root_));
  EXPECT_EQ(Offer(world_.NextRoster(nullptr)).outcome, Outcome::kWaiting);
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_EQ(InForce(), 3u);
}

TEST_F(RostersTest, TheOldRootsFreeItInALaterRosterOnlyForTheRootsThatTheySign) {
  Offer(NewRoots("QT", new_root_));
  v1::SignedDocument third = world_.NextRoster(nullptr);
  SignDocument(Purpose::kRoster, world_.state("QT").roots[0], &third);
  EXPECT_EQ(Offer(third).outcome, Outcome::kTaken);
  EXPECT_EQ(InForce(), 3u);
}

TEST_F(RostersTest, AStateThatComesBackWithOtherRootsNeedsConfirmation) {
  EXPECT_EQ(Offer(world_.NextRoster([](v1::Roster* r) { Remove(r, "QT"); })).outcome,
            Outcome::kTaken);
  v1::RosterState entry =
      *FindState(Value(VerifyFirstRoster(world_.rosters[0], world_.fingerprint)).body, "QT");
  auto back = [&](v1::Roster* roster) {
    *roster->add_states() = entry;
    roster->mutable_states()->SwapElements(1, 2);
  };
  v1::SignedDocument third = world_.NextRoster([&](v1::Roster* roster) {
    back(roster);
    SetRoots(roster, "QT", new_root_);
  });
  EXPECT_EQ(Offer(third).outcome, Outcome::kWaiting);
  auto differences = WaitingDifferences(*view_);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_TRUE(differences[0].returns);
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_EQ(InForce(), 3u);
}

TEST_F(RostersTest, AStateThatComesBackWithItsOldRootsNeedsNone) {
  v1::RosterState entry = view_->roster().body.states(1);
  Offer(world_.NextRoster([](v1::Roster* r) { Remove(r, "QT"); }));
  EXPECT_EQ(Offer(world_.NextRoster([&](v1::Roster* roster) {
              *roster->add_states() = entry;
              roster->mutable_states()->SwapElements(1, 2);
            })).outcome,
            Outcome::kTaken);
}

TEST_F(RostersTest, AnotherDocumentOfAKnownVersionIsAForkWhenItIsSigned) {
  Offer(world_.NextRoster(nullptr));
  Offer(world_.NextRoster(nullptr));
  for (int version : {1, 2, 3}) {  // past, past, in force
    v1::Roster other = BodyOf<v1::Roster>(world_.rosters[version - 1]);
    other.set_expires_at_ms(other.expires_at_ms() - 1);
    auto forged = Signed(other, Purpose::kRoster, world_.roster_keys, 2);
    EXPECT_THAT(OfferRoster(view_, forged), IsRefused("VERSION_FORK", "two different documents"));
    forged.mutable_signatures()->RemoveLast();
    EXPECT_THAT(OfferRoster(view_, forged), IsRefused("TOO_FEW_SIGNATURES", "signatures"));
  }
}

TEST_F(RostersTest, AnotherDocumentOfAWaitingVersionIsAForkToo) {
  Offer(NewRoots("QT", new_root_));
  v1::Roster other = BodyOf<v1::Roster>(world_.rosters[1]);
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  EXPECT_THAT(OfferRoster(view_, Signed(other, Purpose::kRoster, world_.roster_keys, 2)),
              IsRefused("VERSION_FORK", "two different documents have version 2"));
}

TEST_F(RostersTest, RefusesAJumpOverTheWaitingOnes) {
  Offer(NewRoots("QT", new_root_));
  world_.NextRoster(nullptr);
  EXPECT_THAT(OfferRoster(view_, world_.NextRoster(nullptr)),
              IsRefused("VERSION_JUMP", "its version is 4, the next one is 3"));
}

TEST_F(RostersTest, TheSecondOfTwoChangesCanBeConfirmedFirst) {
  SigningKey other = SigningKey::Generate(world_.random);
  Offer(world_.NextRoster([&](v1::Roster* roster) {
    SetRoots(roster, "QM", other);
    SetRoots(roster, "QT", new_root_);
  }));
  EXPECT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());  // of QT, which is listed after QM
  ASSERT_EQ(WaitingDifferences(*view_).size(), 1u);
  EXPECT_EQ(WaitingDifferences(*view_)[0].state, "QM");
}

TEST_F(RostersTest, ANewStateInAWaitingRosterNeedsNoConfirmation) {
  Offer(NewRoots("QT", new_root_));
  v1::KeySet roots = view_->roster().body.states(0).roots();
  EXPECT_EQ(Offer(world_.NextRoster([&](v1::Roster* roster) {
              v1::RosterState* entry = roster->add_states();
              entry->set_state("QX");
              *entry->mutable_roots() = roots;
            })).outcome,
            Outcome::kWaiting);
  auto differences = WaitingDifferences(*view_);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].state, "QT");
  ASSERT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_EQ(InForce(), 3u);
  EXPECT_EQ(view_->known_roots().count("QX"), 1u);
}

TEST_F(RostersTest, AnotherFirstRosterIsAForkWhenItsOwnKeysSignedIt) {
  v1::Roster other = BodyOf<v1::Roster>(world_.rosters[0]);
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  EXPECT_THAT(OfferRoster(view_, Signed(other, Purpose::kRoster, world_.roster_keys, 2)),
              IsRefused("VERSION_FORK", "roster: two different documents have version 1"));
  EXPECT_THAT(OfferRoster(view_, Signed(other, Purpose::kRoster, world_.roster_keys, 1)),
              IsRefused("TOO_FEW_SIGNATURES", "roster: 1 of the 2 signatures"));
}

// Who met the roster at version 3 knows none before it.
TEST_F(RostersTest, RefusesAnOlderOneThanAllThatAreKnown) {
  world_.NextRoster(nullptr);
  world_.NextRoster(nullptr);
  Hash third = crypto::Sha256(world_.rosters[2].document());
  TrustPtr late = std::make_shared<TrustView>(Value(VerifyFirstRoster(world_.rosters[2], third)));
  EXPECT_THAT(OfferRoster(late, world_.rosters[1]),
              IsRefused("OLD_VERSION", "roster: version 2 is older than all known here"));
  EXPECT_EQ(Value(OfferRoster(late, world_.rosters[2])).outcome, Outcome::kKnown);
}

TEST_F(RostersTest, RefusesWhatIsNoRoster) {
  v1::SignedDocument document;
  document.set_document("\xFF");
  EXPECT_THAT(OfferRoster(view_, document),
              IsRefused("BAD_DOCUMENT", "the roster is not a valid message"));
}

TEST_F(RostersTest, BoundsHowManyWait) {
  Offer(NewRoots("QT", new_root_));
  for (size_t i = 1; i < limits::kMaxWaitingRosters; ++i) Offer(world_.NextRoster(nullptr));
  EXPECT_THAT(OfferRoster(view_, world_.NextRoster(nullptr)), IsRefused("TOO_MANY", "wait"));
}

TEST_F(RostersTest, AnExpiredRosterStopsNewThingsAtOnceAndTheRestAfterNinetyDays) {
  const v1::Roster& roster = view_->roster().body;
  absl::Time end = FromMillis(roster.expires_at_ms());
  absl::Duration tick = absl::Milliseconds(1);
  EXPECT_THAT(CheckRosterInTime(roster, RosterUse::kNew, end - tick), IsAccepted());
  EXPECT_THAT(CheckRosterInTime(roster, RosterUse::kNew, end), IsRefused("ROSTER_EXPIRED", "wait"));
  absl::Time grace = end + absl::Hours(24 * 90);
  EXPECT_THAT(CheckRosterInTime(roster, RosterUse::kExisting, grace - tick), IsAccepted());
  EXPECT_THAT(CheckRosterInTime(roster, RosterUse::kExisting, grace),
              IsRefused("ROSTER_EXPIRED", "is over"));
}

TEST_F(RostersTest, ACharterOfAPastRosterIsKnownAsSuch) {
  v1::SignedDocument charter = world_.state("QT").charter;
  Offer(NewRoots("QT", new_root_));
  ASSERT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  EXPECT_THAT(VerifyCharter(charter, view_->roster(), nullptr), IsRefused("UNKNOWN_SIGNER", ""));
  EXPECT_THAT(VerifyCharterOfAnyTime(charter, *view_), IsAccepted());
}

// Away while charter 2 and then the roots of QT changed: charter 3, of the new roots, vouches
// for 2.
TEST_F(RostersTest, ALaterCharterVouchesForTheOneBeforeTheRootsChanged) {
  Charter first = Value(VerifyCharter(world_.state("QT").charter, view_->roster(), nullptr));
  v1::SignedDocument second = world_.NextCharter("QT", nullptr);
  Offer(NewRoots("QT", new_root_));
  ASSERT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  SigningKey old_root = std::move(world_.state("QT").roots[0]);
  world_.state("QT").roots[0] = Value(SigningKey::FromSeed(new_root_.seed().Clone()));
  v1::SignedDocument third = world_.NextCharter("QT", nullptr);

  EXPECT_THAT(VerifyOfferedCharter(second, *view_, &first, {}), IsRefused("UNKNOWN_SIGNER", ""));
  VouchedCharters vouched = FindVouchedCharters({&second, &third}, *view_, "QT");
  // The vouched one vouches for the one before it.
  EXPECT_EQ(vouched, (VouchedCharters{crypto::Sha256(second.document()), first.sha256}));
  EXPECT_THAT(VerifyOfferedCharter(second, *view_, &first, vouched), IsAccepted());
  Charter taken = Value(VerifyOfferedCharter(second, *view_, &first, vouched));
  EXPECT_THAT(VerifyOfferedCharter(third, *view_, &taken, vouched), IsAccepted());
  // Not the one after the vouched one, and nothing that only the old root vouches for.
  v1::SignedDocument stolen = third;
  stolen.clear_signatures();
  SignDocument(Purpose::kCharter, old_root, &stolen);
  EXPECT_TRUE(FindVouchedCharters({&second, &stolen}, *view_, "QT").empty());
  EXPECT_THAT(VerifyOfferedCharter(stolen, *view_, &taken,
                                   FindVouchedCharters({&second, &stolen}, *view_, "QT")),
              IsRefused("UNKNOWN_SIGNER", ""));
  // Another state's charter names it: its roots have no say.
  v1::Charter foreign;
  ASSERT_TRUE(foreign.ParseFromString(world_.state("QV").charter.document()));
  Hash named = crypto::Sha256(stolen.document());
  foreign.set_version(4);
  foreign.set_previous_sha256(std::string(AsView(named)));
  v1::SignedDocument accomplice;
  accomplice.set_document(StrictSerialize(foreign));
  SignDocument(Purpose::kCharter, world_.state("QV").roots[0], &accomplice);
  ASSERT_THAT(VerifyCharter(accomplice, view_->roster(), nullptr), IsAccepted());
  EXPECT_TRUE(FindVouchedCharters({&stolen, &accomplice}, *view_, "QT").empty());
  // Another second one, of the stolen root, is not what the third names.
  world_.state("QT").charter = second;
  v1::Charter other;
  ASSERT_TRUE(other.ParseFromString(second.document()));
  other.set_expires_at_ms(other.expires_at_ms() - 1);
  v1::SignedDocument forged;
  forged.set_document(other.SerializeAsString());
  SignDocument(Purpose::kCharter, old_root, &forged);
  EXPECT_THAT(VerifyOfferedCharter(forged, *view_, &first,
                                   FindVouchedCharters({&forged, &third}, *view_, "QT")),
              IsRefused("UNKNOWN_SIGNER", ""));
}

// Signed by the newest roots, each would vouch but for what is wrong with it.
TEST_F(RostersTest, OnlyAWholeCharterOfTheStateVouches) {
  v1::Charter body = BodyOf<v1::Charter>(world_.NextCharter("QT", nullptr));
  auto vouched = [&](const v1::Charter& charter) {
    v1::SignedDocument document = Signed(charter, Purpose::kCharter, world_.state("QT").roots, 1);
    return FindVouchedCharters({&document}, *view_, "QT").size();
  };
  EXPECT_EQ(vouched(body), 1u);
  v1::Charter other = body;
  other.mutable_previous_sha256()->pop_back();
  EXPECT_EQ(vouched(other), 0u);
  other.clear_previous_sha256();
  EXPECT_EQ(vouched(other), 0u);
  other = body;
  other.mutable_directory_keys()->mutable_keys(0)->set_holder(
      std::string(limits::kMaxCharterBytes, 'x'));
  EXPECT_EQ(vouched(other), 0u);
  other = body;
  other.set_state("QV");
  EXPECT_EQ(vouched(other), 0u);
  v1::SignedDocument broken = world_.state("QT").charter;
  broken.set_document("\xFF");
  EXPECT_TRUE(FindVouchedCharters({&broken}, *view_, "QT").empty());
}

// A giant is not read, also when the newest roots name it.
TEST_F(RostersTest, AGiantCharterVouchesForNothing) {
  const v1::SignedDocument first = world_.state("QT").charter;
  v1::SignedDocument giant = world_.NextCharter("QT", [](v1::Charter* charter) {
    charter->mutable_directory_keys()->mutable_keys(0)->set_holder(
        std::string(limits::kMaxCharterBytes, 'x'));
  });
  v1::SignedDocument third = world_.NextCharter("QT", [](v1::Charter* charter) {
    charter->mutable_directory_keys()->mutable_keys(0)->clear_holder();
  });
  EXPECT_EQ(FindVouchedCharters({&giant, &third}, *view_, "QT"),
            VouchedCharters{crypto::Sha256(giant.document())});
}

TEST_F(RostersTest, ACharterOfTheRootsBeforeTheLastTwoIsKnownAsSuch) {
  v1::SignedDocument charter = world_.state("QT").charter;
  SigningKey newest = SigningKey::Generate(world_.random);
  Offer(NewRoots("QT", new_root_));
  ASSERT_THAT(Confirm(FingerprintOf(new_root_)), IsAccepted());
  Offer(NewRoots("QT", newest));
  ASSERT_THAT(Confirm(FingerprintOf(newest)), IsAccepted());
  EXPECT_THAT(VerifyCharterOfAnyTime(charter, *view_), IsAccepted());
}

TEST_F(RostersTest, ACharterOfRootsThatNeverCountedIsRefused) {
  v1::KeySet old = view_->roster().body.states(1).roots();
  Offer(NewRoots("QT", new_root_));
  Offer(world_.NextRoster(
      [&](v1::Roster* roster) { *roster->mutable_states(1)->mutable_roots() = old; }));
  v1::SignedDocument charter = world_.state("QT").charter;
  charter.clear_signatures();
  SignDocument(Purpose::kCharter, new_root_, &charter);
  EXPECT_THAT(VerifyCharterOfAnyTime(charter, *view_), IsRefused("UNKNOWN_SIGNER", ""));
}

}  // namespace
}  // namespace palermo::trust
