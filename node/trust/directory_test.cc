#include "base/limits.h"
#include "node/trust/documents.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using crypto::Purpose;
using testing::Value;
using testing::World;

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest()
      : charter_(*world_.View()->Find("QM")->charter),
        body_(BodyOf<v1::Directory>(world_.state("QM").directory)),
        first_(Value(VerifyDirectory(world_.state("QM").directory, charter_, nullptr))) {}

  absl::StatusOr<Directory> Verify(const v1::Directory& directory,
                                   const Directory* previous = nullptr) {
    return VerifyDirectory(world_.SignDirectory("QM", directory), charter_, previous);
  }
  v1::Directory Second() {
    v1::Directory next = body_;
    next.set_version(2);
    next.set_previous_sha256(Bytes(first_.sha256));
    return next;
  }

  World world_;
  Charter charter_;
  v1::Directory body_;
  Directory first_;
};

TEST_F(DirectoryTest, RefusesOneSignatureOfTwo) {
  auto document = Signed(body_, Purpose::kDirectory, world_.state("QM").admins, 1);
  EXPECT_THAT(VerifyDirectory(document, charter_, nullptr),
              IsRefused("TOO_FEW_SIGNATURES", "directory: 1 of the 2 signatures"));
}

TEST_F(DirectoryTest, RefusesTheRootsThemselves) {
  auto document = Signed(body_, Purpose::kDirectory, world_.state("QM").roots, 1);
  EXPECT_THAT(VerifyDirectory(document, charter_, nullptr),
              IsRefused("UNKNOWN_SIGNER", "directory: 0 of the 2 signatures"));
}

TEST_F(DirectoryTest, RefusesASignatureGivenForAnotherPurpose) {
  auto document = Signed(body_, Purpose::kCharter, world_.state("QM").admins, 2);
  EXPECT_THAT(VerifyDirectory(document, charter_, nullptr),
              IsRefused("BAD_SIGNATURE", "a signature does not verify"));
}

TEST_F(DirectoryTest, RefusesAnotherStates) {
  EXPECT_THAT(VerifyDirectory(world_.state("QT").directory, charter_, nullptr),
              IsRefused("BAD_DOCUMENT", "directory: it is another state's"));
}

TEST_F(DirectoryTest, TakesATreatyListUpToItsLimit) {
  body_.set_treaty_list(std::string(limits::kMaxTreatyListBytes, '#'));
  EXPECT_EQ(Value(Verify(body_)).body.treaty_list().size(), limits::kMaxTreatyListBytes);
  body_.mutable_treaty_list()->push_back('#');
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "directory: the treaty status list"));
}

TEST_F(DirectoryTest, RefusesAGiant) {
  body_.mutable_node()->set_endpoint(std::string(limits::kMaxDirectoryBytes, 'x'));
  EXPECT_THAT(Verify(body_), IsRefused("DOCUMENT_TOO_LARGE", "larger than its limit"));
}

TEST_F(DirectoryTest, RefusesOneTlsPinTwiceAtTheNode) {
  body_.mutable_node()->add_tls_pins(body_.node().tls_pins(0));
  EXPECT_THAT(Verify(body_), IsRefused("DUPLICATE_KEY", "node: a TLS pin stands twice"));
}

TEST_F(DirectoryTest, TakesACurrentAndANextTlsPinOfTheNode) {
  body_.mutable_node()->add_tls_pins(std::string(32, 'n'));
  EXPECT_THAT(Verify(body_), IsAccepted());
}

TEST_F(DirectoryTest, RefusesTooManyPolicies) {
  for (size_t i = 0; i <= limits::kMaxPoliciesPerState; ++i) body_.add_policy();
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "too many policy entries"));
}

TEST_F(DirectoryTest, ChecksWhatAnAuthorityTells) {
  body_.mutable_authorities(0)->mutable_cooperation()->add_emails("");
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "QM/central: emails has an empty item"));
}

TEST_F(DirectoryTest, WhatRecoveredIsNoVersionLaterNorTheOtherWay) {
  v1::Directory next = Second();
  v1::AuthorityEntry* central = next.mutable_authorities(0);
  v1::SealingKeyEntry recovery = central->recovery_key();
  central->clear_recovery_key();
  recovery.set_version(2);
  *central->add_sealing_keys() = recovery;
  EXPECT_THAT(Verify(next, &first_), IsRefused("BAD_DOCUMENT", "was a recovery key before"));
  next = Second();
  central = next.mutable_authorities(0);
  *central->mutable_recovery_key() = central->sealing_keys(0);
  central->clear_sealing_keys();
  EXPECT_THAT(Verify(next, &first_), IsRefused("BAD_DOCUMENT", "was a sealing key before"));
  EXPECT_THAT(Verify(Second(), &first_), IsAccepted());
}

TEST_F(DirectoryTest, LivesThirtyDaysAtMost) {
  body_.set_expires_at_ms(body_.issued_at_ms() + limits::kMaxDirectoryLifeMillis);
  EXPECT_THAT(Verify(body_), IsAccepted());
  body_.set_expires_at_ms(body_.expires_at_ms() + 1);
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "valid for more than 30 days"));
}

TEST_F(DirectoryTest, ALifeBeyondAllNumbersIsTooLong) {
  body_.set_issued_at_ms(INT64_MIN);
  body_.set_expires_at_ms(INT64_MAX);
  EXPECT_THAT(Verify(body_), IsRefused("BAD_DOCUMENT", "when it was issued"));
}

TEST_F(DirectoryTest, TakesTheNextVersion) { EXPECT_THAT(Verify(Second(), &first_), IsAccepted()); }

TEST_F(DirectoryTest, RefusesAJump) {
  v1::Directory third = Second();
  third.set_version(3);
  EXPECT_THAT(Verify(third, &first_),
              IsRefused("VERSION_JUMP", "its version is 3, the next one is 2"));
}

TEST_F(DirectoryTest, ReportsAForkOfTheSameVersion) {
  body_.clear_policy();
  EXPECT_THAT(Verify(body_, &first_), IsRefused("VERSION_FORK", "have version 1"));
}

TEST_F(DirectoryTest, RefusesAnOlderOne) {
  Directory second = Value(Verify(Second(), &first_));
  EXPECT_THAT(Verify(body_, &second), IsRefused("OLD_VERSION", "version 1 is older than 2"));
}

TEST_F(DirectoryTest, RefusesAWrongPreviousHash) {
  v1::Directory next = Second();
  next.set_previous_sha256(Bytes(crypto::Sha256("another")));
  EXPECT_THAT(Verify(next, &first_), IsRefused("BAD_DOCUMENT", "by its SHA-256"));
}

TEST_F(DirectoryTest, RefusesToFollowAnotherStates) {
  Directory other = Value(world_.View()->DirectoryOf("QT"))->verified();
  EXPECT_THAT(Verify(Second(), &other), IsRefused("BAD_DOCUMENT", "it is another state's"));
}

TEST_F(DirectoryTest, TakesAnAuthorityWithoutKeys) {
  body_.mutable_authorities(0)->clear_sealing_keys();
  body_.mutable_authorities(0)->clear_recovery_key();
  EXPECT_THAT(Verify(body_), IsAccepted());
}

TEST_F(DirectoryTest, TakesTwoVersionsOfASealingKey) {
  v1::SealingKeyEntry* key = body_.mutable_authorities(0)->add_sealing_keys();
  *key = body_.authorities(0).sealing_keys(0);
  key->set_version(2);
  key->set_public_key(std::string(1216, '\0'));
  key->set_key_id(crypto::KeyId(crypto::kXWing, key->public_key()));
  EXPECT_THAT(Verify(body_), IsAccepted());
}

// ---- one change each in an otherwise good directory
using DirectoryChange = Change<v1::Directory>;
class BadDirectory : public ::testing::TestWithParam<DirectoryChange> {};

TEST_P(BadDirectory, IsRefused) {
  World world;
  v1::Directory body = BodyOf<v1::Directory>(world.state("QM").directory);
  GetParam().change(&body);
  EXPECT_THAT(
      VerifyDirectory(world.SignDirectory("QM", body), *world.View()->Find("QM")->charter, nullptr),
      IsRefused(CodeOfRule(GetParam().text), GetParam().text));
}

v1::AuthorityEntry* Central(v1::Directory* d) { return d->mutable_authorities(0); }
v1::SealingKeyEntry* Sealing(v1::Directory* d) { return Central(d)->mutable_sealing_keys(0); }
v1::OfficerEntry* Officer(v1::Directory* d, int i) { return d->mutable_officers(i); }
void TakeSigningKey(v1::OfficerEntry* to, const v1::OfficerEntry& from) {
  to->set_signing_key(from.signing_key());
  to->set_signing_key_id(from.signing_key_id());
}

const DirectoryChange kBadDirectories[] = {
    {"OfAnotherFormat", [](auto* d) { d->set_format(0); }, "its format is not 1"},
    // Node.
    {"WithAShortCheckpointKey",
     [](auto* d) { d->mutable_node()->mutable_checkpoint_key()->pop_back(); },
     "node: the checkpoint or cosignature key has not 32 bytes"},
    {"WithoutCosignatureKey", [](auto* d) { d->mutable_node()->clear_cosignature_key(); },
     "node: the checkpoint or cosignature key has not 32 bytes"},
    {"WithOneKeyForCheckpointAndCosignature",
     [](auto* d) { d->mutable_node()->set_cosignature_key(d->node().checkpoint_key()); },
     "node: a key id stands twice"},
    {"WithoutPin", [](auto* d) { d->mutable_node()->clear_tls_pins(); }, "one or two TLS pins"},
    {"WithThreeNodePins",
     [](auto* d) {
       d->mutable_node()->add_tls_pins(std::string(32, 'b'));
       d->mutable_node()->add_tls_pins(std::string(32, 'c'));
     },
     "one or two TLS pins"},
    {"WithAShortNodePin", [](auto* d) { d->mutable_node()->mutable_tls_pins(0)->pop_back(); },
     "node: the TLS pin has not 32 bytes"},
    {"WithAnotherStatesOrigin",
     [](auto* d) { d->mutable_node()->set_ledger_origin("palermo/QT/1"); },
     "does not begin with palermo/QM/"},
    {"WithAnOriginOfNoEpoch", [](auto* d) { d->mutable_node()->set_ledger_origin("palermo/QM/"); },
     "does not begin with palermo/QM/"},
    {"WithoutEndpoint", [](auto* d) { d->mutable_node()->clear_endpoint(); }, "no endpoint"},
    {"WithALongEndpoint",
     [](auto* d) {
       d->mutable_node()->set_endpoint(std::string(limits::kMaxEndpointBytes + 1, 'e'));
     },
     "node: the endpoint is longer than 256 bytes"},
    {"WithALongOrigin",
     [](auto* d) {
       d->mutable_node()->mutable_ledger_origin()->append(limits::kMaxNameBytes, '1');
     },
     "node: the ledger's origin is longer than 256 bytes"},
    // Authorities.
    {"WithTooManyAuthorities",
     [](auto* d) {
       while (d->authorities_size() <= static_cast<int>(limits::kMaxAuthoritiesPerState)) {
         d->add_authorities();
       }
     },
     "too many authorities"},
    {"WithAnotherStatesAuthority", [](auto* d) { Central(d)->set_id("QT/central"); },
     "'QT/central' is not an authority of this state"},
    {"WithABadAuthorityId", [](auto* d) { Central(d)->set_id("QM/Central"); },
     "'QM/Central' is not an authority of this state"},
    {"WithAnAuthorityTwice", [](auto* d) { d->add_authorities()->set_id("QM/central"); },
     "authorities are not sorted or not unique"},
    {"WithAuthoritiesUnsorted", [](auto* d) { d->add_authorities()->set_id("QM/agency"); },
     "authorities are not sorted or not unique"},
    {"WithAnUnknownKem", [](auto* d) { Sealing(d)->set_kem(0x0010); },
     "QM/central: the sealing key: KEM 0x0010 is not taken"},
    {"WithAnX25519SealingKey",
     [](auto* d) {
       Sealing(d)->set_kem(0x0020);
       Sealing(d)->set_public_key(std::string(32, 's'));
       Sealing(d)->set_key_id(crypto::KeyId(crypto::kX25519, Sealing(d)->public_key()));
     },
     "QM/central: the sealing key: KEM 0x0020 is not taken, only X-Wing"},
    {"WithAShortSealingKey", [](auto* d) { Sealing(d)->mutable_public_key()->pop_back(); },
     "an X-Wing public key has 1216 bytes, not 1215"},
    {"WithASealingKeyThatIsNotReduced",
     [](auto* d) { Sealing(d)->set_public_key(std::string(1216, '\xFF')); },
     "the ML-KEM-768 public key is not reduced modulo 3329"},
    {"WithAnotherSealingKeysId", [](auto* d) { Sealing(d)->set_key_id(std::string(16, 'k')); },
     "sealing key does not match its key id"},
    {"WithASealingKeyOfNoWindow", [](auto* d) { Sealing(d)->set_valid_to_ms(d->issued_at_ms()); },
     "the sealing key has no window"},
    {"WithASealingKeyTwice",
     [](auto* d) {
       v1::SealingKeyEntry* key = Central(d)->add_sealing_keys();
       *key = *Sealing(d);
       key->set_version(2);
     },
     "QM/central: a key id stands twice"},
    {"WithASealingKeyVersionTwice",
     [](auto* d) {
       v1::SealingKeyEntry* key = Central(d)->add_sealing_keys();
       *key = *Sealing(d);
       key->set_public_key(std::string(1216, '\0'));
       key->set_key_id(crypto::KeyId(crypto::kXWing, key->public_key()));
     },
     "two sealing keys have the same version"},
    {"WithOneKeyToSealAndToRecover",
     [](auto* d) { *Central(d)->mutable_recovery_key() = *Sealing(d); },
     "QM/central: a key id stands twice"},
    {"WithABadRecoveryKey",
     [](auto* d) { Central(d)->mutable_recovery_key()->set_key_id(std::string(16, 'k')); },
     "sealing key does not match its key id"},
    // Officers.
    {"WithTooManyOfficers",
     [](auto* d) {
       while (d->officers_size() <= static_cast<int>(limits::kMaxOfficersPerState)) {
         d->add_officers();
       }
     },
     "too many officers"},
    {"WithAnOfficerOfAnUnlistedAuthority",
     [](auto* d) { Officer(d, 4)->set_id("QM/police/o-0001"); },
     "'QM/police/o-0001' is not an officer of a listed authority"},
    {"WithABadOfficerId", [](auto* d) { Officer(d, 0)->set_id("QM/central"); },
     "'QM/central' is not an officer of a listed authority"},
    {"WithOfficersUnsorted", [](auto* d) { d->mutable_officers()->SwapElements(0, 1); },
     "officers are not sorted or not unique"},
    {"WithAnOfficerTwice", [](auto* d) { *Officer(d, 1) = d->officers(0); },
     "officers are not sorted or not unique"},
    {"WithAShortSigningKey", [](auto* d) { Officer(d, 0)->mutable_signing_key()->pop_back(); },
     "the signing key has not 32 bytes"},
    {"WithAnotherSigningKeysId",
     [](auto* d) { Officer(d, 0)->set_signing_key_id(std::string(16, 'k')); },
     "signing key does not match its key id"},
    {"WithASigningKeyTwice", [](auto* d) { TakeSigningKey(Officer(d, 1), d->officers(0)); },
     "o-0002: a key id stands twice"},
    {"WithTheNodesKeyForAnOfficer",
     [](auto* d) {
       Officer(d, 1)->set_signing_key(d->node().checkpoint_key());
       Officer(d, 1)->set_signing_key_id(
           crypto::KeyId(crypto::kEd25519, d->node().checkpoint_key()));
     },
     "o-0002: a key id stands twice"},
    {"WithAnUnknownOfficerKem", [](auto* d) { Officer(d, 0)->set_sealing_kem(1); },
     "o-0001: the sealing key: KEM 0x0001 is not taken"},
    {"WithAnX25519OfficerKey",
     [](auto* d) {
       Officer(d, 0)->set_sealing_kem(0x0020);
       Officer(d, 0)->set_sealing_key(std::string(32, 's'));
       Officer(d, 0)->set_sealing_key_id(
           crypto::KeyId(crypto::kX25519, d->officers(0).sealing_key()));
     },
     "o-0001: the sealing key: KEM 0x0020 is not taken, only X-Wing"},
    {"WithAnotherOfficerSealingKeysId",
     [](auto* d) { Officer(d, 0)->set_sealing_key_id(std::string(16, 'k')); },
     "o-0001: the sealing key does not match its key id"},
    {"WithAShortOfficerSealingKey",
     [](auto* d) {
       Officer(d, 0)->mutable_sealing_key()->pop_back();
       Officer(d, 0)->set_sealing_key_id(
           crypto::KeyId(crypto::kXWing, d->officers(0).sealing_key()));
     },
     "an X-Wing public key has 1216 bytes, not 1215"},
    {"WithAnOfficersSealingKeyTwice",
     [](auto* d) {
       Officer(d, 1)->set_sealing_key(d->officers(0).sealing_key());
       Officer(d, 1)->set_sealing_key_id(d->officers(0).sealing_key_id());
     },
     "o-0002: a key id stands twice"},
    {"WithTheAuthoritysKeyForAnOfficer",
     [](auto* d) {
       Officer(d, 0)->set_sealing_key(Sealing(d)->public_key());
       Officer(d, 0)->set_sealing_key_id(Sealing(d)->key_id());
     },
     "o-0001: a key id stands twice"},
    {"WithAnOfficerOfNoPerson", [](auto* d) { Officer(d, 0)->clear_person(); }, "names no person"},
    {"WithALongPerson",
     [](auto* d) { Officer(d, 0)->set_person(std::string(limits::kMaxNameBytes + 1, 'p')); },
     "o-0001: the person is longer than 256 bytes"},
    {"WithThreeOfficerPins",
     [](auto* d) {
       Officer(d, 0)->add_tls_pins(std::string(32, 'b'));
       Officer(d, 0)->add_tls_pins(std::string(32, 'c'));
     },
     "more than two TLS pins"},
    {"WithAShortOfficerPin", [](auto* d) { Officer(d, 0)->mutable_tls_pins(0)->pop_back(); },
     "o-0001: the TLS pin has not 32 bytes"},
    {"WithAPinTwice", [](auto* d) { Officer(d, 1)->set_tls_pins(0, d->officers(0).tls_pins(0)); },
     "a TLS pin stands twice"},
    {"WithTheNodesPinForAnOfficer",
     [](auto* d) { Officer(d, 1)->set_tls_pins(0, d->node().tls_pins(0)); },
     "a TLS pin stands twice"},
    // Policy.
    {"WithTwoPoliciesForOneAct", [](auto* d) { *d->add_policy() = d->policy(0); },
     "two policy entries for the same act"},
    {"ThatAsksTooManyApprovals",
     [](auto* d) { d->mutable_policy(0)->set_approvals(limits::kMaxApprovals); },
     "too many approvals asked"},
};
INSTANTIATE_TEST_SUITE_P(Directory, BadDirectory, ::testing::ValuesIn(kBadDirectories),
                         ChangeName<v1::Directory>);

}  // namespace
}  // namespace palermo::trust
