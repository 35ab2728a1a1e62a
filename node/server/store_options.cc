#include "node/server/store_options.h"

#include <string>

#include "absl/strings/str_format.h"
#include "base/status.h"

namespace palermo::server {
namespace {

constexpr uint64_t kBytesPerMib = 1024 * 1024;

}  // namespace

int Refuse(Log& log, const absl::Status& status) {
  log.Error("refused-to-start", {{"code", CodeOf(status)}, {"text", TextOf(status)}});
  return CodeOf(status) == "CANNOT_LISTEN" ? kExitCannotListen : kExitRefused;
}

storage::RocksStore::Options StoreOptions(const Config& config) {
  storage::RocksStore::Options options;
  options.dir = config.data_dir + "/store";
  return options;
}

exchange::NodeOptions NodeOptionsOf(const Config& config, const Inputs& inputs,
                                    storage::KvStore& store, SystemClock& clock,
                                    SystemRandom& random) {
  exchange::NodeOptions options;
  options.state = config.state;
  options.store = &store;
  options.clock = &clock;
  options.random = &random;
  options.checkpoint_key = inputs.keys.checkpoint.get();
  options.next_directory = inputs.directory;
  options.first_roster = inputs.roster;
  options.roster_fingerprint = config.roster_fingerprint;
  options.require_ledger = config.require_ledger;
  options.disk_reserve_bytes = config.disk_reserve_mib * kBytesPerMib;
  options.verify_threads = config.verify_threads;
  return options;
}

absl::Status StoreMissing(const Config& config, const std::optional<crypto::Checkpoint>& mark) {
  std::string why =
      mark.has_value() ? absl::StrFormat("its mark says that the ledger had %d entries", mark->size)
                       : std::string("the option require-ledger is set");
  return WrongState(
      "STORE_MISSING",
      absl::StrFormat("%s has no store, but %s. Is its disk mounted, and data-dir the "
                      "right folder? Mount it, or restore all of data-dir from the "
                      "newest backup; a second ledger would be a fork of the first",
                      config.data_dir, why));
}

}  // namespace palermo::server
