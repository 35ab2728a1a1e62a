// Closing statistics of a joint operation, computed from its records: each number with the records
// it comes from, persons counted once across states by blinded tokens, small numbers suppressed in
// what leaves the operation. docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_STATISTICS_H_
#define PALERMO_NODE_CASEWORK_OPERATION_STATISTICS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/finding.h"
#include "node/casework/operation/replay.h"

namespace palermo::casework {

struct StatisticsCell {
  std::string counter;  // "victims_rescued", "cash_minor XTS"
  std::string state;    // "" for all: persons are counted once, so it may be less than the sum
  uint64_t value = 0;
  bool persons = false;
  bool suppressed = false;
  std::vector<std::string> records;  // ids, sorted; empty when suppressed

  bool operator==(const StatisticsCell&) const = default;
};

struct Statistics {
  std::vector<StatisticsCell> cells;  // by counter, then state, the total first
  std::vector<Finding> findings;      // R-STAT-01: a person whom two records count
};

// How a number of victims is told apart, for the whole operation only: "victims_referred sex
// FEMALE".
inline constexpr const char* kBreakdowns[] = {"sex", "age_band", "nationality"};

// Every counter that a closing knows (domain 5.5), with what it counts; of money and of what has
// kinds without them: "cash_minor" of "cash_minor XTS".
struct CounterInfo {
  std::string_view name;
  std::string_view unit;   // "persons", "g", "smallest unit", ""
  std::string_view means;  // for people, and for the agreement
  bool persons = false;    // small numbers of them do not leave the operation
};
std::span<const CounterInfo> Counters();

// What was seized, in thousandths of the one unit in which its kind of amount is added: "g", "ml"
// or "pieces". Nothing without a quantity, or with a unit that is none of mg, g, kg, t, ml, cl, l,
// piece and pieces.
struct SeizedAmount {
  std::string_view unit;
  uint64_t thousandths = 0;
};
std::optional<SeizedAmount> AmountOf(const v1::Seizure& seizure);
// The word of the closed list that people mean by another: "DRUG" for "Drugs" and "cocaine", "CASH"
// for "cash money"; the unit that adds up for "kilo" or "KG". "" when it is none of these.
std::string_view SeizedKindMeant(std::string_view word);
std::string_view UnitMeant(std::string_view word);
// Null: none of ours.
const CounterInfo* FindCounter(std::string_view counter);
bool CountsPersons(std::string_view counter);
// The cells, and a total of 0 for each counter that has none: what was not found was looked for.
std::vector<StatisticsCell> WithEveryCounter(std::vector<StatisticsCell> cells);

// From the records that are effective in `state`.
Statistics CountOperation(const std::vector<SignedRecord>& records, const OperationState& state);

// What may leave the operation: numbers of persons from 1 to 4 are suppressed, and so many more,
// smallest first, that none can be found from the others: from the total and the other states, or
// from a counter that these persons belong to too (arrested, prosecuted). A breakdown by sex, age
// or nationality is left out whole unless each of its numbers may be told. What victims were paid
// is suppressed where their number is. REQUIRES: each cell once.
std::vector<StatisticsCell> Publishable(std::vector<StatisticsCell> cells);

// What every officer of a member may see, and what a closing says: a breakdown that may not leave
// is left out, since a part of it may be one person; all else as it is.
std::vector<StatisticsCell> WithoutSmallParts(std::vector<StatisticsCell> cells);
// For an officer inside who does not read VICTIMS: the same, and which records are of victims is
// not said, neither of cells nor of findings.
Statistics WithoutVictims(Statistics counted);

// States that took part and records of which, of a kind that is counted, came without content: the
// figures cannot be counted again here.
std::set<std::string> WithheldOf(const std::vector<SignedRecord>& records,
                                 const OperationState& state);

// The cells whose value is not the sum that another state's closing claims: "counter state". What
// it does not claim counts as 0; what it claims twice differs.
std::vector<std::string> Differences(const std::vector<StatisticsCell>& cells,
                                     const v1::OperationClosing& claimed);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_STATISTICS_H_
