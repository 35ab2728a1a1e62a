// What the rules say to an officer of a message that another desk made: one that arrived, or a
// draft that waits for his approval.
#ifndef PALERMO_NODE_CLI_RECEIVED_H_
#define PALERMO_NODE_CLI_RECEIVED_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/desk/case_bodies.h"
#include "node/desk/casebook.h"
#include "node/desk/opening.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {

// Of a message that arrived, with what its case told before it.
std::vector<casework::Finding> FindingsOfRead(Session& session, const std::string& id,
                                              const Read& read,
                                              const std::vector<desk::AuthorityKey>& keys,
                                              Context& context);
// Of a draft that would be sent now: whether it waits for a clock that runs, by this desk's
// numbers; an error only where a measure is lifted that nobody proposed to lift. `bodies`: of the
// case so far.
std::vector<casework::Finding> EarlyDraft(Session& session, const desk::CaseView& view,
                                          v1::Act::Code act, const v1::CaseBody& body,
                                          const std::vector<desk::AuthorityKey>& keys,
                                          const desk::CaseBodies& bodies, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_RECEIVED_H_
