#include "node/server/daemon.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/steady.h"
#include "node/exchange/node.h"
#include "node/server/await.h"
#include "node/server/backup.h"
#include "node/server/backup_door.h"
#include "node/server/dialer.h"
#include "node/server/edge.h"
#include "node/server/grpc_server.h"
#include "node/server/http.h"
#include "node/server/ledger_mark.h"
#include "node/server/metrics.h"
#include "node/server/probe.h"
#include "node/server/scrub.h"
#include "node/server/startup.h"
#include "node/server/store_options.h"
#include "node/server/version.h"
#include "node/trust/documents.h"
#include "node/trust/expiry.h"
#include "node/trust/rosters.h"
#include "storage/rocks_store.h"

namespace palermo::server {
namespace {

constexpr absl::Duration kPublishLimit = absl::Seconds(30);
constexpr absl::Duration kProbeLimit = absl::Seconds(5);
constexpr absl::Duration kWarnEvery = absl::Hours(1);
constexpr absl::Duration kSayAgain = absl::Minutes(1);
constexpr absl::Duration kLookForSignal = absl::Milliseconds(50);

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// True when a stop signal came within `limit`.
bool WaitForStop(absl::Duration limit) {
  sigset_t signals = StopSignals();
  timespec wait = absl::ToTimespec(limit);
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

// A document of an earlier version than the one in force, or that one itself: nothing to publish.
// Another one of the same version is a fork and goes to the node, which tells it.
template <typename Body>
bool IsTaken(const v1::SignedDocument& offered, const trust::Verified<Body>* known) {
  Body body;
  if (known == nullptr || !body.ParseFromString(offered.document())) return false;
  return body.version() < known->body.version() ||
         offered.document() == known->signed_document.document();
}

absl::Status Publish(exchange::Node& node, const v1::PublishRequest& request, const char* what,
                     Log& log) {
  absl::Status status = AwaitStatus(
      [&](StatusReply reply) {
        node.Publish(
            exchange::Caller{}, request,
            [reply](absl::StatusOr<v1::PublishResponse> response) { reply(response.status()); });
      },
      kPublishLimit);
  if (CodeOf(status) == "OLD_VERSION") {
    log.Info("document-not-newer", {{"document", what}, {"text", TextOf(status)}});
    return absl::OkStatus();
  }
  if (!status.ok()) return Annotate(status, what);
  log.Info("document-published", {{"document", what}});
  return absl::OkStatus();
}

absl::Status PublishOwn(exchange::Node& node, const std::string& state, const Inputs& inputs,
                        Log& log) {
  v1::PublishRequest request;
  trust::TrustPtr view = node.Trust();
  const trust::StateView* own = view->Find(state);
  auto say_old = [&log](const char* what) { log.Info("document-not-newer", {{"document", what}}); };
  if (inputs.charter && IsTaken(*inputs.charter, own == nullptr ? nullptr : own->charter.get())) {
    say_old("charter");
  } else if (inputs.charter) {
    *request.mutable_charter() = *inputs.charter;
    PALERMO_RETURN_IF_ERROR(Publish(node, request, "charter", log));
  }
  const bool has_directory = own != nullptr && own->directory != nullptr;
  if (inputs.directory &&
      IsTaken(*inputs.directory, has_directory ? &own->directory->verified() : nullptr)) {
    say_old("directory");
  } else if (inputs.directory) {
    *request.mutable_directory() = *inputs.directory;
    PALERMO_RETURN_IF_ERROR(Publish(node, request, "directory", log));
  }
  return absl::OkStatus();
}

// Everything that runs, in the order of its start; it is destroyed in the opposite one.
class Daemon {
 public:
  Daemon(const Config& config, Log& log) : config_(config), log_(log), mark_(config.data_dir) {}

  // From the first answer on a signal drains; until then it ends the process, which `watch` sees
  // to.
  absl::Status Start(StartWatch& watch) {
    PALERMO_ASSIGN_OR_RETURN(Inputs inputs, LoadInputs(config_, clock_.Now()));
    inputs_ = std::make_unique<Inputs>(std::move(inputs));
    PALERMO_RETURN_IF_ERROR(OpenNode());
    // Before a start of the committer: what a wrong clock has entered stays.
    PALERMO_RETURN_IF_ERROR(CheckClockAgainst(*node_->Trust(), config_.state, clock_.Now()));
    node_->Start();
    PALERMO_RETURN_IF_ERROR(PublishOwn(*node_, config_.state, *inputs_, log_));
    PALERMO_RETURN_IF_ERROR(CheckClockAgainst(*node_->Trust(), config_.state, clock_.Now()));
    // A new node may start without a directory; one that has run out must be replaced first.
    absl::Status directory = CheckOwnDirectory();
    if (CodeOf(directory) == "DIRECTORY_EXPIRED") return directory;
    // Before the first answer.
    PALERMO_RETURN_IF_ERROR(mark_.Write(node_->LedgerMark()));
    watch.End();
    return Listen();
  }

  void WaitForStopSignal() {
    absl::Duration next_warning = -absl::InfiniteDuration();
    do {
      KeepMark();
      if (SteadyNow() < next_warning) continue;
      next_warning = SteadyNow() + kWarnEvery;
      WarnOfExpiry();
    } while (!WaitForStop(absl::Seconds(1)));
  }

  // Also after a Start that failed half way.
  void Stop() {
    if (readiness_ != nullptr) readiness_->Stop();
    if (backups_ != nullptr) backups_->Stop();
    door_.reset();
    watch_.reset();
    if (dialer_ != nullptr) dialer_->Stop();
    if (server_ != nullptr) server_->Drain(absl::Seconds(config_.drain_seconds));
    http_.reset();
    backups_.reset();  // until then a reader of the metrics asks them
    scrub_.reset();
    server_.reset();
    if (node_ == nullptr) return;
    node_->Drain();
    SayMark(mark_.Write(node_->LedgerMark()));
  }

 private:
  absl::Status OpenNode() {
    PALERMO_RETURN_IF_ERROR(PrepareDataDir(config_.data_dir));
    PALERMO_ASSIGN_OR_RETURN(auto mark, ReadLedgerMark(config_.data_dir));
    storage::RocksStore::Options store = StoreOptions(config_);
    store.create_if_missing = false;
    auto opened = storage::RocksStore::Open(store);
    if (CodeOf(opened.status()) == "STORE_MISSING") {
      if (mark.has_value() || config_.require_ledger) return StoreMissing(config_, mark);
      store.create_if_missing = true;
      opened = storage::RocksStore::Open(store);
    }
    PALERMO_ASSIGN_OR_RETURN(store_, std::move(opened));
    PALERMO_RETURN_IF_ERROR(store_->ScrubNewest(limits::kStartScrubBytes));
    exchange::NodeOptions options = NodeOptionsOf(config_, *inputs_, *store_, clock_, random_);
    options.ledger_mark = mark;
    options.on_damage = [this](const absl::Status& damage) { SayDamage(damage); };
    options.on_first_start = [this] {
      log_.Warning("first-start",
                   {{"data_dir", config_.data_dir},
                    {"text",
                     "no ledger is there: first start, new ledger of epoch 1. If this state had a "
                     "ledger before, stop now: its disk is not mounted or data-dir is wrong"}});
    };
    PALERMO_ASSIGN_OR_RETURN(node_, exchange::Node::Open(std::move(options)));
    return absl::OkStatus();
  }

  void SayDamage(const absl::Status& damage) {
    log_.Error("stored-value-damaged", {{"code", CodeOf(damage)}, {"text", TextOf(damage)}});
  }

  void KeepMark() { SayMark(mark_.WriteNowAndThen(node_->LedgerMark(), SteadyNow())); }
  // Nothing depends on it before the next start.
  void SayMark(const absl::Status& status) {
    if (status.ok()) return;
    log_.Warning("ledger-mark", {{"code", CodeOf(status)}, {"text", TextOf(status)}});
  }

  absl::Status Listen() {
    edge_ = std::make_unique<Edge>(Edge{*node_, log_, metrics_});
    scrub_ =
        std::make_unique<Scrub>([this](uint64_t after) { return store_->ScrubFileAfter(after); },
                                [this](const absl::Status& damage) { SayDamage(damage); });
    readiness_ = std::make_unique<Readiness>([this] { return Probe(); }, clock_);
    PALERMO_ASSIGN_OR_RETURN(server_, GrpcServer::Start(config_.listen, inputs_->keys.tls, *edge_));
    dialer_ = std::make_unique<Dialer>(LinkContext{*node_, inputs_->keys.tls, log_, random_,
                                                   absl::Seconds(config_.peer_refresh_seconds)});
    StartBackups();
    if (config_.http_listen != "off") {
      HttpHandlers handlers{[this] { return readiness_->Check(); },
                            [this] { return metrics_.Text(Look()); }};
      PALERMO_ASSIGN_OR_RETURN(http_, HttpServer::Start(config_.http_listen, std::move(handlers)));
    }
    watch_ = std::make_unique<ReadinessWatch>(*readiness_);
    log_.Info("serving", {{"version", kVersion},
                          {"state", config_.state},
                          {"listen", config_.listen},
                          {"port", std::to_string(server_->port())},
                          {"http", config_.http_listen},
                          {"http_port", std::to_string(http_ == nullptr ? 0 : http_->port())},
                          {"tls_pin", HexEncode(inputs_->keys.tls_pin)}});
    WarnOfExposure();
    return absl::OkStatus();
  }

  // What keeps a backup from being made stops no message: it is told, and tried again.
  void StartBackups() {
    if (config_.backup_dir.empty()) {
      RemoveUnfinished(config_.data_dir, "", config_.state);
      return;
    }
    absl::Status same = CheckOtherDisk(config_.backup_dir, config_.data_dir);
    if (!same.ok()) {
      log_.Warning("backup-dir", {{"code", CodeOf(same)}, {"text", TextOf(same)}});
    }
    backups_ =
        std::make_unique<Backups>(BackupPlanOf(config_),
                                  BackupSource{store_.get(), [this] { return node_->LedgerMark(); },
                                               [this] { return MayBeDamaged(scrub_->stats()); }},
                                  clock_, log_);
    auto door = BackupDoor::Open(config_.data_dir, [this] { return backups_->MakeNow(); });
    if (door.ok()) {
      door_ = *std::move(door);
    } else {
      log_.Warning("backup-dir",
                   {{"code", CodeOf(door.status())}, {"text", TextOf(door.status())}});
    }
  }

  // By /readyz and by the watch, whoever comes first. Ready: can sign, write, sync and read back,
  // and its directory is in force and names its TLS key.
  absl::Status Probe() {
    absl::Status status =
        AwaitStatus([this](StatusReply reply) { node_->Probe(std::move(reply)); }, kProbeLimit);
    if (status.ok()) status = CheckOwnDirectory();
    if (status.ok()) status = CheckPin();
    server_->SetServing(status.ok());
    LogReadiness(status);
    return status;
  }

  // One line when the answer changes and every minute while it is no. REQUIRES: called by Probe,
  // which runs once at a time.
  void LogReadiness(const absl::Status& status) {
    std::string code = CodeOf(status);
    if (code == logged_code_ && SteadyNow() - logged_at_ < kSayAgain) return;
    bool news = code != logged_code_;
    logged_code_ = code;
    logged_at_ = SteadyNow();
    if (!status.ok()) {
      log_.Warning("not-ready", {{"code", code}, {"text", TextOf(status)}});
    } else if (news) {
      log_.Info("ready");
    }
  }

  absl::Status CheckOwnDirectory() {
    return CheckDirectoryTime(node_->Stats().directory_expires_at_ms, clock_.Now());
  }
  absl::Status CheckPin() {
    return CheckOwnPin(*node_->Trust(), config_.state, inputs_->keys.tls_pin);
  }

  Gauges Look() {
    Gauges gauges;
    gauges.node = node_->Stats();
    gauges.ready = readiness_->last_ok();
    gauges.disk_free_bytes = store_->FreeBytes().value_or(0);
    gauges.scrub = scrub_->stats();
    if (backups_ != nullptr) gauges.backup = backups_->stats();
    gauges.open_inbound_streams = server_->open_peer_streams();
    gauges.links = dialer_->Links();
    return gauges;
  }

  // Hourly. Readiness does not depend on it: only an own directory that has run out does.
  void WarnOfExpiry() {
    absl::Status status = CheckOwnDirectory();
    if (!status.ok()) {
      log_.Error("own-directory", {{"code", CodeOf(status)}, {"text", TextOf(status)}});
    }
    auto trust = node_->Trust();
    absl::Time now = clock_.Now();
    size_t count = 0;
    for (const trust::Expiry& expiry : trust::DueWarnings(*trust, now)) {
      bool own = expiry.state.empty() || expiry.state == config_.state;
      // What each officer of a peer has to renew is that peer's business.
      if (!own && expiry.kind == trust::ExpiryKind::kMandate) continue;
      if (++count > limits::kMaxLoggedWarnings) break;
      log_.Warning(own ? "own-expires" : "peer-expires",
                   {{"kind", trust::ExpiryKindName(expiry.kind)},
                    {"state", expiry.state},
                    {"subject", expiry.subject},
                    {"expires", FormatInstant(FromMillis(expiry.at_ms))},
                    {"text", trust::ExpiryText(expiry, now)}});
    }
    for (const auto& difference : trust::WaitingDifferences(*trust)) {
      log_.Warning("roster-waits",
                   {{"state", difference.state},
                    {"text",
                     "a roster changes this state's root keys without the old ones; compare "
                     "the new fingerprint with that state, then: palermo roster confirm"}});
    }
  }

  void WarnOfExposure() {
    auto address = SplitAddress(config_.http_listen);
    if (address.ok() && !IsLoopback(address->host)) {
      log_.Warning("http-exposed", {{"http", config_.http_listen},
                                    {"text", "metrics are readable beyond this machine"}});
    }
    absl::Status pin = CheckPin();
    if (!pin.ok()) log_.Error("own-key-not-in-directory", {{"text", TextOf(pin)}});
  }

  const Config& config_;
  Log& log_;
  SystemClock clock_;
  SystemRandom random_;
  Metrics metrics_;
  LedgerMark mark_;
  std::unique_ptr<Inputs> inputs_;
  std::unique_ptr<storage::RocksStore> store_;
  std::unique_ptr<exchange::Node> node_;
  std::unique_ptr<Scrub> scrub_;
  std::unique_ptr<Backups> backups_;
  std::unique_ptr<BackupDoor> door_;
  std::unique_ptr<Edge> edge_;
  std::unique_ptr<Readiness> readiness_;
  std::string logged_code_;
  absl::Duration logged_at_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<Dialer> dialer_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<ReadinessWatch> watch_;
};

// While draining, a second signal ends the process at once.
void WatchSecondSignal() {
  std::thread([] {
    while (!WaitForStop(absl::Hours(1))) {
    }
    _exit(kExitSecondSignal);
  }).detach();
}

}  // namespace

void BlockStopSignals() {
  sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that hangs up is an error code, not a signal.
  signal(SIGPIPE, SIG_IGN);
}

StartWatch::StartWatch() {
  thread_ = std::thread([this] {
    while (!over_.load()) {
      if (!WaitForStop(kLookForSignal)) continue;
      Log* log = log_.load();
      if (log != nullptr) log->Info("stopped", {{"text", "asked to stop during the start"}});
      _exit(exit_code_.load());
    }
  });
}

void StartWatch::End() {
  over_.store(true);
  if (thread_.joinable()) thread_.join();
}

int RunDaemon(const Config& config, Log& log, StartWatch& watch) {
  Daemon daemon(config, log);
  absl::Status status = daemon.Start(watch);
  if (!status.ok()) {
    int exit_code = Refuse(log, status);
    watch.End();
    daemon.Stop();
    return exit_code;
  }
  daemon.WaitForStopSignal();
  log.Info("draining");
  WatchSecondSignal();
  daemon.Stop();
  log.Info("stopped");
  return kExitOk;
}

}  // namespace palermo::server
