// What no signature can mend is refused before anybody signs, with the checks of the verification.
#include "base/limits.h"
#include "node/trust/documents.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;

class UnsignedTest : public ::testing::Test {
 protected:
  template <typename Body>
  static v1::SignedDocument Unsigned(const Body& body) {
    v1::SignedDocument document;
    document.set_document(StrictSerialize(body));
    return document;
  }
  template <typename Body>
  static Body After(const v1::SignedDocument& previous) {
    Body body = BodyOf<Body>(previous);
    body.set_version(body.version() + 1);
    body.set_previous_sha256(Bytes(crypto::Sha256(previous.document())));
    return body;
  }

  World world_;
  v1::SignedDocument roster_ = world_.rosters[0];
  v1::SignedDocument charter_ = world_.state("QM").charter;
  v1::SignedDocument directory_ = world_.state("QM").directory;
  v1::SignedDocument garbage_ = [] {
    v1::SignedDocument document;
    document.set_document("\xFF");
    return document;
  }();
};

TEST_F(UnsignedTest, WhatCouldBeSignedIsTakenWithoutSignatures) {
  EXPECT_THAT(CheckUnsignedRoster(Unsigned(BodyOf<v1::Roster>(roster_)), nullptr), IsAccepted());
  EXPECT_THAT(CheckUnsignedCharter(Unsigned(BodyOf<v1::Charter>(charter_)), nullptr), IsAccepted());
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(BodyOf<v1::Directory>(directory_)), nullptr),
              IsAccepted());
  EXPECT_THAT(CheckUnsignedRoster(Unsigned(After<v1::Roster>(roster_)), &roster_), IsAccepted());
  EXPECT_THAT(CheckUnsignedCharter(Unsigned(After<v1::Charter>(charter_)), &charter_),
              IsAccepted());
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(After<v1::Directory>(directory_)), &directory_),
              IsAccepted());
}

TEST_F(UnsignedTest, WhatIsNoneOfItsKindIsRefused) {
  for (auto check : {CheckUnsignedRoster, CheckUnsignedCharter, CheckUnsignedDirectory}) {
    EXPECT_THAT(check(garbage_, nullptr), IsRefused("BAD_DOCUMENT", ""));
  }
  EXPECT_THAT(CheckUnsignedRoster(roster_, &garbage_), IsRefused("BAD_DOCUMENT", "before"));
  EXPECT_THAT(CheckUnsignedCharter(charter_, &garbage_), IsRefused("BAD_DOCUMENT", "before"));
  EXPECT_THAT(CheckUnsignedDirectory(directory_, &garbage_), IsRefused("BAD_DOCUMENT", "before"));
}

TEST_F(UnsignedTest, ALinkThatDoesNotFitTheVersionBeforeIsRefused) {
  v1::Roster roster = After<v1::Roster>(roster_);
  roster.set_version(3);
  EXPECT_THAT(CheckUnsignedRoster(Unsigned(roster), &roster_),
              IsRefused("VERSION_JUMP", "its version is 3, the next one is 2"));
  v1::Charter charter = After<v1::Charter>(charter_);
  charter.set_previous_sha256(std::string(32, 'x'));
  EXPECT_THAT(CheckUnsignedCharter(Unsigned(charter), &charter_),
              IsRefused("BAD_DOCUMENT", "does not name the version before it"));
  v1::Directory directory = After<v1::Directory>(directory_);
  directory.set_state("QT");
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(directory), &directory_),
              IsRefused("BAD_DOCUMENT", "another state's"));
}

TEST_F(UnsignedTest, ARosterThatNobodyCouldSignIsRefused) {
  v1::Roster roster = BodyOf<v1::Roster>(roster_);
  roster.mutable_roster_keys()->set_threshold(9);
  EXPECT_THAT(CheckUnsignedRoster(Unsigned(roster), nullptr),
              IsRefused("BAD_DOCUMENT", "roster keys: the threshold"));
  roster = After<v1::Roster>(roster_);
  roster.set_exercise(!roster.exercise());
  EXPECT_THAT(CheckUnsignedRoster(Unsigned(roster), &roster_),
              IsRefused("BAD_DOCUMENT", "an exercise cannot become real"));
}

TEST_F(UnsignedTest, ACharterThatNobodyCouldSignIsRefused) {
  v1::Charter charter = BodyOf<v1::Charter>(charter_);
  charter.set_state("qm");
  EXPECT_THAT(CheckUnsignedCharter(Unsigned(charter), nullptr),
              IsRefused("BAD_DOCUMENT", "state code"));
  charter = BodyOf<v1::Charter>(charter_);
  charter.mutable_directory_keys()->clear_keys();
  EXPECT_THAT(CheckUnsignedCharter(Unsigned(charter), nullptr),
              IsRefused("BAD_DOCUMENT", "directory keys: the threshold"));
}

TEST_F(UnsignedTest, ADirectoryThatNobodyCouldSignIsRefused) {
  v1::Directory directory = BodyOf<v1::Directory>(directory_);
  directory.set_state("Q1");
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(directory), nullptr),
              IsRefused("BAD_DOCUMENT", "state code"));
  directory = BodyOf<v1::Directory>(directory_);
  directory.set_expires_at_ms(directory.issued_at_ms() + limits::kMaxDirectoryLifeMillis + 1);
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(directory), nullptr),
              IsRefused("BAD_DOCUMENT", "more than 30 days"));
  directory = BodyOf<v1::Directory>(directory_);
  directory.mutable_node()->clear_tls_pins();
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(directory), nullptr),
              IsRefused("BAD_DOCUMENT", "one or two TLS pins"));
  // What was locked away as a recovery key does not come back as a sealing key.
  v1::Directory next = After<v1::Directory>(directory_);
  v1::AuthorityEntry* authority = next.mutable_authorities(0);
  *authority->mutable_sealing_keys(0) = authority->recovery_key();
  authority->clear_recovery_key();
  EXPECT_THAT(CheckUnsignedDirectory(Unsigned(next), &directory_),
              IsRefused("BAD_DOCUMENT", "a sealing key was a recovery key before"));
}

// Who signs reads these texts on a screen.
TEST_F(UnsignedTest, TextThatATerminalWouldObeyIsRefusedInEveryField) {
  const std::string bad = "x\x1b[2J";
  auto roster = [&](const std::function<void(v1::Roster*)>& change) {
    v1::Roster body = BodyOf<v1::Roster>(roster_);
    change(&body);
    EXPECT_THAT(CheckUnsignedRoster(Unsigned(body), nullptr),
                IsRefused("BAD_DOCUMENT", "has a control character"));
  };
  roster([&](v1::Roster* r) { r->mutable_states(0)->set_name(bad); });
  roster([&](v1::Roster* r) { r->mutable_states(0)->set_endpoint(bad); });
  roster([&](v1::Roster* r) { r->mutable_roster_keys()->mutable_keys(0)->set_holder(bad); });
  auto directory = [&](const std::function<void(v1::Directory*)>& change) {
    v1::Directory body = BodyOf<v1::Directory>(directory_);
    change(&body);
    EXPECT_THAT(CheckUnsignedDirectory(Unsigned(body), nullptr),
                IsRefused("BAD_DOCUMENT", "has a control character"));
  };
  directory([&](v1::Directory* d) { d->mutable_officers(0)->set_person(bad); });
  directory([&](v1::Directory* d) { d->mutable_node()->set_endpoint(bad); });
  directory([&](v1::Directory* d) { d->mutable_node()->set_ledger_origin("palermo/QM/" + bad); });
  directory([&](v1::Directory* d) { d->mutable_authorities(0)->mutable_names(0)->set_text(bad); });
}

}  // namespace
}  // namespace palermo::trust
