#include "node/casebook/content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(RecordIds, HaveAVersionAndABareOneIsTheFirst) {
  EXPECT_EQ(RecordId("R-1", 0), "R-1/1");
  EXPECT_EQ(RecordId("R-1", 3), "R-1/3");
  EXPECT_EQ(WholeRecordId("R-1"), "R-1/1");
  EXPECT_EQ(WholeRecordId("R-1/3"), "R-1/3");
  EXPECT_EQ(WholeRecordId("R/2026/x"), "R/2026/x/1");
  EXPECT_EQ(WholeRecordId(""), "");
}

v1::Header HeaderFrom(const std::string& from, const std::string& to) {
  v1::Header header;
  header.set_sender(from + "/central");
  header.add_recipients(to + "/central");
  header.set_handling(v1::Handling::H1);
  return header;
}

TEST(Content, SaysWhichRecordAMessageIsAbout) {
  const Content report = ContentOf(HeaderFrom("QM", "QT"), Report("R-1", "QN"));
  EXPECT_TRUE(report.is_record);
  EXPECT_EQ(report.kind, "route_report");
  EXPECT_EQ(report.originator, "QN");
  EXPECT_EQ(report.record, "R-1/1");
  const Content recall = ContentOf(HeaderFrom("QM", "QT"), Recall("R-1"));
  EXPECT_FALSE(recall.is_record);
  EXPECT_EQ(recall.originator, "QM") << "only about its sender's own record";
  const Content answer = ContentOf(HeaderFrom("QM", "QT"), Answer("R-1/2", "PURGED"));
  EXPECT_EQ(answer.originator, "QT");
  EXPECT_EQ(answer.record, "R-1/2");
}

TEST(Content, TakesTheMarksOfThingsAndOfWhoIsAccusedAndOfNobodyElse) {
  v1::CaseBody body;
  body.set_version(1);
  auto& request = *body.mutable_request();
  const auto add = [&](const std::string& phone) -> v1::Person& {
    v1::Person& person = *request.add_persons();
    person.set_phone(phone);
    return person;
  };
  add("+1 555 0001").add_roles("SUSPECT");
  add("+1 555 0002").add_roles("VICTIM");
  add("+1 555 0003");
  v1::Person& both = add("+1 555 0004");
  both.add_roles("SUSPECT");
  both.add_roles("SMUGGLED_MIGRANT");
  v1::Person& hidden = add("+1 555 0005");
  hidden.add_roles("SUSPECT");
  hidden.set_protected_(true);
  v1::Person& child = add("+1 555 0006");
  child.add_roles("SUSPECT");
  child.set_age_status("CHILD");
  v1::Person& perhaps = add("+1 555 0007");
  perhaps.add_roles("SUSPECT");
  perhaps.set_age_status("UNKNOWN_PRESUMED_CHILD");
  const Content content = ContentOf(HeaderFrom("QM", "QT"), body);
  EXPECT_THAT(content.marks, ::testing::ElementsAre("PHONE:+15550001"));
}

// What `item` says of whom it is about, beside a person of this role.
std::vector<std::string> MarksOfItem(v1::AssistanceType::Code type, const std::string& role,
                                     void (*change)(v1::Item&)) {
  v1::CaseBody body;
  body.set_version(1);
  v1::Person& person = *body.mutable_request()->add_persons();
  person.set_ref("P-1");
  if (!role.empty()) person.add_roles(role);
  v1::Item& item = *body.mutable_request()->add_items();
  item.set_type(type);
  item.set_issuer("QT");
  change(item);
  return ContentOf(HeaderFrom("QM", "QT"), body).marks;
}

TEST(Content, LeavesOutTheDocumentOfWhoIsSealedOrNoSuspect) {
  using Type = v1::AssistanceType;
  for (const Type::Code type :
       {Type::VERIFY_DOCUMENT, Type::ISSUE_TRAVEL_DOCUMENT, Type::VERIFY_NATIONALITY}) {
    const auto nobody = [](v1::Item& i) { i.set_document_number("QT4471209"); };
    const auto named = [](v1::Item& i) {
      i.set_document_number("QT4471209");
      i.set_person_ref("P-1");
    };
    const auto small = [](v1::Item& i) {
      i.set_document_number("QT4471209");
      i.set_person_ref("p-1");
    };
    EXPECT_THAT(MarksOfItem(type, "SUSPECT", small), Contains("DOCUMENT:QT:QT4471209"));
    EXPECT_THAT(MarksOfItem(Type::TAKE_EVIDENCE, "VICTIM", small), IsEmpty());
    EXPECT_THAT(MarksOfItem(Type::TAKE_EVIDENCE, "SUSPECT", small),
                Contains("DOCUMENT:QT:QT4471209"));
    const auto unknown = [](v1::Item& i) {
      i.set_document_number("QT4471209");
      i.set_person("somebody in the harbour");
    };
    const auto sealed = [](v1::Item& i) {
      i.set_document_number("QT4471209");
      i.set_holder_sealed(true);
    };
    const std::string name = v1::AssistanceType::Code_Name(type);
    for (const char* role : {"SMUGGLED_MIGRANT", "VICTIM", "WITNESS", ""}) {
      EXPECT_THAT(MarksOfItem(type, role, named), IsEmpty()) << name << role;
      EXPECT_THAT(MarksOfItem(type, role, nobody), IsEmpty()) << name << role;
    }
    EXPECT_THAT(MarksOfItem(type, "SUSPECT", sealed), IsEmpty()) << name;
    EXPECT_THAT(MarksOfItem(type, "SUSPECT", unknown), IsEmpty()) << name;
    EXPECT_THAT(MarksOfItem(type, "SUSPECT", named), Contains("DOCUMENT:QT:QT4471209")) << name;
    EXPECT_THAT(MarksOfItem(type, "SUSPECT", nobody), Contains("DOCUMENT:QT:QT4471209")) << name;
  }
  v1::CaseBody answer;
  answer.set_version(1);
  answer.mutable_result()->add_items()->mutable_travel_document()->set_document_number("QT4471209");
  EXPECT_THAT(ContentOf(HeaderFrom("QT", "QM"), answer).marks, IsEmpty());
}

TEST(Content, TakesTheSelectorsOfACaseByTheirKind) {
  const auto select = [](v1::Item& item) {
    const auto add = [&](const char* kind, const char* value) {
      v1::Selector& one = *item.add_selectors();
      one.set_kind(kind);
      one.set_value(value);
    };
    add("PHONE", "+999 123 456 78");
    add("e-mail", "Boss@Ring.example");
    add("IMEI", "490154203237518");
    add("ACCOUNT", "QT-1234");
    add("IP", "203.0.113.77");
    add("CARD", "4111 1111 1111 1111");
    add("OTHER", "a blue car");
    add("", "nothing");
  };
  const auto type = v1::AssistanceType::SUBSCRIBER_INFO;
  EXPECT_THAT(
      MarksOfItem(type, "", select),
      ::testing::ElementsAre("ACCOUNT:QT1234", "EMAIL:boss@ring.example", "IMEI:490154203237518",
                             "IP:203.0.113.77", "PHONE:+99912345678"));
  // Those of a victim are nobody's to compare.
  const auto of_victim = [](v1::Item& item) {
    item.set_person_ref("P-1");
    v1::Selector& one = *item.add_selectors();
    one.set_kind("PHONE");
    one.set_value("+999 123 456 78");
    item.set_account("QT-1234");
  };
  EXPECT_THAT(MarksOfItem(type, "VICTIM", of_victim), IsEmpty());
  EXPECT_THAT(MarksOfItem(type, "SUSPECT", of_victim),
              ::testing::ElementsAre("ACCOUNT:QT1234", "PHONE:+99912345678"));
}

TEST(Content, LeavesOutWhatBelongsToAVictimWhereverItIsSaidAgain) {
  v1::CaseBody body;
  body.set_version(1);
  v1::Person& victim = *body.mutable_request()->add_persons();
  victim.add_roles("VICTIM");
  victim.set_phone("+999 123 456 78");
  v1::Selector& one = *body.mutable_request()->add_items()->add_selectors();
  one.set_kind("PHONE");
  one.set_value("00999 12345678");
  EXPECT_THAT(ContentOf(HeaderFrom("QM", "QT"), body).marks, IsEmpty());
  victim.set_phone("+999 555");
  EXPECT_THAT(ContentOf(HeaderFrom("QM", "QT"), body).marks, Contains("PHONE:+99912345678"));
}

TEST(Content, TakesEveryText) {
  v1::CaseBody body = Report("R-1");
  body.mutable_route_report()->mutable_legs(0)->set_detection_hint("a warm tyre");
  const Content content = ContentOf(HeaderFrom("QN", "QM"), body);
  for (const char* word : {"warm tyre", "QPLAG", "fishing vessel", "hidden compartment"}) {
    EXPECT_THAT(content.words, HasSubstr(word));
  }
  EXPECT_THAT(content.marks, Contains("IMO:2000107"));
}

TEST(Content, AMessageBoundByItsHeaderIsForItsRecipientsAndTheirPurpose) {
  const v1::Label label = LabelOf(HeaderFrom("QM", "QT"));
  EXPECT_EQ(label.originator(), "QM");
  EXPECT_EQ(label.tlp(), v1::Tlp::AMBER_STRICT);
  EXPECT_THAT(label.release_states(), ::testing::ElementsAre("QT"));
  EXPECT_THAT(label.handling(), ::testing::ElementsAre(v1::Handling::H1));
}

}  // namespace
}  // namespace palermo::casebook
