// Information that is no request, words and forms of an officer's file, and what only some requests
// have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "node/casework/contents_test_util.h"
#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;
using Set = std::set<std::string>;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// "key at field" of each finding.
Set Told(const std::vector<Finding>& findings) {
  Set told;
  for (const Finding& f : findings) told.insert(f.key + " " + f.field);
  return told;
}
Set Of(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  auto findings = CheckBody(ContextOfForm(type), body);
  const auto usual = CheckUsual(ContextOfForm(type), body);
  findings.insert(findings.end(), usual.begin(), usual.end());
  return Told(findings);
}
Set OfForm(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  return Told(CheckForms(body));
}

// --- Information

TEST(Information, LacksNothingInTheExampleOfItsFamily) {
  for (Family::Code family :
       {Family::SPONTANEOUS, Family::LAW_ENFORCEMENT_INFO, Family::FIU, Family::HIT_QUERY}) {
    const auto example = ExampleFor(Act::REQUEST, family, AssistanceType::UNSPECIFIED);
    ASSERT_TRUE(example.ok());
    CheckContext context = ContextOfForm(AssistanceType::OTHER_NOT_CONTRARY);
    context.family = family;
    EXPECT_THAT(Told(CheckUsual(context, example->body)), IsEmpty());
    EXPECT_FALSE(example->body.request().has_deadline()) << "no trial waits for information";
    EXPECT_EQ(example->body.request().urgency_reason(), "");
  }
}

TEST(Information, IsToldWhatItShouldSayButIsSent) {
  CheckContext context = ContextOfForm(AssistanceType::OTHER_NOT_CONTRARY);
  context.family = Family::SPONTANEOUS;
  v1::CaseBody body =
      ExampleFor(Act::REQUEST, Family::SPONTANEOUS, AssistanceType::UNSPECIFIED)->body;
  v1::Request& r = *body.mutable_request();
  r.clear_requesting_authority();
  r.clear_facts_summary();
  r.clear_evaluation();
  r.clear_restrictions();
  r.clear_useful_for();
  EXPECT_THAT(CheckBody(context, body), IsEmpty());
  const auto findings = CheckUsual(context, body);
  const std::string key = "R-GEN-01.information request.";
  EXPECT_THAT(Told(findings),
              UnorderedElementsAre(key + "requesting_authority", key + "facts_summary",
                                   key + "evaluation", key + "restrictions", key + "useful_for"));
  for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::kNote);
}

TEST(Information, OfThePoliceNamesTheLimbAndThatItIsIntelligence) {
  EXPECT_THAT(Of(AssistanceType::ONLINE_SALES_LEAD,
                 [](v1::Request& r) {
                   r.clear_information_limb();
                   r.clear_evidence_status();
                 }),
              UnorderedElementsAre("R-GEN-01.information request.information_limb",
                                   "R-GEN-01.information request.evidence_status"));
  // A sample that is asked for is not graded, nor is a boat that sinks.
  for (AssistanceType::Code type :
       {AssistanceType::SAMPLE_FOR_ANALYSIS, AssistanceType::DISTRESS_ALERT}) {
    EXPECT_THAT(Of(type, [](v1::Request& r) { r.clear_evaluation(); }), IsEmpty());
  }
  // Where 27(1) is not the basis, no limb of it is.
  EXPECT_THAT(
      Of(AssistanceType::RECRUITMENT_LEAD, [](v1::Request& r) { r.clear_information_limb(); }),
      IsEmpty());
}

TEST(Information, HasAGradeOfSomeSchemeOrWords) {
  const auto graded = [](const char* grade) {
    return Of(AssistanceType::ONLINE_SALES_LEAD,
              [grade](v1::Request& r) { r.set_evaluation(grade); });
  };
  for (const char* grade : {"B2", "X4", "F6", "E5", "2C", "B 2", "A/1", "B21", "1AP", "EUROPOL_4X4",
                            "mostly reliable, corroborated"}) {
    EXPECT_THAT(graded(grade), IsEmpty()) << grade;
  }
  for (const char* grade : {"Z9", "B7", "G1", "99", "b2", "1AX"}) {
    EXPECT_THAT(graded(grade), UnorderedElementsAre("R-INT-01.grade request.evaluation")) << grade;
  }
}

TEST(Urgency, AsksWhyASuspectComesFirst) {
  const v1::CaseBody body = TemplateForType(AssistanceType::CRIMINAL_RECORD);
  v1::CaseBody grounded = body, witness = TemplateForType(AssistanceType::TAKE_EVIDENCE);
  grounded.mutable_request()->add_selection_grounds("EVIDENCE");
  CheckContext context = ContextOfForm(AssistanceType::CRIMINAL_RECORD);
  const auto told = [&](const v1::CaseBody& of) { return Told(CheckUsual(context, of)); };
  for (const auto urgency : {v1::Urgency::PRIORITY, v1::Urgency::URGENT}) {
    context.urgency = urgency;
    EXPECT_EQ(told(body), Set{"R-HR-05.first request.selection_grounds"});
    EXPECT_THAT(told(grounded), IsEmpty());
    EXPECT_THAT(told(witness), IsEmpty());
  }
  for (const auto urgency : {v1::Urgency::ROUTINE, v1::Urgency::EMERGENCY_LIFE}) {
    context.urgency = urgency;
    EXPECT_THAT(told(body), IsEmpty());
  }
}

// --- Electronic evidence

TEST(Categories, OfNoListNeedTheDeepestOrder) {
  const auto asked = [](const char* category, const char* kind) {
    return Of(AssistanceType::ACCESS_STORED_DATA, [&](v1::Request& r) {
      r.mutable_items(0)->set_data_categories(0, category);
      r.mutable_items(0)->mutable_order()->set_kind(kind);
    });
  };
  const Set barred = {"R-CYB-04.order request.items[0].legal_order_hash"};
  for (const char* category : {"CONTENT", "content", "Content_Data", "MAIL"}) {
    EXPECT_EQ(asked(category, "SUBSCRIBER"), barred) << category;
    EXPECT_EQ(asked(category, "subscriber"), barred) << category;
    EXPECT_THAT(asked(category, "CONTENT"), IsEmpty()) << category;
    EXPECT_THAT(asked(category, "content"), IsEmpty()) << category;
  }
  EXPECT_EQ(asked("traffic", "Subscriber"), barred);
  EXPECT_THAT(asked("subscriber data", "SUBSCRIBER"), IsEmpty());
}

// --- Forms

TEST(FormCheck, FindsNothingInAnyForm) {
  for (int n = 1; n <= AssistanceType::Code_MAX; ++n) {
    if (!AssistanceType::Code_IsValid(n)) continue;
    const auto type = static_cast<AssistanceType::Code>(n);
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    EXPECT_EQ(FindingsText(CheckForms(FullTemplateForType(type))), "");
    EXPECT_EQ(FindingsText(CheckForms(AnswerForType(type))), "");
  }
}

TEST(FormCheck, TellsHashesAndDatesThatAreNoneInAnyFieldOfThem) {
  EXPECT_THAT(OfForm(AssistanceType::FREEZE,
                     [](v1::Request& r) {
                       r.mutable_items(0)->mutable_order()->set_hash("abc");
                       r.mutable_confidentiality()->set_until("30.11.2026");
                     }),
              UnorderedElementsAre("R-GEN-01.hash request.items[0].order.hash",
                                   "R-GEN-01.date request.confidentiality.until"));
  EXPECT_THAT(OfForm(AssistanceType::VERIFY_DOCUMENT,
                     [](v1::Request& r) {
                       r.mutable_items(0)->set_image_hashes(0, std::string(63, 'a'));
                       r.mutable_items(0)->set_document_issued("2028-02-30");
                     }),
              UnorderedElementsAre("R-GEN-01.hash request.items[0].image_hashes[0]",
                                   "R-GEN-01.date request.items[0].document_issued"));
  EXPECT_THAT(
      OfForm(AssistanceType::VIDEO_HEARING,
             [](v1::Request& r) { r.mutable_items(0)->mutable_video()->set_slots(0, "noon"); }),
      UnorderedElementsAre("R-GEN-01.date request.items[0].video.slots[0]"));
  // A part of a date and a span of time are dates.
  EXPECT_THAT(OfForm(AssistanceType::EXTRADITE,
                     [](v1::Request& r) {
                       r.mutable_persons(0)->set_date_of_birth("1979-XX-XX");
                       r.mutable_items(0)->set_offence_times(0, "2025-03-01/2025-11-19");
                     }),
              IsEmpty());
}

TEST(FormCheck, NotesStatesAndWordsThatNobodyCanTranslate) {
  EXPECT_THAT(OfForm(AssistanceType::FLAG_CONFIRMATION,
                     [](v1::Request& r) {
                       r.mutable_items(0)->mutable_vessel()->set_flag_claimed("qmx");
                       r.mutable_persons(0)->set_nationality("YQ");
                     }),
              UnorderedElementsAre("R-GEN-01.country request.items[0].vessel.flag_claimed",
                                   "R-GEN-01.country request.persons[0].nationality"));
  v1::CaseBody body = TemplateForType(AssistanceType::TRACE_FIREARM);
  body.mutable_request()->mutable_items(0)->mutable_firearm()->set_serial_state("filed off");
  const auto findings = CheckForms(body);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].key, "R-GEN-01.own_word");
  EXPECT_EQ(findings[0].severity, Severity::kNote);
  EXPECT_EQ(findings[0].todo, "use one of: NONE, OBLITERATED, RESTORED");
  EXPECT_THAT(OfForm(AssistanceType::ACCESS_STORED_DATA,
                     [](v1::Request& r) { r.mutable_items(0)->set_data_categories(0, "content"); }),
              UnorderedElementsAre("R-GEN-01.word request.items[0].data_categories[0]"));
}

TEST(FormCheck, NamesHaveOneLineAndNoTextHasControls) {
  EXPECT_THAT(OfForm(AssistanceType::TAKE_EVIDENCE,
                     [](v1::Request& r) {
                       r.mutable_persons(0)->set_name("Ada\nExample");
                       r.set_facts_summary("One line.\nAnother one.");
                       r.mutable_items(0)->set_lawyer("\x1b[2Jnone");
                     }),
              UnorderedElementsAre("R-GEN-01.control request.persons[0].name",
                                   "R-GEN-01.control request.items[0].lawyer"));
}

// --- Names and numbers

TEST(Names, HideNothingAndLookLikeNothingElse) {
  const auto named = [](const std::string& name) {
    return Of(AssistanceType::CRIMINAL_RECORD,
              [&](v1::Request& r) { r.mutable_persons(0)->set_name(name); });
  };
  for (const char* hidden : {"Da\u3164rio", "Da\u2062rio", "Dario\u2028Vell", "Da\U000E0041rio"}) {
    EXPECT_THAT(named(hidden), UnorderedElementsAre("R-GEN-01.bidi request.persons[0].name"));
  }
  EXPECT_THAT(named("\uFF24\uFF41\uFF52\uFF49\uFF4F"),
              UnorderedElementsAre("R-GEN-01.homograph request.persons[0].name"));
  // Full-width letters belong there.
  EXPECT_THAT(named("\uFF2E\uFF34\u682A\u5F0F\u4F1A\u793E"), IsEmpty());
  EXPECT_THAT(named("\u738B\u5C0F\u660E"), IsEmpty());
  EXPECT_THAT(Of(AssistanceType::CRIMINAL_RECORD,
                 [](v1::Request& r) { r.set_requesting_authority("Prosecut\u043Er of Port-Sel"); }),
              UnorderedElementsAre("R-GEN-01.homograph request.requesting_authority"));
  EXPECT_THAT(Of(AssistanceType::FLAG_CONFIRMATION,
                 [](v1::Request& r) {
                   r.mutable_items(0)->mutable_vessel()->add_previous_names("Alb\u0430");
                 }),
              UnorderedElementsAre("R-GEN-01.homograph request.items[0].vessel.previous_names[0]"));
}

TEST(Cards, AreNeverShownWhole) {
  const auto selected = [](const char* kind, const char* value) {
    return Of(AssistanceType::HIT_QUERY, [&](v1::Request& r) {
      r.mutable_items(0)->mutable_selectors(0)->set_kind(kind);
      r.mutable_items(0)->mutable_selectors(0)->set_value(value);
    });
  };
  const Set told = {"R-SEAL-01.card request.items[0].selectors"};
  EXPECT_EQ(selected("PAYMENT_CARD", "4111111111111111"), told);
  EXPECT_EQ(selected("card", "4111111111111111"), told);
  EXPECT_THAT(selected("CARD", "411111...1111"), IsEmpty());
}

TEST(Children, WhoTestifyAreToldOfWhenTheyStandInTheClear) {
  const auto witness = [](const char* age, const char* name) {
    return Of(AssistanceType::TAKE_EVIDENCE, [&](v1::Request& r) {
      v1::Person& p = *r.mutable_persons(0);
      p.set_age_status(age);
      p.set_name(name);
      p.set_guardian("Office for Children of Temburra");
    });
  };
  EXPECT_THAT(witness("CHILD", "Ada Example"),
              ::testing::Contains("R-SEAL-01.child request.persons[0].name"));
  EXPECT_THAT(witness("ADULT", "Ada Example"), IsEmpty());
  EXPECT_THAT(witness("CHILD", ""),
              ::testing::Not(::testing::Contains("R-SEAL-01.child request.persons[0].name")));
}

// --- Files that are not read

TEST(Json, SaysWhereItFails) {
  const auto at = [](const std::string& json) { return FieldOf(BodyFromJson(json).status()); };
  EXPECT_EQ(at(R"({"request": {"items": [{"type": "STATUE"}]}})"), "request.items[0].type");
  EXPECT_EQ(at(R"({"request": {"purpse": "x"}})"), "request");
  EXPECT_EQ(at("nothing"), "");
  const auto marked = BodyFromJson("\xEF\xBB\xBF{}");
  EXPECT_THAT(std::string(marked.status().message()), ::testing::HasSubstr("byte order mark"));
}

}  // namespace
}  // namespace palermo::casework
