// Answers to the questions of protocol practice, as events and as records: what they give away.
// Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_
#define PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_

#include <google/protobuf/struct.pb.h>

#include <set>
#include <string>
#include <vector>

#include "node/casework/finding.h"

namespace palermo::casework {

// Whether a record asks to verify something, so that its answer says no more than that.
bool IsQuestionRecord(const google::protobuf::Struct& record);
// Adds to `own` what a question asks for, and so may be told: of a national, where he belongs.
void AddAnswerWords(const google::protobuf::Struct* question, std::vector<std::string>& own);
// The members that an answer gives away: a list of names, the answer itself, or what stands beside
// it. `own`: names that frame this answer.
std::vector<std::string> DisclosedIn(const google::protobuf::Struct& answer,
                                     const std::vector<std::string>& own = {});
// What may stand in the answer about a licence or a trace: what a licence and a firearm have.
const std::vector<std::string>& LicenceWords();

// --- Traces of firearms (trace_answers.cc)
bool IsTraceRecord(const google::protobuf::Struct& record);
// The trace of the case `json` that its record or event `name` answers: the one that it names, else
// that of the state which answers, else the first that says who is asked; null for none.
const google::protobuf::Struct* TraceFor(const google::protobuf::Struct& json,
                                         const std::string& name,
                                         const google::protobuf::Struct& answer);
// What the trace asks for, in the words of an answer: the one that `object` or the answer names,
// else all of the case together.
std::set<std::string> RequestedWords(const google::protobuf::Struct& json,
                                     const std::string& object,
                                     const google::protobuf::Struct& answer);
// Whether an answer tells of persons whom the question did not mean. `asked`: RequestedWords.
bool TellsOfOthers(const google::protobuf::Struct& answer, const std::set<std::string>& asked);
// Answers to the traces of a case: who was not asked about is not told of, R-DOC-02; a result that
// nobody knows is R-GEN-01.
void JudgeTraceAnswers(const google::protobuf::Struct& json, std::vector<Finding>& findings);

// --- Questions of protocol practice
// R-DOC-02 for the answers that stand in the questions' records or beside them.
void JudgeWrittenAnswers(const google::protobuf::Struct& records, std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_ANSWERS_H_
