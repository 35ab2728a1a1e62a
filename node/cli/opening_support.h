// An opening that two officers sign and the ledger shows: of a sealed compartment, or of a record
// of a joint operation in VICTIMS or UNDERCOVER.
#ifndef PALERMO_NODE_CLI_OPENING_SUPPORT_H_
#define PALERMO_NODE_CLI_OPENING_SUPPORT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "node/cli/session.h"
#include "palermo/v1/compartment.pb.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::cli {

inline constexpr char kOpeningReasons[] =
    "VICTIM_PROTECTION, INVESTIGATION, COURT_ORDER, HEARING, DANGER_TO_LIFE";

// Who opens what, for whom, until when and why; lines for people.
std::string DescribeOpening(const v1::CompartmentOpening& body);
// One of kOpeningReasons. USAGE.
absl::StatusOr<v1::OpeningReason::Code> OpeningReasonFrom(const std::string& word);
// Signed by the opener, for 24 hours from now, and written to a file for the second officer. `body`
// says what is opened and why. What the opener does next, for people.
absl::StatusOr<std::string> AskForOpening(Session& session, v1::CompartmentOpening body,
                                          const std::string& file, const std::string& open_command,
                                          Context& context);
// A refusal for the role or for the missing second officer, with the rule that it keeps: R-HR-10.
absl::Status WithOpeningRule(const absl::Status& status);
// A statement of a file, for this officer, as both signed it. WRONG_SENDER; codes of VerifyOpening.
absl::StatusOr<v1::SignedStatement> ReadOpening(Session& session, const std::string& file,
                                                v1::CompartmentOpening* body, Context& context);
// That an entry of the ledger is of this opening by this officer, as both signed it: the hash of
// its statement. BAD_RECEIPT.
absl::Status CheckEntered(const v1::Record& record, const v1::SignedStatement& statement,
                          const v1::CompartmentOpening& body);
// Enters it in the ledger, and verifies that it did. The entry. BAD_RECEIPT.
absl::StatusOr<int64_t> EnterOpening(Session& session, const v1::SignedStatement& statement,
                                     const v1::CompartmentOpening& body);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPENING_SUPPORT_H_
