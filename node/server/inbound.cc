#include "node/server/inbound.h"

#include <grpcpp/grpcpp.h>

#include <set>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/status.h"
#include "node/exchange/session.h"
#include "node/server/frame_queue.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::server {
namespace {

using v1::PeerFrame;

// One stream. gRPC keeps it until OnDone, which comes after Finish and after every reaction; it
// deletes itself there. FrameQueue sees to it that Finish comes once and after the last write.
// Frames are parsed here and not by gRPC, which would tell bytes that do not parse as the stream's
// end.
class InboundStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            public exchange::FrameSink {
 public:
  using Gone = std::function<void(InboundStream*)>;
  // `context` outlives the stream.
  InboundStream(Edge& edge, grpc::CallbackServerContext& context, Gone gone)
      : edge_(edge),
        context_(context),
        caller_{transport::CallerPin(*context.auth_context())},
        gone_(std::move(gone)) {}

  // Of the caller's TLS key; "" when it showed none.
  const std::string& pin() const { return caller_.tls_pin; }

  void Begin() {
    auto session = edge_.node.OpenInbound(caller_, this);
    if (!session.ok()) {
      edge_.log.Warning("peer-refused",
                        {{"code", CodeOf(session.status())}, {"text", TextOf(session.status())}});
      return End(session.status());
    }
    session_ = *std::move(session);
    // The dialling node takes the metadata for the sign that it was let in.
    StartSendInitialMetadata();
    StartRead(&incoming_);
    Act(queue_.Open());
  }

  // exchange::FrameSink
  void Send(PeerFrame frame) override { Act(queue_.Push(std::move(frame))); }
  void Close(const absl::Status& status) override { End(status); }

  void End(const absl::Status& status) { End(status, false); }
  // A peer that does not read would keep it for ever.
  void Replace(const absl::Status& status) { End(status, true); }

  // grpc::ServerBidiReactor
  void OnReadDone(bool ok) override {
    if (!ok) return End(absl::OkStatus());
    if (queue_.closed()) return;
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
  void OnDone() override {
    session_.reset();
    gone_(this);
    delete this;
  }

 private:
  void End(const absl::Status& status, bool hang_up) {
    bool first;
    {
      absl::MutexLock lock(&mu_);
      first = !ending_;
      if (first) end_status_ = status;
      ending_ = true;
    }
    if (first && !status.ok()) {
      edge_.log.Warning("peer-stream-ended", {{"code", CodeOf(status)}, {"text", TextOf(status)}});
    }
    Act(queue_.Close(hang_up));
  }
  // After a write or Finish was started nothing here may be touched: OnDone may be running.
  // A cancellation comes from Send, whose session outlives the call, or from Replace, whose caller
  // keeps this stream: either way it is still here.
  void Act(FrameQueue::Next next) {
    if (next.cancel) context_.TryCancel();
    if (next.write != nullptr) {
      bool own;
      outgoing_.Clear();  // gRPC takes an empty one only
      grpc::SerializationTraits<PeerFrame>::Serialize(*next.write, &outgoing_, &own);
      return StartWrite(&outgoing_);
    }
    if (next.end) Finish(EndStatus());
  }
  grpc::Status EndStatus() {
    absl::MutexLock lock(&mu_);
    return transport::ToGrpc(end_status_);
  }

  Edge& edge_;
  grpc::CallbackServerContext& context_;
  const exchange::Caller caller_;
  const Gone gone_;
  FrameQueue queue_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;  // of the one write under way
  // Set before the queue opens; gone in OnDone.
  std::unique_ptr<exchange::Session> session_;

  absl::Mutex mu_;
  bool ending_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status end_status_ ABSL_GUARDED_BY(mu_);
};

}  // namespace

class PeerStreams::Service final
    : public v1::PeerService::WithRawCallbackMethod_Exchange<v1::PeerService::Service> {
 public:
  explicit Service(Edge& edge) : edge_(edge) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Exchange(
      grpc::CallbackServerContext* context) override {
    auto* stream =
        new InboundStream(edge_, *context, [this](InboundStream* gone) { Remove(gone); });
    absl::Status closed = Add(stream);
    if (!closed.ok()) {
      stream->End(closed);
    } else {
      stream->Begin();
    }
    return stream;
  }

  void CloseAll(const absl::Status& status) {
    absl::MutexLock lock(&mu_);
    closed_ = status;
    // None of them can go while the lock is held: Remove waits for it.
    for (InboundStream* stream : streams_) stream->End(status);
  }
  int64_t open() const {
    absl::MutexLock lock(&mu_);
    return static_cast<int64_t>(streams_.size());
  }

 private:
  // One stream for each TLS key: a newer one ends the older, which may hang, or hold memory.
  absl::Status Add(InboundStream* stream) {
    absl::MutexLock lock(&mu_);
    for (InboundStream* older : streams_) {
      if (stream->pin().empty() || older->pin() != stream->pin()) continue;
      older->Replace(TryLater("REPLACED", "the same node opened a newer stream"));
    }
    streams_.insert(stream);
    return closed_;
  }
  void Remove(InboundStream* stream) {
    absl::MutexLock lock(&mu_);
    streams_.erase(stream);
  }

  Edge& edge_;
  mutable absl::Mutex mu_;
  std::set<InboundStream*> streams_ ABSL_GUARDED_BY(mu_);
  absl::Status closed_ ABSL_GUARDED_BY(mu_);
};

PeerStreams::PeerStreams(Edge& edge) : service_(std::make_unique<Service>(edge)) {}
PeerStreams::~PeerStreams() = default;
grpc::Service* PeerStreams::service() { return service_.get(); }
void PeerStreams::CloseAll(const absl::Status& status) { service_->CloseAll(status); }
int64_t PeerStreams::open() const { return service_->open(); }

}  // namespace palermo::server
