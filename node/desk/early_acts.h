// Acts that have to wait for a clock, judged by a desk that did not draft them: a refusal or
// postponement before the other state was heard (UNTOC 18(26)), a lapse or a closing before its
// clock ran out. The desk that drafts refuses them by the numbers of its pair. Another desk may
// have been told other numbers, so what it says is never an error. Pure.
#ifndef PALERMO_NODE_DESK_EARLY_ACTS_H_
#define PALERMO_NODE_DESK_EARLY_ACTS_H_

#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/clocks.h"
#include "node/casework/finding.h"
#include "node/desk/act_dates.h"
#include "node/desk/case_bodies.h"
#include "node/desk/casebook.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

// The case as it was before this act; nothing when the act is not part of its history.
std::optional<CaseView> CaseBefore(const CaseView& view, const Hash& act);

// `before`: the case without the act. `at`: when the act came, by the ledger of this desk's node.
// W (R-CLK-CONSULT) where it came too early whichever moment of the consultation counts: that at
// which this node entered it, or the earlier one that its header tells. I where only the former
// says so, and for a lapse or a closing (R-GEN-02). A refusal for NON_REFOULEMENT waits for nobody
// where it protects somebody (ProtectsFromReturn). `request`: of the case; null: not known.
std::vector<casework::Finding> EarlyAct(const CaseView& before, v1::Act::Code act,
                                        const v1::CaseBody& body, absl::Time at,
                                        const casework::PairPolicy& policy,
                                        const DatesOfCase& dates,
                                        const v1::Request* request = nullptr);

// The same of a report that a measure against property was lifted (R-AR-08, UNCAC 55(8)), by what
// the case told before the act `id`; all of it where that act is not here. E where the lifting was
// never proposed; W where the time to speak was not over by this desk's number, whichever moment of
// the proposal counts. REQUIRES: every body before it is open.
std::vector<casework::Finding> EarlyLifting(const CaseBodies& bodies, std::string_view id,
                                            const v1::CaseBody& body, absl::Time at,
                                            const casework::PairPolicy& policy);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_EARLY_ACTS_H_
