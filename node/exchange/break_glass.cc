#include "node/exchange/break_glass.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/trust/statement.h"

namespace palermo::exchange {
namespace {

std::string HashOf(const v1::SignedStatement& statement) {
  return std::string(AsView(crypto::Sha256(statement.statement())));
}

absl::StatusOr<std::vector<Access>> InForce(const std::vector<v1::StoredBreakGlass>& all,
                                            absl::Time now) {
  std::vector<Access> found;
  for (const auto& stored : all) {
    if (!IsInForce(stored, now)) continue;
    PALERMO_ASSIGN_OR_RETURN(v1::BreakGlassStatement body,
                             trust::ParseBreakGlass(stored.statement()));
    Access access{{HashOf(stored.statement()), body.authority(), body.officer(), {}},
                  stored.index()};
    for (const auto& signature : stored.statement().signatures()) {
      access.access.signers.push_back(signature.officer());
    }
    found.push_back(std::move(access));
  }
  return found;
}

std::string PrefixFor(const std::string& officer) {
  return officer.empty() ? std::string(keys::kBreakGlass) : keys::BreakGlassOf(officer);
}

absl::StatusOr<v1::SignedStatement> CheckNew(Tx& tx, const v1::SignedStatement& statement,
                                             const std::string& caller,
                                             v1::BreakGlassStatement* body) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_ASSIGN_OR_RETURN(*body, trust::VerifyBreakGlass(statement, *directory, tx.now()));
  bool signer = std::any_of(statement.signatures().begin(), statement.signatures().end(),
                            [&](const auto& one) { return one.officer() == caller; });
  if (!signer) {
    return Refused("WRONG_SENDER", "a break-glass statement is brought by one who signed it");
  }
  PALERMO_ASSIGN_OR_RETURN(auto known,
                           tx.Get(keys::BreakGlass(body->officer(), HashOf(statement))));
  if (known.has_value()) return WrongState("ALREADY_SIGNED", "this statement was entered before");
  return statement;
}

}  // namespace

bool IsInForce(const v1::StoredBreakGlass& stored, absl::Time now) {
  auto body = trust::ParseBreakGlass(stored.statement());
  int64_t now_ms = ToMillis(now);
  return body.ok() && stored.ended_at_ms() == 0 && now_ms < body->to_ms();
}

absl::StatusOr<std::vector<v1::StoredBreakGlass>> AllBreakGlass(const storage::KvReader& store) {
  std::vector<std::pair<std::string, v1::StoredBreakGlass>> loaded;
  PALERMO_RETURN_IF_ERROR(
      LoadAll(store, std::string(keys::kBreakGlass), limits::kMaxBreakGlassScanned, &loaded));
  std::vector<v1::StoredBreakGlass> all;
  for (auto& [key, stored] : loaded) all.push_back(std::move(stored));
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.index() > b.index(); });
  return all;
}

absl::StatusOr<std::vector<Access>> LoadAccesses(const storage::KvReader& store,
                                                 const std::string& officer, absl::Time now) {
  std::vector<std::pair<std::string, v1::StoredBreakGlass>> loaded;
  PALERMO_RETURN_IF_ERROR(
      LoadAll(store, PrefixFor(officer), limits::kMaxBreakGlassScanned, &loaded));
  std::vector<v1::StoredBreakGlass> all;
  for (auto& [key, stored] : loaded) all.push_back(std::move(stored));
  return InForce(all, now);
}

absl::StatusOr<std::vector<Access>> LoadAccesses(const Tx& tx, const std::string& officer) {
  std::vector<v1::StoredBreakGlass> all;
  bool parsed = true;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(PrefixFor(officer), limits::kMaxBreakGlassScanned,
                                        [&](const std::string&, const std::string& value) {
                                          parsed = all.emplace_back().ParseFromString(value);
                                          return parsed;
                                        }));
  if (!parsed) return Damaged("STORE_DAMAGED", "a stored value does not parse");
  return InForce(all, tx.now());
}

absl::StatusOr<Access> FindAccess(const Tx& tx, const std::string& officer,
                                  const std::vector<std::string>& authorities) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Access> all, LoadAccesses(tx, officer));
  for (Access& one : all) {
    if (std::count(authorities.begin(), authorities.end(), one.access.authority) > 0) return one;
  }
  return Refused("NO_BREAK_GLASS",
                 Cat({"no break-glass statement in force lets ", officer, " see this"}));
}

v1::Record UseRecord(const Access& access, const std::string& officer) {
  v1::Record record;
  record.set_kind(v1::RecordKind::BREAK_GLASS_USED);
  record.set_actor(officer);
  record.set_authority(access.access.authority);
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_evidence_sha256(access.access.sha256);
  record.set_related_index(access.index);
  return record;
}

absl::StatusOr<uint64_t> DecideBreakGlass(Tx& tx, const v1::SignedStatement& statement,
                                          const std::string& caller) {
  v1::BreakGlassStatement body;
  v1::StoredBreakGlass stored;
  PALERMO_ASSIGN_OR_RETURN(*stored.mutable_statement(), CheckNew(tx, statement, caller, &body));
  v1::Record record;
  record.set_kind(v1::RecordKind::BREAK_GLASS);
  record.set_actor(caller);
  record.set_authority(body.authority());
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_method(Cat({v1::BreakGlassReason::Code_Name(body.reason()), " ", body.officer(),
                         " until ", FormatInstant(FromMillis(body.to_ms())),
                         body.with_compartments() ? ", with compartments" : ""}));
  record.set_evidence_sha256(HashOf(statement));
  uint64_t index = tx.Append(record);
  stored.set_index(index);
  tx.Save(keys::BreakGlass(body.officer(), HashOf(statement)), stored);
  AddNotice(tx, index);
  return index;
}

absl::StatusOr<uint64_t> DecideEndBreakGlass(Tx& tx, const std::string& sha256,
                                             const v1::OfficerEntry& caller) {
  std::string key;
  v1::StoredBreakGlass found;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(std::string(keys::kBreakGlass),
                                        limits::kMaxBreakGlassScanned,
                                        [&](const std::string& at, const std::string& value) {
                                          v1::StoredBreakGlass stored;
                                          if (!stored.ParseFromString(value)) return true;
                                          if (HashOf(stored.statement()) != sha256) return true;
                                          key = at;
                                          found = std::move(stored);
                                          return false;
                                        }));
  if (key.empty() || !IsInForce(found, tx.now())) {
    return WrongState("NO_BREAK_GLASS", "no such break-glass statement is in force");
  }
  bool signer =
      std::any_of(found.statement().signatures().begin(), found.statement().signatures().end(),
                  [&](const auto& one) { return one.officer() == caller.id(); });
  if (!signer && !trust::HasRole(caller, v1::Role::CUSTODIAN) &&
      !trust::HasRole(caller, v1::Role::AUDITOR)) {
    return Refused("WRONG_ROLE", "its signers, a custodian or an auditor end it");
  }
  found.set_ended_at_ms(ToMillis(tx.now()));
  tx.Save(key, found);
  v1::Record record;
  record.set_kind(v1::RecordKind::BREAK_GLASS_ENDED);
  record.set_actor(caller.id());
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_evidence_sha256(sha256);
  record.set_related_index(found.index());
  return tx.Append(record);
}

void AddNotice(Tx& tx, uint64_t index) { tx.Put(keys::Notice(index), ""); }

namespace {

// Whom a statement gives access, and who signed it, have not looked at it for the state.
absl::Status CheckNotOwnAccess(const Tx& tx, uint64_t index, const std::string& auditor) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  std::set<std::string> concerned;
  PALERMO_RETURN_IF_ERROR(
      tx.ScanPrefix(std::string(keys::kBreakGlass), limits::kMaxBreakGlassScanned,
                    [&](const std::string&, const std::string& value) {
                      v1::StoredBreakGlass stored;
                      v1::BreakGlassStatement body;
                      if (!stored.ParseFromString(value) || stored.index() != index) return true;
                      if (body.ParseFromString(stored.statement().statement())) {
                        concerned.insert(body.officer());
                      }
                      for (const auto& one : stored.statement().signatures()) {
                        concerned.insert(one.officer());
                      }
                      return false;
                    }));
  const v1::OfficerEntry* caller = directory->FindOfficer(auditor);
  for (const std::string& officer : concerned) {
    const v1::OfficerEntry* entry = directory->FindOfficer(officer);
    bool same_person = caller != nullptr && entry != nullptr && caller->person() == entry->person();
    if (officer != auditor && !same_person) continue;
    return Refused(officer == auditor ? "SAME_OFFICER" : "SAME_PERSON",
                   "whom the statement gives access, and who signed it, do not acknowledge it; "
                   "another auditor does");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<uint64_t> DecideAcknowledge(Tx& tx, uint64_t index, const std::string& auditor) {
  PALERMO_ASSIGN_OR_RETURN(auto waiting, tx.Get(keys::Notice(index)));
  if (!waiting.has_value()) {
    return Missing("UNKNOWN_NOTICE", "no notice with this entry waits for an auditor");
  }
  PALERMO_RETURN_IF_ERROR(CheckNotOwnAccess(tx, index, auditor));
  tx.Delete(keys::Notice(index));
  v1::Record record;
  record.set_kind(v1::RecordKind::NOTICE_ACKNOWLEDGED);
  record.set_actor(auditor);
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_related_index(index);
  return tx.Append(record);
}

}  // namespace palermo::exchange
