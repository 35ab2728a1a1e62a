#include "node/exchange/peer_checkpoint.h"

#include <utility>

#include "node/exchange/keys.h"
#include "node/exchange/peer_ledger.h"

namespace palermo::exchange {

absl::Status KeepNewest(Tx& tx, const std::string& peer, std::string note) {
  std::string key = keys::PeerCheckpoint(peer);
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Get(key));
  if (stored == note) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(PeerLedger known, PeerLedger::FromNote(stored.value_or("")));
  PALERMO_ASSIGN_OR_RETURN(PeerLedger shown, PeerLedger::FromNote(note));
  if (shown.size() > known.size()) tx.Put(std::move(key), std::move(note));
  return absl::OkStatus();
}

}  // namespace palermo::exchange
