// The facade's calls for officers' desks.
#include <algorithm>

#include "base/limits.h"
#include "node/exchange/calls.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/delivery.h"
#include "node/exchange/document_answers.h"
#include "node/exchange/documents.h"
#include "node/exchange/follow_up.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/node.h"
#include "node/exchange/reading.h"
#include "node/exchange/submit.h"
#include "node/exchange/tx.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

using Role = v1::Role;

v1::SubmitResponse MakeSubmitResponse(NodeParts& parts, const std::string& id,
                                      const SubmitOutcome& outcome, bool is_new,
                                      const CommittedPtr& committed) {
  v1::SubmitResponse response;
  response.set_message_id(id);
  response.set_outcome(outcome.outcome);
  response.set_approvals_missing(outcome.approvals_missing);
  *response.mutable_receipt() = ReceiptFor(parts, outcome.index, committed);
  if (outcome.outcome == v1::Outcome::ACCEPTED) {
    if (is_new) ++parts.counters.submitted;
    if (parts.started) parts.WakeOutbound();
  }
  return response;
}

// `id`: the message's, once it is known; a refusal names it too.
absl::StatusOr<CheckedMessage> CheckDraftCall(NodeParts& parts, const Officer& officer,
                                              v1::SubmitDraftRequest&& request, std::string* id) {
  if (request.draft().officer() != officer.id ||
      request.draft().purpose() != v1::SignaturePurpose::DRAFT) {
    return Refused("WRONG_SENDER", "a draft is submitted by the officer who signed it");
  }
  PALERMO_RETURN_IF_ERROR(parts.CheckDisk());
  std::vector<v1::OfficerSignature> signatures;
  signatures.push_back(std::move(*request.mutable_draft()));
  PALERMO_ASSIGN_OR_RETURN(
      CheckedMessage message,
      CheckMessage(officer.view, parts.options.state, std::move(*request.mutable_envelope()),
                   std::move(signatures), parts.options.clock->Now(), id));
  message.least_approvals = request.least_approvals();
  return message;
}

// What the authority sent in an emergency and no second approver has confirmed yet.
absl::Status AddOpenConfirmations(const storage::KvStore& store, const std::string& authority,
                                  v1::ListPendingResponse* response) {
  std::vector<std::string> ids;
  std::string prefix = keys::OpenConfirmations(authority);
  PALERMO_RETURN_IF_ERROR(
      store.Scan(storage::ScanRange::Prefix(prefix, limits::kMaxOpenConfirmations),
                 [&](std::string_view key, std::string_view) {
                   ids.emplace_back(key.substr(prefix.size()));
                   return true;
                 }));
  for (const std::string& id : ids) {
    PALERMO_ASSIGN_OR_RETURN(auto message, LoadOne<v1::StoredMessage>(store, keys::Message(id)));
    PALERMO_ASSIGN_OR_RETURN(auto stored, LoadConfirmation(store, id));
    if (!message.has_value() || !stored.has_value()) {
      return Damaged("STORE_DAMAGED", "a message waits for its confirmation and is not there");
    }
    v1::OpenConfirmation* open = response->add_confirmations();
    open->set_message_id(id);
    open->set_header(message->header());
    *open->mutable_status() = StatusOfConfirmation(*stored);
  }
  return absl::OkStatus();
}

// As an approval would find the draft now.
void ShowStanding(NodeParts& parts, v1::PendingMessage* draft) {
  // That its drafter does not count any more is told to whoever approves.
  DropLapsedApprovals(*parts.Trust(), parts.options.state, parts.options.clock->Now(), draft)
      .IgnoreError();
}

// One draft at a time: a whole authority's drafts would not fit into memory, nor into one answer.
absl::StatusOr<v1::ListPendingResponse> ReadPending(NodeParts& parts, const std::string& authority,
                                                    const v1::ListPendingRequest& request) {
  const std::string& after = request.after();
  if (!after.empty() && after.size() != sizeof(Hash)) {
    return InputError("BAD_PAGE", "the position to go on from is not one that a page ended with");
  }
  const size_t limit = request.limit() == 0
                           ? limits::kMaxInboxPage
                           : std::min<size_t>(request.limit(), limits::kMaxInboxPage);
  v1::ListPendingResponse response;
  absl::Status failed;
  size_t read = 0;
  std::string last;
  storage::ScanRange range = storage::ScanRange::Prefix(keys::kDrafts);
  if (!after.empty()) range.start = keys::Draft(after) + '\0';
  auto visit = [&](std::string_view key, std::string_view value) {
    if (read == limits::kMaxDraftsReadPerPage ||
        response.drafts_size() == static_cast<int>(limit)) {
      response.set_next(last);
      return false;
    }
    ++read;
    last = key.substr(keys::kDrafts.size());
    v1::PendingMessage pending;
    v1::Header header;
    if (!pending.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
        !header.ParseFromString(pending.envelope().header())) {
      failed = Damaged("STORE_DAMAGED", "a stored draft does not parse");
      return false;
    }
    if (header.sender() != authority) return true;
    ShowStanding(parts, &pending);
    v1::PendingDraft* draft = response.add_drafts();
    draft->set_message_id(last);
    draft->set_header(std::move(*pending.mutable_envelope()->mutable_header()));
    draft->mutable_signatures()->Swap(pending.mutable_signatures());
    draft->set_approvals_missing(pending.approvals_missing());
    return true;
  };
  PALERMO_RETURN_IF_ERROR(parts.options.store->Scan(range, visit));
  PALERMO_RETURN_IF_ERROR(failed);
  if (after.empty()) {
    PALERMO_RETURN_IF_ERROR(AddOpenConfirmations(*parts.options.store, authority, &response));
  }
  return response;
}

std::string StageOf(const v1::DeliveryStatus& status) {
  if (status.retrieval() != v1::RetrievalResult::UNSPECIFIED) {
    return v1::RetrievalResult::Code_Name(status.retrieval());
  }
  switch (status.outcome()) {
    case v1::Outcome::PENDING:
      return "QUEUED";
    case v1::Outcome::ACCEPTED:
      return "DELIVERED";
    case v1::Outcome::REJECTED:
      return "REJECTED";
    default:
      return v1::Outcome::Code_Name(status.outcome());
  }
}

// Since when an incoming message stands where it does: opened, or else delivered.
absl::StatusOr<int64_t> ReadSince(const storage::KvReader& store,
                                  const v1::StoredMessage& message) {
  if (message.retrieval_index() == 0) return message.recorded_at_ms();
  PALERMO_ASSIGN_OR_RETURN(auto entry, LoadEntry(store, message.retrieval_index()));
  if (!entry.has_value() || entry->record().empty()) return message.recorded_at_ms();
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::ParseRecord(entry->record()));
  return record.at_ms();
}

// REQUIRES: EnterExplain let the caller see it.
absl::StatusOr<v1::ExplainResponse> ReadExplanation(NodeParts& parts, const std::string& id) {
  const storage::KvStore& store = *parts.options.store;
  v1::ExplainResponse response;
  PALERMO_ASSIGN_OR_RETURN(auto pending, LoadOne<v1::PendingMessage>(store, keys::Draft(id)));
  PALERMO_ASSIGN_OR_RETURN(auto message, LoadOne<v1::StoredMessage>(store, keys::Message(id)));
  if (!pending.has_value() && !message.has_value()) {
    return Missing("UNKNOWN_MESSAGE", "no message or draft with this id is here");
  }
  response.set_header(pending.has_value() ? pending->envelope().header() : message->header());
  PALERMO_ASSIGN_OR_RETURN(const v1::Header header, StoredHeader(response.header()));
  if (pending.has_value()) {
    response.set_pending(true);
    ShowStanding(parts, &*pending);
    response.set_approvals_missing(pending->approvals_missing());
    return response;
  }
  PALERMO_ASSIGN_OR_RETURN(auto deliveries, DeliveriesOf(store, id, *message));
  for (const v1::DeliveryStatus& status : deliveries) {
    v1::RecipientStatus* entry = response.add_recipients();
    entry->set_state(status.state());
    entry->set_number(status.number());
    entry->set_stage(StageOf(status));
    entry->set_outcome(status.outcome());
    entry->set_reason(status.reason());
    entry->set_since_ms(status.since_ms());
    if (status.outcome() == v1::Outcome::PENDING) entry->set_next_at_ms(header.expires_at_ms());
    absl::MutexLock lock(&parts.mu);
    entry->set_peer_link(parts.links[status.state()]);
  }
  if (message->incoming()) {
    v1::RecipientStatus* entry = response.add_recipients();
    entry->set_state(parts.options.state);
    entry->set_number(message->number());
    entry->set_stage(message->retrieval_index() == 0
                         ? "DELIVERED"
                         : v1::RetrievalResult::Code_Name(message->retrieval()));
    entry->set_outcome(v1::Outcome::ACCEPTED);
    PALERMO_ASSIGN_OR_RETURN(int64_t since_ms, ReadSince(store, *message));
    entry->set_since_ms(since_ms);
    entry->set_held(message->held());
  }
  PALERMO_ASSIGN_OR_RETURN(auto confirmation, LoadConfirmation(store, id));
  if (confirmation.has_value()) {
    *response.mutable_confirmation() = StatusOfConfirmation(*confirmation);
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::StoredReceipt> receipts,
                           ReceiptsOf(parts, id, *message));
  for (auto& receipt : receipts) *response.add_receipts() = std::move(receipt);
  return response;
}

// Header and receipts are read: an access like any other. An auditor sees them for every message.
absl::StatusOr<uint64_t> EnterExplain(Tx& tx, const std::string& officer, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  const v1::OfficerEntry* entry = directory->FindOfficer(officer);
  if (entry == nullptr || !trust::HasRole(*entry, Role::AUDITOR)) {
    return DecideRead(tx, id, officer, v1::RecordKind::READ);
  }
  v1::Record record;
  record.set_kind(v1::RecordKind::AUDIT_READ);
  record.set_actor(officer);
  if (id.size() == 32) record.set_message_id(id);
  record.set_outcome(v1::Outcome::ACCEPTED);
  return tx.Append(record);
}

}  // namespace

void Node::GetTrust(const Caller& caller, const v1::GetTrustRequest& request,
                    Reply<v1::GetTrustResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) return AnswerRefusal(*parts_, caller, "GetTrust", "", officer.status(), reply);
  reply(ReadTrust(*parts_, request));
}

void Node::SubmitDraft(const Caller& caller, const v1::SubmitDraftRequest& request,
                       Reply<v1::SubmitResponse> reply) {
  SubmitDraft(caller, v1::SubmitDraftRequest(request), std::move(reply));
}

void Node::SubmitDraft(const Caller& caller, v1::SubmitDraftRequest&& request,
                       Reply<v1::SubmitResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, kCaseRoles);
  std::string refused_id;
  absl::StatusOr<CheckedMessage> checked =
      officer.ok() ? CheckDraftCall(*parts_, *officer, std::move(request), &refused_id)
                   : absl::StatusOr<CheckedMessage>(officer.status());
  if (!checked.ok()) {
    return AnswerRefusal(*parts_, caller, "SubmitDraft", refused_id, checked.status(), reply);
  }
  std::string id(AsView(checked->parsed.message_id));
  auto message = std::make_shared<CheckedMessage>(*std::move(checked));
  size_t bytes = message->envelope.body().size() + message->envelope.stanzas().size() + 2048;
  auto is_new = std::make_shared<bool>(false);  // what is submitted again counts once
  Commit<SubmitOutcome, v1::SubmitResponse>(
      *parts_, {"SubmitDraft", *officer, id, bytes},
      [message, officer_id = officer->id, is_new](Tx& tx) {
        const uint64_t next = tx.next_index();
        auto outcome = DecideDraft(tx, std::move(*message), officer_id);
        *is_new = outcome.ok() && outcome->index >= next;
        return outcome;
      },
      [this, id, is_new](const SubmitOutcome& outcome, const CommittedPtr& committed) {
        return MakeSubmitResponse(*parts_, id, outcome, *is_new, committed);
      },
      std::move(reply));
}

void Node::Approve(const Caller& caller, const v1::ApproveRequest& request,
                   Reply<v1::SubmitResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::APPROVER});
  absl::Status status = officer.status();
  if (status.ok() && (request.approval().officer() != officer->id ||
                      request.approval().purpose() != v1::SignaturePurpose::APPROVE)) {
    status = Refused("WRONG_SENDER", "an approval is given by the officer who signed it");
  }
  if (status.ok()) status = parts_->CheckDisk();
  if (!status.ok()) {
    return AnswerRefusal(*parts_, caller, "Approve", request.message_id(), status, reply);
  }
  Commit<SubmitOutcome, v1::SubmitResponse>(
      *parts_, {"Approve", *officer, request.message_id(), 16384},
      [request, officer_id = officer->id](Tx& tx) {
        return DecideApprove(tx, request.message_id(), request.approval(), officer_id);
      },
      [this, id = request.message_id()](const SubmitOutcome& outcome,
                                        const CommittedPtr& committed) {
        return MakeSubmitResponse(*parts_, id, outcome, true, committed);
      },
      std::move(reply));
}

void Node::Confirm(const Caller& caller, const v1::ConfirmRequest& request,
                   Reply<v1::ConfirmResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::APPROVER});
  absl::Status status = officer.status();
  if (status.ok() && request.confirmation().officer() != officer->id) {
    status = Refused("WRONG_SENDER", "a confirmation is given by the officer who signed it");
  }
  if (!status.ok()) {
    return AnswerRefusal(*parts_, caller, "Confirm", request.message_id(), status, reply);
  }
  Commit<uint64_t, v1::ConfirmResponse>(
      *parts_, {"Confirm", *officer, request.message_id(), 16384},
      [request](Tx& tx) { return DecideConfirm(tx, request.message_id(), request.confirmation()); },
      [this, id = request.message_id()](uint64_t index, const CommittedPtr& committed) {
        if (parts_->started) parts_->WakeOutbound();
        v1::ConfirmResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        auto stored = LoadConfirmation(*parts_->options.store, id);
        if (stored.ok() && stored->has_value()) {
          *response.mutable_status() = StatusOfConfirmation(**stored);
        }
        return response;
      },
      std::move(reply));
}

void Node::DropDraft(const Caller& caller, const v1::DropDraftRequest& request,
                     Reply<v1::DropDraftResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::DRAFTER, Role::APPROVER, Role::INVESTIGATOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "DropDraft", request.message_id(), officer.status(),
                         reply);
  }
  Commit<uint64_t, v1::DropDraftResponse>(
      *parts_, {"DropDraft", *officer, request.message_id()},
      [request, officer_id = officer->id](Tx& tx) {
        return DecideDrop(tx, request.message_id(), officer_id);
      },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::DropDraftResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::ListPending(const Caller& caller, const v1::ListPendingRequest& request,
                       Reply<v1::ListPendingResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, kCaseRoles);
  if (!officer.ok())
    return AnswerRefusal(*parts_, caller, "ListPending", "", officer.status(), reply);
  reply(ReadPending(*parts_, officer->authority, request));
}

void Node::ReportRetrieval(const Caller& caller, const v1::ReportRetrievalRequest& request,
                           Reply<v1::ReportRetrievalResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, kCaseRoles);
  absl::StatusOr<v1::RetrievalStatement> statement = absl::UnknownError("");
  if (!officer.ok()) {
    statement = officer.status();
  } else {
    statement = trust::VerifyRetrieval(request.retrieval(),
                                       **officer->view->DirectoryOf(parts_->options.state),
                                       parts_->options.clock->Now());
  }
  if (statement.ok() && statement->officer() != officer->id) {
    statement = Refused("WRONG_SENDER", "a retrieval is reported by the officer who signed it");
  }
  if (!statement.ok()) {
    return AnswerRefusal(*parts_, caller, "ReportRetrieval", "", statement.status(), reply);
  }
  auto is_new = std::make_shared<bool>(false);  // what is told again is told once
  Commit<uint64_t, v1::ReportRetrievalResponse>(
      *parts_, {"ReportRetrieval", *officer, statement->message_id()},
      [request, statement = *statement, is_new](Tx& tx) {
        const uint64_t next = tx.next_index();
        auto index = DecideRetrieval(tx, request.retrieval(), statement);
        *is_new = index.ok() && *index >= next;
        return index;
      },
      [this, is_new](uint64_t index, const CommittedPtr& committed) {
        if (*is_new) ++parts_->counters.retrieved;
        if (parts_->started) parts_->WakeOutbound();
        v1::ReportRetrievalResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::Explain(const Caller& caller, const v1::ExplainRequest& request,
                   Reply<v1::ExplainResponse> reply) {
  auto officer = FindOfficer(*parts_, caller,
                             {Role::DRAFTER, Role::APPROVER, Role::INVESTIGATOR, Role::AUDITOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "Explain", request.message_id(), officer.status(), reply);
  }
  EnterThenRead<v1::ExplainResponse>(
      *parts_, {"Explain", *officer, request.message_id()},
      [id = request.message_id(), who = officer->id](Tx& tx) { return EnterExplain(tx, who, id); },
      [this, id = request.message_id()] { return ReadExplanation(*parts_, id); }, std::move(reply));
}

}  // namespace palermo::exchange
