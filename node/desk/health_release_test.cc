// HR-22: what leaves for a health authority is facts of the product; a name or a reference of the
// case stops it.
#include "node/desk/health_release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "node/casework/forms.h"
#include "node/desk/asset_text.h"

namespace palermo::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::CaseBody Alert() {
  v1::CaseBody body = casework::TemplateForType(v1::AssistanceType::PRODUCT_ALERT);
  v1::Request& r = *body.mutable_request();
  r.mutable_alert()->set_manufacturer_actual("Quarvell Works");
  v1::Person& patient = *r.add_persons();
  patient.set_ref("PT-1");
  patient.add_roles("VICTIM");
  patient.set_name("Mara Quell");
  patient.set_phone("+999 12 345 678");
  return body;
}

HealthRelease Warning() {
  HealthRelease release;
  release.to = "QT/health";
  release.text = "Tablets of this batch hold the wrong active substance.";
  release.advice = "Do not take them.";
  release.approved_by = {"QM-HEALTH-1", "QM-CA-07"};
  return release;
}

TEST(HealthRelease, HoldsProductFactsAndPassesTheRules) {
  const auto draft = MakeHealthRelease(Alert(), Warning());
  ASSERT_TRUE(draft.ok());
  EXPECT_TRUE(CheckHealthRelease(Alert(), *draft).empty());
  const std::string json = DraftJson(*draft);
  for (const char* gone : {"QM-E-113", "Quarvell", "Mara", "Quell", "PS-2026", "Port-Sel",
                           "CA-2026", "Dario", "Duty desk", "proceeding", "persons"}) {
    EXPECT_THAT(json, Not(HasSubstr(gone)));
  }
  for (const char* there :
       {"Zelumar 80/480", "AX77-19", "09521234567899", "wrong active substance", "Zelu Pharma"}) {
    EXPECT_THAT(json, HasSubstr(there));
    EXPECT_THAT(HealthReleaseText(draft->body.request().public_release()), HasSubstr(there));
  }
  // And it is a draft that the desk takes.
  const auto again = ParseDraft(json, "release");
  ASSERT_TRUE(again.ok()) << again.status();
  // Its words are those of the printed form, which the desk tells whoever sends them.
  for (const auto& f : CheckDraft(ContextOf(*again, "QM", nullptr, absl::UnixEpoch()), *again)) {
    EXPECT_EQ(f.rule, "R-GEN-04") << f.what;
  }
}

TEST(HealthRelease, ANameOrAReferenceOfTheCaseStopsIt) {
  for (const char* text : {"A patient, QUELL Mara, died.", "See PS 2026 0000.",
                           "Call +999-12345678.", "Made by quarvell works.", "Sample QM-E-113."}) {
    HealthRelease release = Warning();
    release.text = text;
    const auto findings = CheckHealthRelease(Alert(), *MakeHealthRelease(Alert(), release));
    ASSERT_EQ(findings.size(), 1u) << text;
    EXPECT_EQ(findings[0].rule, "R-MED-02");
    EXPECT_EQ(findings[0].field, "request.public_release.text");
  }
  v1::CaseBody alert = Alert();
  v1::Person& suspect = *alert.mutable_request()->add_persons();
  suspect.set_ref("P-9");
  suspect.set_name("Dario Vell");
  alert.mutable_request()->mutable_alert()->set_finding("sold by Dario Vell");
  EXPECT_EQ(CheckHealthRelease(alert, *MakeHealthRelease(alert, Warning())).size(), 1u);
}

TEST(HealthRelease, NeedsAnAlertAndAnAuthority) {
  EXPECT_EQ(CodeOf(MakeHealthRelease(v1::CaseBody(), Warning()).status()), "NO_ALERT");
  HealthRelease release = Warning();
  release.to = "the ministry";
  EXPECT_EQ(CodeOf(MakeHealthRelease(Alert(), release).status()), "BAD_VALUE");
}

TEST(Assets, AreShownWithWhatHasToHappenFirst) {
  constexpr absl::Duration kMonth = absl::Hours(24 * 30);
  casework::Asset asset;
  asset.items = {1, 2};
  asset.id = "QV47";
  asset.state = casework::AssetState::kLiftProposed;
  asset.lift_proposed = absl::FromUnixSeconds(0);
  asset.amount.set_minor(25000005);
  asset.amount.set_ccy("XTS");
  v1::ThirdPartyClaim claim;
  claim.set_ref("C-1");
  claim.set_by("Bank X");
  claim.set_status("OPEN");
  asset.claims.push_back(claim);
  const std::string ours =
      AssetsText({asset}, casework::Side::kRequesting, absl::FromUnixSeconds(1), kMonth);
  EXPECT_THAT(ours, HasSubstr("item 1, 2: LIFT_PROPOSED"));
  EXPECT_THAT(ours, HasSubstr("250000.05 XTS"));
  EXPECT_THAT(ours, HasSubstr("R-AR-08: state our view until 1970-01-31"));
  EXPECT_THAT(ours,
              HasSubstr("claim C-1 of Bank X: OPEN; nothing is disposed of before (R-AR-05)"));
  EXPECT_THAT(
      AssetsText({asset}, casework::Side::kRequested, absl::FromUnixSeconds(0) + kMonth, kMonth),
      HasSubstr("the measure may be lifted"));
  EXPECT_EQ(AssetsText({}, casework::Side::kRequested, absl::UnixEpoch(), kMonth), "");
  const std::string json = AssetsJson({asset}, absl::Hours(24 * 7)).OneLine();
  EXPECT_THAT(json, HasSubstr("\"state\": \"LIFT_PROPOSED\""));
  EXPECT_THAT(json, HasSubstr("\"hearing_until\": \"1970-01-08"));
}

}  // namespace
}  // namespace palermo::desk
