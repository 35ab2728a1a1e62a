#include "node/trust/ledger_epoch.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/trust/document_body.h"

namespace palermo::trust {
namespace {

constexpr size_t kRootBytes = 32;

absl::Status CheckFormer(const v1::FormerLedger& former, std::string_view state, uint64_t epoch) {
  if (former.origin() != LedgerOrigin(state, epoch - 1)) {
    return Bad("node", Cat({"the former ledger is not ", LedgerOrigin(state, epoch - 1)}));
  }
  if (former.size() == 0 || former.root().size() != kRootBytes) {
    return Bad("node", "the former ledger's last checkpoint needs a size and a root of 32 bytes");
  }
  if (former.kept() > former.size()) {
    return Bad("node", "more entries of the former ledger are kept than it had");
  }
  return absl::OkStatus();
}

// A later version may name a larger last checkpoint, which somebody showed meanwhile; nothing else
// of the former ledger changes within an epoch.
absl::Status CheckSameEpoch(const v1::NodeEntry& node, const v1::NodeEntry& before) {
  const v1::FormerLedger& now = node.former_ledger();
  const v1::FormerLedger& then = before.former_ledger();
  const bool smaller = now.size() < then.size();
  const bool another = now.size() == then.size() && now.root() != then.root();
  if (smaller || another || now.kept() != then.kept()) {
    return Bad("node",
               "within an epoch the former ledger stays as it is, or its last checkpoint "
               "becomes a larger one");
  }
  return absl::OkStatus();
}

absl::Status CheckNextEpoch(const v1::NodeEntry& node, const v1::NodeEntry& before) {
  if (node.checkpoint_key() == before.checkpoint_key() ||
      node.cosignature_key() == before.cosignature_key()) {
    return Bad("node", "a new epoch needs another checkpoint key and another cosignature key");
  }
  return absl::OkStatus();
}

}  // namespace

std::string LedgerOrigin(std::string_view state, uint64_t epoch) {
  return Cat({"palermo/", state, "/", std::to_string(epoch)});
}

absl::StatusOr<uint64_t> EpochOf(std::string_view origin, std::string_view state) {
  const std::string prefix = Cat({"palermo/", state, "/"});
  if (origin.substr(0, prefix.size()) != prefix || origin.size() == prefix.size()) {
    return Bad("node", Cat({"the ledger's origin does not begin with ", prefix}));
  }
  const std::string digits(origin.substr(prefix.size()));
  uint64_t epoch = 0;
  if (!absl::SimpleAtoi(digits, &epoch) || epoch == 0 || std::to_string(epoch) != digits) {
    return Bad("node", "the ledger's epoch is not a whole number from 1 on");
  }
  return epoch;
}

absl::Status CheckLedger(const v1::Directory& directory, const v1::Directory* before) {
  const v1::NodeEntry& node = directory.node();
  PALERMO_ASSIGN_OR_RETURN(uint64_t epoch, EpochOf(node.ledger_origin(), directory.state()));
  if (node.has_former_ledger() != (epoch > 1)) {
    return Bad("node", epoch > 1 ? "an epoch after the first names the former ledger"
                                 : "the first epoch has no former ledger");
  }
  if (epoch > 1)
    PALERMO_RETURN_IF_ERROR(CheckFormer(node.former_ledger(), directory.state(), epoch));
  if (before == nullptr) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(uint64_t then, EpochOf(before->node().ledger_origin(), before->state()));
  if (epoch == then) return CheckSameEpoch(node, before->node());
  if (epoch - 1 == then) return CheckNextEpoch(node, before->node());
  return Bad("node", absl::StrFormat("epoch %d does not follow epoch %d of the version before",
                                     epoch, then));
}

absl::Status CheckFormerLedger(const v1::FormerLedger& former, const crypto::Checkpoint& known) {
  if (known.size < former.size()) return absl::OkStatus();
  if (known.size > former.size()) {
    return Refused("EPOCH_HIDES_ENTRIES",
                   absl::StrFormat(
                       "the directory names %d entries as the end of %s, and a checkpoint of %d is "
                       "known here; its state publishes a directory that names that one",
                       former.size(), former.origin(), known.size));
  }
  if (former.root() == AsView(known.root)) return absl::OkStatus();
  return Refused("FORKED_LEDGER",
                 absl::StrFormat("the directory names another checkpoint of %d entries as the end "
                                 "of %s than the one that is known here; keep both",
                                 former.size(), former.origin()));
}

}  // namespace palermo::trust
