// More records than an operation holds: who takes no part costs nobody but himself.
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

TEST(OperationCrowd, MembersMayNotWriteMoreThanItHolds) {
  Book book = Founded({"QM", "QN"});
  Flood(book, "QN", limits::kMaxOperationRecords);
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
