// palermod: the node of a state.
#include <cstdio>

#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/server/backup_door.h"
#include "node/server/checks.h"
#include "node/server/config.h"
#include "node/server/daemon.h"
#include "node/server/log.h"
#include "node/server/startup.h"
#include "node/server/transport/tls13.h"

int main(int argc, char** argv) {
  namespace server = palermo::server;
  // Debian's Abseil looks for lock cycles at each lock; tests profit, a server pays for it.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  palermo::transport::RequireTls13();
  absl::Status hardened = server::HardenProcess();
  server::BlockStopSignals();
  server::StartWatch watch;
  // Stopped, a check has found nothing good and a backup is not awaited; a start has answered
  // nothing yet.
  if (server::AsksForCheck(argc, argv)) watch.SetExit(server::kExitSecondSignal);
  server::ParsedConfig parsed = server::ParseConfig(argc, argv);
  if (!parsed.config) {
    std::fputs(parsed.text.c_str(), parsed.exit_code == server::kExitOk ? stdout : stderr);
    return parsed.exit_code;
  }
  // For the whole process: gRPC's threads may log until the very end.
  static palermo::SystemClock clock;
  static server::Log log(parsed.config->log_level, clock);
  watch.TellIn(log);
  if (!hardened.ok()) {
    log.Error("refused-to-start",
              {{"code", palermo::CodeOf(hardened)}, {"text", palermo::TextOf(hardened)}});
    return server::kExitRefused;
  }
  server::TakeGrpcLog(log);
  if (parsed.config->backup_now) return server::AskForBackup(*parsed.config, log);
  if (parsed.config->check_store) return server::CheckStoreOnly(*parsed.config, log);
  if (parsed.config->check_only) return server::CheckOnly(*parsed.config, log);
  return server::RunDaemon(*parsed.config, log, watch);
}
