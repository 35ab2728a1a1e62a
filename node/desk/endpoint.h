// Where a node is: "node.example.org:7443", "[2001:db8::1]:7443".
#ifndef PALERMO_NODE_DESK_ENDPOINT_H_
#define PALERMO_NODE_DESK_ENDPOINT_H_

#include <string>

#include "absl/status/status.h"

namespace palermo::desk {

// BAD_ENDPOINT unless it is a host and a port from 1 to 65535. A library may take less and guess
// the port; then nothing answers, and nobody sees why.
absl::Status CheckEndpoint(const std::string& endpoint);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_ENDPOINT_H_
