// The one shape of a call that changes something: check the caller, check what needs no store,
// decide in the committer, answer with what is durable; a refusal is an entry too. Internal to this
// room.
#ifndef PALERMO_NODE_EXCHANGE_CALLS_H_
#define PALERMO_NODE_EXCHANGE_CALLS_H_

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/state_code.h"
#include "node/exchange/parts.h"
#include "node/exchange/submit.h"
#include "node/trust/reason.h"

namespace palermo::exchange {

using Roles = std::vector<v1::Role::Code>;

// Who calls, found by the TLS pin in the own directory.
struct Officer {
  std::string id;
  std::string authority;
  std::string tls_pin;
  Roles roles;  // one of these he must have; empty: any
  trust::TrustPtr view;
  const v1::OfficerEntry* entry = nullptr;  // of view's directory
};

// The roles that work on cases; auditors and administrators see no message.
inline constexpr std::initializer_list<v1::Role::Code> kCaseRoles = {
    v1::Role::DRAFTER, v1::Role::APPROVER, v1::Role::INVESTIGATOR};

absl::StatusOr<Officer> FindOfficer(NodeParts& parts, const Caller& caller, Roles roles);
// The same officer by the directory and at the time of the decision: between the call and the
// decision his key, mandate or role may have ended, or his key may have become another's.
absl::Status JudgeAgain(const Tx& tx, const std::string& officer, const std::string& tls_pin,
                        const Roles& roles);

// Enters the refusal, then calls `after` with what the caller is to hear: `status`, or why there is
// no entry of it (the ledger is halted or full of work, or the token is away), which is counted.
// Callers that are in no directory get an entry now and then only, so that nobody can fill the
// ledger from outside.
void EnterRefusal(NodeParts& parts, const Caller& caller, const std::string& method,
                  const std::string& message_id, const absl::Status& status,
                  std::function<void(const absl::Status&)> after);

// Another key than the directory's answered at this peer's address: an entry for each peer, once an
// hour.
void EnterWrongKey(NodeParts& parts, const std::string& peer, const absl::Status& status);

v1::Record RefusalRecord(const std::string& actor, const std::string& method,
                         const std::string& message_id, const absl::Status& status);
// Adds case, family and act of the message, so that who reads the entries of a case finds what was
// refused in it. Silent when the message is not here, or not to be read.
void NameCase(const Tx& tx, v1::Record& record);

// Whether a failed decision is the caller's fault and therefore an entry.
bool IsRefusal(const absl::Status& status);

struct CallContext {
  // Of an officer, who is judged again with the decision.
  CallContext(std::string call, const Officer& officer, std::string id = "", size_t bytes = 1024)
      : method(std::move(call)),
        actor(officer.id),
        message_id(std::move(id)),
        byte_size(bytes),
        tls_pin(officer.tls_pin),
        roles(officer.roles) {}
  // Of whoever brings what judges itself; `officer` is "" when he is none.
  static CallContext OfAnybody(std::string call, std::string officer, size_t bytes) {
    CallContext context(std::move(call), Officer(), "", bytes);
    context.actor = std::move(officer);
    return context;
  }

  std::string method;
  std::string actor;
  std::string message_id;
  size_t byte_size;
  std::string tls_pin;
  Roles roles;
};

// decide: absl::StatusOr<Value>(Tx&). make: Response(const Value&, const CommittedPtr&).
template <typename Value, typename Response, typename Decide, typename Make>
void Commit(NodeParts& parts, CallContext context, Decide decide, Make make,
            Reply<Response> reply) {
  auto value = std::make_shared<absl::StatusOr<Value>>(absl::UnknownError(""));
  Decision decision;
  decision.byte_size = context.byte_size;
  decision.decide = [value, context, decide = std::move(decide)](Tx& tx) -> absl::Status {
    absl::Status judged = JudgeAgain(tx, context.actor, context.tls_pin, context.roles);
    *value = judged.ok() ? decide(tx) : absl::StatusOr<Value>(judged);
    // A caller who is nobody here gets his entry by EnterRefusal, which bounds how many there are.
    if (IsRefusal(value->status()) && !context.actor.empty()) {
      v1::Record refused =
          RefusalRecord(context.actor, context.method, context.message_id, value->status());
      NameCase(tx, refused);
      tx.AppendAfterRollback(refused);
    }
    return value->status();
  };
  decision.done = [&parts, value, reply, make = std::move(make)](const absl::Status& status,
                                                                 const CommittedPtr& committed) {
    if (!status.ok()) {
      ++parts.counters.refused;
      return reply(status);
    }
    reply(make(**value, committed));
  };
  absl::Status queued = parts.committer->Enqueue(std::move(decision));
  if (!queued.ok()) reply(queued);
}

// The access is entered, and then read and answered, outside the committer's thread. `enter`:
// absl::StatusOr<uint64_t>(Tx&). `read`: absl::StatusOr<Response>().
template <typename Response, typename Enter, typename Read>
void EnterThenRead(NodeParts& parts, CallContext context, Enter enter, Read read,
                   Reply<Response> reply) {
  using Entered = absl::StatusOr<bool>;
  Commit<uint64_t, bool>(
      parts, std::move(context), std::move(enter),
      [](uint64_t, const CommittedPtr&) { return true; },
      [&parts, read = std::move(read), reply](const Entered& entered) {
        if (!entered.ok()) return reply(entered.status());
        absl::Status posted = parts.readers.Post([read, reply] { reply(read()); });
        if (!posted.ok()) reply(posted);
      });
}

// The receipt of an own entry, of this batch or of an older one.
v1::Receipt ReceiptFor(NodeParts& parts, uint64_t index, const CommittedPtr& committed);

// Enters the refusal, then answers with it.
template <typename Response>
void AnswerRefusal(NodeParts& parts, const Caller& caller, const std::string& method,
                   const std::string& message_id, const absl::Status& status,
                   const Reply<Response>& reply) {
  EnterRefusal(parts, caller, method, message_id, status, reply);
}

// Values under a prefix, parsed, each with the rest of its key. TOO_MANY when there are more than
// `limit`: what is not all is not shown as all.
template <typename Message>
absl::Status LoadAll(const storage::KvReader& store, const std::string& prefix, size_t limit,
                     std::vector<std::pair<std::string, Message>>* found) {
  bool parsed = true;
  bool more = false;
  PALERMO_RETURN_IF_ERROR(store.Scan(
      storage::ScanRange::Prefix(prefix), [&](std::string_view key, std::string_view value) {
        more = found->size() == limit;
        if (more) return false;
        Message message;
        parsed = message.ParseFromArray(value.data(), static_cast<int>(value.size()));
        if (parsed) found->emplace_back(std::string(key.substr(prefix.size())), std::move(message));
        return parsed;
      }));
  if (!parsed) return Damaged("STORE_DAMAGED", "a stored value does not parse");
  if (more) {
    return OverLimit("TOO_MANY",
                     "the node keeps more of these than one answer holds; ask its "
                     "operator");
  }
  return absl::OkStatus();
}

// As Tx::GetCounter, of what is durable: 0 when absent.
absl::StatusOr<uint64_t> ReadCounter(const storage::KvReader& store, const std::string& key);

// Stanzas or body of a message that is here, by its key (keys::Stanzas, keys::Body). STORE_DAMAGED
// when they are not: nothing deletes them.
inline absl::StatusOr<std::string> LoadSealed(const storage::KvReader& store,
                                              const std::string& key) {
  PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(key, storage::Family::kSealed));
  if (!bytes.has_value()) {
    return Damaged("STORE_DAMAGED", "a message in the store is without its sealed parts");
  }
  return *std::move(bytes);
}

template <typename Message>
absl::StatusOr<std::optional<Message>> LoadOne(const storage::KvReader& store,
                                               const std::string& key) {
  PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(key));
  if (!bytes.has_value()) return std::optional<Message>();
  Message message;
  if (!message.ParseFromString(*bytes))
    return Damaged("STORE_DAMAGED", "a stored value does not parse");
  return std::optional<Message>(std::move(message));
}

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_CALLS_H_
