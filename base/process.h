// What a program does to itself before it touches the first secret.
#ifndef PALERMO_BASE_PROCESS_H_
#define PALERMO_BASE_PROCESS_H_

#include "absl/status/status.h"

namespace palermo {

// No core dump of this process and its children, and no debugger of the same user. Call first in
// main. CORE_DUMPS when the system refuses.
absl::Status ForbidCoreDumps();

}  // namespace palermo

#endif  // PALERMO_BASE_PROCESS_H_
