#include "node/cli/act_support.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/casework/form_check.h"
#include "node/casework/texts.h"
#include "node/cli/kinds.h"
#include "node/cli/output.h"
#include "node/desk/clock_policy.h"
#include "node/desk/compartments.h"
#include "node/desk/sealing.h"
#include "node/trust/approvals.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

// A text of a finding in the officer's language. `english` is the sentence of the table: when the
// finding says something else, that is looked up as it is.
std::string InLanguage(const std::string& said, std::string_view english,
                       const casework::TextArgs& args, words::Language language) {
  if (casework::FillText(english, args, false) != said) {
    return std::string(words::Translate(language, said));
  }
  casework::TextArgs told = args;
  // The form of a field is words, too.
  for (auto& [name, value] : told) {
    if (name == "form") value = std::string(words::Translate(language, value));
  }
  return casework::FillText(words::Translate(language, english), told,
                            words::RightToLeft(language));
}

}  // namespace

absl::Status FillOral(const desk::DraftFile& draft, const std::string& requesting,
                      const std::string& requested, const Context& context,
                      casework::CheckContext* check) {
  if (!draft.body.request().has_oral() || requested.empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(check->oral_confirmation,
                           desk::OralLimit(context.home, requesting, requested));
  return absl::OkStatus();
}

// Rule ids, fields and articles stay: both sides name them alike.
std::vector<casework::Finding> FindingsIn(std::vector<casework::Finding> findings,
                                          words::Language language) {
  for (casework::Finding& finding : findings) {
    const casework::Text* text = casework::FindText(finding.key);
    finding.what = InLanguage(finding.what, text == nullptr ? finding.what : text->what,
                              finding.args, language);
    finding.todo = InLanguage(finding.todo, text == nullptr ? finding.todo : text->todo,
                              finding.args, language);
  }
  return findings;
}

int ReportFindings(const std::vector<casework::Finding>& english, Context& context,
                   bool by_option) {
  std::vector<casework::Finding> findings = FindingsIn(english, context.language);
  bool stop = casework::Blocks(findings) || !casework::OpenWarnings(findings, {}).empty();
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("ready", !stop);
    context.out += json.Add("findings", desk::Json::Raw(casework::FindingsJson(findings))).Pretty();
    return stop ? kExitFindings : kExitOk;
  }
  const auto T = [&](std::string_view text) {
    return std::string(words::Translate(context.language, text));
  };
  context.out += FindingsWords(findings, context.language);
  if (!stop) {
    context.out +=
        Cat({findings.empty() ? T("Nothing to object to.") : T("Nothing stops it."), "\n"});
  } else if (!casework::Blocks(findings) && by_option) {
    context.out += Cat({T("To send it in spite of a warning, add the rule and your reason:"),
                        "\n  --override \"R-...=...\"\n"});
  } else if (!casework::Blocks(findings)) {
    context.out +=
        Cat({T("To send it in spite of a warning, name the rule and your reason in the body:"),
             "\n  \"overridden\": [{\"rule\": \"R-...\", \"reason\": \"...\"}]\n",
             T("Where a rule has several, name the field too:"),
             "\n  \"rule\": \"R-... at result.items[0]...\"\n"});
  }
  return stop ? kExitFindings : kExitOk;
}

void AddNotes(const v1::Header& header, const v1::CaseBody& body,
              std::vector<casework::Finding>& findings) {
  if (body.has_operation_mail()) return;
  casework::CheckContext context;
  context.family = header.family();
  context.act = header.act();
  context.urgency = header.urgency();
  context.requesting_state = StateOf(header.sender());
  if (!header.recipients().empty()) context.requested_state = StateOf(header.recipients(0));
  for (const auto& all :
       {casework::CheckBody(context, body), casework::CheckUsual(context, body)}) {
    for (const casework::Finding& finding : all) {
      if (finding.severity == casework::Severity::kNote) findings.push_back(finding);
    }
  }
}

absl::Status CheckNoRecord(const v1::CaseBody& body) {
  if (casebook::LabelIn(body) == nullptr) return absl::OkStatus();
  return Refused("NOT_RELEASED",
                 "a record of intelligence goes where its label lets it go: send your own with "
                 "palermo route report FILE, another state's with palermo route forward");
}

absl::StatusOr<int> CheckSealSubmit(Session& session, const desk::DraftFile& draft,
                                    const casework::CheckContext& check, const desk::CaseLink& link,
                                    Context& context, const std::vector<casework::Finding>& more) {
  std::vector<casework::Finding> findings = desk::CheckDraft(check, draft);
  const casework::OverrideSet answers(more, casework::AnsweredIn(draft.body));
  for (const casework::Finding& finding : more) {
    const bool may_be = finding.severity == casework::Severity::kWarning;
    if (may_be && answers.Covers(finding)) continue;
    findings.push_back(finding);
  }
  if (casework::Blocks(findings) || !casework::OpenWarnings(findings, {}).empty()) {
    return ReportFindings(findings, context);
  }
  absl::Time now = context.clock->Now();
  PALERMO_ASSIGN_OR_RETURN(
      v1::Header header,
      desk::MakeHeader(draft, session.authority(), link, *session.view(), now, *context.random));
  v1::CaseBody content = draft.body;
  PALERMO_RETURN_IF_ERROR(desk::SealCompartments(draft.compartments, header, *session.view(), now,
                                                 *context.random, &content));
  std::string body = trust::StrictSerialize(content);
  PALERMO_ASSIGN_OR_RETURN(v1::Envelope envelope,
                           desk::Seal(header, body, *session.view(), now, *context.random));
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = std::move(envelope);
  PALERMO_ASSIGN_OR_RETURN(*request.mutable_draft(),
                           trust::SignMessage(session.keys.officer, v1::SignaturePurpose::DRAFT,
                                              *session.keys.sign, parsed.message_id));
  if (casework::NeedsSecondOfficer(content)) request.set_least_approvals(1);
  PALERMO_ASSIGN_OR_RETURN(v1::SubmitResponse response, session.node.SubmitDraft(request));
  return ReportSubmitted(response, header, context, findings);
}

int ReportSubmitted(const v1::SubmitResponse& response, const v1::Header& header, Context& context,
                    const std::vector<casework::Finding>& english) {
  const std::vector<casework::Finding> told = FindingsIn(english, context.language);
  bool sent = response.outcome() == v1::Outcome::ACCEPTED;
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("message", IdText(response.message_id())).Add("case", IdText(header.case_id()));
    json.Add("outcome", v1::Outcome::Code_Name(response.outcome()));
    json.AddNumber("approvals_missing", response.approvals_missing());
    json.AddNumber("ledger_entry", static_cast<int64_t>(response.receipt().index()));
    if (!told.empty()) json.Add("findings", desk::Json::Raw(casework::FindingsJson(told)));
    context.out += json.Pretty();
    return kExitOk;
  }
  context.out += Cat(
      {"message  ", IdText(response.message_id()), "\ncase     ", IdText(header.case_id()), "\n"});
  std::string id = IdText(response.message_id());
  context.out +=
      sent
          ? absl::StrFormat(
                "Submitted: entry %d of your node's ledger.\nOn its way to %s: %s %s, %s. Where it "
                "is:\n"
                "  palermo message explain %s\n",
                response.receipt().index(), absl::StrJoin(header.recipients(), ", "),
                casework::FamilyName(header.family()), casework::ActName(header.act()),
                casework::UrgencyName(header.urgency()), id)
          : absl::StrFormat(
                "Approvals by other officers that are still missing: %d. Each of them reads it, "
                "and "
                "signs:\n"
                "  palermo case show-draft %s\n  palermo case approve %s\n",
                response.approvals_missing(), id, id);
  context.out += FindingsWords(told, context.language);
  return kExitOk;
}

}  // namespace palermo::cli
