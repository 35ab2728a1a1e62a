#include "node/server/services.h"

#include "base/status.h"
#include "node/server/unary.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::server {
namespace {

using exchange::Node;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

// Enough to tell callers apart in a log; no name.
constexpr size_t kPinBytesShown = 4;

std::string ShortPin(const std::string& pin) {
  return pin.empty() ? "none" : HexEncode(std::string_view(pin).substr(0, kPinBytesShown));
}

}  // namespace

grpc::Status CallRecord::End(const absl::Status& status) const {
  absl::Duration took = SteadyNow() - began_;
  std::string code = CodeOf(status);
  edge_.metrics.CountCall(method_, code, took);
  std::string millis = std::to_string(absl::ToInt64Milliseconds(took));
  if (status.ok()) {
    edge_.log.Debug("call", {{"method", method_}, {"caller", ShortPin(pin_)}, {"ms", millis}});
  } else {
    edge_.log.Warning("call-refused", {{"method", method_},
                                       {"caller", ShortPin(pin_)},
                                       {"code", code},
                                       {"text", TextOf(status)},
                                       {"ms", millis}});
  }
  if (status.code() == absl::StatusCode::kDataLoss) {
    edge_.log.Error("stored-value-damaged", {{"code", code}, {"text", TextOf(status)}});
  }
  return transport::ToGrpc(status);
}

absl::Status RefuseNoCertificate(Edge& edge, const char* method) {
  absl::Status status = Error(absl::StatusCode::kUnauthenticated, "NO_CERTIFICATE",
                              "show the TLS certificate of a key in the directory");
  edge.node.RecordRefusedCall(exchange::Caller{}, method, status);
  return status;
}

namespace {

class DeskService final : public v1::DeskService::CallbackService {
 public:
  explicit DeskService(Edge& edge) : edge_(edge) {}

  Reactor* GetTrust(Context* c, const v1::GetTrustRequest* q, v1::GetTrustResponse* r) override {
    return Call("GetTrust", c, q, r, &Node::GetTrust);
  }
  Reactor* SubmitDraft(Context* c, const v1::SubmitDraftRequest* q,
                       v1::SubmitResponse* r) override {
    return Call("SubmitDraft", c, q, r, &Node::SubmitDraft);
  }
  Reactor* Approve(Context* c, const v1::ApproveRequest* q, v1::SubmitResponse* r) override {
    return Call("Approve", c, q, r, &Node::Approve);
  }
  Reactor* Confirm(Context* c, const v1::ConfirmRequest* q, v1::ConfirmResponse* r) override {
    return Call("Confirm", c, q, r, &Node::Confirm);
  }
  Reactor* DropDraft(Context* c, const v1::DropDraftRequest* q, v1::DropDraftResponse* r) override {
    return Call("DropDraft", c, q, r, &Node::DropDraft);
  }
  Reactor* ListPending(Context* c, const v1::ListPendingRequest* q,
                       v1::ListPendingResponse* r) override {
    return Call("ListPending", c, q, r, &Node::ListPending);
  }
  Reactor* ListMessages(Context* c, const v1::ListMessagesRequest* q,
                        v1::ListMessagesResponse* r) override {
    return Call("ListMessages", c, q, r, &Node::ListMessages);
  }
  Reactor* FetchMessage(Context* c, const v1::FetchMessageRequest* q,
                        v1::FetchMessageResponse* r) override {
    return Call("FetchMessage", c, q, r, &Node::FetchMessage);
  }
  Reactor* ReportRetrieval(Context* c, const v1::ReportRetrievalRequest* q,
                           v1::ReportRetrievalResponse* r) override {
    return Call("ReportRetrieval", c, q, r, &Node::ReportRetrieval);
  }
  Reactor* Explain(Context* c, const v1::ExplainRequest* q, v1::ExplainResponse* r) override {
    return Call("Explain", c, q, r, &Node::Explain);
  }
  Reactor* PutGrants(Context* c, const v1::PutGrantsRequest* q, v1::PutGrantsResponse* r) override {
    return Call("PutGrants", c, q, r, &Node::PutGrants);
  }
  Reactor* GetGrants(Context* c, const v1::GetGrantsRequest* q, v1::GetGrantsResponse* r) override {
    return Call("GetGrants", c, q, r, &Node::GetGrants);
  }
  Reactor* GetKeyStatus(Context* c, const v1::GetKeyStatusRequest* q,
                        v1::GetKeyStatusResponse* r) override {
    return Call("GetKeyStatus", c, q, r, &Node::GetKeyStatus);
  }
  Reactor* ListSealed(Context* c, const v1::ListSealedRequest* q,
                      v1::ListSealedResponse* r) override {
    return Call("ListSealed", c, q, r, &Node::ListSealed);
  }
  Reactor* PutRewraps(Context* c, const v1::PutRewrapsRequest* q,
                      v1::PutRewrapsResponse* r) override {
    return Call("PutRewraps", c, q, r, &Node::PutRewraps);
  }
  Reactor* DestroyKey(Context* c, const v1::DestroyKeyRequest* q,
                      v1::DestroyKeyResponse* r) override {
    return Call("DestroyKey", c, q, r, &Node::DestroyKey);
  }
  Reactor* EnterBreakGlass(Context* c, const v1::EnterBreakGlassRequest* q,
                           v1::EnterBreakGlassResponse* r) override {
    return Call("EnterBreakGlass", c, q, r, &Node::EnterBreakGlass);
  }
  Reactor* EndBreakGlass(Context* c, const v1::EndBreakGlassRequest* q,
                         v1::EndBreakGlassResponse* r) override {
    return Call("EndBreakGlass", c, q, r, &Node::EndBreakGlass);
  }
  Reactor* EnterOpening(Context* c, const v1::EnterOpeningRequest* q,
                        v1::EnterOpeningResponse* r) override {
    return Call("EnterOpening", c, q, r, &Node::EnterOpening);
  }
  Reactor* ListBreakGlass(Context* c, const v1::ListBreakGlassRequest* q,
                          v1::ListBreakGlassResponse* r) override {
    return Call("ListBreakGlass", c, q, r, &Node::ListBreakGlass);
  }
  // The documents' own signatures count, so the first ones may come from anybody.
  Reactor* Publish(Context* c, const v1::PublishRequest* q, v1::PublishResponse* r) override {
    return CallNode(edge_, "Publish", Certificate::kOptional, c, q, r, &Node::Publish);
  }
  Reactor* ListPeers(Context* c, const v1::ListPeersRequest* q, v1::ListPeersResponse* r) override {
    return Call("ListPeers", c, q, r, &Node::ListPeers);
  }
  Reactor* ListPeerFaults(Context* c, const v1::ListPeerFaultsRequest* q,
                          v1::ListPeerFaultsResponse* r) override {
    return Call("ListPeerFaults", c, q, r, &Node::ListPeerFaults);
  }
  Reactor* ConfirmRoots(Context* c, const v1::ConfirmRootsRequest* q,
                        v1::ConfirmRootsResponse* r) override {
    return Call("ConfirmRoots", c, q, r, &Node::ConfirmRoots);
  }

 private:
  template <typename Request, typename Response>
  Reactor* Call(const char* method, Context* context, const Request* request, Response* response,
                NodeMethod<Request, Response> node_method) {
    return CallNode(edge_, method, Certificate::kNeeded, context, request, response, node_method);
  }

  Edge& edge_;
};

class AuditService final : public v1::AuditService::CallbackService {
 public:
  explicit AuditService(Edge& edge) : edge_(edge) {}

  Reactor* List(Context* c, const v1::AuditListRequest* q, v1::AuditListResponse* r) override {
    return CallNode(edge_, "AuditList", Certificate::kNeeded, c, q, r, &Node::AuditList);
  }
  Reactor* GetConsistency(Context* c, const v1::GetConsistencyRequest* q,
                          v1::GetConsistencyResponse* r) override {
    return CallNode(edge_, "GetConsistency", Certificate::kNeeded, c, q, r, &Node::GetConsistency);
  }
  Reactor* ListNotices(Context* c, const v1::ListNoticesRequest* q,
                       v1::ListNoticesResponse* r) override {
    return CallNode(edge_, "ListNotices", Certificate::kNeeded, c, q, r, &Node::ListNotices);
  }
  Reactor* AcknowledgeNotice(Context* c, const v1::AcknowledgeNoticeRequest* q,
                             v1::AcknowledgeNoticeResponse* r) override {
    return CallNode(edge_, "AcknowledgeNotice", Certificate::kNeeded, c, q, r,
                    &Node::AcknowledgeNotice);
  }

 private:
  Edge& edge_;
};

class DirectoryService final : public v1::DirectoryService::CallbackService {
 public:
  explicit DirectoryService(Edge& edge) : edge_(edge) {}

  Reactor* GetDocuments(Context* context, const v1::GetDocumentsRequest* request,
                        v1::GetDocumentsResponse* response) override {
    Reactor* reactor = context->DefaultReactor();
    CallRecord record(edge_, "GetDocuments", transport::CallerPin(*context->auth_context()));
    absl::StatusOr<v1::GetDocumentsResponse> result = edge_.node.GetDocuments(*request);
    grpc::Status status = record.End(result.status());
    if (result.ok()) *response = *std::move(result);
    reactor->Finish(std::move(status));
    return reactor;
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDeskService(Edge& edge) {
  return std::make_unique<DeskService>(edge);
}
std::unique_ptr<grpc::Service> MakeAuditService(Edge& edge) {
  return std::make_unique<AuditService>(edge);
}
std::unique_ptr<grpc::Service> MakeDirectoryService(Edge& edge) {
  return std::make_unique<DirectoryService>(edge);
}

}  // namespace palermo::server
