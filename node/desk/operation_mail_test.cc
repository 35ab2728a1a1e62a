// Desks of several states that exchange mails in memory: what each gets, and what it does not.
#include "node/desk/operation_mail.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/desk/test_desks.h"

namespace palermo::desk::in_memory {
namespace {

TEST(OperationMail, TheIdOfARecordIsTheSameWithAndWithoutItsContent) {
  v1::OperationRecord record = Text("secret");
  record.set_state("QM");
  record.set_seq(7);
  const v1::OperationRecord withheld = Withhold(record);
  EXPECT_EQ(withheld.ShortDebugString().find("secret"), std::string::npos);
  EXPECT_TRUE(casework::IsWithheld(withheld));
  EXPECT_EQ(casework::KindOf(withheld), v1::OperationRecord::kSituation);
  EXPECT_EQ(OperationRecordId("QM", record), OperationRecordId("QM", withheld));
  EXPECT_EQ(Withhold(withheld).SerializeAsString(), withheld.SerializeAsString());
}

TEST(OperationMail, TheIdOfARecordSaysWhoSignedItAndEverythingInIt) {
  v1::OperationRecord record = Text("a");
  record.set_state("QM");
  const std::string id = OperationRecordId("QM", record);
  EXPECT_NE(OperationRecordId("QN", record), id);
  v1::OperationRecord other = record;
  other.mutable_situation()->set_text("b");
  EXPECT_NE(OperationRecordId("QM", other), id);
  other = record;
  other.set_at("2026-03-01");
  EXPECT_NE(OperationRecordId("QM", other), id);
  other = record;
  other.add_parents("x");
  EXPECT_NE(OperationRecordId("QM", other), id);
}

TEST(OperationMail, EveryMemberGetsEveryRecordOnce) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string report = desks.Say("QM", Text("all quiet"));
  for (const char* state : {"QM", "QN", "QP"}) {
    EXPECT_EQ(desks.Book(state).state.phase, casework::Phase::kActive) << state;
    EXPECT_TRUE(desks.HasWhole(state, report)) << state;
    EXPECT_TRUE(Value(PlanOperationMails(desks.Book(state), true, desks.now)).empty()) << state;
  }
}

TEST(OperationMail, WhatWasNotSentIsSentLater) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QM"), desks.now);
  record.MergeFrom(Text("half sent"));
  const std::string id = desks.Enter("QM", record, {"QN"});
  EXPECT_FALSE(desks.HasWhole("QP", id));
  desks.Sync("QM", false);
  EXPECT_TRUE(desks.HasWhole("QP", id));
}

TEST(OperationMail, ANewcomerGetsWhoTakesPartAndNothingElseFromBefore) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string before = desks.Say("QN", Text("from before"));
  Join(desks, "QT", {"QM", "QN", "QP"});
  desks.Settle({"QM", "QN", "QP", "QT"});
  const std::string after = desks.Say("QN", Text("from after"));
  const OperationBook book = desks.Book("QT");
  EXPECT_EQ(book.state.members, (Names{"QM", "QN", "QP", "QT"}));
  EXPECT_TRUE(book.state.missing.empty());
  ASSERT_NE(book.Find(before), nullptr);
  EXPECT_FALSE(desks.HasWhole("QT", before));
  EXPECT_TRUE(desks.HasWhole("QT", after));
  EXPECT_TRUE(desks.HasWhole("QT", desks.operation));
  EXPECT_EQ(desks.Have("QT"), desks.Have("QM"));
}

TEST(OperationMail, ANewcomerLearnsOfAStateThatLeftBefore) {
  Desks desks = Founded({"QM", "QN", "QP", "QR"});
  const std::string secret = desks.Say("QR", Text("from the one that leaves"));
  v1::OperationRecord leave;
  leave.mutable_departure()->set_state("QR");
  desks.Say("QR", leave);
  Invite(desks, "QT", {"QM", "QN", "QP"});
  // What they build on came from a state that gives it no more: the others pass it on.
  EXPECT_FALSE(desks.Book("QT").state.missing.empty());
  desks.Settle({"QM", "QN", "QP", "QT"});
  EXPECT_EQ(desks.Book("QT").state.invited, (Names{"QT"}));
  Accept(desks, "QT");
  desks.Settle({"QM", "QN", "QP", "QT"});
  EXPECT_EQ(desks.Book("QT").state.members, (Names{"QM", "QN", "QP", "QT"}));
  EXPECT_EQ(desks.Book("QT").state.members, desks.Book("QM").state.members);
  EXPECT_EQ(desks.Book("QT").state.departed, (Names{"QR"}));
  EXPECT_FALSE(desks.HasWhole("QT", secret));
}

TEST(OperationMail, ALeaverGetsNothingAfterItLeft) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord leave;
  leave.mutable_departure()->set_state("QP");
  desks.Say("QP", leave);
  const std::string after = desks.Say("QM", Text("from after"));
  desks.Settle({"QM", "QN", "QP"});
  EXPECT_EQ(desks.Book("QP").Find(after), nullptr);
  EXPECT_TRUE(desks.HasWhole("QN", after));
}

TEST(OperationMail, WhoWasMadeToLeaveIsTold) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord leave;
  leave.mutable_departure()->set_state("QP");
  const std::string expulsion = desks.Say("QM", leave);
  desks.Say("QN", Consent(expulsion));
  for (const char* state : {"QM", "QN", "QP"}) {
    EXPECT_EQ(desks.Book(state).state.members, (Names{"QM", "QN"})) << state;
  }
}

TEST(OperationMail, WhoWasOffCatchesUp) {
  Desks desks = Founded({"QM", "QN", "QP"});
  desks.cut_off = {"QP"};
  const std::string first = desks.Say("QM", Text("one"));
  const std::string second = desks.Say("QN", Text("two"));
  EXPECT_FALSE(desks.HasWhole("QP", first));
  desks.Reconnect("QP");
  EXPECT_TRUE(desks.HasWhole("QP", first) && desks.HasWhole("QP", second));
  EXPECT_EQ(desks.Have("QP"), desks.Have("QM"));
}

// The liar tells QN and QP two different things under one number.
TEST(OperationMail, AForkIsShownToAllOnceTheyAskedForWhatTheyMiss) {
  Desks desks = Founded({"QM", "QN", "QP", "QV"});
  v1::OperationRecord record = NextRecord(desks.Book("QV"), desks.now);
  v1::OperationRecord one = record, two = record;
  one.MergeFrom(Text("go on"));
  two.MergeFrom(Text("stop"));
  const std::string a = desks.Enter("QV", one, {"QN"});
  const std::string b = desks.Enter("QV", two, {"QM", "QP"});
  desks.Say("QN", Text("seen"));
  desks.Say("QP", Text("seen"));
  EXPECT_TRUE(desks.Book("QM").state.forks.empty());
  EXPECT_EQ(desks.Book("QM").state.missing, std::vector<std::string>{a});
  desks.Settle({"QM", "QN", "QP"});
  for (const char* state : {"QM", "QN", "QP"}) {
    const OperationBook book = desks.Book(state);
    ASSERT_EQ(book.state.forks.size(), 1u) << state;
    EXPECT_EQ(book.state.forks[0].state, "QV");
    EXPECT_EQ((Names{book.state.forks[0].records.begin(), book.state.forks[0].records.end()}),
              (Names{a, b}));
    EXPECT_TRUE(book.state.missing.empty()) << state;
    EXPECT_EQ(book.state, desks.Book("QM").state) << state;
  }
  EXPECT_FALSE(desks.relays.empty());
}

TEST(OperationMail, NothingIsPassedOnToWhoMayNotHaveIt) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string before = desks.Say("QN", Text("from before"));
  Join(desks, "QT", {"QM", "QN", "QP"});
  desks.Settle({"QM", "QN", "QP", "QT"});
  // It asks QM for what QN did not give it whole.
  OperationCarrier ask;
  v1::OperationRecord nothing;
  OperationBook book = desks.Book("QM");
  book.peers["QT"].asks[before] = desks.now + absl::Hours(1);
  for (const auto& out : Value(PlanOperationMails(book, false, desks.now + absl::Hours(1)))) {
    EXPECT_TRUE(out.relays.empty());
    EXPECT_EQ(out.mail.DebugString().find("from before"), std::string::npos);
  }
}

TEST(OperationMail, APlaceThatNobodyNamedIsLeftOut) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord made_up = Text("never said");
  made_up.set_operation(desks.operation);
  made_up.set_state("QN");
  made_up.set_seq(2);
  OperationCarrier mail;
  mail.message = "ff";
  mail.sender = "QV/central";
  mail.mail.set_operation(desks.operation);
  auto& place = *mail.mail.add_places();
  place.set_signer("QN");
  *place.mutable_record() = Withhold(made_up);
  const OperationBook book =
      Value(BuildOperationBook(desks.operation, "QM", {mail}, true, desks.now));
  EXPECT_TRUE(book.records.empty());
}

TEST(OperationMail, APlaceAccusesNobodyOfAFork) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord made_up = Text("never said");
  made_up.set_operation(desks.operation);
  made_up.set_state("QN");
  made_up.set_seq(1);
  // The liar names it, so it has a place; QN did not sign it.
  v1::OperationRecord names = Text("seen");
  names.set_operation(desks.operation);
  names.set_state("QV");
  names.set_seq(1);
  names.add_parents(OperationRecordId("QN", made_up));
  OperationCarrier mail;
  mail.message = "ff";
  mail.sender = "QV/central";
  mail.mail.set_operation(desks.operation);
  *mail.mail.add_records() = names;
  auto& place = *mail.mail.add_places();
  place.set_signer("QN");
  *place.mutable_record() = Withhold(made_up);
  std::vector<OperationCarrier> all = {mail};
  for (const auto& r : desks.Book("QM").records) {
    OperationCarrier own;
    own.message = r.id;
    own.sender = Desks::Authority(r.signer);
    own.mail.set_operation(desks.operation);
    *own.mail.add_records() = r.record;
    all.push_back(own);
  }
  const OperationBook book = Value(BuildOperationBook(desks.operation, "QM", all, true, desks.now));
  EXPECT_NE(book.Find(OperationRecordId("QN", made_up)), nullptr);
  EXPECT_TRUE(book.state.forks.empty());
  EXPECT_EQ(book.state.members, (Names{"QM", "QN"}));
}

TEST(OperationMail, ADraftThatWaitsCountsOnlyWhereTheNextRecordIsWritten) {
  Desks desks = Founded({"QM", "QN"});
  OperationCarrier draft;
  draft.message = "ff";
  draft.sender = "QM/central";
  draft.pending = true;
  draft.mail.set_operation(desks.operation);
  v1::OperationRecord record = NextRecord(desks.Book("QM"), desks.now);
  record.MergeFrom(Text("waits"));
  *draft.mail.add_records() = record;
  const auto with = Value(BuildOperationBook(desks.operation, "QM", {draft}, true, desks.now));
  EXPECT_EQ(NextRecord(with, desks.now).seq(), record.seq() + 1);
  const auto without = Value(BuildOperationBook(desks.operation, "QM", {draft}, false, desks.now));
  EXPECT_TRUE(without.records.empty());
}

TEST(OperationMail, AnApprovalDoesNotForkTheOwnHistory) {
  Desks desks = Founded({"QM", "QN"});
  const OperationBook sent = desks.Book("QM");
  v1::OperationRecord one = NextRecord(sent, desks.now), two = one;
  one.MergeFrom(Text("one"));
  two.MergeFrom(Text("two"));
  const auto draft = [&](const v1::OperationRecord& record, const char* message) {
    OperationCarrier carrier;
    carrier.message = message;
    carrier.sender = "QM/central";
    carrier.pending = true;
    carrier.mail.set_operation(desks.operation);
    *carrier.mail.add_records() = record;
    return carrier;
  };
  const OperationCarrier first = draft(one, "fe"), second = draft(two, "ff");
  const auto with = [&](const std::vector<OperationCarrier>& drafts) {
    return Value(BuildOperationBook(desks.operation, "QM", drafts, true, desks.now));
  };
  EXPECT_TRUE(CheckOwnChain(sent, with({first}), first.mail).ok());
  EXPECT_EQ(CodeOf(CheckOwnChain(sent, with({first, second}), first.mail)), "TWO_HISTORIES");
  v1::OperationRecord next = two;
  next.set_seq(one.seq() + 1);
  next.set_previous(OperationRecordId("QM", one));
  const OperationCarrier after = draft(next, "fd");
  EXPECT_EQ(CodeOf(CheckOwnChain(sent, with({after}), after.mail)), "OUT_OF_ORDER");
}

// Who approves signs for everything that the draft carries, and for whom it goes to.
TEST(OperationMail, ADraftThatIsNotForItsRecipientIsNotApproved) {
  Desks desks = Founded({"QM", "QN"});
  const std::string text = desks.Say("QM", Text("for members"));
  const OperationBook book = desks.Book("QM");
  const auto* record = book.Find(text);
  ASSERT_NE(record, nullptr);
  OperationCarrier draft;
  draft.message = "draft";
  draft.sender = "QM/central";
  draft.drafter = "QM/central/o-0001";
  draft.pending = true;
  draft.mail.set_operation(desks.operation);
  *draft.mail.add_records() = record->record;
  const auto code = [&](const char* to) {
    draft.to = {to};
    return CodeOf(CheckDraft(book, draft, desks.now));
  };
  EXPECT_EQ(code("QN/central"), "OK");
  EXPECT_EQ(code("QT/central"), "NOT_FOR_RECIPIENT");
  draft.mail.mutable_records(0)->mutable_situation()->set_text("another");
  EXPECT_EQ(code("QN/central"), "NOT_FOR_RECIPIENT") << "no record that is known here";
  draft.mail.clear_records();
  draft.mail.add_relayed()->set_message("whatever");
  EXPECT_EQ(code("QN/central"), "NOT_FOR_RECIPIENT");
}

// R-JIT-09: drafted while QP was a member, approved after it left.
TEST(OperationMail, ADraftForAStateThatLeftNamesTheRule) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string text = desks.Say("QM", Text("for members"));
  OperationCarrier draft;
  draft.message = "draft";
  draft.sender = "QM/central";
  draft.drafter = "QM/central/o-0001";
  draft.pending = true;
  draft.mail.set_operation(desks.operation);
  const OperationBook before = desks.Book("QM");
  ASSERT_NE(before.Find(text), nullptr);
  *draft.mail.add_records() = before.Find(text)->record;
  const auto check = [&](const char* to) {
    draft.to = {to};
    return CheckDraft(desks.Book("QM"), draft, desks.now);
  };
  EXPECT_TRUE(check("QP/central").ok());
  v1::OperationRecord leave;
  leave.mutable_departure()->set_state("QP");
  desks.Say("QP", leave);
  desks.Settle({"QM", "QN", "QP"});
  const std::string later = desks.Say("QM", Text("after"));
  const OperationBook now = desks.Book("QM");
  ASSERT_NE(now.Find(later), nullptr);
  *draft.mail.mutable_records(0) = now.Find(later)->record;
  EXPECT_EQ(CodeOf(check("QP/central")), "NOT_FOR_RECIPIENT");
  EXPECT_NE(TextOf(check("QP/central")).find("R-JIT-09: "), std::string::npos);
  EXPECT_TRUE(check("QN/central").ok());
  EXPECT_EQ(TextOf(check("QT/central")).find("R-JIT-09"), std::string::npos)
      << "it never took part";
}

// The key of a mail opens all that is in it, also what it passes on.
TEST(OperationMail, WhatPassesOthersMessagesOnIsNotPassedOnItself) {
  Desks desks = Founded({"QM", "QN", "QP"});
  desks.cut_off = {"QP"};
  const std::string said = desks.Say("QM", Text("to QN first"));
  const OperationBook before = desks.Book("QN");
  const std::string message = before.entries.at(said).message;
  OperationBook asked = before;
  asked.peers["QP"].asks[said] = desks.now;
  asked.peers["QP"].sent.clear();
  const auto relays = [&](const OperationBook& book) {
    size_t count = 0;
    for (const OperationOutgoing& out : Value(PlanOperationMails(book, false, desks.now))) {
      count += out.relays.size();
      EXPECT_TRUE(out.relays.empty() ||
                  out.mail.records_size() + out.mail.places_size() + out.mail.missing_size() == 0)
          << "it goes in a mail of its own";
    }
    return count;
  };
  EXPECT_EQ(relays(asked), 1u);
  asked.passing_on.insert(message);
  EXPECT_EQ(relays(asked), 0u);
}

}  // namespace
}  // namespace palermo::desk::in_memory
