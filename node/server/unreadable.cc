#include "node/server/unreadable.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <string>
#include <string_view>

#include "base/status.h"
#include "node/server/transport/tls_credentials.h"
#include "node/server/unary.h"

namespace palermo::server {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::ServerRpcInfo;

constexpr std::string_view kOurServices = "/palermo.v1.";

class UnreadableGuard final : public grpc::experimental::Interceptor {
 public:
  UnreadableGuard(Edge& edge, ServerRpcInfo* info) : edge_(edge), info_(info) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE) &&
        methods->GetRecvMessage() == nullptr) {
      Refuse();
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS) &&
        !refused_.ok()) {
      methods->ModifySendStatus(refused_);
    }
    methods->Proceed();
  }

 private:
  void Refuse() {
    std::string_view method = info_->method();
    method.remove_prefix(method.rfind('/') + 1);
    exchange::Caller caller{transport::CallerPin(*info_->server_context()->auth_context())};
    std::string name(method);
    CallRecord record(edge_, name.c_str(), caller.tls_pin);
    absl::Status status = InputError(
        "BAD_FRAME", "the request does not parse as protobuf; use a desk of the node's version");
    edge_.node.RecordRefusedCall(caller, name, status);
    refused_ = record.End(status);
  }

  Edge& edge_;
  ServerRpcInfo* info_;
  grpc::Status refused_;
};

class GuardFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit GuardFactory(Edge& edge) : edge_(edge) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(ServerRpcInfo* info) override {
    bool ours = std::string_view(info->method()).substr(0, kOurServices.size()) == kOurServices;
    if (!ours || info->type() != ServerRpcInfo::Type::UNARY) return nullptr;
    return new UnreadableGuard(edge_, info);
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeUnreadableGuard(
    Edge& edge) {
  return std::make_unique<GuardFactory>(edge);
}

}  // namespace palermo::server
