// Drafts of our own records: whatever is approved, dropped or left, nothing of ours is held.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "node/desk/operation_mailbox.h"
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

TEST(OperationDrafts, WhoCannotJoinYetIsToldWhatIsMissing) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const auto why = [&](const std::string& state) {
    OperationBook book = desks.Book("QM");
    book.own_state = state;
    return WhyNotInvited(book);
  };
  EXPECT_NE(why("QT").find("no proposal"), std::string::npos) << why("QT");
  EXPECT_NE(why("QN").find("takes part already"), std::string::npos) << why("QN");
  v1::OperationRecord admission;
  admission.mutable_admission()->set_state("QT");
  admission.mutable_admission()->set_authority("QT/central");
  for (const char* member : {"QM", "QN", "QP"}) {
    auto& pair = *admission.mutable_admission()->add_basis();
    pair.set_pair(Cat({member, "-QT"}));
    pair.set_basis("UNTOC 19");
  }
  const std::string proposal = desks.Say("QM", admission);
  EXPECT_NE(why("QT").find("arrive: QN, QP."), std::string::npos) << why("QT");
  v1::OperationRecord consent;
  consent.mutable_consent()->set_subject(proposal);
  desks.Say("QN", consent);
  EXPECT_NE(why("QT").find("arrive: QP."), std::string::npos) << why("QT");
  // A pair that the proposal does not name, as another program may write it.
  admission.mutable_admission()->mutable_basis()->RemoveLast();
  admission.mutable_admission()->set_state("QV");
  admission.mutable_admission()->set_authority("QV/central");
  desks.Say("QM", admission);
  EXPECT_NE(why("QV").find("no legal basis for QM-QV, QN-QV, QP-QV"), std::string::npos)
      << why("QV");
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
  EXPECT_EQ(desks.Approve("QM", vote), "VOTE_TOO_LATE");
  EXPECT_EQ(desks.Approve("QM", report), "OUT_OF_ORDER");
  desks.Drop("QM", vote);
  EXPECT_EQ(desks.Approve("QM", report), "OUT_OF_ORDER");
  // New records do not build on what cannot be sent.
  const std::string next = desks.Draft("QM", Text("goes on"), {"QN", "QP"});
  EXPECT_EQ(desks.Approve("QM", report), "OUT_OF_ORDER");
  desks.Drop("QM", report);
  EXPECT_EQ(desks.Approve("QM", next), "OK");
  const std::string last = desks.Say("QM", Text("all quiet"));
  for (const char* state : {"QN", "QP"}) {
    EXPECT_EQ(VerdictOf(desks.Book(state), last), "EFFECTIVE") << state;
    EXPECT_TRUE(desks.Book(state).state.missing.empty()) << state;
    EXPECT_TRUE(desks.Book(state).state.forks.empty()) << state;
  }
}

// It takes no number, so what waits keeps its own.
TEST(OperationDrafts, WhatWaitedWhenAnAbortWasSentIsSentAfterIt) {
  Desks desks = Founded({"QM", "QN"});
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  const std::string report = desks.Draft("QM", Text("all quiet"), {"QN"});
  EXPECT_EQ(desks.Approve("QM", desks.Draft("QM", Abort(decision), {"QN"})), "OK");
  EXPECT_EQ(desks.Approve("QM", report), "OK");
  const std::string last = desks.Say("QM", Text("goes on"));
  const OperationBook book = desks.Book("QN");
  EXPECT_TRUE(IsAborted(book));
  EXPECT_EQ(VerdictOf(book, last), "EFFECTIVE");
  EXPECT_TRUE(book.state.forks.empty());
}

// Mails of one's own state that hold this record, taken out of its box.
std::vector<OperationCarrier> Lose(Desks& desks, const std::string& state,
                                   const std::string& record) {
  std::vector<OperationCarrier> lost;
  for (const OperationCarrier& mail : desks.Box(state)) {
    const auto& records = mail.mail.records();
    const bool holds = std::any_of(records.begin(), records.end(), [&](const auto& one) {
      return OperationRecordId(StateOf(mail.sender), one) == record;
    });
    if (!holds) continue;
    lost.push_back(mail);
    desks.Drop(state, mail.message);
  }
  return lost;
}

// As `operation abort` sends it; gives the record.
std::string SendAbort(Desks& desks, const std::string& state, const std::string& decision) {
  std::vector<OperationCarrier> carriers = desks.Box(state);
  const auto book = Value(BookToWriteOn(desks.operation, state, carriers, true, desks.now));
  const v1::OperationRecord record = WriteRecord(book, Abort(decision), desks.now);
  const std::string id = OperationRecordId(state, record);
  OperationCarrier made;
  made.message = "new";
  made.sender = Desks::Authority(state);
  made.made = made.at = desks.now;
  made.mail.set_operation(desks.operation);
  *made.mail.add_records() = record;
  carriers.push_back(made);
  const auto after = Value(BuildOperationBook(desks.operation, state, carriers, true, desks.now));
  for (OperationOutgoing& out :
       OnlyThe(after, id, Value(PlanOperationMails(after, false, desks.now)))) {
    OperationCarrier mail = made;
    mail.message = "abort to " + out.state;
    mail.to = {out.authority};
    mail.mail = out.mail;
    desks.Put(state, mail);
    desks.Put(out.state, mail);
  }
  return id;
}

// A record of our own cannot be opened here: nothing else may be written, since its number could be
// given twice. An abort takes none.
TEST(OperationDrafts, AnAbortGoesOutThoughTheOwnHistoryIsNotAllHere) {
  for (const bool early : {false, true}) {
    Desks desks = Founded({"QM", "QN", "QP"});
    std::string lost = desks.Say("QN", Text("cannot be opened again"));
    const std::string decision = desks.Say("QM", Decision(desks.now + absl::Hours(1)));
    for (const char* state : {"QM", "QP"}) desks.Say(state, Vote(decision));
    ASSERT_EQ(desks.Book("QP").state.decisions.at(0).outcome, casework::DecisionOutcome::kGo);
    for (const auto& r : desks.Book("QN").records) {
      // Its signature: then this desk does not even know who the members are.
      if (early && r.record.has_signature() && r.signer == "QN") lost = r.id;
    }
    const auto mails = Lose(desks, "QN", lost);
    ASSERT_FALSE(mails.empty());
    ASSERT_NE(VerdictOf(desks.Book("QN"), decision), "EFFECTIVE");
    const std::string abort = SendAbort(desks, "QN", decision);
    for (const char* state : {"QM", "QP"}) {
      ASSERT_TRUE(desks.HasWhole(state, abort)) << state;
      EXPECT_EQ(VerdictOf(desks.Book(state), abort), "EFFECTIVE") << state;
      EXPECT_TRUE(IsAborted(desks.Book(state))) << state;
    }
    // It is there again: the history goes on where it was.
    for (const OperationCarrier& mail : mails) desks.Put("QN", mail);
    const std::string next = desks.Say("QN", Text("goes on"));
    for (const char* state : {"QM", "QN", "QP"}) {
      EXPECT_EQ(VerdictOf(desks.Book(state), next), "EFFECTIVE") << state;
      EXPECT_TRUE(desks.Book(state).state.forks.empty()) << state;
    }
  }
}

// What the desk cannot show as for him goes to nobody else for it: only our own aborts.
TEST(OperationDrafts, NothingElseGoesOutOnWhatIsNotHere) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string lost = desks.Say("QN", Text("cannot be opened again"));
  const std::string decision = desks.Say("QM", Decision(desks.now + absl::Hours(1)));
  const std::string abort = desks.Say("QP", Abort(decision));
  Lose(desks, "QN", lost);
  const OperationBook book = desks.Book("QN");
  for (const std::string& id : {abort, decision}) {
    EXPECT_FALSE(Value(MayHave(book, *book.Find(id), "QP", desks.now)));
  }
}

TEST(OperationDrafts, NothingElseGoesWithAnAbort) {
  Desks desks = Founded({"QM", "QN"});
  const std::string report = desks.Say("QM", Text("all quiet"));
  const std::string decision = desks.Say("QM", Decision(desks.now + absl::Hours(1)));
  OperationMailbox box;
  v1::OperationMail mail;
  const v1::OperationRecord record = WriteRecord(desks.Book("QM"), Abort(decision), desks.now);
  EXPECT_TRUE(casework::TakesNoNumber(record));
  *mail.add_records() = record;
  box.own_problems = {"a mail does not open"};
  EXPECT_EQ(CodeOf(CheckComplete(box)), "INCOMPLETE");
  EXPECT_EQ(CodeOf(CheckComplete(box, mail)), "OK");
  *mail.add_records() = WriteRecord(desks.Book("QM"), Text("and more"), desks.now);
  EXPECT_EQ(CodeOf(CheckComplete(box, mail)), "INCOMPLETE");
  mail.clear_records();
  EXPECT_EQ(CodeOf(CheckComplete(box, mail)), "INCOMPLETE");
  OperationOutgoing out;
  *out.mail.add_records() = record;
  *out.mail.add_records() = desks.Book("QM").Find(report)->record;
  out.mail.add_missing("gone");
  out.relays = {"message"};
  OperationOutgoing other = out;
  other.mail.mutable_records()->DeleteSubrange(0, 1);
  const auto kept = OnlyThe(desks.Book("QM"), OperationRecordId("QM", record), {out, other});
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].mail.records_size(), 1);
  EXPECT_TRUE(kept[0].mail.records(0).has_abort());
  EXPECT_EQ(kept[0].mail.missing_size(), 0);
  EXPECT_TRUE(kept[0].relays.empty());
}

TEST(OperationDrafts, AClosingThatLeavesADecisionOpenIsRefusedUnlessTheOfficerSaysSo) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord closing;
  closing.mutable_closing()->set_logs_reconciled(true);
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  const std::string early = desks.Say("QM", closing);
  const absl::Status open = CheckNothingOpen(desks.Book("QM"), early);
  EXPECT_EQ(CodeOf(open), "STILL_OPEN");
  EXPECT_NE(TextOf(open).find(decision.substr(0, 12)), std::string::npos) << TextOf(open);
  EXPECT_EQ(CodeOf(CheckNothingOpen(desks.Book("QN"), early)), "STILL_OPEN") << "others see it too";
  desks.Say("QN", Abort(decision));
  EXPECT_EQ(CodeOf(CheckNothingOpen(desks.Book("QM"), desks.Say("QM", closing))), "OK");
}

// What is counted was agreed before anybody knew what happened.
TEST(OperationDrafts, NobodyWritesOrConsentsToOtherCountingAfterGo) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord other;
  *other.mutable_agreement() = *desks.Book("QM").Agreement();
  other.mutable_agreement()->set_amends(desks.Book("QM").state.agreement);
  v1::OperationRecord same = other;
  other.mutable_agreement()->add_counting_definitions("each meeting counts");
  const std::string slow = desks.Say("QM", other);
  v1::OperationRecord consent;
  consent.mutable_consent()->set_subject(slow);
  EXPECT_EQ(CodeOf(CheckCounting(desks.Book("QN"), consent)), "OK");
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  for (const char* state : {"QM", "QN"}) desks.Say(state, Vote(decision));
  for (const bool aborted : {false, true}) {
    if (aborted) desks.Say("QN", Abort(decision));
    EXPECT_EQ(CodeOf(CheckCounting(desks.Book("QM"), other)), "COUNTING_FIXED");
    EXPECT_EQ(CodeOf(CheckCounting(desks.Book("QN"), consent)), "COUNTING_FIXED");
    EXPECT_EQ(CodeOf(CheckCounting(desks.Book("QM"), same)), "OK");
  }
  const std::string waits = desks.Draft("QN", consent, {"QM"});
  EXPECT_EQ(desks.Approve("QN", waits), "COUNTING_FIXED") << "nor is it approved";
}

// Units may have set out at the deadline, when nobody said anything.
TEST(OperationDrafts, CountingIsFixedToWhereSilenceWasGo) {
  for (const bool late : {false, true}) {
    Desks desks = Founded({"QM", "QN"}, "GO");
    v1::OperationRecord other;
    *other.mutable_agreement() = *desks.Book("QM").Agreement();
    other.mutable_agreement()->set_amends(desks.Book("QM").state.agreement);
    other.mutable_agreement()->add_counting_definitions("each meeting counts");
    v1::OperationRecord put = Decision(desks.now + absl::Hours(1));
    put.mutable_decision()->set_otherwise("GO");
    const std::string decision = desks.Say("QN", put);
    ASSERT_EQ(desks.Book("QM").state.decisions.size(), 1u);
    if (late) desks.now += absl::Hours(2);
    desks.Say("QM", Abort(decision));
    EXPECT_EQ(CodeOf(CheckCounting(desks.Book("QM"), other)), late ? "COUNTING_FIXED" : "OK");
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

// It names at most 64 records: its own last one and the decision are among them.
TEST(OperationDrafts, AnAbortBuildsOnTheOwnLastRecordHoweverManyOthersThereAre) {
  std::vector<std::string> states = {"QM"};
  for (size_t i = 0; i < limits::kMaxOperationParents + 2; ++i) {
    states.push_back({static_cast<char>('A' + i / 26), static_cast<char>('A' + i % 26)});
  }
  Desks desks;
  const std::string own = desks.Say("QM", Agreement(states));
  v1::OperationRecord signature;
  signature.mutable_signature()->set_agreement(own);
  // None has seen another's.
  for (const std::string& state : states) {
    if (state == "QM") continue;
    desks.Enter(state, WriteRecord(desks.Book(state), signature, desks.now), {"QM"});
  }
  const std::string decision(64, 'd');
  const auto abort = WriteRecord(desks.Book("QM"), Abort(decision), desks.now);
  const std::vector<std::string> parents(abort.parents().begin(), abort.parents().end());
  EXPECT_EQ(parents.size(), limits::kMaxOperationParents);
  EXPECT_EQ(std::count(parents.begin(), parents.end(), own), 1);
  EXPECT_EQ(std::count(parents.begin(), parents.end(), decision), 1);
}

// Two officers stop it at once: both go, and neither forks anything.
TEST(OperationDrafts, TwoOfficersStopItAtOnce) {
  Desks desks = Founded({"QM", "QN"});
  const std::string decision = desks.Say("QN", Decision(desks.now + absl::Hours(1)));
  v1::OperationRecord other = Abort(decision);
  other.mutable_abort()->set_reason("they know");
  const std::string one = desks.Draft("QM", Abort(decision), {"QN"}),
                    two = desks.Draft("QM", other, {"QN"});
  EXPECT_EQ(desks.Approve("QM", two), "OK");
  EXPECT_EQ(desks.Approve("QM", one), "OK");
  EXPECT_TRUE(IsAborted(desks.Book("QN")));
  EXPECT_TRUE(desks.Book("QN").state.forks.empty());
}

// Of those that another program gave a number one goes, whoever approves.
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
    v1::OperationRecord& record = *draft.mail.add_records();
    record = NextRecord(desks.Book("QM"), desks.now);
    record.MergeFrom(abort);
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
