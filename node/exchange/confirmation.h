// The second confirmation of what went in an emergency to life with fewer approvals than usual: due
// within 24 hours, entered at both nodes, never a reason to hold the message back.
#ifndef PALERMO_NODE_EXCHANGE_CONFIRMATION_H_
#define PALERMO_NODE_EXCHANGE_CONFIRMATION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/services.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// At admission and at delivery: from now on it waits. `submitted_at_ms`: by the sender's ledger.
// `directory`: of the sender, in force at the submission. A recipient's node waits a little longer
// before it calls it missing: a confirmation in time may be under way behind its message.
void ExpectConfirmation(Tx& tx, const v1::Header& header, const std::string& id,
                        int64_t submitted_at_ms, const v1::DocumentReference& directory);

// A second approver of the own state confirms: entry, and a notice to each peer that has the
// message or will get it. Answers the entry's index. Codes of trust::CheckConfirmation,
// UNKNOWN_MESSAGE, NO_CONFIRMATION_DUE, ALREADY_SIGNED.
absl::StatusOr<uint64_t> DecideConfirm(Tx& tx, const std::string& id,
                                       const v1::OfficerSignature& confirmation);

// A peer has the message after all, though it counted as expired here: what was confirmed meanwhile
// goes there now, under the newest entry `index`.
absl::Status SendLateNotice(Tx& tx, const std::string& peer, const std::string& id, uint64_t index);

// The notice of a peer whose receipt is `verified`; `directory` is the one that its entry names.
absl::StatusOr<uint64_t> DecideConfirmationNotice(Tx& tx, const std::string& peer,
                                                  const v1::PeerNotice& notice,
                                                  const absl::Status& verified,
                                                  const trust::DirectoryPtr& directory);

// What nobody confirmed in time: an entry, and the auditors are told. Answers how many.
absl::StatusOr<size_t> DecideMissingConfirmations(Tx& tx, size_t most, absl::Status* damage);

v1::ConfirmationStatus StatusOfConfirmation(const v1::StoredConfirmation& stored);
// Nullopt when the message needs none.
absl::StatusOr<std::optional<v1::StoredConfirmation>> LoadConfirmation(
    const storage::KvReader& store, const std::string& id);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_CONFIRMATION_H_
