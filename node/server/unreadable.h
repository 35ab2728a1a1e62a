// Unary requests that are no protobuf. gRPC does not call the service for them and answers
// UNIMPLEMENTED without a word; with this they are refused and entered as any other bad request.
#ifndef PALERMO_NODE_SERVER_UNREADABLE_H_
#define PALERMO_NODE_SERVER_UNREADABLE_H_

#include <memory>

#include "node/server/edge.h"

namespace grpc::experimental {
class ServerInterceptorFactoryInterface;
}

namespace palermo::server {

// `edge` is borrowed.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeUnreadableGuard(
    Edge& edge);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_UNREADABLE_H_
