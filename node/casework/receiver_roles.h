// Which roles the receiver of a request must have one of, R-DIR-01. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_RECEIVER_ROLES_H_
#define PALERMO_NODE_CASEWORK_RECEIVER_ROLES_H_

#include <string>
#include <vector>

#include "node/casework/contents.h"

namespace palermo::casework {

// As the directory names them, AuthorityRole. Empty when the body holds no request.
std::vector<std::string> RolesFor(const CheckContext& context, const v1::CaseBody& body);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_RECEIVER_ROLES_H_
