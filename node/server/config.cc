#include "node/server/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/server/http.h"
#include "node/server/version.h"

namespace palermo::server {
namespace {

constexpr char kExample[] =
    "Example:\n"
    "  palermod --config /etc/palermo/palermod.conf --check-config\n"
    "  palermod --config /etc/palermo/palermod.conf --check-store --data-dir "
    "/mnt/snapshot/palermo\n"
    "  palermod --config /etc/palermo/palermod.conf --backup-now\n"
    "  palermod --state QM --data-dir /var/lib/palermo --node-key /etc/palermo/node.key \\\n"
    "      --roster /etc/palermo/roster.bin --roster-fingerprint 5f0c... \\\n"
    "      --charter /etc/palermo/charter.bin --directory /etc/palermo/directory.bin\n"
    "\n"
    "Exit codes: 0 stopped as asked, 2 usage or configuration, 3 refused to start (keys, clock,\n"
    "documents, store), 4 cannot listen, 5 second signal, 6 no node to ask, 7 backup failed,\n"
    "70 storage failed.\n";

// What the texts of the command line become before they are checked.
struct Raw {
  Config config;
  std::string roster_fingerprint;
  std::string log_level = "info";
  std::optional<uint32_t> backup_every_hours;
};

void AddBackupOptions(CLI::App& app, Raw& raw) {
  Config& config = raw.config;
  app.add_option("--backup-dir", config.backup_dir,
                 "Folder for backups, of this user's alone, on another disk than data-dir; absent: "
                 "none are made");
  app.add_option("--backup-every-hours", raw.backup_every_hours,
                 "How often to make one, 24 when backup-dir is set; 0: only when --backup-now asks")
      ->check(CLI::Range(0, limits::kMaxBackupEveryHours));
  app.add_option("--backup-keep", config.backup_keep,
                 "How many to keep; an older one is removed when a newer one is complete")
      ->check(CLI::Range(1, limits::kMaxBackupsKept))
      ->capture_default_str();
  app.add_flag("--backup-now", config.backup_now,
               "Ask the running node for a backup, wait for it, say where it is, then exit")
      ->configurable(false)
      ->excludes("--check-config")
      ->excludes("--check-store");
}

void AddOptions(CLI::App& app, Raw& raw) {
  Config& config = raw.config;
  app.set_config("--config", "", "Read options from this file; the command line wins");
  app.add_option("--state", config.state, "Own state, as in the roster: QM")->required();
  app.add_option("--data-dir", config.data_dir, "Directory of the store; made when missing")
      ->required();
  app.add_option("--node-key", config.node_key,
                 "Key file of kind \"node\"; mode 0600 or 0400, owned by this user or root")
      ->required();
  app.add_option("--passphrase-file", config.passphrase_file,
                 "File with the key file's passphrase, same permissions; absent: not protected");
  app.add_option("--signing-module", config.signing_module,
                 "PKCS#11 module of the token with the signing keys, instead of the key file's");
  app.add_option("--signing-token", config.signing_token,
                 "Label of that token, instead of the key file's");
  app.add_option("--signing-pin-file", config.signing_pin_file,
                 "File with the token's PIN, same permissions; needed when a key is on a token");
  app.add_option("--listen", config.listen, "Address for peers and desks (TLS 1.3)")
      ->capture_default_str();
  app.add_option("--http-listen", config.http_listen,
                 "Address for /healthz, /readyz, /metrics (plain HTTP), or \"off\"")
      ->capture_default_str();
  app.add_option("--roster", config.roster,
                 "The roster to begin with, a signed document: the first one, or the one that "
                 "names a state that joined later")
      ->required();
  app.add_option("--roster-fingerprint", raw.roster_fingerprint,
                 "SHA-256 of that roster, 64 hex digits, as compared out of band")
      ->required();
  app.add_option("--charter", config.charter, "Own charter, published at start if it is newer");
  app.add_option("--directory", config.directory,
                 "Own directory, published at start if it is newer");
  app.add_option("--log-level", raw.log_level, "debug, info, warning or error")
      ->capture_default_str();
  app.add_option("--peer-refresh-seconds", config.peer_refresh_seconds,
                 "How often to ask each peer for newer documents")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--disk-reserve-mib", config.disk_reserve_mib,
                 "Refuse new messages when less disk than this is free")
      ->check(CLI::Range(0, 1 << 24))
      ->capture_default_str();
  app.add_flag("--require-ledger", config.require_ledger,
               "Refuse to begin a new ledger: set it after the first start, so that an empty "
               "data-dir (a disk that is not mounted) stops the start");
  app.add_option("--verify-threads", config.verify_threads, "Threads that verify signatures")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--drain-seconds", config.drain_seconds,
                 "How long calls under way may take after SIGTERM")
      ->check(CLI::Range(0, 600))
      ->capture_default_str();
  app.add_flag("--check-config", config.check_only,
               "Check configuration, key file and documents, then exit; starts nothing")
      ->configurable(false);
  app.add_flag(
         "--check-store", config.check_store,
         "Read the whole store of a stopped node, or a copy of it that --data-dir names: every "
         "block, ledger entry and message; then exit, starts nothing")
      ->configurable(false)
      ->excludes("--check-config");
  AddBackupOptions(app, raw);
  app.set_version_flag("--version", absl::StrFormat("palermod %s", kVersion));
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.footer(kExample);
}

// Whether `path` is `folder` or in it, by their names.
bool IsInside(const std::string& path, const std::string& folder) {
  const std::string a = std::filesystem::path(path).lexically_normal().string() + "/";
  const std::string b = std::filesystem::path(folder).lexically_normal().string() + "/";
  return a.compare(0, b.size(), b) == 0;
}

absl::Status CheckBackupValues(Raw& raw) {
  Config& config = raw.config;
  const bool asks = raw.backup_every_hours.value_or(0) > 0 || config.backup_now;
  if (config.backup_dir.empty() && asks) {
    return InputError("BAD_BACKUP_DIR",
                      "backup-dir: no folder for backups is named; set backup-dir to one that "
                      "exists and is this user's alone");
  }
  if (!config.backup_dir.empty() && IsInside(config.backup_dir, config.data_dir)) {
    return InputError("BAD_BACKUP_DIR",
                      absl::StrFormat("backup-dir: %s is in data-dir; name a folder outside of it, "
                                      "on another disk",
                                      config.backup_dir));
  }
  config.backup_every_hours = raw.backup_every_hours.value_or(config.backup_every_hours);
  return absl::OkStatus();
}

absl::Status CheckValues(Raw& raw) {
  Config& config = raw.config;
  PALERMO_RETURN_IF_ERROR(CheckBackupValues(raw));
  if (!IsStateCode(config.state)) {
    return InputError("BAD_STATE",
                      absl::StrFormat("state: \"%s\" is not two upper-case letters", config.state));
  }
  auto digest = HexDecode(raw.roster_fingerprint);
  if (!digest.ok()) return Annotate(digest.status(), "roster-fingerprint");
  PALERMO_ASSIGN_OR_RETURN(config.roster_fingerprint, HashFrom(*digest, "roster-fingerprint"));
  if (!ParseLogLevel(raw.log_level, &config.log_level)) {
    return InputError(
        "BAD_LOG_LEVEL",
        absl::StrFormat("log-level: \"%s\" is not debug, info, warning or error", raw.log_level));
  }
  auto listen = SplitAddress(config.listen);
  if (!listen.ok()) return Annotate(listen.status(), "listen");
  if (config.http_listen == "off") return absl::OkStatus();
  auto http_listen = SplitAddress(config.http_listen);
  if (!http_listen.ok()) return Annotate(http_listen.status(), "http-listen");
  return absl::OkStatus();
}

// The parser names the option alone; where it stands is found here.
std::string UnknownOption(const std::string& said, const std::string& path) {
  constexpr std::string_view kSaid = "INI was not able to parse ";
  if (std::string_view(said).substr(0, kSaid.size()) != kSaid) return said;
  const std::string name = said.substr(kSaid.size());
  std::ifstream file(path);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const size_t from = line.find_first_not_of(" \t");
    const size_t to = line.find_first_of(" \t=", from);
    if (from == std::string::npos || line.substr(from, to - from) != name) continue;
    return absl::StrFormat("%s, line %d: there is no option '%s'", path, number, name);
  }
  return absl::StrFormat("%s: there is no option '%s'", path, name);
}

ParsedConfig Failed(const std::string& text) {
  return {std::nullopt, kExitConfig,
          absl::StrFormat("palermod: %s\nRun palermod --help for the options.\n", text)};
}

}  // namespace

bool AsksForCheck(int argc, const char* const* argv) {
  return argc > 1 && std::any_of(argv + 1, argv + argc, [](const char* argument) {
           const std::string_view text(argument);
           return text.substr(0, 8) == "--check-" || text == "--backup-now";
         });
}

ParsedConfig ParseConfig(int argc, const char* const* argv) {
  Raw raw;
  CLI::App app("palermod: the node of a state. Carries and stores sealed messages.", "palermod");
  AddOptions(app, raw);
  // CLI11 reports by exceptions; none of them leaves this function.
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    std::ostringstream out;
    app.exit(success, out, out);
    return {std::nullopt, kExitOk, out.str()};
  } catch (const CLI::ConfigError& error) {
    const CLI::Option* file = app.get_option_no_throw("--config");
    return Failed(UnknownOption(error.what(),
                                file == nullptr || file->empty() ? "" : file->results().front()));
  } catch (const CLI::Error& error) {
    return Failed(error.what());
  } catch (const std::exception& error) {
    return Failed(error.what());
  }
  absl::Status status = CheckValues(raw);
  if (!status.ok()) return Failed(TextOf(status));
  return {std::move(raw.config), kExitOk, ""};
}

}  // namespace palermo::server
