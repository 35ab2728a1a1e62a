#include "node/cli/session.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/desk/endpoint.h"
#include "node/desk/files.h"
#include "node/desk/grants.h"
#include "node/desk/json_reader.h"
#include "node/desk/json_value.h"

namespace palermo::cli {
namespace {

// What was verified so far is kept; a node that always has one more is stopped.
absl::Status NeverEnds(const std::string& endpoint, const char* what) {
  return OverLimit("TOO_MANY", Cat({"the node at ", endpoint, " still has more ", what,
                                    " after as many answers as a desk takes; run the command again "
                                    "to go on, and tell your administrator if it does not end"}));
}

bool HasMore(const v1::GetTrustResponse& answer) {
  return answer.more_rosters() ||
         std::any_of(answer.states().begin(), answer.states().end(),
                     [](const v1::StateTrust& state) { return state.more(); });
}

// The rest of an answer that was too long for one.
absl::Status TakeAll(desk::NodeClient& node, const std::string& endpoint,
                     v1::GetTrustResponse answer, desk::TrustMemory* trust, Context& context) {
  for (int i = 0; i < limits::kMaxAnswersPerFetch; ++i) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> news, trust->Update(answer));
    for (const std::string& text : news) context.progress(Cat({"new: ", text}));
    if (!HasMore(answer) || news.empty()) return absl::OkStatus();
    PALERMO_ASSIGN_OR_RETURN(answer, node.GetTrust(trust->Request()));
  }
  return NeverEnds(endpoint, "documents");
}

std::vector<std::string> PinsOf(const desk::TrustMemory& trust) {
  auto directory = trust.View()->DirectoryOf(trust.own_state());
  if (!directory.ok()) return {};
  const auto& pins = (*directory)->body().node().tls_pins();
  return {pins.begin(), pins.end()};
}

}  // namespace

absl::Status FetchFromAnybody(const DeskConfig& config, desk::TrustMemory* trust) {
  desk::NodeClient anybody(desk::ClientOptions{config.endpoint});
  for (int i = 0; i < limits::kMaxAnswersPerFetch; ++i) {
    PALERMO_ASSIGN_OR_RETURN(v1::GetDocumentsResponse documents,
                             anybody.GetDocuments(trust->StateRequest(config.state)));
    PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> news,
                             trust->UpdateState(config.state, documents));
    if (news.empty()) return absl::OkStatus();
  }
  return NeverEnds(config.endpoint, "documents");
}

absl::StatusOr<DeskConfig> LoadConfig(const std::string& home) {
  std::string path = Cat({home, "/desk.json"});
  if (!desk::FileExists(path)) {
    return Missing("NO_HOME", Cat({"there is no desk in ", home,
                                   "; set one up with: palermo desk setup, or give --home"}));
  }
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(path, limits::kMaxDeskConfigBytes));
  PALERMO_ASSIGN_OR_RETURN(desk::JsonReader reader, desk::JsonReader::Parse(json, path));
  DeskConfig config{desk::PathIn(home, reader.Text("key_file")), reader.Text("endpoint"),
                    reader.Text("state"), reader.TextOr("language", "")};
  PALERMO_RETURN_IF_ERROR(reader.Finish());
  return config;
}

absl::Status SaveConfig(const std::string& home, const DeskConfig& config) {
  desk::Json json = desk::Json::Object();
  json.Add("key_file", config.key_file).Add("endpoint", config.endpoint);
  json.Add("state", config.state);
  if (!config.language.empty()) json.Add("language", config.language);
  return desk::WriteFileAtomic(Cat({home, "/desk.json"}), json.Pretty(), 0600);
}

std::string TrustPath(const std::string& home) { return Cat({home, "/trust-memory"}); }

absl::Status EndpointOption(const std::string& endpoint) {
  const absl::Status status = desk::CheckEndpoint(endpoint);
  return status.ok() ? status : UsageError(Cat({"--endpoint: ", TextOf(status)}));
}

absl::StatusOr<uint64_t> NumberOption(const Args& args, const std::string& name, uint64_t least,
                                      uint64_t most, uint64_t otherwise) {
  if (!args.Has(name)) return otherwise;
  const std::string text = args.Get(name);
  uint64_t number = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && absl::SimpleAtoi(text, &number) && number >= least && number <= most) return number;
  return UsageError(
      most == UINT64_MAX
          ? Cat({name, ": '", text, "' is no whole number"})
          : absl::StrFormat("%s: '%s' is no whole number from %d to %d", name, text, least, most));
}

std::vector<Option> PassphraseOptions() {
  return {{"--passphrase-file", "FILE", "passphrase: the first line of this file"},
          {"--passphrase-fd", "N", "passphrase: the first line from this file descriptor"},
          {"--pin-file", "FILE", "PIN of the token with the signing key: first line of this file"},
          {"--pin-fd", "N", "that PIN: the first line from this file descriptor"}};
}

std::vector<Option> WithPassphrase(std::vector<Option> options) {
  for (Option& option : PassphraseOptions()) options.push_back(std::move(option));
  return options;
}

token::PinSource PinFor(const Args& args) {
  return [args](const std::string& label) -> absl::StatusOr<crypto::SecretBytes> {
    if (args.Has("--pin-file")) return desk::PassphraseFromFile(args.Get("--pin-file"));
    if (args.Has("--pin-fd")) {
      PALERMO_ASSIGN_OR_RETURN(uint64_t fd, NumberOption(args, "--pin-fd", 0, INT_MAX, 0));
      return desk::PassphraseFromDescriptor(static_cast<int>(fd));
    }
    return desk::AskPassphrase(Cat({"PIN of token ", label, ": "}));
  };
}

absl::StatusOr<crypto::SecretBytes> GetPassphrase(const Args& args, const std::string& whose,
                                                  bool fresh) {
  absl::StatusOr<crypto::SecretBytes> given = WrongState("NO_TERMINAL", "");
  bool asked = false;
  if (args.Has("--passphrase-file")) {
    given = desk::PassphraseFromFile(args.Get("--passphrase-file"));
  } else if (args.Has("--passphrase-fd")) {
    PALERMO_ASSIGN_OR_RETURN(uint64_t fd, NumberOption(args, "--passphrase-fd", 0, INT_MAX, 0));
    given = desk::PassphraseFromDescriptor(static_cast<int>(fd));
  } else {
    asked = true;
    given = desk::AskPassphrase(Cat({"Passphrase for ", whose, ": "}));
  }
  if (!given.ok() || !fresh) return given;
  PALERMO_RETURN_IF_ERROR(desk::CheckNewPassphrase(*given));
  if (!asked) return given;
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes second, desk::AskPassphrase("The same again: "));
  auto access = crypto::SecretAccess::Grant();
  if (!crypto::ConstantTimeEqual(given->Expose(access), second.Expose(access))) {
    return InputError("PASSPHRASES_DIFFER", "the two passphrases are not the same; try again");
  }
  return given;
}

absl::StatusOr<crypto::KeyBundle> OpenKeyFile(const std::string& path, const Args& args) {
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file,
                           desk::ReadPrivateFile(path, crypto::kMaxKeyFileBytes));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  auto shown = crypto::ReadKeyFilePublic(text);
  if (!shown.ok()) return Annotate(shown.status(), path);
  if (!shown->passphrase_needed) return crypto::DecodeKeyFile(text, nullptr);
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase,
                           GetPassphrase(args, Cat({shown->subject, " (", path, ")"}), false));
  auto bundle = crypto::DecodeKeyFile(text, &passphrase);
  if (!bundle.ok()) return Annotate(bundle.status(), path);
  return bundle;
}

std::string Session::authority() const { return AuthorityOf(keys.officer); }

absl::StatusOr<trust::DirectoryPtr> Session::OwnDirectory() const {
  return trust.View()->DirectoryOf(config.state);
}

absl::StatusOr<std::vector<desk::AuthorityKey>> Session::GrantedKeys() {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(v1::GetGrantsResponse grants, node.GetGrants(authority()));
  return desk::OpenGrants(grants.grants(), keys, *directory);
}

absl::StatusOr<std::vector<v1::MessageSummary>> Session::ListAll(const std::string& case_id,
                                                                 bool incoming_only,
                                                                 bool unopened_only) {
  std::vector<v1::MessageSummary> messages;
  v1::ListMessagesRequest request;
  request.set_case_id(case_id);
  request.set_incoming_only(incoming_only);
  request.set_unopened_only(unopened_only);
  request.set_with_void(true);
  request.set_limit(static_cast<uint32_t>(limits::kMaxInboxPage));
  for (int page = 0; page < limits::kMaxInboxPages; ++page) {
    PALERMO_ASSIGN_OR_RETURN(v1::ListMessagesResponse response, node.ListMessages(request));
    for (auto& message : *response.mutable_messages()) messages.push_back(std::move(message));
    if (response.next().empty() || response.next() == request.after()) return messages;
    request.set_after(response.next());
  }
  return NeverEnds(config.endpoint, "messages");
}

absl::StatusOr<v1::ListPendingResponse> Session::ListDrafts() {
  v1::ListPendingResponse all;
  v1::ListPendingRequest request;
  for (int page = 0; page < limits::kMaxInboxPages; ++page) {
    PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse response, node.ListPending(request));
    request.set_after(response.next());
    response.clear_next();
    all.MergeFrom(response);
    if (request.after().empty()) return all;
  }
  return NeverEnds(config.endpoint, "drafts");
}

absl::StatusOr<desk::NodeClient> Connect(const DeskConfig& config, const desk::OfficerKeys& keys,
                                         desk::TrustMemory* trust, Context& context) {
  desk::ClientOptions options{config.endpoint};
  if (::isatty(STDERR_FILENO) != 0) {
    options.slow = [say = context.progress, where = config.endpoint] {
      say(Cat({"waiting for the node at ", where, " ..."}));
    };
  }
  if (PinsOf(*trust).empty()) PALERMO_RETURN_IF_ERROR(FetchFromAnybody(config, trust));
  desk::NodeClient node(options, keys.tls, PinsOf(*trust));
  auto newest = node.GetTrust(trust->Request());
  if (!newest.ok() && CodeOf(newest.status()) == "WRONG_NODE_KEY" &&
      FetchFromAnybody(config, trust).ok()) {
    // The node may have a new TLS key: its signed directory says so to anybody.
    node = desk::NodeClient(options, keys.tls, PinsOf(*trust));
    newest = node.GetTrust(trust->Request());
  }
  if (!newest.ok()) return newest.status();
  PALERMO_RETURN_IF_ERROR(TakeAll(node, config.endpoint, *std::move(newest), trust, context));
  return node;
}

absl::StatusOr<Session> OpenSession(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory trust,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  std::shared_ptr<const crypto::KeyBundle> bundle = context.keys;
  if (bundle == nullptr) {
    PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle opened, OpenKeyFile(config.key_file, args));
    bundle = std::make_shared<const crypto::KeyBundle>(std::move(opened));
  }
  PALERMO_ASSIGN_OR_RETURN(desk::OfficerKeys keys,
                           desk::UseOfficerKeys(*bundle, context.clock->Now(), PinFor(args)));
  PALERMO_ASSIGN_OR_RETURN(desk::NodeClient node, Connect(config, keys, &trust, context));
  PALERMO_RETURN_IF_ERROR(trust.Save(TrustPath(context.home)));
  return Session{std::move(config), std::move(keys), std::move(trust), std::move(node),
                 context.home};
}

}  // namespace palermo::cli
