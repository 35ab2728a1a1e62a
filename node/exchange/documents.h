// Roster, charters and directories of this node: verified before use, persisted before use, every
// version a ledger entry. What is served to others: document_answers.h.
#ifndef PALERMO_NODE_EXCHANGE_DOCUMENTS_H_
#define PALERMO_NODE_EXCHANGE_DOCUMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/peer_ledger.h"
#include "node/exchange/tx.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

// The view that the store holds, checked from the anchor on. A new store gets the anchor alone.
absl::StatusOr<trust::TrustPtr> LoadTrust(const storage::KvReader& store,
                                          const v1::SignedDocument& first_roster,
                                          const Hash& fingerprint);

// Publishing at the own node. Answers the entry's index; of a roster that changes known roots
// without their signature it is the entry that it waits. Codes of trust::Verify*, OLD_VERSION,
// VERSION_FORK, WRONG_SENDER.
absl::StatusOr<uint64_t> DecidePublish(Tx& tx, const v1::PublishRequest& request,
                                       const std::string& actor);

// An administrator compared the fingerprint of a state's new roots out of band. Answers the index
// of the confirmation's entry; what it frees is taken in the same write.
absl::StatusOr<uint64_t> DecideConfirmRoots(Tx& tx, const std::string& state,
                                            const Hash& fingerprint, const std::string& actor);

// Documents that a peer's directory service gave. `ledger`: with the peer's newest checkpoint that
// we told it when we asked, which the receipts must fit (FORKED_LEDGER). True when something was
// new.
absl::StatusOr<bool> DecideOffer(Tx& tx, const std::string& state,
                                 const v1::GetDocumentsResponse& documents, OfferedLedger* ledger);

// The two documents that a VERSION_FORK of `offered` is about: the known one first. Empty when the
// offer has no other document of a known version that the state's own keys signed.
v1::PeerFault FindFork(const storage::KvReader& store, const trust::TrustPtr& view,
                       const std::string& state, const v1::GetDocumentsResponse& offered);

// A directory version of a state, newest or kept; null when it is not known.
trust::DirectoryPtr FindDirectory(const storage::KvReader& store, const trust::TrustView& view,
                                  const std::string& state, uint64_t version);
// The charter that it was signed under; nullopt when it is not known.
absl::StatusOr<std::optional<v1::SignedDocument>> FindDirectoryCharter(
    const storage::KvReader& store, const std::string& state, uint64_t directory_version);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DOCUMENTS_H_
