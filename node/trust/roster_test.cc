#include "base/limits.h"
#include "node/trust/documents.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using crypto::Purpose;
using crypto::SigningKey;
using testing::Value;
using testing::World;

v1::SignedDocument SignRoster(const World& world, const v1::Roster& roster, size_t count = 2) {
  return Signed(roster, Purpose::kRoster, world.roster_keys, count);
}

absl::StatusOr<Roster> VerifyFirst(const v1::SignedDocument& document) {
  return VerifyFirstRoster(document, crypto::Sha256(document.document()));
}

class RosterTest : public ::testing::Test {
 protected:
  RosterTest()
      : body_(BodyOf<v1::Roster>(world_.rosters[0])),
        first_(Value(VerifyFirstRoster(world_.rosters[0], world_.fingerprint))) {}

  // Version 2, with a change, signed by two roster keys.
  v1::SignedDocument Second(const std::function<void(v1::Roster*)>& change) {
    v1::Roster next = body_;
    next.set_version(2);
    next.set_previous_sha256(Bytes(first_.sha256));
    change(&next);
    return SignRoster(world_, next);
  }
  v1::KeySet OneKey(const SigningKey& key) {
    v1::KeySet set;
    set.set_threshold(1);
    *set.add_keys() = MakeVerificationKey(key.public_key(), "somebody");
    return set;
  }

  World world_;
  v1::Roster body_;
  Roster first_;
};

TEST_F(RosterTest, ItsFingerprintIsTheHashOfItsBytes) {
  EXPECT_EQ(first_.sha256, crypto::Sha256(world_.rosters[0].document()));
  EXPECT_EQ(first_.signed_document.document(), world_.rosters[0].document());
}

TEST_F(RosterTest, RefusesAnotherFingerprint) {
  Hash other = world_.fingerprint;
  other[31] ^= 1;
  EXPECT_THAT(VerifyFirstRoster(world_.rosters[0], other),
              IsRefused("WRONG_FINGERPRINT", "not the expected"));
}

TEST_F(RosterTest, RefusesOneSignatureOfTwo) {
  EXPECT_THAT(VerifyFirst(SignRoster(world_, body_, 1)),
              IsRefused("TOO_FEW_SIGNATURES", "1 of the 2 signatures"));
}

TEST_F(RosterTest, CountsAKeyOnce) {
  v1::SignedDocument document = SignRoster(world_, body_, 1);
  *document.add_signatures() = document.signatures(0);
  EXPECT_THAT(VerifyFirst(document), IsRefused("TOO_FEW_SIGNATURES", "1 of the 2 signatures"));
}

TEST_F(RosterTest, SigningTwiceAddsNothing) {
  v1::SignedDocument document = SignRoster(world_, body_, 1);
  SignDocument(Purpose::kRoster, world_.roster_keys[0], &document);
  EXPECT_EQ(document.signatures_size(), 1);
}

TEST_F(RosterTest, DoesNotCountAStrangersSignature) {
  v1::SignedDocument document = SignRoster(world_, body_, 1);
  SignDocument(Purpose::kRoster, SigningKey::Generate(world_.random), &document);
  EXPECT_THAT(VerifyFirst(document), IsRefused("UNKNOWN_SIGNER", "1 of the 2 signatures"));
}

TEST_F(RosterTest, IgnoresAStrangersSignatureBesideEnoughOthers) {
  v1::SignedDocument document = SignRoster(world_, body_, 2);
  SignDocument(Purpose::kRoster, SigningKey::Generate(world_.random), &document);
  EXPECT_THAT(VerifyFirst(document), IsAccepted());
}

TEST_F(RosterTest, RefusesAWrongSignatureEvenBesideEnoughOthers) {
  v1::SignedDocument document = SignRoster(world_, body_, 3);
  (*document.mutable_signatures(2)->mutable_signature())[0] ^= 1;
  EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_SIGNATURE", "a signature does not verify"));
}

TEST_F(RosterTest, RefusesASignatureGivenForAnotherPurpose) {
  EXPECT_THAT(VerifyFirst(Signed(body_, Purpose::kCharter, world_.roster_keys, 2)),
              IsRefused("BAD_SIGNATURE", "a signature does not verify"));
}

TEST_F(RosterTest, RefusesAChangedByteUnderTheSameSignatures) {
  v1::SignedDocument document = world_.rosters[0];
  v1::Roster changed = body_;
  changed.set_expires_at_ms(changed.expires_at_ms() + 1);
  document.set_document(StrictSerialize(changed));
  EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_SIGNATURE", "a signature does not verify"));
}

TEST_F(RosterTest, RefusesAGiantBeforeParsingIt) {
  v1::SignedDocument document;
  document.set_document(std::string(limits::kMaxRosterBytes + 1, '\xff'));
  EXPECT_THAT(VerifyFirst(document), IsRefused("DOCUMENT_TOO_LARGE", "larger than its limit"));
}

TEST_F(RosterTest, RefusesTooManySignatures) {
  v1::SignedDocument document = world_.rosters[0];
  while (document.signatures_size() <= static_cast<int>(limits::kMaxDocumentSignatures)) {
    document.add_signatures();
  }
  EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_DOCUMENT", "too many signatures"));
}

// Bytes that nobody signs must not come along: every reader would store them.
TEST_F(RosterTest, RefusesWhatIsNoSignatureBesideItsSignatures) {
  auto refused = [&](const std::string& key_id, const std::string& bytes) {
    v1::SignedDocument document = world_.rosters[0];
    v1::DocumentSignature* junk = document.add_signatures();
    junk->set_key_id(key_id);
    junk->set_signature(bytes);
    EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_DOCUMENT", "roster: a signature of it"));
    return CheckThreshold(Purpose::kRoster, BodyOf<v1::Roster>(document).roster_keys(), document,
                          "roster");
  };
  const std::string stranger(16, 's');
  EXPECT_THAT(refused(stranger, std::string(1 << 20, 'j')), IsRefused("BAD_DOCUMENT", ""));
  EXPECT_THAT(refused(stranger, std::string(63, 'j')), IsRefused("BAD_DOCUMENT", ""));
  EXPECT_THAT(refused(std::string(17, 's'), std::string(64, 'j')), IsRefused("BAD_DOCUMENT", ""));
  v1::SignedDocument document = world_.rosters[0];
  document.GetReflection()->MutableUnknownFields(&document)->AddLengthDelimited(15, "junk");
  EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_DOCUMENT", "more comes with it"));
}

TEST_F(RosterTest, RefusesAnUnknownField) {
  v1::SignedDocument document;
  document.set_document(world_.rosters[0].document() + "\x78\x01");
  for (int i = 0; i < 2; ++i) SignDocument(Purpose::kRoster, world_.roster_keys[i], &document);
  EXPECT_THAT(VerifyFirst(document), IsRefused("BAD_DOCUMENT", "unknown fields"));
}

// ---- one change each in an otherwise good first roster
using RosterChange = Change<v1::Roster>;
class BadRoster : public ::testing::TestWithParam<RosterChange> {};

TEST_P(BadRoster, IsRefused) {
  World world;
  v1::Roster body = BodyOf<v1::Roster>(world.rosters[0]);
  GetParam().change(&body);
  EXPECT_THAT(VerifyFirst(SignRoster(world, body)),
              IsRefused(CodeOfRule(GetParam().text), GetParam().text));
}

v1::VerificationKey AnyKey(char seed) {
  crypto::PublicKey key;
  key.fill(static_cast<uint8_t>(seed));
  return MakeVerificationKey(key, "somebody");
}
v1::KeySet* Roots(v1::Roster* r) { return r->mutable_states(0)->mutable_roots(); }

// A real one: two states of ISO 3166-1 with 2-of-2 roots.
void MakeReal(v1::Roster* r) {
  r->set_exercise(false);
  r->mutable_states(0)->set_state("IT");
  r->mutable_states(1)->set_state("PA");
  for (auto& state : *r->mutable_states()) {
    *state.mutable_roots()->add_keys() = AnyKey('r');
    state.mutable_roots()->set_threshold(2);
  }
}

const RosterChange kBadRosters[] = {
    {"OfAnotherFormat", [](auto* r) { r->set_format(2); }, "its format is not 1"},
    {"OfVersionZero", [](auto* r) { r->set_version(0); }, "its version is 0"},
    {"WithoutItsTime", [](auto* r) { r->set_issued_at_ms(0); }, "when it was issued"},
    {"FromBeforeTime", [](auto* r) { r->set_issued_at_ms(INT64_MIN); }, "when it was issued"},
    {"ThatExpiresAtOnce", [](auto* r) { r->set_expires_at_ms(r->issued_at_ms()); },
     "expires before it is issued"},
    {"WithStatesUnsorted", [](auto* r) { r->mutable_states()->SwapElements(0, 1); },
     "states are not sorted"},
    {"WithAStateTwice", [](auto* r) { *r->mutable_states(1) = r->states(0); },
     "states are not sorted or not unique"},
    {"WithALowerCaseState", [](auto* r) { r->mutable_states(1)->set_state("qt"); },
     "not ISO 3166-1"},
    {"WithTooManyStates",
     [](auto* r) {
       while (r->states_size() <= static_cast<int>(limits::kMaxStates)) r->add_states();
     },
     "too many states"},
    {"WithAKeyTwice", [](auto* r) { *Roots(r)->add_keys() = Roots(r)->keys(0); },
     "a key id stands twice"},
    {"WithAnotherKeysId",
     [](auto* r) { Roots(r)->mutable_keys(0)->set_key_id(AnyKey('a').key_id()); },
     "a key does not match its key id"},
    {"WithAShortKey",
     [](auto* r) {
       v1::VerificationKey* key = Roots(r)->mutable_keys(0);
       key->mutable_public_key()->pop_back();
       key->set_key_id(crypto::KeyId(crypto::kEd25519, key->public_key()));
     },
     "a key does not match its key id"},
    {"WithARosterKeyTwice",
     [](auto* r) { *r->mutable_roster_keys()->mutable_keys(2) = r->roster_keys().keys(0); },
     "roster keys: a key id stands twice"},
    {"WithThresholdZero", [](auto* r) { Roots(r)->set_threshold(0); }, "threshold"},
    {"WithThresholdAboveItsKeys", [](auto* r) { Roots(r)->set_threshold(2); }, "threshold"},
    {"WithAGiantThreshold", [](auto* r) { Roots(r)->set_threshold(0x80000000u); }, "threshold"},
    {"WithTooManyKeys",
     [](auto* r) {
       for (char c = 0; c < 16; ++c) *Roots(r)->add_keys() = AnyKey(c);
     },
     "too many keys"},
    {"RealWithAnExerciseCode",
     [](auto* r) {
       MakeReal(r);
       r->mutable_states(1)->set_state("QM");
     },
     "QM is a code for exercises only"},
    {"RealWithAOneOfOneRoot",
     [](auto* r) {
       MakeReal(r);
       r->mutable_states(1)->mutable_roots()->set_threshold(1);
     },
     "PA needs at least 2 root signatures"},
    {"RealWithOneRosterSignature",
     [](auto* r) {
       MakeReal(r);
       r->mutable_roster_keys()->set_threshold(1);
     },
     "at least 2 of its own signatures"},
};
const Change<v1::Roster> kTooLongRosters[] = {
    {"LivesTooLong",
     [](auto* r) { r->set_expires_at_ms(r->issued_at_ms() + limits::kMaxRosterLifeMillis + 1); },
     "more than five years"},
    {"LongName",
     [](auto* r) { r->mutable_states(0)->set_name(std::string(limits::kMaxNameBytes + 1, 'x')); },
     "QM: the name is longer"},
    {"LongEndpoint",
     [](auto* r) {
       r->mutable_states(0)->set_endpoint(std::string(limits::kMaxEndpointBytes + 1, 'x'));
     },
     "QM: the endpoint is longer"},
};
INSTANTIATE_TEST_SUITE_P(TooLong, BadRoster, ::testing::ValuesIn(kTooLongRosters),
                         ChangeName<v1::Roster>);
INSTANTIATE_TEST_SUITE_P(Roster, BadRoster, ::testing::ValuesIn(kBadRosters),
                         ChangeName<v1::Roster>);

TEST_F(RosterTest, TakesARealOne) {
  MakeReal(&body_);
  EXPECT_THAT(VerifyFirst(SignRoster(world_, body_)), IsAccepted());
}

// ---- the next version
TEST_F(RosterTest, TakesTheNextVersion) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto*) {}), first_), IsAccepted());
}

TEST_F(RosterTest, RefusesAJump) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto* r) { r->set_version(3); }), first_),
              IsRefused("VERSION_JUMP", "its version is 3, the next one is 2"));
}

TEST_F(RosterTest, RefusesTheSameOneAsTheNext) {
  EXPECT_THAT(VerifyNextRoster(world_.rosters[0], first_),
              IsRefused("BAD_DOCUMENT", "its version is 1, the next one is 2"));
}

TEST_F(RosterTest, ReportsAForkOfTheSameVersion) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto* r) { r->set_version(1); }), first_),
              IsRefused("VERSION_FORK", "two different documents have version 1"));
}

TEST_F(RosterTest, RefusesAnOlderOne) {
  Roster second = Value(VerifyNextRoster(Second([](auto*) {}), first_));
  EXPECT_THAT(VerifyNextRoster(world_.rosters[0], second), IsRefused("OLD_VERSION", "version 1"));
}

TEST_F(RosterTest, RefusesOneThatFollowsAnother) {
  auto document = Second([](auto* r) { r->set_previous_sha256(std::string(32, 'x')); });
  EXPECT_THAT(VerifyNextRoster(document, first_), IsRefused("BAD_DOCUMENT", "by its SHA-256"));
}

TEST_F(RosterTest, ChecksTheBodyOfTheNextOneToo) {
  auto document = Second([](auto* r) { r->mutable_states()->SwapElements(0, 1); });
  EXPECT_THAT(VerifyNextRoster(document, first_), IsRefused("BAD_DOCUMENT", "not sorted"));
}

TEST_F(RosterTest, RefusesAnExerciseThatBecomesReal) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto* r) { MakeReal(r); }), first_),
              IsRefused("BAD_DOCUMENT", "an exercise cannot become real"));
}

TEST_F(RosterTest, NewRosterKeysNeedTheOldOnes) {
  SigningKey other = SigningKey::Generate(world_.random);
  v1::SignedDocument document = Second([&](auto* r) { *r->mutable_roster_keys() = OneKey(other); });
  document.clear_signatures();
  SignDocument(Purpose::kRoster, other, &document);
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("TOO_FEW_SIGNATURES", "by the keys before"));
}

TEST_F(RosterTest, NewRosterKeysMustSignTheirFirstRoster) {
  SigningKey other = SigningKey::Generate(world_.random);
  v1::SignedDocument document = Second([&](auto* r) { *r->mutable_roster_keys() = OneKey(other); });
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("TOO_FEW_SIGNATURES", "by its own keys"));
  SignDocument(Purpose::kRoster, other, &document);
  EXPECT_THAT(VerifyNextRoster(document, first_), IsAccepted());
}

TEST_F(RosterTest, ARootChangeWaitsWithoutTheOldRoot) {
  SigningKey other = SigningKey::Generate(world_.random);
  v1::SignedDocument document =
      Second([&](auto* r) { *r->mutable_states(0)->mutable_roots() = OneKey(other); });
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
  SignDocument(Purpose::kRoster, other, &document);
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
  SignDocument(Purpose::kRoster, world_.state("QM").roots[0], &document);
  EXPECT_THAT(VerifyNextRoster(document, first_), IsAccepted());
}

TEST_F(RosterTest, AnotherStatesRootDoesNotConfirm) {
  SigningKey other = SigningKey::Generate(world_.random);
  v1::SignedDocument document =
      Second([&](auto* r) { *r->mutable_states(0)->mutable_roots() = OneKey(other); });
  SignDocument(Purpose::kRoster, world_.state("QT").roots[0], &document);
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
}

TEST_F(RosterTest, ARootKeyMoreIsARootChange) {
  EXPECT_THAT(
      VerifyNextRoster(Second([](auto* r) { *Roots(r)->add_keys() = AnyKey('x'); }), first_),
      IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
}

TEST_F(RosterTest, AnotherRootKeyUnderTheSameIdIsARootChange) {
  Roster other = first_;  // as if version 1 had named another key so
  Roots(&other.body)->mutable_keys(0)->set_public_key(std::string(32, 'x'));
  EXPECT_THAT(VerifyNextRoster(Second([](auto*) {}), other),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
}

TEST_F(RosterTest, RubbishFollowsNothing) {
  v1::SignedDocument document;
  document.set_document("rubbish");
  EXPECT_THAT(VerifyNextRoster(document, first_),
              IsRefused("BAD_DOCUMENT", "roster is not a valid"));
}

TEST_F(RosterTest, AKeyOfAnotherSizeVerifiesNothing) {
  v1::KeySet keys = first_.body.roster_keys();
  for (auto& key : *keys.mutable_keys()) key.mutable_public_key()->pop_back();
  EXPECT_THAT(CheckThreshold(Purpose::kRoster, keys, world_.rosters[0], "roster"),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(RosterTest, ATokenThatIsGoneSignsNothing) {
  v1::SignedDocument document = world_.rosters[0];
  int before = document.signatures_size();
  EXPECT_THAT(SignDocument(Purpose::kRoster, TokenGone(), &document),
              IsRefused("TOKEN_GONE", "no token"));
  EXPECT_EQ(document.signatures_size(), before);
}

TEST_F(RosterTest, AnotherRootThresholdIsARootChange) {
  Roster two = first_;  // as if version 1 had been 1 of 2
  *two.body.mutable_states(0)->mutable_roots()->add_keys() = AnyKey('x');
  v1::SignedDocument document = Second([&](auto* r) {
    *Roots(r) = two.body.states(0).roots();
    Roots(r)->set_threshold(2);
  });
  EXPECT_THAT(VerifyNextRoster(document, two),
              IsRefused("ROOT_CHANGE_UNCONFIRMED", "the root keys of QM"));
}

TEST_F(RosterTest, NamesAndEndpointsChangeFreely) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto* r) {
                                 r->mutable_states(0)->set_endpoint("elsewhere.example:1");
                                 Roots(r)->mutable_keys(0)->set_holder("somebody else");
                               }),
                               first_),
              IsAccepted());
}

TEST_F(RosterTest, AStateMayLeaveAndANewOneCome) {
  EXPECT_THAT(VerifyNextRoster(Second([](auto* r) {
                                 r->mutable_states(1)->set_state("QZ");
                                 *r->mutable_states(1)->mutable_roots()->mutable_keys(0) =
                                     AnyKey('n');
                               }),
                               first_),
              IsAccepted());
}

}  // namespace
}  // namespace palermo::trust
