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
// reference, which hash, a position with its time; and where such stand, also what of an example
// may be true of another case: a date, a town, a position alone, a sample's number. Words of closed
// lists and sentences that may well be true elsewhere are none of them.
std::vector<std::string> FieldsOfExample(const v1::CaseBody& body);

// R-GEN-04: one finding for all of them, and for such fields beside the body; empty when there are
// none.
std::vector<Finding> CheckFormLeft(const v1::CaseBody& body,
                                   const std::vector<std::string>& beside = {});

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FORM_LEFT_H_
