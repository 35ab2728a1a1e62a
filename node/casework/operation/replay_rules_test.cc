// What a record of one state may not do to the others: decide alone, come too late, or weigh
// without taking part.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/casework/operation/replay.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

TEST(OperationReplay, AnAbortCountsAlsoWhileWhatItBuildsOnIsMissing) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  const std::string report = book.Say("QN", Report());
  const std::string abort = book.Say("QP", Abort(decision));
  book.records.erase(std::find_if(book.records.begin(), book.records.end(),
                                  [&](const SignedRecord& r) { return r.id == report; }));
  const OperationState state = book.State();
  EXPECT_EQ(book.VerdictOf(abort), "HELD");
  EXPECT_TRUE(book.Of(state, abort).effective);
  EXPECT_EQ(state.decisions.at(0).outcome, DecisionOutcome::kAborted);
}

TEST(OperationReplay, ABrokenAbortCountsAndAForgedOneDoesNot) {
  for (const bool forged : {false, true}) {
    Book book = Founded({"QM", "QN", "QP"});
    const std::string decision = book.Say("QM", Decision(2));
    v1::OperationRecord abort = Abort(decision);
    abort.set_seq(9);
    book.Add("QP", abort, book.State().heads, forged ? "QN" : "");
    EXPECT_EQ(book.State().decisions.at(0).outcome == DecisionOutcome::kAborted, !forged);
  }
}

TEST(OperationReplay, AProposalWhoseDeadlineIsOverDecidesNothing) {
  Book book = Founded({"QM", "QN", "QP"});
  v1::OperationRecord proposal = Decision(1, "GO");
  proposal.mutable_decision()->set_deadline("2026-02-01T09:00:00Z");
  const std::string id = book.Say("QM", proposal);
  EXPECT_EQ(book.VerdictOf(id), "NO_EFFECT");
  EXPECT_TRUE(book.State().decisions.empty());
}

TEST(OperationReplay, AnAmendmentOfAVersionThatWasReplacedHasNoEffect) {
  Book book = Founded({"QM", "QN"});
  const auto version = [&](uint32_t number) {
    v1::OperationRecord r = Agreement({"QM", "QN"});
    r.mutable_agreement()->set_amends(book.operation);
    r.mutable_agreement()->set_version(number);
    return r;
  };
  const std::string first = book.Say("QM", version(2)), second = book.Say("QM", version(3));
  book.Say("QN", Consent(second));
  EXPECT_EQ(book.State().agreement, second);
  book.Say("QN", Consent(first));
  EXPECT_EQ(book.State().agreement, second);
}

// Two members amend the version in force at the same time: one of the two comes into force.
TEST(OperationReplay, AnAmendmentOfAVersionThatWasReplacedIsOfferedToNobody) {
  Book book = Founded({"QM", "QN", "QP"});
  const auto amendment = [&](const std::string& to) {
    v1::OperationRecord r = Agreement({"QM", "QN", "QP"});
    r.mutable_agreement()->set_amends(book.operation);
    r.mutable_agreement()->mutable_period()->set_to(to);
    return r;
  };
  const auto heads = book.State().heads;
  const std::string first = book.Add("QM", amendment("2028-12-31"), heads);
  const std::string second = book.Add("QN", amendment("2027-12-31"), heads);
  EXPECT_EQ(book.VerdictOf(first), "PROPOSED") << "nobody else has consented";
  EXPECT_NE(book.Of(book.State(), first).why.find("QN, QP"), std::string::npos);
  EXPECT_EQ(book.State().waiting.size(), 2u);
  const std::string early = book.Say("QM", Consent(second));
  EXPECT_EQ(book.VerdictOf(early), "EFFECTIVE") << "a consent is no proposal";
  book.Say("QN", Consent(first));
  book.Say("QP", Consent(first));
  EXPECT_EQ(book.State().agreement, first);
  EXPECT_EQ(book.VerdictOf(first), "EFFECTIVE");
  EXPECT_TRUE(book.State().waiting.empty()) << "nobody is asked for a consent";
  EXPECT_EQ(book.VerdictOf(second), "SUPERSEDED");
  EXPECT_EQ(book.VerdictOf(early), "SUPERSEDED");
  EXPECT_EQ(book.Of(book.State(), second).why, "it amends a version that is no longer in force");
  const std::string late = book.Say("QP", Consent(second));
  EXPECT_EQ(book.VerdictOf(late), "NO_EFFECT");
  EXPECT_EQ(book.Of(book.State(), late).why, "it amends a version that is no longer in force");
  EXPECT_EQ(book.State().agreement, first);
}

TEST(OperationReplay, WhatWaitsForConsentsIsShownAsProposed) {
  Book book = Founded({"QM", "QN"});
  const std::string admission = book.Say("QM", Admission("QP"));
  EXPECT_EQ(book.VerdictOf(admission), "PROPOSED");
  book.Say("QN", Consent(admission));
  EXPECT_EQ(book.VerdictOf(admission), "PROPOSED");
  EXPECT_EQ(book.Of(book.State(), admission).why, "it waits for QP to join");
  book.Say("QP", Accession(admission, book.operation));
  EXPECT_EQ(book.VerdictOf(admission), "EFFECTIVE");
  const std::string expulsion = book.Say("QM", Departure("QP"));
  const std::string closing = book.Say("QM", Closing());
  EXPECT_EQ(book.VerdictOf(closing), "PROPOSED");
  book.Say("QN", Consent(closing));
  book.Say("QP", Consent(closing));
  EXPECT_EQ(book.VerdictOf(closing), "EFFECTIVE");
  EXPECT_EQ(book.VerdictOf(expulsion), "SUPERSEDED");
}

TEST(OperationReplay, AnOldProposalToExpelDoesNotMeetWhoCameBack) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string expulsion = book.Say("QM", Departure("QP"));
  book.Say("QP", Departure("QP"));
  const std::string admission = book.Say("QM", Admission("QP"));
  book.Say("QN", Consent(admission));
  book.Say("QP", Accession(admission, book.operation));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
  book.Say("QN", Consent(expulsion));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
}

TEST(OperationReplay, AConflictStandsUntilTheStateThatNamedItClearsIt) {
  Book book = Founded({"QM", "QN"});
  const auto answer = [&](const std::string& state, const std::string& word) {
    v1::OperationRecord r;
    r.mutable_deconfliction()->set_task_id("T-1");
    r.mutable_deconfliction()->set_answer(word);
    book.Say(state, r);
  };
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("T-1");
  task.mutable_tasking()->set_state("QM");
  task.mutable_tasking()->set_leader("QM-L-1");
  task.mutable_tasking()->set_start_utc("2026-04-01T04:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("W-1");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-05-01");
  const auto conflicts = [&] {
    const std::string id = book.Say("QM", task);
    const OperationState state = book.State();
    const auto& findings = book.Of(state, id).findings;
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.rule == "R-JIT-04"; });
  };
  EXPECT_TRUE(conflicts());
  answer("QM", "CLEAR");
  EXPECT_FALSE(conflicts());
  answer("QN", "CONFLICT");
  EXPECT_TRUE(conflicts());
  answer("QM", "CLEAR");
  EXPECT_TRUE(conflicts()) << "it is not QM's to clear";
  answer("QN", "CLEAR");
  EXPECT_FALSE(conflicts());
}

// Domain 5.1(16): the agreement names who says that there is no conflict.
TEST(OperationReplay, ATaskIsClearWhenTheAuthoritySaysSoThatTheAgreementNames) {
  const auto clear = [](const std::string& word) {
    v1::OperationRecord r;
    r.mutable_deconfliction()->set_task_id("T-1");
    r.mutable_deconfliction()->set_answer(word);
    return r;
  };
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("T-1");
  task.mutable_tasking()->set_state("QN");
  task.mutable_tasking()->set_leader("QN-L-1");
  task.mutable_tasking()->set_start_utc("2026-04-01T04:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("W-1");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-05-01");
  const auto founded = [](const std::string& named) {
    Book book;
    v1::OperationRecord agreement = Agreement({"QM", "QN"});
    agreement.mutable_agreement()->set_deconfliction_authority(named);
    const std::string id = book.Say("QM", agreement);
    book.Say("QN", Signature(id));
    return book;
  };
  for (const char* named : {"QM/central", "QM"}) {
    Book book = founded(named);
    const std::string own = book.Say("QN", clear("CLEAR"));
    EXPECT_EQ(book.VerdictOf(own), "NO_EFFECT") << named;
    EXPECT_NE(book.Of(book.State(), own).why.find(named), std::string::npos);
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "NO_EFFECT") << named;
    EXPECT_EQ(book.VerdictOf(book.Say("QM", clear("CLEAR"))), "EFFECTIVE");
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "EFFECTIVE") << named;
    // Whoever named a conflict takes it back himself, and clears nothing else by it.
    EXPECT_EQ(book.VerdictOf(book.Say("QN", clear("CONFLICT"))), "EFFECTIVE");
    EXPECT_EQ(book.VerdictOf(book.Say("QM", clear("CLEAR"))), "EFFECTIVE");
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "NO_EFFECT");
    EXPECT_EQ(book.VerdictOf(book.Say("QN", clear("CLEAR"))), "EFFECTIVE");
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "EFFECTIVE");
  }
  // Nobody, or nobody who is here: any member says it.
  for (const char* named : {"", "the joint desk", "QP/central"}) {
    Book book = founded(named);
    EXPECT_EQ(book.VerdictOf(book.Say("QN", clear("CLEAR"))), "EFFECTIVE") << named;
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "EFFECTIVE") << named;
  }
}

TEST(OperationReplay, NothingIsPlannedInAStateThatIsNoMember) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord plan;
  plan.mutable_plan()->add_measures()->set_state("QN");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", plan)), "EFFECTIVE");
  plan.mutable_plan()->add_measures()->set_state("QT");
  const std::string id = book.Say("QM", plan);
  EXPECT_EQ(book.VerdictOf(id), "NO_EFFECT");
  const OperationState state = book.State();
  ASSERT_EQ(book.Of(state, id).findings.size(), 1u);
  EXPECT_EQ(book.Of(state, id).findings[0].rule, "R-JIT-03");
}

TEST(OperationReplay, AQuorumThatIsTooSmallIsToldTheLeast) {
  Book book;
  v1::OperationRecord agreement = Agreement({"QM", "QN", "QP"});
  agreement.mutable_agreement()->mutable_decisions()->set_least_go(2);
  const std::string operation = book.Say("QM", agreement);
  for (const char* state : {"QN", "QP"}) book.Say(state, Signature(operation));
  const std::string id = book.Say("QM", Decision(1));
  EXPECT_EQ(book.VerdictOf(id), "NO_EFFECT");
  EXPECT_NE(book.Of(book.State(), id).why.find("at least 2 of 3"), std::string::npos);
}

TEST(OperationReplay, ATaskInAStateIsGivenByThatStateAlone) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord clear;
  clear.mutable_deconfliction()->set_task_id("T-1");
  clear.mutable_deconfliction()->set_answer("CLEAR");
  book.Say("QM", clear);
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("T-1");
  task.mutable_tasking()->set_state("QN");
  task.mutable_tasking()->set_leader("QN-L-1");
  task.mutable_tasking()->set_start_utc("2026-04-01T04:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("W-1");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-05-01");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", task)), "NO_EFFECT");
  EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "EFFECTIVE");
}

// A state that nobody invited knows the operation's id, and writes records.
TEST(OperationReplay, WhoNeverTookPartWeighsNothing) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  for (const std::string outsider : {"QV", "XA"}) {
    v1::OperationRecord noise = Report("noise");
    noise.set_at("2099-01-01T00:00:00Z");
    const std::string id = book.Say(outsider, noise);
    const auto heads = book.State().heads;
    EXPECT_EQ(book.VerdictOf(id), "NOT_MEMBER");
    EXPECT_EQ(std::count(heads.begin(), heads.end(), id), 0) << "nobody builds on it";
    EXPECT_FALSE(heads.empty());
    // Also where somebody did build on it, its time says nothing about others'.
    book.Add("QN", Report("seen"), {id, decision});
  }
  const std::string vote = book.Say("QM", Vote(decision, "GO"));
  EXPECT_EQ(book.VerdictOf(vote), "EFFECTIVE");
}

}  // namespace
}  // namespace palermo::casework
