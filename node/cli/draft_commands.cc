// case new, check, draft, pending, show-draft, approve, drop.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/content.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"
#include "node/cli/act_support.h"
#include "node/cli/case_acts.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/confirmation_text.h"
#include "node/cli/kinds.h"
#include "node/cli/label_asking.h"
#include "node/cli/output.h"
#include "node/cli/received.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/cli/tell.h"
#include "node/desk/compartments.h"
#include "node/desk/drafting.h"
#include "node/desk/files.h"
#include "node/desk/form_here.h"
#include "node/desk/opening.h"
#include "node/desk/receiving.h"
#include "node/desk/since_draft.h"
#include "node/desk/verification.h"
#include "node/trust/approvals.h"

namespace palermo::cli {
namespace {

constexpr std::string_view kExampleRecipient = "QT/central";
constexpr std::string_view kExampleSender = "QM/central";

// What this desk knows goes into the form: its state and the recipient's on the list of those that
// may have it, dates from today, the basis between the two. A desk without a treaty list, or an
// exercise with the example's states, keeps the example's basis.
desk::AdjustExample KnownHere(const std::string& to, v1::Act::Code act, Context& context) {
  return [to, act, &context](v1::Family::Code family, v1::CaseBody& body) {
    const auto config = LoadConfig(context.home);
    if (config.ok()) desk::ReleaseTo(config->state, to, body);
    desk::DateFromToday(act, context.clock->Now(), body);
    if (!body.has_request()) return;
    auto memory = desk::TrustMemory::Load(TrustPath(context.home));
    const trust::TrustPtr view = memory.ok() ? memory->View() : nullptr;
    if (view == nullptr || !IsAuthorityId(to)) return;
    const desk::Law law(view.get(), memory->own_state());
    casework::CheckContext check;
    check.family = family;
    check.act = v1::Act::REQUEST;
    check.requesting_state = memory->own_state();
    check.requested_state = StateOf(to);
    check.now = FormatInstant(context.clock->Now());
    if (law.list() == nullptr) return;
    if (!law.Prefill(check, body)) {
      context.progress(Cat({"no treaty basis for this request with ", check.requested_state,
                            " is in your state's list; the form keeps its example. See: palermo "
                            "treaty basis --requested ",
                            check.requested_state}));
    }
  };
}

absl::StatusOr<int> NewOfType(const Args& args, const std::string& to, std::string_view area,
                              Context& context) {
  if (args.Get("type") == "route-report" && !args.Has("--act")) {
    PALERMO_ASSIGN_OR_RETURN(const std::string draft, RouteDraft({to}, "", context));
    context.out += draft;
    return kExitOk;
  }
  PALERMO_ASSIGN_OR_RETURN(v1::AssistanceType::Code type,
                           OptionWord("TYPE", casework::ParseAssistance(args.Get("type"))));
  if (!args.Has("--act")) {
    context.out += desk::TypeTemplate(type, to, KnownHere(to, v1::Act::REQUEST, context),
                                      args.Has("--more"), area);
    return kExitOk;
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::Act::Code answer,
                           OptionWord("--act", casework::ParseAct(args.Get("--act"))));
  if (answer != v1::Act::PARTIAL_RESULT && answer != v1::Act::FINAL_RESULT) {
    return UsageError(
        "with a type, --act is PARTIAL_RESULT or FINAL_RESULT; for any other act leave out the "
        "type");
  }
  context.out += desk::AnswerTemplate(type, answer, to);
  return kExitOk;
}

// Who gets what the form becomes. The example's recipient is no default for an office of that
// state; of an act in a case it is the other side, whatever the form says.
absl::StatusOr<std::string> RecipientOfForm(const Args& args, v1::Act::Code act,
                                            const Context& context) {
  if (args.Has("--to")) return args.Get("--to");
  const auto config = LoadConfig(context.home);
  if (!config.ok() || config->state != StateOf(kExampleRecipient)) {
    return std::string(kExampleRecipient);
  }
  if (!casework::OpensCase(act)) return std::string(kExampleSender);
  return UsageError(Cat({"name the recipient: --to; ", kExampleRecipient, " is of your state"}));
}

absl::StatusOr<int> NewDraft(const Args& args, Context& context) {
  if (args.Has("--words")) return ListWords(args.Get("--words"), context);
  if (args.Has("--list")) {
    ListKinds(args.Has("--codes"), context);
    return kExitOk;
  }
  v1::Act::Code act = v1::Act::REQUEST;
  if (args.Has("--act")) {
    PALERMO_ASSIGN_OR_RETURN(act, OptionWord("--act", casework::ParseAct(args.Get("--act"))));
  }
  PALERMO_ASSIGN_OR_RETURN(const std::string to, RecipientOfForm(args, act, context));
  if (!IsAuthorityId(to))
    return UsageError(Cat({"--to: '", to, "' is no authority, like QT/central"}));
  std::string_view area;
  if (args.Has("--area")) {
    if (args.Has("--act") || (!args.Has("type") && !args.Has("--assistance"))) {
      return UsageError("--area is for a request: palermo case new TYPE --area AREA");
    }
    PALERMO_ASSIGN_OR_RETURN(area, OptionWord("--area", casework::ParseArea(args.Get("--area"))));
  }
  if (args.Has("type")) return NewOfType(args, to, area, context);
  v1::Family::Code family = v1::Family::MLA;
  if (args.Has("--family")) {
    PALERMO_ASSIGN_OR_RETURN(family,
                             OptionWord("--family", casework::ParseFamily(args.Get("--family"))));
  }
  v1::AssistanceType::Code type = v1::AssistanceType::UNSPECIFIED;
  if (args.Has("--assistance")) {
    PALERMO_ASSIGN_OR_RETURN(
        type, OptionWord("--assistance", casework::ParseAssistance(args.Get("--assistance"))));
  }
  // The form of the type, wherever the family is the type's own: one form for each, however it is
  // asked for.
  const casework::TypeForm* form = casework::FindForm(type);
  if (act == v1::Act::REQUEST && form != nullptr &&
      (form->family == family || !args.Has("--family"))) {
    context.out += desk::TypeTemplate(type, to, KnownHere(to, v1::Act::REQUEST, context),
                                      args.Has("--more"), area);
    return kExitOk;
  }
  const bool result = act == v1::Act::PARTIAL_RESULT || act == v1::Act::FINAL_RESULT;
  if (result && form != nullptr && (form->family == family || !args.Has("--family"))) {
    context.out += desk::AnswerTemplate(type, act, to);
    return kExitOk;
  }
  PALERMO_ASSIGN_OR_RETURN(std::string text,
                           desk::DraftTemplate(act, to, family, type, KnownHere(to, act, context)));
  context.out += text;
  return kExitOk;
}

absl::StatusOr<int> Fields(const Args& args, Context& context) {
  v1::AssistanceType::Code type = v1::AssistanceType::UNSPECIFIED;
  if (args.Has("type")) {
    PALERMO_ASSIGN_OR_RETURN(type, OptionWord("TYPE", casework::ParseAssistance(args.Get("type"))));
  }
  if (!args.Has("--act")) {
    if (!args.Has("type")) {
      return UsageError(
          "name the kind of assistance, the act, or both: palermo case fields TYPE, palermo case "
          "fields --act ACT; palermo case new --list --codes lists them");
    }
    ListFields(type, context);
    return kExitOk;
  }
  PALERMO_ASSIGN_OR_RETURN(const v1::Act::Code act,
                           OptionWord("--act", casework::ParseAct(args.Get("--act"))));
  if (!casework::AsksForAType(act)) {
    ListActFields(act, context);
    return kExitOk;
  }
  if (!args.Has("type")) {
    const std::string name = casework::ActName(act);
    return UsageError(
        Cat({"what ", name, " carries depends on the kind of assistance: palermo ",
             "case fields TYPE --act ", name, "; palermo case new --list lists ", "the kinds"}));
  }
  ListFieldsOf(type, act, context);
  return kExitOk;
}

absl::StatusOr<int> Draft(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, LoadDraft(args.Get("file")));
  if (!casework::OpensCase(draft.act)) {
    return UsageError(Cat({casework::ActName(draft.act),
                           " belongs to a case; use: palermo case act CASE --act ..."}));
  }
  PALERMO_RETURN_IF_ERROR(CheckNoRecord(draft.body));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  auto check =
      desk::ContextOf(draft, session.config.state, session.view().get(), context.clock->Now());
  trust::TrustPtr trusted = session.view();
  desk::Law law(trusted.get(), session.config.state);
  if (!draft.to.empty()) {
    law.Fill(session.authority(), draft.to[0], check);
    PALERMO_RETURN_IF_ERROR(FillOral(draft, session.authority(), draft.to[0], context, &check));
  }
  law.StoreBasis(check, draft.body);
  PALERMO_RETURN_IF_ERROR(CheckLink(session, draft.body.request(), context));
  return CheckSealSubmit(session, draft, check, {}, context,
                         desk::CheckRecipients(check, draft, trusted.get()));
}

absl::StatusOr<int> ListWaitingDrafts(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse pending, session.ListDrafts());
  desk::Json list = desk::Json::List();
  bool none = pending.drafts().empty() && pending.confirmations().empty();
  std::string text = none ? "No draft waits.\n" : "";
  for (const auto& draft : pending.drafts()) {
    v1::Header header;
    if (!header.ParseFromString(draft.header())) continue;
    desk::Json signers = desk::Json::List();
    std::string names;
    for (const auto& signature : draft.signatures()) {
      signers.Push(signature.officer());
      names += Cat({names.empty() ? "" : ", ", signature.officer()});
    }
    text += Cat({"draft ", IdText(draft.message_id()), "\n", HeaderText(header)});
    text += absl::StrFormat("  signed by    %s\n  missing      approvals: %d\n", names,
                            draft.approvals_missing());
    desk::Json one = desk::Json::Object();
    one.Add("id", IdText(draft.message_id())).Add("header", HeaderJson(header));
    one.Add("signed_by", std::move(signers));
    list.Push(std::move(one.AddNumber("approvals_missing", draft.approvals_missing())));
  }
  for (const auto& open : pending.confirmations()) {
    v1::Header header;
    if (!header.ParseFromString(open.header())) continue;
    text += Cat({"message ", IdText(open.message_id()), "\n", HeaderText(header), "  ",
                 ConfirmationText(open.status()), "\n"});
    desk::Json one = desk::Json::Object();
    one.Add("id", IdText(open.message_id())).Add("header", HeaderJson(header));
    list.Push(std::move(one.Add("confirmation", ConfirmationJson(open.status()))));
  }
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

struct OpenedDraft {
  std::string id;
  desk::VerifiedMessage verified;
  desk::Opened opened;
};

// Fetches, verifies and opens: what an approver sees is what he signs.
absl::StatusOr<OpenedDraft> FetchDraft(Session& session, const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("id"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session.node.FetchMessage(id));
  if (!message.pending()) {
    return WrongState("NOT_PENDING", "this message is no draft any more; see: palermo case open");
  }
  OpenedDraft draft{id, desk::VerifyDraft(message, *session.view(), context.clock->Now()), {}};
  PALERMO_RETURN_IF_ERROR(desk::FirstFailure(draft.verified.checks));
  if (AsView(draft.verified.envelope.message_id) != id) {
    return Refused("BAD_RECEIPT", "the node gave another message than the one asked for");
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  draft.opened = desk::Open(message.envelope(), keys, message.rewraps());
  if (draft.opened.result != v1::RetrievalResult::OPENED) return draft.opened.why;
  return draft;
}

// A record of another state comes with the answers that its author there gave to warnings; nothing
// tells them from the drafter's own.
std::string WhoAnswered(const v1::Header& header, const v1::CaseBody& body) {
  const v1::Label* label = casebook::LabelIn(body);
  const std::string from = label == nullptr ? "" : label->originator();
  if (from.empty() || from == StateOf(header.sender())) return "The drafter";
  return Cat({"The author in ", from, ", or the drafter here,"});
}

// With what this desk finds in it, so that who approves knows it before anything is signed.
void PrintDraft(const OpenedDraft& draft, const std::vector<casework::Finding>& english,
                Context& context) {
  const std::vector<casework::Finding> findings = FindingsIn(english, context.language);
  const v1::Header& header = draft.verified.envelope.header;
  const v1::CaseBody shown = desk::ForOfficer(draft.opened.body, "");
  std::string body = casework::BodyToJson(shown, true);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("id", IdText(draft.id)).Add("header", HeaderJson(header));
    json.Add("body", desk::Json::Raw(body));
    context.out += json.Add("findings", desk::Json::Raw(casework::FindingsJson(findings))).Pretty();
    return;
  }
  context.out += Cat({"draft ", IdText(draft.id), "\n", HeaderText(header)});
  for (const auto& signature : draft.verified.signatures) {
    context.out += absl::StrFormat("  signed       %s (%s)\n", signature.officer(),
                                   v1::SignaturePurpose::Code_Name(signature.purpose()));
  }
  context.out += Cat({"\n", body});
  for (const auto& overridden : shown.overridden()) {
    context.out += Cat({"\n", WhoAnswered(header, shown), " overrode ", overridden.rule(), ": ",
                        overridden.reason(), "\n"});
  }
  if (!findings.empty()) context.out += Cat({"\n", FindingsWords(findings, context.language)});
}

// What the rules say of a draft, whatever the desk said that drafted it.
std::vector<casework::Finding> FindingsOfDraft(Session& session, const OpenedDraft& draft,
                                               Context& context) {
  const v1::Header& header = draft.verified.envelope.header;
  const auto check = [&](const casework::Progress* before) {
    if (!header.parents().empty() && (before == nullptr || !before->complete)) {
      context.progress(kNotCompared);
    }
    return desk::CheckToApprove(draft.verified, draft.opened.body, *session.view(),
                                session.config.state, context.clock->Now(), before);
  };
  if (header.parents().empty()) return check(nullptr);
  const auto keys = session.GrantedKeys();
  const auto view = LoadCase(session, IdText(header.case_id()), context);
  if (!view.ok()) return check(nullptr);
  const auto with_since = [&](std::vector<casework::Finding> all) {
    for (casework::Finding& finding : desk::SentSince(*view, header)) {
      all.push_back(std::move(finding));
    }
    return all;
  };
  desk::CaseBodies bodies(*view);
  desk::HeldIdentities held;
  if (!keys.ok() || !OpenBodies(session, *keys, true, &bodies, &held).ok()) {
    return with_since(check(nullptr));
  }
  const casework::Progress before = bodies.Progress();
  std::vector<casework::Finding> findings = check(&before);
  for (casework::Finding& finding :
       EarlyDraft(session, *view, header.act(), draft.opened.body, *keys, bodies, context)) {
    findings.push_back(std::move(finding));
  }
  // Neither this desk nor the drafter's has compared the text with them.
  if (held.closed > 0) casework::Tell("R-SEAL-02.not_scanned", "", findings);
  return with_since(std::move(findings));
}

absl::StatusOr<int> ShowDraft(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(OpenedDraft draft, FetchDraft(session, args, context));
  std::vector<casework::Finding> findings = FindingsOfDraft(session, draft, context);
  AddNotes(draft.verified.envelope.header, draft.opened.body, findings);
  PrintDraft(draft, findings, context);
  return kExitOk;
}

absl::StatusOr<int> ApproveDraft(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(OpenedDraft draft, FetchDraft(session, args, context));
  // What it carries is checked there, and shown as far as it is open to the approver.
  if (draft.opened.body.has_operation_mail()) {
    return Refused("OPERATION_MAIL",
                   Cat({"this is a mail of a joint operation: palermo operation approve ",
                        draft.opened.body.operation_mail().operation()}));
  }
  const v1::Header& header = draft.verified.envelope.header;
  if (!context.json) {
    // Before it is signed: the last approval sends it.
    Tell(
        Cat({"You approve this draft; the last approval sends it. What it says: palermo case "
             "show-draft ",
             IdText(draft.id), "\n", HeaderText(header)}));
  }
  std::vector<casework::Finding> findings = FindingsOfDraft(session, draft, context);
  AddNotes(draft.verified.envelope.header, draft.opened.body, findings);
  if (casework::Blocks(findings)) {
    context.progress(
        Cat({"This draft breaks the rules below, so it is not signed. Drop it: palermo "
             "case drop ",
             IdText(draft.id)}));
    ReportFindings(findings, context);
    return kExitFindings;
  }
  PALERMO_RETURN_IF_ERROR(AskToSend(session, draft.id, draft.verified, draft.opened.body, context));
  // For a script as for an officer at a screen: it is signed with this known.
  if (!context.json) {
    for (const casework::Finding& finding : FindingsIn(findings, context.language)) {
      Tell(Cat({finding.rule, ": ", finding.what}));
    }
    for (const auto& overridden : draft.opened.body.overridden()) {
      const std::string who = WhoAnswered(draft.verified.envelope.header, draft.opened.body);
      Tell(Cat({who, " overrode ", overridden.rule(), ": ", overridden.reason()}));
    }
  }
  v1::ApproveRequest request;
  request.set_message_id(draft.id);
  PALERMO_ASSIGN_OR_RETURN(
      *request.mutable_approval(),
      trust::SignMessage(session.keys.officer, v1::SignaturePurpose::APPROVE, *session.keys.sign,
                         draft.verified.envelope.message_id));
  const auto response = session.node.Approve(request);
  if (response.ok()) {
    // A person has read them before.
    if (!context.json) findings.clear();
    return ReportSubmitted(*response, header, context, findings);
  }
  // The rule behind the node's refusal, where the desk knows it too.
  for (const casework::Finding& finding :
       desk::CheckApproval(draft.verified, draft.opened.body, *session.view(), session.keys.officer,
                           context.clock->Now())) {
    context.progress(Cat({finding.rule, ": ", finding.what, "; ", finding.todo}));
  }
  return response.status();
}

absl::StatusOr<int> Drop(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("id"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  const auto draft = session.node.FetchMessage(id);
  v1::DropDraftRequest request;
  request.set_message_id(id);
  PALERMO_RETURN_IF_ERROR(session.node.DropDraft(request).status());
  v1::Header header;
  const bool known = draft.ok() && header.ParseFromString(draft->envelope().header());
  const bool joint = known && header.family() == v1::Family::JOINT_INVESTIGATION;
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("dropped", true).Add("id", IdText(id));
    if (known) json.Add("header", HeaderJson(header));
    context.out += json.Pretty();
  } else {
    context.out += Cat({"The draft ", IdText(id), " is dropped. Its entry stays in the ledger.\n",
                        known ? HeaderText(header) : ""});
  }
  if (joint && !context.json) {
    context.out +=
        "If it brought a record of a joint operation: drafts of your state that were written after "
        "it cannot be sent any more. Drop them too, and write them anew.\n";
  }
  return kExitOk;
}

}  // namespace

void AddDraftCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"case",
       "new",
       "Print the JSON of a request or of another act, to be filled in",
       {{"type", "TYPE", "the kind of assistance, such as trace-firearm"},
        {"--list", "", "instead: what can be asked, by area of crime, in plain words"},
        {"--codes", "", "with --list: every code with its meaning"},
        {"--more", "", "with a type: also the fields that only some requests have"},
        {"--area", "AREA", "with a type: the form of this area of crime, such as trafficking"},
        {"--words", "FIELD", "instead: the words that a field takes, such as roles"},
        {"--act", "ACT", "the act; default REQUEST"},
        {"--family", "FAMILY", "of the case: MLA, EXTRADITION, SEA ...; default MLA"},
        {"--assistance", "TYPE", "of the request: TRACE_FIREARM ...; default: the family's first"},
        {"--to", "AUTHORITY", "the recipient; default QT/central"}},
       "palermo case new trace-firearm --to QT/central > request.json",
       NewDraft});
  commands.push_back(
      {"case",
       "fields",
       "Explain the fields of a request, its answer or another act: meaning, need, rule, form, "
       "example",
       {{"type", "TYPE", "the kind of assistance"},
        {"--act", "ACT",
         "the fields of this act alone; all but requests and results need no TYPE"}},
       "palermo case fields --act REFUSAL",
       Fields});
  AddCheckCommands(commands);
  commands.push_back({"case", "draft", "Check, seal, sign and submit a request that opens a case",
                      WithPassphrase({{"file", "FILE", "the draft", true}}),
                      "palermo case draft request.json", Draft});
  commands.push_back(
      {"case", "pending",
       "List the drafts that wait for approvals, and emergencies that wait for a confirmation",
       PassphraseOptions(), "palermo case pending", ListWaitingDrafts});
  commands.push_back({"case", "show-draft", "Open a draft, to read what you sign",
                      WithPassphrase({{"id", "MESSAGE", "the draft's message id", true}}),
                      "palermo case show-draft 0f3c...", ShowDraft});
  commands.push_back({"case", "approve", "Approve a draft; the last approval sends it",
                      WithPassphrase({{"id", "MESSAGE", "the draft's message id", true}}),
                      "palermo case approve 0f3c...", ApproveDraft});
  AddConfirmCommands(commands);
  commands.push_back({"case", "drop", "Drop a draft that was not sent",
                      WithPassphrase({{"id", "MESSAGE", "the draft's message id", true}}),
                      "palermo case drop 0f3c...", Drop});
}

}  // namespace palermo::cli
