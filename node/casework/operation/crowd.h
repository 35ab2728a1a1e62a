// Where more records are here than an operation holds: who floods it costs nobody but himself.
// Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_
#define PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/casework/operation/graph.h"
#include "node/casework/operation/replay.h"

namespace palermo::casework {

// The parties of the founding agreement; nobody when it is not here.
std::set<std::string> FoundersOf(const std::vector<SignedRecord>& records,
                                 const std::string& operation);

struct Crowd {
  // At most limits::kMaxOperationRecords of `part`, as many of others' that those name, as many
  // places, and of each other state the first ones.
  std::vector<SignedRecord> records;
  LeftOut left;
  std::map<std::string, size_t> left_out;  // by state; without places
};
// The same for every order of `records`. Of `part` each state has a share, so that none fills it
// for the others: who writes less than an equal part keeps all, the rest is divided evenly among
// those who write more. Of those stay what others build on, aborts, what says who takes part, and
// then the lowest numbers. Places stay only where `part` names them: anybody may make them up, in
// anybody's name.
Crowd ThinOut(const std::vector<SignedRecord>& records, const std::set<std::string>& part);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_
