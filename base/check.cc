#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace palermo {

void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "palermo: internal error at %s:%d: %s\n", file, line, what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace palermo
