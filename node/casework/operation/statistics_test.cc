#include "node/casework/operation/statistics.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "absl/strings/str_format.h"
#include "node/casework/operation/rules.h"
#include "node/casework/operation/test_figures.h"

namespace palermo::casework {
namespace {

TEST(Statistics, CountAPersonOnceAcrossStates) {
  Figures book;
  book.Victim("QM", "a");
  book.Victim("QN", "a");
  book.Victim("QN", "b");
  book.Victim("QN", "c", false);  // of a record without effect
  EXPECT_EQ(book.Value("victims_rescued"), 2u);
  EXPECT_EQ(book.Value("victims_rescued", "QM"), 1u);
  EXPECT_EQ(book.Value("victims_rescued", "QN"), 2u);
  const auto statistics = CountOperation(book.records, book.state);
  ASSERT_FALSE(statistics.findings.empty());
  EXPECT_EQ(statistics.findings[0].rule, "R-STAT-01");
  // Without tokens nobody can be recognised.
  book.Victim("QM", "");
  book.Victim("QM", "");
  EXPECT_EQ(book.Value("victims_rescued"), 4u);
}

TEST(Statistics, AddUpWhatWasSeizedWithItsRecords) {
  Figures book;
  for (const char* state : {"QM", "QR"}) {
    auto& seizure = *book.Add(state).mutable_seizure();
    seizure.set_kind("FIREARM");
    seizure.set_n(31);
  }
  auto& account = *book.Add("QV").mutable_seizure();
  account.set_kind("ACCOUNT");
  account.set_minor(90000000);
  account.set_ccy("XTS");
  EXPECT_EQ(book.Value("firearms"), 62u);
  EXPECT_EQ(book.Value("assets_frozen_minor XTS", "QV"), 90000000u);
  const auto cells = CountOperation(book.records, book.state).cells;
  for (const StatisticsCell& cell : cells) EXPECT_FALSE(cell.records.empty()) << cell.counter;
}

// Whoever consents signs all the figures, also those that the closing leaves out.
TEST(Statistics, TellEachFigureThatAClosingGetsWrong) {
  const std::vector<StatisticsCell> cells = {{"arrests", "", 7, true, false, {}},
                                             {"firearms", "", 62, false, false, {}},
                                             {"firearms", "QM", 62, false, false, {}},
                                             {"tasks", "QN", 0, false, false, {}}};
  const auto claim = [&](const std::vector<std::tuple<std::string, std::string, uint64_t>>& all) {
    v1::OperationClosing claimed;
    for (const auto& [counter, state, value] : all) {
      auto& one = *claimed.add_counters();
      one.set_counter(counter);
      one.set_state(state);
      one.set_value(value);
    }
    return Differences(cells, claimed);
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(claim({{"arrests", "", 7}, {"firearms", "", 62}, {"firearms", "QM", 62}}), Names{});
  EXPECT_EQ(claim({{"arrests", "", 7}, {"firearms", "", 63}, {"firearms", "QM", 62}}),
            Names{"firearms"});
  EXPECT_EQ(claim({{"firearms", "", 62}, {"firearms", "QM", 62}}), Names{"arrests"});
  EXPECT_EQ(claim({{"arrests", "", 7}}), (Names{"firearms", "firearms QM"}));
  EXPECT_EQ(claim({{"arrests", "", 7},
                   {"firearms", "", 62},
                   {"firearms", "QM", 62},
                   {"firearms", "QM", 62}}),
            Names{"firearms QM"});
  EXPECT_EQ(claim({{"arrests", "", 7},
                   {"firearms", "", 62},
                   {"firearms", "QM", 62},
                   {"tasks", "QN", 0},
                   {"tasks", "QX", 1}}),
            Names{"tasks QX"});
}

// Only what would be counted, and of who took part, keeps the figures from being counted again.
TEST(Statistics, SayWhoseCountedRecordsAreWithheld) {
  const auto withheld = [](const std::string& signer, v1::OperationRecord::ContentCase kind,
                           RecordVerdict verdict) {
    SignedRecord r{"r", signer, {}, false};
    r.record.set_withheld_kind(static_cast<uint32_t>(kind));
    r.record.set_withheld_sha256("x");
    OperationState state;
    state.members = {"QM"};
    state.departed = {"QN"};
    JudgedRecord judged;
    judged.id = "r";
    judged.verdict = verdict;
    state.records = {judged};
    return WithheldOf({r}, state);
  };
  using Kind = v1::OperationRecord;
  for (const auto kind : {Kind::kArrest, Kind::kVictim, Kind::kSeizure, Kind::kTasking,
                          Kind::kSituation, Kind::kDecision}) {
    EXPECT_EQ(withheld("QN", kind, RecordVerdict::kWithheld), std::set<std::string>{"QN"}) << kind;
  }
  EXPECT_TRUE(withheld("QM", Kind::kEvidence, RecordVerdict::kWithheld).empty());
  EXPECT_TRUE(withheld("QX", Kind::kArrest, RecordVerdict::kWithheld).empty()) << "a stranger";
  EXPECT_TRUE(withheld("QM", Kind::kArrest, RecordVerdict::kForked).empty()) << "it never counts";
}

TEST(Statistics, CountActionDaysThatWereDecided) {
  Figures book;
  book.Add("QM").mutable_decision();
  book.Add("QM").mutable_decision();
  book.state.decisions = {{"r000", "ACTION_DAY", 2, {}, DecisionOutcome::kGo, false, {}},
                          {"r001", "ACTION_DAY", 2, {}, DecisionOutcome::kAborted, false, {}}};
  EXPECT_EQ(book.Value("operations"), 1u);
}

std::vector<StatisticsCell> RowOf(uint64_t total, const std::vector<uint64_t>& states) {
  std::vector<StatisticsCell> cells = {{"persons_arrested", "", total, true, false, {"r"}}};
  for (size_t i = 0; i < states.size(); ++i) {
    cells.push_back(
        {"persons_arrested", absl::StrFormat("Q%c", 'M' + i), states[i], true, false, {"r"}});
  }
  return cells;
}
std::string Shown(uint64_t total, const std::vector<uint64_t>& states) {
  std::string out;
  for (const StatisticsCell& cell : Publishable(RowOf(total, states))) {
    out += out.empty() ? "" : " ";
    out += cell.suppressed ? "*" : absl::StrFormat("%d", cell.value);
  }
  return out;
}

TEST(Statistics, SuppressSmallNumbersAndWhatWouldGiveThemAway) {
  EXPECT_EQ(Shown(30, {10, 20}), "30 10 20");
  EXPECT_EQ(Shown(22, {2, 20}), "22 * *");
  EXPECT_EQ(Shown(32, {2, 10, 20}), "32 * * 20");
  EXPECT_EQ(Shown(22, {1, 1, 20}), "22 * * *");
  EXPECT_EQ(Shown(3, {3}), "* *");
  EXPECT_EQ(Shown(4, {0, 4}), "* 0 *");
  EXPECT_EQ(Shown(0, {0, 0}), "0 0 0");
  // Two small ones alone: 6 and 8 have one or two ways to be shared out.
  EXPECT_EQ(Shown(26, {3, 3, 20}), "26 * * *");
  EXPECT_EQ(Shown(8, {4, 4}), "* * *");
  EXPECT_EQ(Shown(5, {1, 1, 1, 1, 1}), "* * * * * *");
  // One of 5 and the rest 1 each is the only way to come to 9.
  EXPECT_EQ(Shown(9, {1, 1, 1, 1, 5}), "* * * * * *");
  EXPECT_EQ(Shown(10, {1, 1, 1, 1, 6}), "10 * * * * *");
  // One person in two states: only 6 is left over for 1 and 6, which has one way.
  EXPECT_EQ(Shown(26, {1, 6, 20}), "26 * * *");
  for (const StatisticsCell& cell : Publishable(RowOf(3, {3}))) {
    EXPECT_EQ(cell.value, 0u);
    EXPECT_TRUE(cell.records.empty());
  }
}

// What one of few victims was paid is not told by the sum, nor by a total less the others.
TEST(Statistics, SuppressWhatFewVictimsWerePaid) {
  const std::string money = "victims_compensated_minor XTS", persons = "victims_compensated";
  const std::vector<std::string> many = {"a", "b", "c", "d", "e"};
  const auto shown = [&](uint64_t qm, uint64_t qn, const std::vector<std::string>& paid) {
    std::string out;
    const std::vector<StatisticsCell> cells = {
        {persons, "", qm + qn, true, false, many},       {persons, "QM", qm, true, false, many},
        {persons, "QN", qn, true, false, many},          {money, "", 900, false, false, many},
        {money, "QM", 400, false, false, paid},          {money, "QN", 500, false, false, many},
        {"cash_minor XTS", "QM", 1, false, false, {"r"}}};
    for (const StatisticsCell& cell : Publishable(cells)) {
      if (cell.persons) continue;
      out += cell.suppressed ? " *" : absl::StrFormat(" %u", cell.value);
      EXPECT_EQ(cell.suppressed, cell.records.empty());
    }
    return out;
  };
  EXPECT_EQ(shown(10, 20, many), " 900 400 500 1");
  EXPECT_EQ(shown(1, 1, many), " * * * 1");
  EXPECT_EQ(shown(2, 20, many), " 900 * * 1") << "both are hidden, as their persons are";
  EXPECT_EQ(shown(10, 20, {"a"}), " * * 500 1") << "one of the ten, in this currency";
  // One state alone: the total is its number.
  std::vector<StatisticsCell> one = {{persons, "", 3, true, false, many},
                                     {persons, "QM", 3, true, false, many},
                                     {money, "", 400, false, false, many},
                                     {money, "QM", 400, false, false, many}};
  for (const StatisticsCell& cell : Publishable(one)) EXPECT_TRUE(cell.suppressed) << cell.counter;
  // Nobody said who was paid.
  one.erase(one.begin(), one.begin() + 2);
  for (const StatisticsCell& cell : Publishable(one)) EXPECT_TRUE(cell.suppressed) << cell.counter;
}

// As it is counted: the payment alone is entered, not for whom.
TEST(Statistics, SuppressAPaymentWithoutItsVictims) {
  Figures book;
  v1::OutcomeEntry& paid = *book.Add("QM").mutable_outcome();
  paid.set_kind("VICTIM_COMPENSATED");
  paid.set_minor(400000);
  paid.set_ccy("XTS");
  size_t amounts = 0;
  for (const StatisticsCell& cell : Publishable(CountOperation(book.records, book.state).cells)) {
    if (!cell.counter.starts_with("victims_compensated_minor")) continue;
    ++amounts;
    EXPECT_TRUE(cell.suppressed) << cell.state;
  }
  EXPECT_EQ(amounts, 2u);
}

// In how many ways `left` is the sum of `cells` numbers from 1 up, in ascending order, of which the
// largest is at least 5.
size_t Ways(uint64_t left, size_t cells, uint64_t least = 1) {
  if (cells == 1) return left >= least && left >= kSmallestCell ? 1 : 0;
  size_t ways = 0;
  for (uint64_t first = least; first * cells <= left; ++first) {
    ways += Ways(left - first, cells - 1, first);
  }
  return ways;
}

TEST(StatisticsProperty, NoSmallNumberIsShownOrLeftOverByTheTotal) {
  std::mt19937 engine(5);
  for (int round = 0; round < 20000; ++round) {
    std::vector<uint64_t> states(1 + engine() % 5);
    uint64_t total = 0;
    for (uint64_t& n : states) total += n = engine() % 12;
    const auto cells = Publishable(RowOf(total, states));
    uint64_t left = total;
    size_t hidden = 0;
    for (size_t i = 1; i < cells.size(); ++i) {
      EXPECT_TRUE(cells[i].suppressed || states[i - 1] == 0 || states[i - 1] >= kSmallestCell);
      if (cells[i].suppressed) {
        ++hidden;
      } else {
        left -= states[i - 1];
      }
    }
    if (cells[0].suppressed) continue;
    // Whoever knows how it is done, that each hidden number is at least 1 and one at least 5, still
    // finds more than one number for each.
    EXPECT_TRUE(hidden == 0 || Ways(left, hidden) > 1) << left << " in " << hidden;
    EXPECT_TRUE(total == 0 || total >= kSmallestCell);
  }
}

TEST(Statistics, CountWhatVictimsReceivedAndByWhatTasksSelected) {
  Figures book;
  for (const char* token : {"a", "b"}) {
    v1::VictimRecord& victim = *book.Add("QM").mutable_victim();
    victim.set_token(token);
    victim.mutable_victim_support()->set_supported(true);
  }
  // Another state counts the same person, and what was awarded there.
  v1::VictimRecord& again = *book.Add("QN").mutable_victim();
  again.set_token("b");
  again.mutable_victim_support()->set_told_remedies(true);
  again.mutable_victim_support()->set_compensation("AWARDED");
  v1::VictimRecord& none = *book.Add("QN").mutable_victim();
  none.set_token("c");
  none.set_identified(true);
  none.mutable_victim_support()->set_supported(false);
  none.mutable_victim_support()->set_compensation("CLAIMED");
  EXPECT_EQ(book.Value("victims_identified"), 3u);
  EXPECT_EQ(book.Value("victims_supported"), 2u);
  EXPECT_EQ(book.Value("victims_told_remedies"), 1u);
  EXPECT_EQ(book.Value("victims_compensated"), 1u);

  v1::Tasking& task = *book.Add("QM").mutable_tasking();
  for (const char* ground : {"INTELLIGENCE", "NATIONALITY", "NATIONALITY", "LOOKS"}) {
    task.add_selection_grounds(ground);
  }
  book.Add("QN").mutable_tasking()->add_selection_grounds("NATIONALITY");
  EXPECT_EQ(book.Value("tasks_selected NATIONALITY"), 2u);
  EXPECT_EQ(book.Value("tasks_selected NATIONALITY", "QM"), 1u);
  EXPECT_EQ(book.Value("tasks_selected INTELLIGENCE"), 1u);
  EXPECT_EQ(book.Value("tasks_selected LOOKS"), 0u);  // no word of the list
}

TEST(Statistics, WhoReceivedNothingIsNotGivenAwayByADifference) {
  const auto suppressed = [](const char* counter) {
    return Publishable({{"victims_identified", "", 10, true, false, {"r"}},
                        {"victims_identified", "QM", 10, true, false, {"r"}},
                        {counter, "", 9, true, false, {"r"}},
                        {counter, "QM", 9, true, false, {"r"}}})[3]
        .suppressed;
  };
  for (const char* counter :
       {"victims_supported", "victims_told_remedies", "victims_compensated"}) {
    EXPECT_TRUE(suppressed(counter)) << counter;
  }
}

TEST(Statistics, SuppressWhatADifferenceOfNestedNumbersOfAStateWouldGiveAway) {
  // QM: one of ten was not rescued. Then the rest of the row must not give 9 away.
  std::vector<StatisticsCell> cells = Publishable({
      {"victims_identified", "", 30, true, false, {"r"}},
      {"victims_identified", "QM", 10, true, false, {"r"}},
      {"victims_identified", "QN", 20, true, false, {"r"}},
      {"victims_rescued", "", 18, true, false, {"r"}},
      {"victims_rescued", "QM", 9, true, false, {"r"}},
      {"victims_rescued", "QN", 9, true, false, {"r"}},
  });
  EXPECT_FALSE(cells[0].suppressed || cells[1].suppressed || cells[2].suppressed);
  EXPECT_FALSE(cells[3].suppressed);
  EXPECT_TRUE(cells[4].suppressed && cells[5].suppressed);
}

}  // namespace
}  // namespace palermo::casework
