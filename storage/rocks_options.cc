#include "storage/rocks_options.h"

#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"

namespace palermo::storage {
namespace {
constexpr size_t kMiB = 1024 * 1024;
}

rocksdb::DBOptions DatabaseOptions(const RocksStore::Options& options) {
  rocksdb::DBOptions db;
  db.env = options.env != nullptr ? options.env : rocksdb::Env::Default();
  db.create_if_missing = options.create_if_missing;
  db.create_missing_column_families = true;

  // Durability. The log goes to the operating system with each write and to the disk with each
  // synced one. The four features that are off have each lost or refused data in some release.
  // Where a log ends torn, recovery ends; that nothing intact follows was seen by wal_check.h. That
  // the newest log is missing the node's mark shows (node/server/ledger_mark.h), not that an older
  // one is.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.manual_wal_flush = false;
  db.recycle_log_file_num = 0;
  db.wal_compression = rocksdb::kNoCompression;
  db.track_and_verify_wals_in_manifest = false;
  db.paranoid_checks = true;
  db.best_efforts_recovery = false;
  db.use_fsync = false;  // fdatasync: sizes and data, not the time of the last access
  db.allow_mmap_reads = false;
  db.allow_mmap_writes = false;

  // A failed background job is the end of the process, so it is not tried again.
  db.max_bgerror_resume_count = 0;

  // Hand files to the disk as they are written, so that no sync waits for a long queue of others.
  db.bytes_per_sync = kMiB;
  db.wal_bytes_per_sync = 0;

  // Bounds.
  db.max_background_jobs = 2;
  db.max_open_files = 512;
  db.max_total_wal_size = 4 * options.write_buffer_bytes;
  db.max_manifest_file_size = 16 * kMiB;
  db.max_log_file_size = kMiB;
  db.keep_log_file_num = 4;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  return db;
}

rocksdb::ColumnFamilyOptions FamilyOptions(Family family, const RocksStore::Options& options,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions cf;
  // Nearly all of what is stored is sealed or a hash: there is nothing to compress.
  cf.compression = rocksdb::kNoCompression;
  cf.bottommost_compression = rocksdb::kDisableCompressionOption;
  cf.max_write_buffer_number = 2;
  cf.level_compaction_dynamic_level_bytes = true;
  cf.force_consistency_checks = true;
  cf.paranoid_file_checks = false;  // would read every new file twice; Scrub does it in its time

  rocksdb::BlockBasedTableOptions table;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  if (family == Family::kMain) {
    cf.write_buffer_size = options.write_buffer_bytes;
    // Most look-ups ask for what is not there yet (a known message? a used number?).
    cf.memtable_prefix_bloom_size_ratio = 0.02;
    cf.memtable_whole_key_filtering = true;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  } else if (family == Family::kSealed) {
    // Keys only grow, so no two of its files overlap: a compaction renames them and copies nothing.
    // What is asked for is there, so filters would be in the way.
    cf.write_buffer_size = options.write_buffer_bytes / 2;
  } else {
    // Filled by ingested files alone. Segments are read once, in order: a cache would only push
    // out what is worth keeping.
    cf.write_buffer_size = kMiB;
    cf.target_file_size_base = 256 * kMiB;
    table.no_block_cache = true;
    table.block_size = 64 * 1024;
  }
  if (family != Family::kSegments) {
    table.block_cache = cache;
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
  }
  cf.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return cf;
}

rocksdb::IngestExternalFileOptions IngestOptions() {
  rocksdb::IngestExternalFileOptions ingest;
  ingest.move_files = true;
  ingest.failed_move_fall_back_to_copy = false;
  ingest.write_global_seqno = false;  // the file stays as it was written and synced
  return ingest;
}

}  // namespace palermo::storage
