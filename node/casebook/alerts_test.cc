#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

v1::CaseBody Alert(const std::string& record) {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_rescue_alert()->set_report_id(record);
  body.mutable_rescue_alert()->add_risk_to_life("DROWNING");
  return body;
}

class Alerts : public ::testing::Test {
 protected:
  // How many messages the history of the record has; its code when there is none.
  std::string History(const std::string& record, const std::string& state = "QM") {
    const auto events = book_->History(record, AccessOf(state));
    return events.ok() ? std::to_string(events->size()) : CodeOf(events.status());
  }
  void Put(const v1::CasebookEntry& entry) {
    const std::vector<v1::CasebookEntry> entries = {entry};
    ASSERT_TRUE(book_->Put(entries, "").ok());
  }

  Folder folder_;
  Post post_;
  std::unique_ptr<Casebook> book_ = Opened(folder_.File("casebook.db"), "QM");
};

TEST_F(Alerts, ShowWhatBecameOfThemBeforeTheirReportIsSent) {
  Put(post_.Entry("QM", "QM", {"QN"}, Alert("R-7/1")));
  EXPECT_EQ(History("R-7/1"), "1");
  EXPECT_EQ(History("R-7"), "1");
  EXPECT_EQ(History("QM:R-7/1"), "1");
  EXPECT_EQ(History("QN:R-7/1"), "UNKNOWN_RECORD");
  EXPECT_EQ(History("R-8/1"), "UNKNOWN_RECORD");
  // Once the report is there, the two stand in one history.
  Put(post_.Entry("QM", "QM", {"QN"}, Report("R-7", "QM", {"QN"})));
  EXPECT_EQ(History("R-7/1"), "2");
}

TEST_F(Alerts, AreShownToNobodyToWhomTheyWereNotSent) {
  Put(post_.Entry("QM", "QM", {"QN"}, Alert("R-7/1")));
  EXPECT_EQ(History("R-7/1", "QT"), "UNKNOWN_RECORD");
  EXPECT_EQ(History("R-7/1", "QN"), "1");
}

TEST_F(Alerts, AreLikeAllElseNotSoughtByBareSigns) {
  for (const char* nothing : {"\"", "*", "** - (", "\"*"}) {
    EXPECT_EQ(CodeOf(book_->Search(nothing, AccessOf("QM"), 10).status()), "NO_WORDS") << nothing;
  }
  EXPECT_TRUE(book_->Search("é", AccessOf("QM"), 10).ok());
}

}  // namespace
}  // namespace palermo::casebook
