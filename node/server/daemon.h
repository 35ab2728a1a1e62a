// The life of palermod: load and check, open, serve, drain. One call, from main.
#ifndef PALERMO_NODE_SERVER_DAEMON_H_
#define PALERMO_NODE_SERVER_DAEMON_H_

#include <atomic>
#include <thread>

#include "node/server/config.h"
#include "node/server/log.h"

namespace palermo::server {

// SIGTERM and SIGINT must be blocked in every thread before anything starts one; RunDaemon waits
// for them.
void BlockStopSignals();

// While it lives, and until End, a stop signal ends the process: a start may wait for a slow disk,
// a token or Argon2id. Nothing was answered then, so there is nothing to finish. REQUIRES:
// BlockStopSignals was called.
class StartWatch {
 public:
  StartWatch();
  ~StartWatch() { End(); }
  StartWatch(const StartWatch&) = delete;
  StartWatch& operator=(const StartWatch&) = delete;
  // Where the end is told. REQUIRES: `log` lives as long as the process.
  void TellIn(Log& log) { log_.store(&log); }
  // Of a process that a signal ends; kExitOk without it.
  void SetExit(int exit_code) { exit_code_.store(exit_code); }
  void End();

 private:
  std::atomic<Log*> log_{nullptr};
  std::atomic<int> exit_code_{kExitOk};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// Returns an exit code (config.h) after SIGTERM or SIGINT, or when it refuses to start.
int RunDaemon(const Config& config, Log& log, StartWatch& watch);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_DAEMON_H_
