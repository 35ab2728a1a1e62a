// The gRPC side: services, health and reflection on one TLS port.
#ifndef PALERMO_NODE_SERVER_GRPC_SERVER_H_
#define PALERMO_NODE_SERVER_GRPC_SERVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/tls_identity.h"
#include "node/server/edge.h"

namespace palermo::server {

class GrpcServer {
 public:
  // Serves from now on. CANNOT_LISTEN when the address is in use or not ours. `edge` is borrowed.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const std::string& address,
                                                           const crypto::TlsIdentity& identity,
                                                           Edge& edge);
  // REQUIRES: Drain was called.
  ~GrpcServer();

  // What grpc.health.v1 answers, for the server and for each service.
  void SetServing(bool serving);
  // Takes no new call, ends the peers' streams, gives calls under way `limit` to finish, then
  // cancels them. Returns when none is left. Idempotent.
  void Drain(absl::Duration limit);
  int port() const;
  int64_t open_peer_streams() const;

 private:
  struct Impl;
  explicit GrpcServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_GRPC_SERVER_H_
