// Two ledgers of one exchange, message by message: what one state's node entered must have its
// counterpart in the other's. Pure.
#ifndef PALERMO_NODE_DESK_LEDGER_COMPARE_H_
#define PALERMO_NODE_DESK_LEDGER_COMPARE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "palermo/v1/common.pb.h"
#include "palermo/v1/ledger.pb.h"

namespace palermo::desk {

// An entry about a message, as far as it matters here.
struct LedgerLine {
  v1::RecordKind::Code kind = v1::RecordKind::UNSPECIFIED;
  v1::Outcome::Code outcome = v1::Outcome::UNSPECIFIED;
  absl::Time at;
  std::string message;  // hexadecimal
  std::string act;      // a code; "" not said
};

// What `audit list --format json` printed.
struct LedgerFile {
  std::vector<LedgerLine> lines;  // those about messages with `own_state`
  uint64_t entries = 0;
  uint64_t redacted = 0;
  absl::Time first = absl::InfiniteFuture(), last = absl::InfinitePast();
};
// BAD_JSON; WRONG_LEDGER where an entry was made by an officer of another state than `peer`, or
// none concerns `own_state`.
absl::StatusOr<LedgerFile> ParseLedgerFile(const std::string& json, const std::string& what,
                                           const std::string& peer, const std::string& own_state);

struct LedgerDifference {
  std::string message;
  std::string act;
  bool sent_here = false;
  std::string here, there;  // "SUBMISSION 2026-03-02T10:00:00Z, RELAY ACCEPTED ..."; "" nothing
  std::string code;         // NEVER_SENT, NOT_DELIVERED, TAKEN_AND_MISSING, NO_RECEIPT, OUTCOME,
                            // RETRIEVAL, CONFIRMATION
};
struct LedgerComparison {
  uint64_t messages = 0;                      // compared
  uint64_t outside = 0;                       // of our ledger, outside of the time of the file
  std::vector<LedgerDifference> differences;  // in the order of time
};
// `from`, `to`: the time that the file covers. A message is compared when one of the ledgers has it
// in that time as sent or taken over.
LedgerComparison CompareLedgers(const std::vector<LedgerLine>& here,
                                const std::vector<LedgerLine>& there, absl::Time from,
                                absl::Time to);

// The code in plain words, for people.
std::string DifferenceText(const LedgerDifference& difference);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_LEDGER_COMPARE_H_
