#include "node/server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>

#include "node/server/version.h"

namespace palermo::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double kMillisPerSecond = 1000.0;

const prometheus::Histogram::BucketBoundaries& CallBuckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  return buckets;
}

class Page {
 public:
  void Counter(const char* name, const char* help, uint64_t value) {
    ClientMetric metric;
    metric.counter.value = static_cast<double>(value);
    Family(name, help, MetricType::Counter).metric.push_back(std::move(metric));
  }
  void Gauge(const char* name, const char* help, double value) {
    AddGauge(Family(name, help, MetricType::Gauge), value, {});
  }
  MetricFamily& Family(const char* name, const char* help, MetricType type) {
    MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
    return families_.back();
  }
  static void AddGauge(MetricFamily& family, double value,
                       std::vector<ClientMetric::Label> labels) {
    ClientMetric metric;
    metric.gauge.value = value;
    metric.label = std::move(labels);
    family.metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily>& families() { return families_; }

 private:
  std::vector<MetricFamily> families_;
};

void AddNode(const exchange::NodeStats& node, Page& page) {
  page.Counter("palermo_submissions_total", "Messages admitted from own desks", node.submitted);
  page.Counter("palermo_deliveries_total", "Messages admitted from peers", node.delivered);
  page.Counter("palermo_relays_total", "Messages that a peer has given its receipt for",
               node.relayed);
  page.Counter("palermo_retrievals_total", "Messages whose retrieval was signed", node.retrieved);
  page.Counter("palermo_refusals_total", "Calls and parcels refused by a rule", node.refused);
  page.Counter("palermo_confirmations_missing_total",
               "Emergencies that no second approver confirmed within 24 hours",
               node.confirmations_missing);
  page.Counter("palermo_expirations_total", "Messages that expired undelivered", node.expired);
  page.Counter("palermo_peer_faults_total", "What peers did against the rules", node.peer_faults);
  page.Counter("palermo_refusals_not_entered_total",
               "Refused calls that the ledger could not take: halted, too much to do, no signature",
               node.refusals_not_entered);
  page.Counter("palermo_commits_total", "Batches committed to the ledger", node.commits);
  page.Counter("palermo_syncs_total", "Times that stable storage was waited for", node.syncs);
  page.Gauge("palermo_ledger_entries", "Size of the ledger", static_cast<double>(node.ledger_size));
  page.Gauge("palermo_queued_decisions", "Decisions that wait for the committer",
             static_cast<double>(node.queued_decisions));
  page.Gauge("palermo_outbox_items", "Items that no peer has acknowledged yet",
             static_cast<double>(node.outbox_items));
  page.Gauge("palermo_pending_drafts", "Drafts that wait for approval",
             static_cast<double>(node.pending_drafts));
  page.Gauge("palermo_directory_expires_timestamp_seconds",
             "When the own directory expires, Unix time; 0: there is none",
             static_cast<double>(node.directory_expires_at_ms) / kMillisPerSecond);
  page.Gauge("palermo_waiting_rosters",
             "Rosters that wait until an administrator confirms changed root keys",
             static_cast<double>(node.waiting_rosters));
  MetricFamily& ends = page.Family("palermo_expires_timestamp_seconds",
                                   "Soonest end by state and kind, Unix time", MetricType::Gauge);
  for (const auto& [what, at_ms] : node.expires_at_ms) {
    Page::AddGauge(ends, static_cast<double>(at_ms) / kMillisPerSecond,
                   {{"state", what.first}, {"kind", what.second}});
  }
  MetricFamily& pinned =
      page.Family("palermo_peer_documents_timestamp_seconds",
                  "When this peer's own node last answered for its documents, Unix time; 0: never",
                  MetricType::Gauge);
  for (const auto& [state, at_ms] : node.documents_pinned_at_ms) {
    Page::AddGauge(pinned, static_cast<double>(at_ms) / kMillisPerSecond, {{"state", state}});
  }
}

void AddBackup(const BackupStats& backup, Page& page) {
  if (!backup.wanted) return;
  page.Gauge("palermo_last_backup_timestamp_seconds",
             "When the newest backup was made, Unix time; 0: there is none",
             static_cast<double>(backup.newest_at_ms) / kMillisPerSecond);
  page.Counter("palermo_backups_total", "Backups made since the start", backup.made);
  page.Counter("palermo_backup_failures_total", "Backups that failed since the start",
               backup.failed);
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& calls = prometheus::BuildCounter()
                                                       .Name("palermo_calls_total")
                                                       .Help("Calls answered, by method and code")
                                                       .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram()
                                                           .Name("palermo_call_seconds")
                                                           .Help("Time to answer a call")
                                                           .Register(registry);
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::CountCall(const std::string& method, const std::string& code, absl::Duration took) {
  impl_->calls.Add({{"method", method}, {"code", code}}).Increment();
  impl_->seconds.Add({{"method", method}}, CallBuckets()).Observe(absl::ToDoubleSeconds(took));
}

std::string Metrics::Text(const Gauges& gauges) const {
  Page page;
  AddNode(gauges.node, page);
  page.Gauge("palermo_ready", "1 if the last readiness check succeeded", gauges.ready ? 1 : 0);
  page.Gauge("palermo_disk_free_bytes", "Bytes that may still be written to the store's disk",
             static_cast<double>(gauges.disk_free_bytes));
  page.Counter("palermo_scrubbed_bytes_total", "Bytes of stored files read to find damage",
               gauges.scrub.bytes);
  page.Gauge("palermo_damaged_files", "Stored files in which the last reading found damage",
             static_cast<double>(gauges.scrub.damaged_files));
  AddBackup(gauges.backup, page);
  page.Gauge("palermo_inbound_streams", "Open streams that peers dialled",
             static_cast<double>(gauges.open_inbound_streams));
  MetricFamily& links = page.Family("palermo_peer_connected",
                                    "1 if the stream to this peer is open", MetricType::Gauge);
  for (const auto& [state, connected] : gauges.links) {
    Page::AddGauge(links, connected ? 1 : 0, {{"state", state}});
  }
  MetricFamily& build = page.Family("palermo_build_info", "The running version", MetricType::Gauge);
  Page::AddGauge(build, 1, {{"version", kVersion}});
  for (MetricFamily& family : impl_->registry.Collect()) {
    page.families().push_back(std::move(family));
  }
  return prometheus::TextSerializer().Serialize(page.families());
}

}  // namespace palermo::server
