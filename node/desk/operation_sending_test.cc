// What a desk sends again, asks for, and keeps back.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/desk/compartments.h"
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

// A second officer approves the mail with the record whose warning was answered, and no other.
TEST(OperationSending, TheMailOfARecordSaysWhichWarningItsAuthorAnswered) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QM"), desks.now);
  record.MergeFrom(Text("the girl, born 2009-04-17, is looked for"));
  const std::string id = desks.Enter("QM", record, {"QN"});
  OperationBook book = desks.Book("QM");
  ASSERT_EQ(Value(PlanOperationMails(book, false, desks.now)).size(), 1u);
  EXPECT_TRUE(Value(PlanOperationMails(book, false, desks.now))[0].answered.empty());
  v1::OverriddenFinding answer;
  answer.set_rule("R-HR-14 at operation_record.situation.text");
  answer.set_reason("her guardian asks for it");
  book.answers[id] = {answer};
  const auto mails = Value(PlanOperationMails(book, false, desks.now));
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].state, "QP");
  ASSERT_EQ(mails[0].answered.size(), 1u);
  EXPECT_EQ(mails[0].answered[0].rule(), "R-HR-14 at operation_mail.records[0].situation.text");
  EXPECT_EQ(mails[0].answered[0].reason(), "her guardian asks for it");
}

v1::OverriddenFinding Answered(const std::string& rule) {
  v1::OverriddenFinding entry;
  entry.set_rule(rule);
  entry.set_reason("why");
  return entry;
}
std::string AnsweredRules(const OverriddenFindings& entries) {
  std::string out;
  for (const v1::OverriddenFinding& entry : entries) out += entry.rule() + ";";
  return out;
}

// What was said in spite of a warning goes with its record again, to whoever lacks it.
TEST(OperationSending, AMailThatIsSentAgainStillSaysWhichWarningsWereAnswered) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QM"), desks.now);
  record.MergeFrom(Text("the girl, born 2009-04-17, is looked for"));
  const std::string id = desks.Enter("QM", record, {"QN"}, {AnswerInMail(Answered("R-HR-14"), 0)});
  v1::OperationRecord next = NextRecord(desks.Book("QM"), desks.now);
  next.MergeFrom(Text("all quiet"));
  const std::string other = desks.Enter("QM", next, {"QN"});
  const auto mails = Value(PlanOperationMails(desks.Book("QM"), false, desks.now));
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].state, "QP");
  int at = -1;
  for (int i = 0; i < mails[0].mail.records_size(); ++i) {
    if (OperationRecordId("QM", mails[0].mail.records(i)) == id) at = i;
  }
  ASSERT_GE(at, 0);
  EXPECT_EQ(AnsweredRules(AnswersAbout(mails[0].mail, mails[0].answered, at)), "R-HR-14;");
  EXPECT_EQ(mails[0].answered.size(), 1u);
  desks.Sync("QM", false);
  EXPECT_EQ(AnsweredRules(desks.Book("QP").answers[id]), "R-HR-14;");
  EXPECT_EQ(AnsweredRules(desks.Book("QN").answers[id]), "R-HR-14;");
  EXPECT_EQ(desks.Book("QP").answers.count(other), 0u);
}

TEST(OperationSending, AnAnswerIsAboutItsRecordAlone) {
  v1::OperationMail mail;
  *mail.add_records() = Text("one");
  *mail.add_records() = Withhold(Text("two"));
  const OverriddenFindings plain = {Answered("R-HR-14")};
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, plain, 0)), "R-HR-14;")
      << "the only one that is whole";
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, plain, 1)), "");
  *mail.add_records() = Text("three");
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, plain, 0)), "") << "nobody knows of which";
  const OverriddenFindings placed = {
      AnswerInMail(Answered("R-HR-14 at operation_record.situation.text"), 2),
      AnswerInMail(Answered("R-GEN-04"), 0), AnswerInMail(Answered("R-HR-14"), 1)};
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, placed, 0)), "R-GEN-04;");
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, placed, 1)), "") << "it was withheld";
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, placed, 2)),
            "R-HR-14 at operation_record.situation.text;");
  EXPECT_EQ(AnsweredRules(AnswersAbout(mail, placed, 3)), "");
  // records[1] is not the head of records[12].
  EXPECT_EQ(
      AnsweredRules(AnswersAbout(mail, {Answered("R-HR-14 at operation_mail.records[12]")}, 1)),
      "");
}

// An officer reads no reason of a record in a compartment beside the mail that brought it.
TEST(OperationSending, WhoIsShownAMailIsShownTheAnswersOfWhatHeReadsInIt) {
  v1::CaseBody body;
  *body.mutable_operation_mail()->add_records() = Text("one");
  v1::OperationRecord closed = Text("two");
  closed.set_compartment("UNDERCOVER");
  *body.mutable_operation_mail()->add_records() = closed;
  *body.add_overridden() = AnswerInMail(Answered("R-HR-14"), 1);
  *body.add_overridden() = AnswerInMail(Answered("R-GEN-04"), 0);
  const v1::CaseBody shown = ForOfficer(body, "QM/central/o-0001");
  ASSERT_EQ(shown.overridden_size(), 1);
  EXPECT_EQ(shown.overridden(0).rule(), "R-GEN-04 at operation_mail.records[0]");
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

// The back catalogue of a newcomer: record by record, by its originator, under its label.
TEST(OperationSending, ANewcomerIsGivenWhatItsOriginatorReleases) {
  Desks desks = Founded({"QM", "QN"});
  const std::string plain = desks.Say("QM", Text("the lorry stands in the port"));
  const std::string other = desks.Say("QN", Text("of another state"));
  v1::OperationRecord record = Text("for QN alone");
  v1::Label& label = *record.mutable_label();
  label.set_originator("QM");
  label.add_handling(v1::Handling::H2);
  label.set_tlp(v1::Tlp::GREEN);
  label.add_purposes("INVESTIGATION");
  label.add_release_states("QN");
  const std::string bound = desks.Say("QM", record);
  label.add_release_states("QT");
  const std::string free = desks.Say("QM", record);
  v1::OperationRecord victim;
  victim.mutable_victim()->set_rescued(true);
  const std::string closed = desks.Say("QM", victim);
  const Releaser by = {"QM/central/o-0001", "QM/central", "it searches the port"};
  const auto may = [&](const std::string& id, const std::string& to, Releaser who) {
    return CodeOf(CheckRelease(desks.Book("QM"), id, to, who, desks.now));
  };
  EXPECT_EQ(may(plain, "QT", by), "NOT_MEMBER");
  Join(desks, "QT", {"QM", "QN"});
  desks.Settle({"QM", "QN", "QT"});
  ASSERT_EQ(desks.Book("QM").state.members.count("QT"), 1u);
  EXPECT_FALSE(desks.HasWhole("QT", plain)) << "nothing goes by itself";
  EXPECT_EQ(may(plain, "QT", by), "OK");
  EXPECT_EQ(may(free, "QT", by), "OK");
  EXPECT_EQ(may(bound, "QT", by), "NOT_RELEASED");
  EXPECT_EQ(may(closed, "QT", by), "NOT_RELEASED") << "two officers open it";
  EXPECT_EQ(may(other, "QT", by), "NOT_ORIGINATOR");
  EXPECT_EQ(may(plain, "QZ", by), "NOT_MEMBER");
  EXPECT_EQ(may(plain, "QM", by), "NOT_MEMBER");
  EXPECT_EQ(may(std::string(64, 'e'), "QT", by), "UNKNOWN_RECORD");
  EXPECT_EQ(may(plain, "QT", {by.officer, by.authority, "-"}), "NO_REASON");
  EXPECT_EQ(may(plain, "QT", {by.officer, by.authority, "call +999 123 456 789, the victim"}),
            "PERSONAL_DATA");

  // The second officer is asked again; what is not said to be released is refused as before.
  const auto approved = [&](const std::string& id, bool said) {
    const OperationOutgoing out = ReleaseOf(desks.Book("QM"), id, "QT", by.reason);
    OperationCarrier draft;
    draft.message = absl::StrFormat("%064x", 0xf000 + desks.Box("QM").size());
    draft.sender = "QM/central";
    draft.to = {out.authority};
    draft.made = draft.at = desks.now;
    draft.pending = true;
    draft.drafter = by.officer;
    draft.mail = out.mail;
    if (!said) draft.mail.clear_released();
    desks.Put("QM", draft);
    const std::string code = desks.Approve("QM", draft.message);
    if (code != "OK") desks.Drop("QM", draft.message);
    return code;
  };
  EXPECT_EQ(approved(plain, false), "NOT_FOR_RECIPIENT");
  EXPECT_EQ(approved(bound, true), "NOT_RELEASED");
  EXPECT_EQ(approved(plain, true), "OK");
  EXPECT_TRUE(desks.HasWhole("QT", plain));
  EXPECT_FALSE(desks.HasWhole("QT", free));
  EXPECT_EQ(desks.Have("QT"), desks.Have("QM"));
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

// What its ledger has from later is late, whatever the header says; and nobody approves it then.
TEST(OperationSending, AVoteIsNotApprovedAfterItsDeadline) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord proposal;
  proposal.mutable_decision()->set_quorum(2);
  proposal.mutable_decision()->set_deadline(FormatInstant(desks.now + absl::Hours(1)));
  v1::OperationRecord vote = NextRecord(desks.Book("QN"), desks.now);
  vote.mutable_vote()->set_decision(desks.Say("QM", proposal));
  vote.mutable_vote()->set_vote("GO");
  OperationCarrier draft;
  draft.message = "ff";
  draft.sender = "QN/central";
  draft.to = {"QM/central"};
  draft.drafter = "QN/central/o-0001";
  draft.made = draft.at = desks.now;
  draft.pending = true;
  draft.mail.set_operation(desks.operation);
  *draft.mail.add_records() = vote;
  desks.Put("QN", draft);
  const auto code = [&](absl::Duration later) {
    return CodeOf(CheckDraft(desks.Book("QN"), draft, desks.now + later));
  };
  EXPECT_EQ(code(absl::Minutes(50)), "OK");
  EXPECT_EQ(code(absl::Hours(2)), "VOTE_TOO_LATE");
  // One that was sent in time goes again to who lacks it.
  desks.Enter("QN", vote);
  EXPECT_EQ(code(absl::Hours(2)), "OK");
}

// A ledger's time may lie ahead: it says what came too late, and not whether an ask was answered.
TEST(OperationSending, AnAskIsAnsweredOnceWhateverItsLedgerSays) {
  Desks desks = Founded({"QM", "QN"});
  const std::string report = desks.Say("QM", Text("all quiet"));
  OperationCarrier ask;
  ask.message = "ff";
  ask.sender = "QN/central";
  ask.to = {"QM/central"};
  ask.made = desks.now;
  ask.at = desks.now + absl::Hours(20 * 24);
  ask.mail.set_operation(desks.operation);
  ask.mail.add_missing(report);
  desks.now += absl::Minutes(1);
  desks.Put("QM", ask);
  EXPECT_EQ(Value(PlanOperationMails(desks.Book("QM"), false, desks.now)).size(), 0u)
      << "it was sent in the same minute";
  ask.made = desks.now;
  ask.message = "fe";
  desks.Put("QM", ask);
  desks.now += absl::Minutes(1);
  EXPECT_EQ(Value(PlanOperationMails(desks.Book("QM"), false, desks.now)).size(), 1u);
  desks.Sync("QM", false);
  EXPECT_TRUE(Value(PlanOperationMails(desks.Book("QM"), false, desks.now)).empty());
}

// Nor for how long we wait for what is missing.
TEST(OperationSending, WhatIsMissingIsAskedForWhateverTheLedgerOfWhoNamedItSays) {
  Desks desks = Founded({"QM", "QN"});
  v1::OperationRecord record = NextRecord(desks.Book("QN"), desks.now);
  record.MergeFrom(Text("built on what you lack"));
  record.add_parents(std::string(64, 'e'));
  OperationCarrier mail;
  mail.message = "ff";
  mail.sender = "QN/central";
  mail.to = {"QM/central"};
  mail.made = desks.now;
  mail.at = desks.now + absl::Hours(20 * 24);
  mail.mail.set_operation(desks.operation);
  *mail.mail.add_records() = record;
  desks.Put("QM", mail);
  EXPECT_EQ(Value(PlanOperationMails(desks.Book("QM"), false, desks.now)).size(), 0u);
  EXPECT_EQ(Value(PlanOperationMails(desks.Book("QM"), false, desks.now + absl::Hours(1))).size(),
            1u);
}

size_t AsksIn(const std::vector<OperationOutgoing>& mails, const std::string& state) {
  size_t asks = 0;
  for (const OperationOutgoing& out : mails) {
    asks += out.state == state ? static_cast<size_t>(out.mail.missing_size()) : 0;
  }
  return asks;
}

TEST(OperationSending, NobodyAsksForWhatAStrangerNamedAndNobodyAsksAStranger) {
  Desks desks = Founded({"QM", "QN", "QP"});
  const auto name = [&](const std::string& state, const std::string& id) {
    v1::OperationRecord record = NextRecord(desks.Book(state), desks.now);
    record.set_operation(desks.operation);
    record.MergeFrom(Text("names " + id));
    record.add_parents(id);
    desks.Enter(state, record, {"QM"});
  };
  name("QX", "invented");
  EXPECT_TRUE(Value(PlanOperationMails(desks.Book("QM"), true, desks.now)).empty());
  v1::OperationRecord admission = NextRecord(desks.Book("QP"), desks.now);
  admission.mutable_admission()->set_state("QX");
  desks.Enter("QP", admission, {"QM"});
  const auto mails = Value(PlanOperationMails(desks.Book("QM"), true, desks.now));
  EXPECT_EQ(AsksIn(mails, "QX"), 0u);
  EXPECT_EQ(AsksIn(mails, "QN"), 1u);
}

TEST(OperationSending, WhatNeverWasKeepsNoOtherGapFromBeingAskedFor) {
  Desks desks = Founded({"QM", "QN"});
  for (int i = 0; i < 5; ++i) {
    v1::OperationRecord record = NextRecord(desks.Book("QN"), desks.now);
    record.MergeFrom(Text("lie " + std::to_string(i)));
    for (int k = 0; k < 50; ++k) record.add_parents(absl::StrFormat("%02d-%02d", i, k));
    desks.Enter("QN", record, {"QM"});
  }
  EXPECT_EQ(desks.Book("QM").state.missing.size(), 250u);
  EXPECT_EQ(AsksIn(Value(PlanOperationMails(desks.Book("QM"), true, desks.now)), "QN"), 200u);
  desks.Sync("QM", true);
  desks.now += absl::Minutes(1);
  const auto next = Value(PlanOperationMails(desks.Book("QM"), true, desks.now));
  std::set<std::string> asked;
  for (const auto& out : next) asked.insert(out.mail.missing().begin(), out.mail.missing().end());
  EXPECT_EQ(asked.count("04-49"), 1u) << "those that were not asked for come first";
}

TEST(OperationSending, WhatWasPassedOnToUsGoesOnAsAPlace) {
  Desks desks = Founded({"QM", "QN", "QP"});
  v1::OperationRecord record = NextRecord(desks.Book("QP"), desks.now);
  record.MergeFrom(Text("to QN only"));
  const std::string id = desks.Enter("QP", record, {"QN"});
  desks.Say("QN", Text("seen"));
  desks.Sync("QM", true);
  desks.now += absl::Minutes(1);
  desks.Sync("QN", false);
  ASSERT_TRUE(desks.HasWhole("QM", id));
  OperationBook book = desks.Book("QM");
  ASSERT_EQ(book.entries.at(id).relayed_by, "QN");
  const absl::Time later = desks.now + absl::Hours(1);
  book.peers["QP"].asks[id] = later;
  size_t places = 0;
  for (const auto& out : Value(PlanOperationMails(book, false, later))) {
    EXPECT_TRUE(out.relays.empty()) << "its node does not have that message";
    places += static_cast<size_t>(out.mail.places_size());
  }
  EXPECT_EQ(places, 1u);
}

}  // namespace
}  // namespace palermo::desk::in_memory
