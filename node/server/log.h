// The structured log: one line for each event in logfmt, on standard error. Values are codes,
// states, numbers and error texts; never secrets, bodies or names of persons.
//
//   time=2026-03-02T09:00:00.123Z level=info event=serving listen=0.0.0.0:7443
#ifndef PALERMO_NODE_SERVER_LOG_H_
#define PALERMO_NODE_SERVER_LOG_H_

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"

namespace palermo::server {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning", "error".
std::string_view LogLevelName(LogLevel level);
bool ParseLogLevel(std::string_view text, LogLevel* level);

// Thread-safe.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;
  using Fields = std::initializer_list<Field>;
  // Takes one whole line.
  using Sink = std::function<void(const std::string& line)>;

  // Writes to standard error. `clock` is borrowed.
  Log(LogLevel threshold, Clock& clock);
  Log(LogLevel threshold, Clock& clock, Sink sink);

  void Debug(std::string_view event, Fields fields = {}) { Write(LogLevel::kDebug, event, fields); }
  void Info(std::string_view event, Fields fields = {}) { Write(LogLevel::kInfo, event, fields); }
  void Warning(std::string_view event, Fields fields = {}) {
    Write(LogLevel::kWarning, event, fields);
  }
  void Error(std::string_view event, Fields fields = {}) { Write(LogLevel::kError, event, fields); }
  void Write(LogLevel level, std::string_view event, Fields fields);

 private:
  const LogLevel threshold_;
  Clock& clock_;
  absl::Mutex mu_;
  const Sink sink_ ABSL_GUARDED_BY(mu_);
};

// The value as logfmt wants it: bare, or quoted and escaped, without control characters; shortened.
std::string LogValue(std::string_view value);

// Sends gRPC's own messages here, at level debug: they name addresses and repeat what our events
// say. `log` must live as long as the process uses gRPC.
void TakeGrpcLog(Log& log);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_LOG_H_
