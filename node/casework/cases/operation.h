// Joint operations in worked cases: tasks, arrests, victims' counters, custody, admission. Inside
// the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_OPERATION_H_
#define PALERMO_NODE_CASEWORK_CASES_OPERATION_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

void JudgeOperation(const google::protobuf::Struct& operation, const CaseFacts& facts,
                    std::vector<Finding>& findings);
// `subject`: title and purpose, which say what the operation is about.
void JudgeAdmission(const google::protobuf::Struct& operation,
                    const google::protobuf::Struct& event, const std::string& subject,
                    const CaseFacts& facts, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_OPERATION_H_
