// The ledger's mark: size and root of a checkpoint that this node gave away, in a small file of
// data-dir outside the store's own ones. A start that finds a smaller ledger, another one, or none
// where there is a mark, is refused: to sign on would fork the ledger.
//
// It costs no sync on the way of a message: it is written before the first answer after a start,
// every few seconds while the ledger grows, and at a stop. What is acknowledged in the seconds
// before an unclean end is not under it: should those entries be lost, peers and desks find out.
#ifndef PALERMO_NODE_SERVER_LEDGER_MARK_H_
#define PALERMO_NODE_SERVER_LEDGER_MARK_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/checkpoint.h"

namespace palermo::server {

inline constexpr absl::Duration kMarkEvery = absl::Seconds(5);

std::string LedgerMarkPath(const std::string& data_dir);
// nullopt when there is none. MARK_DAMAGED; FILE_UNREADABLE.
absl::StatusOr<std::optional<crypto::Checkpoint>> ReadLedgerMark(const std::string& data_dir);

// One thread.
class LedgerMark {
 public:
  explicit LedgerMark(std::string data_dir) : data_dir_(std::move(data_dir)) {}

  // The note is the newest checkpoint; the file then has it, durably. Nothing is done for an empty
  // note, and when the file has it already. MARK_NOT_WRITTEN.
  absl::Status Write(const std::string& note);
  // The same, at most once in kMarkEvery. `now` is of a steady clock.
  absl::Status WriteNowAndThen(const std::string& note, absl::Duration now);

 private:
  const std::string data_dir_;
  std::string written_;
  absl::Duration next_ = -absl::InfiniteDuration();
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_LEDGER_MARK_H_
