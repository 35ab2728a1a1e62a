// The desk's line to its own node: one call for each method, with a deadline, over TLS pinned to
// the node's key in the directory. Errors carry the node's code; IsFromNode tells them from our
// own.
#ifndef PALERMO_NODE_DESK_CLIENT_H_
#define PALERMO_NODE_DESK_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/tls_identity.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {

struct ClientOptions {
  std::string endpoint;  // host:port
  absl::Duration deadline = absl::Seconds(20);
  // Called once in a call that has no answer after three seconds; may be null.
  std::function<void()> slow = nullptr;
};

class NodeClient {
 public:
  // Shows `own` and takes only a server with one of `pins`. Connects with the first call.
  NodeClient(const ClientOptions& options, const crypto::TlsIdentity& own,
             std::vector<std::string> pins);
  // Shows nothing and takes any server: for signed documents only.
  explicit NodeClient(const ClientOptions& options);
  ~NodeClient();
  NodeClient(NodeClient&&) noexcept;
  NodeClient& operator=(NodeClient&&) noexcept;

  absl::StatusOr<v1::GetDocumentsResponse> GetDocuments(const v1::GetDocumentsRequest& request);
  absl::StatusOr<v1::GetTrustResponse> GetTrust(const v1::GetTrustRequest& request);
  absl::StatusOr<v1::ListPeersResponse> ListPeers();
  absl::StatusOr<v1::ListPeerFaultsResponse> ListPeerFaults(
      const v1::ListPeerFaultsRequest& request);
  absl::StatusOr<v1::ConfirmRootsResponse> ConfirmRoots(const v1::ConfirmRootsRequest& request);
  absl::StatusOr<v1::SubmitResponse> SubmitDraft(const v1::SubmitDraftRequest& request);
  absl::StatusOr<v1::SubmitResponse> Approve(const v1::ApproveRequest& request);
  absl::StatusOr<v1::ConfirmResponse> Confirm(const v1::ConfirmRequest& request);
  absl::StatusOr<v1::DropDraftResponse> DropDraft(const v1::DropDraftRequest& request);
  absl::StatusOr<v1::ListPendingResponse> ListPending(const v1::ListPendingRequest& request);
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(const v1::ListMessagesRequest& request);
  absl::StatusOr<v1::FetchMessageResponse> FetchMessage(const std::string& message_id,
                                                        const std::string& purpose = "");
  absl::StatusOr<v1::ReportRetrievalResponse> ReportRetrieval(
      const v1::ReportRetrievalRequest& request);
  absl::StatusOr<v1::ExplainResponse> Explain(const std::string& message_id);
  absl::StatusOr<v1::PutGrantsResponse> PutGrants(const v1::PutGrantsRequest& request);
  absl::StatusOr<v1::GetGrantsResponse> GetGrants(const std::string& authority);
  absl::StatusOr<v1::PublishResponse> Publish(const v1::PublishRequest& request);
  absl::StatusOr<v1::GetKeyStatusResponse> GetKeyStatus(const v1::GetKeyStatusRequest& request);
  absl::StatusOr<v1::ListSealedResponse> ListSealed(const v1::ListSealedRequest& request);
  absl::StatusOr<v1::PutRewrapsResponse> PutRewraps(const v1::PutRewrapsRequest& request);
  absl::StatusOr<v1::DestroyKeyResponse> DestroyKey(const v1::DestroyKeyRequest& request);
  absl::StatusOr<v1::EnterBreakGlassResponse> EnterBreakGlass(
      const v1::EnterBreakGlassRequest& request);
  absl::StatusOr<v1::EndBreakGlassResponse> EndBreakGlass(const v1::EndBreakGlassRequest& request);
  absl::StatusOr<v1::EnterOpeningResponse> EnterOpening(const v1::EnterOpeningRequest& request);
  absl::StatusOr<v1::ListBreakGlassResponse> ListBreakGlass(
      const v1::ListBreakGlassRequest& request);
  absl::StatusOr<v1::ListNoticesResponse> ListNotices(const v1::ListNoticesRequest& request);
  absl::StatusOr<v1::AcknowledgeNoticeResponse> AcknowledgeNotice(
      const v1::AcknowledgeNoticeRequest& request);
  absl::StatusOr<v1::AuditListResponse> AuditList(const v1::AuditListRequest& request);
  absl::StatusOr<v1::GetConsistencyResponse> GetConsistency(
      const v1::GetConsistencyRequest& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether the node, or the way to it, gave this error.
bool IsFromNode(const absl::Status& status);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CLIENT_H_
