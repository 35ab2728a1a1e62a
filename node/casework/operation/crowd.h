// Where more records are here than an operation holds: who floods it without taking part costs
// nobody but himself. Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_
#define PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/casework/operation/replay.h"

namespace palermo::casework {

// The parties of the founding agreement; nobody when it is not here.
std::set<std::string> FoundersOf(const std::vector<SignedRecord>& records,
                                 const std::string& operation);

struct Crowd {
  // Of `part` all, and what those build on; of each other state the first ones.
  std::vector<SignedRecord> records;
  // With what those build on; places of that on their own, since nobody signed those for us.
  size_t of_part = 0, places = 0;
  std::map<std::string, size_t> left_out;  // by state
};
// The same for every order of `records`. Places count only where `part` names them: anybody may
// make them up, in anybody's name.
Crowd ThinOut(const std::vector<SignedRecord>& records, const std::set<std::string>& part);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_CROWD_H_
