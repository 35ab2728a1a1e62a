#include "tests/bench/echo.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "crypto/tls_identity.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::bench {
namespace {

class EchoReactor final : public grpc::ServerBidiReactor<v1::PeerFrame, v1::PeerFrame> {
 public:
  EchoReactor() { StartRead(&in_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    out_.mutable_answers()->set_up_to(in_.items().items(0).seq());
    StartWrite(&out_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    StartRead(&in_);
  }
  void OnDone() override { delete this; }

 private:
  v1::PeerFrame in_, out_;
};

class EchoService final : public v1::PeerService::CallbackService {
 public:
  grpc::ServerBidiReactor<v1::PeerFrame, v1::PeerFrame>* Exchange(
      grpc::CallbackServerContext*) override {
    return new EchoReactor();  // deletes itself in OnDone
  }
};

class EchoClient final : public grpc::ClientBidiReactor<v1::PeerFrame, v1::PeerFrame> {
 public:
  EchoClient(v1::PeerService::Stub* stub, v1::PeerFrame frame, size_t frames, size_t window)
      : frame_(std::move(frame)), left_(frames), window_(window), total_(frames) {
    stub->async()->Exchange(&context_, this);
    StartRead(&in_);
    {
      absl::MutexLock lock(&mu_);
      WriteNext();
    }
    StartCall();
  }
  void OnWriteDone(bool ok) override {
    PALERMO_CHECK(ok);
    absl::MutexLock lock(&mu_);
    writing_ = false;
    WriteNext();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    bool last;
    {
      absl::MutexLock lock(&mu_);
      --under_way_;
      last = ++answered_ == total_;
      if (!last) WriteNext();
    }
    if (last) return StartWritesDone();
    StartRead(&in_);
  }
  void OnDone(const grpc::Status&) override {
    absl::MutexLock lock(&mu_);
    done_ = true;
  }
  void Wait() {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(&done_));
  }

 private:
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (writing_ || left_ == 0 || under_way_ == window_) return;
    --left_;
    ++under_way_;
    writing_ = true;
    StartWrite(&frame_);
  }

  grpc::ClientContext context_;
  const v1::PeerFrame frame_;
  v1::PeerFrame in_;
  absl::Mutex mu_;
  size_t left_ ABSL_GUARDED_BY(mu_);
  const size_t window_;
  const size_t total_;
  size_t under_way_ ABSL_GUARDED_BY(mu_) = 0;
  size_t answered_ ABSL_GUARDED_BY(mu_) = 0;
  bool writing_ ABSL_GUARDED_BY(mu_) = false;
  bool done_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace

double EchoPerSecond(size_t frame_bytes, size_t frames, size_t window) {
  auto identity = crypto::MakeTlsIdentity("echo", 1700000000, 2000000000);
  PALERMO_CHECK(identity.ok());
  auto pin = crypto::TlsPinFromCertificatePem(identity->certificate_pem);
  PALERMO_CHECK(pin.ok());
  EchoService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", transport::MakeServerCredentials(*identity), &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  PALERMO_CHECK(server != nullptr);
  auto channel = grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                     transport::MakePinnedClient(*identity, {*pin}));
  auto stub = v1::PeerService::NewStub(channel);
  v1::PeerFrame frame;
  v1::PeerItem* item = frame.mutable_items()->add_items();
  item->set_seq(1);
  item->mutable_parcel()->mutable_envelope()->set_body(std::string(frame_bytes, 'x'));
  auto run = [&](size_t count) {
    EchoClient client(stub.get(), frame, count, window);
    client.Wait();
  };
  run(frames / 10 + 1);  // connects and warms up
  absl::Time start = absl::Now();
  run(frames);
  double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  server->Shutdown();
  return static_cast<double>(frames) / seconds;
}

}  // namespace palermo::bench
