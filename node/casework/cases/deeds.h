// Deeds in a case that are no act of the procedure: telling others, opening what is sealed,
// arresting, sending a person back, deleting, answering. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_DEEDS_H_
#define PALERMO_NODE_CASEWORK_CASES_DEEDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

struct Deed {
  const google::protobuf::Struct& json;   // the case
  const google::protobuf::Struct& event;  // with its "type"
  const std::string& in_state;
  const CaseFacts& facts;
};

// False when the event is none of these.
bool JudgeConduct(const Deed& deed, std::vector<Finding>& findings);

// Whether a restriction of liberty meets a safe conduct; false when there is none in the case.
bool JudgeRestriction(const Deed& deed, std::vector<Finding>& findings);

// What is done on board, or taken for a consent, in a case about a vessel: R-SEA-05, R-SEA-06.
// False for another deed.
bool JudgeSeaDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_DEEDS_H_
