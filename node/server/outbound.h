// One stream that we dialled: moves the frames of one exchange::Session over gRPC. The session
// opens when the peer has let us in, so a peer that is away costs no work in the node.
#ifndef PALERMO_NODE_SERVER_OUTBOUND_H_
#define PALERMO_NODE_SERVER_OUTBOUND_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "crypto/tls_identity.h"
#include "node/exchange/node.h"

namespace palermo::server {

// Thread-safe. Dials at once and never again.
class OutboundStream {
 public:
  struct Events {
    std::function<void()> connected;
    // Last of all; the stream may be destroyed after it.
    std::function<void(absl::Status)> done;
  };
  // Borrows `node` and what `events` refer to.
  OutboundStream(exchange::Node& node, const crypto::TlsIdentity& own,
                 const exchange::Node::Peer& peer, Events events);
  // REQUIRES: `done` was called.
  ~OutboundStream();

  // `done` follows soon.
  void Cancel();

 private:
  class Reactor;
  std::unique_ptr<Reactor> reactor_;
};

// Asks the directory service at `endpoint`: the documents' signatures count. Blocks, at most for a
// few seconds.
class DocumentClient {
 public:
  // Only a server with one of `pins`.
  DocumentClient(const std::string& endpoint, const crypto::TlsIdentity& own,
                 std::vector<std::string> pins);
  // Whoever answers there.
  explicit DocumentClient(const std::string& endpoint);
  ~DocumentClient();
  absl::StatusOr<v1::GetDocumentsResponse> Get(const v1::GetDocumentsRequest& request);
  // Ends a Get that is under way in another thread, and later ones.
  void Cancel();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_OUTBOUND_H_
