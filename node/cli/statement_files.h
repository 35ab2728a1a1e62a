// Files of statements that two officers sign, one after the other.
#ifndef PALERMO_NODE_CLI_STATEMENT_FILES_H_
#define PALERMO_NODE_CLI_STATEMENT_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/desk/files.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::cli {

inline absl::StatusOr<v1::SignedStatement> ReadStatement(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, desk::ReadFile(path, limits::kMaxStatementFileBytes));
  v1::SignedStatement statement;
  if (!statement.ParseFromString(bytes) || statement.statement().empty()) {
    return InputError("BAD_STATEMENT", Cat({path, ": not a statement; is it the right file?"}));
  }
  return statement;
}
inline absl::Status WriteStatement(const std::string& path, const v1::SignedStatement& statement) {
  return desk::WriteFileAtomic(path, statement.SerializeAsString(), 0644);
}

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_STATEMENT_FILES_H_
