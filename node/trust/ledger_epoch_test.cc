#include "node/trust/ledger_epoch.h"

#include <functional>

#include "gtest/gtest.h"
#include "node/trust/documents.h"
#include "node/trust/strict.h"
#include "node/trust/test_util.h"
#include "tests/support/world.h"

namespace palermo::trust {
namespace {

TEST(LedgerEpoch, IsAWholeNumberWithOneSpelling) {
  EXPECT_EQ(*EpochOf("palermo/QM/1", "QM"), 1u);
  EXPECT_EQ(*EpochOf("palermo/QM/18446744073709551615", "QM"), UINT64_MAX);
  EXPECT_EQ(LedgerOrigin("QM", 12), "palermo/QM/12");
  for (const char* bad : {"palermo/QM/", "palermo/QT/1", "", "palermo/QM"}) {
    EXPECT_THAT(EpochOf(bad, "QM"), IsRefused("BAD_DOCUMENT", "does not begin")) << bad;
  }
  for (const char* bad : {"0", "01", "+1", "-1", "1 ", " 1", "x", "18446744073709551616", "1/2"}) {
    EXPECT_THAT(EpochOf(std::string("palermo/QM/") + bad, "QM"),
                IsRefused("BAD_DOCUMENT", "not a whole number"))
        << bad;
  }
}

class EpochRuleTest : public ::testing::Test {
 protected:
  EpochRuleTest() {
    before_.set_state("QM");
    before_.mutable_node()->set_ledger_origin("palermo/QM/1");
    before_.mutable_node()->set_checkpoint_key(std::string(32, 'c'));
    before_.mutable_node()->set_cosignature_key(std::string(32, 'w'));
    next_ = before_;
    next_.mutable_node()->set_ledger_origin("palermo/QM/2");
    next_.mutable_node()->set_checkpoint_key(std::string(32, 'C'));
    next_.mutable_node()->set_cosignature_key(std::string(32, 'W'));
    v1::FormerLedger* former = next_.mutable_node()->mutable_former_ledger();
    former->set_origin("palermo/QM/1");
    former->set_size(10);
    former->set_root(std::string(32, 'r'));
    former->set_kept(7);
  }
  v1::FormerLedger* former() { return next_.mutable_node()->mutable_former_ledger(); }
  absl::Status Check() { return CheckLedger(next_, &before_); }

  v1::Directory before_, next_;
};

TEST_F(EpochRuleTest, TheNextEpochNamesTheEndOfTheOneBefore) {
  EXPECT_THAT(Check(), IsAccepted());
  EXPECT_THAT(CheckLedger(next_, nullptr), IsAccepted());
  EXPECT_THAT(CheckLedger(before_, nullptr), IsAccepted());
  former()->set_kept(10);
  EXPECT_THAT(Check(), IsAccepted());
  former()->set_kept(0);
  EXPECT_THAT(Check(), IsAccepted());
}

TEST_F(EpochRuleTest, AFormerLedgerMustBeWhole) {
  struct Case {
    std::function<void(v1::FormerLedger*)> change;
    const char* text;
  };
  for (const Case& one : {
           Case{[](auto* f) { f->set_origin("palermo/QM/2"); }, "is not palermo/QM/1"},
           Case{[](auto* f) { f->set_origin("palermo/QT/1"); }, "is not palermo/QM/1"},
           Case{[](auto* f) { f->set_size(0); }, "needs a size and a root"},
           Case{[](auto* f) { f->mutable_root()->pop_back(); }, "needs a size and a root"},
           Case{[](auto* f) { f->set_kept(11); }, "more entries of the former ledger are kept"},
       }) {
    v1::Directory changed = next_;
    one.change(changed.mutable_node()->mutable_former_ledger());
    EXPECT_THAT(CheckLedger(changed, &before_), IsRefused("BAD_DOCUMENT", one.text));
    EXPECT_THAT(CheckLedger(changed, nullptr), IsRefused("BAD_DOCUMENT", one.text));
  }
}

TEST_F(EpochRuleTest, OnlyALaterEpochHasAFormerLedger) {
  v1::Directory first = before_;
  *first.mutable_node()->mutable_former_ledger() = *former();
  EXPECT_THAT(CheckLedger(first, &before_),
              IsRefused("BAD_DOCUMENT", "the first epoch has no former ledger"));
  next_.mutable_node()->clear_former_ledger();
  EXPECT_THAT(Check(), IsRefused("BAD_DOCUMENT", "names the former ledger"));
}

TEST_F(EpochRuleTest, EpochsFollowOneByOne) {
  next_.mutable_node()->set_ledger_origin("palermo/QM/3");
  former()->set_origin("palermo/QM/2");
  EXPECT_THAT(Check(), IsRefused("BAD_DOCUMENT", "epoch 3 does not follow epoch 1"));
  // Nor back.
  EXPECT_THAT(CheckLedger(before_, &next_),
              IsRefused("BAD_DOCUMENT", "epoch 1 does not follow epoch 3"));
}

TEST_F(EpochRuleTest, ANewEpochNeedsNewKeys) {
  v1::Directory same = next_;
  same.mutable_node()->set_checkpoint_key(before_.node().checkpoint_key());
  EXPECT_THAT(CheckLedger(same, &before_), IsRefused("BAD_DOCUMENT", "another checkpoint key"));
  same = next_;
  same.mutable_node()->set_cosignature_key(before_.node().cosignature_key());
  EXPECT_THAT(CheckLedger(same, &before_), IsRefused("BAD_DOCUMENT", "another cosignature key"));
}

TEST_F(EpochRuleTest, WithinAnEpochTheEndOfTheFormerLedgerOnlyGrows) {
  v1::Directory later = next_;
  v1::FormerLedger* changed = later.mutable_node()->mutable_former_ledger();
  EXPECT_THAT(CheckLedger(later, &next_), IsAccepted());
  changed->set_size(12);
  changed->set_root(std::string(32, 's'));
  EXPECT_THAT(CheckLedger(later, &next_), IsAccepted());
  EXPECT_THAT(CheckLedger(next_, &later), IsRefused("BAD_DOCUMENT", "within an epoch"));
  changed->set_kept(8);
  EXPECT_THAT(CheckLedger(later, &next_), IsRefused("BAD_DOCUMENT", "within an epoch"));
  later = next_;
  later.mutable_node()->mutable_former_ledger()->set_root(std::string(32, 's'));
  EXPECT_THAT(CheckLedger(later, &next_), IsRefused("BAD_DOCUMENT", "within an epoch"));
  later.mutable_node()->clear_former_ledger();
  EXPECT_THAT(CheckLedger(later, &next_), IsRefused("BAD_DOCUMENT", "names the former ledger"));
}

TEST_F(EpochRuleTest, AReaderThatKnowsMoreOrAnotherEndRefuses) {
  crypto::Checkpoint known;
  EXPECT_THAT(CheckFormerLedger(*former(), known), IsAccepted());
  known.origin = "palermo/QM/1";
  known.size = 9;
  known.root.fill('x');
  EXPECT_THAT(CheckFormerLedger(*former(), known), IsAccepted());
  known.size = 10;
  EXPECT_THAT(CheckFormerLedger(*former(), known),
              IsRefused("FORKED_LEDGER", "another checkpoint"));
  known.root.fill('r');
  EXPECT_THAT(CheckFormerLedger(*former(), known), IsAccepted());
  known.size = 11;
  EXPECT_THAT(CheckFormerLedger(*former(), known),
              IsRefused("EPOCH_HIDES_ENTRIES", "a checkpoint of 11 is known here"));
}

TEST(LedgerEpoch, TheRuleIsPartOfEveryDirectory) {
  palermo::testing::World world;
  v1::SignedDocument before = world.Directory("QM")->verified().signed_document;
  v1::Directory body;
  ASSERT_TRUE(body.ParseFromString(before.document()));
  body.mutable_node()->set_ledger_origin("palermo/QM/2");
  v1::SignedDocument changed;
  changed.set_document(StrictSerialize(body));
  EXPECT_THAT(CheckUnsignedDirectory(changed, nullptr),
              IsRefused("BAD_DOCUMENT", "names the former ledger"));
}

}  // namespace
}  // namespace palermo::trust
