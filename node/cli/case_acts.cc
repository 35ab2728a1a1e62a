#include "node/cli/case_acts.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"
#include "node/cli/act_support.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/sending.h"
#include "node/desk/deadlines.h"
#include "node/desk/files.h"

namespace palermo::cli {
namespace {

// Acts that wait for a clock, or for the view of the requesting state.
bool NeedsClocks(v1::Act::Code act) {
  return act == v1::Act::LAPSE_NOTICE || act == v1::Act::CLOSE_NOTICE || act == v1::Act::REFUSAL ||
         act == v1::Act::REFUSAL_IN_PART || act == v1::Act::REFUSAL_NATIONALITY ||
         act == v1::Act::POSTPONEMENT_NOTICE || act == v1::Act::PRESERVATION_RELEASED;
}

// What the case tells about the act, beyond its body.
std::vector<casework::Finding> CaseFindings(const desk::DraftFile& draft,
                                            const desk::CaseView& view, absl::Time now,
                                            const casework::PairPolicy& policy) {
  std::vector<casework::Finding> told;
  const bool too_often = draft.act == v1::Act::STATUS_QUERY &&
                         draft.urgency < v1::Urgency::URGENT &&
                         desk::AskedLately(view, now, policy);
  const int64_t days = policy.Limit("R-CLK-STATUS.AGAIN") / absl::Hours(24);
  if (too_often) casework::Tell("R-CLK-STATUS.often", "", told, {{"days", std::to_string(days)}});
  return told;
}

// The rules that a file alone cannot answer, besides the order of acts.
std::string_view RulesOfCase(v1::Act::Code act) {
  switch (act) {
    case v1::Act::REFUSAL:
    case v1::Act::REFUSAL_IN_PART:
    case v1::Act::REFUSAL_NATIONALITY:
      return "R-REF-26, R-REF-21, R-REF-29, R-GEN-02";
    case v1::Act::POSTPONEMENT_NOTICE:
      return "R-REF-26, R-GEN-02";
    case v1::Act::PARTIAL_RESULT:
    case v1::Act::FINAL_RESULT:
      return "R-EXE-01, R-DOC-02, R-CONF-02, R-GEN-02";
    case v1::Act::CLOSE:
    case v1::Act::CLOSE_NOTICE:
      return "R-AUD-01, R-GEN-02";
    case v1::Act::ASSET_REPORT:
      return "R-AR-05, R-AR-08, R-GEN-02";
    case v1::Act::BOARDING_REPORT:
    case v1::Act::BOARDING_RESULT:
      return "R-SEA-05, R-SEA-06, R-GEN-02";
    case v1::Act::PRESERVATION_EXTENDED:
    case v1::Act::PRESERVATION_RELEASED:
      return "R-CYB-03, R-GEN-02";
    default:
      return "R-GEN-02";
  }
}

}  // namespace

absl::Status AsUnreadable(const absl::Status& status) {
  const std::string code = CodeOf(status);
  absl::Status wrong = status;
  if (code == "BAD_FILE") wrong = casework::SaidBy(std::move(wrong), "R-GEN-01.no_file");
  const bool form = code == "BAD_JSON" || code == "UNKNOWN_WORD" || code == "BODY_TOO_LARGE" ||
                    code == "BAD_FILE";
  if (!form) return wrong;
  if (casework::FieldOf(wrong).empty()) wrong = casework::AtField(std::move(wrong), "file");
  const bool told = !casework::FindingOf(wrong).key.empty();
  return told ? wrong : casework::SaidBy(std::move(wrong), "R-GEN-01.header");
}

absl::StatusOr<desk::DraftFile> LoadDraft(const std::string& path) {
  // Far more than fits into a message: what is too large says so, and how much fits.
  const absl::StatusOr<std::string> json = desk::ReadFile(path, limits::kMaxCaseFileBytes);
  if (!json.ok()) return AsUnreadable(json.status());
  auto draft = desk::ParseDraft(*json, path);
  return draft.ok() ? std::move(draft) : AsUnreadable(draft.status());
}

absl::Status TakeActBody(const std::string& path, Session& session, const desk::CaseView& view,
                         desk::DraftFile* draft, absl::Time* unheard_until, Context& context) {
  CaseClocks clocks;
  if (NeedsClocks(draft->act) || path.empty()) {
    PALERMO_ASSIGN_OR_RETURN(clocks, ClocksOfCase(session, view, context));
    PALERMO_RETURN_IF_ERROR(desk::CheckClockAllows(draft->act, clocks.deadlines));
    *unheard_until = desk::UnheardUntil(view, clocks.deadlines);
  }
  if (path.empty()) {
    PALERMO_ASSIGN_OR_RETURN(draft->body,
                             desk::ReadyBody(draft->act, clocks.deadlines, context.clock->Now()));
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> json = desk::ReadFile(path, limits::kMaxCaseFileBytes);
  if (!json.ok()) return AsUnreadable(json.status());
  const std::string other = draft->to.front();
  if (const absl::Status read = desk::ParseBodyFile(*json, path, draft); !read.ok()) {
    return AsUnreadable(read);
  }
  // Further offices of the other state that the file names, as readers of a compartment.
  std::set<std::string> to = {other};
  for (const std::string& named : draft->to) {
    if (StateOf(named) == StateOf(other)) to.insert(named);
  }
  draft->to.assign(to.begin(), to.end());
  return absl::OkStatus();
}

desk::DraftFile DraftOfAct(v1::Act::Code act, const desk::CaseView& view,
                           const std::string& own_authority) {
  desk::DraftFile draft;
  draft.act = act;
  draft.family = view.family;
  draft.to = {own_authority == view.requesting ? view.requested : view.requesting};
  const v1::Header& newest = view.acts.back().header;
  draft.urgency = newest.urgency();
  draft.handling = newest.handling();
  draft.legal_basis.assign(newest.legal_basis().begin(), newest.legal_basis().end());
  return draft;
}

absl::Status ActInCase::Fill(Session& session, absl::Time unheard_until, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  desk::HeldIdentities held;
  PALERMO_RETURN_IF_ERROR(OpenBodies(session, keys, false, &bodies_, &held));
  // The text is compared with every identity of the case that this office may read.
  desk::ScanFor(held.tokens, &draft);
  draft.sealed_refs.insert(held.refs.begin(), held.refs.end());
  const absl::Time now = context.clock->Now();
  trusted_ = session.view();
  check = desk::ContextOf(draft, session.config.state, trusted_.get(), now);
  check.side = view_.own_side;
  check.requesting_state = StateOf(view_.requesting);
  check.requested_state = StateOf(view_.requested);
  // Whoever is in a compartment that this office cannot read may be anybody.
  if (held.closed > 0) check.compartment_refs = nullptr;
  PALERMO_ASSIGN_OR_RETURN(policy_, PolicyOfCase(session, view_));
  progress_ = bodies_.Progress(&policy_);
  check.policy = &policy_;
  casework::Fill(progress_, now, check);
  if (NeedsClocks(draft.act)) {  // by this pair's numbers
    check.requesting_state_unheard = unheard_until != absl::InfinitePast();
    check.notice_ends_at = check.requesting_state_unheard && unheard_until != absl::InfiniteFuture()
                               ? FormatInstant(unheard_until)
                               : "";
    check.last_act_at.clear();
  }
  PALERMO_RETURN_IF_ERROR(CheckNoRecord(draft.body));
  law_.emplace(trusted_.get(), session.config.state);
  law_->Fill(session.authority(), draft.to[0], check);
  PALERMO_RETURN_IF_ERROR(FillOral(draft, view_.requesting, view_.requested, context, &check));
  law_->StoreBasis(check, draft.body);
  told = CaseFindings(draft, view_, now, policy_);
  if (held.closed > 0) casework::Tell("R-SEAL-02.not_scanned", "", told);
  return absl::OkStatus();
}

absl::StatusOr<int> SendAct(Session& session, const desk::CaseView& view,
                            const desk::DraftFile& drafted, absl::Time unheard_until,
                            Context& context) {
  ActInCase act(drafted, view);
  PALERMO_RETURN_IF_ERROR(act.Fill(session, unheard_until, context));
  desk::CaseLink link{view.case_id, view.history.heads, ""};
  for (const Hash& head : view.history.heads) {
    const desk::CaseAct* one = desk::FindAct(view, head);
    if (one != nullptr && one->incoming) link.in_reply_to = std::string(AsView(head));
  }
  return CheckSealSubmit(session, act.draft, act.check, link, context, act.told);
}

void CheckWithoutCase(casework::CheckContext* check, std::vector<casework::Finding>* findings) {
  using casework::Side;
  check->case_unknown = true;
  if (!casework::MaySend(Side::kRequesting, check->act)) {
    check->side = Side::kRequested;
    std::swap(check->requesting_state, check->requested_state);
  }
  casework::Tell("R-GEN-02.no_case", "", *findings,
                 {{"rules", std::string(RulesOfCase(check->act))}});
}

}  // namespace palermo::cli
