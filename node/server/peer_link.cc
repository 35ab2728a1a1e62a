#include "node/server/peer_link.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/steady.h"
#include "node/server/await.h"
#include "node/server/transport/tls_credentials.h"

namespace palermo::server {
namespace {

constexpr absl::Duration kLinkTurn = absl::Seconds(1);
constexpr absl::Duration kDialLimit = absl::Seconds(15);
// A stream that lived this long was good: its end starts the back-off anew.
constexpr absl::Duration kLived = absl::Seconds(10);
constexpr absl::Duration kOfferLimit = absl::Seconds(30);

bool SameTarget(const exchange::Node::Peer& a, const exchange::Node::Peer& b) {
  return a.endpoint == b.endpoint && a.tls_pins == b.tls_pins;
}

bool CanDial(const exchange::Node::Peer& peer) {
  return !peer.endpoint.empty() && !peer.tls_pins.empty();
}

}  // namespace

PeerLink::PeerLink(LinkContext context, exchange::Node::Peer peer)
    : context_(context),
      state_(peer.state),
      dial_backoff_(context.random),
      fetch_backoff_(context.random),
      next_dial_(-absl::InfiniteDuration()),
      next_fetch_(-absl::InfiniteDuration()),
      next_wanted_fetch_(-absl::InfiniteDuration()),
      peer_(std::move(peer)),
      thread_([this] { Run(); }) {}

PeerLink::~PeerLink() {
  Stop();
  thread_.join();
}

void PeerLink::Update(const exchange::Node::Peer& peer) {
  absl::MutexLock lock(&mu_);
  if (!SameTarget(peer, peer_)) Wake();
  peer_ = peer;
}

void PeerLink::Stop() {
  absl::MutexLock lock(&mu_);
  stopping_ = true;
  Wake();
  if (fetching_ != nullptr) fetching_->Cancel();
}

void PeerLink::Wake() {
  wake_ = true;
  woken_.Notify();
}

bool PeerLink::connected() const {
  absl::MutexLock lock(&mu_);
  return phase_ == Phase::kConnected;
}

exchange::Node::Peer PeerLink::Current() const {
  absl::MutexLock lock(&mu_);
  return peer_;
}

bool PeerLink::stopping() const {
  absl::MutexLock lock(&mu_);
  return stopping_;
}

void PeerLink::Run() {
  while (!stopping()) {
    exchange::Node::Peer peer = Current();
    FetchWhenDue(peer);
    TendStream(Current());
    Sleep();
  }
  if (stream_ == nullptr) return;
  stream_->Cancel();
  {
    absl::MutexLock lock(&mu_);
    auto done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) { return phase_ == Phase::kDone; };
    mu_.Await(absl::Condition(&done));
  }
  stream_.reset();
}

void PeerLink::Sleep() {
  absl::Duration limit = kLinkTurn;
  // Before its documents are here there is nothing to dial, and no hurry.
  if (stream_ == nullptr && CanDial(Current())) {
    limit = std::min(limit, next_dial_ - SteadyNow());
  }
  absl::MutexLock lock(&mu_);
  auto woken = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return wake_; };
  woken_.Await(mu_, std::max(limit, absl::Milliseconds(10)), woken);
  wake_ = false;
}

void PeerLink::FetchWhenDue(const exchange::Node::Peer& peer) {
  if (peer.directory_endpoint.empty()) return;
  bool wanted = peer.directory_version == 0 || context_.node.WantsDocuments(state_);
  absl::Duration now = SteadyNow();
  if (now < next_fetch_ && !(wanted && now >= next_wanted_fetch_)) return;
  absl::Status status = Fetch(peer);
  if (!wanted && status.ok()) fetch_backoff_.Reset();
  next_wanted_fetch_ = SteadyNow() + absl::Milliseconds(fetch_backoff_.NextMillis());
  next_fetch_ = SteadyNow() + context_.refresh;
  if (status.ok()) return;
  next_fetch_ = std::min(next_fetch_, next_wanted_fetch_);
  context_.log.Write(wanted ? LogLevel::kInfo : LogLevel::kDebug, "documents-not-fetched",
                     {{"peer", state_}, {"code", CodeOf(status)}, {"text", TextOf(status)}});
  if (peer.directory_version == 0) {
    SetLink(absl::StrFormat("unreachable: no directory yet: %s: %s", CodeOf(status),
                            TextOf(transport::ForOthers(status))));
  }
}

absl::Status PeerLink::Fetch(const exchange::Node::Peer& peer) {
  for (int i = 0; i < limits::kMaxAnswersPerFetch && !stopping(); ++i) {
    PALERMO_ASSIGN_OR_RETURN(v1::GetDocumentsResponse documents,
                             Ask(peer, context_.node.FetchRequest(state_)));
    PALERMO_ASSIGN_OR_RETURN(bool changed, Offer(documents));
    if (!changed) return absl::OkStatus();
  }
  if (stopping()) return absl::OkStatus();
  // What was taken so far stays. The next refresh goes on from there, after the backoff.
  absl::Status endless = OverLimit("TOO_MANY",
                                   "the peer still has more documents after as many answers as one "
                                   "fetch takes; ask its administrator if this does not end");
  context_.node.NoteEndless(state_, endless);
  return endless;
}

absl::StatusOr<v1::GetDocumentsResponse> PeerLink::Ask(const exchange::Node::Peer& peer,
                                                       const v1::GetDocumentsRequest& request) {
  if (!peer.tls_pins.empty()) {
    for (const std::string& endpoint :
         std::set<std::string>{peer.endpoint, peer.directory_endpoint}) {
      if (endpoint.empty()) continue;
      auto answer = AskWith(DocumentClient(endpoint, context_.own, peer.tls_pins), request);
      if (!answer.ok()) continue;
      context_.node.NoteFetched(state_, true);
      return answer;
    }
  }
  PALERMO_ASSIGN_OR_RETURN(v1::GetDocumentsResponse answer,
                           AskWith(DocumentClient(peer.directory_endpoint), request));
  context_.node.NoteFetched(state_, false);
  if (!peer.tls_pins.empty()) {
    context_.log.Warning("documents-from-unproved-server", {{"peer", state_}});
  }
  return answer;
}

absl::StatusOr<v1::GetDocumentsResponse> PeerLink::AskWith(DocumentClient&& client,
                                                           const v1::GetDocumentsRequest& request) {
  {
    absl::MutexLock lock(&mu_);
    if (stopping_) return TryLater("SHUTTING_DOWN", "the own node is stopping");
    fetching_ = &client;
  }
  absl::StatusOr<v1::GetDocumentsResponse> answer = client.Get(request);
  absl::MutexLock lock(&mu_);
  fetching_ = nullptr;
  return answer;
}

absl::StatusOr<bool> PeerLink::Offer(const v1::GetDocumentsResponse& documents) {
  auto changed = std::make_shared<std::atomic<bool>>(false);
  absl::Status status = AwaitStatus(
      [&](StatusReply reply) {
        context_.node.OfferDocuments(state_, documents,
                                     [reply, changed](absl::StatusOr<bool> result) {
                                       if (result.ok()) changed->store(*result);
                                       reply(result.status());
                                     });
      },
      kOfferLimit);
  if (!status.ok()) return status;
  return changed->load();
}

void PeerLink::TendStream(const exchange::Node::Peer& peer) {
  absl::Duration now = SteadyNow();
  if (stream_ != nullptr) {
    Phase phase;
    {
      absl::MutexLock lock(&mu_);
      phase = phase_;
    }
    if (phase == Phase::kDone) {
      AfterStream();
    } else if (!SameTarget(peer, dialled_)) {
      context_.log.Info("peer-changed", {{"peer", state_}, {"endpoint", peer.endpoint}});
      stream_->Cancel();
    } else if (phase == Phase::kDialling && now - dialled_at_ > kDialLimit) {
      stream_->Cancel();
    }
  }
  if (stream_ != nullptr) return;
  if (!dialled_.state.empty() && !SameTarget(peer, dialled_)) next_dial_ = now;
  if (now >= next_dial_ && CanDial(peer)) Dial(peer);
}

void PeerLink::Dial(const exchange::Node::Peer& peer) {
  dialled_ = peer;
  dialled_at_ = SteadyNow();
  {
    absl::MutexLock lock(&mu_);
    phase_ = Phase::kDialling;
  }
  OutboundStream::Events events;
  events.connected = [this] {
    {
      absl::MutexLock lock(&mu_);
      phase_ = Phase::kConnected;
      connected_at_ = SteadyNow();
    }
    context_.log.Info("peer-connected", {{"peer", state_}});
    context_.node.SetLink(state_, "CONNECTED");
  };
  events.done = [this](absl::Status status) {
    absl::MutexLock lock(&mu_);
    if (phase_ == Phase::kDialling) connected_at_ = absl::InfiniteDuration();
    phase_ = Phase::kDone;
    end_ = std::move(status);
    Wake();
  };
  stream_ = std::make_unique<OutboundStream>(context_.node, context_.own, peer, std::move(events));
}

void PeerLink::AfterStream() {
  absl::Status end;
  bool was_connected;
  bool lived;
  {
    absl::MutexLock lock(&mu_);
    end = end_;
    was_connected = connected_at_ != absl::InfiniteDuration();
    lived = SteadyNow() - connected_at_ > kLived;
    phase_ = Phase::kNone;
  }
  stream_.reset();
  if (lived || !SameTarget(Current(), dialled_)) dial_backoff_.Reset();
  int64_t wait_ms = dial_backoff_.NextMillis();
  next_dial_ = SteadyNow() + absl::Milliseconds(wait_ms);
  // Somebody else answers at the peer's address, or it has a key that its directory does not name.
  const bool wrong_key = CodeOf(end) == "WRONG_NODE_KEY";
  context_.log.Write(was_connected || wrong_key ? LogLevel::kWarning : LogLevel::kInfo,
                     was_connected ? "peer-lost" : "peer-unreachable",
                     {{"peer", state_},
                      {"endpoint", dialled_.endpoint},
                      {"code", CodeOf(end)},
                      {"text", TextOf(end)},
                      {"retry_ms", std::to_string(wait_ms)}});
  if (wrong_key) context_.node.RecordWrongKey(state_, end);
  // Officers see it; the log has the whole of it.
  SetLink(absl::StrFormat("unreachable: %s: %s", CodeOf(end), TextOf(transport::ForOthers(end))));
}

void PeerLink::SetLink(const std::string& text) { context_.node.SetLink(state_, text); }

}  // namespace palermo::server
