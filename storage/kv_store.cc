#include "storage/kv_store.h"

#include <unistd.h>

#include <cstdio>

#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::storage {

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

ScanRange ScanRange::Prefix(std::string_view prefix, size_t limit, Family family) {
  return {std::string(prefix), PrefixEnd(prefix), limit, false, family};
}

absl::Status KvReader::ScanPrefix(std::string_view prefix, ScanVisitor visit, Family family) const {
  return Scan(ScanRange::Prefix(prefix, std::numeric_limits<size_t>::max(), family), visit);
}

void WriteBatch::Put(std::string_view key, std::string_view value, Family family) {
  Add(Kind::kPut, family, key, value);
}

void WriteBatch::PutOwned(std::string key, std::string value, bool read_soon, Family family) {
  byte_size_ += key.size() + value.size();
  changes_.push_back({Kind::kPut, family, std::move(key), std::move(value), read_soon});
}

void WriteBatch::PutUint64(std::string_view key, uint64_t value) { Put(key, BigEndian64(value)); }

void WriteBatch::Delete(std::string_view key, Family family) {
  Add(Kind::kDelete, family, key, {});
}

void WriteBatch::DeleteRange(std::string_view start, std::string_view end, Family family) {
  PALERMO_CHECK(!end.empty());
  Add(Kind::kDeleteRange, family, start, end);
}

void WriteBatch::Append(const WriteBatch& other) {
  // By number, because `other` may be this batch.
  const size_t count = other.changes_.size();
  for (size_t i = 0; i < count; ++i) changes_.push_back(Change(other.changes_[i]));
  byte_size_ += other.byte_size_;
}

void WriteBatch::Clear() {
  changes_.clear();
  byte_size_ = 0;
}

void WriteBatch::Add(Kind kind, Family family, std::string_view key, std::string_view value) {
  changes_.push_back({kind, family, std::string(key), std::string(value)});
  byte_size_ += key.size() + value.size();
}

absl::Status KvStore::Ingest(const std::vector<std::pair<std::string, std::string>>& sorted) {
  PALERMO_ASSIGN_OR_RETURN(std::unique_ptr<RunWriter> run, NewRun());
  for (const auto& [key, value] : sorted) PALERMO_RETURN_IF_ERROR(run->Add(key, value));
  return run->Finish();
}

void ExitOnStorageFailure(const absl::Status& status) {
  std::fprintf(stderr, "storage failed, stopping: %s: %s\n", CodeOf(status).c_str(),
               TextOf(status).c_str());
  _exit(70);
}

}  // namespace palermo::storage
