#include "node/exchange/calls.h"

#include "base/clock.h"
#include "base/limits.h"
#include "node/exchange/keys.h"

namespace palermo::exchange {

namespace {

// An officer out of his mandate, or one who is not in the directory any more; "" for a stranger.
std::string NameOfRefused(NodeParts& parts, const Caller& caller) {
  if (caller.tls_pin.empty()) return "";
  auto directory = parts.Trust()->DirectoryOf(parts.options.state);
  if (directory.ok()) {
    const v1::OfficerEntry* entry = (*directory)->FindOfficerByPin(caller.tls_pin);
    if (entry != nullptr) return entry->id();
  }
  auto former = parts.options.store->Get(keys::FormerPin(caller.tls_pin));
  return former.ok() && former->has_value() ? **former : "";
}

// A refusal without its entry: no other call of its caller is taken for entered because of this
// one.
absl::Status NotEntered(NodeParts& parts, const std::string& actor, const absl::Status& refusal,
                        const absl::Status& why) {
  ++parts.counters.refusals_not_entered;
  {
    absl::MutexLock lock(&parts.mu);
    if (actor.empty()) parts.last_unknown_entry_ms = 0;
    parts.last_former_entry_ms.erase(actor);
  }
  return Error(why.code(), CodeOf(why),
               Cat({TextOf(why), "; the call would be refused all the same: ", CodeOf(refusal)}));
}

absl::StatusOr<const v1::OfficerEntry*> JudgeCaller(const trust::TrustView& view,
                                                    const std::string& state,
                                                    const std::string& tls_pin, const Roles& roles,
                                                    absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(state));
  PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* entry, OfficerByPin(*directory, tls_pin, now));
  std::string wanted;
  for (v1::Role::Code role : roles) {
    if (trust::HasRole(*entry, role)) return entry;
    wanted += Cat({wanted.empty() ? "" : ", ", v1::Role::Code_Name(role)});
  }
  if (roles.empty()) return entry;
  return Refused("WRONG_ROLE",
                 Cat({entry->id(), " has none of the roles that may do this: ", wanted}));
}

}  // namespace

absl::StatusOr<Officer> FindOfficer(NodeParts& parts, const Caller& caller, Roles roles) {
  Officer officer;
  officer.view = parts.Trust();
  PALERMO_ASSIGN_OR_RETURN(officer.entry,
                           JudgeCaller(*officer.view, parts.options.state, caller.tls_pin, roles,
                                       parts.options.clock->Now()));
  officer.id = officer.entry->id();
  officer.authority = AuthorityOf(officer.id);
  officer.tls_pin = caller.tls_pin;
  officer.roles = std::move(roles);
  return officer;
}

absl::Status JudgeAgain(const Tx& tx, const std::string& officer, const std::string& tls_pin,
                        const Roles& roles) {
  if (tls_pin.empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* entry,
                           JudgeCaller(*tx.trust(), tx.state(), tls_pin, roles, tx.now()));
  if (entry->id() == officer) return absl::OkStatus();
  return Refused("UNKNOWN_OFFICER",
                 Cat({"the key that called for ", officer,
                      " is another officer's in the directory by now; call again"}));
}

v1::Record RefusalRecord(const std::string& actor, const std::string& method,
                         const std::string& message_id, const absl::Status& status) {
  v1::Record record;
  record.set_kind(v1::RecordKind::REFUSED_CALL);
  record.set_actor(actor);
  record.set_method(method);
  if (message_id.size() == 32) record.set_message_id(message_id);
  record.set_outcome(v1::Outcome::REJECTED);
  record.set_reason(trust::ReasonOf(status));
  return record;
}

bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kResourceExhausted:
      return true;
    default:
      return false;
  }
}

void NameCase(const Tx& tx, v1::Record& record) {
  if (record.message_id().empty()) return;
  std::string bytes;
  auto message = tx.Load<v1::StoredMessage>(keys::Message(record.message_id()));
  if (message.ok() && message->has_value()) bytes = (*message)->header();
  auto draft = tx.Load<v1::PendingMessage>(keys::Draft(record.message_id()));
  if (draft.ok() && draft->has_value()) bytes = (*draft)->envelope().header();
  v1::Header header;
  if (bytes.empty() || !header.ParseFromString(bytes)) return;
  record.set_case_id(header.case_id());
  record.set_family(header.family());
  record.set_act(header.act());
}

namespace {

// A clock that was set back makes no silence of its own. Notes the time when it is due.
bool IsDue(const NodeParts& parts, int64_t& last_ms, int64_t every_ms) {
  const int64_t now_ms = ToMillis(parts.options.clock->Now());
  const bool due = last_ms == 0 || now_ms < last_ms || now_ms - last_ms >= every_ms;
  if (due) last_ms = now_ms;
  return due;
}

}  // namespace

void EnterRefusal(NodeParts& parts, const Caller& caller, const std::string& method,
                  const std::string& message_id, const absl::Status& status,
                  std::function<void(const absl::Status&)> after) {
  ++parts.counters.refused;
  std::string actor;
  bool enter = true;
  auto officer = FindOfficer(parts, caller, {});
  if (officer.ok()) {
    actor = officer->id;
  } else {
    actor = NameOfRefused(parts, caller);
    absl::MutexLock lock(&parts.mu);
    int64_t& last = actor.empty() ? parts.last_unknown_entry_ms : parts.last_former_entry_ms[actor];
    enter = IsDue(parts, last, limits::kUnknownCallerEntryMillis);
  }
  if (!enter) return after(status);
  Decision decision;
  decision.decide = [record = RefusalRecord(actor, method, message_id, status)](Tx& tx) mutable {
    NameCase(tx, record);
    tx.Append(record);
    return absl::OkStatus();
  };
  auto tell = [&parts, actor, status, after](const absl::Status& entered) {
    after(entered.ok() ? status : NotEntered(parts, actor, status, entered));
  };
  decision.done = [tell](const absl::Status& entered, const CommittedPtr&) { tell(entered); };
  absl::Status queued = parts.committer->Enqueue(std::move(decision));
  if (!queued.ok()) tell(queued);
}

void EnterWrongKey(NodeParts& parts, const std::string& peer, const absl::Status& status) {
  ++parts.counters.refused;
  {
    absl::MutexLock lock(&parts.mu);
    if (!IsDue(parts, parts.last_wrong_key_entry_ms[peer], limits::kWrongKeyEntryMillis)) return;
  }
  v1::Record record = RefusalRecord("", "Exchange", "", status);
  record.add_peers(peer);
  auto tell = [&parts, peer](const absl::Status& entered) {
    if (entered.ok()) return;
    ++parts.counters.refusals_not_entered;
    absl::MutexLock lock(&parts.mu);
    parts.last_wrong_key_entry_ms.erase(peer);
  };
  Decision decision;
  decision.decide = [record](Tx& tx) {
    tx.Append(record);
    return absl::OkStatus();
  };
  decision.done = [tell](const absl::Status& entered, const CommittedPtr&) { tell(entered); };
  absl::Status queued = parts.committer->Enqueue(std::move(decision));
  if (!queued.ok()) tell(queued);
}

absl::StatusOr<uint64_t> ReadCounter(const storage::KvReader& store, const std::string& key) {
  PALERMO_ASSIGN_OR_RETURN(auto value, store.Get(key));
  if (!value.has_value()) return uint64_t{0};
  if (value->size() != 8) return Damaged("STORE_DAMAGED", "a stored counter is not one");
  return ReadBigEndian64(*value);
}

v1::Receipt ReceiptFor(NodeParts& parts, uint64_t index, const CommittedPtr& committed) {
  if (committed->Has(index)) return committed->ReceiptOf(index);
  auto receipt = parts.committer->ReceiptOf(index);
  return receipt.ok() ? *receipt : v1::Receipt();
}

}  // namespace palermo::exchange
