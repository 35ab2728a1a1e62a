#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

v1::CaseBody Correction() {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_intelligence_correction()->set_record_id("R-1/1");
  body.mutable_intelligence_correction()->set_replaced_by("R-1/2");
  body.mutable_intelligence_correction()->set_reason("other port");
  return body;
}

TEST(TakenBack, ShowsByWhatInPlaceOfWhatTheReportSaid) {
  const v1::CaseBody report = Report("R-1");
  const std::string before = report.DebugString();
  ASSERT_NE(before.find("hidden compartment"), std::string::npos);
  const v1::CaseBody recalled = TakenBackBody(report, Recall("R-1"), "0f3c", "2026-03-02");
  EXPECT_EQ(recalled.DebugString().find("hidden compartment"), std::string::npos);
  EXPECT_EQ(recalled.route_report().legs_size(), 0);
  EXPECT_EQ(recalled.route_report().route_id(), "R-1");
  EXPECT_EQ(recalled.route_report().summary(),
            "RECALLED by its originator, message 0f3c of 2026-03-02: wrong vessel");
  EXPECT_EQ(TakenBackBody(report, Correction(), "0f3c", "2026-03-02").route_report().summary(),
            "REPLACED by its originator with R-1/2, message 0f3c of 2026-03-02: other port");
  v1::CaseBody method;
  method.mutable_document_method_report()->set_report_id("D-1");
  method.mutable_document_method_report()->set_description("washed visa");
  const v1::CaseBody shown = TakenBackBody(method, Recall("D-1"), "0f3c", "2026-03-02");
  EXPECT_EQ(shown.DebugString().find("washed"), std::string::npos);
  EXPECT_NE(shown.document_method_report().description().find("RECALLED"), std::string::npos);
}

// It is its originator's alone, and known also where the record itself never came.
TEST(TakenBack, IsKnownByTheOriginatorsWordAlone) {
  Folder folder;
  Post post;
  const auto book = Opened(folder.File("casebook.db"), "QM");
  const auto take = [&](const v1::CasebookEntry& entry) {
    const std::vector<v1::CasebookEntry> entries = {entry};
    EXPECT_TRUE(book->Put(entries, "").ok());
  };
  take(post.Entry("QM", "QT", {"QM"}, Recall("R-1/1")));
  EXPECT_THAT(*book->TakenBack("QN", "R-1/1"), ::testing::IsEmpty());
  take(post.Entry("QM", "QN", {"QM"}, Recall("R-1")));
  take(post.Entry("QM", "QN", {"QM"}, Correction()));
  const auto by = book->TakenBack("QN", "R-1/1");
  ASSERT_TRUE(by.ok());
  ASSERT_THAT(*by, ::testing::SizeIs(2));
  EXPECT_TRUE(by->front().body.has_intelligence_correction()) << "the newest first";
  EXPECT_EQ(by->back().body.intelligence_recall().reason(), "wrong vessel");
  EXPECT_THAT(*book->TakenBack("QN", "R-1/2"), ::testing::IsEmpty());
  EXPECT_THAT(*book->TakenBack("QN", ""), ::testing::IsEmpty());
}

// --- Drafts that wait

v1::CaseBody FreeReport(const std::string& id, const std::string& originator,
                        const std::vector<std::string>& released) {
  v1::CaseBody body = Report(id, originator, released);
  v1::Label& label = *body.mutable_route_report()->mutable_label();
  label.clear_handling();
  label.add_handling(v1::Handling::H0);
  return body;
}

// What the casebook says of a draft of `from` to QP: "" when it may go, else the clause.
std::string ClauseOfDraft(Casebook& book, const std::string& from, const v1::CaseBody& body,
                          const std::string& to = "QP") {
  Item draft;
  draft.header.set_sender(from + "/central");
  draft.header.add_recipients(to + "/central");
  draft.body = body;
  draft.content = RecordOf(draft.header, body);
  const auto decision = book.MayGo(draft, AccessOf(from), to);
  return decision.ok() ? std::string(decision->clause) : CodeOf(decision.status());
}

TEST(Drafts, OfAnothersRecordGoOnlyAsFarAsWhatIsKnownAtTheEndLetsThem) {
  Folder folder;
  Post post;
  const auto book = Opened(folder.File("casebook.db"), "QM");
  const auto take = [&](const v1::CasebookEntry& entry) {
    EXPECT_TRUE(book->Put(std::vector<v1::CasebookEntry>{entry}, "").ok());
  };
  const v1::CaseBody report = FreeReport("R-1", "QN", {"QM", "QP"});
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report), "LABEL") << "it never came here";
  take(post.Entry("QM", "QN", {"QM"}, report));
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report), "");
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report, "QT"), "ONWARD");
  // What the draft's own label says lets it go nowhere.
  EXPECT_EQ(ClauseOfDraft(*book, "QM", FreeReport("R-1", "QN", {"QM", "QT"}), "QT"), "ONWARD");
  take(post.Entry("QM", "QN", {"QM"}, Consent("R-1/1", "QT")));
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report, "QT"), "");
  take(post.Entry("QM", "QN", {"QM"}, Consent("R-1/1", "QT", "INVESTIGATION", "DENY")));
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report, "QT"), "ONWARD") << "the consent was withdrawn";
  take(post.Entry("QM", "QN", {"QM"}, Recall("R-1/1")));
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report), "ALIVE");
  take(post.Entry("QM", "QM", {"QN"}, Answer("R-1/1", "PURGED")));
  EXPECT_EQ(ClauseOfDraft(*book, "QM", report), "ALIVE") << "and purged";
}

v1::CaseBody Question(const std::string& record) {
  v1::CaseBody body;
  body.set_version(1);
  v1::OnwardConsentRequest& ask = *body.mutable_onward_consent_request();
  ask.set_record_id(record);
  ask.set_to_state("QP");
  ask.set_purpose("INVESTIGATION");
  ask.set_reason("same vessel");
  return body;
}

TEST(Unanswered, IsWhatOthersAskUntilOurOwnAnswerWentOut) {
  Folder folder;
  Post post;
  const auto book = Opened(folder.File("casebook.db"), "QN");
  const auto take = [&](const v1::CasebookEntry& entry) {
    EXPECT_TRUE(book->Put(std::vector<v1::CasebookEntry>{entry}, "").ok());
    return entry.message_id();
  };
  const auto open = [&] {
    std::vector<std::string> ids;
    const auto items = book->Unanswered(AccessOf("QN"));
    EXPECT_TRUE(items.ok());
    for (const Item& item : *items) ids.push_back(item.entry.message_id());
    return ids;
  };
  using ::testing::ElementsAre;
  const std::string asked = take(post.Entry("QN", "QM", {"QN"}, Question("R-1/1")));
  const std::string recall = take(post.Entry("QN", "QP", {"QN"}, Recall("K-7")));
  const std::string other = take(post.Entry("QN", "QM", {"QN"}, Recall("K-7")));
  take(post.Entry("QN", "QN", {"QM"}, Question("K-7/1")));  // our own
  EXPECT_THAT(open(), ElementsAre(asked, recall, other));
  EXPECT_THAT(*book->Unanswered(AccessOf("QN", "INVESTIGATION", "")), ::testing::IsEmpty())
      << "as every way out, it asks why";
  v1::CaseBody consent = Consent("R-1/1", "QP", "INVESTIGATION", "DENY");
  take(post.Entry("QN", "QN", {"QM"}, consent));
  EXPECT_THAT(open(), ElementsAre(asked, recall, other)) << "the answer to another question";
  consent.mutable_onward_consent_answer()->set_request_id(HexEncode(asked));
  take(post.Entry("QN", "QM", {"QN"}, consent));
  EXPECT_THAT(open(), ElementsAre(asked, recall, other)) << "not our word";
  take(post.Entry("QN", "QN", {"QM"}, consent));
  EXPECT_THAT(open(), ElementsAre(recall, other));
  take(post.Entry("QN", "QN", {"QP"}, Answer("K-7/1", "PURGED")));
  EXPECT_THAT(open(), ElementsAre(other)) << "another state's record of the same id";
  const std::string again = take(post.Entry("QN", "QP", {"QN"}, Recall("K-7")));
  EXPECT_THAT(open(), ElementsAre(other, again)) << "it asks once more";
}

TEST(Drafts, OfTheOwnRecordGoWhileTheirLabelAndNobodyTookThemBack) {
  Folder folder;
  Post post;
  const auto book = Opened(folder.File("casebook.db"), "QN");
  v1::CaseBody report = FreeReport("R-2", "QN", {"QM", "QP"});
  EXPECT_EQ(ClauseOfDraft(*book, "QN", report), "");
  EXPECT_EQ(ClauseOfDraft(*book, "QN", report, "QT"), "ONWARD");
  report.mutable_route_report()->mutable_label()->set_delete_by("2026-03-01");
  EXPECT_EQ(ClauseOfDraft(*book, "QN", report), "ALIVE");
  report.mutable_route_report()->mutable_label()->clear_delete_by();
  for (const v1::CaseBody& body : {report, Recall("R-2/1")}) {
    const std::vector<v1::CasebookEntry> entries = {post.Entry("QN", "QN", {"QM"}, body)};
    EXPECT_TRUE(book->Put(entries, "").ok());
  }
  EXPECT_EQ(ClauseOfDraft(*book, "QN", report), "ALIVE") << "we took it back ourselves";
}

}  // namespace
}  // namespace palermo::casebook
