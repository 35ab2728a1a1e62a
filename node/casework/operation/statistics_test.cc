#include "node/casework/operation/statistics.h"

#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_format.h"
#include "node/casework/operation/rules.h"

namespace palermo::casework {
namespace {

struct Book {
  std::vector<SignedRecord> records;
  OperationState state;

  v1::OperationRecord& Add(const std::string& signer, bool effective = true) {
    SignedRecord r;
    r.id = absl::StrFormat("r%03d", records.size());
    r.signer = signer;
    records.push_back(r);
    JudgedRecord judged;
    judged.id = r.id;
    judged.effective = effective;
    state.records.push_back(judged);
    return records.back().record;
  }
  void Victim(const std::string& signer, const std::string& token, bool effective = true) {
    auto& victim = *Add(signer, effective).mutable_victim();
    victim.set_token(token);
    victim.set_rescued(true);
  }
  uint64_t Value(const std::string& counter, const std::string& of = "") {
    for (const StatisticsCell& cell : CountOperation(records, state).cells) {
      if (cell.counter == counter && cell.state == of) return cell.value;
    }
    return 0;
  }
};

TEST(Statistics, CountAPersonOnceAcrossStates) {
  Book book;
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
  Book book;
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
  v1::OperationClosing claimed;
  auto& counter = *claimed.add_counters();
  counter.set_counter("firearms");
  counter.set_value(62);
  EXPECT_TRUE(Differences(cells, claimed).empty());
  counter.set_value(63);
  EXPECT_EQ(Differences(cells, claimed), std::vector<std::string>{"firearms"});
}

TEST(Statistics, CountActionDaysThatWereDecided) {
  Book book;
  book.Add("QM").mutable_decision();
  book.Add("QM").mutable_decision();
  book.state.decisions = {{"r000", "ACTION_DAY", 2, {}, DecisionOutcome::kGo},
                          {"r001", "ACTION_DAY", 2, {}, DecisionOutcome::kAborted}};
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
  EXPECT_EQ(Shown(26, {3, 3, 20}), "26 * * 20");
  for (const StatisticsCell& cell : Publishable(RowOf(3, {3}))) {
    EXPECT_EQ(cell.value, 0u);
    EXPECT_TRUE(cell.records.empty());
  }
}

TEST(StatisticsProperty, NoSmallNumberIsShownOrLeftOverByTheTotal) {
  std::mt19937 engine(5);
  for (int round = 0; round < 20000; ++round) {
    std::vector<uint64_t> states(1 + engine() % 5);
    uint64_t total = 0;
    for (uint64_t& n : states) total += n = engine() % 12;
    const auto cells = Publishable(RowOf(total, states));
    uint64_t left = total, hidden = 0;
    for (size_t i = 1; i < cells.size(); ++i) {
      EXPECT_TRUE(cells[i].suppressed || states[i - 1] == 0 || states[i - 1] >= kSmallestCell);
      if (cells[i].suppressed) {
        ++hidden;
      } else {
        left -= states[i - 1];
      }
    }
    if (cells[0].suppressed) continue;
    EXPECT_TRUE(hidden == 0 || (hidden >= 2 && left >= kSmallestCell)) << total;
    EXPECT_TRUE(total == 0 || total >= kSmallestCell);
  }
}

}  // namespace
}  // namespace palermo::casework
