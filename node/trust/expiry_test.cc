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

TEST_F(ExpiryTest, AnAuthorityWithoutKeysHasNoneThatEnds) {
  world_.NextDirectory("QT", [](v1::Directory* directory) {
    directory->mutable_authorities(0)->clear_sealing_keys();
  });
  for (const Expiry& expiry : ListExpiries(*world_.View())) {
    EXPECT_FALSE(expiry.kind == ExpiryKind::kSealingKey && expiry.subject == "QT/central");
  }
}

// Of a state that was not met there is nothing, of one whose directory is not known its charter.
TEST_F(ExpiryTest, ListsWhatIsKnownOfAState) {
  TrustPtr all = world_.View();
  TrustView none(all->roster());
  auto kinds = [](const TrustView& view) {
    std::vector<std::string> names;
    for (const Expiry& expiry : ListExpiries(view)) names.push_back(ExpiryKindName(expiry.kind));
    return names;
  };
  EXPECT_EQ(kinds(none), std::vector<std::string>{"ROSTER"});
  EXPECT_EQ(kinds(*none.WithSeenDirectories("QM", {{1, Hash{}}})),
            std::vector<std::string>{"ROSTER"});
  EXPECT_EQ(kinds(*none.WithState("QM", {all->Find("QM")->charter, nullptr})),
            (std::vector<std::string>{"CHARTER", "ROSTER"}));
}

TEST_F(ExpiryTest, SaysWhatEndsAndWhen) {
  const absl::Time kEnd = FromMillis(1772442000000);
  auto text = [&](ExpiryKind kind, const char* state, const char* subject) {
    Expiry expiry{kind, state, subject, ToMillis(kEnd)};
    EXPECT_EQ(ExpiryText(expiry, kEnd), ExpiryText(expiry, kEnd + absl::Hours(1)));
    return ExpiryText(expiry, kEnd - absl::Milliseconds(1)) + "; " + ExpiryText(expiry, kEnd);
  };
  auto both = [&](const std::string& what) {
    std::string at = FormatInstant(kEnd);
    return what + " ends at " + at + "; " + what + " ended at " + at;
  };
  EXPECT_EQ(text(ExpiryKind::kRoster, "", ""), both("the roster"));
  EXPECT_EQ(text(ExpiryKind::kCharter, "QT", ""), both("the charter of QT"));
  EXPECT_EQ(text(ExpiryKind::kDirectory, "QT", ""), both("the directory of QT"));
  EXPECT_EQ(text(ExpiryKind::kMandate, "QT", "QT/central/o-0001"),
            both("the mandate of QT/central/o-0001"));
  EXPECT_EQ(text(ExpiryKind::kSealingKey, "QT", "QT/central"),
            both("the last sealing key of QT/central"));
  EXPECT_EQ(text(ExpiryKind::kAttestation, "QT", "QT/central"),
            both("the attestation of the entry of QT/central"));
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
