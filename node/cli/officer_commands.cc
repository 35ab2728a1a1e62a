// officer enrol, admit, change-roles, remove, replace-key, list, show.
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/directory_support.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/directory_edit.h"
#include "node/desk/files.h"
#include "node/trust/officer_request.h"

namespace palermo::cli {
namespace {

absl::StatusOr<v1::SignedOfficerRequest> MakeRequest(const crypto::KeyBundle& bundle,
                                                     const Args& args, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(desk::OfficerKeys keys, desk::UseOfficerKeys(bundle, now, PinFor(args)));
  PALERMO_ASSIGN_OR_RETURN(const auto* tls, bundle.Find("tls", crypto::kP256));
  v1::OfficerRequest request;
  request.set_format(1);
  request.set_officer(keys.officer);
  request.set_signing_key(std::string(crypto::AsView(keys.sign->public_key())));
  request.set_sealing_kem(static_cast<uint32_t>(keys.seal.kem()));
  request.set_sealing_key(keys.seal.PublicKey().bytes);
  request.set_tls_pin(desk::PinOf(tls->public_bytes));
  request.set_made_at_ms(ToMillis(now));
  return trust::SignOfficerRequest(request, *keys.sign);
}

absl::StatusOr<crypto::KeyBundle> NewKeyFile(const Args& args, Context& context) {
  std::string path = args.Get("--out");
  if (!args.Has("--officer")) return UsageError("give --officer: QM/central/o-0007");
  if (desk::FileExists(path)) {
    return WrongState("FILE_EXISTS", Cat({path, " is there already; choose another --out"}));
  }
  PALERMO_ASSIGN_OR_RETURN(
      crypto::KeyBundle bundle,
      desk::MakeKeys("officer", args.Get("--officer"), context.clock->Now(), *context.random));
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes passphrase,
                           GetPassphrase(args, bundle.subject(), true));
  PALERMO_ASSIGN_OR_RETURN(
      std::string text,
      crypto::EncodeKeyFile(bundle, passphrase, crypto::Argon2Params::Moderate(), *context.random));
  PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, text, 0600));
  return bundle;
}

absl::StatusOr<v1::SignedOfficerRequest> WriteRequest(const crypto::KeyBundle& bundle,
                                                      const Args& args, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedOfficerRequest request, MakeRequest(bundle, args, now));
  PALERMO_RETURN_IF_ERROR(
      desk::WriteNewFile(args.Get("--request"), request.SerializeAsString(), 0644));
  return request;
}

absl::StatusOr<int> Enrol(const Args& args, Context& context) {
  if (args.Has("--out") == args.Has("--key")) {
    return UsageError("give --out FILE for new keys, or --key FILE for a key file that you have");
  }
  if (desk::FileExists(args.Get("--request"))) {
    return WrongState("FILE_EXISTS", Cat({args.Get("--request"), " is there already; choose ",
                                          "another --request"}));
  }
  absl::StatusOr<crypto::KeyBundle> bundle =
      args.Has("--out") ? NewKeyFile(args, context) : OpenKeyFile(args.Get("--key"), args);
  PALERMO_RETURN_IF_ERROR(bundle.status());
  auto made = WriteRequest(*bundle, args, context.clock->Now());
  if (!made.ok()) {
    // A key file that no request goes with would only be in the way of the next try.
    if (args.Has("--out")) desk::DeleteSecretFile(args.Get("--out")).IgnoreError();
    return made.status();
  }
  const v1::SignedOfficerRequest& request = *made;
  std::string fingerprint = trust::RequestFingerprint(request);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("officer", bundle->subject()).Add("request", args.Get("--request"));
    context.out += json.Add("fingerprint", fingerprint).Pretty();
    return kExitOk;
  }
  context.out += Cat({"The request of ", bundle->subject(), " is in ", args.Get("--request"),
                      ".\nSend this file to your administrator; the key file stays here.\n"
                      "Then tell him the fingerprint, in person or by telephone:\n\n    ",
                      fingerprint, "\n"});
  return kExitOk;
}

absl::StatusOr<v1::OfficerRequest> ReadRequest(const Args& args) {
  std::string path = args.Get("request");
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           desk::ReadFile(path, limits::kMaxOfficerRequestBytes));
  v1::SignedOfficerRequest request;
  if (!request.ParseFromString(bytes)) {
    return InputError("BAD_STATEMENT", Cat({path, ": not a request of palermo officer enrol"}));
  }
  auto body = trust::VerifyOfficerRequest(request);
  if (!body.ok()) return Annotate(body.status(), path);
  std::string expected = trust::RequestFingerprint(request), typed;
  auto plain = [](const std::string& text) {
    std::string digits;
    for (char c : text) {
      if (c != ' ' && c != '-' && c != ':') digits.push_back(c);
    }
    return digits;
  };
  if (plain(args.Get("--fingerprint")) != plain(expected)) {
    return Refused("WRONG_FINGERPRINT",
                   Cat({"what you typed is not the fingerprint of ", path,
                        ". Ask the officer again, in person or by telephone; if he says the same, "
                        "do not admit it"}));
  }
  return body;
}

absl::StatusOr<std::vector<v1::Role::Code>> RolesOf(const Args& args) {
  return desk::ParseRoles(args.All("--role"));
}

absl::StatusOr<absl::Time> TimeOption(const Args& args, const std::string& name,
                                      absl::Time otherwise) {
  if (!args.Has(name)) return otherwise;
  auto time = ParseInstant(args.Get(name));
  if (!time.ok()) return UsageError(Cat({name, " is a date or a time with zone: 2026-03-02"}));
  return *time;
}

absl::StatusOr<int> Admit(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::OfficerRequest request, ReadRequest(args));
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  desk::Mandate mandate;
  mandate.person = args.Get("--person");
  PALERMO_ASSIGN_OR_RETURN(mandate.roles, RolesOf(args));
  PALERMO_ASSIGN_OR_RETURN(mandate.from, TimeOption(args, "--valid-from", context.clock->Now()));
  PALERMO_ASSIGN_OR_RETURN(mandate.to, TimeOption(args, "--valid-to", context.clock->Now()));
  PALERMO_RETURN_IF_ERROR(desk::AdmitOfficer(request, mandate, &change.next));
  return FinishChange(change, args, context,
                      Cat({"Then grant the sealing keys: palermo sealing-key grant --to ",
                           request.officer(), "\n"}));
}

absl::StatusOr<int> ChangeRoles(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::Role::Code> roles, RolesOf(args));
  PALERMO_ASSIGN_OR_RETURN(absl::Time from, TimeOption(args, "--valid-from", absl::UnixEpoch()));
  PALERMO_ASSIGN_OR_RETURN(absl::Time to, TimeOption(args, "--valid-to", absl::UnixEpoch()));
  if (roles.empty() && !args.Has("--valid-from") && !args.Has("--valid-to")) {
    return UsageError("give --role, --valid-from or --valid-to: what shall change?");
  }
  PALERMO_RETURN_IF_ERROR(
      desk::ChangeOfficer(args.Get("officer"), roles, ToMillis(from), ToMillis(to), &change.next));
  return FinishChange(change, args, context, "");
}

absl::StatusOr<int> Remove(const Args& args, Context& context) {
  std::string id = args.Get("officer");
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  PALERMO_RETURN_IF_ERROR(desk::RemoveOfficer(id, &change.next));
  std::string authority = AuthorityOf(id);
  return FinishChange(
      change, args, context,
      Cat({"With its entry his calls are refused and his grants are deleted.\n"
           "Rotate now: he may have kept the sealing key of ",
           authority,
           ", and reads what is still sealed to it\nand falls into his hands.\n"
           "  palermo sealing-key new --authority ",
           authority,
           " --out new-sealing.key\n  palermo sealing-key grant --key new-sealing.key\n"
           "  palermo sealing-key rotate --key new-sealing.key --out next.directory\n"}));
}

absl::StatusOr<int> ReplaceKey(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::OfficerRequest request, ReadRequest(args));
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  PALERMO_RETURN_IF_ERROR(desk::ReplaceOfficerKeys(request, &change.next));
  return FinishChange(
      change, args, context,
      Cat({"Then grant him the sealing keys again: palermo sealing-key grant --to ",
           request.officer(),
           "\nIf the lost key may be in other hands, rotate the sealing key too: palermo "
           "sealing-key rotate\n"}));
}

absl::StatusOr<int> ListOfficers(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument document, CurrentDirectory(args, context));
  v1::Directory directory;
  if (!directory.ParseFromString(document.document())) {
    return InputError("BAD_DOCUMENT", "this is not a directory");
  }
  int64_t now_ms = ToMillis(context.clock->Now());
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  for (const auto& officer : directory.officers()) {
    if (args.Has("officer") && officer.id() != args.Get("officer")) continue;
    std::string roles;
    for (int role : officer.roles()) {
      roles +=
          Cat({roles.empty() ? "" : " ", v1::Role::Code_Name(static_cast<v1::Role::Code>(role))});
    }
    bool in_force = officer.valid_from_ms() <= now_ms && now_ms < officer.valid_to_ms();
    rows.push_back({officer.id(), roles, TimeText(officer.valid_from_ms()),
                    TimeText(officer.valid_to_ms()), in_force ? "yes" : "NO"});
    desk::Json one = desk::Json::Object();
    one.Add("id", officer.id()).Add("person", officer.person()).Add("roles", roles);
    one.Add("valid_from", TimeJson(officer.valid_from_ms()));
    one.Add("valid_to", TimeJson(officer.valid_to_ms())).Add("in_force", in_force);
    one.Add("signing_key_id", HexEncode(officer.signing_key_id()));
    one.Add("sealing_key_id", HexEncode(officer.sealing_key_id()));
    list.Push(std::move(one));
  }
  if (args.Has("officer") && rows.empty()) {
    return Missing("UNKNOWN_OFFICER", Cat({args.Get("officer"), " is not in the directory"}));
  }
  context.out += context.json ? list.Pretty()
                              : Table({"OFFICER", "ROLES", "MANDATE FROM", "TO", "IN FORCE"}, rows);
  return kExitOk;
}

std::vector<Option> MandateOptions(bool admit) {
  return {
      {"--role", "ROLE", "DRAFTER, APPROVER, INVESTIGATOR, AUDITOR, ADMINISTRATOR, CUSTODIAN",
       admit, true},
      {"--valid-to", "TIME", "the mandate ends by itself at this time; of a day at 00:00Z", admit},
      {"--valid-from", "TIME", admit ? "and begins; default now" : "and begins"}};
}

}  // namespace

void AddOfficerCommands(std::vector<Command>& commands) {
  Option fingerprint = {"--fingerprint", "TEXT", "as the officer told you, by telephone", true};
  Option request = {"request", "FILE", "the officer's request", true};
  commands.push_back(
      {"officer", "enrol", "Make your keys on this machine, and a request to be admitted",
       WithPassphrase({{"--officer", "ID", "who you will be: QM/central/o-0007"},
                       {"--out", "FILE", "the new key file; it never leaves this machine"},
                       {"--key", "FILE", "instead of --out: a key file that you have"},
                       {"--request", "FILE", "the new request file, for the administrator", true}}),
       "palermo officer enrol --officer QM/central/o-0007 --out o-0007.key --request "
       "o-0007.request",
       Enrol});
  std::vector<Option> admit = {
      request, fingerprint, {"--person", "TEXT", "one word for one person in all offices", true}};
  for (const Option& option : MandateOptions(true)) admit.push_back(option);
  commands.push_back({"officer", "admit", "Put a new officer into the next directory version",
                      WithDirectory(admit),
                      "palermo officer admit o-0007.request --fingerprint \"1f2e 3d4c 5b6a 7988 "
                      "97a6 b5c4\" --person p-31 --role DRAFTER --valid-to 2027-03-01 --out "
                      "next.directory",
                      Admit});
  std::vector<Option> change = {{"officer", "ID", "the officer", true}};
  for (const Option& option : MandateOptions(false)) change.push_back(option);
  commands.push_back({"officer", "change-roles", "Change an officer's roles or mandate",
                      WithDirectory(change),
                      "palermo officer change-roles QM/central/o-0007 --role APPROVER --out "
                      "next.directory",
                      ChangeRoles});
  commands.push_back({"officer", "remove", "Take an officer out of the directory",
                      WithDirectory({{"officer", "ID", "the officer", true}}),
                      "palermo officer remove QM/central/o-0007 --out next.directory", Remove});
  commands.push_back({"officer", "replace-key", "Put an officer's new keys in place of lost ones",
                      WithDirectory({request, fingerprint}),
                      "palermo officer replace-key o-0007-new.request --fingerprint \"1f2e ...\" "
                      "--out next.directory",
                      ReplaceKey});
  Option from = {"--directory", "FILE", "of this file; default: the newest that this desk knows"};
  commands.push_back({"officer",
                      "list",
                      "List the officers of a directory",
                      {from},
                      "palermo officer list",
                      ListOfficers});
  commands.push_back({"officer",
                      "show",
                      "Show one officer",
                      {{"officer", "ID", "the officer", true}, from},
                      "palermo officer show QM/central/o-0007 --json",
                      ListOfficers});
}

}  // namespace palermo::cli
