// What is told of a confidential matter, and who opens what is sealed. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_SECRECY_H_
#define PALERMO_NODE_CASEWORK_CASES_SECRECY_H_

#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// True for an event that tells somebody something.
bool IsTold(const Deed& deed);
void JudgeDisclosure(const Deed& deed, std::vector<Finding>& findings);
// False when the event names no kind of data.
bool JudgeDataDisclosed(const Deed& deed, std::vector<Finding>& findings);
void JudgeOpening(const Deed& deed, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SECRECY_H_
