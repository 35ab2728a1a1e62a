// palermo: the officer's side on the command line.
#include <google/protobuf/stubs/logging.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "node/cli/command.h"
#include "node/server/transport/tls13.h"

int main(int argc, char** argv) {
  palermo::transport::RequireTls13();
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
