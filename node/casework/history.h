// The history of a case: a pure function of the set of its acts, so that both sides see the same
// one whatever arrived first. Order: causality, then precedence (docs/casework.md), then message
// id. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_HISTORY_H_
#define PALERMO_NODE_CASEWORK_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {

struct ActFact {
  Hash id = {};  // message id
  Side side = Side::kRequesting;
  v1::Act::Code act = v1::Act::UNSPECIFIED;
  std::vector<Hash> parents;  // message ids; order and repetition do not matter
};

struct OrderedAct {
  Hash id = {};
  Standing after;         // of the case, when everything up to this act has happened
  bool conflict = false;  // lost against a crossing act: kept and shown, no effect
  std::string why;        // of a conflict, for people

  bool operator==(const OrderedAct&) const = default;
};

struct History {
  std::vector<OrderedAct> acts;
  Standing final;
  std::vector<Hash> heads;    // acts that no act here follows, sorted: the parents of a new act
  std::vector<Hash> missing;  // named as parents, not in the set, sorted
  std::vector<Hash> held;     // acts that wait for `missing`, themselves or their past, sorted

  bool operator==(const History&) const = default;
};

// Lower goes first among acts that crossed. Total over (side, act): two pairs never share a number
// unless they are the same pair.
int Precedence(Side side, v1::Act::Code act);

// O(n log n). A repeated id counts once (the first). Acts that name each other in a circle, which
// no hash can do, are held.
History Replay(std::vector<ActFact> facts);

// The standing after exactly the acts in `parents` and their past; kNone for no parents.
// Failure: UNKNOWN_PARENT when an act of that past is not in `facts`.
absl::StatusOr<Standing> StandingAt(const std::vector<ActFact>& facts,
                                    const std::vector<Hash>& parents);

// Whether `new_act` is legal against its own parents, whatever crossed it. Failure: UNKNOWN_PARENT,
// ILLEGAL_ACT, or TOO_MANY when the case has kMaxActsPerCase acts or the act more than kMaxParents.
absl::Status CheckLegal(const std::vector<ActFact>& facts, const ActFact& new_act,
                        v1::Family::Code family = v1::Family::UNSPECIFIED);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_HISTORY_H_
