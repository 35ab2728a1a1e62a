#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/grants.h"
#include "node/trust/grant.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int> New(const Args& args, Context& context) {
  std::string authority = args.Get("--authority"), path = args.Get("--out");
  if (!IsAuthorityId(authority)) {
    return UsageError(Cat({"'", authority, "' is not an authority, like QM/central"}));
  }
  if (desk::FileExists(path)) {
    return WrongState("FILE_EXISTS", Cat({path, " is there already; choose another --out"}));
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::KeyBundle bundle,
      desk::MakeKeys("recovery", authority, context.clock->Now(), *context.random));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase, GetPassphrase(args, authority, true));
  PALERMO_ASSIGN_OR_RETURN(
      std::string text,
      crypto::EncodeKeyFile(bundle, passphrase, crypto::Argon2Params::Moderate(), *context.random));
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, text, 0600));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, crypto::ReadKeyFilePublic(text));
  context.out +=
      context.json
          ? desk::PublicKeysJson(keys)
          : Cat({"A new sealing key of ", authority, " is in ", path,
                 ".\nNext: name it in the directory, publish that, then run\n"
                 "  palermo sealing-key grant --key ",
                 path, "\nand destroy the file when two officers and recovery have it.\n"});
  return kExitOk;
}

// Everybody who reads for the authority: its officers but auditors and administrators, and
// recovery.
std::vector<std::string> DefaultReceivers(const trust::DirectoryIndex& directory,
                                          const std::string& authority) {
  std::vector<std::string> receivers;
  for (const auto& officer : directory.body().officers()) {
    bool reads = trust::HasRole(officer, v1::Role::DRAFTER) ||
                 trust::HasRole(officer, v1::Role::APPROVER) ||
                 trust::HasRole(officer, v1::Role::INVESTIGATOR);
    if (reads && AuthorityOf(officer.id()) == authority) receivers.push_back(officer.id());
  }
  const v1::AuthorityEntry* entry = directory.FindAuthority(authority);
  if (entry != nullptr && entry->has_recovery_key()) receivers.push_back(trust::kRecoveryOfficer);
  return receivers;
}

// The key file's key, or without one the newest key that this officer was granted.
absl::StatusOr<crypto::SealingPrivateKey> KeyToGrant(const Args& args, Session& session,
                                                     Context& context) {
  if (args.Has("--key")) {
    Args passphrase;
    if (args.Has("--key-passphrase-file")) {
      passphrase.Set("--passphrase-file", {args.Get("--key-passphrase-file")});
    }
    PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(args.Get("--key"), passphrase));
    return desk::UseSealingKey(bundle);
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys(context));
  desk::AuthorityKey* newest = nullptr;
  for (desk::AuthorityKey& key : keys) {
    if (newest == nullptr || key.version > newest->version) newest = &key;
  }
  if (newest == nullptr) {
    return Missing("UNKNOWN_KEY", "no key was granted to you; give --key FILE");
  }
  return std::move(newest->key);
}

absl::StatusOr<int> Grant(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey key, KeyToGrant(args, session, context));
  std::string authority = session.authority();
  std::vector<std::string> receivers = args.All("--to");
  if (receivers.empty()) receivers = DefaultReceivers(*directory, authority);
  v1::PutGrantsRequest request;
  for (const std::string& receiver : receivers) {
    PALERMO_ASSIGN_OR_RETURN(*request.add_grants(),
                             desk::MakeGrant(authority, key, receiver, *directory, session.keys,
                                             context.clock->Now(), *context.random));
  }
  PALERMO_RETURN_IF_ERROR(session.node.PutGrants(request).status());
  desk::Json list = desk::Json::List();
  std::string text = Cat({"Granted the sealing key of ", authority, " to:\n"});
  for (const std::string& receiver : receivers) {
    list.Push(receiver);
    text += Cat({"  ", receiver, "\n"});
  }
  context.out +=
      context.json ? desk::Json::Object().Add("granted_to", std::move(list)).Pretty() : text;
  return kExitOk;
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(v1::GetGrantsResponse grants,
                           session.node.GetGrants(session.authority()));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const auto& grant : grants.grants()) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    auto verified = trust::VerifyGrant(grant, *directory, FromMillis(statement.at_ms()));
    std::string valid = verified.ok() ? "yes" : CodeOf(verified.status());
    rows.push_back({statement.authority(), std::to_string(statement.key_version()),
                    statement.officer(), statement.granted_by(), TimeText(statement.at_ms()),
                    valid});
    desk::Json one = desk::Json::Object();
    one.Add("authority", statement.authority());
    one.AddNumber("key_version", statement.key_version()).Add("to", statement.officer());
    one.Add("by", statement.granted_by()).Add("at", TimeText(statement.at_ms()));
    list.Push(std::move(one.Add("valid", verified.ok())));
  }
  context.out +=
      context.json ? list.Pretty() : Table({"AUTHORITY", "KEY", "TO", "BY", "AT", "VALID"}, rows);
  return kExitOk;
}

}  // namespace

void AddSealingKeyCommands(std::vector<Command>& commands) {
  commands.push_back({"sealing-key", "new", "Make a sealing key of an authority, in a key file",
                      WithPassphrase({{"--authority", "ID", "the authority: QM/central", true},
                                      {"--out", "FILE", "the new key file", true}}),
                      "palermo sealing-key new --authority QM/central --out "
                      "QM-central-sealing-1.key",
                      New});
  commands.push_back(
      {"sealing-key", "grant", "Give the key to officers and to recovery",
       WithPassphrase({{"--key", "FILE", "the key's file; without: the newest key granted to you"},
                       {"--key-passphrase-file", "FILE", "passphrase of --key: the first line"},
                       {"--to", "ID", "officer or 'recovery'; without: all who read, and recovery",
                        false, true}}),
       "palermo sealing-key grant --key QM-central-sealing-1.key", Grant});
  commands.push_back({"sealing-key", "list", "List the grants of your authority",
                      PassphraseOptions(), "palermo sealing-key list", List});
}

}  // namespace palermo::cli
