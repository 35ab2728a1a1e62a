// Whether the authorities of an envelope exist, take its family, and may be sealed to with the keys
// that were used.
#include "base/limits.h"
#include "node/trust/envelope.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
using testing::WorldOptions;

class AddressTest : public ::testing::Test {
 protected:
  ParsedEnvelope Make(const EnvelopeSpec& spec = {}) {
    return Value(ParseEnvelope(world_.MakeEnvelope(spec)));
  }
  absl::Status Check(const ParsedEnvelope& envelope, const std::string& state = "") {
    return CheckAddresses(envelope, *world_.View(), state, world_.clock.Now());
  }
  // The key's window ends an hour later, which is now.
  void EndWindow(const std::string& state) {
    world_.clock.Advance(absl::Hours(1));
    world_.NextDirectory(state, [&](v1::Directory* directory) {
      v1::SealingKeyEntry* key = directory->mutable_authorities(0)->mutable_sealing_keys(0);
      key->set_valid_to_ms(ToMillis(world_.clock.Now()));
    });
  }
  void RenameAuthority(const std::string& state) {
    world_.NextDirectory(state, [&](v1::Directory* directory) {
      directory->mutable_authorities(0)->set_id(state + "/other");
      directory->clear_officers();
    });
  }
  World world_;
};

TEST_F(AddressTest, TakesAuthoritiesAsTheirDirectoriesNameThem) {
  EXPECT_THAT(Check(Make()), IsAccepted());
}

TEST_F(AddressTest, DoesNotKnowAStateWithoutDirectory) {
  ParsedEnvelope envelope = Make();
  TrustView empty(world_.View()->roster());
  EXPECT_THAT(CheckAddresses(envelope, empty, "QT", world_.clock.Now()),
              IsRefused("UNKNOWN_RECIPIENT", "the directory of QT is not known here yet"));
}

TEST_F(AddressTest, DoesNotKnowAStateThatIsNotInTheRoster) {
  ParsedEnvelope envelope = Make();
  Roster smaller = world_.View()->roster();
  smaller.body.mutable_states()->RemoveLast();
  TrustPtr view = world_.View()->WithRoster(smaller);
  EXPECT_THAT(CheckAddresses(envelope, *view, "", world_.clock.Now()),
              IsRefused("UNKNOWN_RECIPIENT", "QT is not in the roster"));
}

TEST_F(AddressTest, DoesNotKnowAnAuthorityThatIsNotInTheDirectory) {
  ParsedEnvelope envelope = Make();
  RenameAuthority("QT");
  EXPECT_THAT(Check(envelope),
              IsRefused("UNKNOWN_RECIPIENT", "QT/central is not in the directory of QT"));
}

TEST_F(AddressTest, ASenderMustBeInItsDirectoryToo) {
  ParsedEnvelope envelope = Make();
  RenameAuthority("QM");
  EXPECT_THAT(Check(envelope),
              IsRefused("UNKNOWN_RECIPIENT", "QM/central is not in the directory of QM"));
}

TEST_F(AddressTest, ARecipientMustBeCompetent) {
  EnvelopeSpec extradition;
  extradition.family = v1::Family::EXTRADITION;
  EXPECT_THAT(Check(Make(extradition)),
              IsRefused("UNKNOWN_RECIPIENT", "QT/central does not take EXTRADITION messages"));
}

TEST_F(AddressTest, ASenderNeedsNoCompetence) {
  EnvelopeSpec extradition;
  extradition.family = v1::Family::EXTRADITION;
  world_.NextDirectory("QT", [](v1::Directory* directory) {
    directory->mutable_authorities(0)->add_families(v1::Family::EXTRADITION);
  });
  EXPECT_THAT(Check(Make(extradition)), IsAccepted());
}

TEST_F(AddressTest, AKeyOutOfItsWindowStillTakesWhatWasSealedBefore) {
  ParsedEnvelope envelope = Make();
  EndWindow("QT");
  EXPECT_THAT(Check(envelope), IsAccepted());
  world_.clock.Advance(absl::Milliseconds(limits::kMaxMessageLifeMillis - 1));
  EXPECT_THAT(Check(envelope), IsAccepted());
}

TEST_F(AddressTest, AKeyIsStaleThirtyDaysAfterItsWindow) {
  ParsedEnvelope envelope = Make();
  EndWindow("QT");
  world_.clock.Advance(absl::Milliseconds(limits::kMaxMessageLifeMillis));
  EXPECT_THAT(Check(envelope), IsRefused("STALE_KEY", "the sealing key of QT/central"));
}

TEST_F(AddressTest, TheSendersOwnKeyMustBeUsableToo) {
  ParsedEnvelope envelope = Make();
  EndWindow("QM");
  world_.clock.Advance(absl::Milliseconds(limits::kMaxMessageLifeMillis));
  EXPECT_THAT(Check(envelope), IsRefused("STALE_KEY", "the sealing key of QM/central"));
}

TEST_F(AddressTest, AKeyThatIsNotTheAuthoritysIsUnknown) {
  ParsedEnvelope envelope = Make();
  envelope.stanzas.mutable_stanzas(1)->set_key_id(envelope.stanzas.stanzas(0).key_id());
  EXPECT_THAT(Check(envelope), IsRefused("UNKNOWN_KEY", "not of QT/central"));
}

TEST_F(AddressTest, APeerJudgesItsOwnStateOnly) {
  ParsedEnvelope envelope = Make();
  RenameAuthority("QT");
  EXPECT_THAT(Check(envelope, "QM"), IsAccepted());
  EXPECT_THAT(Check(envelope, "QT"), IsRefused("UNKNOWN_RECIPIENT", "QT/central"));
}

TEST_F(AddressTest, SaysNothingAboutAStateThatIsNotNamed) {
  EXPECT_THAT(Check(Make(), "XA"), IsAccepted());
}

}  // namespace
}  // namespace palermo::trust
