// PALERMO_CHECK stops the process on an own bug, in every build. Never for bad input: that is a
// Status.
#ifndef PALERMO_BASE_CHECK_H_
#define PALERMO_BASE_CHECK_H_

namespace palermo {
// Writes where and what to standard error and aborts. Texts are literals, so no secret can be in
// them.
[[noreturn]] void CheckFailed(const char* file, int line, const char* what);
}  // namespace palermo

#define PALERMO_CHECK(condition)                                              \
  do {                                                                        \
    if (!(condition)) ::palermo::CheckFailed(__FILE__, __LINE__, #condition); \
  } while (false)

#endif  // PALERMO_BASE_CHECK_H_
