// Answers to the questions of protocol practice, as events and as records: what they give away.
// Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_
#define PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/finding.h"

namespace palermo::casework {

// Whether a record asks to verify something, so that its answer says no more than that.
bool IsQuestionRecord(const google::protobuf::Struct& record);
// The members that an answer gives away: a list of names, the answer itself, or what stands beside
// it. `own`: names that frame this answer.
std::vector<std::string> DisclosedIn(const google::protobuf::Struct& answer,
                                     const std::vector<std::string>& own = {});
// What may stand in the answer about a licence or a trace: what a licence and a trace hold.
const std::vector<std::string>& LicenceWords();
// What the trace of the case asks for, in the words of an answer: the one that `object` names, else
// the first.
std::vector<std::string> RequestedWords(const google::protobuf::Struct& json,
                                        const std::string& object);
// Answers to the trace of a case: who was not asked about is not told of, R-DOC-02; a result that
// nobody knows is R-GEN-01.
void JudgeTraceAnswers(const google::protobuf::Struct& json, std::vector<Finding>& findings);
// R-DOC-02 for the answers that stand in the questions' records or beside them.
void JudgeWrittenAnswers(const google::protobuf::Struct& records, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_
