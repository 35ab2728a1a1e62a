// A further act of a case: one way to check it with all that the case says, seal, sign and submit
// it.
#ifndef PALERMO_NODE_CLI_SENDING_H_
#define PALERMO_NODE_CLI_SENDING_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/cli/session.h"
#include "node/desk/casebook.h"
#include "node/desk/drafting.h"

namespace palermo::cli {

// To the other side, with the newest act's words of the header; no body yet.
desk::DraftFile DraftOfAct(v1::Act::Code act, const desk::CaseView& view,
                           const std::string& own_authority);
// `unheard_until`: the end of the notice period while the requesting state was not heard
// (RequestingStateUnheard); InfinitePast: it was. The exit code; what is missing is in
// `context.out`.
absl::StatusOr<int> SendAct(Session& session, const desk::CaseView& view,
                            const desk::DraftFile& draft, absl::Time unheard_until,
                            Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_SENDING_H_
