// Families, acts and kinds of assistance in plain words.
#ifndef PALERMO_NODE_CLI_KINDS_H_
#define PALERMO_NODE_CLI_KINDS_H_

#include <string_view>

#include "node/casework/acts.h"
#include "node/cli/command.h"

namespace palermo::cli {

// "" for a code that has no words.
std::string_view FamilyMeaning(v1::Family::Code family);
// Prints all of them, with the fields that an item of each kind usually needs.
void ListKinds(Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_KINDS_H_
