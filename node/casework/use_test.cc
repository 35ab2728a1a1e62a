#include "node/casework/use.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/casework/contents.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using Kind = Purpose::Kind;

std::string Said(const std::vector<Finding>& findings) {
  std::string all;
  for (const Finding& f : findings) all += (all.empty() ? "" : ", ") + f.key;
  return all;
}

TEST(Purpose, IsReadFromItsWordsAndTheCaseThatItNames) {
  EXPECT_EQ(PurposeOf("COURT").kind, Kind::kCourt);
  EXPECT_EQ(PurposeOf("trial in ps-7").kind, Kind::kCourt);
  EXPECT_EQ(PurposeOf("trial in ps-7").ref, "ps-7");
  EXPECT_EQ(PurposeOf("INVESTIGATION(PS-1)").kind, Kind::kInvestigation);
  EXPECT_EQ(PurposeOf("INVESTIGATION(PS-1)").ref, "PS-1");
  EXPECT_EQ(PurposeOf("JIT:TIDEGATE").kind, Kind::kPolice);
  EXPECT_EQ(PurposeOf("JIT:TIDEGATE").ref, "TIDEGATE");
  EXPECT_EQ(PurposeOf("SEARCH_AND_RESCUE").kind, Kind::kSafety);
  EXPECT_EQ(PurposeOf("TAX-2026-4").kind, Kind::kOther);
  EXPECT_TRUE(PurposeOf("CRIMINAL_INVESTIGATION").plain);
  EXPECT_FALSE(PurposeOf("TAX_INVESTIGATION").plain);
}

Restrictions Information() {
  Restrictions r;
  r.handling = "H1";
  r.release_states = {"QM", "QN"};
  r.purposes = {"TIDEGATE"};
  r.originator = "QR";
  return r;
}

TEST(Use, InformationServesTheWorkOfItsAddresseesAndNoCourt) {
  const auto used = [](const std::string& purpose, const std::string& by, bool consent = false) {
    return Said(CheckUse(Information(), {purpose, by, ""}, consent));
  };
  EXPECT_EQ(used("INVESTIGATION", "QM"), "");
  EXPECT_EQ(used("JIT:TIDEGATE", "QM"), "");
  EXPECT_EQ(used("JIT:LAGOON", "QM"), "R-USE-01.purpose");
  EXPECT_EQ(used("IMMIGRATION", "QM"), "R-USE-01.purpose");
  EXPECT_EQ(used("INVESTIGATION", "QV"), "R-USE-01.state");
  EXPECT_EQ(used("PROSECUTION", "QM"), "R-USE-02.court");
  EXPECT_EQ(used("PROSECUTION", "QM", true), "");
  EXPECT_EQ(used("PROSECUTION", "QR"), "");  // its own
  EXPECT_EQ(used("SEARCH_AND_RESCUE", "QV"), "");
}

TEST(Use, EvidenceServesItsOwnProceedingAlone) {
  Restrictions r;
  r.evidence = true;
  r.purposes = {"PS-1", "evidence at trial in PS-1"};
  const auto used = [&](const std::string& purpose, const std::string& proceeding = "") {
    return Said(CheckUse(r, {purpose, "QM", proceeding}, false));
  };
  EXPECT_EQ(used("COURT"), "");
  EXPECT_EQ(used("COURT", "PS-1"), "");
  EXPECT_EQ(used("COURT", "PS-2"), "R-USE-01.purpose");
  EXPECT_EQ(used("evidence at trial in PS-1"), "");
  EXPECT_EQ(used("INVESTIGATION(PS-2)"), "R-USE-01.purpose");
  EXPECT_EQ(used("ANALYSIS"), "R-USE-01.purpose");
}

TEST(Forward, GoesToTheReleasedStatesAndFromAndToTheOriginator) {
  const auto sent = [](const std::string& from, const std::string& to, bool consent = false) {
    return Said(CheckForward(Information(), from, to, consent));
  };
  EXPECT_EQ(sent("QM", "QN"), "");
  EXPECT_EQ(sent("QM", "QR"), "");
  EXPECT_EQ(sent("QR", "QV"), "");
  EXPECT_EQ(sent("QM", "QV"), "R-USE-01.state");
  EXPECT_EQ(sent("QM", "QV", true), "");
}

TEST(Opening, NeedsTheRoleAndTwoOfficers) {
  EXPECT_EQ(Said(CheckOpening({"VICTIM_OFFICER", true, ""})), "");
  EXPECT_EQ(Said(CheckOpening({"AUDITOR", true, ""})), "");
  EXPECT_EQ(Said(CheckOpening({"VICTIM_OFFICER", false, ""})), "R-HR-10.opened");
  EXPECT_EQ(Said(CheckOpening({"ANALYST", true, ""})), "R-HR-10.opened");
  EXPECT_EQ(Said(CheckOpening({"ANALYST", true, "order 7"})), "");
}

TEST(Exculpatory, ANoticeSaysWhetherTheOtherStateKnewBefore) {
  CheckContext context;
  context.family = v1::Family::MLA;
  context.act = v1::Act::EXCULPATORY_NOTICE;
  context.side = Side::kRequesting;
  v1::CaseBody body = TemplateFor(v1::Act::EXCULPATORY_NOTICE);
  const auto told = [&] {
    const auto findings = CheckBody(context, body);
    return std::count_if(findings.begin(), findings.end(), [](const Finding& f) {
      return f.key == "R-USE-03.notice" && f.severity == Severity::kWarning;
    });
  };
  EXPECT_EQ(told(), 0);
  body.mutable_use()->set_kind("POST");
  body.mutable_use()->clear_why_no_prior();
  EXPECT_EQ(told(), 1);
  body.mutable_use()->set_why_no_prior("the court ordered it at once");
  EXPECT_EQ(told(), 0);
}

}  // namespace
}  // namespace palermo::casework
