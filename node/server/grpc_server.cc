#include "node/server/grpc_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/support/server_interceptor.h>

#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/server/inbound.h"
#include "node/server/services.h"
#include "node/server/transport/tls_credentials.h"
#include "node/server/unreadable.h"

namespace palermo::server {
namespace {

constexpr size_t kMemoryBytes = size_t{512} * 1024 * 1024;
constexpr int kHandshakeMillis = 10000;
constexpr int kIdleMillis = 10 * 60 * 1000;
constexpr int kPingEveryMillis = 10000;
constexpr int kPingWaitMillis = 10000;
// A client that pings more often is sent away.
constexpr int kMinPingIntervalMillis = 5000;

void SetLimits(grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("palermod");
  quota.Resize(kMemoryBytes);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(limits::kMaxFrameBytes);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kPingEveryMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingWaitMillis);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinPingIntervalMillis);
  // Without it a second process would share the port unseen.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// Both are switches of the whole process.
void EnableHealthAndReflection() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

}  // namespace

// The order of the fields is the order of building: the gRPC server goes first.
struct GrpcServer::Impl {
  explicit Impl(Edge& edge)
      : peers(edge),
        desk(MakeDeskService(edge)),
        audit(MakeAuditService(edge)),
        directory(MakeDirectoryService(edge)) {}

  PeerStreams peers;
  std::unique_ptr<grpc::Service> desk;
  std::unique_ptr<grpc::Service> audit;
  std::unique_ptr<grpc::Service> directory;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

GrpcServer::GrpcServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
GrpcServer::~GrpcServer() = default;

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const std::string& address,
                                                              const crypto::TlsIdentity& identity,
                                                              Edge& edge) {
  EnableHealthAndReflection();
  auto impl = std::make_unique<Impl>(edge);
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.AddListeningPort(address, transport::MakeServerCredentials(identity), &impl->port);
  builder.RegisterService(impl->peers.service());
  builder.RegisterService(impl->desk.get());
  builder.RegisterService(impl->audit.get());
  builder.RegisterService(impl->directory.get());
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> guards;
  guards.push_back(MakeUnreadableGuard(edge));
  builder.experimental().SetInterceptorCreators(std::move(guards));
  impl->server = builder.BuildAndStart();
  if (impl->server == nullptr || impl->port == 0) {
    return TryLater("CANNOT_LISTEN",
                    absl::StrFormat("listen: cannot listen on %s: in use, or not an address of "
                                    "this machine",
                                    address));
  }
  // gRPC begins with SERVING; whether the node can do its work is not known yet.
  impl->server->GetHealthCheckService()->SetServingStatus(false);
  return std::unique_ptr<GrpcServer>(new GrpcServer(std::move(impl)));
}

void GrpcServer::SetServing(bool serving) {
  impl_->server->GetHealthCheckService()->SetServingStatus(serving);
}

void GrpcServer::Drain(absl::Duration limit) {
  impl_->server->GetHealthCheckService()->Shutdown();
  impl_->peers.CloseAll(TryLater("SHUTTING_DOWN", "the node is stopping; try again later"));
  impl_->server->Shutdown(absl::ToChronoTime(absl::Now() + limit));
}

int GrpcServer::port() const { return impl_->port; }
int64_t GrpcServer::open_peer_streams() const { return impl_->peers.open(); }

}  // namespace palermo::server
