#include "node/casework/operation/statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "node/casework/operation/rules.h"

namespace palermo::casework {
namespace {

// --- Suppression

struct Row {
  StatisticsCell* total = nullptr;
  std::vector<StatisticsCell*> states;  // ascending by value
};
using Rows = std::map<std::string, Row>;  // by counter

// The second counts some of the persons of the first.
constexpr std::pair<const char*, const char*> kNested[] = {
    {"victims_identified", "victims_rescued"},     {"victims_identified", "victims_referred"},
    {"victims_identified", "victims_supported"},   {"victims_identified", "victims_told_remedies"},
    {"victims_identified", "victims_compensated"}, {"victims_rescued", "victims_referred"},
    {"persons_arrested", "persons_prosecuted"},    {"persons_arrested", "persons_convicted"},
    {"persons_prosecuted", "persons_convicted"},   {"persons_arrested", "persons_charged"},
    {"persons_charged", "persons_prosecuted"},     {"persons_charged", "persons_convicted"},
};

bool IsSmall(uint64_t value) { return value > 0 && value < kSmallestCell; }

// What the total leaves over says nothing of one state: it is of more than one, not all of them
// small, and there is more than one way to share it out.
bool IsSafe(uint64_t hidden, uint64_t cells, bool has_large) {
  return cells >= 2 && has_large && hidden > (cells - 1) + kSmallestCell;
}

void SuppressRow(const Row& row) {
  uint64_t hidden = 0, cells = 0;
  bool has_large = false;
  const auto hide = [&](StatisticsCell& cell) {
    cell.suppressed = true;
    hidden += cell.value;
    ++cells;
    has_large = has_large || cell.value >= kSmallestCell;
  };
  for (StatisticsCell* cell : row.states) {
    if (cell->suppressed || IsSmall(cell->value)) hide(*cell);
  }
  if (row.total == nullptr) return;
  if (IsSmall(row.total->value)) row.total->suppressed = true;
  if (cells == 0 || row.total->suppressed) return;
  // What a reader can work out. Who was counted in two states makes it less than what is hidden.
  const auto safe = [&] {
    uint64_t shown = 0;
    for (const StatisticsCell* cell : row.states) shown += cell->suppressed ? 0 : cell->value;
    const uint64_t left = row.total->value > shown ? row.total->value - shown : 0;
    return IsSafe(std::min(hidden, left), cells, has_large);
  };
  for (StatisticsCell* cell : row.states) {
    if (safe()) return;
    if (!cell->suppressed && cell->value > 0) hide(*cell);
  }
  if (!safe()) row.total->suppressed = true;
}

// The cells of both rows for one state. The totals stay: an operation's figures are their purpose,
// and they are of more people than a state's.
std::vector<std::pair<StatisticsCell*, StatisticsCell*>> CellPairsOf(const Row& outer,
                                                                     const Row& inner) {
  std::vector<std::pair<StatisticsCell*, StatisticsCell*>> pairs;
  for (StatisticsCell* one : outer.states) {
    for (StatisticsCell* other : inner.states) {
      if (one->state == other->state) pairs.emplace_back(one, other);
    }
  }
  return pairs;
}

// Of whom a shown cell of the inner row would tell by its difference from the outer one's. True
// when something was hidden.
bool SuppressDifferences(const Rows& rows) {
  bool changed = false;
  for (const auto& [outer, inner] : kNested) {
    const auto large = rows.find(outer), part = rows.find(inner);
    if (large == rows.end() || part == rows.end()) continue;
    for (const auto& [one, other] : CellPairsOf(large->second, part->second)) {
      if (one->suppressed || other->suppressed || one->value < other->value) continue;
      if (!IsSmall(one->value - other->value)) continue;
      other->suppressed = changed = true;
    }
  }
  return changed;
}

// --- By sex, age band and nationality

// "victims_referred sex" of "victims_referred sex FEMALE"; "" for a counter that is no part.
std::string BreakdownOf(const std::string& counter) {
  const size_t first = counter.find(' '), last = counter.rfind(' ');
  return first == std::string::npos || first == last ? "" : counter.substr(0, last);
}
using Parts = std::map<std::string, uint64_t>;    // by the word at the end
using Breakdowns = std::map<std::string, Parts>;  // by "victims_referred sex"

// Nobody is found from the difference of two breakdowns of one kind, one inside the other.
bool TellsByDifference(const Parts& outer, const Parts& inner) {
  return std::any_of(outer.begin(), outer.end(), [&](const auto& part) {
    const auto found = inner.find(part.first);
    const uint64_t within = found == inner.end() ? 0 : found->second;
    return part.second > within && IsSmall(part.second - within);
  });
}

// A breakdown leaves whole or not at all: one part that is hidden would follow from the total and
// the rest. Also that somebody of a nationality is there at all tells of him.
void DropBreakdowns(const Rows& rows, std::vector<StatisticsCell>& cells) {
  Breakdowns shown;
  std::set<std::string> dropped;
  for (const StatisticsCell& cell : cells) {
    const std::string name = BreakdownOf(cell.counter);
    if (name.empty() || !cell.persons) continue;
    shown[name][cell.counter.substr(name.size() + 1)] = cell.value;
    const auto whole = rows.find(name.substr(0, name.find(' ')));
    const bool told =
        whole != rows.end() && whole->second.total != nullptr && !whole->second.total->suppressed;
    if (cell.suppressed || !told) dropped.insert(name);
  }
  for (const auto& [outer, inner] : kNested) {
    for (const char* kind : kBreakdowns) {
      const auto large = shown.find(Cat({outer, " ", kind})),
                 part = shown.find(Cat({inner, " ", kind}));
      if (large == shown.end() || part == shown.end()) continue;
      if (dropped.count(large->first) == 0 && TellsByDifference(large->second, part->second)) {
        dropped.insert(part->first);
      }
    }
  }
  std::erase_if(cells, [&](const StatisticsCell& cell) {
    return dropped.count(BreakdownOf(cell.counter)) != 0;
  });
}

// --- Money

// What few were paid tells how much one got: an amount is told where as many persons were paid as
// may be told, and as many records make it up. Of one state alone that is hidden, the total would
// tell it.
void SuppressMoney(const Rows& rows, std::vector<StatisticsCell>& cells) {
  std::set<std::string> many;  // states; "" for all
  const auto note = [&](const StatisticsCell* cell) {
    if (!cell->suppressed && cell->value >= kSmallestCell) many.insert(cell->state);
  };
  const auto persons = rows.find("victims_compensated");
  if (persons != rows.end()) {
    std::for_each(persons->second.states.begin(), persons->second.states.end(), note);
    if (persons->second.total != nullptr) note(persons->second.total);
  }
  std::map<std::string, size_t> hidden;  // by counter: so many states
  for (StatisticsCell& cell : cells) {
    if (!cell.counter.starts_with("victims_compensated_minor") || cell.value == 0) continue;
    const bool told = many.count(cell.state) != 0 && cell.records.size() >= kSmallestCell;
    cell.suppressed = cell.suppressed || !told;
    if (cell.suppressed && !cell.state.empty()) ++hidden[cell.counter];
  }
  for (StatisticsCell& cell : cells) {
    const auto states = hidden.find(cell.counter);
    const bool follows = states != hidden.end() && states->second == 1;
    if (cell.state.empty() && follows) cell.suppressed = true;
  }
}

}  // namespace

std::vector<StatisticsCell> Publishable(std::vector<StatisticsCell> cells) {
  Rows rows;
  for (StatisticsCell& cell : cells) {
    if (!cell.persons) continue;
    Row& row = rows[cell.counter];
    if (cell.state.empty()) {
      row.total = &cell;
    } else {
      row.states.push_back(&cell);
    }
  }
  for (auto& [counter, row] : rows) {
    std::stable_sort(row.states.begin(), row.states.end(),
                     [](const auto* a, const auto* b) { return a->value < b->value; });
  }
  // Each turn hides something more, or is the last.
  do {
    for (const auto& [counter, row] : rows) SuppressRow(row);
  } while (SuppressDifferences(rows));
  SuppressMoney(rows, cells);
  DropBreakdowns(rows, cells);
  for (StatisticsCell& cell : cells) {
    if (!cell.suppressed) continue;
    cell.value = 0;
    cell.records.clear();
  }
  return cells;
}

std::vector<StatisticsCell> WithoutSmallParts(std::vector<StatisticsCell> cells) {
  std::set<std::string> left;
  for (const StatisticsCell& cell : Publishable(cells)) left.insert(cell.counter);
  std::erase_if(cells, [&](const StatisticsCell& cell) {
    return !BreakdownOf(cell.counter).empty() && left.count(cell.counter) == 0;
  });
  return cells;
}

Statistics WithoutVictims(Statistics counted) {
  counted.cells = WithoutSmallParts(std::move(counted.cells));
  const auto of_victims = [](const std::string& text) { return text.starts_with("victims_"); };
  for (StatisticsCell& cell : counted.cells) {
    if (of_victims(cell.counter)) cell.records.clear();
  }
  std::erase_if(counted.findings,
                [&](const Finding& finding) { return of_victims(finding.field); });
  return counted;
}

std::vector<std::string> Differences(const std::vector<StatisticsCell>& cells,
                                     const v1::OperationClosing& claimed) {
  using Key = std::pair<std::string, std::string>;
  std::map<Key, uint64_t> ours, theirs;
  std::set<Key> differ;
  for (const StatisticsCell& cell : cells) ours[{cell.counter, cell.state}] = cell.value;
  for (const v1::CounterValue& c : claimed.counters()) {
    const Key key(c.counter(), c.state());
    if (!theirs.emplace(key, c.value()).second) differ.insert(key);
  }
  const auto value = [](const std::map<Key, uint64_t>& values, const Key& key) {
    const auto found = values.find(key);
    return found == values.end() ? 0 : found->second;
  };
  for (const auto* values : {&ours, &theirs}) {
    for (const auto& [key, unused] : *values) {
      if (value(ours, key) != value(theirs, key)) differ.insert(key);
    }
  }
  std::vector<std::string> out;
  for (const auto& [counter, state] : differ) {
    out.push_back(Cat({counter, state.empty() ? "" : " ", state}));
  }
  return out;
}

}  // namespace palermo::casework
