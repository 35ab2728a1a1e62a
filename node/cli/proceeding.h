// Material that another state gave for one proceeding, when it is wanted for another: UNTOC 18(5),
// 18(19).
#ifndef PALERMO_NODE_CLI_PROCEEDING_H_
#define PALERMO_NODE_CLI_PROCEEDING_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "node/casework/finding.h"
#include "node/cli/command.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"

namespace palermo::cli {

// What a case says about the use of what was given in it.
struct UseInCase {
  std::string given_for;                 // the request's national_ref; "" it names none
  std::vector<std::string> consents;     // proceedings to which the provider consented
  std::vector<std::string> exculpatory;  // purposes of which the provider was told, 18(5), (19)
};
// What an act of the case adds. A consent is the provider's: the state that gave the material.
void TakeUse(const v1::Header& act, const v1::CaseBody& body, const std::string& provider,
             UseInCase* said);
// R-USE-01 for another proceeding than that of the request, R-USE-02 for material that is for no
// court (H1); silent with the provider's consent, and never against what speaks for an accused.
std::vector<casework::Finding> CheckProceeding(const v1::Header& header, const v1::CaseBody& body,
                                               const UseInCase& said, const std::string& own_state,
                                               const std::string& proceeding);
// The same for a message, with its case opened. NOT_RELEASED with the rule.
absl::Status CheckForProceeding(Session& session, const Read& read, const std::string& proceeding,
                                Context& context);

// Who is told of a request on paper, besides the own file.
struct Reader {
  bool needed_for_execution = false;
  bool consent = false;  // of the requesting state
};
// R-CONF-01: `request` is confidential at `now`, by 18(20) or by the restriction it was given
// under, 18(5), and its execution does not need this reader. Null: no request is known.
std::vector<casework::Finding> CheckReader(const v1::Request* request, const Reader& reader,
                                           absl::Time now);
// The same for a message of a case that another state asked, with --for, --execution and --consent.
// The consent is a message of that state in this case. USAGE, NOT_RELEASED with the rule,
// NOT_A_CONSENT.
absl::Status CheckForReader(const Args& args, Session& session, const Read& read, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_PROCEEDING_H_
