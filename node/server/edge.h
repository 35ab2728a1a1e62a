// What every handler needs: the node that decides, and where to say what happened. All borrowed.
#ifndef PALERMO_NODE_SERVER_EDGE_H_
#define PALERMO_NODE_SERVER_EDGE_H_

#include "node/exchange/node.h"
#include "node/server/log.h"
#include "node/server/metrics.h"

namespace palermo::server {

struct Edge {
  exchange::Node& node;
  Log& log;
  Metrics& metrics;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_EDGE_H_
