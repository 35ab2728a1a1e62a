// One state that lies, and states that it only names, cannot stop the others.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "node/casework/operation/membership.h"
#include "node/casework/operation/replay.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

v1::OperationRecord Backdated(v1::OperationRecord record, const std::string& when) {
  record.set_at(when);
  return record;
}
// Under the number of its signature, which others built on.
void SignAgain(Book& book, const std::string& state, int times = 1) {
  for (int i = 0; i < times; ++i) {
    v1::OperationRecord lie = Report();
    lie.set_seq(1);
    book.Add(state, lie, {});
  }
}
// Two chains, each as long.
void ForkEachNumber(Book& book, const std::string& state, const std::string& last, uint64_t number,
                    int times) {
  for (int chain = 0; chain < 2; ++chain) {
    book.Rewind(state, last, number);
    for (int i = 0; i < times; ++i) book.Add(state, Report(), {});
  }
}

TEST(OperationReplay, ManyHistoriesOfALiarUndoNothing) {
  for (const int lies : {16, 300}) {
    Book book = Founded({"QM", "QN", "QP"});
    book.Say("QM", Report());
    book.Say("QN", Report());
    SignAgain(book, "QP", lies);
    const OperationState state = book.State();
    EXPECT_EQ(state.phase, Phase::kActive) << lies;
    ASSERT_EQ(state.forks.size(), 1u);
    EXPECT_EQ(state.forks[0].standing, book.records[2].id);
    // Each with its proof, and no more.
    EXPECT_EQ(book.Of(state, book.records.back().id).proof.size(), 2u);
  }
}

TEST(OperationReplay, ForksOfOthersDoNotHideOne) {
  for (const std::string other : {"QA", "QN"}) {  // a stranger; a member
    Book book = Founded({"QM", "QN", "QP", "QT"});
    book.Say("QM", Report());
    book.Say("QT", Report());
    const bool member = other == "QN";
    ForkEachNumber(book, other, member ? book.records[1].id : "", member ? 1 : 0, 65);
    SignAgain(book, "QP");
    const OperationState state = book.State();
    EXPECT_EQ(state.phase, Phase::kActive) << other;
    EXPECT_EQ(state.forks.size(), member ? 66u : 1u) << "a stranger's concern nobody";
  }
}

TEST(OperationReplay, WhomALiarProposedToAdmitHasNoVoice) {
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Report());
  book.Say("QN", Report());
  for (const std::string puppet : {"QV", "QX"}) {
    book.Say("QP", Admission(puppet));
    book.Add(puppet, Report(), {});
  }
  SignAgain(book, "QP");
  EXPECT_EQ(book.State().phase, Phase::kActive);
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
}

TEST(OperationReplay, WhoWasAdmittedHasAVoice) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string admission = book.Say("QM", Admission("QV"));
  for (const std::string state : {"QN", "QP"}) book.Say(state, Consent(admission));
  book.Say("QV", Accession(admission, book.operation));
  const Names seen = book.State().heads;
  const std::string one = book.Add("QP", Report(), seen);
  book.Rewind("QP", book.records[5].id, 2);
  book.Add("QP", Report(), seen);
  book.Add("QM", Report(), {one});
  EXPECT_EQ(book.VerdictOf(one), "FORKED") << "one of three";
  book.Add("QV", Report(), {one});
  EXPECT_EQ(book.VerdictOf(one), "EFFECTIVE");
}

// Its first record builds on both branches: it has no choice any more.
TEST(OperationReplay, WhoJoinsAfterAForkUndoesNothing) {
  for (const bool three : {false, true}) {
    Names members = {"QM", "QN"};
    if (three) members.push_back("QP");
    Book book = Founded(members);
    for (const std::string& state : members) {
      if (state != members.back()) book.Say(state, Report());
    }
    SignAgain(book, members.back());
    // It goes on as if nothing had been.
    book.Rewind(members.back(), book.records[members.size() - 1].id, 1);
    ASSERT_EQ(book.State().phase, Phase::kActive);
    for (const std::string newcomer : {"QV", "QX", "QY", "QZ"}) {
      const std::string admission = book.Say("QM", Admission(newcomer));
      for (const std::string& state : members) {
        if (state != "QM") book.Say(state, Consent(admission));
      }
      book.Say(newcomer, Accession(admission, book.operation));
      members.push_back(newcomer);
      EXPECT_EQ(book.State().phase, Phase::kActive) << newcomer;
      EXPECT_EQ(book.State().members, (Set{members.begin(), members.end()})) << newcomer;
    }
    for (const std::string leaver : {"QX", "QV"}) {
      book.Say(leaver, Departure(leaver));
      EXPECT_EQ(book.State().phase, Phase::kActive) << leaver;
    }
  }
}

// A fork of QP at number 2, which nobody has seen but who builds on it.
struct Forked {
  Book book;
  Names seen;
  std::string one, two;
};
Forked ForkedBook(const Names& states) {
  Forked f{Founded(states), {}, "", ""};
  f.seen = f.book.State().heads;
  f.one = f.book.Add("QP", Report(), f.seen);
  std::string signature;
  for (const SignedRecord& r : f.book.records) {
    if (r.signer == "QP" && r.record.seq() == 1) signature = r.id;
  }
  f.book.Rewind("QP", signature, 1);
  f.two = f.book.Add("QP", Report(), f.seen);
  return f;
}

TEST(OperationReplay, WhoLeftWithoutAChoiceIsNotWaitedFor) {
  Forked f = ForkedBook({"QM", "QN", "QP", "QT"});
  f.book.Add("QM", Report(), {f.one});
  EXPECT_EQ(f.book.VerdictOf(f.one), "FORKED") << "one of three";
  f.book.Add("QN", Departure("QN"), f.seen);
  const std::string out = f.book.Add("QT", Departure("QT"), f.seen);
  EXPECT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE") << "nobody else can choose";
  // Nor does it choose after that.
  f.book.Add("QT", Report(), {f.two});
  f.book.Add("QN", Report(), {f.two});
  EXPECT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE");
  EXPECT_EQ(f.book.VerdictOf(f.two), "FORKED");
}

TEST(OperationReplay, ADepartureThatHidesWhatCameBeforeItLeavesNobodyOut) {
  Forked f = ForkedBook({"QM", "QN", "QP"});
  f.book.Add("QM", Report(), {f.one});
  const std::string hidden = f.book.Add("QN", Report(), {f.two});
  f.book.Add("QN", Departure("QN"), f.seen);
  const SignedRecord kept = f.book.records[f.book.records.size() - 2];
  ASSERT_EQ(kept.id, hidden);
  f.book.records.erase(f.book.records.end() - 2);
  EXPECT_EQ(f.book.VerdictOf(f.one), "FORKED") << "it may have chosen";
  f.book.records.push_back(kept);
  EXPECT_EQ(f.book.VerdictOf(f.one), "FORKED") << "and it had";
}

TEST(OperationReplay, WhoBuildsOnBothIsLeftOutOnlyWhenNothingOfItIsHidden) {
  for (const bool hides : {false, true}) {
    Forked f = ForkedBook({"QM", "QN", "QP"});
    f.book.Add("QM", Report(), {f.one});
    if (hides) f.book.Add("QN", Report(), {f.two});
    f.book.Add("QN", Report(), {f.one, f.two});
    if (hides) f.book.records.erase(f.book.records.end() - 2);
    EXPECT_EQ(f.book.VerdictOf(f.one), hides ? "FORKED" : "EFFECTIVE");
    // Also one whose number leaves room for another.
    if (hides) f.book.records.back().record.set_previous(f.book.records[1].id);
    EXPECT_EQ(f.book.VerdictOf(f.one), hides ? "FORKED" : "EFFECTIVE");
  }
}

TEST(OperationReplay, WhoWasMadeToLeaveIsNotWaitedForWhenAllConsented) {
  Forked f = ForkedBook({"QM", "QN", "QP", "QT"});
  f.book.Add("QM", Report(), {f.one});
  const std::string out = f.book.Add("QM", Departure("QN"), f.seen);
  f.book.Add("QT", Consent(out), {f.one, f.two});
  EXPECT_EQ(f.book.VerdictOf(f.one), "FORKED") << "QP did not consent";
  f.book.Add("QP", Consent(out), {out});
  EXPECT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE");
  f.book.Add("QN", Report(), {f.two});
  EXPECT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE") << "it has no voice any more";
}

// Who was admitted by those that are there has a voice, when the founders have left.
TEST(OperationReplay, WhoWasAdmittedAfterTheFoundersLeftHasAVoice) {
  Book book = Founded({"QM", "QN", "QP"});
  const auto join = [&](const std::string& state, const Names& members) {
    const std::string admission = book.Say(members[0], Admission(state));
    for (size_t i = 1; i < members.size(); ++i) book.Say(members[i], Consent(admission));
    return book.Say(state, Accession(admission, book.operation));
  };
  const std::string joined = join("QV", {"QM", "QN", "QP"});
  for (const std::string leaver : {"QN", "QP"}) book.Say(leaver, Departure(leaver));
  join("QX", {"QM", "QV"});
  ASSERT_EQ(book.State().members, (Set{"QM", "QV", "QX"}));
  const Names seen = book.State().heads;
  std::string last;
  uint64_t seq = 0;
  for (const SignedRecord& r : book.records) {
    if (r.signer == "QV") last = r.id, seq = r.record.seq();
  }
  const std::string one = book.Add("QV", Report(), seen);
  book.Rewind("QV", last, seq);
  const std::string two = book.Add("QV", Report(), seen);
  book.Add("QM", Report(), {one, two});
  EXPECT_EQ(book.VerdictOf(one), "FORKED");
  book.Add("QX", Report(), {one});
  EXPECT_EQ(book.VerdictOf(one), "EFFECTIVE");
}

// Neither who leaves nor whom it proposed: what others built on stands.
TEST(OperationReplay, PuppetsThatLeaveUndoNothing) {
  Forked f = ForkedBook({"QM", "QN", "QP", "QT"});
  for (const std::string state : {"QM", "QN"}) f.book.Add(state, Report(), {f.one});
  ASSERT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE");
  for (const std::string puppet : {"QV", "QX", "QY"}) {
    const std::string admission = f.book.Add("QT", Admission(puppet), f.seen);
    f.book.Add("QP", Consent(admission), {admission});
    f.book.Add(puppet, Accession(admission, f.book.operation), {admission});
    f.book.Add(puppet, Report(), {f.two});
    f.book.Add(puppet, Departure(puppet), {f.two});
  }
  f.book.Add("QT", Report(), {f.two});
  f.book.Add("QT", Departure("QT"), {f.two});
  EXPECT_EQ(f.book.VerdictOf(f.one), "EFFECTIVE");
  EXPECT_EQ(f.book.VerdictOf(f.two), "FORKED");
}

// Who came back is waited for as before; a second proposal from before it left brings nobody back.
TEST(OperationReplay, WhoCameBackChoosesAgain) {
  for (const bool comes_back : {false, true}) {
    Book book = Founded({"QM", "QN", "QP", "QT"});
    const std::string early = book.Say("QP", Admission("QN"));
    book.Say("QN", Departure("QN"));
    const std::string admission = comes_back ? book.Say("QM", Admission("QN")) : early;
    for (const std::string state : {"QP", "QT", "QM"}) book.Say(state, Consent(admission));
    book.Say("QN", Accession(admission, book.operation));
    ASSERT_EQ(book.State().members.count("QN"), comes_back ? 1u : 0u);
    const Names seen = book.State().heads;
    std::string last;
    uint64_t seq = 0;
    for (const SignedRecord& r : book.records) {
      if (r.signer == "QP") last = r.id, seq = r.record.seq();
    }
    const std::string one = book.Add("QP", Report(), seen);
    book.Rewind("QP", last, seq);
    const std::string two = book.Add("QP", Report(), seen);
    book.Add("QM", Report(), {one});
    book.Add("QT", Report(), {one, two});
    EXPECT_EQ(book.VerdictOf(one), comes_back ? "FORKED" : "EFFECTIVE");
    book.Add("QN", Report(), {one});
    EXPECT_EQ(book.VerdictOf(one), "EFFECTIVE");
  }
}

// A false date of a state that takes no part, and of one that does, makes nobody look backdated.
TEST(OperationReplay, WhoWasOnlyProposedHasNoClockForTheOthers) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  book.Say("QP", Admission("QV"));
  for (const std::string liar : {"QP", "QV"}) {
    book.Say(liar, Backdated(Report(), "2099-01-01T00:00:00Z"));
  }
  const std::string puppet = book.records.back().id;
  const Names heads = book.State().heads;
  EXPECT_EQ(std::count(heads.begin(), heads.end(), puppet), 0) << "nobody builds on it";
  Names all = heads;
  all.push_back(puppet);
  const std::string vote = book.Add("QM", Vote(decision, "GO"), all);
  EXPECT_EQ(book.VerdictOf(vote), "EFFECTIVE") << "also where somebody did";
}

// Who has left gives nobody a new head; that it left is built on.
TEST(OperationReplay, TheDepartureOfWhoJoinedLaterIsBuiltOn) {
  Book book = Founded({"QM", "QN"});
  const std::string admission = book.Say("QM", Admission("QV"));
  book.Say("QN", Consent(admission));
  book.Say("QV", Accession(admission, book.operation));
  const std::string departure = book.Say("QV", Departure("QV"));
  EXPECT_EQ(book.State().heads, Names{departure});
  book.Say("QV", Report("noise"));
  EXPECT_EQ(book.State().heads, Names{departure});
}

TEST(OperationReplay, ARecordThatNamesTooMuchIsBrokenAndMissesNothing) {
  Book book = Founded({"QM", "QN"});
  Names parents;
  for (size_t i = 0; i <= limits::kMaxOperationParents; ++i) {
    parents.push_back("invented-" + std::to_string(i));
  }
  EXPECT_EQ(book.VerdictOf(book.Add("QN", Report(), parents)), "BROKEN");
  EXPECT_EQ(book.VerdictOf(book.Add("QN", Report(), {std::string(65, 'a')})), "BROKEN");
  EXPECT_TRUE(book.State().missing.empty());
  EXPECT_TRUE(ReadersIndex(book.records, book.State(), book.operation, Now())
                  .Of(book.records.back())
                  ->empty());
}

// A fork makes no desk replay the history for each record and each state anew.
TEST(OperationReplay, TheReadersOfARecordAreLookedUpOnceAlsoBelowAFork) {
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Report());
  SignAgain(book, "QP");
  ReadersIndex index(book.records, book.State(), book.operation, Now());
  SignedRecord other = book.records[3];
  std::reverse(other.record.mutable_parents()->begin(), other.record.mutable_parents()->end());
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(*index.Of(book.records[3]), (Set{"QM", "QN", "QP"}));
    EXPECT_EQ(*index.Of(other), (Set{"QM", "QN", "QP"}));
  }
  EXPECT_EQ(index.replays(), 1u);
  EXPECT_EQ(*index.Of(book.records[1]), (Set{"QM", "QN", "QP"}));
  EXPECT_EQ(index.replays(), 2u) << "other parents";
}

TEST(OperationReplay, WhatAStrangerNamesIsNotMissing) {
  Book book = Founded({"QM", "QN"});
  book.Add("QX", Report(), {"invented"});
  EXPECT_TRUE(book.State().missing.empty());
  // Nor what a place names that only it brought.
  SignedRecord place = book.records.back();
  place.id = "place";
  place.signer = "QN";
  place.record.set_state("QN");
  place.place_only = true;
  book.records.push_back(place);
  book.records[2].record.add_parents("place");
  EXPECT_TRUE(book.State().missing.empty());
  book.records.pop_back();
  book.records[2].record.mutable_parents()->RemoveLast();
  book.Say("QN", Admission("QX"));
  EXPECT_EQ(book.State().missing, Names{"invented"});
  EXPECT_TRUE(book.State().missing_of_members.empty());
  book.Add("QN", Report(), {"another"});
  EXPECT_EQ(book.State().missing, (Names{"another", "invented"}));
  EXPECT_EQ(book.State().missing_of_members, Names{"another"});
}

TEST(OperationReplay, ABackdatedProposalDecidesNothing) {
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Backdated(Report(), "2026-03-12T09:00:00Z"));
  book.Say("QN", Backdated(Report(), "2026-03-12T09:01:00Z"));
  const std::string id = book.Say("QP", Backdated(Decision(1, "GO"), "2026-03-09T09:00:00Z"));
  EXPECT_EQ(book.VerdictOf(id), "BACKDATED");
  EXPECT_TRUE(book.State().decisions.empty());
}

TEST(OperationReplay, NobodyComesBackByAnAdmissionFromBeforeItLeft) {
  Book book = Founded({"QM", "QN"});
  const std::string first = book.Say("QM", Admission("QV")),
                    other = book.Say("QM", Admission("QV"));
  for (const std::string& id : {first, other}) book.Say("QN", Consent(id));
  book.Say("QV", Accession(first, book.operation));
  ASSERT_EQ(book.State().members.count("QV"), 1u);
  const std::string out = book.Say("QM", Departure("QV"));
  book.Say("QN", Consent(out));
  EXPECT_EQ(book.VerdictOf(book.Say("QV", Accession(other, book.operation))), "NO_EFFECT");
  EXPECT_EQ(book.State().members, (Set{"QM", "QN"}));
}

TEST(OperationReplay, NobodyIsAMemberUnderAVersionThatItDidNotAccept) {
  Book book = Founded({"QM", "QN"});
  const std::string admission = book.Say("QM", Admission("QV"));
  book.Say("QV", Accession(admission, book.operation));
  v1::OperationRecord amendment = Agreement({"QM", "QN"});
  amendment.mutable_agreement()->set_amends(book.operation);
  const std::string version = book.Say("QM", amendment);
  book.Say("QN", Consent(version));
  book.Say("QN", Consent(admission));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN"}));
  book.Say("QV", Accession(admission, version));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QV"}));
}

TEST(OperationReplay, TwoNewcomersNeedABasisWithEachOther) {
  Book book = Founded({"QM", "QN"});
  const auto propose = [&](const std::string& state, bool with_each_other) {
    v1::OperationRecord r;
    r.mutable_admission()->set_state(state);
    for (const std::string member : {"QM", "QN", "QV"}) {
      if (member == state || (member == "QV" && !with_each_other)) continue;
      auto& pair = *r.mutable_admission()->add_basis();
      pair.set_pair(member + "-" + state);
      pair.set_basis("UNTOC 19");
    }
    return book.Say("QM", r);
  };
  const std::string one = propose("QV", false), two = propose("QX", false),
                    whole = propose("QX", true);
  for (const std::string& id : {one, two, whole}) book.Say("QN", Consent(id));
  book.Say("QV", Accession(one, book.operation));
  for (const std::string& id : {two, whole}) book.Say("QV", Consent(id));
  book.Say("QX", Accession(two, book.operation));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QV"}));
  EXPECT_EQ(book.State().admissions.at("QX"), whole);
  book.Say("QX", Accession(whole, book.operation));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QV", "QX"}));
}

v1::OperationRecord TaskOf(const std::string& state) {
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("T-1");
  task.mutable_tasking()->set_state(state);
  task.mutable_tasking()->set_leader(state + "-L-1");
  task.mutable_tasking()->set_start_utc("2026-04-01T04:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("W-1");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-05-01");
  return task;
}
v1::OperationRecord Answer(const std::string& word) {
  v1::OperationRecord r;
  r.mutable_deconfliction()->set_task_id("T-1");
  r.mutable_deconfliction()->set_answer(word);
  return r;
}

TEST(OperationReplay, ThePlaceOfATaskIsGivenByItsStateAlone) {
  Book book = Founded({"QM", "QN"});
  book.Say("QN", Answer("CLEAR"));
  v1::OperationRecord place;
  place.mutable_place()->set_task(book.Say("QM", TaskOf("QM")));
  EXPECT_EQ(book.VerdictOf(book.Say("QN", place)), "NO_EFFECT");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", place)), "EFFECTIVE");
}

TEST(OperationReplay, AConflictOfAStateThatLeftStandsInNobodysWay) {
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Answer("CLEAR"));
  book.Say("QN", Answer("CONFLICT"));
  EXPECT_EQ(book.VerdictOf(book.Say("QM", TaskOf("QM"))), "NO_EFFECT");
  book.Say("QN", Departure("QN"));
  EXPECT_EQ(book.VerdictOf(book.Say("QM", TaskOf("QM"))), "EFFECTIVE");
}

}  // namespace
}  // namespace palermo::casework
