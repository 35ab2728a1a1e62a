#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "crypto/paper_backup.h"
#include "node/cli/command.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"
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
    if (!entry.token.empty()) text += Cat({"    on token ", entry.token, "\n"});
  }
  return text;
}

void PrintKey(const crypto::KeyFilePublic& keys, Context& context) {
  context.out += context.json ? desk::PublicKeysJson(keys) : ShowKeys(keys);
}

absl::StatusOr<crypto::KeyBundle> MakeBundle(const std::string& kind, const Args& args,
                                             Context& context) {
  absl::Time now = context.clock->Now();
  if (!args.Has("--pkcs11")) {
    return desk::MakeKeys(kind, args.Get("--subject"), now, *context.random);
  }
  desk::OnToken place{args.Get("--pkcs11"), args.Get("--token"), args.Get("--key-label"),
                      args.Has("--existing")};
  return desk::MakeKeysOnToken(kind, args.Get("--subject"), now, *context.random, place,
                               PinFor(args));
}

// Without a passphrase when it is empty.
absl::StatusOr<crypto::SecretBytes> Encoded(const crypto::KeyBundle& bundle,
                                            const crypto::SecretBytes& passphrase,
                                            Context& context) {
  if (passphrase.empty()) return crypto::EncodeUnprotectedKeyFile(bundle);
  PALERMO_ASSIGN_OR_RETURN(
      std::string text,
      crypto::EncodeKeyFile(bundle, passphrase, crypto::Argon2Params::Moderate(), *context.random));
  return crypto::SecretBytes::Copy(text);
}

absl::StatusOr<int> NewKey(const Args& args, Context& context) {
  std::string kind = args.Get("--kind"), path = args.Get("--out");
  constexpr std::string_view kKinds[] = {"officer",    "node",   "administrator",
                                         "state-root", "roster", "recovery"};
  if (std::find(std::begin(kKinds), std::end(kKinds), kind) == std::end(kKinds)) {
    return UsageError(
        Cat({"--kind is officer, node, administrator, state-root, roster or recovery; "
             "an authority's sealing key: palermo sealing-key new"}));
  }
  if (desk::FileExists(path)) {
    return WrongState("FILE_EXISTS", Cat({path, " is there already; choose another --out"}));
  }
  if (args.Has("--unprotected") && kind != "node") {
    return UsageError("--unprotected is for --kind node only; others need a passphrase");
  }
  if (args.Has("--pkcs11") != args.Has("--token")) {
    return UsageError("--pkcs11 and --token go together: the module and the token's label");
  }
  // Before a key is made on a token, which cannot be undone from here.
  crypto::SecretBytes passphrase;
  if (!args.Has("--unprotected")) {
    PALERMO_ASSIGN_OR_RETURN(passphrase, GetPassphrase(args, args.Get("--subject"), true));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, MakeBundle(kind, args, context));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file, Encoded(bundle, passphrase, context));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, text, 0600));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, crypto::ReadKeyFilePublic(text));
  PrintKey(keys, context);
  return kExitOk;
}

absl::StatusOr<int> ShowKey(const Args& args, Context& context) {
  std::string path = args.Get("file");
  // A node's file may be without a passphrase.
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes text,
                           desk::ReadSecretFile(path, crypto::kMaxKeyFileBytes));
  auto keys = crypto::ReadKeyFilePublic(text.Expose(crypto::SecretAccess::Grant()));
  if (!keys.ok()) return Annotate(keys.status(), path);
  PrintKey(*keys, context);
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
      std::string text,
      crypto::EncodeKeyFile(bundle, passphrase, crypto::Argon2Params::Moderate(), *context.random));
  PALERMO_RETURN_IF_ERROR(desk::WriteFileAtomic(path, text, 0600));
  context.out += context.json ? "{\"changed\": true}\n"
                              : Cat({"The passphrase of ", path,
                                     " is changed. Copies keep the old one: destroy them.\n"});
  return kExitOk;
}

absl::StatusOr<int> Backup(const Args& args, Context& context) {
  std::string path = args.Get("file"), out = args.Get("--out");
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file,
                           desk::ReadPrivateFile(path, crypto::kMaxKeyFileBytes));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  auto shown = crypto::ReadKeyFilePublic(text);
  if (!shown.ok()) return Annotate(shown.status(), path);
  // A node's file may be without one; its page is not.
  PALERMO_ASSIGN_OR_RETURN(
      crypto::SecretBytes passphrase,
      GetPassphrase(args, Cat({shown->subject, " (", path, ")"}), !shown->passphrase_needed));
  auto bundle = crypto::DecodeKeyFile(text, shown->passphrase_needed ? &passphrase : nullptr);
  if (!bundle.ok()) return Annotate(bundle.status(), path);
  PALERMO_ASSIGN_OR_RETURN(
      std::string page,
      crypto::MakePaperBackup(*bundle, passphrase, crypto::Argon2Params::Moderate(),
                              FormatInstant(context.clock->Now()), *context.random));
  // A page that does not restore is noticed now, not in ten years.
  PALERMO_RETURN_IF_ERROR(crypto::RestorePaperBackup(page, passphrase).status());
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(out, page, 0600));
  context.out += context.json
                     ? desk::Json::Object().Add("page", out).Pretty()
                     : Cat({"The page is in ", out,
                            " and was tried: it restores.\nNext: print it, "
                            "lock it away, delete the file. It wants today's passphrase.\n"});
  return kExitOk;
}

absl::StatusOr<int> RenewTls(const Args& args, Context& context) {
  std::string path = args.Get("file"), out = args.Get("--out");
  if (desk::FileExists(out)) {
    return WrongState("FILE_EXISTS", Cat({out, " is there already; choose another --out"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file,
                           desk::ReadPrivateFile(path, crypto::kMaxKeyFileBytes));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  auto shown = crypto::ReadKeyFilePublic(text);
  if (!shown.ok()) return Annotate(shown.status(), path);
  crypto::SecretBytes passphrase;
  if (shown->passphrase_needed) {
    PALERMO_ASSIGN_OR_RETURN(passphrase,
                             GetPassphrase(args, Cat({shown->subject, " (", path, ")"}), false));
  }
  auto bundle = crypto::DecodeKeyFile(text, shown->passphrase_needed ? &passphrase : nullptr);
  if (!bundle.ok()) return Annotate(bundle.status(), path);
  auto next = desk::RenewTlsKey(*bundle, context.clock->Now());
  if (!next.ok()) return Annotate(next.status(), path);
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes encoded, Encoded(*next, passphrase, context));
  std::string_view written = encoded.Expose(crypto::SecretAccess::Grant());
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(out, written, 0600));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, crypto::ReadKeyFilePublic(written));
  PrintKey(keys, context);
  return kExitOk;
}

absl::StatusOr<int> Restore(const Args& args, Context& context) {
  std::string path = args.Get("page"), out = args.Get("--out");
  if (desk::FileExists(out)) {
    return WrongState("FILE_EXISTS", Cat({out, " is there already; choose another --out"}));
  }
  PALERMO_ASSIGN_OR_RETURN(std::string page, desk::ReadFile(path, crypto::kMaxPaperPageBytes));
  auto shown = crypto::ReadPaperBackupPublic(page);
  if (!shown.ok()) return Annotate(shown.status(), path);
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase,
                           GetPassphrase(args, Cat({shown->subject, " (", path, ")"}), false));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle, crypto::RestorePaperBackup(page, passphrase));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes file, Encoded(bundle, passphrase, context));
  std::string_view text = file.Expose(crypto::SecretAccess::Grant());
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(out, text, 0600));
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, crypto::ReadKeyFilePublic(text));
  PrintKey(keys, context);
  return kExitOk;
}

}  // namespace

void AddKeyCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"key", "new", "Make a key file; its passphrase is asked twice",
       WithPassphrase(
           {{"--kind", "KIND", "officer, node, administrator, state-root, roster, recovery", true},
            {"--subject", "ID", "whose: QM/central/o-0007, QM, QM/central, a name", true},
            {"--out", "FILE", "the new file; never overwrites one", true},
            {"--unprotected", "", "no passphrase: for --kind node only"},
            {"--pkcs11", "MODULE", "signing keys on a token: absolute path of its PKCS#11 module"},
            {"--token", "LABEL", "the token's label"},
            {"--key-label", "LABEL", "the key's label on the token; else from the subject"},
            {"--existing", "", "use the key with that label instead of making one"}}),
       "palermo key new --kind officer --subject QM/central/o-0001 --out QM-o-0001.key", NewKey});
  commands.push_back({"key",
                      "show",
                      "Show the public part of a key file",
                      {{"file", "FILE", "the key file", true}},
                      "palermo key show QM-o-0001.key --json > QM-o-0001.pub.json",
                      ShowKey});
  commands.push_back(
      {"key", "passphrase", "Change the passphrase of a key file",
       WithPassphrase({{"file", "FILE", "the key file", true},
                       {"--new-passphrase-file", "FILE", "new passphrase: its first line"}}),
       "palermo key passphrase QM-o-0001.key", ChangePassphrase});
  commands.push_back(
      {"key", "renew-tls", "Make a node's key file with a new TLS key; the other keys stay",
       WithPassphrase({{"file", "FILE", "the node's key file", true},
                       {"--out", "FILE", "the new key file; never overwrites one", true}}),
       "palermo key renew-tls QM-node.key --out QM-node-2.key", RenewTls});
  commands.push_back({"key", "backup", "Make a page to print that restores a key file",
                      WithPassphrase({{"file", "FILE", "the key file", true},
                                      {"--out", "FILE", "the page, plain text", true}}),
                      "palermo key backup QM-o-0001.key --out page.txt", Backup});
  commands.push_back({"key", "restore", "Make a key file from a typed backup page",
                      WithPassphrase({{"page", "FILE", "the typed page", true},
                                      {"--out", "FILE", "the new key file", true}}),
                      "palermo key restore page.txt --out QM-o-0001.key", Restore});
}

}  // namespace palermo::cli
