// What /metrics shows, in Prometheus' text format: the node's counters, the calls and the links.
#ifndef PALERMO_NODE_SERVER_METRICS_H_
#define PALERMO_NODE_SERVER_METRICS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "node/exchange/node.h"
#include "node/server/backup.h"
#include "node/server/scrub.h"

namespace palermo::server {

// One look at everything that is measured elsewhere.
struct Gauges {
  exchange::NodeStats node;
  bool ready = false;
  uint64_t disk_free_bytes = 0;
  ScrubStats scrub;
  BackupStats backup;
  int64_t open_inbound_streams = 0;
  std::vector<std::pair<std::string, bool>> links;  // state of the peer, connected
};

// Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // `method` and `code` come from small fixed sets.
  void CountCall(const std::string& method, const std::string& code, absl::Duration took);
  std::string Text(const Gauges& gauges) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_METRICS_H_
