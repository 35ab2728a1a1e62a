// The limits of a directory agree: what it may hold fits into what it may weigh.
#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "node/trust/documents.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;

// The X25519 part, the last 32 bytes, may be anything.
std::string SealingKey(const std::string& like, size_t number) {
  return like.substr(0, like.size() - 32) + absl::StrFormat("%032d", number);
}

// As large as an entry gets: the longest names, every role, two pins.
v1::OfficerEntry LargestOfficer(const v1::OfficerEntry& like, const std::string& authority,
                                size_t number) {
  v1::OfficerEntry officer = like;
  officer.set_id(absl::StrFormat("%s/%s%05d", authority, std::string(59, 'o'), number));
  officer.set_person(absl::StrFormat("%0*d", limits::kMaxNameBytes, number));
  officer.clear_roles();
  for (int role = v1::Role::DRAFTER; role <= v1::Role::CUSTODIAN; ++role) {
    officer.add_roles(static_cast<v1::Role::Code>(role));
  }
  officer.set_signing_key(absl::StrFormat("s%031d", number));
  officer.set_signing_key_id(crypto::KeyId(crypto::kEd25519, officer.signing_key()));
  officer.set_sealing_key(SealingKey(like.sealing_key(), number));
  officer.set_sealing_key_id(crypto::KeyId(crypto::kXWing, officer.sealing_key()));
  officer.clear_tls_pins();
  officer.add_tls_pins(absl::StrFormat("c%031d", number));
  officer.add_tls_pins(absl::StrFormat("n%031d", number));
  officer.set_valid_to_ms(INT64_MAX);
  return officer;
}

class DirectorySizeTest : public ::testing::Test {
 protected:
  // Authorities with two versions of their key and a recovery key, and officers of the last one.
  DirectorySizeTest() : body_(BodyOf<v1::Directory>(world_.state("QM").directory)) {
    const v1::AuthorityEntry central = body_.authorities(0);
    body_.clear_authorities();
    size_t keys = limits::kMaxOfficersPerState;
    for (int i = 0; i < 50; ++i) {
      v1::AuthorityEntry* one = body_.add_authorities();
      *one = central;
      one->set_id(absl::StrFormat("QM/a%02d%s", i, std::string(61, 'a')));
      *one->add_sealing_keys() = one->sealing_keys(0);
      one->mutable_sealing_keys(1)->set_version(2);
      for (auto* key : {one->mutable_sealing_keys(0), one->mutable_sealing_keys(1),
                        one->mutable_recovery_key()}) {
        key->set_public_key(SealingKey(key->public_key(), ++keys));
        key->set_key_id(crypto::KeyId(crypto::kXWing, key->public_key()));
      }
    }
    like_ = body_.officers(0);
    body_.clear_officers();
    for (size_t i = 0; i < limits::kMaxOfficersPerState; ++i) AddOfficer(i);
  }
  void AddOfficer(size_t number) {
    *body_.add_officers() = LargestOfficer(like_, body_.authorities(49).id(), number);
  }
  absl::StatusOr<Directory> Verify() {
    return VerifyDirectory(world_.SignDirectory("QM", body_), *world_.View()->Find("QM")->charter,
                           nullptr);
  }

  World world_;
  v1::Directory body_;
  v1::OfficerEntry like_;
};

TEST_F(DirectorySizeTest, AsManyOfficersAsItMayHoldFit) {
  EXPECT_LE(body_.officers(0).ByteSizeLong() + 3, limits::kMaxOfficerEntryBytes);
  EXPECT_GT(body_.officers(0).ByteSizeLong() + 32, limits::kMaxOfficerEntryBytes);
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(DirectorySizeTest, RefusesOneOfficerMoreForTheirNumber) {
  AddOfficer(limits::kMaxOfficersPerState);
  EXPECT_THAT(Verify(), IsRefused("BAD_DOCUMENT", "directory: too many officers"));
}

}  // namespace
}  // namespace palermo::trust
