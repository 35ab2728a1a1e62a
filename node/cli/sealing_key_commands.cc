#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/key_receivers.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/grants.h"
#include "node/trust/grant.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int> NewSealingKey(const Args& args, Context& context) {
  std::string authority = args.Get("--authority"), path = args.Get("--out");
  if (!IsAuthorityId(authority)) {
    return UsageError(Cat({"'", authority, "' is not an authority, like QM/central"}));
  }
  if (desk::FileExists(path)) {
    return WrongState("FILE_EXISTS", Cat({path, " is there already; choose another --out"}));
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::KeyBundle bundle,
      desk::MakeKeys("sealing", authority, context.clock->Now(), *context.random));
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
                 ".\nIf it is the first key of the authority: name it in the directory and publish "
                 "that, then run\n  palermo sealing-key grant --key ",
                 path,
                 "\nIf it replaces one: grant it first, then run\n"
                 "  palermo sealing-key rotate --key ",
                 path,
                 " --out next.directory\n"
                 "Destroy the file when two officers and recovery have the key.\n"});
  return kExitOk;
}

// The key of a file, or all versions that were granted to this officer.
absl::StatusOr<std::vector<desk::AuthorityKey>> KeysToGrant(
    const Args& args, Session& session, const trust::DirectoryIndex& directory) {
  if (!args.Has("--key")) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
    if (keys.empty()) return Missing("UNKNOWN_KEY", "no key was granted to you; give --key FILE");
    return keys;
  }
  Args passphrase;
  if (args.Has("--key-passphrase-file")) {
    passphrase.Set("--passphrase-file", {args.Get("--key-passphrase-file")});
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(args.Get("--key"), passphrase));
  if (bundle.subject() != session.authority()) {
    return InputError("BAD_KEY_FILE", Cat({"the key file is of ", bundle.subject(), ", not of ",
                                           session.authority()}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey key, desk::UseSealingKey(bundle, "sealing"));
  const v1::AuthorityEntry* authority = directory.FindAuthority(session.authority());
  if (authority == nullptr) {
    return Missing("UNKNOWN_RECIPIENT", Cat({session.authority(), " is not in the directory"}));
  }
  std::vector<desk::AuthorityKey> keys;
  uint32_t version = desk::VersionOf(*authority, key.PublicKey());
  std::string key_id = crypto::SealingKeyId(key.PublicKey());
  if (key_id == authority->recovery_key().key_id()) {
    return Refused("SAME_KEY", Cat({"this is the recovery key of ", session.authority(),
                                    "; it is granted to nobody"}));
  }
  keys.push_back({session.authority(), version, key_id, std::move(key)});
  return keys;
}

absl::StatusOr<int> Grant(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys,
                           KeysToGrant(args, session, *directory));
  PALERMO_ASSIGN_OR_RETURN(GrantTarget target, TargetOf(args, session, *directory));
  return GrantKeys(keys, target, session, *directory, context);
}

absl::StatusOr<int> ListSealingKeys(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(v1::GetGrantsResponse grants,
                           session.node.GetGrants(session.authority()));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const auto& grant : grants.grants()) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    auto verified = trust::CheckGrant(grant, *directory);
    std::string valid = verified.ok() ? "yes" : CodeOf(verified.status());
    rows.push_back({statement.authority(), std::to_string(statement.key_version()),
                    statement.officer(), statement.granted_by(), TimeText(statement.at_ms()),
                    valid});
    desk::Json one = desk::Json::Object();
    one.Add("authority", statement.authority());
    one.AddNumber("key_version", statement.key_version()).Add("to", statement.officer());
    one.Add("by", statement.granted_by()).Add("at", TimeJson(statement.at_ms()));
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
                      NewSealingKey});
  commands.push_back(
      {"sealing-key", "grant", "Give the key to officers and to recovery",
       WithPassphrase(
           {{"--key", "FILE", "the key's file; without: all versions granted to you"},
            {"--key-passphrase-file", "FILE", "passphrase of --key: the first line"},
            {"--to", "ID", "officer or 'recovery'; without: all who read, and recovery", false,
             true},
            {"--except", "ID", "not to this officer", false, true},
            {"--break-glass", "ID", "to the officer of this statement, which is in force"}}),
       "palermo sealing-key grant --key QM-central-sealing-1.key", Grant});
  commands.push_back({"sealing-key", "list", "List the grants of your authority",
                      PassphraseOptions(), "palermo sealing-key list", ListSealingKeys});
}

}  // namespace palermo::cli
