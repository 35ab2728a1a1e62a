#include "node/exchange/tx.h"

#include <algorithm>
#include <map>

#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/exchange/keys.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

// More than that is looked up key by key.
constexpr size_t kMostRare = 64;
constexpr size_t kSaltsAtOnce = 32;

}  // namespace

const Tx::Change* Tx::FindChange(const std::string& key) const {
  auto it = index_.find(absl::string_view(key));
  return it == index_.end() ? nullptr : &changes_[it->second];
}

absl::StatusOr<std::optional<std::string>> Tx::Get(const std::string& key) const {
  if (const Change* change = FindChange(key)) return change->value;
  return base_.Get(key);
}

absl::StatusOr<bool> Tx::HasRare(std::string_view prefix, const std::string& key) const {
  if (const Change* change = FindChange(key)) return change->value.has_value();
  auto found = rare_.find(prefix);
  if (found == rare_.end()) {
    std::set<std::string> there;
    PALERMO_RETURN_IF_ERROR(base_.Scan(storage::ScanRange::Prefix(prefix, kMostRare + 1),
                                       [&](std::string_view at, std::string_view) {
                                         there.insert(std::string(at));
                                         return true;
                                       }));
    found = rare_.emplace(prefix, std::nullopt).first;
    if (there.size() <= kMostRare) found->second = std::move(there);
  }
  if (found->second.has_value()) return found->second->count(key) > 0;
  PALERMO_ASSIGN_OR_RETURN(auto value, base_.Get(key));
  return value.has_value();
}

void Tx::Set(std::string key, Value value, bool read_soon) {
  auto it = index_.find(absl::string_view(key));
  if (it == index_.end()) {
    changes_.push_back({std::move(key), std::move(value), read_soon});
    index_.emplace(absl::string_view(changes_.back().key), changes_.size() - 1);
    return;
  }
  Change& change = changes_[it->second];
  if (it->second < marked_changes_) undo_.emplace_back(it->second, std::move(change.value));
  change.value = std::move(value);
  change.read_soon = read_soon;
}

void Tx::Put(std::string key, std::string value, bool read_soon) {
  Set(std::move(key), std::move(value), read_soon);
}
void Tx::Delete(std::string key) { Set(std::move(key), std::nullopt, false); }

void Tx::AddToList(const std::string& prefix, std::string_view item) {
  std::string& list = lists_[prefix];
  undo_lists_.emplace_back(&list, list.size());
  list.append(item);
}

void Tx::PutSealed(uint64_t index, std::string stanzas, std::string body, bool read_soon) {
  PALERMO_CHECK(index + 1 == next_index());
  sealed_.push_back({index, std::move(stanzas), std::move(body), read_soon});
}

absl::StatusOr<std::optional<std::string>> Tx::GetStanzas(uint64_t index) const {
  auto here = std::lower_bound(sealed_.begin(), sealed_.end(), index,
                               [](const Sealed& one, uint64_t at) { return one.index < at; });
  if (here != sealed_.end() && here->index == index) return std::optional(here->stanzas);
  return base_.Get(keys::Stanzas(index), storage::Family::kSealed);
}

absl::StatusOr<uint64_t> Tx::GetCounter(const std::string& key) const {
  PALERMO_ASSIGN_OR_RETURN(auto value, Get(key));
  if (!value.has_value()) return uint64_t{0};
  if (value->size() != 8) return Damaged("STORE_DAMAGED", "a stored counter has not 8 bytes");
  return ReadBigEndian64(*value);
}

void Tx::PutCounter(std::string key, uint64_t value) { Put(std::move(key), BigEndian64(value)); }

absl::Status Tx::ScanPrefix(
    const std::string& prefix, size_t limit,
    absl::FunctionRef<bool(const std::string&, const std::string&)> visit) const {
  // The base is read whole up to the limit plus what this batch deleted, then both are merged in
  // order.
  std::vector<const Change*> changed;
  size_t deleted = 0;
  for (const Change& change : changes_) {
    if (change.key.compare(0, prefix.size(), prefix) != 0) continue;
    changed.push_back(&change);
    if (!change.value.has_value()) ++deleted;
  }
  std::map<std::string, std::string> merged;
  PALERMO_RETURN_IF_ERROR(base_.Scan(storage::ScanRange::Prefix(prefix, limit + deleted),
                                     [&](std::string_view key, std::string_view value) {
                                       merged.emplace(std::string(key), std::string(value));
                                       return true;
                                     }));
  for (const Change* change : changed) {
    if (change->value.has_value()) {
      merged[change->key] = *change->value;
    } else {
      merged.erase(change->key);
    }
  }
  size_t seen = 0;
  for (const auto& [key, value] : merged) {
    if (seen++ == limit || !visit(key, value)) break;
  }
  return absl::OkStatus();
}

std::string Tx::NextSalt() {
  if (salts_.empty()) salts_ = random_.Bytes(kSaltsAtOnce * trust::kSaltBytes);
  std::string salt = salts_.substr(salts_.size() - trust::kSaltBytes);
  salts_.resize(salts_.size() - trust::kSaltBytes);
  return salt;
}

uint64_t Tx::Append(v1::Record record) {
  record.set_format(1);
  record.set_at_ms(ToMillis(now_));
  record.set_state(state_);
  NewEntry entry;
  entry.record = trust::StrictSerialize(record);
  entry.salt = NextSalt();
  uint64_t index = next_index();
  entries_.push_back(std::move(entry));
  return index;
}

void Tx::Mark() {
  undo_.clear();
  undo_lists_.clear();
  refusals_.clear();
  marked_changes_ = changes_.size();
  marked_entries_ = entries_.size();
  marked_sealed_ = sealed_.size();
  marked_trust_ = trust_;
}

void Tx::Rollback() {
  for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
    changes_[it->first].value = std::move(it->second);
  }
  while (changes_.size() > marked_changes_) {
    index_.erase(absl::string_view(changes_.back().key));
    changes_.pop_back();
  }
  for (auto it = undo_lists_.rbegin(); it != undo_lists_.rend(); ++it) {
    it->first->resize(it->second);
  }
  undo_lists_.clear();
  entries_.resize(marked_entries_);
  sealed_.erase(sealed_.begin() + static_cast<ptrdiff_t>(marked_sealed_), sealed_.end());
  trust_ = marked_trust_;
  undo_.clear();
  std::vector<v1::Record> refusals = std::move(refusals_);
  refusals_.clear();
  for (v1::Record& record : refusals) Append(std::move(record));
}

void Tx::MoveInto(storage::WriteBatch* batch, std::vector<NewEntry>* entries) {
  index_.clear();  // it views the keys, which go
  std::vector<Change*> sorted;
  sorted.reserve(changes_.size());
  for (Change& change : changes_) sorted.push_back(&change);
  std::sort(sorted.begin(), sorted.end(),
            [](const Change* a, const Change* b) { return a->key < b->key; });
  batch->Reserve(sorted.size());
  for (Change* change : sorted) {
    if (change->value.has_value()) {
      batch->PutOwned(std::move(change->key), *std::move(change->value), change->read_soon);
    } else {
      batch->Delete(change->key);
    }
  }
  for (auto& [prefix, list] : lists_) {
    if (list.empty()) continue;  // its decision failed
    PALERMO_CHECK(!entries_.empty());
    batch->PutOwned(keys::ListOf(prefix, tree_size_), std::move(list));
  }
  for (size_t first = 0; first < entries_.size(); first += limits::kEntriesPerValue) {
    v1::StoredEntries stored;
    size_t end = std::min(entries_.size(), first + limits::kEntriesPerValue);
    for (size_t i = first; i < end; ++i) {
      v1::StoredEntry* one = stored.add_entries();
      one->set_record(entries_[i].record);
      one->set_salt(entries_[i].salt);
    }
    batch->PutOwned(keys::Entries(tree_size_ + first), stored.SerializeAsString());
  }
  for (Sealed& one : sealed_) {
    batch->PutOwned(keys::Body(one.index), std::move(one.body), one.read_soon,
                    storage::Family::kSealed);
    batch->PutOwned(keys::Stanzas(one.index), std::move(one.stanzas), one.read_soon,
                    storage::Family::kSealed);
  }
  *entries = std::move(entries_);
}

absl::StatusOr<v1::Header> StoredHeader(const std::string& bytes) {
  v1::Header header;
  if (header.ParseFromString(bytes)) return header;
  return Damaged("STORE_DAMAGED", "a stored header does not parse");
}

}  // namespace palermo::exchange
