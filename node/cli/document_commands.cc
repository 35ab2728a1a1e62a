// roster, charter, directory: the same verbs for all three.
#include <algorithm>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/cli/command.h"
#include "node/cli/directory_support.h"
#include "node/cli/document_signing.h"
#include "node/cli/session.h"
#include "node/cli/tell.h"
#include "node/desk/client.h"
#include "node/desk/document_edit.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"
#include "node/trust/documents.h"
#include "node/trust/receipt.h"
#include "node/trust/rosters.h"

namespace palermo::cli {
namespace {

using desk::DocumentKind;

std::string FingerprintOf(const v1::SignedDocument& document) {
  return HexEncode(AsView(crypto::Sha256(document.document())));
}

absl::StatusOr<Hash> ParseFingerprint(const std::string& text) {
  auto bytes = HexDecode(text);
  if (!bytes.ok() || bytes->size() != 32) {
    return UsageError("a fingerprint is 64 hexadecimal digits; the depositary tells you it");
  }
  return HashFrom(*bytes, "fingerprint");
}

// From a whole JSON, or from the version before with single changes.
absl::StatusOr<v1::SignedDocument> MakeDocument(DocumentKind kind, const Args& args,
                                                const v1::SignedDocument* previous,
                                                Context& context) {
  if (args.Has("--from")) {
    std::string from = args.Get("--from");
    PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(from, limits::kMaxDirectoryBytes));
    return desk::ProposeDocument(kind, json, from, desk::FolderOf(from), previous,
                                 context.clock->Now());
  }
  if (previous == nullptr) return UsageError("give --from JSON, or --previous FILE, or both");
  desk::DocumentEdit edit{
      args.All("--add-state"),   args.All("--remove-state"), args.All("--rotate-key"),
      args.All("--rotate-root"), args.All("--endpoint"),     args.Get("--node-key"),
      args.All("--tls-key"),     args.All("--recovery-key"), 0};
  if (args.Has("--valid-days") &&
      (!absl::SimpleAtoi(args.Get("--valid-days"), &edit.valid_days) || edit.valid_days < 1)) {
    return UsageError("--valid-days is a number of days");
  }
  return desk::EditDocument(kind, *previous, edit, context.clock->Now());
}

absl::StatusOr<int> Propose(DocumentKind kind, const Args& args, Context& context) {
  v1::SignedDocument previous;
  bool next = args.Has("--previous");
  if (next) {
    PALERMO_ASSIGN_OR_RETURN(previous, desk::ReadDocument(kind, args.Get("--previous")));
  }
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document,
                           MakeDocument(kind, args, next ? &previous : nullptr, context));
  PALERMO_RETURN_IF_ERROR(
      desk::CheckUnsigned(kind, document, next ? &previous : nullptr, context.clock->Now()));
  PALERMO_RETURN_IF_ERROR(CheckOut(args, args.Get("--out")));
  PALERMO_RETURN_IF_ERROR(desk::WriteDocument(args.Get("--out"), document));
  std::string changes;
  if (next) {
    PALERMO_ASSIGN_OR_RETURN(changes, desk::DescribeChanges(kind, previous, document));
  }
  if (context.json) {
    context.out += desk::Json::Object()
                       .Add("sha256", FingerprintOf(document))
                       .Add("changes", changes)
                       .Pretty();
    return kExitOk;
  }
  PALERMO_ASSIGN_OR_RETURN(std::string shown, desk::ShowDocument(kind, document));
  context.out += Cat({shown, "\n", changes, "Written to ", args.Get("--out"),
                      ", not signed yet. Next: palermo ", desk::KindName(kind), " sign\n"});
  return kExitOk;
}

// The roster of --roster and --fingerprint, or of the desk's memory.
absl::StatusOr<trust::Roster> TrustedRoster(const Args& args, Context& context) {
  if (args.Has("--roster")) {
    PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document,
                             desk::ReadDocument(DocumentKind::kRoster, args.Get("--roster")));
    PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, ParseFingerprint(args.Get("--fingerprint")));
    return trust::VerifyFirstRoster(document, fingerprint);
  }
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  return memory.View()->roster();
}

absl::Status VerifyDocument(DocumentKind kind, const v1::SignedDocument& document, const Args& args,
                            Context& context) {
  if (kind == DocumentKind::kRoster) {
    if (args.Has("--previous")) {
      PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument before,
                               desk::ReadDocument(DocumentKind::kRoster, args.Get("--previous")));
      PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, ParseFingerprint(args.Get("--fingerprint")));
      PALERMO_ASSIGN_OR_RETURN(trust::Roster previous,
                               trust::VerifyFirstRoster(before, fingerprint));
      return trust::VerifyNextRoster(document, previous).status();
    }
    PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, ParseFingerprint(args.Get("--fingerprint")));
    return trust::VerifyFirstRoster(document, fingerprint).status();
  }
  PALERMO_ASSIGN_OR_RETURN(trust::Roster roster, TrustedRoster(args, context));
  if (kind == DocumentKind::kCharter) {
    return trust::VerifyCharter(document, roster, nullptr).status();
  }
  if (!args.Has("--charter")) return UsageError("give --charter FILE: it says who may sign");
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument file,
                           desk::ReadDocument(DocumentKind::kCharter, args.Get("--charter")));
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter, trust::VerifyCharter(file, roster, nullptr));
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(document, charter, nullptr));
  return trust::CheckInTime(directory.body.issued_at_ms(), directory.body.expires_at_ms(),
                            context.clock->Now(), "the directory");
}

// Who of whom it takes has signed, and how many are missing.
absl::StatusOr<std::string> Signers(DocumentKind kind, const v1::SignedDocument& document,
                                    const Args& args, Context& context) {
  if (kind == DocumentKind::kRoster) {
    v1::Roster body;
    body.ParseFromString(document.document());
    std::string text = desk::SignersText(kind, body.roster_keys(), "its roster keys", document);
    if (!args.Has("--previous")) return text;
    PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument file,
                             desk::ReadDocument(DocumentKind::kRoster, args.Get("--previous")));
    v1::Roster before;
    before.ParseFromString(file.document());
    text += desk::SignersText(kind, before.roster_keys(), "the roster keys before", document);
    for (const auto& state : before.states()) {
      const v1::RosterState* next = trust::FindState(body, state.state());
      if (next == nullptr || trust::SameRoots(state.roots(), next->roots())) continue;
      text += desk::SignersText(
          kind, state.roots(),
          Cat({"the old roots of ", state.state(), " (else each node waits for a confirmation)"}),
          document);
    }
    return text;
  }
  if (kind == DocumentKind::kCharter) {
    PALERMO_ASSIGN_OR_RETURN(trust::Roster roster, TrustedRoster(args, context));
    v1::Charter body;
    body.ParseFromString(document.document());
    const v1::RosterState* state = trust::FindState(roster.body, body.state());
    if (state == nullptr) return std::string();
    return desk::SignersText(kind, state->roots(), Cat({"roots of ", body.state()}), document);
  }
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument file,
                           desk::ReadDocument(DocumentKind::kCharter, args.Get("--charter")));
  v1::Charter charter;
  charter.ParseFromString(file.document());
  return desk::SignersText(kind, charter.directory_keys(), "administrators", document);
}

absl::StatusOr<int> Verify(DocumentKind kind, const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, desk::ReadDocument(kind, args.Get("file")));
  absl::Status status = VerifyDocument(kind, document, args, context);
  std::string code = CodeOf(status);
  if (!status.ok() && ExitCodeFor(status) != kExitTrust) return status;
  PALERMO_ASSIGN_OR_RETURN(std::string signers, Signers(kind, document, args, context));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("valid", status.ok()).Add("code", code).Add("text", TextOf(status));
    json.Add("signers", signers);
    context.out += json.Add("sha256", FingerprintOf(document)).Pretty();
  } else if (status.ok()) {
    context.out += Cat({"VALID: ", args.Get("file"), " is signed by whom it takes.\n", signers});
  } else {
    context.out += Cat({"NOT VALID: ", code, ": ", TextOf(status), "\n", signers});
  }
  // Another roster than the one that people compared is no answer about the document.
  if (code == "WRONG_FINGERPRINT") return kExitTrust;
  return status.ok() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> Show(DocumentKind kind, const Args& args, Context& context) {
  v1::SignedDocument document;
  if (args.Has("file")) {
    PALERMO_ASSIGN_OR_RETURN(document, desk::ReadDocument(kind, args.Get("file")));
  } else {
    PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                             desk::TrustMemory::Load(TrustPath(context.home)));
    std::string state = args.Has("--state") ? args.Get("--state") : memory.own_state();
    const trust::StateView* known = memory.View()->Find(state);
    if (kind == DocumentKind::kRoster) {
      document = memory.View()->roster().signed_document;
    } else if (known == nullptr) {
      return Missing("UNKNOWN_STATE", Cat({"nothing of ", state, " is known on this desk yet"}));
    } else {
      document = kind == DocumentKind::kCharter ? known->charter->signed_document
                                                : known->directory->verified().signed_document;
    }
  }
  PALERMO_ASSIGN_OR_RETURN(std::string text, context.json ? desk::DocumentJson(kind, document)
                                                          : desk::ShowDocument(kind, document));
  context.out += text;
  return kExitOk;
}

absl::StatusOr<int> Fingerprint(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document,
                           desk::ReadDocument(DocumentKind::kRoster, args.Get("file")));
  std::string text = FingerprintOf(document);
  context.out +=
      context.json ? desk::Json::Object().Add("fingerprint", text).Pretty() : text + "\n";
  return kExitOk;
}

// Before it is everywhere: every node and every desk would wait for a person's confirmation.
void WarnOfRoots(const v1::SignedDocument& document, Context& context) {
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  if (!memory.ok()) return;
  auto offer = trust::OfferRoster(memory->View(), document);
  if (!offer.ok() || offer->outcome != trust::RosterOffer::Outcome::kWaiting) return;
  for (const auto& difference : trust::WaitingDifferences(*offer->view)) {
    Tell(Cat({"WARNING  this roster changes the root keys of ", difference.state,
              " without the old keys' signatures: every node and desk waits until a "
              "person confirms them. If the old root can sign: palermo roster sign, and "
              "publish that"}));
  }
}

absl::StatusOr<int> Publish(DocumentKind kind, const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, desk::ReadDocument(kind, args.Get("file")));
  if (kind == DocumentKind::kRoster) WarnOfRoots(document, context);
  v1::PublishRequest request;
  if (kind == DocumentKind::kRoster) *request.mutable_roster() = document;
  if (kind == DocumentKind::kCharter) *request.mutable_charter() = document;
  if (kind == DocumentKind::kDirectory) *request.mutable_directory() = document;
  v1::PublishResponse response;
  if (args.Has("--endpoint")) {
    PALERMO_RETURN_IF_ERROR(EndpointOption(args.Get("--endpoint")));
    desk::NodeClient node(desk::ClientOptions{args.Get("--endpoint")});
    PALERMO_ASSIGN_OR_RETURN(response, node.Publish(request));
  } else {
    PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
    PALERMO_ASSIGN_OR_RETURN(response, session.node.Publish(request));
    // So that the next change on this desk begins with what it has just published.
    PALERMO_RETURN_IF_ERROR(
        Connect(session.config, session.keys, &session.trust, context).status());
    PALERMO_RETURN_IF_ERROR(session.trust.Save(TrustPath(context.home)));
  }
  auto entry = trust::ParseRecord(response.receipt().record());
  bool waits = entry.ok() && entry->kind() == v1::RecordKind::ROSTER_WAITING;
  if (waits && !context.json) {
    context.out += absl::StrFormat(
        "The node keeps the roster (entry %d), and it waits: it changes root keys without the old "
        "ones' signatures.\nSee: palermo roster pending\n",
        response.receipt().index());
    return kExitOk;
  }
  context.out += context.json
                     ? desk::Json::Object()
                           .Add("published", true)
                           .Add("waits", waits)
                           .AddNumber("entry", static_cast<int64_t>(response.receipt().index()))
                           .Pretty()
                     : absl::StrFormat("The node took the %s; entry %d of its ledger.\n",
                                       desk::KindName(kind), response.receipt().index());
  return kExitOk;
}

// "QM=HOST:PORT" of a roster, HOST:PORT of a directory, in place of the template's.
absl::Status PutEndpoint(DocumentKind kind, const std::string& text, std::string* json) {
  std::string state, endpoint = text;
  size_t from = 0;
  if (kind == DocumentKind::kRoster) {
    size_t at = text.find('=');
    if (at == std::string::npos) return UsageError("--endpoint of a roster is CODE=HOST:PORT");
    state = text.substr(0, at);
    endpoint = text.substr(at + 1);
    from = json->find(Cat({"\"state\": \"", state, "\""}));
    if (from == std::string::npos) {
      return UsageError(Cat({state, " is not in the template; give its states: --state ", state}));
    }
  }
  PALERMO_RETURN_IF_ERROR(EndpointOption(endpoint));
  constexpr std::string_view kField = "\"endpoint\": \"";
  size_t start = json->find(kField, from) + kField.size();
  json->replace(start, json->find('"', start) - start, endpoint);
  return absl::OkStatus();
}

// A state whose node is named is in the template, without a --state of its own.
absl::Status AddStatesOf(const std::vector<std::string>& endpoints,
                         std::vector<std::string>* states) {
  for (const std::string& text : endpoints) {
    const size_t at = text.find('=');
    if (at == std::string::npos) return UsageError("--endpoint of a roster is CODE=HOST:PORT");
    const std::string state = text.substr(0, at);
    if (std::find(states->begin(), states->end(), state) == states->end()) {
      states->push_back(state);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Template(DocumentKind kind, const Args& args, Context& context) {
  std::vector<std::string> states = args.All("--state");
  if (states.empty()) states = {"QM"};
  if (kind == DocumentKind::kRoster && !args.Has("--state")) {
    states.push_back("QT");
    PALERMO_RETURN_IF_ERROR(AddStatesOf(args.All("--endpoint"), &states));
  }
  for (const std::string& state : states) {
    if (!IsStateCode(state))
      return UsageError(Cat({"--state is two capital letters, not ", state}));
  }
  if (std::set<std::string>(states.begin(), states.end()).size() < states.size()) {
    return UsageError("--state names a state twice");
  }
  std::string json = desk::DocumentTemplate(kind, states);
  for (const std::string& endpoint : args.All("--endpoint")) {
    PALERMO_RETURN_IF_ERROR(PutEndpoint(kind, endpoint, &json));
  }
  context.out += json;
  return kExitOk;
}

Handler Bind(absl::StatusOr<int> (*function)(DocumentKind, const Args&, Context&),
             DocumentKind kind) {
  return [function, kind](const Args& args, Context& context) {
    return function(kind, args, context);
  };
}

std::vector<Option> VerifyOptions(DocumentKind kind) {
  std::vector<Option> options = {{"file", "FILE", "the signed document", true}};
  if (kind == DocumentKind::kRoster) {
    options.push_back({"--fingerprint", "HEX", "SHA-256 that the depositary told you", true});
    options.push_back({"--previous", "FILE", "the version before; then its fingerprint counts"});
    return options;
  }
  options.push_back({"--roster", "FILE", "the roster; default: the one this desk trusts"});
  options.push_back({"--fingerprint", "HEX", "of --roster"});
  if (kind == DocumentKind::kDirectory) {
    options.push_back({"--charter", "FILE", "the state's charter", true});
  }
  return options;
}

std::vector<Option> MakeOptions(DocumentKind kind) {
  std::vector<Option> options = {
      {"--out", "FILE", "the document", true},
      {"--from", "FILE", "the JSON; key files are named relative to it"},
      {"--previous", "FILE", "the version before; without --from it is renewed"},
      {"--valid-days", "N", "without --from: how long; default: as long as before"}};
  if (kind == DocumentKind::kDirectory) {
    options.push_back(
        {"--node-key", "FILE", "without --from: the node's new key file, or its JSON"});
    options.push_back({"--tls-key", "FILE",
                       "without --from: the node's TLS keys; the one in use, then the next", false,
                       true});
    options.push_back({"--recovery-key", "ID=FILE",
                       "without --from: another recovery key of an authority", false, true});
    return options;
  }
  options.push_back({"--rotate-key", "OLD=FILE",
                     "without --from: another key in place of OLD (its id or holder)", false,
                     true});
  if (kind == DocumentKind::kCharter) return options;
  options.push_back({"--add-state", "FILE",
                     "without --from: JSON of a state, or a template with it", false, true});
  options.push_back({"--remove-state", "CODE", "without --from: this state leaves", false, true});
  options.push_back({"--rotate-root", "CODE/OLD=FILE",
                     "without --from: another root key of a state", false, true});
  options.push_back(
      {"--endpoint", "CODE=HOST:PORT", "without --from: where a state's node is", false, true});
  return options;
}

std::vector<Option> TemplateOptions(DocumentKind kind) {
  if (kind == DocumentKind::kRoster) {
    return {{"--state", "CODE", "a state, once for each; default QM and QT", false, true},
            {"--endpoint", "CODE=HOST:PORT", "where a state's node is", false, true}};
  }
  std::vector<Option> options = {{"--state", "CODE", "the state; default QM"}};
  if (kind == DocumentKind::kDirectory) {
    options.push_back({"--endpoint", "HOST:PORT", "where the node is"});
  }
  return options;
}

void AddKind(DocumentKind kind, const char* make_verb, std::vector<Command>& commands) {
  std::string name = desk::KindName(kind);
  std::string signer = kind == DocumentKind::kRoster    ? "depositary-1.key"
                       : kind == DocumentKind::kCharter ? "QM-root.key"
                                                        : "QM-admin-1.key";
  std::string example = kind == DocumentKind::kRoster ? "exercise.roster" : Cat({"QM.", name});
  commands.push_back(
      {name, "template", Cat({"Print JSON to start a ", name, " from"}), TemplateOptions(kind),
       Cat({"palermo ", name, " template --state QM > ", name, ".json"}), Bind(Template, kind)});
  commands.push_back(
      {name, make_verb,
       Cat({"Make a ", name, " from JSON or from the version before; nobody has signed it"}),
       MakeOptions(kind),
       Cat({"palermo ", name, " ", make_verb, " --from ", name, ".json --out ", example}),
       Bind(Propose, kind)});
  commands.push_back({name, "sign", Cat({"Add a signature to a ", name}),
                      WithPassphrase({{"file", "FILE", "the document", true},
                                      {"--previous", "FILE",
                                       "the version before, to show what changes; default: as "
                                       "this desk trusts it"},
                                      {"--accept", "",
                                       "sign although the version before is not here, or is not "
                                       "the one that it follows"},
                                      {"--out", "FILE", "write here; default: into the same file"},
                                      {"--key", "FILE", "the signer's key file", true}}),
                      Cat({"palermo ", name, " sign ", example, " --key ", signer}),
                      Bind(Sign, kind)});
  std::string verify = Cat({"palermo ", name, " verify ", example, " "});
  if (kind != DocumentKind::kRoster) verify += "--roster exercise.roster ";
  verify += "--fingerprint 3f5a...";
  if (kind == DocumentKind::kDirectory) verify += " --charter QM.charter";
  commands.push_back({name, "verify", Cat({"Check the signatures of a ", name}),
                      VerifyOptions(kind), verify, Bind(Verify, kind)});
  commands.push_back({name,
                      "show",
                      Cat({"Show a ", name, ", of a file or as this desk knows it"}),
                      {{"file", "FILE", "the document; without: what this desk trusts"},
                       {"--state", "CODE", "without a file: of this state"}},
                      Cat({"palermo ", name, " show ", example}),
                      Bind(Show, kind)});
  commands.push_back(
      {name, "publish", Cat({"Give a ", name, " to the node"}),
       WithPassphrase({{"file", "FILE", "the signed document", true},
                       {"--endpoint", "HOST:PORT", "without a desk: the signatures count"}}),
       Cat({"palermo ", name, " publish ", example, " --endpoint localhost:7443"}),
       Bind(Publish, kind)});
}

}  // namespace

void AddDocumentCommands(std::vector<Command>& commands) {
  AddKind(DocumentKind::kRoster, "propose", commands);
  commands.push_back({"roster",
                      "fingerprint",
                      "Print the SHA-256 that people compare",
                      {{"file", "FILE", "the roster", true}},
                      "palermo roster fingerprint exercise.roster",
                      Fingerprint});
  AddRosterWaitingCommands(commands);
  AddKind(DocumentKind::kCharter, "new", commands);
  AddKind(DocumentKind::kDirectory, "new", commands);
}

}  // namespace palermo::cli
