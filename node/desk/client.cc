#include "node/desk/client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <thread>

#include "absl/strings/cord.h"
#include "absl/synchronization/notification.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"

namespace palermo::desk {
namespace {

constexpr int64_t kSlowCallMillis = 3000;
constexpr char kNodeUrl[] = "palermo/from-node";

std::shared_ptr<grpc::Channel> MakeChannel(const ClientOptions& options,
                                           std::shared_ptr<grpc::ChannelCredentials> credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(64 * 1024 * 1024);
  arguments.SetMaxSendMessageSize(static_cast<int>(limits::kMaxFrameBytes));
  return grpc::CreateCustomChannel(options.endpoint, credentials, arguments);
}

absl::Status FromCall(const grpc::Status& status, const ClientOptions& options, bool wrong_server) {
  absl::Status mapped = transport::Explained(transport::FromGrpc(status), options.endpoint,
                                             options.deadline, wrong_server);
  // That no node answered, or another one, this desk says and not the node.
  const std::string code = CodeOf(mapped);
  const bool ours = code == "WRONG_NODE_KEY" || code == "UNREACHABLE" || code == "TIMED_OUT" ||
                    code == "CANCELLED";
  if (!ours) mapped.SetPayload(kNodeUrl, absl::Cord("1"));
  return mapped;
}

// Says once that a call takes long, while the caller waits.
class SlowCall {
 public:
  explicit SlowCall(const std::function<void()>& slow) {
    if (slow == nullptr) return;
    watch_ = std::thread([this, slow] {
      if (!done_.WaitForNotificationWithTimeout(absl::Milliseconds(kSlowCallMillis))) {
        slow();
      }
    });
  }
  ~SlowCall() {
    done_.Notify();
    if (watch_.joinable()) watch_.join();
  }
  SlowCall(const SlowCall&) = delete;
  SlowCall& operator=(const SlowCall&) = delete;

 private:
  absl::Notification done_;
  std::thread watch_;
};

}  // namespace

struct NodeClient::State {
  State(const ClientOptions& client_options, std::shared_ptr<grpc::ChannelCredentials> credentials,
        std::shared_ptr<transport::WrongServerSeen> wrong)
      : options(client_options),
        wrong_server(std::move(wrong)),
        channel(MakeChannel(client_options, std::move(credentials))),
        directory(v1::DirectoryService::NewStub(channel)),
        desk(v1::DeskService::NewStub(channel)),
        audit(v1::AuditService::NewStub(channel)) {}

  // One unary call of a stub.
  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         absl::ToChronoMilliseconds(options.deadline));
    Response response;
    grpc::Status status;
    {
      SlowCall watched(options.slow);
      status = (stub.*method)(&context, request, &response);
    }
    if (!status.ok()) return FromCall(status, options, wrong_server->load());
    return response;
  }

  ClientOptions options;
  std::shared_ptr<transport::WrongServerSeen> wrong_server;
  std::shared_ptr<grpc::Channel> channel;  // gRPC's own form; the stubs share it
  std::unique_ptr<v1::DirectoryService::Stub> directory;
  std::unique_ptr<v1::DeskService::Stub> desk;
  std::unique_ptr<v1::AuditService::Stub> audit;
};

NodeClient::NodeClient(const ClientOptions& options, const crypto::TlsIdentity& own,
                       std::vector<std::string> pins) {
  auto wrong = std::make_shared<transport::WrongServerSeen>(false);
  auto credentials = transport::MakePinnedClient(own, std::move(pins), wrong);
  state_ = std::make_unique<State>(options, std::move(credentials), std::move(wrong));
}
NodeClient::NodeClient(const ClientOptions& options)
    : state_(std::make_unique<State>(options, transport::MakeUnpinnedClient(),
                                     std::make_shared<transport::WrongServerSeen>(false))) {}
NodeClient::~NodeClient() = default;
NodeClient::NodeClient(NodeClient&&) noexcept = default;
NodeClient& NodeClient::operator=(NodeClient&&) noexcept = default;

absl::StatusOr<v1::GetDocumentsResponse> NodeClient::GetDocuments(
    const v1::GetDocumentsRequest& request) {
  return state_->Call(*state_->directory, &v1::DirectoryService::Stub::GetDocuments, request);
}
absl::StatusOr<v1::GetTrustResponse> NodeClient::GetTrust(const v1::GetTrustRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::GetTrust, request);
}
absl::StatusOr<v1::ListPeersResponse> NodeClient::ListPeers() {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListPeers, v1::ListPeersRequest());
}
absl::StatusOr<v1::ListPeerFaultsResponse> NodeClient::ListPeerFaults(
    const v1::ListPeerFaultsRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListPeerFaults, request);
}
absl::StatusOr<v1::ConfirmRootsResponse> NodeClient::ConfirmRoots(
    const v1::ConfirmRootsRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ConfirmRoots, request);
}
absl::StatusOr<v1::SubmitResponse> NodeClient::SubmitDraft(const v1::SubmitDraftRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::SubmitDraft, request);
}
absl::StatusOr<v1::SubmitResponse> NodeClient::Approve(const v1::ApproveRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::Approve, request);
}
absl::StatusOr<v1::ConfirmResponse> NodeClient::Confirm(const v1::ConfirmRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::Confirm, request);
}
absl::StatusOr<v1::DropDraftResponse> NodeClient::DropDraft(const v1::DropDraftRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::DropDraft, request);
}
absl::StatusOr<v1::ListPendingResponse> NodeClient::ListPending(
    const v1::ListPendingRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListPending, request);
}
absl::StatusOr<v1::ListMessagesResponse> NodeClient::ListMessages(
    const v1::ListMessagesRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListMessages, request);
}
absl::StatusOr<v1::FetchMessageResponse> NodeClient::FetchMessage(const std::string& message_id,
                                                                  const std::string& purpose) {
  v1::FetchMessageRequest request;
  request.set_purpose(purpose);
  request.set_message_id(message_id);
  return state_->Call(*state_->desk, &v1::DeskService::Stub::FetchMessage, request);
}
absl::StatusOr<v1::ReportRetrievalResponse> NodeClient::ReportRetrieval(
    const v1::ReportRetrievalRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ReportRetrieval, request);
}
absl::StatusOr<v1::ExplainResponse> NodeClient::Explain(const std::string& message_id) {
  v1::ExplainRequest request;
  request.set_message_id(message_id);
  return state_->Call(*state_->desk, &v1::DeskService::Stub::Explain, request);
}
absl::StatusOr<v1::PutGrantsResponse> NodeClient::PutGrants(const v1::PutGrantsRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::PutGrants, request);
}
absl::StatusOr<v1::GetGrantsResponse> NodeClient::GetGrants(const std::string& authority) {
  v1::GetGrantsRequest request;
  request.set_authority(authority);
  return state_->Call(*state_->desk, &v1::DeskService::Stub::GetGrants, request);
}
absl::StatusOr<v1::PublishResponse> NodeClient::Publish(const v1::PublishRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::Publish, request);
}
absl::StatusOr<v1::GetKeyStatusResponse> NodeClient::GetKeyStatus(
    const v1::GetKeyStatusRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::GetKeyStatus, request);
}
absl::StatusOr<v1::ListSealedResponse> NodeClient::ListSealed(
    const v1::ListSealedRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListSealed, request);
}
absl::StatusOr<v1::PutRewrapsResponse> NodeClient::PutRewraps(
    const v1::PutRewrapsRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::PutRewraps, request);
}
absl::StatusOr<v1::DestroyKeyResponse> NodeClient::DestroyKey(
    const v1::DestroyKeyRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::DestroyKey, request);
}
absl::StatusOr<v1::EnterBreakGlassResponse> NodeClient::EnterBreakGlass(
    const v1::EnterBreakGlassRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::EnterBreakGlass, request);
}
absl::StatusOr<v1::EndBreakGlassResponse> NodeClient::EndBreakGlass(
    const v1::EndBreakGlassRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::EndBreakGlass, request);
}
absl::StatusOr<v1::EnterOpeningResponse> NodeClient::EnterOpening(
    const v1::EnterOpeningRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::EnterOpening, request);
}
absl::StatusOr<v1::ListBreakGlassResponse> NodeClient::ListBreakGlass(
    const v1::ListBreakGlassRequest& request) {
  return state_->Call(*state_->desk, &v1::DeskService::Stub::ListBreakGlass, request);
}
absl::StatusOr<v1::ListNoticesResponse> NodeClient::ListNotices(
    const v1::ListNoticesRequest& request) {
  return state_->Call(*state_->audit, &v1::AuditService::Stub::ListNotices, request);
}
absl::StatusOr<v1::AcknowledgeNoticeResponse> NodeClient::AcknowledgeNotice(
    const v1::AcknowledgeNoticeRequest& request) {
  return state_->Call(*state_->audit, &v1::AuditService::Stub::AcknowledgeNotice, request);
}
absl::StatusOr<v1::AuditListResponse> NodeClient::AuditList(const v1::AuditListRequest& request) {
  return state_->Call(*state_->audit, &v1::AuditService::Stub::List, request);
}
absl::StatusOr<v1::GetConsistencyResponse> NodeClient::GetConsistency(
    const v1::GetConsistencyRequest& request) {
  return state_->Call(*state_->audit, &v1::AuditService::Stub::GetConsistency, request);
}

bool IsFromNode(const absl::Status& status) { return status.GetPayload(kNodeUrl).has_value(); }

}  // namespace palermo::desk
