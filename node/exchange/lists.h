// What the batches wrote as lists (Tx::AddToList) and the ledger's entries, which lie together in
// values of the store: how to find one in them.
#ifndef PALERMO_NODE_EXCHANGE_LISTS_H_
#define PALERMO_NODE_EXCHANGE_LISTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/exchange/tx.h"
#include "palermo/v1/store.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// A number and a message id.
struct ListItem {
  uint64_t number = 0;
  std::string id;
};

// All messages by the index of their entry.
void AddToListing(Tx& tx, uint64_t index, std::string_view message_id);
// In the order of their entries. `after`: an index as 8 bytes, big-endian; empty: from the first
// one. BAD_PAGE when it is anything else.
absl::Status ScanListing(const storage::KvReader& store, const std::string& after,
                         absl::FunctionRef<bool(const ListItem&)> visit);

// Outgoing messages by the time they run out.
void AddToExpiries(Tx& tx, int64_t expires_at_ms, std::string_view message_id);
// Whether a list begins that may have something due.
absl::StatusOr<bool> AnyExpiries(const storage::KvReader& store, int64_t now_ms);
// Takes out at most about `most` that are due.
absl::StatusOr<std::vector<ListItem>> TakeExpired(Tx& tx, size_t most);

// The preimage of an entry; nullopt when there is none.
absl::StatusOr<std::optional<v1::StoredEntry>> LoadEntry(const storage::KvReader& store,
                                                         uint64_t index);
// Of `count` entries from `first`; those that are missing are nullopt.
absl::StatusOr<std::vector<std::optional<v1::StoredEntry>>> LoadEntries(
    const storage::KvReader& store, uint64_t first, uint64_t count);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_LISTS_H_
