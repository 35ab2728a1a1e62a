// What a desk sends again, asks for, and keeps back.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "node/desk/test_desks.h"

namespace palermo::desk::in_memory {
namespace {

TEST(OperationSending, WhatTheNodeOfAMemberDidNotTakeIsSentAgain) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string report = desks.Say("QM", Text("all quiet"));
  desks.Refuse("QM", "QP");
  EXPECT_EQ(desks.Book("QP").Find(report), nullptr);
  desks.Sync("QM", false);
  EXPECT_TRUE(desks.HasWhole("QP", report));
  EXPECT_EQ(desks.Have("QP"), desks.Have("QN"));
}

TEST(OperationSending, AMemberAsksOnceForWhatWasWithheldFromIt) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QM"), desks.now);
  record.MergeFrom(Text("not for all"));
  const std::string id = desks.Enter("QM", record, {"QN"});
  desks.Enter("QM", Withhold(record), {"QP"});
  const auto asks_for_it = [&](bool ask, absl::Duration later) {
    const auto mails = Value(PlanOperationMails(desks.Book("QP"), ask, desks.now + later));
    return std::any_of(mails.begin(), mails.end(), [&](const OperationOutgoing& out) {
      return std::count(out.mail.missing().begin(), out.mail.missing().end(), id) != 0;
    });
  };
  EXPECT_FALSE(desks.HasWhole("QP", id));
  EXPECT_FALSE(asks_for_it(false, absl::ZeroDuration())) << "it may be on its way";
  EXPECT_TRUE(asks_for_it(false, absl::Hours(1)));
  desks.Sync("QP", true);
  EXPECT_FALSE(asks_for_it(false, absl::Hours(1))) << "it asked before";
  EXPECT_TRUE(asks_for_it(true, absl::Hours(1)));
  desks.now += absl::Minutes(1);
  desks.Sync("QM", false);
  EXPECT_TRUE(desks.HasWhole("QP", id));
}

TEST(OperationSending, NobodyIsGivenARecordWhosePastIsNotHere) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QN"), desks.now);
  record.MergeFrom(Text("built on what you lack"));
  record.add_parents(std::string(64, 'e'));
  const std::string held = desks.Enter("QN", record, {"QM"});
  v1::OperationRecord next = NextRecord(desks.Book("QN"), desks.now);
  next.MergeFrom(Text("after it"));
  const std::string after = desks.Enter("QN", next, {"QM"});
  v1::OperationRecord empty = NextRecord(desks.Book("QN"), desks.now);
  empty.MergeFrom(Text("names nothing"));
  empty.add_parents("");
  desks.Enter("QN", empty, {"QM"});
  const OperationBook book = desks.Book("QM");
  // The same answer alone and from the index of many.
  casework::ReadersIndex readers(book.records, book.state, book.operation, desks.now);
  for (const auto& r : book.records) {
    EXPECT_EQ(Value(MayHave(book, r, "QP", readers)), Value(MayHave(book, r, "QP", desks.now)));
  }
  for (const std::string& id : {held, after}) {
    ASSERT_NE(book.Find(id), nullptr);
    EXPECT_FALSE(Value(MayHave(book, *book.Find(id), "QP", desks.now))) << id;
  }
  EXPECT_TRUE(Value(MayHave(book, *book.Find(desks.operation), "QP", desks.now)));
}

TEST(OperationSending, TheFiguresOfAClosingAreNotForWhoIsOnlyInvited) {
  Desks desks = Founded({"QM", "QN", "QP"});
  Invite(desks, "QT", {"QM", "QN", "QP"});
  v1::OperationRecord closing;
  closing.mutable_closing()->set_logs_reconciled(true);
  const std::string id = desks.Say("QM", closing);
  desks.Settle({"QM", "QN", "QP", "QT"});
  EXPECT_TRUE(desks.HasWhole("QN", id));
  ASSERT_EQ(desks.Book("QM").state.invited, (Names{"QT"}));
  EXPECT_FALSE(desks.HasWhole("QT", id));
}

TEST(OperationSending, AVoteThatItsLedgerHasFromAfterTheDeadlineIsNamed) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord proposal;
  proposal.mutable_decision()->set_kind("ACTION_DAY");
  proposal.mutable_decision()->set_quorum(2);
  proposal.mutable_decision()->set_deadline(FormatInstant(desks.now + absl::Hours(1)));
  const std::string decision = desks.Say("QM", proposal);
  v1::OperationRecord vote;
  vote.mutable_vote()->set_decision(decision);
  vote.mutable_vote()->set_vote("GO");
  desks.Say("QM", vote);
  v1::OperationRecord late = NextRecord(desks.Book("QN"), desks.now);
  late.MergeFrom(vote);
  desks.now += absl::Hours(2);  // its mail is made after the deadline
  desks.Enter("QN", late);
  for (const char* state : {"QM", "QN", "QP"}) {
    const OperationBook book = desks.Book(state);
    ASSERT_EQ(book.state.decisions.size(), 1u) << state;
    ASSERT_EQ(book.state.decisions[0].votes.size(), 2u) << "by its claim it counts";
    const auto named = LateByLedger(book, book.state.decisions[0]);
    ASSERT_EQ(named.size(), 1u) << state;
    EXPECT_EQ(named[0]->signer, "QN");
  }
}

}  // namespace
}  // namespace palermo::desk::in_memory
