// What this node serves of rosters, charters and directories: to any TLS client, and to its desks.
// Signed documents only; versions one by one, in the order in which their ledger has them, so that
// who was away catches up by itself. Answers are bounded: `more` says that there is more.
#ifndef PALERMO_NODE_EXCHANGE_DOCUMENT_ANSWERS_H_
#define PALERMO_NODE_EXCHANGE_DOCUMENT_ANSWERS_H_

#include "absl/status/statusor.h"
#include "node/exchange/parts.h"
#include "palermo/v1/services.pb.h"

namespace palermo::exchange {

absl::StatusOr<v1::GetDocumentsResponse> ReadDocuments(NodeParts& parts,
                                                       const v1::GetDocumentsRequest& request);
absl::StatusOr<v1::GetTrustResponse> ReadTrust(NodeParts& parts,
                                               const v1::GetTrustRequest& request);

// What to ask a peer's directory service for, from what is known here: everything after it, or one
// older version that something waits for.
v1::GetDocumentsRequest MakeFetchRequest(NodeParts& parts, const std::string& state);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_DOCUMENT_ANSWERS_H_
