// What the commands share that prepare the next version of a state's directory.
#ifndef PALERMO_NODE_CLI_DIRECTORY_SUPPORT_H_
#define PALERMO_NODE_CLI_DIRECTORY_SUPPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/command.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::cli {

struct DirectoryChange {
  v1::Directory before;
  v1::Directory next;
};

// --directory and --out, after the command's own options.
std::vector<Option> WithDirectory(std::vector<Option> options);
// Of --directory, else the newest of the own state that this desk knows.
absl::StatusOr<v1::SignedDocument> CurrentDirectory(const Args& args, Context& context);
absl::StatusOr<DirectoryChange> StartChange(const Args& args, Context& context);
// Writes the unsigned version to --out, says in plain lines what changed, and what comes next.
// FILE_EXISTS when `out` is there, unless it is the proposal given with --directory that nobody has
// signed: what somebody signed is not written over.
absl::Status CheckOut(const Args& args, const std::string& out);
absl::StatusOr<int> FinishChange(const DirectoryChange& change, const Args& args, Context& context,
                                 const std::string& then);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_DIRECTORY_SUPPORT_H_
