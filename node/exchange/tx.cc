#include "node/exchange/tx.h"

#include "base/check.h"
#include "base/clock.h"
#include "node/exchange/keys.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

absl::StatusOr<std::optional<std::string>> Tx::Get(const std::string& key) const {
  auto it = changes_.find(key);
  if (it != changes_.end()) return it->second;
  return base_.Get(key);
}

void Tx::Set(const std::string& key, Change change) {
  auto [it, fresh] = changes_.try_emplace(key);
  if (fresh) {
    undo_.emplace_back(key, std::nullopt);
  } else {
    undo_.emplace_back(key, it->second);
  }
  byte_size_ += key.size() + (change.has_value() ? change->size() : 0);
  it->second = std::move(change);
}

void Tx::Put(const std::string& key, std::string value) { Set(key, std::move(value)); }
void Tx::Delete(const std::string& key) { Set(key, std::nullopt); }

absl::StatusOr<uint64_t> Tx::GetCounter(const std::string& key) const {
  PALERMO_ASSIGN_OR_RETURN(auto value, Get(key));
  if (!value.has_value()) return uint64_t{0};
  if (value->size() != 8) return Damaged("STORE_DAMAGED", "a stored counter has not 8 bytes");
  return ReadBigEndian64(*value);
}

void Tx::PutCounter(const std::string& key, uint64_t value) { Put(key, BigEndian64(value)); }

absl::Status Tx::ScanPrefix(
    const std::string& prefix, size_t limit,
    absl::FunctionRef<bool(const std::string&, const std::string&)> visit) const {
  // The base is read whole up to the limit plus what this batch deleted, then both are merged in
  // order.
  std::map<std::string, std::string> merged;
  auto first_change = changes_.lower_bound(prefix);
  size_t deleted = 0;
  for (auto it = first_change; it != changes_.end() && it->first.rfind(prefix, 0) == 0; ++it) {
    if (!it->second.has_value()) ++deleted;
  }
  PALERMO_RETURN_IF_ERROR(base_.Scan(storage::ScanRange::Prefix(prefix, limit + deleted),
                                     [&](std::string_view key, std::string_view value) {
                                       merged.emplace(std::string(key), std::string(value));
                                       return true;
                                     }));
  for (auto it = first_change; it != changes_.end() && it->first.rfind(prefix, 0) == 0; ++it) {
    if (it->second.has_value()) {
      merged[it->first] = *it->second;
    } else {
      merged.erase(it->first);
    }
  }
  size_t seen = 0;
  for (const auto& [key, value] : merged) {
    if (seen++ == limit || !visit(key, value)) break;
  }
  return absl::OkStatus();
}

uint64_t Tx::Append(v1::Record record) {
  record.set_format(1);
  record.set_at_ms(ToMillis(now_));
  record.set_state(state_);
  NewEntry entry;
  entry.record = trust::StrictSerialize(record);
  entry.salt = random_.Bytes(trust::kSaltBytes);
  uint64_t index = next_index();
  v1::StoredEntry stored;
  stored.set_record(entry.record);
  stored.set_salt(entry.salt);
  Put(keys::Entry(index), stored.SerializeAsString());
  entries_.push_back(std::move(entry));
  return index;
}

void Tx::Mark() {
  undo_.clear();
  refusals_.clear();
  marked_entries_ = entries_.size();
  marked_trust_ = trust_;
}

void Tx::Rollback() {
  for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
    if (it->second.has_value()) {
      changes_[it->first] = std::move(*it->second);
    } else {
      changes_.erase(it->first);
    }
  }
  entries_.resize(marked_entries_);
  trust_ = marked_trust_;
  undo_.clear();
  std::vector<v1::Record> refusals = std::move(refusals_);
  refusals_.clear();
  for (v1::Record& record : refusals) Append(std::move(record));
}

void Tx::AddTo(storage::WriteBatch* batch) const {
  for (const auto& [key, change] : changes_) {
    if (change.has_value()) {
      batch->Put(key, *change);
    } else {
      batch->Delete(key);
    }
  }
}

}  // namespace palermo::exchange
