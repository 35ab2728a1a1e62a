// What is known of a peer's ledger: its newest checkpoint that was proved to extend all before it.
#ifndef PALERMO_NODE_EXCHANGE_PEER_LEDGER_H_
#define PALERMO_NODE_EXCHANGE_PEER_LEDGER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/checkpoint.h"
#include "node/trust/trust_view.h"

namespace palermo::exchange {

class PeerLedger {
 public:
  PeerLedger() = default;
  // `note` was verified before, or is empty.
  static absl::StatusOr<PeerLedger> FromNote(const std::string& note);

  uint64_t size() const { return newest_.size; }
  const Hash& root() const { return newest_.root; }
  const std::string& note() const { return note_; }
  // The checkpoint that did not fit note().
  const std::string& conflict() const { return conflict_; }

  // Verifies a checkpoint: signed by the directory's node, and consistent with the newest one; the
  // proof leads from the smaller size to the larger. A larger one becomes the newest. BAD_RECEIPT
  // for the signature, FORKED_LEDGER when the two do not fit together: of one size they prove a
  // fork, of two sizes they do as long as the state shows no proof that leads from one to the
  // other.
  absl::StatusOr<crypto::Checkpoint> Check(const trust::DirectoryIndex& directory,
                                           const std::string& note,
                                           const std::vector<Hash>& consistency);

 private:
  crypto::Checkpoint newest_;
  std::string note_;
  std::string key_;  // that the note was verified with; empty: not in this process
  std::string conflict_;
};

// A peer's ledger while documents of it are judged: every receipt must fit what was known when we
// asked. `newest` is the largest checkpoint that did.
struct OfferedLedger {
  PeerLedger base;
  PeerLedger newest;
  std::string conflict;
  bool from_directory = false;  // `base` is of the directory's receipt, not the newest
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_PEER_LEDGER_H_
