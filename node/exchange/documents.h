// Roster, charters and directories of this node: verified before use, persisted before use, every
// version a ledger entry.
#ifndef PALERMO_NODE_EXCHANGE_DOCUMENTS_H_
#define PALERMO_NODE_EXCHANGE_DOCUMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// The view that the store holds, checked from the anchor on. A new store gets the anchor alone.
absl::StatusOr<trust::TrustPtr> LoadTrust(const storage::KvReader& store,
                                          const v1::SignedDocument& first_roster,
                                          const Hash& fingerprint);

// Publishing at the own node. Answers the entry's index; the same document again gets the same
// answer where its entry is known. Codes of trust::Verify*, OLD_VERSION, VERSION_FORK,
// WRONG_SENDER.
absl::StatusOr<uint64_t> DecidePublish(Tx& tx, const v1::PublishRequest& request,
                                       const std::string& actor);

// Documents that a peer's directory service gave. True when something was new.
absl::StatusOr<bool> DecideOffer(Tx& tx, const std::string& state,
                                 const v1::GetDocumentsResponse& documents);

// A directory version of a state, newest or kept; null when it is not known.
trust::DirectoryPtr FindDirectory(const storage::KvReader& store, const trust::TrustView& view,
                                  const std::string& state, uint64_t version);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DOCUMENTS_H_
