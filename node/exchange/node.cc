// The facade's set-up, its peers and its operation. Officers' calls: desk_calls.cc; auditors':
// audit_calls.cc; of documents and of administrators: document_calls.cc.
#include "node/exchange/node.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/limits.h"
#include "base/plain_text.h"
#include "node/exchange/calls.h"
#include "node/exchange/confirmation.h"
#include "node/exchange/documents.h"
#include "node/exchange/faults.h"
#include "node/exchange/follow_up.h"
#include "node/exchange/inbound.h"
#include "node/exchange/key_change.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/numbers.h"
#include "node/exchange/outbound.h"
#include "node/exchange/parts.h"
#include "node/exchange/start.h"
#include "node/trust/expiry.h"
#include "node/trust/rosters.h"

namespace palermo::exchange {
namespace {

// The first entries of a new ledger: its start, and the roster that everything is judged from.
absl::Status WriteStart(NodeParts& parts) {
  if (parts.committer->tree_size() > 0) return absl::OkStatus();
  Decision decision;
  absl::Status result = absl::UnknownError("");
  decision.decide = [&](Tx& tx) {
    tx.Put(std::string(keys::kOwnState), parts.options.state);
    v1::Record start;
    start.set_kind(v1::RecordKind::START);
    start.set_actor("node");
    start.set_outcome(v1::Outcome::ACCEPTED);
    tx.Append(start);
    const trust::Roster& roster = tx.trust()->roster();
    v1::Record record;
    record.set_kind(v1::RecordKind::ROSTER);
    record.set_actor("node");
    record.set_outcome(v1::Outcome::ACCEPTED);
    record.set_document_version(roster.body.version());
    record.set_evidence_sha256(std::string(AsView(roster.sha256)));
    tx.Append(record);
    tx.Save(keys::Roster(roster.body.version()), roster.signed_document);
    return absl::OkStatus();
  };
  decision.done = [&](const absl::Status& status, const CommittedPtr&) { result = status; };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  parts.committer->RunOnce();
  return result;
}

absl::Status CountFaultsOfOldStores(NodeParts& parts) {
  Decision decision;
  absl::Status result;
  auto tell = [&parts](const absl::Status& damage) { parts.TellDamage(damage); };
  decision.decide = [tell](Tx& tx) {
    for (const auto& state : tx.trust()->roster().body.states()) {
      PALERMO_RETURN_IF_ERROR(CountOldFaults(tx, state.state(), tell));
    }
    return absl::OkStatus();
  };
  decision.done = [&](const absl::Status& status, const CommittedPtr&) { result = status; };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  parts.committer->RunOnce();
  return result;
}

// A damaged mark stays, and its turn comes again: it is told once.
void NoteFailedRelease(NodeParts& parts, const std::string& mark, const absl::Status& status) {
  if (status.code() != absl::StatusCode::kDataLoss) return;
  {
    absl::MutexLock lock(&parts.mu);
    std::set<std::string>& told = parts.releasing.failed;
    if (told.size() >= limits::kMaxDamagesTold || !told.insert(mark).second) return;
  }
  parts.TellDamage(Annotate(
      status, Cat({"messages that wait in a case for a number of ",
                   mark.substr(std::min(mark.size(), keys::kCaseIdBytes)), " stay held"})));
}

void ReleaseNext(NodeParts& parts);

// Each decision is for the mark behind the last one, so that a sender who marks his case again and
// again keeps no other waiting. False when nothing is marked.
absl::StatusOr<bool> EnqueueRelease(NodeParts& parts) {
  std::string last;
  {
    absl::MutexLock lock(&parts.mu);
    last = parts.releasing.last;
  }
  PALERMO_ASSIGN_OR_RETURN(auto mark, NextRelease(*parts.options.store, last));
  if (!mark.has_value()) return false;
  Decision decision;
  decision.decide = [mark = *mark](Tx& tx) { return DecideRelease(tx, mark); };
  decision.done = [&parts, mark = *mark](const absl::Status& status, const CommittedPtr&) {
    {
      absl::MutexLock lock(&parts.mu);
      parts.releasing.last = mark;
      parts.releasing.under_way = status.ok();
    }
    if (status.ok()) return ReleaseNext(parts);
    NoteFailedRelease(parts, mark, status);
  };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  return true;
}

// One decision after the other while there is more, and what others want in between. After a
// failure, or when the queue is full, the next tick goes on.
void ReleaseNext(NodeParts& parts) {
  if (EnqueueRelease(parts).value_or(false)) return;
  absl::MutexLock lock(&parts.mu);
  parts.releasing.under_way = false;
}

void StartReleasing(NodeParts& parts) {
  {
    absl::MutexLock lock(&parts.mu);
    if (parts.releasing.under_way) return;
    parts.releasing.under_way = true;
  }
  ReleaseNext(parts);
}

}  // namespace

Node::Node(std::unique_ptr<NodeParts> parts) : parts_(std::move(parts)) {}

absl::StatusOr<std::unique_ptr<Node>> Node::Open(NodeOptions options) {
  PALERMO_ASSIGN_OR_RETURN(PreparedNode prepared, PrepareNode(std::move(options)));
  const NodeParts& parts = *prepared.parts;
  if (parts.committer->tree_size() == 0 && parts.options.on_first_start) {
    parts.options.on_first_start();
  }
  PALERMO_RETURN_IF_ERROR(WriteStart(*prepared.parts));
  PALERMO_RETURN_IF_ERROR(CountFaultsOfOldStores(*prepared.parts));
  if (prepared.former_key.has_value()) {
    PALERMO_RETURN_IF_ERROR(ReplaceKey(*prepared.parts, *prepared.former_key));
  }
  return std::unique_ptr<Node>(new Node(std::move(prepared.parts)));
}

Node::~Node() { Drain(); }

void Node::Start() {
  PALERMO_CHECK(!parts_->started);
  parts_->started = true;
  parts_->committer->Start();
  parts_->readers.Start();
  parts_->timer = std::thread([this] {
    while (true) {
      {
        absl::MutexLock lock(&parts_->mu);
        auto stopping = [this]()
                            ABSL_SHARED_LOCKS_REQUIRED(parts_->mu) { return parts_->stopping; };
        if (parts_->stop_wait.Await(parts_->mu, absl::Milliseconds(limits::kTickMillis),
                                    stopping)) {
          return;
        }
      }
      Tick();
    }
  });
}

void Node::Drain() {
  {
    absl::MutexLock lock(&parts_->mu);
    parts_->stopping = true;
  }
  parts_->stop_wait.Notify();
  if (parts_->timer.joinable()) parts_->timer.join();
  parts_->committer->Drain();
  parts_->readers.Drain();
}

size_t Node::RunOnce() {
  PALERMO_CHECK(!parts_->started);
  size_t done = parts_->committer->RunOnce();
  std::vector<OutboundSession*> sessions;
  {
    absl::MutexLock lock(&parts_->mu);
    sessions.assign(parts_->outbound.begin(), parts_->outbound.end());
  }
  for (OutboundSession* session : sessions) {
    while (session->PumpOnce()) {
    }
  }
  return done;
}

// Whether the first of what waits under `prefix` for a time is due.
bool Node::IsDue(std::string_view prefix) const {
  auto now_ms = static_cast<uint64_t>(ToMillis(parts_->options.clock->Now()));
  bool due = false;
  absl::Status scanned = parts_->options.store->Scan(
      storage::ScanRange::Prefix(prefix, 1), [&](std::string_view key, std::string_view) {
        due = ReadBigEndian64(key.substr(prefix.size(), 8)) <= now_ms;
        return false;
      });
  return scanned.ok() && due;
}

void Node::Tick() {
  parts_->WakeOutbound();
  parts_->EnterWaitingFaults();
  if (IsDue(keys::kConfirmationsDue)) EnterMissingConfirmations();
  StartReleasing(*parts_);
  int64_t now_ms = ToMillis(parts_->options.clock->Now());
  absl::StatusOr<bool> any = AnyExpiries(*parts_->options.store, now_ms);
  if (!any.ok() || !*any) return;
  Decision decision;
  auto entered = std::make_shared<uint64_t>(0);
  auto damage = std::make_shared<absl::Status>();
  decision.decide = [entered, damage](Tx& tx) {
    uint64_t before = tx.next_index();
    absl::Status status = DecideExpiries(tx, limits::kMaxExpiriesPerTick, damage.get());
    *entered = tx.next_index() - before;
    return status;
  };
  decision.done = [this, entered, damage](const absl::Status& status, const CommittedPtr&) {
    if (status.ok()) parts_->counters.expired += *entered;
    if (status.code() == absl::StatusCode::kDataLoss) {
      parts_->TellOnce("expiries", Annotate(status, "no message expires any more"));
    }
    if (!damage->ok()) {
      parts_->TellDamage(
          Annotate(*damage,
                   "a message whose time has run out cannot be entered as expired; it is "
                   "tried again after a day"));
    }
    if (parts_->started) parts_->WakeOutbound();
  };
  // A full queue means that the next tick tries again.
  parts_->committer->Enqueue(std::move(decision)).IgnoreError();
}

void Node::EnterMissingConfirmations() {
  auto count = std::make_shared<size_t>(0);
  auto damage = std::make_shared<absl::Status>();
  Decision decision;
  decision.decide = [count, damage](Tx& tx) -> absl::Status {
    PALERMO_ASSIGN_OR_RETURN(
        *count, DecideMissingConfirmations(tx, limits::kMaxExpiriesPerTick, damage.get()));
    return absl::OkStatus();
  };
  decision.done = [this, count, damage](const absl::Status& status, const CommittedPtr&) {
    if (status.ok()) parts_->counters.confirmations_missing += *count;
    if (!damage->ok()) {
      parts_->TellOnce("confirmations",
                       Annotate(*damage, "a missing confirmation cannot be entered"));
    }
  };
  parts_->committer->Enqueue(std::move(decision)).IgnoreError();
}

// ---------------------------------------------------------------- peers

absl::StatusOr<std::unique_ptr<Session>> Node::OpenInbound(const Caller& caller, FrameSink* sink) {
  trust::TrustPtr view = parts_->Trust();
  // More than one state may claim a pin; the hello says which of them speaks.
  std::vector<std::string> candidates;
  if (!caller.tls_pin.empty()) {
    for (const auto& state : view->roster().body.states()) {
      if (state.state() == parts_->options.state) continue;
      const trust::StateView* known = view->Find(state.state());
      if (known == nullptr || known->directory == nullptr) continue;
      if (!known->directory->IsNodePin(caller.tls_pin)) continue;
      candidates.push_back(state.state());
    }
  }
  if (!candidates.empty()) {
    // The roster's time is asked with the hello, and with everything that comes later.
    PALERMO_RETURN_IF_ERROR(parts_->committer->halted());
    return std::unique_ptr<Session>(std::make_unique<InboundSession>(
        parts_.get(), std::move(candidates), caller.tls_pin, sink));
  }
  absl::Status refused =
      Refused("WRONG_PEER",
              "the TLS key of the caller is no node's in any directory known here; when it is new, "
              "its state publishes a directory that names it, and the caller dials again");
  EnterRefusal(*parts_, caller, "Exchange", "", refused, [](const absl::Status&) {});
  return refused;
}

absl::StatusOr<std::unique_ptr<Session>> Node::OpenOutbound(const std::string& state,
                                                            FrameSink* sink) {
  trust::TrustPtr view = parts_->Trust();
  PALERMO_RETURN_IF_ERROR(view->DirectoryOf(state).status());
  PALERMO_RETURN_IF_ERROR(trust::CheckRosterInTime(view->roster().body, trust::RosterUse::kExisting,
                                                   parts_->options.clock->Now()));
  PALERMO_RETURN_IF_ERROR(parts_->committer->halted());
  return std::unique_ptr<Session>(std::make_unique<OutboundSession>(parts_.get(), state, sink));
}

std::vector<Node::Peer> Node::Peers() {
  trust::TrustPtr view = parts_->Trust();
  std::vector<Peer> peers;
  for (const auto& state : view->roster().body.states()) {
    if (state.state() == parts_->options.state) continue;
    Peer peer;
    peer.state = state.state();
    peer.directory_endpoint = state.endpoint();
    const trust::StateView* known = view->Find(state.state());
    if (known != nullptr && known->directory != nullptr) {
      const v1::Directory& body = known->directory->body();
      peer.endpoint = body.node().endpoint();
      peer.tls_pins.assign(body.node().tls_pins().begin(), body.node().tls_pins().end());
      peer.directory_version = body.version();
    }
    peers.push_back(std::move(peer));
  }
  return peers;
}

void Node::SetLink(const std::string& state, const std::string& text) {
  absl::MutexLock lock(&parts_->mu);
  parts_->links[state] = PlainText(text, limits::kMaxLinkTextBytes);
}

// ---------------------------------------------------------------- operation

void Node::Probe(std::function<void(absl::Status)> reply) {
  absl::Status halted = parts_->committer->halted();
  if (!halted.ok()) return reply(halted);
  std::string value = parts_->options.random->Bytes(16);
  // Signs and verifies: a token that is gone or broken shows here.
  absl::Status signs =
      parts_->options.checkpoint_key->TrySignRaw(Cat({"palermo/v1/probe", value})).status();
  if (!signs.ok()) return reply(WrongState("CANNOT_SIGN", TextOf(signs)));
  Decision decision;
  decision.decide = [value](Tx& tx) {
    tx.Put(std::string(keys::kProbe), value);
    return absl::OkStatus();
  };
  decision.done = [this, value, reply](const absl::Status& status, const CommittedPtr&) {
    if (!status.ok()) return reply(status);
    auto read = parts_->options.store->Get(keys::kProbe);
    if (!read.ok()) return reply(read.status());
    reply(*read == value
              ? absl::OkStatus()
              : Damaged("STORE_DAMAGED", "the store does not give back what was written"));
  };
  absl::Status queued = parts_->committer->Enqueue(std::move(decision));
  if (!queued.ok()) reply(queued);
}

NodeStats Node::Stats() {
  NodeStats stats;
  const Counters& counters = parts_->counters;
  stats.submitted = counters.submitted;
  stats.delivered = counters.delivered;
  stats.relayed = counters.relayed;
  stats.retrieved = counters.retrieved;
  stats.refused = counters.refused;
  stats.expired = counters.expired;
  stats.confirmations_missing = counters.confirmations_missing;
  stats.peer_faults = counters.peer_faults;
  stats.refusals_not_entered = counters.refusals_not_entered;
  stats.commits = parts_->committer->commits();
  stats.syncs = parts_->options.store->SyncCount();
  stats.ledger_size = parts_->committer->tree_size();
  stats.queued_decisions = parts_->committer->queued();
  auto count = [this](const std::string& key) {
    auto value = parts_->options.store->Get(key);
    return value.ok() && value->has_value() && (*value)->size() == 8 ? ReadBigEndian64(**value) : 0;
  };
  trust::TrustPtr view = parts_->Trust();
  for (const auto& state : view->roster().body.states()) {
    stats.outbox_items += count(keys::OutboxCount(state.state()));
  }
  auto directory = view->DirectoryOf(parts_->options.state);
  if (directory.ok()) {
    stats.directory_expires_at_ms = (*directory)->body().expires_at_ms();
    for (const auto& authority : (*directory)->body().authorities()) {
      stats.pending_drafts += count(keys::DraftCount(authority.id()));
    }
  }
  stats.waiting_rosters = view->waiting().size();
  for (const trust::Expiry& expiry : trust::ListExpiries(*view)) {
    int64_t& soonest = stats.expires_at_ms[{expiry.state, trust::ExpiryKindName(expiry.kind)}];
    if (soonest == 0 || expiry.at_ms < soonest) soonest = expiry.at_ms;
  }
  absl::MutexLock lock(&parts_->mu);
  for (const auto& [state, fetched] : parts_->fetched) {
    stats.documents_pinned_at_ms[state] = fetched.pinned_at_ms;
  }
  return stats;
}

trust::TrustPtr Node::Trust() { return parts_->Trust(); }

std::string Node::NewestCheckpoint() { return parts_->committer->newest_checkpoint(); }
std::string Node::LedgerMark() { return parts_->committer->mark(); }

void Node::NoteEndless(const std::string& state, const absl::Status& fault) {
  {
    absl::MutexLock lock(&parts_->mu);
    if (!parts_->fetched[state].pinned) return;
  }
  parts_->RecordPeerFault(state, fault);
}

void Node::RecordRefusedCall(const Caller& caller, const std::string& method,
                             const absl::Status& status) {
  EnterRefusal(*parts_, caller, method, "", status, [](const absl::Status&) {});
}

void Node::RecordWrongKey(const std::string& peer, const absl::Status& status) {
  EnterWrongKey(*parts_, peer, status);
}

}  // namespace palermo::exchange
