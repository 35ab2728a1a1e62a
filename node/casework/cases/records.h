// Records of a case that are no requests: route reports, alerts, operations. Rules of intelligence
// and joint operations that need no more than the record itself. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_RECORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_RECORDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

void JudgeRoute(const google::protobuf::Struct& route, const std::string& at,
                const CaseFacts& facts, std::vector<Finding>& findings);
// Identifiers by the names of members, sealed words in any text, persons marked as not sealed.
void JudgeMembers(const google::protobuf::Value& value, const std::string& at,
                  const CaseFacts& facts, std::vector<Finding>& findings);
// The grades that an object has in its `evaluation`, or their lack, where it is information for
// police work.
void JudgeGrades(const google::protobuf::Struct& object, const std::string& evidence_status,
                 const std::string& at, std::vector<Finding>& findings);
// A sealed word in whatever an object says, in a member of ours or not.
void JudgeLeaks(const google::protobuf::Struct& object, const std::string& at,
                const CaseFacts& facts, std::vector<Finding>& findings);
// What the form of a person has no place for: clear identity, sealed words, identifiers.
void JudgePerson(const google::protobuf::Struct& person, const std::string& at,
                 const CaseFacts& facts, std::vector<Finding>& findings);
// Whether an object says by its members who somebody is.
bool ShowsIdentity(const google::protobuf::Struct& object);
// What was lifted after the requesting state could speak, or why it could not, as `said` tells.
void JudgeLifted(const google::protobuf::Struct& said, std::vector<Finding>& findings);
void JudgeAssetMeasure(const google::protobuf::Struct& measure, std::vector<Finding>& findings);

// A day or an instant; nothing for another text.
bool After(const std::string& a, const std::string& b);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_RECORDS_H_
