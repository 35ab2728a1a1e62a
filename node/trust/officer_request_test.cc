#include "node/trust/officer_request.h"

#include "base/limits.h"
#include "node/trust/test_util.h"
#include "tests/support/fake_random.h"

namespace palermo::trust {
namespace {

using testing::FakeRandom;

class OfficerRequestTest : public ::testing::Test {
 protected:
  OfficerRequestTest() : random_(7), key_(crypto::SigningKey::Generate(random_)) {
    request_.set_format(1);
    request_.set_officer("QM/central/o-0009");
    request_.set_signing_key(std::string(crypto::AsView(key_.public_key())));
    request_.set_sealing_kem(0x647A);
    request_.set_sealing_key(std::string(1216, 's'));
    request_.set_tls_pin(std::string(32, 't'));
    request_.set_made_at_ms(1);
  }
  v1::SignedOfficerRequest Made() { return testing::Value(SignOfficerRequest(request_, key_)); }

  FakeRandom random_;
  crypto::SigningKey key_;
  v1::OfficerRequest request_;
};

TEST_F(OfficerRequestTest, GivesWhatWasSigned) {
  EXPECT_EQ(testing::Value(VerifyOfficerRequest(Made())).officer(), "QM/central/o-0009");
}

TEST_F(OfficerRequestTest, RefusesOneThatItsOwnKeyDidNotSign) {
  v1::SignedOfficerRequest made =
      testing::Value(SignOfficerRequest(request_, crypto::SigningKey::Generate(random_)));
  EXPECT_THAT(VerifyOfficerRequest(made), IsRefused("BAD_SIGNATURE", ""));
}

TEST_F(OfficerRequestTest, RefusesASignatureGivenForAnotherPurpose) {
  v1::SignedOfficerRequest made = Made();
  made.set_signature(
      std::string(crypto::AsView(key_.Sign(crypto::Purpose::kGrant, made.request()))));
  EXPECT_THAT(VerifyOfficerRequest(made), IsRefused("BAD_SIGNATURE", ""));
}

TEST_F(OfficerRequestTest, RefusesEveryChangeOfTheRequest) {
  v1::SignedOfficerRequest made = Made();
  for (char& byte : *made.mutable_request()) {
    byte ^= 1;
    EXPECT_FALSE(VerifyOfficerRequest(made).ok());
    byte ^= 1;
  }
}

TEST_F(OfficerRequestTest, RefusesWhatIsNotWhole) {
  const Change<v1::OfficerRequest> kChanges[] = {
      {"format", [](auto* r) { r->set_format(2); }, "format"},
      {"officer", [](auto* r) { r->set_officer("QM/central"); }, "names no officer"},
      {"pin", [](auto* r) { r->set_tls_pin("short"); }, "TLS pin"},
      {"sealing", [](auto* r) { r->clear_sealing_key(); }, "no sealing key"},
      {"giant key",
       [](auto* r) { r->set_sealing_key(std::string(limits::kMaxEncapsulationBytes + 1, 's')); },
       "no sealing key"},
      {"giant",
       [](auto* r) { r->set_sealing_key(std::string(limits::kMaxOfficerRequestBytes, 's')); },
       "officer request: it is over its limit"},
      {"time", [](auto* r) { r->clear_made_at_ms(); }, "when it was made"},
      {"signing", [](auto* r) { r->set_signing_key("short"); }, "signing key"},
  };
  for (const auto& change : kChanges) {
    v1::OfficerRequest before = request_;
    change.change(&request_);
    EXPECT_THAT(VerifyOfficerRequest(Made()), IsRefused("BAD_STATEMENT", change.text))
        << change.name;
    request_ = before;
  }
}

TEST_F(OfficerRequestTest, RefusesAnotherEncodingAlsoWhenItIsSigned) {
  v1::SignedOfficerRequest made = Made();
  made.mutable_request()->append("\x40\x01");  // field 8
  made.set_signature(
      std::string(crypto::AsView(key_.Sign(crypto::Purpose::kOfficerRequest, made.request()))));
  EXPECT_THAT(VerifyOfficerRequest(made),
              IsRefused("BAD_STATEMENT", "officer request has unknown fields"));
}

TEST_F(OfficerRequestTest, SaysWhenTheTokenGivesNoSignature) {
  EXPECT_THAT(SignOfficerRequest(request_, TokenGone()), IsRefused("TOKEN_GONE", "no token"));
}

TEST_F(OfficerRequestTest, TwoRequestsHaveTwoFingerprints) {
  std::string one = RequestFingerprint(Made());
  EXPECT_EQ(one.size(), 29u);  // six groups of four digits
  request_.set_made_at_ms(2);
  EXPECT_NE(RequestFingerprint(Made()), one);
}

}  // namespace
}  // namespace palermo::trust
