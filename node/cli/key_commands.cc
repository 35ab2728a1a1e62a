#include "base/bytes.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/officer_keys.h"

namespace palermo::cli {
namespace {

std::string ShowKeys(const crypto::KeyFilePublic& keys) {
  std::string text =
      Cat({keys.subject, "  (", keys.kind, ", made ", keys.created, ", ",
           keys.passphrase_needed ? "under a passphrase" : "NOT under a passphrase", ")\n"});
  for (const auto& [name, entry] : keys.keys) {
    text += Cat({"  ", name, "  ", entry.algorithm, "\n    key id   ",
                 HexEncode(crypto::KeyId(entry.algorithm, entry.public_bytes)), "\n"});
    if (entry.algorithm == crypto::kP256) {
      text += Cat({"    TLS pin  ", HexEncode(desk::PinOf(entry.public_bytes)), "\n"});
    } else {
      text += Cat({"    public   ", Base64Encode(entry.public_bytes), "\n"});
    }
  }
  return text;
}

void Print(const crypto::KeyFilePublic& keys, Context& context) {
  context.out += context.json ? desk::PublicKeysJson(keys) : ShowKeys(keys);
}

absl::StatusOr<int> New(const Args& args, Context& context) {
  std::string kind = args.Get("--kind"), path = args.Get("--out");
  if (desk::FileExists(path)) {
    return WrongState("FILE_EXISTS", Cat({path, " is there already; choose another --out"}));
  }
  if (args.Has("--unprotected") && kind != "node") {
    return UsageError("--unprotected is for --kind node only; others need a passphrase");
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::KeyBundle bundle,
      desk::MakeKeys(kind, args.Get("--subject"), context.clock->Now(), *context.random));
  crypto::SecretBytes passphrase;
  if (!args.Has("--unprotected")) {
    PALERMO_ASSIGN_OR_RETURN(passphrase, GetPassphrase(args, bundle.subject(), true));
  }
  PALERMO_ASSIGN_OR_RETURN(
      std::string text,
      crypto::EncodeKeyFile(bundle, args.Has("--unprotected") ? nullptr : &passphrase,
                            crypto::Argon2Params::Moderate(), *context.random));
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, text, 0600));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, crypto::ReadKeyFilePublic(text));
  Print(keys, context);
  return kExitOk;
}

absl::StatusOr<int> Show(const Args& args, Context& context) {
  std::string path = args.Get("file");
  PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ReadFile(path, crypto::kMaxKeyFileBytes));
  auto keys = crypto::ReadKeyFilePublic(text);
  if (!keys.ok()) return Annotate(keys.status(), path);
  Print(*keys, context);
  return kExitOk;
}

absl::StatusOr<int> ChangePassphrase(const Args& args, Context& context) {
  std::string path = args.Get("file");
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, OpenKeyFile(path, args));
  Args fresh;
  if (args.Has("--new-passphrase-file")) {
    fresh.Set("--passphrase-file", {args.Get("--new-passphrase-file")});
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase,
                           GetPassphrase(fresh, Cat({bundle.subject(), " (new)"}), true));
  PALERMO_ASSIGN_OR_RETURN(
      std::string text, crypto::EncodeKeyFile(bundle, &passphrase, crypto::Argon2Params::Moderate(),
                                              *context.random));
  PALERMO_RETURN_IF_ERROR(desk::WriteFileAtomic(path, text, 0600));
  context.out += context.json ? "{\"changed\": true}\n"
                              : Cat({"The passphrase of ", path,
                                     " is changed. Copies keep the old one: destroy them.\n"});
  return kExitOk;
}

}  // namespace

void AddKeyCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"key", "new", "Make a key file; its passphrase is asked twice",
       WithPassphrase(
           {{"--kind", "KIND", "officer, node, administrator, state-root, roster, recovery", true},
            {"--subject", "ID", "whose: PA/central/o-0007, PA, PA/central, a name", true},
            {"--out", "FILE", "the new file; never overwrites one", true},
            {"--unprotected", "", "no passphrase: for --kind node only"}}),
       "palermo key new --kind officer --subject QM/central/o-0001 --out QM-o-0001.key", New});
  commands.push_back({"key",
                      "show",
                      "Show the public part of a key file",
                      {{"file", "FILE", "the key file", true}},
                      "palermo key show QM-o-0001.key --json > QM-o-0001.pub.json",
                      Show});
  commands.push_back(
      {"key", "passphrase", "Change the passphrase of a key file",
       WithPassphrase({{"file", "FILE", "the key file", true},
                       {"--new-passphrase-file", "FILE", "new passphrase: its first line"}}),
       "palermo key passphrase QM-o-0001.key", ChangePassphrase});
}

}  // namespace palermo::cli
