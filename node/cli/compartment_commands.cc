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
#include "node/cli/opening_support.h"
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

std::string OpenCommand(const v1::CompartmentOpening& body, const std::string& file) {
  if (body.operation_record().empty()) return Cat({"palermo compartment open ", file});
  return Cat({"palermo operation show OPERATION --record ", body.operation_record().substr(0, 12),
              " --opening ", file});
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

absl::StatusOr<int> NewCompartment(const Args& args, Context& context) {
  context.out += desk::CompartmentTemplate(args.Has("--to") ? args.Get("--to") : "QT/victims");
  return kExitOk;
}

absl::StatusOr<int> ListCompartments(const Args& args, Context& context) {
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
  PALERMO_ASSIGN_OR_RETURN(const v1::OpeningReason::Code reason,
                           OpeningReasonFrom(args.Get("--reason")));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(const Read read, OpenedMessage(session, id, keys));
  PALERMO_RETURN_IF_ERROR(desk::CheckCompartment(read.opened.body, number, session.authority()));
  v1::CompartmentOpening body;
  body.set_message_id(id);
  body.set_compartment(number);
  body.set_reason(reason);
  const std::string file = args.Get("--out");
  PALERMO_ASSIGN_OR_RETURN(const std::string next,
                           AskForOpening(session, std::move(body), file,
                                         Cat({"palermo compartment open ", file}), context));
  context.out += context.json ? desk::Json::Object().Add("file", file).Pretty() : next;
  return kExitOk;
}

absl::StatusOr<int> ApproveOpening(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(v1::CompartmentOpening body, trust::ParseOpening(statement));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_RETURN_IF_ERROR(
      trust::SignStatement(kPurpose, session.keys.officer, *session.keys.sign, &statement));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_RETURN_IF_ERROR(
      WithOpeningRule(trust::VerifyOpening(statement, *directory, context.clock->Now()).status()));
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("file"), statement));
  context.out += context.json ? "{\"approved\": true}\n"
                              : Cat({"You signed:\n", DescribeOpening(body), body.officer(),
                                     " opens it:\n  ", OpenCommand(body, args.Get("file")), "\n"});
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
  // A wrong file is told before a passphrase is asked.
  PALERMO_ASSIGN_OR_RETURN(const v1::SignedStatement given, ReadStatement(args.Get("file")));
  PALERMO_RETURN_IF_ERROR(trust::ParseOpening(given).status());
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::CompartmentOpening body;
  PALERMO_ASSIGN_OR_RETURN(const v1::SignedStatement statement,
                           ReadOpening(session, args.Get("file"), &body, context));
  if (!body.operation_record().empty()) {
    return InputError("BAD_STATEMENT", Cat({"it opens a record of a joint operation: ",
                                            OpenCommand(body, args.Get("file"))}));
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  PALERMO_ASSIGN_OR_RETURN(Read read, OpenedMessage(session, body.message_id(), keys));
  PALERMO_RETURN_IF_ERROR(
      desk::CheckCompartment(read.opened.body, body.compartment(), body.authority()));
  PALERMO_ASSIGN_OR_RETURN(const int64_t entry, EnterOpening(session, statement, body));
  const trust::ParsedEnvelope& envelope = read.verified.envelope;
  PALERMO_ASSIGN_OR_RETURN(v1::SealedIdentities identities,
                           desk::OpenCompartment(body.compartment(), body.authority(), read.opened,
                                                 envelope.header, envelope.header_sha256, keys));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.AddNumber("entry", entry);
    context.out += json.Add("identities", desk::Json::Raw(PersonsJson(identities))).Pretty();
    return kExitOk;
  }
  context.out += Cat({"Entered as entry ", std::to_string(entry), " of your node's ledger:\n",
                      DescribeOpening(body), PersonsText(identities),
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
                      NewCompartment});
  commands.push_back({"compartment", "list", "List the sealed compartments of a message",
                      WithPassphrase({message}), "palermo compartment list 0f3c...",
                      ListCompartments});
  commands.push_back(
      {"compartment", "request", "Sign that you need the identities in a compartment",
       WithPassphrase({message,
                       {"--compartment", "N", "its number; default 1"},
                       {"--reason", "CODE", kOpeningReasons, true},
                       {"--out", "FILE", "the statement, for the second officer", true}}),
       "palermo compartment request 0f3c... --compartment 1 --reason HEARING --out open.statement",
       Request});
  commands.push_back({"compartment", "approve", "Sign as the second officer, another person",
                      WithPassphrase({file}), "palermo compartment approve open.statement",
                      ApproveOpening});
  commands.push_back({"compartment", "open",
                      "Enter the opening in the ledger, then show who is inside",
                      WithPassphrase({file}), "palermo compartment open open.statement", Open});
}

}  // namespace palermo::cli
