// What a postponement, a suspension, a refusal and the consultation before them say: the ground in
// words with its code, and the dates. Of what was not opened here that is said. Pure.
#ifndef PALERMO_NODE_DESK_GROUNDS_H_
#define PALERMO_NODE_DESK_GROUNDS_H_

#include <string>
#include <vector>

#include "node/casework/request_basis.h"
#include "node/desk/casebook.h"
#include "node/desk/json_value.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

// Whether the body of such an act states a ground, or asks about one.
bool StatesGround(v1::Act::Code act);

// One line each, for people; without blanks before it. `body`: null when it could not be opened.
// REQUIRES: StatesGround(act.header.act()).
std::vector<std::string> GroundLines(const CaseAct& act, const v1::CaseBody* body,
                                     const casework::Translated& translated = nullptr);
// {"id", "act", "opened", "ground": {"code", "meaning"}, "review_at", "expected_until", ...}; of a
// body that is not open only the first three.
Json GroundJson(const CaseAct& act, const v1::CaseBody* body);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_GROUNDS_H_
