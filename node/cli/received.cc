#include "node/cli/received.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/progress.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/output.h"
#include "node/desk/case_bodies.h"
#include "node/desk/early_acts.h"
#include "node/desk/receiving.h"

namespace palermo::cli {
namespace {

// When the newest act was made that a message follows; InfinitePast when none is here.
absl::Time PredecessorOf(const desk::CaseView& view, const v1::Header& header) {
  absl::Time newest = absl::InfinitePast();
  for (const desk::CaseAct& act : view.acts) {
    const bool parent = std::any_of(header.parents().begin(), header.parents().end(),
                                    [&](const std::string& id) { return id == AsView(act.id); });
    if (parent) newest = std::max(newest, FromMillis(act.header.created_at_ms()));
  }
  return newest;
}

// Acts for which EarlyAct has something to say.
bool MayBeEarly(v1::Act::Code act) {
  return act == v1::Act::REFUSAL || act == v1::Act::REFUSAL_IN_PART ||
         act == v1::Act::REFUSAL_NATIONALITY || act == v1::Act::POSTPONEMENT_NOTICE ||
         act == v1::Act::LAPSE_NOTICE || act == v1::Act::CLOSE_NOTICE;
}

std::vector<casework::Finding> Early(Session& session, const desk::CaseView& before,
                                     v1::Act::Code act, const v1::CaseBody& body, absl::Time at,
                                     const std::vector<desk::AuthorityKey>& keys,
                                     const v1::Request* request) {
  const auto policy = PolicyOfCase(session, before);
  if (!MayBeEarly(act) || !policy.ok()) return {};
  const KnownDates known = ReadDates(session, before, keys);
  return desk::EarlyAct(before, act, body, at, *policy, known.dates, request);
}

// Nothing where some of what came before is closed.
std::vector<casework::Finding> Lifted(Session& session, const desk::CaseView& view,
                                      const desk::CaseBodies& bodies, std::string_view id,
                                      const v1::CaseBody& body, absl::Time at) {
  const auto policy = PolicyOfCase(session, view);
  const bool known = policy.ok() && bodies.ProgressBefore(id).complete;
  return known ? desk::EarlyLifting(bodies, id, body, at, *policy)
               : std::vector<casework::Finding>();
}

}  // namespace

std::vector<casework::Finding> FindingsOfRead(Session& session, const std::string& id,
                                              const Read& read,
                                              const std::vector<desk::AuthorityKey>& keys,
                                              Context& context) {
  const v1::CaseBody* body =
      read.opened.result == v1::RetrievalResult::OPENED ? &read.opened.body : nullptr;
  const v1::Header& header = read.verified.envelope.header;
  const auto check = [&](absl::Time predecessor, const casework::Progress* before) {
    return desk::CheckReceived(read.verified, body, *session.view(), session.config.state,
                               context.clock->Now(), predecessor, before);
  };
  if (header.parents().empty()) return check(absl::InfinitePast(), nullptr);
  const auto view = LoadCase(session, IdText(header.case_id()), context);
  if (!view.ok()) return check(absl::InfinitePast(), nullptr);
  const absl::Time predecessor = PredecessorOf(*view, header);
  if (body == nullptr) return check(predecessor, nullptr);
  desk::CaseBodies bodies(*view);
  OpenBodies(session, keys, true, &bodies).IgnoreError();
  const casework::Progress before = bodies.ProgressBefore(id);
  if (!before.complete) context.progress(kNotCompared);
  // Without the request nobody knows what an act answers.
  auto findings = check(predecessor, before.request == nullptr ? nullptr : &before);
  const desk::CaseAct* act = desk::FindAct(*view, read.verified.envelope.message_id);
  if (act == nullptr || !act->incoming) return findings;
  const auto as_it_was = desk::CaseBefore(*view, act->id);
  if (!as_it_was.has_value()) return findings;
  for (casework::Finding& finding :
       Early(session, *as_it_was, header.act(), *body, act->recorded_at, keys, before.request)) {
    findings.push_back(std::move(finding));
  }
  for (casework::Finding& finding : Lifted(session, *view, bodies, id, *body, act->recorded_at)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<casework::Finding> EarlyDraft(Session& session, const desk::CaseView& view,
                                          v1::Act::Code act, const v1::CaseBody& body,
                                          const std::vector<desk::AuthorityKey>& keys,
                                          const desk::CaseBodies& bodies, Context& context) {
  const absl::Time now = context.clock->Now();
  auto findings = Early(session, view, act, body, now, keys, bodies.Progress().request);
  for (casework::Finding& finding : Lifted(session, view, bodies, "", body, now)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace palermo::cli
