// What an officer left in a printed form as it was: its fictional persons, places, references and
// hashes. Asked where a file is read. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FORM_LEFT_H_
#define PALERMO_NODE_CASEWORK_FORM_LEFT_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// The fields whose text is an example's own, of any form: who, where, what happened, which
// reference, which hash; and where such stand, also the dates of an example. Words of closed lists
// and sentences that may well be true elsewhere are none of them.
std::vector<std::string> FieldsOfExample(const v1::CaseBody& body);

// R-GEN-04: one finding for all of them; empty when there are none.
std::vector<Finding> CheckFormLeft(const v1::CaseBody& body);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FORM_LEFT_H_
