#include "node/server/outbound.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/exchange/session.h"
#include "node/server/frame_queue.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::server {
namespace {

using v1::PeerFrame;

constexpr char kExchange[] = "/palermo.v1.PeerService/Exchange";
constexpr int kConnectMillis = 5000;
// A peer that died without a word is noticed after one ping and one wait: 20 s.
constexpr int kPeerPingEveryMillis = 10000;
constexpr int kPeerPingWaitMillis = 10000;
constexpr std::chrono::seconds kDocumentsDeadline{10};

// Each try has a channel of its own: gRPC's back-off would otherwise add to ours.
std::shared_ptr<grpc::Channel> NewChannel(const std::string& endpoint,
                                          const std::shared_ptr<grpc::ChannelCredentials>& tls,
                                          int max_receive_bytes) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPeerPingEveryMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPeerPingWaitMillis);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetMaxReceiveMessageSize(max_receive_bytes);
  return grpc::CreateCustomChannel(endpoint, tls, arguments);
}

}  // namespace

// gRPC calls OnDone when the status is there, no reaction runs and the hold is gone. The hold
// stands for writes from the session's threads; FrameQueue's `end` gives it back, once.
// Frames are parsed here, as in inbound.cc.
class OutboundStream::Reactor final : public grpc::ClientBidiReactor<PeerFrame, grpc::ByteBuffer>,
                                      public exchange::FrameSink {
 public:
  Reactor(exchange::Node& node, const crypto::TlsIdentity& own, const exchange::Node::Peer& peer,
          Events events)
      : node_(node),
        state_(peer.state),
        events_(std::move(events)),
        endpoint_(peer.endpoint),
        stub_(NewChannel(peer.endpoint,
                         transport::MakePinnedClient(own, peer.tls_pins, wrong_server_),
                         limits::kMaxFrameBytes)) {}

  void Begin() {
    stub_.PrepareBidiStreamingCall(&context_, kExchange, grpc::StubOptions(), this);
    AddHold();
    StartCall();
  }

  // TryCancel before the hold goes: after it `this` may be gone.
  void End(const absl::Status& status) {
    {
      absl::MutexLock lock(&mu_);
      if (own_reason_.ok()) own_reason_ = status;
    }
    context_.TryCancel();
    Act(queue_.Close());
  }

  // exchange::FrameSink
  void Send(PeerFrame frame) override { Act(queue_.Push(std::move(frame))); }
  void Close(const absl::Status& status) override {
    End(status.ok() ? TryLater("STREAM_CLOSED", "the own node ended the stream") : status);
  }

  // grpc::ClientBidiReactor
  void OnReadInitialMetadataDone(bool ok) override {
    if (!ok) return Act(queue_.Close());
    auto session = node_.OpenOutbound(state_, this);
    if (!session.ok()) return End(session.status());
    session_ = *std::move(session);
    events_.connected();
    StartRead(&incoming_);
    Act(queue_.Open());
  }
  void OnReadDone(bool ok) override {
    if (!ok) return Act(queue_.Close());
    PeerFrame frame;
    if (grpc::SerializationTraits<PeerFrame>::Deserialize(&incoming_, &frame).ok()) {
      session_->OnFrame(std::move(frame));
    } else {
      session_->OnUnreadable();
    }
    if (queue_.closed()) return;
    StartRead(&incoming_);
  }
  void OnWriteDone(bool ok) override { Act(queue_.Written(ok)); }
  void OnDone(const grpc::Status& status) override {
    session_.reset();
    absl::Status reason = Reason(status);
    // Whoever hears `done` may destroy this object at once.
    auto done = std::move(events_.done);
    done(std::move(reason));
  }

 private:
  void Act(FrameQueue::Next next) {
    if (next.cancel) context_.TryCancel();
    if (next.write != nullptr) return StartWrite(next.write);
    if (next.end) RemoveHold();
  }
  absl::Status Reason(const grpc::Status& status) {
    absl::MutexLock lock(&mu_);
    if (!own_reason_.ok()) return own_reason_;
    if (status.ok()) return TryLater("STREAM_CLOSED", "the peer ended the stream");
    absl::Status mapped = transport::FromGrpc(status);
    // Only this side can find that; of the peer's own words it would be an entry against a third.
    if (CodeOf(mapped) == "WRONG_NODE_KEY") {
      return TryLater("STREAM_CLOSED", "the peer ended the stream with a code that is not its own");
    }
    if (CodeOf(mapped) != "UNREACHABLE" || !wrong_server_->load()) return mapped;
    return transport::Explained(mapped, endpoint_, absl::ZeroDuration(), true);
  }

  exchange::Node& node_;
  const std::string state_;
  Events events_;
  const std::string endpoint_;
  const std::shared_ptr<transport::WrongServerSeen> wrong_server_ =
      std::make_shared<transport::WrongServerSeen>(false);
  grpc::TemplatedGenericStub<PeerFrame, grpc::ByteBuffer> stub_;
  grpc::ClientContext context_;
  FrameQueue queue_;
  grpc::ByteBuffer incoming_;
  // Set before the queue opens; gone in OnDone.
  std::unique_ptr<exchange::Session> session_;

  absl::Mutex mu_;
  absl::Status own_reason_ ABSL_GUARDED_BY(mu_);
};

OutboundStream::OutboundStream(exchange::Node& node, const crypto::TlsIdentity& own,
                               const exchange::Node::Peer& peer, Events events)
    : reactor_(std::make_unique<Reactor>(node, own, peer, std::move(events))) {
  reactor_->Begin();
}
OutboundStream::~OutboundStream() = default;

void OutboundStream::Cancel() {
  reactor_->End(Error(absl::StatusCode::kCancelled, "CANCELLED", "the own node ended the stream"));
}

struct DocumentClient::Impl {
  std::unique_ptr<v1::DirectoryService::Stub> stub;
  absl::Mutex mu;
  bool cancelled ABSL_GUARDED_BY(mu) = false;
  grpc::ClientContext* context ABSL_GUARDED_BY(mu) = nullptr;
};

DocumentClient::DocumentClient(const std::string& endpoint, const crypto::TlsIdentity& own,
                               std::vector<std::string> pins)
    : impl_(std::make_unique<Impl>()) {
  impl_->stub = v1::DirectoryService::NewStub(
      NewChannel(endpoint, transport::MakePinnedClient(own, std::move(pins)),
                 limits::kMaxDocumentsAnswerBytes));
}
DocumentClient::DocumentClient(const std::string& endpoint) : impl_(std::make_unique<Impl>()) {
  impl_->stub = v1::DirectoryService::NewStub(
      NewChannel(endpoint, transport::MakeUnpinnedClient(), limits::kMaxDocumentsAnswerBytes));
}
DocumentClient::~DocumentClient() = default;

absl::StatusOr<v1::GetDocumentsResponse> DocumentClient::Get(
    const v1::GetDocumentsRequest& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDocumentsDeadline);
  {
    absl::MutexLock lock(&impl_->mu);
    if (impl_->cancelled) return TryLater("SHUTTING_DOWN", "the own node is stopping");
    impl_->context = &context;
  }
  v1::GetDocumentsResponse response;
  grpc::Status status = impl_->stub->GetDocuments(&context, request, &response);
  absl::MutexLock lock(&impl_->mu);
  impl_->context = nullptr;
  if (!status.ok()) return transport::FromGrpc(status);
  return response;
}

void DocumentClient::Cancel() {
  absl::MutexLock lock(&impl_->mu);
  impl_->cancelled = true;
  if (impl_->context != nullptr) impl_->context->TryCancel();
}

}  // namespace palermo::server
