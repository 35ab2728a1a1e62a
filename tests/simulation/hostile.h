// A state with real keys whose node lies: a ledger of its own that says what a test wants, real
// receipts from it, and streams to an honest node that carry whatever a test puts in.
#ifndef PALERMO_TESTS_SIMULATION_HOSTILE_H_
#define PALERMO_TESTS_SIMULATION_HOSTILE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/simulation.h"

namespace palermo::testing {

class HostilePeer {
 public:
  HostilePeer(Simulation& sim, std::string state, std::string victim);

  // Its documents as its directory service would give them whole, to be bent and offered. Enters
  // the newest directory when it is not entered yet.
  v1::GetDocumentsResponse Documents();
  // What the victim asked for next: the newest directory as one step.
  v1::GetDocumentsResponse Step();
  // Its own node answers, with its TLS key.
  absl::StatusOr<bool> Offer(const v1::GetDocumentsResponse& documents);
  // The victim knows its documents after this.
  void Meet();
  // The next directory, entered and taken by the victim.
  void Publish(const std::function<void(v1::Directory*)>& mutator);

  // An entry of its ledger. Receipts are made when something is sent.
  uint64_t Enter(const v1::Record& record);
  v1::Receipt ReceiptOf(uint64_t index) const;
  uint64_t ledger_size() const { return leaves_.size(); }
  // Signs checkpoints with this key from now on.
  void SignWith(const crypto::SigningKey& key) { checkpoint_key_ = &key; }

  // A parcel with a submission that its ledger has.
  v1::Parcel Submit(const v1::Envelope& envelope,
                    const std::vector<v1::OfficerSignature>& signatures);
  // The same, and the record is changed before it is entered.
  v1::Parcel Submit(const v1::Envelope& envelope,
                    const std::vector<v1::OfficerSignature>& signatures,
                    const std::function<void(v1::Record*)>& mutator);

  // A new stream with its TLS key, greeted.
  void Dial();
  // Sends one item and lets the victim decide; the victim's entry, or nothing when the stream
  // ended (see `closed`). Dials when there is no stream.
  std::optional<v1::Record> Send(v1::PeerItem item);
  std::optional<v1::Record> Send(const v1::Parcel& parcel);
  void SendFrame(const v1::PeerFrame& frame);
  // The victim dials and this peer answers, greeted; what the victim sends goes into `sink`.
  std::unique_ptr<exchange::Session> Listen(FrameQueue* sink);
  // The entry by which it takes a message of the victim, not entered yet.
  v1::Record Delivery(const std::string& message_id) const;
  // Its answer to an item that the victim sent it, with an entry of its ledger.
  v1::PeerAnswers Answer(uint64_t seq, const v1::Record& record);
  // Why the victim ended the stream.
  const absl::Status& closed() const { return sink_.closed; }

 private:
  std::vector<Hash> Consistency(uint64_t size1, uint64_t size2) const;
  StateWorld& own() { return sim_.world.state(state_); }

  Simulation& sim_;
  const std::string state_, victim_;
  const crypto::SigningKey* checkpoint_key_;
  std::vector<v1::Receipt> entries_;  // record and salt
  std::vector<Hash> leaves_;
  uint64_t directory_index_ = 0;
  uint64_t entered_version_ = 0;
  uint64_t shown_size_ = 0;  // newest checkpoint that the victim took
  uint64_t seq_ = 0;
  FrameQueue sink_;
  std::unique_ptr<exchange::Session> session_;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SIMULATION_HOSTILE_H_
