// The request that follows a preservation: which treaty it stands on. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_FOLLOWUP_H_
#define PALERMO_NODE_CASEWORK_CASES_FOLLOWUP_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// The follow-up to a preservation is decided, one way or the other, as the event says.
bool IsFollowUpDecided(const google::protobuf::Struct& event);
// A record of another type than assistance: whether its instrument binds both states (R-DIR-03,
// R-DIR-06), and its language.
void JudgeDirections(const google::protobuf::Struct& record, const std::string& name,
                     const CaseFacts& facts, std::vector<Finding>& findings);
// A record that names its family and its basis but no assistance: R-DIR and R-LANG alone.
void JudgeFamilyRecord(const google::protobuf::Struct& record, const std::string& name,
                       const CaseFacts& facts, std::vector<Finding>& findings);
// An event that brings the request for what was preserved, with its basis. False for another event,
// and for one that names no basis and is an act.
bool JudgeFollowUp(const Deed& deed, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_FOLLOWUP_H_
