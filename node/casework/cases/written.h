// 18(15) of requests outside the formal families. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_WRITTEN_H_
#define PALERMO_NODE_CASEWORK_CASES_WRITTEN_H_

#include <google/protobuf/struct.pb.h>

#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// A request of PROTOCOL_ADMIN that says who conducts its proceeding, and gives four of the five
// parts of 18(15)(a) to (d) and (f), owes all of them: R-MLA-15A, B, C, D, F.
void JudgeWritten(const google::protobuf::Struct& request, const CaseFacts& facts,
                  std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_WRITTEN_H_
