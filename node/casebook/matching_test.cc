// Pairs that are the same thing said in two ways.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

v1::CaseBody ReportOn(const std::string& id, const std::string& originator,
                      const std::string& scheme, const std::string& value,
                      const std::string& country, v1::Tlp::Code tlp = v1::Tlp::GREEN) {
  v1::CaseBody body = Report(id, originator, {"QM"}, tlp);
  v1::RouteReport& report = *body.mutable_route_report();
  report.clear_legs();
  report.clear_identifiers();
  report.clear_network();
  report.clear_period();
  v1::Identifier& one = *report.add_identifiers();
  one.set_scheme(scheme);
  one.set_value(value);
  one.set_country(country);
  one.set_of("THING");
  return body;
}

class Matching : public ::testing::Test {
 protected:
  v1::CasebookEntry Put(const std::string& from, const v1::CaseBody& body) {
    const v1::CasebookEntry entry = post_.Entry("QM", from, {"QM"}, body);
    EXPECT_TRUE(book_->Put(std::vector{entry}, "").ok());
    return entry;
  }
  // With what a report that is not sent yet meets; each record once.
  std::vector<std::string> Meets(const v1::CaseBody& body, const std::string& reason = "case 7") {
    Item fresh;
    fresh.body = body;
    fresh.header.set_case_id("another case");
    fresh.content = RecordOf(fresh.header, body);
    std::vector<std::string> names;
    const auto matches = book_->Matches(fresh, AccessOf("QM", "INVESTIGATION", reason));
    EXPECT_TRUE(matches.ok());
    for (const Match& match : *matches) {
      for (const Item& item : match.others.items) names.push_back(item.content.record);
    }
    return names;
  }

  Folder folder_;
  Post post_;
  std::unique_ptr<Casebook> book_ = Opened(folder_.File("casebook.db"), "QM");
};

TEST_F(Matching, APlateMeetsTheSamePlateThatWasWrittenDownWithoutACountry) {
  Put("QN", ReportOn("R-1", "QN", "PLATE", "AB-123", "QT"));
  Put("QP", ReportOn("R-2", "QP", "PLATE", "ab 123", ""));
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "PLATE", "AB123", "")),
              ::testing::UnorderedElementsAre("R-1/1", "R-2/1"));
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "PLATE", "AB123", "QT")),
              ::testing::UnorderedElementsAre("R-1/1", "R-2/1"));
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "PLATE", "AB123", "QV")),
              ::testing::ElementsAre("R-2/1"));
}

TEST_F(Matching, AnIbanMeetsTheNumberOfItsAccountAndAnAddressItsOtherSpelling) {
  Put("QN", ReportOn("R-1", "QN", "IBAN", "QV47 VSTB 0001 2345 6789 01", ""));
  Put("QN", ReportOn("R-2", "QN", "IP", "2001:DB8:0:0:0:0:0:1", ""));
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "ACCOUNT", "0001 2345 6789 01", "")),
              ::testing::ElementsAre("R-1/1"));
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "ACCOUNT", "6789 01", "")), ::testing::IsEmpty());
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "IP", "2001:db8::1", "")),
              ::testing::ElementsAre("R-2/1"));
}

// However it is found: what may not be seen is not found, and what is gone leaves nothing.
TEST_F(Matching, InAnotherSpellingShowsNoMoreThanTheLabelAllows) {
  Put("QN", ReportOn("R-1", "QN", "PLATE", "AB-123", "QT", v1::Tlp::AMBER));
  const v1::CaseBody asked = ReportOn("R-9", "QM", "PLATE", "AB123", "");
  EXPECT_THAT(Meets(asked), ::testing::ElementsAre("R-1/1"));
  EXPECT_THAT(Meets(asked, ""), ::testing::IsEmpty());
  EXPECT_THAT(book_->Named("PLATE::AB123", AccessOf("QZ"), 10)->items, ::testing::IsEmpty());
  Put("QN", Recall("R-1/1"));
  EXPECT_THAT(Meets(asked), ::testing::IsEmpty());
}

// Lives in danger open nothing to who may not read of them: a hit tells that the report is there.
TEST_F(Matching, AnEmergencyIsFoundByNobodyWhomItsLabelKeepsOut) {
  const auto danger = [](const std::string& id, v1::Tlp::Code tlp) {
    v1::CaseBody body = ReportOn(id, "QN", "PLATE", "AB-123", "QT", tlp);
    v1::RouteReport& report = *body.mutable_route_report();
    report.add_risk_to_life("DROWNING");
    report.mutable_period()->set_last_seen(FormatInstant(Noon() - absl::Hours(1)));
    report.mutable_label()->clear_purposes();
    report.mutable_label()->add_purposes("ANALYSIS_STRATEGIC");
    return body;
  };
  Put("QN", danger("R-1", v1::Tlp::AMBER));
  Put("QN", danger("R-2", v1::Tlp::RED));  // names nobody of QM
  const auto found = [&](const std::string& state, const std::string& purpose) {
    std::vector<std::string> names;
    for (const char* mark : {"PLATE:QT:AB123", "PLATE::AB123"}) {
      const auto hits = book_->Named(mark, AccessOf(state, purpose), 10);
      EXPECT_TRUE(hits.ok());
      for (const Item& item : hits->items) names.push_back(item.content.record);
      EXPECT_FALSE(hits->everywhere);
    }
    return names;
  };
  EXPECT_THAT(found("QM", "INVESTIGATION"), ::testing::IsEmpty());
  EXPECT_THAT(found("QM", "SEARCH_AND_RESCUE"), ::testing::ElementsAre("R-1/1", "R-1/1"));
  EXPECT_THAT(found("QT", "SEARCH_AND_RESCUE"), ::testing::IsEmpty()) << "not released to it";
  EXPECT_THAT(Meets(ReportOn("R-9", "QM", "PLATE", "AB123", "")), ::testing::IsEmpty());
}

// A mail of an operation is kept as a name: the reasons for its warnings are about its records.
TEST_F(Matching, OfAMailOfAnOperationNoReasonForAWarningIsKept) {
  v1::CaseBody mail = MailOf(std::string(64, 'a'));
  mail.add_overridden()->set_rule("R-HR-14 at operation_mail.records[0]");
  mail.mutable_overridden(0)->set_reason("her guardian asks for it");
  const v1::CasebookEntry entry = Put("QN", mail);
  const auto item = book_->View(entry.message_id(), AccessOf("QM"));
  ASSERT_TRUE(item.ok());
  EXPECT_TRUE(item->body.has_operation_mail());
  EXPECT_EQ(item->body.overridden_size(), 0);
  EXPECT_THAT(book_->Search("guardian", AccessOf("QM"), 10)->items, ::testing::IsEmpty());
}

}  // namespace
}  // namespace palermo::casebook
