#include "node/exchange/peer_ledger.h"

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "node/trust/receipt.h"

namespace palermo::exchange {

absl::StatusOr<PeerLedger> PeerLedger::FromNote(const std::string& note) {
  PeerLedger ledger;
  if (note.empty()) return ledger;
  PALERMO_ASSIGN_OR_RETURN(crypto::Note parsed, crypto::ParseNote(note));
  PALERMO_ASSIGN_OR_RETURN(ledger.newest_, crypto::ParseCheckpointText(parsed.text));
  ledger.note_ = note;
  return ledger;
}

absl::StatusOr<crypto::Checkpoint> PeerLedger::Check(const trust::DirectoryIndex& directory,
                                                     const std::string& note,
                                                     const std::vector<Hash>& consistency) {
  const std::string& key = directory.body().node().checkpoint_key();
  if (!note_.empty() && note == note_ && key == key_) return newest_;
  PALERMO_ASSIGN_OR_RETURN(crypto::Checkpoint checkpoint,
                           trust::VerifyNodeCheckpoint(note, directory));
  bool fits = true;
  if (note_.empty() || newest_.size == 0 || checkpoint.size == 0) {
    fits = checkpoint.size != 0 || newest_.size == 0;
  } else if (checkpoint.size == newest_.size) {
    fits = checkpoint.root == newest_.root;
  } else if (checkpoint.size > newest_.size) {
    fits = crypto::VerifyConsistency(newest_.size, checkpoint.size, consistency, newest_.root,
                                     checkpoint.root)
               .ok();
  } else {
    fits = crypto::VerifyConsistency(checkpoint.size, newest_.size, consistency, checkpoint.root,
                                     newest_.root)
               .ok();
  }
  if (!fits) {
    conflict_ = note;
    const std::string& state = directory.body().state();
    if (checkpoint.size == newest_.size) {
      return Refused("FORKED_LEDGER",
                     Cat({"two checkpoints of ", state,
                          " have one size and two roots; keep both, they prove the fork"}));
    }
    return Refused(
        "FORKED_LEDGER",
        absl::StrFormat("nothing that came proves that the checkpoints of %s of %d and of %d "
                        "entries are of one ledger; keep both, and ask %s for that proof",
                        state, newest_.size, checkpoint.size, state));
  }
  if (note_.empty() || checkpoint.size > newest_.size) {
    newest_ = checkpoint;
    note_ = note;
    key_ = key;
  } else if (note == note_) {
    key_ = key;
  }
  return checkpoint;
}

}  // namespace palermo::exchange
