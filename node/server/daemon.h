// The life of palermod: load and check, open, serve, drain. One call, from main.
#ifndef PALERMO_NODE_SERVER_DAEMON_H_
#define PALERMO_NODE_SERVER_DAEMON_H_

#include "node/server/config.h"
#include "node/server/log.h"

namespace palermo::server {

// SIGTERM and SIGINT must be blocked in every thread before anything starts one; RunDaemon waits
// for them.
void BlockStopSignals();

// Returns an exit code (config.h) after SIGTERM or SIGINT, or when it refuses to start.
int RunDaemon(const Config& config, Log& log);
// --check-config: everything that a start would refuse, without a write to the store's data and
// without listening. When the node runs, what does not need its store.
int CheckOnly(const Config& config, Log& log);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_DAEMON_H_
