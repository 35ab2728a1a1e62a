// The facade's calls that list and fetch messages.
#include <algorithm>
#include <set>
#include <utility>

#include "base/limits.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/delivery.h"
#include "node/exchange/documents.h"
#include "node/exchange/follow_up.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/node.h"
#include "node/exchange/reading.h"
#include "node/exchange/submit.h"
#include "node/exchange/tx.h"
#include "node/trust/receipt.h"

namespace palermo::exchange {
namespace {

// The directory of the sender that was in force at the submission entry, with the charter that it
// was signed under.
absl::Status AddSenderDocuments(NodeParts& parts, const v1::Record& submission,
                                v1::FetchMessageResponse* response) {
  const std::string& state = submission.state();
  const storage::KvStore& store = *parts.options.store;
  PALERMO_ASSIGN_OR_RETURN(
      auto document,
      LoadOne<v1::SignedDocument>(store, keys::Directory(state, submission.directory().version())));
  if (document.has_value()) *response->mutable_sender_directory() = *document;
  PALERMO_ASSIGN_OR_RETURN(auto charter,
                           FindDirectoryCharter(store, state, submission.directory().version()));
  trust::TrustPtr view = parts.Trust();
  const trust::StateView* known = view->Find(state);
  if (charter.has_value()) {
    *response->mutable_sender_charter() = *std::move(charter);
  } else if (known != nullptr && known->charter != nullptr) {
    *response->mutable_sender_charter() = known->charter->signed_document;
  }
  return absl::OkStatus();
}

// The newest known directory whose node signed the receipt's checkpoint; 0 when it is the newest of
// all, or none is known.
uint64_t FormerSigner(NodeParts& parts, const trust::TrustView& view, const std::string& state,
                      const v1::Receipt& receipt) {
  auto newest = view.DirectoryOf(state);
  if (!newest.ok() || trust::VerifyNodeCheckpoint(receipt.checkpoint(), **newest).ok()) return 0;
  for (uint64_t version = (*newest)->body().version() - 1; version > 0; --version) {
    trust::DirectoryPtr directory = FindDirectory(*parts.options.store, view, state, version);
    if (directory == nullptr) break;
    if (trust::VerifyNodeCheckpoint(receipt.checkpoint(), *directory).ok()) return version;
  }
  return 0;
}

// The directories under which a receipt's checkpoint was signed, when the key was replaced since.
absl::Status AddSignerDirectories(NodeParts& parts, v1::FetchMessageResponse* response) {
  trust::TrustPtr view = parts.Trust();
  std::set<std::pair<std::string, uint64_t>> wanted;
  for (const auto& stored : response->receipts()) {
    uint64_t version = FormerSigner(parts, *view, stored.state(), stored.receipt());
    if (version != 0) wanted.insert({stored.state(), version});
  }
  for (const auto& [state, version] : wanted) {
    PALERMO_ASSIGN_OR_RETURN(
        auto document,
        LoadOne<v1::SignedDocument>(*parts.options.store, keys::Directory(state, version)));
    bool there = std::any_of(
        response->retrieval_directories().begin(), response->retrieval_directories().end(),
        [&](const auto& one) { return document && one.document() == document->document(); });
    if (document.has_value() && !there) {
      *response->add_retrieval_directories() = *std::move(document);
    }
  }
  return absl::OkStatus();
}

// The directories under which retrievals were entered, when they are not the newest any more: their
// officers may have left since.
absl::Status AddRetrievalDirectories(NodeParts& parts, v1::FetchMessageResponse* response) {
  trust::TrustPtr view = parts.Trust();
  for (const auto& stored : response->receipts()) {
    auto record = trust::ParseRecord(stored.receipt().record());
    bool judged_by_it = record.ok() && (record->kind() == v1::RecordKind::RETRIEVAL ||
                                        record->kind() == v1::RecordKind::CONFIRMATION);
    if (!judged_by_it || !record->has_directory()) continue;
    auto newest = view->DirectoryOf(stored.state());
    if (newest.ok() && (*newest)->body().version() == record->directory().version()) continue;
    PALERMO_ASSIGN_OR_RETURN(
        auto document,
        LoadOne<v1::SignedDocument>(
            *parts.options.store, keys::Directory(stored.state(), record->directory().version())));
    if (document.has_value()) *response->add_retrieval_directories() = *std::move(document);
  }
  return absl::OkStatus();
}

// The charters that those were signed under: of the state's past, too.
absl::Status AddPastCharters(NodeParts& parts, v1::FetchMessageResponse* response) {
  std::set<std::string> there;
  for (const v1::SignedDocument& document : response->retrieval_directories()) {
    v1::Directory directory;
    if (!directory.ParseFromString(document.document())) {
      return Damaged("STORE_DAMAGED", "a stored directory does not parse");
    }
    PALERMO_ASSIGN_OR_RETURN(
        auto charter,
        FindDirectoryCharter(*parts.options.store, directory.state(), directory.version()));
    if (charter.has_value() && there.insert(charter->document()).second) {
      *response->add_retrieval_charters() = *std::move(charter);
    }
  }
  return absl::OkStatus();
}

// What replaces the stanzas of own authorities whose key was renewed.
absl::Status AddRewraps(NodeParts& parts, const std::string& id,
                        v1::FetchMessageResponse* response) {
  PALERMO_ASSIGN_OR_RETURN(const v1::Header header, StoredHeader(response->envelope().header()));
  for (const std::string& authority : OwnAuthorities(header, parts.options.state)) {
    PALERMO_ASSIGN_OR_RETURN(std::vector<v1::Rewrap> rewraps,
                             RewrapsOf(*parts.options.store, id, authority));
    for (auto& rewrap : rewraps) *response->add_rewraps() = std::move(rewrap);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::FetchMessageResponse> ReadMessage(NodeParts& parts, const std::string& id) {
  const storage::KvStore& store = *parts.options.store;
  v1::FetchMessageResponse response;
  PALERMO_ASSIGN_OR_RETURN(auto pending, LoadOne<v1::PendingMessage>(store, keys::Draft(id)));
  if (pending.has_value()) {
    response.set_pending(true);
    // That its drafter does not count any more is told to whoever approves.
    DropLapsedApprovals(*parts.Trust(), parts.options.state, parts.options.clock->Now(), &*pending)
        .IgnoreError();
    *response.mutable_envelope() = pending->envelope();
    response.set_signature_list(
        trust::FreezeSignatures({pending->signatures().begin(), pending->signatures().end()}));
    return response;
  }
  PALERMO_ASSIGN_OR_RETURN(auto message, LoadOne<v1::StoredMessage>(store, keys::Message(id)));
  if (!message.has_value()) return Missing("UNKNOWN_MESSAGE", "no message with this id is here");
  PALERMO_ASSIGN_OR_RETURN(std::string stanzas, LoadSealed(store, keys::Stanzas(message->index())));
  PALERMO_ASSIGN_OR_RETURN(std::string body, LoadSealed(store, keys::Body(message->index())));
  response.mutable_envelope()->set_header(message->header());
  response.mutable_envelope()->set_stanzas(std::move(stanzas));
  response.mutable_envelope()->set_body(std::move(body));
  response.set_signature_list(message->signature_list());
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::StoredReceipt> receipts,
                           ReceiptsOf(parts, id, *message));
  std::string submission_bytes =
      message->incoming() ? message->submission().record() : receipts.front().receipt().record();
  for (auto& receipt : receipts) *response.add_receipts() = std::move(receipt);
  PALERMO_ASSIGN_OR_RETURN(v1::Record submission, trust::ParseRecord(submission_bytes));
  PALERMO_RETURN_IF_ERROR(AddSenderDocuments(parts, submission, &response));
  PALERMO_RETURN_IF_ERROR(AddRetrievalDirectories(parts, &response));
  PALERMO_RETURN_IF_ERROR(AddSignerDirectories(parts, &response));
  PALERMO_RETURN_IF_ERROR(AddPastCharters(parts, &response));
  PALERMO_RETURN_IF_ERROR(AddRewraps(parts, id, &response));
  PALERMO_ASSIGN_OR_RETURN(auto confirmation, LoadConfirmation(store, id));
  if (confirmation.has_value()) {
    *response.mutable_confirmation() = StatusOfConfirmation(*confirmation);
  }
  return response;
}

absl::Status AddUndelivered(const storage::KvReader& store, const std::string& id,
                            const v1::StoredMessage& message, v1::MessageSummary* summary) {
  if (message.incoming()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto deliveries, DeliveriesOf(store, id, message));
  for (const v1::DeliveryStatus& status : deliveries) {
    const auto outcome = status.outcome();
    if (outcome == v1::Outcome::ACCEPTED) continue;
    v1::RecipientStatus* one = summary->add_undelivered();
    one->set_state(status.state());
    one->set_outcome(outcome);
    one->set_reason(status.reason());
    one->set_since_ms(status.since_ms());
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListMessagesResponse> ReadMessages(NodeParts& parts,
                                                      const std::string& authority,
                                                      const v1::ListMessagesRequest& request) {
  const storage::KvStore& store = *parts.options.store;
  size_t limit = request.limit() == 0 ? limits::kMaxInboxPage
                                      : std::min<size_t>(request.limit(), limits::kMaxInboxPage);
  v1::ListMessagesResponse response;
  absl::Status failed;
  PALERMO_RETURN_IF_ERROR(ScanListing(store, request.after(), [&](const ListItem& item) {
    auto message = LoadOne<v1::StoredMessage>(store, keys::Message(item.id));
    v1::Header header;
    if (!message.ok() || !message->has_value() || !header.ParseFromString((*message)->header())) {
      failed = Damaged("STORE_DAMAGED", "the listing names a message that does not parse");
      return false;
    }
    const v1::StoredMessage& stored = **message;
    bool wanted = IsPartyTo(header, authority) && (!request.incoming_only() || stored.incoming()) &&
                  (!request.unopened_only() || stored.retrieval_index() == 0) &&
                  (request.case_id().empty() || request.case_id() == header.case_id()) &&
                  (!stored.void_act() || request.with_void());
    if (!wanted) return true;
    if (response.messages_size() == static_cast<int>(limit)) return false;
    v1::MessageSummary* summary = response.add_messages();
    summary->set_message_id(item.id);
    summary->set_header(stored.header());
    summary->set_incoming(stored.incoming());
    summary->set_held(stored.held());
    summary->set_retrieval(stored.retrieval());
    summary->set_recorded_at_ms(stored.recorded_at_ms());
    summary->set_void_act(stored.void_act());
    failed = AddUndelivered(store, item.id, stored, summary);
    if (!failed.ok()) return false;
    if (header.urgency() == v1::Urgency::EMERGENCY_LIFE) {
      auto confirmation = LoadConfirmation(store, item.id);
      failed = confirmation.status();
      if (!failed.ok()) return false;
      if (confirmation->has_value()) {
        *summary->mutable_confirmation() = StatusOfConfirmation(**confirmation);
      }
    }
    response.set_next(BigEndian64(item.number));
    return true;
  }));
  PALERMO_RETURN_IF_ERROR(failed);
  if (response.messages_size() < static_cast<int>(limit)) response.clear_next();
  return response;
}

// An officer with a role that works on cases, or one whom a break-glass statement in force names;
// the decision checks again which messages he may see.
absl::StatusOr<Officer> FindReader(NodeParts& parts, const Caller& caller) {
  auto officer = FindOfficer(parts, caller, kCaseRoles);
  if (officer.ok() || CodeOf(officer.status()) != "WRONG_ROLE") return officer;
  PALERMO_ASSIGN_OR_RETURN(Officer anybody, FindOfficer(parts, caller, {}));
  PALERMO_ASSIGN_OR_RETURN(
      std::vector<Access> accesses,
      LoadAccesses(*parts.options.store, anybody.id, parts.options.clock->Now()));
  if (accesses.empty()) return officer;
  return anybody;
}

// The sender's entry of the second confirmation, with the signature.
absl::Status AddConfirmation(NodeParts& parts, const std::string& id,
                             const v1::StoredMessage& message,
                             std::vector<v1::StoredReceipt>* receipts) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, LoadConfirmation(*parts.options.store, id));
  if (!stored.has_value() || stored->index() == 0) return absl::OkStatus();
  v1::StoredReceipt receipt;
  receipt.set_state(stored->directory().state());
  *receipt.mutable_confirmation() = stored->confirmation();
  if (message.incoming()) {
    *receipt.mutable_receipt() = stored->receipt();
  } else {
    PALERMO_ASSIGN_OR_RETURN(*receipt.mutable_receipt(),
                             parts.committer->ReceiptOf(stored->index()));
  }
  receipts->push_back(std::move(receipt));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::StoredReceipt>> ReceiptsOf(NodeParts& parts, const std::string& id,
                                                          const v1::StoredMessage& message) {
  std::vector<v1::StoredReceipt> receipts;
  v1::StoredReceipt own;
  own.set_state(parts.options.state);
  PALERMO_ASSIGN_OR_RETURN(*own.mutable_receipt(), parts.committer->ReceiptOf(message.index()));
  if (message.incoming()) {
    v1::StoredReceipt submission;
    submission.set_state(
        trust::ParseRecord(message.submission().record()).value_or(v1::Record()).state());
    *submission.mutable_receipt() = message.submission();
    receipts.push_back(std::move(submission));
  }
  receipts.push_back(std::move(own));
  if (message.retrieval_index() != 0) {
    v1::StoredReceipt retrieval;
    retrieval.set_state(parts.options.state);
    PALERMO_ASSIGN_OR_RETURN(*retrieval.mutable_receipt(),
                             parts.committer->ReceiptOf(message.retrieval_index()));
    PALERMO_ASSIGN_OR_RETURN(
        auto statement, LoadOne<v1::SignedRetrieval>(*parts.options.store, keys::Retrieval(id)));
    if (statement.has_value()) *retrieval.mutable_retrieval() = *statement;
    receipts.push_back(std::move(retrieval));
  }
  PALERMO_RETURN_IF_ERROR(AddConfirmation(parts, id, message, &receipts));
  PALERMO_ASSIGN_OR_RETURN(auto deliveries, DeliveriesOf(*parts.options.store, id, message));
  for (auto& delivery : deliveries) AddPeerReceipts(std::move(delivery), &receipts);
  return receipts;
}

void Node::ListMessages(const Caller& caller, const v1::ListMessagesRequest& request,
                        Reply<v1::ListMessagesResponse> reply) {
  bool by_access = !request.authority().empty();
  auto officer = FindOfficer(*parts_, caller, by_access ? Roles() : Roles(kCaseRoles));
  if (!officer.ok())
    return AnswerRefusal(*parts_, caller, "ListMessages", "", officer.status(), reply);
  if (!by_access) return reply(ReadMessages(*parts_, officer->authority, request));
  EnterThenRead<v1::ListMessagesResponse>(
      *parts_, {"ListMessages", *officer},
      [authority = request.authority(), id = officer->id](Tx& tx) -> absl::StatusOr<uint64_t> {
        PALERMO_ASSIGN_OR_RETURN(Access access, FindAccess(tx, id, {authority}));
        v1::Record record = UseRecord(access, id);
        record.set_method("ListMessages");
        return tx.Append(record);
      },
      [this, request] { return ReadMessages(*parts_, request.authority(), request); },
      std::move(reply));
}

void Node::FetchMessage(const Caller& caller, const v1::FetchMessageRequest& request,
                        Reply<v1::FetchMessageResponse> reply) {
  auto officer = FindReader(*parts_, caller);
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "FetchMessage", request.message_id(), officer.status(),
                         reply);
  }
  // The entry comes first: what was not recorded is not shown.
  std::string id = request.message_id();
  EnterThenRead<v1::FetchMessageResponse>(
      *parts_, {"FetchMessage", *officer, id},
      [id, officer_id = officer->id, purpose = request.purpose()](Tx& tx) {
        return DecideRead(tx, id, officer_id, v1::RecordKind::READ, purpose);
      },
      [this, id] { return ReadMessage(*parts_, id); }, std::move(reply));
}

}  // namespace palermo::exchange
