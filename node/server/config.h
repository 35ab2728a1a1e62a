// The configuration: one set of options with one grammar, on the command line ("--listen=...") and
// in the file ("listen = ..."). The command line wins. deploy/palermod.example.conf explains each.
#ifndef PALERMO_NODE_SERVER_CONFIG_H_
#define PALERMO_NODE_SERVER_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "node/server/log.h"

namespace palermo::server {

// Documented in docs/operations.md; scripts and the systemd unit depend on them.
enum ExitCode : int {
  kExitOk = 0,
  kExitConfig = 2,         // usage or configuration
  kExitRefused = 3,        // a doubt about keys, clock, documents or store
  kExitCannotListen = 4,   // an address is in use or not ours
  kExitSecondSignal = 5,   // stopped without finishing what was under way
  kExitNobodyToAsk = 6,    // --backup-now: no node runs on this data-dir, or it makes no backups
  kExitBackupFailed = 7,   // --backup-now: the node told that it failed, or it ended meanwhile
  kExitStorageFailed = 70  // a write or sync failed; storage::ExitOnStorageFailure
};

struct Config {
  std::string state;
  std::string data_dir;
  std::string node_key;
  std::string passphrase_file;   // empty: the key file is not protected
  std::string signing_module;    // empty: what the key file says
  std::string signing_token;     // empty: what the key file says
  std::string signing_pin_file;  // empty: no key is on a token
  std::string listen = "0.0.0.0:7443";
  std::string http_listen = "127.0.0.1:9464";  // "off": none
  std::string roster;
  Hash roster_fingerprint{};
  std::string charter;    // empty: nothing to publish
  std::string directory;  // empty: nothing to publish
  LogLevel log_level = LogLevel::kInfo;
  uint32_t peer_refresh_seconds = 60;
  uint64_t disk_reserve_mib = 512;
  bool require_ledger = false;  // the first start is over: no new ledger
  uint32_t verify_threads = 2;
  uint32_t drain_seconds = 10;
  std::string backup_dir;            // empty: no backups
  uint32_t backup_every_hours = 24;  // 0: only when asked
  uint32_t backup_keep = 7;
  bool backup_now = false;
  bool check_only = false;
  bool check_store = false;
};

// Either a configuration, or what to print and the exit code (--help, --version, an error).
struct ParsedConfig {
  std::optional<Config> config;
  int exit_code = kExitOk;
  std::string text;
};

ParsedConfig ParseConfig(int argc, const char* const* argv);
// Before they are parsed: whether it is for --check-config, --check-store or --backup-now.
bool AsksForCheck(int argc, const char* const* argv);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_CONFIG_H_
