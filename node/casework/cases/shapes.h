// Other ways to write a case or an event, brought into the one form that the mapping reads. Only
// form: what a member means is never changed. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_SHAPES_H_
#define PALERMO_NODE_CASEWORK_CASES_SHAPES_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/directory.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// The request and the records of a case.
google::protobuf::Struct ShapeCase(google::protobuf::Struct json, const CaseDirectory& directory,
                                   const std::string& at = "");
// One act or deed in the case `json`.
google::protobuf::Struct ShapeEvent(const google::protobuf::Struct& json,
                                    google::protobuf::Struct event);
// The two states of a full request, and the version of the forms: R-GEN-01.
void JudgeBase(const google::protobuf::Struct& json, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SHAPES_H_
