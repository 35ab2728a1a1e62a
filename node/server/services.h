// The unary services: desks, auditors, and the directory for anybody.
#ifndef PALERMO_NODE_SERVER_SERVICES_H_
#define PALERMO_NODE_SERVER_SERVICES_H_

#include <memory>

#include "node/server/edge.h"

namespace grpc {
class Service;
}

namespace palermo::server {

// `edge` is borrowed.
std::unique_ptr<grpc::Service> MakeDeskService(Edge& edge);
std::unique_ptr<grpc::Service> MakeAuditService(Edge& edge);
std::unique_ptr<grpc::Service> MakeDirectoryService(Edge& edge);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_SERVICES_H_
