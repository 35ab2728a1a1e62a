// The facade's calls about rosters, charters and directories: publishing, fetching, and what
// administrators see and confirm.
#include <algorithm>
#include <deque>
#include <limits>

#include "base/limits.h"
#include "node/exchange/calls.h"
#include "node/exchange/document_answers.h"
#include "node/exchange/documents.h"
#include "node/exchange/key_change.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "node/trust/documents.h"
#include "node/trust/expiry.h"
#include "node/trust/rosters.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

using Role = v1::Role;

// Faults of one peer, or of all for "", oldest first.
absl::StatusOr<std::vector<v1::PeerFault>> LoadFaults(NodeParts& parts, const std::string& state) {
  std::vector<std::pair<std::string, v1::PeerFault>> found;
  PALERMO_RETURN_IF_ERROR(LoadAll(*parts.options.store, Cat({keys::kPeerFaults, state}),
                                  std::numeric_limits<size_t>::max(), &found));
  std::vector<v1::PeerFault> faults;
  for (auto& one : found) faults.push_back(std::move(one.second));
  std::sort(faults.begin(), faults.end(),
            [](const auto& a, const auto& b) { return a.index() < b.index(); });
  return faults;
}

absl::Status AddWaiting(NodeParts& parts, const trust::TrustView& view,
                        v1::ListPeersResponse* response) {
  for (const auto& roster : view.waiting()) {
    v1::WaitingRoster* entry = response->add_waiting();
    *entry->mutable_roster() = roster->signed_document;
    PALERMO_ASSIGN_OR_RETURN(auto bytes,
                             parts.options.store->Get(keys::WaitingRoster(roster->body.version())));
    v1::StoredWaitingRoster stored;
    if (bytes.has_value() && stored.ParseFromString(*bytes)) entry->set_since_ms(stored.since_ms());
  }
  if (response->waiting().empty()) return absl::OkStatus();
  v1::WaitingRoster* last = response->mutable_waiting(response->waiting_size() - 1);
  for (const auto& difference : trust::WaitingDifferences(view)) {
    v1::RootChange* change = last->add_changes();
    change->set_state(difference.state);
    change->set_old_fingerprint(
        std::string(AsView(trust::RootsFingerprint(difference.state, difference.before))));
    change->set_new_fingerprint(
        std::string(AsView(trust::RootsFingerprint(difference.state, difference.after))));
    change->set_returns(difference.returns);
  }
  return absl::OkStatus();
}

void AddDocuments(NodeParts& parts, const trust::StateView* known, v1::PeerStatus* peer) {
  if (known != nullptr && known->charter != nullptr) {
    peer->set_charter_version(known->charter->body.version());
    peer->set_charter_expires_at_ms(known->charter->body.expires_at_ms());
  }
  if (known != nullptr && known->directory != nullptr) {
    peer->set_directory_version(known->directory->body().version());
    peer->set_directory_expires_at_ms(known->directory->body().expires_at_ms());
  }
  peer->set_ledger_size(peer->state() == parts.options.state
                            ? parts.committer->tree_size()
                            : parts.LedgerOf(peer->state()).size());
  absl::MutexLock lock(&parts.mu);
  auto link = parts.links.find(peer->state());
  if (link != parts.links.end()) peer->set_link(link->second);
  auto fetched = parts.fetched.find(peer->state());
  if (fetched != parts.fetched.end()) {
    peer->set_documents_asked_at_ms(fetched->second.asked_at_ms);
    peer->set_documents_pinned_at_ms(fetched->second.pinned_at_ms);
  }
  auto shown = parts.shown.find(peer->state());
  if (shown != parts.shown.end()) {
    peer->set_shown_directory_version(shown->second.directory_version);
  }
}

absl::StatusOr<v1::ListPeersResponse> ReadPeers(NodeParts& parts) {
  trust::TrustPtr view = parts.Trust();
  absl::Time now = parts.options.clock->Now();
  v1::ListPeersResponse response;
  response.set_own_state(parts.options.state);
  response.set_roster_version(view->roster().body.version());
  response.set_roster_expires_at_ms(view->roster().body.expires_at_ms());
  for (const auto& state : view->roster().body.states()) {
    v1::PeerStatus* peer = response.add_peers();
    peer->set_state(state.state());
    peer->set_name(state.name());
    AddDocuments(parts, view->Find(state.state()), peer);
    const storage::KvStore& store = *parts.options.store;
    PALERMO_ASSIGN_OR_RETURN(uint64_t faults,
                             ReadCounter(store, keys::KeptFaultCount(state.state())));
    PALERMO_ASSIGN_OR_RETURN(uint64_t last, ReadCounter(store, keys::LastFaultAt(state.state())));
    peer->set_faults(faults);
    peer->set_last_fault_at_ms(static_cast<int64_t>(last));
  }
  for (const trust::Expiry& expiry : trust::DueWarnings(*view, now)) {
    if (response.warnings_size() >= static_cast<int>(limits::kMaxWarningsPerAnswer)) break;
    v1::ExpiryWarning* warning = response.add_warnings();
    warning->set_state(expiry.state);
    warning->set_kind(trust::ExpiryKindName(expiry.kind));
    warning->set_subject(expiry.subject);
    warning->set_expires_at_ms(expiry.at_ms);
    warning->set_expired(expiry.at_ms <= ToMillis(now));
  }
  PALERMO_RETURN_IF_ERROR(AddWaiting(parts, *view, &response));
  return response;
}

// What proves a fork, or a forked ledger; nothing else is proved.
std::optional<v1::PeerFault> ProofOf(NodeParts& parts, const std::string& state,
                                     const absl::Status& status,
                                     const v1::GetDocumentsResponse& documents,
                                     const OfferedLedger& ledger) {
  if (CodeOf(status) == "FORKED_LEDGER") return ForkProof(ledger.base.note(), ledger.conflict);
  if (CodeOf(status) == "VERSION_FORK") {
    v1::PeerFault fault = FindFork(*parts.options.store, parts.Trust(), state, documents);
    if (fault.documents_size() > 0) return fault;
  }
  return std::nullopt;
}

// What an honest node would not have answered. It proves nothing to others, so it counts only when
// the peer's own node answered.
bool IsFaultyAnswer(NodeParts& parts, const std::string& state, const absl::Status& status) {
  static constexpr const char* kCodes[] = {"OLD_VERSION", "BAD_RECEIPT", "TOO_MANY",
                                           "WRONG_SENDER"};
  std::string code = CodeOf(status);
  absl::MutexLock lock(&parts.mu);
  return parts.fetched[state].pinned &&
         (trust::IsVoidDocument(status) ||
          std::any_of(std::begin(kCodes), std::end(kCodes), [&](auto one) { return code == one; }));
}

// The same bytes are in force here already.
bool IsInForce(const trust::StateView* own, const v1::PublishRequest& request) {
  if (own == nullptr) return false;
  if (request.has_charter()) {
    return own->charter != nullptr &&
           own->charter->signed_document.document() == request.charter().document();
  }
  return request.has_directory() && own->directory != nullptr &&
         own->directory->verified().signed_document.document() == request.directory().document();
}

}  // namespace

absl::StatusOr<v1::GetDocumentsResponse> Node::GetDocuments(
    const v1::GetDocumentsRequest& request) {
  return ReadDocuments(*parts_, request);
}

v1::GetDocumentsRequest Node::FetchRequest(const std::string& state) {
  return MakeFetchRequest(*parts_, state);
}

void Node::OfferDocuments(const std::string& state, const v1::GetDocumentsResponse& offered,
                          Reply<bool> reply) {
  absl::Status disk = parts_->CheckDisk();
  if (!disk.ok()) return reply(disk);
  // Receipts are stored as they came: with their own fields and nothing beside them.
  v1::GetDocumentsResponse documents = offered;
  documents.DiscardUnknownFields();
  auto ledger = std::make_shared<OfferedLedger>();
  {
    absl::MutexLock lock(&parts_->mu);
    ledger->base = parts_->asked[state];
    ledger->from_directory = parts_->from_directory.count(state) > 0;
  }
  auto changed = std::make_shared<bool>(false);
  Decision decision;
  decision.byte_size = documents.ByteSizeLong();
  decision.from_peer = true;
  decision.decide = [state, documents, ledger, changed](Tx& tx) -> absl::Status {
    trust::TrustPtr before = tx.trust();
    PALERMO_ASSIGN_OR_RETURN(bool news, DecideOffer(tx, state, documents, ledger.get()));
    if (ledger->from_directory) {
      PALERMO_RETURN_IF_ERROR(GoOnUnderNewKey(tx, *before, state, *ledger));
    }
    *changed = news;
    return absl::OkStatus();
  };
  decision.done = [this, state, documents, reply, ledger, changed](const absl::Status& status,
                                                                   const CommittedPtr&) {
    {
      absl::MutexLock lock(&parts_->mu);
      auto wanted = parts_->wanted_directories.find(state);
      if (wanted != parts_->wanted_directories.end() &&
          (!*changed || parts_->trust->SeenDirectory(state, wanted->second).has_value())) {
        parts_->wanted_directories.erase(wanted);
      }
      bool ask_again = CodeOf(status) == "FORKED_LEDGER" && !ledger->from_directory &&
                       OffersAnotherKey(*parts_->trust, state, documents);
      if (ask_again) parts_->from_directory.insert(state);
      if (!ask_again) parts_->from_directory.erase(state);
      if (status.ok() && ledger->from_directory) parts_->ledgers[state] = ledger->newest;
    }
    // Anybody on the way can answer in the peer's name; only what its keys signed proves a fault.
    auto proof = ProofOf(*parts_, state, status, documents, *ledger);
    if (proof.has_value()) {
      parts_->RecordPeerFault(state, status, *std::move(proof));
    } else if (IsFaultyAnswer(*parts_, state, status)) {
      parts_->RecordPeerFault(state, status);
    }
    if (!status.ok()) return reply(status);
    parts_->NoteLedger(state, ledger->newest);
    reply(*changed);
  };
  absl::Status queued = parts_->committer->Enqueue(std::move(decision));
  if (!queued.ok()) reply(queued);
}

void Node::NoteFetched(const std::string& state, bool pinned) {
  int64_t now_ms = ToMillis(parts_->options.clock->Now());
  absl::MutexLock lock(&parts_->mu);
  parts_->fetched[state].asked_at_ms = now_ms;
  parts_->fetched[state].pinned = pinned;
  if (pinned) parts_->fetched[state].pinned_at_ms = now_ms;
}

bool Node::WantsDocuments(const std::string& state) {
  if (parts_->ShownNewer(state)) return true;
  absl::MutexLock lock(&parts_->mu);
  return parts_->wanted_directories.count(state) > 0;
}

void Node::Publish(const Caller& caller, const v1::PublishRequest& request,
                   Reply<v1::PublishResponse> reply) {
  // Nothing to take, and nothing that a rule refuses: no entry, and not counted.
  if (IsInForce(parts_->Trust()->Find(parts_->options.state), request)) {
    return reply(WrongState("OLD_VERSION", "this document is in force already"));
  }
  // The documents' own signatures are what counts; whoever brings them is only noted.
  auto officer = FindOfficer(*parts_, caller, {});
  std::string actor = officer.ok() ? officer->id : "node";
  if (request.ByteSizeLong() > limits::kMaxDirectoryBytes + 64 * 1024) {
    return AnswerRefusal(*parts_, caller, "Publish", "",
                         OverLimit("DOCUMENT_TOO_LARGE", "the document is over its limit"), reply);
  }
  if (!officer.ok()) {
    reply = [this, caller, reply](absl::StatusOr<v1::PublishResponse> result) {
      if (result.ok() || !IsRefusal(result.status())) return reply(std::move(result));
      AnswerRefusal(*parts_, caller, "Publish", "", result.status(), reply);
    };
  }
  // Two documents of one version are kept, whoever brings the second one.
  reply = [this, request, reply](absl::StatusOr<v1::PublishResponse> result) {
    if (CodeOf(result.status()) == "VERSION_FORK") {
      v1::GetDocumentsResponse offered;
      if (request.has_roster()) *offered.add_rosters() = request.roster();
      *offered.mutable_charter() = request.charter();
      *offered.mutable_directory() = request.directory();
      parts_->RecordPeerFault(
          parts_->options.state, result.status(),
          FindFork(*parts_->options.store, parts_->Trust(), parts_->options.state, offered));
    }
    reply(std::move(result));
  };
  Commit<uint64_t, v1::PublishResponse>(
      *parts_, CallContext::OfAnybody("Publish", officer.ok() ? actor : "", request.ByteSizeLong()),
      [this, request, actor](Tx& tx) -> absl::StatusOr<uint64_t> {
        PALERMO_ASSIGN_OR_RETURN(uint64_t index, DecidePublish(tx, request, actor));
        PALERMO_RETURN_IF_ERROR(CheckOwnDirectory(parts_->options, *tx.trust()));
        return index;
      },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::PublishResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::ListPeers(const Caller& caller, const v1::ListPeersRequest&,
                     Reply<v1::ListPeersResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "ListPeers", "", officer.status(), reply);
  }
  reply(ReadPeers(*parts_));
}

void Node::ListPeerFaults(const Caller& caller, const v1::ListPeerFaultsRequest& request,
                          Reply<v1::ListPeerFaultsResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::ADMINISTRATOR, Role::AUDITOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "ListPeerFaults", "", officer.status(), reply);
  }
  if (!request.state().empty() && !IsStateCode(request.state())) {
    return reply(InputError("BAD_STATE", "a state is two upper-case letters"));
  }
  auto faults = LoadFaults(*parts_, request.state());
  if (!faults.ok()) return reply(faults.status());
  size_t most = limits::kMaxFaultsPerPage;
  if (request.limit() > 0) most = std::min<size_t>(most, request.limit());
  v1::ListPeerFaultsResponse response;
  size_t bytes = 0;
  for (auto it = faults->rbegin(); it != faults->rend(); ++it) {
    bytes += it->ByteSizeLong();
    bool full = response.faults_size() >= static_cast<int>(most) ||
                (response.faults_size() > 0 && bytes > limits::kMaxTrustAnswerBytes);
    if (full) {
      response.set_more(true);
      break;
    }
    *response.add_faults() = std::move(*it);
  }
  reply(std::move(response));
}

void Node::ConfirmRoots(const Caller& caller, const v1::ConfirmRootsRequest& request,
                        Reply<v1::ConfirmRootsResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::ADMINISTRATOR});
  absl::StatusOr<Hash> fingerprint =
      officer.ok() ? HashFrom(request.fingerprint(), "fingerprint") : officer.status();
  if (!fingerprint.ok()) {
    return AnswerRefusal(*parts_, caller, "ConfirmRoots", "", fingerprint.status(), reply);
  }
  Commit<uint64_t, v1::ConfirmRootsResponse>(
      *parts_, {"ConfirmRoots", *officer},
      [state = request.state(), fingerprint = *fingerprint, actor = officer->id](Tx& tx) {
        return DecideConfirmRoots(tx, state, fingerprint, actor);
      },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::ConfirmRootsResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        response.set_roster_version(parts_->Trust()->roster().body.version());
        return response;
      },
      std::move(reply));
}

}  // namespace palermo::exchange
