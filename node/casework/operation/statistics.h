// Closing statistics of a joint operation, computed from its records: each number with the records
// it comes from, persons counted once across states by blinded tokens, small numbers suppressed in
// what leaves the operation. docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_STATISTICS_H_
#define PALERMO_NODE_CASEWORK_OPERATION_STATISTICS_H_

#include <cstdint>
#include <set>
#include <string>
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

// From the records that are effective in `state`.
Statistics CountOperation(const std::vector<SignedRecord>& records, const OperationState& state);

// What may leave the operation: numbers of persons from 1 to 4 are suppressed, and so many more,
// smallest first, that none can be found from the others: from the total and the other states, or
// from a counter that these persons belong to too (arrested, prosecuted).
std::vector<StatisticsCell> Publishable(std::vector<StatisticsCell> cells);

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
