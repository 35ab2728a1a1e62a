// The node: every decision about messages, documents and receipts behind one facade. The server's
// handlers convert, make one call here and map the status; nothing of gRPC is known in this room.
//
// Threads: every method may be called from any thread. A Reply is called exactly once, from the
// committer's thread or from the calling one, after everything that it tells of is durable; it must
// not block. Roles are enforced here, by the caller's TLS pin and the directory in force.
#ifndef PALERMO_NODE_EXCHANGE_NODE_H_
#define PALERMO_NODE_EXCHANGE_NODE_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/checkpoint.h"
#include "crypto/signing.h"
#include "node/exchange/session.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/services.pb.h"
#include "storage/kv_store.h"

namespace palermo::exchange {

// SHA-256 of the SubjectPublicKeyInfo of the certificate that the client proved; empty when it
// showed none.
struct Caller {
  std::string tls_pin;
};

template <typename Response>
using Reply = std::function<void(absl::StatusOr<Response>)>;

struct NodeOptions {
  std::string state;
  storage::KvStore* store = nullptr;  // owned by the caller, outlives the node
  Clock* clock = nullptr;
  Random* random = nullptr;
  const crypto::Signer* checkpoint_key = nullptr;
  // Taken at the opening when it names `checkpoint_key` and the directory in force names another:
  // the node's key is replaced. Not looked at otherwise.
  std::optional<v1::SignedDocument> next_directory = {};
  v1::SignedDocument first_roster;  // the trust anchor
  Hash roster_fingerprint{};        // SHA-256 of its bytes, compared out of band
  // What the store's ledger must hold at least: a checkpoint that was kept outside the store.
  std::optional<crypto::Checkpoint> ledger_mark = {};
  bool require_ledger = false;  // an empty ledger is refused: STORE_MISSING
  // Called by Open before a new ledger begins.
  std::function<void()> on_first_start = {};
  uint64_t disk_reserve_bytes = 0;  // refuse new messages below
  size_t verify_threads = 2;
  // One durable write for each decision; only for the benchmark that shows what batching gives.
  bool sync_each = false;
  // Called from the committer's thread when a peer's answer about a message is durable here. Must
  // not block.
  std::function<void(const std::string& message_id, v1::Outcome::Code outcome)> on_answered;
  // Called from any thread when a stored value is damaged and the node goes on without it. Must not
  // block.
  std::function<void(const absl::Status& damage)> on_damage = {};
};

struct NodeStats {
  uint64_t submitted = 0;
  uint64_t delivered = 0;
  uint64_t relayed = 0;
  uint64_t retrieved = 0;
  uint64_t refused = 0;
  uint64_t expired = 0;
  uint64_t confirmations_missing = 0;
  uint64_t peer_faults = 0;
  uint64_t refusals_not_entered = 0;
  uint64_t commits = 0;
  uint64_t syncs = 0;
  uint64_t ledger_size = 0;
  uint64_t queued_decisions = 0;
  uint64_t outbox_items = 0;
  uint64_t pending_drafts = 0;
  int64_t directory_expires_at_ms = 0;
  uint64_t waiting_rosters = 0;
  // The soonest end by state ("" for the roster) and kind ("DIRECTORY" ...).
  std::map<std::pair<std::string, std::string>, int64_t> expires_at_ms = {};
  // By peer: when its directory service last answered and proved to be its node.
  std::map<std::string, int64_t> documents_pinned_at_ms = {};
};

class Committer;
struct NodeParts;

class Node {
 public:
  // Loads everything, checks it (the newest checkpoint against the tree, documents against the
  // anchor), and writes the first entry of a new ledger. Refuses on any doubt: WRONG_STORE,
  // TREE_DAMAGED, LEDGER_BEHIND, BAD_DOCUMENT ...
  static absl::StatusOr<std::unique_ptr<Node>> Open(NodeOptions options);
  // What Open refuses, and what publishing `charter` and then options.next_directory refuses, tried
  // without a write. Answers what the node would trust then.
  static absl::StatusOr<trust::TrustPtr> TryStart(NodeOptions options,
                                                  const std::optional<v1::SignedDocument>& charter);
  ~Node();

  // Starts the committer's and the timer's thread. Without it a simulation calls RunOnce and Tick.
  void Start();
  // Takes no new call, finishes what is queued, stops the threads. Idempotent.
  void Drain();
  // Commits what is queued, in the calling thread. REQUIRES: Start was not called.
  size_t RunOnce();
  // What the clock makes happen: expiry. Start's timer calls it each second.
  void Tick();

  // --- any TLS client
  absl::StatusOr<v1::GetDocumentsResponse> GetDocuments(const v1::GetDocumentsRequest& request);

  // --- officers' desks
  void GetTrust(const Caller& caller, const v1::GetTrustRequest& request,
                Reply<v1::GetTrustResponse> reply);
  void SubmitDraft(const Caller& caller, const v1::SubmitDraftRequest& request,
                   Reply<v1::SubmitResponse> reply);
  // The same without a copy of the message.
  void SubmitDraft(const Caller& caller, v1::SubmitDraftRequest&& request,
                   Reply<v1::SubmitResponse> reply);
  void Approve(const Caller& caller, const v1::ApproveRequest& request,
               Reply<v1::SubmitResponse> reply);
  void Confirm(const Caller& caller, const v1::ConfirmRequest& request,
               Reply<v1::ConfirmResponse> reply);
  void DropDraft(const Caller& caller, const v1::DropDraftRequest& request,
                 Reply<v1::DropDraftResponse> reply);
  void ListPending(const Caller& caller, const v1::ListPendingRequest& request,
                   Reply<v1::ListPendingResponse> reply);
  void ListMessages(const Caller& caller, const v1::ListMessagesRequest& request,
                    Reply<v1::ListMessagesResponse> reply);
  void FetchMessage(const Caller& caller, const v1::FetchMessageRequest& request,
                    Reply<v1::FetchMessageResponse> reply);
  void ReportRetrieval(const Caller& caller, const v1::ReportRetrievalRequest& request,
                       Reply<v1::ReportRetrievalResponse> reply);
  void Explain(const Caller& caller, const v1::ExplainRequest& request,
               Reply<v1::ExplainResponse> reply);
  void PutGrants(const Caller& caller, const v1::PutGrantsRequest& request,
                 Reply<v1::PutGrantsResponse> reply);
  void GetGrants(const Caller& caller, const v1::GetGrantsRequest& request,
                 Reply<v1::GetGrantsResponse> reply);
  void GetKeyStatus(const Caller& caller, const v1::GetKeyStatusRequest& request,
                    Reply<v1::GetKeyStatusResponse> reply);
  void ListSealed(const Caller& caller, const v1::ListSealedRequest& request,
                  Reply<v1::ListSealedResponse> reply);
  void PutRewraps(const Caller& caller, const v1::PutRewrapsRequest& request,
                  Reply<v1::PutRewrapsResponse> reply);
  void DestroyKey(const Caller& caller, const v1::DestroyKeyRequest& request,
                  Reply<v1::DestroyKeyResponse> reply);
  void EnterBreakGlass(const Caller& caller, const v1::EnterBreakGlassRequest& request,
                       Reply<v1::EnterBreakGlassResponse> reply);
  void EndBreakGlass(const Caller& caller, const v1::EndBreakGlassRequest& request,
                     Reply<v1::EndBreakGlassResponse> reply);
  // Any officer: the opener himself, with a second person's signature
  // (docs/formats/compartment.md).
  void EnterOpening(const Caller& caller, const v1::EnterOpeningRequest& request,
                    Reply<v1::EnterOpeningResponse> reply);
  void ListBreakGlass(const Caller& caller, const v1::ListBreakGlassRequest& request,
                      Reply<v1::ListBreakGlassResponse> reply);
  // Administrators. For the very first charter and directory of a new node the caller may have no
  // certificate in any directory: the documents' own signatures are what counts.
  void Publish(const Caller& caller, const v1::PublishRequest& request,
               Reply<v1::PublishResponse> reply);

  // Links, versions, what runs out, what waits for a confirmation: any officer.
  void ListPeers(const Caller& caller, const v1::ListPeersRequest& request,
                 Reply<v1::ListPeersResponse> reply);
  // Administrators and auditors.
  void ListPeerFaults(const Caller& caller, const v1::ListPeerFaultsRequest& request,
                      Reply<v1::ListPeerFaultsResponse> reply);
  // Administrators.
  void ConfirmRoots(const Caller& caller, const v1::ConfirmRootsRequest& request,
                    Reply<v1::ConfirmRootsResponse> reply);

  // --- auditors
  void AuditList(const Caller& caller, const v1::AuditListRequest& request,
                 Reply<v1::AuditListResponse> reply);
  void GetConsistency(const Caller& caller, const v1::GetConsistencyRequest& request,
                      Reply<v1::GetConsistencyResponse> reply);

  void ListNotices(const Caller& caller, const v1::ListNoticesRequest& request,
                   Reply<v1::ListNoticesResponse> reply);
  void AcknowledgeNotice(const Caller& caller, const v1::AcknowledgeNoticeRequest& request,
                         Reply<v1::AcknowledgeNoticeResponse> reply);

  // --- peers
  // A peer dialled us and proved `caller`. WRONG_PEER unless the pin is a node's in some directory.
  absl::StatusOr<std::unique_ptr<Session>> OpenInbound(const Caller& caller, FrameSink* sink);
  // We dialled `state` and its pin was verified. The session sends its hello at once.
  absl::StatusOr<std::unique_ptr<Session>> OpenOutbound(const std::string& state, FrameSink* sink);
  // The states of the roster but our own, where to find them, and the pins that their certificate
  // may have.
  struct Peer {
    std::string state;
    std::string endpoint;  // for the stream: from the directory; empty when there is none yet
    std::string directory_endpoint;  // from the roster
    std::vector<std::string> tls_pins;
    uint64_t directory_version = 0;  // newest known here; 0: none
  };
  std::vector<Peer> Peers();
  // What to ask the directory service of `state` for now: what comes after what is known here.
  v1::GetDocumentsRequest FetchRequest(const std::string& state);
  // What it answered to the newest FetchRequest: verified, recorded, used. True when something was
  // new: then ask again at once.
  void OfferDocuments(const std::string& state, const v1::GetDocumentsResponse& documents,
                      Reply<bool> reply);
  // Its directory service answered; `pinned`: it proved to be its node.
  void NoteFetched(const std::string& state, bool pinned);
  // Its documents did not end: a fault when its own node, with its TLS key, gave the last of them.
  void NoteEndless(const std::string& state, const absl::Status& fault);
  // Whether a parcel waits for a directory of `state` that is not known yet, or its node told of a
  // newer document than what is known here.
  bool WantsDocuments(const std::string& state);
  // What `explain` says of the link: "CONNECTED", or why not.
  void SetLink(const std::string& state, const std::string& text);

  // --- operation
  // Signs, writes with sync and reads back.
  void Probe(std::function<void(absl::Status)> reply);
  NodeStats Stats();
  trust::TrustPtr Trust();
  // The signed note of the newest checkpoint that is durable; empty before the first entry.
  std::string NewestCheckpoint();
  // What to keep outside the store for NodeOptions::ledger_mark: the newest checkpoint, or the one
  // that a peer showed and that ended signing.
  std::string LedgerMark();
  // Refused calls that never reached a method (no certificate, garbage): counted and entered.
  void RecordRefusedCall(const Caller& caller, const std::string& method,
                         const absl::Status& status);
  // WRONG_NODE_KEY at the address of `peer`.
  void RecordWrongKey(const std::string& peer, const absl::Status& status);

 private:
  bool IsDue(std::string_view prefix) const;
  void EnterMissingConfirmations();
  explicit Node(std::unique_ptr<NodeParts> parts);
  std::unique_ptr<NodeParts> parts_;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_NODE_H_
