#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/trust/expiry.h"
#include "node/trust/rosters.h"

namespace palermo::cli {
namespace {

absl::StatusOr<desk::TrustMemory> AnchorFrom(const Args& args, const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument roster,
                           desk::ReadDocument(desk::DocumentKind::kRoster, args.Get("--roster")));
  auto bytes = HexDecode(args.Get("--fingerprint"));
  if (!bytes.ok() || bytes->size() != 32) {
    return UsageError("a fingerprint is 64 hexadecimal digits; the depositary tells you it");
  }
  PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, HashFrom(*bytes, "fingerprint"));
  return desk::TrustMemory::Create(roster, fingerprint, state);
}

// What runs out soon, and rosters that wait.
std::string Warnings(const desk::TrustMemory& trust, absl::Time now) {
  std::string text;
  for (const trust::Expiry& expiry : trust::DueWarnings(*trust.View(), now)) {
    text += Cat({"WARNING  ", trust::ExpiryText(expiry, now), "\n"});
  }
  for (const auto& difference : trust::WaitingDifferences(*trust.View())) {
    text += Cat({"WAITING  a roster changes the root keys of ", difference.state,
                 "; see: palermo roster pending\n"});
  }
  return text;
}

std::string Summary(const desk::TrustMemory& trust, const std::string& officer, absl::Time now) {
  std::string text = absl::StrFormat("Officer  %s\nRoster   version %d\n", officer,
                                     trust.View()->roster().body.version());
  std::vector<std::vector<std::string>> rows;
  for (const auto& state : trust.View()->roster().body.states()) {
    const trust::StateView* known = trust.View()->Find(state.state());
    if (known == nullptr || known->directory == nullptr) {
      rows.push_back({state.state(), state.name(), "not known yet", "-", "-"});
      continue;
    }
    const v1::Directory& body = known->directory->body();
    auto checkpoint = trust.NewestCheckpoint(state.state());
    bool expired = body.expires_at_ms() <= ToMillis(now);
    rows.push_back({state.state(), state.name(), absl::StrFormat("version %d", body.version()),
                    Cat({TimeText(body.expires_at_ms()), expired ? " EXPIRED" : ""}),
                    checkpoint.ok() ? std::to_string(checkpoint->size) : "-"});
  }
  return text + Table({"STATE", "NAME", "DIRECTORY", "EXPIRES", "LEDGER"}, rows) +
         Warnings(trust, now);
}

desk::Json SummaryJson(const desk::TrustMemory& trust, const std::string& officer, absl::Time now) {
  desk::Json json = desk::Json::Object();
  json.Add("officer", officer).Add("state", trust.own_state());
  json.Add("roster_fingerprint", HexEncode(AsView(trust.fingerprint())));
  json.AddNumber("roster_version", static_cast<int64_t>(trust.View()->roster().body.version()));
  desk::Json states = desk::Json::List();
  for (const auto& state : trust.View()->roster().body.states()) {
    const trust::StateView* known = trust.View()->Find(state.state());
    desk::Json one = desk::Json::Object();
    one.Add("state", state.state()).Add("name", state.name());
    if (known != nullptr && known->directory != nullptr) {
      const v1::Directory& body = known->directory->body();
      one.AddNumber("directory_version", static_cast<int64_t>(body.version()));
      one.Add("directory_expires", TimeJson(body.expires_at_ms()));
      auto checkpoint = trust.NewestCheckpoint(state.state());
      if (checkpoint.ok()) one.AddNumber("ledger_size", static_cast<int64_t>(checkpoint->size));
    }
    states.Push(std::move(one));
  }
  json.Add("states", std::move(states));
  desk::Json warnings = desk::Json::List();
  for (const trust::Expiry& expiry : trust::DueWarnings(*trust.View(), now)) {
    desk::Json one = desk::Json::Object();
    one.Add("kind", trust::ExpiryKindName(expiry.kind)).Add("state", expiry.state);
    one.Add("subject", expiry.subject).Add("expires", TimeJson(expiry.at_ms));
    one.Add("expired", expiry.at_ms <= ToMillis(now));
    warnings.Push(std::move(one));
  }
  json.Add("warnings", std::move(warnings));
  return json.AddNumber("waiting_rosters", static_cast<int64_t>(trust.View()->waiting().size()));
}

void PrintDesk(const desk::TrustMemory& trust, const std::string& officer, Context& context) {
  context.out += context.json ? SummaryJson(trust, officer, context.clock->Now()).Pretty()
                              : Summary(trust, officer, context.clock->Now());
}

// "QM=3f5a...": the roots of a state, as it told them.
absl::Status ConfirmTold(const std::string& told, desk::TrustMemory* trust) {
  const size_t at = told.find('=');
  if (at == std::string::npos) return UsageError("--confirm-roots is CODE=HEX");
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, ParseId(told.substr(at + 1), 32, "fingerprint"));
  PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, HashFrom(bytes, "fingerprint"));
  return trust->ConfirmRoots(told.substr(0, at), fingerprint).status();
}

absl::StatusOr<int> Setup(const Args& args, Context& context) {
  PALERMO_RETURN_IF_ERROR(EndpointOption(args.Get("--endpoint")));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(args.Get("--key"), args));
  PALERMO_ASSIGN_OR_RETURN(desk::OfficerKeys keys,
                           desk::UseOfficerKeys(bundle, context.clock->Now(), PinFor(args)));
  std::string state = args.Has("--state") ? args.Get("--state") : StateOf(keys.officer);
  if (state != StateOf(keys.officer)) {
    return UsageError(Cat({keys.officer, " is not an officer of ", state}));
  }
  if (desk::FileExists(TrustPath(context.home)) && !args.Has("--replace")) {
    return WrongState("FILE_EXISTS",
                      Cat({context.home, " is a desk already; --replace forgets what it trusts"}));
  }
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory trust, AnchorFrom(args, state));
  DeskConfig config{desk::PathIn(desk::AbsoluteFolder("."), args.Get("--key")),
                    args.Get("--endpoint"), state, args.Get("--language")};
  PALERMO_RETURN_IF_ERROR(desk::MakeFolder(context.home));
  if (args.Has("--confirm-roots")) {
    PALERMO_RETURN_IF_ERROR(FetchFromAnybody(config, &trust));
    for (const std::string& told : args.All("--confirm-roots")) {
      PALERMO_RETURN_IF_ERROR(ConfirmTold(told, &trust));
    }
  }
  PALERMO_RETURN_IF_ERROR(Connect(config, keys, &trust, context).status());
  PALERMO_RETURN_IF_ERROR(trust.Save(TrustPath(context.home)));
  PALERMO_RETURN_IF_ERROR(SaveConfig(context.home, config));
  PrintDesk(trust, keys.officer, context);
  return kExitOk;
}

absl::StatusOr<int> ShowDesk(const Args&, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory trust,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes text,
                           desk::ReadSecretFile(config.key_file, crypto::kMaxKeyFileBytes));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys,
                           crypto::ReadKeyFilePublic(text.Expose(crypto::SecretAccess::Grant())));
  PrintDesk(trust, keys.subject, context);
  return kExitOk;
}

absl::StatusOr<int> Refresh(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PrintDesk(session.trust, session.keys.officer, context);
  return kExitOk;
}

}  // namespace

void AddDeskCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"desk", "setup", "Set up this desk: key, node, roster; then fetch what to trust",
       WithPassphrase(
           {{"--key", "FILE", "your key file", true},
            {"--endpoint", "HOST:PORT", "your state's node", true},
            {"--roster", "FILE", "the roster", true},
            {"--fingerprint", "HEX", "its SHA-256, as the depositary told you", true},
            {"--state", "CODE", "your state; default: of the key"},
            {"--confirm-roots", "CODE=HEX",
             "new roots that a state told you, where a roster waits for them", false, true},
            {"--replace", "", "forget what an earlier setup trusted"}}),
       "palermo desk setup --key QM-o-0001.key --endpoint localhost:7443 --roster exercise.roster "
       "--fingerprint 3f5a...",
       Setup});
  commands.push_back({"desk", "show",
                      "Show what this desk trusts; asks no node and opens no key file",
                      PassphraseOptions(), "palermo desk show", ShowDesk});
  commands.push_back({"desk", "refresh", "Fetch the newest trust from the node",
                      PassphraseOptions(), "palermo desk refresh", Refresh});
}

}  // namespace palermo::cli
