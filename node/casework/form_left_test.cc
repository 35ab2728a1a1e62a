#include "node/casework/form_left.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/receiver_roles.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using T = v1::AssistanceType;

std::string Line(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings)
    text += std::string(SeverityName(f.severity)).substr(0, 1) + " " + f.rule;
  return text;
}

// A request in which nothing of the form's example is left, but words that any request may have.
v1::CaseBody Own() {
  v1::CaseBody body = TemplateForType(T::SEARCH_SEIZE);
  v1::Request& r = *body.mutable_request();
  r.set_requesting_authority("Ministry of Justice of Quarvell");
  r.mutable_proceeding()->mutable_conducting_authority()->set_name("Prosecutor of Stavel");
  r.mutable_proceeding()->set_national_ref("PS-2031-0417");
  r.mutable_proceeding()->set_subject_matter("smuggling of crates by a firm of the port");
  r.set_facts_summary("On 2031-02-03 the firm Ostrava Trade moved 40 crates through the port.");
  for (v1::Item& item : *r.mutable_items()) {
    item.set_description("search of the office at 4 Quay Road");
    item.set_place("4 Quay Road, Stavel");
    item.set_items_sought("ledgers");
    item.set_legal_order_hash(std::string(64, 'b'));
    item.clear_law_text();
    item.set_dual_assessed_by("Prosecutor of Stavel");
  }
  for (v1::Person& person : *r.mutable_persons()) {
    person.set_name("Ivo Marsh");
    person.set_location("Kestrel");
  }
  r.mutable_contact()->set_name("Duty desk of Quarvell");
  r.mutable_contact()->set_phone("+999 555 0101");
  r.mutable_contact()->set_email("desk@quarvell.example");
  r.set_national_ref("CA-2031-0099");
  return body;
}

TEST(FormLeft, APrintedFormOfAnyKindIsSeen) {
  for (int n = 1; n <= T::Code_MAX; ++n) {
    if (!T::Code_IsValid(n)) continue;
    const auto type = static_cast<T::Code>(n);
    SCOPED_TRACE(T::Code_Name(type));
    const TypeForm* form = FindForm(type);
    ASSERT_NE(form, nullptr);
    // A bare form names nobody.
    if (form->bare) continue;
    EXPECT_EQ(Line(CheckFormLeft(TemplateForType(type))), "W R-GEN-04");
  }
  EXPECT_EQ(Line(CheckFormLeft(AnswerForType(T::SEARCH_SEIZE))), "W R-GEN-04");
  EXPECT_EQ(Line(CheckFormLeft(TemplateFor(v1::Act::REQUEST))), "W R-GEN-04");
  EXPECT_EQ(Line(CheckFormLeft(TemplateFor(v1::Act::POSTPONEMENT_NOTICE))), "W R-GEN-04");
}

TEST(FormLeft, OneFindingNamesEveryFieldAndNoValue) {
  const auto findings = CheckFormLeft(TemplateForType(T::SEARCH_SEIZE));
  ASSERT_EQ(findings.size(), 1u);
  for (const char* field :
       {"request.facts_summary", "request.persons[0].name", "request.contact.email",
        "request.national_ref", "request.items[0].legal_order_hash"}) {
    EXPECT_THAT(findings[0].what, HasSubstr(field));
  }
  EXPECT_THAT(findings[0].what, Not(HasSubstr("Dario")));
}

TEST(FormLeft, WhatIsTheOfficersOwnIsNotToldAndWordsThatMayBeTrueAreNone) {
  EXPECT_THAT(FieldsOfExample(Own()), IsEmpty());
  v1::CaseBody one = Own();
  one.mutable_request()->mutable_persons(0)->set_name("Dario Vell");
  EXPECT_THAT(FieldsOfExample(one), Contains("request.persons[0].name"));
  v1::CaseBody judged = Own();
  judged.mutable_request()->mutable_items(0)->set_dual_assessed_by(
      TemplateForType(T::SEARCH_SEIZE).request().items(0).dual_assessed_by());
  EXPECT_THAT(FieldsOfExample(judged), Contains("request.items[0].dual_assessed_by"));
  v1::CaseBody subject = Own();
  subject.mutable_request()->mutable_proceeding()->set_subject_matter(
      TemplateForType(T::SEARCH_SEIZE).request().proceeding().subject_matter());
  EXPECT_THAT(FieldsOfExample(subject), Contains("request.proceeding.subject_matter"));
  v1::CaseBody place = Own();
  place.mutable_request()->mutable_items(0)->set_place(
      TemplateForType(T::SEARCH_SEIZE).request().items(0).place());
  EXPECT_THAT(FieldsOfExample(place), Contains("request.items[0].place"));
  v1::CaseBody said = Own();
  said.mutable_request()->set_facts_summary("The caller told her: Say here that you came alone.");
  EXPECT_THAT(FieldsOfExample(said), IsEmpty());
  // A date alone may be the same by chance; beside a name of the form it is told.
  v1::CaseBody dated = Own();
  dated.mutable_request()->mutable_items(0)->set_period_from("2024-01-01");
  EXPECT_THAT(FieldsOfExample(dated), IsEmpty());
  dated.mutable_request()->mutable_persons(0)->set_name("Dario Vell");
  EXPECT_THAT(FieldsOfExample(dated), Contains("request.items[0].period_from"));
}

TEST(FormLeft, APositionWithItsTimeIsSeenAndAPositionAloneMayBeTrue) {
  const v1::CaseBody form = FullTemplateForType(T::BOARDING_AUTHORIZATION);
  const v1::Position& example = form.request().items(0).position();
  ASSERT_FALSE(example.at().empty());
  v1::CaseBody body = Own();
  v1::Position& position = *body.mutable_request()->mutable_items(0)->mutable_position();
  position.set_lat(example.lat());
  position.set_lon(example.lon());
  EXPECT_THAT(FieldsOfExample(body), IsEmpty());
  position.set_at("2031-02-03T04:05:00Z");
  EXPECT_THAT(FieldsOfExample(body), IsEmpty());
  position.set_at(example.at());
  EXPECT_THAT(FieldsOfExample(body), Contains("request.items[0].position"));
  position.set_lat(example.lat() + 0.5);
  EXPECT_THAT(FieldsOfExample(body), IsEmpty());
  // Beside a name of the form a position is told, too.
  position.set_lat(example.lat());
  position.clear_at();
  body.mutable_request()->mutable_persons(0)->set_name("Dario Vell");
  EXPECT_THAT(FieldsOfExample(body), Contains("request.items[0].position"));
}

TEST(FormLeft, WhatARealCaseMayShareIsNothingAlone) {
  v1::CaseBody sample;
  v1::ItemResult& item = *sample.mutable_result()->add_items();
  for (int n = 1; n <= T::Code_MAX; ++n) {
    if (!T::Code_IsValid(n)) continue;
    const v1::CaseBody form = AnswerForType(static_cast<T::Code>(n));
    for (const v1::ItemResult& one : form.result().items()) {
      if (!one.has_analysis()) continue;
      item.mutable_analysis()->set_sample_ref(one.analysis().sample_ref());
      EXPECT_THAT(FieldsOfExample(sample), IsEmpty()) << item.analysis().sample_ref();
      item.mutable_analysis()->set_laboratory(one.analysis().laboratory());
      EXPECT_THAT(FieldsOfExample(sample), Contains("result.items[0].analysis.sample_ref"));
      item.mutable_analysis()->clear_laboratory();
    }
  }
  ASSERT_FALSE(item.analysis().sample_ref().empty());
  v1::CaseBody town = Own();
  town.mutable_request()->mutable_persons(0)->set_location("Temburra City");
  town.mutable_request()->mutable_items(0)->mutable_recovery()->set_place("Port-Sel");
  EXPECT_THAT(FieldsOfExample(town), IsEmpty());
  town.mutable_request()->set_national_ref(
      TemplateForType(T::SEARCH_SEIZE).request().national_ref());
  EXPECT_THAT(FieldsOfExample(town), Contains("request.items[0].recovery.place"));
}

TEST(FormLeft, WhatStandsBesideTheBodyIsToldWithIt) {
  const auto findings = CheckFormLeft(Own(), {"compartments[0].persons[0].name"});
  ASSERT_EQ(Line(findings), "W R-GEN-04");
  EXPECT_THAT(findings[0].what, HasSubstr("compartments[0].persons[0].name"));
}

TEST(RoleOfTheReceiver, TheFindingNamesTheRolesThatWouldDo) {
  CheckContext context = ContextOfForm(T::EXTRADITE);
  const v1::CaseBody body = TemplateForType(T::EXTRADITE);
  EXPECT_THAT(RolesFor(context, body), ::testing::ElementsAre("EXTRADITION"));
  context.recipient_roles = {"CENTRAL_AUTHORITY_MLA"};
  const auto findings = CheckBody(context, body);
  ASSERT_EQ(Line(findings), "E R-DIR-01");
  EXPECT_EQ(findings[0].field, "to");
  EXPECT_THAT(findings[0].what, HasSubstr("needs: EXTRADITION"));
  context.recipient_roles = {"EXTRADITION"};
  EXPECT_EQ(Line(CheckBody(context, body)), "");
}

TEST(RoleOfTheReceiver, TheFindingNamesTheNetworkOfAStateThatKeepsNoContact) {
  CheckContext context = ContextOfForm(T::PRESERVE_DATA);
  StateProfile state;
  state.network_24_7 = false;
  context.requested_profile = &state;
  context.recipient_roles = {"NETWORK_24_7"};
  const auto findings = CheckBody(context, TemplateForType(T::PRESERVE_DATA));
  ASSERT_EQ(Line(findings), "E R-DIR-01");
  EXPECT_THAT(findings[0].what, HasSubstr("needs: NETWORK_24_7"));
}

}  // namespace
}  // namespace palermo::casework
