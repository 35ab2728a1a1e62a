// RocksDB's settings. Internal to storage/.
#ifndef PALERMO_STORAGE_ROCKS_OPTIONS_H_
#define PALERMO_STORAGE_ROCKS_OPTIONS_H_

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/options.h"
#include "storage/kv_store.h"
#include "storage/rocks_store.h"

namespace palermo::storage {

rocksdb::DBOptions DatabaseOptions(const RocksStore::Options& options);
rocksdb::ColumnFamilyOptions FamilyOptions(Family family, const RocksStore::Options& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache);
rocksdb::IngestExternalFileOptions IngestOptions();

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_ROCKS_OPTIONS_H_
