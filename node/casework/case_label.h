// What tells the cases of a list apart: the references of both offices, the area of crime, what the
// proceeding is about. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASE_LABEL_H_
#define PALERMO_NODE_CASEWORK_CASE_LABEL_H_

#include <string>
#include <vector>

#include "node/casework/obligations.h"

namespace palermo::casework {

struct CaseLabel {
  std::string reference;        // of the own office; "" unknown
  std::string their_reference;  // of the office across the border
  std::string area;             // "FIREARMS"
  std::string subject;          // in words of the request; never one that tells who a person is
};
// From the newest request and the acknowledgement, as far as their bodies are open. `acts` in the
// history's order.
CaseLabel LabelOf(const std::vector<OpenedAct>& acts, Side own_side);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASE_LABEL_H_
