// case print, match.
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/text.h"
#include "node/cli/case_support.h"
#include "node/cli/casebook_support.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/printing.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/desk/casebook.h"
#include "node/desk/compartments.h"
#include "node/desk/files.h"
#include "node/letter/letter.h"
#include "node/letter/match_code.h"
#include "node/letter/render.h"

namespace palermo::cli {
namespace {

constexpr unsigned kLetterMode = 0600;  // plain text on the officer's disk

letter::LetterInput InputOf(const Read& read, const Session& session, const std::string& hold,
                            const Context& context) {
  letter::LetterInput input;
  input.hold = hold;
  input.header = read.verified.envelope.header;
  input.body = read.opened.body;
  input.message_id = read.verified.envelope.message_id;
  input.signatures = read.verified.signatures;
  input.sender = read.verified.sender_directory;
  input.language = context.language;
  trust::TrustPtr view = session.view();
  for (const auto& state : view->roster().body.states()) {
    input.state_names[state.state()] = state.name();
  }
  for (const std::string& recipient : input.header.recipients()) {
    auto directory = view->DirectoryOf(StateOf(recipient));
    if (directory.ok()) input.recipients[StateOf(recipient)] = *directory;
  }
  return input;
}

// An answer names the references of its case, so that both registries can file it.
void TakeReferences(Session& session, const std::vector<desk::AuthorityKey>& keys,
                    letter::LetterInput& input, Context& context) {
  if (input.header.parents().empty()) return;
  const auto view = LoadCase(session, IdText(input.header.case_id()), context);
  if (!view.ok()) return;
  const bool asks = StateOf(input.header.sender()) == StateOf(view->requesting);
  const casework::CaseLabel label = ReferencesOf(
      session, keys, *view, asks ? casework::Side::kRequesting : casework::Side::kRequested);
  input.our_reference = label.reference;
  input.your_reference = label.their_reference;
}

int ReportPrinted(const std::string& path, const letter::Letter& letter,
                  const letter::Rendered& rendered, const Args& args, Context& context) {
  const std::string hold = args.Get("--hold"), reader = args.Get("--for");
  if (context.json) {
    desk::Json warnings = desk::Json::List();
    for (const std::string& warning : rendered.warnings) warnings.Push(warning);
    desk::Json json = desk::Json::Object();
    json.Add("file", path).AddNumber("pages", rendered.pages).Add("code", letter.code);
    if (!hold.empty()) json.Add("hold", hold);
    if (!reader.empty()) json.Add("for", reader);
    context.out += json.Add("warnings", std::move(warnings)).Pretty();
  } else {
    context.out += absl::StrFormat(
        "%s: %d pages, matching code %s\nThe file is plain text to whoever can read it. Only you "
        "can now; delete it when it is printed.\n",
        path, rendered.pages, letter.code);
    if (!hold.empty()) context.out += Cat({"Kept and printed by: ", casework::OneLine(hold), "\n"});
    if (!reader.empty()) context.out += Cat({"For: ", casework::OneLine(reader), "\n"});
    for (const std::string& warning : rendered.warnings) {
      context.out += Cat({"WARNING: ", warning, ".\n"});
    }
  }
  return rendered.warnings.empty() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> PrintLetter(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session, id, keys));
  // Printing is reading: it is reported as case open does, and what may not be printed was not
  // read.
  const bool opened = read.opened.result == v1::RetrievalResult::OPENED;
  if (opened) PALERMO_RETURN_IF_ERROR(PrepareToPrint(args, session, id, read, context));
  if (read.verified.envelope.header.sender() != session.authority()) {
    PALERMO_RETURN_IF_ERROR(ReportRetrieval(session, id, read.opened.result, context));
  }
  if (!opened) return read.opened.why;
  read.opened.body = desk::ForOfficer(read.opened.body, session.keys.officer);
  letter::LetterInput input = InputOf(read, session, args.Get("--hold"), context);
  TakeReferences(session, keys, input, context);
  letter::Letter letter = letter::ComposeLetter(input);
  PALERMO_ASSIGN_OR_RETURN(letter::Rendered rendered, letter::RenderPdf(letter));
  std::string path = args.Get("--out");
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, rendered.pdf, kLetterMode));
  return ReportPrinted(path, letter, rendered, args, context);
}

absl::StatusOr<int> MatchLetter(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string code, letter::ParseMatchCode(args.Get("code")));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", false, false));
  desk::Json list = desk::Json::List();
  int found = 0;
  for (const auto& view : desk::BuildCases(messages, session.config.state, context.clock->Now())) {
    for (const desk::CaseAct& act : view.acts) {
      if (letter::MatchCode(act.id) != code) continue;
      ++found;
      desk::Json one = desk::Json::Object();
      one.Add("id", IdText(AsView(act.id))).Add("header", HeaderJson(act.header));
      list.Push(std::move(one));
      if (context.json) continue;
      context.out += Cat({"message ", letter::GroupedId(act.id), "\n", HeaderText(act.header)});
    }
  }
  if (context.json) {
    context.out += list.Pretty();
  } else {
    context.out += found == 0 ? Cat({"No message here has the code ", code, ".\n"})
                              : "Compare the whole message id with the one on the paper.\n";
  }
  return found == 0 ? kExitFindings : kExitOk;
}

}  // namespace

void AddLetterCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"case", "print", "Make a PDF of a message, as a formal letter; reports the retrieval",
       WithPassphrase({{"message", "MESSAGE", "the message id", true},
                       {"--out", "FILE", "the PDF; a file that is there is never replaced", true},
                       {"--purpose", "PURPOSE", Cat({"of a record with a label: ", kPurposes})},
                       {"--reason", "TEXT", "of a record with a label: why you need to know"},
                       {"--proceeding", "REF",
                        "of a result or information: the proceeding in which the paper is used"},
                       {"--for", "WHO",
                        "who is given the paper, where that is somebody else than your own file"},
                       {"--execution", "", "he needs it for the execution of the request"},
                       {"--consent", "MESSAGE",
                        "the message by which the requesting state consents that he is told"},
                       {"--hold", "TEXT", "the order that keeps what was to be deleted by now"}}),
       "palermo case print 0f3c... --out letter.pdf --language fr", PrintLetter});
  commands.push_back({"case", "match", "Find the message that a letter on paper belongs to",
                      WithPassphrase({{"code", "CODE", "the matching code in its footer", true}}),
                      "palermo case match 8TJQ-0V3M-ZK4A-7XN2-76", MatchLetter});
}

}  // namespace palermo::cli
