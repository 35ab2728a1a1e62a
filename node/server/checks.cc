#include "node/server/checks.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/steady.h"
#include "node/exchange/node.h"
#include "node/exchange/store_check.h"
#include "node/server/backup_folder.h"
#include "node/server/ledger_mark.h"
#include "node/server/startup.h"
#include "node/server/store_options.h"
#include "storage/memory_store.h"
#include "storage/rocks_store.h"

namespace palermo::server {
namespace {

constexpr absl::Duration kSayProgressEvery = absl::Seconds(5);

absl::StatusOr<std::unique_ptr<storage::RocksStore>> OpenToRead(const Config& config) {
  PALERMO_RETURN_IF_ERROR(CheckDataDir(config.data_dir));
  storage::RocksStore::Options options = StoreOptions(config);
  options.create_if_missing = false;
  options.read_only = true;
  return storage::RocksStore::Open(options);
}

// What a start would make of the store and the documents. True when another process has the store.
absl::StatusOr<bool> TryStore(const Config& config, const Inputs& inputs, SystemClock& clock,
                              Log& log) {
  auto opened = OpenToRead(config);
  PALERMO_ASSIGN_OR_RETURN(auto mark, ReadLedgerMark(config.data_dir));
  if (CodeOf(opened.status()) == "STORE_IN_USE") return true;
  std::unique_ptr<storage::KvStore> store;
  if (opened.ok()) {
    PALERMO_RETURN_IF_ERROR((*opened)->ScrubNewest(limits::kStartScrubBytes));
    store = *std::move(opened);
  } else if (CodeOf(opened.status()) == "STORE_MISSING") {
    if (mark.has_value() || config.require_ledger) return StoreMissing(config, mark);
    store = std::make_unique<storage::MemoryStore>();
  } else {
    return opened.status();
  }
  SystemRandom random;
  exchange::NodeOptions options = NodeOptionsOf(config, inputs, *store, clock, random);
  options.ledger_mark = mark;
  PALERMO_ASSIGN_OR_RETURN(trust::TrustPtr view,
                           exchange::Node::TryStart(std::move(options), inputs.charter));
  PALERMO_RETURN_IF_ERROR(CheckClockAgainst(*view, config.state, clock.Now()));
  auto directory = view->DirectoryOf(config.state);
  absl::Status in_time =
      CheckDirectoryTime(directory.ok() ? (*directory)->body().expires_at_ms() : 0, clock.Now());
  if (CodeOf(in_time) == "DIRECTORY_EXPIRED") return in_time;
  absl::Status pin = CheckOwnPin(*view, config.state, inputs.keys.tls_pin);
  for (const absl::Status& later : {in_time, pin}) {
    if (later.ok()) continue;
    log.Warning("will-not-be-ready", {{"code", CodeOf(later)}, {"text", TextOf(later)}});
  }
  return false;
}

// Every block, the whole ledger, and the start's own checks. Each finding is a line of the log.
absl::StatusOr<exchange::StoreReport> CheckAll(const Config& config, const Inputs& inputs,
                                               SystemClock& clock, Log& log) {
  auto opened = OpenToRead(config);
  PALERMO_ASSIGN_OR_RETURN(auto mark, ReadLedgerMark(config.data_dir));
  if (CodeOf(opened.status()) == "STORE_MISSING" && (mark.has_value() || config.require_ledger)) {
    return StoreMissing(config, mark);
  }
  PALERMO_ASSIGN_OR_RETURN(std::unique_ptr<storage::RocksStore> store, std::move(opened));
  log.Info("checking-store", {{"what", "blocks"}});
  absl::Status blocks = store->Scrub();
  if (!blocks.ok()) log.Error("store-finding", {{"where", "blocks"}, {"what", TextOf(blocks)}});
  absl::Duration next = SteadyNow() + kSayProgressEvery;
  auto say = [&](const char* what, uint64_t done, uint64_t all) {
    if (SteadyNow() < next) return;
    next = SteadyNow() + kSayProgressEvery;
    std::string of = all == 0 ? "unknown" : std::to_string(all);
    log.Info("checking-store", {{"what", what}, {"done", std::to_string(done)}, {"all", of}});
  };
  PALERMO_ASSIGN_OR_RETURN(exchange::StoreReport report, exchange::CheckStore(*store, say));
  for (const storage::FsckFinding& finding : report.findings) {
    log.Error("store-finding", {{"where", finding.where}, {"what", finding.what}});
  }
  PALERMO_RETURN_IF_ERROR(report.ToStatus());
  PALERMO_RETURN_IF_ERROR(blocks);
  SystemRandom random;
  exchange::NodeOptions options = NodeOptionsOf(config, inputs, *store, clock, random);
  options.ledger_mark = mark;
  PALERMO_RETURN_IF_ERROR(exchange::Node::TryStart(std::move(options), inputs.charter).status());
  return report;
}

}  // namespace

int CheckOnly(const Config& config, Log& log) {
  SystemClock clock;
  absl::StatusOr<Inputs> inputs = LoadInputs(config, clock.Now());
  if (!inputs.ok()) return Refuse(log, inputs.status());
  absl::StatusOr<bool> running = TryStore(config, *inputs, clock, log);
  if (!running.ok()) return Refuse(log, running.status());
  if (*running) {
    log.Warning("node-is-running",
                {{"text",
                  "another process has the store, so store, addresses, charter and "
                  "directory were not tried; stop it to check them too"}});
  } else {
    absl::Status free = CheckCanListen("listen", config.listen);
    if (free.ok() && config.http_listen != "off") {
      free = CheckCanListen("http-listen", config.http_listen);
    }
    if (!free.ok()) return Refuse(log, free);
  }
  if (!config.backup_dir.empty()) {
    absl::Status backup = CheckOtherDisk(config.backup_dir, config.data_dir);
    // A start goes on, too.
    if (!backup.ok()) {
      log.Warning("backup-dir", {{"code", CodeOf(backup)}, {"text", TextOf(backup)}});
    }
  }
  log.Info("configuration-ok",
           {{"state", config.state}, {"tls_pin", HexEncode(inputs->keys.tls_pin)}});
  return kExitOk;
}

int CheckStoreOnly(const Config& config, Log& log) {
  SystemClock clock;
  absl::StatusOr<Inputs> inputs = LoadInputs(config, clock.Now());
  if (!inputs.ok()) return Refuse(log, inputs.status());
  absl::StatusOr<exchange::StoreReport> report = CheckAll(config, *inputs, clock, log);
  if (!report.ok()) return Refuse(log, report.status());
  log.Info("store-ok", {{"state", config.state},
                        {"entries", std::to_string(report->entries)},
                        {"messages", std::to_string(report->messages)}});
  return kExitOk;
}

}  // namespace palermo::server
