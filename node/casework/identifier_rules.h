// Which identifier a member of a record holds, by its name. Inside the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_IDENTIFIER_RULES_H_
#define PALERMO_NODE_CASEWORK_IDENTIFIER_RULES_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

// The key of the sentence (texts.h) when the value of a member "imo", "iban", "gtin", ... fails its
// check; "" when it is right, blank, or no identifier is known under this name.
std::string_view IdentifierProblem(std::string_view member, std::string_view value);

// The members of a body's message that are identifiers or hold some: what the walk looks at.
std::vector<std::string> IdentifierMembersOf(const google::protobuf::Descriptor& type);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_IDENTIFIER_RULES_H_
