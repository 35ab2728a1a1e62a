// Figures by area of crime and kind of assistance, and what of them may leave the office.
#include "node/casework/case_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <tuple>

#include "base/bytes.h"
#include "node/casework/operation/rules.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using v1::ItemOutcome;
using v1::RefusalGround;

// Cases as a desk has opened them.
struct CaseBooks {
  std::deque<v1::CaseBody> bodies;
  std::deque<Progress> progress;
  std::deque<std::vector<OpenedAct>> acts;
  std::vector<CountedCase> cases;

  // One case with these items.
  Progress& Add(const std::string& area, const std::vector<T::Code>& types, bool sent = false) {
    v1::Request& request = *bodies.emplace_back().mutable_request();
    request.set_area(area);
    for (size_t i = 0; i < types.size(); ++i) {
      v1::Item& item = *request.add_items();
      item.set_n(static_cast<uint32_t>(i + 1));
      item.set_type(types[i]);
    }
    Progress& its = progress.emplace_back();
    its.request = &request;
    for (const v1::Item& item : request.items()) its.items[item.n()] = {};
    cases.push_back({sent, &its, &acts.emplace_back()});
    return its;
  }
  void Settle(ItemOutcome::Code outcome, uint32_t n = 1) {
    progress.back().items[n].settled = true;
    progress.back().items[n].outcome = outcome;
  }
  void Refuse(RefusalGround::Code ground, std::vector<uint32_t> items = {}) {
    v1::Refusal& refusal = *bodies.emplace_back().mutable_refusal();
    refusal.set_ground(ground);
    for (uint32_t n : items) refusal.add_items(n);
    OpenedAct act;
    act.act = v1::Act::REFUSAL;
    act.body = &bodies.back();
    acts.back().push_back(act);
    for (auto& [n, stand] : progress.back().items) {
      if (items.empty() || std::find(items.begin(), items.end(), n) != items.end()) {
        stand.refused = true;
      }
    }
  }
};

uint64_t ValueOf(const std::vector<AreaCell>& cells, const std::string& side,
                 const std::string& area, const std::string& type, const std::string& figure) {
  for (const AreaCell& cell : cells) {
    if (std::tie(cell.side, cell.area, cell.type, cell.figure) ==
        std::tie(side, area, type, figure)) {
      return cell.value;
    }
  }
  return 0;
}

TEST(CaseStatistics, CountWhatBecameOfEachItemByAreaAndKind) {
  CaseBooks books;
  books.Add("FIREARMS", {T::TAKE_EVIDENCE, T::SEARCH_SEIZE, T::TAKE_EVIDENCE});
  books.Settle(ItemOutcome::EXECUTED_FULL, 1);
  books.Refuse(RefusalGround::SECURITY, {2, 3});
  books.Add("WILDLIFE", {T::TAKE_EVIDENCE});
  books.Settle(ItemOutcome::EXECUTED_NEGATIVE);
  books.Add("", {T::SERVE_DOCUMENT});
  books.Settle(ItemOutcome::SERVED);
  books.Add("FIREARMS", {T::TAKE_EVIDENCE}, true);
  // One ground, told twice, and another one.
  books.Add("DRUGS", {T::FREEZE});
  books.Refuse(RefusalGround::SECURITY);
  books.Refuse(RefusalGround::SECURITY, {1});
  books.Refuse(RefusalGround::SOVEREIGNTY, {1});
  const auto cells = CountByArea(books.cases);
  const auto of = [&](const char* area, const char* type, const char* figure) {
    return ValueOf(cells, "RECEIVED", area, type, figure);
  };
  EXPECT_EQ(of("", "", "asked"), 6u);
  EXPECT_EQ(of("FIREARMS", "", "asked"), 3u);
  EXPECT_EQ(of("FIREARMS", "", "refused"), 2u);
  EXPECT_EQ(of("FIREARMS", "TAKE_EVIDENCE", "executed"), 1u);
  EXPECT_EQ(of("FIREARMS", "TAKE_EVIDENCE", "refused SECURITY"), 1u);
  EXPECT_EQ(of("FIREARMS", "SEARCH_SEIZE", "refused SECURITY"), 1u);
  EXPECT_EQ(of("WILDLIFE_FOREST", "TAKE_EVIDENCE", "without_result"), 1u)
      << "one name for one area";
  EXPECT_EQ(of("NOT_STATED", "SERVE_DOCUMENT", "executed"), 1u);
  EXPECT_EQ(of("DRUGS", "", "refused"), 1u);
  EXPECT_EQ(of("DRUGS", "", "refused SECURITY"), 1u);
  EXPECT_EQ(of("DRUGS", "", "refused SOVEREIGNTY"), 1u);
  EXPECT_EQ(of("", "", "refused SECURITY"), 3u);
  EXPECT_EQ(ValueOf(cells, "SENT", "FIREARMS", "TAKE_EVIDENCE", "pending"), 1u);
  // Not opened: nothing is known of it.
  EXPECT_TRUE(CountByArea({CountedCase()}).empty());
}

TEST(CaseStatistics, LeaveNoSmallNumberAndNoneThatTellsOne) {
  CaseBooks books;
  for (int i = 0; i < 9; ++i) {
    books.Add("DRUGS", {T::TAKE_EVIDENCE});
    books.Settle(ItemOutcome::EXECUTED_FULL);
  }
  for (int i = 0; i < 8; ++i) {
    books.Add("FIREARMS", {T::TAKE_EVIDENCE});
    if (i < 6) books.Settle(ItemOutcome::EXECUTED_FULL);
    if (i >= 6) books.Refuse(RefusalGround::SECURITY);
  }
  books.Add("TERRORISM", {T::TAKE_EVIDENCE});
  const auto cells = PublishableByArea(CountByArea(books.cases));
  const auto of = [&](const char* area, const char* type, const char* figure) {
    return ValueOf(cells, "RECEIVED", area, type, figure);
  };
  EXPECT_EQ(of("DRUGS", "TAKE_EVIDENCE", "executed"), 9u);
  EXPECT_EQ(of("FIREARMS", "", "asked"), 8u);
  EXPECT_EQ(of("FIREARMS", "", "executed"), 0u) << "8 asked and 6 executed tell of 2";
  EXPECT_EQ(of("FIREARMS", "", "refused"), 0u);
  EXPECT_EQ(of("FIREARMS", "TAKE_EVIDENCE", "asked"), 0u);
  EXPECT_EQ(of("TERRORISM", "", "asked"), 0u);
  EXPECT_EQ(of("", "", "asked"), 0u) << "18 without 9 and 8 is 1";
  for (const AreaCell& cell : cells) {
    EXPECT_TRUE(cell.suppressed || !(cell.value > 0 && cell.value < kSmallestCell)) << cell.figure;
  }
}

// 10 refused, 7 of them on a ground that is told: 3 on none would follow.
TEST(CaseStatistics, GroundsAreToldWhereTheyAddUp) {
  const auto told = [](int without) {
    CaseBooks books;
    for (int i = 0; i < 10; ++i) {
      books.Add("DRUGS", {T::TAKE_EVIDENCE});
      if (i < without) books.Settle(ItemOutcome::REFUSED);
      if (i >= without) books.Refuse(RefusalGround::SECURITY);
    }
    const auto cells = PublishableByArea(CountByArea(books.cases));
    EXPECT_EQ(ValueOf(cells, "RECEIVED", "DRUGS", "", "refused"), 10u);
    for (const char* area : {"", "DRUGS"}) {
      EXPECT_EQ(ValueOf(cells, "RECEIVED", area, "", "refused SECURITY"),
                ValueOf(cells, "RECEIVED", "DRUGS", "TAKE_EVIDENCE", "refused SECURITY"));
    }
    return ValueOf(cells, "RECEIVED", "DRUGS", "", "refused SECURITY");
  };
  EXPECT_EQ(told(0), 10u);
  EXPECT_EQ(told(3), 0u);
}

// Whoever knows all that left knows of no small number: each told total of areas and each told
// `asked` has all its parts told, or none.
TEST(CaseStatistics, NoSmallNumberFollowsFromWhatLeft) {
  std::mt19937 random(7);
  const std::vector<std::string> areas = {"DRUGS", "FIREARMS", "TERRORISM"};
  const std::vector<T::Code> types = {T::TAKE_EVIDENCE, T::FREEZE};
  for (int round = 0; round < 300; ++round) {
    CaseBooks books;
    const int count = static_cast<int>(random() % 60);
    for (int i = 0; i < count; ++i) {
      books.Add(areas[random() % areas.size()], {types[random() % types.size()]});
      const auto dice = random() % 10;
      if (dice < 6) books.Settle(ItemOutcome::EXECUTED_FULL);
      if (dice == 6) books.Refuse(RefusalGround::SECURITY);
      if (dice == 7) books.Refuse(RefusalGround::SOVEREIGNTY);
    }
    const auto all = CountByArea(books.cases);
    const auto told = PublishableByArea(all);
    std::map<std::pair<std::string, std::string>, bool> hides;  // area, figure
    for (const AreaCell& cell : all) {
      if (!cell.type.empty()) continue;
      hides[{cell.area, cell.figure}] =
          std::none_of(told.begin(), told.end(), [&](const AreaCell& one) {
            return !one.suppressed && one.type.empty() && one.area == cell.area &&
                   one.figure == cell.figure;
          });
    }
    for (const AreaCell& cell : told) {
      EXPECT_TRUE(!cell.suppressed || cell.figure == "asked") << "rows are counted, too";
      EXPECT_TRUE(cell.suppressed ? cell.value == 0
                                  : cell.value == 0 || cell.value >= kSmallestCell);
    }
    for (const AreaCell& cell : told) {
      if (cell.suppressed || !cell.type.empty()) continue;
      // A sum over areas is told with all of them.
      for (const std::string& area : areas) {
        const auto part = hides.find({area, cell.figure});
        EXPECT_FALSE(cell.area.empty() && part != hides.end() && part->second) << round;
      }
      // Grounds are all of what was refused, or none is told.
      if (cell.figure == "refused" && !cell.area.empty()) {
        uint64_t grounds = 0;
        for (const AreaCell& one : told) {
          const bool its = one.area == cell.area && one.type.empty();
          if (its && one.figure.rfind("refused ", 0) == 0) grounds += one.value;
        }
        EXPECT_TRUE(grounds == 0 || grounds == cell.value) << round;
      }
      // Of an area: all that became of what was asked, or nothing of it.
      if (cell.area.empty() || cell.figure == "asked") continue;
      for (const auto& [key, hidden] : hides) {
        const bool ground = key.second.rfind("refused ", 0) == 0;
        EXPECT_FALSE(key.first == cell.area && key.second != "asked" && hidden && !ground) << round;
      }
    }
  }
}

}  // namespace
}  // namespace palermo::casework
