// compartment new, list, request, approve, open.
#include <google/protobuf/util/json_util.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/text.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/cli/statement_files.h"
#include "node/desk/compartments.h"
#include "node/trust/compartment.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

constexpr crypto::Purpose kPurpose = crypto::Purpose::kCompartmentOpening;
constexpr char kReasons[] =
    "VICTIM_PROTECTION, INVESTIGATION, COURT_ORDER, HEARING, DANGER_TO_LIFE";

std::string Describe(const v1::CompartmentOpening& body) {
  return Cat({"  ", body.officer(), " opens compartment ", std::to_string(body.compartment()),
              " of message ", IdText(body.message_id()), "\n  for ", body.authority(), ", until ",
              TimeText(body.to_ms()), "; reason ", v1::OpeningReason::Code_Name(body.reason()),
              "\n"});
}

absl::StatusOr<uint32_t> NumberOf(const Args& args) {
  uint32_t number = 0;
  const std::string text = args.Has("--compartment") ? args.Get("--compartment") : "1";
  if (!absl::SimpleAtoi(text, &number) || number == 0 ||
      number > static_cast<uint32_t>(limits::kMaxCompartments)) {
    return UsageError(absl::StrFormat("--compartment is from 1 to %d", limits::kMaxCompartments));
  }
  return number;
}

// Verified and opened, or why not.
absl::StatusOr<Read> OpenedMessage(Session& session, const std::string& id,
                                   const std::vector<desk::AuthorityKey>& keys) {
  PALERMO_ASSIGN_OR_RETURN(Read read, FetchAndOpen(session, id, keys));
  if (read.opened.result != v1::RetrievalResult::OPENED) return read.opened.why;
  return read;
}

absl::StatusOr<int> New(const Args& args, Context& context) {
  context.out += desk::CompartmentTemplate(args.Has("--to") ? args.Get("--to") : "QT/victims");
  return kExitOk;
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(Read read, OpenedMessage(session, id, keys));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const auto& one : read.opened.body.compartments()) {
    desk::Json readers = desk::Json::List();
    std::string names;
    bool ours = false;
    for (const auto& stanza : one.stanzas()) {
      names += Cat({names.empty() ? "" : " ", stanza.authority()});
      readers.Push(stanza.authority());
      ours = ours || stanza.authority() == session.authority();
    }
    rows.push_back({std::to_string(one.id()), v1::CompartmentPurpose::Code_Name(one.purpose()),
                    names, ours ? "yes" : "no"});
    desk::Json json = desk::Json::Object();
    json.AddNumber("compartment", one.id());
    json.Add("purpose", v1::CompartmentPurpose::Code_Name(one.purpose()));
    list.Push(std::move(json.Add("for", std::move(readers)).Add("ours", ours)));
  }
  context.out += context.json   ? list.Pretty()
                 : rows.empty() ? "The message has no sealed compartment.\n"
                                : Table({"COMPARTMENT", "PURPOSE", "FOR", "OURS"}, rows);
  return kExitOk;
}

absl::StatusOr<int> Request(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(args.Get("message"), 32, "message id"));
  PALERMO_ASSIGN_OR_RETURN(uint32_t number, NumberOf(args));
  v1::OpeningReason::Code reason{};
  if (!v1::OpeningReason::Code_Parse(args.Get("--reason"), &reason) ||
      reason == v1::OpeningReason::UNSPECIFIED) {
    return UsageError(Cat({"--reason is one of ", kReasons}));
  }
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(const Read read, OpenedMessage(session, id, keys));
  PALERMO_RETURN_IF_ERROR(desk::CheckCompartment(read.opened.body, number, session.authority()));
  const int64_t now_ms = ToMillis(context.clock->Now());
  v1::CompartmentOpening body;
  body.set_format(1);
  body.set_message_id(id);
  body.set_compartment(number);
  body.set_authority(session.authority());
  body.set_officer(session.keys.officer);
  body.set_reason(reason);
  body.set_from_ms(now_ms);
  body.set_to_ms(now_ms + limits::kMaxOpeningMillis);
  body.set_nonce(context.random->Bytes(16));
  v1::SignedStatement statement;
  statement.set_statement(trust::StrictSerialize(body));
  PALERMO_RETURN_IF_ERROR(
      trust::SignStatement(kPurpose, session.keys.officer, *session.keys.sign, &statement));
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("--out"), statement));
  const std::string next =
      reason == v1::OpeningReason::DANGER_TO_LIFE
          ? Cat({"Life is in danger, so you may open it alone; the auditors are told:\n"
                 "  palermo compartment open ",
                 args.Get("--out"), "\n"})
          : Cat({"A second officer of your authority, another person, who is approver or "
                 "custodian, signs it:\n  palermo compartment approve ",
                 args.Get("--out"), "\n"});
  context.out += context.json ? desk::Json::Object().Add("file", args.Get("--out")).Pretty()
                              : Cat({"You signed:\n", Describe(body), next});
  return kExitOk;
}

absl::StatusOr<int> Approve(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(v1::CompartmentOpening body, trust::ParseOpening(statement));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_RETURN_IF_ERROR(
      trust::SignStatement(kPurpose, session.keys.officer, *session.keys.sign, &statement));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_RETURN_IF_ERROR(
      trust::VerifyOpening(statement, *directory, context.clock->Now()).status());
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("file"), statement));
  context.out += context.json
                     ? "{\"approved\": true}\n"
                     : Cat({"You signed:\n", Describe(body), body.officer(),
                            " opens it:\n  palermo compartment open ", args.Get("file"), "\n"});
  return kExitOk;
}

std::string PersonsText(const v1::SealedIdentities& identities) {
  std::string text;
  for (const auto& person : identities.persons()) {
    const auto line = [&](const char* name, const std::string& value) {
      if (!value.empty()) text += absl::StrFormat("  %-16s %s\n", name, casework::JsonQuote(value));
    };
    const auto lines = [&](const char* name, const auto& values) {
      for (const auto& value : values) line(name, value);
    };
    text += Cat({"\n", casework::JsonQuote(person.ref()), "\n"});
    line("name", person.name());
    lines("other name", person.other_names());
    line("born", person.date_of_birth());
    line("born in", person.place_of_birth());
    line("nationality", person.nationality());
    lines("document", person.document_numbers());
    lines("phone", person.phones());
    lines("address", person.addresses());
    lines("account", person.accounts());
    line("contact", person.contact());
    line("image SHA-256", person.image_sha256());
    line("note", person.note());
  }
  return text;
}

std::string PersonsJson(const v1::SealedIdentities& identities) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  return google::protobuf::util::MessageToJsonString(identities, &json, options).ok() ? json : "{}";
}

// First the entry, then the content: an opening that the node did not enter shows nothing.
absl::StatusOr<int> Open(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(v1::CompartmentOpening body, trust::ParseOpening(statement));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_RETURN_IF_ERROR(
      trust::VerifyOpening(statement, *directory, context.clock->Now()).status());
  if (body.officer() != session.keys.officer) {
    return Refused("WRONG_SENDER", Cat({"the statement is for ", body.officer(),
                                        "; make your own: palermo compartment request"}));
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(Read read, OpenedMessage(session, body.message_id(), keys));
  PALERMO_RETURN_IF_ERROR(
      desk::CheckCompartment(read.opened.body, body.compartment(), body.authority()));
  v1::EnterOpeningRequest request;
  *request.mutable_statement() = statement;
  PALERMO_ASSIGN_OR_RETURN(v1::EnterOpeningResponse response, session.node.EnterOpening(request));
  PALERMO_ASSIGN_OR_RETURN(v1::Record record,
                           desk::VerifyReceiptUnderAny(response.receipt(), {directory}));
  if (record.kind() != v1::RecordKind::COMPARTMENT_OPENED ||
      record.message_id() != body.message_id() || record.actor() != body.officer()) {
    return Refused("BAD_RECEIPT", "the node's receipt is not of this opening; nothing was opened");
  }
  const trust::ParsedEnvelope& envelope = read.verified.envelope;
  PALERMO_ASSIGN_OR_RETURN(v1::SealedIdentities identities,
                           desk::OpenCompartment(body.compartment(), body.authority(), read.opened,
                                                 envelope.header, envelope.header_sha256, keys));
  const auto entry = static_cast<int64_t>(response.receipt().index());
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.AddNumber("entry", entry);
    context.out += json.Add("identities", desk::Json::Raw(PersonsJson(identities))).Pretty();
    return kExitOk;
  }
  context.out += Cat({"Entered as entry ", std::to_string(entry), " of your node's ledger:\n",
                      Describe(body), PersonsText(identities),
                      "\nDo not copy this anywhere else. In the case, use the pseudonym.\n"});
  return kExitOk;
}

}  // namespace

void AddCompartmentCommands(std::vector<Command>& commands) {
  Option message = {"message", "MESSAGE", "the message id", true};
  Option file = {"file", "FILE", "the statement", true};
  commands.push_back({"compartment",
                      "new",
                      "Print the member \"compartments\" of a draft, to be filled in",
                      {{"--to", "AUTHORITY", "who may open it; default QT/victims"}},
                      "palermo compartment new --to QT/victims",
                      New});
  commands.push_back({"compartment", "list", "List the sealed compartments of a message",
                      WithPassphrase({message}), "palermo compartment list 0f3c...", List});
  commands.push_back(
      {"compartment", "request", "Sign that you need the identities in a compartment",
       WithPassphrase({message,
                       {"--compartment", "N", "its number; default 1"},
                       {"--reason", "CODE", kReasons, true},
                       {"--out", "FILE", "the statement, for the second officer", true}}),
       "palermo compartment request 0f3c... --compartment 1 --reason HEARING --out open.statement",
       Request});
  commands.push_back({"compartment", "approve", "Sign as the second officer, another person",
                      WithPassphrase({file}), "palermo compartment approve open.statement",
                      Approve});
  commands.push_back({"compartment", "open",
                      "Enter the opening in the ledger, then show who is inside",
                      WithPassphrase({file}), "palermo compartment open open.statement", Open});
}

}  // namespace palermo::cli
