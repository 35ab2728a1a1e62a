// What happens to a message after admission: the peer's answer, reading and retrieval, expiry.
#ifndef PALERMO_NODE_EXCHANGE_FOLLOW_UP_H_
#define PALERMO_NODE_EXCHANGE_FOLLOW_UP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/ledger.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

// Whether an entry of the peer's ledger answers an item of this kind. A parcel's answers are a
// filled number's too: the item may have been exchanged while the parcel was under way.
bool FitsItem(v1::OutboxItem::Kind kind, const v1::Record& record);
// The peer answered an outbox item with an entry of its ledger; `record` is verified. The item
// goes.
absl::Status DecideAnswer(Tx& tx, const std::string& peer, const std::string& outbox_key,
                          v1::Receipt receipt, const v1::Record& record);

// An officer may see a message when he acts for its sender or a recipient of his own state.
absl::Status CheckAccess(const v1::Header& header, const std::string& officer);

// Whether an authority sent the message or is to get it.
bool IsPartyTo(const v1::Header& header, const std::string& authority);
// Sender and recipients of one state.
std::vector<std::string> OwnAuthorities(const v1::Header& header, const std::string& state);

// A READ entry; answers its index. Judged by the directory in force at the decision: an officer who
// left a moment ago reads no more. Who is no party to the message may see it by break-glass, and
// the entry is then BREAK_GLASS_USED. `purpose`: what a record with a label is opened for, which
// the entry keeps; "" for none, BAD_STATEMENT for another word.
absl::StatusOr<uint64_t> DecideRead(Tx& tx, const std::string& message_id,
                                    const std::string& officer, v1::RecordKind::Code kind,
                                    const std::string& purpose = "");

// Our desk's signed statement about an incoming message: entry, and a notice to the sender's node.
absl::StatusOr<uint64_t> DecideRetrieval(Tx& tx, const v1::SignedRetrieval& retrieval,
                                         const v1::RetrievalStatement& statement);

// Messages whose time has run out before they were delivered: entry, and a notice that fills the
// number. What is damaged in the store comes again after a day, and the first of it is told in
// `damage`.
absl::Status DecideExpiries(Tx& tx, size_t most, absl::Status* damage);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_FOLLOW_UP_H_
