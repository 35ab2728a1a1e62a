#include "node/desk/casebook.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/vocabulary.h"

namespace palermo::desk {
namespace {

using casework::Side;

absl::StatusOr<CaseAct> ActOf(const v1::MessageSummary& message) {
  CaseAct act;
  auto id = HashFrom(message.message_id(), "message id");
  if (!id.ok()) return id.status();
  act.id = *id;
  if (!act.header.ParseFromString(message.header()) || !IsAuthorityId(act.header.sender())) {
    return absl::InvalidArgumentError("not a header");
  }
  act.incoming = message.incoming();
  act.held = message.held();
  act.retrieval = message.retrieval();
  act.confirmation = message.confirmation();
  act.recorded_at = FromMillis(message.recorded_at_ms());
  return act;
}

// Who asked whom: the act that opens the case says it. Without it (it did not arrive yet) an act
// does that only one side may send. A function of the set of acts, not of the order they came in.
void SetParties(CaseView& view) {
  const auto rank = [](const CaseAct& act) {
    const v1::Header& header = act.header;
    const bool asks = casework::MaySend(Side::kRequesting, header.act(), header.family());
    const bool asked = casework::MaySend(Side::kRequested, header.act(), header.family());
    const int kind = casework::OpensCase(act.header.act()) ? 0 : asks != asked ? 1 : 2;
    return std::pair(kind, act.id);
  };
  const auto first =
      std::min_element(view.acts.begin(), view.acts.end(),
                       [&](const CaseAct& a, const CaseAct& b) { return rank(a) < rank(b); });
  const v1::Header& header = first->header;
  std::string other = header.recipients().empty() ? "" : header.recipients(0);
  const bool asks = casework::MaySend(Side::kRequesting, header.act(), header.family());
  view.requesting = asks ? header.sender() : other;
  view.requested = asks ? other : header.sender();
  view.family = header.family();
}

void Arrange(CaseView& view) {
  view.history = casework::Replay(FactsOf(view));
  std::map<Hash, size_t> place;
  for (size_t i = 0; i < view.history.acts.size(); ++i) place[view.history.acts[i].id] = i;
  for (CaseAct& act : view.acts) {
    auto it = place.find(act.id);
    if (it == place.end()) continue;
    const casework::OrderedAct& ordered = view.history.acts[it->second];
    act.in_history = true;
    act.after = ordered.after;
    act.conflict = ordered.conflict;
    act.why = ordered.why;
  }
  auto position = [&](const CaseAct& act) {
    auto it = place.find(act.id);
    return it == place.end() ? place.size() : it->second;
  };
  // Those that wait have no place yet: by id, as at every other desk.
  std::sort(view.acts.begin(), view.acts.end(), [&](const CaseAct& a, const CaseAct& b) {
    return std::pair(position(a), a.id) < std::pair(position(b), b.id);
  });
}

void FindWaiting(CaseView& view, absl::Time now) {
  using casework::Msg;
  for (const CaseAct& act : view.acts) {
    const std::string name = casework::ActName(act.header.act()), id = HexEncode(AsView(act.id));
    if (act.incoming && act.retrieval == v1::RetrievalResult::UNSPECIFIED) {
      view.waits_for_us.push_back(
          {Msg("open {act}"), {{"act", name}}, Cat({"palermo case open ", id})});
    }
    auto standing = act.confirmation.standing();
    bool missing = standing == v1::ConfirmationStanding::MISSING;
    if (!act.incoming && (missing || standing == v1::ConfirmationStanding::DUE)) {
      view.waits_for_us.push_back(
          {missing ? Msg("a second approver confirms {act} by {time} (CONFIRMATION_MISSING)")
                   : Msg("a second approver confirms {act} by {time}"),
           {{"act", name}, {"time", FormatInstant(FromMillis(act.confirmation.due_at_ms()))}},
           Cat({"palermo case confirm ", id})});
    } else if (missing) {
      view.waits_for_us.push_back(
          {Msg("{act} came in an emergency, and its second confirmation is missing "
               "(CONFIRMATION_MISSING): ask {sender}"),
           {{"act", name}, {"sender", act.header.sender()}},
           ""});
    }
    bool newest = std::find(view.history.heads.begin(), view.history.heads.end(), act.id) !=
                  view.history.heads.end();
    if (act.incoming && newest && act.header.reply_by_ms() != 0) {
      absl::Time by = FromMillis(act.header.reply_by_ms());
      view.waits_for_us.push_back(
          {by < now ? Msg("answer {act} by {time} (overdue)") : Msg("answer {act} by {time}"),
           {{"act", name}, {"time", FormatInstant(by)}},
           ""});
    }
  }
}

}  // namespace

std::string WaitText(const Wait& wait) {
  std::string text = casework::FillText(wait.english, wait.args, false);
  return wait.command.empty() ? text : Cat({text, ": ", wait.command});
}

std::vector<casework::ActFact> FactsOf(const CaseView& view) {
  std::vector<casework::ActFact> facts;
  for (const CaseAct& act : view.acts) {
    casework::ActFact fact{act.id, act.side, act.header.act(), {}};
    for (const auto& parent : act.header.parents()) {
      auto hash = HashFrom(parent, "parent");
      if (hash.ok()) fact.parents.push_back(*hash);
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

namespace {

void AddUndelivered(const v1::MessageSummary& message, const CaseAct& act,
                    std::vector<Undelivered>& found) {
  for (const v1::RecipientStatus& status : message.undelivered()) {
    const absl::Time since = std::max(act.recorded_at, FromMillis(status.since_ms()));
    found.push_back({act.id, act.header, since, status.state(), status.outcome(), status.reason()});
  }
}

void SortNewestFirst(std::vector<Undelivered>& found) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Undelivered& a, const Undelivered& b) { return a.since > b.since; });
}

}  // namespace

std::vector<CaseView> BuildCases(const std::vector<v1::MessageSummary>& messages,
                                 const std::string& own_state, absl::Time now) {
  std::map<std::string, CaseView> cases;
  std::map<std::string, std::vector<Undelivered>> undelivered;
  for (const auto& message : messages) {
    auto act = ActOf(message);
    if (!act.ok()) continue;
    AddUndelivered(message, *act, undelivered[act->header.case_id()]);
    if (message.void_act()) continue;
    CaseView& view = cases[act->header.case_id()];
    view.case_id = act->header.case_id();
    view.newest = std::max(view.newest, act->recorded_at);
    if (FindAct(view, act->id) == nullptr) view.acts.push_back(std::move(act).value());
  }
  std::vector<CaseView> result;
  for (auto& [id, view] : cases) {
    view.undelivered = std::move(undelivered[id]);
    SortNewestFirst(view.undelivered);
    SetParties(view);
    std::string requesting = StateOf(view.requesting);
    for (CaseAct& act : view.acts) {
      act.side = StateOf(act.header.sender()) == requesting ? Side::kRequesting : Side::kRequested;
    }
    view.own_side = own_state == requesting ? Side::kRequesting : Side::kRequested;
    Arrange(view);
    view.next_acts = casework::LegalActs(view.history.final, view.own_side, view.family);
    FindWaiting(view, now);
    result.push_back(std::move(view));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const CaseView& a, const CaseView& b) { return a.newest > b.newest; });
  return result;
}

std::vector<Undelivered> UndeliveredIn(const std::vector<v1::MessageSummary>& messages) {
  std::vector<Undelivered> found;
  for (const auto& message : messages) {
    auto act = ActOf(message);
    if (act.ok()) AddUndelivered(message, *act, found);
  }
  SortNewestFirst(found);
  return found;
}

std::vector<Undelivered> UndeliveredOf(const std::vector<v1::MessageSummary>& messages,
                                       absl::Time now) {
  std::vector<Undelivered> found = UndeliveredIn(messages);
  std::erase_if(found, [&](const Undelivered& one) {
    // It is on its way as long as the other node may still be asked again soon.
    const bool waits = one.outcome == v1::Outcome::PENDING && one.since > now - kQueuedShown;
    return waits || one.since < now - kUndeliveredShown;
  });
  return found;
}

const CaseAct* FindAct(const CaseView& view, const Hash& id) {
  for (const CaseAct& act : view.acts) {
    if (act.id == id) return &act;
  }
  return nullptr;
}

const CaseAct* NewestOf(const CaseView& view, const std::vector<v1::Act::Code>& acts) {
  for (auto it = view.acts.rbegin(); it != view.acts.rend(); ++it) {
    if (!it->in_history || it->conflict) continue;
    if (std::find(acts.begin(), acts.end(), it->header.act()) != acts.end()) return &*it;
  }
  return nullptr;
}

}  // namespace palermo::desk
