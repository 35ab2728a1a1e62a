// What palermod checks and does not serve: --check-config and --check-store. Neither changes a
// file.
#ifndef PALERMO_NODE_SERVER_CHECKS_H_
#define PALERMO_NODE_SERVER_CHECKS_H_

#include "node/server/config.h"
#include "node/server/log.h"

namespace palermo::server {

// --check-config: everything that a start would refuse, without a change to any file and without
// listening. When the node runs, what does not need its store. Returns an exit code (config.h).
int CheckOnly(const Config& config, Log& log);

// --check-store: the same of the store, then every block of its files, the whole ledger, every
// record and every message. STORE_IN_USE while the node runs.
int CheckStoreOnly(const Config& config, Log& log);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_CHECKS_H_
