#include "node/server/log.h"

#include <grpc/support/log.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/plain_text.h"

namespace palermo::server {
namespace {

void WriteToStderr(const std::string& line) {
  // One write for a line, so that lines of several processes do not mix. A log that cannot be
  // written is no reason to stop.
  ssize_t written = write(STDERR_FILENO, line.data(), line.size());
  static_cast<void>(written);
}

bool IsBare(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '"' && c != '=' && c != '\\';
  });
}

// gRPC takes a plain function, so there must be one place that it can reach.
std::atomic<Log*> grpc_log{nullptr};

void FromGrpcLog(gpr_log_func_args* args) {
  Log* log = grpc_log.load(std::memory_order_acquire);
  if (log != nullptr) log->Debug("grpc", {{"text", args->message}});
}

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

bool ParseLogLevel(std::string_view text, LogLevel* level) {
  for (LogLevel known : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (LogLevelName(known) != text) continue;
    *level = known;
    return true;
  }
  return false;
}

std::string LogValue(std::string_view value) {
  std::string plain = PlainText(value, limits::kMaxLogValueBytes);
  if (plain == value && IsBare(plain)) return plain;
  std::string quoted = "\"";
  for (char c : plain) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

Log::Log(LogLevel threshold, Clock& clock) : Log(threshold, clock, WriteToStderr) {}
Log::Log(LogLevel threshold, Clock& clock, Sink sink)
    : threshold_(threshold), clock_(clock), sink_(std::move(sink)) {}

void Log::Write(LogLevel level, std::string_view event, Fields fields) {
  if (level < threshold_) return;
  std::string line =
      absl::StrFormat("time=%s level=%s event=%s",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", clock_.Now(), absl::UTCTimeZone()),
                      LogLevelName(level), event);
  for (const Field& field : fields) {
    line += absl::StrFormat(" %s=%s", field.first, LogValue(field.second));
  }
  line += '\n';
  absl::MutexLock lock(&mu_);
  sink_(line);
}

void TakeGrpcLog(Log& log) {
  grpc_log.store(&log, std::memory_order_release);
  gpr_set_log_function(FromGrpcLog);
}

}  // namespace palermo::server
