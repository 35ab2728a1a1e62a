// How every command says where the second confirmation of an emergency stands.
#ifndef PALERMO_NODE_CLI_CONFIRMATION_TEXT_H_
#define PALERMO_NODE_CLI_CONFIRMATION_TEXT_H_

#include <string>

#include "node/desk/json_value.h"
#include "palermo/v1/services.pb.h"

namespace palermo::cli {

// "" when the message needs none.
std::string ConfirmationText(const v1::ConfirmationStatus& status);
desk::Json ConfirmationJson(const v1::ConfirmationStatus& status);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CONFIRMATION_TEXT_H_
