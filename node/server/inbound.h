// The streams that peers dial: each moves the frames of one exchange::Session over gRPC.
#ifndef PALERMO_NODE_SERVER_INBOUND_H_
#define PALERMO_NODE_SERVER_INBOUND_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "node/server/edge.h"

namespace grpc {
class Service;
}

namespace palermo::server {

// Thread-safe. Must outlive the gRPC server that it is registered with.
class PeerStreams {
 public:
  // `edge` is borrowed.
  explicit PeerStreams(Edge& edge);
  ~PeerStreams();

  grpc::Service* service();
  // Ends every open stream, and each new one at once.
  void CloseAll(const absl::Status& status);
  int64_t open() const;

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_INBOUND_H_
