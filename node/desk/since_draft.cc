#include "node/desk/since_draft.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/bytes.h"
#include "node/casework/acts.h"
#include "node/casework/rules.h"
#include "node/casework/state_machine.h"

namespace palermo::desk {
namespace {

// The acts that the header names as those before it, and all before these. The history has each act
// behind its parents.
std::set<std::string> KnownTo(const CaseView& view, const v1::Header& header) {
  std::set<std::string> known(header.parents().begin(), header.parents().end());
  for (auto act = view.acts.rbegin(); act != view.acts.rend(); ++act) {
    if (!known.contains(std::string(AsView(act->id)))) continue;
    const auto& parents = act->header.parents();
    known.insert(parents.begin(), parents.end());
  }
  return known;
}

bool TookEffect(const CaseAct& act) { return act.in_history && !act.conflict; }

}  // namespace

std::vector<casework::Finding> SentSince(const CaseView& view, const v1::Header& draft) {
  std::vector<casework::Finding> findings;
  if (draft.parents().empty()) return findings;
  const std::set<std::string> known = KnownTo(view, draft);
  std::string sent;
  bool ended = false;
  for (const CaseAct& act : view.acts) {
    const bool ours = act.side == view.own_side && TookEffect(act);
    if (!ours || known.contains(std::string(AsView(act.id)))) continue;
    sent += Cat({sent.empty() ? "" : ", ", casework::ActName(act.header.act())});
    ended |= casework::IsTerminal(act.after.state);
  }
  if (sent.empty()) return findings;
  const bool possible =
      casework::Apply(view.history.final, view.own_side, draft.act(), view.family).ok();
  const char* key = possible ? "R-GEN-02.since"
                    : ended  ? "R-GEN-02.since_ended"
                             : "R-GEN-02.since_stopped";
  casework::Tell(key, "", findings,
                 {{"sent", sent},
                  {"act", casework::ActName(draft.act())},
                  {"state", casework::Describe(view.history.final)}});
  return findings;
}

bool Crossed(const CaseView& view, const CaseAct& act) {
  const CaseAct* before = nullptr;
  for (const CaseAct& one : view.acts) {
    if (one.id == act.id) break;
    if (TookEffect(one)) before = &one;
  }
  if (before == nullptr || !TookEffect(act)) return false;
  return !KnownTo(view, act.header).contains(std::string(AsView(before->id)));
}

}  // namespace palermo::desk
