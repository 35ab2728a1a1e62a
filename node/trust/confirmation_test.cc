// The second confirmation of an emergency: when it is needed, and whose counts.
#include <gtest/gtest.h>

#include "node/trust/approvals.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::Value;
using testing::World;
constexpr auto kConfirm = v1::SignaturePurpose::CONFIRM;
constexpr char kSecond[] = "QM/central/o-0003";

class ConfirmationTest : public ::testing::Test {
 protected:
  ConfirmationTest() {
    world_.NextDirectory("QM", [](v1::Directory* d) {
      v1::PolicyEntry* entry = d->add_policy();
      entry->set_act(v1::Act::REQUEST);
      entry->set_urgency(v1::Urgency::EMERGENCY_LIFE);
      entry->set_approvals(1);
    });
    testing::EnvelopeSpec spec;
    spec.urgency = v1::Urgency::EMERGENCY_LIFE;
    sealed_ = world_.MakeEnvelope(spec);
    envelope_ = Value(ParseEnvelope(sealed_));
    list_ = {world_.Sign(sealed_, "QM/central/o-0001", v1::SignaturePurpose::DRAFT),
             world_.Sign(sealed_, "QM/central/o-0002", v1::SignaturePurpose::APPROVE)};
    submitted_ = world_.Directory("QM");
  }
  std::string Check(const v1::OfficerSignature& confirmation) {
    return CodeOf(CheckConfirmation(envelope_.header, AsView(envelope_.message_id), list_,
                                    *submitted_, confirmation, *world_.Directory("QM"),
                                    world_.clock.Now()));
  }
  v1::OfficerSignature Second() { return world_.Sign(sealed_, kSecond, kConfirm); }
  void Change(const std::function<void(v1::OfficerEntry*)>& change) {
    world_.NextDirectory("QM", [&](v1::Directory* d) {
      for (auto& officer : *d->mutable_officers()) {
        if (officer.id() == kSecond) change(&officer);
      }
    });
  }

  World world_;
  v1::Envelope sealed_;
  ParsedEnvelope envelope_;
  std::vector<v1::OfficerSignature> list_;
  DirectoryPtr submitted_;
};

TEST_F(ConfirmationTest, IsNeededWhenTheListHasFewerApprovalsThanWithoutUrgency) {
  EXPECT_TRUE(NeedsConfirmation(envelope_.header, list_, *submitted_));
  v1::Header routine = envelope_.header;
  routine.set_urgency(v1::Urgency::URGENT);
  EXPECT_FALSE(NeedsConfirmation(routine, list_, *submitted_));
  list_.push_back(world_.Sign(sealed_, kSecond, v1::SignaturePurpose::APPROVE));
  EXPECT_FALSE(NeedsConfirmation(envelope_.header, list_, *submitted_));
}

TEST_F(ConfirmationTest, AnotherApproverOfTheSenderConfirms) { EXPECT_EQ(Check(Second()), "OK"); }

TEST_F(ConfirmationTest, TheListItselfTakesNoConfirmation) {
  list_.push_back(Second());
  EXPECT_EQ(CodeOf(CheckSignatures(envelope_, list_, *submitted_, world_.clock.Now()).status()),
            "BAD_SIGNATURE");
}

TEST_F(ConfirmationTest, WhoSignedTheListConfirmsNothing) {
  EXPECT_EQ(Check(world_.Sign(sealed_, "QM/central/o-0002", kConfirm)), "SAME_OFFICER");
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->add_roles(v1::Role::APPROVER); });
  EXPECT_EQ(Check(world_.Sign(sealed_, "QM/central/o-0001", kConfirm)), "SAME_OFFICER");
}

TEST_F(ConfirmationTest, TheSamePersonInAnotherOfficeConfirmsNothing) {
  Change([&](v1::OfficerEntry* second) {
    second->set_person(submitted_->FindOfficer("QM/central/o-0002")->person());
  });
  EXPECT_EQ(Check(Second()), "SAME_PERSON");
}

TEST_F(ConfirmationTest, APersonWhoHasLeftTheOtherOfficeSinceConfirmsNothing) {
  std::string person = submitted_->FindOfficer("QM/central/o-0002")->person();
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    for (int i = 0; i < d->officers_size(); ++i) {
      if (d->officers(i).id() == "QM/central/o-0002") d->mutable_officers()->DeleteSubrange(i--, 1);
    }
    for (auto& officer : *d->mutable_officers()) {
      if (officer.id() == kSecond) officer.set_person(person);
    }
  });
  EXPECT_EQ(Check(Second()), "SAME_PERSON");
}

TEST_F(ConfirmationTest, AnotherPersonConfirmsAlthoughASignerHasLeftSince) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    for (int i = 0; i < d->officers_size(); ++i) {
      if (d->officers(i).id() == "QM/central/o-0002") d->mutable_officers()->DeleteSubrange(i--, 1);
    }
  });
  EXPECT_EQ(Check(Second()), "OK");
}

TEST_F(ConfirmationTest, OneKeyOfTwoOfficersConfirmsNothing) {
  // As they are now, and as they were at the submission.
  auto now = UncheckedDirectory(world_, [](v1::Directory* d) {
    d->mutable_officers(2)->set_signing_key(d->officers(1).signing_key());
  });
  EXPECT_EQ(CodeOf(CheckConfirmation(envelope_.header, AsView(envelope_.message_id), list_,
                                     *submitted_, Second(), *now, world_.clock.Now())),
            "SAME_KEY");
  auto then = UncheckedDirectory(world_, [](v1::Directory* d) {
    d->mutable_officers(1)->set_signing_key(d->officers(2).signing_key());
  });
  EXPECT_EQ(CodeOf(CheckConfirmation(envelope_.header, AsView(envelope_.message_id), list_, *then,
                                     Second(), *submitted_, world_.clock.Now())),
            "SAME_KEY");
}

TEST_F(ConfirmationTest, AKeyOfAnotherSizeVerifiesNothing) {
  auto short_key = UncheckedDirectory(
      world_, [](v1::Directory* d) { d->mutable_officers(2)->mutable_signing_key()->pop_back(); });
  EXPECT_EQ(CodeOf(CheckConfirmation(envelope_.header, AsView(envelope_.message_id), list_,
                                     *submitted_, Second(), *short_key, world_.clock.Now())),
            "BAD_PUBLIC_KEY");
}

TEST_F(ConfirmationTest, AnOfficerOfAnotherAuthorityConfirmsNothing) {
  auto moved = UncheckedDirectory(
      world_, [](v1::Directory* d) { d->mutable_officers(2)->set_id("QM/police/o-0003"); });
  v1::OfficerSignature other = Second();
  other.set_officer("QM/police/o-0003");
  EXPECT_EQ(CodeOf(CheckConfirmation(envelope_.header, AsView(envelope_.message_id), list_,
                                     *submitted_, other, *moved, world_.clock.Now())),
            "WRONG_SENDER");
}

TEST_F(ConfirmationTest, OnlyAnOfficerInForceWithHisKeyAndRoleConfirms) {
  v1::OfficerSignature nobody = Second();
  nobody.set_officer("QM/central/o-0099");
  EXPECT_EQ(Check(nobody), "UNKNOWN_OFFICER");
  v1::OfficerSignature other_key = Second();
  other_key.set_key_id(std::string(16, 'k'));
  EXPECT_EQ(Check(other_key), "UNKNOWN_KEY");
  EXPECT_EQ(Check(world_.Sign(sealed_, "QM/central/o-0004", kConfirm)), "WRONG_ROLE");
  Change([&](v1::OfficerEntry* second) {
    second->set_valid_from_ms(1);
    second->set_valid_to_ms(2);
  });
  EXPECT_EQ(Check(Second()), "OFFICER_NOT_IN_FORCE");
}

TEST_F(ConfirmationTest, OnlyASignatureOfThisPurposeOverThisMessageConfirms) {
  v1::OfficerSignature approval = world_.Sign(sealed_, kSecond, v1::SignaturePurpose::APPROVE);
  EXPECT_EQ(Check(approval), "BAD_SIGNATURE");
  approval.set_purpose(kConfirm);
  EXPECT_EQ(Check(approval), "BAD_SIGNATURE");
  EXPECT_EQ(Check(world_.Sign(world_.MakeEnvelope({}), kSecond, kConfirm)), "BAD_SIGNATURE");
}

}  // namespace
}  // namespace palermo::trust
