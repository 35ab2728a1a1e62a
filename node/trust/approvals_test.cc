#include "node/trust/approvals.h"

#include <algorithm>

#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
using testing::WorldOptions;

constexpr auto kDraft = v1::SignaturePurpose::DRAFT;
constexpr auto kApprove = v1::SignaturePurpose::APPROVE;
using Signatures = std::vector<v1::OfficerSignature>;

// A request of QM that needs a draft (o-0001) and two approvals (o-0002, o-0003).
class ApprovalsTest : public ::testing::Test {
 protected:
  ApprovalsTest()
      : sealed_(world_.MakeEnvelope({})),
        envelope_(Value(ParseEnvelope(sealed_))),
        all_(world_.SignAll(sealed_)) {}

  absl::StatusOr<ApprovalStanding> Check(const Signatures& signatures) {
    return Check(signatures, *world_.Directory("QM"));
  }
  absl::StatusOr<ApprovalStanding> Check(const Signatures& signatures,
                                         const DirectoryIndex& directory) {
    return CheckSignatures(envelope_, signatures, directory, world_.clock.Now());
  }
  v1::OfficerSignature Sign(const char* name, v1::SignaturePurpose::Code purpose) {
    return world_.Sign(sealed_, std::string("QM/central/") + name, purpose);
  }
  // The newest directory of QM with a change that no check of a directory has seen.
  std::unique_ptr<DirectoryIndex> Unchecked(const std::function<void(v1::Directory*)>& change) {
    trust::Directory directory = world_.Directory("QM")->verified();
    change(&directory.body);
    return std::make_unique<DirectoryIndex>(std::move(directory));
  }

  World world_;
  v1::Envelope sealed_;
  ParsedEnvelope envelope_;
  Signatures all_;
};

TEST_F(ApprovalsTest, ADraftAndTwoApprovalsAreComplete) {
  ApprovalStanding standing = Value(Check(all_));
  EXPECT_EQ(standing.approvals, 2u);
  EXPECT_EQ(standing.needed, 2u);
  EXPECT_EQ(standing.missing(), 0u);
  EXPECT_TRUE(standing.complete());
}

// Peers drop what they do not know, and would find another hash than the one that was entered.
TEST_F(ApprovalsTest, NothingComesBesideASignature) {
  v1::OfficerSignature& last = all_.back();
  last.GetReflection()->MutableUnknownFields(&last)->AddVarint(99, 1);
  EXPECT_EQ(CodeOf(Check(all_).status()), "BAD_SIGNATURE");
}

TEST_F(ApprovalsTest, OneShortIsNotComplete) {
  all_.pop_back();
  ApprovalStanding standing = Value(Check(all_));
  EXPECT_FALSE(standing.complete());
  EXPECT_EQ(standing.missing(), 1u);
}

TEST_F(ApprovalsTest, OneMoreThanNeededIsComplete) {
  world_.NextDirectory("QM", [](auto* d) { d->mutable_policy(0)->set_approvals(1); });
  ApprovalStanding standing = Value(Check(all_));
  EXPECT_TRUE(standing.complete());
  EXPECT_EQ(standing.missing(), 0u);
}

TEST_F(ApprovalsTest, ADraftAloneIsCompleteWhereThePolicyAsksNoApproval) {
  world_.NextDirectory("QM", [](auto* d) { d->mutable_policy(0)->set_approvals(0); });
  EXPECT_TRUE(Value(Check({all_[0]})).complete());
}

TEST_F(ApprovalsTest, ThePolicyOfTheActAndUrgencyCounts) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    v1::PolicyEntry* emergency = d->add_policy();
    emergency->set_act(v1::Act::REQUEST);
    emergency->set_urgency(v1::Urgency::EMERGENCY_LIFE);
    emergency->set_approvals(1);
  });
  EXPECT_EQ(Value(Check(all_)).needed, 2u);
  EnvelopeSpec spec;
  spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  sealed_ = world_.MakeEnvelope(spec);
  envelope_ = Value(ParseEnvelope(sealed_));
  EXPECT_EQ(Value(Check(world_.SignAll(sealed_))).needed, 1u);
}

TEST_F(ApprovalsTest, NoSignatureIsAMissingDraft) {
  EXPECT_THAT(Check({}), IsRefused("MISSING_DRAFT", "exactly one draft"));
}

TEST_F(ApprovalsTest, ApprovalsAloneAreAMissingDraft) {
  EXPECT_THAT(Check({all_[1], all_[2]}), IsRefused("MISSING_DRAFT", "exactly one draft"));
}

TEST_F(ApprovalsTest, RefusesTwoDrafts) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(1)->add_roles(v1::Role::DRAFTER); });
  all_[1] = Sign(testing::kApprover1, kDraft);
  EXPECT_THAT(Check(all_), IsRefused("MISSING_DRAFT", "exactly one draft"));
}

TEST_F(ApprovalsTest, TheDrafterDoesNotApprove) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->add_roles(v1::Role::APPROVER); });
  all_[1] = Sign(testing::kDrafter, kApprove);
  EXPECT_THAT(Check(all_), IsRefused("SAME_OFFICER", "QM/central/o-0001 signed twice"));
}

TEST_F(ApprovalsTest, OneOfficerDoesNotApproveTwice) {
  all_[2] = all_[1];
  EXPECT_THAT(Check(all_), IsRefused("SAME_OFFICER", "QM/central/o-0002 signed twice"));
}

TEST_F(ApprovalsTest, OnePersonInTwoOfficesSignsOnce) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(1)->set_person(d->officers(0).person()); });
  EXPECT_THAT(Check(all_), IsRefused("SAME_PERSON", "QM/central/o-0002"));
}

TEST_F(ApprovalsTest, OneKeySignsOnce) {
  auto directory = Unchecked([](v1::Directory* d) {
    d->mutable_officers(1)->set_signing_key(d->officers(0).signing_key());
  });
  EXPECT_THAT(Check(all_, *directory), IsRefused("SAME_KEY", "one key signed twice"));
}

TEST_F(ApprovalsTest, AnApproverDoesNotDraft) {
  EXPECT_THAT(Check({Sign(testing::kApprover1, kDraft), all_[2]}),
              IsRefused("WRONG_ROLE", "QM/central/o-0002 is not a drafter"));
}

TEST_F(ApprovalsTest, AnAuditorDoesNotApprove) {
  all_[2] = Sign(testing::kAuditor, kApprove);
  EXPECT_THAT(Check(all_), IsRefused("WRONG_ROLE", "QM/central/o-0004 is not an approver"));
}

TEST_F(ApprovalsTest, AnAdministratorDoesNotApprove) {
  all_[2] = Sign(testing::kAdministrator, kApprove);
  EXPECT_THAT(Check(all_), IsRefused("WRONG_ROLE", "QM/central/o-0005 is not an approver"));
}

TEST_F(ApprovalsTest, AnApproverDraftsNoInformationEither) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->set_roles(0, v1::Role::APPROVER); });
  EnvelopeSpec spec;
  spec.family = v1::Family::SPONTANEOUS;
  sealed_ = world_.MakeEnvelope(spec);
  envelope_ = Value(ParseEnvelope(sealed_));
  EXPECT_THAT(Check(world_.SignAll(sealed_)),
              IsRefused("WRONG_ROLE", "QM/central/o-0001 is not a drafter"));
}

TEST_F(ApprovalsTest, AnInvestigatorDraftsInformationButNoRequest) {
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(0)->set_roles(0, v1::Role::INVESTIGATOR); });
  EXPECT_THAT(Check(all_), IsRefused("WRONG_ROLE", "QM/central/o-0001 is not a drafter"));
  for (auto family : {v1::Family::LAW_ENFORCEMENT_INFO, v1::Family::SPONTANEOUS,
                      v1::Family::JOINT_INVESTIGATION}) {
    EnvelopeSpec spec;
    spec.family = family;
    sealed_ = world_.MakeEnvelope(spec);
    envelope_ = Value(ParseEnvelope(sealed_));
    EXPECT_THAT(Check(world_.SignAll(sealed_)), IsAccepted());
  }
}

TEST_F(ApprovalsTest, ARemovedOfficerIsUnknown) {
  world_.NextDirectory("QM", [](auto* d) { d->mutable_officers()->DeleteSubrange(1, 1); });
  EXPECT_THAT(Check(all_), IsRefused("UNKNOWN_OFFICER", "QM/central/o-0002"));
}

TEST_F(ApprovalsTest, AnExpiredMandateDoesNotSign) {
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(1)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Check(all_), IsRefused("OFFICER_NOT_IN_FORCE", "QM/central/o-0002"));
}

TEST_F(ApprovalsTest, AMandateIsJudgedAtTheTimeGiven) {
  DirectoryPtr directory = world_.Directory("QM");
  absl::Time before = world_.clock.Now() - absl::Milliseconds(1);
  EXPECT_THAT(CheckSignatures(envelope_, all_, *directory, before),
              IsRefused("OFFICER_NOT_IN_FORCE", "QM/central/o-0001"));
}

TEST_F(ApprovalsTest, AnOfficerOfAnotherAuthorityDoesNotSign) {
  std::string other = "QM/police/" + std::string(testing::kApprover2);
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->add_authorities()->set_id("QM/police");
    v1::OfficerEntry moved = d->officers(2);
    moved.set_id(other);
    d->mutable_officers()->DeleteSubrange(2, 1);
    *d->add_officers() = moved;
  });
  all_[2].set_officer(other);
  EXPECT_THAT(Check(all_), IsRefused("WRONG_SENDER", "does not act for QM/central"));
}

TEST_F(ApprovalsTest, AnotherStatesDirectoryDoesNotCount) {
  EXPECT_THAT(Check(all_, *world_.Directory("QT")), IsRefused("WRONG_SENDER", "directory counts"));
}

TEST_F(ApprovalsTest, AnotherStatesOfficerIsUnknown) {
  all_[2] = world_.Sign(sealed_, "QT/central/o-0003", kApprove);
  EXPECT_THAT(Check(all_), IsRefused("UNKNOWN_OFFICER", "QT/central/o-0003"));
}

TEST_F(ApprovalsTest, AnOldKeyDoesNotSign) {
  all_[1].set_key_id(std::string(16, 'k'));
  EXPECT_THAT(Check(all_), IsRefused("UNKNOWN_KEY", "the key of QM/central/o-0002"));
}

TEST_F(ApprovalsTest, EveryChangeOfASignatureIsNoticed) {
  DirectoryPtr directory = world_.Directory("QM");
  for (size_t i = 0; i < all_[1].signature().size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Signatures changed = all_;
      (*changed[1].mutable_signature())[i] ^= static_cast<char>(1 << bit);
      ASSERT_THAT(Check(changed, *directory), IsRefused("BAD_SIGNATURE", "o-0002 does not verify"))
          << i;
    }
  }
}

TEST_F(ApprovalsTest, AKeyOfAnotherSizeVerifiesNothing) {
  auto directory = Unchecked(
      [](v1::Directory* d) { d->mutable_officers(0)->mutable_signing_key()->pop_back(); });
  EXPECT_THAT(Check(all_, *directory), IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(ApprovalsTest, ATokenThatIsGoneSignsNothing) {
  EXPECT_THAT(SignMessage("QM/central/o-0001", kDraft, TokenGone(), envelope_.message_id),
              IsRefused("TOKEN_GONE", "no token"));
}

TEST_F(ApprovalsTest, ACutSignatureIsRefused) {
  all_[0].mutable_signature()->pop_back();
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "o-0001 does not verify"));
}

TEST_F(ApprovalsTest, ASignatureOfAnotherMessageIsRefused) {
  all_[1] = world_.Sign(world_.MakeEnvelope({}), "QM/central/o-0002", kApprove);
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "o-0002 does not verify"));
}

TEST_F(ApprovalsTest, AnotherOfficersSignatureIsRefused) {
  all_[1].set_signature(all_[2].signature());
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "o-0002 does not verify"));
}

TEST_F(ApprovalsTest, ADraftIsNoApproval) {
  v1::OfficerSignature draft = Sign(testing::kApprover1, kDraft);
  draft.set_purpose(kApprove);
  all_[1] = draft;
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "o-0002 does not verify"));
}

TEST_F(ApprovalsTest, AnApprovalIsNoDraft) {
  v1::OfficerSignature approval = Sign(testing::kDrafter, kApprove);
  approval.set_purpose(kDraft);
  all_[0] = approval;
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "o-0001 does not verify"));
}

TEST_F(ApprovalsTest, ASignatureWithoutPurposeIsRefused) {
  all_[1].clear_purpose();
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "no purpose"));
  all_[1].set_purpose(static_cast<v1::SignaturePurpose::Code>(9));
  EXPECT_THAT(Check(all_), IsRefused("BAD_SIGNATURE", "no purpose"));
}

TEST_F(ApprovalsTest, RefusesMoreThanTheLimitBeforeItLooksAtThem) {
  Signatures many(limits::kMaxApprovals + 2);
  EXPECT_THAT(Check(many), IsRefused("TOO_MANY", "too many signatures"));
  many.pop_back();
  EXPECT_THAT(Check(many), IsRefused("UNKNOWN_OFFICER", ""));
}

TEST_F(ApprovalsTest, SignersAreCheckedWithoutTheirSignatures) {
  (*all_[1].mutable_signature())[0] ^= 1;
  DirectoryPtr directory = world_.Directory("QM");
  EXPECT_THAT(CheckSigners(envelope_, all_, *directory, world_.clock.Now()), IsAccepted());
  all_[2] = all_[1];
  EXPECT_THAT(CheckSigners(envelope_, all_, *directory, world_.clock.Now()),
              IsRefused("SAME_OFFICER", "o-0002"));
}

// ---- the frozen list
TEST_F(ApprovalsTest, AFrozenListIsSortedHoweverItCame) {
  std::string frozen = FreezeSignatures(all_);
  std::reverse(all_.begin(), all_.end());
  EXPECT_EQ(FreezeSignatures(all_), frozen);
  Signatures parsed = Value(ParseFrozen(frozen));
  ASSERT_EQ(parsed.size(), 3u);
  EXPECT_EQ(parsed[0].officer(), "QM/central/o-0001");
  EXPECT_EQ(parsed[2].officer(), "QM/central/o-0003");
  EXPECT_THAT(Check(parsed), IsAccepted());
}

TEST_F(ApprovalsTest, AnUnsortedListIsNotFrozen) {
  v1::SignatureList list;
  for (int i : {1, 0, 2}) *list.add_signatures() = all_[i];
  EXPECT_THAT(ParseFrozen(StrictSerialize(list)),
              IsRefused("SIGNATURE_LIST_CHANGED", "not sorted by officer"));
}

TEST_F(ApprovalsTest, AListWithAnOfficerTwiceIsNotFrozen) {
  all_[1].set_officer(all_[0].officer());
  EXPECT_THAT(ParseFrozen(FreezeSignatures(all_)),
              IsRefused("SIGNATURE_LIST_CHANGED", "not sorted by officer"));
}

TEST_F(ApprovalsTest, AListWithAnUnknownFieldIsNotFrozen) {
  EXPECT_THAT(ParseFrozen(FreezeSignatures(all_) + "\x78\x01"),
              IsRefused("SIGNATURE_LIST_CHANGED", "unknown fields"));
}

TEST_F(ApprovalsTest, AGiantListIsNotFrozen) {
  all_[0].set_signature(std::string(limits::kMaxSignatureListBytes, 's'));
  EXPECT_THAT(ParseFrozen(FreezeSignatures(all_)),
              IsRefused("SIGNATURE_LIST_CHANGED", "over its limit"));
}

TEST_F(ApprovalsTest, EveryChangeOfAFrozenListIsNoticed) {
  std::string frozen = FreezeSignatures(all_);
  DirectoryPtr directory = world_.Directory("QM");
  for (size_t i = 0; i < frozen.size(); ++i) {
    std::string changed = frozen;
    changed[i] ^= static_cast<char>(i % 255 + 1);
    auto parsed = ParseFrozen(changed);
    if (parsed.ok()) {
      ASSERT_FALSE(Check(*parsed, *directory).ok()) << "byte " << i;
    }
  }
}

}  // namespace
}  // namespace palermo::trust
