// Records that are no request, judged by what they hold. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_PLAIN_RECORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_PLAIN_RECORDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// Chains of custody in the object, under whatever name: R-COC-01, R-COC-02.
void JudgeChains(const google::protobuf::Struct& object, const std::string& at,
                 std::vector<Finding>& findings);
// A name, or a seal that is said to be none, of whom a special investigative technique is aimed at,
// or who works in secret for it: R-SEAL-01. True when the member shows one.
bool JudgeTechnique(const google::protobuf::Struct& object, const std::string& name,
                    const std::string& at, std::vector<Finding>& findings);
// An arrest's rights, R-HR-06; selectors, R-CYB-IP.
void JudgePlainRecord(const std::string& name, const google::protobuf::Struct& record,
                      const CaseFacts& facts, std::vector<Finding>& findings);
// The elements of trafficking, R-TIP-01 and R-TIP-02, and the article behind a label of terrorism,
// R-TER-01, of a record that is no request.
void JudgeElements(const google::protobuf::Struct& record, const std::string& at,
                   const CaseFacts& facts, std::vector<Finding>& findings);
// Batch and dates of a product in a record that is no alert, R-MED-01.
void JudgeProduct(const google::protobuf::Struct& record, const std::string& name,
                  const CaseFacts& facts, std::vector<Finding>& findings);
// When a thing was seized or found, where a variant has changed it: R-GEN-01, R-GEN-03. A case as
// given may be told from its end.
void JudgeSetTimes(const google::protobuf::Struct& given, const google::protobuf::Struct& changed,
                   std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_PLAIN_RECORDS_H_
