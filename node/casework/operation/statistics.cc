#include "node/casework/operation/statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "node/casework/field_words.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using Content = v1::OperationRecord::ContentCase;

struct Sum {
  uint64_t value = 0;
  std::set<std::string> tokens;  // of persons
  std::set<std::string> records;
};
using Sums = std::map<std::string, Sum>;  // by state; "" for all

class Counter {
 public:
  void Add(const std::string& counter, const SignedRecord& r, uint64_t value) {
    if (value == 0) return;
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      // A sum that does not fit says the most that does.
      sum.value += std::min(value, UINT64_MAX - sum.value);
      sum.records.insert(r.id);
    }
  }

  // A person without a token is one of its own.
  void AddPerson(const std::string& counter, const SignedRecord& r, const std::string& token,
                 bool counts) {
    if (!counts) return;
    const std::string who = token.empty() ? Cat({"record ", r.id}) : Cat({"token ", token});
    persons_.insert(counter);
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      if (!sum.tokens.insert(who).second && state.empty())
        twice_.insert(Cat({counter, ": ", r.id}));
      sum.value = sum.tokens.size();
      sum.records.insert(r.id);
    }
  }

  Statistics Result() const {
    Statistics out;
    for (const auto& [counter, sums] : sums_) {
      for (const auto& [state, sum] : sums) {
        out.cells.push_back({counter,
                             state,
                             sum.value,
                             persons_.count(counter) != 0,
                             false,
                             {sum.records.begin(), sum.records.end()}});
      }
    }
    for (const std::string& where : twice_) Tell("R-STAT-01.twice", where, out.findings);
    return out;
  }

 private:
  std::map<std::string, Sums> sums_;
  std::set<std::string> persons_, twice_;
};

void AddSeizure(const SignedRecord& r, Counter& counter) {
  const v1::Seizure& s = r.record.seizure();
  const std::string amount = s.minor() > 0 ? Cat({"_minor ", s.ccy()}) : "";
  if (s.kind() == "FIREARM") counter.Add("firearms", r, s.n());
  if (s.kind() == "DRUG") counter.Add("drugs_g", r, s.g());
  if (s.minor() <= 0) return;
  const auto minor = static_cast<uint64_t>(s.minor());
  if (s.kind() == "CASH") counter.Add(Cat({"cash", amount}), r, minor);
  if (s.kind() == "CRYPTO") counter.Add(Cat({"crypto", amount}), r, minor);
  if (s.kind() == "ACCOUNT") counter.Add(Cat({"assets_frozen", amount}), r, minor);
}

// HR-05: how many tasks chose persons by what; each ground of a task counts once.
void AddGrounds(const SignedRecord& r, Counter& counter) {
  const auto& said = r.record.tasking().selection_grounds();
  const std::set<std::string> grounds(said.begin(), said.end());
  for (const std::string& ground : grounds) {
    if (ground.empty() || !IsWordOf("Tasking", "selection_grounds", ground)) continue;
    counter.Add(Cat({"tasks_selected ", ground}), r, 1);
  }
}

// What AddRecord takes, and decisions.
bool IsCounted(Content kind) {
  return kind == Content::kVictim || kind == Content::kArrest || kind == Content::kSeizure ||
         kind == Content::kTasking || kind == Content::kSituation || kind == Content::kDecision;
}

void AddRecord(const SignedRecord& r, Counter& counter) {
  switch (r.record.content_case()) {
    case Content::kVictim: {
      const v1::VictimRecord& victim = r.record.victim();
      // Whoever was helped is a victim who is known.
      const bool identified = victim.identified() || victim.rescued() || victim.referred() ||
                              victim.victim_support().supported() ||
                              victim.victim_support().told_remedies() ||
                              victim.victim_support().compensation() == "AWARDED";
      counter.AddPerson("victims_identified", r, victim.token(), identified);
      counter.AddPerson("victims_rescued", r, victim.token(), victim.rescued());
      counter.AddPerson("victims_referred", r, victim.token(), victim.referred());
      // HR-21: who received nothing is the difference.
      const v1::VictimSupport& support = victim.victim_support();
      counter.AddPerson("victims_supported", r, victim.token(), support.supported());
      counter.AddPerson("victims_told_remedies", r, victim.token(), support.told_remedies());
      counter.AddPerson("victims_compensated", r, victim.token(),
                        support.compensation() == "AWARDED");
      break;
    }
    case Content::kArrest: {
      const v1::ArrestRecord& arrest = r.record.arrest();
      counter.AddPerson("persons_arrested", r, arrest.token(), true);
      counter.AddPerson("persons_prosecuted", r, arrest.token(), arrest.prosecuted());
      counter.AddPerson("persons_convicted", r, arrest.token(), arrest.convicted());
      break;
    }
    case Content::kSeizure:
      AddSeizure(r, counter);
      break;
    case Content::kTasking:
      counter.Add("tasks", r, 1);
      AddGrounds(r, counter);
      break;
    case Content::kSituation:
      counter.Add("use_of_force", r, r.record.situation().force_used() ? 1 : 0);
      break;
    default:
      break;
  }
}

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
    {"persons_prosecuted", "persons_convicted"},
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
std::vector<std::pair<StatisticsCell*, StatisticsCell*>> PairsOf(const Row& outer,
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
    for (const auto& [one, other] : PairsOf(large->second, part->second)) {
      if (one->suppressed || other->suppressed || one->value < other->value) continue;
      if (!IsSmall(one->value - other->value)) continue;
      other->suppressed = changed = true;
    }
  }
  return changed;
}

}  // namespace

Statistics CountOperation(const std::vector<SignedRecord>& records, const OperationState& state) {
  std::map<std::string, const SignedRecord*> by_id;
  for (const SignedRecord& r : records) by_id.emplace(r.id, &r);
  Counter counter;
  for (const JudgedRecord& judged : state.records) {
    const auto found = by_id.find(judged.id);
    if (judged.effective && found != by_id.end()) AddRecord(*found->second, counter);
  }
  for (const DecisionState& decision : state.decisions) {
    const auto found = by_id.find(decision.id);
    if (decision.outcome != DecisionOutcome::kGo || found == by_id.end()) continue;
    if (decision.kind == "ACTION_DAY") counter.Add("operations", *found->second, 1);
    if (decision.kind == "CONTROLLED_DELIVERY") {
      counter.Add("controlled_deliveries", *found->second, 1);
    }
  }
  return counter.Result();
}

std::set<std::string> WithheldOf(const std::vector<SignedRecord>& records,
                                 const OperationState& state) {
  std::set<std::string> withheld;
  for (const JudgedRecord& judged : state.records) {
    if (judged.verdict == RecordVerdict::kWithheld) withheld.insert(judged.id);
  }
  std::set<std::string> states;
  for (const SignedRecord& r : records) {
    // Records of who never took part count nowhere.
    const bool took_part = state.members.count(r.signer) + state.departed.count(r.signer) != 0;
    if (took_part && withheld.count(r.id) != 0 && IsCounted(KindOf(r.record))) {
      states.insert(r.signer);
    }
  }
  return states;
}

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
  for (StatisticsCell& cell : cells) {
    if (!cell.suppressed) continue;
    cell.value = 0;
    cell.records.clear();
  }
  return cells;
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
