// Joint operations in worked cases: the case's words as typed records, judged by
// operation/rules.h; and what happens in an operation. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_OPERATION_H_
#define PALERMO_NODE_CASEWORK_CASES_OPERATION_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// A piece of evidence with its chain of custody.
v1::EvidenceEntry MapEvidence(const google::protobuf::Struct& item);
void JudgeOperation(const google::protobuf::Struct& operation, const CaseFacts& facts,
                    std::vector<Finding>& findings);
// Whether an event of this type gives or changes a task.
bool IsTask(const std::string& type);
// R-JIT-05: true for work in an operation that is over, whatever else it is.
bool JudgeOperationPeriod(const Deed& deed, std::vector<Finding>& findings);
// Publication, closing, hits, recalls: what needs no operation.
bool JudgeOutcome(const Deed& deed, std::vector<Finding>& findings);
// Whether a record is a query of an index and its hits.
bool IsHitRecord(const google::protobuf::Struct& record);
// A query whose record says that data leave after a hit by themselves, R-INT-05.
void JudgeHitRecord(const google::protobuf::Struct& record, const std::string& at,
                    std::vector<Finding>& findings);
// Admission, tasking, sharing, custody, arrest, records, closing, publication, hits, recalls.
// False: no event of an operation or of intelligence.
bool JudgeOperationEvent(const Deed& deed, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_OPERATION_H_
