// Substances under international control: name, CAS number, schedule. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_SUBSTANCES_H_
#define PALERMO_NODE_CASEWORK_SUBSTANCES_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// Notes where name, number and schedule of a known substance do not belong together, and where an
// amount is counted in what is no unit. A substance that the table has not is not judged, nor is a
// salt, which has a number of its own.
void LookAtSubstance(const v1::SubstanceAmount& substance, const std::string& at,
                     std::vector<Finding>& out);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_SUBSTANCES_H_
