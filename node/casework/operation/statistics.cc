#include "node/casework/operation/statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/bytes.h"
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

void AddRecord(const SignedRecord& r, Counter& counter) {
  switch (r.record.content_case()) {
    case Content::kVictim: {
      const v1::VictimRecord& victim = r.record.victim();
      const bool identified = victim.identified() || victim.rescued() || victim.referred();
      counter.AddPerson("victims_identified", r, victim.token(), identified);
      counter.AddPerson("victims_rescued", r, victim.token(), victim.rescued());
      counter.AddPerson("victims_referred", r, victim.token(), victim.referred());
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
      break;
    case Content::kSituation:
      counter.Add("use_of_force", r, r.record.situation().force_used() ? 1 : 0);
      break;
    default:
      break;
  }
}

// --- Suppression

using Row = std::vector<StatisticsCell*>;

bool IsSmall(const StatisticsCell& cell) { return cell.value > 0 && cell.value < kSmallestCell; }

void SuppressRow(StatisticsCell* total, Row states) {
  std::stable_sort(states.begin(), states.end(),
                   [](const auto* a, const auto* b) { return a->value < b->value; });
  uint64_t hidden = 0, cells = 0;
  const auto hide = [&](StatisticsCell& cell) {
    cell.suppressed = true;
    hidden += cell.value;
    ++cells;
  };
  for (StatisticsCell* cell : states) {
    if (IsSmall(*cell)) hide(*cell);
  }
  if (total != nullptr && IsSmall(*total)) total->suppressed = true;
  if (cells == 0 || total == nullptr || total->suppressed) return;
  // What the total leaves over must not be a small number, nor that of one state.
  for (StatisticsCell* cell : states) {
    if (cells >= 2 && hidden >= kSmallestCell) return;
    if (!cell->suppressed && cell->value > 0) hide(*cell);
  }
  if (cells < 2 || hidden < kSmallestCell) total->suppressed = true;
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

std::vector<StatisticsCell> Publishable(std::vector<StatisticsCell> cells) {
  std::map<std::string, std::pair<StatisticsCell*, Row>> rows;
  for (StatisticsCell& cell : cells) {
    if (!cell.persons) continue;
    auto& [total, states] = rows[cell.counter];
    if (cell.state.empty()) {
      total = &cell;
    } else {
      states.push_back(&cell);
    }
  }
  for (auto& [counter, row] : rows) SuppressRow(row.first, std::move(row.second));
  for (StatisticsCell& cell : cells) {
    if (!cell.suppressed) continue;
    cell.value = 0;
    cell.records.clear();
  }
  return cells;
}

std::vector<std::string> Differences(const std::vector<StatisticsCell>& cells,
                                     const v1::OperationClosing& claimed) {
  std::map<std::pair<std::string, std::string>, uint64_t> ours, theirs;
  for (const StatisticsCell& cell : cells) ours[{cell.counter, cell.state}] = cell.value;
  for (const v1::CounterValue& c : claimed.counters()) theirs[{c.counter(), c.state()}] = c.value();
  std::vector<std::string> out;
  for (const auto& [key, value] : theirs) {
    const auto found = ours.find(key);
    const uint64_t counted = found == ours.end() ? 0 : found->second;
    if (counted != value)
      out.push_back(Cat({key.first, key.second.empty() ? "" : " ", key.second}));
  }
  return out;
}

}  // namespace palermo::casework
