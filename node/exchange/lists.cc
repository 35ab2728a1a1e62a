#include "node/exchange/lists.h"

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/exchange/keys.h"

namespace palermo::exchange {
namespace {

constexpr size_t kItemBytes = 8 + 32;
constexpr uint64_t kMinuteMillis = 60 * 1000;

std::string ItemOf(uint64_t number, std::string_view id) { return Cat({BigEndian64(number), id}); }

absl::StatusOr<std::vector<ListItem>> ParseList(std::string_view value) {
  if (value.size() % kItemBytes != 0) {
    return Damaged("STORE_DAMAGED", "a stored list is not whole");
  }
  std::vector<ListItem> items;
  items.reserve(value.size() / kItemBytes);
  for (; !value.empty(); value.remove_prefix(kItemBytes)) {
    items.push_back({ReadBigEndian64(value.substr(0, 8)), std::string(value.substr(8, 32))});
  }
  return items;
}

// The index at the end of the last key under `prefix` that is not beyond `index`; `index` itself
// when there is none.
absl::StatusOr<uint64_t> BatchOf(const storage::KvReader& store, std::string_view prefix,
                                 uint64_t index) {
  storage::ScanRange range = storage::ScanRange::Prefix(prefix, 1);
  range.end = keys::ListOf(prefix, index) + '\0';
  range.reverse = true;
  uint64_t found = index;
  PALERMO_RETURN_IF_ERROR(store.Scan(range, [&](std::string_view key, std::string_view) {
    found = ReadBigEndian64(key.substr(prefix.size(), 8));
    return false;
  }));
  return found;
}

}  // namespace

void AddToListing(Tx& tx, uint64_t index, std::string_view message_id) {
  tx.AddToList(std::string(keys::kListing), ItemOf(index, message_id));
}

absl::Status ScanListing(const storage::KvReader& store, const std::string& after,
                         absl::FunctionRef<bool(const ListItem&)> visit) {
  if (!after.empty() && after.size() != 8) {
    return InputError("BAD_PAGE", "the position to go on from is not one that a page ended with");
  }
  uint64_t first = after.empty() ? 0 : ReadBigEndian64(after) + 1;
  if (!after.empty() && first == 0) return absl::OkStatus();  // after the last one there can be
  storage::ScanRange range = storage::ScanRange::Prefix(keys::kListing);
  PALERMO_ASSIGN_OR_RETURN(uint64_t batch, BatchOf(store, keys::kListing, first));
  range.start = keys::ListOf(keys::kListing, batch);
  absl::Status failed;
  PALERMO_RETURN_IF_ERROR(store.Scan(range, [&](std::string_view, std::string_view value) {
    auto items = ParseList(value);
    failed = items.status();
    if (!items.ok()) return false;
    return std::all_of(items->begin(), items->end(),
                       [&](const ListItem& item) { return item.number < first || visit(item); });
  }));
  return failed;
}

void AddToExpiries(Tx& tx, int64_t expires_at_ms, std::string_view message_id) {
  auto at = static_cast<uint64_t>(expires_at_ms);
  tx.AddToList(keys::ExpiriesIn(at - at % kMinuteMillis), ItemOf(at, message_id));
}

absl::StatusOr<bool> AnyExpiries(const storage::KvReader& store, int64_t now_ms) {
  bool any = false;
  PALERMO_RETURN_IF_ERROR(store.Scan(
      storage::ScanRange::Prefix(keys::kExpiries, 1), [&](std::string_view key, std::string_view) {
        any =
            ReadBigEndian64(key.substr(keys::kExpiries.size(), 8)) <= static_cast<uint64_t>(now_ms);
        return false;
      }));
  return any;
}

absl::StatusOr<std::vector<ListItem>> TakeExpired(Tx& tx, size_t most) {
  auto now = static_cast<uint64_t>(ToMillis(tx.now()));
  std::vector<std::pair<std::string, std::string>> lists;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(
      std::string(keys::kExpiries), most, [&](const std::string& key, const std::string& value) {
        if (ReadBigEndian64(std::string_view(key).substr(keys::kExpiries.size(), 8)) > now) {
          return false;
        }
        lists.emplace_back(key, value);
        return true;
      }));
  std::vector<ListItem> due;
  for (const auto& [key, value] : lists) {
    if (due.size() >= most) break;
    PALERMO_ASSIGN_OR_RETURN(std::vector<ListItem> items, ParseList(value));
    std::string rest;
    for (ListItem& item : items) {
      if (item.number <= now && due.size() < most) {
        due.push_back(std::move(item));
      } else {
        rest += ItemOf(item.number, item.id);
      }
    }
    if (rest.size() == value.size()) continue;
    if (rest.empty()) {
      tx.Delete(key);
    } else {
      tx.Put(key, std::move(rest));
    }
  }
  return due;
}

absl::StatusOr<std::vector<std::optional<v1::StoredEntry>>> LoadEntries(
    const storage::KvReader& store, uint64_t first, uint64_t count) {
  std::vector<std::optional<v1::StoredEntry>> found(count);
  storage::ScanRange range = storage::ScanRange::Prefix(keys::kEntries);
  PALERMO_ASSIGN_OR_RETURN(uint64_t start, BatchOf(store, keys::kEntries, first));
  range.start = keys::Entries(start);
  range.end = keys::Entries(first + count);
  bool parsed = true;
  PALERMO_RETURN_IF_ERROR(store.Scan(range, [&](std::string_view key, std::string_view value) {
    uint64_t index = ReadBigEndian64(key.substr(keys::kEntries.size(), 8));
    v1::StoredEntries entries;
    parsed = entries.ParseFromArray(value.data(), static_cast<int>(value.size()));
    for (v1::StoredEntry& entry : *entries.mutable_entries()) {
      if (index >= first && index < first + count) found[index - first] = std::move(entry);
      ++index;
    }
    return parsed;
  }));
  if (!parsed) return Damaged("STORE_DAMAGED", "stored entries do not parse");
  return found;
}

absl::StatusOr<std::optional<v1::StoredEntry>> LoadEntry(const storage::KvReader& store,
                                                         uint64_t index) {
  PALERMO_ASSIGN_OR_RETURN(auto entries, LoadEntries(store, index, 1));
  return std::move(entries.front());
}

}  // namespace palermo::exchange
