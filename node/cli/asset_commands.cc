// case asset: property of a case, shown and reported; case release: a warning for public health.
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/history.h"
#include "node/cli/act_support.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/sending.h"
#include "node/cli/session.h"
#include "node/cli/warning_answers.h"
#include "node/desk/asset_text.h"
#include "node/desk/files.h"
#include "node/desk/health_release.h"

namespace palermo::cli {
namespace {

// "C-1=OPEN", "C-1=OPEN=Bank X": the reference, the status, who claims.
absl::StatusOr<v1::ThirdPartyClaim> ClaimOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 2));
  if (parts.size() < 2 || parts[0].empty()) {
    return UsageError(Cat({"'", text, "' is no claim; write REF=STATUS or REF=STATUS=WHO"}));
  }
  v1::ThirdPartyClaim claim;
  claim.set_ref(parts[0]);
  claim.set_status(parts[1]);
  if (parts.size() > 2) claim.set_by(parts[2]);
  return claim;
}

absl::StatusOr<v1::AssetReport> ReportOf(const Args& args) {
  v1::AssetReport report;
  uint32_t item = 0;
  if (!args.Has("--item") || !absl::SimpleAtoi(args.Get("--item"), &item)) {
    return UsageError("--item is missing, or no number: the item of the request");
  }
  report.set_item(item);
  report.set_asset_id(args.Get("--asset"));
  report.set_to(args.Get("--to"));
  report.set_order_ref(args.Get("--order"));
  report.set_expires_at(args.Get("--until"));
  report.set_route(args.Get("--route"));
  report.set_reason(args.Get("--reason"));
  report.set_view(args.Get("--view"));
  if (args.Has("--hearing-impossible")) report.set_hearing_impossible(true);
  for (const std::string& text : args.All("--claim")) {
    PALERMO_ASSIGN_OR_RETURN(*report.add_claims(), ClaimOf(text));
  }
  return report;
}

absl::StatusOr<int> ShowAssets(Session& session, const desk::CaseView& view, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  desk::CaseBodies bodies(view);
  PALERMO_RETURN_IF_ERROR(OpenBodies(session, keys, true, &bodies));
  const casework::Progress progress = bodies.Progress();
  const absl::Duration hearing = HearingOfCase(session, view);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("case", IdText(view.case_id))
        .Add("assets", desk::AssetsJson(progress.assets, hearing));
    context.out += json.Add("all_bodies_open", progress.complete).Pretty();
    return kExitOk;
  }
  const std::string text =
      desk::AssetsText(progress.assets, view.own_side, context.clock->Now(), hearing);
  context.out += text.empty() ? "The case concerns no property.\n" : text.substr(1);
  if (!progress.complete) context.out += "Messages that are not open yet may say more.\n";
  return kExitOk;
}

absl::StatusOr<int> AssetCommand(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("case"), context));
  if (!args.Has("--to") && !args.Has("--view") && !args.Has("--claim")) {
    return ShowAssets(session, view, context);
  }
  desk::DraftFile draft = DraftOfAct(v1::Act::ASSET_REPORT, view, session.authority());
  casework::ActFact fact{Hash{}, view.own_side, draft.act, view.history.heads};
  PALERMO_RETURN_IF_ERROR(casework::CheckLegal(desk::FactsOf(view), fact, view.family));
  draft.body.set_version(1);
  PALERMO_ASSIGN_OR_RETURN(*draft.body.mutable_asset_report(), ReportOf(args));
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &draft.body));
  return SendAct(session, view, draft, absl::InfinitePast(), context);
}

// --- case release

absl::StatusOr<v1::CaseBody> AlertOf(const Args& args, Context& context) {
  const std::string source = args.Get("source");
  constexpr size_t kIdLetters = 64;
  if (source.size() == kIdLetters && HexDecode(source).ok()) {
    PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(source, 32, "message id"));
    PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
    PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
    PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session, id, keys));
    if (read.opened.result != v1::RetrievalResult::OPENED) return read.opened.why;
    return std::move(read.opened.body);
  }
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(source, limits::kMaxRequestFileBytes));
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, desk::ParseDraft(json, source));
  return std::move(draft.body);
}

absl::StatusOr<int> ReleaseCommand(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseBody alert, AlertOf(args, context));
  desk::HealthRelease release;
  release.to = args.Get("--to");
  release.text = args.Get("--text");
  release.advice = args.Get("--advice");
  if (args.Has("--text-language")) release.language = args.Get("--text-language");
  release.approved_by = args.All("--approved-by");
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, desk::MakeHealthRelease(alert, release));
  std::vector<casework::Finding> findings = desk::CheckHealthRelease(alert, draft);
  for (casework::Finding& finding :
       desk::CheckDraft(desk::ContextOf(draft, "", nullptr, context.clock->Now()), draft)) {
    findings.push_back(std::move(finding));
  }
  if (casework::Blocks(findings)) return ReportFindings(findings, context);
  context.out += args.Has("--plain")
                     ? desk::HealthReleaseText(draft.body.request().public_release())
                     : desk::DraftJson(draft);
  return kExitOk;
}

}  // namespace

void AddAssetCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"case", "asset", "Show the property of a case, or report what happened to it",
       WithPassphrase(
           {{"case", "CASE", "the case id", true},
            {"--item", "N", "the item of the request that asks for it"},
            {"--to", "STATE",
             "FROZEN, CONFISCATED, LIFT_PROPOSED, LIFTED, DISPOSAL_AGREED, RETURNED ..."},
            {"--asset", "ID", "which one, when the item concerns several"},
            {"--order", "REF", "of the freezing or the confiscation"},
            {"--until", "DATE", "when the freezing ends"},
            {"--route", "WORD", "RD_ORDER, ENFORCE_RQ_ORDER, NON_CONVICTION"},
            {"--reason", "TEXT", "of a lifting, or why the other state could not be heard"},
            {"--hearing-impossible", "", "the other state could not be heard; give the reason"},
            {"--view", "TEXT", "our view on a proposed lifting, as the requesting state"},
            {"--claim", "REF=STATUS=WHO",
             "of a third party: OPEN, REJECTED, SATISFIED, SETTLED, WITHDRAWN", false, true},
            OverrideOption()}),
       "palermo case asset 9b1e... --item 1 --to LIFT_PROPOSED --reason \"acquitted\"",
       AssetCommand});
  commands.push_back(
      {"case", "release",
       "A warning for public health out of an alert: facts of the product, nothing of the case",
       WithPassphrase(
           {{"source", "SOURCE", "the alert: a message id, or a draft's file", true},
            {"--to", "AUTHORITY", "the health authority, like QT/health", true},
            {"--text", "TEXT", "what happened, for the public"},
            {"--advice", "TEXT", "what to do"},
            {"--text-language", "TAG", "language of both; default: en"},
            {"--approved-by", "WHO", "who approved the warning; at least two", false, true},
            {"--plain", "", "as a text, for an authority that has no desk"}}),
       "palermo case release alert.json --to QT/health --text \"...\"", ReleaseCommand});
}

}  // namespace palermo::cli
