// N nodes in one thread: the production code of node/exchange over MemoryStore, a clock that stands
// still and queues in place of gRPC. Links may be cut and nodes may lose power at any step.
#ifndef PALERMO_TESTS_SIMULATION_SIMULATION_H_
#define PALERMO_TESTS_SIMULATION_SIMULATION_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/exchange/node.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::testing {

// One direction of a stream.
class FrameQueue final : public exchange::FrameSink {
 public:
  void Send(v1::PeerFrame frame) override { frames.push_back(std::move(frame)); }
  void Close(const absl::Status& status) override { closed = status; }

  std::deque<v1::PeerFrame> frames;
  absl::Status closed;
};

// A node's checkpoint key that a test can pull out, like a token.
class PullableSigner final : public crypto::Signer {
 public:
  explicit PullableSigner(const crypto::Signer& key) : key_(key) {}
  const crypto::PublicKey& public_key() const override { return key_.public_key(); }
  bool away = false;

 private:
  absl::StatusOr<crypto::Signature> Produce(std::string_view bytes) const override {
    if (away) return absl::UnavailableError("the token is away");
    return key_.TrySignRaw(bytes);
  }
  const crypto::Signer& key_;
};

class Simulation {
 public:
  explicit Simulation(const WorldOptions& options = {});
  ~Simulation();

  World world;
  // What nodes told of damaged values.
  std::vector<absl::Status> damages;

  exchange::Node& node(const std::string& state) { return *nodes_.at(state).node; }
  storage::MemoryStore& store(const std::string& state) { return *nodes_.at(state).store; }
  PullableSigner& signer(const std::string& state) { return *nodes_.at(state).signer; }

  // --- one call of an officer, run to its end in the calling thread
  exchange::Caller CallerOf(const std::string& officer) { return {world.officer(officer).tls_pin}; }
  absl::StatusOr<v1::SubmitResponse> Submit(const v1::Envelope& envelope,
                                            const std::string& officer,
                                            uint32_t least_approvals = 0);
  absl::StatusOr<v1::SubmitResponse> Approve(const v1::Envelope& envelope,
                                             const std::string& officer);
  // Draft and all approvals that the policy asks for; returns the message id.
  std::string Send(const v1::Envelope& envelope);
  absl::StatusOr<v1::FetchMessageResponse> Fetch(const std::string& officer, const std::string& id,
                                                 const std::string& purpose = "");
  absl::StatusOr<v1::ReportRetrievalResponse> Report(const std::string& officer,
                                                     const std::string& id,
                                                     v1::RetrievalResult::Code result);
  absl::StatusOr<v1::ExplainResponse> Explain(const std::string& officer, const std::string& id);
  absl::StatusOr<uint64_t> Publish(const std::string& state, const v1::SignedDocument& directory);
  absl::StatusOr<v1::Receipt> PublishRoster(const std::string& state,
                                            const v1::SignedDocument& roster);
  absl::StatusOr<v1::Receipt> PublishCharter(const std::string& state,
                                             const v1::SignedDocument& charter);
  absl::StatusOr<v1::ListPeersResponse> ListPeers(const std::string& officer);
  absl::StatusOr<v1::ListPeerFaultsResponse> ListFaults(const std::string& officer);
  // The roots of the state `of`.
  absl::StatusOr<v1::ConfirmRootsResponse> ConfirmRoots(const std::string& officer,
                                                        const std::string& of,
                                                        const std::string& fingerprint);
  absl::StatusOr<v1::GetTrustResponse> GetTrust(const std::string& officer,
                                                const v1::GetTrustRequest& request);
  std::vector<v1::Record> Ledger(const std::string& state, const v1::AuditFilter& filter = {});

  // Every node learns every other's documents, as the dialler does it.
  void ExchangeDocuments();
  absl::Status FetchDocuments(const std::string& from, const std::string& to);
  // What `from` is said to have answered, taken by `to`.
  absl::StatusOr<bool> Offer(const std::string& from, const std::string& to,
                             const v1::GetDocumentsResponse& documents);
  // `from` dials `to`.
  absl::Status Connect(const std::string& from, const std::string& to);
  void ConnectAll();
  void Disconnect(const std::string& from, const std::string& to);
  // Why the stream ended; ok while it stands.
  absl::Status LinkStatus(const std::string& from, const std::string& to);
  // One frame or one batch somewhere, chosen by the world's randomness; false when all is quiet.
  bool Step();
  void Settle();
  // Power fails: streams end, what was not durable is gone, the node starts again.
  void Crash(const std::string& state);
  // The node stops and starts again with the world's keys, as they are now, and this directory to
  // take. Not ok: it does not start, and must not be used until a Reopen that is.
  absl::Status Reopen(const std::string& state,
                      std::optional<v1::SignedDocument> next_directory = {});
  // All that a node's store has; and the node starts again with that.
  storage::WriteBatch CopyOf(const std::string& state);
  void Restore(const std::string& state, const storage::WriteBatch& copy);

 private:
  struct SimNode {
    std::unique_ptr<storage::MemoryStore> store;
    std::unique_ptr<PullableSigner> signer;
    std::unique_ptr<exchange::Node> node;
  };
  struct Link {
    FrameQueue to_listener, to_dialer;
    std::unique_ptr<exchange::Session> dialer, listener;
    absl::Status ended;
  };

  absl::Status TryOpen(const std::string& state, std::optional<v1::SignedDocument> next_directory);
  void Open(const std::string& state);
  void Stop(const std::string& state);
  absl::StatusOr<v1::Receipt> PublishAny(const std::string& state,
                                         const v1::PublishRequest& request);
  bool DeliverOne(Link& link, bool to_listener);
  void Prune();
  // Drives the node until a reply is there.
  template <typename Response, typename Call>
  absl::StatusOr<Response> Await(const std::string& state, Call call);

  std::map<std::string, SimNode> nodes_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<Link>> links_;
  std::map<std::pair<std::string, std::string>, absl::Status> ended_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SIMULATION_SIMULATION_H_
