#include "node/exchange/store_check.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/exchange/keys.h"
#include "node/trust/envelope.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"
#include "storage/tree_reader.h"

namespace palermo::exchange {
namespace {

constexpr size_t kMessagesPerRead = 64;
constexpr size_t kIdBytes = 32;

bool IsDamage(const absl::Status& status) { return status.code() == absl::StatusCode::kDataLoss; }

class StoreChecker {
 public:
  StoreChecker(const storage::KvReader& store, StoreProgress progress)
      : store_(store), progress_(progress) {}

  absl::StatusOr<StoreReport> Run() {
    PALERMO_RETURN_IF_ERROR(CheckTree());
    PALERMO_ASSIGN_OR_RETURN(storage::TreeReader tree,
                             storage::TreeReader::Open(store_, std::string(keys::kTree)));
    report_.entries = tree.size();
    PALERMO_RETURN_IF_ERROR(CheckRecords(tree));
    PALERMO_RETURN_IF_ERROR(CheckMessages());
    return std::move(report_);
  }

 private:
  void Found(std::string where, std::string what) {
    ++report_.finding_count;
    if (report_.findings.size() >= storage::kMaxListedFindings) return;
    report_.findings.push_back({std::move(where), std::move(what)});
  }

  // What a scan met that cannot be read is found; what lies behind it is not looked at.
  absl::Status Damage(const char* where, const absl::Status& scanned) {
    if (scanned.ok() || !IsDamage(scanned)) return scanned;
    Found(where, Cat({"cannot be read from here on: ", TextOf(scanned)}));
    return absl::OkStatus();
  }

  absl::Status CheckTree() {
    PALERMO_ASSIGN_OR_RETURN(
        storage::FsckReport tree,
        storage::Fsck(store_, std::string(keys::kTree), std::nullopt,
                      [&](uint64_t done, uint64_t all) { progress_("tree", done, all); }));
    report_.finding_count = tree.finding_count;
    report_.findings = std::move(tree.findings);
    return absl::OkStatus();
  }

  // Each record with its salt is the entry that the tree has at its place, and none is missing.
  absl::Status CheckRecords(const storage::TreeReader& tree) {
    uint64_t next = 0;
    absl::Status failed;
    const absl::Status scanned =
        store_.ScanPrefix(keys::kEntries, [&](std::string_view key, std::string_view value) {
          failed = CheckList(tree, key.substr(keys::kEntries.size()), value, &next);
          if (next % (64 * 1024) < 64) progress_("records", next, tree.size());
          return failed.ok();
        });
    PALERMO_RETURN_IF_ERROR(failed);
    PALERMO_RETURN_IF_ERROR(Damage("records", scanned));
    if (next < tree.size()) FoundGap(next, tree.size());
    progress_("records", tree.size(), tree.size());
    return absl::OkStatus();
  }

  void FoundGap(uint64_t from, uint64_t to) {
    Found(absl::StrFormat("records %d to %d", from, to - 1), "are missing");
  }

  absl::Status CheckList(const storage::TreeReader& tree, std::string_view index,
                         std::string_view value, uint64_t* next) {
    v1::StoredEntries list;
    if (index.size() != sizeof(uint64_t) ||
        !list.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      Found(Cat({"records under key ", HexEncode(index)}), "do not parse");
      return absl::OkStatus();
    }
    const uint64_t first = ReadBigEndian64(index);
    const auto count = static_cast<uint64_t>(list.entries_size());
    if (first > tree.size() || count > tree.size() - first || first < *next) {
      Found(absl::StrFormat("records from %d", first),
            absl::StrFormat("do not fit a ledger of %d", tree.size()));
      return absl::OkStatus();
    }
    if (first > *next) FoundGap(*next, first);
    *next = first + count;
    absl::StatusOr<std::vector<Hash>> entries = tree.Entries(first, count);
    if (!entries.ok() && IsDamage(entries.status())) return absl::OkStatus();  // found already
    PALERMO_RETURN_IF_ERROR(entries.status());
    for (uint64_t i = 0; i < count; ++i) {
      const v1::StoredEntry& one = list.entries(static_cast<int>(i));
      if (trust::EntryHash(one.salt(), one.record()) == (*entries)[i]) continue;
      Found(absl::StrFormat("record %d", first + i), "is not the one that the tree has");
    }
    return absl::OkStatus();
  }

  // A visitor may read the store, but a scan should not hold its place for hours.
  absl::Status CheckMessages() {
    std::string from = "m/";
    const std::string end = storage::PrefixEnd(from);
    while (!from.empty()) {
      std::vector<std::pair<std::string, std::string>> read;
      const absl::Status scanned = store_.Scan({.start = std::exchange(from, ""), .end = end},
                                               [&](std::string_view key, std::string_view value) {
                                                 if (read.size() == kMessagesPerRead)
                                                   from = key;
                                                 else if (IsMessage(key))
                                                   read.emplace_back(key, value);
                                                 return from.empty();
                                               });
      PALERMO_RETURN_IF_ERROR(Damage("messages", scanned));
      for (const auto& [key, value] : read) PALERMO_RETURN_IF_ERROR(CheckMessage(key, value));
      progress_("messages", report_.messages, 0);
    }
    return absl::OkStatus();
  }

  static bool IsMessage(std::string_view key) {
    return key.size() == 2 + kIdBytes + 1 && key.back() == 'h';
  }

  absl::Status CheckMessage(const std::string& key, const std::string& value) {
    ++report_.messages;
    const std::string id = key.substr(2, kIdBytes);
    const std::string where = Cat({"message ", HexEncode(id)});
    v1::StoredMessage message;
    if (!message.ParseFromString(value)) {
      Found(where, "does not parse");
      return absl::OkStatus();
    }
    PALERMO_ASSIGN_OR_RETURN(auto stanzas, Part(keys::Stanzas(message.index()), where, "stanzas"));
    PALERMO_ASSIGN_OR_RETURN(auto body, Part(keys::Body(message.index()), where, "body"));
    if (!stanzas.has_value() || !body.has_value()) return absl::OkStatus();
    const Hash whole = trust::MessageId(crypto::Sha256(message.header()), crypto::Sha256(*stanzas),
                                        crypto::Sha256(*body));
    if (AsView(whole) != id) Found(where, "its header, stanzas or body are not those of its id");
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<std::string>> Part(const std::string& key, const std::string& where,
                                                  const char* what) {
    auto value = store_.Get(key, storage::Family::kSealed);
    if (!value.ok() && IsDamage(value.status())) {
      Found(where, absl::StrFormat("its %s cannot be read: %s", what, TextOf(value.status())));
      return std::nullopt;
    }
    if (value.ok() && !value->has_value()) Found(where, absl::StrFormat("its %s is missing", what));
    return value;
  }

  const storage::KvReader& store_;
  StoreProgress progress_;
  StoreReport report_;
};

}  // namespace

absl::Status StoreReport::ToStatus() const {
  if (finding_count == 0) return absl::OkStatus();
  PALERMO_CHECK(!findings.empty());
  return Damaged("LEDGER_DAMAGED",
                 absl::StrFormat("%d findings; the first: %s %s. Restore all of data-dir from the "
                                 "newest backup or snapshot that passes this check",
                                 finding_count, findings.front().where, findings.front().what));
}

absl::StatusOr<StoreReport> CheckStore(const storage::KvReader& store, StoreProgress progress) {
  return StoreChecker(store, progress).Run();
}

}  // namespace palermo::exchange
