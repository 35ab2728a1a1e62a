#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/status.h"

namespace palermo {

absl::Status ForbidCoreDumps() {
  rlimit none{0, 0};
  // The limit stops dumps to files; not being dumpable stops those through a pipe, and ptrace.
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return Refused("CORE_DUMPS",
                   absl::StrFormat("core dumps cannot be switched off: %s", std::strerror(errno)));
  }
  return absl::OkStatus();
}

}  // namespace palermo
