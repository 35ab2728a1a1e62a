// Test support: a store over another one, for a test that lets one of its calls fail or wait.
#ifndef PALERMO_NODE_EXCHANGE_TEST_STORE_H_
#define PALERMO_NODE_EXCHANGE_TEST_STORE_H_

#include <memory>
#include <string>

#include "storage/kv_store.h"

namespace palermo::exchange {

class ForwardingStore : public storage::KvStore {
 public:
  explicit ForwardingStore(storage::KvStore& to) : to_(to) {}

  absl::Status Apply(const storage::WriteBatch& batch, storage::Durability durability,
                     const storage::Conditions& conditions = {}) override {
    return to_.Apply(batch, durability, conditions);
  }
  std::unique_ptr<storage::KvReader> Snapshot() const override { return to_.Snapshot(); }
  absl::StatusOr<std::unique_ptr<storage::RunWriter>> NewRun() override { return to_.NewRun(); }
  absl::Status DropSegments(std::string_view start, std::string_view end) override {
    return to_.DropSegments(start, end);
  }
  absl::Status Flush() override { return to_.Flush(); }
  absl::Status Backup(const std::string& dir) override { return to_.Backup(dir); }
  absl::Status Scrub() const override { return to_.Scrub(); }
  absl::StatusOr<uint64_t> FreeBytes() const override { return to_.FreeBytes(); }
  uint64_t SyncCount() const override { return to_.SyncCount(); }

 protected:
  absl::StatusOr<std::optional<std::string>> DoGet(storage::Family family,
                                                   std::string_view key) const override {
    return to_.Get(key, family);
  }
  absl::Status DoScan(const storage::ScanRange& range, storage::ScanVisitor visit) const override {
    return to_.Scan(range, visit);
  }

 private:
  storage::KvStore& to_;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_TEST_STORE_H_
