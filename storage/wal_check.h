// The write-ahead logs, read before RocksDB reads them.
//
// RocksDB's recovery (kPointInTimeRecovery) ends at the first bytes that are no record, whatever is
// behind them, and then deletes the log: one wrong bit takes every acknowledged batch after it
// along, without a word. Its other modes refuse the torn end that a power cut leaves as well, or
// leave holes between two logs. The difference is told here: a batch in flight at a crash is the
// last one, so no record of the store can begin behind its torn place.
//
// What stands there may look like one: a batch holds bytes that another state chose. So each batch
// begins with the store's tag, 16 random bytes that stand in the logs and in one file beside the
// database, and leave the machine nowhere. Behind a torn place only what has the tag is a record.
// Internal to storage/.
#ifndef PALERMO_STORAGE_WAL_CHECK_H_
#define PALERMO_STORAGE_WAL_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "rocksdb/env.h"

namespace palermo::storage {

inline constexpr size_t kLogTagBytes = 16;

// The tag in the file `path`; "" when there is none, or when it is not as it was written.
std::string ReadLogTag(rocksdb::Env& env, const std::string& path);
// Makes one and writes it durably but for the file's name.
absl::StatusOr<std::string> WriteLogTag(rocksdb::Env& env, const std::string& path);

// Reads all logs (NNNNNN.log) of a database that nobody has open; changes nothing. Returns their
// bytes. Without a tag all that looks like a record is taken for one. STORE_DAMAGED: intact records
// stand behind damaged ones. STORE_UNREACHABLE: they cannot be read.
absl::StatusOr<uint64_t> CheckLogs(rocksdb::Env& env, const std::string& db_dir,
                                   std::string_view tag);

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_WAL_CHECK_H_
