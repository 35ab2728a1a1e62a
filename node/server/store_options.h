// How palermod opens its store, to serve and to check. Internal to this room.
#ifndef PALERMO_NODE_SERVER_STORE_OPTIONS_H_
#define PALERMO_NODE_SERVER_STORE_OPTIONS_H_

#include <optional>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/checkpoint.h"
#include "node/exchange/node.h"
#include "node/server/config.h"
#include "node/server/log.h"
#include "node/server/startup.h"
#include "storage/rocks_store.h"

namespace palermo::server {

// Says why, and returns the exit code.
int Refuse(Log& log, const absl::Status& status);

storage::RocksStore::Options StoreOptions(const Config& config);
exchange::NodeOptions NodeOptionsOf(const Config& config, const Inputs& inputs,
                                    storage::KvStore& store, SystemClock& clock,
                                    SystemRandom& random);
// What has no store, although there was one or must be one.
absl::Status StoreMissing(const Config& config, const std::optional<crypto::Checkpoint>& mark);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_STORE_OPTIONS_H_
