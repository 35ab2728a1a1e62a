// Fetching a message, verifying it back to the roster, and opening it; loading a case: one way for
// every command.
#ifndef PALERMO_NODE_CLI_READING_H_
#define PALERMO_NODE_CLI_READING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/session.h"
#include "node/desk/casebook.h"
#include "node/desk/json_value.h"
#include "node/desk/opening.h"
#include "node/desk/verification.h"

namespace palermo::cli {

struct Read {
  desk::VerifiedMessage verified;
  desk::Opened opened;  // INVALID when a check of `verified` failed
};
// NOT_SUBMITTED for a draft; what the node says.
absl::StatusOr<Read> FetchAndOpen(Session& session, const std::string& id,
                                  const std::vector<desk::AuthorityKey>& keys);

// Signs what came of opening an incoming message and tells the node; nothing when somebody of the
// authority did so before.
absl::Status ReportRetrieval(Session& session, const std::string& id,
                             v1::RetrievalResult::Code result, Context& context);
// The acts of one case, from headers. UNKNOWN_CASE when none is here.
absl::StatusOr<desk::CaseView> LoadCase(Session& session, const std::string& text,
                                        Context& context);
desk::Json CaseJson(const desk::CaseView& view, bool with_acts);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_READING_H_
