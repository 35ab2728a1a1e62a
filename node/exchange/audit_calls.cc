// The facade's calls for auditors. Reading the ledger is an entry too.
#include <algorithm>

#include "base/limits.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/node.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"
#include "storage/tree_reader.h"

namespace palermo::exchange {
namespace {

constexpr uint64_t kEntriesPerRead = 1024;

template <typename Field, typename Value>
bool Contains(const Field& field, const Value& value) {
  return std::find(field.begin(), field.end(), value) != field.end();
}

bool Matches(const v1::AuditFilter& filter, const v1::Record& record) {
  if (record.at_ms() < filter.from_ms()) return false;
  if (filter.to_ms() != 0 && record.at_ms() >= filter.to_ms()) return false;
  if (!filter.case_id().empty() && record.case_id() != filter.case_id()) return false;
  if (!filter.peer().empty() && !Contains(record.peers(), filter.peer())) return false;
  if (!filter.officer().empty() && record.actor() != filter.officer()) return false;
  if (!filter.kinds().empty() && !Contains(filter.kinds(), static_cast<int>(record.kind())))
    return false;
  return filter.outcomes().empty() ||
         Contains(filter.outcomes(), static_cast<int>(record.outcome()));
}

bool IsEmpty(const v1::AuditFilter& filter) { return filter.ByteSizeLong() == 0; }

absl::StatusOr<v1::AuditListResponse> ReadEntries(NodeParts& parts,
                                                  const v1::AuditListRequest& request) {
  const storage::KvStore& store = *parts.options.store;
  v1::AuditListResponse response;
  response.set_checkpoint(parts.committer->newest_checkpoint());
  PALERMO_ASSIGN_OR_RETURN(storage::TreeReader tree,
                           storage::TreeReader::Open(store, std::string(keys::kTree)));
  size_t limit = request.limit() == 0
                     ? limits::kMaxAuditPageEntries
                     : std::min<size_t>(request.limit(), limits::kMaxAuditPageEntries);
  uint64_t index = request.first_index();
  uint64_t end = std::min(tree.size(), index + limits::kMaxAuditScannedEntries);
  if (index >= tree.size()) return response;
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> entries, tree.Entries(index, end - index));
  std::vector<std::optional<v1::StoredEntry>> records;
  for (; index < end && response.entries_size() < static_cast<int>(limit); ++index) {
    uint64_t at = (index - request.first_index()) % kEntriesPerRead;
    if (at == 0) {
      PALERMO_ASSIGN_OR_RETURN(
          records, LoadEntries(store, index, std::min<uint64_t>(kEntriesPerRead, end - index)));
    }
    v1::StoredEntry stored = std::move(records[at]).value_or(v1::StoredEntry());
    v1::Record record;
    bool readable = !stored.record().empty() && record.ParseFromString(stored.record());
    // A redacted entry has no record any more; it still belongs to a listing of everything.
    if (readable ? !Matches(request.filter(), record) : !IsEmpty(request.filter())) continue;
    v1::AuditEntry* entry = response.add_entries();
    entry->set_index(index);
    entry->set_entry(std::string(AsView(entries[index - request.first_index()])));
    entry->set_record(stored.record());
    entry->set_salt(stored.salt());
  }
  if (index < tree.size()) response.set_next_index(index);
  return response;
}

}  // namespace

void Node::AuditList(const Caller& caller, const v1::AuditListRequest& request,
                     Reply<v1::AuditListResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {v1::Role::AUDITOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "AuditList", "", officer.status(), reply);
  }
  v1::Record record;
  record.set_kind(v1::RecordKind::AUDIT_READ);
  record.set_actor(officer->id);
  record.set_outcome(v1::Outcome::ACCEPTED);
  record.set_related_index(request.first_index());
  if (request.filter().case_id().size() == 16) record.set_case_id(request.filter().case_id());
  EnterThenRead<v1::AuditListResponse>(
      *parts_, {"AuditList", *officer},
      [record](Tx& tx) -> absl::StatusOr<uint64_t> { return tx.Append(record); },
      [this, request] { return ReadEntries(*parts_, request); }, std::move(reply));
}

void Node::GetConsistency(const Caller& caller, const v1::GetConsistencyRequest& request,
                          Reply<v1::GetConsistencyResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "GetConsistency", "", officer.status(), reply);
  }
  auto proof = parts_->committer->Consistency(request.old_size(), request.new_size());
  if (!proof.ok()) return reply(proof.status());
  v1::GetConsistencyResponse response;
  for (const Hash& hash : *proof) response.add_hashes(std::string(AsView(hash)));
  reply(std::move(response));
}

}  // namespace palermo::exchange
