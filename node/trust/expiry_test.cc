#include "node/trust/expiry.h"

#include "base/clock.h"
#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;

class ExpiryTest : public ::testing::Test {
 protected:
  bool Warns(const TrustView& view, absl::Time now, ExpiryKind kind, const std::string& subject) {
    for (const Expiry& expiry : DueWarnings(view, now)) {
      if (expiry.kind == kind && (expiry.subject == subject || expiry.state == subject))
        return true;
    }
    return false;
  }
  // The first warning comes exactly `before_ms` before the end of what is of `kind` and `subject`.
  void ExpectWarnsFrom(const TrustView& view, ExpiryKind kind, const std::string& subject,
                       int64_t end_ms, int64_t before_ms) {
    SCOPED_TRACE(ExpiryKindName(kind));
    EXPECT_FALSE(Warns(view, FromMillis(end_ms - before_ms - 1), kind, subject));
    EXPECT_TRUE(Warns(view, FromMillis(end_ms - before_ms), kind, subject));
    EXPECT_TRUE(Warns(view, FromMillis(end_ms + 1), kind, subject));
  }
  World world_;
};

TEST_F(ExpiryTest, WarnsOfEveryKindWellBefore) {
  world_.NextDirectory("QT", [](v1::Directory* directory) {
    directory->mutable_authorities(0)->mutable_cooperation()->set_attested_at_ms(
        directory->issued_at_ms());
  });
  TrustPtr view = world_.View();
  const v1::Directory directory = world_.Directory("QT")->body();
  ExpectWarnsFrom(*view, ExpiryKind::kRoster, "", view->roster().body.expires_at_ms(),
                  90 * limits::kDayMillis);
  ExpectWarnsFrom(*view, ExpiryKind::kCharter, "QT",
                  view->Find("QT")->charter->body.expires_at_ms(), 90 * limits::kDayMillis);
  ExpectWarnsFrom(*view, ExpiryKind::kDirectory, "QT", directory.expires_at_ms(),
                  10 * limits::kDayMillis);
  ExpectWarnsFrom(*view, ExpiryKind::kMandate, "QT/central/o-0001",
                  directory.officers(0).valid_to_ms(), 30 * limits::kDayMillis);
  ExpectWarnsFrom(*view, ExpiryKind::kSealingKey, "QT/central",
                  directory.authorities(0).sealing_keys(0).valid_to_ms(), 30 * limits::kDayMillis);
  ExpectWarnsFrom(*view, ExpiryKind::kAttestation, "QT/central",
                  directory.issued_at_ms() + 365 * limits::kDayMillis, 30 * limits::kDayMillis);
}

TEST_F(ExpiryTest, OfSealingKeysTheLastCounts) {
  int64_t last = 0;
  world_.NextDirectory("QT", [&](v1::Directory* directory) {
    v1::AuthorityEntry* authority = directory->mutable_authorities(0);
    *authority->add_sealing_keys() = world_.Directory("QM")->body().authorities(0).sealing_keys(0);
    authority->mutable_sealing_keys(1)->set_version(2);
    last = authority->sealing_keys(0).valid_to_ms() + 100 * limits::kDayMillis;
    authority->mutable_sealing_keys(1)->set_valid_to_ms(last);
  });
  ExpectWarnsFrom(*world_.View(), ExpiryKind::kSealingKey, "QT/central", last,
                  30 * limits::kDayMillis);
}

TEST_F(ExpiryTest, SoonestFirst) {
  auto found = ListExpiries(*world_.View());
  ASSERT_GT(found.size(), 10u);
  EXPECT_EQ(found[0].kind, ExpiryKind::kDirectory);
  EXPECT_EQ(found.back().kind, ExpiryKind::kRoster);
  EXPECT_EQ(ExpiryText(found[0], world_.clock.Now()).substr(0, 29),
            "the directory of QM ends at 2");
}

}  // namespace
}  // namespace palermo::trust
