#include "base/limits.h"
#include "node/trust/documents.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using crypto::Purpose;
using testing::Value;
using testing::World;

class CharterTest : public ::testing::Test {
 protected:
  CharterTest()
      : roster_(world_.View()->roster()),
        body_(BodyOf<v1::Charter>(world_.state("QM").charter)),
        first_(Value(VerifyCharter(world_.state("QM").charter, roster_, nullptr))) {}

  v1::SignedDocument Sign(const v1::Charter& charter, const std::string& by = "QM") {
    return Signed(charter, Purpose::kCharter, world_.state(by).roots, 1);
  }
  absl::StatusOr<Charter> Verify(const v1::Charter& charter) {
    return VerifyCharter(Sign(charter), roster_, nullptr);
  }
  v1::Charter Second() {
    v1::Charter next = body_;
    next.set_version(2);
    next.set_previous_sha256(Bytes(first_.sha256));
    return next;
  }

  World world_;
  Roster roster_;
  v1::Charter body_;
  Charter first_;
};

TEST_F(CharterTest, KeepsTheBytesThatCame) {
  EXPECT_EQ(first_.body.state(), "QM");
  EXPECT_EQ(first_.sha256, crypto::Sha256(world_.state("QM").charter.document()));
}

TEST_F(CharterTest, SignsNoDirectoryAfterItsExpiry) {
  v1::Directory directory = BodyOf<v1::Directory>(world_.state("QM").directory);
  directory.set_issued_at_ms(body_.expires_at_ms() - 1);
  directory.set_expires_at_ms(body_.expires_at_ms() + 1000);
  EXPECT_THAT(VerifyDirectory(world_.SignDirectory("QM", directory), first_, nullptr),
              IsAccepted());
  directory.set_issued_at_ms(body_.expires_at_ms());
  EXPECT_THAT(VerifyDirectory(world_.SignDirectory("QM", directory), first_, nullptr),
              IsRefused("CHARTER_EXPIRED", "before it was issued"));
}

TEST_F(CharterTest, LivesTwoYearsAtMost) {
  body_.set_expires_at_ms(body_.issued_at_ms() + limits::kMaxCharterLifeMillis);
  EXPECT_THAT(Verify(body_), IsAccepted());
  body_.set_expires_at_ms(body_.expires_at_ms() + 1);
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "more than two years"));
}

TEST_F(CharterTest, RefusesALongHolder) {
  body_.mutable_directory_keys()->mutable_keys(0)->set_holder(
      std::string(limits::kMaxNameBytes + 1, 'x'));
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "name of a key's holder is longer"));
}

TEST_F(CharterTest, RefusesWrongRoots) {
  EXPECT_THAT(VerifyCharter(Sign(body_, "QT"), roster_, nullptr),
              IsRefused("UNKNOWN_SIGNER", "charter: 0 of the 1 signatures"));
}

TEST_F(CharterTest, RefusesItsOwnAdministrators) {
  auto document = Signed(body_, Purpose::kCharter, world_.state("QM").admins, 3);
  EXPECT_THAT(VerifyCharter(document, roster_, nullptr),
              IsRefused("UNKNOWN_SIGNER", "charter: 0 of the 1 signatures"));
}

TEST_F(CharterTest, RefusesTheDepositaries) {
  auto document = Signed(body_, Purpose::kCharter, world_.roster_keys, 3);
  EXPECT_THAT(VerifyCharter(document, roster_, nullptr),
              IsRefused("UNKNOWN_SIGNER", "charter: 0 of the 1 signatures"));
}

TEST_F(CharterTest, RefusesASignatureGivenForAnotherPurpose) {
  auto document = Signed(body_, Purpose::kRoster, world_.state("QM").roots, 1);
  EXPECT_THAT(VerifyCharter(document, roster_, nullptr),
              IsRefused("BAD_SIGNATURE", "a signature does not verify"));
}

TEST_F(CharterTest, RefusesAStateThatTheRosterDoesNotName) {
  body_.set_state("QZ");
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "its state is not in the roster"));
}

TEST_F(CharterTest, RefusesAnotherStatesNameUnderItsOwnRoots) {
  body_.set_state("QT");
  EXPECT_THAT(Verify(body_), IsRefused("UNKNOWN_SIGNER", "0 of the 1 signatures"));
}

TEST_F(CharterTest, RefusesAThresholdAboveItsKeys) {
  body_.mutable_directory_keys()->set_threshold(4);
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "directory keys: the threshold"));
}

TEST_F(CharterTest, RefusesAKeyTwice) {
  v1::KeySet* keys = body_.mutable_directory_keys();
  *keys->mutable_keys(1) = keys->keys(0);
  EXPECT_THAT(Verify(body_), IsRefused("DUPLICATE_KEY", "a key id stands twice"));
}

TEST_F(CharterTest, RefusesAGiant) {
  body_.mutable_directory_keys()->mutable_keys(0)->set_holder(
      std::string(limits::kMaxCharterBytes, 'x'));
  EXPECT_THAT(Verify(body_), IsRefused("DOCUMENT_TOO_LARGE", "larger than its limit"));
}

TEST_F(CharterTest, TakesTheNextVersion) {
  EXPECT_THAT(VerifyCharter(Sign(Second()), roster_, &first_), IsAccepted());
}

TEST_F(CharterTest, RefusesAJump) {
  v1::Charter third = Second();
  third.set_version(3);
  EXPECT_THAT(VerifyCharter(Sign(third), roster_, &first_),
              IsRefused("VERSION_JUMP", "its version is 3, the next one is 2"));
}

TEST_F(CharterTest, RefusesOneThatFollowsAnother) {
  v1::Charter next = Second();
  next.clear_previous_sha256();
  EXPECT_THAT(VerifyCharter(Sign(next), roster_, &first_),
              IsRefused("BAD_DOCUMENT", "by its SHA-256"));
}

TEST_F(CharterTest, RefusesToFollowAnotherStates) {
  v1::Charter next = Second();
  next.set_state("QT");
  EXPECT_THAT(VerifyCharter(Sign(next, "QT"), roster_, &first_),
              IsRefused("BAD_DOCUMENT", "charter: it is another state's"));
}

TEST_F(CharterTest, AnyVersionWillDoWithoutOneBefore) {
  v1::Charter ninth = body_;
  ninth.set_version(9);
  EXPECT_THAT(Verify(ninth), IsAccepted());
}

// ---- for every kind of document
class Succession : public ::testing::Test {
 protected:
  Hash known_ = crypto::Sha256("known");
  Hash other_ = crypto::Sha256("other");
};

TEST_F(Succession, RefusesAnOlderVersion) {
  EXPECT_THAT(CheckSuccession(5, known_, 4, other_, "charter"),
              IsRefused("OLD_VERSION", "charter: version 4 is older than 5"));
}

TEST_F(Succession, ReportsTwoDocumentsOfOneVersion) {
  EXPECT_THAT(CheckSuccession(5, known_, 5, other_, "charter"),
              IsRefused("VERSION_FORK", "charter: two different documents have version 5"));
}

TEST_F(Succession, TakesTheSameOneAgain) {
  EXPECT_THAT(CheckSuccession(5, known_, 5, known_, "charter"), IsAccepted());
}

TEST_F(Succession, TakesANewerOne) {
  EXPECT_THAT(CheckSuccession(5, known_, 6, other_, "charter"), IsAccepted());
}

// ---- the clock
class InTime : public ::testing::Test {
 protected:
  absl::Status At(absl::Duration after_issue) {
    absl::Time issued = FromMillis(1772442000000);
    return CheckInTime(ToMillis(issued), ToMillis(issued + absl::Hours(24)), issued + after_issue,
                       "the directory");
  }
};

TEST_F(InTime, FromItsIssueToItsEnd) {
  EXPECT_THAT(At(absl::ZeroDuration()), IsAccepted());
  EXPECT_THAT(At(absl::Hours(24) - absl::Milliseconds(1)), IsAccepted());
}

TEST_F(InTime, ExpiredAtItsEnd) {
  EXPECT_THAT(At(absl::Hours(24)), IsRefused("DIRECTORY_EXPIRED", "the directory expired at"));
}

TEST_F(InTime, ForgivesAClockThatIsFiveMinutesLate) {
  EXPECT_THAT(At(-absl::Minutes(5)), IsAccepted());
  EXPECT_THAT(At(-absl::Minutes(5) - absl::Milliseconds(1)),
              IsRefused("DIRECTORY_NOT_YET_VALID", "is not valid before"));
}

}  // namespace
}  // namespace palermo::trust
