// case show, inbox, open, act.
#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"
#include "node/casework/vocabulary.h"
#include "node/cli/act_support.h"
#include "node/cli/case_acts.h"
#include "node/cli/case_dates.h"
#include "node/cli/case_support.h"
#include "node/cli/casebook_support.h"
#include "node/cli/command.h"
#include "node/cli/confirmation_text.h"
#include "node/cli/kinds.h"
#include "node/cli/label_asking.h"
#include "node/cli/morning_sections.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/received.h"
#include "node/cli/sending.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/case_json.h"
#include "node/desk/casebook.h"
#include "node/desk/compartments.h"
#include "node/desk/drafting.h"
#include "node/desk/files.h"
#include "node/desk/opening.h"
#include "node/desk/since_draft.h"
#include "node/desk/verification.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

std::string RetrievalWord(const desk::CaseAct& act) {
  if (act.retrieval == v1::RetrievalResult::UNSPECIFIED)
    return std::string(act.incoming ? casework::Msg("unopened") : std::string_view());
  return v1::RetrievalResult::Code_Name(act.retrieval);
}

desk::Json ActNames(const std::vector<v1::Act::Code>& acts) {
  desk::Json list = desk::Json::List();
  for (v1::Act::Code act : acts) list.Push(casework::ActName(act));
  return list;
}

}  // namespace

desk::Json CaseJson(const desk::CaseView& view, bool with_acts) {
  desk::Json json = desk::Json::Object();
  json.Add("case", IdText(view.case_id)).Add("family", casework::FamilyName(view.family));
  json.Add("requesting", view.requesting).Add("requested", view.requested);
  json.Add("our_side", std::string(casework::SideName(view.own_side)));
  json.Add("state", casework::Describe(view.history.final));
  json.Add("history_sha256", desk::HistoryHash(view));
  desk::Json waits = desk::Json::List();
  for (const desk::Wait& wait : view.waits_for_us) waits.Push(desk::WaitText(wait));
  json.Add("waits_for_us", std::move(waits)).Add("next_acts", ActNames(view.next_acts));
  if (!with_acts) return json;
  desk::Json acts = desk::Json::List();
  for (const desk::CaseAct& act : view.acts) {
    desk::Json one = desk::Json::Object();
    one.Add("id", IdText(AsView(act.id))).Add("at", FormatInstant(act.recorded_at));
    one.Add("header", HeaderJson(act.header)).Add("incoming", act.incoming);
    one.Add("state_after", act.in_history ? casework::Describe(act.after) : "");
    one.Add("conflict", act.conflict).Add("why", act.why).Add("retrieval", RetrievalWord(act));
    acts.Push(std::move(one));
  }
  json.Add("acts", std::move(acts));
  desk::Json undelivered = desk::Json::List();
  for (const desk::Undelivered& one : view.undelivered) undelivered.Push(UndeliveredJson(one));
  return json.Add("not_delivered", std::move(undelivered));
}

absl::StatusOr<desk::CaseView> LoadCase(Session& session, const std::string& text,
                                        Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(text, 16, "case id"));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll(id, false, false));
  auto cases = desk::BuildCases(messages, session.config.state, context.clock->Now());
  const auto undelivered = desk::UndeliveredIn(messages);
  if (cases.empty() && !undelivered.empty()) {
    const desk::Undelivered& first = undelivered.back();
    return Missing("NOT_DELIVERED",
                   Cat({"case ", text, " never began: its ", casework::ActName(first.header.act()),
                        " did not reach ", first.state, " (", WhyUndelivered(first), ", ",
                        FormatInstant(first.since), "). See palermo message explain ",
                        IdText(AsView(first.id)), "; to send it again, draft it anew"}));
  }
  if (cases.empty()) {
    return Missing("UNKNOWN_CASE", Cat({"no act of case ", text,
                                        " is here for you; palermo case "
                                        "list shows the cases"}));
  }
  return cases[0];
}

namespace {

std::string UndeliveredText(const desk::Undelivered& one, const Speaker& speaker) {
  return Cat({FormatInstant(one.since), "  ", one.header.sender(), "  ",
              casework::ActName(one.header.act()), "\n    ", IdText(AsView(one.id)), "\n    ",
              speaker.Fill(casework::Msg("not delivered to {state}: {why}"),
                           {{"state", one.state}, {"why", WhyUndelivered(one)}}),
              "\n"});
}

std::string ActText(const desk::CaseView& view, const desk::CaseAct& act, const Speaker& speaker) {
  std::string text =
      absl::StrFormat("%s  %s  %s\n    %s\n", FormatInstant(act.recorded_at), act.header.sender(),
                      casework::ActName(act.header.act()), IdText(AsView(act.id)));
  if (!act.in_history) {
    text += Cat({"    ", speaker.T("waits for an act that did not arrive yet"), "\n"});
  } else if (act.conflict) {
    text += Cat({"    ", speaker.T("CONFLICT, no effect:"), " ", act.why, "\n"});
  } else {
    text += Cat(
        {"    ",
         speaker.Fill(casework::Msg("then {state}"), {{"state", casework::Describe(act.after)}}),
         "\n"});
  }
  // Where the order is not that of the times, the reader is told why.
  if (desk::Crossed(view, act)) {
    text += Cat({"    ", speaker.T(casework::Msg("crossed with the act before it")), "\n"});
  }
  std::string word = RetrievalWord(act);
  if (!word.empty()) text += Cat({"    ", speaker.T(word), "\n"});
  return text;
}

absl::StatusOr<int> ShowCase(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("case"), context));
  if (args.Has("--history")) {
    context.out += desk::HistoryJson(view);
    return kExitOk;
  }
  if (context.json) {
    context.out += CaseJson(view, true).Add("law", DutiesOf(session, view, context).json).Pretty();
    return kExitOk;
  }
  const Speaker speaker(context.language);
  context.out += CaseHead(view, speaker);
  const CaseDuties law = DutiesOf(session, view, context);
  for (const auto& act : view.acts) {
    context.out += ActText(view, act, speaker);
    const auto ground = law.grounds.find(std::string(AsView(act.id)));
    if (ground != law.grounds.end()) context.out += ground->second;
  }
  for (const desk::Undelivered& one : view.undelivered)
    context.out += UndeliveredText(one, speaker);
  context.out += law.text;
  for (const desk::Wait& wait : view.waits_for_us) {
    context.out += Cat({"\n* ", speaker.Fill(wait.english, wait.args),
                        wait.command.empty() ? "" : Cat({": ", wait.command})});
  }
  context.out += Cat({"\n", speaker.T("What you may do now:")});
  for (v1::Act::Code act : view.next_acts) context.out += Cat({" ", casework::ActName(act)});
  context.out += "\n";
  for (v1::Act::Code act : view.next_acts) {
    const std::string name = casework::ActName(act);
    const std::string_view meaning = casework::MeaningOf(casework::Vocabulary::kAct, name);
    context.out += absl::StrFormat("  %-24s  %s\n", name, speaker.T(meaning));
  }
  return kExitOk;
}

absl::StatusOr<int> ListInbox(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", true, !args.Has("--all")));
  desk::Json list = desk::Json::List();
  std::string text = messages.empty() ? "Nothing waits to be opened.\n" : "";
  for (const auto& message : messages) {
    v1::Header header;
    if (!header.ParseFromString(message.header())) continue;
    text += absl::StrFormat("%s  %s  %s %s  %s%s\n    palermo case open %s\n",
                            TimeText(message.recorded_at_ms()), header.sender(),
                            casework::FamilyName(header.family()), casework::ActName(header.act()),
                            casework::UrgencyName(header.urgency()),
                            message.held() ? "  (an act before it is still missing)" : "",
                            IdText(message.message_id()));
    desk::Json one = desk::Json::Object();
    if (message.has_confirmation()) {
      text += Cat({"    ", ConfirmationText(message.confirmation()), "\n"});
      one.Add("confirmation", ConfirmationJson(message.confirmation()));
    }
    one.Add("id", IdText(message.message_id())).Add("at", TimeJson(message.recorded_at_ms()));
    one.Add("held", message.held()).Add("header", HeaderJson(header));
    one.Add("retrieval", v1::RetrievalResult::Code_Name(message.retrieval()));
    list.Push(std::move(one));
  }
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

}  // namespace

// What the desk says after it tried: signed, and reported to the node.
absl::Status ReportRetrieval(Session& session, const std::string& id,
                             v1::RetrievalResult::Code result, Context& context) {
  v1::RetrievalStatement statement;
  statement.set_message_id(id);
  statement.set_officer(session.keys.officer);
  statement.set_result(result);
  statement.set_at_ms(ToMillis(context.clock->Now()));
  v1::ReportRetrievalRequest request;
  v1::SignedRetrieval* retrieval = request.mutable_retrieval();
  retrieval->set_statement(trust::StrictSerialize(statement));
  retrieval->set_key_id(
      crypto::KeyId(crypto::kEd25519, crypto::AsView(session.keys.sign->public_key())));
  PALERMO_ASSIGN_OR_RETURN(
      crypto::Signature signature,
      session.keys.sign->TrySign(crypto::Purpose::kRetrieval, retrieval->statement()));
  retrieval->set_signature(std::string(crypto::AsView(signature)));
  absl::Status status = session.node.ReportRetrieval(request).status();
  // Somebody of the authority reported before: nothing is left to say.
  return CodeOf(status) == "DUPLICATE" || CodeOf(status) == "ALREADY_SIGNED" ? absl::OkStatus()
                                                                             : status;
}

absl::StatusOr<Read> FetchAndOpen(Session& session, const std::string& id,
                                  const std::vector<desk::AuthorityKey>& keys) {
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session.node.FetchMessage(id));
  if (message.pending()) {
    return WrongState("NOT_SUBMITTED", "this is a draft; see: palermo case show-draft");
  }
  Read read{desk::VerifyMessage(message, *session.view(), session.config.state), {}};
  if (desk::AllOk(read.verified.checks) && AsView(read.verified.envelope.message_id) != id) {
    read.verified.checks.push_back({"the node gave the message that was asked for",
                                    Refused("BAD_RECEIPT", "it gave another one")});
  }
  if (desk::AllOk(read.verified.checks)) {
    read.opened = desk::Open(message.envelope(), keys, message.rewraps());
  } else {
    read.opened = {v1::RetrievalResult::INVALID, {}, {}, desk::FirstFailure(read.verified.checks)};
  }
  return read;
}

namespace {

void PrintRead(const std::string& id, const Read& read, const std::string& officer,
               const desk::BasisReport& basis, const std::vector<casework::Finding>& findings,
               const std::string& purpose, Context& context) {
  std::string result = v1::RetrievalResult::Code_Name(read.opened.result);
  bool opened = read.opened.result == v1::RetrievalResult::OPENED;
  std::string body =
      opened ? casework::BodyToJson(desk::ForOfficer(read.opened.body, officer), true) : "";
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("id", IdText(id)).Add("result", result);
    json.Add("header", HeaderJson(read.verified.envelope.header));
    if (!purpose.empty()) json.Add("purpose", purpose);
    if (read.verified.confirmation.due_at_ms() != 0) {
      json.Add("confirmation", ConfirmationJson(read.verified.confirmation));
    }
    if (opened) json.Add("body", desk::Json::Raw(body));
    if (!basis.lines.empty()) {
      desk::Json lines = desk::Json::List();
      for (const std::string& line : basis.lines) lines.Push(line);
      json.Add("basis", std::move(lines)).Add("basis_differs", basis.differs);
    }
    json.Add("findings", desk::Json::Raw(casework::FindingsJson(findings)));
    if (!opened) json.Add("code", CodeOf(read.opened.why)).Add("why", TextOf(read.opened.why));
    context.out += json.Pretty();
    return;
  }
  const Speaker speaker(context.language);
  context.out += Cat({"message ", IdText(id), "\n", HeaderText(read.verified.envelope.header), "\n",
                      speaker.T("Verified back to the roster:"), "\n",
                      desk::ReportText(read.verified.checks)});
  if (!purpose.empty()) context.out += Cat({"\nOpened for ", purpose, ".\n"});
  std::string confirmation = ConfirmationText(read.verified.confirmation);
  if (!confirmation.empty()) context.out += Cat({"\n", confirmation, "\n"});
  context.out +=
      opened
          ? Cat({"\n", body})
          : Cat({"\n", result, ": ", CodeOf(read.opened.why), ": ", TextOf(read.opened.why), "\n"});
  if (!findings.empty()) {
    context.out += Cat({"\n", speaker.T("What the rules of the receiver say:"), "\n",
                        FindingsWords(FindingsIn(findings, context.language), context.language)});
  }
  if (basis.lines.empty()) return;
  context.out += Cat({"\n", speaker.T("Treaty basis, computed again here:"), "\n"});
  for (const std::string& line : basis.lines) context.out += Cat({"  ", line, "\n"});
}

// Of a request that could be opened; empty for everything else.
desk::BasisReport BasisOf(Session& session, const Read& read, const Context& context) {
  if (read.opened.result != v1::RetrievalResult::OPENED || !read.opened.body.has_request()) {
    return {};
  }
  // JSON is for programs: it stays in English.
  const casework::Translated translated =
      context.json ? casework::Translated() : Speaker(context.language);
  return desk::CheckBasis(*session.view(), session.config.state, read.opened.body.request(),
                          translated);
}

// Why nothing may open a message of one's own authority.
std::string DestroyedKeys(Session& session) {
  v1::GetKeyStatusRequest request;
  request.set_authority(session.authority());
  auto response = session.node.GetKeyStatus(request);
  std::string text;
  if (!response.ok()) return text;
  for (const auto& key : response->keys()) {
    if (!key.destroyed()) continue;
    text += absl::StrFormat("Version %d of the key of %s was destroyed (entry %d).\n",
                            key.version(), session.authority(), key.destroyed_index());
  }
  return text;
}

absl::StatusOr<int> OpenMessage(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session, id, keys));
  auto findings = FindingsOfRead(session, id, read, keys, context);
  PALERMO_ASSIGN_OR_RETURN(const Opening opening, AskToOpen(args, session, id, read, context));
  if (opening.taken_back) findings.clear();  // they speak of what it said
  PrintRead(id, read, session.keys.officer, BasisOf(session, read, context), findings,
            opening.purpose, context);
  if (read.opened.result == v1::RetrievalResult::UNOPENABLE && !context.json) {
    context.out += DestroyedKeys(session);
  }
  const v1::Header& header = read.verified.envelope.header;
  bool own = header.sender() == session.authority();
  if (!own) PALERMO_RETURN_IF_ERROR(ReportRetrieval(session, id, read.opened.result, context));
  return read.opened.result == v1::RetrievalResult::OPENED ? kExitOk : kExitFindings;
}

absl::Status TakeOptions(const Args& args, desk::DraftFile* draft) {
  if (args.Has("--urgency")) {
    PALERMO_ASSIGN_OR_RETURN(
        draft->urgency, OptionWord("--urgency", casework::ParseUrgency(args.Get("--urgency"))));
  }
  if (args.Has("--reply-by")) {
    PALERMO_ASSIGN_OR_RETURN(draft->reply_by,
                             OptionWord("--reply-by", ParseEnd(args.Get("--reply-by"))));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Act(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("case"), context));
  PALERMO_ASSIGN_OR_RETURN(const v1::Act::Code act,
                           OptionWord("--act", casework::ParseAct(args.Get("--act"))));
  desk::DraftFile draft = DraftOfAct(act, view, session.authority());
  PALERMO_RETURN_IF_ERROR(TakeOptions(args, &draft));
  casework::ActFact fact{Hash{}, view.own_side, draft.act, view.history.heads};
  PALERMO_RETURN_IF_ERROR(casework::CheckLegal(desk::FactsOf(view), fact, view.family));
  absl::Time unheard_until = absl::InfinitePast();
  PALERMO_RETURN_IF_ERROR(
      TakeActBody(args.Get("--body"), session, view, &draft, &unheard_until, context));
  PALERMO_RETURN_IF_ERROR(TakeOptions(args, &draft));  // they win over the file
  return SendAct(session, view, draft, unheard_until, context);
}

}  // namespace

void AddCaseCommands(std::vector<Command>& commands) {
  AddMorningCommands(commands);
  AddAssetCommands(commands);
  AddCaseStatisticsCommands(commands);
  commands.push_back({"case", "show", "Show a case: its acts in order, what may come next",
                      WithPassphrase({{"case", "CASE", "the case id", true},
                                      {"--history", "",
                                       "only what the other state's desk shows alike, byte for "
                                       "byte, when it has seen the same acts"}}),
                      "palermo case show 9b1e...", ShowCase});
  commands.push_back({"case", "inbox", "List incoming messages that nobody opened yet",
                      WithPassphrase({{"--all", "", "opened ones too"}}), "palermo case inbox",
                      ListInbox});
  commands.push_back(
      {"case", "open", "Fetch, verify and open a message; reports the retrieval",
       WithPassphrase(
           {{"message", "MESSAGE", "the message id", true},
            {"--purpose", "WORD", Cat({"of a record with a label: what for; ", kPurposes})},
            {"--reason", "TEXT", "of a record with a label: why you need to know it"}}),
       "palermo case open 0f3c...", OpenMessage});
  commands.push_back(
      {"case", "act", "Answer in a case: check, seal, sign and submit a further act",
       WithPassphrase({{"case", "CASE", "the case id", true},
                       {"--act", "ACT", "ACKNOWLEDGEMENT, INFO_REQUEST, FINAL_RESULT ...", true},
                       {"--body", "FILE",
                        "its body; palermo case new --act prints one. Without it: the one that a "
                        "clock calls for"},
                       {"--urgency", "WORD", "default: of the newest act"},
                       {"--reply-by", "TIME", "when you need an answer"}}),
       "palermo case act 9b1e... --act ACKNOWLEDGEMENT --body ack.json", Act});
}

}  // namespace palermo::cli
