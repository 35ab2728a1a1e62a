// One batch of decisions before it is durable: reads see the store and what the batch wrote so far,
// ledger records get their index at once. A decision is a function of a Tx and its input and of
// nothing else, so a simulation runs the same code. Not thread-safe.
#ifndef PALERMO_NODE_EXCHANGE_TX_H_
#define PALERMO_NODE_EXCHANGE_TX_H_

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/random.h"
#include "base/status.h"
#include "node/trust/strict.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/ledger.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// A ledger entry's preimage as it will be stored.
struct NewEntry {
  std::string record;
  std::string salt;
};

class Tx {
 public:
  // `trust` may be changed by a decision (SetTrust); decisions after it in the batch see the
  // change.
  Tx(const storage::KvReader& base, uint64_t tree_size, std::string state, absl::Time now,
     trust::TrustPtr trust, Random& random)
      : base_(base),
        tree_size_(tree_size),
        state_(std::move(state)),
        now_(now),
        trust_(std::move(trust)),
        random_(random) {}

  absl::Time now() const { return now_; }
  const std::string& state() const { return state_; }
  const trust::TrustPtr& trust() const { return trust_; }
  void SetTrust(trust::TrustPtr trust) { trust_ = std::move(trust); }

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) const;
  // Whether there is such a key. For a prefix under which there is mostly nothing, or little: the
  // store is asked once in a batch what there is.
  absl::StatusOr<bool> HasRare(std::string_view prefix, const std::string& key) const;
  // `read_soon`: keep it in memory when it is written, for what comes next.
  void Put(std::string key, std::string value, bool read_soon = false);
  void Delete(std::string key);
  // 0 when absent.
  absl::StatusOr<uint64_t> GetCounter(const std::string& key) const;
  void PutCounter(std::string key, uint64_t value);
  // Keys that begin with `prefix`, ascending, this batch's changes included.
  absl::Status ScanPrefix(
      const std::string& prefix, size_t limit,
      absl::FunctionRef<bool(const std::string&, const std::string&)> visit) const;

  // Nullopt when absent; STORE_DAMAGED when it does not parse.
  template <typename Message>
  absl::StatusOr<std::optional<Message>> Load(const std::string& key) const {
    auto bytes = Get(key);
    if (!bytes.ok()) return bytes.status();
    if (!bytes->has_value()) return std::optional<Message>();
    Message message;
    if (!message.ParseFromString(**bytes))
      return Damaged("STORE_DAMAGED", "a stored value does not parse");
    return std::optional<Message>(std::move(message));
  }
  template <typename Message>
  void Save(std::string key, const Message& message, bool read_soon = false) {
    Put(std::move(key), message.SerializeAsString(), read_soon);
  }
  // Stanzas and body of a message, by the index of its entry. They are written once and never
  // changed. REQUIRES: the entry is the newest of this batch.
  void PutSealed(uint64_t index, std::string stanzas, std::string body, bool read_soon = false);
  absl::StatusOr<std::optional<std::string>> GetStanzas(uint64_t index) const;
  // Adds to the list that this batch writes under `prefix`, as one value, whose key ends with the
  // index of the batch's first entry. Reads of this batch do not see it. REQUIRES: the batch has an
  // entry when it ends.
  void AddToList(const std::string& prefix, std::string_view item);

  // Adds a record, completed with format, time and state. Returns its index in the ledger.
  uint64_t Append(v1::Record record);
  uint64_t next_index() const { return tree_size_ + entries_.size(); }
  const std::vector<NewEntry>& entries() const { return entries_; }

  // A decision that fails leaves nothing behind but the records of its refusal, which it adds with
  // AppendAfterRollback. REQUIRES: one mark at a time.
  void Mark();
  void Rollback();
  void AppendAfterRollback(v1::Record record) { refusals_.push_back(std::move(record)); }

  // What the decisions of this batch refused of peers and kept against them, for the counters.
  struct Tally {
    uint64_t refused = 0;
    uint64_t faults = 0;
  };
  Tally& tally() { return tally_; }
  // How often the decisions of this batch read the facts of a whole case, also those that failed:
  // the batch ends when it is much.
  void CountWholeCase() { ++whole_cases_; }
  size_t whole_cases() const { return whole_cases_; }

  bool empty() const { return changes_.empty() && entries_.empty(); }
  // The end of the batch: its changes and entries move out, and nothing may be called after it.
  // Changes come in the order of their keys, so that the store's sorted memory is filled in one
  // pass.
  void MoveInto(storage::WriteBatch* batch, std::vector<NewEntry>* entries);

 private:
  using Value = std::optional<std::string>;  // nullopt: deleted
  struct Change {
    std::string key;
    Value value;
    bool read_soon = false;
  };
  struct Sealed {
    uint64_t index;
    std::string stanzas;
    std::string body;
    bool read_soon;
  };
  // Random bytes are fetched for several entries at once: each fetch is a call of the system.
  std::string NextSalt();
  void Set(std::string key, Value value, bool read_soon);
  const Change* FindChange(const std::string& key) const;

  const storage::KvReader& base_;
  const uint64_t tree_size_;
  const std::string state_;
  const absl::Time now_;
  trust::TrustPtr trust_;
  Random& random_;
  Tally tally_;
  size_t whole_cases_ = 0;

  // One for each key, in the order of the first writes; a deque, because the index views its keys.
  std::deque<Change> changes_;
  absl::flat_hash_map<absl::string_view, size_t> index_;
  std::vector<NewEntry> entries_;
  std::string salts_;                         // fetched and not used yet
  std::vector<Sealed> sealed_;                // by index
  std::map<std::string, std::string> lists_;  // by prefix

  // What the store has under a prefix that HasRare was asked for; nullopt when it is too much.
  mutable std::map<std::string, std::optional<std::set<std::string>>, std::less<>> rare_;

  // Undo log since Mark: the values that were there before. Keys that are new since then are the
  // last ones of changes_.
  std::vector<std::pair<size_t, Value>> undo_;
  std::vector<std::pair<std::string*, size_t>> undo_lists_;  // and their sizes
  size_t marked_changes_ = 0;
  size_t marked_entries_ = 0;
  size_t marked_sealed_ = 0;
  trust::TrustPtr marked_trust_;
  std::vector<v1::Record> refusals_;
};

// The bytes of a header as the store has them. STORE_DAMAGED.
absl::StatusOr<v1::Header> StoredHeader(const std::string& bytes);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_TX_H_
