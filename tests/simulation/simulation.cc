#include "tests/simulation/simulation.h"

#include <optional>

#include "base/check.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/trust/strict.h"

namespace palermo::testing {

Simulation::Simulation(const WorldOptions& options) : world(options) {
  for (auto& entry : world.states) {
    const std::string& code = entry.first;  // clang 14 captures no structured binding
    StateWorld& state = entry.second;
    nodes_[code].store = std::make_unique<storage::MemoryStore>(
        storage::MemoryStore::Options{[](const absl::Status&) {}});
    Open(code);
    v1::PublishRequest charter, directory;
    *charter.mutable_charter() = state.charter;
    *directory.mutable_directory() = state.directory;
    for (const v1::PublishRequest* request : {&charter, &directory}) {
      DieUnlessOk(Await<v1::PublishResponse>(
                      code, [&](auto reply) { node(code).Publish({}, *request, reply); })
                      .status(),
                  "publishing");
    }
  }
}

Simulation::~Simulation() {
  links_.clear();
  for (auto& [code, node] : nodes_) node.node.reset();
}

void Simulation::Open(const std::string& code) { DieUnlessOk(TryOpen(code, {}), "opening a node"); }

absl::Status Simulation::TryOpen(const std::string& code,
                                 std::optional<v1::SignedDocument> next_directory) {
  StateWorld& state = world.state(code);
  exchange::NodeOptions options;
  options.state = code;
  options.store = nodes_.at(code).store.get();
  options.clock = &world.clock;
  options.random = &world.random;
  nodes_.at(code).signer = std::make_unique<PullableSigner>(state.checkpoint);
  options.checkpoint_key = nodes_.at(code).signer.get();
  options.next_directory = std::move(next_directory);
  options.first_roster = world.rosters.front();
  options.roster_fingerprint = world.fingerprint;
  options.disk_reserve_bytes = 1;
  options.verify_threads = 1;
  options.on_damage = [this](const absl::Status& damage) { damages.push_back(damage); };
  PALERMO_ASSIGN_OR_RETURN(nodes_.at(code).node, exchange::Node::Open(std::move(options)));
  return absl::OkStatus();
}

template <typename Response, typename Call>
absl::StatusOr<Response> Simulation::Await(const std::string& state, Call call) {
  std::optional<absl::StatusOr<Response>> result;
  call([&result](absl::StatusOr<Response> response) { result = std::move(response); });
  while (!result.has_value() && node(state).RunOnce() > 0) {
  }
  PALERMO_CHECK(result.has_value());
  return *std::move(result);
}

absl::StatusOr<v1::SubmitResponse> Simulation::Submit(const v1::Envelope& envelope,
                                                      const std::string& officer,
                                                      uint32_t least_approvals) {
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = envelope;
  *request.mutable_draft() = world.Sign(envelope, officer, v1::SignaturePurpose::DRAFT);
  request.set_least_approvals(least_approvals);
  return Await<v1::SubmitResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).SubmitDraft(CallerOf(officer), request, reply);
  });
}

absl::StatusOr<v1::SubmitResponse> Simulation::Approve(const v1::Envelope& envelope,
                                                       const std::string& officer) {
  v1::ApproveRequest request;
  request.set_message_id(std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id)));
  *request.mutable_approval() = world.Sign(envelope, officer, v1::SignaturePurpose::APPROVE);
  return Await<v1::SubmitResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).Approve(CallerOf(officer), request, reply);
  });
}

std::string Simulation::Send(const v1::Envelope& envelope) {
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(envelope));
  const std::string& authority = parsed.header.sender();
  v1::SubmitResponse response =
      Value(Submit(envelope, Cat({authority, "/", kDrafter})), "submitting a draft");
  for (const char* approver : {kApprover1, kApprover2}) {
    if (response.outcome() == v1::Outcome::ACCEPTED) break;
    response = Value(Approve(envelope, Cat({authority, "/", approver})), "approving");
  }
  PALERMO_CHECK(response.outcome() == v1::Outcome::ACCEPTED);
  return response.message_id();
}

absl::StatusOr<v1::FetchMessageResponse> Simulation::Fetch(const std::string& officer,
                                                           const std::string& id,
                                                           const std::string& purpose) {
  v1::FetchMessageRequest request;
  request.set_purpose(purpose);
  request.set_message_id(id);
  return Await<v1::FetchMessageResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).FetchMessage(CallerOf(officer), request, reply);
  });
}

absl::StatusOr<v1::ReportRetrievalResponse> Simulation::Report(const std::string& officer,
                                                               const std::string& id,
                                                               v1::RetrievalResult::Code result) {
  v1::RetrievalStatement statement;
  statement.set_message_id(id);
  statement.set_officer(officer);
  statement.set_result(result);
  statement.set_at_ms(ToMillis(world.clock.Now()));
  OfficerWorld& who = world.officer(officer);
  v1::ReportRetrievalRequest request;
  v1::SignedRetrieval* retrieval = request.mutable_retrieval();
  retrieval->set_statement(trust::StrictSerialize(statement));
  retrieval->set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(who.sign.public_key())));
  retrieval->set_signature(std::string(
      crypto::AsView(who.sign.Sign(crypto::Purpose::kRetrieval, retrieval->statement()))));
  return Await<v1::ReportRetrievalResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).ReportRetrieval(CallerOf(officer), request, reply);
  });
}

absl::StatusOr<v1::ExplainResponse> Simulation::Explain(const std::string& officer,
                                                        const std::string& id) {
  v1::ExplainRequest request;
  request.set_message_id(id);
  return Await<v1::ExplainResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).Explain(CallerOf(officer), request, reply);
  });
}

absl::StatusOr<v1::Receipt> Simulation::PublishAny(const std::string& state,
                                                   const v1::PublishRequest& request) {
  auto response = Await<v1::PublishResponse>(
      state, [&](auto reply) { node(state).Publish({}, request, reply); });
  if (!response.ok()) return response.status();
  return response->receipt();
}

absl::StatusOr<uint64_t> Simulation::Publish(const std::string& state,
                                             const v1::SignedDocument& directory) {
  v1::PublishRequest request;
  *request.mutable_directory() = directory;
  PALERMO_ASSIGN_OR_RETURN(v1::Receipt receipt, PublishAny(state, request));
  return receipt.index();
}

absl::StatusOr<v1::Receipt> Simulation::PublishRoster(const std::string& state,
                                                      const v1::SignedDocument& roster) {
  v1::PublishRequest request;
  *request.mutable_roster() = roster;
  return PublishAny(state, request);
}

absl::StatusOr<v1::Receipt> Simulation::PublishCharter(const std::string& state,
                                                       const v1::SignedDocument& charter) {
  v1::PublishRequest request;
  *request.mutable_charter() = charter;
  return PublishAny(state, request);
}

absl::StatusOr<v1::ListPeersResponse> Simulation::ListPeers(const std::string& officer) {
  return Await<v1::ListPeersResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).ListPeers(CallerOf(officer), {}, reply);
  });
}

absl::StatusOr<v1::ListPeerFaultsResponse> Simulation::ListFaults(const std::string& officer) {
  return Await<v1::ListPeerFaultsResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).ListPeerFaults(CallerOf(officer), {}, reply);
  });
}

absl::StatusOr<v1::ConfirmRootsResponse> Simulation::ConfirmRoots(const std::string& officer,
                                                                  const std::string& of,
                                                                  const std::string& fingerprint) {
  v1::ConfirmRootsRequest request;
  request.set_state(of);
  request.set_fingerprint(fingerprint);
  return Await<v1::ConfirmRootsResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).ConfirmRoots(CallerOf(officer), request, reply);
  });
}

absl::StatusOr<v1::GetTrustResponse> Simulation::GetTrust(const std::string& officer,
                                                          const v1::GetTrustRequest& request) {
  return Await<v1::GetTrustResponse>(StateOf(officer), [&](auto reply) {
    node(StateOf(officer)).GetTrust(CallerOf(officer), request, reply);
  });
}

std::vector<v1::Record> Simulation::Ledger(const std::string& state,
                                           const v1::AuditFilter& filter) {
  std::vector<v1::Record> records;
  std::string auditor = Cat({state, "/central/", kAuditor});
  v1::AuditListRequest request;
  *request.mutable_filter() = filter;
  v1::AuditListResponse response = Value(Await<v1::AuditListResponse>(
      state, [&](auto reply) { node(state).AuditList(CallerOf(auditor), request, reply); }));
  for (const auto& entry : response.entries())
    records.push_back(Value(trust::ParseRecord(entry.record())));
  return records;
}

absl::StatusOr<bool> Simulation::Offer(const std::string& from, const std::string& to,
                                       const v1::GetDocumentsResponse& documents) {
  std::optional<absl::StatusOr<bool>> result;
  node(to).OfferDocuments(from, documents,
                          [&](absl::StatusOr<bool> changed) { result = std::move(changed); });
  while (!result.has_value() && node(to).RunOnce() > 0) {
  }
  PALERMO_CHECK(result.has_value());
  return *result;
}

absl::Status Simulation::FetchDocuments(const std::string& from, const std::string& to) {
  bool changed = true;
  while (changed) {
    PALERMO_ASSIGN_OR_RETURN(v1::GetDocumentsResponse response,
                             node(from).GetDocuments(node(to).FetchRequest(from)));
    PALERMO_ASSIGN_OR_RETURN(changed, Offer(from, to, response));
  }
  return absl::OkStatus();
}

void Simulation::ExchangeDocuments() {
  for (auto& [from, unused] : nodes_) {
    for (auto& [to, unused_too] : nodes_) {
      if (from != to) DieUnlessOk(FetchDocuments(from, to), "exchanging documents");
    }
  }
}

absl::Status Simulation::Connect(const std::string& from, const std::string& to) {
  Disconnect(from, to);
  auto link = std::make_unique<Link>();
  PALERMO_ASSIGN_OR_RETURN(link->dialer, node(from).OpenOutbound(to, &link->to_listener));
  PALERMO_ASSIGN_OR_RETURN(link->listener,
                           node(to).OpenInbound({world.state(from).tls_pin}, &link->to_dialer));
  links_[{from, to}] = std::move(link);
  ended_[{from, to}] = absl::OkStatus();
  return absl::OkStatus();
}

void Simulation::ConnectAll() {
  for (auto& [from, unused] : nodes_) {
    for (auto& [to, unused_too] : nodes_) {
      if (from != to) DieUnlessOk(Connect(from, to), "connecting");
    }
  }
}

void Simulation::Disconnect(const std::string& from, const std::string& to) {
  auto it = links_.find({from, to});
  if (it == links_.end()) return;
  // Sessions first: they may hold the queues until they end.
  it->second->dialer.reset();
  it->second->listener.reset();
  links_.erase(it);
}

absl::Status Simulation::LinkStatus(const std::string& from, const std::string& to) {
  return ended_[{from, to}];
}

void Simulation::Prune() {
  for (auto it = links_.begin(); it != links_.end();) {
    Link& link = *it->second;
    absl::Status why =
        !link.to_dialer.closed.ok() ? link.to_dialer.closed : link.to_listener.closed;
    if (why.ok()) {
      ++it;
      continue;
    }
    ended_[it->first] = why;
    // The frame that was being written when the listener closed arrives; what waited does not.
    if (!link.to_dialer.closed.ok() && link.to_listener.closed.ok()) DeliverOne(link, false);
    link.dialer.reset();
    link.listener.reset();
    it = links_.erase(it);
  }
}

bool Simulation::DeliverOne(Link& link, bool to_listener) {
  FrameQueue& queue = to_listener ? link.to_listener : link.to_dialer;
  if (queue.frames.empty()) return false;
  v1::PeerFrame frame = std::move(queue.frames.front());
  queue.frames.pop_front();
  // As on the wire: what cannot be serialised and parsed does not arrive.
  v1::PeerFrame received;
  PALERMO_CHECK(received.ParseFromString(frame.SerializeAsString()));
  (to_listener ? link.listener : link.dialer)->OnFrame(received);
  return true;
}

bool Simulation::Step() {
  struct Choice {
    std::string node;
    Link* link = nullptr;
    bool to_listener = false;
  };
  std::vector<Choice> choices;
  for (auto& [code, unused] : nodes_) choices.push_back({code});
  for (auto& [names, link] : links_) {
    choices.push_back({"", link.get(), true});
    choices.push_back({"", link.get(), false});
  }
  size_t start = world.random.Uint64() % choices.size();
  for (size_t i = 0; i < choices.size(); ++i) {
    const Choice& choice = choices[(start + i) % choices.size()];
    bool moved = choice.link == nullptr ? node(choice.node).RunOnce() > 0
                                        : DeliverOne(*choice.link, choice.to_listener);
    Prune();
    if (moved) return true;
  }
  return false;
}

void Simulation::Settle() {
  while (Step()) {
  }
}

void Simulation::Crash(const std::string& state) {
  Stop(state);
  store(state).Crash();
  Open(state);
}

absl::Status Simulation::Reopen(const std::string& state,
                                std::optional<v1::SignedDocument> next_directory) {
  Stop(state);
  return TryOpen(state, std::move(next_directory));
}

storage::WriteBatch Simulation::CopyOf(const std::string& state) {
  storage::WriteBatch copy;
  DieUnlessOk(store(state).Scan({},
                                [&](std::string_view key, std::string_view value) {
                                  copy.Put(key, value);
                                  return true;
                                }),
              "copying a store");
  return copy;
}

void Simulation::Restore(const std::string& state, const storage::WriteBatch& copy) {
  Stop(state);
  nodes_.at(state).store = std::make_unique<storage::MemoryStore>(
      storage::MemoryStore::Options{[](const absl::Status&) {}});
  DieUnlessOk(store(state).Apply(copy, storage::Durability::kSync), "restoring a store");
  Open(state);
}

void Simulation::Stop(const std::string& state) {
  for (auto it = links_.begin(); it != links_.end();) {
    if (it->first.first == state || it->first.second == state) {
      it->second->dialer.reset();
      it->second->listener.reset();
      it = links_.erase(it);
    } else {
      ++it;
    }
  }
  nodes_.at(state).node.reset();
}

}  // namespace palermo::testing
