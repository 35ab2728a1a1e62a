// How long records of firearms are kept, and transfers from state to state. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_KEEPING_H_
#define PALERMO_NODE_CASEWORK_CASES_KEEPING_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// 10, "P10Y", "10 years".
bool IsYears(const google::protobuf::Value& value, double& years);
// What a record says of its keeping, in whatever words, as its "retention".
void ShapeRetention(google::protobuf::Struct& item);
// The day of the first recovery or answer in a case of firearms; "" for none.
std::string KeptFrom(const google::protobuf::Struct& json);
// Since when the item is kept, where it does not say: the earliest day that the case shows.
void FillSince(const CaseFacts& facts, v1::Item& item);
// What a record says of its keeping, as a trace that is kept so; without a type where it says
// nothing.
google::protobuf::Struct KeptRecord(const google::protobuf::Struct& record,
                                    const std::string& name);
// Whether a record, a note or an event says that it is about records that FAP 7 does not name:
// {"class": "INTELLIGENCE"}, {"object": "lead"}.
bool IsOfOtherRecords(const google::protobuf::Struct& note);
// Whether a record is one of firearms, or says how long it is kept; intelligence is neither.
bool IsKeptOfFirearms(const google::protobuf::Struct& record, const std::string& name);
// R-CLK-FAP of a record or a note that is no request; intelligence is not kept for ten years.
void JudgeKeeping(const google::protobuf::Struct& record, const std::string& name,
                  const CaseFacts& facts, std::vector<Finding>& findings);
// The same of what the label of a trace, or of a question about a licence, says of its deletion.
void JudgeKeptByLabel(const google::protobuf::Struct& record, const CaseFacts& facts,
                      std::vector<Finding>& findings);
// The same of numbers and days that stand in the case or among its records by themselves.
void JudgeLooseKeeping(const google::protobuf::Struct& json, const CaseFacts& facts,
                       std::vector<Finding>& findings);
// Whether an object tells of a transfer from state to state.
bool TellsOfStates(const google::protobuf::Struct& object);
// R-FAP-09 once, wherever the case tells of a transfer from state to state.
void JudgeStateTransfers(const google::protobuf::Struct& json, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_KEEPING_H_
