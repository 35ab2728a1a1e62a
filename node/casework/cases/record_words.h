// Words of closed lists in records, and what a record shows beside a seal; inside the cases only.
// Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_RECORD_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_RECORD_WORDS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/mapping.h"
#include "node/casework/finding.h"

namespace palermo::casework {

// R-GEN-01 of the words of a record that the typed forms do not see: handling, a route, a boarding,
// an answer about a document.
void JudgeRecordWords(const google::protobuf::Struct& record, const std::string& at,
                      std::vector<Finding>& findings);
// The lists of section 2 and 3.7 in a record or an item of a request: a document, a firearm, a
// licence, categories of data, who identified a victim.
void JudgeClosedWords(const google::protobuf::Struct& record, const std::string& at,
                      std::vector<Finding>& findings);
// The kind of an operation, 5.1.
void JudgeOperationKind(const google::protobuf::Struct& operation, std::vector<Finding>& findings);
// What rests on a treaty alone, and names none: R-DIR-03.
void JudgeNoBasis(const google::protobuf::Struct& record, const std::string& at,
                  std::vector<Finding>& findings);
// Offences of a request under the trafficking protocol of which none has an element: R-TIP-01.
void JudgeNoElements(const google::protobuf::Struct& request, std::vector<Finding>& findings);
// What a variant takes away or makes wrong: a seal (R-SEAL-01), the type of a boarding (R-GEN-01),
// the time of a report before that of the boarding (R-GEN-03).
void JudgeTaken(const google::protobuf::Struct& given, const google::protobuf::Struct& changed,
                std::vector<Finding>& findings);
// One officer who approved a public release twice, R-AUTH-02.
void JudgeApprovals(const google::protobuf::Struct& release, const std::string& at,
                    std::vector<Finding>& findings);
// A public release that tells a number of the investigation which another record has, R-MED-02.
void JudgeReleasedIds(const google::protobuf::Struct& release,
                      const google::protobuf::Struct& records, const std::string& at,
                      std::vector<Finding>& findings);
// The name of somebody whose seal stands beside it, R-SEAL-01: {"holder_sealed": true,
// "holder_name": "..."}.
void JudgeNamedBesideSeal(const google::protobuf::Struct& record, const std::string& at,
                          std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_RECORD_WORDS_H_
