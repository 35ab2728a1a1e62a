#include "node/exchange/key_custody.h"

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/trust/rewrap.h"
#include "node/trust/statement.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

absl::StatusOr<std::vector<std::pair<std::string, v1::GrantStatement>>> GrantsIn(
    const Tx& tx, const std::string& prefix) {
  std::vector<std::pair<std::string, v1::GrantStatement>> grants;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(
      prefix, limits::kMaxGrantsPerScan, [&](const std::string& key, const std::string& value) {
        v1::Grant grant;
        v1::GrantStatement statement;
        if (grant.ParseFromString(value) && statement.ParseFromString(grant.statement())) {
          grants.emplace_back(key, std::move(statement));
        }
        return true;
      }));
  return grants;
}

absl::Status CheckNewKeysOf(const Tx& tx, const v1::AuthorityEntry& before,
                            const v1::AuthorityEntry& after, const trust::DirectoryIndex& next) {
  for (const auto& key : after.sealing_keys()) {
    bool known =
        std::any_of(before.sealing_keys().begin(), before.sealing_keys().end(),
                    [&](const v1::SealingKeyEntry& old) { return old.key_id() == key.key_id(); });
    if (known) continue;
    PALERMO_ASSIGN_OR_RETURN(auto grants, GrantsIn(tx, keys::Grants(after.id())));
    std::vector<v1::GrantStatement> statements;
    for (auto& [at, statement] : grants) statements.push_back(std::move(statement));
    trust::GrantStanding standing = trust::CountGrants(statements, key.key_id(), after, next);
    if (standing.active()) continue;
    return Refused("TOO_FEW_GRANTS",
                   Cat({"version ", std::to_string(key.version()), " of the sealing key of ",
                        after.id(), " is granted to ", std::to_string(standing.persons.size()),
                        " persons", standing.recovery ? "" : " and not to recovery",
                        "; it takes two and recovery: palermo sealing-key grant"}));
  }
  return absl::OkStatus();
}

bool HasReceiver(const v1::GrantStatement& grant, const trust::DirectoryIndex& directory) {
  if (grant.officer() == trust::kRecoveryOfficer) return true;
  const v1::OfficerEntry* officer = directory.FindOfficer(grant.officer());
  return officer != nullptr && officer->sealing_key_id() == grant.officer_key_id();
}

absl::StatusOr<std::vector<std::string>> KeysFrom(const storage::KvReader& store,
                                                  std::string_view stanzas_bytes,
                                                  const std::string& id,
                                                  const std::string& authority) {
  std::vector<std::string> found;
  v1::Stanzas stanzas;
  if (!stanzas.ParseFromArray(stanzas_bytes.data(), static_cast<int>(stanzas_bytes.size()))) {
    return Damaged("STORE_DAMAGED", "stored stanzas do not parse");
  }
  for (const auto& stanza : stanzas.stanzas()) {
    if (stanza.authority() == authority) found.push_back(stanza.key_id());
  }
  if (found.empty()) return found;
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::Rewrap> rewraps, RewrapsOf(store, id, authority));
  for (const v1::Rewrap& rewrap : rewraps) {
    PALERMO_ASSIGN_OR_RETURN(v1::RewrapStatement body, trust::ParseRewrap(rewrap));
    if (std::count(found.begin(), found.end(), body.key_id()) == 0) found.push_back(body.key_id());
  }
  return found;
}

absl::StatusOr<uint64_t> DecideRewrap(Tx& tx, const v1::Rewrap& rewrap,
                                      const trust::DirectoryIndex& directory,
                                      const std::string& officer) {
  PALERMO_ASSIGN_OR_RETURN(v1::RewrapStatement body,
                           trust::VerifyRewrap(rewrap, directory, tx.now()));
  if (body.officer() != officer) {
    return Refused("WRONG_SENDER", "a rewrap is brought by the officer who signed it");
  }
  PALERMO_ASSIGN_OR_RETURN(auto destroyed,
                           tx.Get(keys::DestroyedKey(body.authority(), body.key_id())));
  if (destroyed.has_value()) return WrongState("KEY_DESTROYED", "the newer key was destroyed");
  PALERMO_ASSIGN_OR_RETURN(auto message,
                           tx.Load<v1::StoredMessage>(keys::Message(body.message_id())));
  std::optional<std::string> stanzas;
  if (message.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(stanzas, tx.GetStanzas(message->index()));
  }
  v1::Stanzas parsed;
  v1::Header header;
  if (!message.has_value() || !stanzas.has_value() || !parsed.ParseFromString(*stanzas) ||
      !header.ParseFromString(message->header())) {
    return Missing("UNKNOWN_MESSAGE", "no message with this id, and its keys, is here");
  }
  const auto stanza =
      std::find_if(parsed.stanzas().begin(), parsed.stanzas().end(),
                   [&](const v1::Stanza& one) { return one.authority() == body.authority(); });
  if (stanza == parsed.stanzas().end() || stanza->key_id() == body.key_id()) {
    return Refused("BAD_REWRAP", "the message is not sealed to an older key of this authority");
  }
  tx.Save(keys::Rewrap(body.message_id(), body.authority(), body.key_id(), officer), rewrap);
  v1::Record record;
  record.set_kind(v1::RecordKind::REWRAP);
  record.set_actor(officer);
  record.set_case_id(header.case_id());
  record.set_message_id(body.message_id());
  record.set_authority(body.authority());
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_document_version(body.key_version());
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(rewrap.statement()))));
  return tx.Append(record);
}

// Each of two versions may be what the messages of the other hang on, and both be destroyed at
// once.
absl::Status CheckCounted(const Tx& tx, const v1::KeyDestructionStatement& body,
                          const std::set<std::string>& destroyed_before) {
  if (body.forced()) return absl::OkStatus();
  bool same = true;
  const std::string prefix = keys::DestroyedKeys(body.authority());
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(prefix, limits::kMaxGrantsPerScan,
                                        [&](const std::string& key, const std::string&) {
                                          same = destroyed_before.count(key.substr(prefix.size()));
                                          return same;
                                        }));
  if (same) return absl::OkStatus();
  return WrongState("NOT_REWRAPPED",
                    "another version was destroyed since it was counted which messages hang on "
                    "this one; try again");
}

}  // namespace

absl::Status CheckNewKeys(const Tx& tx, const trust::DirectoryIndex& previous,
                          const trust::DirectoryIndex& next) {
  for (const auto& after : next.body().authorities()) {
    const v1::AuthorityEntry* before = previous.FindAuthority(after.id());
    if (before == nullptr || before->sealing_keys().empty()) continue;
    PALERMO_RETURN_IF_ERROR(CheckNewKeysOf(tx, *before, after, next));
  }
  return absl::OkStatus();
}

absl::Status ForgetOfficersWhoLeft(Tx& tx, const trust::DirectoryIndex& previous,
                                   const trust::DirectoryIndex& next) {
  bool left = false;
  for (const auto& officer : previous.body().officers()) {
    const v1::OfficerEntry* now = next.FindOfficer(officer.id());
    left = left || now == nullptr || now->sealing_key_id() != officer.sealing_key_id();
    for (const auto& pin : officer.tls_pins()) {
      if (next.FindOfficerByPin(pin) == nullptr) tx.Put(keys::FormerPin(pin), officer.id());
    }
  }
  if (!left) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto grants, GrantsIn(tx, std::string(keys::kAllGrants)));
  for (const auto& [key, grant] : grants) {
    if (!HasReceiver(grant, next)) tx.Delete(key);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Rewrap>> RewrapsOf(const storage::KvReader& store,
                                                  const std::string& id,
                                                  const std::string& authority) {
  std::vector<std::pair<std::string, v1::Rewrap>> loaded;
  PALERMO_RETURN_IF_ERROR(
      LoadAll(store, keys::Rewraps(id, authority), limits::kMaxRewrapsPerMessage, &loaded));
  std::vector<v1::Rewrap> rewraps;
  for (auto& [key, rewrap] : loaded) rewraps.push_back(std::move(rewrap));
  return rewraps;
}

absl::StatusOr<std::vector<std::string>> KeysOfMessage(const storage::KvReader& store,
                                                       const ListItem& message,
                                                       const std::string& authority) {
  PALERMO_ASSIGN_OR_RETURN(const std::string stanzas,
                           LoadSealed(store, keys::Stanzas(message.number)));
  return KeysFrom(store, stanzas, message.id, authority);
}

absl::StatusOr<std::set<std::string>> DestroyedKeysOf(const storage::KvReader& store,
                                                      const std::string& authority) {
  std::set<std::string> destroyed;
  std::string prefix = keys::DestroyedKeys(authority);
  PALERMO_RETURN_IF_ERROR(
      store.Scan(storage::ScanRange::Prefix(prefix), [&](std::string_view key, std::string_view) {
        destroyed.insert(std::string(key.substr(prefix.size())));
        return true;
      }));
  return destroyed;
}

absl::Status ForEachSealed(
    const storage::KvReader& store, const std::string& authority,
    absl::FunctionRef<bool(const std::string& id, const std::vector<std::string>& keys)> visit) {
  absl::Status failed;
  bool stopped = false;
  auto take = [&](const std::string& id, const absl::StatusOr<std::vector<std::string>>& keys) {
    failed = keys.status();
    if (!keys.ok()) return false;
    stopped = !keys->empty() && !visit(id, *keys);
    return !stopped;
  };
  PALERMO_RETURN_IF_ERROR(ScanListing(store, "", [&](const ListItem& item) {
    return take(item.id, KeysOfMessage(store, item, authority));
  }));
  PALERMO_RETURN_IF_ERROR(failed);
  if (stopped) return absl::OkStatus();
  PALERMO_RETURN_IF_ERROR(store.Scan(
      storage::ScanRange::Prefix(keys::kDrafts), [&](std::string_view key, std::string_view value) {
        v1::PendingMessage draft;
        std::string id(key.substr(keys::kDrafts.size()));
        if (!draft.ParseFromArray(value.data(), static_cast<int>(value.size()))) return true;
        return take(id, KeysFrom(store, draft.envelope().stanzas(), id, authority));
      }));
  return failed;
}

absl::StatusOr<uint64_t> CountHanging(const storage::KvReader& store, const std::string& authority,
                                      const std::string& key_id) {
  PALERMO_ASSIGN_OR_RETURN(std::set<std::string> destroyed, DestroyedKeysOf(store, authority));
  uint64_t count = 0;
  PALERMO_RETURN_IF_ERROR(
      ForEachSealed(store, authority, [&](const std::string&, const std::vector<std::string>& all) {
        bool has = std::count(all.begin(), all.end(), key_id) > 0;
        bool other = std::any_of(all.begin(), all.end(), [&](const std::string& id) {
          return id != key_id && destroyed.count(id) == 0;
        });
        if (has && !other) ++count;
        return true;
      }));
  return count;
}

absl::StatusOr<uint64_t> DecideRewraps(Tx& tx, const v1::PutRewrapsRequest& request,
                                       const std::string& officer) {
  if (request.rewraps().empty() ||
      request.rewraps_size() > static_cast<int>(limits::kMaxRewrapsPerCall)) {
    return InputError("TOO_MANY", "the call has no rewrap, or too many");
  }
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  uint64_t index = 0;
  for (const v1::Rewrap& rewrap : request.rewraps()) {
    PALERMO_ASSIGN_OR_RETURN(index, DecideRewrap(tx, rewrap, *directory, officer));
  }
  return index;
}

absl::Status CheckNotDestroyed(const Tx& tx, const v1::Stanzas& stanzas) {
  for (const v1::Stanza& stanza : stanzas.stanzas()) {
    if (StateOf(stanza.authority()) != tx.state()) continue;
    PALERMO_ASSIGN_OR_RETURN(bool destroyed,
                             tx.HasRare(keys::kAllDestroyedKeys,
                                        keys::DestroyedKey(stanza.authority(), stanza.key_id())));
    if (!destroyed) continue;
    return WrongState("KEY_DESTROYED",
                      Cat({"the message is sealed to a key of ", stanza.authority(),
                           " that was destroyed, so nobody could open it; fetch the newest "
                           "directory and seal again"}));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::KeyDestructionStatement> JudgeKeyDestruction(
    const v1::SignedStatement& statement, const trust::DirectoryIndex& directory,
    const std::string& caller, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(v1::KeyDestructionStatement body,
                           trust::VerifyKeyDestruction(statement, directory, now));
  bool signer = std::any_of(statement.signatures().begin(), statement.signatures().end(),
                            [&](const auto& one) { return one.officer() == caller; });
  if (signer) return body;
  return Refused("WRONG_SENDER", "the statement is brought by one of the officers who signed it");
}

absl::StatusOr<Destroyed> DecideDestroyKey(Tx& tx, const v1::SignedStatement& statement,
                                           const std::string& caller,
                                           const std::set<std::string>& destroyed_before) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_ASSIGN_OR_RETURN(v1::KeyDestructionStatement body,
                           JudgeKeyDestruction(statement, *directory, caller, tx.now()));
  std::string at = keys::DestroyedKey(body.authority(), body.key_id());
  PALERMO_ASSIGN_OR_RETURN(auto known, tx.Get(at));
  if (known.has_value()) return WrongState("KEY_DESTROYED", "this version is destroyed already");
  const v1::AuthorityEntry* authority = directory->FindAuthority(body.authority());
  auto newest = trust::ActiveSealingKey(*authority, tx.now());
  if (newest.ok() && (*newest)->key_id() == body.key_id()) {
    return WrongState("KEY_IN_USE",
                      "everybody seals to this version now, and nobody could open it, also when it "
                      "is forced; make the next version first: palermo sealing-key rotate");
  }
  if (!body.forced() && trust::CheckDeliverable(*authority, body.key_id(), tx.now()).ok()) {
    return WrongState("KEY_IN_USE",
                      "the version takes deliveries until its window ends plus 30 days; wait, or "
                      "force it with a reason");
  }
  PALERMO_RETURN_IF_ERROR(CheckCounted(tx, body, destroyed_before));
  v1::Record record;
  record.set_kind(v1::RecordKind::KEY_DESTROYED);
  record.set_actor(caller);
  record.set_authority(body.authority());
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_document_version(body.key_version());
  record.set_method(
      Cat({v1::DestructionReason::Code_Name(body.reason()), body.forced() ? " forced" : ""}));
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(statement.statement()))));
  Destroyed result;
  result.index = tx.Append(record);
  if (body.forced()) AddNotice(tx, result.index);
  v1::StoredKeyDestruction stored;
  *stored.mutable_statement() = statement;
  stored.set_index(result.index);
  tx.Save(at, stored);
  PALERMO_ASSIGN_OR_RETURN(auto grants, GrantsIn(tx, keys::Grants(body.authority())));
  for (const auto& [key, grant] : grants) {
    if (grant.key_id() != body.key_id()) continue;
    tx.Delete(key);
    ++result.grants;
  }
  return result;
}

}  // namespace palermo::exchange
