#include "node/desk/former_ledger.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/checkpoint.h"
#include "node/desk/files.h"
#include "node/trust/ledger_epoch.h"

namespace palermo::desk {
namespace {

constexpr size_t kMaxCheckpointFileBytes = 16384;
constexpr int kCheckpointLines = 3;

}  // namespace

absl::StatusOr<v1::FormerLedger> ReadFormerLedger(const std::string& path, uint64_t kept) {
  PALERMO_ASSIGN_OR_RETURN(std::string text, ReadFile(path, kMaxCheckpointFileBytes));
  size_t end = 0;
  for (int line = 0; line < kCheckpointLines && end != std::string::npos; ++line) {
    const size_t next = text.find('\n', end);
    end = next == std::string::npos ? next : next + 1;
  }
  auto checkpoint =
      crypto::ParseCheckpointText(end == std::string::npos ? text : text.substr(0, end));
  if (!checkpoint.ok()) {
    return InputError("BAD_EDIT",
                      Cat({path,
                           " does not begin with a checkpoint; name the file ledger-mark in "
                           "the data-dir of the node, or the last checkpoint that a peer has "
                           "of its ledger"}));
  }
  v1::FormerLedger former;
  former.set_origin(checkpoint->origin);
  former.set_size(checkpoint->size);
  former.set_root(std::string(AsView(checkpoint->root)));
  former.set_kept(kept);
  return former;
}

absl::Status SetFormerLedger(const std::string& path, uint64_t kept, v1::Directory* directory) {
  v1::NodeEntry* node = directory->mutable_node();
  PALERMO_ASSIGN_OR_RETURN(v1::FormerLedger former, ReadFormerLedger(path, kept));
  PALERMO_ASSIGN_OR_RETURN(uint64_t epoch,
                           trust::EpochOf(node->ledger_origin(), directory->state()));
  if (node->has_former_ledger() && former.origin() == node->former_ledger().origin()) {
    former.set_kept(node->former_ledger().kept());
  } else if (former.origin() == node->ledger_origin()) {
    node->set_ledger_origin(trust::LedgerOrigin(directory->state(), epoch + 1));
  } else {
    return InputError("BAD_EDIT", Cat({path, " is of ", former.origin(), ", not of ",
                                       node->ledger_origin(), " or of the ledger before it"}));
  }
  *node->mutable_former_ledger() = std::move(former);
  return absl::OkStatus();
}

std::string FormerLedgerText(const v1::FormerLedger& former) {
  return absl::StrFormat("of %s with %d entries the first %d are kept, the others are LOST",
                         former.origin(), former.size(), former.kept());
}

}  // namespace palermo::desk
