// What nobody did in time: an answer that has not come, a review that was missed, a clock that an
// event lets run out. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_SILENCE_H_
#define PALERMO_NODE_CASEWORK_CASES_SILENCE_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "node/casework/cases/deeds.h"
#include "node/casework/cases/mapping.h"

namespace palermo::casework {

// R-SEA-02 of a request in `asked` whose records hold no dated answer.
void JudgeUnanswered(const google::protobuf::Struct& records, const v1::Request& asked,
                     const CaseFacts& facts, std::vector<Finding>& findings);
// True for an event that only says that time has passed: then it was judged. `asked`: the request
// that it is about; may be null.
bool JudgeTime(const Deed& deed, const Mapped* asked, std::vector<Finding>& findings);
// True for a deed outside the time of the warrant, order, window or agreement that the event names,
// or that its delivery has on its legs, R-AUTH-03.
bool JudgeWindow(const Deed& deed, std::vector<Finding>& findings);
// Whether an event sets a controlled delivery going.
bool IsGoingLive(const google::protobuf::Struct& event);
// A question about the progress too soon after the last, an answer to it too late: R-CLK-STATUS.
void JudgeProgress(const Deed& deed, std::vector<Finding>& findings);
// A review of a postponement after its date, R-PST-02.
void JudgeReview(const Deed& deed, std::vector<Finding>& findings);
// The same of "postponement" in `object`, which no event has reviewed.
void JudgeMissedReview(const google::protobuf::Struct& object, const CaseFacts& facts,
                       std::vector<Finding>& findings);

// One act of a measure that is under way, such as a meeting under cover.
inline constexpr const char* kMeasureAct = "MEASURE_ACT";
// "ACT", "ACTIVITY" of a measure that the event names, outside an operation: as such an act, or as
// the begin of its execution.
void ShapeMeasureAct(const google::protobuf::Struct& json, const std::string& in_state,
                     const std::string& said, google::protobuf::Struct& event);
// A measure that is asked for under a warrant or authority that has ended, R-AUTH-03.
void JudgeExpired(const google::protobuf::Struct& measure, const CaseFacts& facts,
                  std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_SILENCE_H_
