// A draft waits for its approval while its own state goes on in the case: what was sent meanwhile,
// and whether the draft's act is possible after it. What the other state sends crosses, and is no
// matter of this. Pure.
#ifndef PALERMO_NODE_DESK_SINCE_DRAFT_H_
#define PALERMO_NODE_DESK_SINCE_DRAFT_H_

#include <vector>

#include "node/casework/finding.h"
#include "node/desk/casebook.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::desk {

// R-GEN-02. E: our own later act ended the case, and the draft's act is not possible in it any
// more. I: we sent something since; whether the act is still possible is said with it. Nothing for
// a draft that opens a case.
std::vector<casework::Finding> SentSince(const CaseView& view, const v1::Header& draft);

// Whether nobody of the act's side knew the act before it in the history when it was written.
bool Crossed(const CaseView& view, const CaseAct& act);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_SINCE_DRAFT_H_
