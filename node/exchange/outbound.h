// The dialling end of a peer's stream: sends the outbox within a window, takes the peer's receipts.
#ifndef PALERMO_NODE_EXCHANGE_OUTBOUND_H_
#define PALERMO_NODE_EXCHANGE_OUTBOUND_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "node/exchange/parts.h"
#include "node/exchange/session.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {

class OutboundSession final : public Session {
 public:
  OutboundSession(NodeParts* parts, std::string peer, FrameSink* sink);
  ~OutboundSession() override;

  void OnUnreadable() override;
  void OnFrame(v1::PeerFrame frame) override ABSL_LOCKS_EXCLUDED(mu_);
  // There may be something new in the outbox. Cheap; from any thread.
  void Wake() ABSL_LOCKS_EXCLUDED(wake_mu_);
  // Sends what the window allows; true when something was sent. The own thread calls it, or a
  // simulation.
  bool PumpOnce() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  // Outlives the session while decisions of it are under way.
  class Ender;
  struct InFlight {
    std::string outbox_key;
    std::string message_id;
    v1::OutboxItem::Kind kind = v1::OutboxItem::PARCEL;  // as it was sent
    size_t bytes = 0;
  };

  absl::Status OnHello(const v1::PeerHello& hello) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status OnAnswers(v1::PeerAnswers* answers) ABSL_LOCKS_EXCLUDED(mu_);
  // `ledger`: what is known of the peer's ledger by now; written with the last answer of a frame.
  absl::Status TakeAnswer(v1::PeerAnswer* answer, const std::string& note,
                          const crypto::Checkpoint& checkpoint, std::optional<std::string> ledger)
      ABSL_LOCKS_EXCLUDED(mu_);
  // `own`: our newest checkpoint; `consistency` leads to that very one.
  void SendHello(const std::string& own, const std::vector<Hash>& consistency)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Reads on in the outbox, so that `ahead_` has what fits in one frame: emergency items, then
  // others.
  absl::Status ReadAhead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status ReadSkipped() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status ReadLane(int lane, size_t most, bool in_front) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Moves what the window allows from `ahead_` to the frame. What is damaged in the store stays in
  // the outbox and is told; what is behind it goes on.
  absl::Status FillFrame(v1::PeerFrame* frame) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status BuildItem(const v1::OutboxItem& outbox_item, v1::PeerItem* item)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Size of the checkpoint in `note`, which is mostly the one before.
  absl::StatusOr<uint64_t> SizeOf(const std::string& note) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void Loop();
  void Fail(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);

  NodeParts* parts_;
  const std::string peer_;
  const std::shared_ptr<Ender> ender_;
  std::thread thread_;

  absl::Mutex mu_;
  FrameSink* sink_ ABSL_GUARDED_BY(mu_);
  bool greeted_ ABSL_GUARDED_BY(mu_) = false;
  PeerLedger ledger_ ABSL_GUARDED_BY(mu_);        // what we know of theirs
  uint64_t their_size_ ABSL_GUARDED_BY(mu_) = 0;  // what they know of ours
  PeerLedger own_shown_ ABSL_GUARDED_BY(mu_);     // of ours: the checkpoint of the last item
  uint64_t next_seq_ ABSL_GUARDED_BY(mu_) = 1;
  std::string cursor_[2] ABSL_GUARDED_BY(mu_);  // last key that was read, for each lane
  // Items that were read ahead, in order; the emergency lane is looked at anew before each frame.
  std::deque<std::pair<std::string, v1::OutboxItem>> ahead_ ABSL_GUARDED_BY(mu_);
  std::set<std::string> skipped_ ABSL_GUARDED_BY(mu_);  // places of parcels that are damaged
  std::map<uint64_t, InFlight> in_flight_ ABSL_GUARDED_BY(mu_);
  size_t in_flight_bytes_ ABSL_GUARDED_BY(mu_) = 0;

  // Taken last: after mu_ and after the node's own lock, whose holder wakes every session.
  absl::Mutex wake_mu_;
  bool stopping_ ABSL_GUARDED_BY(wake_mu_) = false;
  bool woken_ ABSL_GUARDED_BY(wake_mu_) = false;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_OUTBOUND_H_
