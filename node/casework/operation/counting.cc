// What each record of an operation counts as.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/state_code.h"
#include "node/casework/field_words.h"
#include "node/casework/operation/rules.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using Content = v1::OperationRecord::ContentCase;

constexpr char kPersons[] = "persons";
constexpr char kMinor[] = "smallest unit";

constexpr CounterInfo kCounters[] = {
    {"operations", "", "action days that were decided GO"},
    {"victims_identified", kPersons, "victims who are known, each once by blinded token", true},
    {"victims_rescued", kPersons, "of these, brought to safety", true},
    {"victims_referred", kPersons, "of these, referred to those who help", true},
    {"victims_supported", kPersons, "of these, helped", true},
    {"victims_told_remedies", kPersons, "of these, told of their remedies", true},
    {"victims_compensated", kPersons, "of these, awarded compensation", true},
    {"persons_arrested", kPersons, "persons arrested, each once by blinded token", true},
    {"persons_charged", kPersons, "persons charged or prosecuted", true},
    {"persons_prosecuted", kPersons, "persons prosecuted", true},
    {"persons_convicted", kPersons, "persons convicted", true},
    {"searches", "", "searches that were carried out"},
    {"seizures", "", "seizures, by kind"},
    {"drugs_g", "g", "drugs that were seized by weight"},
    {"drugs_ml", "ml", "drugs that were seized by volume"},
    {"drugs_pieces", "pieces", "drugs that were seized by number: tablets, plants"},
    {"goods_g", "g", "other things that were seized by weight"},
    {"goods_ml", "ml", "other things that were seized by volume"},
    {"goods_pieces", "pieces", "other things that were seized by number"},
    {"firearms", "pieces", "firearms that were seized"},
    {"cash_minor", kMinor, "cash that was seized, by currency"},
    {"crypto_minor", kMinor, "crypto-assets that were seized, by currency"},
    {"assets_frozen_minor", kMinor, "accounts that were frozen, by currency"},
    {"assets_confiscated_minor", kMinor, "property that was confiscated, by currency"},
    {"assets_returned_minor", kMinor, "property that was returned, by currency"},
    {"victims_compensated_minor", kMinor, "what victims were paid, by currency"},
    {"controlled_deliveries", "", "controlled deliveries that were decided GO"},
    {"requests_sent", "", "requests to other states, each reference once"},
    {"requests_executed", "", "of these, executed"},
    {"requests_refused", "", "of these, refused"},
    {"migrants_assisted", kPersons, "smuggled migrants who were assisted", true},
    {"deaths_at_sea", kPersons, "deaths at sea", true},
    {"use_of_force", "", "times that force was used", true},
    {"complaints", "", "complaints against what officers did", true},
    {"sar_events", "", "events of search and rescue"},
    {"tasks", "", "tasks that were given"},
    {"tasks_selected", "", "tasks by the grounds of their selection"},
};

struct Sum {
  uint64_t value = 0;
  uint64_t thousandths = 0;      // of an amount, below one of its unit
  uint64_t nameless = 0;         // persons without a token
  std::set<std::string> tokens;  // of persons
  std::set<std::string> records;
};
using Sums = std::map<std::string, Sum>;  // by state; "" for all

constexpr uint64_t kThousand = 1000;

struct UnitRow {
  std::string_view word, unit;
  double thousandths;  // of `unit`
};
constexpr UnitRow kUnitRows[] = {
    {"mg", "g", 1},   {"g", "g", 1e3},          {"kg", "g", 1e6},
    {"t", "g", 1e9},  {"ml", "ml", 1e3},        {"cl", "ml", 1e4},
    {"l", "ml", 1e6}, {"piece", "pieces", 1e3}, {"pieces", "pieces", 1e3},
};
// Above it nobody has weighed anything; a sum of as many records as fit stays below 2^64.
constexpr double kMostThousandths = 1e15;

uint64_t Plus(uint64_t a, uint64_t b) { return a + std::min(b, UINT64_MAX - a); }

// What is known of one person: the first record that says it counts.
struct Traits {
  std::map<std::string, std::string> words;  // by kBreakdowns
  std::set<std::string> records;
};

class Counter {
 public:
  void Add(const std::string& counter, const SignedRecord& r, uint64_t value) {
    if (value == 0) return;
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      // A sum that does not fit says the most that does.
      sum.value = Plus(sum.value, value);
      sum.records.insert(r.id);
    }
  }

  // Many small amounts are a large one: what is below one of the unit is kept.
  void AddAmount(const std::string& counter, const SignedRecord& r, uint64_t thousandths) {
    if (thousandths == 0) return;
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      const uint64_t small = sum.thousandths + thousandths % kThousand;
      sum.value = Plus(sum.value, Plus(thousandths / kThousand, small / kThousand));
      sum.thousandths = small % kThousand;
      sum.records.insert(r.id);
    }
  }

  // The same reference counts once, for a state and for all.
  void AddOnce(const std::string& counter, const SignedRecord& r, const std::string& ref) {
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      sum.tokens.insert(ref);
      sum.value = sum.tokens.size();
      sum.records.insert(r.id);
    }
  }

  // A person without a token is one of its own.
  void AddPerson(const std::string& counter, const SignedRecord& r, const std::string& token,
                 bool counts) {
    if (!counts) return;
    const std::string who = Who(r, token);
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      if (!sum.tokens.insert(who).second && state.empty())
        twice_.insert(Cat({counter, ": ", r.id}));
      sum.value = Plus(sum.tokens.size(), sum.nameless);
      sum.records.insert(r.id);
    }
  }
  // So many persons of whom there are no tokens.
  void AddNameless(const std::string& counter, const SignedRecord& r, uint64_t n) {
    for (const std::string& state : {std::string(), r.signer}) {
      Sum& sum = sums_[counter][state];
      sum.nameless = Plus(sum.nameless, n);
      sum.value = Plus(sum.tokens.size(), sum.nameless);
      sum.records.insert(r.id);
    }
  }

  void Describe(const SignedRecord& r, const v1::VictimRecord& victim) {
    Traits& traits = traits_[Who(r, victim.token())];
    traits.records.insert(r.id);
    // A record has its effect whatever it says: words of no list would be lines of a table.
    const auto known = [](const char* field, const std::string& word) {
      return word != "UNKNOWN" && IsWordOf("VictimRecord", field, word);
    };
    const auto note = [&](const char* kind, const std::string& said, bool is_known) {
      std::string& word = traits.words[kind];
      if (word.empty() && is_known) word = said;
    };
    note("sex", victim.sex(), known("sex", victim.sex()));
    note("age_band", victim.age_band(), known("age_band", victim.age_band()));
    note("nationality", victim.nationality(), IsStateCode(victim.nationality()));
  }

  // Three capitals; XXX for anything else, and for more of them than a state can have.
  std::string Currency(const SignedRecord& r, const std::string& said) {
    std::set<std::string>& known = currencies_[r.signer];
    const bool form = said.size() == 3 && std::all_of(said.begin(), said.end(),
                                                      [](char c) { return c >= 'A' && c <= 'Z'; });
    const bool room = known.size() < kMaxCurrenciesOfAState || known.count(said) != 0;
    if (!form || !room) return "XXX";
    known.insert(said);
    return said;
  }

  Statistics Result() const {
    Statistics out;
    for (const auto& [counter, sums] : sums_) {
      for (const auto& [state, sum] : sums) {
        out.cells.push_back({counter,
                             state,
                             sum.value,
                             CountsPersons(counter),
                             false,
                             {sum.records.begin(), sum.records.end()}});
      }
    }
    for (const char* counter : {"victims_identified", "victims_referred", "victims_rescued"}) {
      for (const char* kind : kBreakdowns) AddBreakdown(counter, kind, out.cells);
    }
    std::stable_sort(out.cells.begin(), out.cells.end(), [](const auto& a, const auto& b) {
      return std::tie(a.counter, a.state) < std::tie(b.counter, b.state);
    });
    for (const std::string& where : twice_) Tell("R-STAT-01.twice", where, out.findings);
    return out;
  }

 private:
  static std::string Who(const SignedRecord& r, const std::string& token) {
    return token.empty() ? Cat({"record ", r.id}) : Cat({"token ", token});
  }

  // Nothing, where nobody said anything of the kind.
  void AddBreakdown(const std::string& counter, const char* kind,
                    std::vector<StatisticsCell>& cells) const {
    const auto sums = sums_.find(counter);
    if (sums == sums_.end()) return;
    std::map<std::string, std::pair<uint64_t, std::set<std::string>>> parts;
    for (const std::string& who : sums->second.at("").tokens) {
      const auto traits = traits_.find(who);
      if (traits == traits_.end()) continue;
      const std::string& word = traits->second.words.at(kind);
      auto& [n, records] = parts[word.empty() ? "UNKNOWN" : word];
      ++n;
      records.insert(traits->second.records.begin(), traits->second.records.end());
    }
    if (parts.empty() || (parts.size() == 1 && parts.count("UNKNOWN") != 0)) return;
    for (const auto& [word, part] : parts) {
      cells.push_back({Cat({counter, " ", kind, " ", word}),
                       "",
                       part.first,
                       true,
                       false,
                       {part.second.begin(), part.second.end()}});
    }
  }

  std::map<std::string, Sums> sums_;
  std::map<std::string, Traits> traits_;
  std::map<std::string, std::set<std::string>> currencies_;  // by state
  std::set<std::string> twice_;
};

void AddSeizure(const SignedRecord& r, Counter& counter) {
  const v1::Seizure& s = r.record.seizure();
  const bool known =
      !s.kind().empty() && s.kind() != "OTHER" && IsWordOf("Seizure", "kind", s.kind());
  counter.Add(Cat({"seizures ", known ? s.kind() : "OTHER"}), r, 1);
  const bool drug = s.kind() == "DRUG", firearm = s.kind() == "FIREARM";
  const auto amount_of = AmountOf(s);
  const bool pieces = amount_of.has_value() && amount_of->unit == "pieces";
  if (firearm) counter.Add("firearms", r, pieces ? amount_of->thousandths / kThousand : s.n());
  if (amount_of.has_value() && (drug || !known)) {
    counter.AddAmount(Cat({drug ? "drugs_" : "goods_", amount_of->unit}), r,
                      amount_of->thousandths);
  } else if (drug) {
    counter.Add("drugs_g", r, s.g());
  }
  if (s.minor() <= 0) return;
  const auto minor = static_cast<uint64_t>(s.minor());
  const std::string amount = Cat({"_minor ", counter.Currency(r, s.ccy())});
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

void AddVictim(const SignedRecord& r, Counter& counter) {
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
  counter.AddPerson("victims_compensated", r, victim.token(), support.compensation() == "AWARDED");
  counter.Describe(r, victim);
}

void AddArrest(const SignedRecord& r, Counter& counter) {
  const v1::ArrestRecord& arrest = r.record.arrest();
  counter.AddPerson("persons_arrested", r, arrest.token(), true);
  counter.AddPerson("persons_charged", r, arrest.token(), arrest.charged() || arrest.prosecuted());
  counter.AddPerson("persons_prosecuted", r, arrest.token(), arrest.prosecuted());
  counter.AddPerson("persons_convicted", r, arrest.token(), arrest.convicted());
}

void AddOutcome(const SignedRecord& r, Counter& counter) {
  const v1::OutcomeEntry& outcome = r.record.outcome();
  const std::string& kind = outcome.kind();
  const uint64_t n = std::max<uint32_t>(outcome.n(), 1);
  const auto is = [&](const char* word) { return kind == word; };
  const auto money = [&](const char* name) {
    counter.Add(Cat({name, "_minor ", counter.Currency(r, outcome.ccy())}), r,
                static_cast<uint64_t>(outcome.minor()));
  };
  const auto persons = [&](const char* name) {
    if (outcome.token().empty()) {
      counter.AddNameless(name, r, n);
    } else {
      counter.AddPerson(name, r, outcome.token(), true);
    }
  };
  if (is("PERSON_CHARGED") || is("PERSON_PROSECUTED")) persons("persons_charged");
  if (is("PERSON_PROSECUTED")) persons("persons_prosecuted");
  if (is("PERSON_CONVICTED")) persons("persons_convicted");
  if (is("MIGRANT_ASSISTED")) persons("migrants_assisted");
  if (is("DEATH_AT_SEA")) persons("deaths_at_sea");
  if (is("SEARCH")) counter.Add("searches", r, n);
  if (is("COMPLAINT")) counter.Add("complaints", r, n);
  if (is("SAR_EVENT")) counter.Add("sar_events", r, n);
  if (is("REQUEST_SENT")) counter.AddOnce("requests_sent", r, outcome.ref());
  if (is("REQUEST_EXECUTED")) counter.AddOnce("requests_executed", r, outcome.ref());
  if (is("REQUEST_REFUSED")) counter.AddOnce("requests_refused", r, outcome.ref());
  if (outcome.minor() <= 0) return;
  if (is("ASSETS_CONFISCATED")) money("assets_confiscated");
  if (is("ASSETS_RETURNED")) money("assets_returned");
  if (is("VICTIM_COMPENSATED")) money("victims_compensated");
}

// The same report that is sent again, with what was learnt since, is one use.
void AddForce(const SignedRecord& r, const std::string& use, Counter& counter) {
  counter.AddOnce("use_of_force", r, Cat({r.signer, " ", use}));
}

// What AddRecord takes, and decisions.
bool IsCounted(Content kind) {
  return kind == Content::kVictim || kind == Content::kArrest || kind == Content::kSeizure ||
         kind == Content::kTasking || kind == Content::kSituation || kind == Content::kDecision ||
         kind == Content::kForce || kind == Content::kOutcome;
}

// `told`: situation reports of which a report on use of force says more.
void AddRecord(const SignedRecord& r, const std::set<std::string>& told, Counter& counter) {
  switch (r.record.content_case()) {
    case Content::kVictim:
      AddVictim(r, counter);
      break;
    case Content::kArrest:
      AddArrest(r, counter);
      break;
    case Content::kSeizure:
      AddSeizure(r, counter);
      break;
    case Content::kTasking:
      counter.Add("tasks", r, 1);
      AddGrounds(r, counter);
      break;
    case Content::kSituation:
      if (r.record.situation().force_used() && told.count(r.id) == 0) {
        AddForce(r, Cat({"situation ", r.id}), counter);
      }
      break;
    case Content::kForce: {
      const std::string& id = r.record.force().id();
      AddForce(r, id.empty() ? Cat({"record ", r.id}) : Cat({"report ", id}), counter);
      break;
    }
    case Content::kOutcome:
      AddOutcome(r, counter);
      break;
    default:
      break;
  }
}

}  // namespace

std::span<const CounterInfo> Counters() { return kCounters; }

std::optional<SeizedAmount> AmountOf(const v1::Seizure& seizure) {
  const auto* row = std::find_if(std::begin(kUnitRows), std::end(kUnitRows),
                                 [&](const UnitRow& one) { return one.word == seizure.unit(); });
  if (row == std::end(kUnitRows) || !(seizure.quantity() > 0)) return std::nullopt;
  const double thousandths = seizure.quantity() * row->thousandths;
  if (!(thousandths <= kMostThousandths)) return std::nullopt;
  return SeizedAmount{row->unit, static_cast<uint64_t>(std::llround(thousandths))};
}

const CounterInfo* FindCounter(std::string_view counter) {
  const std::string_view name = counter.substr(0, counter.find(' '));
  const auto* found = std::find_if(std::begin(kCounters), std::end(kCounters),
                                   [&](const CounterInfo& one) { return one.name == name; });
  return found == std::end(kCounters) ? nullptr : found;
}

bool CountsPersons(std::string_view counter) {
  const CounterInfo* info = FindCounter(counter);
  return info != nullptr && info->persons;
}

std::vector<StatisticsCell> WithEveryCounter(std::vector<StatisticsCell> cells) {
  std::set<std::string_view> there;
  for (const StatisticsCell& cell : cells) {
    const CounterInfo* info = FindCounter(cell.counter);
    if (info != nullptr) there.insert(info->name);
  }
  for (const CounterInfo& info : kCounters) {
    if (there.count(info.name) != 0) continue;
    cells.push_back({std::string(info.name), "", 0, info.persons, false, {}});
  }
  std::stable_sort(cells.begin(), cells.end(), [](const auto& a, const auto& b) {
    return std::tie(a.counter, a.state) < std::tie(b.counter, b.state);
  });
  return cells;
}

Statistics CountOperation(const std::vector<SignedRecord>& records, const OperationState& state) {
  std::map<std::string, const SignedRecord*> by_id;
  for (const SignedRecord& r : records) by_id.emplace(r.id, &r);
  std::vector<const SignedRecord*> counted;
  std::set<std::string> told;
  for (const JudgedRecord& judged : state.records) {
    const auto found = by_id.find(judged.id);
    if (!judged.effective || found == by_id.end()) continue;
    counted.push_back(found->second);
    // One state does not take another's report out of the figures.
    const auto report = by_id.find(found->second->record.force().situation());
    if (report != by_id.end() && report->second->signer == found->second->signer) {
      told.insert(report->first);
    }
  }
  Counter counter;
  for (const SignedRecord* r : counted) AddRecord(*r, told, counter);
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

}  // namespace palermo::casework
