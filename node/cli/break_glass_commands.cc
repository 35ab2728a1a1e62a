// break-glass propose, enter, list, end, messages, open.
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/casework/json.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/cli/statement_files.h"
#include "node/desk/compartments.h"
#include "node/desk/grants.h"
#include "node/desk/opening.h"
#include "node/desk/verification.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

std::string Describe(const v1::BreakGlassStatement& body) {
  return Cat({"  ", body.officer(), " may list and fetch the messages of ", body.authority(),
              "\n  from ", TimeText(body.from_ms()), " to ", TimeText(body.to_ms()), "; reason ",
              v1::BreakGlassReason::Code_Name(body.reason()),
              body.with_compartments() ? "\n  ALSO what is in compartments of joint operations, "
                                         "and reports under TLP:RED\n"
                                       : "\n"});
}

constexpr uint64_t kMaxHours = limits::kMaxBreakGlassMillis / 3600000;

std::string IdOf(const v1::SignedStatement& statement) {
  return HexEncode(AsView(crypto::Sha256(statement.statement())));
}

absl::StatusOr<int> ProposeAccess(const Args& args, Context& context) {
  v1::BreakGlassStatement body;
  v1::BreakGlassReason::Code reason{};
  if (!v1::BreakGlassReason::Code_Parse(args.Get("--reason"), &reason)) {
    return UsageError("--reason is NOBODY_REACHABLE, DANGER_TO_LIFE, KEYS_LOST or COURT_ORDER");
  }
  PALERMO_ASSIGN_OR_RETURN(const uint64_t hours, NumberOption(args, "--hours", 1, kMaxHours, 24));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  int64_t now_ms = ToMillis(context.clock->Now());
  body.set_format(1);
  body.set_authority(args.Get("--authority"));
  body.set_officer(args.Get("--officer"));
  body.set_reason(reason);
  body.set_from_ms(now_ms);
  body.set_to_ms(now_ms + static_cast<int64_t>(hours) * 3600000);
  body.set_nonce(context.random->Bytes(16));
  body.set_with_compartments(args.Has("--with-compartments"));
  v1::SignedStatement statement;
  statement.set_statement(trust::StrictSerialize(body));
  PALERMO_RETURN_IF_ERROR(trust::SignStatement(crypto::Purpose::kBreakGlass, session.keys.officer,
                                               *session.keys.sign, &statement));
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("--out"), statement));
  context.out += context.json ? desk::Json::Object().Add("id", IdOf(statement)).Pretty()
                              : Cat({"You signed:\n", Describe(body),
                                     "A second officer, another person, "
                                     "signs it and enters it:\n  palermo break-glass enter ",
                                     args.Get("--out"), "\n"});
  return kExitOk;
}

absl::StatusOr<int> Enter(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(v1::BreakGlassStatement body, trust::ParseBreakGlass(statement));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_RETURN_IF_ERROR(trust::SignStatement(crypto::Purpose::kBreakGlass, session.keys.officer,
                                               *session.keys.sign, &statement));
  v1::EnterBreakGlassRequest request;
  *request.mutable_statement() = statement;
  PALERMO_ASSIGN_OR_RETURN(v1::EnterBreakGlassResponse response,
                           session.node.EnterBreakGlass(request));
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("file"), statement));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("id", IdOf(statement));
    context.out +=
        json.AddNumber("entry", static_cast<int64_t>(response.receipt().index())).Pretty();
    return kExitOk;
  }
  context.out +=
      Cat({"You signed, and the node entered it:\n", Describe(body), "  id ", IdOf(statement),
           "\nThe auditors are told. To read what is sealed he needs "
           "the key too; a custodian gives it:\n  palermo sealing-key grant "
           "--break-glass ",
           IdOf(statement),
           "\nor, who has the recovery key and signed this:\n"
           "  palermo sealing-key recover --recovery-key FILE --break-glass ",
           IdOf(statement), "\nHe can keep that key: rotate it when this is over.\n"});
  return kExitOk;
}

absl::StatusOr<int> ListAccess(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListBreakGlassResponse response,
                           session.node.ListBreakGlass(v1::ListBreakGlassRequest()));
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  for (const auto& item : response.items()) {
    auto body = trust::ParseBreakGlass(item.statement());
    if (!body.ok()) continue;
    std::string signers;
    for (const auto& one : item.statement().signatures()) {
      signers += Cat({signers.empty() ? "" : " ", one.officer()});
    }
    std::string standing = item.in_force()           ? "in force"
                           : item.ended_at_ms() != 0 ? "ended"
                                                     : "over";
    std::string id = IdOf(item.statement());
    rows.push_back({id.substr(0, 16), body->authority(), body->officer(), TimeText(body->to_ms()),
                    v1::BreakGlassReason::Code_Name(body->reason()), standing, signers});
    desk::Json one = desk::Json::Object();
    one.Add("id", id).Add("authority", body->authority()).Add("officer", body->officer());
    one.Add("from", TimeJson(body->from_ms())).Add("to", TimeJson(body->to_ms()));
    one.Add("reason", v1::BreakGlassReason::Code_Name(body->reason()));
    one.Add("with_compartments", body->with_compartments());
    one.Add("standing", standing).Add("signers", signers);
    list.Push(std::move(one.AddNumber("entry", static_cast<int64_t>(item.index()))));
  }
  context.out +=
      context.json
          ? list.Pretty()
          : Table({"ID", "AUTHORITY", "OFFICER", "UNTIL", "REASON", "STANDING", "SIGNED BY"}, rows);
  return kExitOk;
}

absl::StatusOr<int> End(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("id"), 32, "break-glass id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::EndBreakGlassRequest request;
  request.set_sha256(id);
  PALERMO_RETURN_IF_ERROR(session.node.EndBreakGlass(request).status());
  context.out += context.json ? "{\"ended\": true}\n"
                              : "Ended. If a key was granted for it, rotate that key now.\n";
  return kExitOk;
}

absl::StatusOr<int> Messages(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::ListMessagesRequest request;
  request.set_authority(args.Get("--authority"));
  request.set_limit(static_cast<uint32_t>(limits::kMaxInboxPage));
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  while (true) {
    PALERMO_ASSIGN_OR_RETURN(v1::ListMessagesResponse page, session.node.ListMessages(request));
    for (const auto& message : page.messages()) {
      v1::Header header;
      if (!header.ParseFromString(message.header())) continue;
      rows.push_back({IdText(message.message_id()), TimeText(message.recorded_at_ms()),
                      v1::Act::Code_Name(header.act()), header.sender()});
      desk::Json one = desk::Json::Object();
      one.Add("id", IdText(message.message_id()));
      list.Push(std::move(one.Add("header", HeaderJson(header))));
    }
    if (page.next().empty() || page.next() == request.after()) break;
    request.set_after(page.next());
  }
  context.out += context.json ? list.Pretty() : Table({"MESSAGE", "AT", "ACT", "FROM"}, rows);
  return kExitOk;
}

absl::StatusOr<int> OpenOne(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(v1::GetGrantsResponse grants,
                           session.node.GetGrants(args.Get("--authority")));
  std::vector<desk::AuthorityKey> keys =
      desk::OpenGrants(grants.grants(), session.keys, *directory);
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session.node.FetchMessage(id));
  if (message.pending()) return WrongState("NOT_SUBMITTED", "this is a draft; it was not sent");
  desk::VerifiedMessage verified =
      desk::VerifyMessage(message, *session.view(), session.config.state);
  PALERMO_RETURN_IF_ERROR(desk::FirstFailure(verified.checks));
  if (AsView(verified.envelope.message_id) != id) {
    return Refused("BAD_RECEIPT", "the node gave another message than the one asked for");
  }
  desk::Opened opened = desk::Open(message.envelope(), keys, message.rewraps());
  PALERMO_RETURN_IF_ERROR(opened.why);
  PALERMO_ASSIGN_OR_RETURN(v1::ListBreakGlassResponse accesses,
                           session.node.ListBreakGlass(v1::ListBreakGlassRequest()));
  const bool all = desk::OpensCompartments(accesses, session.keys.officer, args.Get("--authority"),
                                           *directory, context.clock->Now());
  std::string body = casework::BodyToJson(
      all ? desk::ForPeople(opened.body) : desk::ForOfficer(opened.body, session.keys.officer),
      true);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("id", IdText(id)).Add("header", HeaderJson(verified.envelope.header));
    context.out += json.Add("body", desk::Json::Raw(body)).Pretty();
    return kExitOk;
  }
  context.out += Cat({"message ", IdText(id), "\n", HeaderText(verified.envelope.header),
                      "\nRead by break-glass: no retrieval is reported to the sender.\n\n", body});
  return kExitOk;
}

}  // namespace

void AddBreakGlassCommands(std::vector<Command>& commands) {
  Option file = {"file", "FILE", "the statement", true};
  Option authority = {"--authority", "ID", "whose messages: QM/central", true};
  commands.push_back(
      {"break-glass", "propose",
       "Sign that an officer shall see an authority's messages for a time",
       WithPassphrase(
           {authority,
            {"--officer", "ID", "who gets the access", true},
            {"--reason", "CODE", "NOBODY_REACHABLE, DANGER_TO_LIFE, KEYS_LOST, COURT_ORDER", true},
            {"--hours", "N", "for how long, at most 72; default 24"},
            {"--with-compartments", "", "also compartments of operations, and TLP:RED"},
            {"--out", "FILE", "the statement, for the second officer", true}}),
       "palermo break-glass propose --authority QM/central --officer QM/police/o-0003 --reason "
       "NOBODY_REACHABLE --hours 12 --out access.statement",
       ProposeAccess});
  commands.push_back({"break-glass", "enter", "Sign as the second officer, and enter it",
                      WithPassphrase({file}), "palermo break-glass enter access.statement", Enter});
  commands.push_back({"break-glass", "list", "List the statements, those in force and those before",
                      PassphraseOptions(), "palermo break-glass list", ListAccess});
  commands.push_back({"break-glass", "end", "End one before its time",
                      WithPassphrase({{"id", "ID", "its id, from list --json", true}}),
                      "palermo break-glass end 3f5a...", End});
  commands.push_back({"break-glass", "messages", "List the messages that you may see by it",
                      WithPassphrase({authority}),
                      "palermo break-glass messages --authority QM/central", Messages});
  commands.push_back({"break-glass", "open", "Fetch, verify and open a message by it",
                      WithPassphrase({{"message", "MESSAGE", "the message id", true}, authority}),
                      "palermo break-glass open 0f3c... --authority QM/central", OpenOne});
}

}  // namespace palermo::cli
