#include "node/casework/operation/rules.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/casework/contents.h"
#include "node/casework/operation/test_agreement.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

std::string RulesIn(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    out += (out.empty() ? "" : ", ") + std::string(SeverityName(f.severity).substr(0, 1)) + " " +
           f.rule;
  }
  return out;
}

OperationFacts Facts() {
  OperationFacts facts;
  facts.agreement = AgreementOf({"QM", "QN"});
  return facts;
}
v1::Tasking GoodTask() {
  v1::Tasking task;
  task.set_state("QM");
  task.set_leader("QM-L-1");
  task.set_start_utc("2026-06-17T03:00:00Z");
  task.mutable_authority()->set_ref("warrant");
  task.mutable_authority()->set_valid_to("2026-06-30");
  task.set_deconflicted(true);
  return task;
}
template <typename Change>
std::string Tasked(Change change) {
  v1::Tasking task = GoodTask();
  change(task);
  return RulesIn(CheckTasking(task, Facts(), "task"));
}

TEST(OperationRules, PutATaskUnderTheLeaderOfItsState) {
  EXPECT_EQ(Tasked([](auto&) {}), "");
  EXPECT_EQ(Tasked([](auto& t) { t.set_leader("QN-L-1"); }), "E R-JIT-03");
  EXPECT_EQ(Tasked([](auto& t) { t.set_state("QZ"); }), "E R-JIT-03");
  EXPECT_EQ(Tasked([](auto& t) { t.clear_leader(); }), "E R-JIT-03");
}

TEST(OperationRules, LetASecondedMemberActWhenBothStatesApprove) {
  const auto entrusted = [](const std::string& operating, const std::string& seconding) {
    return Tasked([&](auto& t) {
      t.set_leader("QN-OFF-4");
      t.mutable_entrustment()->set_officer("QN-OFF-4");
      t.mutable_entrustment()->set_operating_approval(operating);
      t.mutable_entrustment()->set_seconding_approval(seconding);
    });
  };
  EXPECT_EQ(entrusted("QM-1", "QN-1"), "");
  EXPECT_EQ(entrusted("QM-1", ""), "E R-JIT-03");
  EXPECT_EQ(entrusted("", "QN-1"), "E R-JIT-03");
}

TEST(OperationRules, AskForDeconflictionAuthorityAndPeriod) {
  EXPECT_EQ(Tasked([](auto& t) { t.set_deconflicted(false); }), "E R-JIT-04");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_to("2026-06-16"); }),
            "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_to("2026-06-17"); }), "");
  EXPECT_EQ(Tasked([](auto& t) { t.clear_authority(); }), "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.set_start_utc("2027-01-01T00:00:00Z"); }), "E R-JIT-05");
  EXPECT_EQ(Tasked([](auto& t) { t.set_start_utc("2026-01-09T23:00:00Z"); }), "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_from("2026-06-18"); }),
            "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_from("2026-06-17"); }), "");
  EXPECT_EQ(Tasked([](auto& t) {
              t.set_start_utc("2026-12-31T23:00:00Z");
              t.mutable_authority()->set_valid_to("2027-01-30");
            }),
            "");
}

TEST(OperationRules, TakeNoTimeThatNobodyCanReadForAnOrder) {
  EXPECT_EQ(Tasked([](auto& t) { t.set_start_utc("soon"); }), "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_to("never"); }), "E R-AUTH-03");
  EXPECT_EQ(Tasked([](auto& t) { t.mutable_authority()->set_valid_from("then"); }), "E R-AUTH-03");
}

TEST(OperationRules, GiveNothingToAStateThatHasLeft) {
  OperationFacts facts = Facts();
  facts.departed = {"QM"};
  EXPECT_EQ(RulesIn(CheckTasking(GoodTask(), facts, "task")), "E R-JIT-08");
  EXPECT_EQ(RulesIn(CheckSharing("QM", 2, 2, facts, "to")), "E R-JIT-09");
  EXPECT_EQ(RulesIn(CheckSharing("QN", 1, 2, facts, "to")), "E R-JIT-09");
  EXPECT_EQ(RulesIn(CheckSharing("QN", 2, 2, facts, "to")), "");
}

TEST(OperationRules, NeedEverySignatureAndEveryPairsBasis) {
  v1::OperationAgreement a = Facts().agreement;
  EXPECT_EQ(RulesIn(CheckFounding(a, {"QM", "QN"}, "a")), "");
  EXPECT_EQ(RulesIn(CheckFounding(a, {"QM"}, "a")), "E R-JIT-07");
  auto& row = *a.add_basis();
  row.set_pair("QN-QM");
  row.set_basis("UNTOC 19");
  EXPECT_EQ(RulesIn(CheckFounding(a, {"QM", "QN"}, "a")), "");
  a.add_parties()->set_state("QP");
  EXPECT_EQ(RulesIn(CheckFounding(a, {"QM", "QN", "QP"}, "a")), "E R-JIT-07");
  a.mutable_basis(0)->set_pair("default");
  EXPECT_EQ(RulesIn(CheckFounding(a, {"QM", "QN", "QP"}, "a")), "");
}

TEST(OperationRules, RestAnAdmissionOnATreatyInForceWithEachMember) {
  const auto treaties = TreatyStatus::FromCsv(
      "INSTRUMENT,UNTOC,30D,12M\nINSTRUMENT,2AP,30D,12M\n"
      "PARTY,UNTOC,QM,RATIFIED,2004-01-01\nPARTY,UNTOC,QN,RATIFIED,2004-01-01\n"
      "PARTY,UNTOC,QT,RATIFIED,2004-01-01\nPARTY,2AP,QM,RATIFIED,2004-01-01\n"
      "PARTY,2AP,QT,RATIFIED,2004-01-01\n");
  ASSERT_TRUE(treaties.ok()) << treaties.status().message();
  const auto resting = [&](const std::string& basis) {
    v1::CaseBody body;
    body.set_version(1);
    v1::AdmissionProposal& admission = *body.mutable_operation_record()->mutable_admission();
    admission.set_state("QT");
    for (const char* pair : {"QM-QT", "QN-QT"}) {
      auto& row = *admission.add_basis();
      row.set_pair(pair);
      row.set_basis(basis);
    }
    CheckContext context;
    context.act = v1::Act::REQUEST;
    context.family = v1::Family::JOINT_INVESTIGATION;
    context.now = "2026-03-02T09:00:00Z";
    context.treaties = &*treaties;
    std::string out;
    for (const Finding& f : CheckBody(context, body)) {
      if (f.rule.substr(0, 5) == "R-DIR") out += f.rule + " " + f.field + ";";
    }
    return out;
  };
  EXPECT_EQ(resting("UNTOC 19"), "");
  EXPECT_EQ(resting("2AP 20"), "R-DIR-03 operation_record.admission.basis.QN-QT;");
}

TEST(OperationRules, RestEachPairOnATreatyInForceBetweenTheTwo) {
  const auto treaties = TreatyStatus::FromCsv(
      "INSTRUMENT,UNTOC,30D,12M\nINSTRUMENT,2AP,30D,12M\nINSTRUMENT,UNCC,90D,12M\n"
      "PARTY,UNTOC,QM,RATIFIED,2004-01-01\nPARTY,UNTOC,QN,RATIFIED,2004-01-01\n"
      "PARTY,2AP,QM,RATIFIED,2004-01-01\n");
  ASSERT_TRUE(treaties.ok()) << treaties.status().message();
  const auto resting = [&](const std::string& pair, const std::string& basis) {
    v1::OperationAgreement a = Facts().agreement;
    a.add_basis()->set_pair(pair);
    a.mutable_basis(0)->set_basis(basis);
    return RulesIn(CheckBases(a, *treaties, *ParseInstant("2026-03-02T09:00:00Z"), "a"));
  };
  EXPECT_EQ(resting("QM-QN", "UNTOC 19"), "");
  EXPECT_EQ(resting("default", "2AP 20, UNTOC 19"), "");
  EXPECT_EQ(resting("default", "2AP 20"), "E R-DIR-03");
  EXPECT_EQ(resting("QM-QN", "2AP 20"), "E R-DIR-03");
  EXPECT_EQ(resting("QM-QN", "UNCC 48"), "E R-DIR-06");
  EXPECT_EQ(resting("QM-QN", "agreement of 2011"), "");
}

TEST(OperationRules, AdmitWithEveryConsentAndWarnOfANarrowBasis) {
  const auto treaties = TreatyStatus::FromCsv(
      "INSTRUMENT,UNTOC,30D,12M\nINSTRUMENT,SOM,30D,12M,UNTOC\n"
      "PARTY,UNTOC,QM,RATIFIED,2004-01-01\nPARTY,UNTOC,QN,RATIFIED,2004-01-01\n"
      "PARTY,UNTOC,QZ,RATIFIED,2004-01-01\nPARTY,SOM,QM,RATIFIED,2004-02-01\n"
      "PARTY,SOM,QN,RATIFIED,2004-02-01\n");
  ASSERT_TRUE(treaties.ok()) << treaties.status().message();
  const auto now = *ParseInstant("2026-03-02T09:00:00Z");
  v1::OperationAgreement a = Facts().agreement;
  const auto admit = [&](const std::string& who, const std::vector<std::string>& consents,
                         const std::string& subject) {
    return RulesIn(CheckAdmission(a, who, consents, subject, *treaties, now));
  };
  EXPECT_EQ(admit("QZ", {"QM", "QN"}, "drugs"), "");
  EXPECT_EQ(admit("QZ", {"QM"}, "drugs"), "E R-JIT-07");
  EXPECT_EQ(admit("QX", {"QM", "QN"}, "drugs"), "E R-JIT-07");
  EXPECT_EQ(admit("QZ", {"QM", "QN"}, "Smuggling of migrants"), "W R-JIT-06");
  a.mutable_purpose()->add_instruments("SOM");
  EXPECT_EQ(admit("QZ", {"QM", "QN"}, "drugs"), "W R-JIT-06");
}

TEST(OperationRules, WarnOfAPairWhoseTreatyIsOfAnotherCrime) {
  const auto treaties = TreatyStatus::FromCsv(
      "INSTRUMENT,UNTOC,30D,12M\nINSTRUMENT,TIP,30D,12M,UNTOC\nINSTRUMENT,DRUG88,90D,12M\n"
      "PARTY,UNTOC,QM,RATIFIED,2004-01-01\nPARTY,UNTOC,QN,RATIFIED,2004-01-01\n");
  ASSERT_TRUE(treaties.ok()) << treaties.status().message();
  const auto resting = [&](const std::string& basis, const std::string& subject) {
    v1::OperationAgreement a;
    auto& row = *a.add_basis();
    row.set_pair("QM-QN");
    row.set_basis(basis);
    return RulesIn(CheckScope(a, subject, *treaties, "a"));
  };
  EXPECT_EQ(resting("DRUG88 9(1)(c)", "trafficking in persons"), "W R-JIT-06");
  EXPECT_EQ(resting("DRUG88 9(1)(c)", "heroin by road"), "");
  EXPECT_EQ(resting("UNTOC 19, DRUG88 9(1)(c)", "trafficking in persons"), "");
  EXPECT_EQ(resting("TIP 10", "trafficking in persons"), "");
  EXPECT_EQ(resting("agreement of 2011", "trafficking in persons"), "");
}

TEST(OperationRules, AskForRightsCounselAndGuardianAtAnArrest) {
  v1::ArrestRecord arrest;
  arrest.set_rights_notice_lang("en");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "");
  arrest.set_juvenile(true);
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "E R-HR-08");
  arrest.set_guardian("youth office");
  arrest.clear_interpreter();
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "E R-HR-06");
  arrest.set_understood_language("en");
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "");
  arrest.set_understood_language("pt");
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "E R-HR-06");
  arrest.set_interpreter_lang("pt");
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "");
  arrest.set_consular_informed(false);
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "E R-HR-06");
  arrest.set_consular_informed(true);
  arrest.set_interpreter(true);
  arrest.clear_counsel_offered();
  EXPECT_EQ(RulesIn(CheckArrest(arrest, "a")), "W R-HR-04");
}

v1::EvidenceEntry Item() {
  v1::EvidenceEntry item;
  item.set_law_basis("warrant");
  item.set_hash("sha256:00aa");
  auto& seized = *item.add_events();
  seized.set_k("SEIZED");
  seized.set_by("O-3");
  seized.set_at("2026-06-17T04:10:00Z");
  auto& handed = *item.add_events();
  handed.set_k("TRANSFERRED");
  handed.set_from("O-3");
  handed.set_to("LAB");
  handed.set_at("2026-06-17T09:00:00Z");
  handed.set_both_signed(true);
  auto& examined = *item.add_events();
  examined.set_k("EXAMINED");
  examined.set_by("LAB");
  examined.set_at("2026-06-18T09:00:00Z");
  examined.set_hash_after("sha256:00aa");
  return item;
}
template <typename Change>
std::string KeptUntil(Change change) {
  v1::EvidenceEntry item = Item();
  change(item);
  return RulesIn(CheckCustody(item, "e"));
}

TEST(OperationRules, FollowAnItemFromHandToHand) {
  EXPECT_EQ(KeptUntil([](auto&) {}), "");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(1)->set_both_signed(false); }), "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(1)->set_from("O-4"); }), "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(2)->set_by("OTHER"); }), "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(2)->set_at("2026-06-16T00:00:00Z"); }),
            "E R-COC-01");
  EXPECT_EQ(
      KeptUntil([](auto& i) { i.mutable_events(1)->set_received_at("2026-06-17T09:15:00Z"); }), "");
  EXPECT_EQ(
      KeptUntil([](auto& i) { i.mutable_events(1)->set_received_at("2026-06-17T09:15:01Z"); }),
      "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) {
              i.mutable_events(2)->set_k("DESTROYED");
              *i.add_events() = i.events(2);
            }),
            "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events()->DeleteSubrange(0, 1); }), "E R-COC-01");
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(2)->set_at("yesterday"); }), "E R-COC-01");
}

TEST(OperationRules, AskWhereAnotherHashComesFrom) {
  EXPECT_EQ(KeptUntil([](auto& i) { i.mutable_events(2)->set_hash_after("sha256:ffff"); }),
            "E R-COC-02");
  EXPECT_EQ(KeptUntil([](auto& i) {
              i.mutable_events(2)->set_hash_after("sha256:ffff");
              i.mutable_events(2)->mutable_derivation()->set_tool("imager 4");
            }),
            "");
  EXPECT_EQ(KeptUntil([](auto& i) {
              i.mutable_events(2)->set_hash_after("sha256:ffff");
              i.mutable_events(2)->mutable_derivation();
            }),
            "E R-COC-02");
}

TEST(OperationRules, CountEachPersonOnceCloseCleanlyAndHideSmallCells) {
  EXPECT_EQ(RulesIn(CheckTokens({"a", "b", ""}, "v")), "");
  EXPECT_EQ(RulesIn(CheckTokens({"a", "b", "a"}, "v")), "W R-STAT-01");
  EXPECT_EQ(RulesIn(CheckClosing(0, true, "c")), "");
  EXPECT_EQ(RulesIn(CheckClosing(1, true, "c")), "E R-AUD-01");
  EXPECT_EQ(RulesIn(CheckClosing(0, false, "c")), "E R-AUD-01");
  EXPECT_EQ(RulesIn(CheckCell(0, "c")), "");
  EXPECT_EQ(RulesIn(CheckCell(1, "c")), "W R-STAT-02");
  EXPECT_EQ(RulesIn(CheckCell(4, "c")), "W R-STAT-02");
  EXPECT_EQ(RulesIn(CheckCell(5, "c")), "");
}

// --- As the body of a message

std::string AsBody(const v1::OperationRecord& record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  return RulesIn(CheckBody(context, body));
}

TEST(OperationRules, RunOnABodyOfTheirFamily) {
  v1::OperationRecord record;
  *record.mutable_tasking() = GoodTask();
  EXPECT_EQ(AsBody(record), "");
  record.mutable_tasking()->clear_deconflicted();
  EXPECT_EQ(AsBody(record), "E R-JIT-04");
  *record.mutable_evidence() = Item();
  EXPECT_EQ(AsBody(record), "");
  record.mutable_evidence()->mutable_events(1)->clear_both_signed();
  EXPECT_EQ(AsBody(record), "E R-COC-01");
  record.mutable_arrest()->set_legal_basis("warrant");
  record.mutable_arrest()->set_counsel_offered(true);
  EXPECT_EQ(AsBody(record), "E R-HR-06, N R-HR-09");
  record.mutable_arrest()->set_consular_informed(true);
  EXPECT_EQ(AsBody(record), "E R-HR-06");
  record.mutable_closing()->set_logs_reconciled(true);
  EXPECT_EQ(AsBody(record), "");
  record.mutable_closing()->set_open_obligations(2);
  EXPECT_EQ(AsBody(record), "E R-AUD-01");
  record.mutable_seizure()->set_minor(5);
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
  // Drugs are added up; timber in cubic metres is not, and is no error.
  record.mutable_seizure()->clear_minor();
  record.mutable_seizure()->set_quantity(3.5);
  record.mutable_seizure()->set_unit("m3");
  record.mutable_seizure()->set_kind("OTHER");
  EXPECT_EQ(AsBody(record), "");
  record.mutable_seizure()->set_kind("DRUG");
  EXPECT_EQ(AsBody(record), "E R-DRG-01");
  record.mutable_seizure()->set_unit("kg");
  EXPECT_EQ(AsBody(record), "");
}

v1::OperationRecord WholeAgreement() {
  v1::OperationRecord record;
  auto& a = *record.mutable_agreement();
  a = Facts().agreement;
  a.set_name("LANTERN");
  a.set_kind("JOINT_OPERATION");
  a.set_version(1);
  a.mutable_purpose()->add_offences("trafficking in persons");
  a.mutable_information()->set_disclosure("after notice");
  a.mutable_data_protection()->add_purposes("this agreement");
  a.mutable_data_protection()->set_correction("all parties are told");
  a.set_confidentiality("nothing is published");
  a.mutable_safety()->set_victims("referred at once");
  a.set_coordination("the leaders, each week");
  a.add_members()->set_officer("QM/central/o-0001");
  a.mutable_members(0)->set_role("STATE_LEADER");
  a.mutable_measures()->set_seconded_present(true);
  a.set_media("when all agree");
  a.mutable_decisions()->set_least_go(2);
  for (auto& leader : *a.mutable_leaders()) leader.set_law("2AP 20(3)");
  a.mutable_special_means()->set_weapons("none");
  a.mutable_special_means()->set_undercover("none");
  a.set_dispute("the leaders");
  a.set_prosecution_strategy("UNTOC 15(5)");
  a.set_asset_sharing("UNTOC 14(3)");
  a.set_evaluation("the leaders");
  a.mutable_change()->set_departure_notice_days(30);
  a.mutable_change()->set_amendment("all agree");
  a.mutable_change()->set_accession("all agree");
  a.mutable_change()->set_termination("all agree");
  for (auto& party : *a.mutable_parties()) party.set_authority(party.state() + "/central");
  a.add_basis()->set_pair("default");
  a.mutable_basis(0)->set_basis("2AP 20");
  a.mutable_information()->set_sharing("all members");
  a.mutable_information()->set_use("2AP 20(10)");
  a.mutable_data_protection()->set_retention("3 years");
  a.add_languages("en");
  a.mutable_costs()->set_liability("2AP 22");
  a.mutable_safety()->set_human_rights_plan("annex 2");
  a.mutable_evidence()->set_custody_form("annex 3");
  a.set_deconfliction_authority("QM/central");
  a.add_counting_definitions("distinct by token");
  a.mutable_change()->set_departure("30 days");
  return record;
}

TEST(OperationRules, AskForEveryClauseOfAnAgreement) {
  const v1::OperationRecord whole = WholeAgreement();
  v1::OperationRecord record = whole;
  EXPECT_EQ(AsBody(record), "");
  auto& member = *record.mutable_agreement()->add_members();
  member.set_role("VICTIM_OFFICER");
  member.add_compartments("VICTIMS");
  EXPECT_EQ(AsBody(record), "");
  member.set_role("VICTIM_OFICER");
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
  member.set_role("MEMBER");
  member.add_compartments("FOO");
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
  record = whole;
  record.set_compartment("FOO");
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
  for (const char* clause :
       {"name", "kind", "version", "basis", "purpose", "period", "leaders", "information",
        "data_protection", "confidentiality", "languages", "costs", "safety", "evidence",
        "deconfliction_authority", "coordination", "counting_definitions", "change"}) {
    record = whole;
    auto* agreement = record.mutable_agreement();
    agreement->GetReflection()->ClearField(agreement,
                                           agreement->GetDescriptor()->FindFieldByName(clause));
    EXPECT_EQ(AsBody(record).substr(0, 10), "E R-GEN-01") << clause;
  }
  record = whole;
  record.mutable_agreement()->mutable_purpose()->clear_offences();
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
  // What may be agreed on later is told.
  for (const char* clause : {"members", "measures", "media", "special_means", "dispute",
                             "prosecution_strategy", "asset_sharing", "evaluation", "decisions"}) {
    record = whole;
    auto* agreement = record.mutable_agreement();
    agreement->GetReflection()->ClearField(agreement,
                                           agreement->GetDescriptor()->FindFieldByName(clause));
    EXPECT_EQ(AsBody(record), "N R-GEN-01") << clause;
  }
}

std::string FirstTodo(const v1::OperationRecord& record) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  const auto findings = CheckBody(context, body);
  return findings.empty() ? "" : findings[0].todo;
}

// Else its money and its weight stand in no figure of the closing, and nobody is told.
TEST(OperationRules, TakeSeizuresByTheirListAndInUnitsThatAddUp) {
  const auto seized = [](const std::string& kind, const std::string& unit) {
    v1::OperationRecord record;
    record.mutable_seizure()->set_kind(kind);
    if (!unit.empty()) {
      record.mutable_seizure()->set_quantity(12.5);
      record.mutable_seizure()->set_unit(unit);
    }
    return record;
  };
  for (const char* kind : {"DRUG", "FIREARM", "CASH", "CRYPTO", "ACCOUNT", "DOCUMENT", "OTHER"}) {
    EXPECT_EQ(AsBody(seized(kind, "")), "") << kind;
    EXPECT_EQ(AsBody(seized(kind, "kg")), "") << kind;
  }
  const auto meant = [&](const std::string& kind, const std::string& word) {
    const v1::OperationRecord record = seized(kind, "");
    EXPECT_EQ(AsBody(record), "E R-GEN-01") << kind;
    EXPECT_EQ(FirstTodo(record), "write " + word) << kind;
  };
  meant("Cash money", "CASH");
  meant("DRUGS", "DRUG");
  meant("cash", "CASH");
  meant("Bank-accounts", "ACCOUNT");
  meant("passports", "DOCUMENT");
  EXPECT_NE(FirstTodo(seized("gizmo", "")).find("DRUG, FIREARM, CASH"), std::string::npos);
  EXPECT_EQ(AsBody(seized("OTHER", "kilo")), "E R-GEN-01");
  EXPECT_EQ(FirstTodo(seized("OTHER", "KG")), "write kg");
  EXPECT_EQ(AsBody(seized("DRUG", "kilo")), "E R-GEN-01, E R-DRG-01");
  EXPECT_EQ(AsBody(seized("OTHER", "m3")), "") << "timber is not added up";
}

TEST(OperationRules, RefuseAMillionCountersWithAClearError) {
  v1::OperationRecord record;
  record.mutable_closing()->set_logs_reconciled(true);
  for (int i = 0; i < 1000000; ++i) record.mutable_closing()->add_counters()->set_value(1);
  EXPECT_EQ(AsBody(record), "E R-GEN-01");
}

}  // namespace
}  // namespace palermo::casework
