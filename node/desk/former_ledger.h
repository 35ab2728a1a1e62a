// What a directory says of a ledger that lost entries: from the file that a node keeps of its last
// checkpoint, and for people.
#ifndef PALERMO_NODE_DESK_FORMER_LEDGER_H_
#define PALERMO_NODE_DESK_FORMER_LEDGER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::desk {

// `path` begins with the text of a checkpoint: a node's ledger-mark, or a signed note. NO_FILE,
// BAD_EDIT.
absl::StatusOr<v1::FormerLedger> ReadFormerLedger(const std::string& path, uint64_t kept);
// The directory begins the next epoch after the ledger of that checkpoint; in an epoch that has
// begun, its former ledger ends with that larger checkpoint. NO_FILE, BAD_EDIT.
absl::Status SetFormerLedger(const std::string& path, uint64_t kept, v1::Directory* directory);
// One line.
std::string FormerLedgerText(const v1::FormerLedger& former);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_FORMER_LEDGER_H_
