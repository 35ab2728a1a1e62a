#include "node/desk/early_acts.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/asset_book.h"
#include "node/casework/rules.h"
#include "node/desk/deadlines.h"

namespace palermo::desk {
namespace {

using casework::Finding;
using v1::Act;

bool WaitsForView(Act::Code act, const v1::CaseBody& body, const v1::Request* request,
                  const std::string& requesting) {
  switch (act) {
    case Act::REFUSAL:
    case Act::REFUSAL_IN_PART:
    case Act::REFUSAL_NATIONALITY:
      return !casework::ProtectsFromReturn(body.refusal(), request,
                                           requesting.empty() ? "" : StateOf(requesting));
    case Act::POSTPONEMENT_NOTICE:
      return true;
    default:
      return false;
  }
}

// As if each act had come when its sender wrote it: earlier, for it travelled.
CaseView ByHeaders(CaseView view) {
  for (CaseAct& act : view.acts) {
    act.recorded_at = std::min(act.recorded_at, FromMillis(act.header.created_at_ms()));
  }
  return view;
}

bool IsTime(absl::Time at) { return at != absl::InfinitePast() && at != absl::InfiniteFuture(); }

// When the clock ends for which a lapse or a closing waits; InfinitePast when it is over.
absl::Time EndOfClock(Act::Code act, const std::vector<Deadline>& deadlines) {
  if (CheckClockAllows(act, deadlines).ok()) return absl::InfinitePast();
  absl::Time end = absl::InfinitePast();
  for (const Deadline& clock : deadlines) {
    const bool lapse = clock.rule == "R-CLK-ORAL" || clock.rule == "T9";
    const bool behind = act == Act::LAPSE_NOTICE ? lapse : clock.rule == "T28";
    if (behind && clock.state != casework::ClockState::kStopped) end = std::max(end, clock.due);
  }
  return end;
}

}  // namespace

std::optional<CaseView> CaseBefore(const CaseView& view, const Hash& act) {
  const auto at = std::find_if(view.acts.begin(), view.acts.end(),
                               [&](const CaseAct& one) { return one.id == act; });
  if (at == view.acts.end() || !at->in_history || at->conflict) return std::nullopt;
  CaseView before = view;
  before.acts.resize(static_cast<size_t>(at - view.acts.begin()));
  return before;
}

std::vector<Finding> EarlyAct(const CaseView& before, Act::Code act, const v1::CaseBody& body,
                              absl::Time at, const casework::PairPolicy& policy,
                              const DatesOfCase& dates, const v1::Request* request) {
  std::vector<Finding> findings;
  const CaseView told = ByHeaders(before);
  const auto tell = [&](std::string_view key, absl::Time until) {
    casework::Tell(key, "", findings, {{"until", FormatInstant(until)}});
  };
  if (WaitsForView(act, body, request, before.requesting)) {
    const absl::Time here = UnheardUntil(before, DeadlinesOf(before, at, policy, dates));
    const absl::Time there = UnheardUntil(told, DeadlinesOf(told, at, policy, dates));
    if (IsTime(there)) {
      tell("R-CLK-CONSULT.early", there);
    } else if (IsTime(here)) {
      tell("R-CLK-CONSULT.early_here", here);
    }
  }
  if (act == Act::LAPSE_NOTICE || act == Act::CLOSE_NOTICE) {
    const absl::Time end = EndOfClock(act, DeadlinesOf(told, at, policy, dates));
    if (IsTime(end)) tell("R-GEN-02.early", end);
  }
  return findings;
}

std::vector<Finding> EarlyLifting(const CaseBodies& bodies, std::string_view id,
                                  const v1::CaseBody& body, absl::Time at,
                                  const casework::PairPolicy& policy) {
  const v1::AssetReport& report = body.asset_report();
  std::vector<Finding> findings;
  if (report.to() != casework::AssetStateName(casework::AssetState::kLifted)) return findings;
  std::vector<casework::OpenedAct> here, there;
  for (size_t i = 0; i < bodies.acts().size() && AsView(bodies.acts()[i]->id) != id; ++i) {
    here.push_back(bodies.opened()[i]);
    there.push_back(here.back());
    const absl::Time written = FromMillis(bodies.acts()[i]->header.created_at_ms());
    there.back().at = std::min(there.back().at, written);
  }
  const auto unheard = [&](const std::vector<casework::Asset>& assets, absl::Duration hearing) {
    const auto said =
        casework::CheckAssetReport(assets, casework::Side::kRequested, report, at, hearing);
    return std::any_of(said.begin(), said.end(),
                       [](const Finding& one) { return one.key == "R-AR-08.heard"; });
  };
  if (unheard(casework::AssetsOf(here), absl::ZeroDuration())) {
    casework::Tell("R-AR-08.heard", "asset_report.to", findings);
    return findings;
  }
  const std::vector<casework::Asset> told = casework::AssetsOf(there);
  const absl::Duration hearing = policy.Limit("R-AR-08");
  if (!unheard(told, hearing)) return findings;
  absl::Time until = absl::InfinitePast();
  for (const casework::Asset& asset : told) {
    const absl::Time ends = casework::HearingEnds(asset, hearing);
    const auto& items = asset.items;
    const bool its = std::find(items.begin(), items.end(), report.item()) != items.end();
    if (its && ends > at && ends != absl::InfiniteFuture()) until = std::max(until, ends);
  }
  casework::Tell("R-AR-08.early", "asset_report.to", findings, {{"until", FormatInstant(until)}});
  return findings;
}

}  // namespace palermo::desk
