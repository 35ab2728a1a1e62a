// palermo: the officer's side on the command line.
#include <google/protobuf/stubs/logging.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/process.h"
#include "base/random.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "node/cli/command.h"
#include "node/server/transport/tls13.h"
#include "node/server/transport/tls_credentials.h"

int main(int argc, char** argv) {
  absl::Status hardened = palermo::ForbidCoreDumps();
  if (!hardened.ok()) {
    std::fprintf(stderr, "palermo: %s: %s\n", palermo::CodeOf(hardened).c_str(),
                 palermo::TextOf(hardened).c_str());
    return palermo::cli::kExitInternal;
  }
  // An officer may have to work where nobody can raise the limit: told, and then it goes on.
  // Secrets are still wiped and in no dump.
  absl::Status locked = palermo::crypto::CheckSecretMemory(palermo::limits::kDeskSecretBytes);
  if (!locked.ok()) {
    std::fprintf(stderr, "palermo: warning: %s\n", palermo::TextOf(locked).c_str());
  }
  palermo::transport::RequireTls13();
  palermo::transport::SilenceGrpc();
  google::protobuf::SetLogHandler(nullptr);  // what does not parse is an error of ours, told once
  std::vector<std::string> arguments(argv + 1, argv + argc);
  palermo::SystemClock clock;
  palermo::SystemRandom random;
  std::string out, err;
  int code = palermo::cli::Run(arguments, clock, random, &out, &err);
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
  std::fwrite(err.data(), 1, err.size(), stderr);
  return code;
}
