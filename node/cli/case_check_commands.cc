// case check: a file by itself, or as an act of its case.
#include <algorithm>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/request_basis.h"
#include "node/casework/rules.h"
#include "node/cli/act_support.h"
#include "node/cli/case_acts.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/reading.h"
#include "node/cli/received.h"
#include "node/cli/sending.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/drafting.h"

namespace palermo::cli {
namespace {

// The file as an act of that case, as `case act` would judge it.
absl::StatusOr<int> CheckInCase(const Args& args, v1::Act::Code act, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("--case"), context));
  desk::DraftFile draft = DraftOfAct(act, view, session.authority());
  const casework::ActFact fact{Hash{}, view.own_side, act, view.history.heads};
  PALERMO_RETURN_IF_ERROR(casework::CheckLegal(desk::FactsOf(view), fact, view.family));
  absl::Time unheard_until = absl::InfinitePast();
  PALERMO_RETURN_IF_ERROR(
      TakeActBody(args.Get("file"), session, view, &draft, &unheard_until, context));
  ActInCase judged(draft, view);
  PALERMO_RETURN_IF_ERROR(judged.Fill(session, unheard_until, context));
  std::vector<casework::Finding> findings = desk::CheckDraft(judged.check, judged.draft);
  findings.insert(findings.end(), judged.told.begin(), judged.told.end());
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.severity < b.severity; });
  return ReportFindings(findings, context);
}

absl::StatusOr<int> CheckFile(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, LoadDraft(args.Get("file")));
  const bool opens = casework::OpensCase(draft.act);
  if (args.Has("--case") && opens) {
    return UsageError(Cat(
        {casework::ActName(draft.act), " opens a case, so --case has nothing to compare it with"}));
  }
  if (args.Has("--case")) return CheckInCase(args, draft.act, context);
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  trust::TrustPtr view = memory.ok() ? memory->View() : nullptr;
  std::string own = memory.ok() ? memory->own_state() : "";
  auto check = desk::ContextOf(draft, own, view.get(), context.clock->Now());
  desk::Law law(view.get(), own);
  // Without a desk nothing is known of any list.
  if (memory.ok() && !draft.to.empty()) {
    law.Fill(Cat({own, "/desk"}), draft.to[0], check);
    PALERMO_RETURN_IF_ERROR(FillOral(draft, Cat({own, "/desk"}), draft.to[0], context, &check));
  }
  law.StoreBasis(check, draft.body);
  std::vector<casework::Finding> findings = desk::CheckRecipients(check, draft, view.get());
  if (!opens) CheckWithoutCase(&check, &findings);
  for (casework::Finding& finding : desk::CheckDraft(check, draft)) {
    findings.push_back(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& a, const auto& b) { return a.severity < b.severity; });
  const int code = ReportFindings(findings, context);
  if (!context.json && draft.body.request().basis().has_computed()) {
    context.out += "\n";
    for (const std::string& line :
         casework::AnswerText(draft.body.request().basis().computed(), Speaker(context.language))) {
      context.out += line + "\n";
    }
  }
  return code;
}

}  // namespace

void AddCheckCommands(std::vector<Command>& commands) {
  commands.push_back({"case", "check",
                      "Check a draft's contents; without --case it needs no node and no key file",
                      WithPassphrase({{"file", "FILE", "the draft", true},
                                      {"--case", "CASE",
                                       "of an act that goes on with a case: check it against what "
                                       "the case tells"}}),
                      "palermo case check request.json", CheckFile});
}

}  // namespace palermo::cli
