#include "node/trust/trust_view.h"

#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::Value;
using testing::World;

constexpr absl::Duration kLife = absl::Milliseconds(limits::kMaxMessageLifeMillis);

// ---- policy
class Policy : public ::testing::Test {
 protected:
  void Add(v1::Family::Code family, v1::Act::Code act, v1::Urgency::Code urgency,
           uint32_t approvals) {
    v1::PolicyEntry* entry = directory_.add_policy();
    entry->set_family(family);
    entry->set_act(act);
    entry->set_urgency(urgency);
    entry->set_approvals(approvals);
  }
  // Of an MLA request of routine urgency.
  uint32_t Needed() {
    Directory directory;
    directory.body = directory_;
    return DirectoryIndex(std::move(directory))
        .ApprovalsNeeded(v1::Family::MLA, v1::Act::REQUEST, v1::Urgency::ROUTINE);
  }
  v1::Directory directory_;
};

TEST_F(Policy, AsksOneApprovalWhenItSaysNothing) { EXPECT_EQ(Needed(), 1u); }

TEST_F(Policy, TheGeneralEntryCounts) {
  Add(v1::Family::UNSPECIFIED, v1::Act::UNSPECIFIED, v1::Urgency::UNSPECIFIED, 3);
  EXPECT_EQ(Needed(), 3u);
}

TEST_F(Policy, EntriesForSomethingElseDoNotCount) {
  Add(v1::Family::EXTRADITION, v1::Act::REQUEST, v1::Urgency::ROUTINE, 5);
  Add(v1::Family::MLA, v1::Act::REFUSAL, v1::Urgency::ROUTINE, 6);
  Add(v1::Family::MLA, v1::Act::REQUEST, v1::Urgency::EMERGENCY_LIFE, 7);
  EXPECT_EQ(Needed(), 1u);
}

TEST_F(Policy, TheMostSpecificEntryCountsInAnyOrder) {
  Add(v1::Family::MLA, v1::Act::REQUEST, v1::Urgency::ROUTINE, 4);
  Add(v1::Family::UNSPECIFIED, v1::Act::UNSPECIFIED, v1::Urgency::UNSPECIFIED, 3);
  EXPECT_EQ(Needed(), 4u);
  std::swap(*directory_.mutable_policy(0), *directory_.mutable_policy(1));
  EXPECT_EQ(Needed(), 4u);
}

TEST_F(Policy, AnActWeighsMoreThanUrgencyAndFamily) {
  Add(v1::Family::MLA, v1::Act::UNSPECIFIED, v1::Urgency::ROUTINE, 2);
  Add(v1::Family::UNSPECIFIED, v1::Act::REQUEST, v1::Urgency::UNSPECIFIED, 5);
  EXPECT_EQ(Needed(), 5u);
}

TEST_F(Policy, AnUrgencyWeighsMoreThanAFamily) {
  Add(v1::Family::MLA, v1::Act::UNSPECIFIED, v1::Urgency::UNSPECIFIED, 2);
  Add(v1::Family::UNSPECIFIED, v1::Act::UNSPECIFIED, v1::Urgency::ROUTINE, 5);
  EXPECT_EQ(Needed(), 5u);
}

TEST_F(Policy, AFamilyWeighsMoreThanNothing) {
  Add(v1::Family::MLA, v1::Act::UNSPECIFIED, v1::Urgency::UNSPECIFIED, 2);
  Add(v1::Family::UNSPECIFIED, v1::Act::UNSPECIFIED, v1::Urgency::UNSPECIFIED, 5);
  EXPECT_EQ(Needed(), 2u);
}

// ---- look-ups
class Index : public ::testing::Test {
 protected:
  World world_;
  DirectoryPtr directory_ = world_.Directory("QM");
};

TEST_F(Index, FindsOfficersAndAuthoritiesByTheirIds) {
  EXPECT_EQ(directory_->FindOfficer("QM/central/o-0002")->id(), "QM/central/o-0002");
  EXPECT_EQ(directory_->FindOfficer("QM/central/o-0099"), nullptr);
  EXPECT_EQ(directory_->FindAuthority("QM/central")->id(), "QM/central");
  EXPECT_EQ(directory_->FindAuthority("QT/central"), nullptr);
}

TEST_F(Index, TellsOfficersAndTheNodeApartByTheirPins) {
  const std::string& pin = world_.officer("QM/central/o-0003").tls_pin;
  EXPECT_EQ(directory_->FindOfficerByPin(pin)->id(), "QM/central/o-0003");
  EXPECT_EQ(directory_->FindOfficerByPin(world_.state("QM").tls_pin), nullptr);
  EXPECT_TRUE(directory_->IsNodePin(world_.state("QM").tls_pin));
  EXPECT_FALSE(directory_->IsNodePin(pin));
}

TEST_F(Index, RefersToItsBytes) {
  v1::DocumentReference reference = directory_->Reference();
  EXPECT_EQ(reference.state(), "QM");
  EXPECT_EQ(reference.version(), 1u);
  EXPECT_EQ(reference.sha256(), Bytes(crypto::Sha256(world_.state("QM").directory.document())));
}

TEST_F(Index, KnowsTheCheckpointKey) {
  EXPECT_EQ(directory_->CheckpointKey(), world_.state("QM").checkpoint.public_key());
}

TEST_F(Index, AMandateRunsFromItsFirstToBeforeItsLastMoment) {
  v1::OfficerEntry officer = *directory_->FindOfficer("QM/central/o-0001");
  absl::Time from = FromMillis(officer.valid_from_ms());
  absl::Time to = FromMillis(officer.valid_to_ms());
  EXPECT_THAT(CheckMandate(officer, from - absl::Milliseconds(1)),
              IsRefused("OFFICER_NOT_IN_FORCE", officer.id()));
  EXPECT_THAT(CheckMandate(officer, from), IsAccepted());
  EXPECT_THAT(CheckMandate(officer, to - absl::Milliseconds(1)), IsAccepted());
  EXPECT_THAT(CheckMandate(officer, to), IsRefused("OFFICER_NOT_IN_FORCE", officer.id()));
}

// ---- sealing keys: version 1 from hour 0 to 10, version 2 from hour 5 to 20
class SealingKeys : public ::testing::Test {
 protected:
  SealingKeys() {
    authority_.set_id("QM/central");
    Add(2, 5, 20);
    Add(1, 0, 10);
  }
  void Add(uint32_t version, int from_hour, int to_hour) {
    v1::SealingKeyEntry* key = authority_.add_sealing_keys();
    key->set_version(version);
    key->set_key_id(std::string(16, static_cast<char>('0' + version)));
    key->set_valid_from_ms(ToMillis(start_ + absl::Hours(from_hour)));
    key->set_valid_to_ms(ToMillis(start_ + absl::Hours(to_hour)));
  }
  uint32_t ActiveAt(double hour) {
    return Value(ActiveSealingKey(authority_, start_ + absl::Hours(hour)))->version();
  }
  absl::Status Deliver(uint32_t version, absl::Duration after_window) {
    const v1::SealingKeyEntry& key = authority_.sealing_keys(version == 2 ? 0 : 1);
    return CheckDeliverable(authority_, key.key_id(), FromMillis(key.valid_to_ms()) + after_window);
  }
  absl::Time start_ = FromMillis(1772442000000);
  v1::AuthorityEntry authority_;
};

TEST_F(SealingKeys, TheNewestWithAnOpenWindowIsUsed) {
  EXPECT_EQ(ActiveAt(0), 1u);
  EXPECT_EQ(ActiveAt(4.9), 1u);
  EXPECT_EQ(ActiveAt(5), 2u);
  EXPECT_EQ(ActiveAt(12), 2u);
}

TEST_F(SealingKeys, TheOrderInTheDirectoryDoesNotMatter) {
  Add(3, 5, 20);
  EXPECT_EQ(ActiveAt(5), 3u);
  authority_.mutable_sealing_keys()->SwapElements(0, 2);
  EXPECT_EQ(ActiveAt(5), 3u);
}

TEST_F(SealingKeys, NoneIsUsedOutsideEveryWindow) {
  EXPECT_THAT(ActiveSealingKey(authority_, start_ - absl::Milliseconds(1)),
              IsRefused("STALE_KEY", "QM/central has no sealing key that is valid now"));
  EXPECT_THAT(ActiveSealingKey(authority_, start_ + absl::Hours(20)),
              IsRefused("STALE_KEY", "QM/central has no sealing key that is valid now"));
}

TEST_F(SealingKeys, AKeyTakesDeliveriesUntilThirtyDaysAfterItsWindow) {
  EXPECT_THAT(Deliver(1, absl::ZeroDuration()), IsAccepted());
  EXPECT_THAT(Deliver(1, kLife - absl::Milliseconds(1)), IsAccepted());
  EXPECT_THAT(Deliver(1, kLife), IsRefused("STALE_KEY", "out of its window"));
}

TEST_F(SealingKeys, AWindowWithoutEndTakesDeliveries) {
  authority_.mutable_sealing_keys(1)->set_valid_to_ms(INT64_MAX);
  EXPECT_THAT(CheckDeliverable(authority_, authority_.sealing_keys(1).key_id(), start_),
              IsAccepted());
}

TEST_F(SealingKeys, AKeyOfNobodyIsUnknown) {
  EXPECT_THAT(CheckDeliverable(authority_, std::string(16, 'x'), start_),
              IsRefused("UNKNOWN_KEY", "not of QM/central"));
}

// ---- the view
TEST(View, KnowsAStateOfTheRosterOnlyWithItsDirectory) {
  World world;
  TrustView view(world.View()->roster());
  EXPECT_EQ(view.Find("QM"), nullptr);
  EXPECT_THAT(view.DirectoryOf("QM"), IsRefused("UNKNOWN_RECIPIENT", "is not known here yet"));
  TrustPtr whole = view.WithState("QM", *world.View()->Find("QM"));
  EXPECT_THAT(whole->DirectoryOf("QM"), IsAccepted());
  EXPECT_THAT(view.DirectoryOf("QM"), IsRefused("UNKNOWN_RECIPIENT", "is not known here yet"));
}

TEST(View, DoesNotKnowADirectoryThatIsNotThereYet) {
  World world;
  StateView only_charter{world.View()->Find("QM")->charter, nullptr};
  EXPECT_THAT(world.View()->WithState("QM", only_charter)->DirectoryOf("QM"),
              IsRefused("UNKNOWN_RECIPIENT", "is not known here yet"));
}

TEST(View, RemembersEveryDirectoryThatWasSeen) {
  World world;
  TrustPtr first = world.View();
  const Hash one = first->Find("QM")->directory->verified().sha256;
  world.NextDirectory("QM", nullptr);
  const StateView second = *world.View()->Find("QM");
  const Hash two = second.directory->verified().sha256;

  TrustView none(first->roster());
  EXPECT_FALSE(none.SeenDirectory("QM", 1).has_value());
  TrustPtr charter = none.WithState("QM", {second.charter, nullptr});
  EXPECT_FALSE(charter->SeenDirectory("QM", 1).has_value());

  TrustPtr view = first->WithState("QM", second);
  EXPECT_EQ(view->SeenDirectory("QM", 1), one);
  EXPECT_EQ(view->SeenDirectory("QM", 2), two);
  EXPECT_FALSE(view->SeenDirectory("QM", 3).has_value());
  EXPECT_FALSE(view->SeenDirectory("QT", 2).has_value());
  EXPECT_FALSE(first->SeenDirectory("QM", 2).has_value());  // a view does not change
}

TEST(View, KnowsTheCharterThatADirectoryWasSignedUnder) {
  World world;
  TrustPtr view = world.View();
  const StateView first = *view->Find("QM");
  EXPECT_EQ(first.directory_charter, first.charter);
  StateView later = first;
  later.charter = std::make_shared<Charter>(*first.charter);  // a newer one
  EXPECT_EQ(view->WithState("QM", later)->Find("QM")->directory_charter, first.charter);
}

TEST(View, WhatWasSeenFirstOfAVersionStays) {
  World world;
  TrustPtr view = world.View();
  const StateView state = *view->Find("QM");
  const Hash one = state.directory->verified().sha256;
  const Hash other = crypto::Sha256("another");
  // Loaded beside the newest: older versions, and another hash of the newest.
  TrustPtr loaded = view->WithSeenDirectories("QM", {{1, other}, {7, other}});
  EXPECT_EQ(loaded->SeenDirectory("QM", 1), one);
  EXPECT_EQ(loaded->SeenDirectory("QM", 7), other);
  // Loaded before the directory.
  TrustPtr early = TrustView(view->roster()).WithSeenDirectories("QM", {{1, other}});
  EXPECT_EQ(early->WithState("QM", state)->SeenDirectory("QM", 1), other);
}

TEST(View, DoesNotKnowAStateThatLeftTheRoster) {
  World world;
  TrustPtr view = world.View();
  EXPECT_THAT(view->DirectoryOf("QT"), IsAccepted());
  Roster smaller = view->roster();
  smaller.body.mutable_states()->RemoveLast();
  EXPECT_THAT(view->WithRoster(smaller)->DirectoryOf("QT"),
              IsRefused("UNKNOWN_RECIPIENT", "QT is not in the roster"));
  EXPECT_THAT(view->WithRoster(smaller)->DirectoryOf("QM"), IsAccepted());
}

}  // namespace
}  // namespace palermo::trust
