// The two sides by the short names that the tests of the law use.
#ifndef PALERMO_NODE_CASEWORK_SIDES_TEST_UTIL_H_
#define PALERMO_NODE_CASEWORK_SIDES_TEST_UTIL_H_

#include "node/casework/acts.h"

namespace palermo::casework {

constexpr Side RQ = Side::kRequesting, RD = Side::kRequested;

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_SIDES_TEST_UTIL_H_
