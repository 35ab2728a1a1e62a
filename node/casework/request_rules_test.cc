#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/contents_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;
using v1::Urgency;

v1::Request& R(Draft& draft) { return *draft.body.mutable_request(); }

const std::vector<Case> kCases = {
    {"example", Act::REQUEST, [](Draft&) {}, {}},
    {"corrected", Act::CORRECTED_REQUEST, [](Draft&) {}, {}},
    {"nothing known",
     Act::REQUEST,
     [](Draft& d) {
       d.context = CheckContext{};
       d.context.act = Act::REQUEST;
       d.request_known = false;
     },
     {}},
    // Basis
    {"no instrument",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_basis()->clear_instrument(); },
     {"E R-DIR-03"}},
    {"no profile",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_basis()->set_governing_profile(" "); },
     {"E R-DIR-03"}},
    {"no articles", Act::REQUEST, [](Draft& d) { R(d).mutable_basis()->clear_articles(); }, {}},
    // 18(15)
    {"a", Act::REQUEST, [](Draft& d) { R(d).clear_requesting_authority(); }, {"E R-MLA-15A"}},
    {"a blank",
     Act::REQUEST,
     [](Draft& d) { R(d).set_requesting_authority("\u00a0\u200b"); },
     {"E R-MLA-15A"}},
    {"b no proceeding", Act::REQUEST, [](Draft& d) { R(d).clear_proceeding(); }, {"E R-MLA-15B"}},
    {"b no name",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_proceeding()->mutable_conducting_authority()->clear_name(); },
     {"E R-MLA-15B"}},
    {"b no function",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_proceeding()->mutable_conducting_authority()->clear_function(); },
     {"E R-MLA-15B"}},
    {"b nature alone",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_proceeding()->clear_subject_matter(); },
     {}},
    {"b neither",
     Act::REQUEST,
     [](Draft& d) {
       R(d).mutable_proceeding()->clear_subject_matter();
       R(d).mutable_proceeding()->clear_nature();
     },
     {"E R-MLA-15B"}},
    {"c", Act::REQUEST, [](Draft& d) { R(d).clear_facts_summary(); }, {"E R-MLA-15C"}},
    {"c service only",
     Act::REQUEST,
     [](Draft& d) {
       R(d).clear_facts_summary();
       for (auto& item : *R(d).mutable_items()) item.set_type(AssistanceType::SERVE_DOCUMENT);
     },
     {}},
    {"c service and more",
     Act::REQUEST,
     [](Draft& d) {
       R(d).clear_facts_summary();
       R(d).mutable_items(0)->set_type(AssistanceType::SERVE_DOCUMENT);
     },
     {"E R-MLA-15C"}},
    {"c no item",
     Act::REQUEST,
     [](Draft& d) {
       R(d).clear_facts_summary();
       R(d).clear_items();
     },
     {"E R-MLA-15C", "E R-MLA-15D"}},
    {"d no item", Act::REQUEST, [](Draft& d) { R(d).clear_items(); }, {"E R-MLA-15D"}},
    {"d not described",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(1)->set_description("\n"); },
     {"E R-MLA-15D"}},
    {"d no procedure, interpreter, questions or person",
     Act::REQUEST,
     [](Draft& d) {
       auto* item = R(d).mutable_items(1);
       item->clear_procedure_wishes();
       item->clear_interpreter_lang();
       item->clear_questions();
       item->clear_person_ref();
     },
     {}},
    {"e no person", Act::REQUEST, [](Draft& d) { R(d).clear_persons(); }, {"W R-MLA-15E"}},
    {"e no person, a trace beside a search",
     Act::REQUEST,
     [](Draft& d) {
       R(d).clear_persons();
       v1::Item& item = *R(d).add_items();
       item.set_n(91);
       item.set_type(v1::AssistanceType::TRACE_FIREARM);
       item.set_description("the pistol of the search");
       item.mutable_firearm()->set_class_("PISTOL");
       item.mutable_firearm()->set_serial("NW-1");
     },
     {"W R-MLA-15E"}},
    {"e no person, the number of an account",
     Act::REQUEST,
     [](Draft& d) {
       R(d).clear_persons();
       R(d).mutable_items(0)->set_account("TMB-0004711");
     },
     {"W R-MLA-15E"}},
    {"e nobody identified",
     Act::REQUEST,
     [](Draft& d) {
       for (auto& person : *R(d).mutable_persons()) {
         person.clear_name();
         person.clear_nationality();
         person.clear_location();
       }
     },
     {"W R-MLA-15E"}},
    {"e one location is enough",
     Act::REQUEST,
     [](Draft& d) {
       for (auto& person : *R(d).mutable_persons()) {
         person.clear_name();
         person.clear_nationality();
       }
     },
     {}},
    {"f", Act::REQUEST, [](Draft& d) { R(d).clear_purpose(); }, {"E R-MLA-15F"}},
    {"another family's contents",
     Act::REQUEST,
     [](Draft& d) {
       d.context.family = Family::SPONTANEOUS;
       R(d).clear_items();
       R(d).clear_persons();
       R(d).clear_purpose();
       R(d).clear_proceeding();
       R(d).set_evaluation("B2");
     },
     {}},
    // Items
    {"item without number",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_n(0); },
     {"E R-GEN-01"}},
    {"item number twice",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_n(2); },
     {"E R-GEN-01"}},
    {"item numbers with a gap",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_n(UINT32_MAX); },
     {}},
    {"item without type",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->clear_type(); },
     {"E R-GEN-01"}},
    {"item of unknown type",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_type(static_cast<AssistanceType::Code>(999)); },
     {"E R-GEN-01"}},
    {"period is no date",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_period_from("last year"); },
     {"E R-GEN-01"}},
    {"period ends first",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_period_to("2023-12-31"); },
     {"E R-GEN-01"}},
    {"period of one day, from an hour on",
     Act::REQUEST,
     [](Draft& d) {
       R(d).mutable_items(0)->set_period_from("2024-05-03T08:00:00Z");
       R(d).mutable_items(0)->set_period_to("2024-05-03");
     },
     {}},
    {"period open", Act::REQUEST, [](Draft& d) { R(d).mutable_items(0)->clear_period_to(); }, {}},
    {"stage unknown",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_proceeding()->set_stage("SOON"); },
     {"E R-GEN-01"}},
    {"stage not given",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_proceeding()->clear_stage(); },
     {}},
    // Closed words and dates
    {"reason of urgency in own words",
     Act::REQUEST,
     [](Draft& d) { R(d).set_urgency_reason("we are in a hurry"); },
     {"E R-GEN-01"}},
    {"area unknown", Act::REQUEST, [](Draft& d) { R(d).set_area("TAXES"); }, {"E R-GEN-01"}},
    {"area in its short name", Act::REQUEST, [](Draft& d) { R(d).set_area("CORRUPTION"); }, {}},
    {"role in another case",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_roles(0, "Suspect"); },
     {"E R-GEN-01"}},
    {"age in years",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_age_status("14"); },
     {"E R-GEN-01"}},
    {"nationality in small letters",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_nationality("vn"); },
     {"N R-GEN-01"}},
    {"nationality in words",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_nationality("Temburran"); },
     {"E R-GEN-01"}},
    {"interpreter's language in words",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_interpreter_lang("Temburran"); },
     {"E R-GEN-01"}},
    {"dual criminality in own words",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_dual_criminality("yes"); },
     {"E R-GEN-01"}},
    {"date of birth in a national form",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_date_of_birth("1.2.1990"); },
     {"E R-GEN-01"}},
    {"part of a date of birth",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_persons(0)->set_date_of_birth("1990-XX-XX"); },
     {}},
    {"a range of days of the offence",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->add_offence_times("2025-03-01/2025-11-19"); },
     {}},
    {"a day of the offence that is none",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->add_offence_times("last spring"); },
     {"E R-GEN-01"}},
    {"an extradition in a request for assistance",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_items(0)->set_type(v1::AssistanceType::TRANSFER_PROCEEDINGS); },
     {"E R-GEN-01"}},
    {"an oral request without urgency",
     Act::ORAL_REQUEST_NOTE,
     [](Draft& d) {
       d.context.urgency = Urgency::ROUTINE;
       d.body.mutable_statement()->set_text("asked by telephone");
     },
     {"E R-MLA-14O"}},
    {"an urgent oral request",
     Act::ORAL_REQUEST_NOTE,
     [](Draft& d) {
       d.context.urgency = Urgency::URGENT;
       d.body.mutable_statement()->set_text("asked by telephone");
     },
     {}},
    // Urgency, deadline
    {"urgency without reason",
     Act::REQUEST,
     [](Draft& d) { R(d).clear_urgency_reason(); },
     {"E R-GEN-01"}},
    {"emergency without reason",
     Act::REQUEST,
     [](Draft& d) {
       d.context.urgency = Urgency::EMERGENCY_LIFE;
       R(d).clear_urgency_reason();
     },
     {"E R-GEN-01"}},
    {"routine without reason",
     Act::REQUEST,
     [](Draft& d) {
       d.context.urgency = Urgency::ROUTINE;
       R(d).clear_urgency_reason();
     },
     {}},
    {"deadline without reason",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_deadline()->clear_reason(); },
     {"W R-CLK-DEADLINE"}},
    {"deadline passed",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_deadline()->set_at("2026-03-01"); },
     {"W R-CLK-DEADLINE"}},
    {"deadline today",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_deadline()->set_at("2026-03-02"); },
     {}},
    {"deadline is no date",
     Act::REQUEST,
     [](Draft& d) { R(d).mutable_deadline()->set_at("soon"); },
     {"E R-GEN-01"}},
    {"no deadline", Act::REQUEST, [](Draft& d) { R(d).clear_deadline(); }, {}},
    // Language
    {"language not accepted",
     Act::REQUEST,
     [](Draft& d) { R(d).set_language("ar"); },
     {"E R-LANG-01"}},
    {"not accepted but translated",
     Act::REQUEST,
     [](Draft& d) {
       R(d).set_language("ar");
       R(d).set_translation_of_sha256(std::string(64, 'a'));
     },
     {}},
    {"variety of an accepted language",
     Act::REQUEST,
     [](Draft& d) { R(d).set_language("EN-gb"); },
     {}},
    {"only the beginning is alike",
     Act::REQUEST,
     [](Draft& d) { R(d).set_language("enm"); },
     {"E R-LANG-01"}},
    {"wider than accepted",
     Act::REQUEST,
     [](Draft& d) { d.context.accepted_languages = {"en-GB"}; },
     {"E R-LANG-01"}},
    {"no language", Act::REQUEST, [](Draft& d) { R(d).clear_language(); }, {"E R-LANG-01"}},
    {"language is no tag",
     Act::REQUEST,
     [](Draft& d) { R(d).set_language("English, French"); },
     {"E R-LANG-01"}},
    {"accepted languages unknown",
     Act::REQUEST,
     [](Draft& d) {
       d.context.accepted_languages.clear();
       R(d).set_language("zh-Hant");
     },
     {}},
    {"translation is no hash",
     Act::REQUEST,
     [](Draft& d) { R(d).set_translation_of_sha256("yes"); },
     {"E R-GEN-01"}},
    // Every act
    {"other content",
     Act::REQUEST,
     [](Draft& d) { d.body.mutable_refusal()->set_reasons("none"); },
     {"E R-GEN-01"}},
    {"no content", Act::REQUEST, [](Draft& d) { d.body.clear_request(); }, {"E R-GEN-01"}},
    {"no act", Act::REQUEST, [](Draft& d) { d.context.act = Act::UNSPECIFIED; }, {"E R-GEN-01"}},
    {"unknown act",
     Act::REQUEST,
     [](Draft& d) { d.context.act = static_cast<Act::Code>(99); },
     {"E R-GEN-01"}},
    {"version unknown", Act::REQUEST, [](Draft& d) { d.body.set_version(2); }, {"E R-GEN-01"}},
    {"version missing", Act::REQUEST, [](Draft& d) { d.body.clear_version(); }, {"E R-GEN-01"}},
    {"override without reason",
     Act::REQUEST,
     [](Draft& d) { d.body.add_overridden()->set_rule("R-MLA-15E"); },
     {"E R-GEN-01"}},
    {"override",
     Act::REQUEST,
     [](Draft& d) {
       auto* entry = d.body.add_overridden();
       entry->set_rule("R-MLA-15E");
       entry->set_reason("the suspects are not known yet");
     },
     {}},
    {"override of one finding",
     Act::REQUEST,
     [](Draft& d) {
       auto* entry = d.body.add_overridden();
       entry->set_rule("R-MLA-15E at request.persons");
       entry->set_reason("the suspects are not known yet");
     },
     {}},
    {"override of no rule",
     Act::REQUEST,
     [](Draft& d) {
       auto* entry = d.body.add_overridden();
       entry->set_rule("R-NONE at request.persons");
       entry->set_reason("the suspects are not known yet");
     },
     {"E R-GEN-01"}},
};

TEST(RequestRules, FireWhereTheyShouldAndNowhereElse) {
  for (const Case& c : kCases) EXPECT_EQ(FindingsOf(c), c.expected) << c.name;
}

TEST(RequestRules, ManyItemsAreCheckedOnce) {
  Draft draft(Act::REQUEST);
  const v1::Item item = R(draft).items(0);
  for (uint32_t n = 3; n <= 5000; ++n) {
    *R(draft).add_items() = item;
    R(draft).mutable_items(n - 1)->set_n(n);
  }
  EXPECT_TRUE(draft.Check().empty());
}

TEST(Findings, NameTheFieldTheArticleAndWhatToDo) {
  Draft draft(Act::REQUEST);
  R(draft).mutable_items(1)->clear_description();
  const auto findings = draft.Check();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].field, "request.items[1].description");
  EXPECT_EQ(findings[0].article, "UNTOC 18(15)(d)");
  EXPECT_FALSE(findings[0].todo.empty());
}

TEST(Findings, ErrorsComeFirst) {
  Draft draft(Act::REQUEST);
  R(draft).clear_persons();
  R(draft).mutable_deadline()->set_at("soon");
  const auto findings = draft.Check();
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_EQ(findings[1].severity, Severity::kWarning);
}

TEST(Findings, NeverRepeatWhatTheBodySays) {
  Draft draft(Act::REQUEST);
  R(draft).mutable_proceeding()->set_stage("Lina Orsay");
  R(draft).set_language("Lina Orsay");
  R(draft).mutable_deadline()->set_at("Lina Orsay");
  EXPECT_EQ(FindingsText(draft.Check()).find("Lina"), std::string::npos);
}

// The exercise's first case as far as a body holds it: valid as it stands.
TEST(RequestRules, TheTraffickingCaseIsValid) {
  Draft draft(Act::REQUEST);
  auto body = BodyFromJson(R"({"version": 1, "request": {
    "basis": {"instrument": "TIP", "articles": ["TIP 5", "UNTOC 18"], "governing_profile": "UNTOC_18"},
    "requesting_authority": "Central Authority, Ministry of Justice, Marenza",
    "proceeding": {"stage": "INVESTIGATION", "nature": "trafficking for forced labour",
      "conducting_authority": {"name": "Prosecutor of Port-Sel", "function": "investigating prosecutor"},
      "national_ref": "PS-2026-0412"},
    "facts_summary": "An agency in Temburra recruited at least 6 persons with false contracts.",
    "purpose": "evidence at trial in PS-2026-0412", "language": "en",
    "items": [{"n": 1, "type": "TAKE_EVIDENCE", "description": "statement of W-1",
               "procedure_wishes": "oath; judge present", "interpreter_lang": "en"},
              {"n": 2, "type": "RECORDS_CORPORATE", "description": "register extracts"}],
    "urgency_reason": "TRIAL_DATE",
    "deadline": {"at": "2026-06-15", "reason": "committal hearing 2026-07-01"},
    "persons": [{"ref": "P-1", "roles": ["SUSPECT"], "name": "Dario Vell", "nationality": "QT"},
                {"ref": "V-1", "roles": ["VICTIM"]}],
    "confidentiality": {"required": true}}})");
  ASSERT_TRUE(body.ok()) << body.status();
  draft.body = *body;
  EXPECT_TRUE(Summary(draft.Check()).empty());
}

}  // namespace
}  // namespace palermo::casework
