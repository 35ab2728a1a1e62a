// Decisions, votes, aborts and what a closing leaves open: what counts, and by whose word.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/casework/operation/replay.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

// --- Aborts without a number

// Two officers stop two decisions, each where the own history is not all there: no fork, and what
// comes next in that history follows what came before.
TEST(OperationReplay, AnAbortWithoutANumberForksNothing) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2)), other = book.Say("QM", Decision(2));
  const auto abort = [&](const std::string& subject) {
    v1::OperationRecord r = Abort(subject);
    r.set_state("QP");
    r.set_operation(book.operation);
    r.set_at("2026-03-01T09:05:00Z");
    r.add_parents(subject);
    book.records.push_back({"abort-" + subject, "QP", r});
    return book.records.back().id;
  };
  const std::string one = abort(decision), two = abort(other);
  const std::string next = book.Say("QP", Report());
  const OperationState state = book.State();
  EXPECT_TRUE(state.forks.empty());
  for (const std::string& id : {one, two, next}) EXPECT_EQ(book.VerdictOf(id), "EFFECTIVE") << id;
  for (const DecisionState& d : state.decisions) {
    EXPECT_EQ(d.outcome, DecisionOutcome::kAborted);
  }
  const auto& parents = book.records.back().record.parents();
  EXPECT_EQ(std::count(parents.begin(), parents.end(), one), 1) << "others learn of it";
}

TEST(OperationReplay, NothingButAnAbortGoesWithoutANumber) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(1));
  v1::OperationRecord vote = Vote(decision, "GO");
  vote.set_state("QP");
  vote.set_operation(book.operation);
  vote.set_at("2026-03-01T10:00:00Z");
  vote.add_parents(decision);
  book.records.push_back({"vote", "QP", vote});
  EXPECT_EQ(book.VerdictOf("vote"), "BROKEN");
  EXPECT_EQ(book.State().decisions[0].outcome, DecisionOutcome::kNoGo);
}

bool MayBeLate(const Book& book, const std::string& abort) {
  const OperationState state = book.State();
  const JudgedRecord& judged = book.Of(state, abort);
  EXPECT_TRUE(judged.effective) << "to stop is safe";
  return std::any_of(judged.findings.begin(), judged.findings.end(),
                     [](const Finding& f) { return f.key == "R-JIT-08.abort"; });
}

// It has an effect wherever it stands; all see where nothing shows that it is not later.
TEST(OperationReplay, AnAbortThatMayBeLaterThanTheDepartureOfItsStateIsShownAsSuch) {
  for (const bool expelled : {false, true}) {
    Book book = Founded({"QM", "QN", "QP"});
    const std::string decision = book.Say("QM", Decision(2));
    Book before = book;
    const auto leave = [&](Book& in) {
      const std::string out = in.Say(expelled ? "QM" : "QP", Departure("QP"));
      if (expelled) in.Say("QN", Consent(out));
      ASSERT_EQ(in.State().departed, Set{"QP"});
    };
    leave(book);
    EXPECT_TRUE(MayBeLate(book, book.AddAlone("QP", Abort(decision), {decision})));
    const std::string abort = before.AddAlone("QP", Abort(decision), before.State().heads);
    EXPECT_FALSE(MayBeLate(before, abort));
    before.Say("QP", Report());
    EXPECT_FALSE(MayBeLate(before, abort)) << "what comes after it names it";
    leave(before);
    EXPECT_FALSE(MayBeLate(before, abort));
    if (!expelled) continue;
    // It says itself that it left, after what it did not say in time.
    const std::string late = book.AddAlone("QP", Abort(decision), {decision});
    book.Add("QP", Departure("QP"), {late});
    EXPECT_TRUE(MayBeLate(book, late));
  }
}

TEST(OperationReplay, OfManyAbortsOfOneStateTheLaterOnesAreShownWithoutALook) {
  Book book = Founded({"QM", "QN"});
  const std::string decision = book.Say("QM", Decision(2));
  std::string abort;
  for (int n = 0; n < 17; ++n) abort = book.AddAlone("QN", Abort(decision), book.State().heads);
  const OperationState state = book.State();
  size_t told = 0;
  for (const JudgedRecord& one : state.records) {
    told += std::count_if(one.findings.begin(), one.findings.end(),
                          [](const Finding& f) { return f.key == "R-JIT-08.abort"; });
  }
  EXPECT_EQ(told, 1u);
}

TEST(OperationReplay, AnAbortWithoutANumberOfAStrangerStopsNothing) {
  Book book = Founded({"QM", "QN"});
  const std::string decision = book.Say("QM", Decision(2));
  for (const bool forged : {false, true}) {
    v1::OperationRecord abort = Abort(decision);
    abort.set_state(forged ? "QN" : "QX");
    abort.set_operation(book.operation);
    abort.set_at("2026-03-01T10:00:00Z");
    abort.add_parents(decision);
    book.records.push_back({forged ? "forged" : "abort", "QX", abort});
  }
  EXPECT_EQ(book.VerdictOf("abort"), "NOT_MEMBER");
  EXPECT_EQ(book.VerdictOf("forged"), "FORGED");
  for (const char* state : {"QM", "QN"}) book.Say(state, Vote(decision, "GO"));
  EXPECT_EQ(book.State().decisions[0].outcome, DecisionOutcome::kGo);
}

// --- Votes

// The last one of its state counts, until the deadline.
TEST(OperationReplay, AVoteByMistakeIsPutRightUntilTheDeadline) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string d = book.Say("QM", Decision(3, "GO"));
  const auto outcome = [&] { return std::string(OutcomeName(book.State().decisions[0].outcome)); };
  book.Say("QM", Vote(d, "GO"));
  book.Say("QN", Vote(d, "NO_GO"));
  EXPECT_EQ(outcome(), "NO_GO");
  book.Say("QP", Vote(d, "GO"));
  EXPECT_EQ(outcome(), "NO_GO") << "QN stands against it";
  v1::OperationRecord late = Vote(d, "GO");
  late.set_at("2026-03-10T09:00:01Z");
  Book other = book;
  EXPECT_EQ(other.VerdictOf(other.Say("QN", late)), "NO_EFFECT");
  EXPECT_EQ(OutcomeName(other.State().decisions[0].outcome), "NO_GO");
  EXPECT_EQ(book.VerdictOf(book.Say("QN", Vote(d, "GO"))), "EFFECTIVE");
  EXPECT_EQ(outcome(), "GO");
  // Units may have set out: to stop them is an abort.
  EXPECT_EQ(book.VerdictOf(book.Say("QN", Vote(d, "NO_GO"))), "NO_EFFECT");
  EXPECT_EQ(outcome(), "GO");
  std::mt19937 engine(7);
  const OperationState wanted = book.State();
  for (int round = 0; round < 20; ++round) {
    std::shuffle(book.records.begin(), book.records.end(), engine);
    ASSERT_TRUE(book.State() == wanted);
  }
}

// Whatever the ids of votes that did not see each other: an author can choose those.
TEST(OperationReplay, NoVoteTakesAGoBackWhateverItsId) {
  for (const char* wanted : {"0", "zz"}) {
    Book book = Founded({"QM", "QN", "QP"});
    const std::string d = book.Say("QM", Decision(2, "GO"));
    const Names seen = book.State().heads;
    book.Add("QN", Vote(d, "GO"), seen);
    book.Add("QP", Vote(d, "NO_GO"), seen);
    const std::string back = book.Add("QN", Vote(d, "NO_GO"), seen);
    SignedRecord other = book.records.back();
    other.id = wanted;
    other.signer = "QM";
    other.record = Vote(d, "GO");
    other.record.set_state("QM");
    other.record.set_operation(book.operation);
    other.record.set_at("2026-03-01T10:00:00Z");
    other.record.set_seq(3);
    other.record.set_previous(d);
    book.records.push_back(other);
    EXPECT_EQ(book.VerdictOf(wanted), "EFFECTIVE");
    EXPECT_EQ(book.VerdictOf(back), "NO_EFFECT");
    EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "GO") << wanted;
  }
}

// A state's NO_GO and its GO after that, also where the ids say the other order.
TEST(OperationReplay, TheLastVoteIsTheOneThatItsOwnHistoryHasLast) {
  for (int turn = 0; turn < 6; ++turn) {
    Book book = Founded({"QM", "QN", "QP"});
    for (int i = 0; i < turn; ++i) book.Say("QM", Report());  // other ids
    const std::string d = book.Say("QM", Decision(2));
    const Names seen = book.State().heads;
    book.Add("QN", Vote(d, "NO_GO"), seen);
    book.Add("QN", Vote(d, "GO"), seen);
    EXPECT_EQ(book.State().decisions[0].votes.at("QN"), "GO");
  }
}

void Admit(Book& book, const std::string& state, const Names& members) {
  v1::OperationRecord late = Admission(state);
  late.set_at("2026-03-11T09:00:00Z");
  const std::string admission = book.Say(members.front(), late);
  for (size_t i = 1; i < members.size(); ++i) {
    v1::OperationRecord consent = Consent(admission);
    consent.set_at("2026-03-11T09:00:00Z");
    book.Say(members[i], consent);
  }
  v1::OperationRecord accession = Accession(admission, book.operation);
  accession.set_at("2026-03-11T09:00:00Z");
  book.Say(state, accession);
}

// Where silence counts as GO, one more that is silent must not undo a NO_GO.
TEST(OperationReplay, WhoJoinsLaterTurnsNoNoGoIntoAGo) {
  Book book = Founded({"QM", "QN"});
  const std::string d = book.Say("QM", Decision(2, "GO"));
  const auto outcome = [&] { return std::string(OutcomeName(book.State().decisions[0].outcome)); };
  EXPECT_EQ(outcome(), "GO") << "nobody voted";
  book.Say("QN", Vote(d, "NO_GO"));
  EXPECT_EQ(outcome(), "NO_GO");
  Admit(book, "QX", {"QM", "QN"});
  ASSERT_EQ(book.State().members.size(), 3u);
  EXPECT_EQ(outcome(), "NO_GO");
}

TEST(OperationReplay, ANoGoEndsWhenItIsTakenBackAndNotWhenOthersVote) {
  Book book = Founded({"QM", "QN"});
  const std::string d = book.Say("QM", Decision(2, "GO"));
  const auto outcome = [](const Book& in) {
    return std::string(OutcomeName(in.State().decisions[0].outcome));
  };
  book.Say("QN", Vote(d, "NO_GO"));
  for (const char* state : {"QX", "QY"}) {  // before the deadline
    const std::string admission = book.Say("QM", Admission(state));
    book.Say("QN", Consent(admission));
    if (std::string(state) == "QY") book.Say("QX", Consent(admission));
    book.Say(state, Accession(admission, book.operation));
  }
  ASSERT_EQ(book.State().members.size(), 4u);
  EXPECT_EQ(outcome(book), "NO_GO");
  Book again = book;
  EXPECT_EQ(again.VerdictOf(again.Say("QN", Vote(d, "NO_GO"))), "EFFECTIVE");
  EXPECT_EQ(outcome(again), "NO_GO") << "said twice";
  // Who was let in after the proposal has no vote on it: two of them would outvote QN.
  for (const char* state : {"QX", "QY"}) {
    EXPECT_EQ(book.VerdictOf(book.Say(state, Vote(d, "GO"))), "NO_EFFECT") << state;
  }
  book.Say("QM", Vote(d, "GO"));
  EXPECT_EQ(outcome(book), "NO_GO") << "QN still says no";
  book.Say("QN", Vote(d, "GO"));
  EXPECT_EQ(outcome(book), "GO");
  EXPECT_EQ(book.State().decisions[0].votes.size(), 2u);
}

// Nor does a newcomer make up for a member who has left: what two of the three had to decide, the
// one who is left cannot.
TEST(OperationReplay, WhoWasAMemberWhenItWasPutDecidesAndAnyMemberStopsIt) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string d = book.Say("QM", Decision(2, "GO"));
  book.Say("QM", Vote(d, "GO"));
  const auto outcome = [](const Book& in) {
    return std::string(OutcomeName(in.State().decisions[0].outcome));
  };
  const std::string admission = book.Say("QM", Admission("QX"));
  for (const char* state : {"QN", "QP"}) book.Say(state, Consent(admission));
  book.Say("QX", Accession(admission, book.operation));
  Book two = book;
  two.Say("QN", Vote(d, "GO"));
  EXPECT_EQ(outcome(two), "GO");
  // To stop is for every member, also for who joined later.
  two.Say("QX", Abort(d));
  EXPECT_EQ(outcome(two), "ABORTED");
  for (const char* state : {"QN", "QP"}) book.Say(state, Departure(state));
  ASSERT_EQ(book.State().members, (Set{"QM", "QX"}));
  book.Say("QX", Vote(d, "GO"));
  EXPECT_EQ(outcome(book), "NO_GO");
}

// A member cannot know by which id an accession goes before its decision: whoever lets a state in
// can choose that.
TEST(OperationReplay, AnAccessionBesideADecisionGivesNoVoteOnItWhateverItsId) {
  std::set<bool> sides;
  for (int turn = 0; turn < 16; ++turn) {
    Book book = Founded({"QM", "QN"});
    for (int i = 0; i < turn; ++i) book.Say("QM", Report());  // other ids
    const std::string admission = book.Say("QN", Admission("QT"));
    book.Say("QM", Consent(admission));
    const Names seen = book.State().heads;
    const std::string joined = book.Add("QT", Accession(admission, book.operation), seen);
    const std::string d = book.Add("QM", Decision(2), seen);
    const std::string three = book.Add("QM", Decision(3), seen);
    sides.insert(joined < d);
    ASSERT_EQ(book.State().members, (Set{"QM", "QN", "QT"}));
    EXPECT_EQ(book.VerdictOf(three), "NO_EFFECT") << "two decide";
    Book refused = book;
    refused.Say("QN", Vote(d, "NO_GO"));
    EXPECT_EQ(
        OutcomeName(refused.State(*ParseInstant("2026-03-02T09:00:00Z")).decisions[0].outcome),
        "NO_GO");
    EXPECT_EQ(book.VerdictOf(book.Say("QT", Vote(d, "GO"))), "NO_EFFECT");
    book.Say("QM", Vote(d, "GO"));
    EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "NO_GO") << "one of two";
    book.Say("QT", Abort(d));
    EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "ABORTED") << "to stop is for all";
  }
  EXPECT_EQ(sides.size(), 2u);
}

// Nor does the last consent, or the departure of the one who had not consented, beside it.
TEST(OperationReplay, WhatCompletesAnAdmissionBesideADecisionGivesNoVoteOnIt) {
  for (const bool leaves : {false, true}) {
    std::set<bool> sides;
    for (int turn = 0; turn < 16; ++turn) {
      Book book = Founded({"QM", "QN", "QP"});
      for (int i = 0; i < turn; ++i) book.Say("QM", Report());
      const std::string admission = book.Say("QN", Admission("QT"));
      book.Say("QM", Consent(admission));
      const Names early = book.State().heads;
      Names seen = early;  // the accession too
      seen.push_back(book.Add("QT", Accession(admission, book.operation), early));
      const std::string last = book.Add("QP", leaves ? Departure("QP") : Consent(admission), early);
      const std::string d = book.Add("QM", Decision(2), seen);
      sides.insert(last < d);
      ASSERT_EQ(book.State().members.count("QT"), 1u);
      EXPECT_EQ(book.VerdictOf(book.Say("QT", Vote(d, "GO"))), "NO_EFFECT");
    }
    EXPECT_TRUE(leaves || sides.size() == 2u) << "a departure goes first";
  }
}

TEST(OperationReplay, WhoseAccessionTheDecisionBuildsOnVotesOnIt) {
  Book book = Founded({"QM", "QN"});
  Admit(book, "QT", {"QM", "QN"});
  v1::OperationRecord proposal = Decision(3);
  proposal.set_at("2026-03-11T09:00:00Z");
  proposal.mutable_decision()->set_deadline("2026-03-15T09:00:00Z");
  const std::string d = book.Say("QM", proposal);
  EXPECT_EQ(book.VerdictOf(d), "EFFECTIVE");
  for (const char* state : {"QM", "QN", "QT"}) {
    v1::OperationRecord vote = Vote(d, "GO");
    vote.set_at("2026-03-12T09:00:00Z");
    EXPECT_EQ(book.VerdictOf(book.Say(state, vote)), "EFFECTIVE") << state;
  }
  EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "GO");
}

TEST(OperationReplay, ANoGoOutlivesTheDepartureAndReturnOfWhoVotedIt) {
  Book book = Founded({"QM", "QN"});
  const std::string d = book.Say("QM", Decision(2, "GO"));
  book.Say("QN", Vote(d, "NO_GO"));
  book.Say("QN", Departure("QN"));
  Book gone = book;
  Admit(gone, "QX", {"QM"});
  EXPECT_EQ(OutcomeName(gone.State().decisions[0].outcome), "NO_GO") << "nor another state instead";
  Admit(book, "QN", {"QM"});
  const OperationState state = book.State();
  ASSERT_EQ(state.members, (Set{"QM", "QN"}));
  EXPECT_EQ(OutcomeName(state.decisions[0].outcome), "NO_GO");
  EXPECT_EQ(state.decisions[0].votes.at("QN"), "NO_GO");
}

// It can go until the deadline; after that GO stands, which silence gave.
TEST(OperationReplay, WhoLeavesAfterTheDeadlineChangesNothing) {
  for (const bool before : {false, true}) {
    Book book = Founded({"QM", "QN", "QP"});
    book.Say("QM", Decision(3, "GO"));
    v1::OperationRecord departure = Departure("QP");
    departure.set_at(before ? "2026-03-09T09:00:00Z" : "2026-03-11T09:00:00Z");
    book.Say("QP", departure);
    EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), before ? "NO_GO" : "GO");
  }
  // A date that what it builds on proves false.
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Decision(3, "GO"));
  for (const char* state : {"QM", "QN"}) {
    v1::OperationRecord later = Report();
    later.set_at("2026-03-11T09:00:00Z");
    book.Say(state, later);
  }
  v1::OperationRecord departure = Departure("QP");
  departure.set_at("2026-03-09T09:00:00Z");
  EXPECT_EQ(book.VerdictOf(book.Say("QP", departure)), "BACKDATED");
  EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "GO");
}

// --- What the agreement says of decisions

Book WithClause(uint32_t least_go, const std::string& otherwise) {
  Book book;
  v1::OperationRecord agreement = Agreement({"QM", "QN", "QP"});
  agreement.mutable_agreement()->mutable_decisions()->set_least_go(least_go);
  agreement.mutable_agreement()->mutable_decisions()->set_otherwise(otherwise);
  const std::string id = book.Say("QM", agreement);
  for (const char* state : {"QN", "QP"}) book.Say(state, Signature(id));
  return book;
}

TEST(OperationReplay, TheAgreementSaysHowManyMustVoteGo) {
  Book all = WithClause(0, "");
  EXPECT_EQ(all.VerdictOf(all.Say("QM", Decision(2))), "NO_EFFECT");
  EXPECT_EQ(all.VerdictOf(all.Say("QM", Decision(3))), "EFFECTIVE");
  Book two = WithClause(2, "");
  EXPECT_EQ(two.VerdictOf(two.Say("QM", Decision(1))), "NO_EFFECT");
  EXPECT_EQ(two.VerdictOf(two.Say("QM", Decision(2))), "EFFECTIVE");
  EXPECT_EQ(two.VerdictOf(two.Say("QM", Decision(3))), "EFFECTIVE") << "more is safe";
  // Those that are left are all.
  Book few = WithClause(3, "");
  few.Say("QP", Departure("QP"));
  EXPECT_EQ(few.VerdictOf(few.Say("QM", Decision(1))), "NO_EFFECT");
  EXPECT_EQ(few.VerdictOf(few.Say("QM", Decision(2))), "EFFECTIVE");
}

TEST(OperationReplay, GoCountsWithoutVotesOnlyWhereTheAgreementSaysSo) {
  Book book = WithClause(2, "NO_GO");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Decision(2, "GO"))), "NO_EFFECT");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Decision(2, "NO_GO"))), "EFFECTIVE");
  Book agreed = WithClause(2, "GO");
  EXPECT_EQ(agreed.VerdictOf(agreed.Say("QM", Decision(2, "GO"))), "EFFECTIVE");
}

// --- Amendments

v1::OperationRecord Version(const Book& book, const Names& parties) {
  v1::OperationRecord r = Agreement(parties);
  r.mutable_agreement()->set_amends(book.operation);
  r.mutable_agreement()->set_version(2);
  return r;
}

TEST(OperationReplay, AnAmendmentTakesNobodyInAndPutsNobodyOut) {
  Book book = Founded({"QM", "QN", "QP"});
  for (const Names& parties : {Names{"QM", "QN"}, Names{"QM", "QN", "QP", "QX"}, Names{}}) {
    const std::string id = book.Say("QM", Version(book, parties));
    EXPECT_EQ(book.VerdictOf(id), "NO_EFFECT");
    for (const char* state : {"QN", "QP"}) book.Say(state, Consent(id));
    EXPECT_EQ(book.State().agreement, book.operation);
  }
  book.Say("QP", Departure("QP"));
  const std::string id = book.Say("QM", Version(book, {"QN", "QM"}));
  book.Say("QN", Consent(id));
  EXPECT_EQ(book.State().agreement, id);
}

// Somebody leaves before the last consent: its parties are not the members any more.
TEST(OperationReplay, AnAmendmentIsOfTheMembersAlsoWhenItComesIntoForce) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string id = book.Say("QM", Version(book, {"QM", "QN", "QP"}));
  book.Say("QP", Departure("QP"));
  book.Say("QN", Consent(id));
  EXPECT_EQ(book.State().agreement, book.operation);
}

// --- What a closing leaves open

v1::OperationRecord Task(const std::string& state) {
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("T-1");
  task.mutable_tasking()->set_state(state);
  task.mutable_tasking()->set_leader(state + "-L-1");
  task.mutable_tasking()->set_start_utc("2026-04-01T04:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("W-1");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-05-01");
  return task;
}

bool TellsOpen(const Book& book, const std::string& closing, const std::string& what) {
  const OperationState state = book.State();
  for (const Finding& f : book.Of(state, closing).findings) {
    if (f.key == "R-AUD-01.still_open") return f.what.find(what) != std::string::npos;
  }
  return false;
}

TEST(OperationReplay, AClosingTellsWhatItLeavesOpen) {
  const auto closing = [](Book& book, const std::string& at) {
    v1::OperationRecord r = Closing();
    r.set_at(at);
    return book.Say("QM", r);
  };
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord clear;
  clear.mutable_deconfliction()->set_task_id("T-1");
  clear.mutable_deconfliction()->set_answer("CLEAR");
  book.Say("QN", clear);
  EXPECT_FALSE(TellsOpen(book, closing(book, "2026-03-01T09:03:00Z"), ""));
  const std::string decision = book.Say("QM", Decision(2)), task = book.Say("QM", Task("QM"));
  const std::string early = closing(book, "2026-03-02T12:00:00Z");
  EXPECT_EQ(book.VerdictOf(early), "PROPOSED") << "consents decide, and all see it";
  EXPECT_TRUE(TellsOpen(book, early, decision));
  EXPECT_TRUE(TellsOpen(book, early, task));
  // The deadline is over, the task's time is not.
  const std::string later = closing(book, "2026-03-11T12:00:00Z");
  EXPECT_FALSE(TellsOpen(book, later, decision));
  EXPECT_TRUE(TellsOpen(book, later, task));
  EXPECT_FALSE(TellsOpen(book, closing(book, "2026-05-02T12:00:00Z"), ""));
  book = Founded({"QM", "QN"});
  const std::string voted = book.Say("QM", Decision(2));
  for (const char* state : {"QM", "QN"}) book.Say(state, Vote(voted, "GO"));
  EXPECT_FALSE(TellsOpen(book, closing(book, "2026-03-02T12:00:00Z"), ""));
}

}  // namespace
}  // namespace palermo::casework
