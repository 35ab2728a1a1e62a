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
  const Content content = ContentOf(HeaderFrom("QM", "QT"), body);
  EXPECT_THAT(content.marks, ::testing::ElementsAre("PHONE:+15550001"));
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
