// The facade's calls for break-glass, and the auditors' notices.
#include "base/limits.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/node.h"
#include "node/trust/statement.h"

namespace palermo::exchange {
namespace {

using Role = v1::Role;

// The caller as the directory in force at the decision names him.
absl::StatusOr<const v1::OfficerEntry*> EntryOf(const Tx& tx, const std::string& officer) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  const v1::OfficerEntry* entry = directory->FindOfficer(officer);
  if (entry == nullptr) return Refused("UNKNOWN_OFFICER", Cat({officer, " is not there any more"}));
  return entry;
}

absl::StatusOr<v1::ListNoticesResponse> ReadNotices(NodeParts& parts) {
  v1::ListNoticesResponse response;
  std::vector<uint64_t> indexes;
  PALERMO_RETURN_IF_ERROR(parts.options.store->Scan(
      storage::ScanRange::Prefix(keys::kNotices, limits::kMaxOpenNotices),
      [&](std::string_view key, std::string_view) {
        indexes.push_back(ReadBigEndian64(key.substr(keys::kNotices.size())));
        return true;
      }));
  for (uint64_t index : indexes) {
    v1::AuditNotice* notice = response.add_notices();
    notice->set_index(index);
    PALERMO_ASSIGN_OR_RETURN(auto entry, LoadEntry(*parts.options.store, index));
    if (entry.has_value()) notice->set_record(entry->record());
  }
  return response;
}

}  // namespace

void Node::EnterBreakGlass(const Caller& caller, const v1::EnterBreakGlassRequest& request,
                           Reply<v1::EnterBreakGlassResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "EnterBreakGlass", "", officer.status(), reply);
  }
  Commit<uint64_t, v1::EnterBreakGlassResponse>(
      *parts_, {"EnterBreakGlass", *officer},
      [request, id = officer->id](Tx& tx) { return DecideBreakGlass(tx, request.statement(), id); },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::EnterBreakGlassResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::EndBreakGlass(const Caller& caller, const v1::EndBreakGlassRequest& request,
                         Reply<v1::EndBreakGlassResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "EndBreakGlass", "", officer.status(), reply);
  }
  Commit<uint64_t, v1::EndBreakGlassResponse>(
      *parts_, {"EndBreakGlass", *officer},
      [request, id = officer->id](Tx& tx) -> absl::StatusOr<uint64_t> {
        PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* entry, EntryOf(tx, id));
        return DecideEndBreakGlass(tx, request.sha256(), *entry);
      },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::EndBreakGlassResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::ListBreakGlass(const Caller& caller, const v1::ListBreakGlassRequest&,
                          Reply<v1::ListBreakGlassResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "ListBreakGlass", "", officer.status(), reply);
  }
  auto all = AllBreakGlass(*parts_->options.store);
  if (!all.ok()) return reply(all.status());
  absl::Time now = parts_->options.clock->Now();
  v1::ListBreakGlassResponse response;
  for (auto& stored : *all) {
    if (response.items_size() == static_cast<int>(limits::kMaxBreakGlassListed)) break;
    v1::BreakGlass* item = response.add_items();
    item->set_index(stored.index());
    item->set_ended_at_ms(stored.ended_at_ms());
    item->set_in_force(IsInForce(stored, now));
    *item->mutable_statement() = std::move(*stored.mutable_statement());
  }
  reply(std::move(response));
}

void Node::ListNotices(const Caller& caller, const v1::ListNoticesRequest&,
                       Reply<v1::ListNoticesResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::AUDITOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "ListNotices", "", officer.status(), reply);
  }
  v1::Record record;
  record.set_kind(v1::RecordKind::AUDIT_READ);
  record.set_actor(officer->id);
  record.set_outcome(v1::Outcome::ACCEPTED);
  EnterThenRead<v1::ListNoticesResponse>(
      *parts_, {"ListNotices", *officer},
      [record](Tx& tx) -> absl::StatusOr<uint64_t> { return tx.Append(record); },
      [this] { return ReadNotices(*parts_); }, std::move(reply));
}

void Node::AcknowledgeNotice(const Caller& caller, const v1::AcknowledgeNoticeRequest& request,
                             Reply<v1::AcknowledgeNoticeResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::AUDITOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "AcknowledgeNotice", "", officer.status(), reply);
  }
  Commit<uint64_t, v1::AcknowledgeNoticeResponse>(
      *parts_, {"AcknowledgeNotice", *officer},
      [request, id = officer->id](Tx& tx) { return DecideAcknowledge(tx, request.index(), id); },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::AcknowledgeNoticeResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

}  // namespace palermo::exchange
