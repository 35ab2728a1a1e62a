// What a state that knows an operation's id may send, and what the desks make of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "node/desk/test_desks.h"

namespace palermo::desk::in_memory {
namespace {

OperationCarrier MailOf(const std::string& sender, const std::string& operation) {
  OperationCarrier mail;
  mail.message = "ff";
  mail.sender = sender;
  mail.made = mail.at = Start();
  mail.mail.set_operation(operation);
  return mail;
}
std::vector<std::string> ParentsOf(const v1::OperationRecord& record) {
  return {record.parents().begin(), record.parents().end()};
}

TEST(OperationLiars, AnIdThatBeginsAsAnOperationsIsNotTakenForIt) {
  v1::OperationRecord founding = Agreement({"QM", "QN"});
  founding.set_state("QM");
  founding.set_seq(1);
  const std::string id = OperationRecordId("QM", founding);
  std::vector<OperationCarrier> mails = {MailOf("QM/central", id)};
  *mails[0].mail.add_records() = founding;
  const std::string digits = id.substr(0, 12);
  // It only names the id; and brings an agreement that is another operation's.
  mails.push_back(MailOf("QX/central", digits + std::string(52, '0')));
  *mails[1].mail.add_records() = founding;
  mails.push_back(MailOf("QX/central", id + "0"));
  EXPECT_EQ(OperationsNamed(mails, digits), std::vector<std::string>{id});
  EXPECT_EQ(OperationsNamed(mails, id), std::vector<std::string>{id});
  EXPECT_TRUE(OperationsNamed(mails, id.substr(0, 3)).empty());
  // Before the agreement has come, all the digits say which is meant.
  mails[0].mail.clear_records();
  EXPECT_EQ(OperationsNamed(mails, digits).size(), 3u);
  EXPECT_EQ(OperationsNamed(mails, id), std::vector<std::string>{id});
  EXPECT_EQ(IdsThatBegin({"abcd1", "abcd12"}, "abcd1"), std::vector<std::string>{"abcd1"});
}

TEST(OperationLiars, OnlyHexDigitsAreAnOperationsId) {
  EXPECT_TRUE(IsOperationId(std::string(64, 'a')));
  EXPECT_FALSE(IsOperationId(std::string(65, 'a')));
  EXPECT_FALSE(IsOperationId(std::string(64, 'A')));
  EXPECT_FALSE(IsOperationId(""));
}

// Its next record must not have a number that it gave before.
TEST(OperationLiars, WhoTakesNoPartKeepsAllItsOwnRecords) {
  Desks desks = Founded({"QM", "QN"});
  for (const OperationCarrier& mail : desks.Box("QM")) desks.Put("QX", mail);
  OperationCarrier flood = MailOf("QX/central", desks.operation);
  std::string before;
  for (size_t i = 1; i <= limits::kMaxOperationRecords + 1; ++i) {
    v1::OperationRecord record = Text("noise");
    record.set_operation(desks.operation);
    record.set_state("QX");
    record.set_seq(i);
    record.set_previous(before);
    record.set_at("2026-03-01T09:00:00Z");
    before = OperationRecordId("QX", record);
    *flood.mail.add_records() = record;
  }
  desks.Put("QX", flood);
  const OperationBook book = desks.Book("QX");
  ASSERT_FALSE(book.state.left_out.empty());
  const v1::OperationRecord next = NextRecord(book, desks.now);
  EXPECT_EQ(next.seq(), limits::kMaxOperationRecords + 2);
  EXPECT_EQ(next.previous(), before);
  desks.Put("QM", flood);
  EXPECT_LT(desks.Book("QM").records.size(), limits::kMaxStrangersRecords);
}

TEST(OperationLiars, APlaceThatAnotherStateGaveIsNotOurLastRecord) {
  Desks desks = Founded({"QM", "QN"});
  const v1::OperationRecord before = NextRecord(desks.Book("QN"), desks.now);
  OperationCarrier mail = MailOf("QX/central", desks.operation);
  v1::OperationRecord made_up = Withhold(Text("never said"));
  made_up.set_operation(desks.operation);
  made_up.set_state("QN");
  made_up.set_seq(UINT64_MAX);
  auto& place = *mail.mail.add_places();
  place.set_signer("QN");
  *place.mutable_record() = made_up;
  v1::OperationRecord names = Text("it is named");
  names.set_operation(desks.operation);
  names.set_state("QX");
  names.set_seq(1);
  names.add_parents(OperationRecordId("QN", made_up));
  *mail.mail.add_records() = names;
  desks.Put("QN", mail);
  const OperationBook book = desks.Book("QN");
  ASSERT_NE(book.Find(OperationRecordId("QN", made_up)), nullptr);
  const v1::OperationRecord next = NextRecord(book, desks.now);
  EXPECT_EQ(next.seq(), before.seq());
  EXPECT_EQ(next.previous(), before.previous());
  EXPECT_EQ(ParentsOf(next), ParentsOf(before));
}

TEST(OperationLiars, NobodyBuildsOnWhatIsDatedInTheFuture) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const std::string report = desks.Say("QN", Text("all quiet"));
  v1::OperationRecord late = NextRecord(desks.Book("QP"), desks.now);
  late.MergeFrom(Text("from the future"));
  late.set_at("2099-01-01T00:00:00Z");
  const std::string id = desks.Enter("QP", late);
  ASSERT_EQ(desks.Book("QM").state.heads, std::vector<std::string>{id});
  // On what that one builds on, so that nothing which was seen is left out.
  EXPECT_EQ(ParentsOf(NextRecord(desks.Book("QM"), desks.now)), std::vector<std::string>{report});
  // A clock that is a little ahead does no harm, and when its time has come it is built on.
  const absl::Time then = *ParseInstant("2098-12-31T23:56:00Z");
  EXPECT_EQ(ParentsOf(NextRecord(desks.Book("QM"), then)), std::vector<std::string>{id});
}

// Else the order between the two is by their ids, and a vote may come before what it votes on.
TEST(OperationLiars, WhatARecordIsAboutIsBuiltOnWheneverThatIsDated) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord proposal = NextRecord(desks.Book("QP"), desks.now);
  proposal.set_at(FormatInstant(desks.now + absl::Minutes(10)));
  proposal.mutable_decision()->set_quorum(1);
  proposal.mutable_decision()->set_deadline(FormatInstant(desks.now + absl::Hours(1)));
  const std::string decision = desks.Enter("QP", proposal);
  EXPECT_TRUE(ParentsOf(WriteRecord(desks.Book("QM"), Text("no matter"), desks.now)) !=
              std::vector<std::string>{decision});
  v1::OperationRecord vote, abort, place;
  vote.mutable_vote()->set_decision(decision);
  abort.mutable_abort()->set_decision(decision);
  place.mutable_place()->set_task(decision);
  for (const v1::OperationRecord& content : {vote, abort, place, Consent(decision)}) {
    const auto parents = ParentsOf(WriteRecord(desks.Book("QM"), content, desks.now));
    EXPECT_EQ(std::count(parents.begin(), parents.end(), decision), 1)
        << content.ShortDebugString();
  }
  vote.mutable_vote()->set_vote("GO");
  desks.Say("QM", vote);
  EXPECT_EQ(desks.Book("QN").state.decisions.at(0).outcome, casework::DecisionOutcome::kGo);
  // What is below the heads is not named again.
  EXPECT_EQ(ParentsOf(WriteRecord(desks.Book("QN"), vote, desks.now + absl::Hours(1))).size(), 1u);
}

// Of the heads that do not fit, those are left out that say the least.
TEST(OperationLiars, ManyHeadsOfOneStateLeaveRoomForTheNewestOfEach) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const v1::OperationRecord first = NextRecord(desks.Book("QP"), desks.now);
  for (int i = 0; i < 80; ++i) {
    v1::OperationRecord noise = Text("noise " + std::to_string(i));
    noise.set_operation(desks.operation);
    noise.set_state("QP");
    noise.set_seq(100 + i);
    noise.set_at(first.at());
    noise.add_parents(desks.operation);
    desks.Enter("QP", noise, {"QM"});
  }
  v1::OperationRecord report = NextRecord(desks.Book("QN"), desks.now);
  report.MergeFrom(Text("all quiet"));
  const std::string id = desks.Enter("QN", report, {"QM"});
  const auto parents = ParentsOf(NextRecord(desks.Book("QM"), desks.now));
  EXPECT_EQ(std::count(parents.begin(), parents.end(), id), 1);
}

// Its mails would go to somebody else; and an id that is none ended the program.
TEST(OperationLiars, WhoProposesWithoutConsentDoesNotSayWhereMailsGo) {
  for (const std::string wrong : {"X", "QP/central", "QT/other", "QV/central"}) {
    Desks desks = Founded({"QM", "QN", "QP"});
    Invite(desks, "QT", {"QM", "QN", "QP"});
    for (const std::string liar : {"QP", "QV"}) {
      for (int i = 0; i < 8; ++i) {
        v1::OperationRecord r = NextRecord(desks.Book(liar), desks.now);
        r.set_operation(desks.operation);
        r.mutable_admission()->set_state("QT");
        r.mutable_admission()->set_authority(wrong);
        auto& basis = *r.mutable_admission()->add_basis();
        basis.set_pair("default");
        basis.set_basis("lie " + std::to_string(i));
        desks.Enter(liar, r, {"QM"});
      }
    }
    EXPECT_EQ(desks.Book("QM").AuthorityFor("QT"), "QT/central") << wrong << ", may join";
    Accept(desks, "QT");
    desks.Settle({"QM", "QN", "QP", "QT"});
    ASSERT_EQ(desks.Book("QM").state.members.count("QT"), 1u);
    EXPECT_EQ(desks.Book("QM").AuthorityFor("QT"), "QT/central") << wrong << ", joined";
  }
}

TEST(OperationLiars, AnAgreementDoesNotSendAPartysMailsElsewhere) {
  for (const std::string wrong : {"X", "QP/central", ""}) {
    v1::OperationRecord agreement = Agreement({"QM", "QN"});
    agreement.mutable_agreement()->mutable_parties(1)->set_authority(wrong);
    agreement.set_state("QM");
    OperationCarrier mail = MailOf("QM/central", OperationRecordId("QM", agreement));
    *mail.mail.add_records() = agreement;
    const OperationBook book =
        Value(BuildOperationBook(mail.mail.operation(), "QM", {mail}, true, Start()));
    EXPECT_EQ(book.AuthorityFor("QN"), "") << wrong;
    EXPECT_EQ(book.AuthorityFor("QM"), "QM/central");
  }
}

}  // namespace
}  // namespace palermo::desk::in_memory
