// Any order of arrival, any part of the set: the state of an operation is a function of the
// records.
#include <gtest/gtest.h>

#include <random>

#include "node/casework/operation/membership.h"
#include "node/casework/operation/replay.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

// A story with late and absent members, admissions, departures, votes, a liar who forks, backdates
// and forges, and a stranger with false dates whom somebody may propose to admit.
Book Story(unsigned seed, bool forks = true) {
  std::mt19937 engine(seed);
  const auto dice = [&](int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)); };
  const Names states = {"QM", "QN", "QP", "QT", "QV", "QX"};
  Book book = Founded({"QM", "QN", "QP", "QT"});
  std::map<std::string, Names> seen;  // what each has seen: heads
  Names subjects = {book.operation}, decisions;
  for (int step = 0; step < 40; ++step) {
    const std::string& who = states[dice(6)];
    // Who is off for a while builds on what it saw last.
    if (dice(3) != 0 || seen[who].empty()) seen[who] = book.State().heads;
    v1::OperationRecord r = Report();
    const std::string subject = subjects[dice(static_cast<int>(subjects.size()))];
    switch (dice(11)) {
      case 0:
        r = Admission(dice(4) == 0 ? "QX" : "QV");
        break;
      case 1:
        r = Accession(subject, book.operation);
        break;
      case 2:
      case 3:
      case 4:
        r = Consent(subject);
        break;
      case 5:
        r = Departure(dice(2) == 0 ? who : states[dice(5)]);
        break;
      case 6:
        r = Decision(1 + dice(3), dice(2) == 0 ? "GO" : "NO_GO");
        break;
      case 7:
      case 8:
        r = Vote(subject, dice(3) == 0 ? "NO_GO" : "GO");
        break;
      case 9:
        r = dice(3) == 0 ? Abort(subject) : Report();
        break;
      default:
        break;
    }
    if (who == "QT" && dice(3) == 0) r.set_at("2026-02-01T00:00:00Z");
    if ((who == "QT" || who == "QX") && dice(4) == 0) r.set_at("2099-01-01T00:00:00Z");
    if (who == "QX" && dice(2) == 0) seen[who].push_back("invented");
    if (who == "QX" && dice(4) == 0) seen[who].resize(70, "many");
    if (r.has_abort() && dice(2) == 0) {
      r.add_parents(subject);
      subjects.push_back(book.AddAlone(who, r, seen[who]));
      continue;
    }
    const size_t before = book.records.size();
    const std::string last = [&] {
      for (size_t i = before; i-- > 0;) {
        if (book.records[i].signer == who) return book.records[i].id;
      }
      return std::string();
    }();
    uint64_t seq = 0;
    for (const auto& x : book.records) {
      if (x.signer == who && x.record.state() == who) seq = std::max(seq, x.record.seq());
    }
    const std::string id = book.Add(who, r, seen[who], who == "QT" && dice(4) == 0 ? "QN" : "");
    if (forks && who == "QT" && dice(3) == 0)
      book.Rewind(who, last, seq);  // the next will be a fork
    subjects.push_back(id);
  }
  return book;
}

// Some desks have only the place of an abort.
void WithholdSome(Book& book, std::mt19937& engine) {
  for (SignedRecord& r : book.records) {
    if (!TakesNoNumber(r.record) || engine() % 2 == 0) continue;
    r.record.clear_abort();
    r.record.set_withheld_kind(static_cast<uint32_t>(v1::OperationRecord::kAbort));
    r.record.set_withheld_sha256("hash");
  }
}

TEST(OperationProperty, AnyOrderOfArrivalGivesTheSameState) {
  int forks = 0, held = 0, alone = 0, withheld = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Book book = Story(seed);
    std::mt19937 engine(seed);
    // Some desks have not everything.
    if (seed % 3 == 0) {
      book.records.erase(book.records.begin() + 5 + engine() % 20);
      WithholdSome(book, engine);
    }
    for (const SignedRecord& r : book.records) {
      if (!TakesNoNumber(r.record)) continue;
      ++(r.record.has_abort() ? alone : withheld);
    }
    const OperationState wanted = book.State();
    forks += static_cast<int>(wanted.forks.size());
    held += wanted.missing.empty() ? 0 : 1;
    for (int round = 0; round < 5; ++round) {
      std::shuffle(book.records.begin(), book.records.end(), engine);
      EXPECT_TRUE(book.State() == wanted) << "seed " << seed;
      book.records.push_back(book.records[engine() % book.records.size()]);  // once more
      EXPECT_TRUE(book.State() == wanted) << "seed " << seed;
      book.records.pop_back();
    }
    EXPECT_EQ(wanted.records.size(), book.records.size()) << "nothing is dropped";
  }
  EXPECT_GT(forks, 20);
  EXPECT_GT(held, 5);
  EXPECT_GT(alone, 10);
  EXPECT_GT(withheld, 2);
}

TEST(OperationProperty, OnlySignaturesOfMembersChangeTheMembers) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Book book = Story(seed);
    const OperationState state = book.State();
    std::map<std::string, SignedRecord> by_id;
    for (const SignedRecord& r : book.records) by_id[r.id] = r;
    for (size_t i = 1; i < state.records.size(); ++i) {
      const auto& before = state.memberships[state.records[i - 1].membership];
      const auto& after = state.memberships[state.records[i].membership];
      if (before == after || state.records[i].verdict == RecordVerdict::kHeld) continue;
      const SignedRecord& r = by_id[state.records[i].id];
      EXPECT_TRUE(state.records[i].effective) << seed;
      EXPECT_EQ(r.record.state(), r.signer) << seed;
      const bool newcomer = r.record.has_accession() || r.record.has_signature();
      EXPECT_TRUE(newcomer || before.count(r.signer) != 0) << seed;
      // Who came in consented himself, and so did every member.
      for (const std::string& state_in : after) {
        if (before.count(state_in) != 0) continue;
        std::set<std::string> consents;
        bool acceded = r.record.has_signature();
        for (size_t k = 0; k <= i; ++k) {
          const SignedRecord& x = by_id[state.records[k].id];
          if (!state.records[k].effective) continue;
          if (x.record.has_consent() || x.record.has_admission()) consents.insert(x.signer);
          acceded |= x.record.has_accession() && x.signer == state_in;
        }
        EXPECT_TRUE(acceded) << seed;
        for (const std::string& member : before) {
          EXPECT_TRUE(consents.count(member) != 0 || after.count(member) == 0) << seed;
        }
      }
    }
  }
}

// What is computed for many records at once is what each would give alone.
TEST(OperationProperty, TheIndexOfReadersSaysWhatEachRecordSays) {
  size_t different = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Book book = Story(seed, seed % 4 == 0);
    std::mt19937 engine(seed);
    if (seed % 3 == 0) book.records.erase(book.records.begin() + 5 + engine() % 20);
    const OperationState state = book.State();
    ReadersIndex index(book.records, state, book.operation, Now());
    Set last;
    for (const SignedRecord& r : book.records) {
      Names parents(r.record.parents().begin(), r.record.parents().end());
      if (!r.record.previous().empty()) parents.push_back(r.record.previous());
      const auto wanted = ReadersOf(book.records, book.operation, parents, Now());
      const auto got = index.Of(r);
      ASSERT_TRUE(wanted.ok() && got.ok());
      EXPECT_EQ(*got, *wanted) << "seed " << seed << " " << r.id;
      different += *got == last ? 0 : 1;
      last = *got;
    }
  }
  EXPECT_GT(different, 200u) << "the stories change who reads";
}

}  // namespace
}  // namespace palermo::casework
