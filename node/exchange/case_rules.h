// Whether an act is legal in its case, on what headers tell: the node's side of the procedure. The
// law itself is casework's; this finds the facts in the store.
#ifndef PALERMO_NODE_EXCHANGE_CASE_RULES_H_
#define PALERMO_NODE_EXCHANGE_CASE_RULES_H_

#include <optional>

#include "absl/status/statusor.h"
#include "node/casework/history.h"
#include "node/exchange/tx.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// A case that is not here has no acts yet.
absl::StatusOr<v1::CaseEntry> LoadCase(const Tx& tx, std::string_view case_id);
void SaveCase(Tx& tx, std::string_view case_id, const v1::CaseEntry& entry);
// Which numbers of a peer's authority were used in the case.
v1::UsedNumbers& UsedBy(v1::CaseEntry& entry, const std::string& authority);

// The standing of the case after this act, judged by its parents. ILLEGAL_ACT, UNKNOWN_PARENT,
// UNKNOWN_CASE, WRONG_SENDER (the state is no party to the case), TOO_MANY.
absl::StatusOr<casework::Standing> JudgeAct(Tx& tx, const v1::CaseEntry& entry,
                                            const v1::Header& header);

// Adds the act to its case, opening the case for a request, and writes the case. REQUIRES: JudgeAct
// accepted it.
void AddAct(Tx& tx, const v1::Header& header, std::string_view message_id, v1::CaseEntry entry);

// All acts of the case that count, with their sides. What was void or is held is left out. It reads
// the whole case, and counts that in `tx`.
absl::StatusOr<std::vector<casework::ActFact>> CaseFacts(Tx& tx, std::string_view case_id,
                                                         const v1::CaseEntry& entry);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_CASE_RULES_H_
