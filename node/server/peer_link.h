// What we do towards one peer: fetch its signed documents, and hold one stream to its node. A
// thread of its own, because peers are few (limits::kMaxStates) and most of them sleep.
#ifndef PALERMO_NODE_SERVER_PEER_LINK_H_
#define PALERMO_NODE_SERVER_PEER_LINK_H_

#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "base/steady.h"
#include "crypto/tls_identity.h"
#include "node/exchange/node.h"
#include "node/server/backoff.h"
#include "node/server/log.h"
#include "node/server/outbound.h"

namespace palermo::server {

// All borrowed.
struct LinkContext {
  exchange::Node& node;
  const crypto::TlsIdentity& own;
  Log& log;
  Random& random;
  absl::Duration refresh;
};

// Thread-safe.
class PeerLink {
 public:
  PeerLink(LinkContext context, exchange::Node::Peer peer);
  ~PeerLink();

  // What the node knows of the peer now. Another endpoint or other pins make it dial again.
  void Update(const exchange::Node::Peer& peer);
  // Begins to end; the destructor waits for it.
  void Stop();
  bool connected() const;

 private:
  enum class Phase { kNone, kDialling, kConnected, kDone };

  void Run();
  exchange::Node::Peer Current() const;
  bool stopping() const;
  void Sleep();
  void Wake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  void FetchWhenDue(const exchange::Node::Peer& peer);
  // All that is new, answer by answer.
  absl::Status Fetch(const exchange::Node::Peer& peer);
  // One answer: from the peer's node where its key is known and proved, else from whoever answers,
  // so that an outdated pin locks nobody out.
  absl::StatusOr<v1::GetDocumentsResponse> Ask(const exchange::Node::Peer& peer,
                                               const v1::GetDocumentsRequest& request);
  absl::StatusOr<v1::GetDocumentsResponse> AskWith(DocumentClient&& client,
                                                   const v1::GetDocumentsRequest& request);
  // True when something was new.
  absl::StatusOr<bool> Offer(const v1::GetDocumentsResponse& documents);

  void TendStream(const exchange::Node::Peer& peer);
  void Dial(const exchange::Node::Peer& peer);
  void AfterStream();
  void SetLink(const std::string& text);

  const LinkContext context_;
  const std::string state_;

  // Of the link's thread alone.
  Backoff dial_backoff_;
  Backoff fetch_backoff_;
  // In steady time, all of them.
  absl::Duration next_dial_;
  absl::Duration next_fetch_;
  absl::Duration next_wanted_fetch_;  // when something waits for the documents
  absl::Duration dialled_at_;
  exchange::Node::Peer dialled_;
  std::unique_ptr<OutboundStream> stream_;

  mutable absl::Mutex mu_;
  exchange::Node::Peer peer_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  bool wake_ ABSL_GUARDED_BY(mu_) = false;
  SteadyWait woken_;
  Phase phase_ ABSL_GUARDED_BY(mu_) = Phase::kNone;
  absl::Duration connected_at_ ABSL_GUARDED_BY(mu_);
  absl::Status end_ ABSL_GUARDED_BY(mu_);
  DocumentClient* fetching_ ABSL_GUARDED_BY(mu_) = nullptr;

  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_PEER_LINK_H_
