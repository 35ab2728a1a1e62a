// sealing-key status, rotate, rewrap, destroy, recover.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/consent.h"
#include "node/cli/directory_support.h"
#include "node/cli/key_receivers.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/cli/statement_files.h"
#include "node/cli/tell.h"
#include "node/desk/directory_edit.h"
#include "node/desk/files.h"
#include "node/desk/grants.h"
#include "node/trust/grant.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::cli {
namespace {

constexpr int64_t kDayMillis = int64_t{24} * 3600 * 1000;
constexpr size_t kRewrapsAtOnce = 50;
constexpr char kDestroyWord[] = "DESTROY";

const v1::SealingKeyEntry* FindEntry(const trust::DirectoryIndex& directory,
                                     const std::string& authority, const std::string& key_id) {
  const v1::AuthorityEntry* entry = directory.FindAuthority(authority);
  if (entry == nullptr) return nullptr;
  for (const auto& key : entry->sealing_keys()) {
    if (key.key_id() == key_id) return &key;
  }
  return nullptr;
}

// Where a version stands: NEW, GRANTED, WAITING, ACTIVE, TOO_FEW_GRANTS, RETIRED, STALE, DESTROYED.
std::string StandingOf(const v1::KeyStatus& key, const v1::SealingKeyEntry* entry, int64_t now_ms) {
  if (key.destroyed()) return "DESTROYED";
  if (entry == nullptr) return key.active() ? "GRANTED" : "NEW";
  if (now_ms < entry->valid_from_ms()) return "WAITING";
  if (now_ms < entry->valid_to_ms()) return key.active() ? "ACTIVE" : "TOO_FEW_GRANTS";
  return now_ms < entry->valid_to_ms() + limits::kMaxMessageLifeMillis ? "RETIRED" : "STALE";
}

// The newest open window ends soon: somebody must make the next version.
std::string RotationWarning(const v1::AuthorityEntry& authority, int64_t now_ms) {
  int64_t end = 0;
  for (const auto& key : authority.sealing_keys()) end = std::max(end, key.valid_to_ms());
  if (end - now_ms > limits::kKeyWindowWarningMillis) return "";
  return Cat({"Rotate: the last window of ", authority.id(), " ends at ", TimeText(end),
              "; after it nobody can send to it.\n  palermo sealing-key new --authority ",
              authority.id(), " --out new-sealing.key\n"});
}

absl::StatusOr<int> Status(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  std::string id = args.Has("--authority") ? args.Get("--authority") : session.authority();
  const v1::AuthorityEntry* authority = directory->FindAuthority(id);
  if (authority == nullptr) return Missing("UNKNOWN_RECIPIENT", Cat({id, " is not there"}));
  v1::GetKeyStatusRequest request;
  request.set_authority(id);
  request.set_count_messages(args.Has("--count"));
  PALERMO_ASSIGN_OR_RETURN(v1::GetKeyStatusResponse response, session.node.GetKeyStatus(request));
  int64_t now_ms = ToMillis(context.clock->Now());
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  for (const auto& key : response.keys()) {
    const v1::SealingKeyEntry* entry = FindEntry(*directory, id, key.key_id());
    std::string standing = StandingOf(key, entry, now_ms);
    std::string to = entry == nullptr ? "-" : TimeText(entry->valid_to_ms());
    rows.push_back({std::to_string(key.version()), IdText(key.key_id()).substr(0, 12), standing, to,
                    std::to_string(key.granted_to_size()), key.granted_to_recovery() ? "yes" : "NO",
                    args.Has("--count") ? std::to_string(key.messages()) : "-"});
    desk::Json one = desk::Json::Object();
    one.AddNumber("version", key.version()).Add("key_id", IdText(key.key_id()));
    one.Add("standing", standing).Add("valid_to", to);
    one.AddNumber("granted", key.granted_to_size()).Add("recovery", key.granted_to_recovery());
    if (args.Has("--count")) one.AddNumber("messages", static_cast<int64_t>(key.messages()));
    list.Push(std::move(one));
  }
  if (context.json) {
    context.out += list.Pretty();
    return kExitOk;
  }
  context.out += Table(
      {"VERSION", "KEY", "STANDING", "WINDOW ENDS", "OFFICERS", "RECOVERY", "ONLY IT OPENS"}, rows);
  context.out += RotationWarning(*authority, now_ms);
  return kExitOk;
}

absl::StatusOr<int> Rotate(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes text,
                           desk::ReadSecretFile(args.Get("--key"), crypto::kMaxKeyFileBytes));
  auto keys = crypto::ReadKeyFilePublic(text.Expose(crypto::SecretAccess::Grant()));
  if (!keys.ok()) return Annotate(keys.status(), args.Get("--key"));
  auto seal = keys->keys.find("seal");
  if (keys->kind != "sealing" || seal == keys->keys.end()) {
    return InputError("BAD_KEY_FILE", Cat({args.Get("--key"), " is of kind ", keys->kind,
                                           ", not a sealing key's file (sealing-key new)"}));
  }
  crypto::SealingPublicKey key{
      seal->second.algorithm == crypto::kXWing ? crypto::Kem::kXWing : crypto::Kem::kX25519,
      seal->second.public_bytes};
  PALERMO_ASSIGN_OR_RETURN(const uint64_t days, NumberOption(args, "--days", 1, 3650, 365));
  PALERMO_ASSIGN_OR_RETURN(const uint64_t overlap,
                           NumberOption(args, "--overlap-days", 0, days, 1));
  PALERMO_ASSIGN_OR_RETURN(DirectoryChange change, StartChange(args, context));
  absl::Time now = context.clock->Now();
  PALERMO_RETURN_IF_ERROR(desk::AddSealingKey(
      keys->subject, key, now, FromMillis(ToMillis(now) + static_cast<int64_t>(days) * kDayMillis),
      FromMillis(ToMillis(now) + static_cast<int64_t>(overlap) * kDayMillis), &change.next));
  return FinishChange(
      change, args, context,
      Cat({"The node takes it when this key is granted to two persons and to recovery:\n"
           "  palermo sealing-key grant --key ",
           args.Get("--key"), "\nAfter that: palermo sealing-key rewrap, for what is kept.\n"}));
}

class Rewrapper {
 public:
  Rewrapper(Session& session, Context& context, trust::DirectoryPtr directory,
            std::vector<desk::AuthorityKey> keys)
      : session_(session),
        context_(context),
        directory_(std::move(directory)),
        keys_(std::move(keys)) {}

  // Those that are named, whatever the node has of them already.
  absl::Status RunFor(const std::vector<std::string>& messages) {
    for (const std::string& text : messages) {
      PALERMO_ASSIGN_OR_RETURN(std::string id, ParseId(text, 32, "message id"));
      PALERMO_RETURN_IF_ERROR(Take(id));
    }
    return Send();
  }

  absl::Status Run(const std::string& newest_key_id) {
    v1::ListSealedRequest request;
    request.set_authority(session_.authority());
    request.set_key_id(newest_key_id);
    while (true) {
      PALERMO_ASSIGN_OR_RETURN(v1::ListSealedResponse page, session_.node.ListSealed(request));
      for (const auto& message : page.messages()) {
        PALERMO_RETURN_IF_ERROR(Take(message.message_id()));
      }
      if (page.next().empty()) return Send();
      request.set_after(page.next());
    }
  }

  int done() const { return done_; }
  const std::vector<std::string>& failed() const { return failed_; }

 private:
  absl::Status Take(const std::string& id) {
    PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session_.node.FetchMessage(id));
    auto rewrap = desk::MakeRewrap(message.envelope(), message.rewraps(), keys_, *directory_,
                                   session_.keys, context_.clock->Now(), *context_.random);
    if (!rewrap.ok()) {
      failed_.push_back(
          Cat({IdText(id), "  ", CodeOf(rewrap.status()), ": ", TextOf(rewrap.status())}));
      return absl::OkStatus();
    }
    *batch_.add_rewraps() = *std::move(rewrap);
    return batch_.rewraps_size() < static_cast<int>(kRewrapsAtOnce) ? absl::OkStatus() : Send();
  }

  absl::Status Send() {
    if (batch_.rewraps().empty()) return absl::OkStatus();
    PALERMO_RETURN_IF_ERROR(session_.node.PutRewraps(batch_).status());
    done_ += batch_.rewraps_size();
    batch_.Clear();
    context_.progress(absl::StrFormat("%d messages rewrapped", done_));
    return absl::OkStatus();
  }

  Session& session_;
  Context& context_;
  const trust::DirectoryPtr directory_;
  const std::vector<desk::AuthorityKey> keys_;
  v1::PutRewrapsRequest batch_;
  int done_ = 0;
  std::vector<std::string> failed_;
};

// Tries, before a version is destroyed, that everything which opens with it opens without it. The
// node counts rewraps and cannot try them.
class KeyTrial {
 public:
  KeyTrial(Session& session, std::string key_id, std::vector<desk::AuthorityKey> keys)
      : session_(session), key_id_(std::move(key_id)), keys_(std::move(keys)) {}

  absl::Status Run(int64_t last_delivery_ms) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<v1::MessageSummary> messages,
                             session_.ListAll("", false, false));
    for (const auto& message : messages) {
      // Sealed later, under a later version.
      if (message.recorded_at_ms() > last_delivery_ms) continue;
      PALERMO_RETURN_IF_ERROR(Try(message.message_id(), " --message ", messages_));
    }
    PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse pending, session_.ListDrafts());
    for (const auto& draft : pending.drafts()) {
      PALERMO_RETURN_IF_ERROR(Try(draft.message_id(), " ", drafts_));
    }
    if (messages_.count + drafts_.count == 0) return absl::OkStatus();
    return WrongState("KEY_IN_USE", Words());
  }

 private:
  struct Left {
    int count = 0;
    std::string names;  // of the first of them
  };

  absl::Status Try(const std::string& id, const char* as, Left& left) {
    PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, session_.node.FetchMessage(id));
    if (desk::OpensWithout(key_id_, message.envelope(), keys_, message.rewraps()).ok()) {
      return absl::OkStatus();
    }
    if (++left.count <= kNamesShown) left.names += Cat({as, IdText(id)});
    return absl::OkStatus();
  }

  static std::string FirstOf(const Left& left) {
    return left.count > kNamesShown ? absl::StrFormat(" (the first %d)", kNamesShown) : "";
  }
  std::string Words() const {
    std::string text =
        absl::StrFormat("what only this version opens: messages %d, drafts that wait %d.",
                        messages_.count, drafts_.count);
    if (messages_.count > 0) {
      text +=
          Cat({"\n  When there is no newer version, make one: palermo sealing-key rotate; then "
               "palermo sealing-key rewrap\n  Where the node has a rewrap that opens nothing",
               FirstOf(messages_), ": palermo sealing-key rewrap", messages_.names});
    }
    if (drafts_.count > 0) {
      text += Cat({"\n  Drafts cannot be rewrapped", FirstOf(drafts_),
                   "; approve each, or: palermo case drop", drafts_.names});
    }
    return text;
  }

  static constexpr int kNamesShown = 20;
  Session& session_;
  const std::string key_id_;
  const std::vector<desk::AuthorityKey> keys_;
  Left messages_, drafts_;
};

// What each of the two reads before he signs.
absl::Status ShowDestruction(Session& session, const v1::KeyDestructionStatement& body,
                             Context& context) {
  v1::GetKeyStatusRequest request;
  request.set_authority(body.authority());
  request.set_count_messages(true);
  PALERMO_ASSIGN_OR_RETURN(v1::GetKeyStatusResponse response, session.node.GetKeyStatus(request));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  const v1::SealingKeyEntry* entry = FindEntry(*directory, body.authority(), body.key_id());
  for (const auto& key : response.keys()) {
    if (key.key_id() != body.key_id()) continue;
    Tell(absl::StrFormat(
        "You sign that version %d of the key of %s is destroyed: reason %s%s.\n  standing  %s\n"
        "  messages that only it opens, by the node's count: %d",
        body.key_version(), body.authority(), v1::DestructionReason::Code_Name(body.reason()),
        body.forced() ? ", FORCED" : "", StandingOf(key, entry, ToMillis(context.clock->Now())),
        key.messages()));
    return absl::OkStatus();
  }
  return Missing("UNKNOWN_KEY", "the node knows no such version; see sealing-key status");
}

// Before an officer signs a version's destruction. One that is forced goes on, and he reads what is
// lost with it.
absl::Status TryWithout(Session& session, const v1::KeyDestructionStatement& body) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  const v1::SealingKeyEntry* entry = FindEntry(*directory, body.authority(), body.key_id());
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  bool has_it = std::any_of(keys.begin(), keys.end(),
                            [&](const auto& key) { return key.key_id == body.key_id(); });
  absl::Status tried = Refused("WRONG_ROLE", "you were not granted this version");
  if (has_it && entry != nullptr) {
    KeyTrial trial(session, body.key_id(), std::move(keys));
    tried = trial.Run(entry->valid_to_ms() + limits::kMaxMessageLifeMillis);
  }
  if (!tried.ok() && body.forced() && CodeOf(tried) == "KEY_IN_USE") {
    Tell(Cat({"These will be lost: ", TextOf(tried)}));
    return absl::OkStatus();
  }
  if (CodeOf(tried) != "WRONG_ROLE") return tried;
  Tell(
      "Not tried: you do not read messages, so nothing shows that they open without this version. "
      "Let an officer who reads them sign first.");
  return absl::OkStatus();
}

absl::StatusOr<int> Rewrap(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  const v1::AuthorityEntry* authority = directory->FindAuthority(session.authority());
  if (authority == nullptr) return Missing("UNKNOWN_RECIPIENT", "your authority is not there");
  PALERMO_ASSIGN_OR_RETURN(const v1::SealingKeyEntry* newest,
                           trust::ActiveSealingKey(*authority, context.clock->Now()));
  Rewrapper rewrapper(session, context, directory, std::move(keys));
  std::vector<std::string> named = args.All("--message");
  absl::Status status = named.empty() ? rewrapper.Run(newest->key_id()) : rewrapper.RunFor(named);
  if (!status.ok()) {
    Tell("Stopped. What was rewrapped stays; run the command again for the rest.");
    return status;
  }
  if (context.json) {
    desk::Json failed = desk::Json::List();
    for (const std::string& line : rewrapper.failed()) failed.Push(line);
    desk::Json json = desk::Json::Object();
    json.AddNumber("rewrapped", rewrapper.done()).AddNumber("to_version", newest->version());
    context.out += json.Add("failed", std::move(failed)).Pretty();
  } else {
    context.out += absl::StrFormat("Rewrapped to version %d: %d messages.\n", newest->version(),
                                   rewrapper.done());
    for (const std::string& line : rewrapper.failed()) {
      context.out += Cat({"  not rewrapped  ", line, "\n"});
    }
  }
  return rewrapper.failed().empty() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> ProposeDestruction(const Args& args, Context& context) {
  v1::DestructionReason::Code reason{};
  if (!v1::DestructionReason::Code_Parse(args.Get("--reason"), &reason)) {
    return UsageError("--reason is ROTATION, COMPROMISE or RETENTION");
  }
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  const v1::AuthorityEntry* authority = directory->FindAuthority(session.authority());
  PALERMO_ASSIGN_OR_RETURN(const uint64_t typed,
                           NumberOption(args, "--key-version", 1, UINT32_MAX, 0));
  const auto version = static_cast<uint32_t>(typed);
  v1::KeyDestructionStatement body;
  if (authority == nullptr) return Missing("UNKNOWN_RECIPIENT", "your authority is not there");
  for (const auto& key : authority->sealing_keys()) {
    if (key.version() == version) body.set_key_id(key.key_id());
  }
  if (body.key_id().empty()) {
    return Missing("UNKNOWN_KEY", "the directory has no such version; see sealing-key status");
  }
  body.set_format(1);
  body.set_authority(session.authority());
  body.set_key_version(version);
  body.set_reason(reason);
  body.set_forced(args.Has("--force"));
  body.set_at_ms(ToMillis(context.clock->Now()));
  PALERMO_RETURN_IF_ERROR(ShowDestruction(session, body, context));
  PALERMO_RETURN_IF_ERROR(TryWithout(session, body));
  PALERMO_RETURN_IF_ERROR(AskFor(kDestroyWord, args));
  v1::SignedStatement statement;
  statement.set_statement(trust::StrictSerialize(body));
  PALERMO_RETURN_IF_ERROR(trust::SignStatement(
      crypto::Purpose::kKeyDestruction, session.keys.officer, *session.keys.sign, &statement));
  PALERMO_RETURN_IF_ERROR(WriteStatement(args.Get("--out"), statement));
  context.out += context.json ? "{\"signed\": true}\n"
                              : Cat({"You signed that version ", std::to_string(version),
                                     " of the key of ", session.authority(),
                                     " is destroyed. A second officer signs and enters "
                                     "it:\n  palermo sealing-key destroy --statement ",
                                     args.Get("--out"), "\n"});
  return kExitOk;
}

absl::StatusOr<int> EnterDestruction(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(args.Get("--statement")));
  PALERMO_ASSIGN_OR_RETURN(v1::KeyDestructionStatement body, trust::ParseKeyDestruction(statement));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_RETURN_IF_ERROR(ShowDestruction(session, body, context));
  PALERMO_RETURN_IF_ERROR(TryWithout(session, body));
  PALERMO_RETURN_IF_ERROR(AskFor(kDestroyWord, args));
  PALERMO_RETURN_IF_ERROR(trust::SignStatement(
      crypto::Purpose::kKeyDestruction, session.keys.officer, *session.keys.sign, &statement));
  v1::DestroyKeyRequest request;
  *request.mutable_statement() = statement;
  PALERMO_ASSIGN_OR_RETURN(v1::DestroyKeyResponse response, session.node.DestroyKey(request));
  if (args.Has("--delete")) PALERMO_RETURN_IF_ERROR(desk::DeleteSecretFile(args.Get("--delete")));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.AddNumber("entry", static_cast<int64_t>(response.receipt().index()));
    context.out += json.AddNumber("grants_deleted", response.grants_deleted()).Pretty();
    return kExitOk;
  }
  context.out += absl::StrFormat(
      "Version %d of the key of %s is destroyed: entry %d; %d grants deleted at the node.\n"
      "Delete every key file of it, on all machines and in the safe.\n"
      "Copies in backups of the node die with the backup.\n",
      body.key_version(), body.authority(), response.receipt().index(), response.grants_deleted());
  return kExitOk;
}

absl::StatusOr<int> Destroy(const Args& args, Context& context) {
  if (args.Has("--statement")) return EnterDestruction(args, context);
  if (!args.Has("--key-version") || !args.Has("--reason") || !args.Has("--out")) {
    return UsageError("give --key-version, --reason and --out; or --statement to sign second");
  }
  return ProposeDestruction(args, context);
}

absl::StatusOr<int> Recover(const Args& args, Context& context) {
  Args recovery;
  if (args.Has("--recovery-passphrase-file")) {
    recovery.Set("--passphrase-file", {args.Get("--recovery-passphrase-file")});
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyBundle bundle,
                           OpenKeyFile(args.Get("--recovery-key"), recovery));
  PALERMO_ASSIGN_OR_RETURN(crypto::SealingPrivateKey key, desk::UseSealingKey(bundle, "recovery"));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_ASSIGN_OR_RETURN(GrantTarget target, TargetOf(args, session, *directory));
  PALERMO_ASSIGN_OR_RETURN(v1::GetGrantsResponse grants, session.node.GetGrants(target.authority));
  std::vector<desk::AuthorityKey> keys = desk::OpenRecoveryGrants(grants.grants(), key, *directory);
  if (keys.empty()) {
    return Missing("UNKNOWN_KEY", Cat({"the recovery key opens no grant of ", target.authority,
                                       "; is it the key that the directory names?"}));
  }
  return GrantKeys(keys, target, session, *directory, context);
}

}  // namespace

void AddKeyCustodyCommands(std::vector<Command>& commands) {
  commands.push_back({"sealing-key", "status", "Where each version of the key stands",
                      WithPassphrase({{"--authority", "ID", "default: yours"},
                                      {"--count", "", "count the messages that only it opens"}}),
                      "palermo sealing-key status --count", Status});
  commands.push_back(
      {"sealing-key", "rotate", "Put a new version into the next directory version",
       WithDirectory(
           {{"--key", "FILE", "the new sealing key's file; its public part is used", true},
            {"--days", "N", "how long the new window is; default 365"},
            {"--overlap-days", "N", "the old window ends after so many; default 1"}}),
       "palermo sealing-key rotate --key QM-central-sealing-2.key --out next.directory", Rotate});
  commands.push_back(
      {"sealing-key", "rewrap", "Seal what is kept to the newest version; run again after a break",
       WithPassphrase(
           {{"--message", "ID", "these, though the node has a rewrap of them", false, true}}),
       "palermo sealing-key rewrap", Rewrap});
  commands.push_back(
      {"sealing-key", "destroy", "Enter that a version's private key is gone; two officers sign",
       WithPassphrase({{"--key-version", "N", "which version; to sign first"},
                       {"--reason", "CODE", "ROTATION, COMPROMISE or RETENTION"},
                       {"--force", "", "although messages hang on it or it takes deliveries"},
                       {"--out", "FILE", "the statement, for the second officer"},
                       {"--statement", "FILE", "sign second, and enter it"},
                       {"--delete", "FILE", "and delete this key file"},
                       YesOption(kDestroyWord)}),
       "palermo sealing-key destroy --key-version 1 --reason ROTATION --out destroy.statement",
       Destroy});
  commands.push_back(
      {"sealing-key", "recover", "Give officers their keys again, with the offline recovery key",
       WithPassphrase(
           {{"--recovery-key", "FILE", "the recovery key's file", true},
            {"--recovery-passphrase-file", "FILE", "its passphrase: the first line"},
            {"--to", "ID", "officer; without: all who read", false, true},
            {"--break-glass", "ID", "for the officer of this statement, which you signed"}}),
       "palermo sealing-key recover --recovery-key QM-central-recovery.key", Recover});
}

}  // namespace palermo::cli
