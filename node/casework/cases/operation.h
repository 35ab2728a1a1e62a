// Joint operations in worked cases: the case's words as typed records, judged by
// operation/rules.h; and what happens in an operation. Inside the cases only.
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
// Admission, tasking, sharing, custody, arrest, closing, publication, hits, recalls. False: no
// event of an operation or of intelligence.
bool JudgeOperationEvent(const google::protobuf::Struct& json,
                         const google::protobuf::Struct& event, const std::string& in_state,
                         const CaseFacts& facts, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_OPERATION_H_
