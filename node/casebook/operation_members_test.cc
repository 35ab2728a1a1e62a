// Reports of a joint operation in the casebook: its members see them, by the signed records that
// are here, and nobody else.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casebook/test_util.h"
#include "node/casework/operation/membership.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casebook {
namespace {

// An operation of QM, QN and QP, as mails bring it to the casebook.
class OperationInCasebook : public ::testing::Test {
 protected:
  OperationInCasebook() {
    const std::string agreement = book.Say("QM", casework::Agreement({"QM", "QN", "QP"}));
    for (const char* state : {"QN", "QP"}) book.Say(state, casework::Signature(agreement));
  }
  // Mails with the records that were written since, without the content of those that say nothing
  // about who takes part.
  std::vector<v1::CasebookEntry> Mails() {
    std::vector<v1::CasebookEntry> mails;
    for (; brought_ < book.records.size(); ++brought_) {
      const auto& r = book.records[brought_];
      v1::CasebookEntry mail = post_.Entry("QM", r.signer, {"QV"}, MailOf(book.operation));
      Carry(mail, r);
      mails.push_back(mail);
    }
    return mails;
  }
  v1::CaseBody ReportNow(const std::string& id) {
    v1::CaseBody body = Report(id, "QN", {"QM", "QP", "QT"});
    v1::Label& label = *LabelIn(body);
    label.set_operation(book.operation);
    for (const auto& head : casework::MembershipHeads(book.records, book.State())) {
      label.add_operation_seen(head);
    }
    return body;
  }
  v1::CasebookEntry Sent(const v1::CaseBody& body) {
    return post_.Entry("QM", "QN", {"QM", "QP", "QT"}, body);
  }
  // Which states see it.
  std::string Seen(const std::string& record, casework::Way way = casework::Way::kView,
                   const std::string& to = "") {
    std::string seen;
    for (const char* state : {"QM", "QN", "QP", "QT"}) {
      if (ShowCode(record, AccessOf(state), way, to) == "OK") seen += Cat({state, " "});
    }
    return seen;
  }

  void Put(const std::vector<v1::CasebookEntry>& entries) {
    const absl::Status status = book_->Put(entries, "");
    ASSERT_TRUE(status.ok()) << TextOf(status);
  }
  std::string ShowCode(const std::string& record, const Access& access, casework::Way way,
                       const std::string& to) {
    return CodeOf(book_->Record(record, access, way, to).status());
  }

  casework::Book book;

  Folder folder_;
  Post post_;
  std::unique_ptr<Casebook> book_ = Opened(folder_.File("casebook.db"), "QM");

 private:
  size_t brought_ = 0;
};

TEST_F(OperationInCasebook, ARecordOfItIsSeenByItsMembersAndByNobodyElse) {
  v1::CaseBody free = ReportNow("R-1");
  v1::Label& label = *free.mutable_route_report()->mutable_label();
  label.clear_handling();
  label.add_handling(v1::Handling::H0);
  Put({Sent(free), Sent(ReportNow("R-3"))});
  EXPECT_EQ(Seen("R-1"), "QN ") << "until its membership is known";
  auto mails = Mails();
  const v1::CasebookEntry last = mails.back();
  mails.pop_back();
  Put(mails);
  EXPECT_EQ(Seen("R-1"), "QN ") << "one of the signatures is missing";
  Put({last});
  EXPECT_EQ(Seen("R-1"), "QM QN QP ");
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QP"), "QM QN QP ");
  EXPECT_EQ(Seen("R-3", casework::Way::kForward, "QP"), "QN QP ") << "H2: its originator alone";
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QT"), "");
  EXPECT_EQ(Seen("R-1", casework::Way::kHistory), "QM QN QP ");
}

TEST_F(OperationInCasebook, WhoLeftSeesNothingThatCameLaterAndGetsNothingOfBefore) {
  Put({Sent(ReportNow("R-1"))});
  book.Say("QP", casework::Departure("QP"));
  Put({Sent(ReportNow("R-2"))});
  Put(Mails());
  EXPECT_EQ(Seen("R-2"), "QM QN ");
  EXPECT_EQ(Seen("R-1"), "QM QN QP ") << "it was a member then, and has it";
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QP"), "");
}

TEST_F(OperationInCasebook, ANewcomerSeesAnOlderRecordOnlyWhenTheOriginatorSendsItAgain) {
  Put({Sent(ReportNow("R-1"))});
  const std::string admission = book.Say("QM", casework::Admission("QT"));
  for (const char* state : {"QN", "QP"}) book.Say(state, casework::Consent(admission));
  book.Say("QT", casework::Accession(admission, book.operation));
  Put(Mails());
  EXPECT_EQ(Seen("R-1"), "QM QN QP ");
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QT"), "");
  Put({Sent(ReportNow("R-1"))});
  EXPECT_EQ(Seen("R-1"), "QM QN QP QT ");
  // Nobody else says for the originator who takes part.
  v1::CaseBody other = ReportNow("R-2");
  LabelIn(other)->clear_operation_seen();
  Put({Sent(other), post_.Entry("QM", "QP", {"QM"}, ReportNow("R-2"))});
  EXPECT_EQ(Seen("R-2"), "QN ");
}

TEST_F(OperationInCasebook, ASignatureThatAnotherStateForgedMakesNobodyAMember) {
  casework::Book forged;
  const std::string agreement = forged.Say("QN", casework::Agreement({"QM", "QN"}));
  forged.Add("QM", casework::Signature(agreement), {agreement}, "QN");
  book = forged;
  Put({Sent(ReportNow("R-1"))});
  Put(Mails());
  EXPECT_EQ(Seen("R-1"), "QN ");
}

// Many copies of one report, each to its recipient: the history is replayed for all at once.
TEST_F(OperationInCasebook, AReportToManyIsJudgedWithTwoReplays) {
  Put(Mails());
  for (int copy = 0; copy < 10; ++copy) Put({Sent(ReportNow("R-1"))});
  const size_t before = book_->replays();
  EXPECT_EQ(Seen("R-1"), "QM QN QP ");
  EXPECT_LE(book_->replays() - before, 2u);
  book.Say("QP", casework::Departure("QP"));
  Put(Mails());
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QP"), "") << "what is put in counts";
}

// Who floods an operation does not stop every question to the casebook.
// More records than an operation holds.
v1::CasebookEntry FloodOf(v1::CasebookEntry mail, const std::string& signer) {
  for (size_t i = 0; i <= limits::kMaxOperationRecords; ++i) {
    v1::CasebookOperationRecord& record = *mail.add_operation_records();
    record.set_id(std::to_string(i));
    record.set_signer(signer);
  }
  return mail;
}

TEST_F(OperationInCasebook, AHistoryThatCannotBeReplayedHasNoMembersAndIsNoError) {
  Put({Sent(ReportNow("R-1"))});
  Put(Mails());
  Put({FloodOf(post_.Entry("QM", "QN", {"QM"}, MailOf(book.operation)), "QN")});
  const auto shown = book_->MembersOf(book.operation, {book.State().heads.front()},
                                      *ParseInstant("2026-03-20T09:00:00Z"));
  ASSERT_TRUE(shown.ok()) << TextOf(shown.status());
  EXPECT_EQ(shown->departed.size(), shown->members.size()) << "nobody is a member now";
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QP"), "");
}

TEST_F(OperationInCasebook, WhoFloodsItWithoutTakingPartHidesNothing) {
  Put({Sent(ReportNow("R-1"))});
  Put(Mails());
  const std::string before = Seen("R-1", casework::Way::kForward, "QP");
  ASSERT_NE(before, "");
  Put({FloodOf(post_.Entry("QM", "QX", {"QM"}, MailOf(book.operation)), "QX")});
  EXPECT_EQ(Seen("R-1", casework::Way::kForward, "QP"), before);
}

}  // namespace
}  // namespace palermo::casebook
