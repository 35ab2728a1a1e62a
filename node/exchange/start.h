// What is read and checked of a store before its node runs. Internal to this room.
#ifndef PALERMO_NODE_EXCHANGE_START_H_
#define PALERMO_NODE_EXCHANGE_START_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "crypto/signing.h"
#include "node/exchange/parts.h"

namespace palermo::exchange {

struct PreparedNode {
  std::unique_ptr<NodeParts> parts;
  // The checkpoint key that this start replaces by options.checkpoint_key.
  std::optional<crypto::PublicKey> former_key;
};

// Writes nothing. Codes of Node::Open.
absl::StatusOr<PreparedNode> PrepareNode(NodeOptions options);

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_START_H_
