// Drafts of our own records: whatever is approved, dropped or left, nothing of ours is held.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "node/desk/test_desks.h"

namespace palermo::desk::in_memory {
namespace {

v1::OperationRecord Decision(absl::Time deadline) {
  v1::OperationRecord r;
  r.mutable_decision()->set_kind("ACTION_DAY");
  r.mutable_decision()->set_quorum(2);
  r.mutable_decision()->set_deadline(FormatInstant(deadline));
  return r;
}
v1::OperationRecord Vote(const std::string& decision) {
  v1::OperationRecord r;
  r.mutable_vote()->set_decision(decision);
  r.mutable_vote()->set_vote("GO");
  return r;
}
v1::OperationRecord Abort(const std::string& decision) {
  v1::OperationRecord r;
  r.mutable_abort()->set_decision(decision);
  return r;
}
std::string VerdictOf(const OperationBook& book, const std::string& id) {
  for (const casework::JudgedRecord& judged : book.state.records) {
    if (judged.id == id) return std::string(casework::VerdictName(judged.verdict));
  }
  return "not here";
}
bool IsAborted(const OperationBook& book) {
  return book.state.decisions.at(0).outcome == casework::DecisionOutcome::kAborted;
}

// The vote comes too late and is dropped: nothing that was sent may follow it.
TEST(OperationDrafts, AnAbortWaitsForNoDraftAndOutlivesThem) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  const std::string vote = desks.Draft("QM", Vote(decision), {"QN", "QP"});
  const std::string report = desks.Draft("QM", Text("after the vote"), {"QN", "QP"});
  desks.now += absl::Hours(2);
  const std::string abort = desks.Draft("QM", Abort(decision), {"QN", "QP"});
  EXPECT_EQ(desks.Approve("QM", abort), "OK");
  EXPECT_TRUE(IsAborted(desks.Book("QN")));
  EXPECT_EQ(desks.Approve("QM", vote), "TWO_HISTORIES");
  EXPECT_EQ(desks.Approve("QM", report), "OUT_OF_ORDER");
  // New records do not build on what cannot be sent.
  const std::string next = desks.Draft("QM", Text("goes on"), {"QN", "QP"});
  desks.Drop("QM", vote);
  EXPECT_EQ(desks.Approve("QM", report), "TWO_HISTORIES");
  desks.Drop("QM", report);
  EXPECT_EQ(desks.Approve("QM", next), "OK");
  const std::string last = desks.Say("QM", Text("all quiet"));
  for (const char* state : {"QN", "QP"}) {
    EXPECT_EQ(VerdictOf(desks.Book(state), last), "EFFECTIVE") << state;
    EXPECT_TRUE(desks.Book(state).state.missing.empty()) << state;
    EXPECT_TRUE(desks.Book(state).state.forks.empty()) << state;
  }
}

// Some of the members have the vote: the abort follows it, and goes nowhere without it.
TEST(OperationDrafts, AnAbortFollowsWhatSomebodyHas) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  const std::string vote = desks.Draft("QM", Vote(decision), {"QN"});
  ASSERT_EQ(desks.Approve("QM", vote), "OK");
  const std::string abort = desks.Draft("QM", Abort(decision), {"QN", "QP"});
  EXPECT_EQ(desks.Approve("QM", abort), "OK");
  EXPECT_TRUE(IsAborted(desks.Book("QN")));
  EXPECT_TRUE(IsAborted(desks.Book("QP"))) << "also while it is held";
  desks.Sync("QM", false);
  EXPECT_TRUE(desks.Book("QP").state.missing.empty());
  EXPECT_TRUE(desks.Book("QP").state.forks.empty());
}

TEST(OperationDrafts, WhatFollowsADroppedDraftIsRefusedAndWrittenAnew) {
  Desks desks = Founded({"QM", "QN"});
  const std::string first = desks.Draft("QM", Text("one"), {"QN"});
  const std::string second = desks.Draft("QM", Text("two"), {"QN"});
  EXPECT_EQ(desks.Approve("QM", second), "OUT_OF_ORDER");
  desks.Drop("QM", first);
  EXPECT_EQ(desks.Approve("QM", second), "OUT_OF_ORDER");
  EXPECT_EQ(DraftsToLeaveOut(desks.Box("QM"), desks.operation, "QM", false), Names{second});
  const OperationBook all = desks.Book("QM");
  for (const OperationCarrier& carrier : desks.Box("QM")) {
    if (carrier.message != second) continue;
    const auto status = CheckOwnChain(desks.Book("QN"), all, carrier.mail);
    EXPECT_NE(TextOf(status).find("write it anew"), std::string::npos) << TextOf(status);
  }
  desks.Drop("QM", second);
  const std::string again = desks.Draft("QM", Text("two"), {"QN"});
  EXPECT_EQ(desks.Approve("QM", again), "OK");
  EXPECT_TRUE(desks.Book("QN").state.missing.empty());
}

TEST(OperationDrafts, AnAgreementWithoutABasisForEachPairIsNotSigned) {
  const auto code = [](const std::vector<std::string>& pairs) {
    v1::OperationRecord agreement = Agreement({"QM", "QN", "QP"});
    for (const std::string& pair : pairs) {
      auto& row = *agreement.mutable_agreement()->add_basis();
      row.set_pair(pair);
      row.set_basis("UNTOC 19");
    }
    Desks desks;
    agreement.set_state("QM");
    desks.operation = OperationRecordId("QM", agreement);
    desks.Enter("QM", agreement, {"QN"});
    return CodeOf(CheckAgreement(desks.Book("QN")));
  };
  EXPECT_EQ(code({"default"}), "OK");
  EXPECT_EQ(code({"QM-QN", "QP-QM", "QN-QP"}), "OK");
  EXPECT_EQ(code({"QM-QN", "QP-QM"}), "NO_BASIS");
}

// Two officers stop it at once: one of the two goes, whoever approves.
TEST(OperationDrafts, OfTwoAbortsOfOneNumberOneIsSent) {
  Desks desks = Founded({"QM", "QN"});
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  std::vector<OperationCarrier> drafts;
  for (const char* reason : {"a child is in the house", "they know"}) {
    v1::OperationRecord abort = Abort(decision);
    abort.mutable_abort()->set_reason(reason);
    OperationCarrier draft;
    draft.message = reason;
    draft.sender = "QM/central";
    draft.to = {"QN/central"};
    draft.drafter = "QM/central/o-0001";
    draft.pending = true;
    draft.mail.set_operation(desks.operation);
    *draft.mail.add_records() = WriteRecord(desks.Book("QM"), abort, desks.now);
    drafts.push_back(draft);
  }
  for (const OperationCarrier& draft : drafts) desks.Put("QM", draft);
  std::sort(drafts.begin(), drafts.end(), [](const auto& one, const auto& other) {
    return OperationRecordId("QM", one.mail.records(0)) <
           OperationRecordId("QM", other.mail.records(0));
  });
  EXPECT_EQ(desks.Approve("QM", drafts[1].message), "TWO_HISTORIES");
  EXPECT_EQ(desks.Approve("QM", drafts[0].message), "OK");
  EXPECT_EQ(desks.Approve("QM", drafts[1].message), "TWO_HISTORIES");
  EXPECT_TRUE(IsAborted(desks.Book("QN")));
}

TEST(OperationDrafts, AnAbortIsApprovedFirstAndWhatOnlyAsksLast) {
  const auto draft = [](const std::string& message, uint64_t seq, bool stops) {
    OperationCarrier carrier;
    carrier.message = message;
    carrier.sender = "QM/central";
    carrier.pending = true;
    carrier.mail.set_operation("op");
    if (seq == 0) {
      carrier.mail.add_missing("gone");
    } else {
      v1::OperationRecord& record = *carrier.mail.add_records();
      record.set_seq(seq);
      record.set_previous("not sent");
      if (stops) record.mutable_abort()->set_decision("d");
    }
    return carrier;
  };
  const std::vector<OperationCarrier> all = {draft("asks", 0, false), draft("b", 8, false),
                                             draft("a", 7, false), draft("stop", 9, true)};
  std::string order;
  for (const OperationCarrier* one : DraftsInOrder(all, "op")) order += one->message + " ";
  EXPECT_EQ(order, "stop a b asks ");
  OperationBook book;
  book.own_state = "QM";
  EXPECT_EQ(CodeOf(CheckOwnChain(book, book, all[1].mail)), "OUT_OF_ORDER");
  EXPECT_EQ(CodeOf(CheckOwnChain(book, book, all[3].mail)), "OUT_OF_ORDER")
      << "it would be held, and all that comes after it";
}

}  // namespace
}  // namespace palermo::desk::in_memory
