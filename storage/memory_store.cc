#include "storage/memory_store.h"

#include <algorithm>

#include "base/check.h"
#include "base/status.h"
#include "storage/conditions.h"

namespace palermo::storage {
namespace {

using Table = std::map<std::string, std::string, std::less<>>;

size_t At(Family family) { return static_cast<size_t>(family); }

std::optional<std::string> Find(const Table& table, std::string_view key) {
  auto found = table.find(key);
  if (found == table.end()) return std::nullopt;
  return found->second;
}

void ScanTable(const Table& table, const ScanRange& range, ScanVisitor visit) {
  if (!range.end.empty() && range.start >= range.end) return;
  auto low = table.lower_bound(range.start);
  auto high = range.end.empty() ? table.end() : table.lower_bound(range.end);
  for (size_t count = 0; low != high && count < range.limit; ++count) {
    auto current = range.reverse ? --high : low++;
    if (!visit(current->first, current->second)) return;
  }
}

}  // namespace

// Holds the tables as they are. They are let go under the lock, so that a writer that finds itself
// alone with them really is.
class MemoryStore::View final : public KvReader {
 public:
  explicit View(const MemoryStore& store) : store_(store) {
    MutexLock lock(&store_.mu_);
    tables_ = store_.tables_;
  }
  ~View() override {
    MutexLock lock(&store_.mu_);
    tables_.reset();
  }

 private:
  absl::StatusOr<std::optional<std::string>> DoGet(Family family,
                                                   std::string_view key) const override {
    return Find((*tables_)[At(family)], key);
  }
  absl::Status DoScan(const ScanRange& range, ScanVisitor visit) const override {
    ScanTable((*tables_)[At(range.family)], range, visit);
    return absl::OkStatus();
  }

  const MemoryStore& store_;
  std::shared_ptr<const Tables> tables_;
};

class MemoryStore::Run final : public RunWriter {
 public:
  explicit Run(MemoryStore& store) : store_(store) {}

  absl::Status Add(std::string_view key, std::string_view value) override {
    PALERMO_CHECK(!finished_);
    if (!pairs_.empty() && key <= pairs_.back().first) {
      return InputError("RUN_NOT_SORTED", "the key is not greater than the one before");
    }
    pairs_.emplace_back(key, value);
    byte_size_ += key.size() + value.size();
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    PALERMO_CHECK(!finished_);
    finished_ = true;
    return store_.AddRun(pairs_);
  }

  uint64_t byte_size() const override { return byte_size_; }

 private:
  MemoryStore& store_;
  std::vector<std::pair<std::string, std::string>> pairs_;
  uint64_t byte_size_ = 0;
  bool finished_ = false;
};

MemoryStore::MemoryStore(Options options)
    : fatal_(std::move(options.fatal)),
      tables_(std::make_shared<Tables>()),
      free_bytes_(options.free_bytes) {}

MemoryStore::~MemoryStore() = default;

MemoryStore::Tables& MemoryStore::Writable() {
  if (tables_.use_count() > 1) tables_ = std::make_shared<Tables>(*tables_);
  return *tables_;
}

void MemoryStore::Set(Family family, const std::string& key, std::optional<std::string> value) {
  Table& table = Writable()[At(family)];
  undo_.push_back({family, key, Find(table, key)});
  if (value.has_value()) {
    table.insert_or_assign(key, *std::move(value));
  } else {
    table.erase(key);
  }
}

void MemoryStore::ApplyChange(const WriteBatch::Change& change) {
  switch (change.kind) {
    case WriteBatch::Kind::kPut:
      return Set(change.family, change.key, change.value);
    case WriteBatch::Kind::kDelete:
      return Set(change.family, change.key, std::nullopt);
    case WriteBatch::Kind::kDeleteRange: {
      std::vector<std::string> keys;
      ScanTable((*tables_)[At(change.family)],
                {.start = change.key, .end = change.value, .family = change.family},
                [&](std::string_view key, std::string_view) {
                  keys.emplace_back(key);
                  return true;
                });
      for (const std::string& key : keys) Set(change.family, key, std::nullopt);
    }
  }
}

absl::Status MemoryStore::CheckConditions(const Conditions& conditions) const {
  const Table& table = (*tables_)[At(Family::kMain)];
  PALERMO_RETURN_IF_ERROR(
      CheckCondition(kWriterEpochKey, conditions.writer_epoch, Find(table, kWriterEpochKey)));
  return CheckCondition(kTreeSizeKey, conditions.tree_size, Find(table, kTreeSizeKey));
}

void MemoryStore::MakeDurable() {
  undo_.clear();
  ++sync_count_;
}

absl::Status MemoryStore::Apply(const WriteBatch& batch, Durability durability,
                                const Conditions& conditions) {
  absl::Status failure;
  {
    MutexLock lock(&mu_);
    PALERMO_RETURN_IF_ERROR(CheckRunning());
    PALERMO_RETURN_IF_ERROR(CheckConditions(conditions));
    const bool fails = fail_in_ > 0 && --fail_in_ == 0;
    if (!fails || !fail_loses_) {
      for (const WriteBatch::Change& change : batch.changes()) ApplyChange(change);
    }
    if (!fails) {
      if (durability == Durability::kSync) MakeDurable();
      return absl::OkStatus();
    }
    if (!fail_loses_) undo_.clear();
    stopped_ = true;
    failure = Error(absl::StatusCode::kInternal, "STORE_WRITE_FAILED", "a fault was injected");
  }
  fatal_(failure);
  return failure;
}

absl::Status MemoryStore::CheckRunning() const {
  if (!stopped_) return absl::OkStatus();
  return WrongState("STORE_STOPPED", "an earlier write failed; restart the process");
}

std::unique_ptr<KvReader> MemoryStore::Snapshot() const { return std::make_unique<View>(*this); }

absl::StatusOr<std::unique_ptr<RunWriter>> MemoryStore::NewRun() {
  return std::make_unique<Run>(*this);
}

absl::Status MemoryStore::AddRun(const std::vector<std::pair<std::string, std::string>>& run) {
  MutexLock lock(&mu_);
  PALERMO_RETURN_IF_ERROR(CheckRunning());
  if (run.empty()) return absl::OkStatus();
  Table& table = Writable()[At(Family::kSegments)];
  for (const auto& [key, value] : run) table.insert_or_assign(key, value);
  // A run is durable by itself: a crash must not bring back what its keys held before. It says
  // nothing about the batches applied earlier.
  std::erase_if(undo_, [&](const Undo& undo) {
    return undo.family == Family::kSegments && undo.key >= run.front().first &&
           undo.key <= run.back().first &&
           std::any_of(run.begin(), run.end(), [&](const auto& p) { return p.first == undo.key; });
  });
  ++sync_count_;
  return absl::OkStatus();
}

absl::Status MemoryStore::DropSegments(std::string_view start, std::string_view end) {
  WriteBatch batch;
  batch.DeleteRange(start, end, Family::kSegments);
  return Apply(batch, Durability::kSync);
}

absl::Status MemoryStore::Flush() {
  MutexLock lock(&mu_);
  PALERMO_RETURN_IF_ERROR(CheckRunning());
  MakeDurable();
  return absl::OkStatus();
}

absl::Status MemoryStore::Backup(const std::string& /*dir*/) {
  return WrongState("BACKUP_UNSUPPORTED", "a store in memory has no files to copy");
}

absl::Status MemoryStore::Scrub() const { return absl::OkStatus(); }

absl::StatusOr<uint64_t> MemoryStore::FreeBytes() const {
  MutexLock lock(&mu_);
  return free_bytes_;
}

uint64_t MemoryStore::SyncCount() const {
  MutexLock lock(&mu_);
  return sync_count_;
}

absl::StatusOr<std::optional<std::string>> MemoryStore::DoGet(Family family,
                                                              std::string_view key) const {
  if (before_get_ && family == Family::kMain) before_get_(key);
  MutexLock lock(&mu_);
  return Find((*tables_)[At(family)], key);
}

absl::Status MemoryStore::DoScan(const ScanRange& range, ScanVisitor visit) const {
  return View(*this).Scan(range, visit);
}

void MemoryStore::FailApply(uint64_t n, bool lost) {
  MutexLock lock(&mu_);
  fail_in_ = n;
  fail_loses_ = lost;
}

void MemoryStore::Crash() {
  MutexLock lock(&mu_);
  Tables& tables = Writable();
  for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
    Table& table = tables[At(undo->family)];
    if (undo->before.has_value()) {
      table.insert_or_assign(undo->key, *undo->before);
    } else {
      table.erase(undo->key);
    }
  }
  undo_.clear();
  stopped_ = false;
  fail_in_ = 0;
}

void MemoryStore::SetFreeBytes(uint64_t bytes) {
  MutexLock lock(&mu_);
  free_bytes_ = bytes;
}

}  // namespace palermo::storage
