// What the author of an agreement is told before the others get it.
#include <gtest/gtest.h>

#include "node/casework/contents.h"
#include "node/casework/operation/rules.h"
#include "node/casework/operation/test_agreement.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

using Agreement = v1::OperationAgreement;

v1::OperationRecord Whole() {
  v1::OperationRecord record;
  Agreement& a = *record.mutable_agreement();
  const std::vector<std::string> states = {"QM", "QN", "QP"};
  a = AgreementOf(states);
  a.set_name("LANTERN");
  a.set_kind("JOINT_OPERATION");
  a.set_version(1);
  for (const std::string& state : states) {
    for (const char* officer : {"/central/o-0001", "/central/o-0002"}) {
      auto& member = *a.add_members();
      member.set_officer(state + officer);
      member.set_state(state);
      member.set_role("STATE_LEADER");
      member.add_compartments("ACTION");
    }
  }
  a.add_basis()->set_pair("default");
  a.mutable_basis(0)->set_basis("UNTOC 19");
  a.mutable_purpose()->add_offences("trafficking in persons");
  a.mutable_measures()->set_seconded_present(true);
  a.mutable_information()->set_sharing("all members");
  a.mutable_information()->set_use("2AP 20(10)");
  a.mutable_information()->set_disclosure("after notice");
  a.mutable_data_protection()->add_purposes("this agreement");
  a.mutable_data_protection()->set_retention("3 years");
  a.mutable_data_protection()->set_correction("all parties are told");
  a.set_confidentiality("nothing is published");
  a.set_media("none");
  a.add_languages("en");
  a.mutable_costs()->set_liability("2AP 22");
  a.mutable_special_means()->set_weapons("none");
  a.mutable_special_means()->set_undercover("none");
  a.mutable_safety()->set_human_rights_plan("annex 2");
  a.mutable_safety()->set_victims("referred at once");
  a.mutable_evidence()->set_custody_form("annex 3");
  a.set_deconfliction_authority("QM/central");
  a.set_coordination("the leaders, each week");
  a.set_dispute("the leaders");
  a.set_prosecution_strategy("UNTOC 15(5)");
  a.set_asset_sharing("UNTOC 14(3)");
  a.set_evaluation("the leaders");
  a.add_counting_definitions("distinct by token");
  a.mutable_change()->set_departure("30 days");
  a.mutable_change()->set_amendment("all agree in writing");
  a.mutable_change()->set_accession("all agree; the newcomer accepts the version in force");
  a.mutable_change()->set_termination("at the end of the period");
  a.mutable_change()->set_departure_notice_days(30);
  a.mutable_decisions()->set_least_go(2);
  return record;
}

// "N R-GEN-01.quorum decisions.least_go": each finding, with its place below the agreement.
std::string ToldOfAgreement(const v1::OperationRecord& record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  context.now = "2026-03-20T09:00:00Z";
  std::string out;
  for (const Finding& f : CheckBody(context, body)) {
    const std::string name = std::string(SeverityName(f.severity).substr(0, 1));
    const size_t at = f.field.find("agreement.");
    out += (out.empty() ? "" : ", ") + name + " " + f.key + " " +
           (at == std::string::npos ? f.field : f.field.substr(at + 10));
  }
  return out;
}
template <typename Change>
std::string AfterEdit(Change change) {
  v1::OperationRecord record = Whole();
  change(*record.mutable_agreement());
  return ToldOfAgreement(record);
}

TEST(AgreementRules, FindNothingInAnAgreementThatSaysEverything) {
  EXPECT_EQ(ToldOfAgreement(Whole()), "");
}

TEST(AgreementRules, TakeNoEmptyWordsForAClauseOrABasis) {
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_basis(0)->set_basis("none"); }),
            "E R-JIT-07.consents basis");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_costs()->set_liability("none"); }),
            "E R-GEN-01.clause_empty costs.liability");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_costs()->clear_liability(); }),
            "E R-GEN-01.clause costs.liability");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.set_coordination("to follow"); }),
            "E R-GEN-01.clause_empty coordination");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_costs()->set_liability("none beyond 2AP 22"); }),
            "");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_leaders(1)->clear_law(); }),
            "N R-GEN-01.clause_open leaders[1].law");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.clear_decisions(); }),
            "N R-GEN-01.clause_open decisions");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.set_languages(0, "english"); }),
            "E R-GEN-01.language languages[0]");
}

TEST(AgreementRules, AskForPartiesAndAPeriodThatCanBe) {
  EXPECT_EQ(AfterEdit([](Agreement& a) {
              a.mutable_period()->set_from("2020-01-01");
              a.mutable_period()->set_to("2020-12-31");
            }),
            "E R-GEN-01.period_over period.to");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_period()->set_to("2026-03-20"); }), "")
      << "to the end of the day";
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_period()->set_to("2026-01-09"); }),
            "E R-GEN-01.period_reversed period");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.clear_period(); }), "E R-GEN-01.clause period");
  EXPECT_EQ(AfterEdit([](Agreement& a) {
              a.mutable_parties()->DeleteSubrange(1, 2);
              a.mutable_members()->DeleteSubrange(2, 4);
              a.mutable_decisions()->set_least_go(1);
            }),
            "E R-GEN-01.parties parties");
  // Its period may be over when it is amended.
  EXPECT_EQ(AfterEdit([](Agreement& a) {
              a.set_amends("0001");
              a.mutable_period()->set_to("2026-02-28");
            }),
            "");
}

TEST(AgreementRules, AskForOfficersOfThePartiesAndNumbersThatFit) {
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_members(4)->set_officer("QT/central/o-0001"); }),
            "E R-GEN-01.member_state members[4].officer, N R-AUTH-02.alone members");
  EXPECT_EQ(AfterEdit([](Agreement& a) { *a.add_members() = a.members(0); }),
            "N R-GEN-01.member_twice members[6].officer");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_decisions()->set_least_go(9); }),
            "N R-GEN-01.quorum decisions.least_go");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.mutable_decisions()->set_least_go(3); }), "");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.set_media_consents(4); }),
            "N R-GEN-01.quorum media_consents");
  EXPECT_EQ(AfterEdit([](Agreement& a) { a.set_deconfliction_authority("QT/central"); }),
            "N R-GEN-01.outside deconfliction_authority");
  EXPECT_EQ(
      AfterEdit([](Agreement& a) { a.set_deconfliction_authority("the desk of the leaders"); }),
      "");
}

// Else the first record in it waits for ever, and every later one with it.
TEST(AgreementRules, TellWhereOneOfficerAloneReadsACompartment) {
  v1::OperationRecord record = Whole();
  record.mutable_agreement()->mutable_members(0)->add_compartments("PLAN");
  EXPECT_EQ(ToldOfAgreement(record), "N R-AUTH-02.alone members");
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  const auto findings = CheckBody(context, body);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_NE(findings[0].what.find("only one officer of QM may read PLAN:"), std::string::npos)
      << findings[0].what;
  // A coordinator reads it, too; of a state that names nobody, everybody.
  record.mutable_agreement()->mutable_members(1)->set_role("OPERATION_COORDINATOR");
  record.mutable_agreement()->mutable_members(0)->set_role("OPERATION_COORDINATOR");
  EXPECT_EQ(ToldOfAgreement(record), "");
  record.mutable_agreement()->mutable_members()->DeleteSubrange(0, 6);
  EXPECT_EQ(ToldOfAgreement(record), "N R-GEN-01.clause_open members");
}

TEST(AgreementRules, AskForTheBasisWithWhoJoins) {
  v1::OperationRecord record;
  v1::AdmissionProposal& admission = *record.mutable_admission();
  admission.set_state("QT");
  admission.set_authority("QT/central");
  auto& row = *admission.add_basis();
  row.set_pair("QM-QT");
  row.set_basis("none");
  EXPECT_EQ(ToldOfAgreement(record), "E R-JIT-07.consents operation_record.admission.basis[0]");
  row.set_basis("UNTOC 19");
  EXPECT_EQ(ToldOfAgreement(record), "");
}

TEST(AgreementRules, TellWhatARecordLeavesOpen) {
  v1::OperationRecord plan, evidence, report, closing, arrest;
  plan.mutable_plan()->add_objectives("arrest the organisers");
  EXPECT_EQ(ToldOfAgreement(plan),
            "N R-GEN-01.record_open operation_record.plan.human_rights_plan");
  plan.mutable_plan()->set_human_rights_plan("as clause 14");
  EXPECT_EQ(ToldOfAgreement(plan), "");
  evidence.mutable_evidence()->set_description("telephone");
  EXPECT_EQ(ToldOfAgreement(evidence),
            "N R-GEN-01.record_open operation_record.evidence.law_basis");
  report.mutable_situation()->set_persons_rescued(3);
  EXPECT_EQ(ToldOfAgreement(report), "N R-GEN-01.record_open operation_record.situation.text");
  closing.mutable_closing()->set_logs_reconciled(true);
  closing.mutable_closing()->set_retention("none");
  EXPECT_EQ(ToldOfAgreement(closing), "N R-GEN-01.record_open operation_record.closing.retention");
  v1::ArrestRecord& arrested = *arrest.mutable_arrest();
  arrested.set_legal_basis("warrant");
  arrested.set_rights_notice_lang("english");
  arrested.set_interpreter(true);
  arrested.set_counsel_offered(true);
  arrested.set_consular_informed(true);
  EXPECT_EQ(ToldOfAgreement(arrest),
            "N R-GEN-01.notice_tag operation_record.arrest.rights_notice_lang");
  arrested.set_rights_notice_lang("en");
  EXPECT_EQ(ToldOfAgreement(arrest), "");
}

}  // namespace
}  // namespace palermo::casework
