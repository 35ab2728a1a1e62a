// More records than an operation holds: who floods it costs nobody but himself.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/operation/replay.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

// Each on the one before, as a desk would write them.
void Flood(Book& book, const std::string& state, size_t records, const std::string& parent = "") {
  std::string before;
  for (size_t i = 1; i <= records; ++i) {
    SignedRecord r;
    r.id = absl::StrFormat("flood-%s-%05u", state, i);
    r.signer = state;
    r.record = Report();
    r.record.set_state(state);
    r.record.set_operation(book.operation);
    r.record.set_at("2026-03-02T09:00:00Z");
    r.record.set_seq(i);
    r.record.set_previous(before);
    if (!parent.empty()) r.record.add_parents(parent);
    before = r.id;
    book.records.push_back(std::move(r));
  }
}

TEST(OperationCrowd, WhoTakesNoPartStopsNobody) {
  Book book = Founded({"QM", "QN"});
  const std::string report = book.Say("QM", Report());
  const OperationState before = book.State();
  Flood(book, "QX", limits::kMaxOperationRecords + 1);
  const OperationState state = book.State();
  EXPECT_EQ(state.phase, Phase::kActive);
  EXPECT_EQ(state.heads, before.heads);
  EXPECT_EQ(book.Of(state, report).verdict, RecordVerdict::kEffective);
  EXPECT_EQ(state.left_out,
            (std::map<std::string, size_t>{
                {"QX", limits::kMaxOperationRecords + 1 - limits::kMaxStrangerRecords}}));
  EXPECT_EQ(book.Of(state, "flood-QX-00001").verdict, RecordVerdict::kNotMember) << "shown";
  std::mt19937 engine(1);
  std::shuffle(book.records.begin(), book.records.end(), engine);
  EXPECT_TRUE(book.State() == state);
}

// A proposal alone makes nobody one whose records all count.
TEST(OperationCrowd, WhomSomebodyOnlyProposedStopsNobody) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string admission = book.Say("QP", Admission("QX"));
  Flood(book, "QX", limits::kMaxOperationRecords + 1, admission);
  EXPECT_EQ(book.State().phase, Phase::kActive);
  EXPECT_EQ(book.State().left_out.count("QX"), 1u);
}

TEST(OperationCrowd, ManyStrangersTogetherStopNobody) {
  Book book = Founded({"QM", "QN"});
  for (int i = 0; i < 120; ++i) Flood(book, absl::StrFormat("X%d", i), 100);
  EXPECT_EQ(book.State().phase, Phase::kActive);
  EXPECT_LE(book.State().records.size(), limits::kMaxStrangersRecords + 2);
}

TEST(OperationCrowd, PlacesThatAStrangerMadeUpInAMembersNameCountForNobody) {
  Book book = Founded({"QM", "QN"});
  for (size_t i = 0; i <= limits::kMaxOperationRecords; ++i) {
    SignedRecord r;
    r.id = absl::StrFormat("made-up-%05u", i);
    r.signer = "QN";
    r.place_only = true;
    r.record.set_state("QN");
    r.record.set_seq(1000 + i);
    if (i > 0) r.record.add_parents(absl::StrFormat("made-up-%05u", i - 1));
    book.records.push_back(std::move(r));
  }
  Flood(book, "QX", 1, absl::StrFormat("made-up-%05u", limits::kMaxOperationRecords));
  EXPECT_EQ(book.State().phase, Phase::kActive);
}

// Who joined counts whole, and whom it took in as well.
TEST(OperationCrowd, WhoWasAdmittedHasAllItsRecords) {
  Book book = Founded({"QM", "QN"});
  Names members = {"QM", "QN"};
  for (const std::string state : {"QP", "QT"}) {
    const std::string admission = book.Say(members.back(), Admission(state));
    for (const std::string& member : members) {
      if (member != members.back()) book.Say(member, Consent(admission));
    }
    book.Say(state, Accession(admission, book.operation));
    members.push_back(state);
    for (size_t i = 0; i < limits::kMaxStrangerRecords + 5; ++i) {
      book.Add(state, Report(), {book.records.back().id});
    }
  }
  const OperationState before = book.State();
  ASSERT_EQ(before.members, (Set{"QM", "QN", "QP", "QT"}));
  Flood(book, "QX", limits::kMaxOperationRecords);
  const OperationState state = book.State();
  EXPECT_EQ(state.members, before.members);
  EXPECT_EQ(state.left_out.size(), 1u);
  EXPECT_EQ(state.records.size(), before.records.size() + limits::kMaxStrangerRecords);
}

// What a member builds on is here for all, whoever wrote it: else some would hold what it wrote,
// and all that comes after.
TEST(OperationCrowd, WhatAMemberBuildsOnStaysHoweverManyMoreItsAuthorWrites) {
  Book book = Founded({"QM", "QN"});
  const Names heads = book.State().heads;
  Flood(book, "QX", 200);
  Names parents = heads;
  parents.push_back("flood-QX-00200");
  const std::string liar = book.Add("QN", Report(), parents), on_it = book.Say("QM", Report());
  ASSERT_EQ(book.VerdictOf(liar), "EFFECTIVE");
  Flood(book, "QX", limits::kMaxOperationRecords + 1);  // the first 200 once more
  const OperationState state = book.State();
  for (const std::string& id : {liar, on_it}) {
    EXPECT_EQ(book.Of(state, id).verdict, RecordVerdict::kEffective) << id;
  }
  EXPECT_EQ(state.left_out.at("QX"),
            limits::kMaxOperationRecords + 1 - 200 - limits::kMaxStrangerRecords);
  EXPECT_EQ(state.missing, Names());
  std::mt19937 engine(1);
  std::shuffle(book.records.begin(), book.records.end(), engine);
  EXPECT_TRUE(book.State() == state);
}

// As a desk would write them, after what its state wrote before.
Names FloodOn(Book& book, const std::string& state, size_t records, const std::string& name) {
  uint64_t seq = 0;
  std::string before;
  for (const SignedRecord& r : book.records) {
    if (r.signer != state || r.record.seq() <= seq) continue;
    seq = r.record.seq();
    before = r.id;
  }
  const size_t first = book.records.size();
  Flood(book, name, records);
  Names ids;
  for (size_t i = first; i < book.records.size(); ++i) {
    SignedRecord& r = book.records[i];
    r.signer = state;
    r.record.set_state(state);
    r.record.set_seq(++seq);
    r.record.set_previous(before);
    before = r.id;
    ids.push_back(r.id);
  }
  book.Rewind(state, before, seq);
  return ids;
}

void ExpectTheSameInEveryOrder(Book book) {
  const OperationState wanted = book.State();
  std::mt19937 engine(1);
  for (int round = 0; round < 2; ++round) {
    std::shuffle(book.records.begin(), book.records.end(), engine);
    EXPECT_TRUE(book.State() == wanted);
  }
}

TEST(OperationCrowd, AMemberWhoWritesMoreThanItHoldsStopsNobody) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(1));
  const Names heads = book.State().heads;
  book.Say("QP", Vote(decision, "GO"));
  const Names flood = FloodOn(book, "QN", limits::kMaxOperationRecords + 50, "QN");
  ASSERT_EQ(OutcomeName(book.State().decisions.at(0).outcome), "GO");
  const std::string report = book.Say("QM", Report());
  book.AddAlone("QP", Abort(decision), heads);
  const OperationState state = book.State();
  EXPECT_EQ(state.members, (Set{"QM", "QN", "QP"}));
  EXPECT_EQ(book.Of(state, report).verdict, RecordVerdict::kEffective);
  EXPECT_EQ(OutcomeName(state.decisions.at(0).outcome), "ABORTED");
  EXPECT_EQ(book.Of(state, flood.front()).verdict, RecordVerdict::kEffective);
  // The share is what the others leave; one more is there that they build on.
  EXPECT_EQ(state.left_out.size(), 1u);
  EXPECT_EQ(state.records.size(), limits::kMaxOperationRecords);
  ExpectTheSameInEveryOrder(book);
}

// Who has used its share can still stop, leave and consent.
TEST(OperationCrowd, WhoHasUsedItsShareStillStopsAndLeaves) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(1));
  book.Say("QM", Vote(decision, "GO"));
  FloodOn(book, "QN", limits::kMaxOperationRecords + 1, "QN");
  const std::string vote = book.Say("QN", Report());
  const std::string abort = book.AddAlone("QN", Abort(decision), {decision});
  const std::string departure = book.Say("QN", Departure("QN"));
  const OperationState state = book.State();
  EXPECT_EQ(std::count_if(state.records.begin(), state.records.end(),
                          [&](const JudgedRecord& r) { return r.id == vote; }),
            0);
  EXPECT_TRUE(book.Of(state, abort).effective);
  EXPECT_EQ(book.Of(state, departure).verdict, RecordVerdict::kEffective);
  EXPECT_EQ(state.departed, Set{"QN"});
  ExpectTheSameInEveryOrder(book);
}

// A liar names what a stranger wrote, and an honest member builds on the liar.
TEST(OperationCrowd, AMemberAndAStrangerTogetherStopNobody) {
  Book book = Founded({"QM", "QN"});
  const Names heads = book.State().heads;
  Flood(book, "QX", 2 * limits::kMaxOperationRecords);
  v1::OperationRecord names = Report();
  names.set_at("2026-03-02T09:30:00Z");
  const std::string liar = book.Add("QN", names, {book.records.back().id, heads.front()});
  v1::OperationRecord proposal = Decision(1);
  proposal.set_at("2026-03-02T10:00:00Z");
  const std::string decision = book.Say("QM", proposal);
  v1::OperationRecord go = Vote(decision, "GO");
  go.set_at("2026-03-02T10:01:00Z");
  const std::string vote = book.Say("QN", go);
  const OperationState state = book.State();
  for (const std::string& id : {liar, decision, vote}) {
    EXPECT_EQ(book.Of(state, id).verdict, RecordVerdict::kEffective) << id;
  }
  EXPECT_EQ(state.missing, Names());
  EXPECT_GT(state.left_out.at("QX"), 0u);
  EXPECT_LE(state.records.size(), 2 * limits::kMaxOperationRecords);
  ExpectTheSameInEveryOrder(book);
}

TEST(OperationCrowd, PlacesThatAMemberMadeUpStopNobody) {
  Book book = Founded({"QM", "QN"});
  const Names heads = book.State().heads;
  const size_t first = book.records.size();
  Flood(book, "QT", 2 * limits::kMaxOperationRecords);
  for (size_t i = first; i < book.records.size(); ++i) book.records[i].place_only = true;
  const std::string liar = book.Add("QN", Report(), {book.records.back().id, heads.front()});
  const std::string report = book.Say("QM", Report());
  const OperationState state = book.State();
  for (const std::string& id : {liar, report}) {
    EXPECT_EQ(book.Of(state, id).verdict, RecordVerdict::kEffective) << id;
  }
  EXPECT_EQ(state.missing, Names());
  ExpectTheSameInEveryOrder(book);
}

// What is left out still says what came before: a vote does not come before its decision.
TEST(OperationCrowd, WhatIsLeftOutKeepsTheOrderOfWhatBuildsOnIt) {
  Book book = Founded({"QM", "QN", "QP"});
  SignedRecord decision{"zzz-decision", "QM", Decision(1), false};
  decision.record.set_state("QM");
  decision.record.set_operation(book.operation);
  decision.record.set_at("2026-03-01T10:00:00Z");
  decision.record.set_seq(2);
  decision.record.set_previous(book.operation);
  for (const std::string& head : book.State().heads) decision.record.add_parents(head);
  book.records.push_back(decision);
  const Names flood = FloodOn(book, "QN", limits::kMaxOperationRecords + 1, "QN");
  for (SignedRecord& r : book.records) {
    if (r.id == flood.front()) r.record.add_parents(decision.id);
  }
  // One of a flood's own kind builds on its end, so that nobody honest names it.
  const Names more = FloodOn(book, "QP", limits::kMaxOperationRecords + 1, "QP");
  v1::OperationRecord vote = Vote(decision.id, "GO");
  SignedRecord last{"000-vote", "QP", vote, false};
  last.record.set_state("QP");
  last.record.set_operation(book.operation);
  last.record.set_at("2026-03-01T11:00:00Z");
  last.record.set_seq(2);
  last.record.set_previous(book.records[2].id);
  last.record.add_parents(flood.back());
  for (SignedRecord& r : book.records) {
    if (r.signer != "QP" || r.id == last.record.previous()) continue;
    if (r.id == more.front()) r.record.set_previous(last.id);
    r.record.set_seq(r.record.seq() + 1);
  }
  book.records.push_back(last);
  const OperationState state = book.State();
  EXPECT_EQ(state.left_out.size(), 2u);
  EXPECT_EQ(book.Of(state, last.id).verdict, RecordVerdict::kEffective)
      << book.Of(state, last.id).why;
  EXPECT_EQ(OutcomeName(state.decisions.at(0).outcome), "GO");
  ExpectTheSameInEveryOrder(book);
}

// Its author can try ids, and numbers that he gave before, until others would go first.
TEST(OperationCrowd, WhatAnotherMemberBuiltOnIsNotPushedOutLater) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string said = book.Say("QN", Report());
  const std::string on_it = book.Say("QM", Report());
  book.Say("QP", Report());
  for (size_t i = 0; i < 2 * limits::kMaxOperationRecords; ++i) {
    SignedRecord r = book.records[1];
    r.id = absl::StrFormat("!fork-%05u", i);
    r.record.set_seq(1);
    book.records.push_back(std::move(r));
  }
  const OperationState state = book.State();
  EXPECT_EQ(state.members, (Set{"QM", "QN", "QP"}));
  for (const std::string& id : {said, on_it}) {
    EXPECT_EQ(book.Of(state, id).verdict, RecordVerdict::kEffective) << id;
  }
}

// A branch of a fork stays one behind what is left out of it.
TEST(OperationCrowd, BehindWhatIsLeftOutOfAForkNothingHasAnEffect) {
  Book book = Founded({"QM", "QN", "QP"});
  for (const char* state : {"QM", "QP"}) book.Say(state, Report());
  SignedRecord fork = book.records[1];
  fork.id = "!fork";
  book.records.push_back(fork);
  book.Rewind("QN", fork.id, 1);
  Names branch;
  std::string before = fork.id;
  const size_t first = book.records.size();
  Flood(book, "QN", limits::kMaxOperationRecords + 1);
  for (size_t i = first; i < book.records.size(); ++i) {
    book.records[i].record.set_seq(2 + i - first);
    book.records[i].record.set_previous(before);
    before = book.records[i].id;
  }
  book.Rewind("QN", before, limits::kMaxOperationRecords + 2);
  const std::string departure = book.Add("QN", Departure("QN"), {before});
  const OperationState state = book.State();
  ASSERT_EQ(state.left_out.size(), 1u);
  EXPECT_FALSE(book.Of(state, departure).effective);
  EXPECT_EQ(state.members, (Set{"QM", "QN", "QP"}));
}

TEST(OperationCrowd, WithoutTheAgreementAFloodIsTold) {
  Book book = Founded({"QM", "QN"});
  FloodOn(book, "QN", limits::kMaxOperationRecords, "QN");
  book.records.erase(book.records.begin());
  const auto state = ReplayOperation(book.records, book.operation, Now());
  EXPECT_EQ(CodeOf(state.status()), "TOO_MANY");
  EXPECT_NE(TextOf(state.status()).find("QN alone wrote 10001"), std::string::npos)
      << TextOf(state.status());
}

// What came before a newcomer's admission reaches it as places.
TEST(OperationCrowd, PlacesTakeNoRoomFromRecords) {
  Book book = Founded({"QM", "QN"});
  const std::string founding = book.operation;
  std::string before;
  for (size_t i = 1; i <= limits::kMaxOperationRecords / 2; ++i) {
    SignedRecord r;
    r.id = absl::StrFormat("place-%05u", i);
    r.signer = "QT";
    r.place_only = true;
    r.record.set_state("QT");
    r.record.set_seq(i);
    r.record.set_previous(before);
    before = r.id;
    book.records.push_back(std::move(r));
  }
  const std::string on_places = book.Add("QM", Report(), {before});
  Flood(book, "QP", limits::kMaxOperationRecords - 10, founding);
  const std::string on_records = book.Add("QN", Report(), {book.records.back().id});
  const auto state = ReplayOperation(book.records, book.operation, Now());
  ASSERT_TRUE(state.ok()) << TextOf(state.status());
  EXPECT_EQ(book.Of(*state, on_places).verdict, RecordVerdict::kEffective);
  EXPECT_EQ(book.Of(*state, on_records).verdict, RecordVerdict::kEffective);
}

}  // namespace
}  // namespace palermo::casework
