#include "node/server/backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/server/ledger_mark.h"

namespace palermo::server {
namespace {

// An open for reading keeps nothing of this: it is for one look.
constexpr size_t kLookCacheBytes = 8 * 1024 * 1024;

absl::Status Stopped() { return TryLater("BACKUP_STOPPED", "the node stops; no backup was made"); }

absl::Status CannotMake(const std::string& path) {
  return TryLater("BACKUP_FAILED", absl::StrFormat("%s: %s; mend the disk or the folder's rights",
                                                   path, std::strerror(errno)));
}

// What is there opens, and what it holds. Reads no more than a start does before it serves.
absl::StatusOr<uint64_t> EntriesOf(const std::string& folder) {
  storage::RocksStore::Options options;
  options.dir = folder + "/store";
  options.create_if_missing = false;
  options.read_only = true;
  options.block_cache_bytes = kLookCacheBytes;
  PALERMO_ASSIGN_OR_RETURN(auto store, storage::RocksStore::Open(options));
  PALERMO_ASSIGN_OR_RETURN(auto value, store->Get(storage::kTreeSizeKey));
  const uint64_t entries =
      value.has_value() && value->size() == sizeof(uint64_t) ? ReadBigEndian64(*value) : 0;
  PALERMO_ASSIGN_OR_RETURN(auto mark, ReadLedgerMark(folder));
  if (mark.has_value() && mark->size > entries) {
    return Damaged("BACKUP_FAILED",
                   absl::StrFormat("the copy has %d ledger entries, its mark says %d; look at the "
                                   "disk, then check the store of the stopped node (--check-store)",
                                   entries, mark->size));
  }
  return entries;
}

}  // namespace

BackupPlan BackupPlanOf(const Config& config) {
  BackupPlan plan;
  plan.state = config.state;
  plan.data_dir = config.data_dir;
  plan.dir = config.backup_dir;
  plan.every = absl::Hours(config.backup_every_hours);
  plan.keep = config.backup_keep;
  plan.reserve_bytes = config.disk_reserve_mib * 1024 * 1024;
  return plan;
}

Backups::Backups(BackupPlan plan, BackupSource source, Clock& clock, Log& log)
    : plan_(std::move(plan)),
      source_(std::move(source)),
      clock_(clock),
      log_(log),
      last_(Stopped()),
      thread_([this] { Run(); }) {}

absl::StatusOr<BackupMade> Backups::MakeNow() {
  absl::MutexLock lock(&mu_);
  if (stopping_) return Stopped();
  const uint64_t mine = ++asked_;
  changed_.Notify();
  auto answered = [&]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_ || answered_ >= mine; };
  while (!changed_.Await(mu_, absl::InfiniteDuration(), answered)) {
  }
  if (answered_ >= mine) return last_;
  return Stopped();
}

void Backups::Stop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  changed_.Notify();
  if (thread_.joinable()) thread_.join();
}

BackupStats Backups::stats() const {
  absl::MutexLock lock(&mu_);
  return stats_;
}

bool Backups::Wait(absl::Duration time) {
  absl::MutexLock lock(&mu_);
  auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_; };
  return changed_.Await(mu_, time, stopping);
}

void Backups::Run() {
  RemoveUnfinished(plan_.data_dir, plan_.dir, plan_.state);
  absl::Duration wait = FirstWait();
  while (true) {
    uint64_t asked = 0;
    {
      absl::MutexLock lock(&mu_);
      auto due = [this]()
                     ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_ || asked_ > answered_; };
      const bool called = changed_.Await(mu_, wait, due);
      if (stopping_) return;
      if (!called && plan_.every == absl::ZeroDuration()) continue;
      asked = asked_;
    }
    absl::StatusOr<BackupMade> made = Make();
    Tell(made);
    wait = plan_.every;
    if (!made.ok()) wait = std::min(wait, plan_.retry);
    if (plan_.every == absl::ZeroDuration()) wait = absl::InfiniteDuration();
    absl::MutexLock lock(&mu_);
    if (CodeOf(made.status()) == "BACKUP_STOPPED") return;
    answered_ = asked;
    last_ = std::move(made);
    changed_.Notify();
  }
}

absl::Duration Backups::FirstWait() {
  auto all = ListBackups(plan_.dir, plan_.state);
  absl::Duration age = absl::InfiniteDuration();
  absl::MutexLock lock(&mu_);
  stats_.wanted = true;
  if (all.ok() && !all->empty()) {
    stats_.newest_at_ms = ToMillis(all->front().at);
    age = clock_.Now() - all->front().at;
  }
  if (plan_.every == absl::ZeroDuration()) return absl::InfiniteDuration();
  // One of the future tells of a clock that was wrong: its age is not known.
  if (age < absl::ZeroDuration()) return absl::ZeroDuration();
  return std::max(plan_.every - age, absl::ZeroDuration());
}

absl::StatusOr<BackupMade> Backups::Make() {
  const auto remove = [&] { RemoveUnfinished(plan_.data_dir, plan_.dir, plan_.state); };
  remove();
  PALERMO_RETURN_IF_ERROR(CheckBackupDir(plan_.dir));
  const absl::Duration begin = SteadyNow();
  const std::string unfinished = UnfinishedBackup(plan_.dir, plan_.state);
  absl::StatusOr<BackupMade> made = MakeIn(FreshBackup(plan_.data_dir), unfinished, clock_.Now());
  if (!made.ok()) remove();
  if (made.ok()) made->took = SteadyNow() - begin;
  return made;
}

absl::StatusOr<BackupMade> Backups::MakeIn(const std::string& fresh, const std::string& unfinished,
                                           absl::Time at) {
  PALERMO_RETURN_IF_ERROR(
      CheckBackupRoom(plan_.data_dir, source_.store->UnflushedBytes(), plan_.reserve_bytes));
  if (mkdir(fresh.c_str(), 0700) != 0) return CannotMake(fresh);
  // First the mark, then the store: the store is never behind it.
  PALERMO_RETURN_IF_ERROR(LedgerMark(fresh).Write(source_.mark()));
  PALERMO_RETURN_IF_ERROR(source_.store->Backup(fresh + "/store"));
  PALERMO_RETURN_IF_ERROR(SyncNames(fresh));
  if (Wait(absl::ZeroDuration())) return Stopped();
  const CopyLimits limits{plan_.reserve_bytes, plan_.bytes_per_second,
                          [this](absl::Duration time) { return Wait(time); }};
  PALERMO_RETURN_IF_ERROR(BringFolder(fresh, unfinished, limits));
  PALERMO_ASSIGN_OR_RETURN(const uint64_t entries, EntriesOf(unfinished));
  BackupMade made;
  made.folder = Cat({plan_.dir, "/", BackupName(plan_.state, at, entries)});
  made.entries = entries;
  made.bytes = BytesIn(unfinished);
  if (std::rename(unfinished.c_str(), made.folder.c_str()) != 0) return CannotMake(made.folder);
  PALERMO_RETURN_IF_ERROR(SyncNames(plan_.dir));
  RemoveOld(BackupName(plan_.state, at, entries));
  absl::MutexLock lock(&mu_);
  stats_.newest_at_ms = ToMillis(at);
  return made;
}

void Backups::RemoveOld(const std::string& newest) {
  // What is damaged in the store is damaged in the newest backup, perhaps whole in an older one.
  // What an earlier run of the node knew is not known before all files were read again.
  if (source_.damaged()) {
    log_.Warning("backups-kept",
                 {{"code", "STORE_DAMAGED"},
                  {"text",
                   "stored files are damaged, or were not all read since the start, so no older "
                   "backup is removed now; if this log has stored-value-damaged, check the backups "
                   "with --check-store"}});
    return;
  }
  auto all = ListBackups(plan_.dir, plan_.state);
  if (!all.ok()) return;  // the next one tells it
  for (const std::string& name : BackupsToRemove(*all, plan_.keep, newest)) {
    std::error_code error;
    const std::string path = Cat({plan_.dir, "/", name});
    // Half a backup has no such name.
    const std::string going = UnfinishedBackup(plan_.dir, plan_.state);
    std::filesystem::rename(path, going, error);
    if (!error) std::filesystem::remove_all(going, error);
    if (!error) continue;
    log_.Warning("backups-kept",
                 {{"code", "BACKUP_FAILED"},
                  {"text", absl::StrFormat("%s is too old, and cannot be removed: %s; remove it",
                                           path, error.message())}});
  }
}

void Backups::Tell(const absl::StatusOr<BackupMade>& made) {
  if (made.ok()) {
    log_.Info("backup", {{"folder", made->folder},
                         {"entries", std::to_string(made->entries)},
                         {"bytes", std::to_string(made->bytes)},
                         {"seconds", absl::StrFormat("%.1f", absl::ToDoubleSeconds(made->took))}});
  } else if (CodeOf(made.status()) == "BACKUP_STOPPED") {
    log_.Info("backup-stopped", {{"text", TextOf(made.status())}});
    return;
  } else {
    log_.Warning("backup-failed",
                 {{"code", CodeOf(made.status())}, {"text", TextOf(made.status())}});
  }
  absl::MutexLock lock(&mu_);
  ++(made.ok() ? stats_.made : stats_.failed);
}

}  // namespace palermo::server
