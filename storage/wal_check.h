// The write-ahead logs, read before RocksDB reads them.
//
// RocksDB's recovery (kPointInTimeRecovery) ends at the first bytes that are no record, whatever is
// behind them, and then deletes the log: one wrong bit takes every acknowledged batch after it
// along, without a word. Its other modes refuse the torn end that a power cut leaves as well, or
// leave holes between two logs. The difference is told here: a batch in flight at a crash is the
// last one, so nothing but its own pieces can stand behind its torn place. A record that begins
// there is damage. Internal to storage/.
#ifndef PALERMO_STORAGE_WAL_CHECK_H_
#define PALERMO_STORAGE_WAL_CHECK_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace palermo::storage {

// Reads all logs (NNNNNN.log) of a database that nobody has open; changes nothing. Returns their
// bytes. STORE_DAMAGED: intact records stand behind damaged or missing ones. STORE_UNREACHABLE:
// they cannot be read.
absl::StatusOr<uint64_t> CheckLogs(rocksdb::Env& env, const std::string& db_dir);

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_WAL_CHECK_H_
