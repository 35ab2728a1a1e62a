// Who a protected person is, told in a text that everybody reads who gets the request. Inside the
// room only.
#ifndef PALERMO_NODE_CASEWORK_CLEAR_MENTIONS_H_
#define PALERMO_NODE_CASEWORK_CLEAR_MENTIONS_H_

#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"

namespace palermo::casework {

// Looks at the texts of a request with protected persons. `everybody`: all are protected. `sealed`:
// the identities in compartments, whose leaks have a rule of their own; may be null.
void CheckPersonTexts(const v1::Request& request, bool everybody, const LeakScanner* sealed,
                      Report& report);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CLEAR_MENTIONS_H_
