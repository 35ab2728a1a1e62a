// The windows of a controlled delivery's legs, R-AUTH-03. Inside the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_LEG_WINDOWS_H_
#define PALERMO_NODE_CASEWORK_CASES_LEG_WINDOWS_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/cases/mapping.h"

namespace palermo::casework {

// The ends of a span of time; "" for an end that is not said.
struct Span {
  std::string from, to;
};
// ["...", "..."] or {"from": ..., "to": ...}.
Span SpanOf(const google::protobuf::Value* value);
// The window of a leg: those, "a/b", or the times of its entry and exit.
Span WindowOf(const google::protobuf::Struct& leg);

// A plan whose window ends before it begins, whose leg was used outside it, or that is live after
// all of them.
void JudgeLegs(const google::protobuf::Struct& plan, const CaseFacts& facts,
               std::vector<Finding>& findings);
// Whether a plan of the case has windows, and `at` is in none of them.
bool IsOutsideDelivery(const google::protobuf::Struct& json, absl::Time at);
// Whether all windows of a plan have ended.
bool IsDeliveryOver(const google::protobuf::Struct& json, absl::Time now);
// Whether `at` is outside the window of the leg that the event names.
bool IsOutsideLeg(const google::protobuf::Struct& json, const google::protobuf::Struct& event,
                  absl::Time at);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_LEG_WINDOWS_H_
