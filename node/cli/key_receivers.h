// Whom sealing keys are granted to, for the commands that grant.
#ifndef PALERMO_NODE_CLI_KEY_RECEIVERS_H_
#define PALERMO_NODE_CLI_KEY_RECEIVERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/command.h"
#include "node/cli/session.h"

namespace palermo::cli {

struct GrantTarget {
  std::string authority;
  std::vector<std::string> receivers;
  std::string break_glass_sha256;  // empty: an ordinary grant
};
// From --to, --except and --break-glass; without them everybody who reads for the authority or
// keeps its keys, and recovery.
absl::StatusOr<GrantTarget> TargetOf(const Args& args, Session& session,
                                     const trust::DirectoryIndex& directory);
// Grants every key to every receiver, and prints it.
absl::StatusOr<int> GrantKeys(const std::vector<desk::AuthorityKey>& keys,
                              const GrantTarget& target, Session& session,
                              const trust::DirectoryIndex& directory, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_KEY_RECEIVERS_H_
