// Which states have left a joint operation by a moment, and which state an event is about. Inside
// the cases only.
#ifndef PALERMO_NODE_CASEWORK_CASES_DEPARTURES_H_
#define PALERMO_NODE_CASEWORK_CASES_DEPARTURES_H_

#include <google/protobuf/struct.pb.h>

#include <set>
#include <string>

#include "absl/time/time.h"
#include "node/casework/cases/deeds.h"

namespace palermo::casework {

// The state that is given a task or content: as named, else that of its leader; "" unknown.
std::string TaskedState(const CaseFacts& facts, const google::protobuf::Struct& task);

// As the operation itself says: under any member that tells of departures, with the time from which
// each holds; and who signed it and is a party no more.
std::set<std::string> DepartedFrom(const google::protobuf::Struct& operation,
                                   const CaseFacts& facts, absl::Time at);
// As the event or the state of the operation says, besides. Where they name nobody, it is the state
// that the event is about: whoever may have left gets nothing.
std::set<std::string> DepartedAt(const Deed& deed, const google::protobuf::Struct& operation,
                                 absl::Time at);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_DEPARTURES_H_
