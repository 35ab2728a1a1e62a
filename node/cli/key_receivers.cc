#include "node/cli/key_receivers.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/cli/output.h"
#include "node/desk/grants.h"
#include "node/trust/grant.h"
#include "node/trust/statement.h"

namespace palermo::cli {
namespace {

// Its officers but those who are auditors or administrators only; and recovery.
std::vector<std::string> DefaultReceivers(const trust::DirectoryIndex& directory,
                                          const std::string& authority) {
  std::vector<std::string> receivers;
  for (const auto& officer : directory.body().officers()) {
    bool holds = trust::HasRole(officer, v1::Role::DRAFTER) ||
                 trust::HasRole(officer, v1::Role::APPROVER) ||
                 trust::HasRole(officer, v1::Role::INVESTIGATOR) ||
                 trust::HasRole(officer, v1::Role::CUSTODIAN);
    if (holds && AuthorityOf(officer.id()) == authority) receivers.push_back(officer.id());
  }
  const v1::AuthorityEntry* entry = directory.FindAuthority(authority);
  if (entry != nullptr && entry->has_recovery_key()) receivers.push_back(trust::kRecoveryOfficer);
  return receivers;
}

absl::StatusOr<GrantTarget> ByBreakGlass(const std::string& text, Session& session) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(text, 32, "break-glass id"));
  PALERMO_ASSIGN_OR_RETURN(v1::ListBreakGlassResponse response,
                           session.node.ListBreakGlass(v1::ListBreakGlassRequest()));
  for (const auto& item : response.items()) {
    if (AsView(crypto::Sha256(item.statement().statement())) != id || !item.in_force()) continue;
    PALERMO_ASSIGN_OR_RETURN(v1::BreakGlassStatement body,
                             trust::ParseBreakGlass(item.statement()));
    return GrantTarget{body.authority(), {body.officer()}, id};
  }
  return Missing("NO_BREAK_GLASS", "no break-glass statement with this id is in force");
}

}  // namespace

absl::StatusOr<GrantTarget> TargetOf(const Args& args, Session& session,
                                     const trust::DirectoryIndex& directory) {
  if (args.Has("--break-glass")) return ByBreakGlass(args.Get("--break-glass"), session);
  GrantTarget target{session.authority(), args.All("--to"), ""};
  if (target.receivers.empty()) {
    target.receivers = DefaultReceivers(directory, target.authority);
  }
  for (const std::string& one : args.All("--except")) {
    target.receivers.erase(std::remove(target.receivers.begin(), target.receivers.end(), one),
                           target.receivers.end());
  }
  if (target.receivers.empty()) return UsageError("nobody is left to grant the key to");
  return target;
}

absl::StatusOr<int> GrantKeys(const std::vector<desk::AuthorityKey>& keys,
                              const GrantTarget& target, Session& session,
                              const trust::DirectoryIndex& directory, Context& context) {
  v1::PutGrantsRequest request;
  desk::Json list = desk::Json::List();
  std::string text;
  for (const std::string& receiver : target.receivers) {
    list.Push(receiver);
    text += Cat({"  ", receiver, "\n"});
    for (const desk::AuthorityKey& key : keys) {
      PALERMO_ASSIGN_OR_RETURN(
          *request.add_grants(),
          desk::MakeGrant(target.authority, key.key, receiver, directory, session.keys,
                          context.clock->Now(), *context.random, target.break_glass_sha256));
      if (request.grants_size() < static_cast<int>(limits::kMaxGrantsPerCall) / 10) continue;
      PALERMO_RETURN_IF_ERROR(session.node.PutGrants(request).status());
      request.Clear();
    }
  }
  if (request.grants_size() > 0) {
    PALERMO_RETURN_IF_ERROR(session.node.PutGrants(request).status());
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.AddNumber("versions", static_cast<int64_t>(keys.size()));
    context.out += json.Add("granted_to", std::move(list)).Pretty();
    return kExitOk;
  }
  std::string versions;
  for (const desk::AuthorityKey& key : keys) {
    versions += Cat({versions.empty() ? "" : ", ", std::to_string(key.version)});
  }
  context.out += Cat(
      {"Granted version ", versions, " of the sealing key of ", target.authority, " to:\n", text});
  return kExitOk;
}

}  // namespace palermo::cli
